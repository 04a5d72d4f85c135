//! Runs a case of a program.

use crate::build::{executable, Tool};
use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use strict_server::{RunningServer, TlsVersions};

/// No program may run longer than this, however slow valgrind makes it.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program in `programs/`, and one of its cases.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The source file's name without `.c`.
    pub name: &'static str,
    /// The argument.
    pub case: &'static str,
}

/// How the program is to talk to the server.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The TLS version; both means 1.3.
    pub tls: TlsVersions,
    /// Implicit TLS.
    pub implicit: bool,
    /// The kind of a proxy, as the header numbers it, and its port; 0 and 0 for none.
    pub proxy: (u8, u16),
}

impl Default for Setting {
    fn default() -> Self {
        Setting { tls: TlsVersions::Tls13, implicit: false, proxy: (0, 0) }
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Verdict {
    /// Its exit code or signal.
    pub status: ExitStatus,
    /// What it printed.
    pub output: String,
    /// What it, or what watches it, complained about.
    pub complaints: String,
}

impl Program {
    /// Runs the case, watched by `tool`, against `server`.
    pub fn run(self, tool: Tool, server: Option<&RunningServer>, setting: Setting) -> Verdict {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = watched(self, tool);
        command.arg(self.case).env("FTPS_TEST_FOLDER", folder.path());
        command.env("FTPS_TEST_TLS", if setting.tls == TlsVersions::Tls12 { "12" } else { "13" });
        command.env("FTPS_TEST_SECURITY", if setting.implicit { "1" } else { "0" });
        // Seconds that a cancelled call may take.
        command.env("FTPS_TEST_PATIENCE", if tool == Tool::None { "1" } else { "10" });
        let authority = folder.path().join("authority.pem");
        std::fs::write(&authority, server.map(|server| server.ca_pem()).unwrap_or_default()).expect("a file");
        command.env("FTPS_TEST_CA", authority);
        command.env("FTPS_TEST_PROXY_KIND", setting.proxy.0.to_string());
        command.env("FTPS_TEST_PROXY", setting.proxy.1.to_string());
        let port = server.map_or(1, |server| server.addr().port());
        command.env("FTPS_TEST_PORT", port.to_string());
        finish(command, folder.path())
    }

    /// Runs the case and fails the test unless it holds.
    pub fn holds(self, tool: Tool, server: Option<&RunningServer>, setting: Setting) -> Verdict {
        let verdict = self.run(tool, server, setting);
        assert!(
            verdict.status.success(),
            "{} {} ({tool:?}, {setting:?}): {}\n{}",
            self.name,
            self.case,
            verdict.status,
            verdict.complaints
        );
        verdict
    }
}

fn watched(program: Program, tool: Tool) -> Command {
    let executable = executable(program.name, tool);
    match tool {
        Tool::None => Command::new(executable),
        Tool::Valgrind => {
            let mut command = Command::new("valgrind");
            command.args(["--quiet", "--error-exitcode=99", "--leak-check=full"]);
            command.arg("--errors-for-leak-kinds=definite,indirect,possible");
            command.arg("--show-leak-kinds=definite,indirect,possible").arg(executable);
            command
        }
        Tool::Sanitizers => {
            let mut command = Command::new(executable);
            command.env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=98");
            command.env("UBSAN_OPTIONS", "print_stacktrace=1");
            command
        }
    }
}

/// Waits for the end of a command, but not for ever.
fn finish(mut command: Command, folder: &Path) -> Verdict {
    let (output, complaints) = (folder.join("output"), folder.join("complaints"));
    command.stdin(Stdio::null());
    command.stdout(File::create(&output).expect("a file"));
    command.stderr(File::create(&complaints).expect("a file"));
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let mut child =
        command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}; see tests/tools.sh"));
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return Verdict { status, output: read(&output), complaints: read(&complaints) };
        }
        if began.elapsed() > PATIENCE {
            child.kill().and_then(|()| child.wait()).expect("the program can be killed");
            panic!("{command:?} did not end within {PATIENCE:?}:\n{}", read(&complaints));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
