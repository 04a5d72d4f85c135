//! Where data connections go: replies to EPSV and PASV, usable and not.

use crate::common::{builder, get, kind_of, log_in, on_threads, put, start};
use crate::recording::Recording;
use ftps::{FtpsClient, TlsOptions};
use socket2::{Domain, Socket, Type};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, PassiveAddress, Trigger};

fn answers(answers: &[(&str, &str)]) -> Options {
    let answers = answers.iter().map(|(verb, reply)| (verb.to_string(), reply.to_string())).collect();
    Options { answers, ..Options::default() }
}

#[test]
fn a_malformed_passive_reply_is_a_protocol_error_and_the_login_goes_on() {
    let replies = [
        ("EPSV", "229 Entering Extended Passive Mode"),
        ("EPSV", "229 Entering Extended Passive Mode ()"),
        ("EPSV", "229 Entering Extended Passive Mode (|||0|)"),
        ("EPSV", "229 Entering Extended Passive Mode (|||65536|)"),
        ("EPSV", "229 Entering Extended Passive Mode (|||99999999999999999999999|)"),
        ("EPSV", "229 Entering Extended Passive Mode (|||-1|)"),
        ("PASV", "227 Entering Passive Mode"),
        ("PASV", "227 Entering Passive Mode (127,0,0,1,4)"),
        ("PASV", "227 Entering Passive Mode (127,0,0,1,4,256)"),
        ("PASV", "227 Entering Passive Mode (127,0,0,1,0,0)"),
        ("PASV", "227 Entering Passive Mode (127,0,0,1,4,1,7)"),
    ];
    on_threads(&replies, |(verb, reply)| {
        let refused = ("EPSV", "500 Unknown command.");
        let server = match *verb {
            "EPSV" => start(answers(&[("EPSV", reply)])),
            _ => start(answers(&[refused, ("PASV", reply)])),
        };
        let mut client = log_in(builder(&server)).expect("login");
        let error = put(&mut client, "file", b"content").expect_err("no address");
        assert_eq!(error.kind(), "protocol", "{reply}: {error}");
        assert!(server.file("file").is_none(), "{reply}: STOR was sent");
        client.noop().expect("the login goes on");
    });
}

#[test]
fn a_passive_reply_that_belongs_to_another_command_ends_the_dialogue() {
    for reply in ["226 Transfer complete.", "200 Fine.", "331 Password?"] {
        let server = start(answers(&[("EPSV", reply)]));
        let mut client = log_in(builder(&server)).expect("login");
        let error = put(&mut client, "file", b"content").expect_err("no address");
        assert_eq!(error.kind(), "protocol", "{reply}: {error}");
        assert!(!client.is_usable(), "{reply}: replies may be one behind from here on");
    }
}

#[test]
fn a_huge_passive_reply_is_a_protocol_error() {
    for verb in ["EPSV", "PASV"] {
        let huge = FaultAction::Reply([b"229 ".as_slice(), &[b'('; 100_000], b"\r\n"].concat());
        let mut options = answers(if verb == "PASV" { &[("EPSV", "500 Unknown command.")] } else { &[] });
        options.faults = vec![Fault::new(Trigger::new(Moment::Reply).on(verb), huge)];
        let server = start(options);
        let mut client = log_in(builder(&server)).expect("login");
        let error = client.list("").expect_err("no address");
        assert_eq!(error.kind(), "protocol", "{error}");
        assert!(!client.is_usable());
    }
}

#[test]
fn a_fault_on_a_passive_reply_has_its_name() {
    let faults = [
        (FaultAction::Cut, "connection-lost", false),
        (FaultAction::Reset, "connection-lost", false),
        (FaultAction::Stall, "timeout", false),
        (FaultAction::NoReply, "timeout", false),
        (FaultAction::Garbage(vec![0x55; 300]), "tls", false),
        (FaultAction::Endless(b"150 again\r\n".repeat(1000)), "protocol", false),
        (FaultAction::Reply(b"425 Not now.\r\n".to_vec()), "refused", true),
        (FaultAction::ClosePassive, "connect", true),
    ];
    let mut cases = Vec::new();
    for verb in ["EPSV", "PASV"] {
        for fault in &faults {
            cases.push((verb, fault.clone()));
        }
    }
    on_threads(&cases, |(verb, (action, kind, usable))| {
        let mut options = answers(if *verb == "PASV" { &[("EPSV", "500 Unknown command.")] } else { &[] });
        options.faults = vec![Fault::new(Trigger::new(Moment::Reply).on(verb), action.clone())];
        let server = start(options);
        let mut client = log_in(builder(&server)).expect("login");
        let outcome = put(&mut client, "file", b"content");
        assert_eq!(outcome.as_ref().map_or_else(kind_of, |_| "ok"), *kind, "{verb} {action:?} {outcome:?}");
        assert_eq!(client.noop().is_ok(), *usable, "{verb} {action:?}");
    });
}

fn pasv_naming(address: Ipv4Addr) -> Options {
    Options { passive: PassiveAddress::Given(address), ..answers(&[("EPSV", "500 Unknown command.")]) }
}

#[test]
fn the_address_in_a_pasv_reply_is_not_followed() {
    for address in [Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::UNSPECIFIED] {
        let server = start(pasv_naming(address));
        let mut client = log_in(builder(&server)).expect("login");
        put(&mut client, "file", b"content").expect("upload to the control connection's peer");
        assert_eq!(get(&mut client, "file").expect("download"), b"content");
    }
}

#[test]
fn the_address_in_a_pasv_reply_is_followed_where_the_caller_says_so() {
    let server = start(pasv_naming(Ipv4Addr::new(127, 0, 0, 2)));
    let mut client = log_in(builder(&server).trust_passive_address(true)).expect("login");
    // Nobody listens there: that it was tried shows in the error.
    let error = put(&mut client, "file", b"content").expect_err("nobody listens there");
    assert_eq!(error.kind(), "connect", "{error}");
    assert!(error.to_string().contains("127.0.0.2:"), "{error}");
    let own = start(pasv_naming(Ipv4Addr::LOCALHOST));
    let mut client = log_in(builder(&own).trust_passive_address(true)).expect("login");
    put(&mut client, "file", b"content").expect("upload");
}

#[test]
fn an_unspecified_pasv_address_is_the_control_peers_even_where_addresses_are_trusted() {
    let server = start(pasv_naming(Ipv4Addr::UNSPECIFIED));
    let mut client = log_in(builder(&server).trust_passive_address(true)).expect("login");
    put(&mut client, "file", b"content").expect("upload");
}

/// Without its scope, a link-local address leads nowhere.
#[test]
fn a_data_connection_has_the_scope_of_the_control_connections_address() {
    let server = start(Options { listen: (Ipv6Addr::LOCALHOST, 0).into(), ..Options::default() });
    let recording = Recording::default();
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    let builder = FtpsClient::builder("::1%1").port(server.addr().port()).tls(tls);
    let mut client = log_in(builder.network(recording.network())).expect("login");
    put(&mut client, "file", b"content").expect("upload");
    let scopes: Vec<u32> = recording
        .dialled()
        .iter()
        .map(|(address, _)| match address {
            SocketAddr::V6(address) => address.scope_id(),
            SocketAddr::V4(_) => panic!("{address}"),
        })
        .collect();
    assert_eq!(scopes, [1, 1]);
}

/// The server itself sees IPv4.
#[test]
fn a_server_at_an_ipv4_address_in_ipv6_form_is_asked_for_pasv_where_it_has_no_epsv() {
    let server = start(answers(&[("EPSV", "500 Unknown command.")]));
    let tls = TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    let tls = tls.server_name("127.0.0.1");
    let builder = FtpsClient::builder("::ffff:127.0.0.1").port(server.addr().port()).tls(tls);
    let mut client = log_in(builder).expect("login");
    put(&mut client, "file", b"content").expect("upload");
    assert_eq!(server.counters().commands.get("PASV"), Some(&1));
}

/// A port whose connections neither stand nor fail: its queue is full, and nobody accepts.
struct Hole {
    _listener: Socket,
    _queue: Vec<TcpStream>,
    port: u16,
}

impl Hole {
    fn new() -> Hole {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port");
        listener.listen(0).expect("a listener");
        let address = listener.local_addr().expect("bound").as_socket().expect("IPv4");
        let mut queue = Vec::new();
        while let Ok(queued) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
            queue.push(queued);
        }
        Hole { _listener: listener, _queue: queue, port: address.port() }
    }
}

#[test]
fn a_refusal_ends_a_transfer_whose_connection_is_still_being_made() {
    let hole = Hole::new();
    let lost = FaultAction::Reply(format!("229 Here (|||{}|)\r\n", hole.port).into_bytes());
    let fault = Fault::new(Trigger::new(Moment::Reply).on("EPSV").nth(2), lost);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let mut client = log_in(builder(&server)).expect("login");
    // From here on the command goes out while the connection is made.
    put(&mut client, "file", b"content").expect("upload");
    let began = Instant::now();
    let error = get(&mut client, "missing").expect_err("550");
    assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
    assert_eq!(error.kind(), "refused", "{error}");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(550), "{error}");
    assert_eq!(get(&mut client, "file").expect("the login goes on"), b"content");
}

#[test]
fn a_connection_that_is_never_made_is_a_timeout_and_the_login_goes_on() {
    let hole = Hole::new();
    let lost = FaultAction::Reply(format!("229 Here (|||{}|)\r\n", hole.port).into_bytes());
    for first in [1, 2] {
        let fault = Fault::new(Trigger::new(Moment::Reply).on("EPSV").nth(first), lost.clone());
        let server = start(Options { faults: vec![fault], ..Options::default() });
        let mut client = log_in(builder(&server)).expect("login");
        if first == 2 {
            put(&mut client, "file", b"content").expect("upload");
        }
        let error = put(&mut client, "other", b"content").expect_err("no data connection");
        assert_eq!(error.kind(), "timeout", "{error}");
        // Before one has succeeded, no command goes out that could have truncated its target.
        assert_eq!(server.file("other").is_some(), first == 2);
        put(&mut client, "other", b"content").expect("the login goes on");
    }
}

/// Left behind, it would make the next upload begin in the middle of its file.
#[test]
fn no_restart_marker_is_left_behind_by_a_data_connection_that_was_not_made() {
    let server = start(answers(&[("EPSV", "229 Entering Extended Passive Mode (|||1|)")]));
    server.put_file("file", b"content").expect("a file");
    let mut client = log_in(builder(&server)).expect("login");
    let error = client.download("file", 3).expect_err("nobody listens on port 1");
    assert_eq!(error.kind(), "connect", "{error}");
    let sent: Vec<String> = server.commands().iter().map(|command| command.line.clone()).collect();
    assert_eq!(sent.last().map(String::as_str), Some("EPSV"), "{sent:?}");
    client.noop().expect("the login goes on");
}
