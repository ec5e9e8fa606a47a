//! Lights: what a task's or an indicator's state is on a day, by the rules of that day.
//!
//! A light is computed and never set by hand. It is kept as a record whose versions are its history: what was late
//! and was caught up later shows as recovered, with the days on which it was late, and does not turn plain green.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use hutong_kernel::{Id, IndicatorId, LightId, OrganisationId, PlanId, TaskId, WorkingCalendar};

use crate::evaluate_indicator::{Evaluation, Verdict, evaluate};
use crate::indicator::Indicator;
use crate::light_rules::LightRules;
use crate::report_progress::ProgressReport;
use crate::statement::{CheckState, Statement};
use crate::task::{Task, TaskStatus};

/// The state shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightState {
    /// Nothing was due and nothing was reported yet.
    NotStarted,
    /// As the path expects, or done.
    OnTrack,
    /// The deadline is near.
    DueSoon,
    /// Less than the path expects.
    BehindPath,
    /// The deadline has passed.
    Late,
    /// Was late, and is done or has a new deadline now.
    Recovered,
    /// A report is missing.
    NotReported,
    /// Cannot be said.
    Unknown,
}

impl LightState {
    /// All, the quiet ones first.
    pub const ALL: [Self; 8] = [
        Self::NotStarted,
        Self::OnTrack,
        Self::DueSoon,
        Self::BehindPath,
        Self::Late,
        Self::Recovered,
        Self::NotReported,
        Self::Unknown,
    ];

    /// Stable name, for messages (`light-…`), filters and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::OnTrack => "on_track",
            Self::DueSoon => "due_soon",
            Self::BehindPath => "behind_path",
            Self::Late => "late",
            Self::Recovered => "recovered",
            Self::NotReported => "not_reported",
            Self::Unknown => "unknown",
        }
    }

    /// The state with this stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Why a light is what it is. The text names the day's figures; they are not kept, because they change every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightReason {
    /// The task is done.
    Done,
    /// The target is met.
    Met,
    /// The deadline has passed.
    DeadlinePassed,
    /// A milestone's day has passed.
    MilestonePassed,
    /// No report for the last period.
    ReportMissing,
    /// Less than the path expects.
    BelowPath,
    /// The deadline is near.
    DeadlineNear,
    /// As the path expects.
    AsExpected,
    /// Not begun, and nothing is due.
    NothingDue,
    /// It was done after its deadline.
    DoneLate,
    /// It was late and has a later deadline now.
    NewDeadline,
    /// No baseline, so no path.
    NoPath,
    /// Nothing that can be compared.
    NotComparable,
    /// Not to be done any more.
    Withdrawn,
}

impl LightReason {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Done,
        Self::Met,
        Self::DeadlinePassed,
        Self::MilestonePassed,
        Self::ReportMissing,
        Self::BelowPath,
        Self::DeadlineNear,
        Self::AsExpected,
        Self::NothingDue,
        Self::DoneLate,
        Self::NewDeadline,
        Self::NoPath,
        Self::NotComparable,
        Self::Withdrawn,
    ];

    /// Stable name, for messages (`plans-light-…`) and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Met => "met",
            Self::DeadlinePassed => "deadline_passed",
            Self::MilestonePassed => "milestone_passed",
            Self::ReportMissing => "report_missing",
            Self::BelowPath => "below_path",
            Self::DeadlineNear => "deadline_near",
            Self::AsExpected => "as_expected",
            Self::NothingDue => "nothing_due",
            Self::DoneLate => "done_late",
            Self::NewDeadline => "new_deadline",
            Self::NoPath => "no_path",
            Self::NotComparable => "not_comparable",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What a light belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A task.
    Task(TaskId),
    /// An indicator.
    Indicator(IndicatorId),
}

impl Subject {
    /// The light's id: the subject's own, so that each has exactly one.
    pub fn light_id(self) -> LightId {
        match self {
            Self::Task(id) => LightId::from_uuid(id.uuid()),
            Self::Indicator(id) => LightId::from_uuid(id.uuid()),
        }
    }
}

/// The days on which something was late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateSpell {
    /// The deadline that was missed.
    pub deadline: Date,
    /// First day it was late.
    pub from: Date,
    /// The day it was caught up; `None` while it is late.
    pub until: Option<Date>,
}

/// The light of a task or an indicator. Its versions are its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Light {
    /// Identity; the same UUID as the subject's.
    pub id: LightId,
    /// The plan.
    pub plan: PlanId,
    /// What it belongs to.
    pub subject: Subject,
    /// The leading body; lists of a department read it.
    pub owner: Option<OrganisationId>,
    /// What it shows.
    pub state: LightState,
    /// Why.
    pub reason: LightReason,
    /// First day it shows this.
    pub since: Date,
    /// The last time it was late.
    pub late: Option<LateSpell>,
    /// The rule set it was computed with.
    pub rules: String,
}

impl Light {
    /// Does it say the same as `other`, apart from since when?
    fn says_what(&self, other: &Self) -> bool {
        self.state == other.state
            && self.reason == other.reason
            && self.late == other.late
            && self.rules == other.rules
            && self.owner == other.owner
    }
}

/// What the day brings: date, rules, calendar, and since when reports are due.
#[derive(Debug, Clone, Copy)]
pub struct LightDay<'a> {
    /// The district's date.
    pub today: Date,
    /// All light rules.
    pub rules: &'a LightRules,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    /// The plan's first day in force here; periods that ended before need no report.
    pub in_force_since: Date,
}

impl LightDay<'_> {
    /// First day of the newest period whose report is overdue now; `None` where none is due yet.
    fn overdue_period(&self, start: Date) -> Option<(Date, Date)> {
        let rules = self.rules.on(self.today);
        let mut end = rules.report_cycle.last_period_over(self.today.yesterday().ok()?);
        // The newest period may still be in its days of grace; then the one before counts.
        for _ in 0..2 {
            let grace = i32::from(rules.report_grace_working_days);
            let last_day = self.calendar.add_working_days(end, grace)?.date;
            let first = rules.report_cycle.first_day(end);
            if last_day < self.today {
                return (start.max(self.in_force_since) <= end).then_some((first, end));
            }
            end = first.yesterday().ok()?;
        }
        None
    }

    /// By when the report on the period that `today` follows must be in: the next reporting day a department meets.
    pub fn next_report_due(&self) -> Option<hutong_kernel::calendar::WorkingDate> {
        let rules = self.rules.on(self.today);
        let grace = i32::from(rules.report_grace_working_days);
        let over = rules.report_cycle.last_period_over(self.today);
        let due = self.calendar.add_working_days(over, grace)?;
        if self.today <= due.date {
            return Some(due);
        }
        self.calendar.add_working_days(rules.report_cycle.last_day(self.today), grace)
    }

    fn near(&self, deadline: Date) -> bool {
        let left = self.calendar.working_days_between(self.today, deadline);
        left <= i32::from(self.rules.on(self.today).due_soon_working_days)
    }

    fn keeps_up(&self, percent_of_expected: Decimal) -> bool {
        let tolerance = Decimal::from(self.rules.on(self.today).behind_tolerance_percent);
        Decimal::ONE_HUNDRED - tolerance <= percent_of_expected
    }
}

/// How far a straight line from start to deadline expects a task to be on `day`, in percent, rounded down.
pub fn expected_percent(task: &Task, day: Date) -> u8 {
    let days = |from: Date, to: Date| from.until(to).map_or(0, |span| i64::from(span.get_days()));
    let whole = days(task.start, task.deadline.day) + 1;
    let gone = days(task.start, day) + 1;
    if whole <= 0 || whole <= gone {
        return 100;
    }
    u8::try_from((gone.max(0) * 100) / whole).unwrap_or(100)
}

/// The light of a task. `previous` is the light so far; its late spell is carried on.
pub fn task_light(
    task: &Task,
    reports: &[ProgressReport],
    previous: Option<&Light>,
    day: &LightDay<'_>,
) -> Light {
    let (state, reason) = task_state(task, reports, day);
    let subject = Subject::Task(task.id);
    finish(
        subject,
        task.plan,
        task.responsible.first().copied(),
        (state, reason),
        task.deadline.day,
        done_on(task),
        previous,
        day,
    )
}

fn done_on(task: &Task) -> Option<Date> {
    match task.status {
        TaskStatus::Done { on } => Some(on),
        TaskStatus::Open | TaskStatus::Withdrawn { .. } => None,
    }
}

fn task_state(task: &Task, reports: &[ProgressReport], day: &LightDay<'_>) -> (LightState, LightReason) {
    match task.status {
        TaskStatus::Withdrawn { .. } => return (LightState::Unknown, LightReason::Withdrawn),
        TaskStatus::Done { on } if task.deadline.day < on => {
            return (LightState::Recovered, LightReason::DoneLate);
        }
        TaskStatus::Done { .. } => return (LightState::OnTrack, LightReason::Done),
        TaskStatus::Open => {}
    }
    if task.deadline.day < day.today {
        return (LightState::Late, LightReason::DeadlinePassed);
    }
    let handed_in =
        |it: &&ProgressReport| matches!(it.check, CheckState::Submitted | CheckState::Checked { .. });
    if let Some((first, _)) = day.overdue_period(task.start)
        && !reports.iter().filter(handed_in).any(|it| first <= it.as_of)
    {
        return (LightState::NotReported, LightReason::ReportMissing);
    }
    if task.milestones.iter().any(|step| step.done.is_none() && step.due < day.today) {
        return (LightState::BehindPath, LightReason::MilestonePassed);
    }
    let Some(progress) = task.progress else {
        if day.near(task.deadline.day) {
            return (LightState::DueSoon, LightReason::DeadlineNear);
        }
        return (LightState::NotStarted, LightReason::NothingDue);
    };
    // A report is measured by the path of its own day: a quarter's report does not age into a light by itself.
    let expected = expected_percent(task, progress.as_of);
    if 0 < expected {
        let share = Decimal::from(progress.percent) * Decimal::ONE_HUNDRED / Decimal::from(expected);
        if !day.keeps_up(share) {
            return (LightState::BehindPath, LightReason::BelowPath);
        }
    }
    if day.near(task.deadline.day) {
        return (LightState::DueSoon, LightReason::DeadlineNear);
    }
    (LightState::OnTrack, LightReason::AsExpected)
}

/// The light of an indicator.
pub fn indicator_light(
    indicator: &Indicator,
    statements: &[Statement],
    previous: Option<&Light>,
    day: &LightDay<'_>,
) -> Light {
    let evaluation = evaluate(indicator, statements, day.today);
    let (state, reason) = indicator_state(indicator, statements, &evaluation, day);
    let met_on =
        (evaluation.verdict == Verdict::Met).then(|| evaluation.value.as_ref().map(|it| it.as_of)).flatten();
    let subject = Subject::Indicator(indicator.id);
    let owner = indicator.owners.first().copied();
    finish(subject, indicator.plan, owner, (state, reason), indicator.deadline.day, met_on, previous, day)
}

fn indicator_state(
    indicator: &Indicator,
    statements: &[Statement],
    evaluation: &Evaluation,
    day: &LightDay<'_>,
) -> (LightState, LightReason) {
    let over = indicator.deadline.day < day.today;
    if evaluation.verdict == Verdict::Met {
        // A yearly mean or a level to be kept can still be lost; it is on track until the plan is over.
        return (LightState::OnTrack, LightReason::Met);
    }
    let handed_in = |it: &&Statement| matches!(it.check, CheckState::Submitted | CheckState::Checked { .. });
    if let Some((first, _)) = day.overdue_period(indicator.start)
        && !statements.iter().filter(handed_in).any(|it| first <= it.as_of)
    {
        return (LightState::NotReported, LightReason::ReportMissing);
    }
    if over {
        let stated_to_the_end =
            evaluation.value.as_ref().is_some_and(|it| it.as_of == indicator.deadline.day);
        let grace = i32::from(day.rules.on(day.today).report_grace_working_days);
        let wait = day.calendar.add_working_days(indicator.deadline.day, grace).map(|it| it.date);
        if stated_to_the_end || wait.is_none_or(|wait| wait < day.today) {
            return (LightState::Late, LightReason::DeadlinePassed);
        }
    }
    match (evaluation.verdict, evaluation.path_share) {
        (Verdict::Unknown(crate::evaluate_indicator::Unknown::NoStatement), _) => {
            if day.near(indicator.deadline.day) {
                (LightState::DueSoon, LightReason::DeadlineNear)
            } else {
                (LightState::NotStarted, LightReason::NothingDue)
            }
        }
        (Verdict::Unknown(crate::evaluate_indicator::Unknown::FirstYearNotOver), _) => {
            (LightState::NotStarted, LightReason::NothingDue)
        }
        (Verdict::Unknown(_), _) => (LightState::Unknown, LightReason::NotComparable),
        (_, Some(share)) if !day.keeps_up(share) => (LightState::BehindPath, LightReason::BelowPath),
        (_, Some(_)) if day.near(indicator.deadline.day) => (LightState::DueSoon, LightReason::DeadlineNear),
        (_, Some(_)) => (LightState::OnTrack, LightReason::AsExpected),
        // A level to keep, a yearly mean, a rank: not met is behind.
        (_, None) if evaluation.keeps_level || evaluation.expected.is_some() => {
            (LightState::BehindPath, LightReason::BelowPath)
        }
        (_, None) if evaluation.threshold.is_none() => (LightState::BehindPath, LightReason::BelowPath),
        (_, None) => (LightState::Unknown, LightReason::NoPath),
    }
}

#[allow(clippy::too_many_arguments, reason = "one private place that both kinds of subject pass through")]
fn finish(
    subject: Subject,
    plan: PlanId,
    owner: Option<OrganisationId>,
    (mut state, mut reason): (LightState, LightReason),
    deadline: Date,
    reached_on: Option<Date>,
    previous: Option<&Light>,
    day: &LightDay<'_>,
) -> Light {
    let mut late = previous.and_then(|light| light.late);
    if state == LightState::Late || state == LightState::Recovered {
        let open = late.is_some_and(|spell| spell.until.is_none());
        if !open && late.is_none_or(|spell| spell.deadline != deadline) {
            late = Some(LateSpell { deadline, from: deadline.tomorrow().unwrap_or(deadline), until: None });
        }
    }
    if state != LightState::Late
        && let Some(spell) = &mut late
    {
        if spell.until.is_none() {
            spell.until = Some(reached_on.unwrap_or(day.today));
        }
        // What was late stays visible while nothing worse is to be said.
        if matches!(state, LightState::OnTrack | LightState::NotStarted | LightState::DueSoon) {
            reason = if reached_on.is_some() { LightReason::DoneLate } else { LightReason::NewDeadline };
            state = LightState::Recovered;
        }
    }
    let mut light = Light {
        id: subject.light_id(),
        plan,
        subject,
        owner,
        state,
        reason,
        since: day.today,
        late,
        rules: day.rules.name_on(day.today),
    };
    if let Some(previous) = previous
        && previous.state == light.state
    {
        light.since = previous.since;
    }
    light
}

/// `Some` when the light says something else than before and must be written.
pub fn changed(light: Light, previous: Option<&Light>) -> Option<Light> {
    match previous {
        Some(previous) if previous.says_what(&light) => None,
        _ => Some(light),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use jiff::civil::date;

    use super::*;
    use crate::calendar::{CHINA, read_calendar};
    use crate::indicator::Deadline;
    use crate::report_progress::report_progress;
    use crate::target::{Level, Target};
    use crate::task::{Milestone, Progress};
    use crate::testing::{checked, id, indicator, quantity, report, task};

    fn on<T>(today: Date, run: impl FnOnce(&LightDay<'_>) -> T) -> T {
        let rules = LightRules::default_rules().unwrap();
        let calendar = read_calendar(CHINA).unwrap();
        run(&LightDay { today, rules: &rules, calendar: &calendar, in_force_since: date(2022, 5, 1) })
    }

    /// The one place that calls the functions under test.
    fn check(
        task: &Task,
        reports: &[ProgressReport],
        previous: Option<&Light>,
        today: Date,
    ) -> (Light, String) {
        let light = on(today, |day| task_light(task, reports, previous, day));
        let text = format!(
            "{} ({}) since {}{}",
            light.state.name(),
            light.reason.name(),
            light.since,
            light.late.map(|it| format!(", late from {} until {:?}", it.from, it.until)).unwrap_or_default()
        );
        (light, text)
    }

    fn reported(percent: u8, as_of: Date) -> Task {
        Task { progress: Some(Progress { percent, as_of, report: id(90) }), ..task() }
    }

    fn submitted(as_of: Date) -> ProgressReport {
        let command = crate::report_progress::ReportProgress { as_of, ..report(1, 10) };
        report_progress(&task(), &[], command, as_of).unwrap().report
    }

    #[test]
    fn a_task_of_a_fresh_plan_has_not_started() {
        assert_snapshot!(check(&task(), &[], None, date(2022, 6, 1)).1, @"not_started (nothing_due) since 2022-06-01");
    }

    #[test]
    fn a_missing_report_shows_after_its_days_of_grace_and_not_before() {
        // The second quarter of 2022 ends on a Thursday; ten working days later is 14 July.
        assert_snapshot!(check(&task(), &[], None, date(2022, 7, 14)).1, @"not_started (nothing_due) since 2022-07-14");
        assert_snapshot!(check(&task(), &[], None, date(2022, 7, 15)).1, @"not_reported (report_missing) since 2022-07-15");
        let reports = [submitted(date(2022, 6, 30))];
        assert_snapshot!(check(&task(), &reports, None, date(2022, 7, 15)).1, @"not_started (nothing_due) since 2022-07-15");
    }

    #[test]
    fn less_than_the_path_expects_is_behind() {
        let reports = [submitted(date(2022, 6, 30))];
        assert_eq!(expected_percent(&task(), date(2022, 6, 30)), 29);
        assert_snapshot!(check(&reported(27, date(2022, 6, 30)), &reports, None, date(2022, 7, 15)).1, @"on_track (as_expected) since 2022-07-15");
        assert_snapshot!(check(&reported(26, date(2022, 6, 30)), &reports, None, date(2022, 7, 15)).1, @"behind_path (below_path) since 2022-07-15");
    }

    #[test]
    fn a_milestone_that_passed_is_behind_whatever_the_percentage() {
        let mut task = reported(90, date(2022, 6, 30));
        task.milestones = vec![Milestone { name: "opening".into(), due: date(2022, 6, 1), done: None }];
        assert_snapshot!(check(&task, &[submitted(date(2022, 6, 30))], None, date(2022, 7, 15)).1, @"behind_path (milestone_passed) since 2022-07-15");
    }

    #[test]
    fn the_deadline_nears_in_working_days() {
        let reports = [submitted(date(2025, 12, 1))];
        let task = reported(98, date(2025, 12, 1));
        assert_snapshot!(check(&task, &reports, None, date(2025, 12, 16)).1, @"on_track (as_expected) since 2025-12-16");
        assert_snapshot!(check(&task, &reports, None, date(2025, 12, 17)).1, @"due_soon (deadline_near) since 2025-12-17");
    }

    #[test]
    fn what_was_late_and_is_done_stays_visible_as_recovered() {
        let (late, text) = check(&task(), &[], None, date(2026, 1, 10));
        assert_snapshot!(text, @"late (deadline_passed) since 2026-01-10, late from 2026-01-01 until None");
        let done = Task { status: TaskStatus::Done { on: date(2026, 2, 3) }, ..task() };
        let (recovered, text) = check(&done, &[], Some(&late), date(2026, 2, 5));
        assert_snapshot!(text, @"recovered (done_late) since 2026-02-05, late from 2026-01-01 until Some(2026-02-03)");
        assert!(changed(check(&done, &[], Some(&recovered), date(2026, 3, 5)).0, Some(&recovered)).is_none());
    }

    #[test]
    fn a_new_deadline_does_not_wash_a_late_task_green() {
        let (late, _) = check(&task(), &[], None, date(2026, 1, 10));
        let mut moved = reported(99, date(2026, 1, 9));
        moved.deadline = Deadline { day: date(2026, 6, 30), by_default: false };
        let reports = [submitted(date(2025, 12, 31))];
        let (light, text) = check(&moved, &reports, Some(&late), date(2026, 1, 12));
        assert_snapshot!(text, @"recovered (new_deadline) since 2026-01-12, late from 2026-01-01 until Some(2026-01-12)");
        let (_, text) = check(&moved, &reports, Some(&light), date(2026, 7, 1));
        assert_snapshot!(text, @"late (deadline_passed) since 2026-07-01, late from 2026-07-01 until None");
    }

    #[test]
    fn a_light_is_written_only_when_it_says_something_else() {
        let (light, _) = check(&task(), &[], None, date(2022, 6, 1));
        let (same, _) = check(&task(), &[], Some(&light), date(2022, 6, 2));
        assert_eq!(changed(same, Some(&light)), None);
    }

    #[test]
    fn an_indicator_without_baseline_is_unknown_and_one_below_its_path_is_behind() {
        let unknown = indicator(Target::level(Level::AtLeast { value: quantity("800", "家") }));
        let statements = [checked(1, &unknown, "650", "家", date(2022, 6, 30))];
        let state = |indicator: &Indicator| {
            let light = on(date(2022, 7, 15), |day| indicator_light(indicator, &statements, None, day));
            (light.state, light.reason)
        };
        assert_eq!(state(&unknown), (LightState::Unknown, LightReason::NoPath));
        let mut known = unknown.clone();
        known.baseline = Some(crate::indicator::Baseline {
            day: date(2020, 12, 31),
            value: Some(quantity("616", "家")),
            source: crate::source::SourceRef::titled("yearbook"),
            statement: None,
        });
        assert_eq!(state(&known), (LightState::BehindPath, LightReason::BelowPath));
    }
}
