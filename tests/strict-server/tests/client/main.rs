//! The client's promises, on the embedded strict server and real sockets.

mod active;
mod ahead;
mod atomic;
mod attributes;
mod certificates;
mod changes;
mod common;
mod faults;
mod files;
mod floods;
mod lifecycle;
mod limits;
mod listing_choice;
mod listings;
mod login_faults;
mod passive;
mod range;
mod recording;
mod resume;
mod retry;
mod tether;
mod text;
mod times;
mod wrong_ends;
