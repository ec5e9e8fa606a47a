//! The asynchronous part: load, ask the deciding code, write with a reason. Pages and API call the same.
//!
//! Every function checks the permission table before it tells anything. A plan that may not be seen does not exist
//! for whoever asks.

mod adoption;
mod board;
mod due;
mod indicators;
mod lights;
mod review;
mod systems;
mod task_sheet;
mod tasks;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hutong_kernel::refusal::Refusal;
use hutong_kernel::{
    Action, Denied, Id, OpContext, Organisation, OrganisationId, PlanId, Target as Touched, WorkingCalendar,
};
use hutong_store::{Change, Query, Record, Store, StoreError, Stored};

use crate::adopt_plan::AdoptRefusal;
use crate::decide_finding::FindingRefusal;
use crate::document::ReadError;
use crate::light_rules::LightRules;
use crate::plan::{Plan, PlanRefusal};
use crate::record_statement::StatementRefusal;
use crate::report_progress::ReportRefusal;
use crate::system::SystemRefusal;
use crate::target::TargetRefusal;
use crate::task::TaskRefusal;

pub use adoption::AdoptRequest;
pub use board::{Board, IndicatorRow, PlanSummary, TaskRow};
pub use due::{DueCount, MyWork, ToCheck};
pub use indicators::{IndicatorView, StateValue};
pub use review::{FindingDecision, ReadingView};
pub use task_sheet::{SheetChange, SheetError, SheetPreview, SheetRowRefusal};
pub use tasks::{Report, TaskView};

/// The light rules that came with this build.
pub fn light_rules() -> &'static LightRules {
    static RULES: LazyLock<LightRules> =
        LazyLock::new(|| LightRules::default_rules().expect("the compiled-in rules are read by a test"));
    &RULES
}

/// Plans for one request.
#[derive(Clone, Copy)]
pub struct Plans<'a> {
    /// Where everything is kept.
    pub store: &'a Store,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    /// Who asks, when.
    pub ctx: &'a OpContext,
    /// Digest of the request, where a client sent an idempotency key with it.
    pub request: Option<[u8; 32]>,
}

impl<'a> Plans<'a> {
    /// Plans for one request.
    pub fn new(store: &'a Store, calendar: &'a WorkingCalendar, ctx: &'a OpContext) -> Self {
        Self { store, calendar, ctx, request: None }
    }

    /// The same, for a request whose digest decides whether an idempotency key was used for something else.
    pub fn with_request(self, digest: [u8; 32]) -> Self {
        Self { request: Some(digest), ..self }
    }

    /// Refuses who may not do `action` at all.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn may(&self, action: Action) -> Result<(), ServiceError> {
        Ok(self.ctx.may(action, Touched::Any)?)
    }

    /// Refuses who may not do `action` on what belongs to `organisations`.
    fn may_for(&self, action: Action, organisations: &[OrganisationId]) -> Result<(), ServiceError> {
        Ok(self.ctx.may(action, Touched::Of { organisations, person: None })?)
    }

    fn begin(&self, reason: &str) -> Change {
        let mut change = self.store.begin(self.ctx, reason);
        if let Some(digest) = self.request {
            change.request_digest(digest);
        }
        change
    }

    /// Commits, and reads the first record of kind `R` that was written; the first writing's, when it is repeated.
    async fn commit<R: Record>(&self, change: Change) -> Result<Stored<R>, ServiceError> {
        let receipts = change.commit().await?;
        let written = receipts.iter().find(|it| it.kind == R::KIND);
        let id = written.map(|it| R::Id::from_uuid(it.id));
        let stored = match id {
            Some(id) => self.store.get::<R>(id).await?,
            None => None,
        };
        stored.ok_or(ServiceError::Plan(PlanRefusal::NotFound))
    }

    /// A plan that may be seen.
    ///
    /// # Errors
    /// [`PlanRefusal::NotFound`], also when it may not be seen.
    pub async fn plan(&self, id: PlanId) -> Result<Stored<Plan>, ServiceError> {
        let plan = self.store.get::<Plan>(id).await?.ok_or(PlanRefusal::NotFound)?;
        if self.may_see(&plan) { Ok(plan) } else { Err(PlanRefusal::NotFound.into()) }
    }

    /// May the caller see this plan?
    pub fn may_see(&self, plan: &Plan) -> bool {
        crate::see_plan::sees_plan(self.ctx, plan)
    }

    /// All organisations by id.
    ///
    /// # Errors
    /// The store's.
    pub async fn organisations(&self) -> Result<BTreeMap<OrganisationId, Organisation>, ServiceError> {
        let all = self.store.all::<Organisation>(Query::all()).await?;
        Ok(all.into_iter().map(|it| (it.record.id, it.record)).collect())
    }
}

/// Makes the one error type of this module from all refusals.
macro_rules! service_errors {
    ($($(#[$doc:meta])* $variant:ident($type:ty)),+ $(,)?) => {
        /// Why something was not done.
        #[derive(Debug)]
        pub enum ServiceError {
            $($(#[$doc])* $variant($type)),+
        }

        $(impl From<$type> for ServiceError {
            fn from(error: $type) -> Self {
                Self::$variant(error)
            }
        })+

        impl ServiceError {
            /// The refusal itself.
            pub fn refusal(&self) -> &dyn Refusal {
                match self { $(Self::$variant(error) => error),+ }
            }
        }
    };
}

service_errors! {
    /// The permission table says no.
    Denied(Denied),
    /// The store refused or failed.
    Store(StoreError),
    /// A document that cannot be read.
    Read(ReadError),
    /// About a finding or a reading.
    Finding(FindingRefusal),
    /// About adopting.
    Adopt(AdoptRefusal),
    /// About a plan.
    Plan(PlanRefusal),
    /// About a target.
    Target(TargetRefusal),
    /// About an indicator's values.
    Statement(StatementRefusal),
    /// About an indicator.
    Indicator(crate::edit_indicator::IndicatorRefusal),
    /// About a task.
    Task(TaskRefusal),
    /// About a report.
    Report(ReportRefusal),
    /// About a system.
    System(SystemRefusal),
    /// About a row of a filled ledger.
    SheetRow(SheetRowRefusal),
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self.refusal(), f)
    }
}

impl std::error::Error for ServiceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.refusal().source()
    }
}

impl Refusal for ServiceError {
    fn code(&self) -> &'static str {
        self.refusal().code()
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        self.refusal().values()
    }
    fn status(&self) -> u16 {
        self.refusal().status()
    }
}
