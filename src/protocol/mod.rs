//! The bytes of FTP, without I/O: replies, commands, features, addresses, listings.

mod reply;

pub use reply::Reply;
