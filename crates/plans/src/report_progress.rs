//! Reporting progress on a task; checking a report, or giving it back.
//!
//! A department reports how far a task is. Nothing changes on the task until the supervision has checked the report:
//! a light does not turn green on its owner's word. A newer report replaces one that still waits.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::{OrganisationId, PersonId, PlanId, ReportId, TaskId};

use crate::refusals::refusals;
use crate::source::EvidenceFile;
use crate::statement::CheckState;
use crate::task::{Progress, Task, TaskStatus};

/// Longest narrative, in characters.
pub const NARRATIVE_MAX: usize = 4_000;
/// Most evidence files of one report.
pub const EVIDENCE_MAX: usize = 20;

/// A report of progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressReport {
    /// Identity.
    pub id: ReportId,
    /// The plan.
    pub plan: PlanId,
    /// The task.
    pub task: TaskId,
    /// The body that reports.
    pub organisation: Option<OrganisationId>,
    /// The person who reports.
    pub reported_by: Option<PersonId>,
    /// The day it was handed in.
    pub reported_on: Date,
    /// The day it holds for.
    pub as_of: Date,
    /// Percent done, 0 to 100.
    pub percent: u8,
    /// What was done, in words.
    pub narrative: String,
    /// Steps that are done, by their place in the task's list.
    #[serde(default)]
    pub milestones_done: Vec<MilestoneDone>,
    /// Files that show it.
    #[serde(default)]
    pub evidence: Vec<EvidenceFile>,
    /// Why it is less than before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_less: Option<String>,
    /// What happened to it.
    pub check: CheckState,
}

/// A step that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneDone {
    /// Its place in the task's list, from 0.
    pub index: usize,
    /// Since when.
    pub on: Date,
}

/// What a department hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportProgress {
    /// Identity of the new report.
    pub id: ReportId,
    /// The body that reports.
    pub organisation: Option<OrganisationId>,
    /// The person who reports.
    pub reported_by: Option<PersonId>,
    /// The day it holds for.
    pub as_of: Date,
    /// Percent done.
    pub percent: u8,
    /// What was done.
    pub narrative: String,
    /// Steps that are done.
    pub milestones_done: Vec<MilestoneDone>,
    /// Files that show it.
    pub evidence: Vec<EvidenceFile>,
    /// Why it is less than before.
    pub why_less: Option<String>,
}

/// What a report changes: the new one, and the waiting one that it replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The new report.
    pub report: ProgressReport,
    /// The report that waited until now.
    pub replaced: Option<ProgressReport>,
}

/// Decides whether `command` may stand as a report on `task`.
///
/// # Errors
/// [`ReportRefusal`].
pub fn report_progress(
    task: &Task,
    reports: &[ProgressReport],
    command: ReportProgress,
    today: Date,
) -> Result<Reported, ReportRefusal> {
    if let TaskStatus::Withdrawn { .. } | TaskStatus::Done { .. } = task.status {
        return Err(ReportRefusal::TaskClosed { state: task.status.name().to_owned() });
    }
    if 100 < command.percent {
        return Err(ReportRefusal::PercentTooHigh { given: command.percent });
    }
    if today < command.as_of {
        return Err(ReportRefusal::InFuture { as_of: command.as_of, today });
    }
    if let Some(progress) = task.progress
        && command.as_of < progress.as_of
    {
        return Err(ReportRefusal::BeforeLast { as_of: command.as_of, last: progress.as_of });
    }
    let narrative = command.narrative.trim().to_owned();
    if narrative.is_empty() {
        return Err(ReportRefusal::NarrativeMissing);
    }
    if NARRATIVE_MAX < narrative.chars().count() {
        return Err(ReportRefusal::NarrativeTooLong { limit: NARRATIVE_MAX });
    }
    if EVIDENCE_MAX < command.evidence.len() {
        return Err(ReportRefusal::TooMuchEvidence { limit: EVIDENCE_MAX });
    }
    let why_less = command.why_less.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
    if let Some(progress) = task.progress
        && command.percent < progress.percent
        && why_less.is_none()
    {
        return Err(ReportRefusal::FellWithoutReason { previous: progress.percent, given: command.percent });
    }
    let mut seen = BTreeSet::new();
    for step in &command.milestones_done {
        let milestone =
            task.milestones.get(step.index).ok_or(ReportRefusal::NoSuchMilestone { index: step.index })?;
        if milestone.done.is_some() || !seen.insert(step.index) {
            return Err(ReportRefusal::MilestoneDoneAlready { name: milestone.name.clone() });
        }
        if command.as_of < step.on {
            return Err(ReportRefusal::InFuture { as_of: step.on, today: command.as_of });
        }
    }
    if command.percent == 100 {
        let left = task
            .milestones
            .iter()
            .enumerate()
            .find(|(index, step)| step.done.is_none() && !seen.contains(index));
        if let Some((_, step)) = left {
            return Err(ReportRefusal::MilestoneLeft { name: step.name.clone() });
        }
    }

    let replaced = reports
        .iter()
        .find(|report| report.check.is_waiting())
        .map(|report| ProgressReport { check: CheckState::Replaced { on: today }, ..report.clone() });
    let report = ProgressReport {
        id: command.id,
        plan: task.plan,
        task: task.id,
        organisation: command.organisation,
        reported_by: command.reported_by,
        reported_on: today,
        as_of: command.as_of,
        percent: command.percent,
        narrative,
        milestones_done: command.milestones_done,
        evidence: command.evidence,
        why_less,
        check: CheckState::Submitted,
    };
    Ok(Reported { report, replaced })
}

/// Finds a report right: the report and the task as they are then.
///
/// # Errors
/// [`ReportRefusal::NotWaiting`], [`ReportRefusal::OwnWork`].
pub fn check_report(
    task: &Task,
    report: &ProgressReport,
    by: Option<PersonId>,
    today: Date,
) -> Result<(ProgressReport, Task), ReportRefusal> {
    waiting(report)?;
    if by.is_some() && by == report.reported_by {
        return Err(ReportRefusal::OwnWork);
    }
    let mut task = task.clone();
    task.progress = Some(Progress { percent: report.percent, as_of: report.as_of, report: report.id });
    for step in &report.milestones_done {
        if let Some(milestone) = task.milestones.get_mut(step.index) {
            milestone.done.get_or_insert(step.on);
        }
    }
    if report.percent == 100 && task.status == TaskStatus::Open {
        task.status = TaskStatus::Done { on: report.as_of };
    }
    Ok((ProgressReport { check: CheckState::Checked { on: today, by }, ..report.clone() }, task))
}

/// Gives a report back with a reason.
///
/// # Errors
/// [`ReportRefusal::NotWaiting`], [`ReportRefusal::ReasonMissing`].
pub fn return_report(
    report: &ProgressReport,
    reason: &str,
    by: Option<PersonId>,
    today: Date,
) -> Result<ProgressReport, ReportRefusal> {
    waiting(report)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(ReportRefusal::ReasonMissing);
    }
    Ok(ProgressReport {
        check: CheckState::Returned { on: today, by, reason: reason.to_owned() },
        ..report.clone()
    })
}

fn waiting(report: &ProgressReport) -> Result<(), ReportRefusal> {
    if report.check.is_waiting() {
        Ok(())
    } else {
        Err(ReportRefusal::NotWaiting { state: report.check.name().to_owned() })
    }
}

refusals! {
    /// Why a report is refused.
    pub enum ReportRefusal {
        /// The task is done or withdrawn.
        TaskClosed { state: String } => ("plans.report.task_closed", 409, "the task is {state}"),
        /// More than all.
        PercentTooHigh { given: u8 } => ("plans.report.percent_too_high", 422, "{given} percent is more than all"),
        /// A day that has not come.
        InFuture { as_of: Date, today: Date } => ("plans.report.in_future", 422, "{as_of} is after {today}"),
        /// Older than what was checked.
        BeforeLast { as_of: Date, last: Date } => ("plans.report.before_last", 422, "{as_of} is before the checked report of {last}"),
        /// No words.
        NarrativeMissing => ("plans.report.narrative_missing", 422, "a report says what was done"),
        /// Too many words.
        NarrativeTooLong { limit: usize } => ("plans.report.narrative_too_long", 422, "narrative is longer than {limit} characters"),
        /// Too many files.
        TooMuchEvidence { limit: usize } => ("plans.report.too_much_evidence", 422, "more than {limit} evidence files"),
        /// Less than before, and no word why.
        FellWithoutReason { previous: u8, given: u8 } => ("plans.report.fell_without_reason", 422, "progress fell from {previous} to {given} percent without a reason"),
        /// No such step.
        NoSuchMilestone { index: usize } => ("plans.report.no_such_milestone", 422, "there is no milestone {index}"),
        /// The step is done.
        MilestoneDoneAlready { name: String } => ("plans.report.milestone_done_already", 422, "milestone {name} is done already"),
        /// All done, but a step is not.
        MilestoneLeft { name: String } => ("plans.report.milestone_left", 422, "a hundred percent, but milestone {name} is not done"),
        /// Not waiting for a check.
        NotWaiting { state: String } => ("plans.report.not_waiting", 409, "the report is {state} and does not wait for a check"),
        /// Nobody checks their own work.
        OwnWork => ("plans.report.own_work", 403, "nobody checks a report of their own"),
        /// Returned without a reason.
        ReasonMissing => ("plans.report.reason_missing", 422, "a report is returned with a reason"),
        /// No such report, or none that may be seen.
        NotFound => ("plans.report.not_found", 404, "there is no such report"),
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::Refusal;
    use insta::assert_snapshot;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::task::Milestone;
    use crate::testing::{id, report, task};

    /// The one place that calls the function under test.
    fn check(task: &Task, reports: &[ProgressReport], command: ReportProgress) -> String {
        match report_progress(task, reports, command, date(2022, 6, 30)) {
            Ok(it) => format!(
                "{} percent{}",
                it.report.percent,
                if it.replaced.is_some() { ", replaces" } else { "" }
            ),
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        }
    }

    fn at(percent: u8, previous: Option<u8>) -> Task {
        let _ = percent;
        let mut task = task();
        task.progress =
            previous.map(|percent| Progress { percent, as_of: date(2022, 3, 31), report: id(90) });
        task
    }

    #[test]
    fn progress_falls_only_with_a_reason() {
        let task = at(30, Some(40));
        assert_snapshot!(check(&task, &[], report(1, 30)), @"plans.report.fell_without_reason: progress fell from 40 to 30 percent without a reason");
        let explained =
            ReportProgress { why_less: Some("the contract was cancelled".into()), ..report(1, 30) };
        assert_snapshot!(check(&task, &[], explained), @"30 percent");
    }

    #[test]
    fn all_is_done_only_when_every_step_is() {
        let mut task = task();
        task.milestones = vec![Milestone { name: "opening".into(), due: date(2022, 5, 1), done: None }];
        assert_snapshot!(check(&task, &[], report(1, 100)), @"plans.report.milestone_left: a hundred percent, but milestone opening is not done");
        let with_step = ReportProgress {
            milestones_done: vec![MilestoneDone { index: 0, on: date(2022, 5, 2) }],
            ..report(1, 100)
        };
        assert_snapshot!(check(&task, &[], with_step), @"100 percent");
    }

    #[test]
    fn a_newer_report_replaces_the_one_that_waits() {
        let task = task();
        let first = report_progress(&task, &[], report(1, 10), date(2022, 6, 30)).unwrap().report;
        assert_snapshot!(check(&task, &[first], report(2, 20)), @"20 percent, replaces");
    }

    #[test]
    fn a_task_changes_when_its_report_is_checked_and_not_before() {
        let task = task();
        let it = report_progress(&task, &[], report(1, 100), date(2022, 6, 30)).unwrap().report;
        let (checked, done) = check_report(&task, &it, None, date(2022, 7, 1)).unwrap();
        assert_eq!(done.status, TaskStatus::Done { on: date(2022, 6, 30) });
        assert!(check_report(&task, &checked, None, date(2022, 7, 1)).is_err());
        assert_eq!(
            check_report(&task, &it, it.reported_by, date(2022, 7, 1)).unwrap_err(),
            ReportRefusal::OwnWork
        );
        assert_eq!(return_report(&it, "", None, date(2022, 7, 1)).unwrap_err(), ReportRefusal::ReasonMissing);
    }

    proptest! {
        #[test]
        fn without_a_reason_progress_never_falls(previous in 0_u8..=100, given in 0_u8..=100) {
            let accepted = report_progress(&at(given, Some(previous)), &[], report(1, given), date(2022, 6, 30)).is_ok();
            prop_assert_eq!(accepted, previous <= given);
        }
    }
}
