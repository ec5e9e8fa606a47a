//! Boxes (专栏) with their named items, and captions of tables.

use super::characters::Text;
use super::findings::{Span, Table};
use super::labels::{Scheme, label};
use super::outline::Node;
use super::tables::{Grid, cells, is_row};

/// All tables and boxes, in order.
pub(crate) fn tables(text: &Text, nodes: &[Node], grids: &[Grid]) -> Vec<Table> {
    let mut found: Vec<Table> = grids.iter().map(|grid| of_grid(text, nodes, grid)).collect();
    for node in nodes.iter().filter(|node| node.scheme == Some(Scheme::Box)) {
        let inside = grids.iter().any(|grid| grid.header == node.line + 1);
        if !inside {
            found.push(of_box(text, nodes, node));
        }
    }
    found.sort_by_key(|table| table.evidence.span.start);
    found
}

/// The caption of a table: a heading 表N or an annex above it, or a short line that names a list.
pub(crate) fn caption(text: &Text, nodes: &[Node], grid: &Grid) -> Option<Span> {
    let from = grid.header.saturating_sub(4);
    let node = nodes.iter().rev().find(|node| {
        (from..grid.header).contains(&node.line)
            && matches!(node.scheme, Some(Scheme::Table | Scheme::Annex | Scheme::Box))
    });
    if let Some(node) = node {
        let start = if node.scheme == Some(Scheme::Annex) { node.title.start } else { node.label.start };
        return Some(Span::new(start, node.title.end));
    }
    (from..grid.header).rev().find_map(|index| {
        let line = text.lines.get(index)?;
        let words = ["表", "清单", "指标", "任务", "分工", "一览", "安排"];
        (!line.span.is_empty()
            && line.span.len() <= 40
            && words.iter().any(|word| text.contains(line.span, word))
            && !is_row(text, index))
        .then_some(line.span)
    })
}

fn of_grid(text: &Text, nodes: &[Node], grid: &Grid) -> Table {
    let header = text.lines.get(grid.header).map_or(Span::default(), |line| line.span);
    let caption = caption(text, nodes, grid);
    let first = grid.rows.first().map(|row| row.line + 1);
    let last = grid.rows.last().map(|row| row.line + 1);
    let sure = if caption.is_some() { 0.93 } else { 0.85 };
    Table {
        title: caption.map_or(String::new(), |span| text.quote(span)),
        header_line: Some(grid.header + 1),
        rows: grid.rows.len(),
        columns: Some(grid.columns.iter().map(|column| column.name.clone()).collect()),
        row_lines: first.zip(last),
        group_lines: grid.groups.iter().map(|line| line + 1).collect(),
        items: Vec::new(),
        evidence: text.evidence(caption.unwrap_or(header), sure),
    }
}

fn of_box(text: &Text, nodes: &[Node], node: &Node) -> Table {
    let next = nodes.iter().find(|next| node.line < next.line).map_or(text.lines.len(), |next| next.line);
    // The body is the rows behind the title, or its first paragraph.
    let mut body = Vec::new();
    for index in node.line + 1..next {
        let Some(line) = text.lines.get(index) else { break };
        if line.span.is_empty() {
            continue;
        }
        if !is_row(text, index)
            && (!body.is_empty()
                || label(text, line.span).is_none() && text.find_mark(line.span, &[':']).is_none())
        {
            break;
        }
        body.push(index);
    }
    let mut items = Vec::new();
    for &index in &body {
        let Some(line) = text.lines.get(index) else { continue };
        for cell in cells(text, line.span) {
            items.extend(named_items(text, cell).into_iter().map(|span| text.quote(span)));
        }
    }
    let title = Span::new(node.label.start, node.title.end);
    Table {
        title: text.quote(title),
        header_line: None,
        rows: items.len(),
        columns: None,
        row_lines: body.first().zip(body.last()).map(|(first, last)| (first + 1, last + 1)),
        group_lines: Vec::new(),
        items,
        evidence: text.evidence(title, 0.93),
    }
}

/// `名称:内容 名称:内容`: names at the front of the cell or behind a space or stop, with a colon behind them.
fn named_items(text: &Text, cell: Span) -> Vec<Span> {
    let mut items = Vec::new();
    for at in cell.start..cell.end {
        if text.at(at) != ':' {
            continue;
        }
        let start = (cell.start..at)
            .rev()
            .find(|&from| matches!(text.at(from), ' ' | '。' | ';' | '|' | ',' | '、' | '“' | '”'))
            .map_or(cell.start, |from| from + 1);
        let mut name = text.trim(Span::new(start, at));
        if let Some(label) = label(text, name) {
            name.start = label.rest.min(name.end);
        }
        let opens = start == cell.start || matches!(text.before(start), ' ' | '。');
        if opens && (2..=20).contains(&name.len()) {
            items.push(name);
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;
    use crate::document::Document;

    #[test]
    fn a_box_lists_its_named_items() {
        let words = "(一)做强算力\n专栏1 算力重点方向 |\n通用算力:扩容机房。 智能算力:引进芯片,建设集群。 |\n(二)做优服务\n";
        let text = Text::new(&Document::from_text(words));
        let nodes = outline(&text, 0);
        let tables = tables(&text, &nodes, &[]);
        assert_eq!(tables[0].items, ["通用算力", "智能算力"]);
        assert_eq!(tables[0].title, "专栏1 算力重点方向");
    }
}
