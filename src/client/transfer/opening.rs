//! From EPSV, or PORT, to a data connection whose TLS session was judged.

use super::recovery::error_has_final_reply;
use super::{Direction, Request, Transfer};
use crate::client::commands::refusal;
use crate::client::data::DataConnection;
use crate::client::FtpsClient;
use crate::protocol::Command;
use crate::tls::{ResumptionPolicy, TlsSession};
use crate::{Error, Failure, Result};
use std::time::Instant;

impl FtpsClient {
    /// Opens a transfer, trying the other kind of ticket once and a new login once when the session is refused.
    pub(super) fn open(&mut self, mut request: Request) -> Result<()> {
        // Nothing may come between REST and the command.
        self.control.prepare_telnet(&request.command)?;
        loop {
            let error = match self.try_open(&request) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            let offered = self.transfer.as_ref().and_then(|transfer| transfer.data.session.offered());
            let error = self.fail(error);
            if self.note_data_failure(&error) {
                log::info!("asking anew where the server listens: {error}");
                continue;
            }
            let error = self.refusal_behind(error, &request);
            self.recover(&mut request, offered, error)?;
        }
    }

    fn try_open(&mut self, request: &Request) -> Result<()> {
        self.control.check_usable()?;
        let meeting = self.arrange_meeting(request.direction)?;
        // Not sooner: FileZilla Server 1.x sends its ticket right before the reply to EPSV.
        self.check_ticket_at_hand()?;
        let met = if self.is_command_first(&meeting) {
            self.send_request(request)?;
            self.meet(meeting, Some(&request.command)).map_err(|error| self.unconnected(error))?
        } else {
            let met = self.meet(meeting, None)?;
            self.send_request(request)?;
            met
        };
        let session = self.control.session()?.data_session();
        let session = session.inspect_err(|_| self.control.mark_unsettled())?;
        self.transfer = Some(Transfer {
            request: request.clone(),
            data: DataConnection::new(met.socket, session),
            moved: 0,
            glanced: 0,
            write_failure: None,
            final_reply: None,
            promised: None,
            replay: (request.direction == Direction::Upload).then(Vec::new),
        });
        for reply in met.replies {
            self.take_reply(reply)?;
        }
        self.handshake(met.deadline)?;
        if request.direction == Direction::Download {
            // A server that refuses does so before the first byte: here it can still be helped. It may close the data
            // connection before it says so.
            if !self.await_payload()? {
                self.end_download()?;
            }
        }
        Ok(())
    }

    /// The command, and REST directly before it: left alone, a REST would hold for whatever transfer comes next.
    fn send_request(&mut self, request: &Request) -> Result<()> {
        if request.offset > 0 {
            let rest = Command::new("REST", request.offset.to_string())?;
            let reply = self.control.command(&rest)?;
            if reply.code() != 350 {
                return Err(refusal(&rest, reply));
            }
        }
        self.control.send(&request.command)
    }

    /// After a connection that was not made although its command is under way: the server's reply, or the
    /// need to wait for it.
    fn unconnected(&mut self, error: Error) -> Error {
        let error = match error {
            // Through a whole timeout the server has said nothing; after a refusal it may.
            Error::Connect(_) => self.explained(error, None),
            error => error,
        };
        if !error_has_final_reply(&error) {
            self.control.mark_unsettled();
        }
        error
    }

    /// Under `require`, a missing ticket must show before the command does harm.
    fn check_ticket_at_hand(&mut self) -> Result<()> {
        if self.settings.resumption != ResumptionPolicy::Require || self.control.session()?.can_offer() {
            return Ok(());
        }
        Err(Error::NotResumed(Failure::new(
            "the server gave no TLS session to resume, and the policy requires resumption; no transfer command was sent",
        )))
    }

    fn handshake(&mut self, deadline: Instant) -> Result<()> {
        loop {
            let Some(transfer) = &mut self.transfer else { return Ok(()) };
            transfer.data.flush_once()?;
            if !transfer.data.session.is_handshaking() {
                break;
            }
            if !transfer.data.receive_once()? {
                self.wait(deadline, "the TLS handshake on the data connection")?;
            }
        }
        self.judge_resumption()
    }

    fn judge_resumption(&mut self) -> Result<()> {
        let Some(transfer) = &mut self.transfer else { return Ok(()) };
        let resumed = transfer.data.session.resumed() == Some(true);
        self.statistics.data_connections += 1;
        self.statistics.resumed += u64::from(resumed);
        self.statistics.full += u64::from(!resumed);
        let tether = self.control.session()?;
        tether.harvest(&mut transfer.data.session);
        match (resumed, transfer.data.session.offered()) {
            (true, Some(kind)) => tether.accepted(kind),
            (false, Some(kind)) => {
                log::warn!("the server declined the TLS session that the data connection offered");
                tether.declined(kind);
            }
            _ => {}
        }
        if !resumed && self.settings.resumption == ResumptionPolicy::Require {
            return Err(Error::NotResumed(Failure::new(
                "the server did not resume the TLS session on the data connection; no payload was sent",
            )));
        }
        Ok(())
    }
}
