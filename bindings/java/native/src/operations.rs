//! Commands that are answered by a reply alone. Java names them by number: `Operation.java`.

use crate::errors::{invalid, Problem};
use crate::options::local_path;
use crate::{encode, encode_trees};
use ftps::protocol::{system_time, HashAlgorithm};
use ftps::FtpsClient;
use std::time::SystemTime;

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
        16 => client.clear_command_channel().map(nothing)?,
        17 => client.set_modification_time(first, time(second)?).map(nothing)?,
        18 => client.set_permissions(first, bits(second)?).map(nothing)?,
        19 => client.set_umask(bits(first)?).map(nothing)?,
        20 => client.set_mlst_facts(&facts(&text(first)?)).map(nothing)?,
        21 => client.hash_algorithms().into_iter().map(ordinal).collect(),
        22 => client.hash(first, algorithm(second)?)?,
        23 => vec![ordinal(client.verify(local_path(first), second)?)],
        24 => client.delete_tree(first).map(|deleted| encode_trees::deleted(&deleted))?,
        _ => return Err(invalid("no such operation: jar and native library do not belong together")),
    })
}

/// A word of the protocol; what is not text is refused as such a word.
pub fn text(bytes: &[u8]) -> Result<String, Problem> {
    String::from_utf8(bytes.to_vec()).map_err(|_| invalid("the argument is not text"))
}

/// Seconds since 1970.
fn time(bytes: &[u8]) -> Result<SystemTime, Problem> {
    let seconds = bytes.try_into().ok().map(i64::from_be_bytes);
    seconds.and_then(system_time).ok_or_else(|| invalid("the time is beyond this system's clock"))
}

/// Permissions.
fn bits(bytes: &[u8]) -> Result<u32, Problem> {
    bytes.try_into().map(u32::from_be_bytes).map_err(|_| invalid("these are no permissions"))
}

/// Names, each with a semicolon behind it.
fn facts(names: &str) -> Vec<&str> {
    names.split_terminator(';').collect()
}

/// The place of an algorithm in `HashAlgorithm.java`.
fn ordinal(algorithm: HashAlgorithm) -> u8 {
    HashAlgorithm::ALL.into_iter().take_while(|known| *known != algorithm).count() as u8
}

fn algorithm(bytes: &[u8]) -> Result<HashAlgorithm, Problem> {
    let ordinal = bytes.first().copied().unwrap_or(u8::MAX);
    HashAlgorithm::ALL.get(usize::from(ordinal)).copied().ok_or_else(|| invalid("there is no such hash"))
}
