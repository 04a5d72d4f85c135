//! Tests on bytes, through the public interface of the room.

mod address;
mod charset;
mod command;
mod facts;
mod features;
mod listing;
mod path;
mod printable;
mod reply;
mod telnet;
mod text;

use super::{Reply, ReplyParser};

/// The one reply that `bytes` are.
fn reply(bytes: impl AsRef<[u8]>) -> Reply {
    let mut parser = ReplyParser::new();
    parser.feed(bytes.as_ref());
    let reply = parser.next_reply().expect("a well-formed reply").expect("a complete reply");
    assert!(parser.is_empty(), "bytes after the reply");
    reply
}
