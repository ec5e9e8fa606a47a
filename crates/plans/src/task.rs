//! A task of a plan: what is to be done, by whom, with whom, on what basis, by when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::{FindingId, IndicatorId, OrganisationId, PlanId, ReportId, SystemId, TaskId};

use crate::indicator::Deadline;
use crate::refusals::refusals;
use crate::source::Place;

/// A task of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Identity.
    pub id: TaskId,
    /// The plan.
    pub plan: PlanId,
    /// Number in the plan.
    pub number: u32,
    /// Heading or group it stands under. Independent of the special action: a heading may mix several.
    pub heading: Option<String>,
    /// Special action (专项行动) it belongs to.
    pub special_action: Option<String>,
    /// What is to be done, short.
    pub title: String,
    /// What is to be done, in full.
    pub content: String,
    /// Bodies in charge, the leading one first.
    pub responsible: Vec<OrganisationId>,
    /// Bodies that help.
    pub cooperating: Vec<OrganisationId>,
    /// The document's words on who is in charge and who helps; kept because bodies are renamed and merged.
    #[serde(default)]
    pub responsible_words: String,
    /// The same for those that help.
    #[serde(default)]
    pub cooperating_words: String,
    /// The document names nobody; the plan's keeper answers.
    #[serde(default)]
    pub owner_by_default: bool,
    /// Documents it rests on.
    #[serde(default)]
    pub basis: Vec<String>,
    /// First day.
    pub start: Date,
    /// When it is due.
    pub deadline: Deadline,
    /// Steps on the way.
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    /// Weight in roll-ups.
    pub weight: u32,
    /// Indicators it serves.
    #[serde(default)]
    pub indicators: Vec<IndicatorId>,
    /// Systems it builds or improves.
    #[serde(default)]
    pub systems: Vec<SystemId>,
    /// How far it is, by the last report that was checked; `None` while there is none.
    pub progress: Option<Progress>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Where the plan says so.
    pub place: Option<Place>,
    /// The finding it was adopted from.
    pub finding: Option<FindingId>,
}

/// A step on the way of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What will be there.
    pub name: String,
    /// By when.
    pub due: Date,
    /// Since when it is there.
    pub done: Option<Date>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Percent done, 0 to 100.
    pub percent: u8,
    /// The day it holds for.
    pub as_of: Date,
    /// The report it comes from.
    pub report: ReportId,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskStatus {
    /// To be done.
    Open,
    /// Done, by a checked report.
    Done {
        /// The day it was done.
        on: Date,
    },
    /// Not to be done any more.
    Withdrawn {
        /// Since when.
        on: Date,
    },
}

impl TaskStatus {
    /// Stable name, for messages (`plans-task-…`), filters and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done { .. } => "done",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

impl Task {
    /// All bodies it concerns, those in charge first.
    pub fn bodies(&self) -> Vec<OrganisationId> {
        let mut bodies = self.responsible.clone();
        bodies.extend(self.cooperating.iter().filter(|body| !self.responsible.contains(body)));
        bodies
    }
}

/// What a supervisor may change about a task; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditTask {
    /// New title.
    pub title: Option<String>,
    /// New content.
    pub content: Option<String>,
    /// New bodies in charge.
    pub responsible: Option<Vec<OrganisationId>>,
    /// New bodies that help.
    pub cooperating: Option<Vec<OrganisationId>>,
    /// New last day.
    pub deadline: Option<Date>,
    /// New steps.
    pub milestones: Option<Vec<Milestone>>,
    /// New weight.
    pub weight: Option<u32>,
    /// Take it back.
    pub withdraw: bool,
}

/// Longest list of milestones.
pub const MILESTONES_MAX: usize = 50;

/// Changes a task's owners, dates and words.
///
/// # Errors
/// [`TaskRefusal`].
pub fn edit_task(task: &Task, edit: EditTask, today: Date) -> Result<Task, TaskRefusal> {
    if task.status != TaskStatus::Open {
        return Err(TaskRefusal::Closed { state: task.status.name().to_owned() });
    }
    let mut changed = task.clone();
    if let Some(title) = edit.title {
        changed.title = title.trim().to_owned();
    }
    if let Some(content) = edit.content {
        changed.content = content.trim().to_owned();
    }
    if let Some(responsible) = edit.responsible
        && responsible != task.responsible
    {
        changed.responsible = responsible;
        changed.owner_by_default = false;
    }
    if let Some(cooperating) = edit.cooperating {
        changed.cooperating = cooperating;
    }
    if let Some(day) = edit.deadline
        && day != task.deadline.day
    {
        changed.deadline = Deadline { day, by_default: false };
    }
    if let Some(milestones) = edit.milestones {
        changed.milestones = milestones;
    }
    changed.weight = edit.weight.unwrap_or(task.weight);
    if edit.withdraw {
        changed.status = TaskStatus::Withdrawn { on: today };
    }

    if changed.title.is_empty() {
        return Err(TaskRefusal::TitleMissing);
    }
    if changed.responsible.is_empty() {
        return Err(TaskRefusal::OwnerMissing);
    }
    if changed.deadline.day < changed.start {
        return Err(TaskRefusal::DeadlineBeforeStart {
            start: changed.start,
            deadline: changed.deadline.day,
        });
    }
    if MILESTONES_MAX < changed.milestones.len() {
        return Err(TaskRefusal::TooManyMilestones { limit: MILESTONES_MAX });
    }
    if let Some(step) = changed.milestones.iter().find(|step| changed.deadline.day < step.due) {
        return Err(TaskRefusal::MilestoneAfterDeadline {
            name: step.name.clone(),
            deadline: changed.deadline.day,
        });
    }
    if changed == *task {
        return Err(TaskRefusal::NothingChanges);
    }
    Ok(changed)
}

refusals! {
    /// Why a task cannot be changed so.
    pub enum TaskRefusal {
        /// Done or withdrawn.
        Closed { state: String } => ("plans.task.closed", 409, "the task is {state}"),
        /// No title.
        TitleMissing => ("plans.task.title_missing", 422, "a task has a title"),
        /// Nobody in charge.
        OwnerMissing => ("plans.task.owner_missing", 422, "a task has somebody in charge"),
        /// Due before it starts.
        DeadlineBeforeStart { start: Date, deadline: Date } => ("plans.task.deadline_before_start", 422, "deadline {deadline} is before the start {start}"),
        /// A step after the end.
        MilestoneAfterDeadline { name: String, deadline: Date } => ("plans.task.milestone_after_deadline", 422, "milestone {name} is due after the deadline {deadline}"),
        /// Too many steps.
        TooManyMilestones { limit: usize } => ("plans.task.too_many_milestones", 422, "more than {limit} milestones"),
        /// It is so already.
        NothingChanges => ("plans.task.nothing_changes", 409, "nothing would change"),
        /// No such task, or none that may be seen.
        NotFound => ("plans.task.not_found", 404, "there is no such task"),
    }
}
