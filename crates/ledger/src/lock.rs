//! The lock: the one record of how far this ledger has committed itself.
//!
//! A head is recorded here *before* it is signed. So whatever was ever signed is no further than the lock,
//! and a log that starts again from the lock continues every history that anybody may have seen. Whoever
//! can roll the lock back can make the log sign two histories; hence its folder of its own, best on
//! another device than the tiles.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use hutong_tlog::Checkpoint;

use crate::error::LedgerError;
use crate::folder::{DiskHook, Folder, io_error, read_text_if_there};
use crate::place::{GUARD_FILE, HEAD_FILE, LedgerPlace};

/// The lock, held by this process.
pub struct LockStore {
    folder: Folder,
    /// The system lets go of it when the process ends, however it ends.
    _guard: File,
}

impl LockStore {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`LedgerError::AlreadyRunning`] while another process, or another part of this one, holds it.
    pub fn take(dir: &Path, hook: Option<DiskHook>) -> Result<Self, LedgerError> {
        std::fs::create_dir_all(dir).map_err(|source| io_error("make", dir, source))?;
        let path = dir.join(GUARD_FILE);
        let guard = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| io_error("open", &path, source))?;
        match guard.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::AlreadyRunning { path }),
            Err(TryLockError::Error(source)) => return Err(io_error("lock", &path, source)),
        }
        // Only now: opening the folder tidies it up, and before the guard it could be another's to tidy.
        Ok(Self { folder: Folder::open(dir, hook)?, _guard: guard })
    }

    /// The recorded head; `None` before the first.
    pub fn head(&self) -> Result<Option<Checkpoint>, LedgerError> {
        read_head(&self.folder.root().join(HEAD_FILE))
    }

    /// Records `next` if the lock still records `expected`.
    ///
    /// # Errors
    /// [`LedgerError::LockMoved`] if it does not; the lock is then as it was.
    pub fn compare_and_swap(
        &mut self,
        expected: Option<&Checkpoint>,
        next: &Checkpoint,
    ) -> Result<(), LedgerError> {
        let found = self.head()?;
        if found.as_ref() != expected {
            let size = |head: Option<&Checkpoint>| head.map_or(0, |head| head.size);
            return Err(LedgerError::LockMoved { expected: size(expected), found: size(found.as_ref()) });
        }
        self.folder.replace(HEAD_FILE, next.to_string().as_bytes(), 0o644)
    }
}

/// The recorded head, for those who do not hold the lock.
pub fn recorded_head(place: &LedgerPlace) -> Result<Option<Checkpoint>, LedgerError> {
    read_head(&place.head())
}

fn read_head(path: &Path) -> Result<Option<Checkpoint>, LedgerError> {
    let Some(text) = read_text_if_there(path)? else {
        return Ok(None);
    };
    let malformed = |source| LedgerError::LockMalformed { path: path.to_path_buf(), source };
    Checkpoint::parse_text(&text).map(Some).map_err(malformed)
}
