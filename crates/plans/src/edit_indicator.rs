//! Changing an indicator: its baseline, its path, its owners and its deadline.

use jiff::civil::Date;

use hutong_kernel::{OrganisationId, Unit};

use crate::indicator::{Baseline, Deadline, Indicator, PathPoint};
use crate::refusals::refusals;
use crate::statement::Statement;
use crate::target::{Target, TargetRefusal};

/// Most points of a path.
pub const PATH_POINTS_MAX: usize = 60;

/// What a supervisor may change; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditIndicator {
    /// New baseline.
    pub baseline: Option<Baseline>,
    /// New path; empty for a straight line.
    pub path: Option<Vec<PathPoint>>,
    /// New owners, the leading one first.
    pub owners: Option<Vec<OrganisationId>>,
    /// New last day.
    pub deadline: Option<Date>,
    /// New weight.
    pub weight: Option<u32>,
    /// A corrected promise.
    pub target: Option<Target>,
}

/// Changes an indicator.
///
/// # Errors
/// [`IndicatorRefusal`].
pub fn edit_indicator(indicator: &Indicator, edit: EditIndicator) -> Result<Indicator, IndicatorRefusal> {
    let mut changed = indicator.clone();
    if let Some(target) = edit.target {
        if let Err(why) = target.check() {
            return Err(IndicatorRefusal::Target { why });
        }
        changed.target = target;
    }
    if let Some(baseline) = edit.baseline {
        if let (Some(value), Some(expected)) = (&baseline.value, changed.target.unit())
            && !value.unit.commensurable(&expected)
        {
            return Err(IndicatorRefusal::UnitMismatch { expected, given: value.unit.clone() });
        }
        if changed.deadline.day <= baseline.day {
            return Err(IndicatorRefusal::BaselineTooLate {
                day: baseline.day,
                deadline: changed.deadline.day,
            });
        }
        if baseline.source.title.trim().is_empty() {
            return Err(IndicatorRefusal::SourceMissing);
        }
        changed.baseline = Some(baseline);
    }
    if let Some(day) = edit.deadline
        && day != indicator.deadline.day
    {
        if day < changed.start {
            return Err(IndicatorRefusal::DeadlineBeforeStart { start: changed.start, deadline: day });
        }
        changed.deadline = Deadline { day, by_default: false };
    }
    if let Some(mut path) = edit.path {
        if PATH_POINTS_MAX < path.len() {
            return Err(IndicatorRefusal::TooManyPoints { limit: PATH_POINTS_MAX });
        }
        path.sort_by_key(|point| point.day);
        for point in &path {
            if point.day < changed.start || changed.deadline.day <= point.day {
                return Err(IndicatorRefusal::PointOutside { day: point.day });
            }
            if let Some(expected) = changed.target.unit()
                && !point.value.unit.commensurable(&expected)
            {
                return Err(IndicatorRefusal::UnitMismatch { expected, given: point.value.unit.clone() });
            }
        }
        if let Some(pair) = path.windows(2).find(|pair| pair[0].day == pair[1].day) {
            return Err(IndicatorRefusal::PointTwice { day: pair[0].day });
        }
        changed.path = path;
    }
    if let Some(owners) = edit.owners {
        if owners.is_empty() {
            return Err(IndicatorRefusal::OwnerMissing);
        }
        changed.owners = owners;
    }
    changed.weight = edit.weight.unwrap_or(indicator.weight);
    if changed == *indicator {
        return Err(IndicatorRefusal::NothingChanges);
    }
    Ok(changed)
}

/// Statements of results that could be an indicator's baseline: same unit, the most alike name first.
pub fn baselines_offered<'a>(indicator: &Indicator, results: &'a [Statement]) -> Vec<&'a Statement> {
    let Some(unit) = indicator.target.unit() else { return Vec::new() };
    let alike = |name: &str| indicator.name.chars().filter(|c| name.contains(*c)).count();
    let mut offered: Vec<&Statement> = results
        .iter()
        .filter(|it| it.indicator.is_none() && it.as_of < indicator.start)
        .filter(|it| it.value.quantity().is_some_and(|value| value.unit.commensurable(&unit)))
        .collect();
    offered.sort_by_key(|it| (std::cmp::Reverse(alike(&it.name)), std::cmp::Reverse(it.as_of)));
    offered
}

refusals! {
    /// Why an indicator cannot be changed so.
    pub enum IndicatorRefusal {
        /// The unit does not fit the target's.
        UnitMismatch { expected: Unit, given: Unit } => ("plans.indicator.unit_mismatch", 422, "value is in {given}, the indicator is measured in {expected}"),
        /// The baseline lies after the deadline.
        BaselineTooLate { day: Date, deadline: Date } => ("plans.indicator.baseline_too_late", 422, "baseline of {day} is not before the deadline {deadline}"),
        /// No source.
        SourceMissing => ("plans.indicator.source_missing", 422, "a baseline names its source"),
        /// Due before it starts.
        DeadlineBeforeStart { start: Date, deadline: Date } => ("plans.indicator.deadline_before_start", 422, "deadline {deadline} is before the start {start}"),
        /// A point outside of the path.
        PointOutside { day: Date } => ("plans.indicator.point_outside", 422, "{day} is not between start and deadline"),
        /// Two points on one day.
        PointTwice { day: Date } => ("plans.indicator.point_twice", 422, "two points on {day}"),
        /// Too many points.
        TooManyPoints { limit: usize } => ("plans.indicator.too_many_points", 422, "more than {limit} points"),
        /// Nobody answers for it.
        OwnerMissing => ("plans.indicator.owner_missing", 422, "an indicator has an owner"),
        /// A target that cannot be so.
        Target { why: TargetRefusal } => ("plans.indicator.target", 422, "{why}"),
        /// It is so already.
        NothingChanges => ("plans.indicator.nothing_changes", 409, "nothing would change"),
        /// No such indicator, or none that may be seen.
        NotFound => ("plans.indicator.not_found", 404, "there is no such indicator"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::source::SourceRef;
    use crate::target::Level;
    use crate::testing::{checked, indicator, quantity};

    fn eight_hundred() -> Indicator {
        indicator(Target::level(Level::AtLeast { value: quantity("800", "家") }))
    }

    fn baseline(value: &str, unit: &str) -> EditIndicator {
        EditIndicator {
            baseline: Some(Baseline {
                day: date(2020, 12, 31),
                value: Some(quantity(value, unit)),
                source: SourceRef::titled("yearbook"),
                statement: None,
            }),
            ..EditIndicator::default()
        }
    }

    #[test]
    fn a_baseline_has_the_unit_of_its_target() {
        assert!(edit_indicator(&eight_hundred(), baseline("616", "家")).is_ok());
        let refused = edit_indicator(&eight_hundred(), baseline("616", "个")).unwrap_err();
        assert!(matches!(refused, IndicatorRefusal::UnitMismatch { .. }));
    }

    #[test]
    fn a_path_lies_between_start_and_deadline() {
        let point = |day| PathPoint { day, value: quantity("700", "家") };
        let edit = |path| EditIndicator { path: Some(path), ..EditIndicator::default() };
        let it = edit_indicator(
            &eight_hundred(),
            edit(vec![point(date(2023, 12, 31)), point(date(2022, 12, 31))]),
        );
        assert_eq!(it.unwrap().path[0].day, date(2022, 12, 31));
        let late = edit_indicator(&eight_hundred(), edit(vec![point(date(2025, 12, 31))])).unwrap_err();
        assert_eq!(late, IndicatorRefusal::PointOutside { day: date(2025, 12, 31) });
    }

    #[test]
    fn results_of_the_last_period_are_offered_by_unit_and_name() {
        let it = Indicator { name: "高新技术企业数".into(), ..eight_hundred() };
        let result = |number, name: &str, unit| {
            let mut statement = checked(number, &it, "616", unit, date(2020, 12, 31));
            statement.indicator = None;
            statement.name = name.into();
            statement
        };
        let results = [
            result(1, "楼宇", "家"),
            result(2, "高新技术企业总数", "家"),
            result(3, "高新技术企业占比", "%"),
        ];
        let offered: Vec<_> = baselines_offered(&it, &results).iter().map(|it| it.name.as_str()).collect();
        assert_eq!(offered, ["高新技术企业总数", "楼宇"]);
    }
}
