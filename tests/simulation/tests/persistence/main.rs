//! Sessions that hold out, on the simulated network: transfers that are tried again, and control connections that are kept alive.

#[path = "../common/mod.rs"]
mod common;
mod keep_alive;
mod retry;

use fastrand::Rng;
use simulation::Campaign;

const FILE: &str = "file";

fn campaign(sessions: u64, test: &str) -> Campaign {
    let command = format!("cargo test -p libftps-simulation --test persistence -- --exact {test}");
    Campaign::from_environment(sessions, &command).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// A source of chance that is not that of the simulation with the same seed.
fn chance(seed: u64) -> Rng {
    Rng::with_seed(seed ^ 0x7065_7273_6973_7400)
}

/// Bytes without a pattern that a mistake could repeat.
fn payload(rng: &mut Rng, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rng.fill(&mut bytes);
    bytes
}

fn choose<T: Clone>(rng: &mut Rng, choices: &[T]) -> T {
    choices[rng.usize(0..choices.len())].clone()
}

/// The error that ends a session which broke a promise.
fn check(kept: bool, promise: impl FnOnce() -> String) -> Result<(), String> {
    if kept {
        Ok(())
    } else {
        Err(promise())
    }
}
