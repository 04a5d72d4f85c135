//! Replies out of a stream of bytes (RFC 959 section 4.2).

use super::charset::Charset;
use super::printable::printable_in;
use super::reply::Reply;
use crate::{Error, Failure, Result};
use std::ops::RangeInclusive;

/// The longest line of a reply that is taken, line end included.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The longest reply that is taken, line ends included. Long ones exist: a `STAT` of a directory is a
/// listing.
pub const MAX_REPLY_BYTES: usize = 1024 * 1024;

/// 1yz to 5yz, and the protected replies 6yz of RFC 2228; the second digit ends at 5 (RFC 959 section 4.2.1).
const CODES: RangeInclusive<u16> = 100..=659;

/// How much of a malformed line an error message shows.
const SHOWN_CHARACTERS: usize = 120;

/// Puts replies together from the bytes of a control connection, however they are cut.
///
/// Lines may end in LF alone. Inside a reply of several lines anything may stand; it ends only at a line
/// with the code it began with, followed by a space or by nothing.
#[derive(Debug, Default)]
pub struct ReplyParser {
    charset: Charset,
    buffer: Vec<u8>,
    /// Where the next reply begins; before it, replies that were taken.
    reply_start: usize,
    /// Where the line begins that is not complete yet.
    line_start: usize,
    /// Up to where no further line end was found.
    scanned: usize,
    /// The code of the reply that has begun.
    code: Option<u16>,
}

impl ReplyParser {
    /// A parser without any bytes, for replies in UTF-8.
    pub fn new() -> Self {
        ReplyParser::default()
    }

    /// One for a server that writes its replies in this character set.
    pub fn for_charset(charset: Charset) -> Self {
        ReplyParser { charset, ..ReplyParser::default() }
    }

    /// Appends bytes as they were received. Take the replies with [`next_reply`](Self::next_reply) before
    /// feeding more: it is there that the size is limited.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.reply_start);
        self.line_start -= self.reply_start;
        self.scanned -= self.reply_start;
        self.reply_start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete reply, or `None` until more bytes are fed.
    ///
    /// Fails with [`Error::Protocol`] when what comes is not a reply, or is longer than [`MAX_LINE_BYTES`]
    /// or [`MAX_REPLY_BYTES`]. Where the next reply begins is not known from then on, and every further
    /// call fails, until [`clear`](Self::clear).
    pub fn next_reply(&mut self) -> Result<Option<Reply>> {
        let outcome = self.find_reply();
        if outcome.is_err() {
            // The line stays, so that the next call fails again.
            self.scanned = self.line_start;
        }
        outcome
    }

    /// True when no byte is waiting: neither a reply nor the beginning of one.
    pub fn is_empty(&self) -> bool {
        self.reply_start == self.buffer.len()
    }

    /// Forgets everything that was fed.
    pub fn clear(&mut self) {
        *self = ReplyParser::for_charset(self.charset);
    }

    fn find_reply(&mut self) -> Result<Option<Reply>> {
        while let Some(line_end) = self.find_line_end() {
            self.check_size(line_end)?;
            let line = &self.buffer[self.line_start..line_end];
            let code = match self.code {
                Some(code) => code,
                None => first_line_code(line, self.charset)?,
            };
            let is_last = match self.code {
                Some(_) => ends_reply(line, &self.buffer[self.reply_start..self.reply_start + 3]),
                None => line.get(3) != Some(&b'-'),
            };
            if is_last {
                return Ok(Some(self.take_reply(code, line_end)));
            }
            self.code = Some(code);
            self.line_start = line_end;
        }
        self.check_size(self.buffer.len())?;
        Ok(None)
    }

    /// The index after the next LF.
    fn find_line_end(&mut self) -> Option<usize> {
        match self.buffer[self.scanned..].iter().position(|&byte| byte == b'\n') {
            Some(offset) => {
                self.scanned += offset + 1;
                Some(self.scanned)
            }
            None => {
                self.scanned = self.buffer.len();
                None
            }
        }
    }

    fn check_size(&self, end: usize) -> Result<()> {
        let exceeded = if end - self.reply_start > MAX_REPLY_BYTES {
            format!("a reply is longer than {MAX_REPLY_BYTES} bytes")
        } else if end - self.line_start > MAX_LINE_BYTES {
            format!("a line of a reply is longer than {MAX_LINE_BYTES} bytes")
        } else {
            return Ok(());
        };
        Err(Error::Protocol(Failure::new(exceeded)))
    }

    fn take_reply(&mut self, code: u16, end: usize) -> Reply {
        let raw = self.buffer[self.reply_start..end].to_vec();
        self.reply_start = end;
        self.line_start = end;
        self.code = None;
        Reply::new(code, raw, self.charset)
    }
}

/// The code that a reply's first line begins with.
fn first_line_code(line: &[u8], charset: Charset) -> Result<u16> {
    let malformed = || {
        let shown = printable_in(charset, line.trim_ascii_end(), SHOWN_CHARACTERS);
        Error::Protocol(Failure::new(format!("not an FTP reply: \"{shown}\"")))
    };
    let digits = line.get(..3).ok_or_else(malformed)?;
    // A fourth digit makes it another number.
    if !digits.iter().all(u8::is_ascii_digit) || line.get(3).is_some_and(u8::is_ascii_digit) {
        return Err(malformed());
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    CODES.contains(&code).then_some(code).ok_or_else(malformed)
}

/// Whether `line` is the last one of a reply of several lines: its code and a space, or (servers that trim
/// their lines) nothing more.
fn ends_reply(line: &[u8], code: &[u8]) -> bool {
    line.strip_prefix(code).is_some_and(|rest| matches!(rest, [b' ', ..] | [b'\n'] | [b'\r', b'\n']))
}
