//! Quantities with units.
//!
//! Plans count in 家, 个, 万人次, 亿元, %, 百分点. A figure without its unit is worthless, and the commonest error
//! of all is to read a percent as a percentage point: they are different bases here and never convert.
//! Values are exact decimals; there is no float.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::refusal::Refusal;

/// What is counted or measured, without its scale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// A share or a relative change, in percent.
    Percent,
    /// A difference of two shares, in percentage points.
    PercentagePoint,
    /// Money as plans state it (targets, not payments: those are [`crate::Fen`]).
    Yuan,
    /// A count word or a measure: 家, 人次, 平方公里, 元/平方公里. Equal words are commensurable, others are not.
    Word(String),
}

/// A base with its decimal scale: 亿元 is yuan × 10⁸, 万人次 is 人次 × 10⁴.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    base: Base,
    /// Power of ten: 0, 3 (千), 4 (万), 6 (百万), 7 (千万) or 8 (亿).
    scale: u8,
}

const SCALES: [(&str, u8); 5] = [("百万", 6), ("千万", 7), ("万", 4), ("亿", 8), ("千", 3)];

/// Measures that begin with a scale's character and yet are one word.
const WHOLE_WORDS: [&str; 6] = ["千瓦", "千克", "千米", "千瓦时", "千帕", "千伏安"];

impl Unit {
    /// Reads a unit as documents write it: `%`, `个百分点`, `亿元`, `万人次`, `家`, `亿元/平方公里`. An empty text is the unit of a bare number.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        match text {
            "%" | "\u{ff05}" | "百分比" | "百分之" | "percent" => {
                return Self { base: Base::Percent, scale: 0 };
            }
            "百分点" | "个百分点" | "pp" | "percentage point" | "percentage points" => {
                return Self { base: Base::PercentagePoint, scale: 0 };
            }
            "亿" => return Self { base: Base::Yuan, scale: 8 },
            _ => {}
        }
        let (scale, rest) = if WHOLE_WORDS.iter().any(|word| text.starts_with(word)) {
            (0, text)
        } else {
            SCALES
                .iter()
                .find_map(|(sign, scale)| text.strip_prefix(sign).map(|rest| (*scale, rest)))
                .unwrap_or((0, text))
        };
        let base = if rest == "元" { Base::Yuan } else { Base::Word(rest.to_owned()) };
        Self { base, scale }
    }

    /// A percent.
    pub fn percent() -> Self {
        Self { base: Base::Percent, scale: 0 }
    }

    /// A percentage point.
    pub fn percentage_point() -> Self {
        Self { base: Base::PercentagePoint, scale: 0 }
    }

    /// What is counted, without the scale.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Can a value in this unit be written in `other`?
    pub fn commensurable(&self, other: &Self) -> bool {
        self.base == other.base
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = SCALES.iter().find(|(_, scale)| *scale == self.scale).map_or("", |(sign, _)| sign);
        match &self.base {
            Base::Percent => f.write_str("%"),
            Base::PercentagePoint => f.write_str("个百分点"),
            Base::Yuan => write!(f, "{sign}元"),
            Base::Word(word) => write!(f, "{sign}{word}"),
        }
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.to_string()
    }
}

impl From<String> for Unit {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

/// An exact value in a unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// The figure, as written.
    pub value: Decimal,
    /// Its unit.
    pub unit: Unit,
}

/// Two quantities that cannot be compared or added.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{given} and {expected} are not commensurable")]
pub struct UnitMismatch {
    /// The unit that was expected.
    pub expected: Unit,
    /// The unit that was given.
    pub given: Unit,
}

impl Refusal for UnitMismatch {
    fn code(&self) -> &'static str {
        "quantity.unit_mismatch"
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        vec![("expected", self.expected.to_string()), ("given", self.given.to_string())]
    }
}

impl Quantity {
    /// A value in a unit.
    pub fn new(value: Decimal, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// The same quantity in another unit of the same base.
    ///
    /// # Errors
    /// [`UnitMismatch`] when the bases differ, or when the figure does not fit a decimal any more.
    pub fn to_unit(&self, unit: &Unit) -> Result<Self, UnitMismatch> {
        let mismatch = || UnitMismatch { expected: unit.clone(), given: self.unit.clone() };
        if !self.unit.commensurable(unit) {
            return Err(mismatch());
        }
        let power = |scale: u8| Decimal::from(10_u64.pow(u32::from(scale)));
        let value = if unit.scale <= self.unit.scale {
            self.value.checked_mul(power(self.unit.scale - unit.scale))
        } else {
            self.value.checked_div(power(unit.scale - self.unit.scale))
        };
        Ok(Self { value: value.ok_or_else(mismatch)?.normalize(), unit: unit.clone() })
    }

    /// Compares across scales.
    ///
    /// # Errors
    /// [`UnitMismatch`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, UnitMismatch> {
        // Compared in the smaller unit, so that nothing is divided and rounded.
        if self.unit.scale <= other.unit.scale {
            Ok(self.value.cmp(&other.to_unit(&self.unit)?.value))
        } else {
            Ok(self.to_unit(&other.unit)?.value.cmp(&other.value))
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit.base {
            Base::Percent => write!(f, "{}%", self.value),
            _ => write!(f, "{} {}", self.value, self.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quantity(value: &str, unit: &str) -> Quantity {
        Quantity::new(value.parse().unwrap(), Unit::parse(unit))
    }

    #[test]
    fn a_percent_is_not_a_percentage_point() {
        assert!(!Unit::parse("%").commensurable(&Unit::parse("个百分点")));
        assert!(quantity("50", "%").to_unit(&Unit::percentage_point()).is_err());
    }

    #[test]
    fn scales_convert_exactly() {
        assert_eq!(quantity("1.5", "亿元").to_unit(&Unit::parse("万元")).unwrap(), quantity("15000", "万元"));
        assert_eq!(
            quantity("2.51", "万人次").to_unit(&Unit::parse("人次")).unwrap(),
            quantity("25100", "人次")
        );
        assert!(quantity("1", "家").to_unit(&Unit::parse("个")).is_err());
    }

    #[test]
    fn a_kilowatt_is_not_a_thousand_watts_word() {
        assert_eq!(Unit::parse("万千瓦时").to_string(), "万千瓦时");
        assert_eq!(Unit::parse("千瓦时").to_string(), "千瓦时");
    }

    proptest! {
        #[test]
        fn a_unit_survives_its_text(text in "(|千|万|百万|千万|亿)(元|家|个|人次|平方公里|元/平方公里|项)") {
            prop_assert_eq!(Unit::parse(&text).to_string(), text);
        }

        #[test]
        fn comparison_does_not_depend_on_the_scale(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
            let small = Quantity::new(Decimal::from(a), Unit::parse("万元"));
            let large = Quantity::new(Decimal::from(b), Unit::parse("亿元"));
            prop_assert_eq!(small.compare(&large).unwrap(), a.cmp(&(b * 10_000)));
            prop_assert_eq!(large.compare(&small).unwrap(), (b * 10_000).cmp(&a));
        }
    }
}
