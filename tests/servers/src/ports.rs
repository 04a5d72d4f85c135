//! Ports that no other test gets.

use crate::error::StartError;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::ops::RangeInclusive;

/// The kernel takes the ports of outgoing connections from 32768 up: staying below keeps out of its way.
const FIRST: u16 = 10_240;
const BLOCK: u16 = 200;
const BLOCKS: u16 = (32_767 - FIRST) / BLOCK;

/// A block of neighbouring ports, for one server. A listener on the first of them keeps other tests, in
/// this process and others, off the whole block; the kernel releases it with the process.
#[derive(Debug)]
pub(crate) struct PortBlock {
    guard: TcpListener,
    first: u16,
}

impl PortBlock {
    /// Takes a free block. `address` is where the server will listen.
    pub fn take(address: IpAddr) -> Result<PortBlock, StartError> {
        // Test processes start at different blocks, so that they seldom meet.
        let offset = u64::from(std::process::id()).wrapping_mul(7) % u64::from(BLOCKS);
        for step in 0..BLOCKS {
            // Below `BLOCKS` by the modulus, which fits.
            let index = ((offset + u64::from(step)) % u64::from(BLOCKS)) as u16;
            let first = FIRST + index * BLOCK;
            let Ok(guard) = TcpListener::bind((Ipv4Addr::LOCALHOST, first)) else { continue };
            let block = PortBlock { guard, first };
            if block.is_usable(address) {
                return Ok(block);
            }
        }
        Err(StartError::Failed(format!(
            "no free block of {BLOCK} ports from {FIRST} up: are {BLOCKS} servers running?"
        )))
    }

    /// The port for control connections. The one before it is free: ProFTPD makes active data connections from there
    /// (RFC 959 section 3.2).
    pub fn control(&self) -> u16 {
        self.first + 2
    }

    /// The ports for passive data connections.
    pub fn passive(&self) -> RangeInclusive<u16> {
        self.first + 3..=self.first + BLOCK - 1
    }

    /// Some other program of this machine may hold the control port. An address of another network namespace
    /// cannot be tried from here; nothing else listens there.
    fn is_usable(&self, address: IpAddr) -> bool {
        debug_assert!(self.guard.local_addr().is_ok());
        !address.is_loopback() || TcpListener::bind((address, self.control())).is_ok()
    }
}
