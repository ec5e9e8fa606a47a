//! What is due to a department, in working days.

use jiff::civil::Date;
use serde::Serialize;

use hutong_kernel::{IndicatorId, OrganisationId, ReportId, TaskId};

use crate::indicator::Indicator;
use crate::light::{LightDay, LightState};
use crate::report_progress::ProgressReport;
use crate::statement::{CheckState, Statement};
use crate::task::{Task, TaskStatus};

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueItem {
    /// What.
    pub what: Due,
    /// Title of the task, name of the indicator.
    pub title: String,
    /// By when.
    pub day: Date,
    /// Working days left; negative when it has passed.
    pub working_days_left: i32,
    /// The day lies in a year whose calendar is not announced yet.
    pub provisional: bool,
    /// The body leads, and does not only help.
    pub leading: bool,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Due {
    /// A report was returned and must be handed in again.
    Returned {
        /// The task.
        task: TaskId,
        /// The report.
        report: ReportId,
    },
    /// A report on a task is due for the current period.
    Report {
        /// The task.
        task: TaskId,
    },
    /// The task's deadline.
    Deadline {
        /// The task.
        task: TaskId,
    },
    /// A milestone of the task.
    Milestone {
        /// The task.
        task: TaskId,
        /// Its place in the task's list.
        index: usize,
    },
    /// A statement of an indicator's value.
    Statement {
        /// The indicator.
        indicator: IndicatorId,
    },
}

/// A task with all its reports, or an indicator with all its statements.
#[derive(Debug, Clone, Copy)]
pub enum Owed<'a> {
    /// A task.
    Task(&'a Task, &'a [ProgressReport]),
    /// An indicator.
    Indicator(&'a Indicator, &'a [Statement]),
}

/// Lists what `body` owes, the most urgent first. `horizon` is how many working days ahead deadlines are listed.
///
/// A report that waits for a check is not asked for again.
pub fn due_list(body: OrganisationId, owed: &[Owed<'_>], horizon: i32, day: &LightDay<'_>) -> Vec<DueItem> {
    let mut list = Vec::new();
    for owed in owed {
        match owed {
            Owed::Task(task, reports) => task_due(body, task, reports, horizon, day, &mut list),
            Owed::Indicator(indicator, statements) => {
                indicator_due(body, indicator, statements, day, &mut list)
            }
        }
    }
    list.sort_by(|a, b| (a.day, &a.title).cmp(&(b.day, &b.title)));
    list
}

fn item(what: Due, title: &str, due: Date, leading: bool, day: &LightDay<'_>) -> DueItem {
    DueItem {
        what,
        title: title.to_owned(),
        day: due,
        working_days_left: day.calendar.working_days_between(day.today, due),
        provisional: day.calendar.is_provisional(due),
        leading,
    }
}

fn task_due(
    body: OrganisationId,
    task: &Task,
    reports: &[ProgressReport],
    horizon: i32,
    day: &LightDay<'_>,
    list: &mut Vec<DueItem>,
) {
    if task.status != TaskStatus::Open || !task.bodies().contains(&body) {
        return;
    }
    let leading = task.responsible.contains(&body);
    let mut add = |what, due| list.push(item(what, &task.title, due, leading, day));
    let within = |due: Date| day.calendar.working_days_between(day.today, due) <= horizon;

    let latest = reports.iter().max_by_key(|it| (it.reported_on, it.id));
    if leading
        && let Some(report) = latest
        && let CheckState::Returned { on, .. } = report.check
    {
        // Given back means: as soon as possible; the grace of a report is the measure.
        let grace = i32::from(day.rules.on(day.today).report_grace_working_days);
        let due = day.calendar.add_working_days(on, grace).map_or(on, |it| it.date);
        add(Due::Returned { task: task.id, report: report.id }, due);
    } else if leading && let Some((first, due)) = period_to_report(task.start, day) {
        let handed_in =
            |it: &ProgressReport| matches!(it.check, CheckState::Submitted | CheckState::Checked { .. });
        if !reports.iter().any(|it| handed_in(it) && first <= it.as_of) {
            add(Due::Report { task: task.id }, due);
        }
    }
    if within(task.deadline.day) {
        add(Due::Deadline { task: task.id }, task.deadline.day);
    }
    for (index, step) in task.milestones.iter().enumerate() {
        if step.done.is_none() && within(step.due) {
            add(Due::Milestone { task: task.id, index }, step.due);
        }
    }
}

fn indicator_due(
    body: OrganisationId,
    indicator: &Indicator,
    statements: &[Statement],
    day: &LightDay<'_>,
    list: &mut Vec<DueItem>,
) {
    if !indicator.owners.contains(&body) {
        return;
    }
    let Some((first, due)) = period_to_report(indicator.start, day) else { return };
    if indicator.deadline.day < first {
        return;
    }
    let handed_in = |it: &Statement| matches!(it.check, CheckState::Submitted | CheckState::Checked { .. });
    if !statements.iter().any(|it| handed_in(it) && first <= it.as_of) {
        let leading = indicator.owners.first() == Some(&body);
        list.push(item(Due::Statement { indicator: indicator.id }, &indicator.name, due, leading, day));
    }
}

/// The newest period that is over and must be reported: its first day, and the last day to report it.
fn period_to_report(start: Date, day: &LightDay<'_>) -> Option<(Date, Date)> {
    let rules = day.rules.on(day.today);
    let end = rules.report_cycle.last_period_over(day.today.yesterday().ok()?);
    if end < start.max(day.in_force_since) {
        return None;
    }
    let due = day.calendar.add_working_days(end, i32::from(rules.report_grace_working_days))?;
    Some((rules.report_cycle.first_day(end), due.date))
}

/// Lights that the supervision looks at first.
pub fn needs_attention(state: LightState) -> bool {
    matches!(state, LightState::Late | LightState::BehindPath | LightState::NotReported)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use jiff::civil::date;

    use super::*;
    use crate::calendar::{CHINA, read_calendar};
    use crate::light_rules::LightRules;
    use crate::report_progress::{report_progress, return_report};
    use crate::testing::{id, report, task};

    /// The one place that calls the function under test.
    fn check(body: u128, task: &Task, reports: &[ProgressReport], today: Date) -> String {
        let rules = LightRules::default_rules().unwrap();
        let calendar = read_calendar(CHINA).unwrap();
        let day = LightDay { today, rules: &rules, calendar: &calendar, in_force_since: date(2022, 5, 1) };
        let kind = |due: &Due| match due {
            Due::Returned { .. } => "returned",
            Due::Report { .. } => "report",
            Due::Deadline { .. } => "deadline",
            Due::Milestone { .. } => "milestone",
            Due::Statement { .. } => "statement",
        };
        let list = due_list(id(body), &[Owed::Task(task, reports)], 20, &day);
        let texts: Vec<_> = list
            .iter()
            .map(|it| format!("{} by {} ({})", kind(&it.what), it.day, it.working_days_left))
            .collect();
        texts.join(", ")
    }

    #[test]
    fn a_report_is_asked_for_when_its_period_is_over_and_not_twice() {
        let task = task();
        assert_snapshot!(check(10, &task, &[], date(2022, 6, 30)), @"");
        assert_snapshot!(check(10, &task, &[], date(2022, 7, 4)), @"report by 2022-07-14 (8)");
        let it = report_progress(&task, &[], report(1, 10), date(2022, 7, 4)).unwrap().report;
        assert_snapshot!(check(10, &task, std::slice::from_ref(&it), date(2022, 7, 4)), @"");
        let returned = return_report(&it, "which contract?", None, date(2022, 7, 5)).unwrap();
        assert_snapshot!(check(10, &task, &[returned], date(2022, 7, 6)), @"returned by 2022-07-19 (9)");
    }

    #[test]
    fn who_only_helps_sees_the_deadline_and_is_not_asked_to_report() {
        let task = task();
        assert_snapshot!(check(11, &task, &[], date(2025, 12, 20)), @"deadline by 2025-12-31 (8)");
        assert_snapshot!(check(12, &task, &[], date(2025, 12, 20)), @"");
    }
}
