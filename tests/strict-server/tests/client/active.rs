//! Active mode: the server makes the data connections, and the tether holds.

use crate::common::{builder, connect, get, kind_of, log_in, on_threads, put, start, BOTH, PATIENCE};
use ftps::client::{ActiveMode, Dialogue, Timeouts};
use ftps::net::CancelToken;
use ftps::{Error, FtpsClient, ResumptionPolicy};
use socket2::{Domain, Socket, Type};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use strict_server::{
    Fault, FaultAction, Moment, Options, RefusalPoint, RunningServer, Tickets, TlsVersions, Trigger,
};

const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 5);

fn active(server: &RunningServer, mode: ActiveMode) -> FtpsClient {
    let builder = builder(server).resumption(ResumptionPolicy::Require).active_mode(mode);
    log_in(builder).expect("login")
}

fn fault(verb: &str, moment: Moment, action: FaultAction) -> Options {
    Options { faults: vec![Fault::new(Trigger::new(moment).on(verb), action)], ..Options::default() }
}

/// The commands that arrived, from the first transfer on.
fn commands(server: &RunningServer) -> Vec<String> {
    let commands = server.commands().into_iter().map(|command| command.line);
    commands.skip_while(|line| !line.starts_with("TYPE")).skip(1).collect()
}

/// The address in a PORT command.
fn announced(line: &str) -> SocketAddr {
    let numbers = line.strip_prefix("PORT ").unwrap_or_else(|| panic!("not PORT: {line}"));
    let numbers: Vec<u8> = numbers.split(',').map(|number| number.parse().expect("a number")).collect();
    let [a, b, c, d, high, low] = numbers[..] else { panic!("six numbers: {line}") };
    (Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low])).into()
}

/// Where the client listened last.
fn last_announced(server: &RunningServer) -> SocketAddr {
    let commands = commands(server);
    announced(commands.iter().rfind(|line| line.starts_with("PORT ")).expect("PORT was sent"))
}

fn assert_nobody_listens(server: &RunningServer) {
    let address = last_announced(server);
    assert!(TcpStream::connect(address).is_err(), "somebody still listens on {address}");
}

#[test]
fn every_data_connection_in_active_mode_is_made_by_the_server_and_resumed() {
    for (versions, version) in BOTH {
        let tickets = Tickets { on_uploads: 0, ..Tickets::default() };
        let server = start(Options { versions, tickets, ..Options::default() });
        let mut client = active(&server, ActiveMode::default());
        let content = vec![7; 300_000];
        for _ in 0..10 {
            put(&mut client, "file", &content).expect("upload");
            assert!(get(&mut client, "file").expect("download") == content);
            assert!(client.list("").expect("listing").entries.iter().any(|entry| entry.name() == "file"));
        }
        assert_eq!(client.tls_version(), Some(version));
        let counters = server.counters();
        assert_eq!((counters.data_active, counters.data_same_session, counters.data_full), (30, 30, 0));
        assert_eq!((client.statistics().resumed, client.statistics().relogins), (30, 0));
        assert!(!counters.commands.contains_key("EPSV") && !counters.commands.contains_key("PASV"));
        assert_nobody_listens(&server);
    }
}

#[test]
fn eprt_announces_an_ipv6_address() {
    let server = start(Options { listen: (Ipv6Addr::LOCALHOST, 0).into(), ..Options::default() });
    let tls = ftps::TlsOptions::default().platform_roots(false).extra_roots_pem(server.ca_pem());
    let builder = FtpsClient::builder("::1").port(server.addr().port()).tls(tls).timeouts(PATIENCE);
    let mut client = log_in(builder.active_mode(ActiveMode::default())).expect("login");
    put(&mut client, "file", b"content").expect("upload");
    let commands = commands(&server);
    assert!(commands[0].starts_with("EPRT |2|::1|"), "{commands:?}");
    assert_eq!((server.counters().data_active, server.counters().data_same_session), (1, 1));
}

#[test]
fn the_range_of_ports_is_kept_to_and_used_in_turn() {
    // The lowest of the three is in use: the kernel knows a free range no other way.
    let (taken, first) = (0..)
        .find_map(|_| {
            let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            let first = taken.local_addr().expect("bound").port();
            let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
            (first < u16::MAX - 2 && free(first + 1) && free(first + 2)).then_some((taken, first))
        })
        .expect("three ports");
    let server = start(Options::default());
    let mut client = active(&server, ActiveMode::default().ports(first..=first + 2));
    for _ in 0..4 {
        put(&mut client, "file", b"content").expect("upload");
    }
    let commands = commands(&server);
    let ports: Vec<u16> = commands
        .iter()
        .filter(|line| line.starts_with("PORT"))
        .map(|line| announced(line).port() - first)
        .collect();
    assert_eq!(ports, [1, 2, 1, 2]);
    drop(taken);
}

#[test]
fn no_free_port_in_the_range_is_an_error_before_anything_is_sent() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("bound").port();
    let server = start(Options::default());
    let mut client = active(&server, ActiveMode::default().ports(port..=port));
    let error = put(&mut client, "file", b"content").expect_err("no port");
    assert_eq!(error.kind(), "connect", "{error}");
    assert!(error.errno().is_some(), "{error}");
    assert_eq!(commands(&server), [""; 0]);
    drop(taken);
    put(&mut client, "file", b"content").expect("the login goes on");
}

#[test]
#[allow(clippy::reversed_empty_ranges, reason = "that is what is refused")]
fn a_range_without_ports_is_an_invalid_argument() {
    let server = start(Options::default());
    for ports in [0..=10, 0..=0, 5..=4] {
        let mode = ActiveMode::default().ports(ports);
        let outcome = builder(&server).active_mode(mode.clone()).connect();
        assert_eq!(outcome.expect_err("no port").kind(), "invalid-argument");
        let mut client = connect(&server, ResumptionPolicy::Require);
        assert_eq!(client.set_active_mode(Some(mode)).expect_err("no port").kind(), "invalid-argument");
        assert!(!client.is_active_mode());
    }
    assert_eq!(server.counters().control_connections, 3, "the other three were never made");
}

/// The server dials what is announced, and only the client's own address.
#[test]
fn the_address_to_listen_on_and_the_one_to_announce_are_the_callers_choice() {
    let server = start(Options::default());
    let everywhere = ActiveMode::default().listen_on(IpAddr::from(Ipv4Addr::UNSPECIFIED));
    put(&mut active(&server, everywhere), "file", b"content").expect("upload");
    assert_eq!(last_announced(&server).ip(), Ipv4Addr::LOCALHOST);

    let nat = ActiveMode::default()
        .listen_on(IpAddr::from(Ipv4Addr::UNSPECIFIED))
        .announced_address(IpAddr::from(Ipv4Addr::new(192, 0, 2, 1)));
    let mut client = active(&server, nat);
    let error = put(&mut client, "file", b"content").expect_err("another machine's address");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(500), "{error}");
    assert_eq!(last_announced(&server).ip(), Ipv4Addr::new(192, 0, 2, 1));

    client.set_active_mode(Some(ActiveMode::default().listen_on(IpAddr::from(ELSEWHERE)))).expect("a mode");
    put(&mut client, "file", b"content").expect_err("not the control connection's address");
    assert_eq!(last_announced(&server).ip(), ELSEWHERE);

    let foreign = ActiveMode::default().listen_on(IpAddr::from(Ipv4Addr::new(192, 0, 2, 1)));
    client.set_active_mode(Some(foreign)).expect("a mode");
    let before = commands(&server).len();
    assert_eq!(put(&mut client, "file", b"content").expect_err("not ours").kind(), "connect");
    assert_eq!(commands(&server).len(), before, "nothing was sent");
}

#[test]
fn a_server_that_cannot_connect_says_so_at_once_and_the_login_goes_on() {
    let server = start(Options::default());
    // Nobody listens where the server connects to.
    let nowhere = ActiveMode::default()
        .listen_on(IpAddr::from(ELSEWHERE))
        .announced_address(IpAddr::from(Ipv4Addr::LOCALHOST));
    let mut client = active(&server, nowhere);
    let began = Instant::now();
    let error = client.list("").expect_err("425");
    assert!(began.elapsed() < PATIENCE.data, "{:?}", began.elapsed());
    assert_eq!(error.kind(), "refused", "{error}");
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(425), "{error}");
    client.set_active_mode(Some(ActiveMode::default())).expect("a mode");
    put(&mut client, "file", b"content").expect("the login goes on");
}

#[test]
fn a_refusal_that_comes_in_place_of_a_connection_ends_the_transfer() {
    let server = start(Options::default());
    let mut client = active(&server, ActiveMode::default());
    let began = Instant::now();
    let error = get(&mut client, "missing").expect_err("550");
    assert!(began.elapsed() < PATIENCE.data, "{:?}", began.elapsed());
    assert_eq!(error.reply().map(ftps::protocol::Reply::code), Some(550), "{error}");
    assert_nobody_listens(&server);
    put(&mut client, "file", b"content").expect("the login goes on");
}

#[test]
fn a_server_that_never_connects_is_a_timeout_and_the_login_goes_on() {
    let server = start(fault("STOR", Moment::DataAccept, FaultAction::Stall));
    let patience = Timeouts { data: Duration::from_millis(300), ..PATIENCE };
    let mut client =
        log_in(builder(&server).timeouts(patience).active_mode(ActiveMode::default())).expect("login");
    let error = put(&mut client, "file", b"content").expect_err("nobody connects");
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!(error.to_string().contains("active mode"), "{error}");
    assert_nobody_listens(&server);
    put(&mut client, "file", b"content").expect("the login goes on");
}

#[test]
fn waiting_for_the_servers_connection_is_part_of_the_operation() {
    let server = start(fault("STOR", Moment::DataAccept, FaultAction::Stall));
    let patience =
        Timeouts { data: Duration::from_secs(600), operation: Some(Duration::from_millis(300)), ..PATIENCE };
    let mut client =
        log_in(builder(&server).timeouts(patience).active_mode(ActiveMode::default())).expect("login");
    let error = put(&mut client, "file", b"content").expect_err("nobody connects");
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!(error.to_string().contains("operation"), "{error}");
}

#[test]
fn waiting_for_the_servers_connection_is_cancelled() {
    let server = start(fault("STOR", Moment::DataAccept, FaultAction::Stall));
    let patience = Timeouts { data: Duration::from_secs(600), ..PATIENCE };
    let token = CancelToken::new().expect("descriptors");
    let builder = builder(&server).timeouts(patience).cancel_token(token.clone());
    let mut client = log_in(builder.active_mode(ActiveMode::default())).expect("login");
    let canceller = token.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        canceller.cancel();
    });
    let error = put(&mut client, "file", b"content").expect_err("cancelled");
    assert!(matches!(error, Error::Cancelled(_)), "{error:?}");
    thread.join().expect("the canceller");
    assert_nobody_listens(&server);
    token.reset();
    put(&mut client, "file", b"content").expect("the login goes on");
}

/// A refused PORT or EPRT is final: there is no third command.
#[test]
fn a_refused_announcement_has_the_servers_words_and_the_login_goes_on() {
    for reply in ["500 Unknown command.", "502 No active mode here.", "421 Too many.", "425 Not now."] {
        let answers = [("PORT".to_owned(), reply.to_owned())].into();
        let server = start(Options { answers, ..Options::default() });
        let mut client = active(&server, ActiveMode::default());
        let error = put(&mut client, "file", b"content").expect_err(reply);
        assert_eq!(error.kind(), "refused", "{reply}: {error}");
        assert!(error.to_string().contains(reply), "{error}");
        assert!(server.file("file").is_none(), "{reply}: STOR was sent");
        assert_nobody_listens(&server);
        if !reply.starts_with("421") {
            client.set_active_mode(None).expect("passive mode");
            put(&mut client, "file", b"content").expect("the login goes on");
        }
    }
}

#[test]
fn the_reply_to_another_command_in_place_of_ports_ends_the_dialogue() {
    for reply in ["226 Transfer complete.", "331 Password?"] {
        let answers = [("PORT".to_owned(), reply.to_owned())].into();
        let server = start(Options { answers, ..Options::default() });
        let mut client = active(&server, ActiveMode::default());
        let error = put(&mut client, "file", b"content").expect_err(reply);
        assert_eq!(error.kind(), "protocol", "{reply}: {error}");
        assert!(!client.is_usable(), "{reply}: replies may be one behind from here on");
    }
}

#[test]
fn a_fault_on_a_connection_of_the_servers_has_its_name() {
    let garbage = || FaultAction::Garbage(vec![0x55; 300]);
    let faults = [
        (Moment::DataAccept, FaultAction::Cut, "refused", true),
        (Moment::DataAccept, FaultAction::Reset, "refused", true),
        (Moment::DataAccept, FaultAction::CutBoth, "connection-lost", false),
        (Moment::DataAccept, FaultAction::ResetBoth, "connection-lost", false),
        (Moment::DataHandshake, FaultAction::Reset, "refused", true),
        (Moment::DataHandshake, FaultAction::Stall, "timeout", true),
        (Moment::DataHandshake, garbage(), "tls", true),
        (Moment::DataByte(1000), FaultAction::Reset, "refused", true),
        (Moment::DataByte(1000), FaultAction::Stall, "timeout", true),
        (Moment::Reply, FaultAction::Cut, "connection-lost", false),
        (Moment::Reply, FaultAction::Reset, "connection-lost", false),
        (Moment::Reply, FaultAction::Stall, "timeout", false),
    ];
    let cases: Vec<_> =
        ["STOR", "RETR"].iter().flat_map(|verb| faults.iter().map(move |f| (*verb, f))).collect();
    on_threads(&cases, |(verb, (moment, action, kind, usable))| {
        let server = start(fault(verb, *moment, action.clone()));
        server.put_file("other", &[7; 10_000_000]).expect("a file");
        let mut client = active(&server, ActiveMode::default());
        let outcome = match *verb {
            "STOR" => put(&mut client, "file", &[7; 10_000_000]),
            _ => get(&mut client, "other").map(|content| content.len() as u64),
        };
        let case = format!("{verb} {moment:?} {action:?} {outcome:?}");
        assert_eq!(outcome.as_ref().map_or_else(kind_of, |_| "ok"), *kind, "{case}");
        assert_eq!(client.noop().is_ok(), *usable, "{case}");
        assert_nobody_listens(&server);
        if *usable {
            put(&mut client, "file", b"content").expect("the login goes on");
        }
    });
}

/// Connects to `address` from another address of this machine, and tells what came of it.
fn connect_from_elsewhere(address: SocketAddr) -> std::io::Result<Vec<u8>> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((ELSEWHERE, 0)).into())?;
    socket.connect(&address.into())?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut received = Vec::new();
    stream.write_all(b"not TLS at all")?;
    stream.read_to_end(&mut received)?;
    Ok(received)
}

/// The client's announcements, as they go out.
fn announcements(client: &mut FtpsClient) -> mpsc::Receiver<SocketAddr> {
    let (sender, receiver) = mpsc::channel();
    client.set_dialogue_observer(Some(std::sync::Arc::new({
        let sender = std::sync::Mutex::new(sender);
        move |line| {
            let Dialogue::Sent(command) = line else { return };
            if command.verb() == "PORT" {
                // Nobody may be interested any more.
                let _ = sender.lock().expect("a sender").send(announced(&command.to_string()));
            }
        }
    })));
    receiver
}

#[test]
fn a_connection_from_elsewhere_is_closed_and_the_servers_own_is_waited_for() {
    let late = FaultAction::Delay(Duration::from_millis(500));
    let server = start(fault("STOR", Moment::Reply, late));
    let mut client = active(&server, ActiveMode::default());
    let announcements = announcements(&mut client);
    let stranger = std::thread::spawn(move || {
        let address = announcements.recv().expect("PORT");
        let outcomes: Vec<_> = (0..5).map(|_| connect_from_elsewhere(address)).collect();
        outcomes
    });
    put(&mut client, "file", b"content").expect("upload");
    for outcome in stranger.join().expect("the stranger") {
        assert!(outcome.is_err(), "reset, not served: {outcome:?}");
    }
    assert_eq!(server.file("file").as_deref(), Some(&b"content"[..]));
    assert_eq!(server.counters().data_same_session, 1);
}

#[test]
fn strangers_without_end_do_not_extend_the_wait() {
    let server = start(fault("STOR", Moment::DataAccept, FaultAction::Stall));
    let mut client = active(&server, ActiveMode::default());
    let announcements = announcements(&mut client);
    let stranger = std::thread::spawn(move || {
        let address = announcements.recv().expect("PORT");
        let mut attempts = 0;
        while connect_from_elsewhere(address)
            .is_err_and(|e| e.kind() != std::io::ErrorKind::ConnectionRefused)
        {
            attempts += 1;
        }
        attempts
    });
    let began = Instant::now();
    let error = put(&mut client, "file", b"content").expect_err("the server never connects");
    assert_eq!(error.kind(), "timeout", "{error}");
    assert!(began.elapsed() < 2 * PATIENCE.data, "{:?}", began.elapsed());
    assert!(stranger.join().expect("the stranger") > 0);
}

#[test]
fn a_connection_from_elsewhere_is_taken_where_the_caller_says_so_and_has_to_prove_itself() {
    let late = FaultAction::Delay(Duration::from_millis(500));
    let server = start(fault("STOR", Moment::Reply, late));
    let mut client = active(&server, ActiveMode::default().trust_any_peer(true));
    let announcements = announcements(&mut client);
    let stranger =
        std::thread::spawn(move || connect_from_elsewhere(announcements.recv().expect("PORT")).map(drop));
    let error = put(&mut client, "file", b"content").expect_err("the stranger is no TLS server");
    assert_eq!(error.kind(), "tls", "{error}");
    // Whatever came of it: it was heard.
    let _ = stranger.join().expect("the stranger");
}

#[test]
fn modes_change_between_any_two_transfers() {
    let server = start(Options::default());
    server.put_file("file", &[7; 50_000]).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Require);
    for round in 1..=3 {
        // A batch: the address for a fourth one is asked ahead.
        for _ in 0..3 {
            get(&mut client, "file").expect("download in passive mode");
        }
        client.set_active_mode(Some(ActiveMode::default())).expect("a mode");
        for _ in 0..3 {
            get(&mut client, "file").expect("download in active mode");
            put(&mut client, "other", b"content").expect("upload in active mode");
        }
        client.set_active_mode(None).expect("passive mode");
        let before = commands(&server).len();
        get(&mut client, "file").expect("download in passive mode");
        // The address that was asked ahead has not outlived the PORT commands.
        assert_eq!(commands(&server)[before..], ["EPSV", "RETR file"]);
        put(&mut client, "other", b"content").expect("upload in passive mode");
        assert_eq!(server.counters().data_active, 6 * round);
    }
    assert_eq!((server.counters().data_same_session, server.counters().data_full), (33, 0));
    assert_eq!(client.statistics().relogins, 0);
}

#[test]
fn nothing_is_asked_ahead_in_active_mode() {
    let server = start(Options::default());
    server.put_file("file", &[7; 50_000]).expect("a file");
    let mut client = active(&server, ActiveMode::default());
    for _ in 0..5 {
        get(&mut client, "file").expect("download");
    }
    let verbs: Vec<String> =
        commands(&server).iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(verbs, ["PORT", "RETR"].repeat(5));
}

#[test]
fn rest_follows_port_and_goes_directly_before_its_command() {
    let server = start(Options::default());
    server.put_file("file", b"content").expect("a file");
    let mut client = active(&server, ActiveMode::default());
    let mut tail = Vec::new();
    let mut download = client.download("file", 3).expect("REST, RETR");
    download.read_to_end(&mut tail).expect("download goes on");
    download.finish().expect("download ends");
    assert_eq!(tail, b"tent");
    let commands = commands(&server);
    assert_eq!(commands[1..], ["REST 3", "RETR file"], "{commands:?}");
}

#[test]
fn a_new_login_behind_the_callers_back_goes_on_in_active_mode() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let mut client = active(&server, ActiveMode::default());
        put(&mut client, "file", b"content").expect("upload");
        server.forget_sessions();
        put(&mut client, "file", b"content").expect("upload in a new login");
        get(&mut client, "file").expect("download");
        assert_eq!(client.statistics().relogins, 1);
        let counters = server.counters();
        assert_eq!(counters.data_active, counters.data_connections);
        assert!(!counters.commands.contains_key("EPSV"), "{:?}", counters.commands);
    }
}

#[test]
fn the_other_kind_of_ticket_is_tried_in_active_mode_too() {
    let points =
        [RefusalPoint::DuringHandshake, RefusalPoint::AfterHandshake, RefusalPoint::AfterHandshakeAbruptly];
    for refusal in points {
        let tickets = Tickets { only_from_control: true, ..Tickets::default() };
        let options = Options { tickets, refusal, versions: TlsVersions::Tls13, ..Options::default() };
        let server = start(options);
        let mut client = active(&server, ActiveMode::default());
        for _ in 0..10 {
            put(&mut client, "file", b"content").expect("upload");
            assert_eq!(get(&mut client, "file").expect("download"), b"content");
        }
        let counters = server.counters();
        assert!(counters.data_refused > 0, "{refusal:?}: there was nothing to try another kind for");
        assert_eq!(counters.data_active, counters.data_connections);
        assert_eq!(client.statistics().relogins, 0, "{refusal:?}");
    }
}

#[test]
fn an_upload_in_active_mode_that_is_dropped_is_never_confirmed() {
    let server = start(Options { lenient_upload_end: true, ..Options::default() });
    let mut client = active(&server, ActiveMode::default());
    let mut upload = client.upload("file", 0).expect("upload opens");
    upload.write_all(&[7; 50_000]).expect("upload goes on");
    drop(upload);
    client.noop().expect("the login goes on");
    assert_eq!(server.counters().uploads_completed, 0);
}
