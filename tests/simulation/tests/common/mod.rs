//! The strict server and the client on one simulated network.

use ftps::client::{Builder, FtpsClient, Timeouts};
use ftps::TlsOptions;
use rustls::crypto::CryptoProvider;
use simulation::{Host, Simulation};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use strict_server::{CertificateOptions, KeyType, Options, Server};

/// The library's defaults, written down because the bounds on virtual time are made of them.
pub const PATIENCE: Timeouts = Timeouts {
    connect: Duration::from_secs(30),
    reply: Duration::from_secs(60),
    data: Duration::from_secs(60),
    operation: None,
};

/// Starts a server at 10.0.0.2:21 with what a simulation needs on top of `options`. It serves until it is stopped.
pub fn serve(
    simulation: &Simulation,
    provider: &Arc<CryptoProvider>,
    options: Options,
) -> io::Result<Server> {
    let options = Options {
        listen: SocketAddr::new(Host::SERVER.v4(), 21),
        certificates: CertificateOptions { key: KeyType::Ed25519, ..CertificateOptions::default() },
        provider: Some(provider.clone()),
        ..options
    };
    let server = Server::new(simulation.network(Host::SERVER), simulation.spawner(), options)?;
    let running = server.clone();
    simulation.spawn("server", move || {
        // The end of the simulation ends the accept loop with an error.
        let _ = running.run();
    });
    Ok(server)
}

/// A client of `server`.
pub fn client(simulation: &Simulation, provider: &Arc<CryptoProvider>, server: &Server) -> Builder {
    client_of(&Host::SERVER.v4().to_string(), simulation, provider, server)
}

/// A client that looks for `server` at `host`.
pub fn client_of(
    host: &str,
    simulation: &Simulation,
    provider: &Arc<CryptoProvider>,
    server: &Server,
) -> Builder {
    let tls = TlsOptions::default()
        .platform_roots(false)
        .extra_roots_pem(server.ca_pem())
        .server_name("localhost")
        .crypto_provider(provider.clone());
    FtpsClient::builder(host).network(simulation.network(Host::CLIENT)).timeouts(PATIENCE).tls(tls)
}
