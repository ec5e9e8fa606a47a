//! Writing files so that they survive a crash, and reading them back.
//!
//! A file is written under a temporary name, synced, renamed, and then its folder is synced. At any
//! moment, also after a power cut, a name therefore leads to nothing, to the whole old content, or to the
//! whole new content. The last sync matters as much as the first: a rename lives in the folder, and a
//! folder that was not synced may forget it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hutong_tlog::tile::TilePath;
use hutong_tlog::tree::{TileReadError, TileReader};

use crate::error::LedgerError;

/// Where files wait for their name; on the same device as what they become.
const TEMPORARY: &str = ".tmp";

/// Called before each operation on the disk with what it does and to which file. An error is treated as
/// the operation's own: tests and fault drills stop the ledger at every single step with it.
pub type DiskHook = Arc<dyn Fn(&'static str, &Path) -> io::Result<()> + Send + Sync>;

/// A folder with durable writes.
pub struct Folder {
    root: PathBuf,
    hook: Option<DiskHook>,
    /// Folders whose own names this process has synced, from the root down.
    anchored: BTreeSet<PathBuf>,
    written: u64,
}

impl Folder {
    /// Opens the folder at `root`, makes it if need be, and removes what a crash left half written.
    pub fn open(root: &Path, hook: Option<DiskHook>) -> Result<Self, LedgerError> {
        let mut folder = Self { root: root.to_path_buf(), hook, anchored: BTreeSet::new(), written: 0 };
        let temporary = root.join(TEMPORARY);
        folder.make_dirs(&temporary)?;
        // Nothing reads these files: one that is still here was never renamed, so never part of the ledger.
        let listing = fs::read_dir(&temporary).map_err(|source| io_error("list", &temporary, source))?;
        for item in listing {
            let path = item.map_err(|source| io_error("list", &temporary, source))?.path();
            fs::remove_file(&path).map_err(|source| io_error("remove", &path, source))?;
        }
        folder.anchor(root)?;
        Ok(folder)
    }

    /// Where the folder is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes files that never change once they are there, then syncs every folder concerned once.
    ///
    /// # Errors
    /// [`LedgerError::TileConflict`] when a file exists with another content.
    pub fn write_new(&mut self, files: &[(String, &[u8])]) -> Result<(), LedgerError> {
        let mut folders = BTreeSet::new();
        for (name, bytes) in files {
            let path = self.root.join(name);
            let parent = parent_of(&path);
            self.make_dirs(parent)?;
            folders.insert(parent.to_path_buf());
            match read_if_there(&path)? {
                Some(found) if found == *bytes => {}
                Some(_other) => return Err(LedgerError::TileConflict { path: name.clone() }),
                None => self.place(&path, bytes, 0o644)?,
            }
        }
        // Folders are synced also for files that were found in place: the run that wrote them may have died
        // between its rename and its sync, and then only the page cache knows them.
        for folder in folders {
            self.anchor(&folder)?;
            self.sync_dir(&folder)?;
        }
        Ok(())
    }

    /// Writes a file over an older one.
    pub fn replace(&mut self, name: &str, bytes: &[u8], mode: u32) -> Result<(), LedgerError> {
        let path = self.root.join(name);
        self.place(&path, bytes, mode)?;
        self.sync_dir(parent_of(&path))
    }

    /// Removes a folder of this folder with all files in it. Not durable: what a crash brings back was
    /// only not needed any more.
    pub fn remove_dir(&self, name: &str) -> Result<(), LedgerError> {
        let path = self.root.join(name);
        self.before("remove", &path)?;
        match fs::remove_dir_all(&path) {
            Ok(()) => Ok(()),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(io_error("remove", &path, source)),
        }
    }

    /// Temporary file, sync, rename. The caller syncs the folder.
    fn place(&mut self, path: &Path, bytes: &[u8], mode: u32) -> Result<(), LedgerError> {
        self.written += 1;
        let temporary = self.root.join(TEMPORARY).join(self.written.to_string());
        self.before("write", &temporary)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&temporary)
            .map_err(|source| io_error("create", &temporary, source))?;
        file.write_all(bytes).map_err(|source| io_error("write", &temporary, source))?;
        self.before("sync", &temporary)?;
        // Without this sync the rename could reach the disk before the content does, and a power cut
        // would leave the name with an empty file.
        file.sync_all().map_err(|source| io_error("sync", &temporary, source))?;
        self.before("rename", path)?;
        fs::rename(&temporary, path).map_err(|source| io_error("rename", path, source))
    }

    fn sync_dir(&self, dir: &Path) -> Result<(), LedgerError> {
        self.before("sync", dir)?;
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| io_error("sync", dir, source))
    }

    fn make_dirs(&self, dir: &Path) -> Result<(), LedgerError> {
        if self.anchored.contains(dir) {
            return Ok(());
        }
        self.before("make", dir)?;
        fs::create_dir_all(dir).map_err(|source| io_error("make", dir, source))
    }

    /// Makes sure that the names of `dir` and of the folders above it, up to the root's, are on disk.
    /// Once for each folder and process: an earlier process may have died before it came to this.
    fn anchor(&mut self, dir: &Path) -> Result<(), LedgerError> {
        let mut current = dir;
        while self.anchored.insert(current.to_path_buf()) {
            let parent = parent_of(current);
            self.sync_dir(parent)?;
            if current == self.root {
                break;
            }
            current = parent;
        }
        Ok(())
    }

    fn before(&self, operation: &'static str, path: &Path) -> Result<(), LedgerError> {
        match &self.hook {
            Some(hook) => hook(operation, path).map_err(|source| io_error(operation, path, source)),
            None => Ok(()),
        }
    }
}

fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        // A relative path of one part lies in the working directory.
        _ => Path::new("."),
    }
}

pub(crate) fn io_error(operation: &'static str, path: &Path, source: io::Error) -> LedgerError {
    LedgerError::Io { operation, path: path.to_path_buf(), source }
}

/// The content of a file; `None` when there is none.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        // `NotADirectory`: a file stands where a folder would have to be, so the path leads nowhere.
        Err(source) if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(source) => Err(io_error("read", path, source)),
    }
}

/// The content of a text file; `None` when there is none. Bytes that are no text become replacement
/// characters, which every parser of this crate refuses.
pub(crate) fn read_text_if_there(path: &Path) -> Result<Option<String>, LedgerError> {
    Ok(read_if_there(path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Tiles in a folder, for reading.
#[derive(Debug, Clone)]
pub struct TileFolder {
    root: PathBuf,
}

impl TileFolder {
    /// Tiles below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }
}

impl TileReader for TileFolder {
    fn read_tile(&self, path: &TilePath) -> Result<Vec<u8>, TileReadError> {
        match read_if_there(&self.root.join(path.to_string())) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(TileReadError::Missing { path: *path }),
            Err(fault) => Err(TileReadError::Failed { path: *path, source: Box::new(fault) }),
        }
    }
}
