use super::reply;
use crate::protocol::parse_pwd;
use crate::Error;
use proptest::prelude::*;

#[test]
fn the_path_stands_between_quotes_and_doubled_quotes_are_one() {
    let cases: &[(&[u8], &[u8])] = &[
        (b"257 \"/\" is the current directory\r\n", b"/"),
        (b"257 \"/home/user\"\r\n", b"/home/user"),
        (b"257 \"/a \"\"quoted\"\" name\" created\r\n", b"/a \"quoted\" name"),
        (b"257 \"\"\"\"\r\n", b"\""),
        (b"257 \"/caf\xe9\" created\r\n", b"/caf\xe9"),
        (b"257 \"'USER.DATA.'\" is the working directory name prefix.\r\n", b"'USER.DATA.'"),
        (b"257 \"/a\" is not \"/b\"\r\n", b"/a"),
        // Pure-FTPd doubles no quotes.
        (b"257 \"/quo\"te\" is your current location\r\n", b"/quo\"te"),
        (b"257 \"/\"\" is your current location\r\n", b"/\""),
        (b"257-Here:\r\n257 \"/later\"\r\n", b"/later"),
    ];
    for (bytes, path) in cases {
        assert_eq!(parse_pwd(&reply(bytes)).unwrap(), *path, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_reply_without_a_quoted_path_is_a_protocol_error() {
    for text in
        ["257 /home", "257", "257 \"/home", "257 \"/home\"\"", "257 \"\" is empty", "257 \"", "250 \"/home\""]
    {
        let outcome = parse_pwd(&reply(format!("{text}\r\n")));
        assert!(matches!(outcome, Err(Error::Protocol(_))), "{text}: {outcome:?}");
    }
}

proptest! {
    #[test]
    fn any_path_quoted_as_the_rfc_says_comes_back(path in "[^\r\n]{1,30}") {
        let reply = reply(format!("257 \"{}\" created\r\n", path.replace('"', "\"\"")));
        prop_assert_eq!(parse_pwd(&reply).unwrap(), path.into_bytes());
    }
}
