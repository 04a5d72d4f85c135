//! The bytes of FTP, without I/O: replies, commands, features, addresses, paths, facts, listings.
//!
//! Nothing here touches a socket or a clock, so that everything can be tested and fuzzed with bytes alone.
//! What comes from the peer never panics and never grows without a bound; what cannot be understood is
//! [`Error::Protocol`](crate::Error::Protocol), or an item of its own where it is one line of a listing.

mod address;
mod charset;
mod command;
mod facts;
mod features;
mod hash;
pub mod listing;
mod path;
mod printable;
mod reply;
mod reply_parser;
pub(crate) mod telnet;
#[cfg(test)]
mod tests;
mod text;
mod time;

pub use address::{eprt_argument, parse_epsv, parse_pasv, port_argument};
pub use charset::Charset;
pub use command::{Command, MAX_COMMAND_BYTES};
pub use facts::{parse_mdtm, parse_size};
pub use features::Features;
pub use hash::{parse_hash, HashAlgorithm};
pub use listing::{
    parse_mlst, Entry, EntryKind, ListingFormat, ListingItem, ListingParser, MAX_LISTING_LINE_BYTES,
};
pub use path::parse_pwd;
pub(crate) use printable::printable;
pub use reply::Reply;
pub use reply_parser::{ReplyParser, MAX_LINE_BYTES, MAX_REPLY_BYTES};
pub use text::{TextDecoder, TextEncoder};
pub use time::{system_time, time_val, Precision, Timestamp};

/// A number of nothing but decimal digits, if it fits: Rust's own `parse` takes a plus sign too.
fn decimal<N: std::str::FromStr>(digits: &str) -> Option<N> {
    let is_decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal.then(|| digits.parse().ok()).flatten()
}
