//! The way to the server: sockets, proxies, and what is protected on it.

use crate::common::{commands, holds_on, holds_through};
use strict_server::{Options, ProxyKind, TlsVersions};

const BOTH: [TlsVersions; 2] = [TlsVersions::Tls12, TlsVersions::Tls13];

#[test]
fn connections_come_from_the_bind_address_and_have_the_options_of_their_sockets() {
    holds_on("network", "sockets", &Options::default(), |server| {
        let sent = commands(server);
        assert!(sent.iter().any(|line| line.starts_with("PORT 127,0,0,9,")), "{sent:?}");
    });
}

#[test]
fn a_bind_address_that_is_of_no_use_is_named_in_the_error() {
    holds_on("network", "no_such_local_address", &Options::default(), |_| ());
}

#[test]
fn both_connections_go_through_a_proxy_and_the_tether_holds() {
    for versions in BOTH {
        for kind in [ProxyKind::Socks5, ProxyKind::HttpConnect] {
            let options = Options { versions, ..Options::default() };
            holds_through(kind, "network", "proxy", &options, |server, proxy| {
                assert_eq!(proxy.requests().len(), 5);
                let counters = server.counters();
                assert_eq!((counters.data_same_session, counters.data_full), (4, 0));
            });
        }
    }
}

#[test]
fn a_proxy_that_refuses_says_why_and_the_options_can_be_changed() {
    for kind in [ProxyKind::Socks5, ProxyKind::HttpConnect] {
        holds_through(kind, "network", "proxy_refuses", &Options::default(), |_, proxy| {
            assert_eq!(proxy.requests(), [""; 0]);
        });
    }
}

#[test]
fn data_connections_are_in_clear_where_the_caller_says_so() {
    holds_on("network", "clear_data", &Options::default(), |server| {
        let counters = server.counters();
        assert_eq!((counters.data_connections, counters.data_full, counters.data_resumed), (2, 0, 0));
    });
}

#[test]
fn after_ccc_the_tether_holds() {
    for versions in BOTH {
        let options = Options { versions, clear_control: true, ..Options::default() };
        holds_on("network", "clear_commands", &options, |server| {
            assert_eq!((server.counters().data_same_session, server.counters().data_full), (4, 0));
            assert!(commands(server).contains(&"CCC".to_owned()));
        });
    }
}

#[test]
fn a_refusal_of_ccc_leaves_tls_as_it_is() {
    holds_on("network", "clear_commands_refused", &Options::default(), |_| ());
}
