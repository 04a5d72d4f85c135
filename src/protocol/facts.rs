//! Single facts of files: MDTM and SIZE (RFC 3659 sections 3 and 4).

use super::decimal;
use super::reply::Reply;
use super::time::Timestamp;
use crate::Result;

/// The time of last modification in the reply to `MDTM`: `213 19980615100045.014`, in UTC.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 213 or there is not exactly
/// one valid time in it.
pub fn parse_mdtm(reply: &Reply) -> Result<Timestamp> {
    reply.expect_code(213, "MDTM")?;
    only_word(reply, Timestamp::from_time_val)
        .ok_or_else(|| reply.unusable("the reply to MDTM tells no valid time"))
}

/// The number of bytes in the reply to `SIZE`: `213 18446744073709551615` at most. In TYPE A it is what a
/// transfer would count, which may differ from the file's size on disk.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 213 or there is not exactly
/// one number in it.
pub fn parse_size(reply: &Reply) -> Result<u64> {
    reply.expect_code(213, "SIZE")?;
    only_word(reply, decimal).ok_or_else(|| reply.unusable("the reply to SIZE tells no size"))
}

/// The value of the only word that has one: some servers write words around it, and with two candidates
/// none can be trusted.
fn only_word<T>(reply: &Reply, value: impl Fn(&str) -> Option<T>) -> Option<T> {
    let text = reply.text();
    let mut values = text.split_ascii_whitespace().filter_map(value);
    let first = values.next();
    match values.next() {
        None => first,
        Some(_) => None,
    }
}
