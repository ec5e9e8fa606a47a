//! Between the store's journal, the ledger, and the pages that show it.

use std::path::PathBuf;
use std::sync::Arc;

use hutong_kernel::refusal::{AnyRefusal, Refusal};
use hutong_ledger::follow::LedgerState;
use hutong_ledger::journal::Opening;
use hutong_ledger::{Journal, JournalFault, JournalLeaf, LedgerError, LedgerPlace, prove};
use hutong_store::limits::{FEED_MAX, PAGE_MAX};
use hutong_store::{JournalEntry, Store, StoreError};
use hutong_web::state::{DoorFuture, LedgerDoor, LedgerDoorError, LedgerStatus};
use tokio::runtime::Handle;
use tokio::sync::watch;
use uuid::Uuid;

/// The store's journal as the ledger reads it. Its calls block and belong on threads that may.
#[derive(Clone)]
pub struct StoreJournal {
    store: Store,
    runtime: Handle,
}

impl StoreJournal {
    /// The journal of `store`; `runtime` drives the store's futures.
    pub fn new(store: Store, runtime: Handle) -> Self {
        Self { store, runtime }
    }

    fn wait<T>(&self, future: impl Future<Output = Result<T, StoreError>>) -> Result<T, JournalFault> {
        self.runtime.block_on(future).map_err(|error| JournalFault(Box::new(error)))
    }
}

fn leaf(entry: JournalEntry) -> JournalLeaf {
    JournalLeaf {
        seq: entry.seq,
        commitment: entry.commitment,
        opening: Some(Opening { salt: entry.salt, canonical: entry.canonical }),
    }
}

impl Journal for StoreJournal {
    fn head(&self) -> Result<u64, JournalFault> {
        Ok(*self.store.head().borrow())
    }

    fn read(&self, from_seq: u64, limit: u64) -> Result<Vec<JournalLeaf>, JournalFault> {
        let mut leaves = Vec::new();
        let mut after = from_seq.saturating_sub(1);
        let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
        while 0 < left {
            let wanted = left.min(FEED_MAX);
            let entries = self.wait(self.store.feed(after, wanted))?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            let short = entries.len() < wanted;
            left -= entries.len();
            leaves.extend(entries.into_iter().map(leaf));
            if short {
                break;
            }
        }
        Ok(leaves)
    }

    fn record(&self, kind: &str, record_id: &str) -> Result<Vec<JournalLeaf>, JournalFault> {
        let Ok(id) = Uuid::parse_str(record_id) else { return Ok(Vec::new()) };
        let mut leaves: Vec<JournalLeaf> = Vec::new();
        let mut after = None;
        loop {
            let entries = self.wait(self.store.history(kind, id, after, PAGE_MAX))?;
            let short = entries.len() < PAGE_MAX;
            after = entries.last().map(|it| it.version.0);
            leaves.extend(entries.into_iter().map(leaf));
            if short {
                return Ok(leaves);
            }
        }
    }
}

/// The ledger as pages see it.
pub struct RunningLedger {
    place: LedgerPlace,
    journal: StoreJournal,
    state: watch::Receiver<LedgerState>,
}

impl RunningLedger {
    /// A ledger whose follower tells its state.
    pub fn new(place: LedgerPlace, journal: StoreJournal, state: watch::Receiver<LedgerState>) -> Self {
        Self { place, journal, state }
    }
}

/// A ledger's error that the person who asks can understand and wait out.
#[derive(Debug)]
struct NotYet(LedgerError);

impl std::fmt::Display for NotYet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NotYet {}

impl Refusal for NotYet {
    fn code(&self) -> &'static str {
        self.0.code()
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        self.0.values()
    }
    fn status(&self) -> u16 {
        match &self.0 {
            LedgerError::NoSuchEntry { .. } | LedgerError::NoSuchRecord { .. } => 404,
            _ => 409,
        }
    }
}

fn door_error(error: LedgerError) -> LedgerDoorError {
    match error {
        LedgerError::NotStarted { .. }
        | LedgerError::NotSequenced { .. }
        | LedgerError::NoSuchEntry { .. }
        | LedgerError::NoSuchRecord { .. } => LedgerDoorError::Refused(AnyRefusal::from(NotYet(error))),
        _ => LedgerDoorError::Fault(Box::new(error)),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, LedgerDoorError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(door_error),
        Err(stopped) => Err(LedgerDoorError::Fault(Box::new(stopped))),
    }
}

impl LedgerDoor for RunningLedger {
    fn checkpoint(&self) -> DoorFuture<'_, Result<String, LedgerDoorError>> {
        let place = self.place.clone();
        Box::pin(blocking(move || prove::published_head(&place).map(|head| head.note)))
    }

    fn prove(&self, seq: u64) -> DoorFuture<'_, Result<String, LedgerDoorError>> {
        let (place, journal) = (self.place.clone(), self.journal.clone());
        Box::pin(blocking(move || prove::prove(&place, &journal, seq)))
    }

    fn status(&self) -> LedgerStatus {
        let published = prove::published_head(&self.place).ok();
        LedgerStatus {
            origin: self.place.origin.clone(),
            size: self.state.borrow().size().unwrap_or(0),
            root: published.map(|head| head.checkpoint.root.to_string()).unwrap_or_default(),
        }
    }
}

/// Folders and files of the ledger that lie in the data directory, for a backup.
pub fn files_in_data_dir(place: &LedgerPlace, data_dir: &std::path::Path) -> Vec<PathBuf> {
    [&place.tiles, &place.lock, &place.key]
        .into_iter()
        .filter(|path| path.starts_with(data_dir) && path.try_exists().unwrap_or(false))
        .cloned()
        .collect()
}

/// Shares a door.
pub fn door(ledger: RunningLedger) -> Arc<dyn LedgerDoor> {
    Arc::new(ledger)
}
