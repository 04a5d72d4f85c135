//! The Java client beside the Rust core, and beside what the JVM offers without it.

use crate::bindings::Binding;
use crate::job::{Client, Direction, Job};
use crate::measure::Run;
use crate::servers::{plant, STRICT};
use crate::table::{target, Table};
use crate::Outcome;
use real_servers::{Config, RealServer, TlsVersion};
use std::io::Write;

const FILES: usize = 500;
/// Commons Net needs 50 ms and more for a download.
const FILES_OF_COMMONS_NET: usize = 100;
const FILE: &[u8] = &[b'x'; 1000];

pub fn run() -> Outcome<()> {
    Binding { name: "Java", client: Client::LibftpsOnJvm, most_memory: None }.beside_the_core()?;
    small_files()
}

fn small_files() -> Outcome<()> {
    let mut table =
        Table::new(&["server", "TLS", "", "libftps", "Commons Net with the hack", "target for libftps"]);
    // The hack works with TLS 1.2 alone.
    for (kind, tls) in STRICT.into_iter().filter(|(_, tls)| *tls == TlsVersion::Tls12) {
        let server = RealServer::start(kind, &Config::new(tls))?;
        plant(&server, FILES, FILE)?;
        let mut source = tempfile::NamedTempFile::new()?;
        source.write_all(FILE)?;
        for direction in Direction::BOTH {
            let job = |count| Job { server: &server, direction, count, source: source.path() };
            let ours = Rate::of(&job(FILES), Client::LibftpsOnJvm)?;
            let stock = Rate::of(&job(FILES_OF_COMMONS_NET), Client::CommonsNet)?;
            let times = match direction {
                Direction::Upload => 2.0,
                Direction::Download => 10.0,
            };
            let ratio = ours.files / stock.files;
            table.row([
                kind.name().to_owned(),
                tls.name().replace("TLSv", ""),
                format!("{}s a second", direction.name()),
                format!("{:.0}", ours.files),
                stock.cell(FILES_OF_COMMONS_NET),
                target(&format!("at least {times} times as many; it is {ratio:.1}"), ratio >= times),
            ]);
        }
    }
    table.print(&format!(
        "Files of 1 kB on loopback from a JVM, {FILES} in one login ({FILES_OF_COMMONS_NET} with Commons Net), by the client's own clock, \
         without the login."
    ));
    Ok(())
}

/// Successful transfers a second.
struct Rate {
    files: f64,
    done: usize,
}

impl Rate {
    fn of(job: &Job<'_>, client: Client) -> Outcome<Rate> {
        let seconds = seconds(job, client)?;
        Ok(Rate { files: seconds.len() as f64 / seconds.iter().sum::<f64>(), done: seconds.len() })
    }

    fn cell(&self, of: usize) -> String {
        match of - self.done {
            0 => format!("{:.0}", self.files),
            failed => format!("{:.0} ({failed} of {of} failed)", self.files),
        }
    }
}

/// What each successful transfer took.
fn seconds(job: &Job<'_>, client: Client) -> Outcome<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    Ok(Run::of(job.command(client, folder.path())?, job.count)?.transfers)
}
