//! How many connections a server takes, learnt from its refusals.

use crate::protocol::Reply;
use crate::Error;
use std::time::{Duration, Instant};

/// Until one more connection is tried after a refusal; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Words of servers that have enough connections: ProFTPD's `maximum number of allowed clients`, wu-ftpd's `too
/// many anonymous users (limit 20)`, Serv-U's `no more than 2 users`.
const WORDS: [&str; 4] = ["too many", "maximum", "limit", "no more than"];

/// What the server has shown to take.
#[derive(Debug)]
pub(super) struct ServerLimit {
    learnt: Option<Learnt>,
    pause: Duration,
}

#[derive(Debug)]
struct Learnt {
    connections: usize,
    retry_at: Instant,
}

impl ServerLimit {
    /// Nothing was refused yet.
    pub fn new() -> ServerLimit {
        ServerLimit { learnt: None, pause: FIRST_PAUSE }
    }

    /// How many connections the server takes, where it has refused one.
    pub fn connections(&self) -> Option<usize> {
        self.learnt.as_ref().map(|learnt| learnt.connections)
    }

    /// When one connection more than it took may be tried, where that is not allowed now.
    pub fn retry_at(&self) -> Option<Instant> {
        self.learnt.as_ref().map(|learnt| learnt.retry_at)
    }

    /// Whether one connection besides these `open` ones may be opened now. Beyond the limit, one attempt a pause.
    pub fn admits_one_besides(&mut self, open: usize, now: Instant) -> bool {
        match &mut self.learnt {
            Some(learnt) if open >= learnt.connections && now < learnt.retry_at => false,
            Some(learnt) if open >= learnt.connections => {
                learnt.retry_at = now + self.pause;
                true
            }
            _ => true,
        }
    }

    /// The server refused a connection besides `open` others, some of which may still be refused too.
    pub fn note_refusal(&mut self, open: usize, now: Instant) {
        self.learnt = Some(Learnt { connections: open, retry_at: now + self.pause });
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    /// The server took a connection, and has `open` of them now.
    pub fn note_success(&mut self, open: usize, now: Instant) {
        if let Some(learnt) = self.learnt.as_mut().filter(|learnt| open > learnt.connections) {
            *learnt = Learnt { connections: open, retry_at: now };
            self.pause = FIRST_PAUSE;
        }
    }
}

/// Whether a login failed because the server has enough connections. A 530 may mean a wrong password, whatever its
/// text says: it is believed only where these credentials were `accepted` before.
pub(super) fn is_too_many(error: &Error, accepted: bool) -> bool {
    match error.reply().map(Reply::code) {
        Some(421) => true,
        Some(530) => accepted && error.reply().is_some_and(speaks_of_a_limit),
        _ => false,
    }
}

fn speaks_of_a_limit(reply: &Reply) -> bool {
    let text = reply.text().to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ReplyParser;
    use crate::Failure;

    #[test]
    fn a_refusal_lowers_the_limit_to_what_the_server_has() {
        let (mut limit, now) = (ServerLimit::new(), Instant::now());
        assert!(limit.admits_one_besides(8, now));
        limit.note_refusal(8, now);
        assert_eq!(limit.connections(), Some(8));
        assert!(limit.admits_one_besides(7, now));
        assert!(!limit.admits_one_besides(8, now));
    }

    #[test]
    fn after_a_pause_one_more_is_tried_and_only_one() {
        let (mut limit, now) = (ServerLimit::new(), Instant::now());
        limit.note_refusal(8, now);
        let later = now + FIRST_PAUSE;
        assert!(limit.admits_one_besides(8, later));
        assert!(!limit.admits_one_besides(9, later));
    }

    #[test]
    fn each_further_refusal_doubles_the_pause_up_to_a_minute() {
        let (mut limit, now) = (ServerLimit::new(), Instant::now());
        let pauses: Vec<u64> = (0..8)
            .map(|_| {
                limit.note_refusal(1, now);
                limit.retry_at().map_or(0, |at| (at - now).as_secs())
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_server_that_takes_more_than_it_did_is_asked_for_more() {
        let (mut limit, now) = (ServerLimit::new(), Instant::now());
        limit.note_refusal(2, now);
        limit.note_success(2, now);
        assert!(!limit.admits_one_besides(2, now), "a login that was under way says nothing new");
        limit.note_success(3, now);
        assert_eq!(limit.connections(), Some(3));
        assert!(limit.admits_one_besides(3, now));
    }

    #[test]
    fn a_530_is_believed_only_where_the_password_was_taken_before() {
        let refused = |text: &str| {
            let mut parser = ReplyParser::new();
            parser.feed(format!("{text}\r\n").as_bytes());
            let reply = parser.next_reply().expect("a reply").expect("whole");
            Error::LoginRefused(Failure::new("refused").with_reply(reply))
        };
        assert!(is_too_many(&refused("421 Come back later."), false));
        let full = refused("530 Sorry, the maximum number of allowed clients (8) already connected.");
        assert!(is_too_many(&full, true));
        assert!(!is_too_many(&full, false));
        assert!(!is_too_many(&refused("530 Login incorrect."), true));
    }
}
