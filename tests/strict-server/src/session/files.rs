//! Commands about files and folders that need no data connection.

use super::{Flow, Session};
use crate::listing;
use crate::store::{resolve, split, Entry};
use std::io;

impl Session {
    /// The path that an argument means. None: it cannot be one.
    pub(super) fn path(&self, argument: &str) -> Option<String> {
        resolve(&self.directory, argument)
    }

    /// Runs `action` on the path that `argument` means, and says `done` or why not.
    pub(super) fn on_path(
        &mut self,
        argument: &str,
        done: &str,
        action: impl FnOnce(&Self, &str) -> io::Result<()>,
    ) -> Flow {
        match self.path(argument).filter(|_| !argument.is_empty()) {
            None => self.reply("501 A path is needed."),
            Some(path) => match action(self, &path) {
                Ok(()) => self.reply(done),
                Err(e) => self.reply(&refusal(&e)),
            },
        }
    }

    pub(super) fn pwd(&mut self) -> Flow {
        self.reply(&format!("257 \"{}\" is the current directory", quoted(&self.directory)))
    }

    pub(super) fn cwd(&mut self, argument: &str) -> Flow {
        let Some(path) = self.path(argument) else {
            return self.reply("501 A path is needed.");
        };
        match self.shared.store.entry(&path) {
            Ok(entry) if entry.is_folder => {
                self.directory = path;
                self.reply("250 Directory changed.")
            }
            Ok(_) => self.reply("550 Not a directory."),
            Err(e) => self.reply(&refusal(&e)),
        }
    }

    pub(super) fn mkd(&mut self, argument: &str) -> Flow {
        let done = self.path(argument).map(|path| format!("257 \"{}\" created", quoted(&path)));
        let now = self.shared.waiter.network.wall_clock();
        self.on_path(argument, &done.unwrap_or_default(), |session, path| {
            session.shared.store.make_folder(path, now)
        })
    }

    pub(super) fn rmd(&mut self, argument: &str) -> Flow {
        self.on_path(argument, "250 Directory removed.", |session, path| {
            session.shared.store.remove_folder(path)
        })
    }

    pub(super) fn dele(&mut self, argument: &str) -> Flow {
        self.on_path(argument, "250 Deleted.", |session, path| session.shared.store.remove(path))
    }

    pub(super) fn rnfr(&mut self, argument: &str) -> Flow {
        self.rename_from = self.path(argument).filter(|path| self.shared.store.entry(path).is_ok());
        match self.rename_from {
            Some(_) => self.reply("350 Ready for RNTO."),
            None => self.reply("550 No such file or directory."),
        }
    }

    pub(super) fn rnto(&mut self, from: Option<String>, argument: &str) -> Flow {
        match from {
            None => self.reply("503 RNFR comes first."),
            Some(from) => self.on_path(argument, "250 Renamed.", |session, to| {
                let store = &session.shared.store;
                if !session.shared.options.renames_onto_existing && store.entry(to).is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                store.rename(&from, to)
            }),
        }
    }

    pub(super) fn size(&mut self, argument: &str) -> Flow {
        // As ProFTPD: the size in ASCII mode would depend on the line ends inside.
        if self.is_ascii {
            return self.reply("550 SIZE not allowed in ASCII mode");
        }
        match self.entry(argument) {
            Ok(entry) if entry.is_folder => self.reply("550 Not a regular file."),
            Ok(entry) => self.reply(&format!("213 {}", entry.size)),
            Err(e) => self.reply(&refusal(&e)),
        }
    }

    pub(super) fn mdtm(&mut self, argument: &str) -> Flow {
        let (time, path) = argument.split_once(' ').unwrap_or_default();
        if self.shared.options.mdtm_sets && listing::parse_timestamp(time).is_some() {
            return self.set_modified(time, path, "213 File modification time set.");
        }
        match self.entry(argument) {
            Ok(entry) => self.reply(&format!("213 {}", listing::timestamp(entry.modified))),
            Err(e) => self.reply(&refusal(&e)),
        }
    }

    /// draft-somers-ftp-mfxx section 3.
    pub(super) fn mfmt(&mut self, argument: &str) -> Flow {
        let (time, path) = argument.split_once(' ').unwrap_or((argument, ""));
        let done = format!("213 Modify={time}; {path}");
        self.set_modified(time, path, &done)
    }

    /// The argument of `SITE UTIME`, as NcFTPd knows it: path, access, modification, creation, `UTC`.
    pub(super) fn utime(&mut self, argument: &str) -> Flow {
        let words: Vec<&str> = argument.rsplitn(5, ' ').collect();
        match words[..] {
            ["UTC", _, modified, _, path] => self.set_modified(modified, path, "200 UTIME OK"),
            _ => self.reply("501 UTIME needs a path, three times and UTC."),
        }
    }

    fn set_modified(&mut self, time: &str, path: &str, done: &str) -> Flow {
        match listing::parse_timestamp(time) {
            None => self.reply("501 A time is needed."),
            Some(time) => {
                self.on_path(path, done, |session, path| session.shared.store.set_modified(path, time))
            }
        }
    }

    pub(super) fn mlst(&mut self, argument: &str) -> Flow {
        match self.entry(argument) {
            Err(e) => self.reply(&refusal(&e)),
            Ok(mut entry) => {
                entry.name = self.path(argument).unwrap_or_default();
                let facts = listing::facts(&entry, listing::kind(&entry), &self.facts);
                self.reply(&format!("250-Listing\r\n {facts}\r\n250 End"))
            }
        }
    }

    pub(super) fn stat(&mut self, argument: &str) -> Flow {
        if argument.is_empty() {
            let counters = self.shared.record.counters();
            return self.reply(&format!("211-strict-server status\r\n {counters}\r\n211 End"));
        }
        match self.list_lines("LIST", argument) {
            Err(e) => self.reply(&refusal(&e)),
            Ok(lines) => {
                let body: String = lines.iter().map(|line| format!(" {line}\r\n")).collect();
                self.reply(&format!("213-Status follows\r\n{body}213 End"))
            }
        }
    }

    pub(super) fn type_(&mut self, argument: &str) -> Flow {
        match argument.to_ascii_uppercase().as_str() {
            "A" | "A N" => {
                self.is_ascii = true;
                self.reply("200 Type set to A")
            }
            "I" | "L 8" => {
                self.is_ascii = false;
                self.reply("200 Type set to I")
            }
            _ => self.reply("504 Unknown type."),
        }
    }

    pub(super) fn rest(&mut self, argument: &str) -> Flow {
        match argument.parse() {
            Ok(offset) => {
                self.restart = offset;
                self.reply(&format!("350 Restarting at {offset}."))
            }
            Err(_) => self.reply("501 REST needs a number."),
        }
    }

    pub(super) fn entry(&self, argument: &str) -> io::Result<Entry> {
        let path = self.path(argument).ok_or(io::ErrorKind::InvalidInput)?;
        self.shared.store.entry(&path)
    }

    /// The lines of a listing, without their ends.
    pub(super) fn list_lines(&self, verb: &str, argument: &str) -> io::Result<Vec<String>> {
        let path = self.path(argument).ok_or(io::ErrorKind::InvalidInput)?;
        let target = self.shared.store.entry(&path)?;
        let now = self.shared.waiter.network.wall_clock();
        let style = self.shared.options.listing;
        let line = |entry: &Entry| match verb {
            "NLST" => entry.name.clone(),
            "MLSD" => listing::facts(entry, listing::kind(entry), &self.facts),
            _ => listing::line(entry, style, now),
        };
        if !target.is_folder {
            return match verb {
                "MLSD" => Err(io::ErrorKind::NotADirectory.into()),
                _ => Ok(vec![line(&target)]),
            };
        }
        let mut lines = Vec::new();
        if verb == "MLSD" {
            lines.push(self.facts_of(&path, "cdir", ".")?);
            lines.push(self.facts_of(split(&path).0, "pdir", "..")?);
        }
        lines.extend(self.shared.store.list(&path)?.iter().map(line));
        Ok(lines)
    }

    fn facts_of(&self, path: &str, kind: &str, name: &str) -> io::Result<String> {
        let mut entry = self.shared.store.entry(path)?;
        entry.name = name.to_owned();
        Ok(listing::facts(&entry, kind, &self.facts))
    }
}

/// The reply to a command that the store refused.
pub(super) fn refusal(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "550 No such file or directory.".to_owned(),
        io::ErrorKind::AlreadyExists => "550 File exists.".to_owned(),
        io::ErrorKind::StorageFull => "452 Insufficient storage space.".to_owned(),
        _ => format!("550 {error}."),
    }
}

/// A path as it stands between quotes in a `257` reply (RFC 959 appendix II).
fn quoted(path: &str) -> String {
    path.replace('"', "\"\"")
}
