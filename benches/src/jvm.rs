//! The Java client beside the Rust core, and beside what the JVM offers without it.

use crate::job::{Client, Direction, Job};
use crate::large_file;
use crate::measure::{median, Run};
use crate::servers::{plant, STRICT};
use crate::table::{target, Table};
use crate::Outcome;
use real_servers::{Config, Kind, RealServer, TlsVersion};
use std::io::Write;

const REPETITIONS: usize = 5;
const FILES: usize = 500;
/// Commons Net needs 50 ms and more for a download.
const FILES_OF_COMMONS_NET: usize = 100;
const FILE: &[u8] = &[b'x'; 1000];

pub fn run() -> Outcome<()> {
    one_gigabyte()?;
    small_files()
}

fn one_gigabyte() -> Outcome<()> {
    let mut table = Table::new(&["TLS", "", "Rust", "Java", "target for Java"]);
    for tls in TlsVersion::ALL {
        let gigabyte = large_file::Gigabyte::on(RealServer::start(Kind::ProFtpd, &Config::new(tls))?)?;
        for direction in [Direction::Download, Direction::Upload] {
            let job = gigabyte.job(direction)?;
            let (mut core, mut java) = (Vec::new(), Vec::new());
            for _ in 0..REPETITIONS {
                core.push(large_file::rate(seconds(&job, Client::Libftps)?[0]));
                java.push(large_file::rate(seconds(&job, Client::LibftpsOnJvm)?[0]));
            }
            let (core, java) = (median(core), median(java));
            let ratio = java / core;
            table.row([
                tls.name().replace("TLSv", ""),
                format!("{}, MiB a second", direction.name()),
                format!("{core:.0}"),
                format!("{java:.0}"),
                target(&format!("at least 0.9 of Rust's; it is {ratio:.2}"), ratio >= 0.9),
            ]);
        }
    }
    table.print(&format!(
        "A file of 1 GiB on loopback, ProFTPD, by the client's own clock, without the login. Medians of {REPETITIONS}, in turns."
    ));
    Ok(())
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
