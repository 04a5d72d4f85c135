//! The operating system's sockets.

use super::options::RefusedOption;
use super::{CancelToken, Handle, Interest, Listener, Network, Socket, SocketOptions, Watch, Woken};
use rustix::event::{poll, PollFd, PollFlags, Timespec};
use socket2::{Domain, Protocol, SockRef, Socket as RawSocket, TcpKeepalive, Type};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant, SystemTime};

/// Connections that may wait to be accepted, as in the standard library.
const BACKLOG: i32 = 128;

/// The operating system's network and clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    fn resolve(
        &self,
        host: &str,
        port: u16,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Vec<SocketAddr>> {
        match host.parse::<IpAddr>() {
            Ok(address) => Ok(vec![SocketAddr::new(address, port)]),
            Err(_) => self.query(host, port, deadline, cancel),
        }
    }

    fn dial(&self, peer: SocketAddr, options: &SocketOptions) -> io::Result<Box<dyn Socket>> {
        let raw = new_socket(peer, options)?;
        // Without it a small file costs a delayed acknowledgement, 40 ms and more.
        raw.set_tcp_nodelay(true)?;
        if let Some(address) = options.bind_address {
            bind(&raw, address, peer)?;
        }
        match raw.connect(&peer.into()) {
            Ok(()) => {}
            Err(e) if is_in_progress(&e) => {}
            Err(e) => return Err(e),
        }
        Ok(Box::new(SystemSocket(raw.into())))
    }

    fn listen(&self, local: SocketAddr, options: &SocketOptions) -> io::Result<Box<dyn Listener>> {
        // What is accepted has the listener's options.
        let raw = new_socket(local, options)?;
        // A port is not kept from the next listener by connections that have ended.
        raw.set_reuse_address(true)?;
        raw.bind(&local.into())?;
        raw.listen(BACKLOG)?;
        Ok(Box::new(SystemListener(raw.into())))
    }

    fn wait(
        &self,
        watched: &mut [Watch<'_>],
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Woken> {
        loop {
            if cancel.is_some_and(CancelToken::is_cancelled) {
                return Ok(Woken::Cancelled);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match poll_once(watched, left, cancel) {
                Ok(true) => return Ok(Woken::Ready),
                Ok(false) if left.is_zero() => return Ok(Woken::Deadline),
                Ok(false) => {
                    if let Some(token) = cancel.filter(|token| !token.is_cancelled()) {
                        token.clear_late_bell();
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl SystemNetwork {
    /// `getaddrinfo` knows no deadline: it runs in a thread of its own, which is left behind when it is late.
    fn query(
        &self,
        host: &str,
        port: u16,
        deadline: Instant,
        cancel: Option<&CancelToken>,
    ) -> io::Result<Vec<SocketAddr>> {
        let (bell, rope) = UnixStream::pair()?;
        let name = host.to_owned();
        let thread = std::thread::Builder::new().name("ftps-resolve".into()).spawn(move || {
            let found = (name.as_str(), port).to_socket_addrs().map(|found| found.collect::<Vec<_>>());
            drop(rope);
            found
        })?;
        let mut watched = [Watch::new(Handle::Descriptor(bell.as_fd()), Interest::READ)];
        match self.wait(&mut watched, deadline, cancel)? {
            // It has ended, or is about to.
            Woken::Ready => {
                thread.join().unwrap_or_else(|_| Err(io::Error::other("the name resolution thread panicked")))
            }
            Woken::Deadline => Err(io::ErrorKind::TimedOut.into()),
            Woken::Cancelled => Err(io::ErrorKind::Interrupted.into()),
        }
    }
}

/// A socket for `address`, with the options that have to be set before it is connected or listens: the receive buffer's
/// size decides what TCP can announce.
fn new_socket(address: SocketAddr, options: &SocketOptions) -> io::Result<RawSocket> {
    let raw = RawSocket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    raw.set_nonblocking(true)?;
    if let Some(idle) = options.tcp_keep_alive {
        raw.set_tcp_keepalive(&TcpKeepalive::new().with_time(idle)).map_err(|error| {
            RefusedOption::error(format!("the TCP keep-alive time of {idle:?} was refused"), error)
        })?;
    }
    if let Some(size) = options.send_buffer {
        raw.set_send_buffer_size(size).map_err(|error| {
            RefusedOption::error(format!("the send buffer of {size} bytes was refused"), error)
        })?;
    }
    if let Some(size) = options.receive_buffer {
        raw.set_recv_buffer_size(size).map_err(|error| {
            RefusedOption::error(format!("the receive buffer of {size} bytes was refused"), error)
        })?;
    }
    Ok(raw)
}

fn bind(raw: &RawSocket, address: IpAddr, peer: SocketAddr) -> io::Result<()> {
    if address.is_ipv4() != peer.is_ipv4() {
        let message = format!("the bind address {address} is of another family than the peer {peer}");
        return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, message));
    }
    // With the peer's scope, where it has one: a link-local address means nothing without.
    let mut local = peer;
    local.set_ip(address);
    local.set_port(0);
    raw.bind(&local.into())
        .map_err(|error| RefusedOption::error(format!("the bind address {address} was refused"), error))
}

fn is_in_progress(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
        || error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
}

/// One `poll`. True when a watched socket is ready; a rung cancel token alone is not readiness.
fn poll_once(watched: &mut [Watch<'_>], left: Duration, cancel: Option<&CancelToken>) -> io::Result<bool> {
    // A socket nobody is interested in is left out: `poll` would report its hang-up again and again.
    let mut looked_at: Vec<&mut Watch<'_>> =
        watched.iter_mut().filter(|watch| watch.interest != Interest::default()).collect();
    let mut descriptors: Vec<PollFd<'_>> = Vec::with_capacity(looked_at.len() + 1);
    for watch in &looked_at {
        let Handle::Descriptor(descriptor) = watch.handle else {
            return Err(io::Error::other("a socket of another network was given to the system's poll"));
        };
        descriptors.push(PollFd::from_borrowed_fd(descriptor, flags(watch.interest)));
    }
    if let Some(token) = cancel {
        descriptors.push(PollFd::from_borrowed_fd(token.descriptor(), PollFlags::IN));
    }
    let timeout = Timespec::try_from(left).map_err(|_| io::Error::other("the deadline is too far away"))?;
    poll(&mut descriptors, Some(&timeout))?;
    let mut any = false;
    for (watch, polled) in looked_at.iter_mut().zip(&descriptors) {
        watch.ready = readiness(watch.interest, polled.revents());
        any |= watch.ready != Interest::default();
    }
    Ok(any)
}

fn flags(interest: Interest) -> PollFlags {
    let mut flags = PollFlags::empty();
    flags.set(PollFlags::IN, interest.read);
    flags.set(PollFlags::OUT, interest.write);
    flags
}

fn readiness(interest: Interest, events: PollFlags) -> Interest {
    let failed = events.intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL);
    Interest {
        read: interest.read && (failed || events.contains(PollFlags::IN)),
        write: interest.write && (failed || events.contains(PollFlags::OUT)),
    }
}

#[derive(Debug)]
struct SystemSocket(TcpStream);

impl Socket for SystemSocket {
    fn connected(&mut self) -> io::Result<()> {
        match self.0.take_error()? {
            Some(error) => Err(error),
            None => self.0.peer_addr().map(drop),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }

    /// The standard library sends with `MSG_NOSIGNAL`.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn shutdown_write(&mut self) -> io::Result<()> {
        self.0.shutdown(Shutdown::Write)
    }

    fn reset(self: Box<Self>) {
        // A socket that refuses the option is closed all the same.
        let _ = SockRef::from(&self.0).set_linger(Some(Duration::ZERO));
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }

    fn handle(&self) -> Handle<'_> {
        Handle::Descriptor(self.0.as_fd())
    }
}

#[derive(Debug)]
struct SystemListener(TcpListener);

impl Listener for SystemListener {
    fn accept(&mut self) -> io::Result<Box<dyn Socket>> {
        let (stream, _) = self.0.accept()?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        Ok(Box::new(SystemSocket(stream)))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    fn handle(&self) -> Handle<'_> {
        Handle::Descriptor(self.0.as_fd())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const LOCAL: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

    /// A dialled and an accepted socket with these options, and the address of the dialled one.
    fn pair(options: &SocketOptions) -> [Box<dyn Socket>; 2] {
        let mut listener = SystemNetwork.listen(LOCAL.into(), options).unwrap();
        let dialled = SystemNetwork.dial(listener.local_addr().unwrap(), options).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut watched = [Watch::new(listener.handle(), Interest::READ)];
        assert_eq!(SystemNetwork.wait(&mut watched, deadline, None).unwrap(), Woken::Ready);
        let accepted = listener.accept().unwrap();
        [dialled, accepted]
    }

    fn with_raw<T>(socket: &dyn Socket, look: impl FnOnce(SockRef<'_>) -> io::Result<T>) -> T {
        let Handle::Descriptor(descriptor) = socket.handle() else { panic!("no descriptor") };
        look(SockRef::from(&descriptor)).unwrap()
    }

    #[test]
    fn dialled_and_accepted_sockets_have_the_options() {
        let options = SocketOptions {
            tcp_keep_alive: Some(Duration::from_secs(77)),
            send_buffer: Some(40_000),
            receive_buffer: Some(50_000),
            ..SocketOptions::default()
        };
        for socket in pair(&options) {
            assert!(with_raw(&*socket, |raw| raw.keepalive()));
            assert_eq!(with_raw(&*socket, |raw| raw.tcp_keepalive_time()), Duration::from_secs(77));
            // Linux doubles them, for its own needs.
            assert_eq!(with_raw(&*socket, |raw| raw.send_buffer_size()), 80_000);
            assert_eq!(with_raw(&*socket, |raw| raw.recv_buffer_size()), 100_000);
        }
    }

    #[test]
    fn sockets_are_the_systems_where_nothing_is_asked_for() {
        for socket in pair(&SocketOptions::default()) {
            assert!(!with_raw(&*socket, |raw| raw.keepalive()));
            assert!(with_raw(&*socket, |raw| raw.tcp_nodelay()));
        }
    }

    #[test]
    fn a_connection_comes_from_the_bind_address() {
        let address = IpAddr::from([127, 0, 0, 9]);
        let [_, accepted] = pair(&SocketOptions { bind_address: Some(address), ..SocketOptions::default() });
        assert_eq!(accepted.peer_addr().unwrap().ip(), address);
    }
}
