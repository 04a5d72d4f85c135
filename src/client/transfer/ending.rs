//! The end of a transfer: both connections have to say so.

use crate::client::control::lost;
use crate::client::{Direction, FtpsClient};
use crate::net::{Interest, Watch, Woken};
use crate::protocol::Reply;
use crate::tls::{ResumptionPolicy, StreamEnd, TlsSession};
use crate::{Error, Failure, Result};
use std::time::Duration;

/// How long to wait for tickets after 2xx.
const LINGER: Duration = Duration::from_millis(200);

/// Reads in search of tickets at most, each of many records: a server may go on sending for ever.
const MAX_HARVEST_READS: u32 = 16;

impl FtpsClient {
    pub(super) fn finish_download(&mut self) -> Result<Reply> {
        if self.has_decoded_text() || self.await_payload()? {
            return Err(Error::WrongState(Failure::new(
                "the download was finished before its end: read on until 0 bytes come, or abort it",
            )));
        }
        let end = self.transfer.as_ref().map_or(StreamEnd::Open, |transfer| transfer.data.session.end());
        let reply = self.end_download()?;
        self.harvest()?;
        let Some(transfer) = self.transfer.take() else { return Ok(reply) };
        if end != StreamEnd::CloseNotify && !self.settings.tolerate_missing_close_notify {
            return Err(Error::Truncated(
                Failure::new(
                    "the data connection ended without TLS close_notify: the file may have been cut",
                )
                .with_reply(reply)
                .with_bytes_moved(transfer.moved),
            ));
        }
        match transfer.promised {
            Some(promised) if transfer.moved < promised => Err(Error::Truncated(
                Failure::new(format!("the server announced {promised} bytes and sent {}", transfer.moved))
                    .with_reply(reply)
                    .with_bytes_moved(transfer.moved),
            )),
            _ => {
                transfer.data.close();
                self.note_data_success(Direction::Download);
                Ok(reply)
            }
        }
    }

    /// Answers the end of the payload, and waits for the reply.
    pub(super) fn end_download(&mut self) -> Result<Reply> {
        if let Some(transfer) = &mut self.transfer {
            transfer.data.say_goodbye()?;
            if transfer.final_reply.is_none() {
                self.ask_for_next_address()?;
            }
        }
        self.final_reply()
    }

    pub(super) fn finish_upload(&mut self) -> Result<Reply> {
        self.flush_all()?;
        self.take_replies()?;
        if let Some(transfer) = &self.transfer {
            transfer.check_not_confirmed()?;
        }
        if let Some(transfer) = &mut self.transfer {
            transfer.data.session.close_notify()?;
        }
        self.flush_all()?;
        let has_proxy = self.settings.proxy.is_some();
        if let Some(transfer) = &mut self.transfer {
            // A relay such as microsocks closes both ways at the first FIN, over tickets that it has not read, and the
            // server loses the tail: behind a proxy close_notify is the end, where there is one.
            if !has_proxy || transfer.data.session.is_clear() {
                transfer.data.shutdown_write()?;
            }
        }
        let reply = self.final_reply()?;
        self.linger()?;
        if let Some(transfer) = self.transfer.take() {
            transfer.data.close();
        }
        self.note_data_success(Direction::Upload);
        Ok(reply)
    }

    /// The reply that ends the transfer, while what still comes on the data connection is read: closing over unread
    /// bytes would make TCP reset the connection, and the server lose the tail of an upload.
    fn final_reply(&mut self) -> Result<Reply> {
        let deadline = self.control.reply_deadline();
        loop {
            let Some(transfer) = &mut self.transfer else {
                return Err(Error::WrongState(Failure::new("no transfer is open")));
            };
            if let Some(reply) = &transfer.final_reply {
                return Ok(reply.clone());
            }
            // Once, and then both are looked at: a server that floods the data connection is heard on the
            // other all the same.
            transfer.data.drain_after_end();
            self.wait(deadline, "the reply that ends the transfer")?;
        }
    }

    /// Tickets come on the data connection, sometimes after the reply; they are worth waiting for only when
    /// there are no others.
    fn linger(&mut self) -> Result<()> {
        let deadline = self.control.budget.limit(self.control.network.now() + LINGER);
        self.harvest()?;
        while !self.control.session()?.has_unrefused_offer()
            && self.settings.resumption != ResumptionPolicy::Off
        {
            let Some(transfer) = &mut self.transfer else { break };
            if transfer.data.session.is_clear()
                || !transfer.data.is_open()
                || self.control.network.now() > deadline
            {
                break;
            }
            let mut watched = [Watch::new(transfer.data.handle(), Interest::READ)];
            if self.control.network.wait(&mut watched, deadline, None).map_err(lost)? != Woken::Ready {
                break;
            }
            self.harvest()?;
        }
        Ok(())
    }

    fn harvest(&mut self) -> Result<()> {
        if let Some(transfer) = &mut self.transfer {
            // Tickets may lie there unread when the reply came first.
            let mut reads = 0;
            while reads < MAX_HARVEST_READS && transfer.data.drain_after_end() {
                reads += 1;
            }
            self.control.session()?.harvest(&mut transfer.data.session);
        }
        Ok(())
    }
}
