//! A simulated network on virtual time, from a seed.
//!
//! [`Simulation`] implements [`ftps::net::Network`]: client and server run in one process, in tasks of which
//! exactly one runs at a time, and everything that is left to chance is drawn from one number, the seed: latency,
//! fragmentation, windows, who runs next, what breaks and at which byte. The same seed gives the same run. Virtual time
//! advances only while every task waits, so a deadline of minutes passes in microseconds.
//!
//! # A seeded session test
//!
//! ```
//! use ftps::net::{Interest, SocketOptions, Watch};
//! use simulation::{Campaign, Host, Profile, Simulation};
//! use std::time::Duration;
//!
//! fn session(seed: u64) -> Result<(), String> {
//!     let simulation = Simulation::new(seed, Profile::faulty());
//!     let server = simulation.network(Host::SERVER);
//!     let options = SocketOptions::default();
//!     let mut listener = server.listen("10.0.0.2:21".parse().unwrap(), &options).map_err(|e| e.to_string())?;
//!     // A whole server is given `simulation.spawner()` in place of `std::thread::spawn`.
//!     simulation.spawn("server", move || {
//!         let deadline = server.now() + Duration::from_secs(600);
//!         let _ = server.wait(&mut [Watch::new(listener.handle(), Interest::READ)], deadline, None);
//!         if let Ok(mut socket) = listener.accept() {
//!             let _ = socket.write(b"220 ready\r\n");
//!         }
//!     });
//!     let client = simulation.network(Host::CLIENT);
//!     simulation
//!         .run(|| {
//!             let deadline = client.now() + Duration::from_secs(60);
//!             let mut socket = client.dial("10.0.0.2:21".parse().unwrap(), &options).map_err(|e| e.to_string())?;
//!             client.wait(&mut [Watch::new(socket.handle(), Interest::WRITE)], deadline, None).unwrap();
//!             // The promise of every session: the right bytes, or an error. Broken promises are returned.
//!             match socket.connected() {
//!                 Ok(()) | Err(_) => Ok(()),
//!             }
//!         })
//!         .map_err(|error| error.to_string())?
//! }
//!
//! let campaign = Campaign::from_environment(200, "cargo test -p libftps-simulation --doc").unwrap();
//! campaign.run(session).unwrap();
//! ```
//!
//! Rules for what runs in a simulation:
//!
//! - wait only with `Network::wait` (and [`Simulation::sleep`]). A task that blocks on a lock or channel which another
//!   task holds across a wait, or that joins another task, stops everything: the simulation then fails
//!   as [`Reason::Stuck`] after a minute or two of real time;
//! - take the time only from the network, and iterate over no `HashMap` where the order can be seen;
//! - set up TLS as the module [`tls`] says: its provider, its time, Ed25519 certificates with a fixed serial number;
//! - set cancel tokens from a task ([`Simulation::after`]): no other thread's are noticed in time;
//! - a task must end when `wait` or a call of a socket fails: this is how the end of the simulation reaches it. (One that
//!   goes on is unwound after a thousand more calls.)
//! - a task that calls its sockets without ever waiting ends the simulation as [`Reason::Spins`].
//!
//! # A failing seed
//!
//! A [`Campaign`] runs its sessions on all processors and names the seeds that failed, hung or panicked, with the command
//! that runs each alone, again and again:
//!
//! ```text
//! FTPS_SIM_SEED=4711 cargo test -p libftps-simulation --test sessions -- --exact the_test
//! ```
//!
//! `FTPS_SIM_SESSIONS=1000000` runs more sessions; both together run so many from this seed on. The error of
//! [`Simulation::run`] shows what every task was doing and the latest events. For a session whose result was
//! wrong, add [`Simulation::trace`]'s [`tail`](Trace::tail) to the message.
//!
//! A seed means the same as long as client, server and `Cargo.lock` are the same. `fastrand` is the source of chance: it is
//! seedable, small and fast, and nothing here needs unpredictability.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod campaign;
mod connection;
mod failure;
mod fault;
mod host;
mod internet;
mod line;
mod network;
mod profile;
mod scheduler;
mod simulation;
pub mod tls;
mod trace;
mod world;

pub use campaign::Campaign;
pub use failure::{Reason, SimulationError};
pub use fault::{Breakage, Direction, Fault, FaultRates};
pub use host::Host;
pub use network::SimulatedNetwork;
pub use profile::Profile;
pub use simulation::{Simulation, Spawner};
pub use trace::{Event, Happening, Side, Subject, Trace, WokenBy};
