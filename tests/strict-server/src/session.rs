//! One control connection and the transfers that belong to it.

mod access;
mod attributes;
mod data;
mod files;
mod passive;
mod replies;
mod transfer;

use crate::control::Control;
use crate::fault::{Armed, Moment};
use crate::link::Link;
use crate::options::ConnectionLimit;
use crate::server::Shared;
use crate::tls;
use ftps::net::{Listener, Socket, Watch};
use ftps::protocol::HashAlgorithm;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a data connection that is done waits for the client to close its end. Without this, closing over
/// unread bytes would make TCP reset the connection and the client lose the tail of a download.
const LINGER: Duration = Duration::from_secs(5);
/// The longest stall.
const STALL_LIMIT: Duration = Duration::from_secs(3600);

/// Commands that move data.
const TRANSFERS: [&str; 6] = ["RETR", "STOR", "APPE", "LIST", "NLST", "MLSD"];

/// Why a control connection is over.
#[derive(Debug)]
enum Over {
    /// In good order: close_notify, FIN.
    Quit,
    /// By a fault: FIN alone.
    Cut,
    /// By a fault: RST.
    Reset,
    /// The connection broke, fell silent, or the server stops.
    Lost(io::Error),
}

impl From<io::Error> for Over {
    fn from(error: io::Error) -> Self {
        Over::Lost(error)
    }
}

type Flow<T = ()> = Result<T, Over>;

/// Where the next data connection comes from.
#[derive(Debug)]
enum DataSource {
    None,
    Passive(Box<dyn Listener>),
    Active(SocketAddr),
}

/// The state of one control connection.
#[derive(Debug)]
pub(crate) struct Session {
    shared: Arc<Shared>,
    /// Counted from 1; what sessions of this login are bound to.
    number: u64,
    /// The limit that this connection exceeds.
    limit: Option<ConnectionLimit>,
    control: Control,
    user: Option<String>,
    is_logged_in: bool,
    directory: String,
    has_pbsz: bool,
    /// `PROT P`.
    is_protected: bool,
    is_ascii: bool,
    /// The argument of `REST`, for the next command alone.
    restart: u64,
    rename_from: Option<String>,
    source: DataSource,
    /// The transfer command that `PRET` announced.
    planned: Option<String>,
    facts: Vec<&'static str>,
    /// What `HASH` computes.
    hash: HashAlgorithm,
    /// The faults of this connection's greeting and handshake.
    opening: Armed,
    /// The faults of the current command.
    armed: Armed,
    /// The last data connection, waiting for the client to close it.
    lingering: Option<(Link, Instant)>,
    /// A fault lets payload drip at this pace.
    dripping: Option<Duration>,
    /// A data connection that a fault left open.
    held: Option<Link>,
}

impl Session {
    pub(crate) fn new(shared: Arc<Shared>, number: u64, socket: Box<dyn Socket>) -> Self {
        let options = &shared.options;
        let others = shared.sessions.fetch_add(1, Ordering::SeqCst);
        let limit = options.connection_limit.filter(|limit| others >= limit.connections());
        let control =
            Control::new(Link::new(socket), shared.waiter.clone(), options.charset, options.idle_timeout);
        Session {
            number,
            limit,
            control,
            user: None,
            is_logged_in: false,
            directory: "/".into(),
            has_pbsz: false,
            is_protected: false,
            is_ascii: true,
            restart: 0,
            rename_from: None,
            source: DataSource::None,
            planned: None,
            facts: crate::listing::FACTS.to_vec(),
            hash: HashAlgorithm::Sha1,
            opening: shared.plan.connection(),
            armed: Armed::default(),
            lingering: None,
            dripping: None,
            held: None,
            shared,
        }
    }

    /// Serves the connection to its end.
    pub(crate) fn run(mut self) {
        let over = match self.serve() {
            Err(over) => over,
            Ok(never) => match never {},
        };
        log::debug!("control connection {} is over: {over:?}", self.number);
        match over {
            Over::Quit => self.close(),
            Over::Lost(e) if e.kind() == io::ErrorKind::TimedOut => {
                // The connection is given up whether or not the client still takes this.
                let _ = self.control.send(b"421 Timeout.\r\n");
                self.close();
            }
            Over::Reset => self.control.link.reset(),
            Over::Cut | Over::Lost(_) => {}
        }
    }

    fn close(&mut self) {
        self.control.link.queue_close_notify();
        // Nothing is left to be done about a client that does not take it.
        let _ = self.control.flush();
        let _ = self.control.link.shutdown_write();
    }

    fn serve(&mut self) -> Flow<std::convert::Infallible> {
        if self.shared.options.implicit {
            self.secure_control()?;
        }
        if matches!(self.limit, Some(ConnectionLimit::AtGreeting(_))) {
            self.reply("421 There are too many connected users, please try later.")?;
            return Err(Over::Quit);
        }
        let greeting = self.shared.options.greeting.clone();
        self.emit(Moment::Greeting, Some(&greeting))?;
        loop {
            let line = self.next_line()?;
            self.execute(&line)?;
        }
    }

    /// The TLS handshake on the control connection.
    fn secure_control(&mut self) -> Flow {
        self.emit(Moment::ControlHandshake, None)?;
        let start = self.shared.tls.control(self.number, self.shared.options.tickets.at_login)?;
        self.control.link.start_tls(start.connection);
        let already = self.control.take_input();
        self.control.link.feed_tls(&already)?;
        let deadline = self.shared.waiter.after(self.shared.options.idle_timeout);
        while self.control.link.is_handshaking() {
            self.control.link.flush()?;
            if !self.control.link.advance_handshake()? {
                let interest = self.control.link.reading();
                self.shared.waiter.wait(&mut [Watch::new(self.control.link.handle(), interest)], deadline)?;
            }
        }
        self.control.flush()?;
        let is_tls13 = self.control.link.tls().is_some_and(tls::is_tls13);
        if self.control.link.tls().is_some_and(|tls| tls::resumed(tls, &start.sessions) != tls::Resumed::No) {
            start.sessions.adopt();
        }
        self.shared.record.count(|counters| {
            counters.control_handshakes += 1;
            counters.tickets_issued += start.sessions.tickets_issued(is_tls13);
            counters.session_ids_issued += start.sessions.ids_issued(is_tls13);
        });
        Ok(())
    }

    /// Waits for the next command line, while the last data connection winds down.
    fn next_line(&mut self) -> Flow<String> {
        let silence = self.shared.waiter.after(self.shared.options.idle_timeout);
        loop {
            if let Some(line) = self.control.take_line()? {
                return Ok(line);
            }
            if self.control.pull()? {
                continue;
            }
            let mut watched = vec![Watch::new(self.control.link.handle(), self.control.link.reading())];
            let mut deadline = silence;
            if let Some((link, until)) = &self.lingering {
                watched.push(Watch::new(link.handle(), link.reading()));
                deadline = deadline.min(*until);
            }
            match self.shared.waiter.wait(&mut watched, deadline) {
                Err(e) if e.kind() == io::ErrorKind::TimedOut && self.lingering.is_some() => {
                    self.lingering = None;
                }
                other => other?,
            }
            self.control.link.flush()?;
            self.wind_down();
        }
    }

    /// Keeps a data connection that is done until the client closes it.
    fn linger(&mut self, link: Link) {
        self.lingering = Some((link, self.shared.waiter.after(LINGER)));
    }

    /// Reads what a lingering data connection has, and drops it at its end.
    fn wind_down(&mut self) {
        if let Some((link, _)) = &mut self.lingering {
            if link.flush().is_err() || !link.discard().unwrap_or(false) {
                self.lingering = None;
            }
        }
    }

    /// One command.
    fn execute(&mut self, line: &str) -> Flow {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let verb = verb.to_ascii_uppercase();
        self.shared.record.command(self.number, &verb, line);
        self.armed = self.shared.plan.command(&verb, TRANSFERS.contains(&verb.as_str()));
        let restart = std::mem::take(&mut self.restart);
        let rename_from = self.rename_from.take();
        if let Some(answer) = self.shared.options.answers.get(&verb).cloned() {
            return self.reply(&answer);
        }
        match verb.as_str() {
            "HOST" => self.host(argument),
            "USER" => self.user(argument),
            "PASS" => self.pass(argument),
            "AUTH" => self.auth(argument),
            "PBSZ" => self.pbsz(argument),
            "PROT" => self.prot(argument),
            "FEAT" => self.feat(),
            "OPTS" => self.opts(argument),
            "SYST" => self.reply(&self.shared.options.system.clone()),
            "NOOP" => self.reply("200 NOOP ok."),
            "HELP" => self.reply("214 See RFC 959, 3659 and 4217."),
            "QUIT" => self.reply("221 Goodbye.").and(Err(Over::Quit)),
            _ if !self.is_logged_in => self.reply("530 Please login with USER and PASS."),
            "CCC" => self.ccc(),
            "RNTO" => self.rnto(rename_from, argument),
            "REST" => self.rest(argument),
            _ if self.deviates_from_plan(line) => self.reply("503 PRET announced something else."),
            "RETR" => self.retr(argument, restart),
            "STOR" => self.stor(argument, restart),
            "APPE" => self.appe(argument),
            "LIST" | "NLST" | "MLSD" => self.listing(&verb, argument),
            _ => self.execute_simple(&verb, argument),
        }
    }

    /// Commands that need a login and nothing else.
    fn execute_simple(&mut self, verb: &str, argument: &str) -> Flow {
        match verb {
            "PWD" | "XPWD" => self.pwd(),
            "CWD" | "XCWD" => self.cwd(argument),
            "CDUP" | "XCUP" => self.cwd(".."),
            "MKD" | "XMKD" => self.mkd(argument),
            "RMD" | "XRMD" => self.rmd(argument),
            "DELE" => self.dele(argument),
            "RNFR" => self.rnfr(argument),
            "SIZE" => self.size(argument),
            "MDTM" => self.mdtm(argument),
            "MFMT" => self.mfmt(argument),
            "HASH" | "XSHA512" | "XSHA256" | "XSHA1" => self.hash_of(verb, argument),
            "MLST" => self.mlst(argument),
            "STAT" => self.stat(argument),
            "PRET" => self.pret(argument),
            "EPSV" | "PASV" if self.lacks_plan() => {
                self.reply("500 You need to use a client supporting PRET (PRE Transfer) to use PASV.")
            }
            "EPSV" => self.epsv(argument),
            "PASV" => self.pasv(),
            "EPRT" => self.eprt(argument),
            "PORT" => self.port(argument),
            "TYPE" => self.type_(argument),
            "ABOR" => self.reply("226 No transfer to abort."),
            "STRU" if argument.eq_ignore_ascii_case("F") => self.reply("200 Structure is file."),
            "MODE" if argument.eq_ignore_ascii_case("S") => self.reply("200 Mode is stream."),
            "STRU" | "MODE" => self.reply("504 Not implemented for this parameter."),
            "ALLO" => self.reply("202 No storage allocation necessary."),
            "SITE" => self.site(argument),
            _ => self.reply("500 Unknown command."),
        }
    }
}
