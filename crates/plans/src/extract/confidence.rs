//! How sure a finding is. Weights are set so that of findings at 0.9 or more, nine in ten are right (measured by
//! `tests/extract_real_plans.rs` where the real plans are at hand, and on the samples of this repository).

use super::sections::Kind;

/// Confidence of a target in prose.
pub(crate) fn of_target(score: f64, explicit: bool, dated: bool, kind: Kind) -> f64 {
    let mut sure: f64 = 0.45 + 0.08 * score;
    if explicit {
        sure += 0.08;
    }
    if explicit && dated && kind == Kind::Goals {
        sure += 0.08;
    }
    round(sure.clamp(0.3, 0.93))
}

/// Confidence of a target in an indicator table.
pub(crate) fn of_indicator(has_unit: bool, numbered: bool) -> f64 {
    match (has_unit, numbered) {
        (true, true) => 0.97,
        (true, false) | (false, true) => 0.92,
        (false, false) => 0.75,
    }
}

/// Two places are enough for a judgement.
pub(crate) fn round(sure: f64) -> f64 {
    (sure * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_signs_make_a_target_surer() {
        let weak = of_target(1.5, false, false, Kind::Tasks);
        let strong = of_target(5.0, true, true, Kind::Goals);
        assert!(weak < 0.7 && (0.9..=0.93).contains(&strong));
    }
}
