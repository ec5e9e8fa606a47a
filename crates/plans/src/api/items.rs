//! What the API shows of each thing.
//!
//! These shapes are the contract with other people's programs; the domain's own types may change behind them.
//! Figures are decimal texts with their unit beside them, days are ISO 8601, identifiers are UUIDs.

use hutong_kernel::{OrganisationId, Quantity};
use hutong_store::Stored;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::indicator::Indicator;
use crate::light::Light;
use crate::plan::Plan;
use crate::reading::{Finding, Reading, ReadingState};
use crate::report_progress::ProgressReport;
use crate::source::{EvidenceFile, Place};
use crate::statement::{CheckState, StatedValue, Statement};
use crate::system::PlannedSystem;
use crate::target::{Bound, Level, ShareChange, Target};
use crate::task::{Task, TaskStatus};

/// A figure with its unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amount {
    /// Exact decimal, as text: a float would round it.
    #[schema(example = "2.51")]
    pub value: String,
    /// Unit as plans write it: `%`, `个百分点`, `家`, `亿元`.
    #[schema(example = "万人次")]
    pub unit: String,
}

impl From<&Quantity> for Amount {
    fn from(quantity: &Quantity) -> Self {
        Self { value: quantity.value.normalize().to_string(), unit: quantity.unit.to_string() }
    }
}

/// Words of a document and where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceItem {
    /// The document.
    pub document: String,
    /// Line, counted from 1.
    pub line: u32,
    /// First character of the document's text, in Unicode code points.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// The words, unchanged.
    pub quote: String,
}

impl From<&Place> for PlaceItem {
    fn from(place: &Place) -> Self {
        Self {
            document: place.document.to_string(),
            line: place.line,
            start: place.start,
            end: place.end,
            quote: place.quote.clone(),
        }
    }
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanItem {
    /// Identity.
    pub id: String,
    /// Version of the record; send it back as `If-Match: "v<version>"`.
    pub version: u64,
    /// Title.
    pub title: String,
    /// Body that issued it.
    pub issuer: Option<String>,
    /// Document number (文号).
    pub document_number: Option<String>,
    /// Day of issue.
    pub issued_on: Option<String>,
    /// First day it covers.
    pub first_day: String,
    /// Last day it covers.
    pub last_day: String,
    /// Edition of the plan, from 1.
    pub edition: u32,
    /// The edition before.
    pub supersedes: Option<String>,
    /// Documents it rests on.
    pub basis: Vec<String>,
    /// Meetings that passed it.
    pub approvals: Vec<ApprovalItem>,
    /// Is it public?
    pub released: bool,
    /// `draft`, `in_force`, `superseded` or `withdrawn`.
    pub status: String,
    /// A copy of another body's plan, without progress.
    pub imported_copy: bool,
}

/// A meeting that passed a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApprovalItem {
    /// The meeting.
    pub body: String,
    /// Its day.
    pub day: Option<String>,
    /// Its number.
    pub session: Option<u32>,
}

impl From<Stored<Plan>> for PlanItem {
    fn from(stored: Stored<Plan>) -> Self {
        let version = stored.version.0;
        let plan = stored.record;
        Self {
            id: plan.id.to_string(),
            version,
            title: plan.title,
            issuer: plan.issuer,
            document_number: plan.document_number,
            issued_on: plan.issued_on.map(|day| day.to_string()),
            first_day: plan.first_day.to_string(),
            last_day: plan.last_day.to_string(),
            edition: plan.version,
            supersedes: plan.supersedes.map(|id| id.to_string()),
            basis: plan.basis,
            approvals: plan
                .approvals
                .into_iter()
                .map(|it| ApprovalItem {
                    body: it.body,
                    day: it.day.map(|day| day.to_string()),
                    session: it.session,
                })
                .collect(),
            released: plan.released,
            status: plan.status.name().to_owned(),
            imported_copy: plan.imported_copy,
        }
    }
}

/// What an indicator promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TargetItem {
    /// `level`, `yearly_mean`, `growth`, `share_growth`, `rank`, `milestone` or `qualitative`.
    pub shape: String,
    /// `at_least`, `more_than`, `at_most`, `less_than`, `exactly`, `about` or `range`; null for words.
    pub condition: Option<String>,
    /// The threshold, the value that “about” names, or the lower end of a range.
    pub value: Option<Amount>,
    /// The upper end of a range.
    pub upper: Option<Amount>,
    /// How far “about” reaches, in percent of the value either way.
    pub tolerance_percent: Option<String>,
    /// Is the tolerance stated by the plan, rather than the product's default?
    pub tolerance_stated: Option<bool>,
    /// The words of a rank, a milestone or a state.
    pub words: Option<String>,
}

impl From<&Target> for TargetItem {
    fn from(target: &Target) -> Self {
        let empty = |shape: &str| Self {
            shape: shape.to_owned(),
            condition: None,
            value: None,
            upper: None,
            tolerance_percent: None,
            tolerance_stated: None,
            words: None,
        };
        let bound = |bound: &Bound| match bound {
            Bound::AtLeast => "at_least".to_owned(),
            Bound::MoreThan => "more_than".to_owned(),
        };
        match target {
            Target::Level { level } => Self { ..of_level(empty("level"), level) },
            Target::YearlyMean { level } => Self { ..of_level(empty("yearly_mean"), level) },
            Target::Growth { bound: by, percent, .. } => Self {
                condition: Some(bound(by)),
                value: Some(Amount { value: percent.normalize().to_string(), unit: "%".to_owned() }),
                ..empty("growth")
            },
            Target::ShareGrowth { bound: by, by: change } => {
                let value = match change {
                    ShareChange::Relative { percent } => {
                        Amount { value: percent.normalize().to_string(), unit: "%".to_owned() }
                    }
                    ShareChange::Points { points } => {
                        Amount { value: points.normalize().to_string(), unit: "个百分点".to_owned() }
                    }
                };
                Self { condition: Some(bound(by)), value: Some(value), ..empty("share_growth") }
            }
            Target::Rank { words } => Self { words: Some(words.clone()), ..empty("rank") },
            Target::Milestone { words } => Self { words: Some(words.clone()), ..empty("milestone") },
            Target::Qualitative { words, .. } => Self { words: Some(words.clone()), ..empty("qualitative") },
        }
    }
}

fn of_level(empty: TargetItem, level: &Level) -> TargetItem {
    let plain = |condition: &str, value: &Quantity| TargetItem {
        condition: Some(condition.to_owned()),
        value: Some(value.into()),
        ..empty.clone()
    };
    match level {
        Level::AtLeast { value } => plain("at_least", value),
        Level::MoreThan { value } => plain("more_than", value),
        Level::AtMost { value } => plain("at_most", value),
        Level::LessThan { value } => plain("less_than", value),
        Level::Exactly { value } => plain("exactly", value),
        Level::About { value, tolerance } => TargetItem {
            tolerance_percent: Some(tolerance.percent().normalize().to_string()),
            tolerance_stated: Some(tolerance.is_stated()),
            ..plain("about", value)
        },
        Level::Range { range } => {
            TargetItem { upper: Some((&range.high()).into()), ..plain("range", &range.low()) }
        }
    }
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndicatorItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// Its place in the plan, from 1.
    pub number: u32,
    /// Name.
    pub name: String,
    /// What is promised.
    pub target: TargetItem,
    /// The document's words for it.
    pub words: String,
    /// `binding`, `expected` or `unstated`.
    pub binding: String,
    /// `flow`, `stock` or `cumulative`.
    pub entry_mode: String,
    /// What it is measured against.
    pub baseline: Option<BaselineItem>,
    /// When it is due.
    pub deadline: String,
    /// Is that the plan's last day, because the document states no other?
    pub deadline_by_default: bool,
    /// The bodies that answer for it, the leading one first.
    pub owners: Vec<String>,
    /// Where the plan says so.
    pub place: Option<PlaceItem>,
}

/// What an indicator is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BaselineItem {
    /// The day it holds for.
    pub day: String,
    /// Its value, where stated.
    pub value: Option<Amount>,
    /// Where it comes from.
    pub source: String,
}

fn ids(organisations: &[OrganisationId]) -> Vec<String> {
    organisations.iter().map(ToString::to_string).collect()
}

impl From<Stored<Indicator>> for IndicatorItem {
    fn from(stored: Stored<Indicator>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            plan: it.plan.to_string(),
            number: it.number,
            target: (&it.target).into(),
            name: it.name,
            words: it.words,
            binding: it.binding.name().to_owned(),
            entry_mode: it.entry_mode.name().to_owned(),
            baseline: it.baseline.map(|base| BaselineItem {
                day: base.day.to_string(),
                value: base.value.as_ref().map(Amount::from),
                source: base.source.title,
            }),
            deadline: it.deadline.day.to_string(),
            deadline_by_default: it.deadline.by_default,
            owners: ids(&it.owners),
            place: it.place.as_ref().map(PlaceItem::from),
        }
    }
}

/// Whether somebody has checked what was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckItem {
    /// `submitted`, `checked`, `returned` or `replaced`.
    pub state: String,
    /// The day of the decision.
    pub on: Option<String>,
    /// Why it was returned.
    pub reason: Option<String>,
}

impl From<&CheckState> for CheckItem {
    fn from(check: &CheckState) -> Self {
        let (on, reason) = match check {
            CheckState::Submitted => (None, None),
            CheckState::Checked { on, .. } | CheckState::Replaced { on } => (Some(on.to_string()), None),
            CheckState::Returned { on, reason, .. } => (Some(on.to_string()), Some(reason.clone())),
        };
        Self { state: check.name().to_owned(), on, reason }
    }
}

/// A file that shows something. Its content is downloaded from the page of the thing it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FileItem {
    /// Name it was handed in under.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
}

impl From<&EvidenceFile> for FileItem {
    fn from(file: &EvidenceFile) -> Self {
        Self {
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
        }
    }
}

/// A dated, sourced statement of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatementItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// The indicator; null for an achievement that no indicator took up.
    pub indicator: Option<String>,
    /// Name of what is stated.
    pub name: String,
    /// The number, where it is one.
    pub value: Option<Amount>,
    /// The words, where it is words.
    pub words: Option<String>,
    /// Where it is words: is the promise kept?
    pub met: Option<bool>,
    /// First day that a flow covers.
    pub from: Option<String>,
    /// The day it holds for.
    pub as_of: String,
    /// Title of the source.
    pub source: String,
    /// The statement that it corrects.
    pub supersedes: Option<String>,
    /// Whether it was checked.
    pub check: CheckItem,
    /// The day it was stated.
    pub stated_on: String,
}

impl From<Stored<Statement>> for StatementItem {
    fn from(stored: Stored<Statement>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        let (words, met) = match &it.value {
            StatedValue::Number { .. } => (None, None),
            StatedValue::Judgement { words, met } => (Some(words.clone()), Some(*met)),
        };
        Self {
            id: it.id.to_string(),
            version,
            plan: it.plan.to_string(),
            indicator: it.indicator.map(|id| id.to_string()),
            value: it.value.quantity().map(Amount::from),
            name: it.name,
            words,
            met,
            from: it.from.map(|day| day.to_string()),
            as_of: it.as_of.to_string(),
            source: it.source.title,
            supersedes: it.supersedes.map(|id| id.to_string()),
            check: (&it.check).into(),
            stated_on: it.stated_on.to_string(),
        }
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// Number in the plan.
    pub number: u32,
    /// Heading it stands under.
    pub heading: Option<String>,
    /// Special action it belongs to.
    pub special_action: Option<String>,
    /// Title.
    pub title: String,
    /// What is to be done.
    pub content: String,
    /// Bodies in charge, the leading one first.
    pub responsible: Vec<String>,
    /// Bodies that help.
    pub cooperating: Vec<String>,
    /// Documents it rests on.
    pub basis: Vec<String>,
    /// When it is due.
    pub deadline: String,
    /// Is that the plan's last day, because the document states no other?
    pub deadline_by_default: bool,
    /// Steps on the way.
    pub milestones: Vec<MilestoneItem>,
    /// Checked progress in percent; null while nothing is checked.
    pub percent: Option<u8>,
    /// The day the progress holds for.
    pub progress_as_of: Option<String>,
    /// `open`, `done` or `withdrawn`.
    pub status: String,
    /// The day it was done.
    pub done_on: Option<String>,
    /// Where the plan says so.
    pub place: Option<PlaceItem>,
}

/// A step of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MilestoneItem {
    /// Name.
    pub name: String,
    /// When it is due.
    pub due: String,
    /// When it was done.
    pub done: Option<String>,
}

impl From<Stored<Task>> for TaskItem {
    fn from(stored: Stored<Task>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            plan: it.plan.to_string(),
            number: it.number,
            heading: it.heading,
            special_action: it.special_action,
            title: it.title,
            content: it.content,
            responsible: ids(&it.responsible),
            cooperating: ids(&it.cooperating),
            basis: it.basis,
            deadline: it.deadline.day.to_string(),
            deadline_by_default: it.deadline.by_default,
            milestones: it
                .milestones
                .into_iter()
                .map(|step| MilestoneItem {
                    name: step.name,
                    due: step.due.to_string(),
                    done: step.done.map(|day| day.to_string()),
                })
                .collect(),
            percent: it.progress.map(|progress| progress.percent),
            progress_as_of: it.progress.map(|progress| progress.as_of.to_string()),
            status: it.status.name().to_owned(),
            done_on: match it.status {
                TaskStatus::Done { on } => Some(on.to_string()),
                TaskStatus::Open | TaskStatus::Withdrawn { .. } => None,
            },
            place: it.place.as_ref().map(PlaceItem::from),
        }
    }
}

/// A report of progress on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// The task.
    pub task: String,
    /// The body that reports.
    pub organisation: Option<String>,
    /// The day it was handed in.
    pub reported_on: String,
    /// The day it holds for.
    pub as_of: String,
    /// How much is done, in percent of the whole.
    pub percent: u8,
    /// What was done.
    pub narrative: String,
    /// Files that show it.
    pub evidence: Vec<FileItem>,
    /// Why it is less than before.
    pub why_less: Option<String>,
    /// Whether it was checked.
    pub check: CheckItem,
}

impl From<Stored<ProgressReport>> for ReportItem {
    fn from(stored: Stored<ProgressReport>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            plan: it.plan.to_string(),
            task: it.task.to_string(),
            organisation: it.organisation.map(|id| id.to_string()),
            reported_on: it.reported_on.to_string(),
            as_of: it.as_of.to_string(),
            percent: it.percent,
            narrative: it.narrative,
            evidence: it.evidence.iter().map(FileItem::from).collect(),
            why_less: it.why_less,
            check: (&it.check).into(),
        }
    }
}

/// The light of a task or an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LightItem {
    /// Version of the record: its history is in its versions.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// What it belongs to: `{"type": "task" | "indicator", "id": …}`.
    #[schema(value_type = Object)]
    pub subject: Value,
    /// `not_started`, `on_track`, `due_soon`, `behind_path`, `late`, `recovered`, `not_reported` or `unknown`.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// The day from which it was late, if it ever was.
    pub late_from: Option<String>,
    /// The day on which that ended.
    pub late_until: Option<String>,
    /// The rule set it was computed by.
    pub rules: String,
}

impl From<Stored<Light>> for LightItem {
    fn from(stored: Stored<Light>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            version,
            plan: it.plan.to_string(),
            subject: serde_json::to_value(it.subject).unwrap_or_default(),
            state: it.state.name().to_owned(),
            reason: it.reason.name().to_owned(),
            since: it.since.to_string(),
            late_from: it.late.map(|spell| spell.from.to_string()),
            late_until: it.late.and_then(|spell| spell.until).map(|day| day.to_string()),
            rules: it.rules,
        }
    }
}

/// A named platform or system that a plan promises, improves or uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SystemItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// Name.
    pub name: String,
    /// `existing`, `build`, `upgrade`, `use` or `in_service`.
    pub status: String,
    /// The body that keeps it.
    pub owner: Option<String>,
    /// Tasks that build or improve it.
    pub tasks: Vec<String>,
    /// Where the plan names it.
    pub place: Option<PlaceItem>,
}

impl From<Stored<PlannedSystem>> for SystemItem {
    fn from(stored: Stored<PlannedSystem>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            plan: it.plan.to_string(),
            name: it.name,
            status: it.status.name().to_owned(),
            owner: it.owner.map(|id| id.to_string()),
            tasks: it.tasks.iter().map(ToString::to_string).collect(),
            place: it.place.as_ref().map(PlaceItem::from),
        }
    }
}

/// One reading of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadingItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The document.
    pub document: String,
    /// Title as found.
    pub title: String,
    /// How many findings there are.
    pub findings: u32,
    /// `open`, `adopted` or `discarded`.
    pub state: String,
    /// The plan it became.
    pub plan: Option<String>,
    /// The day it was read.
    pub read_on: String,
}

impl From<Stored<Reading>> for ReadingItem {
    fn from(stored: Stored<Reading>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            document: it.document.to_string(),
            title: it.title,
            findings: it.findings,
            state: it.state.name().to_owned(),
            plan: match it.state {
                ReadingState::Adopted { plan } => Some(plan.to_string()),
                ReadingState::Open | ReadingState::Discarded => None,
            },
            read_on: it.read_on.to_string(),
        }
    }
}

/// One thing that was found in a document, and what a person decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FindingItem {
    /// Identity.
    pub id: String,
    /// Version of the record.
    pub version: u64,
    /// The reading.
    pub reading: String,
    /// Its place among the findings, from 1.
    pub order: u32,
    /// `metadata`, `approval`, `basis`, `target`, `achievement`, `task` or `system`.
    pub kind: String,
    /// What holds now: the decision, else what was found. Its shape depends on the kind.
    #[schema(value_type = Object)]
    pub content: Value,
    /// `open`, `accepted`, `corrected`, `rejected`, `split`, `merged` or `added`.
    pub state: String,
    /// How sure the reader is, in basis points: of those at 9000 or more, nine in ten are right.
    pub confidence_bp: u16,
    /// Its words.
    pub place: Option<PlaceItem>,
}

impl From<Stored<Finding>> for FindingItem {
    fn from(stored: Stored<Finding>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            reading: it.reading.to_string(),
            order: it.order,
            kind: it.content().kind().to_owned(),
            content: serde_json::to_value(it.content()).unwrap_or_default(),
            state: it.state.name().to_owned(),
            confidence_bp: it.confidence_bp,
            place: it.place.as_ref().map(PlaceItem::from),
        }
    }
}
