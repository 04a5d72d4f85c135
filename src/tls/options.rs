//! What the caller may choose about TLS.

use super::identity::{IdentityChoice, IdentitySource};
use super::verify::TrustDecision;
use crate::{Error, Failure, Result};
use std::path::PathBuf;

/// A version of TLS. There are no older ones here: rustls has neither TLS 1.0 and 1.1 nor CBC suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    V1_2,
    /// TLS 1.3 (RFC 8446).
    V1_3,
}

/// What to do about data connections that do not resume the control connection's TLS session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResumptionPolicy {
    /// Offer the control session; go on with a full handshake where the server declines it. The server must then
    /// present the certificate of the control connection.
    #[default]
    Prefer,
    /// A data connection that did not resume is an error before any payload byte is sent; where there is
    /// nothing to offer, before the transfer command is sent.
    Require,
    /// Offer nothing.
    Off,
}

/// Certificates, names and versions. The same rules hold on the control connection and on every data connection.
///
/// The default trusts the platform's roots, checks chain, dates and host name, and takes TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct TlsOptions {
    pub(super) platform_roots: bool,
    pub(super) extra_roots: Vec<Vec<u8>>,
    pub(super) pins: Vec<[u8; 32]>,
    pub(super) accept_any_certificate: bool,
    pub(super) trust_decision: Option<TrustDecision>,
    pub(super) accept_any_name: bool,
    pub(super) identity: Option<IdentitySource>,
    pub(super) revocation_lists: Vec<Vec<u8>>,
    pub(super) min_version: TlsVersion,
    pub(super) max_version: TlsVersion,
    pub(super) cipher_suites: Option<Vec<String>>,
    pub(super) server_name: Option<String>,
    pub(super) key_log: Option<PathBuf>,
    #[cfg(any(test, feature = "simulation"))]
    pub(super) provider: Option<std::sync::Arc<rustls::crypto::CryptoProvider>>,
}

impl Default for TlsOptions {
    fn default() -> Self {
        TlsOptions {
            platform_roots: true,
            extra_roots: Vec::new(),
            pins: Vec::new(),
            accept_any_certificate: false,
            trust_decision: None,
            accept_any_name: false,
            identity: None,
            revocation_lists: Vec::new(),
            min_version: TlsVersion::V1_2,
            max_version: TlsVersion::V1_3,
            cipher_suites: None,
            server_name: None,
            key_log: None,
            #[cfg(any(test, feature = "simulation"))]
            provider: None,
        }
    }
}

impl TlsOptions {
    /// Whether the platform's root certificates are trusted (default: yes).
    pub fn platform_roots(mut self, trusted: bool) -> Self {
        self.platform_roots = trusted;
        self
    }

    /// Trusts the certificates in `pem` besides. A server certificate that is itself among them is trusted too; its
    /// name and dates are still checked. May be called repeatedly.
    pub fn extra_roots_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.extra_roots.push(pem.into());
        self
    }

    /// Accepts the certificate whose DER encoding has this SHA-256, in place of checking chain, name and dates.
    /// With several pins, any of them.
    pub fn pin_sha256(mut self, fingerprint: [u8; 32]) -> Self {
        self.pins.push(fingerprint);
        self
    }

    /// The same with a fingerprint in hexadecimal, as `openssl x509 -noout -fingerprint -sha256` and the
    /// errors of this crate write it; colons and spaces are passed over. Fails with
    /// [`Error::InvalidArgument`] unless there are 64 digits.
    pub fn pin_sha256_hex(self, fingerprint: &str) -> Result<Self> {
        let invalid = || {
            let message =
                format!("a SHA-256 fingerprint has 64 hexadecimal digits, which {fingerprint:?} has not");
            Error::InvalidArgument(Failure::new(message))
        };
        let digits: Option<Vec<u8>> = fingerprint
            .chars()
            .filter(|character| !matches!(character, ':' | ' '))
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.ok_or_else(invalid)?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit)).collect();
        match (digits.len(), <[u8; 32]>::try_from(bytes)) {
            (64, Ok(bytes)) => Ok(self.pin_sha256(bytes)),
            _ => Err(invalid()),
        }
    }

    /// **Insecure.** Accepts any certificate: whoever sits in between can read the password and the files. Handshake
    /// signatures are still verified, and data connections must present the control connection's certificate.
    pub fn danger_accept_any_certificate(mut self, accept: bool) -> Self {
        self.accept_any_certificate = accept;
        self
    }

    /// Decides by rules of the caller's own, in place of roots, dates and revocation lists. The name and the handshake's
    /// signature are checked besides. Where there are pins, they decide alone.
    pub fn trust_decision(mut self, decision: TrustDecision) -> Self {
        self.trust_decision = Some(decision);
        self
    }

    /// **Insecure.** Accepts a trusted certificate whatever name it was issued for: everybody who has a certificate of a
    /// trusted authority can stand in for the server.
    pub fn danger_accept_any_name(mut self, accept: bool) -> Self {
        self.accept_any_name = accept;
        self
    }

    /// The client's certificate chain and private key (PKCS#8, PKCS#1 or SEC1), both PEM.
    pub fn client_identity_pem(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        let key = zeroize::Zeroizing::new(key.into());
        self.identity = Some(IdentitySource::Pem { chain: chain.into(), key });
        self
    }

    /// Chooses the client's certificate when a server asks for one, in place of
    /// [`client_identity_pem`](Self::client_identity_pem): for several certificates, and for keys that cannot be handed over.
    pub fn client_identity_choice(mut self, choice: IdentityChoice) -> Self {
        self.identity = Some(IdentitySource::Choice(choice));
        self
    }

    /// Certificate revocation lists, PEM, for certificates whose chain is checked: with a pin, or when any
    /// certificate is accepted, they are not looked at. Nothing is fetched: neither CRL nor OCSP. May be
    /// called repeatedly.
    pub fn revocation_lists_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.revocation_lists.push(pem.into());
        self
    }

    /// The lowest and the highest version to negotiate.
    pub fn versions(mut self, min: TlsVersion, max: TlsVersion) -> Self {
        self.min_version = min;
        self.max_version = max;
        self
    }

    /// Offers these cipher suites alone, the preferred one first; by default, all that there are. Names are IANA's, for instance
    /// `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. Suites of one TLS version leave only that version. An empty list, a name
    /// that is not known here (CBC suites are not), and suites of versions that are switched off alone, are
    /// [`Error::InvalidArgument`] when connecting, which names the known ones.
    pub fn cipher_suites(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.cipher_suites = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The name to send and to check, where it is not the host that is connected to.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Appends the TLS secrets of all connections to this file, in the format of `SSLKEYLOGFILE`, for reading captures.
    /// Whoever has the file can read the traffic.
    pub fn key_log(mut self, file: impl Into<PathBuf>) -> Self {
        self.key_log = Some(file.into());
        self
    }

    /// Replaces the crypto provider, so that a simulation can draw its randomness from a seed.
    #[cfg(any(test, feature = "simulation"))]
    #[doc(hidden)]
    pub fn crypto_provider(mut self, provider: std::sync::Arc<rustls::crypto::CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }
}

impl std::fmt::Debug for TlsOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsOptions")
            .field("platform_roots", &self.platform_roots)
            .field("extra_roots", &self.extra_roots.len())
            .field("pins", &self.pins.len())
            .field("accept_any_certificate", &self.accept_any_certificate)
            .field("trust_decision", &self.trust_decision.is_some())
            .field("accept_any_name", &self.accept_any_name)
            .field("client_identity", &self.identity.is_some())
            .field("versions", &(self.min_version, self.max_version))
            .field("cipher_suites", &self.cipher_suites)
            .field("server_name", &self.server_name)
            .field("key_log", &self.key_log)
            .finish_non_exhaustive()
    }
}
