//! From the caller's options to rustls configurations.

use super::options::{TlsOptions, TlsVersion};
use super::store::SessionStore;
use super::suites;
use super::verify::{Rule, Verifier};
use crate::net::Network;
use crate::{Error, Failure, Result};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, KeyLog, RootCertStore, SupportedProtocolVersion};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

/// Checked options for one host. The configurations share verifier and client-certificate resolver: rustls
/// compares them by pointer, and resumes only where they are the same.
#[derive(Clone, Debug)]
pub(crate) struct TlsConfig {
    pub(super) server_name: ServerName<'static>,
    pub(super) clock: Arc<dyn Network>,
    tls12: Option<ClientConfig>,
    tls13: Option<ClientConfig>,
    both: ClientConfig,
}

impl TlsConfig {
    /// Reads certificates and keys, and refuses what cannot be used with [`Error::InvalidArgument`].
    pub fn new(options: &TlsOptions, host: &str, network: Arc<dyn Network>) -> Result<TlsConfig> {
        if options.min_version > options.max_version {
            return Err(invalid("the minimum TLS version is above the maximum"));
        }
        let server_name = server_name(options.server_name.as_deref().unwrap_or(host))?;
        let provider = provider(options)?;
        let verifier = Arc::new(Verifier {
            rule: rule(options, &provider)?,
            any_name: options.accept_any_name,
            algorithms: provider.signature_verification_algorithms,
        });
        let build = |versions: &[&'static SupportedProtocolVersion]| {
            base_config(provider.clone(), versions, verifier.clone(), network.clone())
        };
        let mut both = build(&versions(options.min_version, options.max_version))?;
        if let Some(identity) = &options.identity {
            both.client_auth_cert_resolver = identity.resolver(&provider)?;
        }
        if let Some(path) = &options.key_log {
            both.key_log = Arc::new(KeyLogFile::open(path)?);
        }
        let single = |version: TlsVersion| -> Result<Option<ClientConfig>> {
            let enabled = (options.min_version..=options.max_version).contains(&version);
            if !enabled || !suites::any_of(&provider, version) {
                return Ok(None);
            }
            let mut config = build(&versions(version, version))?;
            config.client_auth_cert_resolver = both.client_auth_cert_resolver.clone();
            config.key_log = both.key_log.clone();
            Ok(Some(config))
        };
        let (tls12, tls13) = (single(TlsVersion::V1_2)?, single(TlsVersion::V1_3)?);
        Ok(TlsConfig { server_name, clock: network, tls12, tls13, both })
    }

    /// The same for TLS 1.2 only; none when the minimum version is above that.
    pub fn limited_to_tls12(&self) -> Option<TlsConfig> {
        let tls12 = self.tls12.clone()?;
        Some(TlsConfig { both: tls12.clone(), tls12: Some(tls12), tls13: None, ..self.clone() })
    }

    pub fn is_limited_to_tls12(&self) -> bool {
        self.tls13.is_none()
    }

    /// A random number, for names that nobody else chooses.
    pub fn random(&self) -> Result<u64> {
        let mut bytes = [0; 8];
        let source = self.both.crypto_provider().secure_random;
        source.fill(&mut bytes).map_err(|_| Error::Local(Failure::new("the random source failed")))?;
        Ok(u64::from_ne_bytes(bytes))
    }

    /// For a control connection: its own store, and secrets that may be taken out for its record layer.
    pub(super) fn for_control(&self, store: Arc<SessionStore>) -> Arc<ClientConfig> {
        let mut config = self.both.clone();
        config.resumption = Resumption::store(store);
        config.enable_secret_extraction = true;
        Arc::new(config)
    }

    /// For a data connection of a control connection that negotiated `version`. Its secrets are taken out
    /// once close_notify was sent.
    pub(super) fn for_data(&self, version: TlsVersion, store: Arc<SessionStore>) -> Arc<ClientConfig> {
        let chosen = match version {
            TlsVersion::V1_2 => &self.tls12,
            TlsVersion::V1_3 => &self.tls13,
        };
        let mut config = chosen.as_ref().unwrap_or(&self.both).clone();
        config.resumption = Resumption::store(store);
        config.enable_secret_extraction = true;
        Arc::new(config)
    }
}

pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::InvalidArgument(Failure::new(message))
}

fn server_name(name: &str) -> Result<ServerName<'static>> {
    // An IPv6 scope (`fe80::1%eth0`) serves the socket; no certificate names it.
    let unscoped = match name.split_once('%') {
        Some((address, _)) if address.contains(':') => address,
        _ => name,
    };
    ServerName::try_from(unscoped.to_owned())
        .map_err(|_| invalid(format!("{name:?} is neither a host name nor an IP address that TLS can check")))
}

fn provider(options: &TlsOptions) -> Result<Arc<CryptoProvider>> {
    let all = every_suite(options);
    match &options.cipher_suites {
        Some(names) => suites::restricted(&all, names).map(Arc::new),
        None => Ok(all),
    }
}

fn every_suite(options: &TlsOptions) -> Arc<CryptoProvider> {
    #[cfg(any(test, feature = "simulation"))]
    if let Some(provider) = &options.provider {
        return provider.clone();
    }
    let _ = options;
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn versions(min: TlsVersion, max: TlsVersion) -> Vec<&'static SupportedProtocolVersion> {
    let all = [(TlsVersion::V1_3, &rustls::version::TLS13), (TlsVersion::V1_2, &rustls::version::TLS12)];
    all.into_iter().filter(|(version, _)| (min..=max).contains(version)).map(|(_, known)| known).collect()
}

fn base_config(
    provider: Arc<CryptoProvider>,
    versions: &[&'static SupportedProtocolVersion],
    verifier: Arc<Verifier>,
    clock: Arc<dyn Network>,
) -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_details(provider, Arc::new(Clock(clock)))
        .with_protocol_versions(versions)
        .map_err(|error| {
            invalid(format!("the cipher suites and the TLS versions leave nothing to offer: {error}"))
        })?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

fn rule(options: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Rule> {
    if options.accept_any_certificate {
        return Ok(Rule::AcceptAny);
    }
    if !options.pins.is_empty() {
        return Ok(Rule::Pins(options.pins.clone()));
    }
    if let Some(decision) = &options.trust_decision {
        return Ok(Rule::Decision(decision.clone()));
    }
    let mut roots = RootCertStore::empty();
    if options.platform_roots {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            log::warn!("a platform root certificate could not be read: {error}");
        }
        roots.add_parsable_certificates(found.certs);
    }
    let trusted_leaves = extra_roots(&options.extra_roots)?;
    roots.add_parsable_certificates(trusted_leaves.iter().cloned());
    Ok(Rule::Chain { webpki: webpki(roots, options, provider)?, trusted_leaves })
}

fn webpki(
    roots: RootCertStore,
    options: &TlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>> {
    if roots.is_empty() {
        return Ok(None);
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .with_crls(revocation_lists(&options.revocation_lists)?)
        .allow_unknown_revocation_status()
        .build()
        .map(Some)
        .map_err(|error| invalid(format!("the roots or revocation lists cannot be used: {error}")))
}

fn extra_roots(pems: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>> {
    let mut certificates = Vec::new();
    for pem in pems {
        let before = certificates.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            certificates
                .push(certificate.map_err(|error| invalid(format!("an extra root is not PEM: {error}")))?);
        }
        if certificates.len() == before {
            return Err(invalid("the extra roots contain no PEM certificate (BEGIN CERTIFICATE)"));
        }
    }
    Ok(certificates)
}

fn revocation_lists(pems: &[Vec<u8>]) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    let mut lists = Vec::new();
    for pem in pems {
        let before = lists.len();
        for list in CertificateRevocationListDer::pem_slice_iter(pem) {
            lists.push(list.map_err(|error| invalid(format!("a revocation list is not PEM: {error}")))?);
        }
        if lists.len() == before {
            return Err(invalid("the revocation lists contain no PEM list (BEGIN X509 CRL)"));
        }
    }
    Ok(lists)
}

#[derive(Debug)]
struct Clock(Arc<dyn Network>);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        self.0.wall_clock().duration_since(UNIX_EPOCH).ok().map(UnixTime::since_unix_epoch)
    }
}

/// TLS secrets in the format of `SSLKEYLOGFILE`. rustls' own reads the environment; this one only obeys the caller.
#[derive(Debug)]
struct KeyLogFile(Mutex<File>);

impl KeyLogFile {
    fn open(path: &Path) -> Result<Self> {
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        opened.map(|file| KeyLogFile(Mutex::new(file))).map_err(|error| {
            Error::InvalidArgument(
                Failure::new(format!("the key log file {} cannot be written", path.display()))
                    .with_cause(error),
            )
        })
    }
}

impl KeyLog for KeyLogFile {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = file.write_all(line.as_bytes()) {
            log::warn!("the key log file could not be written: {error}");
        }
    }
}
