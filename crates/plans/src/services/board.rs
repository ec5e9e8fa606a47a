//! Plans and the board of one: tasks and indicators with their lights, rolled up.

use std::collections::BTreeMap;

use hutong_kernel::{Action, Id, LightId, OrganisationId, PlanId};
use hutong_store::{Cursor, Page, Query, Stored, Version};
use rust_decimal::Decimal;

use super::lights::grouped;
use super::{Plans, ServiceError};
use crate::evaluate_indicator::{Evaluation, evaluate};
use crate::indicator::Indicator;
use crate::light::{Light, LightState};
use crate::plan::{Plan, release_plan, withdraw_plan};
use crate::report_progress::ProgressReport;
use crate::roll_up::{RollUp, Row, roll_up};
use crate::task::{Task, TaskStatus};

/// A task on a board.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// The task.
    pub task: Stored<Task>,
    /// Its light; none in an imported copy.
    pub light: Option<Stored<Light>>,
    /// Its newest report that was not returned or replaced.
    pub report: Option<ProgressReport>,
}

/// An indicator on a board.
#[derive(Debug, Clone)]
pub struct IndicatorRow {
    /// The indicator.
    pub indicator: Stored<Indicator>,
    /// Its light; none in an imported copy.
    pub light: Option<Stored<Light>>,
    /// Where it stands today.
    pub evaluation: Evaluation,
}

/// A plan's board.
#[derive(Debug, Clone)]
pub struct Board {
    /// The plan.
    pub plan: Stored<Plan>,
    /// Its tasks by number.
    pub tasks: Vec<TaskRow>,
    /// Its indicators by number.
    pub indicators: Vec<IndicatorRow>,
}

/// A plan with its lights counted.
#[derive(Debug, Clone)]
pub struct PlanSummary {
    /// The plan.
    pub plan: Stored<Plan>,
    /// Tasks and indicators by light.
    pub lights: BTreeMap<LightState, usize>,
    /// Its tasks rolled up.
    pub progress: RollUp,
}

impl TaskRow {
    /// What its light shows.
    pub fn state(&self) -> Option<LightState> {
        self.light.as_ref().map(|it| it.state)
    }

    /// As a row of a roll-up. A withdrawn task does not weigh.
    pub fn row(&self) -> Row {
        row(&self.task)
    }
}

fn row(task: &Task) -> Row {
    Row {
        weight: if matches!(task.status, TaskStatus::Withdrawn { .. }) { 0 } else { task.weight },
        percent: task.progress.map(|it| Decimal::from(it.percent)),
    }
}

impl Board {
    /// Tasks and indicators by light.
    pub fn lights(&self) -> BTreeMap<LightState, usize> {
        let states = self.tasks.iter().filter_map(TaskRow::state);
        count(states.chain(self.indicators.iter().filter_map(|it| it.light.as_ref().map(|it| it.state))))
    }

    /// All tasks rolled up.
    pub fn progress(&self) -> RollUp {
        roll_up(&self.tasks.iter().map(TaskRow::row).collect::<Vec<_>>())
    }

    /// Tasks rolled up by special action, in the order of the plan.
    pub fn by_special_action(&self) -> Vec<(Option<String>, RollUp)> {
        let mut order: Vec<Option<String>> = Vec::new();
        let mut rows: BTreeMap<Option<String>, Vec<Row>> = BTreeMap::new();
        for it in &self.tasks {
            let key = it.task.special_action.clone();
            if !order.contains(&key) {
                order.push(key.clone());
            }
            rows.entry(key).or_default().push(it.row());
        }
        order.into_iter().map(|key| (key.clone(), roll_up(&rows[&key]))).collect()
    }

    /// Tasks rolled up by leading body.
    pub fn by_department(&self) -> BTreeMap<OrganisationId, RollUp> {
        let mut rows: BTreeMap<OrganisationId, Vec<Row>> = BTreeMap::new();
        for it in &self.tasks {
            if let Some(lead) = it.task.responsible.first() {
                rows.entry(*lead).or_default().push(it.row());
            }
        }
        rows.into_iter().map(|(body, rows)| (body, roll_up(&rows))).collect()
    }
}

fn count(states: impl Iterator<Item = LightState>) -> BTreeMap<LightState, usize> {
    let mut counts = BTreeMap::new();
    for state in states {
        *counts.entry(state).or_default() += 1;
    }
    counts
}

impl Plans<'_> {
    /// Plans that may be seen, the newest period first.
    ///
    /// # Errors
    /// Denied, or the store's.
    pub async fn plans(&self, after: Option<Cursor>, limit: usize) -> Result<Page<Plan>, ServiceError> {
        let query = if self.may(Action::ViewPlans).is_ok() {
            Query::new("by_first_day")
        } else {
            self.may(Action::ViewReleasedPlans)?;
            Query::new("by_released").equal(true)
        };
        Ok(self.store.list(query.descending().after(after).limit(limit)).await?)
    }

    /// A plan with its lights counted.
    ///
    /// # Errors
    /// The store's.
    pub async fn summary(&self, plan: Stored<Plan>) -> Result<PlanSummary, ServiceError> {
        let lights = self.store.all::<Light>(Query::new("by_plan").equal(plan.id)).await?;
        let tasks = self.store.all::<Task>(Query::new("by_plan").equal(plan.id)).await?;
        let rows: Vec<Row> = tasks.iter().map(|it| row(it)).collect();
        Ok(PlanSummary { plan, lights: count(lights.iter().map(|it| it.state)), progress: roll_up(&rows) })
    }

    /// The versions of a plan, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn versions(&self, plan: &Plan) -> Result<Vec<Stored<Plan>>, ServiceError> {
        let all = self.store.all::<Plan>(Query::all()).await?;
        let mut chain = vec![plan.id];
        // Links go both ways; two passes over few plans find the whole chain.
        loop {
            let more = all.iter().filter(|it| !chain.contains(&it.id)).find(|it| {
                it.supersedes.is_some_and(|old| chain.contains(&old))
                    || all.iter().any(|known| chain.contains(&known.id) && known.supersedes == Some(it.id))
            });
            match more {
                Some(more) => chain.push(more.id),
                None => break,
            }
        }
        let mut versions: Vec<Stored<Plan>> =
            all.into_iter().filter(|it| chain.contains(&it.id) && self.may_see(it)).collect();
        versions.sort_by_key(|it| std::cmp::Reverse(it.record.version));
        Ok(versions)
    }

    /// A plan's board.
    ///
    /// # Errors
    /// [`crate::plan::PlanRefusal::NotFound`].
    pub async fn board(&self, plan: PlanId) -> Result<Board, ServiceError> {
        let plan = self.plan(plan).await?;
        let mut lights: BTreeMap<LightId, Stored<Light>> = self
            .store
            .all::<Light>(Query::new("by_plan").equal(plan.id))
            .await?
            .into_iter()
            .map(|it| (it.record.id, it))
            .collect();
        let mut reports = grouped(self.reports_of_plan(plan.id).await?, |it| it.task.uuid());
        let statements = grouped(self.statements_of_plan(plan.id).await?, |it| {
            it.indicator.map_or_else(uuid::Uuid::nil, |id| id.uuid())
        });
        let mut tasks = Vec::new();
        for task in self.store.all::<Task>(Query::new("by_plan").equal(plan.id)).await? {
            let id = task.id.uuid();
            let report = reports
                .remove(&id)
                .unwrap_or_default()
                .into_iter()
                .filter(|it| it.check.is_checked() || it.check.is_waiting())
                .max_by_key(|it| (it.reported_on, it.id));
            tasks.push(TaskRow { light: lights.remove(&LightId::from_uuid(id)), report, task });
        }
        let mut indicators = Vec::new();
        for indicator in self.store.all::<Indicator>(Query::new("by_plan").equal(plan.id)).await? {
            let id = indicator.id.uuid();
            let own = statements.get(&id).map(Vec::as_slice).unwrap_or_default();
            let evaluation = evaluate(&indicator, own, self.ctx.today);
            indicators.push(IndicatorRow {
                light: lights.remove(&LightId::from_uuid(id)),
                evaluation,
                indicator,
            });
        }
        Ok(Board { plan, tasks, indicators })
    }

    /// Makes a plan public, or takes that back.
    ///
    /// # Errors
    /// [`crate::plan::PlanRefusal`].
    pub async fn release(
        &self,
        plan: PlanId,
        expected: Option<Version>,
        released: bool,
        reason: &str,
    ) -> Result<Stored<Plan>, ServiceError> {
        self.may(Action::ReleasePlan)?;
        let plan = self.plan(plan).await?;
        let changed = release_plan(&plan, released)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(plan.version), &changed);
        self.commit(change).await
    }

    /// Takes a plan back; it stays readable.
    ///
    /// # Errors
    /// [`crate::plan::PlanRefusal`].
    pub async fn withdraw(
        &self,
        plan: PlanId,
        expected: Option<Version>,
        reason: &str,
    ) -> Result<Stored<Plan>, ServiceError> {
        self.may(Action::AdoptPlan)?;
        let plan = self.plan(plan).await?;
        let changed = withdraw_plan(&plan)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(plan.version), &changed);
        self.commit(change).await
    }
}
