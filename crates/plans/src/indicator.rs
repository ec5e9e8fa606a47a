//! An indicator of a plan: a name, what is promised, from where, until when, and who answers for it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::{FindingId, IndicatorId, OrganisationId, PlanId, Quantity, StatementId};

use crate::source::{Place, SourceRef};
use crate::target::Target;

/// Does the plan bind, or expect?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// 约束性: the government must see to it.
    Binding,
    /// 预期性: what is expected to come.
    Expected,
    /// The plan does not say.
    #[default]
    Unstated,
}

impl Binding {
    /// Stable name, for messages (`plans-binding-…`) and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::Expected => "expected",
            Self::Unstated => "unstated",
        }
    }
}

/// How a statement's number is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryMode {
    /// What was added between two days; statements are summed.
    Flow,
    /// What there is on a day; the latest counts.
    #[default]
    Stock,
    /// Running total since the plan began; the latest counts and may not fall.
    Cumulative,
}

impl EntryMode {
    /// Stable name, for messages (`plans-entry-…`) and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Stock => "stock",
            Self::Cumulative => "cumulative",
        }
    }
}

/// What a target is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The day it holds for, usually the last of a year.
    pub day: Date,
    /// Its value; `None` where the plan names the year only.
    pub value: Option<Quantity>,
    /// Where it comes from.
    pub source: SourceRef,
    /// The statement it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
}

/// A point that the path is expected to pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathPoint {
    /// Last day of the step.
    pub day: Date,
    /// Value expected on that day.
    pub value: Quantity,
}

/// A date by which something is due, and whether the document says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Last day.
    pub day: Date,
    /// The document states none; it is the plan's last day.
    pub by_default: bool,
}

/// An indicator of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Identity.
    pub id: IndicatorId,
    /// The plan.
    pub plan: PlanId,
    /// Its place in the plan, from 1.
    pub number: u32,
    /// Name, without verbs and dates.
    pub name: String,
    /// What is promised.
    pub target: Target,
    /// The document's words for the comparator and value.
    pub words: String,
    /// Binding or expected.
    pub binding: Binding,
    /// How numbers are stated.
    pub entry_mode: EntryMode,
    /// What it is measured against.
    pub baseline: Option<Baseline>,
    /// First day of the path.
    pub start: Date,
    /// When it is due.
    pub deadline: Deadline,
    /// Expected values between baseline and target; empty means a straight line.
    #[serde(default)]
    pub path: Vec<PathPoint>,
    /// The bodies that answer for it, the leading one first.
    pub owners: Vec<OrganisationId>,
    /// Weight in roll-ups.
    pub weight: u32,
    /// Where the plan says so.
    pub place: Option<Place>,
    /// The finding it was adopted from.
    pub finding: Option<FindingId>,
}
