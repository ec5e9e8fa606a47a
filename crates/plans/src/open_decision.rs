//! What must be decided before a plan can be adopted, and why it cannot be adopted.

use jiff::civil::Date;
use serde::Serialize;

use hutong_kernel::{FindingId, OrganisationId, Refusal};

use crate::reading::MetadataField;

/// Something that must be decided before a plan can be adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "open", rename_all = "snake_case")]
pub enum OpenDecision {
    /// Nobody has decided on a finding.
    FindingOpen {
        /// Which.
        finding: FindingId,
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A target can be read in several ways.
    ReadingOpen {
        /// Which.
        finding: FindingId,
        /// Its name.
        name: String,
    },
    /// A deadline lies before the plan begins.
    DeadlineBeforePlan {
        /// Which.
        finding: FindingId,
        /// Its name.
        name: String,
        /// The deadline.
        deadline: Date,
    },
    /// No known body goes by a name.
    BodyUnknown {
        /// The name.
        name: String,
        /// Tasks and indicators that name it.
        named: usize,
        /// Bodies with similar names.
        suggestions: Vec<OrganisationId>,
    },
    /// Several bodies go by a name.
    BodyAmbiguous {
        /// The name.
        name: String,
        /// Which.
        bodies: Vec<OrganisationId>,
    },
    /// Tasks and indicators without an owner, and no keeper who answers.
    OwnerMissing {
        /// Tasks.
        tasks: usize,
        /// Indicators.
        indicators: usize,
    },
    /// A field of the metadata has two accepted values.
    TwoValues {
        /// Which field.
        field: MetadataField,
    },
    /// No title.
    TitleMissing,
    /// No period.
    PeriodMissing,
    /// The period ends before it begins.
    PeriodReversed {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// Neither a target nor a task was accepted.
    NothingAccepted,
}

impl OpenDecision {
    /// Stable name, for messages (`plans-open-…`) and the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FindingOpen { .. } => "finding_open",
            Self::ReadingOpen { .. } => "reading_open",
            Self::DeadlineBeforePlan { .. } => "deadline_before_plan",
            Self::BodyUnknown { .. } => "body_unknown",
            Self::BodyAmbiguous { .. } => "body_ambiguous",
            Self::OwnerMissing { .. } => "owner_missing",
            Self::TwoValues { .. } => "two_values",
            Self::TitleMissing => "title_missing",
            Self::PeriodMissing => "period_missing",
            Self::PeriodReversed { .. } => "period_reversed",
            Self::NothingAccepted => "nothing_accepted",
        }
    }

    /// Values that its text names.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FindingOpen { name, .. }
            | Self::ReadingOpen { name, .. }
            | Self::BodyAmbiguous { name, .. } => {
                vec![("name", name.clone())]
            }
            Self::DeadlineBeforePlan { name, deadline, .. } => {
                vec![("name", name.clone()), ("deadline", deadline.to_string())]
            }
            Self::BodyUnknown { name, named, .. } => {
                vec![("name", name.clone()), ("named", named.to_string())]
            }
            Self::OwnerMissing { tasks, indicators } => {
                vec![("tasks", tasks.to_string()), ("indicators", indicators.to_string())]
            }
            Self::TwoValues { field } => vec![("field", field.name().to_owned())],
            Self::PeriodReversed { first, last } => {
                vec![("first", first.to_string()), ("last", last.to_string())]
            }
            Self::TitleMissing | Self::PeriodMissing | Self::NothingAccepted => Vec::new(),
        }
    }
}

/// Why a plan cannot be adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdoptRefusal {
    /// Decisions are open.
    Open {
        /// All of them.
        decisions: Vec<OpenDecision>,
    },
    /// The reading is adopted or put aside.
    ReadingClosed {
        /// How it stands.
        state: &'static str,
    },
    /// The plan to be superseded is not in force.
    SupersedesNothing,
}

impl AdoptRefusal {
    /// All codes.
    pub const CODES: [&'static str; 3] =
        ["plans.adopt.open", "plans.adopt.reading_closed", "plans.adopt.supersedes_nothing"];
}

impl std::fmt::Display for AdoptRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open { decisions } => {
                let names: Vec<_> = decisions.iter().map(OpenDecision::name).collect();
                write!(f, "{} decisions are open: {}", decisions.len(), names.join(", "))
            }
            Self::ReadingClosed { state } => write!(f, "the reading is {state}"),
            Self::SupersedesNothing => f.write_str("the plan to supersede is not in force"),
        }
    }
}

impl std::error::Error for AdoptRefusal {}

impl Refusal for AdoptRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => Self::CODES[0],
            Self::ReadingClosed { .. } => Self::CODES[1],
            Self::SupersedesNothing => Self::CODES[2],
        }
    }
    fn status(&self) -> u16 {
        match self {
            Self::Open { .. } => 422,
            Self::ReadingClosed { .. } | Self::SupersedesNothing => 409,
        }
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Open { decisions } => vec![("count", decisions.len().to_string())],
            Self::ReadingClosed { state } => vec![("state", (*state).to_owned())],
            Self::SupersedesNothing => Vec::new(),
        }
    }
}
