//! The working calendar that comes with the product: `packs/calendar/cn.toml`, with its source.

use std::collections::BTreeMap;

use hutong_kernel::WorkingCalendar;
use hutong_kernel::calendar::CalendarYear;
use jiff::civil::Date;
use serde::Deserialize;

/// The calendar of mainland China, as it came with this build.
pub const CHINA: &str = include_str!("../../../packs/calendar/cn.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(default)]
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    source: String,
    holidays: Vec<Date>,
    workdays: Vec<Date>,
}

/// Why a calendar pack cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalendarPackError {
    /// No TOML, or not of this shape.
    #[error("calendar pack cannot be read")]
    Format(#[from] toml::de::Error),
    /// A day stands under another year.
    #[error("{day} stands under {year}")]
    WrongYear {
        /// The day.
        day: Date,
        /// The year it stands under.
        year: i16,
    },
}

/// Reads a calendar pack.
///
/// # Errors
/// [`CalendarPackError`].
pub fn read_calendar(toml: &str) -> Result<WorkingCalendar, CalendarPackError> {
    let pack: Pack = toml::from_str(toml)?;
    let mut years = BTreeMap::new();
    for Year { year, source, holidays, workdays } in pack.year {
        if let Some(day) = holidays.iter().chain(&workdays).find(|day| day.year() != year) {
            return Err(CalendarPackError::WrongYear { day: *day, year });
        }
        years.insert(year, CalendarYear { source, holidays, workdays });
    }
    Ok(WorkingCalendar { years })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_calendar_that_comes_with_the_product_knows_its_holidays() {
        let calendar = read_calendar(CHINA).unwrap();
        assert!(!calendar.is_working_day(date(2026, 10, 1)));
        assert!(calendar.is_working_day(date(2026, 10, 10)), "a Saturday that is worked");
        assert!(!calendar.is_provisional(date(2026, 12, 31)));
        assert!(calendar.is_provisional(date(2027, 1, 4)));
    }

    #[test]
    fn a_day_under_the_wrong_year_is_refused() {
        let pack = "[[year]]\nyear = 2026\nsource = \"x\"\nholidays = [\"2025-01-01\"]\nworkdays = []\n";
        assert!(matches!(read_calendar(pack), Err(CalendarPackError::WrongYear { .. })));
    }
}
