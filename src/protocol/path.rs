//! Paths in replies (RFC 959 appendix II).

use super::reply::Reply;
use crate::Result;

/// The path in the reply to `PWD` or `MKD`: `257 "/a ""quoted"" name" is the current directory`. Inside it
/// a doubled quote stands for one. The bytes are the server's; nothing says that they are UTF-8.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 257 or there is no path
/// between quotes.
pub fn parse_pwd(reply: &Reply) -> Result<Vec<u8>> {
    reply.expect_code(257, "PWD or MKD")?;
    reply.lines().find_map(quoted).ok_or_else(|| reply.unusable("no path between quotes in the reply"))
}

fn quoted(line: &[u8]) -> Option<Vec<u8>> {
    let start = line.iter().position(|&byte| byte == b'"')? + 1;
    let mut path = Vec::new();
    let mut rest = &line[start..];
    loop {
        match rest {
            [b'"', b'"', after @ ..] => {
                path.push(b'"');
                rest = after;
            }
            [b'"', ..] => return (!path.is_empty()).then_some(path),
            [byte, after @ ..] => {
                path.push(*byte);
                rest = after;
            }
            [] => return None,
        }
    }
}
