//! Tasks: the rows of a task table, and the leaf sections of prose that order action.

use super::bodies;
use super::characters::Text;
use super::documents;
use super::findings::{Span, Task};
use super::labels::Scheme;
use super::outline::Node;
use super::sections::{Kind, Sections};
use super::tables::{Grid, Role, Row, is_row};

/// Longest first sentence of a content cell that can stand for a title.
const TITLE_CHARACTERS_MAX: usize = 60;

/// Rows of one task table.
pub(crate) fn from_table(text: &Text, grid: &Grid) -> Vec<Task> {
    grid.rows.iter().filter_map(|row| row_task(text, grid, row)).collect()
}

fn cell(grid: &Grid, row: &Row, role: Role) -> Option<Span> {
    grid.column(role).and_then(|column| row.cells.get(column).copied().flatten())
}

fn row_task(text: &Text, grid: &Grid, row: &Row) -> Option<Task> {
    let content = cell(grid, row, Role::Content);
    let mut title = cell(grid, row, Role::Title).or_else(|| cell(grid, row, Role::Indicator));
    let mut category = cell(grid, row, Role::Category);
    // Where a title heads several contents, it is a category and the content's first sentence names the task.
    let title_column = grid.column(Role::Title);
    let shared = content.is_some()
        && title.is_some()
        && title_column.is_some_and(|column| heads_several(grid, column));
    if shared || title.is_none() {
        category = category.or(title);
        title = content.map(|content| first_sentence(text, content));
    }
    let title = title?;
    let title_span = without_stop(text, strip_label(text, first_of_title(text, title)));
    if title_span.len() < 2 {
        return None;
    }
    let responsible = cell(grid, row, Role::Responsible);
    let cooperating = cell(grid, row, Role::Cooperating);
    let (mut lead, mut help) = responsible.map_or((Vec::new(), Vec::new()), |span| bodies::roles(text, span));
    if let Some(span) = cooperating {
        help.extend(bodies::split(text, span));
    }
    let quote = |spans: &[Span]| spans.iter().map(|&span| squeezed(text, span)).collect::<Vec<_>>();
    let basis = cell(grid, row, Role::Basis).map(|span| {
        let cited: Vec<String> = documents::cited(text, span).iter().map(|&span| text.quote(span)).collect();
        if cited.is_empty() { vec![text.quote(span)] } else { cited }
    });
    let no = cell(grid, row, Role::Number)
        .and_then(|span| super::numerals::small_number(text.folded(span)))
        .map(i64::from);
    lead.dedup_by_key(|span| text.quote(*span));
    let sure = 0.8
        + if no.is_some() { 0.08 } else { 0.0 }
        + if responsible.is_some_and(|span| bodies::is_bodies(text, span)) { 0.1 } else { 0.0 };
    Some(Task {
        no,
        special_action: category.map(|span| squeezed(text, span)),
        group: row.group.map(|span| text.quote(span)),
        title: squeezed(text, title_span),
        content: content.map_or(String::new(), |span| text.quote(span)),
        responsible: Some(quote(&lead)),
        cooperating: Some(quote(&help)),
        basis: basis.unwrap_or_default(),
        responsible_text: responsible.map(|span| text.quote(span)),
        cooperating_text: cooperating.map(|span| text.quote(span)),
        deadline_text: cell(grid, row, Role::Deadline).map(|span| text.quote(span)),
        from_table: true,
        evidence: super::findings::Evidence {
            line: text.lines.get(row.line).map_or(1, |line| line.number),
            ..text.evidence(title_span, super::confidence::round(sure))
        },
        ..Task::default()
    })
}

/// Whether the titles of a column head several rows each: then they are categories throughout.
fn heads_several(grid: &Grid, column: usize) -> bool {
    let mut titles: Vec<Span> =
        grid.rows.iter().filter_map(|row| row.cells.get(column).copied().flatten()).collect();
    let rows = titles.len();
    titles.dedup();
    titles.len() * 10 < rows * 9
}

fn squeezed(text: &Text, span: Span) -> String {
    // A line break inside a cell comes out as a space between two Chinese characters: it is not part of the name.
    let words: Vec<char> = text.quote(span).chars().collect();
    let han = |at: Option<usize>| {
        at.and_then(|at| words.get(at))
            .is_some_and(|&c| super::characters::is_han(c) || "、,“”()".contains(c))
    };
    words
        .iter()
        .enumerate()
        .filter(|(at, c)| !(c.is_whitespace() && han(at.checked_sub(1)) && han(Some(at + 1))))
        .map(|(_, c)| *c)
        .collect()
}

fn without_stop(text: &Text, span: Span) -> Span {
    text.trim_with(span, |c| c.is_whitespace() || matches!(c, '。' | ';' | ':' | ','))
}

fn strip_label(text: &Text, span: Span) -> Span {
    match super::labels::label(text, span) {
        Some(label) if label.rest < span.end => Span::new(label.rest, span.end),
        _ => span,
    }
}

/// A title cell that goes on into a paragraph is cut at its first stop.
fn first_of_title(text: &Text, span: Span) -> Span {
    if span.len() <= TITLE_CHARACTERS_MAX { span } else { first_sentence(text, span) }
}

fn first_sentence(text: &Text, span: Span) -> Span {
    let stop = text.find_mark(span, &['。', ';']).unwrap_or(span.end);
    let sentence = Span::new(span.start, stop);
    if sentence.len() <= TITLE_CHARACTERS_MAX {
        return sentence;
    }
    let comma = text.find_mark(sentence, &[',', ':']).filter(|&at| 6 <= at - span.start);
    Span::new(span.start, comma.unwrap_or(stop))
}

/// Leaf sections that order action.
pub(crate) fn from_prose(text: &Text, nodes: &[Node], sections: &Sections) -> Vec<Task> {
    (0..nodes.len())
        .filter(|&index| sections.is_action(text, nodes, index))
        .filter_map(|index| prose_task(text, nodes, sections, index))
        .collect()
}

fn prose_task(text: &Text, nodes: &[Node], sections: &Sections, index: usize) -> Option<Task> {
    let node = nodes.get(index)?;
    let section = sections.list.get(index)?;
    let own_line = text.lines.get(node.line)?;
    let mut parts = Vec::new();
    if node.runin && node.rest < own_line.span.end {
        parts.push(text.trim(Span::new(node.rest, own_line.span.end)));
    }
    let (from, to) = section.body;
    for line in from..=to {
        if !is_row(text, line)
            && let Some(found) = text.lines.get(line)
            && !found.span.is_empty()
            && !super::outline::is_furniture(text, found.span)
        {
            parts.push(found.span);
        }
    }
    let (mut lead, mut help) = (Vec::new(), Vec::new());
    let mut lead_text = None;
    let mut help_text = None;
    let mut seen = vec![node.title];
    seen.extend(parts.iter().copied());
    for &part in &seen {
        for (place, role) in assignments(text, part) {
            let (a, b) = match role {
                Assigned::Both => bodies::roles(text, place),
                Assigned::Helping => (Vec::new(), bodies::split(text, place)),
            };
            if !a.is_empty() {
                lead_text.get_or_insert_with(|| text.quote(place));
            }
            if !b.is_empty() && a.is_empty() {
                help_text.get_or_insert_with(|| text.quote(place));
            }
            lead.extend(a);
            help.extend(b);
        }
    }
    let quote = |spans: &[Span]| {
        let mut names: Vec<String> = Vec::new();
        for &span in spans {
            let name = squeezed(text, span);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let title = title_without_assignment(text, node.title);
    if title.is_empty() {
        return None;
    }
    let first = if node.runin {
        node.line
    } else {
        (from..=to)
            .find(|&line| text.lines.get(line).is_some_and(|line| !line.span.is_empty()))
            .unwrap_or(node.line)
    };
    let last = (first..=to.max(first))
        .rev()
        .find(|&line| text.lines.get(line).is_some_and(|l| !l.span.is_empty() && !is_row(text, line)))
        .unwrap_or(first);
    let sure = match (section.kind, node.scheme, node.runin) {
        (_, None, _) => node.confidence.min(0.92),
        (_, Some(Scheme::Dot | Scheme::DotBracket | Scheme::Circle), true) => 0.8,
        _ => 0.93,
    };
    let named = !lead.is_empty() || !help.is_empty();
    let path = sections.path(index);
    Some(Task {
        label: text.quote(node.label),
        title: text.quote(title),
        content: parts.iter().map(|&span| text.quote(span)).collect::<Vec<_>>().join("\n"),
        body_lines: Some((first + 1, last + 1)),
        responsible: named.then(|| quote(&lead)),
        cooperating: named.then(|| quote(&help)),
        responsible_text: lead_text,
        cooperating_text: help_text,
        section: path
            .iter()
            .filter_map(|&above| nodes.get(above))
            .map(|above| text.quote(above.label) + &text.quote(above.title))
            .collect(),
        deadline_text: parts.iter().find_map(|&part| due(text, part)),
        runin: node.runin,
        guarantee: section.kind == Kind::Guarantee,
        evidence: text.evidence(title, sure),
        ..Task::default()
    })
}

/// `完成时限：2026年6月`, `（…，2026年底前完成）`: words on when the task is due.
fn due(text: &Text, part: Span) -> Option<String> {
    for mark in ["完成时限:", "完成时间:", "时间节点:", "时限:", "进度安排:"] {
        if let Some(at) = text.find(part, mark) {
            let start = at + mark.chars().count();
            let stop =
                text.find_mark(Span::new(start, part.end), &['。', ';', ')', ',', '】']).unwrap_or(part.end);
            return Some(text.quote(text.trim(Span::new(start, stop)))).filter(|words| !words.is_empty());
        }
    }
    let open = text.rfind(part, "(")?;
    let close = text.find_mark(Span::new(open, part.end), &[')'])?;
    let pieces = text.split(Span::new(open + 1, close), |at| matches!(text.at(at), ',' | ';' | '、'));
    let dated = |piece: &&Span| {
        let digit = text.at(piece.start).is_ascii_digit();
        digit && text.contains_any(**piece, &["年", "月"]) && piece.len() <= 16
    };
    pieces.iter().find(dated).map(|&piece| text.quote(piece))
}

/// `完善体系（区科委）`: the bracket is not of the title.
fn title_without_assignment(text: &Text, title: Span) -> Span {
    if text.before(title.end) != ')' {
        return title;
    }
    match text.rfind(title, "(") {
        Some(open)
            if title.start + 4 <= open && bodies::is_bodies(text, Span::new(open + 1, title.end - 1)) =>
        {
            text.trim(Span::new(title.start, open))
        }
        _ => title,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Assigned {
    Both,
    Helping,
}

/// Places that say who is to act: `（责任单位：…）`, `（区科委牵头，区财政局配合）`, `责任单位：…`.
fn assignments(text: &Text, part: Span) -> Vec<(Span, Assigned)> {
    let mut found = Vec::new();
    let marks = [
        "责任单位:",
        "责任部门:",
        "牵头单位:",
        "牵头部门:",
        "主责单位:",
        "责任主体:",
        "主要责任单位:",
        "落实单位:",
        "负责单位:",
        "实施主体:",
        "牵头责任单位:",
    ];
    for mark in marks {
        let length = mark.chars().count();
        let mut from = part.start;
        while let Some(at) = text.find(Span::new(from, part.end), mark) {
            let start = at + length;
            let stop =
                text.find_mark(Span::new(start, part.end), &[')', '。', '】', '\n']).unwrap_or(part.end);
            let inner = mark.chars().count();
            // 牵头责任单位: holds 责任单位: inside.
            if !found
                .iter()
                .any(|&(place, _): &(Span, Assigned)| place.contains(start) || place.start == start)
            {
                found.push((text.trim(Span::new(start, stop)), Assigned::Both));
            }
            from = (at + inner).max(from + 1);
        }
    }
    for mark in ["配合单位:", "配合部门:", "协办单位:", "参与单位:"] {
        if text.has(part.start, mark) {
            found
                .push((text.trim(Span::new(part.start + mark.chars().count(), part.end)), Assigned::Helping));
        }
    }
    if !found.is_empty() {
        return found;
    }
    // A bracket that closes a sentence or the paragraph and holds nothing but bodies.
    let mut at = part.start;
    while let Some(open) = text.find_mark(Span::new(at, part.end), &['(', '【']) {
        let Some(close) = text.find_mark(Span::new(open, part.end), &[')', '】']) else { break };
        let inside = text.trim(Span::new(open + 1, close));
        let last = text.trim(Span::new(close + 1, part.end)).is_empty()
            || matches!(text.at(close + 1), '。' | ';')
            || text.before(open) == '。';
        let acts = text.contains_any(inside, &["负责", "牵头", "配合"])
            || bodies::is_bodies(text, inside) && 3 <= inside.len();
        if last && acts && inside.len() <= 200 {
            found.push((inside, Assigned::Both));
        }
        at = close + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::super::tables::grids;
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_row_gives_number_title_bodies_and_basis() {
        let words = "专项 | 序号 | 任务 名称 | 任务内容 | 责任部门 | 配合部门 | 参考依据 |\n提速行动 | 1 | 建设算力节点。 | 完成机房选址,推进建设。 | 园区管委会区数据局 | 区财政局 | 《总体方案》《年度清单》 |\n";
        let text = Text::new(&Document::from_text(words));
        let grid = grids(&text).into_iter().next().unwrap();
        let task = from_table(&text, &grid).into_iter().next().unwrap();
        assert_eq!((task.no, task.title.as_str()), (Some(1), "建设算力节点"));
        assert_eq!(task.responsible.unwrap(), ["园区管委会", "区数据局"]);
        assert_eq!(task.cooperating.unwrap(), ["区财政局"]);
        assert_eq!(task.basis, ["总体方案", "年度清单"]);
        assert_eq!(task.special_action.unwrap(), "提速行动");
    }

    #[test]
    fn prose_names_who_acts_in_brackets() {
        let words = "一、重点任务\n(一)扩大开放\n按季度发布场景清单,组织对接。(责任单位：区科委、区数据局；配合单位：各街道)\n(二)优化服务\n设立服务专窗,提供全程帮办。(区政务局牵头,区市场监管局配合)\n";
        let text = Text::new(&Document::from_text(words));
        let nodes = outline(&text, 0);
        let sections = Sections::new(&text, &nodes);
        let tasks = from_prose(&text, &nodes, &sections);
        assert_eq!(tasks[0].responsible.as_deref().unwrap(), ["区科委", "区数据局"]);
        assert_eq!(tasks[0].cooperating.as_deref().unwrap(), ["各街道"]);
        assert_eq!(tasks[1].responsible.as_deref().unwrap(), ["区政务局"]);
        assert_eq!(tasks[1].cooperating.as_deref().unwrap(), ["区市场监管局"]);
        assert_eq!(tasks[1].section, ["一、重点任务"]);
    }
}
