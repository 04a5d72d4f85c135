//! How many round trips a login and a small file cost, counted over a link on which nothing else takes time.

use crate::job::{Client, Direction, Job};
use crate::measure::{median, Run};
use crate::servers::{plant, STRICT};
use crate::table::{target, Table};
use crate::Outcome;
use real_servers::{Config, Kind, RealServer, WanLink};
use std::io::Write;
use std::time::Duration;

const ONE_WAY_MILLISECONDS: u32 = 10;
const ROUND_TRIP: f64 = 2.0 * ONE_WAY_MILLISECONDS as f64 / 1000.0;
const FILES: usize = 40;
const FILE: &[u8] = &[b'x'; 1000];
const REPETITIONS: usize = 3;
/// For 0.4 s after a session has ended ProFTPD's main process takes no connection.
const REST: Duration = Duration::from_secs(1);

pub fn run() -> Outcome<()> {
    let link = WanLink::start(ONE_WAY_MILLISECONDS)?;
    let mut table =
        Table::new(&["server", "TLS", "", "libftps", "curl", "curl's median file", "target for libftps"]);
    for (kind, tls) in STRICT {
        let server = RealServer::start(kind, &Config::new(tls).at_the_end_of(&link))?;
        plant(&server, FILES, FILE)?;
        let mut source = tempfile::NamedTempFile::new()?;
        source.write_all(FILE)?;
        let batch = |client, direction, count| {
            Batch::measure(&link, &Job { server: &server, direction, count, source: source.path() }, client)
        };
        let mut row = |what: String, cells: [String; 4]| {
            let heading = [kind.name().to_owned(), tls.name().replace("TLSv", ""), what];
            table.row(heading.into_iter().chain(cells));
        };

        let [login, curls_login] =
            [Client::Libftps, Client::Curl].map(|client| batch(client, Direction::Download, 0));
        let (login, curls_login) = (login?.elapsed, curls_login?.elapsed);
        let cells = [format!("{login:.1}"), format!("{curls_login:.1}"), String::new(), String::new()];
        row("login and QUIT".to_owned(), cells);
        for direction in Direction::BOTH {
            let ours = batch(Client::Libftps, direction, FILES)?;
            let curls = batch(Client::Curl, direction, FILES)?;
            let limit = limit(kind);
            let cells = [
                ours.cell(),
                curls.cell(),
                format!("{:.1}", curls.median_file),
                target(&format!("at most {limit}"), ours.mean_file <= limit),
            ];
            row(format!("{}, each file", direction.name()), cells);
        }
    }
    table.print(&format!(
        "Round trips: elapsed time on a link of {ONE_WAY_MILLISECONDS} ms one way, divided by {:.0} ms.\nLogins: \
         whole processes. Files: 1 kB, the mean of {FILES} in one login, by the client's own clock; of curl, without the first, \
         which has\nits login in it. The median of {REPETITIONS} runs; of curl, one run.",
        ROUND_TRIP * 1000.0
    ));
    Ok(())
}

fn limit(kind: Kind) -> f64 {
    match kind {
        // It waits for the acknowledgement of its FIN before it sends 226.
        Kind::Vsftpd => 5.2,
        _ => 4.2,
    }
}

/// Processes on the link. All times are in round trips.
struct Batch {
    files: usize,
    failures: usize,
    elapsed: f64,
    /// By the process' own clock.
    mean_file: f64,
    median_file: f64,
}

impl Batch {
    fn measure(link: &WanLink, job: &Job<'_>, client: Client) -> Outcome<Batch> {
        let folder = tempfile::tempdir()?;
        // curl takes a minute for some batches; its figure is no target.
        let repetitions = if client == Client::Curl && job.count > 0 { 1 } else { REPETITIONS };
        let mut runs = Vec::new();
        for _ in 0..repetitions {
            std::thread::sleep(REST);
            let command = job.command(client, folder.path())?;
            runs.push(link.from_client(|| Run::of(command, job.count))??);
        }
        let batches: Vec<&[f64]> = runs.iter().map(|run| files(run, client)).collect();
        Ok(Batch {
            files: job.count,
            failures: job.count * repetitions - runs.iter().map(|run| run.transfers.len()).sum::<usize>(),
            elapsed: median(runs.iter().map(|run| run.elapsed.as_secs_f64())) / ROUND_TRIP,
            mean_file: median(batches.iter().map(|files| mean(files))) / ROUND_TRIP,
            median_file: median(batches.iter().map(|files| median(files.iter().copied()))) / ROUND_TRIP,
        })
    }

    fn cell(&self) -> String {
        match self.failures {
            0 => format!("{:.2}", self.mean_file),
            failures => format!("{:.2} ({failures} of {} refused)", self.mean_file, self.files),
        }
    }
}

/// curl counts its login into the first transfer.
fn files(run: &Run, client: Client) -> &[f64] {
    match client {
        Client::Curl if run.transfers.len() > 1 => &run.transfers[1..],
        _ => &run.transfers,
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
