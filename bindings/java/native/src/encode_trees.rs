//! What was found, planned and done, as bytes for Java.

use crate::encode;
use crate::wire::Writer;
use ftps::trees::{Action, ActionKind, Deleted, Found, PathError, Plan, Progress, Reason, Report};

/// A step of a walk that came to an entry.
pub fn found(found: &Found) -> Vec<u8> {
    let mut writer = Writer::default();
    encode::write_entry(writer.flag(true).string(&found.path), &found.entry);
    writer.finish()
}

/// A step of a walk that failed.
pub fn walk_problem(problem: &PathError) -> Vec<u8> {
    let mut writer = Writer::default();
    write_problem(writer.flag(false), problem);
    writer.finish()
}

pub fn deleted(deleted: &Deleted) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.count(deleted.files).count(deleted.directories);
    write_all(&mut writer, &deleted.failures, write_problem);
    writer.finish()
}

pub fn plan(plan: &Plan) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.string(plan.to_string());
    write_all(&mut writer, plan.actions(), write_action);
    write_all(&mut writer, plan.problems(), write_problem);
    writer.finish()
}

pub fn progress(progress: &Progress<'_>) -> Vec<u8> {
    let Progress { action, moved, is_over, files, bytes } = progress;
    let mut writer = Writer::default();
    write_action(&mut writer, action);
    writer.count(*moved).flag(*is_over);
    writer.count(files.0 as u64).count(files.1 as u64).count(bytes.0).count(bytes.1);
    writer.finish()
}

pub fn report(report: &Report) -> Vec<u8> {
    let Report { files, bytes, directories, deleted, skipped, times_not_set, failures, not_done, ended_by } =
        report;
    let mut writer = Writer::default();
    writer.string(report.to_string());
    for count in [files, bytes, directories, deleted, skipped, times_not_set] {
        writer.count(*count);
    }
    write_all(&mut writer, failures, |writer, failure| {
        writer.string(&failure.path).string(encode::error(&failure.error));
        match &failure.action {
            Some(action) => write_action(writer.flag(true), action),
            None => drop(writer.flag(false)),
        }
    });
    write_all(&mut writer, not_done, write_action);
    writer.optional(ended_by.as_ref().map(encode::error));
    writer.finish()
}

fn write_action(writer: &mut Writer, action: &Action) {
    writer.byte(kind(action.kind)).byte(reason(action.reason)).string(&action.path);
    match action.size {
        Some(size) => writer.count(size),
        None => writer.long(-1),
    };
}

fn write_problem(writer: &mut Writer, problem: &PathError) {
    writer.string(&problem.path).string(encode::error(&problem.error));
}

fn write_all<T>(writer: &mut Writer, values: &[T], write: impl Fn(&mut Writer, &T)) {
    writer.int(i32::try_from(values.len()).unwrap_or(i32::MAX));
    values.iter().for_each(|value| write(writer, value));
}

/// Its place in `MirrorAction.java`.
fn kind(kind: ActionKind) -> u8 {
    match kind {
        ActionKind::CreateDirectory => 0,
        ActionKind::Upload => 1,
        ActionKind::Download => 2,
        ActionKind::DeleteFile => 3,
        ActionKind::DeleteDirectory => 4,
        ActionKind::Skip => 5,
    }
}

/// Its place in `MirrorAction.java`.
fn reason(reason: Reason) -> u8 {
    match reason {
        Reason::Missing => 0,
        Reason::SizeDiffers => 1,
        Reason::Newer => 2,
        Reason::Older => 3,
        Reason::HashDiffers => 4,
        Reason::Always => 5,
        Reason::Same => 6,
        Reason::TimeUnknown => 7,
        Reason::Extraneous => 8,
        Reason::Excluded => 9,
        Reason::Link => 10,
        Reason::Special => 11,
        Reason::Temporary => 12,
        Reason::Abandoned => 13,
        Reason::SourceIncomplete => 14,
    }
}
