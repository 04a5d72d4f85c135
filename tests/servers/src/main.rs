//! A real server as a program, for tests in other languages than Rust.
#![forbid(unsafe_code)]

use lexopt::prelude::*;
use real_servers::{Config, Kind, RealServer, ResumptionLog, TlsVersion};
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

const HELP: &str = "real-server: a real FTPS server that insists on resumed data connections.

USAGE
  real-server vsftpd|proftpd|pureftpd|filezilla [--tls 1.2|1.3] [--implicit] [--ipv6]

It prints \"listening on ADDRESS:PORT CA FILE\", and a line each for user, password and home (the user's directory as
the server calls it). At the end of standard input it stops, and prints what the server's own log counted of TLS
handshakes, as name=number pairs; nothing for Pure-FTPd, whose log is silent about them.
";

fn main() -> ExitCode {
    match arguments(lexopt::Parser::from_env()) {
        Ok(Some((kind, config))) => match serve(kind, &config) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("real-server: {}: {error}", kind.name());
                ExitCode::FAILURE
            }
        },
        Ok(None) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("real-server: {error}\nTry real-server --help.");
            ExitCode::from(2)
        }
    }
}

/// Which server to start and how; `None` where only help is asked for.
fn arguments(mut parser: lexopt::Parser) -> Result<Option<(Kind, Config)>, lexopt::Error> {
    let mut kind = None;
    let mut config = Config::new(TlsVersion::Tls13);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(name) if kind.is_none() => kind = Some(name.parse_with(kind_named)?),
            Long("tls") => config.tls = parser.value()?.parse_with(tls_version)?,
            Long("implicit") => config = config.implicit(),
            Long("ipv6") => config = config.ipv6(),
            Long("help") => return Ok(None),
            _ => return Err(argument.unexpected()),
        }
    }
    match kind {
        Some(kind) => Ok(Some((kind, config))),
        None => Err("which server? vsftpd, proftpd, pureftpd or filezilla".into()),
    }
}

fn kind_named(name: &str) -> Result<Kind, &'static str> {
    match name {
        "vsftpd" => Ok(Kind::Vsftpd),
        "proftpd" => Ok(Kind::ProFtpd),
        "pureftpd" => Ok(Kind::PureFtpd),
        "filezilla" => Ok(Kind::FileZilla),
        _ => Err("a server is vsftpd, proftpd, pureftpd or filezilla"),
    }
}

fn tls_version(text: &str) -> Result<TlsVersion, &'static str> {
    match text {
        "1.2" => Ok(TlsVersion::Tls12),
        "1.3" => Ok(TlsVersion::Tls13),
        _ => Err("a TLS version is 1.2 or 1.3"),
    }
}

fn serve(kind: Kind, config: &Config) -> Result<(), Box<dyn Error>> {
    let server = RealServer::start(kind, config)?;
    announce(&server)?;
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    if let Some(log) = settled_log(&server) {
        // Whoever started the program may be gone, and standard output with it.
        let _ = writeln!(
            io::stdout(),
            "control_handshakes={} data_full={} data_resumed={} data_refused={}",
            log.control_handshakes,
            log.data_full,
            log.data_resumed,
            log.refused
        );
    }
    Ok(())
}

fn announce(server: &RealServer) -> io::Result<()> {
    let user = server.user();
    let mut out = io::stdout();
    writeln!(out, "listening on {} CA {}", server.address(), server.ca_path().display())?;
    writeln!(out, "user {}\npassword {}\nhome {}", user.name, user.password, user.remote_home)?;
    out.flush()
}

/// The log once nothing is added to it any more: servers write it a moment after they answer.
fn settled_log(server: &RealServer) -> Option<ResumptionLog> {
    let mut last = server.resumption_log()?;
    loop {
        thread::sleep(Duration::from_millis(300));
        let log = server.resumption_log()?;
        if log == last {
            return Some(log);
        }
        last = log;
    }
}
