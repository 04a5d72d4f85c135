//! Randomness and time for rustls that come from the simulation.
//!
//! With [`provider`] every byte on the wire comes from the seed: what rustls draws (hello random, session ids, extension
//! order, ticket nonces, `ticket_age_add`), and the key shares, which are X25519 keys made of the same random source.
//!
//! What does not come from the seed, because aws-lc draws it: the key shares of [`post_quantum_provider`], and ECDSA
//! nonces and keys. A server therefore uses Ed25519 certificates with keys of the provider's random source and a fixed
//! serial number. The network's decisions depend on lengths alone; those of key shares are constant, those of ECDSA signatures are not.

use crate::scheduler::current;
use aws_lc_rs::agreement::{agree, PrivateKey, UnparsedPublicKey, X25519};
use rustls::crypto::{
    aws_lc_rs as rustls_aws_lc, ActiveKeyExchange, CryptoProvider, GetRandomFailed, SecureRandom,
    SharedSecret, SupportedKxGroup,
};
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{Error, NamedGroup, PeerMisbehaved};
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

/// The aws-lc-rs provider with [`SeededRandom`], and X25519 keys made of it. It can be made anywhere and shared by all
/// simulations.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        kx_groups: vec![&SeededX25519],
        secure_random: &SeededRandom,
        ..rustls_aws_lc::default_provider()
    })
}

/// The aws-lc-rs provider with [`SeededRandom`] and its own key exchange groups, the post-quantum hybrid first: a
/// hello of more than a segment. Two runs of a seed are alike in all lengths, not in all bytes.
pub fn post_quantum_provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider { secure_random: &SeededRandom, ..rustls_aws_lc::default_provider() })
}

/// X25519 (RFC 7748) with private keys from [`SeededRandom`].
#[derive(Debug)]
struct SeededX25519;

impl SupportedKxGroup for SeededX25519 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut private = [0; 32];
        SeededRandom.fill(&mut private)?;
        let failed = || Error::General("aws-lc made no X25519 key".into());
        let private = PrivateKey::from_private_key(&X25519, &private).map_err(|_| failed())?;
        let public = private.compute_public_key().map_err(|_| failed())?.as_ref().to_vec();
        Ok(Box::new(X25519Exchange { private, public }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

struct X25519Exchange {
    private: PrivateKey,
    public: Vec<u8>,
}

impl ActiveKeyExchange for X25519Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let peer = UnparsedPublicKey::new(&X25519, peer);
        let invalid = Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare);
        agree(&self.private, peer, invalid, |secret| Ok(SharedSecret::from(secret)))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519
    }
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
