//! The one who is told everything that happens while a plan is executed.

use super::execution::{Event, Progress, Run, Stop};
use super::plan::{Action, ActionKind};
use super::report::{ActionFailure, Report};
use super::transfers::Done;
use crate::{Error, Failure, Result};
use std::sync::mpsc::Receiver;

/// Counts, and tells the caller on his own thread.
pub(super) struct Watcher<'a, P> {
    actions: &'a [Action],
    progress: P,
    report: Report,
    /// What each step has moved, and whether it was tried.
    moved: Vec<u64>,
    tried: Vec<bool>,
    files: (usize, usize),
    bytes: (u64, u64),
    /// Why a worker first had to end.
    lost: Option<Error>,
}

impl<'a, P: FnMut(&Progress<'_>) -> bool> Watcher<'a, P> {
    pub fn new(run: &Run<'a>, progress: P) -> Self {
        let plan = run.plan;
        Watcher {
            actions: &plan.actions,
            progress,
            report: Report::default(),
            moved: vec![0; plan.actions.len()],
            tried: vec![false; plan.actions.len()],
            files: (0, plan.files()),
            bytes: (0, plan.bytes()),
            lost: None,
        }
    }

    /// Until nobody is left who sends events.
    pub fn watch(&mut self, run: &Run<'_>, events: &Receiver<Event>) {
        for event in events {
            match event {
                Event::Moved { action, bytes } => self.show(run, action, bytes, false),
                Event::Over { action, outcome } => {
                    let bytes = outcome.as_ref().map_or_else(Error::bytes_moved, |done| done.bytes);
                    self.note(action, outcome);
                    self.show(run, action, bytes.max(self.moved[action]), true);
                }
                Event::WithoutConnection(error) => self.note_lost(error),
            }
        }
    }

    /// A worker less.
    pub fn note_lost(&mut self, why: Error) {
        self.lost.get_or_insert(why);
    }

    fn show(&mut self, run: &Run<'_>, index: usize, moved: u64, is_over: bool) {
        // A file that is sent again begins anew.
        self.bytes.0 = self.bytes.0 - self.moved[index] + moved;
        self.moved[index] = moved;
        let action = &self.actions[index];
        self.files.0 += usize::from(is_over && action.kind.is_transfer());
        let progress = Progress { action, moved, is_over, files: self.files, bytes: self.bytes };
        if !run.is_stopped() && !(self.progress)(&progress) {
            run.stop(Stop::Callback);
        }
    }

    fn note(&mut self, index: usize, outcome: Result<Done>) {
        self.tried[index] = true;
        let (report, action) = (&mut self.report, &self.actions[index]);
        match outcome {
            Err(error) => {
                let path = action.path.clone();
                report.failures.push(ActionFailure { path, action: Some(action.clone()), error });
            }
            Ok(done) => {
                report.bytes += done.bytes;
                report.times_not_set += u64::from(done.time_not_set);
                match action.kind {
                    ActionKind::Upload | ActionKind::Download => report.files += 1,
                    ActionKind::CreateDirectory => report.directories += 1,
                    ActionKind::DeleteFile | ActionKind::DeleteDirectory => report.deleted += 1,
                    ActionKind::Skip => {}
                }
            }
        }
    }

    /// What became of all; `stopped` is what ended it early, if anything did.
    pub fn report(mut self, stopped: Option<Stop>) -> Report {
        for (action, tried) in self.actions.iter().zip(&self.tried) {
            match action.kind {
                ActionKind::Skip => self.report.skipped += 1,
                _ if !tried => self.report.not_done.push(action.clone()),
                _ => {}
            }
        }
        self.report.ended_by = match stopped {
            _ if self.report.is_complete() => None,
            Some(Stop::Caller) => Some(stopped_by("the caller")),
            Some(Stop::Callback) => Some(stopped_by("the progress callback")),
            Some(Stop::Failure) => None,
            None => self.lost.filter(|_| !self.report.not_done.is_empty()),
        };
        self.report
    }
}

fn stopped_by(whom: &str) -> Error {
    Error::Cancelled(Failure::new(format!("stopped by {whom}")))
}
