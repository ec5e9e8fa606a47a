//! The ledger as pages, API and command line use it: one value, asynchronous, cheap to clone.

use std::future::Future;
use std::sync::Arc;

use hutong_store::Store;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::audit::{AuditOptions, AuditProgress, AuditReport, audit};
use crate::check_up::{Check, check_up};
use crate::copy::copy;
use crate::error::LedgerError;
use crate::follow::{LedgerState, blocking, follow};
use crate::place::LedgerPlace;
use crate::prove::{PublishedHead, prove, prove_record, published_head};
use crate::serve::{Served, serve};
use crate::store_journal::StoreJournal;
use crate::{Checkpoint, VerifierKey, key};

/// The ledger of a store.
#[derive(Clone)]
pub struct Ledger {
    place: Arc<LedgerPlace>,
    store: Store,
    state: watch::Sender<LedgerState>,
}

impl Ledger {
    /// The ledger at `place`, of the journal of `store`. Touches nothing yet.
    pub fn new(place: LedgerPlace, store: Store) -> Self {
        Self { place: Arc::new(place), store, state: watch::Sender::new(LedgerState::Opening) }
    }

    /// Which ledger this is.
    pub fn place(&self) -> &LedgerPlace {
        &self.place
    }

    /// The task that keeps the ledger up with the journal, to be run once by the server: until `stop` becomes
    /// true, then what the journal has by then is still sequenced.
    ///
    /// # Errors
    /// The broken invariant that ended it, already logged. The server may go on: nothing is lost, only not
    /// proven any more, and [`Ledger::state`] says so.
    pub fn follow(
        &self,
        stop: watch::Receiver<bool>,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + 'static {
        let (place, wake, state) = ((*self.place).clone(), self.store.head(), self.state.clone());
        let store = self.store.clone();
        async move {
            let journal = Arc::new(StoreJournal::new(store, Handle::current()));
            follow(journal, place, wake, stop, state).await
        }
    }

    /// How the task of [`Ledger::follow`] goes; [`LedgerState::Opening`] where none was started.
    pub fn state(&self) -> watch::Receiver<LedgerState> {
        self.state.subscribe()
    }

    /// The proof file for the journal entry `seq`.
    ///
    /// # Errors
    /// `ledger.no_such_entry`, `ledger.not_sequenced` (wait a moment), `ledger.not_started`, faults, and
    /// what is found broken.
    pub async fn prove(&self, seq: u64) -> Result<String, LedgerError> {
        self.with(move |place, journal| prove(place, journal, seq)).await
    }

    /// The proof files of all versions of a record, oldest first, in one text.
    ///
    /// # Errors
    /// `ledger.no_such_record`, and as [`Ledger::prove`].
    pub async fn prove_record(&self, kind: &str, record_id: &str) -> Result<String, LedgerError> {
        let (kind, record_id) = (kind.to_owned(), record_id.to_owned());
        self.with(move |place, journal| prove_record(place, journal, &kind, &record_id)).await
    }

    /// The published checkpoint, verified.
    ///
    /// # Errors
    /// `ledger.not_started`, faults, and what is found broken.
    pub async fn published_head(&self) -> Result<PublishedHead, LedgerError> {
        self.with(|place, _journal| published_head(place)).await
    }

    /// The published key.
    ///
    /// # Errors
    /// `ledger.not_started`, `ledger.key.malformed`, faults.
    pub async fn vkey(&self) -> Result<VerifierKey, LedgerError> {
        self.with(|place, _journal| key::published(place)).await
    }

    /// The file for a request's path below `/ledger/`; see [`serve`].
    pub async fn serve(&self, path: &str) -> Option<Served> {
        let path = path.to_owned();
        self.with(move |place, _journal| serve(place, &path)).await
    }

    /// Recomputes everything from the journal; see [`audit`]. `progress` is called on another thread.
    ///
    /// # Errors
    /// Only when the audit could not be done. What it found wrong is in the report.
    pub async fn audit(
        &self,
        vkey: Option<VerifierKey>,
        earlier_checkpoint: Option<String>,
        mut progress: impl FnMut(AuditProgress) + Send + 'static,
    ) -> Result<AuditReport, LedgerError> {
        self.with(move |place, journal| {
            let options =
                AuditOptions { vkey: vkey.as_ref(), earlier_checkpoint: earlier_checkpoint.as_deref() };
            audit(place, journal, options, &mut progress)
        })
        .await
    }

    /// What `hutong doctor` asks; see [`check_up`].
    pub async fn check_up(&self) -> Vec<Check> {
        self.with(check_up).await
    }

    /// Copies the ledger up to its published checkpoint; see [`copy`]. Copy the store afterwards. `progress` is
    /// called on another thread.
    ///
    /// # Errors
    /// `ledger.not_started`, `ledger.copy_target_in_use`, faults, and what is found broken.
    pub async fn copy_to(
        &self,
        target: LedgerPlace,
        with_key: bool,
        mut progress: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<Checkpoint, LedgerError> {
        self.with(move |place, _journal| copy(place, &target, with_key, &mut progress)).await
    }

    /// Runs `work` on a thread that may block.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&LedgerPlace, &StoreJournal) -> T + Send + 'static,
    ) -> T {
        let place = Arc::clone(&self.place);
        let journal = StoreJournal::new(self.store.clone(), Handle::current());
        blocking(move || work(&place, &journal)).await
    }
}
