//! What files have besides their content: permissions and hashes.

use super::files::refusal;
use super::{Flow, Session};
use crate::hash;
use crate::options::Hashes;
use ftps::protocol::HashAlgorithm;
use std::io;

impl Session {
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

    pub(super) fn site_chmod(&mut self, argument: &str) -> Flow {
        let (_mode, path) = argument.split_once(' ').unwrap_or((argument, ""));
        self.on_path(path, "200 CHMOD ok.", |session, path| session.shared.store.entry(path).map(drop))
    }
}
