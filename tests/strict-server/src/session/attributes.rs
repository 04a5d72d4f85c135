//! What files have besides their content: times, permissions, hashes.

use super::files::refusal;
use super::{Flow, Session};
use crate::hash;
use crate::listing;
use crate::options::Hashes;
use ftps::protocol::HashAlgorithm;
use std::io;

impl Session {
    /// Also the way to set the time, which was never standardised: `MDTM 20200102030405 path`.
    pub(super) fn mdtm(&mut self, argument: &str) -> Flow {
        if let Some((time, path)) = timed(argument) {
            return self.set_modified(time, path, &format!("213 MDTM modified {time}"));
        }
        match self.entry(argument) {
            Ok(entry) => self.reply(&format!("213 {}", listing::timestamp(entry.modified))),
            Err(e) => self.reply(&refusal(&e)),
        }
    }

    pub(super) fn mfmt(&mut self, argument: &str) -> Flow {
        match timed(argument) {
            Some((time, path)) => self.set_modified(time, path, &format!("213 Modify={time}; {path}")),
            None => self.reply("501 MFMT needs a time and a path."),
        }
    }

    fn set_modified(&mut self, time: &str, path: &str, done: &str) -> Flow {
        let Some(time) = listing::time_of(time) else {
            return self.reply("501 There is no such time.");
        };
        self.on_path(path, done, |session, path| session.shared.store.set_modified(path, time))
    }

    pub(super) fn hash_of(&mut self, verb: &str, argument: &str) -> Flow {
        let hashes = self.shared.options.hashes;
        let algorithm = match (verb, hashes) {
            ("HASH", Hashes::HashCommand) => Some(self.hash),
            (_, Hashes::OwnCommands) => hash::OFFERED.into_iter().find(|offered| offered.verb() == verb),
            _ => None,
        };
        let Some(algorithm) = algorithm else {
            return self.reply("500 Unknown command.");
        };
        match self.compute(argument, algorithm) {
            Ok((_, hash)) if verb != "HASH" => self.reply(&format!("250 {hash}")),
            Ok((size, hash)) => self.reply(&format!("213 {} 0-{size} {hash} {argument}", algorithm.name())),
            Err(e) => self.reply(&refusal(&e)),
        }
    }

    fn compute(&self, argument: &str, algorithm: HashAlgorithm) -> io::Result<(u64, String)> {
        let path = self.path(argument).ok_or(io::ErrorKind::InvalidInput)?;
        let file = self.shared.store.open(&path)?;
        Ok((file.len()?, hash::of(&*file, algorithm)?))
    }

    pub(super) fn opts_hash(&mut self, name: &str) -> Flow {
        let chosen = hash::OFFERED.into_iter().find(|offered| offered.name().eq_ignore_ascii_case(name));
        match chosen.filter(|_| self.shared.options.hashes == Hashes::HashCommand) {
            Some(algorithm) => {
                self.hash = algorithm;
                self.reply(&format!("200 {}", algorithm.name()))
            }
            None => self.reply("501 Unknown hash."),
        }
    }

    /// The lines of `FEAT`.
    pub(super) fn hash_features(&self) -> Vec<String> {
        let marked = |algorithm: &HashAlgorithm| {
            format!("{}{}", algorithm.name(), if *algorithm == self.hash { "*" } else { "" })
        };
        match self.shared.options.hashes {
            Hashes::None => Vec::new(),
            Hashes::HashCommand => {
                vec![format!("HASH {}", hash::OFFERED.iter().map(marked).collect::<Vec<_>>().join(";"))]
            }
            Hashes::OwnCommands => hash::OFFERED.iter().map(|offered| offered.verb().to_owned()).collect(),
        }
    }

    /// `UTIME path atime mtime ctime UTC`, as ProFTPD and Pure-FTPd know it.
    pub(super) fn site_utime(&mut self, argument: &str) -> Flow {
        let mut words = argument.rsplitn(5, ' ');
        let (Some("UTC"), Some(_), Some(time), Some(_), Some(path)) =
            (words.next(), words.next(), words.next(), words.next(), words.next())
        else {
            return self.reply("501 UTIME needs a path and three times in UTC.");
        };
        self.set_modified(time, path, "200 UTIME ok.")
    }

    pub(super) fn site_chmod(&mut self, argument: &str) -> Flow {
        let (_mode, path) = argument.split_once(' ').unwrap_or((argument, ""));
        self.on_path(path, "200 CHMOD ok.", |session, path| session.shared.store.entry(path).map(drop))
    }
}

/// Fourteen digits, and a path.
fn timed(argument: &str) -> Option<(&str, &str)> {
    let (time, path) = argument.split_once(' ')?;
    (time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit())).then_some((time, path))
}
