use super::reply;
use crate::protocol::{Reply, ReplyParser, MAX_LINE_BYTES, MAX_REPLY_BYTES};
use crate::Error;
use proptest::prelude::*;

/// Everything that comes out of the pieces: the replies, and the error that ended it.
fn parse_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Reply>, Option<String>) {
    let mut parser = ReplyParser::new();
    let mut replies = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        loop {
            match parser.next_reply() {
                Ok(Some(reply)) => replies.push(reply),
                Ok(None) => break,
                Err(error) => return (replies, Some(error.to_string())),
            }
        }
    }
    (replies, None)
}

fn parse_error(bytes: &[u8]) -> Error {
    let mut parser = ReplyParser::new();
    parser.feed(bytes);
    parser.next_reply().expect_err("not a reply")
}

#[test]
fn code_and_text_of_each_form_of_reply_are_told() {
    let cases: &[(&[u8], u16, &str)] = &[
        (b"220 Welcome\r\n", 220, "Welcome"),
        (b"220 Welcome\n", 220, "Welcome"),
        (b"226\r\n", 226, ""),
        (b"226\n", 226, ""),
        (b"226 \r\n", 226, ""),
        (b"220Welcome\r\n", 220, "Welcome"),
        (b"230  two spaces\r\n", 230, " two spaces"),
        (b"659 last code\r\n", 659, "last code"),
        (b"100 first code\r\n", 100, "first code"),
        (b"211-Features:\r\n MDTM\r\n SIZE\r\n211 End\r\n", 211, "Features:\n MDTM\n SIZE\nEnd"),
        (b"211-Features:\n MDTM\n211 End\n", 211, "Features:\n MDTM\nEnd"),
        (b"211-Features\r\n211-MDTM\r\n211 End\r\n", 211, "Features\nMDTM\nEnd"),
        (b"220-One\r\n220\r\n", 220, "One\n"),
        (b"220-One\n220\n", 220, "One\n"),
        (b"220-One\r\n\r\n220 Two\r\n", 220, "One\n\nTwo"),
        // Another code, more digits, or the code indented: text.
        (
            b"220-One\r\n500 no\r\n2200 no\r\n 220 no\r\n220x\r\n220 Two\r\n",
            220,
            "One\n500 no\n2200 no\n 220 no\n220x\nTwo",
        ),
        (b"220-\r\n220 \r\n", 220, "\n"),
        (b"257 \"/caf\xc3\xa9\"\r\n", 257, "\"/caf\u{e9}\""),
        (b"257 \"/caf\xe9\"\r\n", 257, "\"/caf\u{fffd}\""),
        (b"200 a\0b\r\n", 200, "a\0b"),
        (b"200 a\xff\xf4b\r\n", 200, "a\u{fffd}\u{fffd}b"),
        (b"200 a\rb\r\n", 200, "a\rb"),
    ];
    for (bytes, code, text) in cases {
        let reply = reply(bytes);
        assert_eq!((reply.code(), reply.text().as_ref()), (*code, *text), "{}", bytes.escape_ascii());
        assert_eq!(reply.raw(), *bytes);
    }
}

#[test]
fn lines_are_given_as_they_came_without_code_and_line_end() {
    let reply = reply(b"250-Begin\r\n type=file; caf\xe9\r\n250-x\r\n250 End\r\n");
    let lines: Vec<&[u8]> = reply.lines().collect();
    assert_eq!(lines, [&b"Begin"[..], b" type=file; caf\xe9", b"x", b"End"]);
}

#[test]
fn the_first_digit_classifies_the_reply() {
    let classes = |reply: &Reply| {
        [
            reply.is_preliminary(),
            reply.is_completion(),
            reply.is_intermediate(),
            reply.is_transient_negative(),
            reply.is_permanent_negative(),
            reply.is_negative(),
        ]
    };
    assert_eq!(classes(&reply("150 x\r\n")), [true, false, false, false, false, false]);
    assert_eq!(classes(&reply("226 x\r\n")), [false, true, false, false, false, false]);
    assert_eq!(classes(&reply("331 x\r\n")), [false, false, true, false, false, false]);
    assert_eq!(classes(&reply("450 x\r\n")), [false, false, false, true, false, true]);
    assert_eq!(classes(&reply("550 x\r\n")), [false, false, false, false, true, true]);
    assert_eq!(classes(&reply("631 x\r\n")), [false; 6]);
}

#[test]
fn display_is_one_harmless_line() {
    assert_eq!(reply("450 TLS session has not resumed\r\n").to_string(), "450 TLS session has not resumed");
    assert_eq!(reply("226\r\n").to_string(), "226");
    assert_eq!(reply("530-No.\r\n\r\n  Go away.\r\n530 End\r\n").to_string(), "530 No.; Go away.; End");
    assert_eq!(reply("500 \x1b[31mred\x07\r\n").to_string(), "500 \\u{1b}[31mred\\u{7}");
    let long = reply(format!("500 {}\r\n", "x".repeat(5000))).to_string();
    assert_eq!(long.len(), "500 ".len() + 1000 + "...".len());
}

#[test]
fn an_incomplete_reply_waits_for_more() {
    for bytes in ["", "2", "220", "220 Welcome", "220 Welcome\r", "220-One\r\n220-Two\r\n", "220-One\r\n220 "]
    {
        let mut parser = ReplyParser::new();
        parser.feed(bytes.as_bytes());
        assert_eq!(parser.next_reply().unwrap(), None, "{bytes:?}");
        assert_eq!(parser.is_empty(), bytes.is_empty(), "{bytes:?}");
    }
}

#[test]
fn replies_that_arrive_together_come_out_one_by_one() {
    let mut parser = ReplyParser::new();
    parser.feed(b"150 Open\r\n226-Done\r\n226 End\r\n2");
    assert_eq!(parser.next_reply().unwrap().unwrap().code(), 150);
    assert_eq!(parser.next_reply().unwrap().unwrap().text(), "Done\nEnd");
    assert_eq!(parser.next_reply().unwrap(), None);
    assert!(!parser.is_empty());
}

#[test]
fn what_does_not_begin_with_a_code_is_a_protocol_error_that_shows_it() {
    for line in
        ["SSH-2.0-OpenSSH_9.2", "", "22", "099 x", "660 x", "999", "2200 x", " 220 x", "-220 x", "\0\0\0"]
    {
        let error = parse_error(format!("{line}\r\n").as_bytes());
        assert!(matches!(error, Error::Protocol(_)), "{line:?}: {error:?}");
    }
    assert_eq!(parse_error(b"HTTP/1.1 400\x1b\r\n").to_string(), "not an FTP reply: \"HTTP/1.1 400\\u{1b}\"");
    let long = parse_error(format!("{}\n", "x".repeat(9000)).as_bytes()).to_string();
    assert!(long.len() < 200, "{long}");
}

#[test]
fn a_malformed_line_is_an_error_until_the_parser_is_cleared() {
    let mut parser = ReplyParser::new();
    parser.feed(b"what?\r\n220 Welcome\r\n");
    assert!(parser.next_reply().is_err());
    assert!(parser.next_reply().is_err());
    parser.clear();
    assert!(parser.is_empty());
    parser.feed(b"220 Welcome\r\n");
    assert_eq!(parser.next_reply().unwrap().unwrap().code(), 220);
}

#[test]
fn a_line_as_long_as_the_limit_is_taken_and_one_byte_more_refused() {
    let line = |length: usize| format!("220 {}\r\n", "x".repeat(length - "220 \r\n".len()));
    assert_eq!(reply(line(MAX_LINE_BYTES)).raw().len(), MAX_LINE_BYTES);
    assert!(matches!(parse_error(line(MAX_LINE_BYTES + 1).as_bytes()), Error::Protocol(_)));
}

#[test]
fn a_line_without_end_is_refused_at_the_limit() {
    let mut parser = ReplyParser::new();
    parser.feed(&[b'2'; MAX_LINE_BYTES]);
    assert_eq!(parser.next_reply().unwrap(), None);
    parser.feed(b"2");
    assert!(matches!(parser.next_reply(), Err(Error::Protocol(_))));
    assert!(matches!(parser.next_reply(), Err(Error::Protocol(_))));
}

#[test]
fn a_reply_of_endless_lines_is_refused_at_the_limit() {
    let mut parser = ReplyParser::new();
    let line = b"220-and so on\r\n";
    let mut fed = 0;
    let error = loop {
        parser.feed(line);
        fed += line.len();
        match parser.next_reply() {
            Ok(reply) => assert_eq!(reply, None),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Protocol(_)));
    assert!(fed > MAX_REPLY_BYTES && fed <= MAX_REPLY_BYTES + line.len());
}

#[test]
fn the_limit_counts_one_reply_not_all_that_arrive_together() {
    let line = format!("220 {}\r\n", "x".repeat(1000));
    let count = 2 * MAX_REPLY_BYTES / line.len();
    let (replies, error) = parse_pieces([line.repeat(count).as_bytes()]);
    assert_eq!((replies.len(), error), (count, None));
}

/// Bytes in which codes, hyphens and line ends are likely.
fn reply_like_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"220".to_vec()),
        Just(b"220 ".to_vec()),
        Just(b"220-".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_secret_is_masked_wherever_a_reply_repeats_it() {
    let cases: [(&str, &str, &str); 5] = [
        ("530 'PASS hunter2': what?\r\n", "hunter2", "530 'PASS ****': what?\r\n"),
        (
            "530-hunter2hunter2\r\n hunter2\r\n530 hunter2\r\n",
            "hunter2",
            "530-********\r\n ****\r\n530 ****\r\n",
        ),
        ("530 hunter\r\n", "hunter2", "530 hunter\r\n"),
        ("530 530\r\n", "530", "530 ****\r\n"),
        ("530 no\r\n", "o", "530 no\r\n"),
    ];
    for (before, secret, after) in cases {
        let masked = reply(before).without(secret.as_bytes());
        assert_eq!((masked.code(), masked.raw()), (530, after.as_bytes()));
    }
    assert_eq!(reply("530 no\r\n").without(b"").raw(), b"530 no\r\n");
}

proptest! {
    #[test]
    fn pieces_of_one_byte_give_what_the_whole_gives(bytes in reply_like_bytes()) {
        prop_assert_eq!(parse_pieces(bytes.chunks(1)), parse_pieces([bytes.as_slice()]));
    }

    #[test]
    fn no_bytes_are_lost_or_invented_between_replies(bytes in reply_like_bytes()) {
        let (replies, _) = parse_pieces([bytes.as_slice()]);
        let raw: Vec<u8> = replies.iter().flat_map(|reply| reply.raw().to_vec()).collect();
        prop_assert!(bytes.starts_with(&raw));
    }

    #[test]
    fn every_reply_can_be_looked_at_without_a_panic(bytes in reply_like_bytes()) {
        for reply in parse_pieces([bytes.as_slice()]).0 {
            let shown = reply.to_string();
            prop_assert!(shown.starts_with(&reply.code().to_string()));
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert_eq!(reply.text().split('\n').count(), reply.lines().count());
        }
    }
}

/// `main` shows an error that it returns by `Debug`.
#[test]
fn debug_can_be_read_too() {
    assert_eq!(
        format!("{:?}", reply("530-No.\r\n530 Login incorrect.\r\n")),
        "Reply(530 No.; Login incorrect.)"
    );
}

#[test]
fn texts_are_read_in_the_character_set_of_the_server() {
    let latin1 = crate::protocol::Charset::for_label("windows-1252").unwrap();
    let mut parser = ReplyParser::for_charset(latin1);
    parser.clear();
    parser.feed(b"550-gr\xf6\xdfe:\r\n550 gibt\x92s nicht\r\n");
    let reply = parser.next_reply().unwrap().unwrap();
    assert_eq!(reply.text(), "größe:\ngibt\u{2019}s nicht");
    assert_eq!(reply.to_string(), "550 größe:; gibt\u{2019}s nicht");
    assert_eq!(reply.lines().next(), Some(&b"gr\xf6\xdfe:"[..]));
}
