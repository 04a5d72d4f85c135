//! Proxies that are made of threads, and do wrong what they are told.

use ftps::net::Proxy;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Whom a proxy that asks lets in.
pub const PROXY_USER: &str = "somebody";
/// That user's password.
pub const PROXY_PASSWORD: &str = "open-sesame";
/// The two in Base64, as RFC 7617 has it.
const BASIC: &str = "c29tZWJvZHk6b3Blbi1zZXNhbWU=";

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// SOCKS5 (RFC 1928).
    Socks5,
    /// HTTP CONNECT (RFC 9110).
    HttpConnect,
}

/// What a proxy does wrong.
#[derive(Clone, Debug)]
pub enum ProxyFault {
    /// It says nothing.
    Stalls,
    /// It closes the connection when it has been asked.
    HangsUp,
    /// It closes the connection in the middle of its answer.
    HangsUpWithin,
    /// It answers with this.
    Answers(&'static [u8]),
    /// Its answer has no end.
    Floods,
    /// It does not allow the connection.
    Refuses,
    /// Its answers come byte by byte.
    Drips,
    /// What the server says first comes in one segment with its answer.
    Hurries,
}

/// What a proxy is told to be.
#[derive(Clone, Debug, Default)]
pub struct ProxyBehaviour {
    /// What goes wrong, if anything.
    pub fault: Option<ProxyFault>,
    /// The first connection with the fault, counted from 0.
    pub from: usize,
    /// Whether it wants [`PROXY_USER`] and [`PROXY_PASSWORD`].
    pub asks_who: bool,
    /// A name that it resolves to 127.0.0.1.
    pub knows: &'static str,
}

impl ProxyBehaviour {
    /// One that does this wrong, from its first connection on.
    pub fn of(fault: ProxyFault) -> ProxyBehaviour {
        ProxyBehaviour { fault: Some(fault), ..ProxyBehaviour::default() }
    }
}

/// A proxy on a free port of 127.0.0.1 that serves as long as the process lives. Clones are the same one.
#[derive(Clone, Debug)]
pub struct TestProxy {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    kind: ProxyKind,
    behaviour: ProxyBehaviour,
    address: SocketAddr,
    requests: Mutex<Vec<String>>,
    accepted: Mutex<usize>,
    changed: Condvar,
}

impl TestProxy {
    /// Starts a proxy.
    ///
    /// # Errors
    /// No port can be listened on.
    pub fn start(kind: ProxyKind, behaviour: ProxyBehaviour) -> io::Result<TestProxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            kind,
            behaviour,
            address,
            requests: Mutex::default(),
            accepted: Mutex::default(),
            changed: Condvar::new(),
        });
        let proxy = TestProxy { shared: shared.clone() };
        thread::spawn(move || {
            for (number, client) in listener.incoming().enumerate() {
                let Ok(client) = client else { continue };
                *locked(&shared.accepted) = number + 1;
                shared.changed.notify_all();
                let shared = shared.clone();
                // A connection that breaks is over.
                thread::spawn(move || shared.serve(client, number));
            }
        });
        Ok(proxy)
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.shared.address
    }

    /// The same for a client's builder, without credentials.
    pub fn as_proxy(&self) -> Proxy {
        let (host, port) = (self.shared.address.ip().to_string(), self.shared.address.port());
        match self.shared.kind {
            ProxyKind::Socks5 => Proxy::socks5(host, port),
            ProxyKind::HttpConnect => Proxy::http_connect(host, port),
        }
    }

    /// What was asked for so far: `host:port`.
    pub fn requests(&self) -> Vec<String> {
        locked(&self.shared.requests).clone()
    }

    /// Returns when somebody has connected.
    pub fn await_connection(&self) {
        let accepted = locked(&self.shared.accepted);
        drop(self.shared.changed.wait_while(accepted, |accepted| *accepted == 0));
    }
}

impl Shared {
    fn serve(&self, mut client: TcpStream, number: usize) -> io::Result<()> {
        client.set_nodelay(true)?;
        let fault = self.behaviour.fault.as_ref().filter(|_| number >= self.behaviour.from);
        match fault {
            Some(ProxyFault::Stalls) => return hold(client),
            Some(ProxyFault::HangsUp) => return client.read(&mut [0; 100]).map(drop),
            Some(ProxyFault::Answers(bytes)) => {
                client.write_all(bytes)?;
                return hold(client);
            }
            Some(ProxyFault::Floods) => {
                client.write_all(if self.kind == ProxyKind::HttpConnect {
                    b"HTTP/1.1 200 OK\r\nX: "
                } else {
                    b"x"
                })?;
                loop {
                    client.write_all(&[b'x'; 1000])?;
                }
            }
            _ => {}
        }
        let drips = matches!(fault, Some(ProxyFault::Drips));
        let asked = match self.kind {
            ProxyKind::Socks5 => self.socks5(&mut client, drips)?,
            ProxyKind::HttpConnect => self.http(&mut client)?,
        };
        let Some((host, port)) = asked else { return Ok(()) };
        locked(&self.requests).push(format!("{host}:{port}"));
        let (success, refusal) = self.answers();
        match fault {
            Some(ProxyFault::Refuses) => return client.write_all(refusal),
            Some(ProxyFault::HangsUpWithin) => return client.write_all(&success[..1]),
            _ => {}
        }
        let host = if host == self.behaviour.knows { "127.0.0.1".to_owned() } else { host };
        let mut server = TcpStream::connect((host.as_str(), port))?;
        let mut answer = success.to_vec();
        if matches!(fault, Some(ProxyFault::Hurries)) {
            answer.extend(first_words(&mut server)?);
        }
        send(&mut client, &answer, drips)?;
        join(client, server)
    }

    /// What it says when the connection stands, and when it refuses.
    fn answers(&self) -> (&'static [u8], &'static [u8]) {
        match self.kind {
            ProxyKind::Socks5 => {
                (b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x15", b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00")
            }
            ProxyKind::HttpConnect => (
                b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n",
                b"HTTP/1.1 403 Forbidden\r\n\r\n",
            ),
        }
    }

    /// What is asked for; none where the client is not let in.
    fn socks5(&self, client: &mut TcpStream, drips: bool) -> io::Result<Option<(String, u16)>> {
        let [_, count] = take(client)?;
        let mut methods = vec![0; usize::from(count)];
        client.read_exact(&mut methods)?;
        let wanted = if self.behaviour.asks_who { 2 } else { 0 };
        if !methods.contains(&wanted) {
            client.write_all(&[5, 0xff])?;
            return Ok(None);
        }
        send(client, &[5, wanted], drips)?;
        if self.behaviour.asks_who {
            let [_] = take(client)?;
            let known = take_text(client)? == PROXY_USER && take_text(client)? == PROXY_PASSWORD;
            send(client, &[1, u8::from(!known)], drips)?;
            if !known {
                return Ok(None);
            }
        }
        let [_, _, _, kind] = take(client)?;
        let host = match kind {
            1 => Ipv4Addr::from(take::<4>(client)?).to_string(),
            _ => take_text(client)?,
        };
        Ok(Some((host, u16::from_be_bytes(take(client)?))))
    }

    fn http(&self, client: &mut TcpStream) -> io::Result<Option<(String, u16)>> {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.extend(take::<1>(client)?);
        }
        let request = String::from_utf8_lossy(&request).into_owned();
        if self.behaviour.asks_who && !request.contains(&format!("Proxy-Authorization: Basic {BASIC}\r\n")) {
            client.write_all(b"HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic\r\n\r\n")?;
            return Ok(None);
        }
        let asked = request.split(' ').nth(1).and_then(|target| target.rsplit_once(':'));
        Ok(asked.and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?))))
    }
}

/// Nothing in here can be left half done by a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take<const COUNT: usize>(client: &mut TcpStream) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A text behind its length.
fn take_text(client: &mut TcpStream) -> io::Result<String> {
    let [length] = take(client)?;
    let mut bytes = vec![0; usize::from(length)];
    client.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn send(client: &mut TcpStream, bytes: &[u8], drips: bool) -> io::Result<()> {
    let size = if drips { 1 } else { bytes.len() };
    for piece in bytes.chunks(size) {
        client.write_all(piece)?;
        if drips {
            thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(())
}

/// What the server says unasked: its greeting, and on a data connection nothing.
fn first_words(server: &mut TcpStream) -> io::Result<Vec<u8>> {
    server.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut buffer = [0; 1000];
    let outcome = server.read(&mut buffer);
    server.set_read_timeout(None)?;
    match outcome {
        Ok(count) => Ok(buffer[..count].to_vec()),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Waits until the client is gone.
fn hold(mut client: TcpStream) -> io::Result<()> {
    while client.read(&mut [0; 100])? > 0 {}
    Ok(())
}

fn join(mut client: TcpStream, mut server: TcpStream) -> io::Result<()> {
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        let outcome = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Write);
        outcome
    });
    let outcome = io::copy(&mut client, &mut server);
    let _ = server.shutdown(Shutdown::Write);
    let _ = back.join();
    outcome.map(drop)
}
