//! Speaking one language: texts, dates, figures.
//!
//! Chinese prose writes 2026年11月22日 and tables 2026-11-22; large figures are read in 万 and 亿, with all digits
//! on hover, because a reader who compares two of them must not count zeros.

use hutong_kernel::Quantity;
use hutong_kernel::district::Language;
use hutong_kernel::permission::{Action, Role, Scope};
use hutong_kernel::quantity::Base;
use hutong_kernel::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use rust_decimal::Decimal;

use crate::messages::{Messages, Value, key_of_code};

/// A language with its texts and the district's time zone. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Words {
    /// The language.
    pub lang: Language,
    /// All texts.
    pub messages: Messages,
    /// The time zone in which moments are shown.
    pub time_zone: TimeZone,
}

impl Words {
    /// The text under `key`.
    pub fn t(&self, key: &str) -> String {
        self.messages.text(self.lang, key, &[])
    }

    /// The text under `key`, with its variables.
    pub fn t_with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.messages.text(self.lang, key, values)
    }

    /// What a refusal says to people.
    pub fn refusal(&self, refusal: &dyn Refusal) -> String {
        let values = refusal.values();
        // The table's names of actions, not their identifiers, belong in a sentence.
        let values: Vec<_> = values
            .iter()
            .map(|(name, value)| {
                let known = (*name == "action")
                    .then(|| format!("action-{value}"))
                    .filter(|key| self.messages.has(self.lang, key))
                    .map(|key| self.t(&key));
                (*name, Value::from(known.unwrap_or_else(|| value.clone())))
            })
            .collect();
        self.t_with(&key_of_code(refusal.code()), &values)
    }

    /// A role's name.
    pub fn role(&self, role: Role) -> String {
        self.t(&format!("role-{}", role.name()))
    }

    /// An action's name.
    pub fn action(&self, action: Action) -> String {
        self.t(&format!("action-{}", action.name()))
    }

    /// A scope's name.
    pub fn scope(&self, scope: Scope) -> String {
        self.t(&format!("scope-{}", scope.name()))
    }

    /// A date in prose: 2026年11月22日, 22 November 2026.
    pub fn date(&self, date: Date) -> String {
        match self.lang {
            Language::Chinese => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Language::English => {
                format!(
                    "{} {} {}",
                    date.day(),
                    MONTHS[usize::from(date.month().unsigned_abs()) - 1],
                    date.year()
                )
            }
        }
    }

    /// A date in a table: 2026-11-22.
    pub fn date_cell(&self, date: Date) -> Markup {
        html! { time datetime=(date) { (date) } }
    }

    /// A moment in the district's time zone, to the minute: 2026-11-22 09:31.
    pub fn moment(&self, at: Timestamp) -> Markup {
        let zoned = at.to_zoned(self.time_zone.clone());
        html! { time datetime=(at) title=(zoned.strftime("%Y-%m-%d %H:%M:%S %:z")) { (zoned.strftime("%Y-%m-%d %H:%M")) } }
    }

    /// A count with its thousands apart: 12,345.
    pub fn count(&self, count: u64) -> String {
        grouped(Decimal::from(count))
    }

    /// A quantity for people; all digits stand in the title.
    pub fn quantity(&self, quantity: &Quantity) -> Markup {
        let full = self.quantity_full(quantity);
        let short = self.quantity_text(quantity);
        html! { span.figure title=[(full != short).then_some(full)] { (short) } }
    }

    /// A quantity for people, as plain text: 1.5亿元, 2.51万人次, 50%, 3个百分点; 1.5 billion yuan.
    pub fn quantity_text(&self, quantity: &Quantity) -> String {
        let value = quantity.value.normalize();
        match (quantity.unit.base(), self.lang) {
            (Base::Percent, _) => format!("{}%", grouped(value)),
            (Base::PercentagePoint, Language::Chinese) => format!("{}个百分点", grouped(value)),
            (Base::PercentagePoint, Language::English) => {
                format!(
                    "{} percentage {}",
                    grouped(value),
                    if value.abs() == Decimal::ONE { "point" } else { "points" }
                )
            }
            (Base::Yuan | Base::Word(_), Language::Chinese) => {
                let written = quantity.unit.to_string();
                match short_scale(value).filter(|_| unscaled(quantity)) {
                    Some((figure, sign)) => format!("{}{sign}{written}", grouped(figure)),
                    None => format!("{}{written}", grouped(value)),
                }
            }
            (Base::Yuan | Base::Word(_), Language::English) => {
                let plain = in_base(quantity).unwrap_or(value);
                let unit = english_unit(quantity.unit.base());
                let figure = english_scale(plain);
                if unit.is_empty() { figure } else { format!("{figure} {unit}") }
            }
        }
    }

    /// A quantity with all its digits in its base unit: 150,000,000元.
    pub fn quantity_full(&self, quantity: &Quantity) -> String {
        match (quantity.unit.base(), self.lang) {
            (Base::Percent | Base::PercentagePoint, _) => self.quantity_text(quantity),
            (base, language) => {
                let value = in_base(quantity).unwrap_or(quantity.value).normalize();
                match language {
                    Language::Chinese => format!("{}{}", grouped(value), base_word(base)),
                    Language::English => {
                        format!("{} {}", grouped(value), english_unit(base)).trim_end().to_owned()
                    }
                }
            }
        }
    }

    /// Names in a row: 甲、乙、丙; A, B, C.
    pub fn list<T: AsRef<str>>(&self, names: impl IntoIterator<Item = T>) -> String {
        let separator = match self.lang {
            Language::Chinese => "、",
            Language::English => ", ",
        };
        let mut text = String::new();
        for name in names {
            if !text.is_empty() {
                text.push_str(separator);
            }
            text.push_str(name.as_ref());
        }
        text
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English for the count words and measures that plans use most; other words stay as written.
const ENGLISH_UNITS: [(&str, &str); 24] = [
    ("元", "yuan"),
    ("家", "entities"),
    ("个", "items"),
    ("项", "items"),
    ("件", "pieces"),
    ("人", "persons"),
    ("名", "persons"),
    ("人次", "visits"),
    ("户", "households"),
    ("次", "times"),
    ("年", "years"),
    ("天", "days"),
    ("条", "items"),
    ("处", "places"),
    ("座", "sites"),
    ("套", "sets"),
    ("辆", "vehicles"),
    ("公里", "km"),
    ("平方米", "m²"),
    ("平方公里", "km²"),
    ("公顷", "ha"),
    ("吨", "t"),
    ("元/平方公里", "yuan per km²"),
    ("千瓦时", "kWh"),
];

fn base_word(base: &Base) -> &str {
    match base {
        Base::Percent => "%",
        Base::PercentagePoint => "个百分点",
        Base::Yuan => "元",
        Base::Word(word) => word,
    }
}

fn english_unit(base: &Base) -> &str {
    let word = base_word(base);
    ENGLISH_UNITS.iter().find(|(chinese, _)| *chinese == word).map_or(word, |(_, english)| english)
}

fn unscaled(quantity: &Quantity) -> bool {
    in_base(quantity) == Some(quantity.value)
}

/// The value in the unit without its scale; `None` when it does not fit a decimal.
fn in_base(quantity: &Quantity) -> Option<Decimal> {
    let plain = match quantity.unit.base() {
        Base::Percent | Base::PercentagePoint => return Some(quantity.value),
        base => hutong_kernel::Unit::parse(base_word(base)),
    };
    quantity.to_unit(&plain).ok().map(|it| it.value)
}

/// 12,500,000 as (1250, 万); `None` below ten thousand, or where more than two decimals would be lost.
fn short_scale(value: Decimal) -> Option<(Decimal, &'static str)> {
    let (divisor, sign) = if value.abs() >= Decimal::from(100_000_000) {
        (Decimal::from(100_000_000), "亿")
    } else if value.abs() >= Decimal::from(10_000) {
        (Decimal::from(10_000), "万")
    } else {
        return None;
    };
    Some((value.checked_div(divisor)?.round_dp(2).normalize(), sign))
}

fn english_scale(value: Decimal) -> String {
    let (divisor, word) = if value.abs() >= Decimal::from(1_000_000_000) {
        (Decimal::from(1_000_000_000), " billion")
    } else if value.abs() >= Decimal::from(1_000_000) {
        (Decimal::from(1_000_000), " million")
    } else {
        return grouped(value.normalize());
    };
    match value.checked_div(divisor) {
        Some(figure) => format!("{}{word}", grouped(figure.round_dp(3).normalize())),
        None => grouped(value),
    }
}

/// A decimal with its thousands apart.
pub fn grouped(value: Decimal) -> String {
    let text = value.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::with_capacity(text.len() + 8);
    if value.is_sign_negative() && !value.is_zero() {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if 0 < index && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use hutong_kernel::Unit;
    use jiff::civil::date;

    use super::*;
    use crate::testing::words;

    fn check(lang: Language, value: &str, unit: &str) -> String {
        let quantity = Quantity::new(value.parse().unwrap(), Unit::parse(unit));
        let words = words(lang);
        format!("{} ({})", words.quantity_text(&quantity), words.quantity_full(&quantity))
    }

    #[test]
    fn large_figures_are_read_in_ten_thousands_and_keep_their_digits() {
        assert_eq!(check(Language::Chinese, "25100", "人次"), "2.51万人次 (25,100人次)");
        assert_eq!(check(Language::Chinese, "1.50", "亿元"), "1.5亿元 (150,000,000元)");
        assert_eq!(check(Language::Chinese, "9800", "家"), "9,800家 (9,800家)");
        assert_eq!(check(Language::English, "1.5", "亿元"), "150 million yuan (150,000,000 yuan)");
        assert_eq!(check(Language::English, "-3200", "亿元"), "-320 billion yuan (-320,000,000,000 yuan)");
    }

    #[test]
    fn a_percentage_point_is_never_shown_as_a_percent() {
        assert_eq!(check(Language::Chinese, "3", "个百分点"), "3个百分点 (3个百分点)");
        assert_eq!(check(Language::English, "1", "个百分点"), "1 percentage point (1 percentage point)");
        assert_eq!(check(Language::English, "3.5", "%"), "3.5% (3.5%)");
    }

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        assert_eq!(words(Language::Chinese).date(date(2026, 11, 2)), "2026年11月2日");
        assert_eq!(words(Language::English).date(date(2026, 11, 2)), "2 November 2026");
    }
}
