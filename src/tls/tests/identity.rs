//! The client's certificate, chosen when a server asks for one.

use super::peers::*;
use crate::tls::{ClientIdentity, IdentityChoice, MessageSigner, ResumptionPolicy};
use crate::{Error, Result};
use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig, ServerConnection, SignatureScheme, SupportedProtocolVersion};
use std::sync::{Arc, Mutex};

const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

fn client_identity(algorithm: &'static SignatureAlgorithm) -> Identity {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let params = CertificateParams::new(vec!["client".to_owned()]).unwrap();
    Identity { certificate: params.self_signed(&key).unwrap().into(), key: key.serialize_der() }
}

/// A server that insists on `client`'s certificate, or takes somebody without one too.
fn asking(
    host: &Identity,
    client: &Identity,
    version: &'static SupportedProtocolVersion,
    insists: bool,
) -> Arc<ServerConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(client.certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let verifier = if insists { verifier } else { verifier.allow_unauthenticated() };
    let key = PrivateKeyDer::try_from(host.key.clone()).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![host.certificate.clone()], key)
        .unwrap();
    Arc::new(config)
}

/// Signs with `key` and writes down by which schemes.
fn signer(key: Vec<u8>, used: Arc<Mutex<Vec<u16>>>) -> MessageSigner {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let key = provider.key_provider.load_private_key(PrivateKeyDer::try_from(key).unwrap()).unwrap();
    Arc::new(move |scheme, message| {
        used.lock().unwrap().push(scheme);
        let signer = key.choose_scheme(&[SignatureScheme::from(scheme)]).ok_or("not my scheme")?;
        signer.sign(message).map_err(|error| error.to_string())
    })
}

fn attempt(host: &Identity, choice: IdentityChoice, config: &Arc<ServerConfig>) -> Result<ServerConnection> {
    let options = trusting(host).client_identity_choice(choice);
    connect(&mut control(&options, ResumptionPolicy::Prefer), config)
}

fn is_authenticated(server: &ServerConnection, client: &Identity) -> bool {
    server.peer_certificates().is_some_and(|chain| chain == std::slice::from_ref(&client.certificate))
}

#[test]
fn a_key_that_stays_elsewhere_signs_the_handshake() {
    let host = Identity::for_host(HOST);
    let (pss, pkcs1, p256, p384, ed25519) = (0x0804, 0x0401, 0x0403, 0x0503, 0x0807);
    let cases: [(&'static SignatureAlgorithm, &[u16], u16, u16); 4] = [
        (&rcgen::PKCS_RSA_SHA256, &[pkcs1, pss], pkcs1, pss),
        (&rcgen::PKCS_ECDSA_P256_SHA256, &[p256], p256, p256),
        (&rcgen::PKCS_ECDSA_P384_SHA384, &[p384], p384, p384),
        (&rcgen::PKCS_ED25519, &[ed25519], ed25519, ed25519),
    ];
    for (algorithm, schemes, in_tls12, in_tls13) in cases {
        let client = client_identity(algorithm);
        for (version, expected) in BOTH.into_iter().zip([in_tls12, in_tls13]) {
            let used = Arc::new(Mutex::new(Vec::new()));
            let signer = signer(client.key.clone(), used.clone());
            let (chain, schemes) = (vec![client.certificate.to_vec()], schemes.to_vec());
            let choice: IdentityChoice = Arc::new(move |_| {
                Ok(Some(ClientIdentity::with_signer(chain.clone(), schemes.clone(), signer.clone())))
            });
            let server = attempt(&host, choice, &asking(&host, &client, version, true)).unwrap();
            assert!(is_authenticated(&server, &client));
            assert_eq!(*used.lock().unwrap(), [expected]);
        }
    }
}

#[test]
fn an_exported_key_signs_here() {
    let (host, client) = (Identity::for_host(HOST), client_identity(&rcgen::PKCS_ECDSA_P256_SHA256));
    for version in BOTH {
        let (chain, key) = (vec![client.certificate.to_vec()], client.key.clone());
        let choice: IdentityChoice =
            Arc::new(move |_| Ok(Some(ClientIdentity::with_key(chain.clone(), key.clone()))));
        let server = attempt(&host, choice, &asking(&host, &client, version, true)).unwrap();
        assert!(is_authenticated(&server, &client));
    }
}

#[test]
fn whoever_chooses_is_told_what_the_server_takes() {
    let (host, client) = (Identity::for_host(HOST), client_identity(&rcgen::PKCS_ECDSA_P256_SHA256));
    let (_, parsed) = x509_parser::parse_x509_certificate(&client.certificate).unwrap();
    let subject = parsed.subject().as_raw().to_vec();
    for version in BOTH {
        let heard = Arc::new(Mutex::new(None));
        let ears = heard.clone();
        let choice: IdentityChoice = Arc::new(move |request| {
            let authorities: Vec<Vec<u8>> = request.authorities.iter().map(|name| name.to_vec()).collect();
            *ears.lock().unwrap() = Some((authorities, request.schemes.to_vec()));
            Ok(None)
        });
        // Nobody is not who the server wants.
        assert!(attempt(&host, choice, &asking(&host, &client, version, true)).is_err());
        let (authorities, schemes) = heard.lock().unwrap().take().unwrap();
        assert_eq!(authorities, std::slice::from_ref(&subject));
        assert!(schemes.contains(&0x0403), "{schemes:?}");
    }
}

#[test]
fn a_choice_or_signature_that_fails_ends_the_handshake_with_its_reason() {
    let (host, client) = (Identity::for_host(HOST), client_identity(&rcgen::PKCS_ECDSA_P256_SHA256));
    let chain = vec![client.certificate.to_vec()];
    let mute: MessageSigner = Arc::new(|_, _| Err("the token was pulled out".to_owned()));
    let unsigned: IdentityChoice =
        Arc::new(move |_| Ok(Some(ClientIdentity::with_signer(chain.clone(), vec![0x0403], mute.clone()))));
    let no_choice: IdentityChoice = Arc::new(|_| Err("the token was pulled out".to_owned()));
    for version in BOTH {
        for choice in [&unsigned, &no_choice] {
            match attempt(&host, choice.clone(), &asking(&host, &client, version, false)) {
                Err(error @ Error::Tls(_)) => {
                    assert!(error.to_string().contains("the token was pulled out"), "{error}")
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn without_a_common_scheme_there_is_no_certificate() {
    let (host, client) = (Identity::for_host(HOST), client_identity(&rcgen::PKCS_ECDSA_P256_SHA256));
    let chain = vec![client.certificate.to_vec()];
    let unused: MessageSigner = Arc::new(|_, _| unreachable!());
    let choice: IdentityChoice =
        Arc::new(move |_| Ok(Some(ClientIdentity::with_signer(chain.clone(), vec![0x0101], unused.clone()))));
    for version in BOTH {
        assert!(attempt(&host, choice.clone(), &asking(&host, &client, version, true)).is_err());
        let server = attempt(&host, choice.clone(), &asking(&host, &client, version, false)).unwrap();
        assert!(server.peer_certificates().is_none());
    }
}
