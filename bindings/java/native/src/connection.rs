//! Whose connection a client has.

use ftps::client::pool::Lease;
use ftps::FtpsClient;
use std::ops::{Deref, DerefMut};

pub enum Connection {
    Own(Box<FtpsClient>),
    /// A pool's, which gets it back.
    Leased(Lease),
}

impl Connection {
    /// Closes the client's own connection without waiting, and gives a pool's back, unless a defect was found.
    pub fn leave(self, is_sound: bool) {
        match self {
            Connection::Own(mut client) => client.close(),
            Connection::Leased(lease) if is_sound => drop(lease),
            Connection::Leased(lease) => lease.discard(),
        }
    }

    pub fn quit(self) -> ftps::Result<()> {
        match self {
            Connection::Own(client) => client.quit(),
            Connection::Leased(lease) => lease.quit(),
        }
    }
}

impl Deref for Connection {
    type Target = FtpsClient;

    fn deref(&self) -> &FtpsClient {
        match self {
            Connection::Own(client) => client,
            Connection::Leased(lease) => lease,
        }
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut FtpsClient {
        match self {
            Connection::Own(client) => client,
            Connection::Leased(lease) => lease,
        }
    }
}
