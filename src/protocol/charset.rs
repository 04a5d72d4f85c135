//! The character set of names (RFC 2640 says UTF-8; older servers keep to their own).

use crate::{Error, Failure, Result};
use encoding_rs::Encoding;
use std::borrow::Cow;

/// How a server writes names, and what a user is called. Names cross this API as the server's bytes, which are exact whatever they
/// are; this is the way between them and text.
///
/// ```
/// # fn main() -> ftps::Result<()> {
/// use ftps::protocol::Charset;
/// let charset = Charset::for_label("windows-1252")?;
/// assert_eq!(charset.encode("größe")?, &b"gr\xf6\xdfe"[..]);
/// assert_eq!(charset.decode(b"gr\xf6\xdfe"), "größe");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// UTF-8, the default.
    pub const UTF_8: Charset = Charset(encoding_rs::UTF_8);

    /// The character set that a label of the WHATWG Encoding Standard names, in any case: `windows-1252` (as which `iso-8859-1` is read
    /// there), `iso-8859-15`, `ibm866`, `koi8-r`, `shift_jis`, `gbk`, `big5`, `euc-kr`.
    ///
    /// Fails with [`Error::InvalidArgument`] for one that is not known, or in which ASCII is not written as ASCII, as in UTF-16.
    pub fn for_label(label: &str) -> Result<Charset> {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes());
        encoding.filter(|encoding| encoding.is_ascii_compatible()).map(Charset).ok_or_else(|| {
            let message =
                format!("{label:?} is no character set for names: see the labels of the Encoding Standard");
            Error::InvalidArgument(Failure::new(message))
        })
    }

    /// Its name in the Encoding Standard.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Whether it is UTF-8.
    pub fn is_utf8(self) -> bool {
        self == Charset::UTF_8
    }

    /// A name as text, for people. What is not valid becomes U+FFFD: send back the bytes, not the text.
    pub fn decode(self, name: &[u8]) -> Cow<'_, str> {
        self.0.decode_without_bom_handling(name).0
    }

    /// Text as the bytes to send.
    ///
    /// Fails with [`Error::InvalidArgument`] where there is a character that the set does not have.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>> {
        match self.0.encode(text) {
            (bytes, _, false) => Ok(bytes),
            _ => {
                let message =
                    format!("{text:?} cannot be written in {}, the client's character set", self.name());
                Err(Error::InvalidArgument(Failure::new(message)))
            }
        }
    }
}

impl Default for Charset {
    fn default() -> Self {
        Charset::UTF_8
    }
}
