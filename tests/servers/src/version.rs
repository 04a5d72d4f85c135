//! Which version of a server this is, in its own words.

use crate::error::StartError;
use crate::lifeline::Launch;
use crate::site::Kind;
use std::process::Command;

/// Name and version, for instance `ProFTPD 1.3.8`.
pub(crate) fn title(kind: Kind, launch: &Launch) -> Result<String, StartError> {
    let option = match kind {
        Kind::Vsftpd | Kind::ProFtpd => "-v",
        Kind::PureFtpd => "--help",
        Kind::FileZilla => return Ok(kind.name().to_owned()),
    };
    // vsftpd prints to standard input, where it finds its client otherwise.
    let output = Command::new("/bin/sh")
        .args(["-c", "exec \"$@\" 2>&1 0>&1", "sh"])
        .arg(&launch.program)
        .arg(option)
        .envs(launch.environment.iter().map(|(name, value)| (name, value)))
        .output()
        .map_err(StartError::doing(format!("cannot start {}", launch.program.display())))?;
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    match version_in(&words) {
        Some(version) => Ok(format!("{} {version}", kind.name())),
        None => Err(StartError::Failed(format!("{} {option} names no version: {words}", kind.name()))),
    }
}

/// The first word that looks like a version: `1.3.8`, `v1.0.50`.
fn version_in(words: &str) -> Option<&str> {
    words
        .split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_a_server_prints() {
        assert_eq!(version_in("vsftpd: version 3.0.3\n"), Some("3.0.3"));
        assert_eq!(version_in("ProFTPD Version 1.3.8\n"), Some("1.3.8"));
        assert_eq!(version_in("pure-ftpd v1.0.50 [privsep]\n\n-0\t--notruncate\n"), Some("1.0.50"));
        assert_eq!(version_in("no such option"), None);
    }
}
