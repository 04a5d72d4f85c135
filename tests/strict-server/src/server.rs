//! The server: a listener, its connections, and what tests ask it.

use crate::certificates::Identity;
use crate::counters::{Command, Counters, Record};
use crate::fault::{Fault, FaultPlan};
use crate::options::{Options, Storage};
use crate::session::Session;
use crate::store::{self, FolderStore, MemoryStore, Store};
use crate::tls::Tls;
use crate::waiter::Waiter;
use ftps::net::{CancelToken, Interest, Listener, Network, SocketOptions, SystemNetwork, Watch};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

/// How long the accept loop waits at a time; only the stop ends it.
const ROUND: Duration = Duration::from_secs(3600);
/// The largest file that [`Server::file`] reads.
const FILE_LIMIT: u64 = 1 << 30;

/// How a server starts the task of a connection: a thread, or a task of a simulation.
pub type Spawn = Arc<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// What all connections of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) tls: Tls,
    pub(crate) store: Box<dyn Store>,
    pub(crate) record: Record,
    pub(crate) plan: FaultPlan,
    pub(crate) waiter: Waiter,
}

/// A server. Clones are the same one.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
    spawn: Spawn,
    /// Taken by [`Server::run`].
    listener: Arc<Mutex<Option<Box<dyn Listener>>>>,
    address: SocketAddr,
    next_number: Arc<AtomicU64>,
}

impl Server {
    /// Makes certificates, fills the store and binds the listening socket. Connections wait until [`Server::run`].
    ///
    /// # Errors
    /// The address cannot be bound, the folder is none, or a file of [`Storage::Memory`] has no usable path.
    pub fn new(network: Arc<dyn Network>, spawn: Spawn, mut options: Options) -> io::Result<Server> {
        let tls = Tls::new(&options, network.clone())?;
        let store = open_store(&options.storage, network.wall_clock())?;
        let plan = FaultPlan::new(std::mem::take(&mut options.faults));
        let listener = network.listen(options.listen, &SocketOptions::default())?;
        let address = listener.local_addr()?;
        let waiter = Waiter { network, stop: CancelToken::new()? };
        let shared = Shared { options, tls, store, record: Record::default(), plan, waiter };
        Ok(Server {
            shared: Arc::new(shared),
            spawn,
            listener: Arc::new(Mutex::new(Some(listener))),
            address,
            next_number: Arc::new(AtomicU64::new(1)),
        })
    }

    /// Starts a server on the operating system's network, with a thread for every connection.
    ///
    /// # Errors
    /// As [`Server::new`].
    pub fn start(options: Options) -> io::Result<RunningServer> {
        let threads: Arc<Mutex<Vec<JoinHandle<()>>>> = Arc::default();
        let sessions = threads.clone();
        let spawn: Spawn = Arc::new(move |task| {
            let mut sessions = sessions.lock().unwrap_or_else(PoisonError::into_inner);
            sessions.retain(|session| !session.is_finished());
            match std::thread::Builder::new().name("strict-server-session".into()).spawn(task) {
                Ok(session) => sessions.push(session),
                Err(e) => log::error!("no thread for a connection: {e}"),
            }
        });
        let server = Server::new(Arc::new(SystemNetwork), spawn, options)?;
        let runner = server.clone();
        let accepting = std::thread::Builder::new().name("strict-server".into()).spawn(move || {
            if let Err(e) = runner.run() {
                log::error!("the accept loop ended: {e}");
            }
        })?;
        Ok(RunningServer { server, accepting: Some(accepting), threads })
    }

    /// Accepts connections until [`Server::stop`].
    ///
    /// # Errors
    /// The listening socket fails, or the server runs already.
    pub fn run(&self) -> io::Result<()> {
        let taken = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut listener = taken.ok_or_else(|| io::Error::other("the server runs already"))?;
        loop {
            match listener.accept() {
                Ok(socket) => {
                    let number = self.next_number.fetch_add(1, Ordering::Relaxed);
                    self.shared.record.count(|counters| counters.control_connections += 1);
                    let session = Session::new(self.shared.clone(), number, socket);
                    (self.spawn)(Box::new(move || session.run()));
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    let waiter = &self.shared.waiter;
                    let mut watched = [Watch::new(listener.handle(), Interest::READ)];
                    match waiter.wait(&mut watched, waiter.after(ROUND)) {
                        Err(e) if e.kind() == io::ErrorKind::TimedOut => {}
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => return Ok(()),
                        other => other?,
                    }
                }
                // The client was gone before it was accepted.
                Err(e) if e.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// Ends [`Server::run`] and all connections. The files stay readable.
    pub fn stop(&self) {
        self.shared.waiter.stop.cancel();
    }

    /// The address that the server listens on.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of the throw-away authority, in PEM, for clients to trust.
    pub fn ca_pem(&self) -> String {
        self.shared.tls.authority().pem()
    }

    /// A client certificate of the same authority, with a key of the same kind.
    ///
    /// # Errors
    /// The random source or the signature fails.
    pub fn client_identity(&self, name: &str) -> io::Result<Identity> {
        let tls = &self.shared.tls;
        tls.authority().client_identity(name, tls.key(), tls.provider())
    }

    /// What the server has seen so far.
    pub fn counters(&self) -> Counters {
        self.shared.record.counters()
    }

    /// The commands that arrived, oldest first; the last 20,000 are kept.
    pub fn commands(&self) -> Vec<Command> {
        self.shared.record.commands()
    }

    /// Lets something else go wrong.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.plan.add(fault);
    }

    /// Forgets all TLS sessions, as a restarted server does: nothing issued so far can be resumed.
    pub fn forget_sessions(&self) {
        self.shared.tls.forget_sessions();
    }

    /// The contents of a file; None if there is no such file.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        let file = self.shared.store.open(&store::resolve("/", path)?).ok()?;
        let length = usize::try_from(file.len().ok()?.min(FILE_LIMIT)).ok()?;
        let mut contents = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match file.read_at(filled as u64, &mut contents[filled..]).ok()? {
                0 => break,
                count => filled += count,
            }
        }
        contents.truncate(filled);
        Some(contents)
    }

    /// Writes a file, with the folders on the way.
    ///
    /// # Errors
    /// The path is none, or the store refuses.
    pub fn put_file(&self, path: &str, contents: &[u8]) -> io::Result<()> {
        put(&*self.shared.store, path, contents, self.shared.waiter.network.wall_clock())
    }

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let path = store::resolve("/", folder).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.shared.store.list(&path)?.into_iter().map(|entry| entry.name).collect())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A server on real sockets. Dropping it stops it and waits for its threads.
#[derive(Debug)]
pub struct RunningServer {
    server: Server,
    accepting: Option<JoinHandle<()>>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Deref for RunningServer {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.server.stop();
        // A thread that panicked has told so itself.
        let _ = self.accepting.take().map(JoinHandle::join);
        let sessions = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for session in sessions {
            let _ = session.join();
        }
    }
}

fn open_store(storage: &Storage, now: SystemTime) -> io::Result<Box<dyn Store>> {
    match storage {
        Storage::Folder(root) => Ok(Box::new(FolderStore::new(root.clone())?)),
        Storage::Memory(files) => {
            let store = MemoryStore::new(now);
            for (path, contents) in files {
                put(&store, path, contents, now)?;
            }
            Ok(Box::new(store))
        }
    }
}

fn put(store: &dyn Store, path: &str, contents: &[u8], now: SystemTime) -> io::Result<()> {
    let path = store::resolve("/", path).ok_or(io::ErrorKind::InvalidInput)?;
    for (end, _) in path.match_indices('/').skip(1) {
        match store.make_folder(&path[..end], now) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
            _ => {}
        }
    }
    let file = store.create(&path, now)?;
    file.truncate()?;
    file.write_at(0, contents)
}
