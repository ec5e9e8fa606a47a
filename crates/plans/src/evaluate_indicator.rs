//! Where an indicator stands on a day: value, threshold, share of the way, what the path expects, what is missing.
//!
//! The share of the way is (value − baseline) ÷ (target − baseline), rounded down, so that nothing looks met before it
//! is met. Where that denominator is zero or points the wrong way (a target that only keeps what there is), there is
//! no share: the level itself decides. A rank or a quality has no share either. What is not known is said to be
//! unknown and why; it never becomes zero.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use hutong_kernel::{Quantity, StatementId, Unit};

use crate::indicator::{EntryMode, Indicator, PathPoint};
use crate::statement::{StatedValue, Statement, in_force};
use crate::target::{Bound, Direction, Level, ShareChange, Target};

/// Decimals that shares are rounded down to.
const SHARE_DECIMALS: u32 = 2;
/// Decimals that computed values (means, path values) are rounded to.
const VALUE_DECIMALS: u32 = 4;

/// Where an indicator stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    /// The day asked about.
    pub day: Date,
    /// The value in force, with the statement it comes from (the last one, where several are summed).
    pub value: Option<ValueInForce>,
    /// What the value must satisfy once baselines are filled in; `None` for words.
    pub threshold: Option<Level>,
    /// Met, not met or unknown.
    pub verdict: Verdict,
    /// How far from baseline to target, in percent, rounded down to two decimals. Below 100 while not met.
    pub share: Option<Decimal>,
    /// What the path expects on the day the value holds for (today without a value).
    pub expected: Option<Quantity>,
    /// How much of the expected change is there, in percent, rounded down to two decimals.
    pub path_share: Option<Decimal>,
    /// What is missing to the threshold; `None` when met or not a number.
    pub gap: Option<Quantity>,
    /// The baseline was taken as zero, because the figure counts from the plan's first day.
    pub baseline_is_zero: bool,
    /// The target only keeps what there was at the start: the level decides, there is no share.
    pub keeps_level: bool,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueInForce {
    /// The number; `None` for words.
    pub quantity: Option<Quantity>,
    /// The words; `None` for a number.
    pub words: Option<String>,
    /// The day it holds for.
    pub as_of: Date,
    /// The statement, or the last of those summed.
    pub statement: StatementId,
    /// How many statements were used.
    pub statements: usize,
}

/// Is the target met?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "why", rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not yet.
    NotMet,
    /// It cannot be said.
    Unknown(Unknown),
}

/// Why it cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Nothing has been stated and checked yet.
    NoStatement,
    /// The target grows from a baseline that nobody has stated.
    BaselineMissing,
    /// A relative growth of something that is zero or negative means nothing.
    BaselineNotPositive,
    /// The baseline or the statement is in a unit that does not fit.
    UnitMismatch,
    /// A yearly mean needs a year that is over.
    FirstYearNotOver,
    /// The statement is words where a number is needed, or the other way round.
    WrongKind,
}

impl Unknown {
    /// Stable name, for messages (`plans-unknown-…`) and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoStatement => "no_statement",
            Self::BaselineMissing => "baseline_missing",
            Self::BaselineNotPositive => "baseline_not_positive",
            Self::UnitMismatch => "unit_mismatch",
            Self::FirstYearNotOver => "first_year_not_over",
            Self::WrongKind => "wrong_kind",
        }
    }
}

/// Says where `indicator` stands on `day`, given all its statements.
pub fn evaluate(indicator: &Indicator, statements: &[Statement], day: Date) -> Evaluation {
    let mut evaluation = Evaluation {
        day,
        value: None,
        threshold: None,
        verdict: Verdict::Unknown(Unknown::NoStatement),
        share: None,
        expected: None,
        path_share: None,
        gap: None,
        baseline_is_zero: false,
        keeps_level: false,
    };
    let list = in_force(statements, day);

    let Some(unit) = indicator.target.unit() else {
        evaluate_words(&list, &mut evaluation);
        return evaluation;
    };
    let yearly = matches!(indicator.target, Target::YearlyMean { .. });
    let value = if yearly {
        yearly_mean(indicator, &list, &unit, day)
    } else {
        present_value(indicator, &list, &unit)
    };
    let unknown_value = match value {
        Ok(value) => {
            evaluation.value = Some(value);
            None
        }
        Err(why) => Some(why),
    };

    let base = match base_value(indicator, &unit) {
        Ok(base) => base,
        Err(why) => {
            evaluation.verdict = Verdict::Unknown(why);
            return evaluation;
        }
    };
    evaluation.baseline_is_zero = base.is_some_and(|base| base.from_zero);
    let level = match threshold(indicator, base.filter(|base| !base.from_zero).map(|base| base.value)) {
        Ok(level) => level,
        Err(why) => {
            evaluation.verdict = Verdict::Unknown(why);
            return evaluation;
        }
    };
    evaluation.threshold = Some(level.clone());

    let way = if yearly { None } else { base.and_then(|base| Way::new(indicator, &level, base, &unit)) };
    evaluation.keeps_level = !yearly && base.is_some() && way.is_none();
    let at = evaluation.value.as_ref().map_or(day, |value| value.as_of);
    evaluation.expected = match &way {
        Some(way) => Some(Quantity::new(way.expected(at), unit.clone())),
        None if yearly || evaluation.keeps_level => Some(level.aim()),
        None => None,
    };

    let number = evaluation.value.as_ref().and_then(|value| value.quantity.as_ref()).map(|it| it.value);
    let Some(number) = number else {
        evaluation.verdict = Verdict::Unknown(unknown_value.unwrap_or(Unknown::NoStatement));
        return evaluation;
    };
    let met = level.is_met_by(number);
    evaluation.verdict = if met { Verdict::Met } else { Verdict::NotMet };
    evaluation.gap = if met { None } else { gap(&level, number).map(|gap| Quantity::new(gap, unit.clone())) };
    if let Some(way) = way {
        evaluation.share = way
            .share(number, way.aim)
            .map(|share| if met { share.max(Decimal::ONE_HUNDRED) } else { below_hundred(share) });
        evaluation.path_share = way.share(number, way.expected(at));
    }
    evaluation
}

/// The value that the path expects on `day`; `None` where there is no path (words, no baseline).
pub fn expected_on(indicator: &Indicator, day: Date) -> Option<Quantity> {
    let unit = indicator.target.unit()?;
    let base = base_value(indicator, &unit).ok()?;
    let level = threshold(indicator, base.filter(|base| !base.from_zero).map(|base| base.value)).ok()?;
    if matches!(indicator.target, Target::YearlyMean { .. }) {
        return Some(level.aim());
    }
    match Way::new(indicator, &level, base?, &unit) {
        Some(way) => Some(Quantity::new(way.expected(day), unit)),
        None => Some(level.aim()),
    }
}

fn evaluate_words(list: &[&Statement], evaluation: &mut Evaluation) {
    let Some(last) = list.last() else { return };
    evaluation.verdict = match &last.value {
        StatedValue::Judgement { words, met } => {
            evaluation.value = Some(ValueInForce {
                quantity: None,
                words: Some(words.clone()),
                as_of: last.as_of,
                statement: last.id,
                statements: 1,
            });
            if *met { Verdict::Met } else { Verdict::NotMet }
        }
        StatedValue::Number { .. } => Verdict::Unknown(Unknown::WrongKind),
    };
}

fn number_of(statement: &Statement, unit: &Unit) -> Result<Decimal, Unknown> {
    let quantity = statement.value.quantity().ok_or(Unknown::WrongKind)?;
    match quantity.to_unit(unit) {
        Ok(quantity) => Ok(quantity.value),
        Err(_) => Err(Unknown::UnitMismatch),
    }
}

fn present_value(indicator: &Indicator, list: &[&Statement], unit: &Unit) -> Result<ValueInForce, Unknown> {
    let last = list.last().ok_or(Unknown::NoStatement)?;
    let (number, statements) = match indicator.entry_mode {
        EntryMode::Stock | EntryMode::Cumulative => (number_of(last, unit)?, 1),
        EntryMode::Flow => {
            let mut sum = Decimal::ZERO;
            for statement in list {
                sum += number_of(statement, unit)?;
            }
            (sum, list.len())
        }
    };
    Ok(ValueInForce {
        quantity: Some(Quantity::new(number, unit.clone())),
        words: None,
        as_of: last.as_of,
        statement: last.id,
        statements,
    })
}

/// Mean of the years' values. A year that still runs counts for a stock (its latest rate), not for what is added up.
fn yearly_mean(
    indicator: &Indicator,
    list: &[&Statement],
    unit: &Unit,
    day: Date,
) -> Result<ValueInForce, Unknown> {
    let mut years: BTreeMap<i16, Decimal> = BTreeMap::new();
    let mut last = list.last().ok_or(Unknown::NoStatement)?;
    let mut running_total = Decimal::ZERO;
    let mut used = 0;
    let over = |year: i16| year < day.year() || (day.month() == 12 && day.day() == 31 && year == day.year());
    for statement in list {
        let year = statement.as_of.year();
        if indicator.entry_mode != EntryMode::Stock && !over(year) {
            continue;
        }
        let number = number_of(statement, unit)?;
        match indicator.entry_mode {
            EntryMode::Stock => {
                years.insert(year, number);
            }
            EntryMode::Flow => *years.entry(year).or_default() += number,
            EntryMode::Cumulative => {
                *years.entry(year).or_default() += number - running_total;
                running_total = number;
            }
        }
        last = statement;
        used += 1;
    }
    if years.is_empty() {
        return Err(Unknown::FirstYearNotOver);
    }
    let mean = years.values().copied().sum::<Decimal>() / Decimal::from(years.len());
    Ok(ValueInForce {
        quantity: Some(Quantity::new(rounded(mean), unit.clone())),
        words: None,
        as_of: last.as_of,
        statement: last.id,
        statements: used,
    })
}

#[derive(Debug, Clone, Copy)]
struct Base {
    day: Date,
    value: Decimal,
    from_zero: bool,
}

fn base_value(indicator: &Indicator, unit: &Unit) -> Result<Option<Base>, Unknown> {
    if let Some(baseline) = &indicator.baseline
        && let Some(value) = &baseline.value
    {
        return match value.to_unit(unit) {
            Ok(value) => Ok(Some(Base { day: baseline.day, value: value.value, from_zero: false })),
            Err(_) => Err(Unknown::UnitMismatch),
        };
    }
    // A figure that counts from the plan's first day began at nothing, and nobody has to state that.
    let counts = matches!(indicator.entry_mode, EntryMode::Flow | EntryMode::Cumulative);
    let day = indicator.start.yesterday().unwrap_or(indicator.start);
    Ok(counts.then_some(Base { day, value: Decimal::ZERO, from_zero: true }))
}

/// The condition on the value, with growth worked out from the baseline.
fn threshold(indicator: &Indicator, base: Option<Decimal>) -> Result<Level, Unknown> {
    let level = |bound: Bound, value: Decimal, unit: Unit| {
        let value = Quantity::new(value.normalize(), unit);
        match bound {
            Bound::AtLeast => Level::AtLeast { value },
            Bound::MoreThan => Level::MoreThan { value },
        }
    };
    let grown =
        |base: Decimal, percent: Decimal| base * (Decimal::ONE_HUNDRED + percent) / Decimal::ONE_HUNDRED;
    match &indicator.target {
        Target::Level { level } | Target::YearlyMean { level } => Ok(level.clone()),
        Target::Growth { bound, percent, unit } => {
            let base = base.ok_or(Unknown::BaselineMissing)?;
            if base <= Decimal::ZERO {
                return Err(Unknown::BaselineNotPositive);
            }
            Ok(level(*bound, grown(base, *percent), unit.clone()))
        }
        Target::ShareGrowth { bound, by } => {
            let base = base.ok_or(Unknown::BaselineMissing)?;
            match by {
                ShareChange::Relative { .. } if base <= Decimal::ZERO => Err(Unknown::BaselineNotPositive),
                ShareChange::Relative { percent } => {
                    Ok(level(*bound, grown(base, *percent), Unit::percent()))
                }
                ShareChange::Points { points } => Ok(level(*bound, base + *points, Unit::percent())),
            }
        }
        Target::Rank { .. } | Target::Milestone { .. } | Target::Qualitative { .. } => {
            Err(Unknown::WrongKind)
        }
    }
}

/// The way from the baseline to the aim.
struct Way {
    base: Decimal,
    aim: Decimal,
    /// Points in order of their day; the first is the baseline, the last the aim.
    points: Vec<(Date, Decimal)>,
}

impl Way {
    /// `None` when the target lies where we started or behind it: then there is no way to go.
    fn new(indicator: &Indicator, level: &Level, base: Base, unit: &Unit) -> Option<Self> {
        let (low, high) = level.ends();
        let aim = match level.direction() {
            Direction::Up => low.filter(|low| base.value < *low),
            Direction::Down => high.filter(|high| *high < base.value),
            Direction::Within | Direction::Words => match (low, high) {
                (Some(low), _) if base.value < low => {
                    Some(if matches!(level, Level::Range { .. }) { low } else { level.aim().value })
                }
                (_, Some(high)) if high < base.value => {
                    Some(if matches!(level, Level::Range { .. }) { high } else { level.aim().value })
                }
                _ => None,
            },
        }?;
        let mut points = vec![(base.day, base.value)];
        for PathPoint { day, value } in &indicator.path {
            if let Ok(value) = value.to_unit(unit)
                && base.day < *day
                && *day < indicator.deadline.day
            {
                points.push((*day, value.value));
            }
        }
        points.sort_by_key(|(day, _)| *day);
        points.push((indicator.deadline.day, aim));
        Some(Self { base: base.value, aim, points })
    }

    fn expected(&self, day: Date) -> Decimal {
        let Some(next) = self.points.iter().position(|(at, _)| day <= *at) else { return self.aim };
        let (to_day, to) = self.points[next];
        if next == 0 || to_day == day {
            return to;
        }
        let (from_day, from) = self.points[next - 1];
        let length = days_between(from_day, to_day);
        if length <= Decimal::ZERO {
            return to;
        }
        rounded(from + (to - from) * days_between(from_day, day) / length)
    }

    /// (value − base) ÷ (goal − base) in percent, rounded down; `None` while the path expects nothing yet.
    fn share(&self, value: Decimal, goal: Decimal) -> Option<Decimal> {
        let whole = goal - self.base;
        let towards_aim = (self.aim - self.base).is_sign_positive() == whole.is_sign_positive();
        if whole.is_zero() || !towards_aim {
            return None;
        }
        let share = (value - self.base).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
        Some(share.round_dp_with_strategy(SHARE_DECIMALS, RoundingStrategy::ToNegativeInfinity).normalize())
    }
}

fn days_between(from: Date, to: Date) -> Decimal {
    from.until(to).map_or(Decimal::ZERO, |span| Decimal::from(span.get_days()))
}

fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(VALUE_DECIMALS, RoundingStrategy::ToZero).normalize()
}

/// A share that is not met never shows as a hundred, even where the threshold itself does not count.
fn below_hundred(share: Decimal) -> Decimal {
    share.min(Decimal::new(9_999, 2))
}

/// How far `value` is from satisfying `level`, without sign; zero where only the strict end is missing.
fn gap(level: &Level, value: Decimal) -> Option<Decimal> {
    let (low, high) = level.ends();
    if let Some(low) = low
        && value <= low
    {
        return Some((low - value).normalize());
    }
    high.filter(|high| *high <= value).map(|high| (value - high).normalize())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::indicator::Baseline;
    use crate::source::SourceRef;
    use crate::target::{Range, Tolerance};
    use crate::testing::{checked, indicator, quantity};

    fn with_baseline(mut indicator: Indicator, year: i16, value: &str, unit: &str) -> Indicator {
        indicator.baseline = Some(Baseline {
            day: date(year, 12, 31),
            value: Some(quantity(value, unit)),
            source: SourceRef::titled("yearbook"),
            statement: None,
        });
        indicator
    }

    /// The one place that calls the function under test.
    fn check(indicator: &Indicator, statements: &[Statement], day: Date) -> String {
        let it = evaluate(indicator, statements, day);
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        format!(
            "{:?} value {} share {} expected {} path {} gap {}{}{}",
            it.verdict,
            text(it.value.and_then(|value| value.quantity).map(|it| it.to_string())),
            text(it.share.map(|it| it.to_string())),
            text(it.expected.map(|it| it.to_string())),
            text(it.path_share.map(|it| it.to_string())),
            text(it.gap.map(|it| it.to_string())),
            if it.keeps_level { " keeps level" } else { "" },
            if it.baseline_is_zero { " from zero" } else { "" },
        )
    }

    fn at_least(value: &str, unit: &str) -> Target {
        Target::level(Level::AtLeast { value: quantity(value, unit) })
    }

    #[test]
    fn half_of_the_time_and_more_than_half_of_the_way_is_ahead_of_the_path() {
        // Baseline 2.4, target 3.2 in five years, 2.9 after two and a half: expected 2.8, 62.5 % of the way.
        let indicator = with_baseline(indicator(at_least("3.2", "%")), 2020, "2.4", "%");
        let statements = [checked(1, &indicator, "2.9", "%", date(2023, 7, 2))];
        assert_snapshot!(check(&indicator, &statements, date(2023, 8, 1)), @"NotMet value 2.9% share 62.5 expected 2.8% path 125 gap 0.3%");
    }

    #[test]
    fn a_target_that_keeps_what_there_is_has_no_share() {
        let indicator = with_baseline(indicator(at_least("20", "%")), 2020, "20.8", "%");
        let statements = [checked(1, &indicator, "20.1", "%", date(2022, 12, 31))];
        assert_snapshot!(check(&indicator, &statements, date(2023, 1, 5)), @"Met value 20.1% share - expected 20% path - gap - keeps level");
    }

    #[test]
    fn more_than_a_thousand_is_not_met_by_a_thousand_and_does_not_show_a_hundred_percent() {
        let target = Target::level(Level::MoreThan { value: quantity("1000", "家") });
        let indicator = with_baseline(indicator(target), 2020, "600", "家");
        let statements = [checked(1, &indicator, "1000", "家", date(2025, 12, 31))];
        assert_snapshot!(check(&indicator, &statements, date(2026, 1, 5)), @"NotMet value 1000 家 share 99.99 expected 1000 家 path 100 gap 0 家");
    }

    #[test]
    fn less_is_better_where_the_plan_says_at_most() {
        let target = Target::level(Level::AtMost { value: quantity("80", "天") });
        let indicator = with_baseline(indicator(target), 2020, "100", "天");
        let statements = [checked(1, &indicator, "85", "天", date(2025, 12, 31))];
        assert_snapshot!(check(&indicator, &statements, date(2026, 1, 5)), @"NotMet value 85 天 share 75 expected 80 天 path 75 gap 5 天");
    }

    #[test]
    fn a_growth_without_a_baseline_is_unknown_and_not_zero() {
        let target =
            Target::Growth { bound: Bound::AtLeast, percent: Decimal::from(50), unit: Unit::parse("家") };
        let indicator = indicator(target);
        let statements = [checked(1, &indicator, "150", "家", date(2022, 12, 31))];
        assert_snapshot!(check(&indicator, &statements, date(2023, 1, 5)), @"Unknown(BaselineMissing) value 150 家 share - expected - path - gap -");
        let zero = with_baseline(indicator, 2020, "0", "家");
        assert_snapshot!(check(&zero, &statements, date(2023, 1, 5)), @"Unknown(BaselineNotPositive) value 150 家 share - expected - path - gap -");
    }

    #[test]
    fn half_as_much_again_and_fifty_points_more_are_different_targets() {
        let grown =
            |by| with_baseline(indicator(Target::ShareGrowth { bound: Bound::AtLeast, by }), 2020, "20", "%");
        let relative = grown(ShareChange::Relative { percent: Decimal::from(50) });
        let points = grown(ShareChange::Points { points: Decimal::from(50) });
        let statements = [checked(1, &relative, "30", "%", date(2025, 12, 31))];
        assert_snapshot!(check(&relative, &statements, date(2026, 1, 5)), @"Met value 30% share 100 expected 30% path 100 gap -");
        assert_snapshot!(check(&points, &statements, date(2026, 1, 5)), @"NotMet value 30% share 20 expected 70% path 20 gap 40%");
    }

    #[test]
    fn what_is_added_up_starts_from_zero() {
        let mut indicator = indicator(at_least("10", "家"));
        indicator.entry_mode = EntryMode::Flow;
        let statements = [
            checked(1, &indicator, "2", "家", date(2021, 12, 31)),
            checked(2, &indicator, "3", "家", date(2022, 12, 31)),
        ];
        assert_snapshot!(check(&indicator, &statements, date(2023, 1, 5)), @"NotMet value 5 家 share 50 expected 3.9978 家 path 125.06 gap 5 家 from zero");
    }

    #[test]
    fn a_yearly_mean_waits_for_a_year_that_is_over() {
        let range = Range::new(Decimal::ONE, Decimal::from(3), Unit::parse("项")).unwrap();
        let mut indicator = indicator(Target::YearlyMean { level: Level::Range { range } });
        indicator.entry_mode = EntryMode::Flow;
        let statements = [
            checked(1, &indicator, "1", "项", date(2021, 6, 30)),
            checked(2, &indicator, "4", "项", date(2021, 12, 31)),
            checked(3, &indicator, "2", "项", date(2022, 12, 31)),
        ];
        assert_snapshot!(check(&indicator, &statements[..1], date(2021, 9, 1)), @"Unknown(FirstYearNotOver) value - share - expected 1 项 path - gap - from zero");
        assert_snapshot!(check(&indicator, &statements, date(2023, 1, 5)), @"NotMet value 3.5 项 share - expected 1 项 path - gap 0.5 项 from zero");
    }

    #[test]
    fn about_is_a_band_around_the_value() {
        let target =
            Target::level(Level::About { value: quantity("800", "家"), tolerance: Tolerance::by_default() });
        let indicator = with_baseline(indicator(target), 2020, "616", "家");
        let statements = [checked(1, &indicator, "770", "家", date(2025, 12, 31))];
        assert_snapshot!(check(&indicator, &statements, date(2026, 1, 5)), @"Met value 770 家 share 100 expected 800 家 path 83.69 gap -");
    }

    #[test]
    fn a_rank_is_judged_by_words() {
        let indicator = indicator(Target::Rank { words: "among the first".into() });
        let mut statement = checked(1, &indicator, "1", "家", date(2025, 12, 31));
        statement.value = StatedValue::Judgement { words: "third of sixteen".into(), met: true };
        assert_eq!(evaluate(&indicator, &[statement], date(2026, 1, 5)).verdict, Verdict::Met);
    }

    #[test]
    fn the_stored_path_is_followed_between_its_points() {
        let mut indicator = with_baseline(indicator(at_least("100", "家")), 2020, "0", "家");
        indicator.path = vec![PathPoint { day: date(2021, 12, 31), value: quantity("60", "家") }];
        assert_eq!(expected_on(&indicator, date(2021, 12, 31)), Some(quantity("60", "家")));
        assert_eq!(expected_on(&indicator, date(2020, 12, 31)), Some(quantity("0", "家")));
        assert_eq!(expected_on(&indicator, date(2030, 1, 1)), Some(quantity("100", "家")));
    }

    proptest! {
        /// More never lowers the share, the share is never rounded up, and only what is met shows a hundred percent.
        #[test]
        fn the_share_is_monotonic_and_never_flatters(base in 0_i64..500, width in 1_i64..500, less in 0_i64..2000, more in 0_i64..2000) {
            let (less, more) = (less.min(more), less.max(more));
            let target = (base + width).to_string();
            let indicator = with_baseline(indicator(at_least(&target, "家")), 2020, &base.to_string(), "家");
            let share = |value: i64| {
                let statements = [checked(1, &indicator, &value.to_string(), "家", date(2022, 12, 31))];
                evaluate(&indicator, &statements, date(2023, 1, 5))
            };
            let (low, high) = (share(less), share(more));
            prop_assert!(low.share.unwrap() <= high.share.unwrap());
            prop_assert!(low.share.unwrap() * Decimal::from(width) <= Decimal::from((less - base) * 100));
            prop_assert_eq!(low.verdict == Verdict::Met, Decimal::ONE_HUNDRED <= low.share.unwrap());
        }

        /// Writing all figures in another scale of the same unit changes no share and no verdict.
        #[test]
        fn the_scale_of_the_unit_does_not_matter(base in 0_i64..500, width in 1_i64..500, value in 0_i64..2000) {
            let target = base + width;
            let evaluation = |unit: &str, factor: i64| {
                let indicator = with_baseline(indicator(at_least(&target.to_string(), "亿元")), 2020, &base.to_string(), "亿元");
                let statements = [checked(1, &indicator, &(value * factor).to_string(), unit, date(2022, 12, 31))];
                let it = evaluate(&indicator, &statements, date(2023, 1, 5));
                (it.verdict, it.share, it.path_share)
            };
            prop_assert_eq!(evaluation("亿元", 1), evaluation("万元", 10_000));
        }
    }
}
