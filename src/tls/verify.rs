//! Whether a server's certificate is accepted.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Decides whether a server is trusted that presents these certificates (DER, its own first, in its order), on the thread
/// that makes the call, in the midst of a handshake: on the control connection, and on data connections that are not
/// resumed. An `Err` refuses, and its text is the reason.
pub type TrustDecision = Arc<dyn Fn(&[&[u8]]) -> std::result::Result<(), String> + Send + Sync>;

/// The rules for a certificate. Handshake signatures are verified under each of them, or a copied certificate
/// would pass.
pub(super) enum Rule {
    /// Chain, dates and name.
    Chain {
        /// Absent when there is not a single root.
        webpki: Option<Arc<WebPkiServerVerifier>>,
        /// Certificates that are trusted when the server presents them as its own.
        trusted_leaves: Vec<CertificateDer<'static>>,
    },
    /// The SHA-256 of the leaf, in place of chain, dates and name.
    Pins(Vec<[u8; 32]>),
    /// The caller's decision, in place of chain and dates; and the name.
    Decision(TrustDecision),
    /// Anything.
    AcceptAny,
}

pub(super) struct Verifier {
    pub rule: Rule,
    /// The name is not checked, under any rule.
    pub any_name: bool,
    pub algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    fn verify_name(&self, leaf: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<(), Error> {
        if self.any_name {
            return Ok(());
        }
        verify_server_name(&ParsedCertificate::try_from(leaf)?, name)
    }

    /// webpki looks at the name last.
    fn unless_any_name<T>(&self, verdict: Result<T, Error>) -> Result<(), Error> {
        match verdict {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.any_name => Ok(()),
            other => other.map(drop),
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = match &self.rule {
            Rule::AcceptAny => Ok(()),
            Rule::Pins(pins) if pins.contains(&fingerprint(leaf)) => Ok(()),
            Rule::Pins(_) => {
                let reason = "it is not the pinned certificate".to_owned();
                return Err(refusal(reason, leaf));
            }
            Rule::Decision(decide) => {
                let chain: Vec<&[u8]> = [leaf].into_iter().chain(intermediates).map(|der| &**der).collect();
                decide(&chain).map_err(|reason| refusal(reason, leaf))?;
                self.verify_name(leaf, name)
            }
            Rule::Chain { trusted_leaves, .. } if trusted_leaves.iter().any(|known| known == leaf) => {
                self.verify_name(leaf, name).and_then(|()| verify_dates(leaf, now))
            }
            Rule::Chain { webpki: Some(webpki), .. } => {
                self.unless_any_name(webpki.verify_server_cert(leaf, intermediates, name, ocsp_response, now))
            }
            Rule::Chain { webpki: None, .. } => Err(CertificateError::UnknownIssuer.into()),
        };
        verdict
            .map(|()| ServerCertVerified::assertion())
            .map_err(|error| refusal(explain(&error, name), leaf))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Of a certificate that was itself handed over as a root: people do that with self-signed server certificates, and webpki refuses
/// a CA certificate in a server's place.
fn verify_dates(leaf: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let (_, parsed) =
        x509_parser::parse_x509_certificate(leaf).map_err(|_| Error::from(CertificateError::BadEncoding))?;
    let seconds = i64::try_from(now.as_secs()).map_err(|_| Error::from(CertificateError::Expired))?;
    if seconds < parsed.validity().not_before.timestamp() {
        return Err(CertificateError::NotValidYet.into());
    }
    if seconds > parsed.validity().not_after.timestamp() {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

fn explain(error: &Error, name: &ServerName<'_>) -> String {
    let Error::InvalidCertificate(reason) = error else {
        return error.to_string();
    };
    match reason {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its issuer is not trusted: add the issuing CA, or the server's own certificate, as an extra root, or pin it".into()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired: the server needs a new one (is this machine's clock right?)".into()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet (is this machine's clock right?)".into()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!(
                "it is not for {}: connect by a name it was issued for, or set the TLS server name ({reason})",
                name.to_str()
            )
        }
        CertificateError::Revoked => "it was revoked".into(),
        _ => reason.to_string(),
    }
}

/// The reason, with the fingerprint that a pin would need.
fn refusal(reason: String, leaf: &CertificateDer<'_>) -> Error {
    let digits: String = fingerprint(leaf).iter().map(|byte| format!("{byte:02x}")).collect();
    let refusal = Refusal(format!("{reason}; its SHA-256 is {digits}"));
    CertificateError::Other(OtherError(Arc::new(refusal))).into()
}

#[derive(Debug)]
struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// SHA-256 of a certificate's DER encoding.
pub(super) fn fingerprint(certificate: &CertificateDer<'_>) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}
