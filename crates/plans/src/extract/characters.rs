//! The document as characters: code points to quote from, and the same folded to half width to compare with.
//!
//! All places inside extraction are indices into these two vectors, never bytes, so no scan can cut a character in
//! half. Folding is one to one: the folded character at an index always stands for the written one at that index.

use crate::document::Document;

use super::findings::{Evidence, Span};

/// A line of the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextLine {
    /// Counted from 1.
    pub(crate) number: usize,
    /// Without white space at either end.
    pub(crate) span: Span,
    /// Table the file says it belongs to.
    pub(crate) table: Option<u32>,
    /// Heading level the file gives it.
    pub(crate) heading: Option<u8>,
}

/// Text to search and quote from.
pub(crate) struct Text {
    raw: Vec<char>,
    folded: Vec<char>,
    pub(crate) lines: Vec<TextLine>,
}

impl Text {
    pub(crate) fn new(document: &Document) -> Text {
        let raw: Vec<char> = document.text.chars().collect();
        let folded: Vec<char> = raw.iter().map(|&c| fold(c)).collect();
        let mut text = Text { raw, folded, lines: Vec::new() };
        // Byte offsets to code points in one walk; offsets that fall inside a character take the next one.
        let mut bytes = document.text.char_indices().map(|(byte, _)| byte).enumerate().peekable();
        let length = text.raw.len();
        let mut point_of = |byte: usize| {
            while let Some(&(_, at)) = bytes.peek() {
                if byte <= at {
                    break;
                }
                bytes.next();
            }
            bytes.peek().map_or(length, |&(index, _)| index)
        };
        let mut lines = Vec::with_capacity(document.lines.len());
        for (index, line) in document.lines.iter().enumerate() {
            let start = point_of(line.start);
            let end = point_of(line.end);
            lines.push(TextLine {
                number: index + 1,
                span: text.trim(Span::new(start, end)),
                table: line.hint.table,
                heading: line.hint.heading,
            });
        }
        text.lines = lines;
        text
    }

    /// The folded character at `at`; NUL past the end.
    pub(crate) fn at(&self, at: usize) -> char {
        self.folded.get(at).copied().unwrap_or('\0')
    }

    /// The folded character before `at`; NUL at the front.
    pub(crate) fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\0', |at| self.at(at))
    }

    /// The words at `span`, as written.
    pub(crate) fn quote(&self, span: Span) -> String {
        let end = span.end.min(self.raw.len());
        self.raw.get(span.start.min(end)..end).unwrap_or(&[]).iter().collect()
    }

    /// The folded words at `span`.
    pub(crate) fn folded(&self, span: Span) -> &[char] {
        let end = span.end.min(self.folded.len());
        self.folded.get(span.start.min(end)..end).unwrap_or(&[])
    }

    /// Whether `words` (folded) stand at `at`.
    pub(crate) fn has(&self, at: usize, words: &str) -> bool {
        words.chars().enumerate().all(|(offset, c)| self.at(at + offset) == c)
    }

    /// Whether `words` stand directly before `at`.
    pub(crate) fn ends_with(&self, at: usize, words: &str) -> bool {
        let length = words.chars().count();
        at.checked_sub(length).is_some_and(|start| self.has(start, words))
    }

    /// First place of `words` that lies wholly in `span`.
    pub(crate) fn find(&self, span: Span, words: &str) -> Option<usize> {
        let length = words.chars().count();
        (span.start..(span.end + 1).saturating_sub(length)).find(|&at| self.has(at, words))
    }

    /// Last place of `words` that lies wholly in `span`.
    pub(crate) fn rfind(&self, span: Span, words: &str) -> Option<usize> {
        let length = words.chars().count();
        (span.start..(span.end + 1).saturating_sub(length)).rev().find(|&at| self.has(at, words))
    }

    /// Whether `words` stand somewhere in `span`.
    pub(crate) fn contains(&self, span: Span, words: &str) -> bool {
        self.find(span, words).is_some()
    }

    /// Whether any of `words` stands somewhere in `span`.
    pub(crate) fn contains_any(&self, span: Span, words: &[&str]) -> bool {
        words.iter().any(|word| self.contains(span, word))
    }

    /// First place in `span` whose character is one of `marks`.
    pub(crate) fn find_mark(&self, span: Span, marks: &[char]) -> Option<usize> {
        (span.start..span.end).find(|&at| marks.contains(&self.at(at)))
    }

    /// `span` without white space at either end.
    pub(crate) fn trim(&self, span: Span) -> Span {
        self.trim_with(span, char::is_whitespace)
    }

    /// `span` without characters for which `drop` holds at either end.
    pub(crate) fn trim_with(&self, span: Span, drop: impl Fn(char) -> bool) -> Span {
        let mut span = span;
        while span.start < span.end && drop(self.at(span.start)) {
            span.start += 1;
        }
        while span.start < span.end && drop(self.at(span.end - 1)) {
            span.end -= 1;
        }
        span
    }

    /// Pieces of `span` between characters for which `cut` holds; empty pieces left out, white space trimmed.
    pub(crate) fn split(&self, span: Span, cut: impl Fn(usize) -> bool) -> Vec<Span> {
        let mut pieces = Vec::new();
        let mut start = span.start;
        for at in span.start..=span.end {
            if at == span.end || cut(at) {
                let piece = self.trim(Span::new(start, at));
                if !piece.is_empty() {
                    pieces.push(piece);
                }
                start = at + 1;
            }
        }
        pieces
    }

    /// Number (from 1) of the line that holds the character at `at`.
    pub(crate) fn line_at(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.span.start <= at).max(1)
    }

    /// Words and place of a finding.
    pub(crate) fn evidence(&self, span: Span, confidence: f64) -> Evidence {
        Evidence { line: self.line_at(span.start), span, quote: self.quote(span), confidence }
    }

    /// Sentences of `span`, without their closing mark. Marks inside brackets and quotation marks do not close.
    pub(crate) fn sentences(&self, span: Span) -> Vec<Span> {
        self.split(span, |at| matches!(self.at(at), '。' | ';' | '!' | '?' | '\n'))
    }
}

/// A character at half width: `（` is `(`, `％` is `%`, every kind of space is a space.
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2002}' | '\u{2003}' | '\t' => ' ',
        '–' | '―' | '─' | '‐' | '−' => '—',
        '≧' | '⩾' => '≥',
        '≦' | '⩽' => '≤',
        '〔' | '﹝' => '[',
        '〕' | '﹞' => ']',
        '︰' => ':',
        '﹒' => '.',
        _ => c,
    }
}

/// Words compared without regard to spaces, punctuation, width and case.
pub(crate) fn normal(words: &str) -> String {
    words.chars().map(fold).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `c` is a Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}
