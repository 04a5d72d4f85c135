//! Tests of the TLS room: the client side against servers made of rustls, honest and hostile.

mod certificates;
mod closing;
mod hostile;
mod hostility;
mod identity;
mod peers;
mod records;
mod sessions;
mod suites;
mod time;
mod trust;
