//! The byte 0xFF on the control connection, which is Telnet's there (RFC 959 section 2.2): as data it is sent twice (RFC 854). It stands in
//! names that are not UTF-8: `ÿ` of ISO 8859-1, `я` of windows-1251.

use super::Reply;
use zeroize::Zeroizing;

/// Interpret as command.
const IAC: u8 = 0xff;

/// Who doubles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Telnet {
    /// The server takes two in a command for one.
    pub commands: bool,
    /// The server sends two in a reply for one.
    pub replies: bool,
}

impl Telnet {
    /// As RFC 959 has it.
    pub(crate) const RFC: Telnet = Telnet { commands: true, replies: true };

    /// What the server in whose greeting or reply to STAT a word occurs does (measured), where that is known.
    pub(crate) fn of_server(reply: &Reply) -> Option<Telnet> {
        let text = reply.text();
        let servers = [
            ("ProFTPD", Telnet { commands: true, replies: false }),
            ("vsFTPd", Telnet { commands: false, replies: true }),
            ("Pure-FTPd", Telnet { commands: false, replies: false }),
            ("pureftpd.org", Telnet { commands: false, replies: false }),
        ];
        servers.into_iter().find(|(word, _)| text.contains(word)).map(|(_, telnet)| telnet)
    }
}

pub(crate) fn has_iac(bytes: &[u8]) -> bool {
    bytes.contains(&IAC)
}

/// With each IAC doubled. What goes out may be a password.
pub(crate) fn escaped(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let doubled = bytes.iter().filter(|&&byte| byte == IAC).count();
    let mut escaped = Zeroizing::new(Vec::with_capacity(bytes.len() + doubled));
    for &byte in bytes {
        escaped.extend_from_slice(if byte == IAC { &[IAC, IAC] } else { std::slice::from_ref(&byte) });
    }
    escaped
}

/// With each doubled IAC single.
pub(crate) fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut is_doubled = false;
    let is_kept = |byte: &u8| {
        is_doubled = *byte == IAC && !is_doubled;
        *byte != IAC || is_doubled
    };
    bytes.iter().copied().filter(is_kept).collect()
}
