//! What a gigabyte costs.

use crate::job::{Client, Direction, Job};
use crate::measure::{median, Run};
use crate::table::{target, Table};
use crate::Outcome;
use real_servers::{Config, Kind, RealServer, TlsVersion};
use std::fs::File;
use std::path::{Path, PathBuf};

const SIZE: u64 = 1 << 30;
const MEBIBYTE: f64 = 1024.0 * 1024.0;
const REPETITIONS: usize = 5;

/// A server with a file of a gigabyte, which is also what uploads send.
pub struct Gigabyte {
    server: RealServer,
    file: PathBuf,
    source: PathBuf,
}

impl Gigabyte {
    pub fn on(server: RealServer) -> Outcome<Gigabyte> {
        // In the server's directory, so that an upload's source is a download's file: one gigabyte on the disk fewer.
        let file = server.user().plant(&Job::remote_name(0), b"")?;
        fill(&file)?;
        let source = server.user().home.join("source");
        std::fs::hard_link(&file, &source)?;
        Ok(Gigabyte { server, file, source })
    }

    /// One transfer; after uploads there are no more downloads.
    pub fn job(&self, direction: Direction) -> Outcome<Job<'_>> {
        if direction == Direction::Upload {
            // The server would truncate the source, too.
            std::fs::remove_file(&self.file)?;
        }
        Ok(Job { server: &self.server, direction, count: 1, source: &self.source })
    }
}

/// MiB a second of a transfer that took these seconds.
pub fn rate(seconds: f64) -> f64 {
    SIZE as f64 / MEBIBYTE / seconds
}

pub fn run() -> Outcome<()> {
    let gigabyte = Gigabyte::on(RealServer::start(Kind::ProFtpd, &Config::new(TlsVersion::Tls13))?)?;
    let mut table = Table::new(&["", "", "libftps", "curl", "target for libftps"]);
    for direction in [Direction::Download, Direction::Upload] {
        let (ours, curls) = measure(&gigabyte.job(direction)?)?;
        let (our_rate, curls_rate) = (rate(ours.elapsed), rate(curls.elapsed));
        table.row([
            direction.name().to_owned(),
            "MiB a second".to_owned(),
            format!("{our_rate:.0}"),
            format!("{curls_rate:.0}"),
            target("not below curl's", our_rate >= curls_rate),
        ]);
        let ratio = ours.processor / curls.processor;
        table.row([
            String::new(),
            "processor seconds, user and system".to_owned(),
            format!("{:.2}", ours.processor),
            format!("{:.2}", curls.processor),
            target(&format!("at most 0.9 of curl's; it is {ratio:.2}"), ratio <= 0.9),
        ]);
        table.row([
            String::new(),
            "most resident memory, MiB".to_owned(),
            format!("{:.1}", ours.memory),
            format!("{:.1}", curls.memory),
            target("below 16", ours.memory < 16.0),
        ]);
    }
    table.print(&format!(
        "A file of 1 GiB on loopback, ProFTPD, TLS 1.3. Each figure is of a whole process, login included: the median of \
         {REPETITIONS}, in turns."
    ));
    Ok(())
}

struct Summary {
    elapsed: f64,
    processor: f64,
    memory: f64,
}

impl Summary {
    fn of(runs: &[Run]) -> Summary {
        Summary {
            elapsed: median(runs.iter().map(|run| run.elapsed.as_secs_f64())),
            processor: median(runs.iter().map(|run| run.processor.as_secs_f64())),
            memory: median(runs.iter().map(|run| run.memory as f64 / MEBIBYTE)),
        }
    }
}

/// libftps and curl in turns, so that what else the machine does hits both.
fn measure(job: &Job<'_>) -> Outcome<(Summary, Summary)> {
    let folder = tempfile::tempdir()?;
    let (mut ours, mut curls) = (Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        ours.push(Run::of(job.command(Client::Libftps, folder.path())?, job.count)?);
        curls.push(Run::of(job.command(Client::Curl, folder.path())?, job.count)?);
    }
    Ok((Summary::of(&ours), Summary::of(&curls)))
}

/// Real bytes: the blocks of a sparse file would all be the same page of zeros.
fn fill(path: &Path) -> Outcome<()> {
    let mut file = File::create(path)?;
    std::io::copy(&mut std::io::Read::take(File::open("/dev/urandom")?, SIZE), &mut file)?;
    Ok(())
}
