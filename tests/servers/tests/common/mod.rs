//! A server of a kind, and a client that insists on the tether.

#![allow(dead_code, reason = "each test program uses a part")]

pub mod chance;
pub mod cutting;

use ftps::client::{ActiveMode, Builder, Timeouts};
use ftps::protocol::Reply;
use ftps::{Error, FtpsClient, ResumptionPolicy, TlsOptions};
use real_servers::{Config, Kind, Outcome, RealServer, ResumptionLog, TlsVersion, User};
use std::time::{Duration, Instant};

pub fn start(kind: Kind, tls: TlsVersion) -> RealServer {
    start_with(kind, Config::new(tls))
}

pub fn start_with(kind: Kind, config: Config) -> RealServer {
    RealServer::start(kind, &config).unwrap_or_else(|error| panic!("{}: {error}", kind.name()))
}

/// Pure-FTPd gives no tickets with TLS 1.3, so there is nothing to insist on.
pub fn policy(kind: Kind) -> ResumptionPolicy {
    match kind {
        Kind::PureFtpd => ResumptionPolicy::Prefer,
        _ => ResumptionPolicy::Require,
    }
}

/// Whether the server gives TLS sessions to resume.
pub fn gives_sessions(kind: Kind, tls: TlsVersion) -> bool {
    (kind, tls) != (Kind::PureFtpd, TlsVersion::Tls13)
}

pub fn connect(server: &RealServer, user: &User) -> FtpsClient {
    connect_in(None, server, user)
}

/// A login in which the server makes the data connections, where there is a mode.
pub fn connect_in(mode: Option<ActiveMode>, server: &RealServer, user: &User) -> FtpsClient {
    log_in(builder(server).active_mode(mode), server, user)
}

/// Options that insist on the tether.
pub fn builder(server: &RealServer) -> Builder {
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    let timeouts = Timeouts { connect: Duration::from_secs(20), ..Timeouts::default() };
    FtpsClient::builder(server.address().ip().to_string())
        .port(server.address().port())
        .tls(tls)
        .resumption(policy(server.kind()))
        .timeouts(timeouts)
}

/// A login in the user's own directory.
pub fn log_in(builder: Builder, server: &RealServer, user: &User) -> FtpsClient {
    let mut client = builder.connect().unwrap_or_else(|error| panic!("{error}\n{}", server.logs()));
    client.login(&user.name, &user.password).unwrap_or_else(|error| panic!("{error}\n{}", server.logs()));
    if user.remote_home != "/" {
        client.change_directory(&user.remote_home).expect("the user's own directory");
    }
    client
}

/// What to record of a server that answered a command with `error`. It is the test's failure where the reply does not
/// say that the server does not know the command, or not with these arguments (RFC 959 section 4.2.1).
pub fn not_offered(error: &Error) -> Outcome {
    match error.reply().map(Reply::code) {
        Some(code @ (500 | 501 | 502 | 504)) => Outcome::NotOffered(code),
        _ => panic!("no reply of a server that lacks a command: {error}"),
    }
}

/// What the server's log says, once it has counted `data` data connections: logs are written a moment later.
pub fn settled_log(server: &RealServer, data: u64) -> ResumptionLog {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let log = server.resumption_log().expect("a server that logs resumption");
        if log.data_resumed + log.data_full >= data || Instant::now() > deadline {
            return log;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Bytes without a pattern that a mistake could repeat.
pub fn payload(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect()
}
