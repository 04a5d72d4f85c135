//! A process that cannot outlive the test that started it.

use crate::error::StartError;
use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// Becomes the program, and leaves behind a watchdog that reads from the pipe whose other end the test process
/// holds. However that process ends, the pipe closes and the watchdog kills the whole process group.
const SCRIPT: &str = r#"exec 3<&0
{ read -r _ <&3; kill -KILL -$$; } >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null"#;

/// What to start.
#[derive(Debug, Default)]
pub(crate) struct Launch {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub environment: Vec<(String, OsString)>,
    /// Words that go before the program: `ip netns exec`, `setpriv`.
    pub prefix: Vec<OsString>,
}

impl Launch {
    pub fn new(program: PathBuf) -> Launch {
        Launch { program, ..Launch::default() }
    }

    pub fn argument(mut self, argument: impl Into<OsString>) -> Launch {
        self.arguments.push(argument.into());
        self
    }

    pub fn environment(mut self, variable: (String, OsString)) -> Launch {
        self.environment.push(variable);
        self
    }
}

/// A running process and everything it forks.
#[derive(Debug)]
pub(crate) struct Lifeline {
    child: Child,
}

impl Lifeline {
    /// Starts `launch`; what it prints goes to the file `output`.
    pub fn start(launch: &Launch, output: &Path) -> Result<Lifeline, StartError> {
        let file = File::create(output).map_err(StartError::writing(output))?;
        let errors = file.try_clone().map_err(StartError::writing(output))?;
        let mut words = launch.prefix.iter();
        let mut command = match words.next() {
            Some(first) => {
                let mut command = Command::new(first);
                command.args(words).arg("/bin/sh");
                command
            }
            None => Command::new("/bin/sh"),
        };
        command
            .args(["-c", SCRIPT, "sh"])
            .arg(&launch.program)
            .args(&launch.arguments)
            .envs(launch.environment.iter().map(|(name, value)| (name, value)))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(file)
            .stderr(errors);
        let child = command
            .spawn()
            .map_err(StartError::doing(format!("cannot start {}", launch.program.display())))?;
        Ok(Lifeline { child })
    }

    /// How the process ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Lifeline {
    fn drop(&mut self) {
        // The group is named after its leader, which `child` still keeps from being reaped. An error means that
        // nothing of it is left.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.wait();
    }
}
