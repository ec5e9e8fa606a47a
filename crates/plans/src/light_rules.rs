//! The dated rules by which lights are computed: `packs/lights/default.toml`.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// The rules that came with this build.
pub const DEFAULT: &str = include_str!("../../../packs/lights/default.toml");

/// All rule sets, in order of their first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LightRules {
    id: String,
    sets: Vec<RuleSet>,
}

/// One rule set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// First day.
    pub valid_from: Date,
    /// Where it comes from.
    pub source: String,
    /// Due soon when at most so many working days are left.
    pub due_soon_working_days: u16,
    /// Behind path below (100 − this) percent of what the path expects.
    pub behind_tolerance_percent: u8,
    /// How often departments report.
    pub report_cycle: ReportCycle,
    /// Reports are late so many working days after the end of their period.
    pub report_grace_working_days: u16,
}

/// How often departments report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportCycle {
    /// Every month.
    Month,
    /// Every quarter.
    Quarter,
    /// Every year.
    Year,
}

impl ReportCycle {
    /// Last day of the period that `day` is in.
    pub fn last_day(self, day: Date) -> Date {
        let month = match self {
            Self::Month => day.month(),
            Self::Quarter => (day.month() - 1) / 3 * 3 + 3,
            Self::Year => 12,
        };
        Date::new(day.year(), month, 1).map_or(day, Date::last_of_month)
    }

    /// Last day of the newest period that was over on `day`.
    pub fn last_period_over(self, day: Date) -> Date {
        let end = self.last_day(day);
        if end == day {
            return end;
        }
        let months = match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        };
        end.first_of_month().checked_sub(months.months()).map_or(day, Date::last_of_month)
    }

    /// First day of the period that ends on `last`.
    pub fn first_day(self, last: Date) -> Date {
        let months = match self {
            Self::Month => 0,
            Self::Quarter => 2,
            Self::Year => 11,
        };
        last.first_of_month().checked_sub(months.months()).unwrap_or(last)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    id: String,
    rules: Vec<RuleSet>,
}

/// Why a pack of light rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LightRulesError {
    /// No TOML, or not of this shape.
    #[error("light rules cannot be read")]
    Format(#[from] toml::de::Error),
    /// No rule set.
    #[error("there is no rule set")]
    Empty,
    /// Two rule sets begin on one day.
    #[error("two rule sets begin on {0}")]
    Twice(Date),
    /// A tolerance that lets everything pass.
    #[error("tolerance of {0} percent is not below 100")]
    Tolerance(u8),
}

impl LightRules {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`LightRulesError`].
    pub fn read(toml: &str) -> Result<Self, LightRulesError> {
        let Pack { id, rules: mut sets } = toml::from_str(toml)?;
        sets.sort_by_key(|set| set.valid_from);
        if sets.is_empty() {
            return Err(LightRulesError::Empty);
        }
        if let Some(pair) = sets.windows(2).find(|pair| pair[0].valid_from == pair[1].valid_from) {
            return Err(LightRulesError::Twice(pair[0].valid_from));
        }
        if let Some(set) = sets.iter().find(|set| 100 <= set.behind_tolerance_percent) {
            return Err(LightRulesError::Tolerance(set.behind_tolerance_percent));
        }
        Ok(Self { id, sets })
    }

    /// The rules that came with this build. A test reads them, so that they cannot be broken.
    pub fn default_rules() -> Result<Self, LightRulesError> {
        Self::read(DEFAULT)
    }

    /// The rule set of a day; before the first one begins, the first.
    pub fn on(&self, day: Date) -> &RuleSet {
        self.sets.iter().rev().find(|set| set.valid_from <= day).unwrap_or(&self.sets[0])
    }

    /// Name of the rule set of a day, e.g. `plans.lights@2026-01-01`.
    pub fn name_on(&self, day: Date) -> String {
        format!("{}@{}", self.id, self.on(day).valid_from)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_rules_that_come_with_the_product_can_be_read() {
        let rules = LightRules::default_rules().unwrap();
        assert_eq!(rules.name_on(date(2026, 11, 23)), "plans.lights@2000-01-01");
    }

    #[test]
    fn a_rule_set_holds_until_the_next_begins() {
        let set = |from: &str, days: u16| {
            format!(
                "[[rules]]\nvalid_from = \"{from}\"\nsource = \"x\"\ndue_soon_working_days = {days}\n\
                 behind_tolerance_percent = 10\nreport_cycle = \"month\"\nreport_grace_working_days = 5\n"
            )
        };
        let pack = format!("id = \"x\"\n{}{}", set("2027-01-01", 20), set("2026-01-01", 5));
        let rules = LightRules::read(&pack).unwrap();
        assert_eq!(rules.on(date(2026, 12, 31)).due_soon_working_days, 5);
        assert_eq!(rules.on(date(2027, 1, 1)).due_soon_working_days, 20);
        assert!(LightRules::read(&format!("id = \"x\"\n{0}{0}", set("2026-01-01", 5))).is_err());
    }

    #[test]
    fn a_quarter_is_over_on_its_last_day() {
        assert_eq!(ReportCycle::Quarter.last_period_over(date(2026, 11, 23)), date(2026, 9, 30));
        assert_eq!(ReportCycle::Quarter.last_period_over(date(2026, 9, 30)), date(2026, 9, 30));
        assert_eq!(ReportCycle::Quarter.last_period_over(date(2026, 2, 1)), date(2025, 12, 31));
        assert_eq!(ReportCycle::Quarter.first_day(date(2026, 9, 30)), date(2026, 7, 1));
        assert_eq!(ReportCycle::Month.last_period_over(date(2026, 3, 15)), date(2026, 2, 28));
    }
}
