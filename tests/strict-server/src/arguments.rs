//! The command line.

use lexopt::prelude::*;
use rustls::crypto::{aws_lc_rs, CryptoProvider};
use rustls::SupportedCipherSuite;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use strict_server::{
    Charset, ClientCertificate, Fault, ForeignSessions, Hashes, KeyType, Leaf, ListingStyle, NoopInTransfer,
    Options, PassiveAddress, Preliminary, RefusalPoint, Resumption, Storage, Tls12Sessions, TlsVersions,
    User, Wording,
};

/// What `--help` prints.
pub const HELP: &str = include_str!("help.txt");

/// What the command line asks for.
#[derive(Debug)]
pub enum Request {
    /// `--help`.
    Help,
    /// To serve.
    Serve(Box<Arguments>),
}

/// The settings of the program.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The server's.
    pub options: Options,
    /// Where the CA certificate goes.
    pub ca_out: Option<String>,
    /// Where a client certificate and its key go: this with `.pem` and `.key` behind it.
    pub client_out: Option<String>,
    /// Stop at the end of standard input.
    pub until_stdin_closes: bool,
    /// Stop after this time.
    pub run_for: Option<Duration>,
}

/// Reads the command line.
pub fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut arguments = Arguments::default();
    let mut users = Vec::new();
    let mut files = Vec::new();
    let mut suites = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Request::Help),
            Long("ca-out") => arguments.ca_out = Some(parser.value()?.string()?),
            Long("client-out") => arguments.client_out = Some(parser.value()?.string()?),
            Long("until-stdin-closes") => arguments.until_stdin_closes = true,
            Long("run-for") => arguments.run_for = Some(seconds(&parser.value()?.string()?)?),
            Long("user") => users.push(user(&parser.value()?.string()?)?),
            Long("root") => arguments.options.storage = Storage::Folder(PathBuf::from(parser.value()?)),
            Long("cipher-suite") => suites.push(parser.value()?.string()?),
            Long("sample-files") => files = sample_files(),
            Long(name) => {
                let name = name.to_owned();
                if !connection_option(&mut arguments.options, &name, &mut parser)?
                    && !tls_option(&mut arguments.options, &name, &mut parser)?
                    && !ftp_option(&mut arguments.options, &name, &mut parser)?
                {
                    return Err(format!("unknown option --{name}").into());
                }
            }
            other => return Err(other.unexpected()),
        }
    }
    if !users.is_empty() {
        arguments.options.users = users;
    }
    if !suites.is_empty() {
        arguments.options.provider = Some(Arc::new(provider_of(&suites)?));
    }
    if let Storage::Memory(store) = &mut arguments.options.storage {
        store.extend(files);
    }
    Ok(Request::Serve(Box::new(arguments)))
}

/// Options about connections and faults. False: `name` is none of them.
fn connection_option(
    options: &mut Options,
    name: &str,
    parser: &mut lexopt::Parser,
) -> Result<bool, lexopt::Error> {
    match name {
        "listen" => options.listen = parser.value()?.parse::<SocketAddr>()?,
        "implicit" => options.implicit = true,
        "pasv-address" => options.passive = PassiveAddress::Given(parser.value()?.parse()?),
        "idle-timeout" => options.idle_timeout = seconds(&parser.value()?.string()?)?,
        "data-timeout" => options.data_timeout = seconds(&parser.value()?.string()?)?,
        "fault" => options.faults.push(parser.value()?.parse::<Fault>()?),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Options about TLS. False: `name` is none of them.
fn tls_option(options: &mut Options, name: &str, parser: &mut lexopt::Parser) -> Result<bool, lexopt::Error> {
    match name {
        "tls" => {
            options.versions = choice(
                parser,
                name,
                &[("1.2", TlsVersions::Tls12), ("1.3", TlsVersions::Tls13), ("both", TlsVersions::Both)],
            )?
        }
        "resumption" => {
            options.resumption = choice(
                parser,
                name,
                &[
                    ("none", Resumption::NotRequired),
                    ("any", Resumption::AnyResumed),
                    ("same", Resumption::SameControlSession),
                ],
            )?
        }
        "wording" => {
            options.wording = choice(
                parser,
                name,
                &[
                    ("filezilla-0.9", Wording::FileZilla09),
                    ("filezilla-1", Wording::FileZilla1),
                    ("vsftpd", Wording::Vsftpd),
                    ("proftpd", Wording::ProFtpd),
                ],
            )?
        }
        "refuse" => {
            options.refusal = choice(
                parser,
                name,
                &[
                    ("during-handshake", RefusalPoint::DuringHandshake),
                    ("after-handshake", RefusalPoint::AfterHandshake),
                    ("abruptly", RefusalPoint::AfterHandshakeAbruptly),
                ],
            )?
        }
        "decline-foreign-sessions" => options.foreign_sessions = ForeignSessions::Decline,
        "tickets-at-login" => options.tickets.at_login = parser.value()?.parse()?,
        "tickets-on-downloads" => options.tickets.on_downloads = parser.value()?.parse()?,
        "tickets-on-uploads" => options.tickets.on_uploads = parser.value()?.parse()?,
        "tickets-good-once" => options.tickets.single_use = true,
        "tickets-from-control-only" => options.tickets.only_from_control = true,
        "ticket-lifetime" => options.tickets.lifetime = seconds(&parser.value()?.string()?)?,
        "ticket-size" => options.tickets.size = parser.value()?.parse()?,
        "tls12-sessions" => {
            options.tls12_sessions = choice(
                parser,
                name,
                &[
                    ("ids", Tls12Sessions::Ids),
                    ("tickets", Tls12Sessions::Tickets),
                    ("both", Tls12Sessions::Both),
                    ("neither", Tls12Sessions::Neither),
                ],
            )?
        }
        "certificate" => options.certificates.control = leaf(parser, name)?,
        "data-certificate" => options.certificates.data = Some(leaf(parser, name)?),
        "key" => {
            options.certificates.key = choice(
                parser,
                name,
                &[("p256", KeyType::EcdsaP256), ("rsa", KeyType::Rsa2048), ("ed25519", KeyType::Ed25519)],
            )?
        }
        "client-certificate" => {
            options.certificates.client = choice(
                parser,
                name,
                &[("optional", ClientCertificate::Optional), ("required", ClientCertificate::Required)],
            )?
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Options about FTP. False: `name` is none of them.
fn ftp_option(options: &mut Options, name: &str, parser: &mut lexopt::Parser) -> Result<bool, lexopt::Error> {
    match name {
        "oddity" => options.oddities.push(parser.value()?.parse()?),
        "require-tls" => options.require_tls = true,
        "require-prot-p" => options.require_protection = true,
        "clear-control" => options.clear_control = true,
        "awaits-close-notify" => options.awaits_close_notify = true,
        "pret" => options.pret = true,
        "feat-needs-tls" => options.feat_needs_tls = true,
        "lenient-upload-end" => options.lenient_upload_end = true,
        "no-upload-restart" => options.restarts_uploads = false,
        "no-rename-onto-existing" => options.renames_onto_existing = false,
        "hashes" => {
            let words = [("hash", Hashes::HashCommand), ("own", Hashes::OwnCommands), ("none", Hashes::None)];
            options.hashes = choice(parser, name, &words)?
        }
        "noop-in-transfer" => {
            options.noop_in_transfer = choice(
                parser,
                name,
                &[
                    ("at-once", NoopInTransfer::AnsweredAtOnce),
                    ("afterwards", NoopInTransfer::AnsweredAfterwards),
                    ("refused", NoopInTransfer::Refused),
                    ("never", NoopInTransfer::Swallowed),
                ],
            )?
        }
        "virtual-host" => options.virtual_hosts.push(parser.value()?.string()?),
        "150" => {
            options.preliminary = choice(
                parser,
                name,
                &[
                    ("before-handshake", Preliminary::BeforeHandshake),
                    ("after-handshake", Preliminary::AfterHandshake),
                ],
            )?
        }
        "answer" => {
            let text = parser.value()?.string()?;
            let (verb, reply) = text.split_once('=').ok_or("--answer needs VERB=REPLY")?;
            options.answers.insert(verb.to_ascii_uppercase(), reply.to_owned());
        }
        "feature" => {
            let line = parser.value()?.string()?;
            options.features.get_or_insert_with(Vec::new).push(line);
        }
        "listing" => {
            options.listing = choice(
                parser,
                name,
                &[("unix", ListingStyle::Unix), ("dos", ListingStyle::Dos), ("facts", ListingStyle::Facts)],
            )?
        }
        "raw-listing" => {
            options.raw_listing = Some(std::fs::read(parser.value()?).map_err(|e| e.to_string())?)
        }
        "latin1" => options.charset = Charset::Latin1,
        "greeting" => options.greeting = parser.value()?.string()?,
        "syst" => options.system = parser.value()?.string()?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// rustls' cryptography with these cipher suites alone.
fn provider_of(suites: &[String]) -> Result<CryptoProvider, lexopt::Error> {
    let mut provider = aws_lc_rs::default_provider();
    let name = |suite: &SupportedCipherSuite| suite.suite().as_str().unwrap_or_default();
    if let Some(unknown) =
        suites.iter().find(|given| !provider.cipher_suites.iter().any(|s| name(s) == *given))
    {
        let known: Vec<&str> = provider.cipher_suites.iter().map(name).collect();
        return Err(format!("--cipher-suite is one of {}, not \"{unknown}\"", known.join(", ")).into());
    }
    provider.cipher_suites.retain(|suite| suites.iter().any(|given| name(suite) == given));
    Ok(provider)
}

fn leaf(parser: &mut lexopt::Parser, name: &str) -> Result<Leaf, lexopt::Error> {
    choice(
        parser,
        name,
        &[
            ("valid", Leaf::Valid),
            ("expired", Leaf::Expired),
            ("self-signed", Leaf::SelfSigned),
            ("other-name", Leaf::OtherName),
        ],
    )
}

/// A value that is one of a few words.
fn choice<T: Copy>(
    parser: &mut lexopt::Parser,
    option: &str,
    words: &[(&str, T)],
) -> Result<T, lexopt::Error> {
    let given = parser.value()?.string()?;
    match words.iter().find(|(word, _)| *word == given) {
        Some((_, value)) => Ok(*value),
        None => {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Err(format!("--{option} is one of {}, not \"{given}\"", known.join(", ")).into())
        }
    }
}

fn seconds(text: &str) -> Result<Duration, lexopt::Error> {
    let wrong = |_| format!("\"{text}\" is not a number of seconds");
    Ok(Duration::from_secs(u64::from_str(text).map_err(wrong)?))
}

fn user(text: &str) -> Result<User, lexopt::Error> {
    let (name, password) = text.split_once(':').ok_or("--user needs NAME:PASSWORD")?;
    Ok(User::new(name, password))
}

fn sample_files() -> Vec<(String, Vec<u8>)> {
    vec![
        ("/hello.txt".into(), b"Hello from the strict server.\n".to_vec()),
        ("/empty.dat".into(), Vec::new()),
        ("/folder/one-mebibyte.bin".into(), (0..1 << 20).map(|index: u32| (index % 251) as u8).collect()),
    ]
}
