//! The register of named platforms and systems that plans promise, improve or use.

use serde::{Deserialize, Serialize};

use hutong_kernel::{FindingId, OrganisationId, PlanId, SystemId, TaskId};

use crate::refusals::refusals;
use crate::source::Place;

/// A named platform or system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSystem {
    /// Identity.
    pub id: SystemId,
    /// Name as the plan writes it.
    pub name: String,
    /// What the plan does with it, or that it runs.
    pub status: SystemStatus,
    /// The body that keeps it.
    pub owner: Option<OrganisationId>,
    /// The plan that named it.
    pub plan: PlanId,
    /// Tasks that build or improve it.
    #[serde(default)]
    pub tasks: Vec<TaskId>,
    /// Where the plan says so.
    pub place: Option<Place>,
    /// The finding it was adopted from.
    pub finding: Option<FindingId>,
}

/// What becomes of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemStatus {
    /// It was there before the plan.
    Existing,
    /// To be built.
    Build,
    /// To be improved or extended.
    Upgrade,
    /// Used or connected to.
    Use,
    /// Built or improved, and in service.
    InService,
}

impl SystemStatus {
    /// All, in the order of the filter.
    pub const ALL: [Self; 5] = [Self::Existing, Self::Build, Self::Upgrade, Self::Use, Self::InService];

    /// Stable name, for messages (`plans-system-…`), filters and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Existing => "existing",
            Self::Build => "build",
            Self::Upgrade => "upgrade",
            Self::Use => "use",
            Self::InService => "in_service",
        }
    }

    /// The status with this stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What the keeper of the register may change; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditSystem {
    /// New name.
    pub name: Option<String>,
    /// New status.
    pub status: Option<SystemStatus>,
    /// New owner.
    pub owner: Option<OrganisationId>,
}

/// Changes an entry of the register.
///
/// # Errors
/// [`SystemRefusal`].
pub fn edit_system(system: &PlannedSystem, edit: EditSystem) -> Result<PlannedSystem, SystemRefusal> {
    let mut changed = system.clone();
    if let Some(name) = edit.name {
        changed.name = name.trim().to_owned();
    }
    if changed.name.is_empty() {
        return Err(SystemRefusal::NameMissing);
    }
    changed.status = edit.status.unwrap_or(system.status);
    changed.owner = edit.owner.or(system.owner);
    if changed.status == SystemStatus::InService && changed.owner.is_none() {
        return Err(SystemRefusal::OwnerMissing);
    }
    if changed == *system {
        return Err(SystemRefusal::NothingChanges);
    }
    Ok(changed)
}

refusals! {
    /// Why an entry of the register cannot be changed so.
    pub enum SystemRefusal {
        /// No name.
        NameMissing => ("plans.system.name_missing", 422, "a system has a name"),
        /// Runs without an owner.
        OwnerMissing => ("plans.system.owner_missing", 422, "a system in service has an owner"),
        /// It is so already.
        NothingChanges => ("plans.system.nothing_changes", 409, "nothing would change"),
        /// No such system, or none that may be seen.
        NotFound => ("plans.system.not_found", 404, "there is no such system"),
    }
}
