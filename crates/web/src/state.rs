//! What all pages and APIs share.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hutong_kernel::permission::Action;
use hutong_kernel::refusal::AnyRefusal;
use hutong_kernel::{Clock, District, WorkingCalendar};
use hutong_store::Store;

use crate::messages::Messages;
use crate::password::Passwords;
use crate::ui::Icon;

/// The application's shared parts. Cheap to clone; the state of every router.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

impl App {
    /// Shares `parts`.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = AppParts;
    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// The parts that the binary wires together.
pub struct AppParts {
    /// Records and journal.
    pub store: Store,
    /// The ledger, when this process runs it.
    pub ledger: Option<Arc<dyn LedgerDoor>>,
    /// What is due to the person who looks, for the top bar.
    pub due: Option<Arc<dyn DueDoor>>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The district that is served.
    pub district: District,
    /// Which days are worked.
    pub calendar: WorkingCalendar,
    /// All texts.
    pub messages: Messages,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// The navigation on the left, twelve words at most.
    pub navigation: Vec<NavigationItem>,
    /// Bounds of what a visitor may send.
    pub limits: Limits,
    /// People reach the site by HTTPS: cookies are marked `Secure`, and browsers are told to stay on HTTPS.
    pub https: bool,
}

/// One word of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavigationItem {
    /// Key of its text.
    pub key: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Shown only to those who may do this; `None` shows it to everybody.
    pub action: Option<Action>,
    /// The picture beside it.
    pub icon: Icon,
}

/// Bounds of what a visitor may send and how long a session lives.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest uploaded file, in bytes.
    pub upload_bytes_max: usize,
    /// Largest form without a file, in bytes.
    pub form_bytes_max: usize,
    /// Rows on a page of a list.
    pub page_rows: usize,
    /// A session ends after this long without a request.
    pub session_idle: Duration,
    /// A session ends this long after signing in, used or not.
    pub session_absolute: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_bytes_max: 50 * 1024 * 1024,
            form_bytes_max: 1024 * 1024,
            page_rows: 50,
            session_idle: Duration::from_secs(60 * 60 * 2),
            session_absolute: Duration::from_secs(60 * 60 * 12),
        }
    }
}

/// A future that a door answers with.
pub type DoorFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What pages need of the ledger.
pub trait LedgerDoor: Send + Sync + 'static {
    /// The newest signed checkpoint, as text.
    fn checkpoint(&self) -> DoorFuture<'_, Result<String, LedgerDoorError>>;
    /// A proof file for the journal entry with this number, that verifies offline.
    fn prove(&self, seq: u64) -> DoorFuture<'_, Result<String, LedgerDoorError>>;
    /// How far the ledger is.
    fn status(&self) -> LedgerStatus;
}

/// How far the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerStatus {
    /// The log's name in its checkpoints.
    pub origin: String,
    /// Entries covered by the newest signed checkpoint.
    pub size: u64,
    /// Root hash of that checkpoint, in base64.
    pub root: String,
}

/// Why the ledger gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerDoorError {
    /// Something the visitor can understand, e.g. an entry that is not in the log yet.
    #[error("the ledger refused: {0:?}")]
    Refused(AnyRefusal),
    /// A fault of the ledger.
    #[error("the ledger failed")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Counts what is due to a person.
pub trait DueDoor: Send + Sync + 'static {
    /// How many things wait for the acting person, today's date being in the context.
    fn due(&self, ctx: &hutong_kernel::OpContext) -> DoorFuture<'_, Option<u32>>;
}
