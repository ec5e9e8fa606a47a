//! Quantities: a number or a range with its unit and the bound the words after it set.
//!
//! `1.4万场` keeps its scale in the unit (1.4, 万场), as people quote it. `三成` is 30 %, `翻一番` is growth by
//! 100 %. Years, ordinals, codes, letters with figures (5G) and formulas (1+7+N) are not quantities.

use super::characters::Text;
use super::findings::{Op, Span, Value};
use super::lexicon;
use super::numerals::{self, number_at};

/// A quantity in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantity {
    /// The figures (both ends of a range).
    pub(crate) number: Span,
    /// Figures, unit and the bound after them.
    pub(crate) span: Span,
    pub(crate) value: Value,
    /// With scale; empty for none.
    pub(crate) unit: String,
    /// Tag of the unit in the word list.
    pub(crate) unit_kind: String,
    /// Bound set by the words after the number.
    pub(crate) bound_after: Option<Op>,
    pub(crate) chinese: bool,
}

/// Reads a comparator tag of a word list.
pub(crate) fn op_of_tag(tag: &str) -> Option<Op> {
    Some(match tag {
        ">=" => Op::AtLeast,
        ">" => Op::MoreThan,
        "<=" => Op::AtMost,
        "<" => Op::LessThan,
        "~" => Op::About,
        "=" => Op::Equal,
        "growth" | "fall" => Op::Growth,
        _ => return None,
    })
}

/// All quantities of `span`, from left to right.
pub(crate) fn quantities(text: &Text, span: Span) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = span.start;
    while at < span.end {
        if let Some(quantity) = quantity_at(text, at, span) {
            at = quantity.span.end.max(at + 1);
            found.push(quantity);
        } else if text.at(at).is_ascii_digit() {
            // Step over the whole figure, so that its tail is not read as a number of its own.
            while at < span.end && (text.at(at).is_ascii_digit() || text.at(at) == '.') {
                at += 1;
            }
        } else {
            at += 1;
        }
    }
    found
}

fn quantity_at(text: &Text, at: usize, span: Span) -> Option<Quantity> {
    let c = text.at(at);
    if text.has(at, "百分之") {
        let number = number_at(text, at + 3, span.end)?;
        return Some(finish(
            text,
            span,
            number.span,
            Value::One(number.value),
            "%".into(),
            "share",
            number.span.end,
            true,
        ));
    }
    if text.has(at, "翻一番") {
        let number = Span::new(at, at + 3);
        return Some(finish(text, span, number, Value::One(100.0), "%".into(), "doubling", at + 3, true));
    }
    if !c.is_ascii_digit() && numerals::chinese_digit(c).is_none() && c != '十' {
        return None;
    }
    let before = text.before(at);
    let forbidden =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '第' | '/' | '_' | '№' | '*' | '×');
    if span.start < at
        && (forbidden(before) || (before == '-' && text.before(at - 1).is_ascii_alphanumeric()))
    {
        return None;
    }
    let first = number_at(text, at, span.end)?;
    if first.chinese
        && span.start < at
        && (numerals::chinese_digit(before).is_some() || "十百千几数".contains(before))
    {
        return None;
    }
    let mut end = first.span.end;
    // A figure inside a code or formula: 1+7+N, 5G, 7×24.
    if matches!(text.at(end), '+' | '×' | '*' | '_')
        || (text.at(end).is_ascii_alphabetic() && unit_at(text, end, span.end).is_none())
    {
        return None;
    }
    if first.chinese
        && text.at(end) == '成'
        && !matches!(text.at(end + 1), '立' | '为' | '果' | '效' | '功' | '本' | '员')
    {
        let value = Value::One(first.value * 10.0);
        return Some(finish(text, span, first.span, value, "%".into(), "share", end + 1, true));
    }
    let mut value = Value::One(first.value);
    let mut number = first.span;
    // A range: 1-3, 5—10, 60%-70%, 3至5.
    let after_unit = unit_at(text, end, span.end).map_or(end, |unit| unit.0);
    for joint in [end, after_unit] {
        let mut next = joint;
        while matches!(text.at(next), '-' | '—' | '~' | '～' | '至' | '到')
            && next < span.end
            && next - joint < 2
        {
            next += 1;
        }
        if joint < next
            && let Some(second) = number_at(text, next, span.end)
            && second.chinese == first.chinese
            && first.value < second.value
            && !is_year(text, second.span)
        {
            value = Value::Range(first.value, second.value);
            number = Span::new(first.span.start, second.span.end);
            end = second.span.end;
            break;
        }
    }
    if is_year(text, number) || is_date_part(text, number, end) {
        return None;
    }
    // 余 and 多 between number and unit.
    let mut more = false;
    while matches!(text.at(end), '余' | '多' | ' ') && end < span.end {
        more |= text.at(end) != ' ';
        end += 1;
    }
    let (unit_end, unit, kind) = match unit_at(text, end, span.end) {
        Some((unit_end, unit, kind)) => (unit_end, unit, kind),
        // 50以上个: the bound may stand before the unit.
        None => match lexicon::bounds_after().starts(text, end, span.end) {
            Some((length, _)) => match unit_at(text, end + length, span.end) {
                Some((_, unit, kind)) => (end, unit, kind),
                None => (number.end, String::new(), String::new()),
            },
            None => (number.end, String::new(), String::new()),
        },
    };
    // 一键, 三合一: a bare Chinese numeral in a word counts nothing.
    if first.chinese && unit.is_empty() {
        return None;
    }
    let mut quantity = finish(text, span, number, value, unit, &kind, unit_end, first.chinese);
    if more && quantity.bound_after.is_none() {
        quantity.bound_after = Some(Op::MoreThan);
    }
    Some(quantity)
}

#[expect(clippy::too_many_arguments, reason = "the parts of a quantity, put together in one place")]
fn finish(
    text: &Text,
    span: Span,
    number: Span,
    value: Value,
    unit: String,
    kind: &str,
    end: usize,
    chinese: bool,
) -> Quantity {
    let mut end = end;
    let mut bound_after = None;
    if matches!(text.at(end), '多' | '余') && end < span.end {
        bound_after = Some(Op::MoreThan);
        end += 1;
    }
    let mut gap = end;
    while text.at(gap) == ' ' && gap < span.end {
        gap += 1;
    }
    if let Some((length, tag)) = lexicon::bounds_after().starts(text, gap, span.end) {
        bound_after = op_of_tag(tag);
        end = gap + length;
    }
    // 2小时内办结
    if bound_after.is_none()
        && kind == "time"
        && text.at(end) == '内'
        && ["小时", "分钟", "日", "天", "秒"].iter().any(|word| unit.ends_with(word))
    {
        bound_after = Some(Op::AtMost);
        end += 1;
    }
    Quantity {
        number,
        span: Span::new(number.start, end.max(number.end)),
        value,
        unit,
        unit_kind: kind.to_owned(),
        bound_after,
        chinese,
    }
}

/// The unit that starts at `at`, scale and quotient included: its end, itself, its kind.
fn unit_at(text: &Text, at: usize, limit: usize) -> Option<(usize, String, String)> {
    let mut end = at;
    while matches!(text.at(end), '十' | '百' | '千' | '万' | '亿') && end < limit && end - at < 3 {
        // 亿千瓦: the second character belongs to the unit.
        if lexicon::units().starts(text, end, limit).is_some_and(|(length, _)| 1 < length) {
            break;
        }
        end += 1;
    }
    let scale = Span::new(at, end);
    let Some((length, kind)) = lexicon::units().starts(text, end, limit) else {
        // 2324.7亿: money whose unit is understood.
        return (!scale.is_empty() && text.before(end) == '亿')
            .then(|| (end, "亿元".to_owned(), "measure".to_owned()))
            .or_else(|| (!scale.is_empty()).then(|| (end, text.quote(scale), "word".to_owned())));
    };
    let kind = kind.to_owned();
    end += length;
    let mut next = end;
    if text.at(next) == '/' || text.has(next, "每") {
        next += 1;
        while matches!(text.at(next), '百' | '千' | '万' | '亿') {
            next += 1;
        }
        if let Some((length, _)) = lexicon::units().starts(text, next, limit)
            && text.at(end) == '/'
        {
            end = next + length;
        }
    }
    Some((end, text.quote(Span::new(at, end)), kind))
}

/// Whether the number is a calendar year.
pub(crate) fn is_year(text: &Text, number: Span) -> bool {
    if number.len() < 4 {
        return false;
    }
    let first: String = text.folded(Span::new(number.start, number.start + 4)).iter().collect();
    let year = first.parse::<u32>().is_ok_and(|year| (1900..2100).contains(&year));
    let mut end = number.start + 4;
    while text.at(end) == ' ' {
        end += 1;
    }
    year && (text.at(end) == '年'
        || (matches!(text.at(end), '-' | '—' | '~' | '～' | '至' | '到') && number.start + 4 < number.end))
}

fn is_date_part(text: &Text, number: Span, end: usize) -> bool {
    let mut next = end;
    while text.at(next) == ' ' {
        next += 1;
    }
    match text.at(next) {
        '月' | '日' => !text.has(next, "月均"),
        '号' => true,
        '年' => false,
        '.' | ':' => text.at(next + 1).is_ascii_digit() && number.len() <= 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(words: &str) -> String {
        let text = Text::new(&Document::from_text(words));
        let all = quantities(&text, Span::new(0, words.chars().count()));
        let show = |q: &Quantity| {
            let value = match q.value {
                Value::None => "none".to_owned(),
                Value::One(value) => value.to_string(),
                Value::Range(low, high) => format!("{low}..{high}"),
            };
            format!(
                "{value} {}{}",
                q.unit,
                q.bound_after.map_or(String::new(), |op| format!(" {}", op.as_str()))
            )
        };
        all.iter().map(show).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn scale_belongs_to_the_unit() {
        assert_eq!(check("讲座1.4万场,听众153.4万人次"), "1.4 万场; 153.4 万人次");
        assert_eq!(check("总额2324.7亿,产出498亿元/平方公里"), "2324.7 亿元; 498 亿元/平方公里");
    }

    #[test]
    fn bounds_after_the_unit_are_read() {
        assert_eq!(check("100家以内、2家及以上、800左右、28以上"), "100 家 <=; 2 家 >=; 800  ~; 28  >=");
        assert_eq!(check("活动一千多次"), "1000 次 >");
        assert_eq!(check("超过500余家"), "500 家 >");
    }

    #[test]
    fn ranges_have_two_ends() {
        assert_eq!(check("每年5—10家"), "5..10 家");
        assert_eq!(check("60%-70%"), "60..70 %");
        assert_eq!(check("1-3"), "1..3 ");
    }

    #[test]
    fn codes_years_and_formulas_are_not_quantities() {
        assert_eq!(check("5G、1+7+N、IPv6、7×24小时、2021年—2025年、7月10日、第95次"), "");
    }

    #[test]
    fn tenths_and_doublings_are_percent() {
        assert_eq!(check("增长三成"), "30 %");
        assert_eq!(check("翻一番"), "100 %");
        assert_eq!(check("百分之五以上"), "5 % >=");
        assert_eq!(check("三成立"), "");
    }
}
