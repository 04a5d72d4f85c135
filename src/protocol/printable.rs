//! Peer bytes made fit for one line of an error message, a log or a terminal.

use super::charset::Charset;

/// Shows at most `limit` characters of `bytes` as UTF-8, with what could steer a terminal or forge a log line
/// escaped, and `...` where it was shortened.
pub(crate) fn printable(bytes: &[u8], limit: usize) -> String {
    printable_in(Charset::UTF_8, bytes, limit)
}

/// The same of bytes in another character set.
pub(super) fn printable_in(charset: Charset, bytes: &[u8], limit: usize) -> String {
    // Four bytes a character at most: the rest need not be decoded to be left out.
    let head = &bytes[..bytes.len().min(limit.saturating_mul(4))];
    let text = charset.decode(head);
    let mut shown = String::with_capacity(text.len().min(limit) + 3);
    let mut characters = text.chars();
    for character in characters.by_ref().take(limit) {
        if steers_output(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if characters.next().is_some() || head.len() < bytes.len() {
        shown.push_str("...");
    }
    shown
}

/// Control characters (C0, DEL, C1), line separators, and the marks that reorder text.
fn steers_output(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
