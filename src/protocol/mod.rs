//! The bytes of FTP, without I/O: replies, commands, features, addresses, paths, facts.
//!
//! Nothing here touches a socket or a clock, so that everything can be tested and fuzzed with bytes alone. What
//! comes from the peer never panics and never grows without a bound; what cannot be understood is
//! [`Error::Protocol`](crate::Error::Protocol), or an item of its own where it is one line of a listing.

mod address;
mod command;
mod facts;
mod features;
pub mod listing;
mod path;
mod printable;
mod reply;
mod reply_parser;
#[cfg(test)]
mod tests;
mod timestamp;

pub use address::{eprt_argument, parse_epsv, parse_pasv, port_argument};
pub use command::{Command, MAX_COMMAND_BYTES};
pub use facts::{parse_mdtm, parse_size};
pub use features::Features;
pub use path::parse_pwd;
pub use reply::Reply;
pub use reply_parser::{ReplyParser, MAX_LINE_BYTES, MAX_REPLY_BYTES};
pub use timestamp::{Precision, Timestamp};
