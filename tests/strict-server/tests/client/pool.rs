//! The pool of connections.

use crate::common::{builder, get, kind_of, put, start, BOTH};
use ftps::client::pool::PoolBuilder;
use ftps::client::Pool;
use ftps::net::CancelToken;
use ftps::ResumptionPolicy;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use strict_server::{ConnectionLimit, Options, RunningServer, Tickets};

fn options(server: &RunningServer) -> PoolBuilder {
    builder(server)
        .resumption(ResumptionPolicy::Require)
        .pool("user", "password")
        .wait(Duration::from_secs(20))
}

fn pool(server: &RunningServer, maximum: usize) -> Pool {
    options(server).maximum(maximum).build()
}

fn commands(server: &RunningServer, verb: &str) -> u64 {
    server.counters().commands.get(verb).copied().unwrap_or_default()
}

#[test]
fn a_connection_is_lent_again_as_if_it_were_new() {
    let server = start(Options::default());
    server.put_file("/folder/file", b"content").expect("a file");
    let pool = pool(&server, 2);
    let mut lease = pool.lease().expect("a lease");
    lease.change_directory("folder").expect("CWD");
    lease.set_type("A").expect("TYPE");
    drop(lease);
    let mut lease = pool.lease().expect("a lease");
    assert_eq!(lease.current_directory().expect("PWD"), b"/");
    assert_eq!(lease.size("folder/file").expect("SIZE, which needs TYPE I"), 7);
    drop(lease);
    drop(pool.lease().expect("a lease"));
    assert_eq!(server.counters().logins, 1);
    assert_eq!(commands(&server, "CWD"), 2, "once away, once back");
}

#[test]
fn every_connection_resumes_its_own_session_only() {
    for (versions, _) in BOTH {
        let tickets = Tickets { on_uploads: 0, ..Tickets::default() };
        let server = start(Options { versions, tickets, ..Options::default() });
        let pool = pool(&server, 4);
        thread::scope(|scope| {
            for worker in 0..4 {
                let pool = &pool;
                scope.spawn(move || {
                    for number in 0..5 {
                        let name = format!("{worker}-{number}");
                        put(&mut pool.lease().expect("a lease"), &name, name.as_bytes()).expect("an upload");
                        assert_eq!(
                            get(&mut pool.lease().expect("a lease"), &name).expect("a download"),
                            name.as_bytes()
                        );
                    }
                });
            }
        });
        let counters = server.counters();
        assert_eq!(
            (counters.data_connections, counters.data_same_session, counters.data_refused),
            (40, 40, 0)
        );
        let transfers = pool.statistics().transfers;
        assert_eq!((transfers.data_connections, transfers.resumed, transfers.relogins), (40, 40, 0));
    }
}

#[test]
fn a_server_that_takes_three_connections_gets_three() {
    for limit in [ConnectionLimit::AtGreeting(3), ConnectionLimit::AtLogin(3)] {
        let server = start(Options { connection_limit: Some(limit), ..Options::default() });
        let pool = pool(&server, 8);
        // A 530 is believed once the password was taken.
        drop(pool.lease().expect("the first lease"));
        thread::scope(|scope| {
            for worker in 0..8 {
                let pool = &pool;
                scope.spawn(move || {
                    put(&mut pool.lease().expect("a lease"), &format!("file{worker}"), b"x")
                        .expect("an upload")
                });
            }
        });
        let leases: Vec<_> = (0..3).map(|_| pool.lease().expect("one of three")).collect();
        let statistics = pool.statistics();
        assert_eq!(
            (statistics.open, statistics.idle, statistics.discarded),
            (3, 0, 0),
            "{limit:?}: {statistics:?}"
        );
        assert_eq!(server.list("/").expect("a folder").len(), 8);
        drop(leases);
        assert_eq!(pool.statistics().idle, 3);
    }
}

#[test]
fn a_password_that_was_never_taken_is_wrong_whatever_the_server_says_of_limits() {
    let server = start(Options { connection_limit: Some(ConnectionLimit::AtLogin(0)), ..Options::default() });
    let error = pool(&server, 2).lease().expect_err("a refusal");
    assert_eq!(kind_of(&error), "login-refused");
    assert_eq!(commands(&server, "PASS"), 1);
}

#[test]
fn a_server_that_is_full_with_others_is_the_cause_when_the_wait_is_over() {
    let server =
        start(Options { connection_limit: Some(ConnectionLimit::AtGreeting(0)), ..Options::default() });
    let pool = options(&server).wait(Duration::from_millis(1500)).build();
    let error = pool.lease().expect_err("a refusal");
    assert_eq!(kind_of(&error), "timeout");
    assert!(error.to_string().contains("421 There are too many connected users"), "{error}");
    assert_eq!(pool.statistics().refused, 2, "at once, and once more after a second");
    assert_eq!(pool.statistics().open, 0);
}

#[test]
fn who_waits_gets_the_connection_that_comes_back() {
    let server = start(Options::default());
    let pool = pool(&server, 1);
    let lease = pool.lease().expect("a lease");
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..3 {
            let (pool, sender) = (&pool, sender.clone());
            scope.spawn(move || sender.send(pool.lease().map(drop)));
        }
        while pool.statistics().waiting < 3 {
            thread::yield_now();
        }
        drop(lease);
        for _ in 0..3 {
            receiver.recv().expect("an outcome").expect("a lease");
        }
    });
    assert_eq!(server.counters().logins, 1);
}

#[test]
fn a_wait_ends_at_its_limit_and_when_cancelled() {
    let server = start(Options::default());
    let pool = options(&server).maximum(1).wait(Duration::from_millis(50)).build();
    let lease = pool.lease().expect("a lease");
    assert_eq!(kind_of(&pool.lease().expect_err("no lease")), "timeout");
    let patient = options(&server).maximum(1).build();
    let _lent = patient.lease().expect("a lease");
    let token = CancelToken::new().expect("a token");
    let begun = Instant::now();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| patient.lease_watching(&token).map(drop));
        while patient.statistics().waiting == 0 {
            thread::yield_now();
        }
        token.cancel();
        assert_eq!(kind_of(&waiting.join().expect("no panic").expect_err("no lease")), "cancelled");
    });
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(patient.statistics().waiting, 0);
    drop(lease);
}

#[test]
fn a_token_is_watched_by_the_one_who_lent_with_it_alone() {
    let server = start(Options::default());
    let pool = pool(&server, 1);
    let token = CancelToken::new().expect("a token");
    let mut lease = pool.lease_watching(&token).expect("a lease");
    token.cancel();
    assert_eq!(kind_of(&lease.noop().expect_err("cancelled")), "cancelled");
    drop(lease);
    pool.lease().expect("a lease").noop().expect("nobody cancelled this");
    assert_eq!(server.counters().logins, 1);
}

#[test]
fn what_is_not_fit_for_another_is_closed_and_never_leaks() {
    let server = start(Options::default());
    server.put_file("/file", &[7; 100_000]).expect("a file");
    let pool = pool(&server, 1);
    let mut lease = pool.lease().expect("a lease");
    lease.open_transfer(ftps::client::Direction::Download, "RETR", "file", 0).expect("a download");
    drop(lease);
    let mut lease = pool.lease().expect("a lease after an open transfer");
    lease.raw_command("SITE", "NOOP").expect("SITE");
    drop(lease);
    let mut lease = pool.lease().expect("a lease after a command of unknown effect");
    lease.raw_command("RNFR", "file").expect("RNFR");
    drop(lease);
    let mut lease = pool.lease().expect("a lease after half a rename");
    lease.close();
    drop(lease);
    pool.lease().expect("a lease after a closed connection").discard();
    pool.lease().expect("a lease after a discarded connection").quit().expect("a goodbye");
    let panicked = thread::scope(|scope| {
        let work = || {
            let _lease = pool.lease().expect("a lease");
            std::panic::resume_unwind(Box::new("the borrower's mistake"));
        };
        scope.spawn(work).join()
    });
    assert!(panicked.is_err());
    let statistics = pool.statistics();
    assert_eq!((statistics.open, statistics.idle, statistics.discarded), (0, 0, 7), "{statistics:?}");
    drop(pool.lease().expect("a lease after a panic"));
    assert_eq!(pool.statistics().idle, 1);
}

#[test]
fn a_connection_that_died_idle_is_not_lent() {
    let server = start(Options { idle_timeout: Duration::from_millis(100), ..Options::default() });
    let pool = options(&server).check_after(Duration::ZERO).build();
    drop(pool.lease().expect("a lease"));
    thread::sleep(Duration::from_millis(300));
    pool.lease().expect("a lease").noop().expect("a living connection");
    let statistics = pool.statistics();
    assert_eq!((statistics.found_dead, statistics.opened), (1, 2));
}

#[test]
fn what_is_idle_for_too_long_is_closed() {
    let server = start(Options::default());
    let pool = options(&server).expire_after(Duration::ZERO).build();
    drop(pool.lease().expect("a lease"));
    thread::sleep(Duration::from_millis(1));
    pool.close_expired();
    let statistics = pool.statistics();
    assert_eq!((statistics.open, statistics.expired), (0, 1));
}

#[test]
fn a_closed_pool_lends_nothing_and_lets_nobody_wait() {
    let server = start(Options::default());
    let pool = pool(&server, 1);
    let lease = pool.lease().expect("a lease");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pool.lease().map(drop));
        while pool.statistics().waiting == 0 {
            thread::yield_now();
        }
        pool.close();
        assert_eq!(kind_of(&waiting.join().expect("no panic").expect_err("closed")), "wrong-state");
    });
    drop(lease);
    pool.close();
    assert_eq!(pool.statistics().open, 0);
}

#[test]
fn the_second_login_knows_what_the_first_has_learnt() {
    let answers = [("EPSV".to_owned(), "502 Not implemented.".to_owned())].into();
    let server = start(Options { answers, ..Options::default() });
    let pool = pool(&server, 2);
    let mut first = pool.lease().expect("a lease");
    put(&mut first, "a", b"a").expect("an upload");
    drop(first);
    let (mut first, mut second) = (pool.lease().expect("a lease"), pool.lease().expect("a lease"));
    put(&mut first, "b", b"b").expect("an upload");
    put(&mut second, "c", b"c").expect("an upload");
    assert!(second.features().has("MLST"));
    assert_eq!((commands(&server, "EPSV"), commands(&server, "FEAT"), server.counters().logins), (1, 1, 2));
}
