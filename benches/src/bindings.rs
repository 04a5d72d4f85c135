//! A file of a gigabyte by a client in another language, beside the Rust core.

use crate::job::{Client, Direction, Job};
use crate::large_file::{rate, Gigabyte};
use crate::measure::{median, Run};
use crate::table::{target, Table};
use crate::Outcome;
use real_servers::{Config, Kind, RealServer, TlsVersion};

const REPETITIONS: usize = 5;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// A client in another language.
pub struct Binding {
    /// What the table calls it.
    pub name: &'static str,
    pub client: Client,
    /// The most memory that it may have, in MiB, where that tells something: a JVM takes what it is given.
    pub most_memory: Option<f64>,
}

impl Binding {
    /// Both ways on both TLS versions, in turns with the core.
    pub fn beside_the_core(&self) -> Outcome<()> {
        let Binding { name, .. } = self;
        let mut table = Table::new(&["TLS", "", "Rust", name, &format!("target for {name}")]);
        for tls in TlsVersion::ALL {
            let gigabyte = Gigabyte::on(RealServer::start(Kind::ProFtpd, &Config::new(tls))?)?;
            for direction in [Direction::Download, Direction::Upload] {
                let job = gigabyte.job(direction)?;
                self.rows(&mut table, tls, &job)?;
            }
        }
        table.print(&format!(
            "A file of 1 GiB on loopback, ProFTPD, by the client's own clock, without the login. Medians of {REPETITIONS}, in turns."
        ));
        Ok(())
    }

    fn rows(&self, table: &mut Table, tls: TlsVersion, job: &Job<'_>) -> Outcome<()> {
        let folder = tempfile::tempdir()?;
        let (mut core, mut binding) = (Figures::default(), Figures::default());
        for _ in 0..REPETITIONS {
            core.add(&Run::of(job.command(Client::Libftps, folder.path())?, 1)?);
            binding.add(&Run::of(job.command(self.client, folder.path())?, 1)?);
        }
        let ratio = binding.rate() / core.rate();
        let version = tls.name().replace("TLSv", "");
        table.row([
            version.clone(),
            format!("{}, MiB a second", job.direction.name()),
            format!("{:.0}", core.rate()),
            format!("{:.0}", binding.rate()),
            target(&format!("at least 0.9 of Rust's; it is {ratio:.2}"), ratio >= 0.9),
        ]);
        if let Some(most) = self.most_memory {
            table.row([
                version,
                "most resident memory, MiB".to_owned(),
                format!("{:.1}", core.memory()),
                format!("{:.1}", binding.memory()),
                target(&format!("below {most}"), binding.memory() < most),
            ]);
        }
        Ok(())
    }
}

/// What the processes of one client took.
#[derive(Default)]
struct Figures {
    seconds: Vec<f64>,
    memory: Vec<f64>,
}

impl Figures {
    fn add(&mut self, run: &Run) {
        self.seconds.extend(&run.transfers);
        self.memory.push(run.memory as f64 / MEBIBYTE);
    }

    fn rate(&self) -> f64 {
        rate(median(self.seconds.iter().copied()))
    }

    fn memory(&self) -> f64 {
        median(self.memory.iter().copied())
    }
}
