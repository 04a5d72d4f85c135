//! Files in memory.

use super::{split, Entry, File, Store};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// A tree of files in memory.
#[derive(Debug)]
pub(crate) struct MemoryStore(Mutex<BTreeMap<String, Node>>);

#[derive(Clone, Debug)]
struct Node {
    modified: SystemTime,
    /// None for a folder.
    contents: Option<Contents>,
}

type Contents = Arc<Mutex<Vec<u8>>>;

impl MemoryStore {
    /// An empty tree.
    pub(crate) fn new(now: SystemTime) -> Self {
        let root = Node { modified: now, contents: None };
        MemoryStore(Mutex::new(BTreeMap::from([("/".to_owned(), root)])))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Node>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn entry(&self, path: &str) -> io::Result<Entry> {
        let nodes = self.lock();
        nodes.get(path).map(|node| describe(path, node)).ok_or_else(not_found)
    }

    fn list(&self, path: &str) -> io::Result<Vec<Entry>> {
        let nodes = self.lock();
        require_folder(&nodes, path)?;
        Ok(children(&nodes, path).map(|(path, node)| describe(path, node)).collect())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn File>> {
        match self.lock().get(path).ok_or_else(not_found)? {
            Node { contents: Some(contents), .. } => Ok(Box::new(MemoryFile(contents.clone()))),
            _ => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn create(&self, path: &str, now: SystemTime) -> io::Result<Box<dyn File>> {
        let mut nodes = self.lock();
        require_folder(&nodes, split(path).0)?;
        let node = nodes
            .entry(path.to_owned())
            .or_insert_with(|| Node { modified: now, contents: Some(Contents::default()) });
        node.modified = now;
        match &node.contents {
            Some(contents) => Ok(Box::new(MemoryFile(contents.clone()))),
            None => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut nodes = self.lock();
        match nodes.get(path) {
            Some(Node { contents: Some(_), .. }) => drop(nodes.remove(path)),
            Some(_) => return Err(io::ErrorKind::IsADirectory.into()),
            None => return Err(not_found()),
        }
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut nodes = self.lock();
        require_folder(&nodes, split(to).0)?;
        let inside = format!("{from}/");
        if from == "/" || to.starts_with(&inside) || children(&nodes, to).next().is_some() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let node = nodes.remove(from).ok_or_else(not_found)?;
        let below: Vec<String> = nodes.keys().filter(|path| path.starts_with(&inside)).cloned().collect();
        for path in below {
            if let Some(child) = nodes.remove(&path) {
                nodes.insert(format!("{to}/{}", &path[inside.len()..]), child);
            }
        }
        nodes.insert(to.to_owned(), node);
        Ok(())
    }

    fn make_folder(&self, path: &str, now: SystemTime) -> io::Result<()> {
        let mut nodes = self.lock();
        require_folder(&nodes, split(path).0)?;
        if nodes.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        nodes.insert(path.to_owned(), Node { modified: now, contents: None });
        Ok(())
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        let mut nodes = self.lock();
        require_folder(&nodes, path)?;
        if path == "/" || children(&nodes, path).next().is_some() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        nodes.remove(path);
        Ok(())
    }

    fn set_modified(&self, path: &str, time: SystemTime) -> io::Result<()> {
        self.lock().get_mut(path).map(|node| node.modified = time).ok_or_else(not_found)
    }
}

fn require_folder(nodes: &BTreeMap<String, Node>, path: &str) -> io::Result<()> {
    match nodes.get(path).ok_or_else(not_found)? {
        Node { contents: None, .. } => Ok(()),
        _ => Err(io::ErrorKind::NotADirectory.into()),
    }
}

fn children<'a>(
    nodes: &'a BTreeMap<String, Node>,
    folder: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Node)> {
    let below = if folder == "/" { "/".to_owned() } else { format!("{folder}/") };
    nodes
        .range(below.clone()..)
        .take_while(move |(path, _)| path.starts_with(&below))
        .filter(move |(path, _)| split(path).0 == folder && path.as_str() != "/")
}

fn describe(path: &str, node: &Node) -> Entry {
    Entry {
        name: split(path).1.to_owned(),
        is_folder: node.contents.is_none(),
        size: node.contents.as_ref().map_or(0, |contents| lock(contents).len() as u64),
        modified: node.modified,
    }
}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

#[derive(Debug)]
struct MemoryFile(Contents);

impl File for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        Ok(lock(&self.0).len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let contents = lock(&self.0);
        let rest = usize::try_from(offset).ok().and_then(|start| contents.get(start..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut contents = lock(&self.0);
        let start = usize::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        // Another connection may have truncated the file: the gap reads as zeros, as in a sparse file.
        if contents.len() < start + bytes.len() {
            contents.resize(start + bytes.len(), 0);
        }
        contents[start..start + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn truncate(&self) -> io::Result<()> {
        lock(&self.0).clear();
        Ok(())
    }
}

fn lock(contents: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    contents.lock().unwrap_or_else(PoisonError::into_inner)
}
