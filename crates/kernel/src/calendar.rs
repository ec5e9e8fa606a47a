//! The working calendar.
//!
//! Which days are worked is announced each autumn for the next year by the State Council's General Office,
//! with weekends moved to make long holidays. A year that is not yet announced is *provisional*: Monday to
//! Friday stand in, and whoever uses such a date is told so.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

/// Days that differ from Monday-to-Friday, for the years that were announced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingCalendar {
    /// The announced years with the document that announced them.
    pub years: BTreeMap<i16, CalendarYear>,
}

/// One announced year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarYear {
    /// The document that announced it.
    pub source: String,
    /// Weekdays that are not worked.
    pub holidays: Vec<Date>,
    /// Saturdays and Sundays that are worked.
    pub workdays: Vec<Date>,
}

/// A date counted in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingDate {
    /// The date.
    pub date: Date,
    /// It was counted through a year that is not announced yet and may move.
    pub provisional: bool,
}

/// Bound of every count, so that a slip cannot loop: four hundred years.
const DAYS_MAX: i32 = 146_097;

impl WorkingCalendar {
    /// Is `day` worked? In a year that is not announced, Monday to Friday are.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.years.get(&day.year()) {
            Some(year) if weekend => year.workdays.contains(&day),
            Some(year) => !year.holidays.contains(&day),
            None => !weekend,
        }
    }

    /// Is `day` in a year that is not announced?
    pub fn is_provisional(&self, day: Date) -> bool {
        !self.years.contains_key(&day.year())
    }

    /// The date `days` working days after `from`; 0 gives `from` itself or the next working day.
    ///
    /// Negative counts go back. `None` at the end of the calendar's range.
    pub fn add_working_days(&self, from: Date, days: i32) -> Option<WorkingDate> {
        let step: Span = if days < 0 { -1.days() } else { 1.days() };
        let mut left = days.unsigned_abs();
        let mut date = from;
        let mut provisional = self.is_provisional(date);
        for _ in 0..DAYS_MAX {
            if left == 0 && self.is_working_day(date) {
                return Some(WorkingDate { date, provisional });
            }
            date = date.checked_add(step).ok()?;
            provisional |= self.is_provisional(date);
            if 0 < left && self.is_working_day(date) {
                left -= 1;
            }
        }
        None
    }

    /// How many working days lie after `from`, up to and including `to`; negative when `to` is earlier.
    ///
    /// A task due today has 0 working days left, one due tomorrow (if worked) has 1.
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let mut count = 0;
        let mut date = from;
        for _ in 0..DAYS_MAX {
            if date == to {
                break;
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            if self.is_working_day(date) {
                count += 1;
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> WorkingCalendar {
        let year = CalendarYear {
            source: "invented".into(),
            holidays: vec![
                date(2026, 10, 1),
                date(2026, 10, 2),
                date(2026, 10, 5),
                date(2026, 10, 6),
                date(2026, 10, 7),
            ],
            workdays: vec![date(2026, 10, 10)],
        };
        WorkingCalendar { years: BTreeMap::from([(2026, year)]) }
    }

    #[test]
    fn holidays_are_skipped_and_worked_weekends_count() {
        let due = calendar().add_working_days(date(2026, 9, 30), 3).unwrap();
        assert_eq!(due, WorkingDate { date: date(2026, 10, 10), provisional: false });
    }

    #[test]
    fn a_year_that_is_not_announced_is_provisional() {
        let due = calendar().add_working_days(date(2026, 12, 31), 1).unwrap();
        assert_eq!(due, WorkingDate { date: date(2027, 1, 1), provisional: true });
    }

    #[test]
    fn what_is_due_today_has_no_working_day_left() {
        assert_eq!(calendar().working_days_between(date(2026, 9, 30), date(2026, 9, 30)), 0);
        assert_eq!(calendar().working_days_between(date(2026, 9, 30), date(2026, 10, 8)), 1);
        assert_eq!(calendar().working_days_between(date(2026, 10, 8), date(2026, 9, 30)), -1);
    }

    proptest! {
        #[test]
        fn adding_and_counting_agree(start in 0_i32..700, days in 0_i32..200) {
            let from = date(2025, 6, 1).checked_add(start.days()).unwrap();
            let calendar = calendar();
            let due = calendar.add_working_days(from, days).unwrap();
            if 0 < days {
                prop_assert_eq!(calendar.working_days_between(from, due.date), days);
            }
            prop_assert!(calendar.is_working_day(due.date));
        }
    }
}
