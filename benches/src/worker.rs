//! The libftps process that is measured.

use crate::job::{Direction, Job};
use crate::Outcome;
use ftps::{FtpsClient, TlsOptions};
use std::fs::File;
use std::time::Instant;

/// The first argument of such a process.
pub const WORD: &str = "worker";

/// Does the transfers of a job, and prints a line for each: its seconds, and 0 or the error.
pub fn run(words: &[String]) -> Outcome<()> {
    let [direction, host, port, ca, user, password, source, count] = words else {
        return Err(format!("a {WORD} needs 8 arguments, these are {}", words.len()).into());
    };
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(std::fs::read(ca)?);
    let mut client = FtpsClient::builder(host).port(port.parse()?).tls(tls).connect()?;
    client.login(user, password)?;
    for index in 0..count.parse()? {
        let name = Job::remote_name(index);
        let started = Instant::now();
        let moved = match direction == Direction::Upload.name() {
            true => client.upload_file(source, &name),
            false => client.download_to(&name, &mut File::create("/dev/null")?, |_| true),
        };
        let seconds = started.elapsed().as_secs_f64();
        match moved {
            Ok(_) => println!("{seconds} 0"),
            Err(error) => println!("{seconds} {error}"),
        }
    }
    client.quit()?;
    Ok(())
}
