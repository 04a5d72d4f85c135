//! Paths in replies (RFC 959 appendix II).

use super::reply::Reply;
use crate::Result;

/// The path in the reply to `PWD` or `MKD`: `257 "/a ""quoted"" name" is the current directory`. Inside it
/// a doubled quote stands for one. Of a server that doubles none, such as Pure-FTPd, the path is understood too where it can be told
/// from the text after it. The bytes are the server's; nothing says that they are UTF-8.
///
/// Fails with [`Error::Protocol`](crate::Error::Protocol) when the code is not 257 or there is no path
/// between quotes.
pub fn parse_pwd(reply: &Reply) -> Result<Vec<u8>> {
    reply.expect_code(257, "PWD or MKD")?;
    reply.lines().find_map(quoted).ok_or_else(|| reply.unusable("no path between quotes in the reply"))
}

fn quoted(line: &[u8]) -> Option<Vec<u8>> {
    let start = line.iter().position(|&byte| byte == b'"')? + 1;
    let quoted = &line[start..];
    doubled(quoted).or_else(|| undoubled(quoted))
}

/// Up to the first quote that is not doubled. One in front of a letter or digit is of the path, and was not doubled.
fn doubled(quoted: &[u8]) -> Option<Vec<u8>> {
    let mut path = Vec::new();
    let mut rest = quoted;
    loop {
        match rest {
            [b'"', b'"', after @ ..] => {
                path.push(b'"');
                rest = after;
            }
            [b'"', next, ..] if next.is_ascii_alphanumeric() => {
                path.push(b'"');
                rest = &rest[1..];
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

/// Up to the last quote that has a blank after it.
fn undoubled(quoted: &[u8]) -> Option<Vec<u8>> {
    let end = quoted.windows(2).rposition(|pair| pair == b"\" ")?;
    (end > 0).then(|| quoted[..end].to_vec())
}
