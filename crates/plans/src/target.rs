//! What an indicator promises.
//!
//! Plans promise in many shapes: at least 800, about 5 %, one to three a year on average, half as many again as in
//! the year before, among the first of the city. Each shape is a variant that holds exactly what it needs, so that a
//! range has two ends in order, a rank has no number and a growth of a share has said whether it is relative or in
//! percentage points.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use hutong_kernel::quantity::Base;
use hutong_kernel::{Quantity, Unit};

use crate::refusals::refusals;

/// Tolerance that "about" gets where the document states none, in percent of the value either way.
///
/// A rule of this product, shown wherever it is used; a plan that states its own tolerance replaces it.
pub const ABOUT_PERCENT: u32 = 5;

/// What an indicator promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Target {
    /// A value to be reached, kept or not exceeded.
    Level {
        /// Which.
        level: Level,
    },
    /// The mean of the years' values (年均).
    YearlyMean {
        /// What the mean must be.
        level: Level,
    },
    /// A relative growth of a value over its baseline, in percent.
    Growth {
        /// At least or more than.
        bound: Bound,
        /// By how many percent of the baseline.
        percent: Decimal,
        /// Unit of the value that grows.
        unit: Unit,
    },
    /// A growth of a share, whose value is itself in percent. Which of the two is meant must be decided.
    ShareGrowth {
        /// At least or more than.
        bound: Bound,
        /// How it grows.
        by: ShareChange,
    },
    /// A place among others, in words (“among the first of the city”).
    Rank {
        /// The document's words.
        words: String,
    },
    /// Something that has happened or has not.
    Milestone {
        /// The document's words.
        words: String,
    },
    /// A state that is shown by evidence.
    Qualitative {
        /// The document's words.
        words: String,
        /// What will show it.
        evidence: String,
    },
}

/// A condition on one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Level {
    /// This or more.
    AtLeast {
        /// The threshold.
        value: Quantity,
    },
    /// More than this.
    MoreThan {
        /// The threshold.
        value: Quantity,
    },
    /// This or less.
    AtMost {
        /// The threshold.
        value: Quantity,
    },
    /// Less than this.
    LessThan {
        /// The threshold.
        value: Quantity,
    },
    /// Exactly this.
    Exactly {
        /// The value.
        value: Quantity,
    },
    /// This, give or take.
    About {
        /// The value.
        value: Quantity,
        /// How much give or take.
        tolerance: Tolerance,
    },
    /// Between two values, both included.
    Range {
        /// The two ends.
        range: Range,
    },
}

/// Lower bound of a growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// By this or more.
    AtLeast,
    /// By more than this.
    MoreThan,
}

/// How a share grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reading", rename_all = "snake_case")]
pub enum ShareChange {
    /// By percent of the share: 20 % growing by 50 % is 30 %.
    Relative {
        /// Percent of the baseline share.
        percent: Decimal,
    },
    /// By percentage points: 20 % growing by 5 points is 25 %.
    Points {
        /// Percentage points.
        points: Decimal,
    },
}

/// How far "about" reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ToleranceText")]
pub struct Tolerance {
    percent: Decimal,
    stated: bool,
}

#[derive(Deserialize)]
struct ToleranceText {
    percent: Decimal,
    stated: bool,
}

impl TryFrom<ToleranceText> for Tolerance {
    type Error = TargetRefusal;
    fn try_from(text: ToleranceText) -> Result<Self, TargetRefusal> {
        if text.stated { Self::stated(text.percent) } else { Ok(Self::by_default()) }
    }
}

impl Tolerance {
    /// A tolerance that the plan or its supervisor states, in percent of the value.
    ///
    /// # Errors
    /// [`TargetRefusal::Tolerance`] below 0 or from 100 on.
    pub fn stated(percent: Decimal) -> Result<Self, TargetRefusal> {
        if percent < Decimal::ZERO || Decimal::ONE_HUNDRED <= percent {
            return Err(TargetRefusal::Tolerance { given: percent });
        }
        Ok(Self { percent, stated: true })
    }

    /// The default rule, [`ABOUT_PERCENT`].
    pub fn by_default() -> Self {
        Self { percent: Decimal::from(ABOUT_PERCENT), stated: false }
    }

    /// In percent of the value, either way.
    pub fn percent(self) -> Decimal {
        self.percent
    }

    /// Was it stated, or is it the default rule?
    pub fn is_stated(self) -> bool {
        self.stated
    }
}

/// Two ends in order, in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RangeText")]
pub struct Range {
    low: Decimal,
    high: Decimal,
    unit: Unit,
}

#[derive(Deserialize)]
struct RangeText {
    low: Decimal,
    high: Decimal,
    unit: Unit,
}

impl TryFrom<RangeText> for Range {
    type Error = TargetRefusal;
    fn try_from(text: RangeText) -> Result<Self, TargetRefusal> {
        Self::new(text.low, text.high, text.unit)
    }
}

impl Range {
    /// A range from `low` to `high`, both included.
    ///
    /// # Errors
    /// [`TargetRefusal::RangeReversed`] when `high` is the smaller.
    pub fn new(low: Decimal, high: Decimal, unit: Unit) -> Result<Self, TargetRefusal> {
        if high < low {
            return Err(TargetRefusal::RangeReversed { low, high });
        }
        Ok(Self { low, high, unit })
    }

    /// The lower end.
    pub fn low(&self) -> Quantity {
        Quantity::new(self.low, self.unit.clone())
    }

    /// The upper end.
    pub fn high(&self) -> Quantity {
        Quantity::new(self.high, self.unit.clone())
    }

    /// The unit of both.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Inside a band.
    Within,
    /// Shown by words and evidence.
    Words,
}

impl Level {
    /// The unit it is stated in.
    pub fn unit(&self) -> &Unit {
        match self {
            Self::AtLeast { value }
            | Self::MoreThan { value }
            | Self::AtMost { value }
            | Self::LessThan { value }
            | Self::Exactly { value }
            | Self::About { value, .. } => &value.unit,
            Self::Range { range } => range.unit(),
        }
    }

    /// Which way is better.
    pub fn direction(&self) -> Direction {
        match self {
            Self::AtLeast { .. } | Self::MoreThan { .. } => Direction::Up,
            Self::AtMost { .. } | Self::LessThan { .. } => Direction::Down,
            Self::Exactly { .. } | Self::About { .. } | Self::Range { .. } => Direction::Within,
        }
    }

    /// The smallest and the largest value that satisfy it, both included; a strict end is told by [`Self::is_strict`].
    pub fn ends(&self) -> (Option<Decimal>, Option<Decimal>) {
        match self {
            Self::AtLeast { value } | Self::MoreThan { value } => (Some(value.value), None),
            Self::AtMost { value } | Self::LessThan { value } => (None, Some(value.value)),
            Self::Exactly { value } => (Some(value.value), Some(value.value)),
            Self::About { value, tolerance } => {
                let reach = value.value.abs() * tolerance.percent() / Decimal::ONE_HUNDRED;
                (Some(value.value - reach), Some(value.value + reach))
            }
            Self::Range { range } => (Some(range.low), Some(range.high)),
        }
    }

    /// Does the value at the end itself not count?
    pub fn is_strict(&self) -> bool {
        matches!(self, Self::MoreThan { .. } | Self::LessThan { .. })
    }

    /// The value that the path leads to: the threshold, the value that "about" names, the near end of a range.
    pub fn aim(&self) -> Quantity {
        match self {
            Self::AtLeast { value }
            | Self::MoreThan { value }
            | Self::AtMost { value }
            | Self::LessThan { value }
            | Self::Exactly { value }
            | Self::About { value, .. } => value.clone(),
            Self::Range { range } => range.low(),
        }
    }

    /// Does `value`, in the same unit, satisfy it?
    pub fn is_met_by(&self, value: Decimal) -> bool {
        let (low, high) = self.ends();
        if self.is_strict() {
            low.is_none_or(|low| low < value) && high.is_none_or(|high| value < high)
        } else {
            low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high)
        }
    }
}

impl Target {
    /// A value to be reached, kept or not exceeded.
    pub fn level(level: Level) -> Self {
        Self::Level { level }
    }

    /// The unit that statements of the value have; `None` where the value is words.
    pub fn unit(&self) -> Option<Unit> {
        match self {
            Self::Level { level } | Self::YearlyMean { level } => Some(level.unit().clone()),
            Self::Growth { unit, .. } => Some(unit.clone()),
            Self::ShareGrowth { .. } => Some(Unit::percent()),
            Self::Rank { .. } | Self::Milestone { .. } | Self::Qualitative { .. } => None,
        }
    }

    /// Which way is better.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Level { level } | Self::YearlyMean { level } => level.direction(),
            Self::Growth { .. } | Self::ShareGrowth { .. } => Direction::Up,
            Self::Rank { .. } | Self::Milestone { .. } | Self::Qualitative { .. } => Direction::Words,
        }
    }

    /// Stable name of the shape, for messages (`plans-shape-…`) and the API.
    pub fn shape(&self) -> &'static str {
        let of = |level: &Level| match level {
            Level::AtLeast { .. } => "at_least",
            Level::MoreThan { .. } => "more_than",
            Level::AtMost { .. } => "at_most",
            Level::LessThan { .. } => "less_than",
            Level::Exactly { .. } => "exactly",
            Level::About { .. } => "about",
            Level::Range { .. } => "range",
        };
        match self {
            Self::Level { level } => of(level),
            Self::YearlyMean { .. } => "yearly_mean",
            Self::Growth { .. } => "growth",
            Self::ShareGrowth { .. } => "share_growth",
            Self::Rank { .. } => "rank",
            Self::Milestone { .. } => "milestone",
            Self::Qualitative { .. } => "qualitative",
        }
    }

    /// Does it need a baseline before anything can be said?
    pub fn needs_baseline(&self) -> bool {
        matches!(self, Self::Growth { .. } | Self::ShareGrowth { .. })
    }

    /// Refuses what the types alone cannot: empty words, a growth in percentage points of something that is no share.
    ///
    /// # Errors
    /// [`TargetRefusal`].
    pub fn check(&self) -> Result<(), TargetRefusal> {
        match self {
            Self::Rank { words } | Self::Milestone { words } | Self::Qualitative { words, .. }
                if words.trim().is_empty() =>
            {
                Err(TargetRefusal::WordsMissing)
            }
            Self::Growth { unit, .. } if matches!(unit.base(), Base::Percent | Base::PercentagePoint) => {
                Err(TargetRefusal::ShareNotDecided)
            }
            _ => Ok(()),
        }
    }
}

refusals! {
    /// Why a target cannot be so.
    pub enum TargetRefusal {
        /// The upper end is below the lower.
        RangeReversed { low: Decimal, high: Decimal } => ("plans.target.range_reversed", 422, "range from {low} to {high} runs backwards"),
        /// No sensible tolerance.
        Tolerance { given: Decimal } => ("plans.target.tolerance", 422, "tolerance of {given} percent is not between 0 and 100"),
        /// A rank, milestone or quality without words.
        WordsMissing => ("plans.target.words_missing", 422, "the target has no words"),
        /// A share that grows by percent: relative or points?
        ShareNotDecided => ("plans.target.share_not_decided", 422, "growth of a share must say relative percent or percentage points"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn quantity(text: &str, unit: &str) -> Quantity {
        Quantity::new(number(text), Unit::parse(unit))
    }

    #[test]
    fn about_reaches_five_percent_either_way_unless_the_plan_says_otherwise() {
        let about = Level::About { value: quantity("800", "家"), tolerance: Tolerance::by_default() };
        assert!(about.is_met_by(number("760")));
        assert!(about.is_met_by(number("840")));
        assert!(!about.is_met_by(number("759.99")));
        let tight = Level::About {
            value: quantity("800", "家"),
            tolerance: Tolerance::stated(number("1")).unwrap(),
        };
        assert!(!tight.is_met_by(number("790")));
    }

    #[test]
    fn more_than_is_not_met_by_the_value_itself() {
        assert!(!Level::MoreThan { value: quantity("1000", "家") }.is_met_by(number("1000")));
        assert!(Level::AtLeast { value: quantity("1000", "家") }.is_met_by(number("1000")));
    }

    #[test]
    fn a_range_that_runs_backwards_cannot_be_read_from_json() {
        let json = r#"{"shape":"level","level":{"is":"range","range":{"low":"3","high":"1","unit":"家"}}}"#;
        assert!(serde_json::from_str::<Target>(json).is_err());
    }

    #[test]
    fn a_share_does_not_grow_by_percent_without_saying_how() {
        let target = Target::Growth { bound: Bound::AtLeast, percent: number("50"), unit: Unit::percent() };
        assert_eq!(target.check(), Err(TargetRefusal::ShareNotDecided));
    }

    proptest! {
        #[test]
        fn a_target_survives_its_json(low in -1000_i64..1000, width in 0_i64..1000) {
            let range = Range::new(Decimal::from(low), Decimal::from(low + width), Unit::parse("万人次")).unwrap();
            let target = Target::YearlyMean { level: Level::Range { range } };
            let json = serde_json::to_string(&target).unwrap();
            prop_assert_eq!(serde_json::from_str::<Target>(&json).unwrap(), target);
        }

        #[test]
        fn the_ends_of_about_satisfy_it(value in -100_000_i64..100_000) {
            let about = Level::About { value: quantity(&value.to_string(), "家"), tolerance: Tolerance::by_default() };
            let (low, high) = about.ends();
            prop_assert!(about.is_met_by(low.unwrap()) && about.is_met_by(high.unwrap()));
        }
    }
}
