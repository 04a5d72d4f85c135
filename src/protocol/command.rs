//! Commands (RFC 959 section 5.3).

use super::reply::Reply;
use crate::{Error, Failure, Result};
use std::fmt;
use zeroize::Zeroizing;

/// The longest command that is sent, line end included: twice the 4096 bytes of the longest path on Linux.
pub const MAX_COMMAND_BYTES: usize = 8 * 1024;

/// The longest verb. RFC 959 knows four letters; hash and vendor commands have more.
const MAX_VERB_BYTES: usize = 16;

const LINE_END: &[u8] = b"\r\n";

/// One command, checked: it is one line, and remains one line on the wire.
///
/// [`Display`](fmt::Display) and [`Debug`](fmt::Debug) show the argument of `PASS` and `ACCT`, and what follows a `SITE`
/// command that sets a password, as `****`; the bytes are wiped when the command is dropped.
#[derive(Clone)]
pub struct Command {
    verb: String,
    wire: Zeroizing<Vec<u8>>,
}

impl Command {
    /// A command of `verb` (1 to 16 ASCII letters and digits, sent in upper case) and `argument` (any bytes
    /// but CR, LF and NUL, sent as they are; empty for none).
    ///
    /// Fails with [`Error::InvalidArgument`] when one of them contains what it must not, or the line would be
    /// longer than [`MAX_COMMAND_BYTES`]. The message tells the place, never the argument.
    pub fn new(verb: &str, argument: impl AsRef<[u8]>) -> Result<Command> {
        Command::from_parts(verb.as_bytes(), argument.as_ref(), 0)
    }

    /// A command from the line that a caller wrote, without its line end: the verb, and after the first
    /// space the argument, with the same checks as [`new`](Self::new).
    pub fn raw(line: impl AsRef<[u8]>) -> Result<Command> {
        let line = line.as_ref();
        match line.iter().position(|&byte| byte == b' ') {
            Some(space) => Command::from_parts(&line[..space], &line[space + 1..], space + 1),
            None => Command::from_parts(line, b"", 0),
        }
    }

    /// The verb in upper case.
    pub fn verb(&self) -> &str {
        &self.verb
    }

    /// The argument; empty when there is none.
    pub fn argument(&self) -> &[u8] {
        let line = self.wire.strip_suffix(LINE_END).unwrap_or(&self.wire);
        line.get(self.verb.len() + 1..).unwrap_or_default()
    }

    /// The bytes to send, with CR LF.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// `argument_offset` is where the argument begins in what the caller wrote, for messages.
    fn from_parts(verb: &[u8], argument: &[u8], argument_offset: usize) -> Result<Command> {
        let verb = checked_verb(verb)?;
        check_argument(&verb, argument, argument_offset)?;
        let space = usize::from(!argument.is_empty());
        let length = verb.len() + space + argument.len() + LINE_END.len();
        if length > MAX_COMMAND_BYTES {
            return Err(refused(format!(
                "{verb} would be {length} bytes long, more than {MAX_COMMAND_BYTES}"
            )));
        }
        // Allocated once: growing would leave copies of a password behind.
        let mut wire = Zeroizing::new(Vec::with_capacity(length));
        wire.extend_from_slice(verb.as_bytes());
        if !argument.is_empty() {
            wire.push(b' ');
            wire.extend_from_slice(argument);
        }
        wire.extend_from_slice(LINE_END);
        Ok(Command { verb, wire })
    }

    /// The end of the argument that is shown to nobody; empty for most commands.
    fn secret(&self) -> &[u8] {
        match self.verb.as_str() {
            "PASS" | "ACCT" => self.argument(),
            "SITE" => self.site_secret().unwrap_or_default(),
            _ => b"",
        }
    }

    /// What stands behind a SITE command that sets a password: `PSWD old new` on Serv-U, `CPWD new` on ProFTPD, `GPASS` on
    /// wu-ftpd, `ADDUSER name password` elsewhere.
    fn site_secret(&self) -> Option<&[u8]> {
        let argument = self.argument();
        let space = argument.iter().position(u8::is_ascii_whitespace)?;
        let name = String::from_utf8_lossy(&argument[..space]).to_ascii_uppercase();
        let sets_password = ["PASS", "PSWD", "PWD", "ADDUSER"].iter().any(|part| name.contains(part));
        sets_password.then(|| &argument[space + 1..])
    }

    /// Whether there is something in it that is shown to nobody.
    pub(crate) fn is_secret(&self) -> bool {
        !self.secret().is_empty()
    }

    /// `reply` without the secrets that it repeats: servers repeat what they do not understand.
    pub(crate) fn masked(&self, reply: Reply) -> Reply {
        let reply = reply.without(self.secret());
        match self.verb.as_str() {
            "SITE" => self.secret().split(u8::is_ascii_whitespace).fold(reply, Reply::without),
            _ => reply,
        }
    }
}

fn checked_verb(verb: &[u8]) -> Result<String> {
    if let Some(offset) = verb.iter().position(|byte| !byte.is_ascii_alphanumeric()) {
        let byte = verb[offset];
        return Err(refused(format!(
            "the verb of a command may contain letters and digits only, but has {} at offset {offset}",
            name_of(byte)
        )));
    }
    if verb.is_empty() || verb.len() > MAX_VERB_BYTES {
        let length = verb.len();
        return Err(refused(format!(
            "the verb of a command must have 1 to {MAX_VERB_BYTES} letters, not {length}"
        )));
    }
    Ok(verb.iter().map(|byte| char::from(byte.to_ascii_uppercase())).collect())
}

fn check_argument(verb: &str, argument: &[u8], argument_offset: usize) -> Result<()> {
    match argument.iter().position(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        None => Ok(()),
        Some(index) => Err(refused(format!(
            "{} at offset {} of the argument of {verb} would make it another command",
            name_of(argument[index]),
            argument_offset + index
        ))),
    }
}

fn name_of(byte: u8) -> String {
    match byte {
        b'\r' => "CR".to_owned(),
        b'\n' => "LF".to_owned(),
        0 => "NUL".to_owned(),
        other => format!("byte 0x{other:02x}"),
    }
}

fn refused(reason: String) -> Error {
    Error::InvalidArgument(Failure::new(format!("{reason}; nothing was sent")))
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.verb)?;
        if self.argument().is_empty() {
            return Ok(());
        }
        let shown = &self.argument()[..self.argument().len() - self.secret().len()];
        write!(f, " {}", super::printable::printable(shown, MAX_COMMAND_BYTES))?;
        f.write_str(if self.is_secret() { "****" } else { "" })
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({self})")
    }
}
