//! The native half of the Java client `org.libftps`: the functions behind the class `Native`.
//!
//! - Java calls with numbers, byte arrays, direct buffers and functional interfaces of the JDK, and gets byte arrays back (`wire`). No class
//!   of the Java client is named here, so that it can be relocated by shading.
//! - Java hands its class over when the library is loaded (`registration`); no global reference to it is kept, so that its loader can be
//!   unloaded.
//! - Sessions, pools and plans are known to Java by numbers (`handles`); a number that is no longer valid is an error, not a crash.
//! - An exception that a callback throws is kept, and thrown again by the function that called it (`callbacks`).
#![deny(unsafe_code)]

mod callbacks;
mod calls;
mod connection;
mod encode;
mod encode_trees;
mod errors;
mod handles;
mod methods;
mod operations;
mod options;
mod pool;
mod registration;
mod session;
mod transfers;
mod tree_methods;
mod trees;
mod wire;
