//! Real proxies: microsocks and Tinyproxy, from Debian's packages.

use crate::error::StartError;
use crate::installation::Installation;
use crate::lifeline::{Launch, Lifeline};
use crate::ports::PortBlock;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Whom the proxies let in.
const USER: &str = "proxy-user";
const PASSWORD: &str = "proxy-password";

/// How long a proxy may take to listen.
const START_DEADLINE: Duration = Duration::from_secs(30);
const OUTPUT: &str = "output.log";

/// The proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// microsocks: SOCKS5 with user and password.
    MicroSocks,
    /// Tinyproxy: HTTP CONNECT with `Basic` credentials.
    Tinyproxy,
}

impl ProxyKind {
    /// All of them.
    pub const ALL: [ProxyKind; 2] = [ProxyKind::MicroSocks, ProxyKind::Tinyproxy];

    /// What a feature of the matrix calls it.
    pub fn name(self) -> &'static str {
        match self {
            ProxyKind::MicroSocks => "SOCKS5 proxy (microsocks)",
            ProxyKind::Tinyproxy => "HTTP CONNECT proxy (Tinyproxy)",
        }
    }
}

/// A real proxy on a free port of 127.0.0.1, which wants credentials. Dropping it kills it and removes its folder.
#[derive(Debug)]
pub struct RealProxy {
    // Declared, and so dropped, before the folder that it writes to.
    process: Lifeline,
    kind: ProxyKind,
    ports: PortBlock,
    folder: TempDir,
}

impl RealProxy {
    /// Starts a proxy and waits until it listens.
    ///
    /// Fails with [`StartError::Missing`] where `tests/servers/fetch.sh` has to be run first.
    pub fn start(kind: ProxyKind) -> Result<RealProxy, StartError> {
        let folder = tempfile::Builder::new().prefix("ftps-proxy-").tempdir();
        let folder = folder.map_err(StartError::doing("cannot make a temporary folder"))?;
        let ports = PortBlock::take(Ipv4Addr::LOCALHOST.into())?;
        let launch = match kind {
            ProxyKind::MicroSocks => microsocks(ports.control()),
            ProxyKind::Tinyproxy => tinyproxy(ports.control(), folder.path()),
        }?;
        let process = Lifeline::start(&launch, &folder.path().join(OUTPUT))?;
        let mut proxy = RealProxy { process, kind, ports, folder };
        proxy.wait_until_it_listens()?;
        Ok(proxy)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.control()).into()
    }

    /// Whom it lets in.
    pub fn user(&self) -> &'static str {
        USER
    }

    /// That user's password.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// How many connections to `host` the proxy's own log tells of.
    pub fn connections_to(&self, host: &str) -> usize {
        let wanted = match self.kind {
            ProxyKind::MicroSocks => format!(": connected to {host}:"),
            ProxyKind::Tinyproxy => format!("Established connection to host \"{host}\""),
        };
        self.log().lines().filter(|line| line.contains(&wanted)).count()
    }

    /// What the proxy wrote.
    pub fn log(&self) -> String {
        fs::read(self.folder.path().join(OUTPUT))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn wait_until_it_listens(&mut self) -> Result<(), StartError> {
        let deadline = Instant::now() + START_DEADLINE;
        while TcpStream::connect(self.address()).is_err() {
            if let Some(status) = self.process.ended() {
                return Err(StartError::Failed(format!(
                    "{:?} ended with {status}\n{}",
                    self.kind,
                    self.log()
                )));
            }
            if Instant::now() > deadline {
                return Err(StartError::Failed(format!("{:?} does not listen\n{}", self.kind, self.log())));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

fn microsocks(port: u16) -> Result<Launch, StartError> {
    let words = ["-i", "127.0.0.1", "-u", USER, "-P", PASSWORD, "-p"];
    let launch = Launch::new(Installation::own()?.path("usr/bin/microsocks")?);
    Ok(words.into_iter().fold(launch, Launch::argument).argument(port.to_string()))
}

fn tinyproxy(port: u16, folder: &Path) -> Result<Launch, StartError> {
    // Without ConnectPort, CONNECT is allowed to every port. Without LogFile, it logs to its output.
    let configuration = format!(
        "Port {port}\nListen 127.0.0.1\nTimeout 600\nMaxClients 100\nLogLevel Info\nAllow 127.0.0.1\n\
         BasicAuth {USER} {PASSWORD}\n"
    );
    let path = folder.join("tinyproxy.conf");
    fs::write(&path, configuration).map_err(StartError::writing(&path))?;
    let program = Installation::own()?.path("usr/bin/tinyproxy")?;
    Ok(Launch::new(program).argument("-d").argument("-c").argument(path))
}
