//! A running server.

use crate::error::StartError;
use crate::lifeline::{Launch, Lifeline};
use crate::record::{Outcome, Record};
use crate::resumption::ResumptionLog;
use crate::site::{Config, Kind, Site, User};
use crate::{account, filezilla, namespace, proftpd, pureftpd, version, vsftpd};
use std::fs;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::panic::Location;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a server may take to answer.
const START_DEADLINE: Duration = Duration::from_secs(30);
/// How often it is asked whether it is there yet.
const START_INTERVAL: Duration = Duration::from_millis(20);

/// A real server on a free port. Dropping it kills the server and its sessions and removes its folder.
#[derive(Debug)]
pub struct RealServer {
    // Declared, and so dropped, before the folder that it writes to.
    process: Lifeline,
    launch: Launch,
    kind: Kind,
    site: Site,
    folder: TempDir,
}

impl RealServer {
    /// Starts a server and waits until it answers.
    ///
    /// Fails with [`StartError::Missing`] where `tests/servers/fetch.sh` has to be run first.
    pub fn start(kind: Kind, config: &Config) -> Result<RealServer, StartError> {
        if config.namespace.is_some() && !account::is_root() {
            return Err(StartError::Rights("running a server in a network namespace needs root".to_owned()));
        }
        let folder = tempfile::Builder::new()
            .prefix("ftps-server-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir()
            .map_err(StartError::doing("cannot make a temporary folder"))?;
        let site = Site::lay_out(kind, config, folder.path())?;
        let launch = match kind {
            Kind::Vsftpd => vsftpd::prepare(&site),
            Kind::ProFtpd => proftpd::prepare(&site),
            Kind::PureFtpd => pureftpd::prepare(&site),
            Kind::FileZilla => filezilla::prepare(&site),
        }?;
        site.hand_over()?;
        let launch = Launch { prefix: prefix(kind, &site), ..launch };
        let process = Lifeline::start(&launch, &site.path(OUTPUT))?;
        let mut server = RealServer { process, launch, kind, site, folder };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// Which server this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it takes control connections.
    pub fn address(&self) -> SocketAddr {
        self.site.address()
    }

    /// The certificate authority to trust, as PEM. The server's certificate is for `localhost`, `127.0.0.1`, `::1` and
    /// the address it listens on.
    pub fn ca_pem(&self) -> &str {
        &self.site.certificates.ca_pem
    }

    /// The file that holds [`RealServer::ca_pem`].
    pub fn ca_path(&self) -> &Path {
        &self.site.certificates.ca
    }

    /// The users; at least one.
    pub fn users(&self) -> &[User] {
        &self.site.users
    }

    /// The first user.
    pub fn user(&self) -> &User {
        // `Kind::user_names` gives every server one.
        &self.site.users[0]
    }

    /// What the server's log says about its TLS handshakes; `None` on Pure-FTPd, whose log is silent about
    /// resumption.
    pub fn resumption_log(&self) -> Option<ResumptionLog> {
        let (name, count): (&str, fn(&str, &mut ResumptionLog)) = match self.kind {
            Kind::Vsftpd => (vsftpd::LOG, vsftpd::count),
            Kind::ProFtpd => (proftpd::LOG, proftpd::count),
            Kind::FileZilla => (OUTPUT, filezilla::count),
            Kind::PureFtpd => return None,
        };
        Some(ResumptionLog::of(&self.read(name), count))
    }

    /// Puts what the test has just asserted into the matrix, from which `make servers-doc` writes `docs/servers.md`:
    /// a section for each file of tests, a row for each feature, a column for each server.
    ///
    /// `feature` is a few words in the terms of the RFCs, with the commands in brackets: the same words on every server
    /// and TLS version, so that they meet in one row. A server that lacks the feature is not skipped: let it say so,
    /// and record [`Outcome::NotOffered`] with the code of its reply (the tests' `common::not_offered` takes it from
    /// the error). What a server cannot do, or does otherwise than others, is a sentence with [`Outcome::Limit`], in
    /// the test that proves it.
    ///
    /// ```no_run
    /// # use real_servers::{Config, Kind, Outcome, RealServer, TlsVersion};
    /// # let server = RealServer::start(Kind::Vsftpd, &Config::new(TlsVersion::Tls13)).unwrap();
    /// server.record("Size of a file (SIZE)", Outcome::Works);
    /// server.record("Checksum of a file (HASH)", Outcome::NotOffered(500));
    /// server.record("Listings hide the names that begin with a dot.", Outcome::Limit);
    /// ```
    ///
    /// Panics where the matrix cannot be written.
    #[track_caller]
    pub fn record(&self, feature: &str, outcome: Outcome) {
        let server = version::title(self.kind, &self.launch).unwrap_or_else(|error| panic!("{error}"));
        let record = Record {
            file: Location::caller().file().to_owned(),
            feature: feature.to_owned(),
            server,
            tls: self.site.config.tls,
            outcome,
        };
        record.append().unwrap_or_else(|error| panic!("cannot record {record:?}: {error}"));
    }

    /// Everything the server wrote: its output and its logs. For the message of a failing test.
    pub fn logs(&self) -> String {
        [OUTPUT, vsftpd::LOG, proftpd::LOG, proftpd::SYSTEM_LOG]
            .iter()
            .filter(|name| self.site.path(name).exists())
            .map(|name| format!("--- {name}\n{}", self.read(name)))
            .collect()
    }

    /// The server's folder: configuration, logs, homes.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A log that was not written yet is empty.
    fn read(&self, name: &str) -> String {
        fs::read(self.site.path(name))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn wait_until_it_answers(&mut self) -> Result<(), StartError> {
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            let answer = self.greeting();
            if answer.is_ok() {
                return Ok(());
            }
            let ended = self.process.ended();
            if ended.is_none() && Instant::now() < deadline {
                thread::sleep(START_INTERVAL);
                continue;
            }
            let what = match ended {
                Some(status) => format!("ended with {status}"),
                None => format!("did not answer on {} within {START_DEADLINE:?}", self.address()),
            };
            return Err(StartError::Failed(format!("{} {what}\n{}", self.kind.name(), self.logs())));
        }
    }

    fn greeting(&self) -> io::Result<()> {
        match &self.site.config.namespace {
            Some(name) => namespace::within(name, || self.read_greeting())
                .unwrap_or_else(|error| Err(io::Error::other(error))),
            None => self.read_greeting(),
        }
    }

    /// With implicit TLS the server says nothing before the handshake: that it accepts the connection has to do.
    fn read_greeting(&self) -> io::Result<()> {
        let mut stream = TcpStream::connect_timeout(&self.address(), Duration::from_secs(1))?;
        if self.site.config.implicit {
            return Ok(());
        }
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let mut code = [0; 3];
        stream.read_exact(&mut code)?;
        if code == *b"220" {
            return Ok(());
        }
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// What the server prints. The look-alike logs there.
const OUTPUT: &str = "output.log";

/// The words before the server's own: its network namespace, and its account.
fn prefix(kind: Kind, site: &Site) -> Vec<std::ffi::OsString> {
    let mut words = Vec::new();
    if let Some(namespace) = &site.config.namespace {
        words.extend(["ip", "netns", "exec", namespace].map(Into::into));
    }
    if site.account.is_foreign() && kind != Kind::PureFtpd {
        words.extend([
            "setpriv".into(),
            format!("--reuid={}", site.account.uid).into(),
            format!("--regid={}", site.account.gid).into(),
            "--clear-groups".into(),
        ]);
    }
    words
}
