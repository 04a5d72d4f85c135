//! Cipher suites by their IANA names.

use super::config::invalid;
use super::options::TlsVersion;
use crate::Result;
use rustls::crypto::CryptoProvider;
use rustls::SupportedCipherSuite;

/// The provider with the named suites alone, in the order of the names.
pub(super) fn restricted(provider: &CryptoProvider, names: &[String]) -> Result<CryptoProvider> {
    if names.is_empty() {
        return Err(invalid("the list of cipher suites is empty"));
    }
    let find = |wanted: &String| -> Result<SupportedCipherSuite> {
        let found = provider.cipher_suites.iter().find(|suite| name(suite) == *wanted);
        found.copied().ok_or_else(|| {
            let known: Vec<String> = provider.cipher_suites.iter().map(name).collect();
            invalid(format!("no cipher suite here is called {wanted:?}; there are {}", known.join(", ")))
        })
    };
    let cipher_suites = names.iter().map(find).collect::<Result<Vec<_>>>()?;
    Ok(CryptoProvider { cipher_suites, ..provider.clone() })
}

pub(super) fn any_of(provider: &CryptoProvider, version: TlsVersion) -> bool {
    provider.cipher_suites.iter().any(|suite| suite.tls13().is_some() == (version == TlsVersion::V1_3))
}

/// rustls writes `TLS13_` where IANA writes `TLS_`.
fn name(suite: &SupportedCipherSuite) -> String {
    format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1)
}
