//! Throw-away certificates: an authority, the leaves of both connections, and client certificates.

use rcgen::{
    date_time_ymd, BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, SerialNumber, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256,
};
use rustls::crypto::{CryptoProvider, SecureRandom};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::io;
use std::sync::Arc;

/// The certificates of a server.
#[derive(Clone, Debug, Default)]
pub struct CertificateOptions {
    /// The kind of all keys.
    pub key: KeyType,
    /// The certificate on control connections.
    pub control: Leaf,
    /// The certificate on data connections. None: the same as on control connections.
    /// `Some(Leaf::Valid)` is another valid one.
    pub data: Option<Leaf>,
    /// Whether clients need a certificate of this server's authority.
    pub client: ClientCertificate,
    /// An authority made earlier, so that many servers need not each make one.
    pub authority: Option<Authority>,
}

/// The kind of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyType {
    /// ECDSA on P-256.
    #[default]
    EcdsaP256,
    /// Ed25519. Keys come from the crypto provider's random source, and signatures are always 64 bytes long: with a seeded
    /// source two runs are alike byte for byte.
    Ed25519,
    /// RSA with 2048 bits, which most servers still have. Making one takes a moment.
    Rsa2048,
}

/// What a certificate is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaf {
    /// Issued by the server's authority for `localhost`, 127.0.0.1 and ::1, valid from 2000 to 2099.
    #[default]
    Valid,
    /// Expired in 2001.
    Expired,
    /// For the right names, but signed by itself.
    SelfSigned,
    /// Issued by the authority, for `other.example` alone.
    OtherName,
}

/// Whether clients need a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientCertificate {
    /// None is asked for.
    #[default]
    NotAsked,
    /// Asked for, and checked if there is one.
    Optional,
    /// Without one the handshake fails.
    Required,
}

/// A certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// Its private key, PKCS #8.
    pub key: String,
}

/// A throw-away certification authority. Clones are the same one.
#[derive(Clone)]
pub struct Authority(Arc<CertifiedIssuer<'static, KeyPair>>);

impl Authority {
    /// Makes an authority with a new key.
    pub fn new(key: KeyType, provider: &CryptoProvider) -> io::Result<Self> {
        let mut params = parameters("libftps strict-server throw-away CA", Vec::new(), 1)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, new_key(key, provider.secure_random)?);
        Ok(Authority(Arc::new(issuer.map_err(io::Error::other)?)))
    }

    /// The authority's certificate, for clients to trust.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// The authority's certificate in DER.
    pub fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A certificate for a client called `name`.
    pub fn client_identity(
        &self,
        name: &str,
        key: KeyType,
        provider: &CryptoProvider,
    ) -> io::Result<Identity> {
        let key = new_key(key, provider.secure_random)?;
        let mut params = parameters(name, Vec::new(), 4)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &self.0).map_err(io::Error::other)?;
        Ok(Identity { certificate: certificate.pem(), key: key.serialize_pem() })
    }

    /// A certificate for the server, ready for rustls.
    pub(crate) fn leaf(
        &self,
        leaf: Leaf,
        serial: u64,
        key: KeyType,
        provider: &CryptoProvider,
    ) -> io::Result<Arc<CertifiedKey>> {
        let key = new_key(key, provider.secure_random)?;
        let names = match leaf {
            Leaf::OtherName => vec!["other.example".to_owned()],
            _ => vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()],
        };
        let mut params = parameters("libftps strict-server", names, serial)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if leaf == Leaf::Expired {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let certificate = match leaf {
            Leaf::SelfSigned => params.self_signed(&key),
            _ => params.signed_by(&key, &self.0),
        };
        let certificate = certificate.map_err(io::Error::other)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = provider.key_provider.load_private_key(private).map_err(io::Error::other)?;
        Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], signer)))
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

fn parameters(name: &str, names: Vec<String>, serial: u64) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(2099, 12, 31);
    // Chosen rather than random: its length in DER varies with its value.
    params.serial_number = Some(SerialNumber::from(serial));
    // Python's default verification flags ask for it since 3.13.
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn new_key(key: KeyType, random: &dyn SecureRandom) -> io::Result<KeyPair> {
    match key {
        KeyType::EcdsaP256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(io::Error::other),
        KeyType::Rsa2048 => KeyPair::generate_for(&PKCS_RSA_SHA256).map_err(io::Error::other),
        KeyType::Ed25519 => {
            let mut seed = [0; 32];
            random.fill(&mut seed).map_err(|_| io::Error::other("the random source failed"))?;
            ed25519_from_seed(&seed)
        }
    }
}

/// rcgen makes keys with a random source of its own; through PKCS #8 (RFC 8410 section 7) the seed can be ours.
fn ed25519_from_seed(seed: &[u8; 32]) -> io::Result<KeyPair> {
    const PREFIX: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let document = [&PREFIX[..], seed].concat();
    let private = PrivatePkcs8KeyDer::from(document);
    KeyPair::from_pkcs8_der_and_sign_algo(&private, &PKCS_ED25519).map_err(io::Error::other)
}
