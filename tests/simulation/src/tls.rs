//! Randomness and time for rustls that come from the simulation.
//!
//! What does not come from the seed: key shares, ML-KEM encapsulations, session ticket keys and ECDSA nonces are
//! drawn inside aws-lc. Their contents never reach the network's decisions, only their lengths do, and the
//! lengths are constant, with two exceptions that a simulation must avoid:
//!
//! - ECDSA signatures are DER, 70 to 72 bytes for P-256: use Ed25519 certificates (always 64 bytes).
//! - certificates with a random serial number differ in length where it begins with a zero byte, once in some
//!   hundred: set a fixed one (`rcgen`: `params.serial_number`).
//!
//! Everything else that rustls draws (hello random, session ids, extension order, ticket nonces, `ticket_age_add`)
//! comes from [`provider`]'s random source. The test `tls_lengths_do_not_depend_on_what_aws_lc_draws` holds this.

use crate::scheduler::current;
use rustls::crypto::{aws_lc_rs, CryptoProvider, GetRandomFailed, SecureRandom};
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use std::sync::{Arc, PoisonError};
use std::time::UNIX_EPOCH;

/// Draws from the simulation whose task the calling thread is, and fails on any other thread.
///
/// One for all simulations, and without state: rustls wants a `&'static`, and a leaked one for each of many thousand
/// simulations would add up.
#[derive(Clone, Copy, Debug)]
pub struct SeededRandom;

impl SecureRandom for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), GetRandomFailed> {
        let simulation = current().ok_or(GetRandomFailed)?;
        simulation.tls_random.lock().unwrap_or_else(PoisonError::into_inner).fill(buffer);
        Ok(())
    }
}

/// The aws-lc-rs provider with [`SeededRandom`]. It can be made anywhere and shared by all simulations.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider { secure_random: &SeededRandom, ..aws_lc_rs::default_provider() })
}

/// The calendar clock of the simulation whose task the calling thread is; none on any other thread.
///
/// For `time_provider` of rustls configurations, so that tickets age in virtual time.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedTime;

impl TimeProvider for SimulatedTime {
    fn current_time(&self) -> Option<UnixTime> {
        let since_epoch = current()?.wall_clock().duration_since(UNIX_EPOCH).ok()?;
        Some(UnixTime::since_unix_epoch(since_epoch))
    }
}
