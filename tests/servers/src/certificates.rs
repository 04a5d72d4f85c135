//! Throw-away certificates: an authority, and a server certificate signed by it.

use crate::error::StartError;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The files of a server's certificate.
#[derive(Debug)]
pub(crate) struct Certificates {
    /// The authority, for clients to trust.
    pub ca: PathBuf,
    /// The server's certificate.
    pub certificate: PathBuf,
    /// Its private key, readable by its owner only.
    pub key: PathBuf,
    /// Certificate and key in one file, as Pure-FTPd wants them.
    pub bundle: PathBuf,
    /// The text of [`Certificates::ca`].
    pub ca_pem: String,
}

impl Certificates {
    /// Makes certificates for `localhost`, both loopback addresses and `address`, and writes them into `folder`.
    pub fn write(folder: &Path, address: IpAddr) -> Result<Certificates, StartError> {
        let pem = generate(address)
            .map_err(|error| StartError::Failed(format!("cannot make throw-away certificates: {error}")))?;
        let files = Certificates {
            ca: folder.join("ca.pem"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
            bundle: folder.join("server-bundle.pem"),
            ca_pem: pem.ca,
        };
        fs::write(&files.ca, &files.ca_pem).map_err(StartError::writing(&files.ca))?;
        fs::write(&files.certificate, &pem.certificate).map_err(StartError::writing(&files.certificate))?;
        write_secret(&files.key, &pem.key)?;
        write_secret(&files.bundle, &format!("{}{}", pem.certificate, pem.key))?;
        Ok(files)
    }
}

struct Pem {
    ca: String,
    certificate: String,
    key: String,
}

fn generate(address: IpAddr) -> Result<Pem, rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name.push(DnType::CommonName, "libftps test authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !address.is_loopback() {
        names.push(address.to_string());
    }
    let mut server = CertificateParams::new(names)?;
    server.distinguished_name.push(DnType::CommonName, "localhost");
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &authority)?;
    Ok(Pem { ca: authority.pem(), certificate: certificate.pem(), key: key.serialize_pem() })
}

fn write_secret(path: &Path, text: &str) -> Result<(), StartError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(StartError::writing(path))
}
