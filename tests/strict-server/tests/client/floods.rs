//! Peers that send without end where nothing more is expected.

use crate::common::{builder, log_in, put, start, BOTH};
use ftps::client::Dialogue;
use ftps::net::{Handle, Socket, SocketOptions};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc};
use std::thread;
use std::time::Duration;
use strict_server::{Dialling, Fault, FaultAction, Moment, OnDial, Options, Trigger};

/// Which connection's peer floods, counted from 0 in the order of dialling, and from when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flood {
    /// Data connections, once this side has ended.
    DataAfterShutdown,
    /// The control connection, in place of its end.
    ControlAfterEnd,
}

#[derive(Debug)]
struct Flooding {
    flood: Flood,
    dialled: AtomicUsize,
}

impl Flooding {
    fn network(flood: Flood) -> Arc<OnDial<Self>> {
        Arc::new(OnDial(Flooding { flood, dialled: AtomicUsize::new(0) }))
    }
}

impl Dialling for Flooding {
    fn dialling(
        &self,
        _peer: SocketAddr,
        _options: &SocketOptions,
        inner: Box<dyn Socket>,
    ) -> io::Result<Box<dyn Socket>> {
        let is_control = self.dialled.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(match is_control == (self.flood == Flood::ControlAfterEnd) {
            true => Box::new(FloodedSocket { inner, flood: self.flood, flooded: false }),
            false => inner,
        })
    }
}

#[derive(Debug)]
struct FloodedSocket {
    inner: Box<dyn Socket>,
    flood: Flood,
    flooded: bool,
}

impl Socket for FloodedSocket {
    fn connected(&mut self) -> io::Result<()> {
        self.inner.connected()
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.flooded {
            let outcome = self.inner.read(buffer);
            self.flooded = self.flood == Flood::ControlAfterEnd && matches!(outcome, Ok(0));
            if !self.flooded {
                return outcome;
            }
        }
        // The header of a record that never ends, and zeros without end.
        buffer.fill(0);
        if let Some(header) = buffer.first_chunk_mut() {
            *header = [23, 3, 3, 0, 0];
        }
        Ok(buffer.len())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        self.flooded = self.flood == Flood::DataAfterShutdown;
        self.inner.shutdown_write()
    }

    fn reset(self: Box<Self>) {
        self.inner.reset();
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.inner.peer_addr()
    }

    fn handle(&self) -> Handle<'_> {
        self.inner.handle()
    }
}

/// What `work` returns; fails when it does not end. (A call that ignores its deadlines would hold the whole test program.)
fn ends<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(Duration::from_secs(30)).expect("the call ends within its deadlines")
}

#[test]
fn the_verdict_on_an_upload_is_heard_while_the_server_floods_the_data_connection() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let builder = builder(&server).network(Flooding::network(Flood::DataAfterShutdown));
        let sent = ends(move || {
            let mut client = log_in(builder)?;
            put(&mut client, "new", b"content")?;
            put(&mut client, "newer", b"content")
        });
        assert_eq!(sent.expect("226 counts, whatever else comes"), 7, "{versions:?}");
        assert_eq!(server.counters().uploads_completed, 2);
    }
}

#[test]
fn what_comes_after_the_end_of_tls_on_the_control_connection_holds_nobody() {
    for (versions, _) in BOTH {
        let server = start(Options { versions, ..Options::default() });
        let builder = builder(&server).network(Flooding::network(Flood::ControlAfterEnd));
        let outcome = ends(move || {
            let mut client = log_in(builder)?;
            client.raw_command("QUIT", "")?;
            thread::sleep(Duration::from_millis(300));
            client.noop()
        });
        let error = outcome.expect_err("the server has gone");
        assert_eq!(error.kind(), "connection-lost", "{versions:?}: {error}");
    }
}

#[test]
fn large_replies_without_end_are_given_up_before_they_fill_the_memory() {
    let reply = [b"150 ".as_slice(), &[b'x'; 60_000], b"\r\n"].concat();
    let fault = Fault::new(Trigger::new(Moment::Reply).on("NOOP"), FaultAction::Endless(reply));
    let server = start(Options { faults: vec![fault], ..Options::default() });
    let seen = Arc::new(AtomicUsize::new(0));
    let count = seen.clone();
    let mut client = log_in(builder(&server)).expect("login");
    client.set_dialogue_observer(Some(Arc::new(move |line| {
        if let Dialogue::Received(reply) = line {
            count.fetch_add(reply.raw().len(), Ordering::Relaxed);
        }
    })));
    let error = client.noop().expect_err("there is no final reply");
    assert_eq!(error.kind(), "protocol", "{error}");
    assert!(seen.load(Ordering::Relaxed) < 8 << 20, "{seen:?}");
}
