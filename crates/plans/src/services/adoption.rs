//! Putting a reviewed reading into force.

use jiff::civil::Date;

use hutong_kernel::{Action, Id, Organisation, OrganisationId, PlanId, ReadingId, TaskId};
use hutong_store::{Change, Query, Stored};

use super::{Plans, ServiceError};
use crate::adopt_plan::{AdoptPlan, AdoptRefusal, Adoption, OpenDecision, adopt_plan};
use crate::decide_finding::FindingRefusal;
use crate::match_bodies::BodyChoices;
use crate::plan::{Plan, PlanRefusal};
use crate::reading::{Finding, Reading};

/// What the person who adopts adds to what was reviewed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdoptRequest {
    /// First day, where the document does not say.
    pub first_day: Option<Date>,
    /// Last day, likewise.
    pub last_day: Option<Date>,
    /// The body that keeps the plan and answers where it names nobody.
    pub keeper: Option<OrganisationId>,
    /// Bodies that were mapped or are to be created.
    pub bodies: BodyChoices,
    /// Show it to everybody at once.
    pub released: bool,
    /// Keep it to be read only.
    pub imported_copy: bool,
    /// The version that it supersedes.
    pub supersedes: Option<PlanId>,
}

impl Plans<'_> {
    /// What must still be decided before `request` can be adopted; empty when nothing.
    ///
    /// # Errors
    /// Denied, no such reading, or closed.
    pub async fn open_decisions(
        &self,
        reading: ReadingId,
        request: AdoptRequest,
    ) -> Result<Vec<OpenDecision>, ServiceError> {
        let mut change = self.store.begin(self.ctx, "look only");
        match self.decide_adoption(reading, request, &mut change).await {
            Ok(_) => Ok(Vec::new()),
            Err(ServiceError::Adopt(AdoptRefusal::Open { decisions })) => Ok(decisions),
            Err(other) => Err(other),
        }
    }

    /// Adopts a reviewed reading: plan, indicators, tasks, systems, results and new bodies in one change.
    ///
    /// # Errors
    /// [`AdoptRefusal`].
    pub async fn adopt(
        &self,
        reading: ReadingId,
        request: AdoptRequest,
        reason: &str,
    ) -> Result<Stored<Plan>, ServiceError> {
        let mut change = self.begin(reason);
        let (adoption, reading, superseded) = self.decide_adoption(reading, request, &mut change).await?;
        change.create(&adoption.plan);
        for organisation in &adoption.organisations {
            change.create(organisation);
        }
        for indicator in &adoption.indicators {
            change.create(indicator);
        }
        for task in &adoption.tasks {
            change.create(task);
        }
        for system in &adoption.systems {
            change.create(system);
        }
        for statement in &adoption.statements {
            change.create(statement);
        }
        change.update(reading.version, &adoption.reading);
        if let (Some(old), Some(record)) = (superseded, &adoption.superseded) {
            change.update(old.version, record);
        }
        let plan = self.commit::<Plan>(change).await?;
        self.refresh_lights_of(plan.id).await?;
        Ok(plan)
    }

    async fn decide_adoption(
        &self,
        reading: ReadingId,
        request: AdoptRequest,
        change: &mut Change,
    ) -> Result<(Adoption, Stored<Reading>, Option<Stored<Plan>>), ServiceError> {
        self.may(Action::AdoptPlan)?;
        if request.released {
            self.may(Action::ReleasePlan)?;
        }
        let reading = self.store.get::<Reading>(reading).await?.ok_or(FindingRefusal::NoReading)?;
        let findings: Vec<Finding> =
            self.findings(reading.id).await?.into_iter().map(|it| it.record).collect();
        let organisations: Vec<Organisation> =
            self.store.all::<Organisation>(Query::all()).await?.into_iter().map(|it| it.record).collect();
        let superseded = match request.supersedes {
            Some(id) => Some(self.store.get::<Plan>(id).await?.ok_or(PlanRefusal::NotFound)?),
            None => None,
        };
        let command = AdoptPlan {
            first_day: request.first_day,
            last_day: request.last_day,
            keeper: request.keeper,
            bodies: request.bodies,
            released: request.released,
            imported_copy: request.imported_copy,
            supersedes: superseded.as_ref().map(|it| it.record.clone()),
            by: self.ctx.principal.person(),
        };
        let mut mint = || change.new_id::<TaskId>().uuid();
        let adoption = adopt_plan(&reading, &findings, &organisations, command, self.ctx.today, &mut mint)?;
        Ok((adoption, reading, superseded))
    }
}
