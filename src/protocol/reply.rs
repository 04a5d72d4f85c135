//! Replies (RFC 959 section 4.2).

use super::charset::Charset;
use super::printable::printable_in;
use crate::{Error, Failure, Result};
use std::borrow::Cow;
use std::fmt;

/// How many characters of a reply go into an error message; [`Reply::text`] has them all.
const SHOWN_CHARACTERS: usize = 1000;

/// The shortest secret that is looked for in replies.
const MIN_SECRET_BYTES: usize = 3;

/// One reply of the server: a code of three digits, and text of one or more lines.
///
/// [`Display`](fmt::Display), as [`Debug`](fmt::Debug), gives code and text on one line, shortened to 1000 characters and with control
/// characters escaped, fit for logs and error messages.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    raw: Vec<u8>,
    charset: Charset,
}

impl Reply {
    /// `raw` is a whole reply, with every line end, that begins with the three digits of `code`.
    pub(super) fn new(code: u16, raw: Vec<u8>, charset: Charset) -> Self {
        Reply { code, raw, charset }
    }

    /// The reply code, 100 to 659 (RFC 959 section 4.2.1; 6yz are the protected replies of RFC 2228).
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The text of all lines without the code, joined by `\n`, read in the client's character set. Bytes that are not valid in it
    /// become U+FFFD; [`lines`](Self::lines) has them as they came.
    pub fn text(&self) -> Cow<'_, str> {
        let mut lines = self.lines();
        let first = lines.next().unwrap_or_default();
        let rest: Vec<&[u8]> = lines.collect();
        if rest.is_empty() {
            return self.charset.decode(first);
        }
        let joined = [&[first], rest.as_slice()].concat().join(&b'\n');
        Cow::Owned(self.charset.decode(&joined).into_owned())
    }

    /// The lines, without line ends and without the code on the first and last line and on every line that
    /// repeats it in the form `211-`. There is always at least one, perhaps empty.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let body = self.raw.strip_suffix(b"\n").unwrap_or(&self.raw);
        let code = self.raw.get(..3).unwrap_or_default();
        let mut lines = body.split(|&byte| byte == b'\n').enumerate().peekable();
        std::iter::from_fn(move || {
            let (index, line) = lines.next()?;
            let is_edge = index == 0 || lines.peek().is_none();
            Some(without_code(without_line_end(line), code, is_edge))
        })
    }

    /// The reply as it was received, line ends included.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The character set that its text is read in.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// 1yz: the action was started; another reply follows.
    pub fn is_preliminary(&self) -> bool {
        self.code / 100 == 1
    }

    /// 2yz: the action is done.
    pub fn is_completion(&self) -> bool {
        self.code / 100 == 2
    }

    /// 3yz: another command is needed, as PASS after USER.
    pub fn is_intermediate(&self) -> bool {
        self.code / 100 == 3
    }

    /// 4yz: refused for now; the same command may succeed later.
    pub fn is_transient_negative(&self) -> bool {
        self.code / 100 == 4
    }

    /// 5yz: refused; do not repeat the command unchanged.
    pub fn is_permanent_negative(&self) -> bool {
        self.code / 100 == 5
    }

    /// 4yz or 5yz.
    pub fn is_negative(&self) -> bool {
        self.is_transient_negative() || self.is_permanent_negative()
    }

    /// The same with `****` wherever the text repeats `secret`. One so short that ordinary words hold it is
    /// left: it is no secret.
    pub(crate) fn without(mut self, secret: &[u8]) -> Reply {
        if secret.len() < MIN_SECRET_BYTES {
            return self;
        }
        let (code, mut rest) = self.raw.split_at(3);
        let mut masked = code.to_vec();
        while let Some(offset) = rest.windows(secret.len()).position(|window| window == secret) {
            masked.extend_from_slice(&rest[..offset]);
            masked.extend_from_slice(b"****");
            rest = &rest[offset + secret.len()..];
        }
        masked.extend_from_slice(rest);
        self.raw = masked;
        self
    }

    /// Fails unless the code is `code`, the only one whose text says what `command` asked for.
    pub(super) fn expect_code(&self, code: u16, command: &str) -> Result<()> {
        if self.code == code {
            return Ok(());
        }
        Err(self.unusable(format!("the reply to {command} is not a {code}")))
    }

    /// A reply whose text cannot be used, as an error.
    pub(super) fn unusable(&self, message: impl Into<String>) -> Error {
        Error::Protocol(Failure::new(message).with_reply(self.clone()))
    }
}

/// Without LF (already gone) and the one CR before it.
fn without_line_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Without the code and the space or hyphen after it. Between the edges only `211-` is a code: `211 ` of a
/// line in the middle cannot occur (it would have ended the reply), and other digits there are text.
fn without_code<'a>(line: &'a [u8], code: &[u8], is_edge: bool) -> &'a [u8] {
    match line.strip_prefix(code) {
        Some([b'-', text @ ..]) => text,
        Some([b' ', text @ ..]) if is_edge => text,
        Some(text) if is_edge => text,
        _ => line,
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        for line in self.lines().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
            if !text.is_empty() {
                text.extend_from_slice(b"; ");
            }
            text.extend_from_slice(line);
        }
        write!(f, "{}", self.code)?;
        if !text.is_empty() {
            write!(f, " {}", printable_in(self.charset, &text, SHOWN_CHARACTERS))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({self})")
    }
}
