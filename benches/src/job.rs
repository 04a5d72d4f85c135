//! One login and the transfers in it, as a libftps process and as a curl process.

use crate::{worker, Outcome};
use real_servers::RealServer;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which way the files go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Upload,
    Download,
}

impl Direction {
    pub const BOTH: [Direction; 2] = [Direction::Upload, Direction::Download];

    pub fn name(self) -> &'static str {
        match self {
            Direction::Upload => "upload",
            Direction::Download => "download",
        }
    }
}

/// Who does the work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// The Rust core.
    Libftps,
    Curl,
    /// The Java client.
    LibftpsOnJvm,
    /// The Python client's `upload` and `download`.
    LibftpsInPython,
    /// The same through its file objects.
    PythonFiles,
    /// Commons Net with the reflection hack, which knows TLS 1.2 alone.
    CommonsNet,
}

/// `count` transfers of equal files in one login.
pub struct Job<'a> {
    pub server: &'a RealServer,
    pub direction: Direction,
    pub count: usize,
    /// What is sent. Downloads go to `/dev/null`.
    pub source: &'a Path,
}

impl Job<'_> {
    /// A process that does it, and prints a line for each transfer: its seconds, and 0 or what went wrong.
    pub fn command(&self, client: Client, folder: &Path) -> Outcome<Command> {
        match client {
            Client::Libftps => Ok(self.worker(core()?)),
            Client::Curl => self.curl(folder),
            Client::LibftpsOnJvm => Ok(self.worker(jvm("NativeWorker", &[]))),
            Client::LibftpsInPython => Ok(self.worker(python("whole"))),
            Client::PythonFiles => Ok(self.worker(python("files"))),
            Client::CommonsNet => Ok(self.worker(jvm("ReflectionWorker", HACK))),
        }
    }

    /// What the file of a transfer is called at the server.
    pub fn remote_name(index: usize) -> String {
        format!("file-{index}")
    }

    /// `program` with the job as arguments: `worker.rs`, `bindings/java/benches` and `worker.py` read them.
    fn worker(&self, mut program: Command) -> Command {
        let user = self.server.user();
        let address = self.server.address();
        program
            .arg(self.direction.name())
            .args([address.ip().to_string(), address.port().to_string()])
            .arg(self.server.ca_path())
            .args([&user.name, &user.password])
            .arg(self.source)
            .arg(self.count.to_string());
        program
    }

    /// One process: curl keeps a control connection for all transfers to the same server. Without transfers
    /// it is asked for the head of the root directory, which is a login and QUIT.
    fn curl(&self, folder: &Path) -> Outcome<Command> {
        let config: PathBuf = folder.join("curl.conf");
        fs::write(&config, self.curl_configuration())?;
        let mut command = Command::new("curl");
        // Before anything else: without the user's own configuration.
        command.arg("-q").arg("-K").arg(config).stderr(Stdio::null());
        Ok(command)
    }

    fn curl_configuration(&self) -> String {
        let user = self.server.user();
        let address = self.server.address();
        let mut text = format!(
            "silent\nssl-reqd\ncacert = \"{}\"\nuser = \"{}:{}\"\n",
            self.server.ca_path().display(),
            user.name,
            user.password
        );
        if self.count == 0 {
            let _ = writeln!(text, "head\nurl = \"ftp://{address}/\"\noutput = \"/dev/null\"");
            return text;
        }
        text.push_str("write-out = \"%{time_total} %{exitcode}\\n\"\n");
        for index in 0..self.count {
            let _ = writeln!(text, "url = \"ftp://{address}/{}\"", Self::remote_name(index));
            let _ = match self.direction {
                Direction::Upload => writeln!(text, "upload-file = \"{}\"", self.source.display()),
                Direction::Download => writeln!(text, "output = \"/dev/null\""),
            };
        }
        text
    }
}

/// This program, started again.
fn core() -> Outcome<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(worker::WORD);
    Ok(command)
}

/// What the reflection hack wants of the JVM; the last, because vsftpd issues tickets, which JSSE does not put into its cache.
const HACK: &[&str] = &[
    "--add-opens=java.base/sun.security.ssl=ALL-UNNAMED",
    "--add-opens=java.base/sun.security.util=ALL-UNNAMED",
    "-Djdk.tls.useExtendedMasterSecret=false",
    "-Djdk.tls.client.enableSessionTicketExtension=false",
];

/// A class of `bindings/java/benches`, which `make bench` builds first.
fn jvm(class: &str, flags: &[&str]) -> Command {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/java/benches/target");
    let mut command = Command::new("java");
    command
        .args(flags)
        .arg("-cp")
        .arg(format!("{}:{}", built.join("classes").display(), built.join("lib/*").display()))
        .arg(format!("org.libftps.benches.{class}"));
    command
}

/// `benches/worker.py` with the package of the sources and the library of `make library`.
fn python(way: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new("python3");
    command
        .env("PYTHONPATH", root.join("bindings/python/src"))
        .env("LIBFTPS_LIBRARY", root.join("target/release/libftps.so"))
        .arg(root.join("benches/worker.py"))
        .arg(way);
    command
}
