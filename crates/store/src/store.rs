//! The store's public face: typed reading, and [`Store::begin`] for writing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hutong_kernel::{Id as _, OpContext};
use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use crate::engine::{Engine, Plan, RawRecord};
use crate::entry::{JournalEntry, RawEntry};
use crate::files::Files;
use crate::limits::{ALL_MAX, FEED_MAX, PAGE_MAX};
use crate::mint::Mint;
use crate::operational::Operational;
use crate::query::{Count, Cursor, JournalQuery, ListPlan, Page, Query};
use crate::record::{KindSpec, Record, Stored, Version};
use crate::sqlite::{SqliteEngine, SqliteOptions};
use crate::{Change, FileRef, Receipt, Sha256, StoreError};

/// Records with their journal, files and operational state. Cheap to clone; all clones are one store.
///
/// Needs a Tokio runtime for everything but opening.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
}

struct Parts {
    engine: Arc<dyn Engine>,
    kinds: BTreeMap<&'static str, KindSpec>,
    folder: PathBuf,
    files: Files,
    mint: Mutex<Mint>,
}

impl Store {
    /// Opens (or makes) the data directory at `folder` with the embedded database: `hutong.db`, `files/`, `lock`.
    ///
    /// Tables, columns and indexes of `kinds` are made or adapted. One process has a data directory at a time.
    ///
    /// # Errors
    /// `store.in_use`, `store.read_only`, `store.full`, `store.corrupt`, `store.newer_schema`,
    /// `store.foreign_file`, `store.declaration`, faults.
    pub fn open_sqlite(
        folder: &Path,
        kinds: Vec<KindSpec>,
        options: SqliteOptions,
    ) -> Result<Self, StoreError> {
        let engine = SqliteEngine::open(folder, &kinds, options)?;
        Self::over(Arc::new(engine), kinds, folder)
    }

    /// Opens the data directory at `folder` for reading, beside the process that holds it and writes.
    ///
    /// Every read, [`Store::check`] and [`Store::backup`] work and see what is durable by then; [`Store::head`]
    /// is read anew at each call and does not move by itself. Whatever would write is refused with
    /// `store.read_only`. Nothing is made, adapted or locked: when no process holds the directory, use
    /// [`Store::open_sqlite`].
    ///
    /// # Errors
    /// `store.other_schema`, `store.newer_schema`, `store.foreign_file`, `store.corrupt`, `store.declaration`,
    /// faults; one of these is that there is no database.
    pub fn open_read_only(
        folder: &Path,
        kinds: Vec<KindSpec>,
        options: SqliteOptions,
    ) -> Result<Self, StoreError> {
        let engine = SqliteEngine::open_read_only(folder, &kinds, options)?;
        Self::with(Arc::new(engine), kinds, folder, Files::open_read_only(folder))
    }

    /// A store over an engine that is open already; `folder` is for files.
    ///
    /// # Errors
    /// `store.declaration`, and what making the folder meets.
    pub fn over(engine: Arc<dyn Engine>, kinds: Vec<KindSpec>, folder: &Path) -> Result<Self, StoreError> {
        let files = Files::open(folder)?;
        Self::with(engine, kinds, folder, files)
    }

    fn with(
        engine: Arc<dyn Engine>,
        kinds: Vec<KindSpec>,
        folder: &Path,
        files: Files,
    ) -> Result<Self, StoreError> {
        let kinds = check_kinds(kinds)?;
        Ok(Self {
            parts: Arc::new(Parts {
                engine,
                kinds,
                folder: folder.to_owned(),
                files,
                mint: Mutex::new(Mint::default()),
            }),
        })
    }

    /// Begins a change. Who, when and under which request come from `ctx`; `reason` is why, in the doer's
    /// words, and must not be empty. Nothing is read or written before [`Change::commit`].
    pub fn begin(&self, ctx: &OpContext, reason: impl Into<String>) -> Change {
        Change::new(self.clone(), ctx, reason.into())
    }

    /// The receipts of a request that was carried out before under the context's idempotency key; `None` if it
    /// was not. For doors that want to answer a repeated request before they compute anything: they take
    /// `digest` of the request and give the same to [`Change::request_digest`].
    ///
    /// # Errors
    /// `store.idempotency_key_reused` if the key was used with another digest; faults.
    pub async fn replay(
        &self,
        ctx: &OpContext,
        digest: [u8; 32],
    ) -> Result<Option<Vec<Receipt>>, StoreError> {
        crate::change::replay_request(self, ctx, digest).await
    }

    /// The newest version of a record.
    ///
    /// # Errors
    /// Faults; `None` is no error.
    pub async fn get<R: Record>(&self, id: R::Id) -> Result<Option<Stored<R>>, StoreError> {
        let spec = self.spec(R::KIND)?;
        self.parts.engine.get(spec.kind(), id.uuid()).await?.map(read_record).transpose()
    }

    /// The record as it was at a moment: its highest version that was written at or before it.
    ///
    /// # Errors
    /// Faults; `None` if it did not exist yet.
    pub async fn get_as_of<R: Record>(
        &self,
        id: R::Id,
        at: Timestamp,
    ) -> Result<Option<Stored<R>>, StoreError> {
        self.spec(R::KIND)?;
        self.parts.engine.entry_as_of(R::KIND.to_owned(), id.uuid(), at).await?.map(read_version).transpose()
    }

    /// One version of a record.
    ///
    /// # Errors
    /// Faults; `None` if there is no such version.
    pub async fn get_version<R: Record>(
        &self,
        id: R::Id,
        version: Version,
    ) -> Result<Option<Stored<R>>, StoreError> {
        self.spec(R::KIND)?;
        self.parts
            .engine
            .entry_of(R::KIND.to_owned(), id.uuid(), version.0)
            .await?
            .map(read_version)
            .transpose()
    }

    /// A page of a declared list. Records and count are of one moment; following the cursor shows every record
    /// that was there all the time exactly once, whatever is written meanwhile.
    ///
    /// # Errors
    /// `store.unknown_index`, `store.cursor`, faults.
    pub async fn list<R: Record>(&self, query: Query) -> Result<Page<R>, StoreError> {
        let (items, next, counted) = self.page::<R>(&query, true).await?;
        Ok(Page { items, next, count: Count::bounded(counted.unwrap_or_default()) })
    }

    /// A whole declared list, for exports and jobs. `query.limit` does not matter.
    ///
    /// # Errors
    /// `store.too_many` beyond [`ALL_MAX`]; those of [`Store::list`].
    pub async fn all<R: Record>(&self, query: Query) -> Result<Vec<Stored<R>>, StoreError> {
        let mut query = Query { limit: PAGE_MAX, ..query };
        let mut all = Vec::new();
        loop {
            let (items, next, _) = self.page::<R>(&query, false).await?;
            all.extend(items);
            if ALL_MAX < all.len() {
                return Err(StoreError::TooMany { kind: R::KIND.to_owned(), limit: ALL_MAX });
            }
            match next {
                Some(cursor) => query.after = Some(cursor),
                None => return Ok(all),
            }
        }
    }

    async fn page<R: Record>(
        &self,
        query: &Query,
        count: bool,
    ) -> Result<(Vec<Stored<R>>, Option<Cursor>, Option<u64>), StoreError> {
        let plan = ListPlan::new(self.spec(R::KIND)?, query, count)?;
        let (sort, take) = (plan.sort, plan.take);
        let (raw, counted) = self.parts.engine.list(plan).await?;
        let mut items = raw.into_iter().map(read_record::<R>).collect::<Result<Vec<_>, _>>()?;
        let mut next = None;
        if take <= items.len() {
            items.truncate(take - 1);
            next = items.last().map(|last| {
                let value = sort.and_then(|field| {
                    last.record
                        .index_values()
                        .into_iter()
                        .find(|(name, _)| *name == field)
                        .map(|(_, value)| value)
                });
                Cursor::following(query, value, last.record.id().uuid())
            });
        }
        Ok((items, next, counted))
    }

    /// A record's entries after version `after` (from the first if `None`), oldest first, at most
    /// [`PAGE_MAX`] at once.
    ///
    /// # Errors
    /// Faults.
    pub async fn history(
        &self,
        kind: &str,
        id: Uuid,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let limit = limit.clamp(1, PAGE_MAX);
        read_entries(self.parts.engine.history(kind.to_owned(), id, after.unwrap_or(0), limit).await?)
    }

    /// A part of the journal; see [`JournalQuery`] for the order.
    ///
    /// # Errors
    /// Faults.
    pub async fn journal(&self, query: JournalQuery) -> Result<Vec<JournalEntry>, StoreError> {
        let limit = if query.limit == 0 { PAGE_MAX } else { query.limit.min(PAGE_MAX) };
        read_entries(self.parts.engine.journal(JournalQuery { limit, ..query }).await?)
    }

    /// Entries after number `after`, in order, without a gap, at most [`FEED_MAX`] at once. Start with 0; an
    /// empty answer means that there is nothing newer (wait on [`Store::head`]).
    ///
    /// # Errors
    /// Faults.
    pub async fn feed(&self, after: u64, limit: usize) -> Result<Vec<JournalEntry>, StoreError> {
        read_entries(self.parts.engine.feed(after, limit.clamp(1, FEED_MAX)).await?)
    }

    /// The newest number of the journal, as it grows; 0 while it is empty. What it says is durable.
    pub fn head(&self) -> watch::Receiver<u64> {
        self.parts.engine.head()
    }

    /// One entry by its number.
    ///
    /// # Errors
    /// Faults.
    pub async fn entry(&self, seq: u64) -> Result<Option<JournalEntry>, StoreError> {
        let Some(before) = seq.checked_sub(1) else { return Ok(None) };
        let entries = self.feed(before, 1).await?;
        Ok(entries.into_iter().find(|entry| entry.seq == seq))
    }

    /// The entry that made a version of a record.
    ///
    /// # Errors
    /// Faults.
    pub async fn entry_of(
        &self,
        kind: &str,
        id: Uuid,
        version: Version,
    ) -> Result<Option<JournalEntry>, StoreError> {
        self.parts.engine.entry_of(kind.to_owned(), id, version.0).await?.map(RawEntry::read).transpose()
    }

    /// Sessions, credentials, lock-outs, leases, positions: outside the journal.
    pub fn operational(&self) -> Operational {
        Operational::new(Arc::clone(&self.parts.engine))
    }

    /// Keeps bytes under their SHA-256; durable when it returns. The same bytes are kept once. The limit of
    /// size is the caller's.
    ///
    /// # Errors
    /// `store.full`, `store.read_only`, faults.
    pub async fn put_file(&self, bytes: impl Into<Vec<u8>>) -> Result<FileRef, StoreError> {
        let (files, bytes) = (self.parts.files.clone(), bytes.into());
        blocking(move || files.put(&bytes)).await
    }

    /// The bytes under a hash, checked against it.
    ///
    /// # Errors
    /// `store.file_missing`, `store.file_damaged`, faults.
    pub async fn read_file(&self, sha256: &Sha256) -> Result<Vec<u8>, StoreError> {
        let (files, sha256) = (self.parts.files.clone(), *sha256);
        blocking(move || files.read(&sha256)).await
    }

    /// How the engine goes about a list; the conformance suite asserts it for every declared one.
    ///
    /// # Errors
    /// As [`Store::list`].
    pub async fn explain<R: Record>(&self, query: Query) -> Result<Plan, StoreError> {
        self.parts.engine.explain(ListPlan::new(self.spec(R::KIND)?, &query, true)?).await
    }

    /// The data directory.
    pub fn folder(&self) -> &Path {
        &self.parts.folder
    }

    /// The kinds that the store was opened with, by name.
    pub fn kinds(&self) -> impl Iterator<Item = &KindSpec> {
        self.parts.kinds.values()
    }

    /// The engine beneath, for its own tests and tools.
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.parts.engine
    }

    pub(crate) fn files(&self) -> &Files {
        &self.parts.files
    }

    pub(crate) fn spec(&self, kind: &str) -> Result<&KindSpec, StoreError> {
        self.parts.kinds.get(kind).ok_or_else(|| StoreError::UnknownKind(kind.to_owned()))
    }

    pub(crate) fn mint(&self, at: Timestamp) -> Result<Uuid, StoreError> {
        // A poisoned lock guards nothing that could be half done.
        self.parts.mint.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next(at)
    }
}

pub(crate) fn check_kinds(kinds: Vec<KindSpec>) -> Result<BTreeMap<&'static str, KindSpec>, StoreError> {
    let mut by_name = BTreeMap::new();
    for spec in kinds {
        let kind = spec.kind();
        if let Some(reason) = spec.mistake() {
            return Err(StoreError::Declaration { kind: kind.to_owned(), reason });
        }
        if by_name.insert(kind, spec).is_some() {
            let reason = "it is declared twice".to_owned();
            return Err(StoreError::Declaration { kind: kind.to_owned(), reason });
        }
    }
    Ok(by_name)
}

/// Runs file work where it may wait for the disk.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::fault("waiting for a blocking task", error))?
}

fn read_record<R: Record>(raw: RawRecord) -> Result<Stored<R>, StoreError> {
    let record = serde_json::from_str(&raw.body)
        .map_err(|error| StoreError::fault(format!("reading {} {}", R::KIND, raw.id), error))?;
    Ok(Stored { record, version: Version(raw.version), changed_at: raw.changed_at })
}

fn read_version<R: Record>(raw: RawEntry) -> Result<Stored<R>, StoreError> {
    let entry = raw.read()?;
    let record = serde_json::from_value(entry.body).map_err(|error| {
        StoreError::fault(format!("reading {} {} of the journal", R::KIND, entry.id), error)
    })?;
    Ok(Stored { record, version: entry.version, changed_at: entry.at })
}

fn read_entries(raw: Vec<RawEntry>) -> Result<Vec<JournalEntry>, StoreError> {
    raw.into_iter().map(RawEntry::read).collect()
}
