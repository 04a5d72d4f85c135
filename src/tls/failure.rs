//! rustls' errors in the words of this crate.

use crate::{Cause, Error, Failure};
use rustls::{CertificateError, OtherError};

/// A TLS failure on `channel` ("control connection", "data connection").
pub(super) fn tls_error(error: rustls::Error, channel: &str) -> Error {
    let (alert, from_peer) = match &error {
        rustls::Error::AlertReceived(alert) => (Some(u8::from(*alert)), true),
        _ => (None, false),
    };
    let cause = Cause::Tls { description: description(&error), alert, from_peer };
    match error {
        rustls::Error::InvalidCertificate(_) => Error::Certificate(
            Failure::new(format!("the server's certificate on the {channel} was not accepted")).with_cause(cause),
        ),
        rustls::Error::AlertReceived(_) => {
            Error::Tls(Failure::new(format!("the server ended TLS on the {channel} with an alert")).with_cause(cause))
        }
        rustls::Error::PeerIncompatible(_) => Error::Tls(
            Failure::new(format!(
                "the server has no TLS version or cipher suite in common with this client on the {channel} (TLS 1.2 \
                 with AEAD suites, or TLS 1.3, is needed)"
            ))
            .with_cause(cause),
        ),
        _ => Error::Tls(Failure::new(format!("TLS failed on the {channel}")).with_cause(cause)),
    }
}

/// rustls shows a refusal of our own verifier as a debugging aid; what it says stands on its own.
fn description(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(refusal))) => {
            refusal.to_string()
        }
        _ => error.to_string(),
    }
}

/// A breach of RFC 8446 that this crate's own record layer found; `alert` is what the peer is told.
pub(super) fn violation(description: impl Into<String>, alert: rustls::AlertDescription) -> Error {
    let cause =
        Cause::Tls { description: description.into(), alert: Some(u8::from(alert)), from_peer: false };
    Error::Tls(Failure::new("TLS failed on the control connection").with_cause(cause))
}
