//! A file over a link that breaks, whole or not at all. What fails for a reason that may pass is tried again, and goes on
//! where it was cut off; a download goes on too where an earlier run of the program was cut off, and an upload gets its
//! name only when it is complete:
//! `cargo run --example reliable -- HOST PORT CA_PEM USER PASSWORD get|put REMOTE LOCAL`.

use ftps::client::{AtomicUpload, Retry, RetryObserver, RetryPolicy};
use ftps::{FtpsClient, TlsOptions};
use std::sync::Arc;
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, ca, user, password, direction, remote, local] = arguments.as_slice() else {
        return Err("usage: reliable HOST PORT CA_PEM USER PASSWORD get|put REMOTE LOCAL".into());
    };
    let observer: RetryObserver = Arc::new(|retry: &Retry<'_>| {
        eprintln!("again in {:?}, from byte {}: {}", retry.delay, retry.offset, retry.error);
        true
    });
    let retry = RetryPolicy::new(5).first_delay(Duration::from_millis(500)).observer(observer);
    let mut client = FtpsClient::builder(host.as_str())
        .port(port.parse()?)
        .tls(TlsOptions::default().extra_roots_pem(std::fs::read(ca)?))
        .retry_policy(retry)
        .keep_alive(Duration::from_secs(60))
        .connect()?;
    client.login(user, password)?;
    let bytes = match direction.as_str() {
        "get" => client.download_resuming(remote, local, |_| true)?,
        "put" => {
            let options = AtomicUpload::default().verify_hash(true);
            client.upload_file_atomically(local, remote, &options, |_| true)?
        }
        _ => return Err("the direction is get or put".into()),
    };
    println!("{remote} and {local} are the same {bytes} bytes");
    Ok(client.quit()?)
}
