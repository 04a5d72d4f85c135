//! Which cipher suites are offered.

use super::peers::*;
use crate::net::SystemNetwork;
use crate::tls::{ResumptionPolicy, TlsConfig, TlsOptions, TlsVersion};
use crate::Error;
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, ServerConfig, SupportedProtocolVersion};
use std::sync::Arc;

const AES_128_TLS12: &str = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
const AES_128_TLS13: &str = "TLS_AES_128_GCM_SHA256";

fn started(identity: &Identity, version: &'static SupportedProtocolVersion) -> Arc<ServerConfig> {
    Arc::new(server(identity, version, 2, plain_tickets()))
}

fn refusal(options: &TlsOptions) -> String {
    let refused = TlsConfig::new(options, HOST, Arc::new(SystemNetwork)).unwrap_err();
    assert!(matches!(refused, Error::InvalidArgument(_)), "{refused:?}");
    refused.to_string()
}

#[test]
fn control_and_data_connections_use_the_only_suite_that_was_named() {
    let identity = Identity::for_host(HOST);
    let named = [
        (&TLS12, AES_128_TLS12, CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
        (&TLS13, AES_128_TLS13, CipherSuite::TLS13_AES_128_GCM_SHA256),
    ];
    for (version, name, suite) in named {
        let config = started(&identity, version);
        let options = trusting(&identity).cipher_suites([name]);
        let mut client = control(&options, ResumptionPolicy::Require);
        let peer = connect(&mut client, &config).unwrap();
        assert_eq!(peer.negotiated_cipher_suite().unwrap().suite(), suite);
        assert_eq!(data(&mut client, &config).unwrap().resumed(), Some(true));
    }
}

#[test]
fn suites_of_one_version_leave_only_that_version() {
    let identity = Identity::for_host(HOST);
    for (name, other) in [(AES_128_TLS12, &TLS13), (AES_128_TLS13, &TLS12)] {
        let options = trusting(&identity).cipher_suites([name]);
        let mut client = control(&options, ResumptionPolicy::Prefer);
        assert!(connect(&mut client, &started(&identity, other)).is_err(), "{name}");
    }
}

#[test]
fn the_first_suite_is_the_preferred_one() {
    let identity = Identity::for_host(HOST);
    for wanted in [CipherSuite::TLS13_AES_128_GCM_SHA256, CipherSuite::TLS13_CHACHA20_POLY1305_SHA256] {
        let first = format!("{wanted:?}").replace("TLS13_", "TLS_");
        let options = trusting(&identity).cipher_suites([first.as_str(), "TLS_AES_256_GCM_SHA384"]);
        let mut client = control(&options, ResumptionPolicy::Prefer);
        let peer = connect(&mut client, &started(&identity, &TLS13)).unwrap();
        assert_eq!(peer.negotiated_cipher_suite().unwrap().suite(), wanted);
    }
}

#[test]
fn a_suite_that_is_not_there_is_refused_with_those_that_are() {
    let message = refusal(&TlsOptions::default().cipher_suites(["TLS_RSA_WITH_AES_128_CBC_SHA"]));
    assert!(message.contains("TLS_RSA_WITH_AES_128_CBC_SHA"), "{message}");
    assert!(message.contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), "{message}");
    assert!(message.contains(AES_128_TLS13), "{message}");
}

#[test]
fn suites_that_leave_nothing_to_offer_are_refused() {
    refusal(&TlsOptions::default().cipher_suites(Vec::<String>::new()));
    let only_tls13 = TlsOptions::default().versions(TlsVersion::V1_3, TlsVersion::V1_3);
    let message = refusal(&only_tls13.cipher_suites([AES_128_TLS12]));
    assert!(message.contains("leave nothing to offer"), "{message}");
}
