//! The embedded engine: SQLite in WAL mode, one writing thread, a pool of readers; or readers alone, beside
//! the process that writes.
//!
//! Numbers behind the choices are in `benches/results`. SQL text is in this folder only.

mod connection;
mod lists;
mod operational;
mod rows;
mod schema;
mod tail;
mod writer;

use std::any::Any;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};
use tokio::sync::watch;
use uuid::Uuid;

use crate::StoreError;
use crate::check::Finding;
use crate::engine::{
    CheckedRecord, Committed, Engine, EngineFuture, Head, Plan, PreparedChange, Progress, ProgressFn,
    RawRecord, StoredAnswer,
};
use crate::entry::RawEntry;
use crate::operational::{OperationalAnswer, OperationalCommand};
use crate::query::{JournalQuery, ListPlan};
use crate::record::KindSpec;

use connection::{DirectoryLock, Owner, Readers};
use tail::Tail;
use writer::Writer;

pub(crate) use rows::NULL_KEY;
pub use schema::SCHEMA_VERSION;

/// Name of the database in the data directory.
pub const DATABASE: &str = "hutong.db";

/// How the embedded database is used.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// Connections that read at the same time.
    pub readers: usize,
    /// Page cache of the writer. Unit: KiB. Each reader has an eighth of it.
    pub cache_kib: u32,
    /// The write-ahead log is copied back when it is longer than this. Unit: bytes.
    pub wal_bytes: u64,
    /// Largest database; `None` for as much as the disk holds. Unit: pages of 8 KiB.
    pub pages_max: Option<u32>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4, cache_kib: 64 * 1024, wal_bytes: 16 * 1024 * 1024, pages_max: None }
    }
}

/// The kinds that the engine was opened with.
pub(crate) type Kinds = Arc<BTreeMap<&'static str, schema::Kind>>;

/// The embedded engine.
pub struct SqliteEngine {
    kinds: Kinds,
    path: PathBuf,
    readers: Readers,
    role: WriteRole,
}

/// Who writes.
enum WriteRole {
    /// This process does. The order matters: the writer ends before the lock is given up.
    Ours { writer: Writer, _lock: DirectoryLock },
    /// Another process does.
    Anothers(Tail),
}

impl SqliteEngine {
    /// Opens or makes the database in `folder`.
    ///
    /// # Errors
    /// As [`crate::Store::open_sqlite`].
    pub fn open(folder: &Path, kinds: &[KindSpec], options: SqliteOptions) -> Result<Self, StoreError> {
        let specs = crate::store::check_kinds(kinds.to_vec())?;
        let lock = DirectoryLock::take(folder)?;
        let path = folder.join(DATABASE);
        let mut connection = connection::open_writer(&path, &options)?;
        let kinds: Kinds = Arc::new(schema::adapt(&mut connection, &path, &specs)?);
        let readers = Readers::open(&path, &options, Owner::Us)?;
        let writer = Writer::start(connection, Arc::clone(&kinds), &path, &options)?;
        crate::files::sync_folder(folder)?;
        Ok(Self { kinds, path, readers, role: WriteRole::Ours { writer, _lock: lock } })
    }

    /// Opens the database in `folder` for reading, while another process holds it. Changes nothing.
    ///
    /// # Errors
    /// As [`crate::Store::open_read_only`].
    pub fn open_read_only(
        folder: &Path,
        kinds: &[KindSpec],
        options: SqliteOptions,
    ) -> Result<Self, StoreError> {
        let specs = crate::store::check_kinds(kinds.to_vec())?;
        let path = folder.join(DATABASE);
        if !path.try_exists().map_err(|error| StoreError::io("looking for the database", &path, error))? {
            return Err(StoreError::fault_because(format!("there is no database {}", path.display())));
        }
        let failed = |error| connection::explain_error("opening the database to read", &path, error);
        let reader = connection::open_reader(&path, 1_024, Owner::Another).map_err(failed)?;
        let kinds: Kinds = Arc::new(schema::recognise(&reader, &path, &specs)?);
        let readers = Readers::open(&path, &options, Owner::Another)?;
        let tail = Tail::open(&path, &options)?;
        Ok(Self { kinds, path, readers, role: WriteRole::Anothers(tail) })
    }

    /// The writer, if this process is the one that writes.
    fn writer(&self) -> Result<&Writer, StoreError> {
        match &self.role {
            WriteRole::Ours { writer, .. } => Ok(writer),
            WriteRole::Anothers(_) => Err(StoreError::ReadOnly { path: self.path.clone() }),
        }
    }

    fn kind(&self, kind: &str) -> Result<&schema::Kind, StoreError> {
        self.kinds.get(kind).ok_or_else(|| StoreError::UnknownKind(kind.to_owned()))
    }

    /// Runs a read on one of the readers, on a thread that may wait.
    fn read<'a, T: Send + 'static>(
        &'a self,
        doing: &'static str,
        work: impl FnOnce(&Connection, &Kinds) -> rusqlite::Result<T> + Send + 'static,
    ) -> EngineFuture<'a, T> {
        let kinds = Arc::clone(&self.kinds);
        Box::pin(self.readers.run(doing, move |connection| work(connection, &kinds)))
    }
}

impl Engine for SqliteEngine {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn head(&self) -> watch::Receiver<u64> {
        match &self.role {
            WriteRole::Ours { writer, .. } => writer.head(),
            WriteRole::Anothers(tail) => tail.head(),
        }
    }

    fn heads(&self, keys: Vec<(&'static str, Uuid)>) -> EngineFuture<'_, Vec<Option<Head>>> {
        self.read("reading versions", move |connection, kinds| {
            let mut heads = Vec::with_capacity(keys.len());
            for (kind, id) in keys {
                let kind = schema::known(kinds, kind)?;
                heads.push(rows::head(connection, kind, id)?);
            }
            Ok(heads)
        })
    }

    fn commit(&self, change: PreparedChange) -> EngineFuture<'_, Committed> {
        Box::pin(async move { self.writer()?.commit(change).await })
    }

    fn answer(&self, owner: String, key: String) -> EngineFuture<'_, Option<StoredAnswer>> {
        self.read("looking for an idempotency key", move |connection, _| {
            operational::answer(connection, &owner, &key)
        })
    }

    fn get(&self, kind: &'static str, id: Uuid) -> EngineFuture<'_, Option<RawRecord>> {
        self.read("reading a record", move |connection, kinds| {
            rows::record(connection, schema::known(kinds, kind)?, id)
        })
    }

    fn list(&self, plan: ListPlan) -> EngineFuture<'_, (Vec<RawRecord>, Option<u64>)> {
        self.read("reading a list", move |connection, kinds| lists::list(connection, kinds, &plan))
    }

    fn explain(&self, plan: ListPlan) -> EngineFuture<'_, Plan> {
        self.read("explaining a list", move |connection, kinds| lists::explain(connection, kinds, &plan))
    }

    fn entry_as_of(&self, kind: String, id: Uuid, at: Timestamp) -> EngineFuture<'_, Option<RawEntry>> {
        self.read("reading the past", move |connection, kinds| {
            let kind = schema::known(kinds, &kind)?;
            rows::entry_as_of(connection, kind.number, id, at)
        })
    }

    fn entry_of(&self, kind: String, id: Uuid, version: u64) -> EngineFuture<'_, Option<RawEntry>> {
        self.read("reading a version", move |connection, _| match rows::kind_number(connection, &kind)? {
            Some(number) => rows::entry_of(connection, number, id, version),
            None => Ok(None),
        })
    }

    fn history(&self, kind: String, id: Uuid, after: u64, limit: usize) -> EngineFuture<'_, Vec<RawEntry>> {
        self.read("reading a history", move |connection, _| match rows::kind_number(connection, &kind)? {
            Some(number) => rows::history(connection, number, id, after, limit),
            None => Ok(Vec::new()),
        })
    }

    fn journal(&self, query: JournalQuery) -> EngineFuture<'_, Vec<RawEntry>> {
        self.read("reading the journal", move |connection, _| lists::journal(connection, &query))
    }

    fn feed(&self, after: u64, limit: usize) -> EngineFuture<'_, Vec<RawEntry>> {
        self.read("reading the feed", move |connection, _| rows::feed(connection, after, limit))
    }

    fn operational(&self, command: OperationalCommand) -> EngineFuture<'_, OperationalAnswer> {
        if command.reads() {
            self.read("reading operational state", move |connection, _| operational::run(connection, command))
        } else {
            Box::pin(async move {
                let write = move |connection: &Connection| operational::run(connection, command.clone());
                self.writer()?.run("writing operational state", write).await
            })
        }
    }

    fn tables(&self) -> EngineFuture<'_, Vec<String>> {
        self.read("listing tables", |connection, _| schema::tables(connection))
    }

    fn integrity(&self) -> EngineFuture<'_, Vec<Finding>> {
        self.read("examining the database", schema::examine)
    }

    fn scan(
        &self,
        spec: KindSpec,
        after: Option<Uuid>,
        limit: usize,
    ) -> EngineFuture<'_, Vec<CheckedRecord>> {
        self.read("reading all records", move |connection, kinds| {
            lists::scan(connection, schema::known(kinds, spec.kind())?, &spec, after, limit)
        })
    }

    fn backup<'a>(&'a self, folder: &'a Path, progress: ProgressFn<'a>) -> EngineFuture<'a, Vec<String>> {
        Box::pin(async move {
            let (from, to) = (self.path.clone(), folder.join(DATABASE));
            let owner = match &self.role {
                WriteRole::Ours { .. } => Owner::Us,
                WriteRole::Anothers(_) => Owner::Another,
            };
            let (sender, mut steps) = tokio::sync::mpsc::unbounded_channel();
            let copying = tokio::task::spawn_blocking(move || {
                connection::copy_database(&from, &to, owner, &|step: Progress| {
                    // Nobody listens any more when the future was dropped; the copy is then of no use either.
                    let _ = sender.send(step);
                })
            });
            while let Some(step) = steps.recv().await {
                progress(step);
            }
            copying.await.map_err(|error| StoreError::fault("waiting for the backup", error))??;
            Ok(vec![DATABASE.to_owned()])
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl SqliteEngine {
    /// The names of a kind's table and columns, for tests that look beneath.
    ///
    /// # Errors
    /// [`StoreError::UnknownKind`].
    pub fn table_of(&self, kind: &str) -> Result<String, StoreError> {
        self.kind(kind).map(|kind| kind.table.clone())
    }

    /// Length of the write-ahead log. Unit: bytes.
    pub fn wal_bytes(&self) -> u64 {
        writer::wal_bytes(&self.path)
    }
}

/// A row that may be missing.
fn maybe<T>(result: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    result.optional()
}
