//! What all tests share.

use c_tests::{Program, Setting, Tool};
use strict_server::{
    Fault, FaultAction, Moment, Options, ProxyBehaviour, ProxyKind, RunningServer, Server, Storage,
    TestProxy, Trigger, User,
};

/// Byte for byte what `content_byte` of `check.h` gives.
pub fn content(size: usize) -> Vec<u8> {
    (0..size).map(|index| (index * 7 % 251) as u8).collect()
}

/// A server with one file, `file`, of this many bytes.
pub fn with_file(size: usize) -> Options {
    Options { storage: Storage::Memory(vec![("/file".into(), content(size))]), ..Options::default() }
}

/// The same, on which something goes wrong.
pub fn with_fault(size: usize, verb: &str, moment: Moment, action: FaultAction) -> Options {
    let faults = vec![Fault::new(Trigger::new(moment).on(verb), action)];
    Options { faults, ..with_file(size) }
}

/// The user that the observers' programs log in as, and the one that all others do.
pub fn two_users() -> Vec<User> {
    vec![User::new("user", "password"), User::new("secretive", "s3cret-pass")]
}

/// Runs the case under each tool, each time against a new server, and shows `judge` what that one saw.
pub fn holds_on(name: &'static str, case: &'static str, options: &Options, judge: impl Fn(&RunningServer)) {
    let setting = Setting { tls: options.versions, implicit: options.implicit, ..Setting::default() };
    for tool in Tool::ALL {
        let server = Server::start(options.clone()).expect("the server starts");
        Program { name, case }.holds(tool, Some(&server), setting);
        judge(&server);
    }
}

/// The same behind a proxy that asks who is there.
pub fn holds_through(
    kind: ProxyKind,
    name: &'static str,
    case: &'static str,
    options: &Options,
    judge: impl Fn(&RunningServer, &TestProxy),
) {
    for tool in Tool::ALL {
        let server = Server::start(options.clone()).expect("the server starts");
        let behaviour = ProxyBehaviour { asks_who: true, ..ProxyBehaviour::default() };
        let proxy = TestProxy::start(kind, behaviour).expect("the proxy starts");
        let number = if kind == ProxyKind::Socks5 { 1 } else { 2 };
        let proxy_setting = (number, proxy.addr().port());
        let setting = Setting { tls: options.versions, proxy: proxy_setting, ..Setting::default() };
        Program { name, case }.holds(tool, Some(&server), setting);
        judge(&server, &proxy);
    }
}

/// Runs a case that needs no server.
pub fn holds(name: &'static str, case: &'static str) {
    for tool in Tool::ALL {
        Program { name, case }.holds(tool, None, Setting::default());
    }
}

/// The command lines that the server received, those of logins left out.
pub fn commands(server: &RunningServer) -> Vec<String> {
    let of_login = ["AUTH", "USER", "PASS", "ACCT", "PBSZ", "PROT", "FEAT", "OPTS", "TYPE"];
    let lines = server.commands().into_iter().map(|command| command.line);
    lines.filter(|line| !of_login.iter().any(|verb| line.starts_with(verb))).collect()
}
