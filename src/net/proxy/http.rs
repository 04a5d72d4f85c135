//! HTTP CONNECT (RFC 9110 section 9.3.6), with `Basic` credentials (RFC 7617). The answer is read byte by byte up to its
//! blank line: the next byte is the server's.

use super::{invalid, refused, violated, Credentials, Negotiation, Proxy};
use crate::net::destination::Destination;
use crate::protocol::printable;
use crate::{Error, Result};
use base64::prelude::{Engine, BASE64_STANDARD};
use std::fmt;
use zeroize::Zeroizing;

/// The longest answer, interim ones included.
const MAX_ANSWER: usize = 16 * 1024;
const BEGINNING: &[u8] = b"HTTP/";

pub(super) struct HttpConnect {
    proxy: String,
    destination: Destination,
    has_credentials: bool,
    outbox: Zeroizing<Vec<u8>>,
    /// The answer so far.
    head: Vec<u8>,
    /// Bytes of interim answers before it.
    interim: usize,
    stands: bool,
}

impl HttpConnect {
    pub fn new(proxy: &Proxy, destination: &Destination) -> Result<HttpConnect> {
        Ok(HttpConnect {
            proxy: proxy.to_string(),
            destination: destination.clone(),
            has_credentials: proxy.credentials.is_some(),
            outbox: request(proxy, destination)?,
            head: Vec::new(),
            interim: 0,
            stands: false,
        })
    }

    /// Takes a complete head.
    fn take_answer(&mut self) -> Result<()> {
        let head = std::mem::take(&mut self.head);
        let Some((status, reason)) = status_line(&head) else { return Err(self.not_http(&head)) };
        match status {
            // 101 changes to a protocol that nobody asked for.
            100 | 102..=199 => {
                self.interim += head.len();
                Ok(())
            }
            200..=299 => {
                self.stands = true;
                Ok(())
            }
            _ => Err(self.failure(status, &printable(reason, 100))),
        }
    }

    fn failure(&self, status: u16, reason: &str) -> Error {
        let what_to_do = match status {
            400 => "it did not understand the request",
            403 => "its rules do not allow it: CONNECT has to be allowed to the server's control and passive ports",
            405 | 501 => "it does not offer CONNECT",
            // 401 is not a proxy's to say (RFC 9110 section 15.5.2), but Tinyproxy does, of a wrong password.
            401 | 407 if self.has_credentials => {
                "it did not take the user and the password, or wants another scheme than Basic"
            }
            401 | 407 => "it wants a user and a password: give it credentials",
            408 | 504 => "the server did not answer it in time",
            429 | 503 => "it is busy: try again later",
            500 | 502 => "it could not connect to the server, or failed itself",
            _ => "see there what that means",
        };
        let (proxy, destination) = (&self.proxy, &self.destination);
        refused(format!("{proxy} refused the connection to {destination}: {what_to_do} ({status} {reason})"))
    }

    fn not_http(&self, head: &[u8]) -> Error {
        let shown = printable(head, 60);
        violated(format!(
            "{} does not speak HTTP: it answered \"{shown}\"; is it another kind of proxy?",
            self.proxy
        ))
    }
}

fn request(proxy: &Proxy, destination: &Destination) -> Result<Zeroizing<Vec<u8>>> {
    if let Destination::Name(host, _) = destination {
        if !host.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("a host name behind an HTTP proxy has no spaces and is ASCII (punycode)"));
        }
    }
    let line = format!("CONNECT {destination} HTTP/1.1\r\nHost: {destination}\r\n");
    let mut parts = vec![line.as_bytes()];
    let basic = proxy.credentials.as_ref().map(basic);
    if let Some(basic) = &basic {
        parts.extend([b"Proxy-Authorization: Basic ", basic.as_bytes(), b"\r\n"]);
    }
    parts.push(b"\r\n");
    Ok(Zeroizing::new(parts.concat()))
}

fn basic(Credentials { user, password }: &Credentials) -> Zeroizing<String> {
    let plain = Zeroizing::new([user, &b":"[..], password].concat());
    Zeroizing::new(BASE64_STANDARD.encode(&*plain))
}

/// Status and reason of `HTTP/1.1 200 Connection established`; the reason may be missing.
fn status_line(head: &[u8]) -> Option<(u16, &[u8])> {
    let line = head.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    let (_version, rest) = line.strip_prefix(BEGINNING)?.split_at_checked(b"1.1 ".len())?;
    let (status, reason) = rest.split_at_checked(3)?;
    let is_apart = reason.first().is_none_or(|byte| *byte == b' ');
    let status = std::str::from_utf8(status).ok()?.parse().ok()?;
    is_apart.then(|| (status, reason.trim_ascii_start()))
}

/// Lines end with CR LF; a bare LF is taken too (RFC 9112 section 2.2).
fn is_complete(head: &[u8]) -> bool {
    head.ends_with(b"\n\r\n") || head.ends_with(b"\n\n")
}

impl Negotiation for HttpConnect {
    fn outgoing(&self) -> &[u8] {
        &self.outbox
    }

    fn sent(&mut self, count: usize) {
        self.outbox.drain(..count);
    }

    fn wanted(&self) -> usize {
        usize::from(!self.stands)
    }

    fn received(&mut self, bytes: &[u8]) -> Result<()> {
        self.head.extend_from_slice(bytes);
        // What is not HTTP may never have a blank line.
        if !BEGINNING.starts_with(&self.head) && !self.head.starts_with(BEGINNING) {
            return Err(self.not_http(&self.head));
        }
        if self.interim + self.head.len() > MAX_ANSWER {
            return Err(violated(format!("{} sent an answer of more than {MAX_ANSWER} bytes", self.proxy)));
        }
        match is_complete(&self.head) {
            true => self.take_answer(),
            false => Ok(()),
        }
    }
}

impl fmt::Debug for HttpConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpConnect")
            .field("proxy", &self.proxy)
            .field("stands", &self.stands)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy() -> Proxy {
        Proxy::http_connect("proxy", 8080)
    }

    fn asked(proxy: &Proxy, host: &str) -> String {
        let dialogue = HttpConnect::new(proxy, &Destination::new(host, 21)).unwrap();
        String::from_utf8(dialogue.outgoing().to_vec()).unwrap()
    }

    /// Feeds `answer` as far as it is wanted, and returns how much that was.
    fn fed(proxy: &Proxy, answer: &[u8]) -> Result<usize> {
        let mut dialogue = HttpConnect::new(proxy, &Destination::new("host", 21)).unwrap();
        dialogue.sent(dialogue.outgoing().len());
        let mut taken = 0;
        while dialogue.wanted() > 0 && taken < answer.len() {
            let wanted = dialogue.wanted();
            dialogue.received(&answer[taken..taken + wanted])?;
            taken += wanted;
        }
        Ok(if dialogue.wanted() == 0 { taken } else { usize::MAX })
    }

    #[test]
    fn the_request_names_the_destination_twice() {
        assert_eq!(
            asked(&proxy(), "host.test"),
            "CONNECT host.test:21 HTTP/1.1\r\nHost: host.test:21\r\n\r\n"
        );
        assert_eq!(asked(&proxy(), "fd00::2"), "CONNECT [fd00::2]:21 HTTP/1.1\r\nHost: [fd00::2]:21\r\n\r\n");
    }

    #[test]
    fn credentials_are_sent_as_basic() {
        // The example of RFC 7617 section 2.
        let proxy = proxy().credentials("Aladdin", "open sesame");
        let text = asked(&proxy, "host");
        assert!(
            text.ends_with("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"),
            "{text}"
        );
    }

    #[test]
    fn not_one_byte_behind_the_blank_line_is_taken() {
        for head in [
            "HTTP/1.1 200 Connection established\r\n\r\n",
            "HTTP/1.0 200\r\n\r\n",
            "HTTP/1.1 200 OK\nVia: x\n\n",
            "HTTP/1.1 299 Fine\r\nContent-Length: 5\r\nX: y\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ] {
            let answer = format!("{head}\r\n220 The server's greeting.\r\n\r\n");
            assert_eq!(fed(&proxy(), answer.as_bytes()).unwrap(), head.len(), "{head:?}");
            for cut in 0..head.len() {
                assert_eq!(fed(&proxy(), &head.as_bytes()[..cut]).unwrap(), usize::MAX, "{head:?} {cut}");
            }
        }
    }

    #[test]
    fn a_refusal_tells_the_status_and_what_to_do() {
        let cases = [
            ("400 Bad Request", "did not understand"),
            ("401 Unauthorized", "give it credentials"),
            ("403 Filtered", "CONNECT has to be allowed"),
            ("405 Method Not Allowed", "does not offer CONNECT"),
            ("407 Proxy Authentication Required", "give it credentials"),
            ("502 Bad Gateway", "could not connect"),
            ("503 Service Unavailable", "try again later"),
            ("504 Gateway Timeout", "in time"),
            ("101 Switching Protocols", "see there"),
            ("301 Moved", "see there"),
        ];
        for (status, words) in cases {
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 3\r\n\r\nno!");
            let error = fed(&proxy(), answer.as_bytes()).unwrap_err();
            let text = error.to_string();
            assert_eq!(error.kind(), "connect");
            assert!(
                text.starts_with("the HTTP proxy proxy:8080 refused the connection to host:21: "),
                "{text}"
            );
            assert!(text.contains(words) && text.ends_with(&format!("({status})")), "{text}");
        }
        let known = proxy().credentials("me", "secret");
        for answer in ["HTTP/1.1 407 Who?\r\n\r\n", "HTTP/1.1 401 Unauthorized\r\n\r\n"] {
            let error = fed(&known, answer.as_bytes()).unwrap_err();
            assert!(error.to_string().contains("did not take the user and the password"), "{error}");
        }
    }

    #[test]
    fn another_protocol_is_a_protocol_error() {
        for answer in [
            "220 FTP server\r\n",
            "\r\n",
            "http/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1  200 OK\r\n\r\n",
            "HTTP/1.1 20\r\n\r\n",
            "HTTP/\r\n\r\n",
        ] {
            assert_eq!(fed(&proxy(), answer.as_bytes()).unwrap_err().kind(), "protocol", "{answer:?}");
        }
    }

    #[test]
    fn an_answer_without_end_is_a_protocol_error() {
        let long = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(20_000));
        let again = "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000);
        for answer in [long, again] {
            assert_eq!(fed(&proxy(), answer.as_bytes()).unwrap_err().kind(), "protocol");
        }
    }

    #[test]
    fn a_name_that_would_break_the_request_is_an_invalid_argument() {
        for host in ["a b", "a\r\nX: y", "bücher.test"] {
            let error = HttpConnect::new(&proxy(), &Destination::new(host, 21)).unwrap_err();
            assert_eq!(error.kind(), "invalid-argument");
        }
    }
}
