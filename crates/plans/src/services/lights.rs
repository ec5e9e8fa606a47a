//! Computing lights anew and writing those that changed.

use std::collections::BTreeMap;

use hutong_kernel::{Id, LightId, OpContext, PlanId, Principal};
use hutong_store::{Query, Stored};

use super::{Plans, ServiceError, light_rules};
use crate::indicator::Indicator;
use crate::light::{Light, LightDay, changed, indicator_light, task_light};
use crate::plan::{Plan, PlanStatus};
use crate::report_progress::ProgressReport;
use crate::statement::Statement;
use crate::task::Task;

impl Plans<'_> {
    /// What the day brings for a plan.
    pub fn light_day(&self, plan: &Plan) -> LightDay<'_> {
        LightDay {
            today: self.ctx.today,
            rules: light_rules(),
            calendar: self.calendar,
            in_force_since: plan.in_force_since.unwrap_or(plan.first_day).max(plan.first_day),
        }
    }

    /// Computes the lights of all plans in force and writes those that changed. Says how many. Run once a day.
    ///
    /// # Errors
    /// The store's.
    pub async fn refresh_lights(&self) -> Result<usize, ServiceError> {
        let plans = self.store.all::<Plan>(Query::new("by_status").equal(PlanStatus::InForce.name())).await?;
        let mut written = 0;
        for plan in plans {
            written += self.refresh_lights_of(plan.id).await?;
        }
        Ok(written)
    }

    /// Computes the lights of one plan and writes those that changed, as the system's own work.
    ///
    /// A light needs no permission: it follows from what somebody was permitted to do.
    ///
    /// # Errors
    /// The store's.
    pub async fn refresh_lights_of(&self, plan: PlanId) -> Result<usize, ServiceError> {
        let Some(plan) = self.store.get::<Plan>(plan).await? else { return Ok(0) };
        if plan.status != PlanStatus::InForce || plan.imported_copy {
            return Ok(0);
        }
        let day = self.light_day(&plan);
        let lights: BTreeMap<LightId, Stored<Light>> = self
            .store
            .all::<Light>(Query::new("by_plan").equal(plan.id))
            .await?
            .into_iter()
            .map(|it| (it.record.id, it))
            .collect();
        let reports = grouped(self.reports_of_plan(plan.id).await?, |it| it.task.uuid());
        let statements = grouped(self.statements_of_plan(plan.id).await?, |it| {
            it.indicator.map_or_else(uuid::Uuid::nil, |id| id.uuid())
        });
        let system = OpContext {
            principal: Principal::System { job: "lights".to_owned() },
            idempotency_key: None,
            ..self.ctx.clone()
        };
        let mut change = self.store.begin(&system, light_rules().name_on(self.ctx.today));
        let mut write = |light: Light, previous: Option<&Stored<Light>>| {
            if let Some(light) = changed(light, previous.map(|it| &it.record)) {
                match previous {
                    Some(previous) => change.update(previous.version, &light),
                    None => change.create(&light),
                }
            }
        };
        for task in self.store.all::<Task>(Query::new("by_plan").equal(plan.id)).await? {
            let previous = lights.get(&LightId::from_uuid(task.id.uuid()));
            let none = Vec::new();
            let reports = reports.get(&task.id.uuid()).unwrap_or(&none);
            write(task_light(&task, reports, previous.map(|it| &it.record), &day), previous);
        }
        for indicator in self.store.all::<Indicator>(Query::new("by_plan").equal(plan.id)).await? {
            let previous = lights.get(&LightId::from_uuid(indicator.id.uuid()));
            let none = Vec::new();
            let statements = statements.get(&indicator.id.uuid()).unwrap_or(&none);
            write(indicator_light(&indicator, statements, previous.map(|it| &it.record), &day), previous);
        }
        let written = change.len();
        if 0 < written {
            change.commit().await?;
        }
        Ok(written)
    }

    pub(super) async fn reports_of_plan(&self, plan: PlanId) -> Result<Vec<ProgressReport>, ServiceError> {
        let all = self.store.all::<ProgressReport>(Query::new("by_plan").equal(plan)).await?;
        Ok(all.into_iter().map(|it| it.record).collect())
    }

    pub(super) async fn statements_of_plan(&self, plan: PlanId) -> Result<Vec<Statement>, ServiceError> {
        let all = self.store.all::<Statement>(Query::new("by_plan").equal(plan)).await?;
        Ok(all.into_iter().map(|it| it.record).collect())
    }
}

pub(super) fn grouped<T>(list: Vec<T>, key: impl Fn(&T) -> uuid::Uuid) -> BTreeMap<uuid::Uuid, Vec<T>> {
    let mut groups: BTreeMap<uuid::Uuid, Vec<T>> = BTreeMap::new();
    for item in list {
        groups.entry(key(&item)).or_default().push(item);
    }
    groups
}
