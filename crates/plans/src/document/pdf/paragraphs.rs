//! Lines of print to paragraphs and tables of the whole document.
//!
//! A PDF knows where characters stand and nothing else. What is a paragraph is told by how Chinese official
//! documents are set: a paragraph begins indented and its lines are full to the margin but the last.

use std::collections::HashMap;

use super::lines::{PrintLine, join_words};
use super::ruling::{CellLines, RuledTable};
use crate::document::Hint;
use crate::document::assemble::{Assembler, tidy_spaces};
use crate::document::page_furniture::is_contents_line;

/// A distance this much larger than usual begins a paragraph.
const PARAGRAPH_GAP: f32 = 1.2;

/// What stands on one page, top first.
pub(super) struct PageContent {
    pub(super) number: u32,
    pub(super) height: f32,
    pub(super) parts: Vec<Part>,
}

pub(super) enum Part {
    Line(PrintLine),
    Table(RuledTable),
}

/// Writes the pages as lines of the document.
pub(super) fn write_pages(mut pages: Vec<PageContent>, out: &mut Assembler) {
    drop_running_lines(&mut pages);
    let margins = Margins::of(&pages);
    let mut writer = Writer { out, margins, paragraph: None, table: None };
    for page in pages {
        for part in page.parts {
            match part {
                Part::Line(line) => writer.line(line, page.number),
                Part::Table(table) => writer.table(&table, page.number),
            }
        }
    }
    writer.end_paragraph();
    writer.end_table();
}

/// Headers, footers and page numbers: lines at the edge of a page that are a number or come again on other pages.
fn drop_running_lines(pages: &mut [PageContent]) {
    let mut seen: HashMap<(String, bool), usize> = HashMap::new();
    let edges = |page: &PageContent| -> Vec<(usize, bool, String)> {
        let last = page.parts.len().saturating_sub(1);
        let mut places = vec![(0, true), (1, true), (last.saturating_sub(1), false), (last, false)];
        places.dedup_by_key(|(at, _)| *at);
        let keys = places.into_iter().filter_map(|(at, top)| match page.parts.get(at) {
            Some(Part::Line(line)) => {
                // Twelve percent of the page is margin above and below.
                let at_edge = if top { page.height * 0.88 < line.y } else { line.y < page.height * 0.12 };
                at_edge.then(|| (at, top, running_key(&line.words)))
            }
            _ => None,
        });
        keys.collect()
    };
    for page in pages.iter() {
        for (_, top, key) in edges(page) {
            *seen.entry((key, top)).or_default() += 1;
        }
    }
    let often = (pages.len() / 3).max(3);
    for page in pages.iter_mut() {
        let mut gone: Vec<usize> = Vec::new();
        for (at, top, key) in edges(page) {
            let repeated = seen.get(&(key.clone(), top)).is_some_and(|count| often <= *count);
            if repeated || is_page_number(&key) {
                gone.push(at);
            }
        }
        let mut at = 0;
        page.parts.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
    }
}

/// A line with its numbers taken out: page numbers and dates change from page to page.
fn running_key(words: &str) -> String {
    let mut key = String::new();
    for c in words.chars().filter(|c| !c.is_whitespace()) {
        let c = if c.is_numeric() && c.is_ascii() { '#' } else { c };
        if !(c == '#' && key.ends_with('#')) {
            key.push(c);
        }
    }
    key
}

fn is_page_number(key: &str) -> bool {
    let bare: String = key.chars().filter(|c| !matches!(c, '-' | '—' | '–' | '－' | '·' | '~')).collect();
    matches!(
        bare.as_str(),
        "#" | "第#页" | "第#页共#页" | "第#页，共#页" | "第#页/共#页" | "#/#" | "#of#" | "Page#" | "Page#of#"
    )
}

/// Where the lines of running text begin and end.
#[derive(Clone, Copy)]
struct Margins {
    left: f32,
    right: f32,
    size: f32,
    /// Usual distance between two lines of a paragraph; 0 when it cannot be told.
    pitch: f32,
}

impl Margins {
    fn of(pages: &[PageContent]) -> Margins {
        let lines = || {
            pages.iter().flat_map(|page| &page.parts).filter_map(|part| match part {
                Part::Line(line) => Some(line),
                Part::Table(_) => None,
            })
        };
        let mut margins = Self::of_lines(lines().collect());
        let mut gaps: Vec<f32> = Vec::new();
        for page in pages {
            for pair in page.parts.windows(2) {
                // A full line, and one that begins at the margin: nearly always one paragraph.
                if let [Part::Line(above), Part::Line(below)] = pair
                    && (above.size - below.size).abs() < 0.5
                    && (below.size - margins.size).abs() < 1.0
                    && margins.right - above.right < 1.5 * above.size
                    && (below.left - margins.left).abs() < 0.5 * below.size
                {
                    gaps.push(above.y - below.y);
                }
            }
        }
        gaps.sort_by(f32::total_cmp);
        margins.pitch = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
        margins
    }

    fn of_lines(lines: Vec<&PrintLine>) -> Margins {
        let mut sizes: Vec<f32> =
            lines.iter().flat_map(|line| vec![line.size; line.words.chars().count() / 8 + 1]).collect();
        sizes.sort_by(f32::total_cmp);
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or(12.0);
        // The edge is the outermost place where more than a few lines end; single lines may hang out.
        let edge = |mut places: Vec<f32>| {
            places.sort_by(f32::total_cmp);
            let needed = (places.len() / 25).clamp(1, 6);
            let counted = |at: f32| places.iter().filter(|place| (**place - at).abs() < 2.0).count();
            places.iter().copied().find(|at| needed <= counted(*at)).or(places.first().copied())
        };
        let left = edge(lines.iter().map(|line| line.left).collect()).unwrap_or(0.0);
        let right = edge(lines.iter().map(|line| -line.right).collect()).map_or(0.0, |it| -it);
        Margins { left, right, size, pitch: 0.0 }
    }

    fn is_centred(&self, line: &PrintLine) -> bool {
        let (before, behind) = (line.left - self.left, self.right - line.right);
        (before - behind).abs() < 1.5 * line.size && 2.5 * line.size < before
    }

    /// Whether `next` goes on with the paragraph that `last` belongs to.
    fn goes_on(&self, last: &PrintLine, next: &PrintLine) -> bool {
        if 0.15 < (last.size - next.size).abs() / last.size.max(next.size) {
            return false;
        }
        // A long title is set large and centred, on two or three lines.
        if self.is_centred(last) && self.is_centred(next) {
            let large = self.size * 1.15 < last.size;
            let stops = next.words.trim_start().starts_with(['（', '(', '—']);
            return large && !stops;
        }
        if last.words.trim_end().ends_with(['。', '；', '！', '？']) && starts_numbered(&next.words) {
            return false;
        }
        let indented = self.left + 0.9 * next.size < next.left;
        // The line was broken because the next piece did not fit. Punctuation may be squeezed or hang.
        let room = self.right - last.right;
        room < next.first_width + 0.6 * next.size && !indented
    }
}

/// Whether a line begins as a numbered heading or clause does: 一、 （一） 1. 第一章.
fn starts_numbered(words: &str) -> bool {
    let words = words.trim_start().trim_start_matches(['（', '(']);
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c);
    let rest = words.strip_prefix('第').unwrap_or(words).trim_start_matches(numeral);
    let label = words.len() - rest.len();
    let closed = rest.starts_with(['、', '）', ')', '章', '节', '条'])
        || (rest.starts_with(['.', '．']) && !rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    0 < label && closed
}

struct Paragraph {
    words: String,
    last: PrintLine,
    page: u32,
}

struct OpenTable {
    columns: Vec<f32>,
    rows: Vec<(Vec<String>, u32)>,
    /// Page of the last part.
    page: u32,
}

struct Writer<'a> {
    out: &'a mut Assembler,
    margins: Margins,
    paragraph: Option<Paragraph>,
    table: Option<OpenTable>,
}

impl Writer<'_> {
    fn line(&mut self, line: PrintLine, page: u32) {
        if tidy_spaces(&line.words).is_empty() || is_contents_line(&line.words) {
            return;
        }
        self.end_table();
        if let Some(open) = &mut self.paragraph {
            // On one page the next line must be near; over a page break nothing can be said.
            let gap = open.last.y - line.y;
            let pitch = self.margins.pitch;
            // Room above a paragraph, where a document is set with it.
            let usual =
                pitch <= 0.0 || (line.size - self.margins.size).abs() > 1.0 || gap < pitch * PARAGRAPH_GAP;
            let near = open.page != page || (gap < 3.2 * line.size && usual);
            if near && self.margins.goes_on(&open.last, &line) {
                join_words(&mut open.words, &line.words);
                open.last = line;
                return;
            }
        }
        self.end_paragraph();
        self.paragraph = Some(Paragraph { words: line.words.clone(), last: line, page });
    }

    fn end_paragraph(&mut self) {
        if let Some(open) = self.paragraph.take() {
            self.out.push_paragraph(&open.words, Hint { page: Some(open.page), ..Hint::default() });
        }
    }

    fn table(&mut self, table: &RuledTable, page: u32) {
        self.end_paragraph();
        let width = table.columns.len().saturating_sub(1);
        let mut rows = if width == 1 { box_rows(table) } else { cell_rows(table) };
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        if let Some(open) = &mut self.table {
            let aligned = open.columns.len() == table.columns.len()
                && open.columns.iter().zip(&table.columns).all(|(a, b)| (a - b).abs() < 6.0);
            if aligned && open.page < page {
                open.page = page;
                open.add_page(rows, page, table.open_top);
                return;
            }
        }
        self.end_table();
        let rows = rows.into_iter().map(|row| (row, page)).collect();
        self.table = Some(OpenTable { columns: table.columns.clone(), rows, page });
    }

    fn end_table(&mut self) {
        if let Some(open) = self.table.take() {
            let pages: Vec<u32> = open.rows.iter().map(|(_, page)| *page).collect();
            let rows: Vec<Vec<String>> = open.rows.into_iter().map(|(row, _)| row).collect();
            self.out.push_table(&rows, |at| pages.get(at).copied());
        }
    }
}

impl OpenTable {
    /// Adds the rows of the next page: its repeated header goes, a row cut by the page break is put together.
    fn add_page(&mut self, rows: Vec<Vec<String>>, page: u32, open_top: bool) {
        let mut rows = rows.into_iter().peekable();
        let mut header = self.rows.iter().map(|(row, _)| row.clone()).collect::<Vec<_>>().into_iter();
        while let (Some(next), Some(known)) = (rows.peek(), header.next()) {
            if *next != known {
                break;
            }
            rows.next();
        }
        let counting = self.counting_column();
        if let Some(next) = rows.peek()
            && self.is_cut(next, counting, open_top)
        {
            let rest = rows.next().unwrap_or_default();
            for (column, more) in rest.iter().enumerate().filter(|(_, more)| !more.is_empty()) {
                // The first column may be one cell over many rows: its words stand where it begins.
                let holds = |row: &(Vec<String>, u32)| row.0.get(column).is_some_and(|cell| !cell.is_empty());
                let begins = if column == 0 { self.rows.iter().rposition(holds) } else { None };
                let at = begins.unwrap_or(self.rows.len().saturating_sub(1));
                if let Some(cell) = self.rows.get_mut(at).and_then(|(row, _)| row.get_mut(column)) {
                    join_words(cell, more);
                }
            }
        }
        self.rows.extend(rows.map(|row| (row, page)));
    }

    /// The column that numbers the rows.
    fn counting_column(&self) -> Option<usize> {
        let width = self.columns.len().saturating_sub(1);
        (0..width).find(|column| {
            let cells =
                || self.rows.iter().filter_map(|(row, _)| row.get(*column)).filter(|cell| !cell.is_empty());
            let numbers = cells().filter(|cell| cell.chars().all(|c| c.is_ascii_digit())).count();
            0 < numbers && cells().count() < numbers * 2 + 3
        })
    }

    /// Whether a page's first row is the rest of the last page's last row: it has no number and is no heading.
    fn is_cut(&self, row: &[String], counting: Option<usize>, open_top: bool) -> bool {
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        let Some((last, _)) = self.rows.last() else { return false };
        match counting {
            Some(column) => {
                let unnumbered = row.get(column).is_none_or(String::is_empty);
                let after_number = last.get(column).is_some_and(|cell| !cell.is_empty());
                let first_only = filled == 1 && row.first().is_some_and(|cell| !cell.is_empty());
                let heading =
                    first_only && (!open_top || row.first().is_some_and(|cell| starts_numbered(cell)));
                unnumbered && (after_number || open_top) && !heading
            }
            None if open_top => true,
            // One column: a box goes on.
            None if row.len() == 1 => {
                !last.first().is_some_and(|cell| cell.ends_with(['。', '；', '：', '！', '？']))
            }
            None => false,
        }
    }
}

/// Rows of a table with the lines of each cell put together.
fn cell_rows(table: &RuledTable) -> Vec<Vec<String>> {
    let width = table.columns.len().saturating_sub(1);
    // How wide a full line is in each column; a merged cell may be wider and then counts for itself.
    let mut full = vec![0.0f32; width];
    for row in &table.rows {
        for (column, cell) in row.iter().enumerate() {
            let room =
                table.columns.get(column + 1).unwrap_or(&0.0) - table.columns.get(column).unwrap_or(&0.0);
            for line in cell {
                let length = line.right - line.left;
                if let Some(widest) = full.get_mut(column).filter(|_| length <= room) {
                    *widest = widest.max(length);
                }
            }
        }
    }
    let words =
        |(column, cell): (usize, &CellLines)| cell_words(cell, full.get(column).copied().unwrap_or(0.0));
    table.rows.iter().map(|row| row.iter().enumerate().map(words).collect()).collect()
}

/// Words of a cell. A line that stops well before the others was ended by hand.
fn cell_words(cell: &CellLines, full: f32) -> String {
    let mut out = String::new();
    let widest = cell.iter().map(|line| line.right - line.left).fold(full, f32::max);
    let mut before: Option<&PrintLine> = None;
    for line in cell {
        let ended =
            before.is_some_and(|last| last.right - last.left + line.first_width + 0.3 * line.size < widest);
        if before.is_none() {
            out.push_str(line.words.trim());
        } else if ended {
            out.truncate(out.trim_end().len());
            out.push(' ');
            out.push_str(line.words.trim());
        } else {
            join_words(&mut out, &line.words);
        }
        before = Some(line);
    }
    tidy_spaces(&out)
}

/// A box of one column: its paragraphs, one a row.
fn box_rows(table: &RuledTable) -> Vec<Vec<String>> {
    let all: Vec<&PrintLine> = table.rows.iter().flatten().flatten().collect();
    let margins = Margins::of_lines(all);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &table.rows {
        let mut last: Option<&PrintLine> = None;
        for line in row.iter().flatten() {
            match (last, rows.last_mut().and_then(|row| row.first_mut())) {
                (Some(before), Some(words)) if margins.goes_on(before, line) => {
                    join_words(words, &line.words)
                }
                _ => rows.push(vec![line.words.trim().to_owned()]),
            }
            last = Some(line);
        }
    }
    for cell in rows.iter_mut().flatten() {
        *cell = tidy_spaces(cell);
    }
    rows
}
