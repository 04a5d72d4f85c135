//! What all tests share.

use ftps::client::{Builder, FtpsClient, Timeouts};
use ftps::{ResumptionPolicy, TlsOptions, TlsVersion};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use strict_server::{Options, RunningServer, Server, TlsVersions};

pub const BOTH: [(TlsVersions, TlsVersion); 2] =
    [(TlsVersions::Tls12, TlsVersion::V1_2), (TlsVersions::Tls13, TlsVersion::V1_3)];

/// Short, so that a stalling server is noticed soon.
pub const PATIENCE: Timeouts = Timeouts {
    connect: Duration::from_secs(3),
    reply: Duration::from_secs(3),
    data: Duration::from_secs(1),
    operation: None,
};

pub fn start(options: Options) -> RunningServer {
    Server::start(options).expect("the server starts")
}

/// A builder for `server`, whose authority it trusts.
pub fn builder(server: &RunningServer) -> Builder {
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    FtpsClient::builder("127.0.0.1").port(server.addr().port()).tls(tls).timeouts(PATIENCE)
}

pub fn log_in(builder: Builder) -> ftps::Result<FtpsClient> {
    let mut client = builder.connect()?;
    client.login("user", "password")?;
    Ok(client)
}

pub fn try_connect(server: &RunningServer, policy: ResumptionPolicy) -> ftps::Result<FtpsClient> {
    log_in(builder(server).resumption(policy))
}

pub fn connect(server: &RunningServer, policy: ResumptionPolicy) -> FtpsClient {
    try_connect(server, policy).expect("login")
}

pub fn put(client: &mut FtpsClient, name: &str, content: &[u8]) -> ftps::Result<u64> {
    client.upload_from(name, &mut &content[..], |_| true)
}

pub fn get(client: &mut FtpsClient, name: &str) -> ftps::Result<Vec<u8>> {
    let mut received = Vec::new();
    client.download_to(name, &mut received, |_| true).map(|_| received)
}

pub fn kind_of(error: &ftps::Error) -> &'static str {
    error.kind()
}

/// Runs `play` on every case. Most cases wait for a deadline, so many run at a time.
pub fn on_threads<T: Sync>(cases: &[T], play: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..48 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    play(case);
                }
            });
        }
    });
}

/// A folder that goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("libftps-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub fn file(&self, content: &[u8]) -> PathBuf {
        let path = self.0.join("file");
        std::fs::write(&path, content).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left of it is in the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
