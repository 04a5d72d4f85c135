//! Tickets grow old.

use super::peers::*;
use crate::net::{CancelToken, Listener, Network, Socket, SocketOptions, SystemNetwork, Watch, Woken};
use crate::tls::{OfferKind, ResumptionPolicy};
use rustls::version::TLS13;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

/// The system's clocks, put forward.
#[derive(Debug, Default)]
struct Later(Mutex<Duration>);

impl Later {
    fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Network for Later {
    fn now(&self) -> Instant {
        SystemNetwork.now() + *self.0.lock().unwrap()
    }

    fn wall_clock(&self) -> SystemTime {
        SystemNetwork.wall_clock() + *self.0.lock().unwrap()
    }

    fn resolve(&self, _: &str, _: u16, _: Instant, _: Option<&CancelToken>) -> io::Result<Vec<SocketAddr>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn dial(&self, _: SocketAddr, _: &SocketOptions) -> io::Result<Box<dyn Socket>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn listen(&self, _: SocketAddr, _: &SocketOptions) -> io::Result<Box<dyn Listener>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn wait(&self, _: &mut [Watch<'_>], _: Instant, _: Option<&CancelToken>) -> io::Result<Woken> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

const LIFETIME: u32 = 3600;

#[test]
fn a_ticket_is_offered_again_until_its_lifetime_is_over_and_not_after() {
    let identity = Identity::for_host(HOST);
    let config = server(&identity, &TLS13, 1, PlainTickets { padding: 0, lifetime: LIFETIME });
    let mut silent = config.clone();
    silent.send_tls13_tickets = 0;
    let silent = Arc::new(silent);
    let clock = Arc::new(Later::default());
    let mut client = control_on(clock.clone(), &trusting(&identity), ResumptionPolicy::Require);
    connect(&mut client, &Arc::new(config)).unwrap();
    for kind in [OfferKind::Fresh, OfferKind::Control, OfferKind::Control] {
        clock.pass(Duration::from_secs(1190));
        let session = data(&mut client, &silent).unwrap();
        assert_eq!((session.offered(), session.resumed()), (Some(kind), Some(true)));
    }
    clock.pass(Duration::from_secs(31));
    assert!(!client.can_offer());
}

#[test]
fn a_fresh_ticket_is_not_offered_after_its_lifetime() {
    let identity = Identity::for_host(HOST);
    let config = server(&identity, &TLS13, 2, PlainTickets { padding: 0, lifetime: LIFETIME });
    let clock = Arc::new(Later::default());
    let mut client = control_on(clock.clone(), &trusting(&identity), ResumptionPolicy::Require);
    connect(&mut client, &Arc::new(config)).unwrap();
    assert!(client.can_offer());
    clock.pass(Duration::from_secs(u64::from(LIFETIME) + 1));
    assert!(!client.can_offer());
}

#[test]
fn a_ticket_is_never_kept_for_more_than_seven_days() {
    let identity = Identity::for_host(HOST);
    let config = server(&identity, &TLS13, 2, PlainTickets { padding: 0, lifetime: u32::MAX });
    let clock = Arc::new(Later::default());
    let mut client = control_on(clock.clone(), &trusting(&identity), ResumptionPolicy::Require);
    connect(&mut client, &Arc::new(config)).unwrap();
    clock.pass(Duration::from_secs(7 * 24 * 3600 - 60));
    assert!(client.can_offer());
    clock.pass(Duration::from_secs(61));
    assert!(!client.can_offer());
}
