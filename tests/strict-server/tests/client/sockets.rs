//! Options of sockets: where connections come from, keep-alive, buffers.

use crate::common::{builder, log_in, put, start};
use crate::recording::Recording;
use ftps::client::ActiveMode;
use ftps::net::SocketOptions;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use strict_server::Options;

fn bound_to(address: impl Into<IpAddr>) -> SocketOptions {
    SocketOptions { bind_address: Some(address.into()), ..SocketOptions::default() }
}

/// The server takes data connections only from where the control connection comes from.
#[test]
fn both_connections_come_from_the_bind_address() {
    let server = start(Options::default());
    let sockets = bound_to(Ipv4Addr::new(127, 0, 0, 9));
    let mut client = log_in(builder(&server).sockets(sockets)).expect("login");
    put(&mut client, "file", b"content").expect("upload in passive mode");
    client.set_active_mode(Some(ActiveMode::default())).expect("active mode");
    put(&mut client, "file", b"content").expect("upload in active mode");
    let sent: Vec<String> = server.commands().into_iter().map(|command| command.line).collect();
    assert!(sent.iter().any(|line| line.starts_with("PORT 127,0,0,9,")), "{sent:?}");
}

#[test]
fn buffers_are_those_of_data_connections_and_keep_alive_is_for_both() {
    let server = start(Options::default());
    let recording = Recording::default();
    let sockets = SocketOptions {
        tcp_keep_alive: Some(Duration::from_secs(60)),
        send_buffer: Some(1 << 16),
        receive_buffer: Some(1 << 17),
        ..SocketOptions::default()
    };
    let builder = builder(&server).sockets(sockets.clone()).network(recording.network());
    let mut client = log_in(builder).expect("login");
    put(&mut client, "file", b"content").expect("upload");
    let options: Vec<SocketOptions> = recording.dialled().into_iter().map(|(_, options)| options).collect();
    let control = SocketOptions { send_buffer: None, receive_buffer: None, ..sockets.clone() };
    assert_eq!(options, [control, sockets]);
}

#[test]
fn a_bind_address_that_is_of_no_use_is_named_in_the_error() {
    let server = start(Options::default());
    let foreign = IpAddr::from(Ipv4Addr::new(192, 0, 2, 1));
    for address in [foreign, Ipv6Addr::LOCALHOST.into()] {
        let error = builder(&server).sockets(bound_to(address)).connect().expect_err("no such address");
        assert_eq!(error.kind(), "connect", "{error}");
        assert!(error.to_string().contains(&format!("the bind address {address} ")), "{error}");
        assert_eq!(error.errno().is_some(), address == foreign, "{error}");
    }
    assert_eq!(server.counters().control_connections, 0);
}

#[test]
fn values_that_no_system_knows_are_invalid_arguments() {
    let server = start(Options::default());
    let zero = [
        SocketOptions { tcp_keep_alive: Some(Duration::from_millis(999)), ..SocketOptions::default() },
        SocketOptions { send_buffer: Some(0), ..SocketOptions::default() },
        SocketOptions { receive_buffer: Some(0), ..SocketOptions::default() },
    ];
    for sockets in zero {
        let error = builder(&server).sockets(sockets).connect().expect_err("nothing to set");
        assert_eq!(error.kind(), "invalid-argument", "{error}");
    }
    assert_eq!(server.counters().control_connections, 0);
}
