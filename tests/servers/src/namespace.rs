//! Network namespaces.

use crate::error::StartError;
use rustix::thread::{move_into_link_name_space, LinkNameSpaceType};
use std::fs::File;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::Command;
use std::thread;

/// A network namespace of `ip netns`. Dropping it removes it.
#[derive(Debug)]
pub(crate) struct Namespace {
    pub name: String,
}

impl Namespace {
    /// Makes a new one.
    pub fn add(name: String) -> Result<Namespace, StartError> {
        let output = Command::new("ip").args(["netns", "add", &name]).output().map_err(|error| {
            StartError::Missing(format!("cannot run ip: {error}. Install it: apt-get install iproute2"))
        })?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(StartError::Failed(format!("ip netns add {name}: {words}")));
        }
        Ok(Namespace { name })
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Nothing to be done about a failure here; the name is this process's own.
        let _ = Command::new("ip").args(["netns", "delete", &self.name]).status();
    }
}

/// Runs `work` on a thread of its own inside the namespace: its sockets, and the processes it starts, are there.
pub(crate) fn within<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> Result<T, StartError> {
    let path = Path::new("/var/run/netns").join(name);
    let file = File::open(&path).map_err(StartError::doing(format!("cannot open {}", path.display())))?;
    thread::scope(|scope| {
        let worker = scope.spawn(move || {
            move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
                .map_err(|error| StartError::Failed(format!("cannot enter {}: {error}", path.display())))?;
            Ok(work())
        });
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
