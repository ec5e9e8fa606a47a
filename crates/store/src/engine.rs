//! What an engine must do; SQLite does it, PostgreSQL will.
//!
//! Everything that must be the same on every engine is above this line: canonical texts, commitments,
//! versions, validation, idempotency, cursors, diffs. An engine keeps rows, in one order, durably.

use std::any::Any;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use crate::StoreError;
use crate::check::Finding;
use crate::entry::RawEntry;
use crate::operational::{OperationalAnswer, OperationalCommand};
use crate::query::{JournalQuery, ListPlan};
use crate::record::{IndexValues, KindSpec};

/// What an engine's functions return.
pub type EngineFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Called with what is done and what there is to do.
pub type ProgressFn<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// How far a long job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which part of the job: `database`, `files`, `journal`, `records` …
    pub step: &'static str,
    /// Units done in this step.
    pub done: u64,
    /// Units of this step altogether.
    pub total: u64,
}

/// A record's newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub version: u64,
    /// Its commitment.
    pub commitment: [u8; 32],
}

/// A record as an engine keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// Its id.
    pub id: Uuid,
    /// Newest version.
    pub version: u64,
    /// When that was written.
    pub changed_at: Timestamp,
    /// Commitment of the newest version.
    pub commitment: [u8; 32],
    /// Canonical JSON.
    pub body: String,
}

/// A record with the declared fields' values as the engine keeps them, for the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRecord {
    /// The record.
    pub record: RawRecord,
    /// Declared fields in the order of [`KindSpec::fields`]: does the column hold the value given?
    pub columns_agree: bool,
}

/// One record version that is ready to be written.
#[derive(Debug, Clone)]
pub struct PreparedWrite {
    /// Kind of the record.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The version that must be there; `None` when there must be none.
    pub expected: Option<u64>,
    /// When.
    pub at: Timestamp,
    /// The person who does it, for the journal's filter.
    pub person: Option<Uuid>,
    /// Salt of the commitment.
    pub salt: [u8; 32],
    /// The ledger's leaf.
    pub commitment: [u8; 32],
    /// Exact text of the entry.
    pub canonical: String,
    /// Canonical body.
    pub body: String,
    /// Values of all declared fields, in the order of [`KindSpec::fields`].
    pub fields: IndexValues,
}

impl PreparedWrite {
    /// The version that this makes.
    pub fn version(&self) -> u64 {
        self.expected.map_or(1, |version| version + 1)
    }

    /// Rough size, for bounding what is held in memory.
    pub fn bytes(&self) -> usize {
        self.canonical.len() + self.body.len() + 256
    }
}

/// Under which key a change is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyTag {
    /// The client's key.
    pub key: String,
    /// Whose key: two clients may use the same.
    pub owner: String,
    /// Digest of the request.
    pub digest: [u8; 32],
    /// When, for forgetting.
    pub at: Timestamp,
}

/// A remembered answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Digest of the request it answered.
    pub digest: [u8; 32],
    /// The entries that were written, first and last.
    pub first_seq: u64,
    /// How many.
    pub count: u64,
}

/// A change that is ready to be written, as a whole or not at all.
#[derive(Debug, Clone)]
pub struct PreparedChange {
    /// Its writes, in order.
    pub writes: Vec<PreparedWrite>,
    /// Remember it under this key.
    pub tag: Option<IdempotencyTag>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is durable; its entries have consecutive numbers from this one on.
    Written {
        /// Number of its first entry.
        first_seq: u64,
    },
    /// The key was there already; nothing was written.
    Known(StoredAnswer),
}

/// A database beneath the store.
pub trait Engine: Send + Sync + 'static {
    /// `sqlite`, `postgres`.
    fn name(&self) -> &'static str;
    /// Newest sequence number that is durable.
    fn head(&self) -> watch::Receiver<u64>;
    /// Newest versions of records, in the order asked for.
    fn heads(&self, keys: Vec<(&'static str, Uuid)>) -> EngineFuture<'_, Vec<Option<Head>>>;
    /// Writes a change durably: checks each write's expected version and the unique fields, numbers the
    /// entries without a gap, remembers the answer. All or nothing.
    ///
    /// Errors: `Conflict`, `Exists`, `NotFound`, `NotUnique`, `Full`, `ReadOnly`, `Closed`, faults.
    fn commit(&self, change: PreparedChange) -> EngineFuture<'_, Committed>;
    /// The remembered answer of a key.
    fn answer(&self, owner: String, key: String) -> EngineFuture<'_, Option<StoredAnswer>>;
    /// A record's newest version.
    fn get(&self, kind: &'static str, id: Uuid) -> EngineFuture<'_, Option<RawRecord>>;
    /// A page of records, and the count if the plan wants it, of one moment.
    fn list(&self, plan: ListPlan) -> EngineFuture<'_, (Vec<RawRecord>, Option<u64>)>;
    /// How the engine goes about a list: words of its planner, for the conformance suite.
    fn explain(&self, plan: ListPlan) -> EngineFuture<'_, Plan>;
    /// The highest version whose moment is not after `at`.
    fn entry_as_of(&self, kind: String, id: Uuid, at: Timestamp) -> EngineFuture<'_, Option<RawEntry>>;
    /// One version's entry.
    fn entry_of(&self, kind: String, id: Uuid, version: u64) -> EngineFuture<'_, Option<RawEntry>>;
    /// A record's entries after a version, oldest first.
    fn history(&self, kind: String, id: Uuid, after: u64, limit: usize) -> EngineFuture<'_, Vec<RawEntry>>;
    /// A part of the journal.
    fn journal(&self, query: JournalQuery) -> EngineFuture<'_, Vec<RawEntry>>;
    /// Entries after a number, in order.
    fn feed(&self, after: u64, limit: usize) -> EngineFuture<'_, Vec<RawEntry>>;
    /// Operational state, outside the journal.
    fn operational(&self, command: OperationalCommand) -> EngineFuture<'_, OperationalAnswer>;
    /// Names of all tables, sorted.
    fn tables(&self) -> EngineFuture<'_, Vec<String>>;
    /// What the engine itself can say about its health: pages, foreign tables, orphans.
    fn integrity(&self) -> EngineFuture<'_, Vec<Finding>>;
    /// Records of a kind after an id, by id, each with the verdict whether its columns hold `fields` of its body.
    fn scan(&self, spec: KindSpec, after: Option<Uuid>, limit: usize)
    -> EngineFuture<'_, Vec<CheckedRecord>>;
    /// Copies the database of one moment into the folder, while writing goes on; the file's name comes back.
    fn backup<'a>(&'a self, folder: &'a Path, progress: ProgressFn<'a>) -> EngineFuture<'a, Vec<String>>;
    /// For an engine's own tests.
    fn as_any(&self) -> &dyn Any;
}

/// How an engine answers a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// It goes through the declared index only: no scan of the table, no sorting.
    pub by_index_only: bool,
    /// What the planner said.
    pub words: Vec<String>,
}
