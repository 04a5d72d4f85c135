//! The client's certificate: always the same one, or one that the caller chooses when a server asks.

use crate::{Error, Failure, Result};
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What a server that asks for a client certificate wants to see (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CertificateRequest<'a> {
    /// The distinguished names of authorities whose certificates the server takes, in DER; empty where it does not say.
    pub authorities: &'a [&'a [u8]],
    /// The signature schemes that the server takes, its favourite first, as the numbers of RFC 8446 section 4.2.3.
    pub schemes: &'a [u16],
}

/// Chooses the certificate when a server asks for one, on the thread that makes the call, in the midst of a handshake:
/// on the control connection, and on data connections that are not resumed. `Ok(None)` goes on without a
/// certificate; an `Err` ends the handshake, and its text is the reason.
pub type IdentityChoice =
    Arc<dyn Fn(&CertificateRequest<'_>) -> std::result::Result<Option<ClientIdentity>, String> + Send + Sync>;

/// Signs a message (the message, not its hash) by the scheme with this number, in the form of RFC 8446 section 4.2.3.
pub type MessageSigner = Arc<dyn Fn(u16, &[u8]) -> std::result::Result<Vec<u8>, String> + Send + Sync>;

/// A certificate chain and what signs for it.
pub struct ClientIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: Key,
}

enum Key {
    Exported(Zeroizing<Vec<u8>>),
    Elsewhere { schemes: Vec<u16>, signer: MessageSigner },
}

impl ClientIdentity {
    /// With a private key at hand. The chain is DER, the client's own certificate first; the key is PKCS#8, PKCS#1 or SEC1 in DER.
    pub fn with_key(chain: Vec<Vec<u8>>, key: impl Into<Vec<u8>>) -> ClientIdentity {
        ClientIdentity { chain: certificates(chain), key: Key::Exported(Zeroizing::new(key.into())) }
    }

    /// With a private key that stays where it is, and signs there by any of `schemes`, the favourite first.
    pub fn with_signer(chain: Vec<Vec<u8>>, schemes: Vec<u16>, signer: MessageSigner) -> ClientIdentity {
        ClientIdentity { chain: certificates(chain), key: Key::Elsewhere { schemes, signer } }
    }

    fn certified(self, provider: &CryptoProvider) -> std::result::Result<CertifiedKey, String> {
        match self.key {
            Key::Exported(key) => {
                let key = PrivateKeyDer::try_from(key.as_slice())?.clone_key();
                CertifiedKey::from_der(self.chain, key, provider).map_err(|error| {
                    format!("the client certificate and key cannot be used together: {error}")
                })
            }
            Key::Elsewhere { schemes, signer } => {
                let schemes = schemes.into_iter().map(SignatureScheme::from).collect();
                Ok(CertifiedKey::new(self.chain, Arc::new(RemoteKey { schemes, signer })))
            }
        }
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity").field("chain", &self.chain.len()).finish_non_exhaustive()
    }
}

fn certificates(chain: Vec<Vec<u8>>) -> Vec<CertificateDer<'static>> {
    chain.into_iter().map(CertificateDer::from).collect()
}

/// Where the identity comes from.
#[derive(Clone)]
pub(super) enum IdentitySource {
    Pem { chain: Vec<u8>, key: Zeroizing<Vec<u8>> },
    Choice(IdentityChoice),
}

impl IdentitySource {
    pub fn resolver(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ResolvesClientCert>> {
        match self {
            IdentitySource::Pem { chain, key } => Ok(Arc::new(from_pem(chain, key, provider)?)),
            IdentitySource::Choice(choice) => {
                Ok(Arc::new(Chooser { choice: choice.clone(), provider: provider.clone() }))
            }
        }
    }
}

fn from_pem(chain: &[u8], key: &[u8], provider: &CryptoProvider) -> Result<SingleCertAndKey> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| invalid(format!("the client certificate is not PEM: {error}")))?;
    if chain.is_empty() {
        return Err(invalid("the client certificate file contains no PEM certificate (BEGIN CERTIFICATE)"));
    }
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|error| invalid(format!("the client key is not an unencrypted PEM private key: {error}")))?;
    let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| {
        invalid(format!("the client certificate and key cannot be used together: {error}"))
    })?;
    Ok(SingleCertAndKey::from(certified))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::InvalidArgument(Failure::new(message))
}

struct Chooser {
    choice: IdentityChoice,
    provider: Arc<CryptoProvider>,
}

impl ResolvesClientCert for Chooser {
    fn resolve(
        &self,
        authorities: &[&[u8]],
        signature_schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let schemes: Vec<u16> = signature_schemes.iter().copied().map(u16::from).collect();
        let chosen = (self.choice)(&CertificateRequest { authorities, schemes: &schemes });
        let certified = chosen
            .and_then(|identity| identity.map(|identity| identity.certified(&self.provider)).transpose());
        certified.unwrap_or_else(|reason| Some(no_key(reason))).map(Arc::new)
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl fmt::Debug for Chooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chooser")
    }
}

/// Ends the handshake with a reason: without a key at all, rustls would go on as nobody.
fn no_key(reason: String) -> CertifiedKey {
    CertifiedKey::new(Vec::new(), Arc::new(NoKey(reason)))
}

/// Takes any scheme, and fails when it shall sign.
#[derive(Clone, Debug)]
struct NoKey(String);

impl SigningKey for NoKey {
    fn choose_scheme(&self, _: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(self.clone()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Anonymous
    }
}

impl Signer for NoKey {
    fn sign(&self, _: &[u8]) -> std::result::Result<Vec<u8>, rustls::Error> {
        Err(rustls::Error::General(self.0.clone()))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::Unknown(0)
    }
}

/// A private key somewhere else.
struct RemoteKey {
    schemes: Vec<SignatureScheme>,
    signer: MessageSigner,
}

impl SigningKey for RemoteKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = *self.schemes.iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(RemoteSigner { scheme, signer: self.signer.clone() }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.schemes.first() {
            Some(
                SignatureScheme::ECDSA_NISTP256_SHA256
                | SignatureScheme::ECDSA_NISTP384_SHA384
                | SignatureScheme::ECDSA_NISTP521_SHA512,
            ) => SignatureAlgorithm::ECDSA,
            Some(SignatureScheme::ED25519) => SignatureAlgorithm::ED25519,
            _ => SignatureAlgorithm::RSA,
        }
    }
}

impl fmt::Debug for RemoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKey").field("schemes", &self.schemes).finish_non_exhaustive()
    }
}

struct RemoteSigner {
    scheme: SignatureScheme,
    signer: MessageSigner,
}

impl Signer for RemoteSigner {
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, rustls::Error> {
        (self.signer)(self.scheme.into(), message).map_err(rustls::Error::General)
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

impl fmt::Debug for RemoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteSigner").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
