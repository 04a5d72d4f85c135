//! What a mirror will do.

use super::compare::Moment;
use super::PathError;
use crate::client::Direction;
use std::fmt;
use std::path::PathBuf;

/// What is done with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// The directory is made.
    CreateDirectory,
    /// The file is sent.
    Upload,
    /// The file is received.
    Download,
    /// The file or link is deleted from the target.
    DeleteFile,
    /// The directory, which is empty by then, is deleted from the target.
    DeleteDirectory,
    /// Nothing.
    Skip,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The target has none.
    Missing,
    /// The sizes differ.
    SizeDiffers,
    /// The source is newer.
    Newer,
    /// The source is older.
    Older,
    /// The hashes differ.
    HashDiffers,
    /// Nothing was compared, as asked.
    Always,
    /// Both are the same.
    Same,
    /// The time is not known on both sides; the sizes are the same, or not known either.
    TimeUnknown,
    /// The source has none.
    Extraneous,
    /// A filter leaves it out.
    Excluded,
    /// It is a symbolic link: links are not followed, and not made.
    Link,
    /// It is neither file, directory nor link.
    Special,
    /// It is the temporary file of a mirror: such files are not taken over, and those of others not deleted.
    Temporary,
    /// It is the temporary file of a mirror that was killed, more than an hour ago.
    Abandoned,
    /// It would be deleted, but a part of the source could not be read: what is missing there may be in that part.
    SourceIncomplete,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What is done.
    pub kind: ActionKind,
    /// With what: the path beneath both roots. Empty for the root itself.
    pub path: Vec<u8>,
    /// The size of the source in bytes, where it is known.
    pub size: Option<u64>,
    /// Why.
    pub reason: Reason,
    /// When the source was last modified, as it was listed.
    pub(super) modified: Option<Moment>,
}

/// What a mirror will do, in this order. Nothing is done before [`execute`](Self::execute).
#[derive(Debug)]
pub struct Plan {
    pub(super) direction: Direction,
    pub(super) remote: Vec<u8>,
    pub(super) local: PathBuf,
    pub(super) atomic_uploads: bool,
    pub(super) actions: Vec<Action>,
    pub(super) problems: Vec<PathError>,
}

impl Plan {
    /// Which way the files go.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// All steps, those included in which nothing is done.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// What the plan leaves out because it could not be read, or because a name must not be used: each is a failure
    /// of the mirror.
    pub fn problems(&self) -> &[PathError] {
        &self.problems
    }

    /// Whether both sides are the same already.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty() && self.actions.iter().all(|action| action.kind == ActionKind::Skip)
    }

    /// How many files are to be transferred.
    pub fn files(&self) -> usize {
        self.transfers().count()
    }

    /// How many bytes, as far as sizes are known.
    pub fn bytes(&self) -> u64 {
        self.transfers().filter_map(|action| action.size).sum()
    }

    fn transfers(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(|action| action.kind.is_transfer())
    }
}

impl ActionKind {
    pub(super) fn is_transfer(self) -> bool {
        matches!(self, ActionKind::Upload | ActionKind::Download)
    }

    fn words(self) -> &'static str {
        match self {
            ActionKind::CreateDirectory => "create directory",
            ActionKind::Upload => "upload",
            ActionKind::Download => "download",
            ActionKind::DeleteFile => "delete",
            ActionKind::DeleteDirectory => "delete directory",
            ActionKind::Skip => "skip",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Missing => "missing",
            Reason::SizeDiffers => "size differs",
            Reason::Newer => "source is newer",
            Reason::Older => "source is older",
            Reason::HashDiffers => "hash differs",
            Reason::Always => "not compared",
            Reason::Same => "same",
            Reason::TimeUnknown => "time not known",
            Reason::Extraneous => "not in the source",
            Reason::Excluded => "excluded",
            Reason::Link => "symbolic link",
            Reason::Special => "neither file, directory nor link",
            Reason::Temporary => "temporary file of a mirror",
            Reason::Abandoned => "left by a mirror that was killed",
            Reason::SourceIncomplete => "not in the source, of which a part could not be read",
        })
    }
}

/// `upload docs/a.txt (1234 bytes): missing`. What a terminal would take for a command is escaped.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = String::from_utf8_lossy(&self.path);
        let path: String = path
            .chars()
            .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
            .collect();
        let path = if path.is_empty() { "." } else { &path };
        write!(f, "{} {path}", self.kind.words())?;
        if let Some(size) = self.size.filter(|_| self.kind.is_transfer()) {
            write!(f, " ({size} bytes)")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// One line for each step in which something is done, and for each problem.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for action in self.actions.iter().filter(|action| action.kind != ActionKind::Skip) {
            writeln!(f, "{action}")?;
        }
        self.problems.iter().try_for_each(|problem| writeln!(f, "problem {problem}"))
    }
}
