//! A synchronous FTPS client whose data connections always resume the control connection's TLS session.
#![deny(unsafe_code)]
#![warn(missing_docs)]

#[cfg(feature = "capi")]
pub mod capi;
pub mod client;
mod error;
pub mod net;
pub mod protocol;
mod tls;
pub mod trees;

pub use client::FtpsClient;
pub use error::{Cause, Error, Failure, Result};
pub use tls::{
    CertificateRequest, ClientIdentity, IdentityChoice, MessageSigner, ResumptionPolicy, TlsOptions,
    TlsVersion, TrustDecision,
};
