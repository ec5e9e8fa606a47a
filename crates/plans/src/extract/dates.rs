//! Dates, years and periods: `2024 年 7 月 10 日`, `二〇二四年七月`, `2021年—2025年`, `“十四五”`.

use super::characters::Text;
use super::findings::Span;
use super::numerals::{chinese_digit, small_number};

/// A calendar date or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) span: Span,
    pub(crate) year: Option<i32>,
    pub(crate) month: Option<u32>,
    pub(crate) day: Option<u32>,
}

impl Date {
    /// ISO 8601, as far as it is known.
    pub(crate) fn iso(self, year_before: Option<i32>) -> Option<String> {
        let year = self.year.or(year_before)?;
        Some(match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}"),
        })
    }
}

fn skip(text: &Text, at: usize) -> usize {
    let mut at = at;
    while text.at(at) == ' ' {
        at += 1;
    }
    at
}

/// A four-place year at `at`, in figures or Chinese digits, without 年: its end and value.
pub(crate) fn year_at(text: &Text, at: usize) -> Option<(usize, i32)> {
    if text.before(at).is_ascii_digit() || text.at(at + 4).is_ascii_digit() {
        return None;
    }
    let mut year = 0_i32;
    for offset in 0..4 {
        let c = text.at(at + offset);
        let digit = c.to_digit(10).or_else(|| chinese_digit(c))?;
        year = year * 10 + i32::try_from(digit).ok()?;
    }
    (1900..2100).contains(&year).then_some((at + 4, year))
}

/// The date at `at`: year, month and day, or month and day, or year and month, or year.
pub(crate) fn date_at(text: &Text, at: usize) -> Option<Date> {
    let mut end = at;
    let mut year = None;
    if let Some((after, value)) = year_at(text, at) {
        let mark = skip(text, after);
        if matches!(text.at(mark), '-' | '/' | '.') {
            // 2024-08-14
            let part = |from: usize| {
                let mut to = from;
                while text.at(to).is_ascii_digit() && to - from < 2 {
                    to += 1;
                }
                Some((to, small_number(text.folded(Span::new(from, to)))?))
            };
            let (month_end, month) = part(mark + 1)?;
            let plausible = (1..=12).contains(&month);
            if !plausible || text.at(month_end) != text.at(mark) {
                return None;
            }
            let (day_end, day) = part(month_end + 1)?;
            return (1..=31).contains(&day).then_some(Date {
                span: Span::new(at, day_end),
                year: Some(value),
                month: Some(month),
                day: Some(day),
            });
        }
        if text.at(mark) != '年' {
            return None;
        }
        year = Some(value);
        end = mark + 1;
    }
    let mut date = Date { span: Span::new(at, end), year, month: None, day: None };
    if let Some((month_end, month)) = part_before(text, skip(text, end), '月', 12) {
        date.month = Some(month);
        date.span.end = month_end;
        if let Some((day_end, day)) = part_before(text, skip(text, month_end), '日', 31) {
            date.day = Some(day);
            date.span.end = day_end;
        }
    }
    let whole = date.year.is_some() || date.month.is_some() && date.day.is_some();
    whole.then_some(date)
}

fn part_before(text: &Text, at: usize, mark: char, largest: u32) -> Option<(usize, u32)> {
    let mut end = at;
    while (text.at(end).is_ascii_digit() || chinese_digit(text.at(end)).is_some() || text.at(end) == '十')
        && end - at < 3
    {
        end += 1;
    }
    let value = small_number(text.folded(Span::new(at, end)))?;
    let close = skip(text, end);
    (text.at(close) == mark && (1..=largest).contains(&value)).then_some((close + 1, value))
}

/// Years of the n-th five-year plan.
pub(crate) fn five_year_plan(number: u32) -> Option<(i32, i32)> {
    // The first ran 1953–1957, the third began only in 1966; from there they follow without a gap.
    let from = match number {
        1 => 1953,
        2 => 1958,
        3..=20 => 1966 + 5 * (i32::try_from(number).ok()? - 3),
        _ => return None,
    };
    Some((from, from + 4))
}

/// The first `“十四五”` of `span`: its place and years. Quotation marks may be missing.
pub(crate) fn plan_period(text: &Text, span: Span) -> Option<(Span, (i32, i32))> {
    (span.start..span.end).find_map(|at| {
        if text.at(at) != '五' || chinese_digit(text.at(at + 1)).is_some() {
            return None;
        }
        let mut start = at;
        while span.start < start
            && (chinese_digit(text.before(start)).is_some() || text.before(start) == '十')
            && at - start < 3
        {
            start -= 1;
        }
        let number = small_number(text.folded(Span::new(start, at)))?;
        let quoted =
            matches!(text.before(start), '“' | '"' | '「') || matches!(text.at(at + 1), '”' | '"' | '」');
        let named = quoted
            || ["规划", "时期", "期间", "末", "计划", "以来", "纲要"]
                .iter()
                .any(|word| text.has(at + 1, word));
        (named && 5 <= number)
            .then(|| five_year_plan(number).map(|years| (Span::new(start, at + 1), years)))?
    })
}

/// The first range of years in `span`: `2021年—2025年`, `2024-2026年`.
pub(crate) fn year_range(text: &Text, span: Span) -> Option<(Span, (i32, i32))> {
    (span.start..span.end).find_map(|at| {
        let (after, from) = year_at(text, at)?;
        let mut next = skip(text, after);
        if text.at(next) == '年' {
            next = skip(text, next + 1);
        }
        let joint = next;
        while matches!(text.at(next), '-' | '—' | '~' | '～' | '至' | '到' | ' ') && next - joint < 4 {
            next += 1;
        }
        let (end, to) = (joint < next).then(|| year_at(text, next))??;
        (from < to && to - from <= 30 && end <= span.end).then_some((Span::new(at, end), (from, to)))
    })
}

/// Year by whose end something is due, as `span` states it: `到2026年底`, `2025年前`, `“十四五”末`.
pub(crate) fn deadline(text: &Text, span: Span) -> Option<(Span, i32)> {
    for at in span.start..span.end {
        if let Some((after, year)) = year_at(text, at) {
            let mark = skip(text, after);
            if text.at(mark) != '年' || mark >= span.end {
                continue;
            }
            // Baselines and sources are not due: 较2023年底, 2020年实现.
            let compared =
                ["较", "比", "同", "自", "从", "以", "与", "在"].iter().any(|word| text.ends_with(at, word));
            let ranged = matches!(text.at(mark + 1), '-' | '—' | '~' | '至');
            let led = ["到", "至", "力争", "力争到", "争取", "确保", "于", "在", "截至"]
                .iter()
                .any(|word| text.ends_with(at, word));
            let limited = ["底", "末", "前", "年底"].iter().any(|word| text.has(mark + 1, word));
            let opens =
                at == span.start || matches!(text.before(at), ',' | '。' | ';' | ':' | '(' | ' ' | '\n');
            if !ranged && (led || !compared && (limited || opens)) && !text.has(mark + 1, "以来") {
                return Some((Span::new(at, mark + 1), year));
            }
        }
        if text.at(at) == '五'
            && let Some((place, (_, to))) =
                plan_period(text, Span::new(at.saturating_sub(3).max(span.start), (at + 2).min(span.end)))
        {
            let close = if matches!(text.at(place.end), '”' | '"') { place.end + 1 } else { place.end };
            if text.has(close, "末") || text.has(close, "期末") || text.has(close, "时期末") {
                return Some((place, to));
            }
        }
    }
    None
}

/// What a change is measured against: `较2023年底`, `比2020年`, `在2022年基础上`.
pub(crate) fn baseline(text: &Text, span: Span) -> Option<(Span, i32)> {
    (span.start..span.end).find_map(|at| {
        let (after, year) = year_at(text, at)?;
        let mark = skip(text, after);
        if text.at(mark) != '年' {
            return None;
        }
        let mut start = at;
        while text.before(start) == ' ' {
            start -= 1;
        }
        let led = ["相较于", "相比于", "较之", "相较", "相比", "较", "比", "在", "以"]
            .iter()
            .find(|word| text.ends_with(start, word))?;
        let weak = matches!(*led, "在" | "以");
        let mut end = mark + 1;
        for word in ["年底", "底", "末", "基础上", "的基础上", "为基数", "为基期", "水平", "同期", "相比"]
        {
            if text.has(end, word) {
                end += word.chars().count();
            }
        }
        let grounded = ["基础上", "为基数", "为基期", "相比"].iter().any(|word| text.ends_with(end, word));
        (!weak || grounded).then(|| (Span::new(start - led.chars().count(), end), year))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn all(words: &str) -> (Text, Span) {
        (Text::new(&Document::from_text(words)), Span::new(0, words.chars().count()))
    }

    #[test]
    fn dates_are_read_in_figures_and_in_chinese() {
        let check = |words: &str| {
            let (text, _) = all(words);
            date_at(&text, 0).and_then(|date| date.iso(None))
        };
        assert_eq!(check("2024 年 7 月 10 日").unwrap(), "2024-07-10");
        assert_eq!(check("二〇二四年八月十四日").unwrap(), "2024-08-14");
        assert_eq!(check("2021年10月").unwrap(), "2021-10");
        assert_eq!(check("2024-08-14").unwrap(), "2024-08-14");
        assert_eq!(check("2024年第1期").unwrap(), "2024");
    }

    #[test]
    fn five_year_plans_have_years() {
        let (text, span) = all("“十四五”时期规划");
        assert_eq!(plan_period(&text, span).unwrap().1, (2021, 2025));
        assert_eq!(five_year_plan(13), Some((2016, 2020)));
        let (text, span) = all("一五一十");
        assert_eq!(plan_period(&text, span), None);
    }

    #[test]
    fn a_baseline_year_is_not_a_deadline() {
        let (text, span) = all("到2026年,占比较2023年底提升50%以上");
        assert_eq!(deadline(&text, span).unwrap().1, 2026);
        assert_eq!(baseline(&text, span).unwrap().1, 2023);
        let (text, span) = all("占比较2023年底提升");
        assert_eq!(deadline(&text, span), None);
    }

    #[test]
    fn a_range_of_years_is_a_period() {
        let (text, span) = all("行动计划(2024—2026年)");
        assert_eq!(year_range(&text, span).unwrap().1, (2024, 2026));
    }
}
