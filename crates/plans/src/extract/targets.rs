//! Quantified commitments in prose, and the figures of the past that look like them.
//!
//! A number in a plan is a target only if something in its clause commits to it: a comparator (不低于), a deadline
//! (到2025年), a rhythm (每年), or a verb that brings about so many of something (培育100家). Each sign adds to a score;
//! what speaks of the past, of rates of aid, of conditions or of names ("15分钟生活圈") takes away from it. What is left
//! decides whether the number is reported, and how sure we are.

use super::characters::Text;
use super::confidence;
use super::dates;
use super::findings::{Alternative, Baseline, Evidence, Op, Span, Target, Value};
use super::lexicon;
use super::quantities::{Quantity, op_of_tag, quantities};
use super::sections::Kind;

/// What is known about a paragraph before it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    pub(crate) kind: Kind,
    /// Deadline that the section or table sets.
    pub(crate) deadline: Option<i32>,
}

/// A number with a name, not yet judged further.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) target: Target,
    /// A result of the period that is over.
    pub(crate) past: bool,
}

/// Score from which a number counts as a commitment.
const COMMITTED: f64 = 1.5;

/// Marks that end a clause.
fn ends_clause(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '。' | '!' | '?' | '\n' | '|')
}

/// Reads one paragraph (or table cell).
pub(crate) fn paragraph(text: &Text, span: Span, context: Context) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut due = context.deadline;
    for sentence in text.sentences(span) {
        let stated = dates::deadline(text, sentence);
        due = stated.map(|(_, year)| year).or(due);
        let before = found.len();
        read_sentence(text, sentence, context, due, stated.is_some(), &mut found);
        if let Some(level) = average_level(text, sentence, context, due) {
            found.push(level);
        }
        // 翻一番 and the like share their name with the number before.
        for index in before..found.len() {
            if let Some(next) = found.get(index)
                && next.target.name.is_empty()
            {
                let name = index.checked_sub(1).filter(|&above| before <= above).and_then(|above| found.get(above)).map(|f| (f.target.name.clone(), f.target.name_span));
                if let (Some((name, place)), Some(slot)) = (name, found.get_mut(index)) {
                    slot.target.name = name;
                    slot.target.name_span = place;
                }
            }
        }
    }
    found.retain(|found| 2 <= found.target.name.chars().count());
    found
}

/// What the words before and after a quantity say about it.
struct Reading {
    name: Span,
    /// Verb that governs the number directly.
    verb: Option<Span>,
    op: Op,
    bound: Option<Op>,
    explicit: bool,
    growth: bool,
    baseline: Option<(Span, i32)>,
    frequency: Option<Span>,
    /// Value it starts from, where the words say so.
    start_value: Option<Value>,
    /// First character of comparator and value together.
    start: usize,
}

fn read_sentence(text: &Text, sentence: Span, context: Context, due: Option<i32>, dated: bool, found: &mut Vec<Found>) {
    let all = quantities(text, sentence);
    let mut left = sentence.start;
    // End of the last number that a verb or comparator committed to: 新增A5家、B10家 share one verb.
    let mut committed_to = None;
    for (index, quantity) in all.iter().enumerate() {
        let next = all.get(index + 1);
        if let Some(next) = next
            && is_starting_point(text, quantity, next)
        {
            continue;
        }
        let start_value = index.checked_sub(1).and_then(|above| all.get(above)).filter(|above| is_starting_point(text, above, quantity));
        let clause_start = clause_start(text, left.max(sentence.start), quantity.number.start);
        let clause_end = clause_end(text, quantity.span.end, sentence.end, next);
        if is_attribute(text, quantity, clause_end, next) {
            continue;
        }
        let listed = committed_to.is_some_and(|end| {
            let gap = Span::new(end, quantity.number.start);
            gap.len() <= 24
                && (text.find_mark(gap, &['、']).is_some() && !(gap.start..gap.end).any(|at| ends_clause(text.at(at))) || text.contains(gap, "其中"))
        });
        // 三年内 is no neighbour in a list: the words before it still name what follows.
        if quantity.unit_kind != "time" {
            left = quantity.span.end;
        }
        if quoted(text, sentence, quantity.number) {
            continue;
        }
        let clause = Span::new(clause_start, clause_end);
        let reading = read(text, clause, quantity, start_value);
        let past = is_past(text, sentence, clause, context.kind, quantity);
        let score = score(text, sentence, clause, quantity, &reading, context, due.is_some(), dated, past)
            + if listed && reading.verb.is_none() && !reading.explicit { 3.0 } else { 0.0 };
        let past = past && !matches!(context.kind, Kind::Goals) || context.kind == Kind::Recap;
        // 是上一时期的3.2倍 compares and measures nothing of its own.
        if past && quantity.unit == "倍" {
            continue;
        }
        if past && !matches!(quantity.unit_kind.as_str(), "share" | "measure" | "word" | "doubling") {
            continue;
        }
        if !past && score < COMMITTED || quantity.unit.is_empty() && !reading.explicit {
            continue;
        }
        committed_to = Some(quantity.span.end);
        let target = build(text, clause, quantity, &reading, if past { None } else { due }, confidence::of_target(score, reading.explicit, dated, context.kind));
        found.push(Found { target, past });
    }
}

/// Where the words that name the quantity begin.
fn clause_start(text: &Text, from: usize, number: usize) -> usize {
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
fn clause_end(text: &Text, from: usize, limit: usize, next: Option<&Quantity>) -> usize {
    let stop = (from..limit).find(|&at| ends_clause(text.at(at)) || text.at(at) == ')' && text.find_mark(Span::new(from, at), &['(']).is_none()).unwrap_or(limit);
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
fn is_attribute(text: &Text, quantity: &Quantity, clause_end: usize, next: Option<&Quantity>) -> bool {
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
    let made_of = text.before(quantity.number.start) == '由' && text.contains_any(Span::new(after, (after + 14).min(clause_end)), &["的"]);
    if made_of || text.at(after) == '的' || text.at(after) == '级' && quantity.unit_kind != "share" {
        return true;
    }
    let Some(next) = next else { return false };
    if clause_end != after {
        return false;
    }
    let gap = Span::new(after, next.number.start);
    let joint = matches!(text.at(after), '、' | ',' | ';' | ':' | '(' | ')' | '和' | '及' | '与' | '/' | ' ' | '。' | '|') || text.has(after, "以及") || text.has(after, "其中");
    !gap.is_empty() && !joint && !(gap.start..gap.end).any(|at| ends_clause(text.at(at))) && quantity.bound_after.is_some()
}

/// Whether the number stands in quotation or title marks.
fn quoted(text: &Text, sentence: Span, number: Span) -> bool {
    let mut depth = 0_i32;
    for at in sentence.start..number.start {
        match text.at(at) {
            '“' | '《' | '「' => depth += 1,
            '”' | '》' | '」' => depth = (depth - 1).max(0),
            _ => {}
        }
    }
    0 < depth
}

fn read(text: &Text, clause: Span, quantity: &Quantity, from: Option<&Quantity>) -> Reading {
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
        if let Some(word) = ["每年", "年均", "每季度", "每月", "逐年", "年均达", "每年度"].iter().find(|word| text.ends_with(end, word)) {
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
            if weak && reading.bound.is_none() && !reading.explicit && text.before(end) == '为' && "分作".contains(text.before(end - 1)) {
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
        if text.ends_with(end, "了") || text.ends_with(end, "力争") || text.ends_with(end, "将") || text.ends_with(end, "确保") || text.ends_with(end, "全部") || text.ends_with(end, "均") {
            let word = if text.ends_with(end, "力争") || text.ends_with(end, "确保") || text.ends_with(end, "全部") { 2 } else { 1 };
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
    let verb = lexicon::commitments().ends(text, end, clause.start).map(|(length, _)| Span::new(end - length, end));
    let bare = verb.is_some_and(|verb| clean(text, Span::new(clause.start, verb.start)).is_empty());
    reading.verb = verb.or_else(|| {
        // 新增高新技术企业100家: the verb opens the clause.
        lexicon::commitments().starts(text, subject.start, subject.end).map(|(length, _)| Span::new(subject.start, subject.start + length))
    });
    let mut subject = subject;
    if reading.verb.is_none() && !reading.explicit && quantity.unit_kind == "word" && object.is_empty() {
        // 在路口安装监测设备150套: the verb stands inside, its object is counted.
        let inner = (subject.start + 1..subject.end.saturating_sub(2)).rev().find_map(|at| {
            lexicon::commitments().starts(text, at, subject.end).filter(|(length, _)| 2 <= *length && at + length + 2 <= subject.end).map(|(length, _)| Span::new(at, at + length))
        });
        if let Some(inner) = inner {
            let fresh = matches!(text.at(inner.start), '新' | '增');
            // 服务企业2000家次: the object alone would name nothing.
            let short = subject.end - inner.end <= 2;
            subject = clean(text, Span::new(if fresh || short { inner.start } else { inner.end }, subject.end));
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
fn is_starting_point(text: &Text, quantity: &Quantity, next: &Quantity) -> bool {
    let gap = Span::new(quantity.span.end, next.number.start);
    matches!(text.before(quantity.number.start), '由' | '从')
        && gap.len() <= 10
        && !(gap.start..gap.end).any(|at| matches!(text.at(at), ';' | '。'))
        && (text.ends_with(gap.end, "到") || text.ends_with(gap.end, "至") || text.ends_with(gap.end, "为"))
}

/// Length of `三年内`, `年内`, `2年内` before `end`.
fn within_years(text: &Text, end: usize, from: usize) -> Option<usize> {
    let word = ["年内", "年底前", "年底", "月底前"].iter().find(|word| text.ends_with(end, word))?;
    let mut start = end - word.chars().count();
    while from < start && (text.before(start).is_ascii_digit() || "一二三四五六七八九十两".contains(text.before(start))) {
        start -= 1;
    }
    Some(end - start)
}

/// A baseline phrase that ends at `end`.
fn baseline_before(text: &Text, from: usize, end: usize) -> Option<(Span, i32)> {
    let window = Span::new(end.saturating_sub(14).max(from), end);
    dates::baseline(text, window).filter(|(place, _)| {
        let rest = text.trim(Span::new(place.end, end));
        rest.is_empty() || text.has(rest.start, "相比") && rest.len() == 2
    })
}

/// The name of an indicator without dates, adverbs and joints around it.
pub(crate) fn clean(text: &Text, span: Span) -> Span {
    let mut span = text.trim_with(span, |c| c.is_whitespace() || matches!(c, '、' | ',' | ';' | ':' | '—' | '·'));
    loop {
        let before = span;
        if let Some(date) = leading_date(text, span) {
            span.start = date;
        } else if let Some((length, _)) = lexicon::lead_ins().starts(text, span.start, span.end) {
            let cut = span.start + length;
            // 到位率 and 将军 begin with what looks like an adverb.
            let single = length == 1 && matches!(text.at(span.start), '已' | '现' | '在' | '对' | '把' | '需' | '底' | '时' | '末' | '前' | '由' | '应' | '要' | '以' | '和' | '及' | '或' | '并' | '且' | '即' | '共' | '届' | '则' | '均' | '都' | '也' | '还' | '又' | '再' | '仍' | '须' | '至' | '到' | '将' | '使');
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
    while span.start < span.end && matches!(text.before(span.end), '将' | '已' | '要' | '均' | '都' | '的' | '总' | '在' | '于' | '各' | '由' | '从') {
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

fn leading_date(text: &Text, span: Span) -> Option<usize> {
    let mut at = span.start;
    for lead in ["到", "至", "在", "力争到", "于", "截至"] {
        if text.has(at, lead) && (dates::year_at(text, at + lead.chars().count()).is_some() || text.at(at + lead.chars().count()) == '“') {
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
            for tail in ["底前", "年底", "末前", "底", "末", "前", "期间", "以前", "之前", "起", "内"] {
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
fn clean_object(text: &Text, span: Span) -> Span {
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

fn is_past(text: &Text, sentence: Span, clause: Span, kind: Kind, quantity: &Quantity) -> bool {
    if kind == Kind::Recap {
        return true;
    }
    if kind == Kind::Glossary {
        return false;
    }
    let near = Span::new(clause.start.max(quantity.number.start.saturating_sub(24)), quantity.number.start);
    kind == Kind::Situation || lexicon::past().within(text, near) || text.contains_any(sentence, &["近年来", "五年来", "三年来", "以来"])
}

#[expect(clippy::too_many_arguments, reason = "every sign that speaks for or against is a parameter of one judgement")]
fn score(text: &Text, sentence: Span, clause: Span, quantity: &Quantity, reading: &Reading, context: Context, due: bool, dated: bool, past: bool) -> f64 {
    let mut score = 0.0;
    let mut add = |sign: bool, weight: f64| {
        if sign {
            score += weight;
        }
    };
    let before = Span::new(clause.start, quantity.number.start);
    let near = Span::new(clause.start, clause.end.max(quantity.span.end));
    add(dated, 1.5);
    add(!dated && due, 1.0);
    add(reading.frequency.is_some(), 1.5);
    add(reading.explicit, 1.5);
    add(reading.growth, 0.5);
    add(reading.verb.is_some(), 1.5);
    add(matches!(quantity.value, Value::Range(..)), 0.5);
    add(context.kind == Kind::Goals, 1.0);
    add(text.contains_any(Span::new(sentence.start, quantity.number.start), &["力争", "确保", "争取", "目标", "不断提升"]), 0.5);
    add(matches!(quantity.unit_kind.as_str(), "share" | "measure") && !reading.name.is_empty(), 0.5);
    let rate = ["率", "比重", "比例", "占比", "满意度"].iter().any(|word| text.ends_with(reading.name.end, word));
    add(rate && quantity.unit_kind == "share" && !reading.explicit, 2.0);
    add(quantity.unit.is_empty(), -1.5);
    let limit = matches!(reading.bound, Some(Op::AtMost | Op::LessThan)) || reading.growth;
    let served = ["小时", "分钟", "工作日", "天", "秒", "日"].iter().any(|unit| quantity.unit.ends_with(unit));
    add(quantity.unit_kind == "time", if limit && served { 0.0 } else { -3.5 });
    add(["规模", "总额", "总投资"].iter().any(|word| text.ends_with(reading.name.end, word)), 2.5);
    add(quantity.unit_kind == "rank" && reading.verb.is_none(), -3.0);
    // 两个, 五大, 三类 count rhetorically.
    let small = matches!(quantity.value, Value::One(value) if value < 10.0);
    add(quantity.chinese && small && quantity.unit_kind != "share", -3.5);
    add(quantity.chinese && quantity.unit_kind == "word" && !small, -0.5);
    add(past, -4.0);
    // 给予最高100万元奖励 is aid; 奖励比例不低于70% is a commitment.
    add(lexicon::not_targets().within(text, near) && (quantity.unit.contains('元') || !reading.explicit), -3.5);
    add(text.ends_with(quantity.number.start, "前") || text.ends_with(quantity.number.start, "最高"), -3.0);
    add(text.contains_any(before, &["第"]) && text.ends_with(quantity.number.start, "第"), -4.0);
    add(reading.verb.is_none() && !reading.explicit, -1.5);
    add(reading.name.is_empty(), -0.5);
    add(30 < reading.name.len(), -0.5);
    add(matches!(context.kind, Kind::Front | Kind::Situation), -2.0);
    add(context.kind == Kind::Guidance && !dated && !due, -2.0);
    add(context.kind == Kind::Glossary, -10.0);
    score
}

fn build(text: &Text, clause: Span, quantity: &Quantity, reading: &Reading, deadline: Option<i32>, confidence: f64) -> Target {
    let start = reading.start.min(quantity.number.start);
    let op_span = text.trim(Span::new(start, quantity.span.end));
    let mut name = text.quote(reading.name);
    // The verb and what stands behind the number are one name with a gap where the number was.
    if let Some(verb) = reading.verb
        && reading.name.start == verb.start
        && quantity.number.start < reading.name.end
    {
        name = text.quote(verb) + &text.quote(clean_object(text, Span::new(quantity.span.end, reading.name.end)));
    }
    let whole_start = reading.name.start.min(start);
    let whole_end = quantity.span.end.max(reading.name.end).min(clause.end.max(quantity.span.end));
    let evidence = text.evidence(Span::new(whole_start, whole_end), confidence);
    let unit = (!quantity.unit.is_empty()).then(|| quantity.unit.clone());
    Target {
        alternatives: alternatives(&name, unit.as_deref(), reading.growth),
        name,
        name_span: reading.name,
        op: reading.op,
        op_bound: (reading.op == Op::Growth).then_some(reading.bound).flatten(),
        op_text: text.quote(op_span),
        value: quantity.value,
        value_span: quantity.number,
        unit,
        deadline,
        baseline: match (reading.baseline, reading.start_value) {
            (None, None) => None,
            (year, value) => Some(Baseline {
                year: year.map(|(_, year)| year),
                value: value.and_then(|value| if let Value::One(value) = value { Some(value) } else { None }),
            }),
        },
        kind: None,
        frequency: reading.frequency.map(|span| text.quote(span)),
        is_growth: reading.growth,
        also_lines: Vec::new(),
        period: None,
        evidence: Evidence { line: text.line_at(quantity.number.start), ..evidence },
    }
}

/// A share that grows by so many percent may grow by so many points: the words do not say, so both stay open.
pub(crate) fn alternatives(name: &str, unit: Option<&str>, growth: bool) -> Vec<Alternative> {
    let share = ["比重", "占比", "比例", "率", "份额", "覆盖面"].iter().any(|word| name.contains(word));
    if growth && share && unit.is_some_and(|unit| unit == "%" || unit == "％") {
        return vec![
            Alternative { unit: "%".into(), reading: "relative_growth" },
            Alternative { unit: "百分点".into(), reading: "percentage_points" },
        ];
    }
    Vec::new()
}

/// 确保经费占比在全市平均水平以上: a bound that is another district's figure.
fn average_level(text: &Text, sentence: Span, context: Context, due: Option<i32>) -> Option<Found> {
    if !matches!(context.kind, Kind::Goals | Kind::Tasks | Kind::Guarantee) {
        return None;
    }
    let at = text.find(sentence, "平均水平")?;
    let end = at + 4;
    let start = clause_start(text, sentence.start, at);
    let level_start = (start..at).rev().find(|&from| ["全市", "全国", "全区", "全省", "首都", "市级", "同类"].iter().any(|word| text.has(from, word)))?;
    let head = Span::new(start, level_start);
    let (op, name_end) = if text.has(end, "以上") && text.ends_with(level_start, "在") {
        (Op::AtLeast, level_start - 1)
    } else {
        let (length, tag) = lexicon::comparators().ends(text, level_start, start)?;
        let op = op_of_tag(tag).filter(|op| matches!(op, Op::AtLeast | Op::MoreThan | Op::AtMost | Op::LessThan))?;
        (op, level_start - length)
    };
    let name = clean(text, Span::new(head.start, name_end));
    if name.len() < 2 || text.contains_any(sentence, &["已", "目前"]) {
        return None;
    }
    let close = if text.has(end, "以上") { end + 2 } else { end };
    let unit = Span::new(level_start, end);
    let target = Target {
        name: text.quote(name),
        name_span: name,
        op,
        op_bound: None,
        op_text: text.quote(Span::new(name_end, close)),
        value: Value::None,
        value_span: unit,
        unit: Some(text.quote(unit)),
        deadline: due,
        baseline: None,
        kind: None,
        frequency: None,
        is_growth: false,
        alternatives: Vec::new(),
        also_lines: Vec::new(),
        period: None,
        evidence: text.evidence(Span::new(name.start, close), 0.75),
    };
    Some(Found { target, past: false })
}

/// Commitments whose number is only implied: 全覆盖, 千亿级.
pub(crate) fn implied(text: &Text, span: Span) -> Vec<Target> {
    let mut found = Vec::new();
    for sentence in text.sentences(span) {
        for (word, value, unit, op) in [("全覆盖", 100.0, "%", Op::Equal), ("千亿级", 1000.0, "亿元", Op::About), ("百亿级", 100.0, "亿元", Op::About)] {
            let Some(at) = text.find(sentence, word) else { continue };
            let end = at + word.chars().count();
            let start = clause_start(text, sentence.start, at);
            let name = if unit == "%" { clean(text, Span::new(start, at)) } else { Span::new(at, clause_end(text, end, sentence.end, None)) };
            if name.len() < 2 {
                continue;
            }
            found.push(Target {
                name: text.quote(name),
                name_span: name,
                op,
                op_bound: None,
                op_text: word.to_owned(),
                value: Value::One(value),
                value_span: Span::new(at, end),
                unit: Some(unit.to_owned()),
                deadline: None,
                baseline: None,
                kind: None,
                frequency: None,
                is_growth: false,
                alternatives: Vec::new(),
                also_lines: Vec::new(),
                period: None,
                evidence: text.evidence(Span::new(name.start.min(at), end.max(name.end)), 0.5),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(words: &str, kind: Kind) -> Vec<String> {
        let text = Text::new(&Document::from_text(words));
        let span = Span::new(0, words.chars().count());
        paragraph(&text, span, Context { kind, deadline: None })
            .iter()
            .map(|found| {
                let target = &found.target;
                let value = match target.value {
                    Value::None => "—".to_owned(),
                    Value::One(value) => value.to_string(),
                    Value::Range(low, high) => format!("{low}-{high}"),
                };
                let due = target.deadline.map_or(String::new(), |year| format!(" by {year}"));
                let past = if found.past { "past: " } else { "" };
                format!("{past}{} {} {value} {}{due}", target.name, target.op.as_str(), target.unit.as_deref().unwrap_or(""))
            })
            .collect()
    }

    #[test]
    fn a_list_of_targets_in_one_sentence_gives_each_its_own_name() {
        assert_eq!(
            check("到2025年,新增专精特新企业50家、创新平台10个,研发投入强度达到6%以上。", Kind::Goals),
            ["新增专精特新企业 = 50 家 by 2025", "创新平台 = 10 个 by 2025", "研发投入强度 >= 6 % by 2025"]
        );
    }

    #[test]
    fn what_is_counted_may_stand_behind_the_number() {
        assert_eq!(check("力争每年引进3—5家专业机构入驻。", Kind::Tasks), ["专业机构入驻 range 3-5 家"]);
        assert_eq!(check("新设立2家及以上公共服务示范平台。", Kind::Tasks), ["新设立公共服务示范平台 >= 2 家"]);
    }

    #[test]
    fn growth_keeps_its_baseline_and_its_two_readings() {
        let words = "力争到2026年,高新技术企业数量占全区比重较2023年底提升50%以上。";
        let text = Text::new(&Document::from_text(words));
        let found = paragraph(&text, Span::new(0, words.chars().count()), Context { kind: Kind::Goals, deadline: None });
        let target = &found[0].target;
        assert_eq!((target.op, target.op_bound, target.deadline), (Op::Growth, Some(Op::AtLeast), Some(2026)));
        assert_eq!(target.baseline.unwrap().year, Some(2023));
        assert_eq!(target.name, "高新技术企业数量占全区比重");
        assert_eq!(target.alternatives.len(), 2);
    }

    #[test]
    fn rhetoric_aid_and_names_are_not_targets() {
        assert_eq!(check("做大两个支柱产业,建设一个品牌,打造15分钟生活圈。", Kind::Tasks), Vec::<String>::new());
        assert_eq!(check("对首次认定的企业给予最高100万元奖励。", Kind::Tasks), Vec::<String>::new());
        assert_eq!(check("在合围区域总面积0.495平方公里的范围内。", Kind::Tasks), Vec::<String>::new());
        assert_eq!(check("实施“百千万”行动,建设5G网络。", Kind::Tasks), Vec::<String>::new());
    }

    #[test]
    fn results_of_the_past_are_kept_apart() {
        assert_eq!(check("截至2020年底,全区孵化器达17家。", Kind::Recap), ["past: 全区孵化器 >= 17 家"]);
        assert_eq!(check("目前已建成基站500个。", Kind::Tasks), ["past: 建成基站 = 500 个"]);
    }

    #[test]
    fn a_level_of_others_is_a_bound_without_a_number() {
        assert_eq!(check("扩大规模,确保经费占比在全市平均水平以上。", Kind::Tasks), ["经费占比 >= — 全市平均水平"]);
    }
}
