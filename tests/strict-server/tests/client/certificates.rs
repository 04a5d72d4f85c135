//! Certificates are checked on both connections.

use crate::common::{connect, put, start, try_connect, BOTH};
use ftps::{Error, ResumptionPolicy};
use strict_server::{CertificateOptions, Leaf, Options, Resumption};

#[test]
fn a_certificate_that_is_not_right_is_refused_at_the_control_connection() {
    for control in [Leaf::Expired, Leaf::SelfSigned, Leaf::OtherName] {
        let certificates = CertificateOptions { control, ..CertificateOptions::default() };
        let server = start(Options { certificates, ..Options::default() });
        let error = try_connect(&server, ResumptionPolicy::Prefer).expect_err("refused");
        assert!(matches!(error, Error::Certificate(_)), "{control:?} {error:?}");
        assert_eq!(server.counters().logins, 0);
    }
}

#[test]
fn another_certificate_on_the_data_connection_is_refused() {
    for data in [Leaf::Valid, Leaf::Expired, Leaf::SelfSigned, Leaf::OtherName] {
        for (versions, _) in BOTH {
            let certificates = CertificateOptions { data: Some(data), ..CertificateOptions::default() };
            let options =
                Options { certificates, versions, resumption: Resumption::NotRequired, ..Options::default() };
            let server = start(options);
            let mut client = connect(&server, ResumptionPolicy::Off);
            let error = put(&mut client, "file", b"secret").expect_err("refused");
            assert!(matches!(error, Error::Certificate(_)), "{data:?} {error:?}");
            assert_eq!(server.counters().bytes_received, 0);
            client.noop().expect("the server has said why it ended the transfer, and the login goes on");
            assert!(error.reply().is_some(), "{error}");
        }
    }
}
