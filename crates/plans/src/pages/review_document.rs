//! The document as it was read, with the words of every finding marked.
//!
//! Findings overlap: a task covers a paragraph in which a platform is named and a number promised. The text is
//! therefore cut where any finding begins or ends; each piece names all findings that cover it and leads to the
//! shortest, which is what a person who points at it means.

use std::collections::HashSet;

use hutong_web::Words;
use hutong_web::messages::Value;
use maud::{Markup, html};

use crate::reading::OutlineEntry;

/// What separates the cells of a table's row.
const CELL_SEPARATOR: &str = " | ";
/// From this many characters on, a marked piece is told by a line at its side rather than by its ground.
const WIDE_CHARACTERS: usize = 60;

/// The words of one finding.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The finding's id, as it stands in anchors.
    pub(crate) finding: String,
    /// First character in the whole text.
    pub(crate) start: usize,
    /// One past the last character.
    pub(crate) end: usize,
    /// It is among the findings shown beside the document.
    pub(crate) shown: bool,
    /// Stable name of its state.
    pub(crate) state: &'static str,
    /// Where its card is.
    pub(crate) href: String,
    /// What it is, for those who hover.
    pub(crate) title: String,
}

/// Draws the text. `marks` may overlap and stand in any order.
pub(crate) fn document(words: &Words, text: &str, marks: &[Mark], outline: &[OutlineEntry]) -> Markup {
    let characters: Vec<char> = text.chars().collect();
    let mut sorted: Vec<&Mark> = marks.iter().filter(|mark| mark.start < mark.end).collect();
    sorted.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
    let mut pane = Pane { characters: &characters, marks: sorted, anchored: HashSet::new() };
    let groups = groups(&characters);
    html! {
        @for group in &groups {
            @match group {
                Group::Line(line) => (pane.line(words, line, outline)),
                Group::Rows(rows) => (pane.table(words, rows)),
            }
        }
    }
}

/// Characters shown on each side of words that are quoted with their surroundings.
const AROUND_CHARACTERS: usize = 120;

/// The words from `start` to `end` with what stands around them in the same lines.
pub(crate) fn around(text: &str, start: usize, end: usize) -> Markup {
    let characters: Vec<char> = text.chars().collect();
    let end = end.min(characters.len());
    let start = start.min(end);
    let string =
        |from: usize, to: usize| characters.get(from..to).unwrap_or_default().iter().collect::<String>();
    let from = start.saturating_sub(AROUND_CHARACTERS);
    let to = (end + AROUND_CHARACTERS).min(characters.len());
    let before = string(from, start);
    let after = string(end, to);
    html! {
        @if before.contains('\n') { (before.rsplit('\n').next().unwrap_or_default()) } @else { @if 0 < from { "…" } (before) }
        mark.shown { (string(start, end)) }
        @if after.contains('\n') { (after.split('\n').next().unwrap_or_default()) } @else { (after) @if to < characters.len() { "…" } }
    }
}

/// A line with its number, from 1, and its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    number: u32,
    start: usize,
    end: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Group {
    Line(Line),
    Rows(Vec<Line>),
}

/// Lines, with the rows of a table together. Empty lines are left out: their numbers stay unused.
fn groups(characters: &[char]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(characters.split(|c| *c == '\n')) {
        let end = start + line.len();
        let this = Line { number, start, end };
        start = end + 1;
        if line.iter().all(|c| c.is_whitespace()) {
            continue;
        }
        let is_row = line.windows(3).any(|it| it == [' ', '|', ' ']);
        match groups.last_mut() {
            Some(Group::Rows(rows)) if is_row => rows.push(this),
            _ if is_row => groups.push(Group::Rows(vec![this])),
            _ => groups.push(Group::Line(this)),
        }
    }
    groups
}

struct Pane<'a> {
    characters: &'a [char],
    /// Sorted by their beginning, longer ones first.
    marks: Vec<&'a Mark>,
    /// Findings whose anchor is drawn.
    anchored: HashSet<String>,
}

impl Pane<'_> {
    fn line(&mut self, words: &Words, line: &Line, outline: &[OutlineEntry]) -> Markup {
        let level = outline.iter().find(|entry| entry.line == line.number).map(|entry| entry.level.min(4));
        let class = level.map_or_else(|| "line".to_owned(), |level| format!("line heading level-{level}"));
        html! {
            p class=(class) id={ "line-" (line.number) } {
                (number(words, line.number)) (self.pieces(line.start, line.end))
            }
        }
    }

    fn table(&mut self, words: &Words, rows: &[Line]) -> Markup {
        html! {
            div.rows {
                table {
                    tbody {
                        @for row in rows {
                            tr id={ "line-" (row.number) } {
                                @for (index, (start, end)) in cells(self.characters, row).into_iter().enumerate() {
                                    td {
                                        @if index == 0 { (number(words, row.number)) }
                                        (self.pieces(start, end))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The characters from `start` to `end`, cut at every mark's ends.
    fn pieces(&mut self, start: usize, end: usize) -> Markup {
        let here: Vec<&Mark> = self
            .marks
            .iter()
            .take_while(|mark| mark.start < end)
            .filter(|mark| start < mark.end)
            .copied()
            .collect();
        let mut cuts: Vec<usize> = here.iter().flat_map(|mark| [mark.start, mark.end]).collect();
        cuts.extend([start, end]);
        cuts.retain(|cut| (start..=end).contains(cut));
        cuts.sort_unstable();
        cuts.dedup();
        html! {
            @for pair in cuts.windows(2) {
                @if let [from, to] = pair { (self.piece(&here, *from, *to)) }
            }
        }
    }

    fn piece(&mut self, here: &[&Mark], from: usize, to: usize) -> Markup {
        let text: String = self.characters.get(from..to).unwrap_or_default().iter().collect();
        let covering: Vec<&&Mark> = here.iter().filter(|mark| mark.start <= from && to <= mark.end).collect();
        let Some(meant) = covering.iter().min_by_key(|mark| (!mark.shown, mark.end - mark.start)) else {
            return html! { (text) };
        };
        let names: Vec<&str> = covering.iter().map(|mark| mark.finding.as_str()).collect();
        let mut anchors: Vec<&str> = Vec::new();
        for name in &names {
            if self.anchored.insert((*name).to_owned()) {
                anchors.push(name);
            }
        }
        let mut class = meant.state.to_owned();
        if meant.shown {
            class.push_str(" shown");
        }
        if WIDE_CHARACTERS < meant.end - meant.start {
            class.push_str(" wide");
        }
        html! {
            @for anchor in anchors.iter().skip(1) { span id={ "words-" (anchor) } {} }
            mark id=[anchors.first().map(|anchor| format!("words-{anchor}"))] data-finding=(names.join(" "))
                class=(class) title=(meant.title) {
                a href=(meant.href) { (text) }
            }
        }
    }
}

fn number(words: &Words, number: u32) -> Markup {
    let title = words.t_with("review-line", &[("line", Value::from(number.to_string()))]);
    html! { a.line-number href={ "#line-" (number) } title=(title) aria-label=(title) { (number) } }
}

/// Where the cells of a row lie.
fn cells(characters: &[char], row: &Line) -> Vec<(usize, usize)> {
    let separator: Vec<char> = CELL_SEPARATOR.chars().collect();
    let line = characters.get(row.start..row.end).unwrap_or_default();
    let mut cells = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < line.len() {
        if line.get(at..at + separator.len()) == Some(separator.as_slice()) {
            cells.push((row.start + start, row.start + at));
            at += separator.len();
            start = at;
        } else {
            at += 1;
        }
    }
    cells.push((row.start + start, row.end));
    cells
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;

    use super::*;

    fn mark(finding: &str, start: usize, end: usize, shown: bool) -> Mark {
        Mark {
            finding: finding.to_owned(),
            start,
            end,
            shown,
            state: "open",
            href: format!("#finding-{finding}"),
            title: String::new(),
        }
    }

    fn check(text: &str, marks: &[Mark]) -> String {
        let words = hutong_web::testing::words_of(Language::Chinese, crate::messages());
        let drawn = document(&words, text, marks, &[]).into_string();
        // Only what is asked about: the numbers of the lines are not.
        let mut out = String::new();
        for part in drawn.split("<a class=\"line-number\"") {
            out.push_str(
                part.split_once("</a>").filter(|_| part.starts_with(" href")).map_or(part, |it| it.1),
            );
        }
        out
    }

    #[test]
    fn overlapping_findings_are_cut_and_each_has_one_anchor() {
        insta::assert_snapshot!(
            check("建成甲平台", &[mark("T", 0, 5, false), mark("S", 2, 5, true)]),
            @r##"<p class="line" id="line-1"><mark id="words-T" data-finding="T" class="open" title=""><a href="#finding-T">建成</a></mark><mark id="words-S" data-finding="T S" class="open shown" title=""><a href="#finding-S">甲平台</a></mark></p>"##
        );
    }

    #[test]
    fn rows_of_a_table_stand_together_and_keep_their_places() {
        let text = "表\n序号 | 名称\n1 | 甲";
        let drawn = check(text, &[mark("F", 14, 15, true)]);
        assert!(drawn.contains("<tr id=\"line-3\"><td>1</td><td><mark"), "{drawn}");
        assert_eq!(drawn.matches("<table>").count(), 1);
    }

    #[test]
    fn words_of_a_document_never_become_markup() {
        assert!(check("<script>甲</script>", &[mark("F", 0, 4, true)]).contains("&lt;scr"));
    }
}
