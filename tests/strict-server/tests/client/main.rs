//! The client's promises, on the embedded strict server and real sockets.

mod active;
mod ahead;
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
mod names;
mod oddities;
mod passive;
mod pret;
mod protection;
mod proxies;
mod recording;
mod sockets;
mod tether;
mod times;
mod wrong_ends;
