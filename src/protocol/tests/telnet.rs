//! The byte 0xFF on the control connection.

use super::reply;
use crate::protocol::telnet::{escaped, unescaped, Telnet};
use proptest::prelude::*;

#[test]
fn iac_is_doubled_and_nothing_else() {
    assert_eq!(**escaped(b"DELE \xff\xfe\xffx\r\n"), *b"DELE \xff\xff\xfe\xff\xffx\r\n");
    assert_eq!(unescaped(b"/\xff\xffa\xff\xff\xff\xff"), b"/\xffa\xff\xff");
    assert_eq!(unescaped(b"/\xff"), b"/\xff");
}

#[test]
fn servers_are_known_by_their_greeting_or_their_status() {
    let of = |bytes: &[u8]| Telnet::of_server(&reply(bytes)).map(|telnet| (telnet.commands, telnet.replies));
    assert_eq!(of(b"220 (vsFTPd 3.0.3)\r\n"), Some((false, true)));
    assert_eq!(
        of(b"211-FTP server status:\r\n     vsFTPd 3.0.3 - secure, fast, stable\r\n211 End\r\n"),
        Some((false, true))
    );
    assert_eq!(of(b"220 ProFTPD Server (Debian) [::ffff:127.0.0.1]\r\n"), Some((true, false)));
    assert_eq!(
        of(b"220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------\r\n220 .\r\n"),
        Some((false, false))
    );
    assert_eq!(of(b"220 Welcome.\r\n"), None);
}

proptest! {
    #[test]
    fn what_was_doubled_comes_back(bytes in prop::collection::vec(prop_oneof![Just(0xff_u8), any::<u8>()], 0..20)) {
        prop_assert_eq!(unescaped(&escaped(&bytes)), bytes);
    }
}
