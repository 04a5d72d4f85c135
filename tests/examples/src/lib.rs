//! The C programs as child processes, a strict server for them, and a folder to run in. `make examples` builds the programs.
#![forbid(unsafe_code)]

use rustix::process::{kill_process, Pid, Signal};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use strict_server::{Options, RunningServer, Server};
use tempfile::TempDir;

/// How long a program may take; a failing test waits that long at most.
const DEADLINE: Duration = Duration::from_secs(60);

/// A server, and a folder that has its CA certificate in `ca.pem`.
pub struct Scene {
    pub server: RunningServer,
    folder: TempDir,
}

impl Default for Scene {
    fn default() -> Self {
        Scene::new(Options::default())
    }
}

impl Scene {
    pub fn new(options: Options) -> Self {
        let server = Server::start(options).expect("the server starts");
        let folder = TempDir::new().expect("a temporary folder");
        let scene = Scene { server, folder };
        scene.write("ca.pem", scene.server.ca_pem().as_bytes());
        scene
    }

    /// Runs a program with the right password and certificate, and these arguments besides.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        finish(self.command(program, arguments).spawn().expect("the program starts"))
    }

    /// The same, with something on standard input.
    pub fn run_with_input(&self, program: &str, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut child =
            self.command(program, arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        pipe.write_all(input).expect("the program reads");
        drop(pipe);
        finish(child)
    }

    /// A program that is about to run, with the right password and certificate.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(program, &["--ca-file", "ca.pem", "--user", "user"]);
        command.args(self.host_arguments()).args(arguments);
        command
    }

    /// A program that knows nothing of this server but the password.
    pub fn bare_command(&self, program: &str, arguments: &[&str]) -> Command {
        // A shell that runs the tests in the background has SIGINT ignored, and programs inherit that.
        let mut command = Command::new("env");
        command
            .arg("--default-signal=INT,TERM,HUP")
            .arg(path_of(program))
            .args(arguments)
            .env("FTPS_PASSWORD", "password")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn host_arguments(&self) -> [String; 2] {
        ["--host=127.0.0.1".into(), format!("--port={}", self.server.addr().port())]
    }

    /// A URL of this server.
    pub fn url(&self, path: &str) -> String {
        format!("ftpes://user@127.0.0.1:{}{path}", self.server.addr().port())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, contents: &[u8]) {
        fs::write(self.path(name), contents).expect("a local file can be written");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a local file can be read")
    }

    /// What is in the local folder besides the certificate, sorted.
    pub fn local_names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder can be read");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"))
            .filter(|name| name != "ca.pem")
            .collect();
        names.sort();
        names
    }

    /// Whether the server was ever sent a command with this verb.
    pub fn was_sent(&self, verb: &str) -> bool {
        self.server.counters().commands.contains_key(verb)
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Outcome {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Outcome {
    /// Asserts the exit code, and shows what the program said where it is another.
    #[track_caller]
    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "standard error was:\n{}", self.stderr);
        self
    }

    /// Asserts that standard error has all of these words.
    #[track_caller]
    pub fn said(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "\"{word}\" is missing in:\n{}", self.stderr);
        }
        self
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output in UTF-8")
    }
}

/// Waits for the end of a program.
///
/// # Panics
/// The program has not ended within the deadline.
pub fn finish(child: Child) -> Outcome {
    let process = Pid::from_child(&child);
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(DEADLINE) else {
        let _ = kill_process(process, Signal::KILL);
        panic!("the program did not end within {DEADLINE:?}");
    };
    let output = output.expect("the program's output can be read");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Outcome { status: output.status, stdout: output.stdout, stderr }
}

pub fn send_signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("the program can be signalled");
}

/// Waits until `condition` holds.
///
/// # Panics
/// It does not within the deadline.
#[track_caller]
pub fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited {DEADLINE:?} in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The root of the project.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn path_of(program: &str) -> PathBuf {
    let path = root().join("target/examples/c").join(program);
    assert!(path.exists(), "{} is missing: run `make examples`", path.display());
    path
}

/// A server that starts with these files.
pub fn with_files(files: &[(&str, &[u8])]) -> Options {
    let files = files.iter().map(|(path, contents)| ((*path).to_owned(), contents.to_vec())).collect();
    Options { storage: strict_server::Storage::Memory(files), ..Options::default() }
}

/// Bytes of which no two neighbouring pieces are alike.
pub fn payload(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8 ^ (index >> 8) as u8).collect()
}
