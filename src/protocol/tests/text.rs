use crate::protocol::{TextDecoder, TextEncoder};
use proptest::prelude::*;

fn encoded(pieces: &[&[u8]]) -> Vec<u8> {
    let mut encoder = TextEncoder::default();
    pieces.iter().flat_map(|piece| encoder.encode(piece)).collect()
}

fn decoded(pieces: &[&[u8]]) -> Vec<u8> {
    let (mut decoder, mut text) = (TextDecoder::default(), Vec::new());
    pieces.iter().for_each(|piece| decoder.decode(piece, &mut text));
    decoder.finish(&mut text);
    text
}

#[test]
fn lines_end_in_cr_lf_on_the_wire_and_what_is_alone_stays() {
    for (text, wire) in [
        ("", ""),
        ("one\ntwo", "one\r\ntwo"),
        ("\n\n", "\r\n\r\n"),
        ("already\r\n", "already\r\n"),
        ("a\rb\r\rc\r", "a\rb\r\rc\r"),
        ("\r\r\n", "\r\r\n"),
    ] {
        assert_eq!(encoded(&[text.as_bytes()]), wire.as_bytes(), "{text:?}");
    }
    for (wire, text) in [
        ("", ""),
        ("one\r\ntwo", "one\ntwo"),
        ("\r\n\r\n", "\n\n"),
        ("alone\n", "alone\n"),
        ("a\rb\r\rc\r", "a\rb\r\rc\r"),
        ("\r\r\n", "\r\n"),
    ] {
        assert_eq!(decoded(&[wire.as_bytes()]), text.as_bytes(), "{wire:?}");
    }
}

fn bytes_of_lines() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'x')], 0..40)
}

proptest! {
    #[test]
    fn where_it_is_cut_into_pieces_changes_nothing(bytes in bytes_of_lines(), first in 0..41_usize, second in 0..41_usize) {
        let (first, second) = (first.min(bytes.len()), second.min(bytes.len()));
        let (first, second) = (first.min(second), first.max(second));
        let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
        prop_assert_eq!(encoded(&pieces), encoded(&[&bytes]));
        prop_assert_eq!(decoded(&pieces), decoded(&[&bytes]));
    }

    #[test]
    fn a_text_without_cr_comes_back_as_it_was(text in "[a-z\n]{0,60}") {
        prop_assert_eq!(decoded(&[&encoded(&[text.as_bytes()])]), text.as_bytes());
    }
}
