//! When a transfer fails: what the server says about it, and another attempt where one can help.

use super::{Request, Transfer};
use crate::client::data::DataConnection;
use crate::client::FtpsClient;
use crate::protocol::Reply;
use crate::tls::{OfferKind, ResumptionPolicy};
use crate::{Cause, Error, Failure, Result};
use std::time::Duration;

/// How long the server may take to explain on the control connection what broke on the data connection.
const EXPLANATION: Duration = Duration::from_secs(5);

/// How long it may take before the data connection is reset.
const OWN_WORDS: Duration = Duration::from_millis(500);

/// What remains of an upload that failed.
pub(in crate::client) struct FailedUpload {
    request: Request,
    offered: Option<OfferKind>,
    replay: Option<Vec<u8>>,
}

impl FtpsClient {
    /// Ends a failed transfer: resets it, adds what the server has to say, and the bytes that moved.
    pub(in crate::client) fn fail(&mut self, error: Error) -> Error {
        let error = self.fail_keeping_replay(error);
        self.transfer = None;
        error
    }

    /// The same, but the request and the kept bytes remain for another attempt.
    fn fail_keeping_replay(&mut self, error: Error) -> Error {
        let Some(mut transfer) = self.transfer.take() else { return error };
        // An alert of ours tells the server why; then nothing that looks like an end.
        let _ = transfer.data.flush_once();
        let Transfer { request, data, moved, final_reply, replay, .. } = transfer;
        self.failed_upload = Some(FailedUpload { offered: data.session.offered(), request, replay });
        let mut error = match final_reply {
            None if asks_for_explanation(&error) => self.explained(error, Some(data)),
            _ => error,
        };
        if error.bytes_moved() == 0 {
            error.set_bytes_moved(moved);
        }
        if final_reply.is_none() && !error_has_final_reply(&error) {
            self.control.mark_unsettled();
        }
        error
    }

    /// After a failure on the data connection the server usually says why on the control connection: at first
    /// in its own words for what it found, and else when the data connection is reset.
    pub(super) fn explained(&mut self, error: Error, data: Option<DataConnection>) -> Error {
        if matches!(error, Error::Cancelled(_)) || !self.control.is_usable() {
            return error;
        }
        let reply = self.counting(|client| {
            let own_words = client.final_reply_before(OWN_WORDS);
            drop(data);
            own_words.or_else(|| client.final_reply_before(EXPLANATION))
        });
        match reply {
            // Where the client refused the server, no reply makes it the other way round.
            Some(reply) if is_session_refusal(&reply) && !matches!(error, Error::Certificate(_)) => {
                Error::NotResumed(
                    Failure::new("the server refused the data connection because of its TLS session")
                        .with_reply(reply)
                        .with_cause(error),
                )
            }
            Some(reply) => with_verdict(error, reply),
            None => error,
        }
    }

    fn final_reply_before(&mut self, patience: Duration) -> Option<Reply> {
        let deadline = self.control.network.now() + patience.min(self.settings.timeouts.reply);
        loop {
            let reply = self.control.reply_before(deadline)?;
            if !reply.is_preliminary() && !self.control.answers_noop(&reply) {
                return Some(reply);
            }
        }
    }

    /// Prepares another attempt after the server refused the session, or gives `error` back.
    pub(super) fn recover(
        &mut self,
        request: &mut Request,
        offered: Option<OfferKind>,
        error: Error,
    ) -> Result<()> {
        // Who offers nothing is refused by every login alike.
        if !matches!(error, Error::NotResumed(_)) || self.settings.resumption == ResumptionPolicy::Off {
            return Err(error);
        }
        request.refused_by = error.reply().cloned();
        if let Some(kind) = offered.filter(|_| !request.other_kind_tried && self.control.is_usable()) {
            if self.control.session()?.declined(kind) {
                request.other_kind_tried = true;
                log::info!("trying the other kind of TLS session: {error}");
                return Ok(());
            }
        }
        if request.relogin_tried || !self.can_relogin() {
            return Err(error);
        }
        request.relogin_tried = true;
        self.log_in_anew(error)
    }

    /// vsftpd closes the control connection after it has refused a session, which may show only when the
    /// transfer is opened again. (Not later: once payload has gone out, a lost control connection says
    /// nothing about the session.)
    pub(super) fn refusal_behind(&self, error: Error, request: &Request) -> Error {
        if !request.other_kind_tried || self.control.is_usable() || matches!(error, Error::NotResumed(_)) {
            return error;
        }
        let failure =
            Failure::new("the server refused the data connection because of its TLS session, and hung up");
        let failure = match &request.refused_by {
            Some(reply) => failure.with_reply(reply.clone()),
            None => failure,
        };
        Error::NotResumed(failure.with_cause(error))
    }

    /// Ends a failed upload, or where its session was refused sends it again as far as that was kept.
    pub(super) fn fail_or_replay(&mut self, error: Error) -> Result<()> {
        match self.fail_keeping_replay(error) {
            error @ Error::NotResumed(_) => self.counted(|client| client.replay_after(error)),
            error => Err(error),
        }
    }

    /// Opens a refused upload again and sends once more what had been sent, where that was kept.
    fn replay_after(&mut self, mut error: Error) -> Result<()> {
        let kept = self.failed_upload.take_if(|failed| failed.replay.is_some());
        let Some(FailedUpload { mut request, mut offered, replay: Some(replay) }) = kept else {
            return Err(error);
        };
        loop {
            self.recover(&mut request, offered, error)?;
            self.open(request)?;
            error = match self.push_all(&replay) {
                Ok(()) => return Ok(()),
                Err(error) => self.fail_keeping_replay(error),
            };
            let Some(failed) = self.failed_upload.take() else { return Err(error) };
            (request, offered) = (failed.request, failed.offered);
        }
    }

    /// Opens a refused upload again, for a caller that can begin at its beginning.
    pub(in crate::client) fn reopen_upload(&mut self, error: Error) -> Result<()> {
        let Some(FailedUpload { mut request, offered, .. }) = self.failed_upload.take() else {
            return Err(error);
        };
        self.begin_text_again();
        self.counted(|client| {
            client.recover(&mut request, offered, error)?;
            client.open(request)
        })
    }
}

/// What is wrong with a data connection, other than silence or the caller, has a reply of its own.
fn asks_for_explanation(error: &Error) -> bool {
    matches!(
        error,
        Error::ConnectionLost(_)
            | Error::Tls(_)
            | Error::Certificate(_)
            | Error::NotResumed(_)
            | Error::Truncated(_)
    )
}

/// A server that refuses closes the data connection too or sends an alert, in whatever order: the refusal is
/// the error, and that its cause.
fn with_verdict(mut error: Error, reply: Reply) -> Error {
    let by_peer = matches!(error.cause(), Some(Cause::Tls { from_peer: true, .. }))
        || matches!(error, Error::ConnectionLost(_));
    if by_peer && reply.is_negative() {
        let failure = Failure::new("the server refused the transfer").with_reply(reply);
        return Error::Refused(failure.with_cause(error));
    }
    error.set_reply(reply);
    error
}

pub(super) fn error_has_final_reply(error: &Error) -> bool {
    error.reply().is_some_and(|reply| !reply.is_preliminary())
}

/// 425 and 522 refuse a data connection (ProFTPD, vsftpd); 450 does so in FileZilla Server 0.9's words.
pub(super) fn is_session_refusal(reply: &Reply) -> bool {
    let text = reply.text().to_ascii_lowercase();
    let names_it = text.contains("session") || text.contains("resum") || text.contains("reuse");
    match reply.code() {
        522 => true,
        // ProFTPD's only words for it; others open no data connection for reasons of their own.
        425 => names_it || text.contains("operation not permitted"),
        421 | 426 | 450 | 451 | 521 | 534 | 535 => names_it && (text.contains("tls") || text.contains("ssl")),
        _ => false,
    }
}
