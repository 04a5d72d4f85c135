//! Paths in replies (RFC 959 appendix II).

use super::reply::Reply;
use crate::Result;

/// The path in a 257 reply to `PWD` or `MKD`: `257 "/a ""quoted"" name" is current directory`. Quotes inside are doubled.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 257 or no quoted path follows.
pub fn parse_pwd(reply: &Reply) -> Result<Vec<u8>> {
    reply.expect_code(257, "PWD or MKD")?;
    let line = reply.lines().next().unwrap_or_default();
    quoted(line).ok_or_else(|| reply.unusable("the reply names no path in quotes"))
}

fn quoted(line: &[u8]) -> Option<Vec<u8>> {
    let open = line.iter().position(|&byte| byte == b'"')?;
    let mut path = Vec::new();
    let mut bytes = line[open + 1..].iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'"' {
            path.push(byte);
        } else if bytes.next_if_eq(&b'"').is_some() {
            path.push(b'"');
        } else {
            return Some(path);
        }
    }
    None
}
