//! The servers that are measured: those that insist on resumption, with both TLS versions.

use crate::job::Job;
use crate::Outcome;
use real_servers::{Kind, RealServer, TlsVersion};

pub const STRICT: [(Kind, TlsVersion); 4] = [
    (Kind::ProFtpd, TlsVersion::Tls12),
    (Kind::ProFtpd, TlsVersion::Tls13),
    (Kind::Vsftpd, TlsVersion::Tls12),
    (Kind::Vsftpd, TlsVersion::Tls13),
];

/// Puts the files that `count` downloads ask for into the user's directory.
pub fn plant(server: &RealServer, count: usize, content: &[u8]) -> Outcome<()> {
    for index in 0..count {
        server.user().plant(&Job::remote_name(index), content)?;
    }
    Ok(())
}
