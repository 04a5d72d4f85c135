//! How many small files a second go through one login where the network takes no time.

use crate::job::{Client, Direction, Job};
use crate::measure::{median, Run};
use crate::servers::{plant, STRICT};
use crate::table::{target, Table};
use crate::Outcome;
use real_servers::{Config, RealServer};
use std::io::Write;

const FILES: usize = 500;
/// Fewer, and once: curl 7.88 waits 40 to 200 ms for many files here, and a whole second now and then.
const FILES_OF_CURL: usize = 10;
const FILE: &[u8] = &[b'x'; 1000];
const REPETITIONS: usize = 3;
const UPLOADS_A_SECOND: f64 = 500.0;

pub fn run() -> Outcome<()> {
    let mut table =
        Table::new(&["server", "TLS", "", "libftps", "its processor ms", "curl", "target for libftps"]);
    for (kind, tls) in STRICT {
        let server = RealServer::start(kind, &Config::new(tls))?;
        plant(&server, FILES, FILE)?;
        let mut source = tempfile::NamedTempFile::new()?;
        source.write_all(FILE)?;
        for direction in Direction::BOTH {
            let rate = |client, count| {
                Rate::measure(&Job { server: &server, direction, count, source: source.path() }, client)
            };
            let (ours, curls) = (rate(Client::Libftps, FILES)?, rate(Client::Curl, FILES_OF_CURL)?);
            let verdict = match direction {
                Direction::Upload => {
                    target(&format!("at least {UPLOADS_A_SECOND}"), ours.files >= UPLOADS_A_SECOND)
                }
                Direction::Download => String::new(),
            };
            table.row([
                kind.name().to_owned(),
                tls.name().replace("TLSv", ""),
                format!("{}s a second", direction.name()),
                ours.cell(FILES),
                format!("{:.2}", ours.milliseconds),
                curls.cell(FILES_OF_CURL),
                verdict,
            ]);
        }
    }
    table.print(&format!(
        "Files of 1 kB on loopback, {FILES} in one login ({FILES_OF_CURL} with curl), which counts in. Medians of {REPETITIONS} runs; of curl, one run."
    ));
    Ok(())
}

struct Rate {
    /// Successful transfers a second.
    files: f64,
    /// Processor time for one.
    milliseconds: f64,
    /// In the worst of the runs.
    failures: usize,
}

impl Rate {
    fn measure(job: &Job<'_>, client: Client) -> Outcome<Rate> {
        let folder = tempfile::tempdir()?;
        let mut runs = Vec::new();
        let repetitions = if client == Client::Curl { 1 } else { REPETITIONS };
        for _ in 0..repetitions {
            runs.push(Run::of(job.command(client, folder.path())?, job.count)?);
        }
        let done = |run: &Run| run.transfers.len() as f64;
        Ok(Rate {
            files: median(runs.iter().map(|run| done(run) / run.elapsed.as_secs_f64())),
            milliseconds: median(runs.iter().map(|run| run.processor.as_secs_f64() * 1000.0 / done(run))),
            failures: runs.iter().map(|run| job.count - run.transfers.len()).max().unwrap_or(0),
        })
    }

    fn cell(&self, of: usize) -> String {
        match self.failures {
            0 => format!("{:.0}", self.files),
            failures => format!("{:.0} ({failures} of {of} refused)", self.files),
        }
    }
}
