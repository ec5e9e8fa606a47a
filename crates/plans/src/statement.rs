//! Statements of an indicator's value: dated, sourced, and never overwritten.
//!
//! A wrong statement is superseded by a correction that names it. Which statement is in force follows from the
//! statements alone, so that the past can be asked about any day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::{IndicatorId, OrganisationId, PersonId, PlanId, Quantity, StatementId};

use crate::source::SourceRef;

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StatedValue {
    /// A number with its unit.
    Number {
        /// The number.
        quantity: Quantity,
    },
    /// Words on a rank, a milestone or a quality, and whether the target is met.
    Judgement {
        /// What is the case.
        words: String,
        /// Is the target met?
        met: bool,
    },
}

impl StatedValue {
    /// The number, if it is one.
    pub fn quantity(&self) -> Option<&Quantity> {
        match self {
            Self::Number { quantity } => Some(quantity),
            Self::Judgement { .. } => None,
        }
    }
}

/// What happened to something that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CheckState {
    /// Handed in, nobody has checked it.
    Submitted,
    /// Checked and found right.
    Checked {
        /// When.
        on: Date,
        /// By whom.
        by: Option<PersonId>,
    },
    /// Given back.
    Returned {
        /// When.
        on: Date,
        /// By whom.
        by: Option<PersonId>,
        /// Why; the department reads it.
        reason: String,
    },
    /// Replaced by its author before anybody checked it.
    Replaced {
        /// When.
        on: Date,
    },
}

impl CheckState {
    /// Was it checked and found right?
    pub fn is_checked(&self) -> bool {
        matches!(self, Self::Checked { .. })
    }

    /// Does it wait for a check?
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Submitted)
    }

    /// Stable name, for messages (`plans-check-…`), filters and the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Checked { .. } => "checked",
            Self::Returned { .. } => "returned",
            Self::Replaced { .. } => "replaced",
        }
    }
}

/// A statement of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Identity.
    pub id: StatementId,
    /// The plan it was made in.
    pub plan: PlanId,
    /// The indicator; `None` for a result of the last period that a document reports (offered as a baseline).
    pub indicator: Option<IndicatorId>,
    /// What is stated: the indicator's name, or the document's.
    pub name: String,
    /// The value.
    pub value: StatedValue,
    /// First day it covers; only a flow has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day it holds for, or the last day it covers.
    pub as_of: Date,
    /// Where it comes from.
    pub source: SourceRef,
    /// The statement that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<StatementId>,
    /// What happened to it.
    pub check: CheckState,
    /// The body that stated it.
    pub organisation: Option<OrganisationId>,
    /// The person who stated it.
    pub stated_by: Option<PersonId>,
    /// The day it was handed in.
    pub stated_on: Date,
}

impl Statement {
    /// Was it superseded by a correction that was checked?
    pub fn is_superseded(&self, all: &[Statement]) -> bool {
        all.iter().any(|other| other.supersedes == Some(self.id) && other.check.is_checked())
    }
}

/// The statements in force on `day`: checked, not superseded, not about a later day; in order of their day.
pub fn in_force(all: &[Statement], day: Date) -> Vec<&Statement> {
    let mut list: Vec<_> =
        all.iter().filter(|it| it.check.is_checked() && it.as_of <= day && !it.is_superseded(all)).collect();
    list.sort_by_key(|it| (it.as_of, it.id));
    list
}
