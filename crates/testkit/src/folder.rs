//! Folders and stores that go away with their test.

use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use hutong_store::{KindSpec, SqliteOptions, Store, StoreError};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An empty folder that is removed when it is dropped.
#[derive(Debug)]
pub struct TempFolder {
    path: PathBuf,
}

impl TempFolder {
    /// A new folder beneath the machine's folder for temporary files.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new() -> io::Result<Self> {
        let base = std::env::temp_dir();
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = base.join(format!("hutong-test-{}-{number}", std::process::id()));
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path }),
                // Left by a process of the same number that was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // A folder that stays behind harms nobody.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// An embedded store in a folder of its own. Derefs to [`Store`].
pub struct TempStore {
    store: Store,
    // After the store: it is closed before its folder goes.
    folder: TempFolder,
}

impl TempStore {
    /// An empty store for these kinds; those of the spine are always there.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(kinds: Vec<KindSpec>) -> Result<Self, StoreError> {
        let folder =
            TempFolder::new().map_err(|error| StoreError::fault("making a temporary folder", error))?;
        let mut all = hutong_store::spine::kinds();
        all.extend(kinds);
        let options = SqliteOptions { readers: 2, cache_kib: 8 * 1024, ..SqliteOptions::default() };
        let store = Store::open_sqlite(&folder.path().join("data"), all, options)?;
        Ok(Self { store, folder })
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The folder around the data directory, for files of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Deref for TempStore {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}
