//! Transfers of text in TYPE A, where local lines end in LF.

use crate::client::FtpsClient;
use crate::protocol::{TextDecoder, TextEncoder};
use crate::Result;

/// What ends a line of a local text. On the wire, in TYPE A, that is CR LF (RFC 959 section 3.1.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnds {
    /// As on the wire: nothing is converted.
    #[default]
    CrLf,
    /// LF, as on Unix.
    Lf,
}

/// Verbs whose payload is a file.
const FILE_VERBS: [&str; 4] = ["RETR", "STOR", "APPE", "STOU"];

/// Bytes of a text that are encoded at a time.
const MAX_PIECE: usize = 128 * 1024;

/// A text under way.
#[derive(Default)]
pub(in crate::client) struct Text {
    encoder: TextEncoder,
    decoder: TextDecoder,
    /// What was decoded, and how much of it was taken.
    decoded: Vec<u8>,
    taken: usize,
    has_ended: bool,
}

impl Text {
    fn rest(&self) -> &[u8] {
        &self.decoded[self.taken..]
    }

    fn decode(&mut self, wire: &[u8]) {
        self.decoded.clear();
        self.taken = 0;
        self.decoder.decode(wire, &mut self.decoded);
    }

    fn finish(&mut self) {
        self.has_ended = true;
        self.decoder.finish(&mut self.decoded);
    }
}

impl FtpsClient {
    /// What ends a line of local texts, from the next transfer in TYPE A on: see [`set_type`](Self::set_type).
    ///
    /// With [`LineEnds::Lf`] an upload sends CR LF for each LF that has no CR before it, and a download makes LF of CR LF; a CR or LF
    /// that is alone stays as it is. Bytes are counted as they are on the wire. In TYPE I, and in listings, nothing is
    /// converted.
    pub fn set_line_ends(&mut self, line_ends: LineEnds) {
        self.settings.line_ends = line_ends;
    }

    /// What is converted in a transfer by `verb`, if anything.
    pub(super) fn text_for(&self, verb: &str) -> Option<Text> {
        let is_text = self.login.as_ref().is_some_and(|login| login.representation.starts_with(['A', 'a']));
        let converts = is_text && self.settings.line_ends == LineEnds::Lf && FILE_VERBS.contains(&verb);
        converts.then(Text::default)
    }

    /// The upload that is under way begins again at its beginning.
    pub(super) fn begin_text_again(&mut self) {
        self.text = self.text.take().map(|_| Text::default());
    }

    /// Whether some of a download was decoded and not taken.
    pub(super) fn has_decoded_text(&self) -> bool {
        self.text.as_ref().is_some_and(|text| !text.rest().is_empty())
    }

    /// As [`pull`](Self::pull), of what the wire's bytes say.
    pub(super) fn pull_text(
        &mut self,
        text: &mut Text,
        sink: impl FnOnce(&[u8]) -> Result<usize>,
    ) -> Result<usize> {
        while text.rest().is_empty() && !text.has_ended {
            let count = self.pull_wire(|piece| {
                text.decode(piece);
                Ok(piece.len())
            })?;
            if count == 0 {
                text.finish();
            }
        }
        if text.rest().is_empty() {
            return Ok(0);
        }
        let count = sink(text.rest()).map_err(|error| self.fail(error))?.min(text.rest().len());
        text.taken += count;
        Ok(count)
    }

    /// As [`write_data`](Self::write_data), of a text.
    pub(super) fn write_text(&mut self, bytes: &[u8]) -> Result<usize> {
        let piece = &bytes[..bytes.len().min(MAX_PIECE)];
        let Some(text) = &mut self.text else { return Ok(0) };
        let wire = text.encoder.encode(piece);
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            let count = self.write_wire(rest)?;
            rest = &rest[count..];
        }
        Ok(piece.len())
    }
}
