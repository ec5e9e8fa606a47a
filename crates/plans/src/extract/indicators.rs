//! Targets in indicator tables of the usual layouts: value and unit in columns of their own or in one cell, one target
//! year or several, a baseline column, ranges, ranks in words.

use super::characters::{Text, fold};
use super::confidence;
use super::dates;
use super::findings::{Baseline, Op, Span, Target, Value};
use super::lexicon;
use super::quantities::{op_of_tag, quantities};
use super::tables::{Grid, Role, Row};
use super::targets::alternatives;

/// Reads all rows of an indicator table. `caption_year` is the year or the end of the period in its caption.
pub(crate) fn indicators(text: &Text, grid: &Grid, caption_year: Option<i32>) -> Vec<Target> {
    let mut found = Vec::new();
    let name_column = grid.column(Role::Indicator).or_else(|| grid.column(Role::Title));
    let Some(name_column) = name_column else { return found };
    let has_target = grid.column(Role::Target).is_some();
    let mut parent: Option<Span> = None;
    for row in &grid.rows {
        let name = row.cells.get(name_column).copied().flatten().or(parent);
        let Some(name) = name else { continue };
        parent = Some(name);
        for (index, column) in grid.columns.iter().enumerate() {
            let wanted = match column.role {
                Role::Target => true,
                Role::Growth => !has_target,
                _ => false,
            };
            let Some(cell) = row.cells.get(index).copied().flatten().filter(|_| wanted) else { continue };
            let deadline = column.year.or(caption_year);
            if let Some(target) =
                indicator(text, grid, row, name, cell, deadline, column.role == Role::Growth)
            {
                found.push(target);
            }
        }
    }
    found
}

fn cell(grid: &Grid, row: &Row, role: Role) -> Option<Span> {
    grid.column(role).and_then(|column| row.cells.get(column).copied().flatten())
}

fn indicator(
    text: &Text,
    grid: &Grid,
    row: &Row,
    name: Span,
    cell_span: Span,
    deadline: Option<i32>,
    growth_column: bool,
) -> Option<Target> {
    let name_span = name_of(text, name);
    let words = text.quote(name_span);
    let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    let value = read_value(text, cell_span)?;
    let column_unit = cell(grid, row, Role::Unit)
        .map(|span| text.quote(span))
        .filter(|unit| !unit.is_empty() && !unit.chars().all(|c| matches!(fold(c), '—' | '-' | '/')));
    let unit = value
        .unit
        .clone()
        .or_else(|| growth_column.then(|| "%".to_owned()))
        .or(column_unit)
        .or_else(|| unit_in_brackets(text, name));
    let baseline = grid
        .columns
        .iter()
        .enumerate()
        .find(|(_, column)| column.role == Role::Baseline)
        .and_then(|(index, column)| Some((column.year, row.cells.get(index).copied().flatten()?)))
        .map(|(year, cell)| Baseline { year, value: first_number(text, cell) })
        .filter(|baseline| baseline.value.is_some() || baseline.year.is_some());
    let kind = cell(grid, row, Role::Kind).and_then(|span| {
        ["约束性", "预期性", "约束", "预期"]
            .iter()
            .find(|word| text.contains(span, word))
            .map(|word| if word.starts_with('约') { "约束性" } else { "预期性" })
    });
    let is_growth = growth_column
        || value.growth
        || ["增速", "增长率", "增幅", "年均增长"].iter().any(|word| words.contains(word));
    let confidence = confidence::of_indicator(unit.is_some(), grid.column(Role::Number).is_some());
    let start = name_span.start.min(cell_span.start);
    let end = name_span.end.max(cell_span.end);
    Some(Target {
        alternatives: alternatives(&words, unit.as_deref(), value.growth),
        name: words,
        name_span,
        op: value.op,
        op_bound: value.bound,
        op_text: text.quote(cell_span),
        value: value.value,
        value_span: value.span,
        unit,
        deadline,
        baseline,
        kind: kind.map(str::to_owned),
        frequency: value.frequency,
        is_growth,
        also_lines: Vec::new(),
        period: None,
        evidence: text.evidence(Span::new(start, end), confidence),
    })
}

/// The name without its number, 其中 and the unit in brackets.
fn name_of(text: &Text, span: Span) -> Span {
    let mut span = span;
    if let Some(label) = super::labels::label(text, span)
        && label.rest < span.end
    {
        span.start = label.rest;
    }
    for lead in ["其中:", "其中"] {
        if text.has(span.start, lead) && lead.chars().count() < span.len() {
            span.start += lead.chars().count();
        }
    }
    if text.before(span.end) == ')'
        && let Some(open) = text.rfind(span, "(")
        && span.start + 2 <= open
        && lexicon::units().ends(text, span.end - 1, open).is_some()
    {
        span.end = open;
    }
    text.trim(span)
}

fn unit_in_brackets(text: &Text, name: Span) -> Option<String> {
    if text.before(name.end) != ')' {
        return None;
    }
    let open = text.rfind(name, "(")?;
    let inside = Span::new(open + 1, name.end - 1);
    (lexicon::units().ends(text, inside.end, inside.start).is_some() && inside.len() <= 10)
        .then(|| text.quote(inside))
}

fn first_number(text: &Text, cell: Span) -> Option<f64> {
    match quantities(text, cell).first()?.value {
        Value::One(value) | Value::Range(value, _) => Some(value),
        Value::None => None,
    }
}

struct CellValue {
    op: Op,
    bound: Option<Op>,
    value: Value,
    span: Span,
    unit: Option<String>,
    frequency: Option<String>,
    growth: bool,
}

/// The value of a cell: a bound number, a range, or a rank in words.
fn read_value(text: &Text, cell: Span) -> Option<CellValue> {
    let frequency = ["年均", "每年", "每季度", "每月"]
        .iter()
        .find(|word| text.contains(cell, word))
        .map(|word| (*word).to_owned());
    let all = quantities(text, cell);
    let Some(quantity) = all.first() else {
        return rank(text, cell, frequency);
    };
    let mut bound = quantity.bound_after;
    let mut growth = false;
    let mut end = quantity.number.start;
    while cell.start < end {
        while text.before(end) == ' ' && cell.start < end {
            end -= 1;
        }
        let Some((length, tag)) = lexicon::comparators().ends(text, end, cell.start) else { break };
        match op_of_tag(tag) {
            Some(Op::Growth) => growth = quantity.unit_kind == "share" || growth,
            Some(op) => bound = bound.or(Some(op)),
            None => break,
        }
        end -= length;
    }
    let op = match (quantity.value, growth) {
        (_, true) => Op::Growth,
        (Value::Range(..), _) => Op::Range,
        _ => bound.unwrap_or(Op::Equal),
    };
    Some(CellValue {
        op,
        bound: (op == Op::Growth).then_some(bound).flatten(),
        value: quantity.value,
        span: quantity.number,
        unit: (!quantity.unit.is_empty()).then(|| quantity.unit.clone()),
        frequency,
        growth,
    })
}

/// 在全市保持前列, 全市第一, 逐年提高: no number, but a place or a direction.
fn rank(text: &Text, cell: Span, frequency: Option<String>) -> Option<CellValue> {
    let op = if text.contains_any(
        cell,
        &["前列", "领先", "第一", "首位", "前茅", "位居", "名列", "排名", "前三", "前五", "前十", "上游"],
    ) {
        Op::Rank
    } else if text.contains_any(cell, &["提高", "增长", "提升", "上升", "下降", "降低", "改善"])
    {
        Op::Growth
    } else if text.contains(cell, "平均水平") {
        Op::AtLeast
    } else if text.contains_any(cell, &["完成", "达到", "达标", "控制在", "保持"]) {
        Op::Equal
    } else {
        return None;
    };
    Some(CellValue {
        op,
        bound: None,
        value: Value::None,
        span: cell,
        unit: None,
        frequency,
        growth: op == Op::Growth,
    })
}

/// The year a caption names, or the last year of its period.
pub(crate) fn caption_year(text: &Text, caption: Span) -> Option<i32> {
    if let Some((_, (_, to))) = dates::year_range(text, caption) {
        return Some(to);
    }
    if let Some((_, (_, to))) = dates::plan_period(text, caption) {
        return Some(to);
    }
    (caption.start..caption.end).find_map(|at| dates::year_at(text, at).map(|(_, year)| year))
}

#[cfg(test)]
mod tests {
    use super::super::tables::grids;
    use super::*;
    use crate::document::Document;

    fn check(words: &str) -> Vec<String> {
        let text = Text::new(&Document::from_text(words));
        let grid = grids(&text).into_iter().next().unwrap();
        indicators(&text, &grid, None)
            .iter()
            .map(|target| {
                let value = match target.value {
                    Value::None => "—".to_owned(),
                    Value::One(value) => value.to_string(),
                    Value::Range(low, high) => format!("{low}-{high}"),
                };
                let base = target
                    .baseline
                    .and_then(|base| base.value)
                    .map_or(String::new(), |value| format!(" from {value}"));
                format!(
                    "{} {} {value} {} {:?}{base}",
                    target.name,
                    target.op.as_str(),
                    target.unit.as_deref().unwrap_or("?"),
                    target.deadline
                )
            })
            .collect()
    }

    #[test]
    fn value_and_unit_may_stand_apart_or_together() {
        assert_eq!(
            check(
                "序号 | 指标名称 | 单位 | 2020年实际 | 2025年目标 | 属性\n1 | 企业数 | 家 | 310 | ≥500 | 预期性\n2 | 算力规模 | PFLOPS | 20 | 1-3 | 约束性\n"
            ),
            ["企业数 >= 500 家 Some(2025) from 310", "算力规模 range 1-3 PFLOPS Some(2025) from 20"]
        );
        assert_eq!(
            check("指标 | 目标值\n数据开放量 | 300项以上\n投入强度 | 达到3.5%\n"),
            ["数据开放量 >= 300 项 None", "投入强度 >= 3.5 % None"]
        );
    }

    #[test]
    fn a_rank_in_words_has_no_number() {
        assert_eq!(
            check("序号 | 指标 | 单位 | 目标值\n1 | 合同成交额 | 亿元 | 全市前列\n"),
            ["合同成交额 rank — 亿元 None"]
        );
    }

    #[test]
    fn several_target_years_are_several_targets() {
        assert_eq!(
            check("指标 | 单位 | 2024年目标 | 2026年目标\n开放场景 | 个 | 10 | 30\n"),
            ["开放场景 = 10 个 Some(2024)", "开放场景 = 30 个 Some(2026)"]
        );
    }
}
