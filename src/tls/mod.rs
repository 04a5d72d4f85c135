//! Everything that knows rustls: configuration, verification, record I/O, and the session tether.
//!
//! This room does no I/O: bytes of any transport go in, bytes for it come out.

mod clear;
mod config;
mod control;
mod data;
mod failure;
mod identity;
mod options;
mod record;
mod session;
mod store;
mod suites;
mod tether;
mod unbuffered;
mod verify;

#[cfg(test)]
mod tests;

pub(crate) use config::TlsConfig;
pub(crate) use control::ControlSession;
pub(crate) use data::DataSession;
pub use identity::{CertificateRequest, ClientIdentity, IdentityChoice, MessageSigner};
pub use options::{ResumptionPolicy, TlsOptions, TlsVersion};
pub(crate) use session::{StreamEnd, TlsSession};
pub(crate) use tether::{OfferKind, TicketCounts};
pub use verify::TrustDecision;
