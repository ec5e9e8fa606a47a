//! Rolling up how far things are, by weight.
//!
//! Weights are normalised over what is known. What is not known lowers the coverage and never the percentage: a
//! department that nobody has heard from is unknown, not at zero.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

/// One row to roll up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its weight; rows with weight 0 are left out.
    pub weight: u32,
    /// How far it is, in percent; `None` when unknown.
    pub percent: Option<Decimal>,
}

/// The weighted whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RollUp {
    /// Weighted mean of what is known, in percent, rounded down to two decimals; `None` when nothing is known.
    pub percent: Option<Decimal>,
    /// Share of the weight that is known, in percent, rounded down to two decimals; `None` without any weight.
    pub coverage: Option<Decimal>,
    /// Rows that are known.
    pub known: usize,
    /// All rows.
    pub rows: usize,
}

/// Rolls `rows` up.
pub fn roll_up(rows: &[Row]) -> RollUp {
    let mut weight = Decimal::ZERO;
    let mut known_weight = Decimal::ZERO;
    let mut sum = Decimal::ZERO;
    let mut known = 0;
    for row in rows {
        let row_weight = Decimal::from(row.weight);
        weight += row_weight;
        if let Some(percent) = row.percent {
            known += 1;
            known_weight += row_weight;
            sum += row_weight * percent;
        }
    }
    let down =
        |value: Decimal| value.round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity).normalize();
    RollUp {
        percent: sum.checked_div(known_weight).map(down),
        coverage: (known_weight * Decimal::ONE_HUNDRED).checked_div(weight).map(down),
        known,
        rows: rows.len(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(weight: u32, percent: Option<i64>) -> Row {
        Row { weight, percent: percent.map(Decimal::from) }
    }

    #[test]
    fn what_is_unknown_lowers_the_coverage_and_not_the_percentage() {
        let whole = roll_up(&[row(1, Some(80)), row(1, None), row(2, Some(50))]);
        assert_eq!(whole.percent, Some(Decimal::from(60)));
        assert_eq!(whole.coverage, Some(Decimal::from(75)));
    }

    #[test]
    fn nothing_known_is_not_zero() {
        let whole = roll_up(&[row(1, None), row(5, None)]);
        assert_eq!((whole.percent, whole.coverage), (None, Some(Decimal::ZERO)));
        assert_eq!(roll_up(&[]).coverage, None);
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        prop::collection::vec((0_u32..1000, prop::option::of(0_i64..=100)), 0..40)
            .prop_map(|rows| rows.into_iter().map(|(weight, percent)| row(weight, percent)).collect())
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(rows in rows()) {
            let mut reversed = rows.clone();
            reversed.reverse();
            prop_assert_eq!(roll_up(&rows), roll_up(&reversed));
        }

        #[test]
        fn the_scale_of_the_weights_does_not_matter(rows in rows(), factor in 1_u32..1000) {
            let scaled: Vec<Row> = rows.iter().map(|it| Row { weight: it.weight * factor, ..*it }).collect();
            prop_assert_eq!(roll_up(&rows), roll_up(&scaled));
        }

        #[test]
        fn a_missing_row_changes_the_coverage_only(rows in rows(), weight in 1_u32..1000) {
            let mut more = rows.clone();
            more.push(row(weight, None));
            let (before, after) = (roll_up(&rows), roll_up(&more));
            prop_assert_eq!(before.percent, after.percent);
            prop_assert!(after.coverage <= before.coverage || before.coverage.is_none());
        }

        #[test]
        fn the_whole_lies_between_its_parts(rows in rows()) {
            if let Some(whole) = roll_up(&rows).percent {
                let known = || rows.iter().filter(|it| 0 < it.weight).filter_map(|it| it.percent);
                prop_assert!(known().min().unwrap() <= whole + Decimal::new(1, 2) && whole <= known().max().unwrap());
            }
        }
    }
}
