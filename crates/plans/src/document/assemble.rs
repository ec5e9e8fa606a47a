//! Putting a [`Document`] together: cleaned paragraphs and table rows in, lines with offsets out.

use super::{Document, Format, Hint, Line, limits};

/// What stands between two cells of a table row.
pub(super) const CELL_SEPARATOR: &str = " | ";

/// A document under construction.
pub(super) struct Assembler {
    document: Document,
    tables: u32,
    full: bool,
}

impl Assembler {
    pub(super) fn new(format: Format) -> Self {
        let document = Document { format, text: String::new(), lines: Vec::new(), warnings: Vec::new() };
        Self { document, tables: 0, full: false }
    }

    /// Adds a line exactly as it is. `line` holds no newline.
    pub(super) fn push_verbatim(&mut self, line: &str, hint: Hint) {
        if self.full || limits::TEXT_BYTES_MAX < self.document.text.len() + line.len() {
            self.overflow();
            return;
        }
        if !self.document.lines.is_empty() {
            self.document.text.push('\n');
        }
        let start = self.document.text.len();
        self.document.text.push_str(line);
        self.document.lines.push(Line { start, end: self.document.text.len(), hint });
    }

    /// Adds a paragraph with its white space tidied; an empty one adds nothing.
    pub(super) fn push_paragraph(&mut self, words: &str, hint: Hint) {
        for part in words.split('\n') {
            let tidy = tidy_spaces(part);
            if !tidy.is_empty() {
                self.push_verbatim(&tidy, hint);
            }
        }
    }

    /// Adds a table. Every row is padded to the widest one, so that a column keeps its place; rows without any word
    /// are left out. `page` gives the page each row begins on.
    pub(super) fn push_table(&mut self, rows: &[Vec<String>], page: impl Fn(usize) -> Option<u32>) {
        let tidy: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| cell_words(cell)).collect()).collect();
        let filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.is_empty());
        // A column without any word is layout, not content.
        let width = tidy.iter().map(Vec::len).max().unwrap_or(0).min(limits::TABLE_COLUMNS_MAX);
        let used: Vec<bool> = (0..width)
            .map(|at| tidy.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty())))
            .collect();
        let table = self.tables;
        let mut any = false;
        for (index, row) in tidy.iter().enumerate().filter(|(_, row)| filled(row)) {
            let cells: Vec<&str> = (0..width)
                .filter(|at| used.get(*at) == Some(&true))
                .map(|at| row.get(at).map_or("", String::as_str))
                .collect();
            // A row of one cell still shows that it is one.
            let line =
                if cells.len() == 1 { format!("{} |", cells.concat()) } else { cells.join(CELL_SEPARATOR) };
            self.push_verbatim(&line, Hint { table: Some(table), page: page(index), heading: None });
            any = true;
        }
        if any {
            self.tables += 1;
        }
    }

    /// Notes something that was left out.
    pub(super) fn warn(&mut self, words: impl Into<String>) {
        let words = words.into();
        if !self.document.warnings.contains(&words) {
            self.document.warnings.push(words);
        }
    }

    pub(super) fn finish(self) -> Document {
        self.document
    }

    fn overflow(&mut self) {
        if !self.full {
            self.full = true;
            self.warn(format!("text longer than {} bytes was cut", limits::TEXT_BYTES_MAX));
        }
    }
}

/// A table cell on one line: its paragraphs joined, a bar that is part of its words made a full-width one.
pub(super) fn cell_words(cell: &str) -> String {
    let mut words = String::new();
    for part in cell.split('\n') {
        let part = tidy_spaces(part);
        if part.is_empty() {
            continue;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&part);
    }
    if words.contains('|') { words.replace('|', "\u{FF5C}") } else { words }
}

/// White space as a reader sees it: runs become one space, none at the ends, invisible characters gone.
///
/// Full-width spaces and non-breaking spaces are how Chinese pages indent and align; as separators they are spaces.
pub(super) fn tidy_spaces(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut gap = false;
    for c in words.chars() {
        match c {
            '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\u{202A}'..='\u{202E}' => {}
            _ if c.is_whitespace() => gap = !out.is_empty(),
            _ if c.is_control() => {}
            _ => {
                if gap {
                    out.push(' ');
                    gap = false;
                }
                out.push(c);
            }
        }
    }
    out
}
