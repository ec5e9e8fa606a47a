//! Stating an indicator's value, and correcting what was stated.
//!
//! A statement is never edited. A correction names the statement it supersedes and takes its place once it is
//! checked; until then the old one stays in force.

use jiff::civil::Date;

use hutong_kernel::{IndicatorId, OrganisationId, PersonId, Quantity, StatementId, Unit};

use crate::indicator::{EntryMode, Indicator};
use crate::refusals::refusals;
use crate::source::SourceRef;
use crate::statement::{CheckState, StatedValue, Statement};

/// What a department hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordStatement {
    /// Identity of the new statement.
    pub id: StatementId,
    /// Which indicator.
    pub indicator: IndicatorId,
    /// The value.
    pub value: StatedValue,
    /// First day covered; for a flow only. Without it a flow covers the time since the last one.
    pub from: Option<Date>,
    /// The day it holds for, or the last day covered.
    pub as_of: Date,
    /// Where it comes from.
    pub source: SourceRef,
    /// The statement it corrects.
    pub supersedes: Option<StatementId>,
    /// The body that states it.
    pub organisation: Option<OrganisationId>,
    /// The person who states it.
    pub stated_by: Option<PersonId>,
}

/// Decides whether `command` may stand beside the statements that there are. `today` is the district's date.
///
/// # Errors
/// [`StatementRefusal`].
pub fn record_statement(
    indicator: &Indicator,
    statements: &[Statement],
    command: RecordStatement,
    today: Date,
) -> Result<Statement, StatementRefusal> {
    check_value(indicator, &command.value)?;
    if command.source.title.trim().is_empty() {
        return Err(StatementRefusal::SourceMissing);
    }
    // A day that is still running can still change.
    if today <= command.as_of {
        return Err(StatementRefusal::DayNotOver { as_of: command.as_of, today });
    }
    if command.as_of < indicator.start || indicator.deadline.day < command.as_of {
        return Err(StatementRefusal::OutsidePlan {
            as_of: command.as_of,
            first: indicator.start,
            last: indicator.deadline.day,
        });
    }
    if let Some(old) = command.supersedes {
        let old = statements.iter().find(|it| it.id == old).ok_or(StatementRefusal::CorrectsNothing)?;
        if old.is_superseded(statements) {
            return Err(StatementRefusal::AlreadyCorrected);
        }
    }

    // What stands beside it: everything that was not returned or replaced, except what it corrects.
    let mut beside: Vec<&Statement> = statements
        .iter()
        .filter(|it| matches!(it.check, CheckState::Submitted | CheckState::Checked { .. }))
        .filter(|it| !it.is_superseded(statements) && Some(it.id) != command.supersedes)
        .collect();
    beside.sort_by_key(|it| it.as_of);
    if beside.iter().any(|it| it.as_of == command.as_of) {
        return Err(StatementRefusal::AlreadyStated { as_of: command.as_of });
    }
    let before = beside.iter().rev().find(|it| it.as_of < command.as_of);
    let after = beside.iter().find(|it| command.as_of < it.as_of);

    let mut from = None;
    match indicator.entry_mode {
        EntryMode::Stock => {}
        EntryMode::Flow => {
            let next_day = before.and_then(|it| it.as_of.tomorrow().ok()).unwrap_or(indicator.start);
            let first = command.from.unwrap_or(next_day);
            if command.as_of < first {
                return Err(StatementRefusal::PeriodReversed { from: first, as_of: command.as_of });
            }
            if first < next_day || after.and_then(|it| it.from).is_some_and(|next| next <= command.as_of) {
                return Err(StatementRefusal::PeriodOverlaps { from: first, as_of: command.as_of });
            }
            from = Some(first);
        }
        EntryMode::Cumulative => {
            let given = command.value.quantity();
            let neighbour = |it: Option<&&Statement>| it.and_then(|it| it.value.quantity()).cloned();
            if let (Some(given), Some(previous)) = (given, neighbour(before))
                && given.compare(&previous).is_ok_and(std::cmp::Ordering::is_lt)
            {
                return Err(StatementRefusal::TotalFell { previous, given: given.clone() });
            }
            if let (Some(given), Some(next)) = (given, neighbour(after))
                && next.compare(given).is_ok_and(std::cmp::Ordering::is_lt)
            {
                return Err(StatementRefusal::TotalAboveLater { next, given: given.clone() });
            }
        }
    }

    Ok(Statement {
        id: command.id,
        plan: indicator.plan,
        indicator: Some(indicator.id),
        name: indicator.name.clone(),
        value: command.value,
        from,
        as_of: command.as_of,
        source: command.source,
        supersedes: command.supersedes,
        check: CheckState::Submitted,
        organisation: command.organisation,
        stated_by: command.stated_by,
        stated_on: today,
    })
}

fn check_value(indicator: &Indicator, value: &StatedValue) -> Result<(), StatementRefusal> {
    match (indicator.target.unit(), value) {
        (Some(expected), StatedValue::Number { quantity }) => {
            if quantity.unit.commensurable(&expected) {
                Ok(())
            } else {
                Err(StatementRefusal::UnitMismatch { expected, given: quantity.unit.clone() })
            }
        }
        (None, StatedValue::Judgement { words, .. }) => {
            if words.trim().is_empty() {
                Err(StatementRefusal::WordsMissing)
            } else {
                Ok(())
            }
        }
        (Some(expected), StatedValue::Judgement { .. }) => Err(StatementRefusal::NumberNeeded { expected }),
        (None, StatedValue::Number { .. }) => Err(StatementRefusal::WordsNeeded),
    }
}

/// Finds a submitted statement right. It is in force from then on.
///
/// # Errors
/// [`StatementRefusal::NotWaiting`], [`StatementRefusal::OwnWork`].
pub fn check_statement(
    statement: &Statement,
    by: Option<PersonId>,
    today: Date,
) -> Result<Statement, StatementRefusal> {
    waiting(statement)?;
    if by.is_some() && by == statement.stated_by {
        return Err(StatementRefusal::OwnWork);
    }
    Ok(Statement { check: CheckState::Checked { on: today, by }, ..statement.clone() })
}

/// Gives a submitted statement back with a reason.
///
/// # Errors
/// [`StatementRefusal::NotWaiting`], [`StatementRefusal::ReasonMissing`].
pub fn return_statement(
    statement: &Statement,
    reason: &str,
    by: Option<PersonId>,
    today: Date,
) -> Result<Statement, StatementRefusal> {
    waiting(statement)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(StatementRefusal::ReasonMissing);
    }
    Ok(Statement {
        check: CheckState::Returned { on: today, by, reason: reason.to_owned() },
        ..statement.clone()
    })
}

fn waiting(statement: &Statement) -> Result<(), StatementRefusal> {
    if statement.check.is_waiting() {
        Ok(())
    } else {
        Err(StatementRefusal::NotWaiting { state: statement.check.name().to_owned() })
    }
}

refusals! {
    /// Why a statement is refused. Each of these is for the person who states it to put right.
    pub enum StatementRefusal {
        /// The unit does not fit the target's.
        UnitMismatch { expected: Unit, given: Unit } => ("plans.statement.unit_mismatch", 422, "value is in {given}, the indicator is measured in {expected}"),
        /// A number is needed.
        NumberNeeded { expected: Unit } => ("plans.statement.number_needed", 422, "the indicator is measured in {expected}, words were given"),
        /// Words are needed.
        WordsNeeded => ("plans.statement.words_needed", 422, "the target is words, a number was given"),
        /// A judgement without words.
        WordsMissing => ("plans.statement.words_missing", 422, "the judgement has no words"),
        /// No source.
        SourceMissing => ("plans.statement.source_missing", 422, "the statement names no source"),
        /// The day still runs.
        DayNotOver { as_of: Date, today: Date } => ("plans.statement.day_not_over", 422, "value covers {as_of}, which has not ended on {today}"),
        /// Outside the plan's time.
        OutsidePlan { as_of: Date, first: Date, last: Date } => ("plans.statement.outside_plan", 422, "{as_of} is outside {first} to {last}"),
        /// There is one for this day already.
        AlreadyStated { as_of: Date } => ("plans.statement.already_stated", 409, "there is a statement for {as_of} already; correct that one"),
        /// A running total fell.
        TotalFell { previous: Quantity, given: Quantity } => ("plans.statement.total_fell", 422, "total fell from {previous} to {given}"),
        /// A running total is above a later one.
        TotalAboveLater { next: Quantity, given: Quantity } => ("plans.statement.total_above_later", 422, "total {given} is above the later {next}"),
        /// Ends before it begins.
        PeriodReversed { from: Date, as_of: Date } => ("plans.statement.period_reversed", 422, "period {from} to {as_of} runs backwards"),
        /// Counts days twice.
        PeriodOverlaps { from: Date, as_of: Date } => ("plans.statement.period_overlaps", 422, "period {from} to {as_of} counts days that another statement counts"),
        /// Corrects a statement that is not there.
        CorrectsNothing => ("plans.statement.corrects_nothing", 404, "the statement to correct is not one of this indicator"),
        /// Corrects what was corrected already.
        AlreadyCorrected => ("plans.statement.already_corrected", 409, "the statement was corrected already; correct the correction"),
        /// Not waiting for a check.
        NotWaiting { state: String } => ("plans.statement.not_waiting", 409, "the statement is {state} and does not wait for a check"),
        /// Nobody checks their own work.
        OwnWork => ("plans.statement.own_work", 403, "nobody checks a statement of their own"),
        /// Returned without a reason.
        ReasonMissing => ("plans.statement.reason_missing", 422, "a statement is returned with a reason"),
        /// No such statement, or none that may be seen.
        NotFound => ("plans.statement.not_found", 404, "there is no such statement"),
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::Refusal;
    use insta::assert_snapshot;
    use jiff::civil::date;

    use super::*;
    use crate::target::{Level, Target};
    use crate::testing::{checked, command, indicator, quantity};

    fn cumulative() -> Indicator {
        let mut indicator =
            indicator(Target::level(Level::AtLeast { value: quantity("42000", "平方米") }));
        indicator.entry_mode = EntryMode::Cumulative;
        indicator
    }

    /// The one place that calls the function under test.
    fn check(
        indicator: &Indicator,
        statements: &[Statement],
        command: RecordStatement,
        today: Date,
    ) -> String {
        match record_statement(indicator, statements, command, today) {
            Ok(it) => format!("{} as of {}", it.check.name(), it.as_of),
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        }
    }

    #[test]
    fn the_day_must_be_over() {
        let it = cumulative();
        let command = || command(9, &it, "12000", "平方米", date(2022, 4, 30));
        assert_snapshot!(check(&it, &[], command(), date(2022, 4, 30)), @"plans.statement.day_not_over: value covers 2022-04-30, which has not ended on 2022-04-30");
        assert_snapshot!(check(&it, &[], command(), date(2022, 5, 1)), @"submitted as of 2022-04-30");
    }

    #[test]
    fn a_total_that_falls_needs_a_correction() {
        let it = cumulative();
        let statements = [checked(1, &it, "9000", "平方米", date(2022, 3, 31))];
        let lower = command(9, &it, "8999", "平方米", date(2022, 4, 30));
        assert_snapshot!(check(&it, &statements, lower, date(2022, 5, 1)), @"plans.statement.total_fell: total fell from 9000 平方米 to 8999 平方米");
        let mut correction = command(9, &it, "8000", "平方米", date(2022, 3, 31));
        correction.supersedes = Some(statements[0].id);
        assert_snapshot!(check(&it, &statements, correction, date(2022, 5, 1)), @"submitted as of 2022-03-31");
    }

    #[test]
    fn a_percent_is_not_taken_for_percentage_points() {
        let it = indicator(Target::level(Level::AtLeast { value: quantity("28", "%") }));
        let points = command(9, &it, "28", "个百分点", date(2022, 4, 30));
        assert_snapshot!(check(&it, &[], points, date(2022, 5, 1)), @"plans.statement.unit_mismatch: value is in 个百分点, the indicator is measured in %");
    }

    #[test]
    fn a_correction_takes_effect_when_it_is_checked_and_not_before() {
        let it = cumulative();
        let first = checked(1, &it, "9000", "平方米", date(2022, 3, 31));
        let mut correction = command(2, &it, "8000", "平方米", date(2022, 3, 31));
        correction.supersedes = Some(first.id);
        let correction =
            record_statement(&it, std::slice::from_ref(&first), correction, date(2022, 5, 1)).unwrap();
        let all = [first.clone(), correction.clone()];
        assert_eq!(crate::statement::in_force(&all, date(2022, 5, 1)), [&first]);
        let correction = check_statement(&correction, None, date(2022, 5, 2)).unwrap();
        let all = [first, correction.clone()];
        assert_eq!(crate::statement::in_force(&all, date(2022, 5, 2)), [&correction]);
    }

    #[test]
    fn days_are_not_counted_twice_in_a_flow() {
        let mut it = cumulative();
        it.entry_mode = EntryMode::Flow;
        let mut first = checked(1, &it, "5", "平方米", date(2022, 3, 31));
        first.from = Some(date(2022, 1, 1));
        let mut second = command(2, &it, "5", "平方米", date(2022, 4, 30));
        second.from = Some(date(2022, 3, 31));
        assert_snapshot!(check(&it, &[first], second, date(2022, 5, 1)), @"plans.statement.period_overlaps: period 2022-03-31 to 2022-04-30 counts days that another statement counts");
    }

    #[test]
    fn nobody_checks_their_own_statement() {
        let it = cumulative();
        let mut statement = checked(1, &it, "5", "平方米", date(2022, 3, 31));
        statement.check = CheckState::Submitted;
        statement.stated_by = Some(crate::testing::id(77));
        let refused =
            check_statement(&statement, Some(crate::testing::id(77)), date(2022, 4, 2)).unwrap_err();
        assert_eq!(refused, StatementRefusal::OwnWork);
        assert!(return_statement(&statement, " ", None, date(2022, 4, 2)).is_err());
    }

    #[test]
    fn a_figure_from_before_the_plan_is_not_an_actual() {
        let it = cumulative();
        let early = command(9, &it, "1", "平方米", date(2020, 12, 31));
        assert_snapshot!(check(&it, &[], early, date(2022, 5, 1)), @"plans.statement.outside_plan: 2020-12-31 is outside 2021-01-01 to 2025-12-31");
    }
}
