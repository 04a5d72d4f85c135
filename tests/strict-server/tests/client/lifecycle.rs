//! How transfers and clients end before their time.

use crate::common::{connect, get, start};
use ftps::net::CancelToken;
use ftps::{Error, ResumptionPolicy};
use std::io::Write;
use std::time::{Duration, Instant};
use strict_server::{Fault, FaultAction, Moment, Options, Trigger};

#[test]
fn a_stalled_transfer_ends_when_another_thread_cancels_it() {
    let fault = Fault::new(Trigger::new(Moment::DataByte(1000)).on("RETR"), FaultAction::Stall);
    let server = start(Options { faults: vec![fault], ..Options::default() });
    server.put_file("file", &[7; 100_000]).expect("a file");
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let token = CancelToken::new().expect("descriptors");
    client.set_cancel_token(Some(token.clone()));
    let canceller = token.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        canceller.cancel();
        Instant::now()
    });
    let error = get(&mut client, "file").expect_err("cancelled");
    let returned = Instant::now();
    let cancelled = thread.join().expect("the canceller");
    assert!(matches!(error, Error::Cancelled(_)), "{error:?}");
    assert!(returned.saturating_duration_since(cancelled) < Duration::from_secs(1));
}

#[test]
fn a_dropped_upload_is_never_confirmed() {
    let server = start(Options { lenient_upload_end: true, ..Options::default() });
    let mut client = connect(&server, ResumptionPolicy::Prefer);
    let mut upload = client.upload("file", 0).expect("upload opens");
    upload.write_all(&[7; 50_000]).expect("upload goes on");
    drop(upload);
    client.noop().expect("the login goes on");
    assert_eq!(server.counters().uploads_completed, 0);
}
