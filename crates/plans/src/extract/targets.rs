//! Quantified commitments in prose, and the figures of the past that look like them.
//!
//! A number in a plan is a target only if something in its clause commits to it: a comparator (不低于), a deadline
//! (到2025年), a rhythm (每年), or a verb that brings about so many of something (培育100家). Each sign adds to a score;
//! what speaks of the past, of rates of aid, of conditions or of names ("15分钟生活圈") takes away from it. What is left
//! decides whether the number is reported, and how sure we are.

use super::characters::Text;
use super::clauses::{
    REACH, Reading, clause_end, clause_start, clean, clean_object, ends_clause, is_attribute,
    is_starting_point, quoted, read,
};
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
                let name = index
                    .checked_sub(1)
                    .filter(|&above| before <= above)
                    .and_then(|above| found.get(above))
                    .map(|f| (f.target.name.clone(), f.target.name_span));
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

fn read_sentence(
    text: &Text,
    sentence: Span,
    context: Context,
    due: Option<i32>,
    dated: bool,
    found: &mut Vec<Found>,
) {
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
        let start_value = index
            .checked_sub(1)
            .and_then(|above| all.get(above))
            .filter(|above| is_starting_point(text, above, quantity));
        let clause_start = clause_start(text, left.max(sentence.start), quantity.number.start);
        let clause_end = clause_end(text, quantity.span.end, sentence.end, next);
        if is_attribute(text, quantity, clause_end, next) {
            continue;
        }
        let listed = committed_to.is_some_and(|end| {
            let gap = Span::new(end, quantity.number.start);
            gap.len() <= 24
                && (text.find_mark(gap, &['、']).is_some()
                    && !(gap.start..gap.end).any(|at| ends_clause(text.at(at)))
                    || text.contains(gap, "其中"))
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
        let target = build(
            text,
            clause,
            quantity,
            &reading,
            if past { None } else { due },
            confidence::of_target(score, reading.explicit, dated, context.kind),
        );
        found.push(Found { target, past });
    }
}

fn is_past(text: &Text, sentence: Span, clause: Span, kind: Kind, quantity: &Quantity) -> bool {
    if kind == Kind::Recap {
        return true;
    }
    if kind == Kind::Glossary {
        return false;
    }
    let near = Span::new(clause.start.max(quantity.number.start.saturating_sub(24)), quantity.number.start);
    kind == Kind::Situation
        || lexicon::past().within(text, near)
        || text.contains_any(
            Span::new(sentence.start.max(quantity.number.start.saturating_sub(REACH)), quantity.number.start),
            &["近年来", "五年来", "三年来", "以来"],
        )
}

#[expect(
    clippy::too_many_arguments,
    reason = "every sign that speaks for or against is a parameter of one judgement"
)]
fn score(
    text: &Text,
    sentence: Span,
    clause: Span,
    quantity: &Quantity,
    reading: &Reading,
    context: Context,
    due: bool,
    dated: bool,
    past: bool,
) -> f64 {
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
    add(
        text.contains_any(
            Span::new(sentence.start.max(quantity.number.start.saturating_sub(REACH)), quantity.number.start),
            &["力争", "确保", "争取", "目标", "不断提升"],
        ),
        0.5,
    );
    add(matches!(quantity.unit_kind.as_str(), "share" | "measure") && !reading.name.is_empty(), 0.5);
    let rate =
        ["率", "比重", "比例", "占比", "满意度"].iter().any(|word| text.ends_with(reading.name.end, word));
    add(rate && quantity.unit_kind == "share" && !reading.explicit, 2.0);
    // 每万人拥有量75件: among aims, an indicator and its value need no verb.
    let measured = lexicon::indicator_ends().ends(text, reading.name.end, reading.name.start).is_some();
    add(measured && context.kind == Kind::Goals && !rate, 1.0);
    add(quantity.unit.is_empty(), -1.5);
    let limit = matches!(reading.bound, Some(Op::AtMost | Op::LessThan)) || reading.growth;
    let served =
        ["小时", "分钟", "工作日", "天", "秒", "日"].iter().any(|unit| quantity.unit.ends_with(unit));
    add(quantity.unit_kind == "time", if limit && served { 0.0 } else { -3.5 });
    add(["规模", "总额", "总投资"].iter().any(|word| text.ends_with(reading.name.end, word)), 2.5);
    add(quantity.unit_kind == "rank" && reading.verb.is_none(), -3.0);
    // 两个, 五大, 三类 count rhetorically.
    let small = matches!(quantity.value, Value::One(value) if value < 10.0);
    add(quantity.chinese && small && quantity.unit_kind != "share", -3.5);
    add(quantity.chinese && quantity.unit_kind == "word" && !small, -0.5);
    add(past, -4.0);
    // 给予最高100万元奖励 is aid; 奖励比例不低于70% is a commitment.
    add(
        lexicon::not_targets().within(text, near) && (quantity.unit.contains('元') || !reading.explicit),
        -3.5,
    );
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

fn build(
    text: &Text,
    clause: Span,
    quantity: &Quantity,
    reading: &Reading,
    deadline: Option<i32>,
    confidence: f64,
) -> Target {
    let start = reading.start.min(quantity.number.start);
    let op_span = text.trim(Span::new(start, quantity.span.end));
    let mut name = text.quote(reading.name);
    // The verb and what stands behind the number are one name with a gap where the number was.
    if let Some(verb) = reading.verb
        && reading.name.start == verb.start
        && quantity.number.start < reading.name.end
    {
        name = text.quote(verb)
            + &text.quote(clean_object(text, Span::new(quantity.span.end, reading.name.end)));
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
    let level_start = (start..at).rev().find(|&from| {
        ["全市", "全国", "全区", "全省", "首都", "市级", "同类"].iter().any(|word| text.has(from, word))
    })?;
    let head = Span::new(start, level_start);
    let (op, name_end) = if text.has(end, "以上") && text.ends_with(level_start, "在") {
        (Op::AtLeast, level_start - 1)
    } else {
        let (length, tag) = lexicon::comparators().ends(text, level_start, start)?;
        let op = op_of_tag(tag)
            .filter(|op| matches!(op, Op::AtLeast | Op::MoreThan | Op::AtMost | Op::LessThan))?;
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
        for (word, value, unit, op) in [
            ("全覆盖", 100.0, "%", Op::Equal),
            ("千亿级", 1000.0, "亿元", Op::About),
            ("百亿级", 100.0, "亿元", Op::About),
        ] {
            let Some(at) = text.find(sentence, word) else { continue };
            let end = at + word.chars().count();
            let start = clause_start(text, sentence.start, at);
            let name = if unit == "%" {
                clean(text, Span::new(start, at))
            } else {
                Span::new(at, clause_end(text, end, sentence.end, None))
            };
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
                format!(
                    "{past}{} {} {value} {}{due}",
                    target.name,
                    target.op.as_str(),
                    target.unit.as_deref().unwrap_or("")
                )
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
        assert_eq!(
            check("新设立2家及以上公共服务示范平台。", Kind::Tasks),
            ["新设立公共服务示范平台 >= 2 家"]
        );
    }

    #[test]
    fn growth_keeps_its_baseline_and_its_two_readings() {
        let words = "力争到2026年,高新技术企业数量占全区比重较2023年底提升50%以上。";
        let text = Text::new(&Document::from_text(words));
        let found = paragraph(
            &text,
            Span::new(0, words.chars().count()),
            Context { kind: Kind::Goals, deadline: None },
        );
        let target = &found[0].target;
        assert_eq!(
            (target.op, target.op_bound, target.deadline),
            (Op::Growth, Some(Op::AtLeast), Some(2026))
        );
        assert_eq!(target.baseline.unwrap().year, Some(2023));
        assert_eq!(target.name, "高新技术企业数量占全区比重");
        assert_eq!(target.alternatives.len(), 2);
    }

    #[test]
    fn rhetoric_aid_and_names_are_not_targets() {
        assert_eq!(
            check("做大两个支柱产业,建设一个品牌,打造15分钟生活圈。", Kind::Tasks),
            Vec::<String>::new()
        );
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
        assert_eq!(
            check("扩大规模,确保经费占比在全市平均水平以上。", Kind::Tasks),
            ["经费占比 >= — 全市平均水平"]
        );
    }
}
