//! Proxies that are made of threads, and do wrong what they are told.

use ftps::net::Proxy;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

pub const USER: &str = "somebody";
pub const PASSWORD: &str = "open-sesame";
/// The two in Base64, as RFC 7617 has it.
const BASIC: &str = "c29tZWJvZHk6b3Blbi1zZXNhbWU=";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Socks5,
    HttpConnect,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
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

#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    pub fault: Option<Fault>,
    /// The first connection with the fault, counted from 0.
    pub from: usize,
    /// Whether it wants [`USER`] and [`PASSWORD`].
    pub asks_who: bool,
    /// A name that it resolves to 127.0.0.1.
    pub knows: &'static str,
}

impl Behaviour {
    pub fn of(fault: Fault) -> Behaviour {
        Behaviour { fault: Some(fault), ..Behaviour::default() }
    }
}

/// A proxy that serves as long as the test process lives.
#[derive(Clone, Debug)]
pub struct TestProxy {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    kind: Kind,
    behaviour: Behaviour,
    address: SocketAddr,
    requests: Mutex<Vec<String>>,
    accepted: Mutex<usize>,
    changed: Condvar,
}

impl TestProxy {
    pub fn start(kind: Kind, behaviour: Behaviour) -> TestProxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("bound");
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
                *shared.accepted.lock().expect("accepted") = number + 1;
                shared.changed.notify_all();
                let shared = shared.clone();
                // A connection that breaks is over.
                thread::spawn(move || shared.serve(client, number));
            }
        });
        proxy
    }

    pub fn as_proxy(&self) -> Proxy {
        let (host, port) = (self.shared.address.ip().to_string(), self.shared.address.port());
        match self.shared.kind {
            Kind::Socks5 => Proxy::socks5(host, port),
            Kind::HttpConnect => Proxy::http_connect(host, port),
        }
    }

    /// What was asked for so far: `host:port`.
    pub fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().expect("requests").clone()
    }

    /// Returns when somebody has connected.
    pub fn await_connection(&self) {
        let accepted = self.shared.accepted.lock().expect("accepted");
        drop(self.shared.changed.wait_while(accepted, |accepted| *accepted == 0));
    }
}

impl Shared {
    fn serve(&self, mut client: TcpStream, number: usize) -> io::Result<()> {
        client.set_nodelay(true)?;
        let fault = self.behaviour.fault.as_ref().filter(|_| number >= self.behaviour.from);
        match fault {
            Some(Fault::Stalls) => return hold(client),
            Some(Fault::HangsUp) => return client.read(&mut [0; 100]).map(drop),
            Some(Fault::Answers(bytes)) => {
                client.write_all(bytes)?;
                return hold(client);
            }
            Some(Fault::Floods) => {
                client.write_all(if self.kind == Kind::HttpConnect {
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
        let drips = matches!(fault, Some(Fault::Drips));
        let asked = match self.kind {
            Kind::Socks5 => self.socks5(&mut client, drips)?,
            Kind::HttpConnect => self.http(&mut client)?,
        };
        let Some((host, port)) = asked else { return Ok(()) };
        self.requests.lock().expect("requests").push(format!("{host}:{port}"));
        let (success, refusal) = self.answers();
        match fault {
            Some(Fault::Refuses) => return client.write_all(refusal),
            Some(Fault::HangsUpWithin) => return client.write_all(&success[..1]),
            _ => {}
        }
        let host = if host == self.behaviour.knows { "127.0.0.1".to_owned() } else { host };
        let mut server = TcpStream::connect((host.as_str(), port))?;
        let mut answer = success.to_vec();
        if matches!(fault, Some(Fault::Hurries)) {
            answer.extend(first_words(&mut server)?);
        }
        send(&mut client, &answer, drips)?;
        join(client, server)
    }

    /// What it says when the connection stands, and when it refuses.
    fn answers(&self) -> (&'static [u8], &'static [u8]) {
        match self.kind {
            Kind::Socks5 => {
                (b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x15", b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00")
            }
            Kind::HttpConnect => (
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
            let known = take_text(client)? == USER && take_text(client)? == PASSWORD;
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
