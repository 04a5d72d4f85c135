//! The strict server as a program.
#![forbid(unsafe_code)]

mod arguments;

use arguments::{Arguments, Request};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;
use strict_server::{RunningServer, Server};

fn main() -> ExitCode {
    let arguments = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Request::Serve(arguments)) => arguments,
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Err(e) => {
            eprintln!("strict-server: {e}\nTry strict-server --help.");
            return ExitCode::from(2);
        }
    };
    match serve(*arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("strict-server: {e}");
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: Arguments) -> io::Result<()> {
    let server = Server::start(arguments.options)?;
    if let Some(path) = &arguments.ca_out {
        std::fs::write(path, server.ca_pem()).map_err(|e| explain("the CA certificate", path, e))?;
    }
    if let Some(prefix) = &arguments.client_out {
        let identity = server.client_identity("client")?;
        std::fs::write(format!("{prefix}.pem"), identity.certificate)
            .and_then(|()| std::fs::write(format!("{prefix}.key"), identity.key))
            .map_err(|e| explain("the client certificate", prefix, e))?;
    }
    announce(&server, arguments.ca_out.as_deref())?;
    wait_for_the_end(arguments.until_stdin_closes, arguments.run_for)?;
    // Whoever started the program may be gone, and standard output with it.
    let _ = writeln!(io::stdout(), "{}", server.counters());
    Ok(())
}

fn explain(what: &str, path: &str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what} cannot be written to {path}: {error}"))
}

/// One line that scripts can wait for.
fn announce(server: &RunningServer, ca: Option<&str>) -> io::Result<()> {
    let mut out = io::stdout();
    match ca {
        Some(path) => writeln!(out, "listening on {} CA {path}", server.addr())?,
        None => writeln!(out, "listening on {}", server.addr())?,
    }
    out.flush()
}

/// Returns on SIGTERM, SIGINT, the end of standard input (if asked for), or after `limit`.
fn wait_for_the_end(until_stdin_closes: bool, limit: Option<Duration>) -> io::Result<()> {
    let (sender, ended) = mpsc::channel();
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let from_signals = sender.clone();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            // Nobody listens any more: the program ends already.
            let _ = from_signals.send(());
        }
    });
    if until_stdin_closes {
        std::thread::spawn(move || {
            let mut input = io::stdin().lock();
            let mut buffer = [0; 1024];
            while matches!(input.read(&mut buffer), Ok(count) if count > 0) {}
            let _ = sender.send(());
        });
    }
    // Both a message and the end of the waiting are a reason to stop.
    let _ = match limit {
        Some(limit) => ended.recv_timeout(limit).ok(),
        None => ended.recv().ok(),
    };
    Ok(())
}
