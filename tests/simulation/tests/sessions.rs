//! Whole sessions on the simulated network, with random faults: identical bytes, or an error.

use ftps::client::{FtpsClient, Timeouts};
use ftps::TlsOptions;
use simulation::{Campaign, Host, Profile, Simulation};
use std::net::SocketAddr;
use std::time::Duration;
use strict_server::{CertificateOptions, KeyType, Options, Server, TlsVersions};

const SESSIONS: u64 = 4_000;
const PATIENCE: Timeouts = Timeouts {
    connect: Duration::from_secs(30),
    reply: Duration::from_secs(60),
    data: Duration::from_secs(60),
    operation: None,
};

#[test]
fn every_session_ends_in_identical_bytes_or_an_error() {
    let ran = Campaign::from_environment(SESSIONS).and_then(|campaign| campaign.run(session));
    assert!(ran.unwrap_or_else(|failed| panic!("{failed}")) > 0);
}

fn session(seed: u64) -> Result<(), String> {
    let profile = match seed % 8 {
        0 => Profile::calm(),
        1 => Profile::rough(),
        _ => Profile::faulty(),
    };
    let simulation = Simulation::new(seed, profile);
    let provider = simulation::tls::provider();
    let versions = if seed.is_multiple_of(2) { TlsVersions::Tls12 } else { TlsVersions::Tls13 };
    simulation
        .run(|| {
            let certificates = CertificateOptions { key: KeyType::Ed25519, ..CertificateOptions::default() };
            let options = Options {
                listen: SocketAddr::from(([10, 0, 0, 2], 21)),
                versions,
                certificates,
                provider: Some(provider.clone()),
                ..Options::default()
            };
            let server = Server::new(simulation.network(Host::SERVER), simulation.spawner(), options)
                .map_err(|error| format!("the server did not start: {error}"))?;
            let server = std::sync::Arc::new(server);
            let running = server.clone();
            simulation.spawn("server", move || {
                // The end of the simulation ends the accept loop with an error.
                let _ = running.run();
            });
            let tls = TlsOptions::default()
                .platform_roots(false)
                .extra_roots_pem(server.ca_pem())
                .server_name("localhost")
                .crypto_provider(provider.clone());
            let client = FtpsClient::builder("10.0.0.2")
                .network(simulation.network(Host::CLIENT))
                .timeouts(PATIENCE)
                .tls(tls)
                .connect();
            let outcome = client.map_or(Ok(()), |client| work(client, &server, seed));
            server.stop();
            outcome
        })
        .map_err(|error| error.to_string())?
        .map_err(|broken| format!("{broken}\n{}", simulation.trace().tail(60)))
}

/// An error ends the session, and is fine; wrong bytes are not.
fn work(mut client: FtpsClient, server: &Server, seed: u64) -> Result<(), String> {
    let content: Vec<u8> = (0..3000 + seed % 40_000).map(|number| ((number ^ seed) % 251) as u8).collect();
    if client.login("user", "password").is_err() {
        return Ok(());
    }
    if client.upload_from("file", &mut content.as_slice(), |_| true).is_err() {
        return Ok(());
    }
    if server.file("file").as_deref() != Some(content.as_slice()) {
        return Err("an upload was reported whole, and is not".into());
    }
    match client.list("") {
        Ok(listing) if listing.entries.iter().any(|entry| entry.name() == "file") => {}
        Ok(listing) => return Err(format!("a listing without the file was reported whole: {listing:?}")),
        Err(_) => return Ok(()),
    }
    let mut received = Vec::new();
    match client.download_to("file", &mut received, |_| true) {
        Ok(_) if received == content => {}
        Ok(_) => return Err("a download was reported whole, and is not".into()),
        Err(_) => return Ok(()),
    }
    if client.rename("file", "renamed").is_ok()
        && server.file("renamed").as_deref() != Some(content.as_slice())
    {
        return Err("a rename was reported, and did not happen".into());
    }
    Ok(())
}
