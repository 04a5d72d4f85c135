use crate::protocol::printable::printable;
use proptest::prelude::*;

#[test]
fn text_stays_and_what_steers_a_terminal_is_escaped() {
    assert_eq!(printable("caf\u{e9} \u{1f600}".as_bytes(), 80), "caf\u{e9} \u{1f600}");
    assert_eq!(printable(b"a\r\nb\0\x7f", 80), "a\\r\\nb\\u{0}\\u{7f}");
    assert_eq!(printable("\u{9b}\u{202e}\u{2028}".as_bytes(), 80), "\\u{9b}\\u{202e}\\u{2028}");
    assert_eq!(printable(b"\xff", 80), "\u{fffd}");
}

#[test]
fn what_is_too_long_is_shortened_and_says_so() {
    assert_eq!(printable(b"abc", 3), "abc");
    assert_eq!(printable(b"abcd", 3), "abc...");
    assert_eq!(printable("\u{1f600}".repeat(4).as_bytes(), 3), format!("{}...", "\u{1f600}".repeat(3)));
    assert_eq!(printable(&[b'x'; 100], 3), "xxx...");
}

proptest! {
    #[test]
    fn no_control_character_comes_through(bytes in prop::collection::vec(any::<u8>(), 0..60), limit in 0usize..70) {
        prop_assert!(!printable(&bytes, limit).chars().any(char::is_control));
    }
}
