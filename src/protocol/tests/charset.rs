//! Names as text.

use crate::protocol::Charset;

#[test]
fn text_becomes_the_servers_bytes_and_comes_back() {
    for (label, text, bytes) in [
        ("utf-8", "größe", &b"gr\xc3\xb6\xc3\x9fe"[..]),
        ("iso-8859-1", "größe", b"gr\xf6\xdfe"),
        ("iso-8859-15", "\u{20ac}", b"\xa4"),
        ("windows-1252", "\u{ff}\u{81}", b"\xff\x81"),
        ("IBM866", "\u{43f}", b"\xaf"),
        ("koi8-r", "\u{43f}", b"\xd0"),
        ("Shift_JIS", "\u{8868}", b"\x95\x5c"),
        ("gbk", "\u{6587}", b"\xce\xc4"),
    ] {
        let charset = Charset::for_label(label).unwrap();
        assert_eq!(charset.encode(text).unwrap(), bytes, "{label}");
        assert_eq!(charset.decode(bytes), text, "{label}");
    }
    assert!(Charset::default().is_utf8() && Charset::for_label("UTF8").unwrap().is_utf8());
    assert_eq!(Charset::for_label("latin1").unwrap().name(), "windows-1252");
}

#[test]
fn what_is_not_valid_is_replaced_and_a_byte_order_mark_is_a_character() {
    assert_eq!(Charset::UTF_8.decode(b"caf\xe9"), "caf\u{fffd}");
    assert_eq!(Charset::UTF_8.decode(b"\xef\xbb\xbfname"), "\u{feff}name");
    assert_eq!(Charset::for_label("shift_jis").unwrap().decode(b"\xff"), "\u{fffd}");
}

#[test]
fn what_the_set_does_not_have_is_refused_and_not_replaced() {
    let error = Charset::for_label("windows-1252").unwrap().encode("\u{4e2d}").unwrap_err();
    assert_eq!(error.kind(), "invalid-argument");
    assert!(error.to_string().contains("windows-1252"), "{error}");
}

#[test]
fn only_sets_that_leave_ascii_alone_can_be_chosen() {
    for label in ["utf-16", "utf-16le", "iso-2022-jp", "hz-gb-2312", "replacement", "", "klingon"] {
        assert_eq!(Charset::for_label(label).unwrap_err().kind(), "invalid-argument", "{label}");
    }
}
