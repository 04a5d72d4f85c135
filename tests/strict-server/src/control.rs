//! The control connection: lines in, replies out.

use crate::link::{Link, Received};
use crate::options::Charset;
use crate::waiter::Waiter;
use ftps::net::{Interest, Watch};
use std::io;
use std::time::Duration;

/// The longest command line.
const LINE_LIMIT: usize = 8192;
/// Commands that may wait while a transfer runs.
const INPUT_LIMIT: usize = 64 * 1024;
/// Bytes before the contents of a TLS record.
const RECORD_HEADER: usize = 5;
/// Telnet's "interpret as command" (RFC 854), which some clients send before `ABOR`.
const IAC: u8 = 0xff;

/// The control connection.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) link: Link,
    waiter: Waiter,
    charset: Charset,
    patience: Duration,
    /// Received and not yet taken.
    input: Vec<u8>,
}

impl Control {
    /// `patience` is how long a write may take.
    pub(crate) fn new(link: Link, waiter: Waiter, charset: Charset, patience: Duration) -> Self {
        Control { link, waiter, charset, patience, input: Vec::new() }
    }

    /// Sends bytes, to the last one.
    pub(crate) fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = self.link.queue(bytes)?;
            bytes = &bytes[count..];
            self.flush()?;
        }
        Ok(())
    }

    /// Sends everything queued.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let deadline = self.waiter.after(self.patience);
        loop {
            self.link.flush()?;
            if !self.link.wants_write() {
                return Ok(());
            }
            self.waiter.wait(&mut [Watch::new(self.link.handle(), Interest::WRITE)], deadline)?;
        }
    }

    /// Ends TLS in both directions, in this order: the client's close_notify may be waited for.
    pub(crate) fn end_tls(&mut self, client_goes_first: bool) -> io::Result<()> {
        if client_goes_first {
            self.await_close_notify()?;
        }
        self.link.queue_close_notify();
        self.flush()?;
        if !client_goes_first {
            self.await_close_notify()?;
        }
        self.link.drop_tls();
        Ok(())
    }

    /// Reads one record and no further: the client's next command may stand right behind it.
    fn await_close_notify(&mut self) -> io::Result<()> {
        let header = self.read_beneath_tls(RECORD_HEADER)?;
        let length = u16::from_be_bytes([header[3], header[4]]);
        let body = self.read_beneath_tls(length.into())?;
        self.link.feed_tls(&[header, body].concat())?;
        match self.link.read(&mut [0; 1])? {
            Received::CloseNotify => Ok(()),
            other => Err(io::Error::other(format!("in place of close_notify came {other:?}"))),
        }
    }

    fn read_beneath_tls(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let deadline = self.waiter.after(self.patience);
        let mut bytes = vec![0; count];
        let mut filled = 0;
        while filled < count {
            match self.link.read_beneath_tls(&mut bytes[filled..])? {
                Received::Bytes(more) => filled += more,
                Received::Nothing => {
                    self.waiter.wait(&mut [Watch::new(self.link.handle(), Interest::READ)], deadline)?;
                }
                Received::CloseNotify | Received::End => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        Ok(bytes)
    }

    /// Takes in what has arrived. False when that is nothing; fails at the connection's end.
    pub(crate) fn pull(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        match self.link.read(&mut buffer)? {
            Received::Nothing => Ok(false),
            Received::CloseNotify | Received::End => Err(io::ErrorKind::UnexpectedEof.into()),
            Received::Bytes(count) => {
                self.input.extend_from_slice(&buffer[..count]);
                if self.input.len() > INPUT_LIMIT {
                    return Err(io::Error::other("the client sent too many commands at once"));
                }
                Ok(true)
            }
        }
    }

    /// Takes in all that has arrived.
    pub(crate) fn pull_all(&mut self) -> io::Result<()> {
        while self.pull()? {}
        Ok(())
    }

    /// The next complete line, without its end.
    pub(crate) fn take_line(&mut self) -> io::Result<Option<String>> {
        let Some(end) = self.input.iter().position(|byte| *byte == b'\n') else {
            if self.input.len() > LINE_LIMIT {
                return Err(io::Error::other("the client sent a line that is too long"));
            }
            return Ok(None);
        };
        let line: Vec<u8> = self.input.drain(..=end).collect();
        Ok(Some(self.decode(strip(&line))))
    }

    /// Removes the next line that is `command` from what has arrived, whatever stands before it.
    pub(crate) fn take_command(&mut self, command: &[u8]) -> bool {
        let mut start = 0;
        while let Some(length) = self.input[start..].iter().position(|byte| *byte == b'\n') {
            let end = start + length + 1;
            if strip(&self.input[start..end]).eq_ignore_ascii_case(command) {
                self.input.drain(start..end);
                return true;
            }
            start = end;
        }
        false
    }

    /// Hands over what has arrived, for the TLS that begins with it.
    pub(crate) fn take_input(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.input)
    }

    /// Text as it goes over the wire.
    pub(crate) fn encode(&self, text: &str) -> Vec<u8> {
        match self.charset {
            Charset::Utf8 => text.as_bytes().to_vec(),
            Charset::Latin1 => text.chars().map(|char| u8::try_from(char).unwrap_or(b'?')).collect(),
        }
    }

    fn decode(&self, bytes: &[u8]) -> String {
        match self.charset {
            Charset::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Charset::Latin1 => single_iac(bytes).into_iter().map(char::from).collect(),
        }
    }

    /// A reply as it goes over the wire.
    pub(crate) fn encode_reply(&self, text: &str) -> Vec<u8> {
        let bytes = self.encode(text);
        bytes.iter().flat_map(|&byte| std::iter::repeat_n(byte, if byte == IAC { 2 } else { 1 })).collect()
    }
}

/// What two of Telnet's bytes stand for is one (RFC 854).
fn single_iac(bytes: &[u8]) -> Vec<u8> {
    let mut single = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        single.push(*byte);
        rest = if *byte == IAC { after.strip_prefix(&[IAC]).unwrap_or(after) } else { after };
    }
    single
}

/// A line without its end and without the Telnet signals before it.
fn strip(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let mut line = line.strip_suffix(b"\r").unwrap_or(line);
    while let [IAC, signal, rest @ ..] = line {
        if *signal == IAC {
            break;
        }
        line = rest;
    }
    line
}
