//! SOCKS5 (RFC 1928), with user and password (RFC 1929). Each answer's length is known before it is read.

use super::{invalid, refused, violated, Credentials, Negotiation, Proxy};
use crate::net::destination::Destination;
use crate::{Error, Result};
use std::fmt;
use std::net::IpAddr;
use zeroize::Zeroizing;

const VERSION: u8 = 5;
/// The version of the negotiation by user and password, a protocol of its own.
const PASSWORD_VERSION: u8 = 1;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

pub(super) struct Socks5 {
    proxy: String,
    destination: Destination,
    request: Vec<u8>,
    credentials: Option<Credentials>,
    outbox: Zeroizing<Vec<u8>>,
    inbox: Vec<u8>,
    awaited: Awaited,
}

/// The piece of an answer that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// VER METHOD.
    Method,
    /// VER STATUS.
    Authentication,
    /// VER REP, looked at alone: a proxy that refuses may close without the rest.
    Outcome,
    /// RSV ATYP, and the first byte of the address, which for a name is its length.
    AddressType,
    /// What is left of address and port, which tell nothing.
    Address(usize),
    Nothing,
}

impl Socks5 {
    pub fn new(proxy: &Proxy, destination: &Destination) -> Result<Socks5> {
        let mut greeting = vec![VERSION, 1, NO_AUTHENTICATION];
        if proxy.credentials.is_some() {
            greeting = vec![VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD];
        }
        Ok(Socks5 {
            proxy: proxy.to_string(),
            request: request(destination)?,
            destination: destination.clone(),
            credentials: proxy.credentials.clone(),
            outbox: Zeroizing::new(greeting),
            inbox: Vec::new(),
            awaited: Awaited::Method,
        })
    }

    /// Takes a whole piece.
    fn take(&mut self, piece: &[u8]) -> Result<()> {
        match (self.awaited, piece) {
            (Awaited::Method, &[VERSION, method]) => self.take_method(method)?,
            (Awaited::Authentication, &[PASSWORD_VERSION, 0]) => self.send_request(),
            (Awaited::Authentication, &[PASSWORD_VERSION, _]) => {
                return Err(refused(format!("{} refused the user or the password", self.proxy)));
            }
            (Awaited::Outcome, &[VERSION, 0]) => self.awaited = Awaited::AddressType,
            (Awaited::Outcome, &[VERSION, code]) => return Err(self.failure(code)),
            (Awaited::AddressType, &[_, IPV4, _]) => self.awaited = Awaited::Address(4 - 1 + 2),
            (Awaited::AddressType, &[_, IPV6, _]) => self.awaited = Awaited::Address(16 - 1 + 2),
            (Awaited::AddressType, &[_, NAME, length]) => {
                self.awaited = Awaited::Address(usize::from(length) + 2);
            }
            (Awaited::Address(_), _) => self.awaited = Awaited::Nothing,
            _ => {
                return Err(violated(format!(
                    "{} does not speak SOCKS5: it answered {piece:02x?}; is it another kind of proxy?",
                    self.proxy
                )));
            }
        }
        Ok(())
    }

    fn take_method(&mut self, method: u8) -> Result<()> {
        match (method, &self.credentials) {
            (NO_AUTHENTICATION, _) => self.send_request(),
            (USER_AND_PASSWORD, Some(Credentials { user, password })) => {
                let length = |bytes: &[u8]| [bytes.len() as u8];
                self.outbox = Zeroizing::new(
                    [&[PASSWORD_VERSION], &length(user)[..], user, &length(password), password].concat(),
                );
                self.awaited = Awaited::Authentication;
            }
            (_, None) => {
                return Err(refused(format!(
                    "{} wants a user and a password: give it credentials",
                    self.proxy
                )));
            }
            (_, Some(_)) => {
                return Err(refused(format!("{} takes no user and password (RFC 1929)", self.proxy)));
            }
        }
        Ok(())
    }

    fn send_request(&mut self) {
        self.outbox = Zeroizing::new(std::mem::take(&mut self.request));
        self.awaited = Awaited::Outcome;
    }

    /// RFC 1928 section 6.
    fn failure(&self, code: u8) -> Error {
        let why = match code {
            1 => "it failed in general",
            2 => "its rules do not allow it; data connections need the server's passive ports allowed too",
            3 => "the network is unreachable from there",
            4 => "the host is unreachable from there, or its name could not be resolved",
            5 => "the connection was refused",
            6 => "the way is too long (TTL expired)",
            7 => "it does not offer CONNECT",
            8 => "it does not take this kind of address",
            _ => "it gave a reason that RFC 1928 does not know",
        };
        refused(format!("{} could not connect to {}: {why} (reply {code})", self.proxy, self.destination))
    }
}

/// VER CMD RSV ATYP DST.ADDR DST.PORT.
fn request(destination: &Destination) -> Result<Vec<u8>> {
    let head = [VERSION, CONNECT, 0];
    Ok(match destination {
        Destination::Address(address) => {
            let port = address.port().to_be_bytes();
            match address.ip().to_canonical() {
                IpAddr::V4(ip) => [&head, &[IPV4][..], &ip.octets(), &port].concat(),
                IpAddr::V6(ip) => [&head, &[IPV6][..], &ip.octets(), &port].concat(),
            }
        }
        Destination::Name(host, port) => {
            let length = u8::try_from(host.len())
                .map_err(|_| invalid("a host name behind a SOCKS5 proxy has at most 255 bytes (RFC 1928)"))?;
            [&head, &[NAME, length][..], host.as_bytes(), &port.to_be_bytes()].concat()
        }
    })
}

impl Negotiation for Socks5 {
    fn outgoing(&self) -> &[u8] {
        &self.outbox
    }

    fn sent(&mut self, count: usize) {
        self.outbox.drain(..count);
    }

    fn wanted(&self) -> usize {
        let piece = match self.awaited {
            Awaited::Method | Awaited::Authentication | Awaited::Outcome => 2,
            Awaited::AddressType => 3,
            Awaited::Address(length) => length,
            Awaited::Nothing => 0,
        };
        piece - self.inbox.len()
    }

    fn received(&mut self, bytes: &[u8]) -> Result<()> {
        self.inbox.extend_from_slice(bytes);
        if self.wanted() > 0 {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.inbox);
        self.take(&piece)
    }
}

impl fmt::Debug for Socks5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socks5")
            .field("proxy", &self.proxy)
            .field("awaited", &self.awaited)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays a proxy's answers, in pieces of `size` bytes. What was sent to it, and the outcome.
    fn play(
        proxy: &Proxy,
        destination: &str,
        answers: &[&[u8]],
        size: usize,
    ) -> (Vec<Vec<u8>>, Result<usize>) {
        let mut dialogue = Socks5::new(proxy, &Destination::new(destination, 21)).unwrap();
        let mut sent = Vec::new();
        for answer in answers {
            sent.push(dialogue.outgoing().to_vec());
            dialogue.sent(dialogue.outgoing().len());
            let mut rest = *answer;
            while !rest.is_empty() && dialogue.wanted() > 0 {
                let (piece, behind) = rest.split_at(size.min(dialogue.wanted()).min(rest.len()));
                rest = behind;
                if let Err(error) = dialogue.received(piece) {
                    return (sent, Err(error));
                }
            }
            assert!(rest.is_empty(), "{} bytes too many", rest.len());
        }
        assert!(dialogue.outgoing().is_empty());
        (sent, Ok(dialogue.wanted()))
    }

    const CONNECTED: &[u8] = &[5, 0, 0, 1, 10, 0, 0, 1, 0, 99];

    fn proxy() -> Proxy {
        Proxy::socks5("proxy", 1080)
    }

    #[test]
    fn a_connection_is_asked_for_without_credentials_where_there_are_none() {
        for size in [1, 2, 100] {
            let (sent, outcome) = play(&proxy(), "10.1.2.3", &[&[5, 0], CONNECTED], size);
            assert_eq!(outcome.unwrap(), 0);
            assert_eq!(sent, [vec![5, 1, 0], vec![5, 1, 0, 1, 10, 1, 2, 3, 0, 21]]);
        }
    }

    #[test]
    fn a_host_name_is_left_to_the_proxy() {
        let (sent, _) = play(&proxy(), "host.test", &[&[5, 0], CONNECTED], 100);
        assert_eq!(sent[1], b"\x05\x01\x00\x03\x09host.test\x00\x15");
    }

    #[test]
    fn an_ipv6_address_has_a_type_of_its_own() {
        let (sent, _) = play(&proxy(), "fd00::2", &[&[5, 0], CONNECTED], 100);
        assert_eq!(sent[1][3], 4);
        assert_eq!(sent[1].len(), 4 + 16 + 2);
    }

    #[test]
    fn user_and_password_are_given_where_they_are_asked_for() {
        let proxy = proxy().credentials("me", "secret");
        let (sent, outcome) = play(&proxy, "host", &[&[5, 2], &[1, 0], CONNECTED], 1);
        assert_eq!(outcome.unwrap(), 0);
        assert_eq!(sent[..2], [b"\x05\x02\x00\x02".to_vec(), b"\x01\x02me\x06secret".to_vec()]);
        let (sent, outcome) = play(&proxy, "host", &[&[5, 0], CONNECTED], 1);
        assert_eq!((sent.len(), outcome.unwrap()), (2, 0), "it did not ask");
    }

    #[test]
    fn the_address_in_the_answer_is_read_to_its_end_whatever_its_kind() {
        let ipv6 = [&[5, 0, 0, 4][..], &[0; 18]].concat();
        let name = [&[5, 0, 0, 3, 4][..], b"name", &[0; 2]].concat();
        for answer in [CONNECTED, &ipv6, &name, &[5, 0, 0, 3, 0, 0, 21]] {
            for size in [1, 3, 100] {
                assert_eq!(play(&proxy(), "host", &[&[5, 0], answer], size).1.unwrap(), 0, "{answer:?}");
            }
            for cut in 0..answer.len() {
                assert_ne!(play(&proxy(), "host", &[&[5, 0], &answer[..cut]], 1).1.unwrap(), 0, "{cut}");
            }
        }
    }

    #[test]
    fn every_reply_code_has_its_own_words() {
        let mut texts = Vec::new();
        for code in 1..=9 {
            let error = play(&proxy(), "host", &[&[5, 0], &[5, code]], 1).1.unwrap_err();
            assert_eq!(error.kind(), "connect");
            let text = error.to_string();
            assert!(text.starts_with("the SOCKS5 proxy proxy:1080 could not connect to host:21: "), "{text}");
            assert!(text.ends_with(&format!("(reply {code})")), "{text}");
            texts.push(text.replace(&code.to_string(), ""));
        }
        texts.dedup();
        assert_eq!(texts.len(), 9);
    }

    #[test]
    fn refused_and_missing_credentials_are_told_apart() {
        let known = proxy().credentials("me", "secret");
        let cases: [(&Proxy, &[&[u8]], &str); 4] = [
            (&proxy(), &[&[5, 0xff]], "wants a user and a password: give it credentials"),
            (&known, &[&[5, 0xff]], "takes no user and password (RFC 1929)"),
            (&known, &[&[5, 2], &[1, 1]], "refused the user or the password"),
            (&proxy(), &[&[5, 2]], "wants a user and a password: give it credentials"),
        ];
        for (proxy, answers, words) in cases {
            let error = play(proxy, "host", answers, 1).1.unwrap_err();
            assert_eq!(error.kind(), "connect");
            assert_eq!(error.to_string(), format!("the SOCKS5 proxy proxy:1080 {words}"));
        }
    }

    #[test]
    fn another_protocol_is_a_protocol_error() {
        let known = proxy().credentials("me", "secret");
        let cases: [&[&[u8]]; 4] = [&[b"HT"], &[&[4, 0]], &[&[5, 2], &[5, 0]], &[&[5, 0], &[5, 0, 0, 2, 0]]];
        for answers in cases {
            assert_eq!(play(&known, "host", answers, 1).1.unwrap_err().kind(), "protocol", "{answers:?}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_an_invalid_argument() {
        let destination = Destination::new(&"x".repeat(256), 21);
        assert_eq!(Socks5::new(&proxy(), &destination).unwrap_err().kind(), "invalid-argument");
    }
}
