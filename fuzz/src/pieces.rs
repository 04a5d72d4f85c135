//! Bytes as a network delivers them.

/// Cuts `bytes` into pieces of 1 to 64 bytes. How depends on the bytes, so that an input is cut the same way again.
pub(crate) fn pieces(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut state =
        bytes.iter().fold(1, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add((*byte).into())) | 1;
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let (piece, rest) = bytes.split_at((1 + state as usize % 64).min(bytes.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}
