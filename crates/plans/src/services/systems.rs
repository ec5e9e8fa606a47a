//! The register of systems.

use hutong_kernel::{Action, SystemId};
use hutong_store::{Cursor, Page, Query, Stored, Version};

use super::{Plans, ServiceError};
use crate::plan::PlanRefusal;
use crate::system::{EditSystem, PlannedSystem, SystemRefusal, SystemStatus, edit_system};

impl Plans<'_> {
    /// The register by name; of one status, or all. It spans all plans, released or not.
    ///
    /// # Errors
    /// Denied to those who may see released plans only.
    pub async fn systems(
        &self,
        status: Option<SystemStatus>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<PlannedSystem>, ServiceError> {
        self.may(Action::ViewPlans)?;
        let query = match status {
            Some(status) => Query::new("by_status").equal(status.name()),
            None => Query::new("by_name"),
        };
        Ok(self.store.list(query.after(after).limit(limit)).await?)
    }

    /// The systems that a plan names.
    ///
    /// # Errors
    /// The store's.
    pub async fn systems_of(
        &self,
        plan: hutong_kernel::PlanId,
    ) -> Result<Vec<Stored<PlannedSystem>>, ServiceError> {
        self.plan(plan).await?;
        Ok(self.store.all::<PlannedSystem>(Query::new("by_plan").equal(plan)).await?)
    }

    /// One entry of the register.
    ///
    /// # Errors
    /// [`SystemRefusal::NotFound`].
    pub async fn system(&self, id: SystemId) -> Result<Stored<PlannedSystem>, ServiceError> {
        let system = self.store.get::<PlannedSystem>(id).await?.ok_or(SystemRefusal::NotFound)?;
        match self.plan(system.plan).await {
            Err(ServiceError::Plan(PlanRefusal::NotFound)) => Err(SystemRefusal::NotFound.into()),
            Err(other) => Err(other),
            Ok(_) => Ok(system),
        }
    }

    /// Changes an entry of the register.
    ///
    /// # Errors
    /// [`SystemRefusal`].
    pub async fn edit_system(
        &self,
        id: SystemId,
        expected: Option<Version>,
        edit: EditSystem,
        reason: &str,
    ) -> Result<Stored<PlannedSystem>, ServiceError> {
        self.may(Action::KeepSystems)?;
        let system = self.system(id).await?;
        let changed = edit_system(&system, edit)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(system.version), &changed);
        self.commit(change).await
    }
}
