//! Markdown: its marks taken off, its structure kept as hints.

use super::assemble::Assembler;
use super::blocks::{Block, Cell, Table, write_blocks};
use super::{Document, Format, html};

/// A line at least this long that stops in mid-sentence was wrapped by an editor. Unit: characters.
const WRAPPED_LINE_MIN: usize = 30;

pub(super) fn read_markdown(text: &str) -> Document {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = skip_front_matter(&lines);
    // Whether the next line may go on with the paragraph before it.
    let mut open_paragraph = false;
    while let Some(line) = lines.get(at) {
        let bare = strip_quote(line);
        let next = lines.get(at + 1).map_or("", |it| strip_quote(it));
        at += 1;
        if let Some(fence) = ["```", "~~~"].iter().find(|it| bare.starts_with(**it)) {
            while let Some(code) = lines.get(at) {
                at += 1;
                if code.trim().starts_with(fence) {
                    break;
                }
                blocks.push(Block::paragraph(*code));
            }
            open_paragraph = false;
        } else if bare.to_ascii_lowercase().starts_with("<table") {
            let mut fragment = String::from(bare);
            while !fragment.to_ascii_lowercase().contains("</table") {
                let Some(more) = lines.get(at) else { break };
                at += 1;
                fragment.push('\n');
                fragment.push_str(more);
            }
            blocks.extend(html::fragment_blocks(&fragment));
            open_paragraph = false;
        } else if bare.contains('|') && is_delimiter_row(next) {
            let mut table = Table { rows: vec![table_row(bare)] };
            at += 1;
            while let Some(row) = lines.get(at).map(|it| strip_quote(it)).filter(|it| it.contains('|')) {
                table.rows.push(table_row(row));
                at += 1;
            }
            blocks.push(Block::Table(table));
            open_paragraph = false;
        } else if bare.is_empty() || is_rule(bare) {
            open_paragraph = false;
        } else if let Some((level, words)) = atx_heading(bare) {
            blocks.push(Block::Paragraph { words: plain(words), heading: Some(level) });
            open_paragraph = false;
        } else if is_underline(next) && !open_paragraph {
            let heading = Some(if next.starts_with('=') { 1 } else { 2 });
            blocks.push(Block::Paragraph { words: plain(bare), heading });
            at += 1;
        } else {
            let (item, words) = strip_bullet(bare);
            let words = plain(words);
            let hard_break = line.ends_with("  ") || line.ends_with('\\');
            match blocks.last_mut() {
                Some(Block::Paragraph { words: before, heading: None })
                    if open_paragraph && !item && was_wrapped(before, &words) =>
                {
                    let wide = |c: Option<char>| c.is_some_and(|c| '\u{2E80}' <= c);
                    if !(wide(before.chars().next_back()) || wide(words.chars().next())) {
                        before.push(' ');
                    }
                    before.push_str(&words);
                }
                _ => blocks.push(Block::paragraph(words)),
            }
            open_paragraph = !hard_break;
        }
    }
    let mut out = Assembler::new(Format::Markdown);
    write_blocks(&blocks, &mut out);
    out.finish()
}

/// Whether `next` goes on with the sentence that `before` stops in.
fn was_wrapped(before: &str, next: &str) -> bool {
    let ended = before.ends_with(['。', '；', '：', '！', '？', '.', ';', ':', '!', '?', '”', '》', '）']);
    let starts_anew = next.starts_with(['（', '(', '第', '专', '附', '-', '•'])
        || next.chars().next().is_some_and(|c| c.is_ascii_digit())
        || next.chars().nth(1) == Some('、')
        || next.chars().nth(2) == Some('、');
    !ended && !starts_anew && WRAPPED_LINE_MIN <= before.chars().count()
}

fn skip_front_matter(lines: &[&str]) -> usize {
    if lines.first().is_some_and(|line| line.trim_end() == "---") {
        let end = lines.iter().skip(1).position(|line| matches!(line.trim_end(), "---" | "..."));
        return end.map_or(0, |at| at + 2);
    }
    0
}

fn strip_quote(line: &str) -> &str {
    let mut rest = line.trim();
    while let Some(inner) = rest.strip_prefix('>') {
        rest = inner.trim_start();
    }
    rest
}

fn strip_bullet(line: &str) -> (bool, &str) {
    for mark in ["- [ ] ", "- [x] ", "- ", "* ", "+ "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (true, rest.trim_start());
        }
    }
    (line.chars().next().is_some_and(|c| c.is_ascii_digit()), line)
}

fn atx_heading(line: &str) -> Option<(u8, &str)> {
    let rest = line.trim_start_matches('#');
    let level = u8::try_from(line.len() - rest.len()).ok().filter(|it| (1..=6).contains(it))?;
    let spaced =
        rest.starts_with([' ', '\t', '\u{3000}']) || rest.chars().next().is_some_and(|c| '\u{2E80}' <= c);
    spaced.then(|| (level, rest.trim().trim_end_matches('#').trim_end()))
}

fn is_underline(line: &str) -> bool {
    3 <= line.len() && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

fn is_rule(line: &str) -> bool {
    let marks: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    3 <= marks.len() && ['-', '*', '_'].iter().any(|mark| marks.chars().all(|c| c == *mark))
}

fn is_delimiter_row(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

fn table_row(line: &str) -> Vec<Cell> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = if line.ends_with("\\|") { line } else { line.strip_suffix('|').unwrap_or(line) };
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '|' if !escaped => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    let cell = |words: &String| {
        let words = ["<br>", "<br/>", "<br />"]
            .iter()
            .fold(words.replace("\\|", "｜"), |it, tag| it.replace(tag, "\n"));
        Cell { blocks: vec![Block::paragraph(plain(&words))], column_span: 1, row_span: 1 }
    };
    cells.iter().map(cell).collect()
}

/// Words without marks of emphasis, links, images, inline code, comments and escapes.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        match c {
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(after.chars().next());
                rest = after.get(1..).unwrap_or("");
            }
            '!' if after.starts_with('[') => match link(after) {
                Some((_, behind)) => rest = behind,
                None => {
                    out.push(c);
                    rest = after;
                }
            },
            '[' => match link(rest) {
                Some((label, behind)) => {
                    out.push_str(&plain(label));
                    rest = behind;
                }
                None => {
                    out.push(c);
                    rest = after;
                }
            },
            '*' | '`' => rest = after,
            '~' if after.starts_with('~') => rest = after.get(1..).unwrap_or(""),
            '_' if is_emphasis(&out, after) => rest = after.trim_start_matches('_'),
            '<' => match after.find('>') {
                Some(end) if is_tag(after.get(..end).unwrap_or("")) => {
                    rest = after.get(end + 1..).unwrap_or("")
                }
                _ => {
                    out.push(c);
                    rest = after;
                }
            },
            _ => {
                out.push(c);
                rest = after;
            }
        }
    }
    out
}

/// `_` marks emphasis at the border of a word only: names of files and fields keep theirs.
fn is_emphasis(before: &str, after: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let after = after.trim_start_matches('_');
    !(word(before.chars().next_back()) && word(after.chars().next()))
}

fn is_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches('/');
    inner.starts_with("!--") || name.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
}

/// `[label](address)` at the front: the label and what follows.
fn link(words: &str) -> Option<(&str, &str)> {
    let inner = words.strip_prefix('[')?;
    let close = inner.find("](")?;
    let label = inner.get(..close).filter(|it| !it.contains('['))?;
    let address = inner.get(close + 2..)?;
    let end = address.find(')')?;
    Some((label, address.get(end + 1..)?))
}
