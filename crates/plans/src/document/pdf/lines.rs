//! Characters to lines of print.

use super::draw::Glyph;

/// Characters whose baselines differ less than this share of their size stand on one line.
const SAME_LINE: f32 = 0.5;

/// One line of print.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PrintLine {
    pub(super) words: String,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Baseline.
    pub(super) y: f32,
    pub(super) size: f32,
    /// Width of what would have had to fit on the line before, had this line not begun here.
    pub(super) first_width: f32,
}

/// Brings characters into lines, top line first.
pub(super) fn lines(glyphs: Vec<Glyph>) -> Vec<PrintLine> {
    rows(glyphs).into_iter().filter_map(line).collect()
}

/// Characters that stand on one line, top line first.
pub(super) fn rows(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.retain(|glyph| 0.5 < glyph.size && !glyph.c.is_control());
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    let mut row_y = f32::NAN;
    let mut row_size = 0.0f32;
    for glyph in glyphs {
        let near = rows.last().is_some()
            && row_y - glyph.y < SAME_LINE * row_size.max(glyph.size).min(2.0 * glyph.size);
        if near {
            if let Some(row) = rows.last_mut() {
                row.push(glyph);
            }
            if row_size < glyph.size && !glyph.c.is_whitespace() {
                row_size = glyph.size;
            }
        } else {
            row_y = glyph.y;
            row_size = glyph.size;
            rows.push(vec![glyph]);
        }
    }
    rows
}

/// One line of the characters that stand on it; `None` when it is blank.
pub(super) fn line(mut row: Vec<Glyph>) -> Option<PrintLine> {
    row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let inked = || row.iter().filter(|glyph| !glyph.c.is_whitespace());
    let left = inked().map(|it| it.x0).reduce(f32::min)?;
    let right = inked().map(|it| it.x1).reduce(f32::max)?;
    let size = middle(inked().map(|it| it.size).collect())?;
    let y = middle(inked().map(|it| it.y).collect())?;
    let mut words = String::new();
    let mut before: Option<Glyph> = None;
    for glyph in row.iter().filter(|glyph| left <= glyph.x0 && glyph.x0 < right.max(left + 0.1)) {
        if let Some(last) = before {
            // Bold made by drawing twice.
            if last.c == glyph.c && (glyph.x0 - last.x0).abs() < 0.15 * glyph.size {
                continue;
            }
            let gap = glyph.x0 - last.x1;
            let (wide_before, wide_after) = (is_wide(last.c), is_wide(glyph.c));
            // Setting programs leave a quarter between Chinese and Latin, and stretch justified lines.
            let least = match (wide_before, wide_after) {
                (false, false) => 0.22,
                (true, true) => 0.8,
                _ => 0.5,
            };
            let blank = last.c.is_whitespace() || glyph.c.is_whitespace();
            if !blank && least * glyph.size < gap {
                words.push(' ');
            }
        }
        words.push(glyph.c);
        before = Some(*glyph);
    }
    let first_width = first_width(&row);
    Some(PrintLine { words, left, right, y, size, first_width })
}

fn middle(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Width of the first piece that a line break may not cut: a word or number, or a character with its punctuation.
fn first_width(row: &[Glyph]) -> f32 {
    let mut pieces = row.iter().skip_while(|glyph| glyph.c.is_whitespace());
    let mut width = 0.0;
    let mut last: Option<char> = None;
    for glyph in pieces.by_ref() {
        let joined = match last {
            None => true,
            Some(before) => {
                opens(before) || closes(glyph.c) || (is_word_part(before) && is_word_part(glyph.c))
            }
        };
        if !joined {
            break;
        }
        width += glyph.x1 - glyph.x0;
        last = Some(glyph.c);
    }
    width
}

/// Letters that are set in a full square.
pub(super) fn is_wide(c: char) -> bool {
    '\u{2E80}' <= c || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '①'..='⑳')
}

fn is_word_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%' | '-' | '/' | '+')
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '(' | '《' | '〈' | '“' | '‘' | '【' | '〔' | '[')
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | ')'
            | '》'
            | '〉'
            | '”'
            | '’'
            | '】'
            | '〕'
            | ']'
            | ','
            | '.'
            | ';'
            | ':'
            | '%'
            | '％'
    )
}

/// Puts the words of two lines of one paragraph together.
pub(super) fn join_words(before: &mut String, next: &str) {
    let next = next.trim_start();
    let last = before.trim_end().chars().next_back();
    let first = next.chars().next();
    let ended_blank = before.ends_with(char::is_whitespace);
    let narrow = |c: Option<char>| c.is_some_and(|c| !is_wide(c));
    // Between two Latin words a break stands for a space; a hyphen at the end keeps them together.
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_wide(c));
    let spaced = (narrow(last) && narrow(first) && latin(last) && first.is_some_and(char::is_alphabetic))
        || (ended_blank && narrow(last) && narrow(first));
    before.truncate(before.trim_end().len());
    if spaced {
        before.push(' ');
    }
    before.push_str(next);
}
