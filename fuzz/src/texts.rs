//! Lines of text in ASCII type.

use crate::pieces::pieces;
use ftps::protocol::{TextDecoder, TextEncoder};

/// A text, on the wire or not.
pub fn text(bytes: &[u8]) {
    assert_eq!(encoded(&pieces(bytes)), encoded(&[bytes]), "pieces differ from the whole");
    assert_eq!(decoded(&pieces(bytes)), decoded(&[bytes]), "pieces differ from the whole");
    if !bytes.windows(2).any(|pair| pair == b"\r\n") {
        assert_eq!(decoded(&[&encoded(&[bytes])]), bytes, "a text comes back as another one");
    }
}

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
