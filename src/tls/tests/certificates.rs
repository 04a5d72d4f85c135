//! Which certificates are accepted.

use super::peers::*;
use crate::net::SystemNetwork;
use crate::tls::{ResumptionPolicy, TlsConfig, TlsOptions};
use crate::{Error, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, RevokedCertParams,
};
use rustls::pki_types::CertificateDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use std::sync::Arc;

fn attempt(options: &TlsOptions, identity: &Identity) -> Result<()> {
    let config = Arc::new(server(identity, &TLS13, 1, plain_tickets()));
    connect(&mut control(options, ResumptionPolicy::Prefer), &config).map(drop)
}

fn refusal(options: &TlsOptions, identity: &Identity) -> String {
    match attempt(options, identity) {
        Err(error @ Error::Certificate(_)) => error.to_string(),
        other => panic!("not refused as a certificate: {other:?}"),
    }
}

fn fingerprint(identity: &Identity) -> [u8; 32] {
    crate::tls::verify::fingerprint(&identity.certificate)
}

fn dated(not_before: i32, not_after: i32) -> Identity {
    let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(not_before, 1, 1);
    params.not_after = rcgen::date_time_ymd(not_after, 1, 1);
    Identity::new(params)
}

#[test]
fn a_leaf_that_was_supplied_as_root_is_trusted() {
    let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for identity in [Identity::for_host(HOST), Identity::new(params)] {
        attempt(&trusting(&identity), &identity).unwrap();
    }
}

#[test]
fn a_supplied_leaf_is_still_checked_for_its_name() {
    let identity = Identity::for_host("other.example.org");
    let message = refusal(&trusting(&identity), &identity);
    assert!(message.contains("other.example.org"), "{message}");
    attempt(&trusting(&identity).server_name("other.example.org"), &identity).unwrap();
}

#[test]
fn a_refusal_says_what_is_wrong_and_what_to_do_and_nothing_else() {
    let identity = Identity::for_host(HOST);
    let message = refusal(&trusting(&Identity::for_host(HOST)), &identity);
    let fingerprint: String = fingerprint(&identity).iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = format!(
        "the server's certificate on the control connection was not accepted (its issuer is not trusted: add the issuing \
         CA, or the server's own certificate, as an extra root, or pin it; its SHA-256 is {fingerprint})"
    );
    assert_eq!(message, expected);
}

#[test]
fn a_supplied_leaf_is_still_checked_for_its_dates() {
    let expired = dated(2000, 2001);
    assert!(refusal(&trusting(&expired), &expired).contains("expired"));
    let future = dated(2090, 2091);
    assert!(refusal(&trusting(&future), &future).contains("not valid yet"));
}

#[test]
fn a_self_signed_certificate_is_refused_with_its_fingerprint() {
    let (identity, other) = (Identity::for_host(HOST), Identity::for_host(HOST));
    let message = refusal(&trusting(&other), &identity);
    let digits: String = fingerprint(&identity).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(message.contains("extra root") && message.contains(&digits), "{message}");
}

#[test]
fn a_pin_stands_in_for_chain_name_and_dates() {
    let mut params = CertificateParams::new(vec!["other.example.org".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let identity = Identity::new(params);
    attempt(&TlsOptions::default().pin_sha256(fingerprint(&identity)), &identity).unwrap();
}

#[test]
fn another_certificate_than_the_pinned_one_is_refused() {
    let (identity, other) = (Identity::for_host(HOST), Identity::for_host(HOST));
    let message = refusal(&trusting(&identity).pin_sha256(fingerprint(&other)), &identity);
    assert!(message.contains("pinned"), "{message}");
}

#[test]
fn a_refused_certificate_is_told_to_the_server_with_an_alert() {
    let (identity, other) = (Identity::for_host(HOST), Identity::for_host(HOST));
    for version in [&TLS12, &TLS13] {
        let config = Arc::new(server(&identity, version, 1, plain_tickets()));
        let mut client = control(&trusting(&other), ResumptionPolicy::Prefer);
        let mut server = rustls::ServerConnection::new(config).unwrap();
        exchange(&mut client, &mut server).unwrap_err();
        let alert = take_outgoing(&mut client);
        server.read_tls(&mut alert.as_slice()).unwrap();
        let outcome = server.process_new_packets();
        assert!(matches!(outcome, Err(rustls::Error::AlertReceived(_))), "{outcome:?}");
    }
}

#[test]
fn revocation_lists_without_a_list_are_refused() {
    let identity = Identity::for_host(HOST);
    for nothing in ["", "no PEM at all", "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"] {
        let options = trusting(&identity).revocation_lists_pem(nothing);
        let outcome = TlsConfig::new(&options, HOST, Arc::new(SystemNetwork));
        assert!(matches!(outcome, Err(Error::InvalidArgument(_))), "{nothing:?}");
    }
}

#[test]
fn a_revoked_certificate_is_refused_where_its_list_is_at_hand() {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().unwrap();
    let root = authority.self_signed(&key).unwrap();
    let issuer = Issuer::new(authority, key);
    let leaf = |serial: u64| {
        let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        params.serial_number = Some(serial.into());
        let key = KeyPair::generate().unwrap();
        Identity { certificate: params.signed_by(&key, &issuer).unwrap().into(), key: key.serialize_der() }
    };
    let list = CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2024, 1, 1),
        next_update: rcgen::date_time_ymd(2090, 1, 1),
        crl_number: 1u64.into(),
        issuing_distribution_point: None,
        revoked_certs: vec![RevokedCertParams {
            serial_number: 7u64.into(),
            revocation_time: rcgen::date_time_ymd(2024, 1, 1),
            reason_code: None,
            invalidity_date: None,
        }],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let list = list.signed_by(&issuer).unwrap().pem().unwrap();
    let options = TlsOptions::default().platform_roots(false).extra_roots_pem(root.pem());
    let checked = options.clone().revocation_lists_pem(list);
    attempt(&options, &leaf(7)).unwrap();
    attempt(&checked, &leaf(8)).unwrap();
    let message = refusal(&checked, &leaf(7));
    assert!(message.contains("revoked"), "{message}");
}

/// Presents somebody's certificate with a key that is not its own.
#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl ResolvesServerCert for Thief {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

#[test]
fn a_copied_certificate_fails_in_every_mode() {
    let (identity, thief) = (Identity::for_host(HOST), Identity::for_host(HOST));
    let modes = [
        TlsOptions::default().danger_accept_any_certificate(true),
        TlsOptions::default().pin_sha256(fingerprint(&identity)),
        TlsOptions::default().trust_decision(Arc::new(|_| Ok(()))),
        trusting(&identity),
    ];
    for version in [&TLS12, &TLS13] {
        let mut config = server(&thief, version, 1, plain_tickets());
        let key =
            config.crypto_provider().key_provider.load_private_key(thief.key.clone().try_into().unwrap());
        let chain: Vec<CertificateDer<'static>> = vec![identity.certificate.clone()];
        config.cert_resolver = Arc::new(Thief(Arc::new(CertifiedKey::new(chain, key.unwrap()))));
        let config = Arc::new(config);
        for options in &modes {
            let outcome = connect(&mut control(options, ResumptionPolicy::Prefer), &config);
            assert!(matches!(outcome, Err(Error::Certificate(_))), "{options:?}");
        }
    }
}

#[test]
fn a_pin_may_be_written_as_openssl_writes_fingerprints() {
    let identity = Identity::for_host("other.example.org");
    let colons: Vec<String> = fingerprint(&identity).iter().map(|byte| format!("{byte:02X}")).collect();
    let options = TlsOptions::default().pin_sha256_hex(&colons.join(":")).unwrap();
    attempt(&options, &identity).unwrap();
    for wrong in ["", "ab", &"a".repeat(63), &"a".repeat(65), &"g".repeat(64), &"ä".repeat(64)] {
        let refused = TlsOptions::default().pin_sha256_hex(wrong);
        assert!(matches!(refused, Err(Error::InvalidArgument(_))), "{wrong}");
    }
}
