//! The outline: numbered headings, headings that run into their paragraph, boxes and annexes.
//!
//! Levels follow the schemes that the document uses (章 above 一、 above （一） above 1.), not where counting happens to
//! start: a draft cut at the front keeps its levels. Tables of contents repeat the headings and are passed over.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::characters::{Text, normal};
use super::findings::{Heading, Span};
use super::labels::{Label, Scheme, label};
use super::lexicon;
use super::tables;

/// Longest title of a heading that has a line to itself.
const TITLE_CHARACTERS_MAX: usize = 60;
/// Longest title that runs into its paragraph.
const RUNIN_CHARACTERS_MAX: usize = 42;
/// Longest such title without a mark.
const BARE_RUNIN_CHARACTERS_MAX: usize = 30;

/// A heading with what later steps need to know of it.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Index of the line.
    pub(crate) line: usize,
    pub(crate) scheme: Option<Scheme>,
    pub(crate) label: Span,
    pub(crate) title: Span,
    pub(crate) runin: bool,
    pub(crate) level: u8,
    pub(crate) confidence: f64,
    /// Where the rest of the line begins (for a heading that runs in).
    pub(crate) rest: usize,
}

impl Node {
    pub(crate) fn heading(&self, text: &Text) -> Heading {
        let start = if self.label.is_empty() { self.title.start } else { self.label.start };
        Heading {
            level: self.level,
            label: text.quote(self.label),
            title: text.quote(self.title),
            runin: self.runin,
            evidence: text.evidence(Span::new(start, self.title.end), self.confidence),
        }
    }
}

/// Finds all headings, in order of their lines.
pub(crate) fn outline(text: &Text, front: usize) -> Vec<Node> {
    let contents = contents_lines(text);
    let mut nodes = Vec::new();
    let mut skip_to = 0;
    for index in 0..text.lines.len() {
        if index < skip_to || contents.contains(&index) {
            continue;
        }
        let Some(line) = text.lines.get(index) else { break };
        if line.span.is_empty() || is_furniture(text, line.span) {
            continue;
        }
        let node =
            if tables::is_row(text, index) { boxed(text, index) } else { numbered(text, index, front) };
        // A mark with nothing but punctuation behind it heads nothing.
        if let Some((node, next)) = node.filter(|(node, _)| !node.title.is_empty()) {
            skip_to = next;
            nodes.push(node);
        }
    }
    drop_lists(text, &mut nodes);
    set_levels(&mut nodes);
    let bare = bare_runins(text, &nodes, &contents, front);
    nodes.extend(bare);
    nodes.sort_by_key(|node| (node.line, node.title.start));
    nodes
}

/// Whether the line belongs to the web page around the document.
pub(crate) fn is_furniture(text: &Text, line: Span) -> bool {
    if 60 < line.len() {
        return false;
    }
    lexicon::page_furniture().starts(text, line.start, line.end).is_some_and(|(length, _)| {
        // A word of the furniture may open a real sentence; then it goes on without a mark or ends in a full stop.
        let next = text.at(line.start + length);
        line.len() <= length + 14 && !text.ends_with(line.end, "。") || matches!(next, ':' | ' ' | '】' | ']')
    })
}

/// A box or an annex title that stands in a row of its own.
fn boxed(text: &Text, index: usize) -> Option<(Node, usize)> {
    let line = text.lines.get(index)?;
    let filled: Vec<Span> =
        tables::cells(text, line.span).into_iter().filter(|cell| !cell.is_empty()).collect();
    let [only] = filled.as_slice() else { return None };
    let label = label(text, *only).filter(|label| label.scheme == Scheme::Box)?;
    let title = title_of(text, Span::new(label.rest, only.end));
    (title.len() <= TITLE_CHARACTERS_MAX && !title.is_empty())
        .then(|| (node(index, Some(label), title, false, 0.95, only.end), index + 1))
}

fn node(line: usize, label: Option<Label>, title: Span, runin: bool, confidence: f64, rest: usize) -> Node {
    Node {
        line,
        scheme: label.map(|label| label.scheme),
        label: label.map_or(Span::new(title.start, title.start), |label| label.span),
        title,
        runin,
        level: 1,
        confidence,
        rest,
    }
}

fn title_of(text: &Text, span: Span) -> Span {
    text.trim_with(span, |c| c.is_whitespace() || matches!(c, '。' | ':' | '；' | '|'))
}

/// A heading with a mark, or one of the unnumbered headings every plan has.
fn numbered(text: &Text, index: usize, front: usize) -> Option<(Node, usize)> {
    let line = *text.lines.get(index)?;
    let Some(label) = label(text, line.span) else {
        return unnumbered(text, index, front);
    };
    let rest = text.trim(Span::new(label.rest, line.span.end));
    match label.scheme {
        // A plan that is itself an annex: its title is no heading of its own.
        Scheme::Annex if index < front => return None,
        Scheme::Annex => return annex(text, index, label),
        Scheme::Table => {
            let below = (index + 1..index + 3).any(|next| tables::is_row(text, next));
            let title = title_of(text, rest);
            return (below && !title.is_empty() && title.len() <= TITLE_CHARACTERS_MAX)
                .then(|| (node(index, Some(label), title, false, 0.6, line.span.end), index + 1));
        }
        _ => {}
    }
    if rest.is_empty() {
        // The mark alone: its title is the next line.
        let next = (index + 1..text.lines.len().min(index + 3))
            .find(|&next| text.lines.get(next).is_some_and(|l| !l.span.is_empty()))?;
        let title = title_of(text, text.lines.get(next)?.span);
        let fits = label.scheme <= Scheme::Bracket
            && title.len() <= 40
            && !tables::is_row(text, next)
            && text.find(title, "。").is_none();
        return fits.then(|| (node(index, Some(label), title, false, 0.85, title.end), next + 1));
    }
    let stop = text.find_mark(rest, &['。']);
    let small = Scheme::Dot <= label.scheme && label.scheme != Scheme::Box;
    match stop {
        // The line is the heading.
        None if rest.len() <= TITLE_CHARACTERS_MAX => {
            let last = text.before(rest.end);
            if matches!(last, ';' | ',' | '、') || text.contains(rest, ";") {
                return None;
            }
            let colon = text.find_mark(rest, &[':']).filter(|&at| at + 1 < rest.end);
            if let Some(at) = colon {
                // 1.目标：到2025年……
                let title = title_of(text, Span::new(rest.start, at));
                return (small && title.len() <= 15 || !small && title.len() <= 20)
                    .then(|| (node(index, Some(label), title, true, 0.7, at + 1), index + 1));
            }
            let commas = count(text, rest, ',');
            if small && (1 < commas && 30 < rest.len() || 40 < rest.len()) {
                return None;
            }
            let sure = if rest.len() <= 36 { 0.97 } else { 0.85 };
            Some((node(index, Some(label), title_of(text, rest), false, sure, rest.end), index + 1))
        }
        Some(at) if at + 1 == rest.end => {
            let short = at - rest.start <= if small { 26 } else { 36 };
            (short && !text.contains(rest, ";"))
                .then(|| (node(index, Some(label), title_of(text, rest), false, 0.85, rest.end), index + 1))
        }
        Some(at) => {
            let title = Span::new(rest.start, at);
            let colon = text.find_mark(title, &[':']);
            if let Some(colon) = colon {
                let head = title_of(text, Span::new(rest.start, colon));
                return (head.len() <= 18 && 2 <= head.len() && count(text, head, ',') == 0)
                    .then(|| (node(index, Some(label), head, true, 0.7, colon + 1), index + 1));
            }
            let longest = if small { 30 } else { RUNIN_CHARACTERS_MAX };
            (title.len() <= longest
                && count(text, title, ',') <= 1
                && !text.contains(title, ";")
                && 2 <= title.len())
            .then(|| {
                (
                    node(
                        index,
                        Some(label),
                        title_of(text, title),
                        true,
                        if small { 0.8 } else { 0.95 },
                        at + 1,
                    ),
                    index + 1,
                )
            })
        }
        None => {
            // A long paragraph behind a mark: a heading only where a colon or a space sets its head apart.
            let colon = text
                .find_mark(rest, &[':', ' '])
                .filter(|&at| at - rest.start <= 18 && 4 <= at - rest.start)?;
            (label.scheme <= Scheme::Bracket && text.find(Span::new(rest.start, colon), ",").is_none()).then(
                || {
                    (
                        node(
                            index,
                            Some(label),
                            title_of(text, Span::new(rest.start, colon)),
                            true,
                            0.6,
                            colon + 1,
                        ),
                        index + 1,
                    )
                },
            )
        }
    }
}

fn count(text: &Text, span: Span, mark: char) -> usize {
    text.folded(span).iter().filter(|&&c| c == mark).count()
}

/// 前言, 目录, 名词解释 and, where the file has styles, its own headings.
fn unnumbered(text: &Text, index: usize, front: usize) -> Option<(Node, usize)> {
    let line = text.lines.get(index)?;
    let words: String = text.folded(line.span).iter().filter(|c| !c.is_whitespace()).collect();
    let known = matches!(
        words.trim_end_matches(':'),
        "目录"
            | "前言"
            | "引言"
            | "序言"
            | "绪论"
            | "结语"
            | "名词解释"
            | "附录"
            | "附则"
            | "总则"
            | "后记"
            | "名词注释"
    );
    if known {
        let sure = if matches!(words.as_str(), "目录") { 0.5 } else { 0.7 };
        return Some((node(index, None, title_of(text, line.span), false, sure, line.span.end), index + 1));
    }
    let styled = line.heading.is_some()
        && front <= index
        && line.span.len() <= 40
        && text.find_mark(line.span, &['。', ';']).is_none();
    let title_line = line.heading == Some(1)
        && index < front + 12
        && lexicon::document_kinds().ends(text, line.span.end, line.span.start).is_some();
    (styled && !title_line)
        .then(|| (node(index, None, title_of(text, line.span), false, 0.6, line.span.end), index + 1))
}

/// 附件 on its own line is headed by the next one; 附件：… at the end of a notice only announces it.
fn annex(text: &Text, index: usize, label: Label) -> Option<(Node, usize)> {
    let line = text.lines.get(index)?;
    let rest = text.trim(Span::new(label.rest, line.span.end));
    if rest.is_empty() {
        let next = (index + 1..text.lines.len().min(index + 4))
            .find(|&next| text.lines.get(next).is_some_and(|l| !l.span.is_empty()))?;
        let title = title_of(text, text.lines.get(next)?.span);
        let fits = title.len() <= TITLE_CHARACTERS_MAX
            && !tables::is_row(text, next)
            && text.find(title, "。").is_none();
        let mut found = node(next, Some(label), title, false, 0.7, title.end);
        found.line = next;
        return fits.then_some((found, next + 1));
    }
    let announced = text.at(label.span.end) == ':' || text.at(label.span.end) == '、';
    // Another annex mark right below is the annex itself; this line only announces it.
    let again = (index + 1..index + 4).any(|next| {
        text.lines
            .get(next)
            .and_then(|line| super::labels::label(text, line.span))
            .is_some_and(|label| label.scheme == Scheme::Annex)
    });
    let below = !again && (index + 1..index + 4).any(|next| tables::is_row(text, next));
    let title = title_of(text, rest);
    ((!announced || below) && title.len() <= TITLE_CHARACTERS_MAX && text.find(rest, "。").is_none())
        .then(|| (node(index, Some(label), title, false, 0.7, line.span.end), index + 1))
}

/// Lines of a table of contents: after 目录, up to where its first entry comes again.
fn contents_lines(text: &Text) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    let is_head = |index: usize| {
        text.lines.get(index).is_some_and(|line| {
            let words: String = text.folded(line.span).iter().filter(|c| !c.is_whitespace()).collect();
            words == "目录" || words == "目次"
        })
    };
    let Some(head) = (0..text.lines.len().min(200)).find(|&index| is_head(index)) else { return lines };
    let entry = |index: usize| -> Option<String> {
        let line = text.lines.get(index)?;
        let words: String = text.folded(line.span).iter().collect();
        let words = words
            .trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || "—-.…·()".contains(c));
        Some(normal(words))
    };
    let mut filled = (head + 1..text.lines.len())
        .filter(|&index| text.lines.get(index).is_some_and(|line| !line.span.is_empty()));
    let Some(first) = filled.next() else { return lines };
    let Some(opening) = entry(first).filter(|words| 2 <= words.chars().count()) else { return lines };
    let limit = text.lines.len().min(first + 200);
    let Some(body) = (first + 1..limit).find(|&index| entry(index).as_deref() == Some(opening.as_str()))
    else {
        return lines;
    };
    // Entries are short; a long paragraph between means that the second mention is something else.
    let short = (first..body).all(|index| text.lines.get(index).is_none_or(|line| line.span.len() <= 80));
    if short {
        lines.extend(first..body);
    }
    lines
}

/// Marks below 1. that number the items of a list are not headings: items end in semicolons, or only few of a run have
/// a title.
fn drop_lists(text: &Text, nodes: &mut Vec<Node>) {
    let listed = |index: usize| {
        text.lines.get(index).is_some_and(|line| {
            label(text, line.span)
                .is_some_and(|label| Scheme::Dot <= label.scheme && label.scheme <= Scheme::Circle)
                && matches!(text.before(line.span.end), ';')
        })
    };
    nodes.retain(|node| {
        let small = node.scheme.is_some_and(|scheme| Scheme::Dot <= scheme && scheme <= Scheme::Circle);
        !(small && (listed(node.line + 1) || node.line.checked_sub(1).is_some_and(listed)))
    });
}

/// Gives every heading the rank of its scheme among the schemes that the document uses.
fn set_levels(nodes: &mut [Node]) {
    let schemes: BTreeSet<Scheme> =
        nodes.iter().filter_map(|node| node.scheme).filter(|scheme| *scheme <= Scheme::Circle).collect();
    let ranks: HashMap<Scheme, u8> =
        schemes.iter().zip(1_u8..).map(|(&scheme, rank)| (scheme, rank)).collect();
    let mut level = 0_u8;
    let mut waiting = Vec::new();
    let mut box_levels: BTreeMap<u8, usize> = BTreeMap::new();
    for (index, node) in nodes.iter_mut().enumerate() {
        match node.scheme {
            Some(Scheme::Box) if level == 0 => waiting.push(index),
            Some(Scheme::Box) => {
                node.level = level + 1;
                *box_levels.entry(node.level).or_default() += 1;
            }
            Some(Scheme::Table) => node.level = level + 1,
            Some(Scheme::Annex) | None => {
                node.level = 1;
                level = 1;
            }
            Some(scheme) => {
                level = ranks.get(&scheme).copied().unwrap_or(1);
                node.level = level;
            }
        }
    }
    // A box before any heading takes the level that other boxes have.
    let usual = box_levels.iter().max_by_key(|(_, count)| **count).map_or(1, |(level, _)| *level);
    for index in waiting {
        if let Some(node) = nodes.get_mut(index) {
            node.level = usual;
        }
    }
}

/// Titles without a mark that open the paragraphs of a section: `搭建平台。围绕……`.
///
/// A short first sentence alone proves nothing; most paragraphs of the section, or of the whole document, must open
/// so.
fn bare_runins(text: &Text, nodes: &[Node], contents: &BTreeSet<usize>, front: usize) -> Vec<Node> {
    let first = nodes.first().map_or(front, |node| node.line.min(front.max(node.line)));
    let mut sections: Vec<(u8, Vec<usize>)> = Vec::new();
    let mut level = 0;
    let mut paragraphs = Vec::new();
    let mut next = nodes.iter().peekable();
    for index in first..text.lines.len() {
        while next.peek().is_some_and(|node| node.line < index) {
            next.next();
        }
        if let Some(node) = next.peek()
            && node.line == index
        {
            sections.push((level, std::mem::take(&mut paragraphs)));
            if node.scheme != Some(Scheme::Box) {
                level = node.level;
            }
            continue;
        }
        let Some(line) = text.lines.get(index) else { break };
        let counts = 12 <= line.span.len()
            && !tables::is_row(text, index)
            && !contents.contains(&index)
            && !is_furniture(text, line.span);
        if counts && label(text, line.span).is_none() {
            paragraphs.push(index);
        }
    }
    sections.push((level, paragraphs));
    let all: usize = sections.iter().map(|(_, paragraphs)| paragraphs.len()).sum();
    let opened: usize =
        sections.iter().flat_map(|(_, p)| p).filter(|&&index| bare_title(text, index).is_some()).count();
    let usual = 5 <= opened && all * 55 <= opened * 100;
    let mut found = Vec::new();
    for (level, paragraphs) in &sections {
        let titled: Vec<(usize, Span)> =
            paragraphs.iter().filter_map(|&index| Some((index, bare_title(text, index)?))).collect();
        // The first paragraph may introduce the others.
        let most = 2 <= titled.len() && paragraphs.len() <= titled.len() * 3 / 2 + 1;
        let sure = match (usual, most) {
            (true, _) => 0.93,
            (false, true) => 0.75,
            (false, false) => continue,
        };
        for (index, title) in titled {
            if !most && count(text, title, ',') != 0 {
                continue;
            }
            let rest = title.end + 1;
            let mut node = node(index, None, title, true, sure, rest);
            node.level = level + 1;
            found.push(node);
        }
    }
    found
}

/// The short first sentence of a paragraph, if it reads like a title.
fn bare_title(text: &Text, index: usize) -> Option<Span> {
    let line = text.lines.get(index)?.span;
    let line = text.trim_with(line, |c| {
        c.is_whitespace() || matches!(c, '—' | '●' | '■' | '◆' | '•' | '·' | '▲' | '★' | '*')
    });
    let stop = text.find_mark(line, &['。'])?;
    let title = Span::new(line.start, stop);
    let more = 8 <= line.end.saturating_sub(stop + 1);
    let plain = (4..=BARE_RUNIN_CHARACTERS_MAX).contains(&title.len())
        && count(text, title, ',') <= 1
        && text.find_mark(title, &[':', ';', '《']).is_none()
        && !text.folded(title).iter().any(char::is_ascii_digit)
        && !text.contains_any(title, &["一是", "首先", "例如"]);
    (more && plain).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(words: &str) -> Vec<String> {
        let text = Text::new(&Document::from_text(words));
        outline(&text, 0)
            .iter()
            .map(|node| {
                let heading = node.heading(&text);
                format!("{} {}{}", heading.level, heading.title, if heading.runin { " >" } else { "" })
            })
            .collect()
    }

    #[test]
    fn levels_follow_the_schemes_and_not_the_order_of_appearance() {
        let words = "(二)培育主体\n一、促进发展\n(一)提升能力\n第二章 保障\n一、加强领导\n";
        assert_eq!(check(words), ["3 培育主体", "2 促进发展", "3 提升能力", "1 保障", "2 加强领导"]);
    }

    #[test]
    fn a_title_may_run_into_its_paragraph() {
        let words = "一、保障措施\n(一)加强领导。建立专班,定期调度工作进展情况。\n(二)强化考核。纳入年度考核,定期通报各单位进展。\n";
        assert_eq!(check(words), ["1 保障措施", "2 加强领导 >", "2 强化考核 >"]);
    }

    #[test]
    fn unmarked_titles_need_a_section_full_of_them() {
        let full = "(一)做强主体\n支持头部企业。围绕优势产业,持续支持一批企业。\n培育中小企业。筛选一批企业,加强服务与赋能。\n";
        assert_eq!(check(full), ["1 做强主体", "2 支持头部企业 >", "2 培育中小企业 >"]);
        let single = "(一)做强主体\n加强区域合作和联动。鼓励企业对外开展多层次合作,提升能力。\n(二)做优环境\n深化改革,围绕企业需求提供全流程服务,持续优化办事体验。\n";
        assert_eq!(check(single), ["1 做强主体", "1 做优环境"]);
    }

    #[test]
    fn a_table_of_contents_is_passed_over() {
        let words = "目 录\n一、发展基础……1\n二、主要任务……3\n一、发展基础\n过去五年成绩明显。\n二、主要任务\n正文如下所述。\n";
        assert_eq!(check(words), ["1 目 录", "1 发展基础", "1 主要任务"]);
    }

    #[test]
    fn list_items_are_not_headings() {
        assert_eq!(
            check("一、申报条件\n1.在本区注册的企业;\n2.信用良好的企业;\n3.符合产业方向的企业。\n"),
            ["1 申报条件"]
        );
    }
}
