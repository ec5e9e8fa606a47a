//! Connections: how they are opened, the lock on the data directory, the pool of readers, copying.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, backup};
use tokio::sync::Semaphore;

use super::SqliteOptions;
use crate::StoreError;
use crate::engine::Progress;

/// "Hutg": marks the file as ours (`file(1)` and others read it).
pub(super) const APPLICATION_ID: i32 = 0x4875_7467;

/// How long a connection waits for another. Only migrations and restores ever make one wait.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Prepared statements that a connection keeps.
const STATEMENTS_MAX: usize = 256;

/// Pages copied in one step of a backup: 8 MiB.
const BACKUP_STEP_PAGES: i32 = 1_024;

/// Holds the data directory for this process until it is dropped; the kernel gives it up when a process dies.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::io("making the data directory", folder, error))?;
        let path = folder.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::io("opening the lock file", &path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: folder.to_owned() }),
            Err(TryLockError::Error(error)) => {
                Err(StoreError::io("locking the data directory", &path, error))
            }
        }
    }
}

/// Turns what SQLite says into what the store says.
pub(super) fn explain_error(doing: &str, path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { doing: doing.to_owned() },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::ReadOnly { path: path.to_owned() }
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Corrupt { detail: format!("{doing}: {error}") }
        }
        _ => StoreError::fault(doing, error),
    }
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // First of all: every other pragma may meet a lock.
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// The one connection that writes.
pub(super) fn open_writer(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let configure = || -> rusqlite::Result<Connection> {
        let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.pragma_update(None, "page_size", 8_192)?;
        connection.query_row("PRAGMA journal_mode = WAL", [], |_row| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.query_row("PRAGMA wal_autocheckpoint = 0", [], |_row| Ok(()))?;
        connection.pragma_update(None, "cache_size", -i64::from(options.cache_kib))?;
        if let Some(pages) = options.pages_max {
            connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_row| Ok(()))?;
        }
        Ok(connection)
    };
    configure().map_err(|error| explain_error("opening the database", path, error))
}

/// A connection that copies the write-ahead log back.
pub(super) fn open_checkpointer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.query_row("PRAGMA wal_autocheckpoint = 0", [], |_row| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Whose database it is that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// This process holds the data directory.
    Us,
    /// Another process holds it and writes; nothing of it may be changed.
    Another,
}

pub(super) fn open_reader(path: &Path, cache_kib: u32, owner: Owner) -> rusqlite::Result<Connection> {
    let flags = match owner {
        // A reader of a WAL must be able to make its index file.
        Owner::Us => OpenFlags::SQLITE_OPEN_READ_WRITE,
        // The other process has made it.
        Owner::Another => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = open(path, flags)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.query_row("PRAGMA wal_autocheckpoint = 0", [], |_row| Ok(()))?;
    connection.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    Ok(connection)
}

/// A fixed number of connections that read, lent one at a time.
pub(super) struct Readers {
    path: PathBuf,
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path, options: &SqliteOptions, owner: Owner) -> Result<Self, StoreError> {
        let count = options.readers.max(1);
        let free = (0..count)
            .map(|_| open_reader(path, (options.cache_kib / 8).max(1_024), owner))
            .collect::<rusqlite::Result<Vec<_>>>()
            .map_err(|error| explain_error("opening a reader", path, error))?;
        Ok(Self {
            path: path.to_owned(),
            free: Arc::new(Mutex::new(free)),
            permits: Arc::new(Semaphore::new(count)),
        })
    }

    /// Runs `work` in one read transaction, so that all it reads is of one moment.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_closed| StoreError::Closed)?;
        let (free, path) = (Arc::clone(&self.free), self.path.clone());
        crate::store::blocking(move || {
            let _permit = permit;
            let taken = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = taken.ok_or_else(|| StoreError::fault_because("a reader was lent twice"))?;
            let lent = Lent { connection: Some(connection), free };
            let connection = lent.connection.as_ref().ok_or(StoreError::Closed)?;
            let run = || {
                let transaction = connection.unchecked_transaction()?;
                let answer = work(&transaction)?;
                transaction.finish()?;
                Ok(answer)
            };
            run().map_err(|error| explain_error(doing, &path, error))
        })
        .await
    }
}

/// Gives its connection back also when the work panics.
struct Lent {
    connection: Option<Connection>,
    free: Arc<Mutex<Vec<Connection>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

/// Copies the database of one moment while writing goes on.
///
/// The source's read transaction is held open: otherwise every commit of the writer would make the copy
/// begin again, and under load it would never end.
pub(super) fn copy_database(
    from: &Path,
    to: &Path,
    owner: Owner,
    progress: &dyn Fn(Progress),
) -> Result<(), StoreError> {
    let copy = || -> rusqlite::Result<()> {
        let source = open_reader(from, 1_024, owner)?;
        let moment = source.unchecked_transaction()?;
        moment.query_row("SELECT count(*) FROM schema_version", [], |row| row.get::<_, i64>(0))?;
        let mut target = Connection::open(to)?;
        {
            let copying = backup::Backup::new(&moment, &mut target)?;
            loop {
                let step = copying.step(BACKUP_STEP_PAGES)?;
                let pages = copying.progress();
                let total = u64::try_from(pages.pagecount).unwrap_or(0);
                let left = u64::try_from(pages.remaining).unwrap_or(0);
                progress(Progress { step: "database", done: total.saturating_sub(left), total });
                match step {
                    backup::StepResult::Done => break,
                    backup::StepResult::More => {}
                    // Another process holds the new file; wait as for any other lock.
                    _ => std::thread::sleep(Duration::from_millis(10)),
                }
            }
        }
        // The copy is one file: no log beside it that could be forgotten.
        target.query_row("PRAGMA journal_mode = DELETE", [], |_row| Ok(()))?;
        target.close().map_err(|(_connection, error)| error)
    };
    copy().map_err(|error| explain_error("copying the database", to, error))?;
    let file = File::open(to).map_err(|error| StoreError::io("opening the copy", to, error))?;
    file.sync_all().map_err(|error| StoreError::io("syncing the copy", to, error))
}
