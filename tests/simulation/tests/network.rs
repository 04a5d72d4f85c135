//! What the simulated network promises to those who test on it.

use ftps::net::{CancelToken, Interest, Network, Socket, SocketOptions, Watch, Woken};
use simulation::{Breakage, Direction, Fault, Host, Profile, Reason, Simulation, SimulationError};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn server_address() -> SocketAddr {
    SocketAddr::new(Host::SERVER.v4(), 21)
}

/// Waits until `socket` is ready, an hour at most.
fn await_ready(network: &dyn Network, socket: &dyn Socket, interest: Interest) -> io::Result<Woken> {
    network.wait(&mut [Watch::new(socket.handle(), interest)], network.now() + HOUR, None)
}

/// Sends all of `bytes`, and ends the direction.
fn send(network: &dyn Network, socket: &mut dyn Socket, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match socket.write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                await_ready(network, socket, Interest::WRITE)?;
            }
            Err(error) => return Err(error),
        }
    }
    socket.shutdown_write()
}

/// Bytes, and the error that was their end, if it was one.
type Received = (Vec<u8>, Option<io::ErrorKind>);

/// What arrives until the end.
fn receive(network: &dyn Network, socket: &mut dyn Socket) -> Received {
    let mut received = Vec::new();
    let mut buffer = [0; 1000];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => return (received, None),
            Ok(count) => received.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                match await_ready(network, socket, Interest::READ) {
                    Ok(Woken::Ready) => {}
                    _ => return (received, Some(io::ErrorKind::TimedOut)),
                }
            }
            Err(error) => return (received, Some(error.kind())),
        }
    }
}

/// A client sends `bytes` to a server over a connection with `fault`. What the client has of it, and what the server.
fn exchange(
    simulation: &Simulation,
    fault: Option<Fault>,
    bytes: &[u8],
) -> (io::Result<()>, Option<Received>) {
    simulation.plan(0, fault);
    let network = simulation.network(Host::SERVER);
    let arrived = Arc::new(Mutex::new(None));
    let server = (network.clone(), arrived.clone());
    let outcome = simulation.run(|| {
        let mut listener = network.listen(server_address(), &SocketOptions::default()).expect("listen");
        simulation.spawn("server", move || {
            let (network, arrived) = server;
            let deadline = network.now() + 3 * HOUR;
            let mut watched = [Watch::new(listener.handle(), Interest::READ)];
            if !matches!(network.wait(&mut watched, deadline, None), Ok(Woken::Ready)) {
                return;
            }
            let mut socket = listener.accept().expect("a connection is there");
            *arrived.lock().unwrap() = Some(receive(&*network, &mut *socket));
        });
        let network = simulation.network(Host::CLIENT);
        let mut socket = network.dial(server_address(), &SocketOptions::default())?;
        await_ready(&*network, &*socket, Interest::WRITE)?;
        socket.connected()?;
        send(&*network, &mut *socket, bytes)?;
        simulation.sleep(2 * HOUR);
        Ok(())
    });
    let arrived = arrived.lock().unwrap().take();
    (outcome.expect("the simulation ends well"), arrived)
}

fn numbered_bytes() -> Vec<u8> {
    (0..50_000_u32).map(|number| (number % 251) as u8).collect()
}

fn break_at(after: u64, breakage: Breakage) -> Option<Fault> {
    Some(Fault::Break { direction: Direction::FromDialler, after, breakage })
}

#[test]
fn bytes_arrive_whole_and_in_order_on_a_rough_network() {
    for seed in 0..20 {
        let (sent, arrived) = exchange(&Simulation::new(seed, Profile::rough()), None, &numbered_bytes());
        assert_eq!((sent.ok(), arrived), (Some(()), Some((numbered_bytes(), None))), "seed {seed}");
    }
}

#[test]
fn a_cut_lets_exactly_the_bytes_before_it_arrive_and_then_the_end() {
    for after in [0, 1, 1460, 12_345] {
        let simulation = Simulation::new(after, Profile::rough());
        let (_, arrived) = exchange(&simulation, break_at(after, Breakage::Cut), &numbered_bytes());
        assert_eq!(arrived, Some((numbered_bytes()[..after as usize].to_vec(), None)));
    }
}

#[test]
fn a_reset_is_an_error_at_both_ends() {
    let simulation = Simulation::new(1, Profile::rough());
    let (sent, arrived) = exchange(&simulation, break_at(5000, Breakage::Reset), &numbered_bytes());
    assert!(sent.is_err());
    let (bytes, error) = arrived.expect("the connection stood");
    assert!(numbered_bytes().starts_with(&bytes) && bytes.len() <= 5000);
    assert_eq!(error, Some(io::ErrorKind::ConnectionReset));
}

#[test]
fn a_stall_delays_and_loses_nothing() {
    let simulation = Simulation::new(1, Profile::calm());
    let stall = break_at(5000, Breakage::Stall(Duration::from_secs(1000)));
    let (_, arrived) = exchange(&simulation, stall, &numbered_bytes());
    assert_eq!(arrived, Some((numbered_bytes(), None)));
    let trace = simulation.trace();
    let late = trace.events().filter(|event| event.at >= Duration::from_secs(1000)).count();
    assert!(late > 0, "nothing arrived late");
}

#[test]
fn silence_is_endured_to_the_deadline() {
    let simulation = Simulation::new(1, Profile::calm());
    let (_, arrived) = exchange(&simulation, break_at(5000, Breakage::Silence), &numbered_bytes());
    assert_eq!(arrived, Some((numbered_bytes()[..5000].to_vec(), Some(io::ErrorKind::TimedOut))));
}

#[test]
fn a_refused_connection_says_so_and_one_that_is_never_answered_does_not() {
    let refused = exchange(&Simulation::new(1, Profile::calm()), Some(Fault::Refused), b"x");
    assert_eq!(refused.0.map_err(|error| error.kind()), Err(io::ErrorKind::ConnectionRefused));
    let unanswered = exchange(&Simulation::new(1, Profile::calm()), Some(Fault::NeverAnswered), b"x");
    assert_eq!(unanswered.0.map_err(|error| error.kind()), Err(io::ErrorKind::NotConnected));
    assert_eq!((refused.1, unanswered.1), (None, None));
}

#[test]
fn a_seed_gives_one_history_and_another_seed_another() {
    let history = |seed| {
        let simulation = Simulation::new(seed, Profile::faulty());
        let _ = exchange(&simulation, None, &numbered_bytes());
        (simulation.trace().fingerprint(), simulation.trace().contents(), simulation.trace().count())
    };
    assert_eq!(history(5), history(5));
    assert_ne!(history(5).0, history(6).0);
}

#[test]
fn virtual_time_passes_only_where_everybody_waits() {
    let simulation = Simulation::new(1, Profile::calm());
    let slept = simulation.run(|| {
        let before = simulation.elapsed();
        simulation.sleep(Duration::from_secs(86_000));
        simulation.elapsed() - before
    });
    assert_eq!(slept.expect("it ends well"), Duration::from_secs(86_000));
}

/// Runs `main` in a simulation that must fail.
fn failure(limit: impl FnOnce(&Simulation), main: impl FnOnce(&Simulation)) -> SimulationError {
    let simulation = Simulation::new(7, Profile::calm());
    limit(&simulation);
    simulation.run(|| main(&simulation)).expect_err("this cannot end well")
}

#[test]
fn a_task_that_calls_its_sockets_without_waiting_ends_the_simulation() {
    let error = failure(
        |simulation| simulation.limit_calls(500),
        |simulation| {
            let mut listener = simulation
                .network(Host::SERVER)
                .listen(server_address(), &SocketOptions::default())
                .expect("listen");
            // The error of the call that is one too many is what ends this.
            while matches!(listener.accept(), Err(error) if error.kind() == io::ErrorKind::WouldBlock) {}
        },
    );
    assert_eq!(error.reason, Reason::Spins { calls: 500 });
    assert!(error.to_string().contains("seed 7"), "{error}");
}

#[test]
fn a_task_that_takes_no_error_for_an_answer_is_unwound() {
    let error = failure(
        |simulation| simulation.limit_calls(500),
        |simulation| {
            let mut listener = simulation
                .network(Host::SERVER)
                .listen(server_address(), &SocketOptions::default())
                .expect("listen");
            loop {
                let _ = listener.accept();
            }
        },
    );
    assert_eq!(error.reason, Reason::Spins { calls: 500 });
}

#[test]
fn a_task_whose_waits_all_end_at_once_ends_the_simulation() {
    let error = failure(
        |simulation| simulation.limit_turns(100),
        |simulation| {
            let network = simulation.network(Host::CLIENT);
            let cancelled = CancelToken::new().expect("a token");
            cancelled.cancel();
            while network.wait(&mut [], network.now() + HOUR, Some(&cancelled)).is_ok() {}
        },
    );
    assert_eq!(error.reason, Reason::TurnLimit);
}

#[test]
fn a_wait_for_what_never_comes_is_a_deadlock() {
    let error =
        failure(|simulation| simulation.limit_virtual_time(HOUR), |simulation| simulation.sleep(2 * HOUR));
    assert_eq!(error.reason, Reason::Deadlock);
}

#[test]
fn a_panic_of_any_task_is_the_simulations_failure() {
    let error = failure(
        |_| {},
        |simulation| {
            simulation.spawn("clumsy", || panic!("dropped it"));
            simulation.sleep(HOUR);
        },
    );
    assert_eq!(error.reason, Reason::Panicked { task: "clumsy".into(), message: "dropped it".into() });
}
