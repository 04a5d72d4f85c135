//! The client's promises, on the embedded strict server and real sockets.

mod certificates;
mod common;
mod faults;
mod lifecycle;
mod tether;
