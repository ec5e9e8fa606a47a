//! A plan: what a document became when it was adopted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::{DocumentId, OrganisationId, PlanId, ReadingId};

use crate::refusals::refusals;

/// A plan with its version, basis and approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Identity of this version.
    pub id: PlanId,
    /// Title as published.
    pub title: String,
    /// Body that issued it, in the document's words.
    pub issuer: Option<String>,
    /// Document number (文号).
    pub document_number: Option<String>,
    /// Day of issue.
    pub issued_on: Option<Date>,
    /// First day of its period.
    pub first_day: Date,
    /// Last day of its period.
    pub last_day: Date,
    /// Version, counted from 1.
    pub version: u32,
    /// The version that this one supersedes.
    pub supersedes: Option<PlanId>,
    /// Documents it rests on.
    #[serde(default)]
    pub basis: Vec<String>,
    /// Meetings that passed it.
    #[serde(default)]
    pub approvals: Vec<Approval>,
    /// May everybody read it?
    pub released: bool,
    /// Where it stands.
    pub status: PlanStatus,
    /// The day it came into force here; reports are due from then on.
    pub in_force_since: Option<Date>,
    /// A copy of a published plan, kept to be read, without supervision of its own.
    pub imported_copy: bool,
    /// The body that keeps it, and that answers where a task names nobody.
    pub keeper: Option<OrganisationId>,
    /// The document it was read from.
    pub document: Option<DocumentId>,
    /// The reading it was adopted from.
    pub reading: Option<ReadingId>,
}

/// A meeting that passed a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Which body.
    pub body: String,
    /// When.
    pub day: Option<Date>,
    /// Number of its session.
    pub session: Option<u32>,
}

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Being prepared.
    Draft,
    /// In force.
    InForce,
    /// A newer version took its place.
    Superseded,
    /// Taken back.
    Withdrawn,
}

impl PlanStatus {
    /// Stable name, for messages (`plans-status-…`), filters and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InForce => "in_force",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Plan {
    /// Is `day` inside its period?
    pub fn covers(&self, day: Date) -> bool {
        self.first_day <= day && day <= self.last_day
    }
}

/// Makes a plan public, or takes that back.
///
/// # Errors
/// [`PlanRefusal::NotInForce`]: a draft is not shown to the public.
pub fn release_plan(plan: &Plan, released: bool) -> Result<Plan, PlanRefusal> {
    if released && matches!(plan.status, PlanStatus::Draft | PlanStatus::Withdrawn) {
        return Err(PlanRefusal::NotInForce { status: plan.status.name().to_owned() });
    }
    if plan.released == released {
        return Err(PlanRefusal::NothingChanges);
    }
    Ok(Plan { released, ..plan.clone() })
}

/// Takes a plan back. It stays readable with its history.
///
/// # Errors
/// [`PlanRefusal::NotInForce`].
pub fn withdraw_plan(plan: &Plan) -> Result<Plan, PlanRefusal> {
    if plan.status != PlanStatus::InForce {
        return Err(PlanRefusal::NotInForce { status: plan.status.name().to_owned() });
    }
    Ok(Plan { status: PlanStatus::Withdrawn, released: false, ..plan.clone() })
}

refusals! {
    /// Why a plan cannot be changed so.
    pub enum PlanRefusal {
        /// Not in force.
        NotInForce { status: String } => ("plans.plan.not_in_force", 409, "the plan is {status}"),
        /// Only a copy to be read.
        ImportedCopy => ("plans.plan.imported_copy", 409, "the plan is a copy to be read, without supervision of its own"),
        /// It is so already.
        NothingChanges => ("plans.plan.nothing_changes", 409, "the plan is so already"),
        /// No such plan, or none that may be seen.
        NotFound => ("plans.plan.not_found", 404, "there is no such plan"),
    }
}
