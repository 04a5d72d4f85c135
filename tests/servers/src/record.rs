//! What tests have proved of the servers: the matrix of `docs/servers.md`.

use crate::site::TlsVersion;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a test has proved of a feature, on one server with one TLS version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It works as it should.
    Works,
    /// The server does not have it, as this reply to its command says.
    NotOffered(u16),
    /// The server has to refuse it, and does, with this reply.
    Refused(u16),
    /// Not a feature: what the server cannot do, or does otherwise than others, as a sentence.
    Limit,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Works => f.write_str("works"),
            Outcome::NotOffered(code) => write!(f, "not offered ({code})"),
            Outcome::Refused(code) => write!(f, "refused ({code})"),
            Outcome::Limit => f.write_str("limit"),
        }
    }
}

impl Outcome {
    /// The opposite of `to_string`.
    fn parse(text: &str) -> Option<Outcome> {
        let code_of =
            |name: &str| text.strip_prefix(name)?.strip_prefix(" (")?.strip_suffix(')')?.parse().ok();
        match text {
            "works" => Some(Outcome::Works),
            "limit" => Some(Outcome::Limit),
            _ => code_of("not offered").map(Outcome::NotOffered).or(code_of("refused").map(Outcome::Refused)),
        }
    }
}

/// A cell of the matrix, and a line of the file that tests of several programs write at the same time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// The test's file, from the root of the repository on.
    pub file: String,
    /// The words for what was tried.
    pub feature: String,
    /// Name and version of the server.
    pub server: String,
    /// The TLS version.
    pub tls: TlsVersion,
    /// What came of it.
    pub outcome: Outcome,
}

impl Record {
    /// Everything that was recorded since `target/matrix` was last removed.
    pub fn all() -> Result<Vec<Record>, String> {
        let path = path();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let parse =
            |line| Record::parse(line).ok_or_else(|| format!("{}: what is {line:?}?", path.display()));
        text.lines().map(parse).collect()
    }

    /// Adds this one. A line that is written at once to a file opened for appending stays in one piece.
    pub(crate) fn append(&self) -> io::Result<()> {
        let path = path();
        fs::create_dir_all(path.with_file_name(""))?;
        OpenOptions::new().create(true).append(true).open(path)?.write_all(self.to_line().as_bytes())
    }

    fn to_line(&self) -> String {
        let outcome = self.outcome.to_string();
        let fields = [&self.file, &self.feature, &self.server, self.tls.name(), &outcome];
        assert!(!fields.concat().contains(['\t', '\n', '|']), "a separator in {fields:?}");
        fields.join("\t") + "\n"
    }

    fn parse(line: &str) -> Option<Record> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, feature, server, tls, outcome] = fields[..] else { return None };
        Some(Record {
            file: file.to_owned(),
            feature: feature.to_owned(),
            server: server.to_owned(),
            tls: TlsVersion::ALL.into_iter().find(|version| version.name() == tls)?,
            outcome: Outcome::parse(outcome)?,
        })
    }
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/matrix/records")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        for outcome in [Outcome::Works, Outcome::NotOffered(502), Outcome::Refused(425), Outcome::Limit] {
            let record = Record {
                file: "tests/servers/tests/active.rs".to_owned(),
                feature: "Active mode (PORT)".to_owned(),
                server: "ProFTPD 1.3.8".to_owned(),
                tls: TlsVersion::Tls13,
                outcome,
            };
            assert_eq!(Record::parse(record.to_line().trim_end()), Some(record));
        }
    }
}
