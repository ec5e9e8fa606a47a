//! The store's journal, as the ledger follows it.

use hutong_store::{RawEntry, Store, StoreError};
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::journal::{Journal, JournalFault, JournalLeaf, Opening};

/// Most entries that are fetched at once, so that entries with large bodies do not fill the memory.
const FETCH_ENTRIES_MAX: u64 = 512;
/// Versions of a record that are fetched at once.
const HISTORY_PAGE: usize = 200;

/// The journal of a store.
///
/// The store is asynchronous and the ledger blocks, so calls must come from a thread that may block
/// (`tokio::task::spawn_blocking`); on a thread of the runtime itself they panic.
#[derive(Clone)]
pub struct StoreJournal {
    store: Store,
    runtime: Handle,
}

impl StoreJournal {
    /// The journal of `store`, whose futures run on `runtime`.
    pub fn new(store: Store, runtime: Handle) -> Self {
        Self { store, runtime }
    }
}

fn leaf(entry: RawEntry) -> JournalLeaf {
    let RawEntry { seq, canonical, salt, commitment } = entry;
    JournalLeaf { seq, commitment, opening: Some(Opening { salt, canonical }) }
}

fn fault(error: StoreError) -> JournalFault {
    JournalFault(Box::new(error))
}

impl Journal for StoreJournal {
    fn head(&self) -> Result<u64, JournalFault> {
        Ok(*self.store.head().borrow())
    }

    fn read(&self, from_seq: u64, limit: u64) -> Result<Vec<JournalLeaf>, JournalFault> {
        // Straight from the engine: the texts are hashed and not read, and an entry that the store can no
        // longer read is exactly what an audit must still see.
        let limit = usize::try_from(limit.clamp(1, FETCH_ENTRIES_MAX)).unwrap_or(1);
        let feed = self.store.engine().feed(from_seq.saturating_sub(1), limit);
        Ok(self.runtime.block_on(feed).map_err(fault)?.into_iter().map(leaf).collect())
    }

    fn record(&self, kind: &str, record_id: &str) -> Result<Vec<JournalLeaf>, JournalFault> {
        // Something else than an id is the id of nothing.
        let Ok(id) = Uuid::parse_str(record_id) else {
            return Ok(Vec::new());
        };
        let mut leaves = Vec::new();
        loop {
            // Versions are numbered without gaps, so as many were read as the last one's number.
            let history = self.store.engine().history(kind.to_owned(), id, leaves.len() as u64, HISTORY_PAGE);
            let page = self.runtime.block_on(history).map_err(fault)?;
            let whole = page.len() == HISTORY_PAGE;
            leaves.extend(page.into_iter().map(leaf));
            if !whole {
                return Ok(leaves);
            }
        }
    }
}
