//! What waits for the person who asks.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use hutong_kernel::{Action, OpContext, OrganisationId, PlanId, Role, WorkingCalendar};
use hutong_store::{Query, Store, Stored};
use hutong_web::state::{DoorFuture, DueDoor};
use jiff::civil::Date;

use super::{PlanSummary, Plans, ServiceError};
use crate::due_list::{DueItem, Owed, due_list, needs_attention};
use crate::indicator::Indicator;
use crate::light::{Light, LightState, Subject};
use crate::plan::{Plan, PlanStatus};
use crate::reading::Reading;
use crate::report_progress::ProgressReport;
use crate::statement::Statement;
use crate::task::{Task, TaskStatus};

/// Deadlines and milestones are listed so many working days ahead.
const HORIZON_WORKING_DAYS: i32 = 30;
/// Most entries of each list on the first page; the rest is on the lists' own pages.
const LIST_MAX: usize = 200;

/// Everything that waits for the person who asks, by what they may do.
#[derive(Debug, Clone, Default)]
pub struct MyWork {
    /// What the own department owes, the most urgent first.
    pub due: Vec<DueItem>,
    /// Reports that wait for a check, the oldest first.
    pub reports_to_check: Vec<ToCheck<ProgressReport>>,
    /// Statements that wait for a check, the oldest first.
    pub statements_to_check: Vec<ToCheck<Statement>>,
    /// Readings that are being reviewed.
    pub open_readings: Vec<Stored<Reading>>,
    /// Lights that need attention, with the title of what they belong to.
    pub attention: Vec<(Stored<Light>, String)>,
    /// Plans in force with their lights.
    pub plans: Vec<PlanSummary>,
}

/// Something that waits for a check.
#[derive(Debug, Clone)]
pub struct ToCheck<R> {
    /// What.
    pub what: Stored<R>,
    /// Title of the task, name of the indicator.
    pub title: String,
}

impl MyWork {
    /// How many things wait, for the number in the top bar.
    pub fn count(&self) -> usize {
        self.due.len() + self.reports_to_check.len() + self.statements_to_check.len()
    }
}

impl Plans<'_> {
    /// What waits for the person who asks.
    ///
    /// # Errors
    /// The store's.
    pub async fn my_work(&self) -> Result<MyWork, ServiceError> {
        let mut work = MyWork { due: self.due().await?, ..MyWork::default() };
        (work.reports_to_check, work.statements_to_check) = self.to_check().await?;
        if self.may(Action::ReviewFindings).is_ok() {
            work.open_readings = self
                .store
                .list::<Reading>(Query::new("by_state").equal("open").descending().limit(LIST_MAX))
                .await?
                .items;
        }
        for plan in self.plans(None, LIST_MAX).await?.items {
            if plan.status == PlanStatus::InForce {
                work.plans.push(self.summary(plan).await?);
            }
        }
        if self.may(Action::CheckProgress).is_ok() {
            work.attention = self.attention(&work.plans).await?;
        }
        Ok(work)
    }

    /// What the own department owes.
    ///
    /// # Errors
    /// The store's.
    pub async fn due(&self) -> Result<Vec<DueItem>, ServiceError> {
        let Some(body) = self.ctx.principal.organisation() else { return Ok(Vec::new()) };
        if self.may(Action::ReportProgress).is_err() {
            return Ok(Vec::new());
        }
        let mut due = Vec::new();
        let plans = self.supervised_plans().await?;
        let tasks = self.store.all::<Task>(Query::new("by_status").equal(TaskStatus::Open.name())).await?;
        let mut by_plan: BTreeMap<PlanId, Vec<(Task, Vec<ProgressReport>)>> = BTreeMap::new();
        for task in tasks {
            if plans.contains_key(&task.plan) && task.bodies().contains(&body) {
                let reports = self.store.all::<ProgressReport>(Query::new("by_task").equal(task.id)).await?;
                let reports = reports.into_iter().map(|it| it.record).collect();
                by_plan.entry(task.plan).or_default().push((task.record, reports));
            }
        }
        for (id, plan) in &plans {
            let tasks = by_plan.remove(id).unwrap_or_default();
            let mut indicators = Vec::new();
            for indicator in self.store.all::<Indicator>(Query::new("by_plan").equal(*id)).await? {
                if indicator.owners.contains(&body) {
                    let own =
                        self.store.all::<Statement>(Query::new("by_indicator").equal(indicator.id)).await?;
                    indicators
                        .push((indicator.record, own.into_iter().map(|it| it.record).collect::<Vec<_>>()));
                }
            }
            let owed: Vec<Owed<'_>> = tasks
                .iter()
                .map(|(task, reports)| Owed::Task(task, reports))
                .chain(indicators.iter().map(|(indicator, own)| Owed::Indicator(indicator, own)))
                .collect();
            due.extend(due_list(body, &owed, HORIZON_WORKING_DAYS, &self.light_day(plan)));
        }
        due.sort_by(|a, b| (a.day, &a.title).cmp(&(b.day, &b.title)));
        Ok(due)
    }

    async fn supervised_plans(&self) -> Result<BTreeMap<PlanId, Plan>, ServiceError> {
        let plans = self.store.all::<Plan>(Query::new("by_status").equal(PlanStatus::InForce.name())).await?;
        Ok(plans
            .into_iter()
            .map(|it| it.record)
            .filter(|it| !it.imported_copy)
            .map(|it| (it.id, it))
            .collect())
    }

    /// Reports and statements that wait for a check, the oldest first; empty for those who do not check.
    ///
    /// # Errors
    /// The store's.
    pub async fn to_check(
        &self,
    ) -> Result<(Vec<ToCheck<ProgressReport>>, Vec<ToCheck<Statement>>), ServiceError> {
        let mut reports = Vec::new();
        let mut statements = Vec::new();
        let waiting = || Query::new("by_check").equal("submitted").limit(LIST_MAX);
        if self.may(Action::CheckProgress).is_ok() {
            for what in self.store.list::<ProgressReport>(waiting()).await?.items {
                let task = self.store.get::<Task>(what.task).await?;
                reports.push(ToCheck { title: task.map(|it| it.record.title).unwrap_or_default(), what });
            }
        }
        if self.may(Action::CheckStatement).is_ok() {
            for what in self.store.list::<Statement>(waiting()).await?.items {
                statements.push(ToCheck { title: what.name.clone(), what });
            }
        }
        Ok((reports, statements))
    }

    async fn attention(&self, plans: &[PlanSummary]) -> Result<Vec<(Stored<Light>, String)>, ServiceError> {
        let mut attention = Vec::new();
        for state in LightState::ALL.into_iter().filter(|state| needs_attention(*state)) {
            let query = Query::new("by_state").equal(state.name()).limit(LIST_MAX);
            for light in self.store.list::<Light>(query).await?.items {
                if !plans.iter().any(|it| it.plan.id == light.plan) {
                    continue;
                }
                let title = match light.subject {
                    Subject::Task(id) => self.store.get::<Task>(id).await?.map(|it| it.record.title),
                    Subject::Indicator(id) => self.store.get::<Indicator>(id).await?.map(|it| it.record.name),
                };
                attention.push((light, title.unwrap_or_default()));
            }
        }
        Ok(attention)
    }
}

/// Most answers that [`DueCount`] remembers.
const REMEMBERED_MAX: usize = 2_000;

/// Counts what is due, for the top bar. It stands on every page, so an answer is kept until something is written.
#[derive(Clone)]
pub struct DueCount {
    store: Store,
    calendar: WorkingCalendar,
    remembered: Arc<Mutex<HashMap<Asker, Answer>>>,
}

/// Body and roles decide what is due.
type Asker = (Option<OrganisationId>, Vec<Role>);
/// The newest entry of the journal and the day when it was counted, and the count.
type Answer = (u64, Date, u32);

impl DueCount {
    /// Counts from `store`.
    pub fn new(store: Store, calendar: WorkingCalendar) -> Self {
        Self { store, calendar, remembered: Arc::default() }
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<Asker, Answer>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DueDoor for DueCount {
    fn due(&self, ctx: &OpContext) -> DoorFuture<'_, Option<u32>> {
        let ctx = ctx.clone();
        Box::pin(async move {
            let head = *self.store.head().borrow();
            let asker = (ctx.principal.organisation(), ctx.principal.roles().to_vec());
            if let Some((at, day, count)) = self.remembered().get(&asker)
                && (*at, *day) == (head, ctx.today)
            {
                return Some(*count);
            }
            let plans = Plans::new(&self.store, &self.calendar, &ctx);
            let counted = async {
                let due = plans.due().await?.len();
                let (reports, statements) = plans.to_check().await?;
                Ok::<_, ServiceError>(due + reports.len() + statements.len())
            };
            match counted.await {
                Ok(count) => {
                    let count = u32::try_from(count).unwrap_or(u32::MAX);
                    let mut remembered = self.remembered();
                    if REMEMBERED_MAX <= remembered.len() {
                        remembered.clear();
                    }
                    remembered.insert(asker, (head, ctx.today, count));
                    Some(count)
                }
                Err(error) => {
                    tracing::error!("counting what is due failed: {error}");
                    None
                }
            }
        })
    }
}
