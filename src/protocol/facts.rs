//! Facts about one file: SIZE and MDTM (RFC 3659 sections 3 and 4).

use super::reply::Reply;
use super::timestamp::Timestamp;
use crate::Result;

/// The size in a 213 reply to `SIZE`, in bytes.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 213 or the text is no number.
pub fn parse_size(reply: &Reply) -> Result<u64> {
    reply.expect_code(213, "SIZE")?;
    let text = reply.text();
    let digits = text.trim();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| digits.parse().ok())
        .flatten()
        .ok_or_else(|| reply.unusable("the reply to SIZE names no size"))
}

/// The modification time in a 213 reply to `MDTM`, in UTC.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 213 or the text is no time.
pub fn parse_mdtm(reply: &Reply) -> Result<Timestamp> {
    reply.expect_code(213, "MDTM")?;
    Timestamp::from_fact(reply.text().trim()).ok_or_else(|| reply.unusable("the reply to MDTM names no time"))
}
