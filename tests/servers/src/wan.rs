//! A wide-area link on this machine: two network namespaces, and `tests/wan/wanlink.c` between them.

use crate::account;
use crate::compile;
use crate::error::StartError;
use crate::lifeline::{Launch, Lifeline};
use crate::namespace::{self, Namespace};
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long the link may take to come up.
const START_DEADLINE: Duration = Duration::from_secs(10);

/// Numbers the links of this process.
static LINKS: AtomicU32 = AtomicU32::new(0);

/// A link with a delay between two network namespaces. Dropping it removes both.
///
/// A server is put at its far end by [`crate::Config::at_the_end_of`]; clients run inside [`WanLink::from_client`].
#[derive(Debug)]
pub struct WanLink {
    // Declared, and so dropped, before the namespaces.
    process: Lifeline,
    client: Namespace,
    server: Namespace,
    _folder: TempDir,
}

impl WanLink {
    /// The address of the client's end.
    pub const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 77, 0, 1));
    /// The address of the server's end.
    pub const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 77, 0, 2));

    /// Sets up a link whose round trip takes twice `one_way_milliseconds`. Needs root and `/dev/net/tun`.
    pub fn start(one_way_milliseconds: u32) -> Result<WanLink, StartError> {
        if !account::is_root() {
            return Err(StartError::Rights("network namespaces need root".to_owned()));
        }
        if !Path::new("/dev/net/tun").exists() {
            return Err(StartError::Missing(
                "/dev/net/tun is missing: load the kernel's tun module".to_owned(),
            ));
        }
        let program = compile::program("wan", "wanlink", &[])?;
        let folder = tempfile::tempdir().map_err(StartError::doing("cannot make a temporary folder"))?;
        // Namespaces have names for the whole machine.
        let id = format!("{}-{}", std::process::id(), LINKS.fetch_add(1, Ordering::Relaxed));
        let client = Namespace::add(format!("ftps-client-{id}"))?;
        let server = Namespace::add(format!("ftps-server-{id}"))?;
        let launch = Launch::new(program)
            .argument(&client.name)
            .argument(WanLink::CLIENT.to_string())
            .argument(&server.name)
            .argument(WanLink::SERVER.to_string())
            .argument(one_way_milliseconds.to_string());
        let output = folder.path().join("output.log");
        let process = Lifeline::start(&launch, &output)?;
        let mut link = WanLink { process, client, server, _folder: folder };
        link.wait_until_ready(&output)?;
        Ok(link)
    }

    /// Runs `work` at the client's end of the link, on a thread of its own: its sockets, and the processes it starts,
    /// are there.
    pub fn from_client<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, StartError> {
        namespace::within(&self.client.name, work)
    }

    /// The name of the server's network namespace.
    pub fn server_namespace(&self) -> &str {
        &self.server.name
    }

    fn wait_until_ready(&mut self, output: &Path) -> Result<(), StartError> {
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            let text = fs::read_to_string(output).unwrap_or_default();
            if text.contains("ready") {
                return Ok(());
            }
            if self.process.ended().is_some() || Instant::now() >= deadline {
                return Err(StartError::Failed(format!("wanlink did not come up: {text}")));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}
