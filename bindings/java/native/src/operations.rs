//! Commands that are answered by a reply alone. Java names them by number: `Operation.java`.

use crate::encode;
use crate::errors::{invalid, Problem};
use ftps::FtpsClient;

/// Runs operation number `operation`; what is not needed of `first` and `second` is empty.
pub fn perform(
    client: &mut FtpsClient,
    operation: i32,
    first: &[u8],
    second: &[u8],
) -> Result<Vec<u8>, Problem> {
    let nothing = |()| Vec::new();
    Ok(match operation {
        0 => client.size(first).map(|size| i64::try_from(size).unwrap_or(i64::MAX).to_be_bytes().to_vec())?,
        1 => client.modified(first).map(|time| encode::timestamp(&time))?,
        2 => client.entry(first).map(|entry| encode::entry(&entry))?,
        3 => client.delete(first).map(nothing)?,
        4 => client.rename(first, second).map(nothing)?,
        5 => client.make_directory(first)?,
        6 => client.remove_directory(first).map(nothing)?,
        7 => client.change_directory(first).map(nothing)?,
        8 => client.change_to_parent().map(nothing)?,
        9 => client.current_directory()?,
        10 => client.noop().map(nothing)?,
        11 => client.system().map(|reply| encode::reply(&reply))?,
        12 => client.status(first).map(|reply| encode::reply(&reply))?,
        13 => client.set_type(&text(first)?).map(nothing)?,
        14 => client.raw_command(&text(first)?, second).map(|reply| encode::reply(&reply))?,
        15 => client.keep_alive().map(nothing)?,
        _ => return Err(invalid("no such operation: jar and native library do not belong together")),
    })
}

/// A word of the protocol; what is not text is refused as such a word.
pub fn text(bytes: &[u8]) -> Result<String, Problem> {
    String::from_utf8(bytes.to_vec()).map_err(|_| invalid("the argument is not text"))
}
