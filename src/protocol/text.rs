//! Lines of text between the wire, where they end in CR LF (RFC 959 section 3.1.1.1), and a local side where they end
//! in LF.
//!
//! Only CR LF and LF are ends of lines. A CR that is alone stays, in both directions; a LF that is alone on the wire stays too, and
//! a local CR LF is left as it is. So a text survives the way there and back unless it has CR LF in it.

/// From the local side to the wire.
#[derive(Clone, Debug, Default)]
pub struct TextEncoder {
    after_cr: bool,
}

impl TextEncoder {
    /// The next bytes for the wire.
    pub fn encode(&mut self, text: &[u8]) -> Vec<u8> {
        let mut wire = Vec::with_capacity(text.len() + text.len() / 16);
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let content = line.strip_suffix(b"\n");
            wire.extend_from_slice(content.unwrap_or(line));
            self.after_cr = match content.unwrap_or(line).last() {
                Some(last) => *last == b'\r',
                None => self.after_cr,
            };
            if content.is_some() {
                wire.extend_from_slice(if self.after_cr { b"\n" } else { b"\r\n" });
                self.after_cr = false;
            }
        }
        wire
    }
}

/// From the wire to the local side.
#[derive(Clone, Debug, Default)]
pub struct TextDecoder {
    /// A CR that came last: what it is depends on the next byte.
    holds_cr: bool,
}

impl TextDecoder {
    /// Appends the next bytes of the text to `text`.
    pub fn decode(&mut self, wire: &[u8], text: &mut Vec<u8>) {
        if wire.is_empty() {
            return;
        }
        if std::mem::take(&mut self.holds_cr) && wire[0] != b'\n' {
            text.push(b'\r');
        }
        let (wire, holds_cr) = match wire.strip_suffix(b"\r") {
            Some(rest) => (rest, true),
            None => (wire, false),
        };
        self.holds_cr = holds_cr;
        for line in wire.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\r\n") {
                Some(content) => {
                    text.extend_from_slice(content);
                    text.push(b'\n');
                }
                None => text.extend_from_slice(line),
            }
        }
    }

    /// The end of the wire's bytes: appends what was held back.
    pub fn finish(&mut self, text: &mut Vec<u8>) {
        if std::mem::take(&mut self.holds_cr) {
            text.push(b'\r');
        }
    }
}
