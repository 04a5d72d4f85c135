//! What a proxy answers, and the server behind it.

use crate::network::{Peer, PeerNetwork};
use ftps::net::Proxy;
use ftps::{FtpsClient, TlsOptions};
use std::sync::{Arc, Mutex};

const USER: &str = "somebody";
const PASSWORD: &str = "open-sesame";

/// Says everything at once, and hangs up; what it hears is kept.
struct Answers {
    bytes: Vec<u8>,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Peer for Answers {
    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.heard.lock().expect("nobody panicked").extend_from_slice(bytes);
        std::mem::take(&mut self.bytes)
    }

    fn is_done(&self) -> bool {
        true
    }
}

/// The first byte chooses the kind of proxy (1) and whether there are credentials (2); the rest are the answers of the
/// proxy, and those of a server behind them.
pub fn dialogue(input: &[u8]) {
    let Some((choice, answers)) = input.split_first() else { return };
    let whole = ask(*choice, answers, usize::MAX);
    assert_eq!(ask(*choice, answers, 1), whole, "pieces differ from the whole");
    let (heard, error) = whole;
    for secret in [USER, PASSWORD] {
        // What the proxy itself says is shown.
        let is_said = answers.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(is_said || !error.contains(secret), "credentials are shown: {error}");
    }
    assert!(!error.contains(|character: char| character.is_control()), "unfit for a log: {error:?}");
    let first: &[u8] = if choice & 1 == 0 { &[5] } else { b"CONNECT 192.0.2.1:21 HTTP/1.1\r\n" };
    assert!(heard.starts_with(first), "the proxy is asked in another way: {}", heard.escape_ascii());
}

/// What the proxy hears, and the error that this ends in: there is no TLS behind a proxy that has said all.
fn ask(choice: u8, answers: &[u8], piece: usize) -> (Vec<u8>, String) {
    let proxy =
        if choice & 1 == 0 { Proxy::socks5("proxy", 1080) } else { Proxy::http_connect("proxy", 8080) };
    let proxy = if choice & 2 == 0 { proxy } else { proxy.credentials(USER, PASSWORD) };
    let heard = Arc::new(Mutex::new(Vec::new()));
    let answers = Answers { bytes: answers.to_vec(), heard: heard.clone() };
    let connected = FtpsClient::builder("192.0.2.1")
        .network(Arc::new(PeerNetwork::new(answers, piece)))
        .proxy(proxy)
        .tls(TlsOptions::default().danger_accept_any_certificate(true))
        .connect();
    let error = match connected {
        Ok(_) => panic!("a connection with TLS, without TLS"),
        Err(error) => error.to_string(),
    };
    let mut heard = heard.lock().expect("nobody panicked").clone();
    // What follows is TLS, and random.
    if let Some(end) = heard.windows(10).position(|window| window == b"AUTH TLS\r\n") {
        heard.truncate(end + 10);
    }
    (heard, error)
}
