//! Clauses: which words name a number, and which bind it.
//!
//! The words before a number are read from its end backwards: comparators (不低于), baselines (较2023年底), rhythms (每年)
//! and starting values (由6家) come off one by one; what is left, without dates and adverbs, is the indicator. Where a
//! verb stands there instead (新增, 培育), what is counted follows the number.

use super::characters::Text;
use super::dates;
use super::findings::{Op, Span, Value};
use super::lexicon;
use super::quantities::{Quantity, op_of_tag};

/// How far from a number its clause is looked at: longer than clauses are, so that a text without marks stays quick.
pub(crate) const REACH: usize = 240;

/// Marks that end a clause.
pub(crate) fn ends_clause(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '。' | '!' | '?' | '\n' | '|')
}

/// What the words before and after a quantity say about it.
pub(crate) struct Reading {
    pub(crate) name: Span,
    /// Verb that governs the number directly.
    pub(crate) verb: Option<Span>,
    pub(crate) op: Op,
    pub(crate) bound: Option<Op>,
    pub(crate) explicit: bool,
    pub(crate) growth: bool,
    pub(crate) baseline: Option<(Span, i32)>,
    pub(crate) frequency: Option<Span>,
    /// Value it starts from, where the words say so.
    pub(crate) start_value: Option<Value>,
    /// First character of comparator and value together.
    pub(crate) start: usize,
}

/// Where the words that name the quantity begin.
pub(crate) fn clause_start(text: &Text, from: usize, number: usize) -> usize {
    let from = from.max(number.saturating_sub(REACH));
    let mut start = number;
    let mut depth = 0_i32;
    while from < start {
        let c = text.before(start);
        match c {
            ')' => depth += 1,
            '(' if depth == 0 => break,
            '(' => depth -= 1,
            _ if depth <= 0 && ends_clause(c) => break,
            _ => {}
        }
        start -= 1;
    }
    // After another quantity in the same clause, a joint does not belong to the name.
    while matches!(text.at(start), '、' | ',' | ' ' | '和' | '及' | '与' | ')') && start < number {
        start += 1;
    }
    start
}

/// Where the words about the quantity end.
pub(crate) fn clause_end(text: &Text, from: usize, limit: usize, next: Option<&Quantity>) -> usize {
    let limit = limit.min(from + REACH);
    let stop = (from..limit)
        .find(|&at| {
            ends_clause(text.at(at))
                || text.at(at) == ')' && text.find_mark(Span::new(from, at), &['(']).is_none()
        })
        .unwrap_or(limit);
    match next {
        Some(next) if next.number.start < stop => {
            // The object ends before the words that name the next quantity.
            let gap = Span::new(from, next.number.start);
            (gap.start..gap.end).rev().find(|&at| text.at(at) == '、').unwrap_or(gap.start)
        }
        _ => stop,
    }
}

/// 年收入10亿元以上企业20家: the first quantity only describes what the second counts.
pub(crate) fn is_attribute(
    text: &Text,
    quantity: &Quantity,
    clause_end: usize,
    next: Option<&Quantity>,
) -> bool {
    let after = quantity.span.end;
    // 设立总规模20亿元的基金: the size is the commitment.
    let near = Span::new(quantity.number.start.saturating_sub(10), quantity.number.start);
    let sized = quantity.unit.contains('元')
        && text.contains_any(near, &["规模", "设立", "安排", "总额"])
        && text.contains_any(Span::new(after, after + 20), &["基金", "资金"]);
    if text.at(after) == '的' && sized {
        return false;
    }
    // 由3名以上专家组成的专班
    let made_of = text.before(quantity.number.start) == '由'
        && text.contains_any(Span::new(after, (after + 14).min(clause_end)), &["的"]);
    // 十亿级企业
    let class = quantity.unit.ends_with('级') && 1 < quantity.unit.chars().count();
    if made_of || class || text.at(after) == '的' || text.at(after) == '级' && quantity.unit_kind != "share"
    {
        return true;
    }
    let Some(next) = next else { return false };
    if clause_end != after {
        return false;
    }
    let gap = Span::new(after, next.number.start);
    let joint = matches!(
        text.at(after),
        '、' | ',' | ';' | ':' | '(' | ')' | '和' | '及' | '与' | '/' | ' ' | '。' | '|'
    ) || text.has(after, "以及")
        || text.has(after, "其中");
    !gap.is_empty()
        && !joint
        && !(gap.start..gap.end).any(|at| ends_clause(text.at(at)))
        && quantity.bound_after.is_some()
}

/// Whether the number stands in quotation or title marks.
pub(crate) fn quoted(text: &Text, sentence: Span, number: Span) -> bool {
    let mut depth = 0_i32;
    for at in sentence.start.max(number.start.saturating_sub(REACH))..number.start {
        match text.at(at) {
            '“' | '《' | '「' => depth += 1,
            '”' | '》' | '」' => depth = (depth - 1).max(0),
            _ => {}
        }
    }
    0 < depth
}

pub(crate) fn read(text: &Text, clause: Span, quantity: &Quantity, from: Option<&Quantity>) -> Reading {
    let mut end = quantity.number.start;
    if text.ends_with(end, "百分之") {
        end -= 3;
    }
    let mut reading = Reading {
        name: Span::new(end, end),
        verb: None,
        op: Op::Equal,
        bound: quantity.bound_after,
        explicit: quantity.bound_after.is_some() || quantity.unit_kind == "doubling",
        growth: quantity.unit_kind == "doubling",
        baseline: None,
        frequency: None,
        start_value: None,
        start: end,
    };
    let share = matches!(quantity.unit_kind.as_str(), "share" | "doubling") || quantity.unit == "倍";
    // Peel comparators, baselines and rhythms off the end of the words before the number.
    let mut peeled = 0;
    loop {
        while text.before(end) == ' ' && clause.start < end {
            end -= 1;
        }
        peeled += 1;
        if 6 < peeled {
            break;
        }
        if let Some((place, year)) = baseline_before(text, clause.start, end) {
            reading.baseline = Some((place, year));
            reading.start = place.start;
            end = place.start;
            continue;
        }
        if let Some(from) = from
            && from.span.end == end
        {
            // 由6家: where it stands now.
            end = from.number.start - 1;
            if matches!(from.value, Value::One(_)) {
                reading.start_value = Some(from.value);
            }
            reading.start = end;
            continue;
        }
        if let Some(length) = within_years(text, end, clause.start) {
            end -= length;
            continue;
        }
        if let Some(word) = ["每年", "年均", "每季度", "每月", "逐年", "年均达", "每年度"]
            .iter()
            .find(|word| text.ends_with(end, word))
        {
            let place = Span::new(end - word.chars().count(), end);
            reading.frequency = Some(place);
            reading.start = place.start;
            end = place.start;
            continue;
        }
        if let Some((length, tag)) = lexicon::comparators().ends(text, end, clause.start) {
            let op = op_of_tag(tag).unwrap_or(Op::Equal);
            let weak = tag == "=";
            if op == Op::Growth && !share {
                // 增加100家 counts things; 增长 by an amount is still growth of the indicator before it.
                break;
            }
            if weak
                && reading.bound.is_none()
                && !reading.explicit
                && text.before(end) == '为'
                && "分作".contains(text.before(end - 1))
            {
                break;
            }
            if op == Op::Growth {
                reading.growth = true;
                reading.explicit = true;
            } else {
                if reading.bound.is_none() || weak {
                    reading.bound = reading.bound.or(Some(op));
                }
                reading.explicit |= !weak;
            }
            end -= length;
            reading.start = end;
            continue;
        }
        if text.ends_with(end, "了")
            || text.ends_with(end, "力争")
            || text.ends_with(end, "将")
            || text.ends_with(end, "确保")
            || text.ends_with(end, "全部")
            || text.ends_with(end, "均")
        {
            let word =
                if text.ends_with(end, "力争") || text.ends_with(end, "确保") || text.ends_with(end, "全部")
                {
                    2
                } else {
                    1
                };
            end -= word;
            continue;
        }
        break;
    }
    reading.op = if reading.growth { Op::Growth } else { reading.bound.unwrap_or(Op::Equal) };
    if matches!(quantity.value, Value::Range(..)) && !reading.growth {
        reading.op = Op::Range;
    }
    let subject = clean(text, Span::new(clause.start, end));
    let object = clean_object(text, Span::new(quantity.span.end, clause.end));
    let verb =
        lexicon::commitments().ends(text, end, clause.start).map(|(length, _)| Span::new(end - length, end));
    let bare = verb.is_some_and(|verb| clean(text, Span::new(clause.start, verb.start)).is_empty());
    reading.verb = verb.or_else(|| {
        // 新增高新技术企业100家: the verb opens the clause.
        lexicon::commitments()
            .starts(text, subject.start, subject.end)
            .map(|(length, _)| Span::new(subject.start, subject.start + length))
    });
    let mut subject = subject;
    if reading.verb.is_none() && !reading.explicit && quantity.unit_kind == "word" && object.is_empty() {
        // 在路口安装监测设备150套: the verb stands inside, its object is counted.
        let inner = (subject.start + 1..subject.end.saturating_sub(2)).rev().find_map(|at| {
            lexicon::commitments()
                .starts(text, at, subject.end)
                .filter(|(length, _)| 2 <= *length && at + length + 2 <= subject.end)
                .map(|(length, _)| Span::new(at, at + length))
        });
        if let Some(inner) = inner {
            let fresh = matches!(text.at(inner.start), '新' | '增');
            // 服务企业2000家次: the object alone would name nothing.
            let short = subject.end - inner.end <= 2;
            subject =
                clean(text, Span::new(if fresh || short { inner.start } else { inner.end }, subject.end));
            reading.verb = Some(inner);
        }
    }
    let counted = verb.is_some() && 2 <= object.len();
    reading.name = match (counted, verb) {
        (true, Some(verb)) => {
            // 新增 belongs to the name: the stock and what is added are different indicators.
            let fresh = matches!(text.at(verb.start), '新' | '增');
            if fresh && bare { Span::new(verb.start, object.end) } else { object }
        }
        _ if text.at(quantity.span.end) == '的' && 2 <= object.len() => object,
        _ if subject.len() <= 2 && subject.len() < object.len() && 2 <= object.len() => object,
        _ => subject,
    };
    reading
}

/// 由6家扩大到20家, 从35%提高到55%: the first number is where things stand.
pub(crate) fn is_starting_point(text: &Text, quantity: &Quantity, next: &Quantity) -> bool {
    let gap = Span::new(quantity.span.end, next.number.start);
    matches!(text.before(quantity.number.start), '由' | '从')
        && gap.len() <= 10
        && !(gap.start..gap.end).any(|at| matches!(text.at(at), ';' | '。'))
        && (text.ends_with(gap.end, "到") || text.ends_with(gap.end, "至") || text.ends_with(gap.end, "为"))
}

/// Length of `三年内`, `年内`, `2年内` before `end`.
pub(crate) fn within_years(text: &Text, end: usize, from: usize) -> Option<usize> {
    let word = ["年内", "年底前", "年底", "月底前"].iter().find(|word| text.ends_with(end, word))?;
    let mut start = end - word.chars().count();
    while from < start
        && (text.before(start).is_ascii_digit() || "一二三四五六七八九十两".contains(text.before(start)))
    {
        start -= 1;
    }
    Some(end - start)
}

/// A baseline phrase that ends at `end`.
pub(crate) fn baseline_before(text: &Text, from: usize, end: usize) -> Option<(Span, i32)> {
    let window = Span::new(end.saturating_sub(14).max(from), end);
    dates::baseline(text, window).filter(|(place, _)| {
        let rest = text.trim(Span::new(place.end, end));
        rest.is_empty() || text.has(rest.start, "相比") && rest.len() == 2
    })
}

/// The name of an indicator without dates, adverbs and joints around it.
pub(crate) fn clean(text: &Text, span: Span) -> Span {
    let mut span =
        text.trim_with(span, |c| c.is_whitespace() || matches!(c, '、' | ',' | ';' | ':' | '—' | '·'));
    loop {
        let before = span;
        if let Some(date) = leading_date(text, span) {
            span.start = date;
        } else if let Some((length, _)) = lexicon::lead_ins().starts(text, span.start, span.end) {
            let cut = span.start + length;
            // 到位率 and 将军 begin with what looks like an adverb.
            let single = length == 1
                && matches!(
                    text.at(span.start),
                    '已' | '现'
                        | '在'
                        | '对'
                        | '把'
                        | '需'
                        | '底'
                        | '时'
                        | '末'
                        | '前'
                        | '由'
                        | '应'
                        | '要'
                        | '以'
                        | '和'
                        | '及'
                        | '或'
                        | '并'
                        | '且'
                        | '即'
                        | '共'
                        | '届'
                        | '则'
                        | '均'
                        | '都'
                        | '也'
                        | '还'
                        | '又'
                        | '再'
                        | '仍'
                        | '须'
                        | '至'
                        | '到'
                        | '将'
                        | '使'
                );
            if length != 1 || single && !matches!(text.at(cut), '位' | '达' | '业') {
                span.start = cut;
            }
        }
        span = text.trim_with(span, |c| c.is_whitespace() || matches!(c, '、' | ',' | ';' | ':' | '—' | '·'));
        if before == span {
            break;
        }
    }
    // (一) or 1. at the head of a line.
    if let Some(label) = super::labels::label(text, span)
        && label.rest < span.end
    {
        span.start = label.rest;
    }
    while span.start < span.end
        && matches!(
            text.before(span.end),
            '将' | '已' | '要' | '均' | '都' | '的' | '总' | '在' | '于' | '各' | '由' | '从'
        )
    {
        span.end -= 1;
    }
    // Longer than any name: what precedes the last 使 or 推动 is an action of its own.
    if 34 < span.len() {
        for word in ["推动", "促进", "带动", "实现", "力争", "确保", "使"] {
            if let Some(at) = text.rfind(span, word)
                && at + word.chars().count() + 2 < span.end
            {
                return text.trim(Span::new(at + word.chars().count(), span.end));
            }
        }
    }
    span
}

pub(crate) fn leading_date(text: &Text, span: Span) -> Option<usize> {
    let mut at = span.start;
    for lead in ["到", "至", "在", "力争到", "于", "截至"] {
        if text.has(at, lead)
            && (dates::year_at(text, at + lead.chars().count()).is_some()
                || text.at(at + lead.chars().count()) == '“')
        {
            at += lead.chars().count();
            break;
        }
    }
    if let Some((mut end, _)) = dates::year_at(text, at) {
        while matches!(text.at(end), ' ' | '-' | '—' | '~' | '至') || text.at(end).is_ascii_digit() {
            end += 1;
        }
        if text.at(end) == '年' {
            end += 1;
            for tail in ["底前", "年底", "末前", "底", "末", "前", "期间", "以前", "之前", "起", "内"]
            {
                if text.has(end, tail) {
                    end += tail.chars().count();
                    break;
                }
            }
            return (end <= span.end).then_some(end);
        }
    }
    let (place, _) = dates::plan_period(text, Span::new(at, span.end.min(at + 6)))?;
    if at + 1 < place.start {
        return None;
    }
    let mut end = place.end;
    if matches!(text.at(end), '”' | '"') {
        end += 1;
    }
    for tail in ["规划期末", "时期末", "期末", "时期", "期间", "规划期", "末"] {
        if text.has(end, tail) {
            end += tail.chars().count();
            break;
        }
    }
    (end <= span.end).then_some(end)
}

/// What is counted, behind the number: up to the end of its clause.
pub(crate) fn clean_object(text: &Text, span: Span) -> Span {
    let mut span = text.trim_with(span, |c| c.is_whitespace() || matches!(c, '、' | ',' | '。'));
    if text.at(span.start) == '的' {
        span.start = (span.start + 1).min(span.end);
    }
    if span.is_empty() || matches!(text.at(span.start), '(' | ')' | '、' | '和' | '及' | '并') {
        return Span::new(span.start, span.start);
    }
    // 5家企业,并 … and 5家企业和一批机构: the object ends at a new verb.
    let mut end = span.end;
    for word in ["并且", "并", "(", "以及", "等"] {
        if let Some(at) = text.find(Span::new(span.start, end), word)
            && span.start + 2 <= at
        {
            end = at;
        }
    }
    text.trim(Span::new(span.start, end))
}
