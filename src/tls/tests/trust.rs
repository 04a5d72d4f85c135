//! Decisions that are the caller's own, and names.

use super::peers::*;
use crate::tls::{ResumptionPolicy, TlsOptions, TrustDecision};
use crate::{Error, Result};
use rcgen::CertificateParams;
use rustls::version::{TLS12, TLS13};
use rustls::SupportedProtocolVersion;
use std::sync::{Arc, Mutex};

const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// Takes every chain, and writes it down.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<Vec<Vec<u8>>>>>);

impl Record {
    fn decision(&self) -> TrustDecision {
        let record = self.clone();
        Arc::new(move |chain| {
            record.0.lock().unwrap().push(chain.iter().map(|certificate| certificate.to_vec()).collect());
            Ok(())
        })
    }

    fn taken(&self) -> Vec<Vec<Vec<u8>>> {
        self.0.lock().unwrap().clone()
    }
}

fn refusing() -> TlsOptions {
    TlsOptions::default().trust_decision(Arc::new(|_| Err("it is not in our register".to_owned())))
}

fn attempt(
    options: &TlsOptions,
    identity: &Identity,
    version: &'static SupportedProtocolVersion,
) -> Result<()> {
    let config = Arc::new(server(identity, version, 1, plain_tickets()));
    connect(&mut control(options, ResumptionPolicy::Prefer), &config).map(drop)
}

fn refusal(options: &TlsOptions, identity: &Identity, version: &'static SupportedProtocolVersion) -> String {
    match attempt(options, identity, version) {
        Err(error @ Error::Certificate(_)) => error.to_string(),
        other => panic!("not refused as a certificate: {other:?}"),
    }
}

#[test]
fn a_decision_of_the_callers_own_stands_in_for_chain_and_dates() {
    let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let identity = Identity::new(params);
    for version in BOTH {
        let record = Record::default();
        attempt(&TlsOptions::default().trust_decision(record.decision()), &identity, version).unwrap();
        assert_eq!(record.taken(), [[identity.certificate.to_vec()]]);
    }
}

#[test]
fn a_refusal_of_the_callers_own_is_told_with_its_reason() {
    let identity = Identity::for_host(HOST);
    for version in BOTH {
        let message = refusal(&refusing(), &identity, version);
        assert!(message.contains("not in our register"), "{message}");
    }
    // Roots do not help.
    refusal(&refusing().extra_roots_pem(identity.pem()), &identity, &TLS13);
}

#[test]
fn the_name_is_checked_whatever_the_caller_decides() {
    let identity = Identity::for_host("other.example.org");
    for version in BOTH {
        let options = TlsOptions::default().trust_decision(Record::default().decision());
        let message = refusal(&options, &identity, version);
        assert!(message.contains("it is not for ftp.example.org"), "{message}");
    }
}

#[test]
fn a_data_connection_that_is_not_resumed_is_decided_on_too() {
    let identity = Identity::for_host(HOST);
    for version in BOTH {
        let record = Record::default();
        let config = Arc::new(server(&identity, version, 1, plain_tickets()));
        let options = TlsOptions::default().trust_decision(record.decision());
        for (policy, asked) in [(ResumptionPolicy::Require, 1), (ResumptionPolicy::Off, 2)] {
            let before = record.taken().len();
            let mut client = control(&options, policy);
            connect(&mut client, &config).unwrap();
            data(&mut client, &config).unwrap();
            assert_eq!(record.taken().len(), before + asked);
        }
    }
}

#[test]
fn any_name_passes_where_that_is_asked_for_and_nothing_else_does() {
    let (identity, stranger) = (Identity::for_host("other.example.org"), Identity::for_host(HOST));
    let (issued, authority) = Identity::issued_for("other.example.org");
    let leaf = trusting(&identity).danger_accept_any_name(true);
    let chain =
        TlsOptions::default().platform_roots(false).extra_roots_pem(authority).danger_accept_any_name(true);
    for version in BOTH {
        attempt(&leaf, &identity, version).unwrap();
        attempt(&chain, &issued, version).unwrap();
        refusal(&leaf, &stranger, version);
        refusal(&chain, &stranger, version);
        refusal(&refusing().danger_accept_any_name(true), &identity, version);
    }
    let mut expired = CertificateParams::new(vec!["other.example.org".to_owned()]).unwrap();
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let expired = Identity::new(expired);
    let options = trusting(&expired).danger_accept_any_name(true);
    assert!(refusal(&options, &expired, &TLS13).contains("expired"));
}
