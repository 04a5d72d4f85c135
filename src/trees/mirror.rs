//! One side made like the other.

use super::compare::{by_size, by_size_and_time, exact_time, Compare, FileFacts, TimeRule};
use super::local_root::LocalRoot;
use super::pattern::Pattern;
use super::plan::{Action, ActionKind, Plan, Reason};
use super::remote_path::join;
use super::scan::{self, Node, Tree};
use super::{goes_on_after, PathError};
use crate::client::Direction;
use crate::{Error, Failure, FtpsClient, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to make like what. [`plan`](Self::plan) then looks at both sides and says what is to be done.
///
/// Files are taken over with their times, so that the next time nothing is left to do. Links are reported, neither followed
/// nor made. Nothing of the target is deleted unless [`delete_extraneous`](Self::delete_extraneous) says so.
///
/// A file that is received is called `.ftps-PROCESS-NUMBER.part` until it is complete. A process that is killed leaves such
/// files, and a download deletes those that it meets in its target: where nobody has them open for writing (by a lock, `flock`)
/// and nobody has written to them for an hour. Files of this name are never taken over.
///
/// ```no_run
/// use ftps::trees::{Execution, Mirror};
/// use ftps::FtpsClient;
/// # fn main() -> ftps::Result<()> {
/// let pool = FtpsClient::builder("ftp.example.org").pool("user", "password").build();
/// let plan = Mirror::upload("site", "/www").exclude("*.bak")?.plan(&mut *pool.lease()?)?;
/// print!("{plan}");
/// let report = plan.execute(&pool, &Execution::default(), |_| true)?;
/// assert!(report.is_complete(), "{report}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Mirror {
    direction: Direction,
    remote: Vec<u8>,
    local: PathBuf,
    compare: Compare,
    tolerance: Duration,
    delete_extraneous: bool,
    atomic_uploads: bool,
    filter: Filter,
}

/// What a mirror is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

impl Filter {
    /// Directories need not be included themselves.
    pub fn takes(&self, path: &[u8], is_directory: bool) -> bool {
        let matches = |pattern: &Pattern| match pattern.is_of_a_name() {
            true => pattern.matches(super::remote_path::split(path).1),
            false => pattern.matches(path),
        };
        let is_included = self.include.is_empty() || is_directory || self.include.iter().any(matches);
        is_included && !self.exclude.iter().any(matches)
    }

    fn is_by_name(&self) -> bool {
        !self.include.is_empty()
    }
}

impl Mirror {
    /// Makes a local directory like a remote one.
    pub fn download(remote: impl AsRef<[u8]>, local: impl AsRef<Path>) -> Mirror {
        Mirror::new(Direction::Download, remote.as_ref(), local.as_ref())
    }

    /// Makes a remote directory like a local one.
    pub fn upload(local: impl AsRef<Path>, remote: impl AsRef<[u8]>) -> Mirror {
        Mirror::new(Direction::Upload, remote.as_ref(), local.as_ref())
    }

    fn new(direction: Direction, remote: &[u8], local: &Path) -> Mirror {
        Mirror {
            direction,
            remote: remote.to_vec(),
            local: local.to_owned(),
            compare: Compare::default(),
            tolerance: Duration::ZERO,
            delete_extraneous: false,
            atomic_uploads: true,
            filter: Filter::default(),
        }
    }

    /// What makes two files differ (default: size and time).
    pub fn compare(mut self, compare: Compare) -> Self {
        self.compare = compare;
        self
    }

    /// Times that differ by no more than this are the same (default: none; whole seconds). 2 s suit a FAT file system.
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Whether what only the target has is deleted (default: no). What a filter leaves out stays, and so does everything as
    /// long as a part of the source cannot be read.
    pub fn delete_extraneous(mut self, delete: bool) -> Self {
        self.delete_extraneous = delete;
        self
    }

    /// Whether an upload gets its name only when it is complete (default: yes), as
    /// [`FtpsClient::upload_file_atomically`]. Downloads always do.
    pub fn atomic_uploads(mut self, atomic: bool) -> Self {
        self.atomic_uploads = atomic;
        self
    }

    /// Takes over only files that match this [`Pattern`] or another that was added; directories as far as they are needed. A
    /// pattern without `/` is one of names at any depth, others begin at the root.
    pub fn include(mut self, pattern: impl AsRef<[u8]>) -> Result<Self> {
        self.filter.include.push(Pattern::new(pattern)?);
        Ok(self)
    }

    /// Leaves out what matches this [`Pattern`], with all that is beneath, also where it is included.
    pub fn exclude(mut self, pattern: impl AsRef<[u8]>) -> Result<Self> {
        self.filter.exclude.push(Pattern::new(pattern)?);
        Ok(self)
    }

    /// Looks at both sides. Nothing is changed: this is the dry run.
    ///
    /// Fails where the source is not there, or the connection does not allow to go on; what else cannot be read is in
    /// [`Plan::problems`].
    pub fn plan(&self, client: &mut FtpsClient) -> Result<Plan> {
        let is_upload = self.direction == Direction::Upload;
        let local_root = match LocalRoot::open(&self.local) {
            Err(error) if !is_upload && error.errno() == Some(rustix::io::Errno::NOENT.raw_os_error()) => {
                None
            }
            opened => Some(opened?),
        };
        let local = local_root.as_ref().map(|root| scan::local(root, &self.filter)).unwrap_or_default();
        let remote = scan::remote(client, &self.remote, &self.filter, !is_upload)?;
        if !is_upload && !remote.exists {
            let path = String::from_utf8_lossy(&self.remote);
            return Err(Error::Refused(Failure::new(format!("the server has no directory {path}"))));
        }
        let (source, target) = if is_upload { (local, remote) } else { (remote, local) };
        Planner { mirror: self, client, local_root }.plan(source, target)
    }
}

/// A plan in the making.
struct Planner<'a> {
    mirror: &'a Mirror,
    client: &'a mut FtpsClient,
    local_root: Option<LocalRoot>,
}

impl Planner<'_> {
    fn plan(mut self, source: Tree, target: Tree) -> Result<Plan> {
        let (mut actions, mut problems) = (Vec::new(), Vec::new());
        if !target.exists {
            actions.push(action(ActionKind::CreateDirectory, b"", Reason::Missing));
        }
        for (path, node) in &source.nodes {
            let there = target.nodes.get(path).copied();
            match self.action_for(path, *node, there) {
                Ok(action) => actions.extend(action),
                Err(error) if goes_on_after(self.client, &error) => {
                    problems.push(PathError::new(path.clone(), error));
                }
                Err(error) => return Err(error),
            }
        }
        if self.mirror.filter.is_by_name() {
            leave_out_needless_directories(&mut actions);
        }
        actions.extend(self.deletions(&source, &target));
        problems.extend(source.problems.into_iter().chain(target.problems));
        let mirror = self.mirror;
        Ok(Plan {
            direction: mirror.direction,
            remote: mirror.remote.clone(),
            local: mirror.local.clone(),
            atomic_uploads: mirror.atomic_uploads,
            actions: in_order(actions),
            problems,
        })
    }

    fn action_for(&mut self, path: &[u8], node: Node, there: Option<Node>) -> Result<Option<Action>> {
        Ok(Some(match (node, there) {
            (Node::Excluded, _) => action(ActionKind::Skip, path, Reason::Excluded),
            (Node::Link, _) => action(ActionKind::Skip, path, Reason::Link),
            (Node::Special, _) => action(ActionKind::Skip, path, Reason::Special),
            (Node::Temporary | Node::Abandoned, _) => action(ActionKind::Skip, path, Reason::Temporary),
            (Node::Directory, None) => action(ActionKind::CreateDirectory, path, Reason::Missing),
            (Node::Directory, Some(Node::Directory)) => return Ok(None),
            (Node::File(file), None) => self.transfer(path, file, Reason::Missing),
            (Node::File(file), Some(Node::File(there))) => match self.difference(path, file, there)? {
                (true, reason) => self.transfer(path, file, reason),
                (false, reason) => Action { size: file.size, ..action(ActionKind::Skip, path, reason) },
            },
            (Node::Directory | Node::File(_), Some(_)) => {
                let message = "the target has this name for something else, which is not replaced: delete it";
                return Err(Error::Local(Failure::new(message)));
            }
        }))
    }

    fn transfer(&self, path: &[u8], file: FileFacts, reason: Reason) -> Action {
        let kind = match self.mirror.direction {
            Direction::Upload => ActionKind::Upload,
            Direction::Download => ActionKind::Download,
        };
        Action { size: file.size, modified: file.modified, ..action(kind, path, reason) }
    }

    fn difference(&mut self, path: &[u8], source: FileFacts, target: FileFacts) -> Result<(bool, Reason)> {
        match self.mirror.compare {
            Compare::Nothing => Ok((true, Reason::Always)),
            Compare::Size => Ok(by_size(source, target)),
            Compare::Hash => match by_size(source, target) {
                (false, _) => self.difference_by_hash(path),
                differs => Ok(differs),
            },
            Compare::SizeAndTime => match by_size(source, target) {
                (false, _) => self.difference_by_time(path, source, target),
                differs => Ok(differs),
            },
        }
    }

    fn difference_by_time(
        &mut self,
        path: &[u8],
        mut source: FileFacts,
        mut target: FileFacts,
    ) -> Result<(bool, Reason)> {
        let is_upload = self.mirror.direction == Direction::Upload;
        let listed = if is_upload { &mut target } else { &mut source };
        listed.modified = exact_time(self.client, &join(&self.mirror.remote, path), listed.modified)?;
        let is_kept = !is_upload || self.client.features().has("MFMT");
        Ok(by_size_and_time(source, target, TimeRule::new(self.mirror.tolerance, is_kept)))
    }

    fn difference_by_hash(&mut self, path: &[u8]) -> Result<(bool, Reason)> {
        let Some(root) = &self.local_root else { return Ok((true, Reason::Missing)) };
        let mut file = root.open_file(path)?;
        match self.client.verify_if_offered(&join(&self.mirror.remote, path), &mut file) {
            Ok(Some(_)) => Ok((false, Reason::Same)),
            Ok(None) => Err(Error::Refused(Failure::new("the server offers no hash to compare files by"))),
            Err(Error::Mismatch(_)) => Ok((true, Reason::HashDiffers)),
            Err(error) => Err(error),
        }
    }

    /// What mirrors have left, and what only the target has; what is in a directory before the directory.
    fn deletions(&self, source: &Tree, target: &Tree) -> Vec<Action> {
        let abandoned = target.nodes.iter().filter(|(_, node)| **node == Node::Abandoned);
        let mut actions: Vec<_> =
            abandoned.map(|(path, _)| action(ActionKind::DeleteFile, path, Reason::Abandoned)).collect();
        if !self.mirror.delete_extraneous {
            return actions;
        }
        let is_extraneous =
            |path: &Vec<u8>, node: &Node| *node != Node::Abandoned && !source.nodes.contains_key(path);
        let extraneous = target.nodes.iter().rev().filter(|(path, node)| is_extraneous(path, node));
        let mut kept: Vec<&[u8]> = Vec::new();
        for (path, node) in extraneous {
            let holds_what_is_kept = kept.iter().any(|kept| is_beneath(kept, path));
            actions.push(match node {
                _ if !source.problems.is_empty() => action(ActionKind::Skip, path, Reason::SourceIncomplete),
                Node::Excluded => {
                    kept.push(path);
                    action(ActionKind::Skip, path, Reason::Excluded)
                }
                Node::Temporary => {
                    kept.push(path);
                    action(ActionKind::Skip, path, Reason::Temporary)
                }
                Node::Directory if holds_what_is_kept => action(ActionKind::Skip, path, Reason::Excluded),
                Node::Directory => action(ActionKind::DeleteDirectory, path, Reason::Extraneous),
                Node::File(_) | Node::Link | Node::Special | Node::Abandoned => {
                    action(ActionKind::DeleteFile, path, Reason::Extraneous)
                }
            });
        }
        actions
    }
}

fn action(kind: ActionKind, path: &[u8], reason: Reason) -> Action {
    Action { kind, path: path.to_vec(), size: None, reason, modified: None }
}

fn is_beneath(path: &[u8], directory: &[u8]) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with(b"/"))
}

/// With filters by name, directories are made only for what is put into them.
fn leave_out_needless_directories(actions: &mut Vec<Action>) {
    let files: BTreeSet<Vec<u8>> =
        actions.iter().filter(|action| action.kind.is_transfer()).map(|action| action.path.clone()).collect();
    let is_needed = |directory: &[u8]| {
        files.range([directory, b"/"].concat()..).next().is_some_and(|file| is_beneath(file, directory))
    };
    actions.retain(|action| {
        action.kind != ActionKind::CreateDirectory || action.path.is_empty() || is_needed(&action.path)
    });
}

/// Directories are made first and deleted last.
fn in_order(mut actions: Vec<Action>) -> Vec<Action> {
    actions.sort_by_key(|action| match action.kind {
        ActionKind::CreateDirectory => 0,
        ActionKind::Upload | ActionKind::Download | ActionKind::Skip => 1,
        ActionKind::DeleteFile => 2,
        ActionKind::DeleteDirectory => 3,
    });
    actions
}
