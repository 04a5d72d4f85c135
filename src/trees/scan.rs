//! What is in a tree, on either side, in a form in which both can be compared.

use super::compare::{FileFacts, Moment};
use super::local_name;
use super::local_root::LocalRoot;
use super::mirror::Filter;
use super::new_file::is_temporary;
use super::remote_path::{join, split};
use super::walk::Walker;
use super::{goes_on_after, PathError};
use crate::protocol::listing::{Entry, EntryKind};
use crate::{Error, Failure, FtpsClient, Result};
use rustix::fs::FileType;
use std::collections::BTreeMap;

/// A tree by its paths beneath the root; a directory comes before what is in it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub nodes: BTreeMap<Vec<u8>, Node>,
    /// What could not be read, or must not be used.
    pub problems: Vec<PathError>,
    /// Whether the root is there.
    pub exists: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    File(FileFacts),
    Directory,
    Link,
    /// Neither file, directory nor link, or of a kind that is not told.
    Special,
    /// By the filter, and with it all that is beneath.
    Excluded,
    /// A file that a mirror has not completed yet.
    Temporary,
    /// The same, of a process that is no more. Known of local files alone.
    Abandoned,
}

/// What is beneath `root` on the server. Names are to be those of local files where `for_local` is set.
pub(super) fn remote(client: &mut FtpsClient, root: &[u8], filter: &Filter, for_local: bool) -> Result<Tree> {
    let mut tree = Tree { exists: is_directory(client, root)?, ..Tree::default() };
    if !tree.exists {
        return Ok(tree);
    }
    let prefix = join(root, b"x").len() - 1;
    let mut walker = Walker::new(root);
    while let Some(step) = walker.step(client) {
        let found = match step {
            Ok(found) => found,
            Err(PathError { error, .. }) if !goes_on_after(client, &error) => return Err(error),
            Err(PathError { path, error }) => {
                tree.problems.push(PathError::new(path.get(prefix..).unwrap_or_default(), error));
                continue;
            }
        };
        let path = relative(&found.path, prefix);
        let checked = if for_local { local_name::check(split(&path).1) } else { Ok(()) };
        if let Err(error) = checked {
            walker.skip_directory();
            tree.problems.push(PathError::new(path, error));
            continue;
        }
        let node = filtered(filter, &path, remote_node(&found.entry));
        if node == Node::Excluded {
            walker.skip_directory();
        }
        if tree.nodes.insert(path.clone(), node).is_some() {
            let twice = Error::Protocol(Failure::new("the server lists this name twice"));
            tree.problems.push(PathError::new(path, twice));
        }
    }
    Ok(tree)
}

/// The path beneath the root. (Where that is the current directory, `./` may stand before a name.)
fn relative(path: &[u8], prefix: usize) -> Vec<u8> {
    let path = path.get(prefix..).unwrap_or_default();
    match prefix {
        0 => path.strip_prefix(b"./").unwrap_or(path).to_vec(),
        _ => path.to_vec(),
    }
}

fn remote_node(entry: &Entry) -> Node {
    match entry.kind() {
        EntryKind::File if is_temporary(entry.name_bytes()) => Node::Temporary,
        EntryKind::File => {
            Node::File(FileFacts { size: entry.size(), modified: entry.modified().map(Moment::from) })
        }
        EntryKind::Directory => Node::Directory,
        EntryKind::Symlink => Node::Link,
        _ => Node::Special,
    }
}

fn filtered(filter: &Filter, path: &[u8], node: Node) -> Node {
    match filter.takes(path, node == Node::Directory) {
        true => node,
        false => Node::Excluded,
    }
}

/// Servers list what is not there as if it were empty (vsftpd), so they are asked to go there, and back.
fn is_directory(client: &mut FtpsClient, path: &[u8]) -> Result<bool> {
    if path.is_empty() {
        return Ok(true);
    }
    let here = client.current_directory()?;
    match client.change_directory(path) {
        Ok(()) => client.change_directory(here).map(|()| true),
        Err(error @ Error::Refused(_)) if client.is_usable() => {
            log::debug!("{} is no directory: {error}", path.escape_ascii());
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// What is beneath the local root.
pub(super) fn local(root: &LocalRoot, filter: &Filter) -> Tree {
    let mut tree = Tree { exists: true, ..Tree::default() };
    let mut directories = vec![Vec::new()];
    while let Some(directory) = directories.pop() {
        let entries = match root.list(&directory) {
            Ok(entries) => entries,
            Err(error) => {
                tree.problems.push(PathError::new(directory, error));
                continue;
            }
        };
        for entry in entries {
            let path = match directory.as_slice() {
                b"" => entry.name.clone(),
                directory => [directory, b"/", &entry.name].concat(),
            };
            let node = match entry.file_type {
                FileType::RegularFile if is_temporary(&entry.name) => match root.is_abandoned(&path) {
                    true => Node::Abandoned,
                    false => Node::Temporary,
                },
                FileType::RegularFile => Node::File(FileFacts {
                    size: Some(entry.size),
                    modified: Some(Moment::exact(entry.modified)),
                }),
                FileType::Directory => Node::Directory,
                FileType::Symlink => Node::Link,
                _ => Node::Special,
            };
            let node = filtered(filter, &path, node);
            if node == Node::Directory {
                directories.push(path.clone());
            }
            tree.nodes.insert(path, node);
        }
    }
    tree
}
