//! Just enough reading of Rust text for the rules: comments, literals and balanced braces.

/// A piece of Rust text. `line` counts from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Everything that is neither comment nor string.
    Code { line: usize, text: &'a str },
    /// A string literal without its quotes, escapes as written.
    Text { line: usize, text: &'a str },
    /// A comment with its slashes.
    Comment { line: usize, text: &'a str },
}

/// Cuts `source` into code, strings and comments, in order.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut code_from, mut line, mut code_line) = (0, 0, 1, 1);
    let lines_in = |from: usize, to: usize| bytes[from..to].iter().filter(|byte| **byte == b'\n').count();
    while at < bytes.len() {
        let rest = &bytes[at..];
        // (length of what opens, length of the whole, is it a comment)
        let special = if rest.starts_with(b"//") {
            Some((0, rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()), 0, true))
        } else if rest.starts_with(b"/*") {
            Some((0, block_comment(rest), 0, true))
        } else if rest[0] == b'"' {
            let whole = quoted(rest);
            Some((1, whole, 1, false))
        } else if rest[0] == b'r' && !is_word_before(bytes, at) {
            raw_string(rest).map(|(hashes, whole)| (2 + hashes, whole, 1 + hashes, false))
        } else if rest[0] == b'\'' {
            at += char_literal(rest);
            continue;
        } else {
            None
        };
        let Some((open, whole, close, comment)) = special else {
            if rest[0] == b'\n' {
                line += 1;
            }
            at += 1;
            continue;
        };
        if code_from < at {
            found.push(Piece::Code { line: code_line, text: &source[code_from..at] });
        }
        let inner = &source[at + open..(at + whole).saturating_sub(close).max(at + open)];
        found.push(if comment {
            Piece::Comment { line, text: inner }
        } else {
            Piece::Text { line, text: inner }
        });
        line += lines_in(at, at + whole);
        at += whole;
        (code_from, code_line) = (at, line);
    }
    if code_from < bytes.len() {
        found.push(Piece::Code { line: code_line, text: &source[code_from..] });
    }
    found
}

fn is_word_before(bytes: &[u8], at: usize) -> bool {
    // A `b` before `r` makes a raw byte string, which is read as a string all the same.
    0 < at && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') && bytes[at - 1] != b'b'
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Number of hashes and whole length of a raw string, if one begins here.
fn raw_string(rest: &[u8]) -> Option<(usize, usize)> {
    let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'"'];
    end.resize(1 + hashes, b'#');
    let body = &rest[2 + hashes..];
    let length = body.windows(end.len()).position(|window| window == end)?;
    Some((hashes, 2 + hashes + length + end.len()))
}

/// Length of a character literal, or 1 where the quote begins a lifetime.
fn char_literal(rest: &[u8]) -> usize {
    if rest.get(1) == Some(&b'\\') {
        let close = rest.iter().skip(3).position(|byte| *byte == b'\'');
        return close.map_or(1, |close| close + 4);
    }
    // One character of up to four bytes, then the closing quote.
    (2..=5)
        .find(|close| {
            rest.get(*close) == Some(&b'\'')
                && std::str::from_utf8(&rest[1..*close]).is_ok_and(|it| it.chars().count() == 1)
        })
        .map_or(1, |close| close + 1)
}

/// The pieces between the braces that open after each place where `opener` ends a piece of code or stands in one.
///
/// Serves for `html! {` … `}` and for the bodies of functions.
pub(super) fn bodies<'a>(pieces: &[Piece<'a>], opener: &str) -> Vec<Vec<Piece<'a>>> {
    let mut found = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Code { line, text } = *piece else { continue };
        let mut from = 0;
        while let Some(place) = text[from..].find(opener) {
            let after = from + place + opener.len();
            let before = text[..from + place].bytes().filter(|byte| *byte == b'\n').count();
            found.push(body(&pieces[index + 1..], Piece::Code { line: line + before, text: &text[after..] }));
            from = after;
        }
    }
    found
}

fn body<'a>(following: &[Piece<'a>], first: Piece<'a>) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for piece in std::iter::once(&first).chain(following) {
        let Piece::Code { line, text } = *piece else {
            if 0 < depth {
                found.push(*piece);
            }
            continue;
        };
        let (mut from, mut from_line, mut at_line) = (0, line, line);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'\n' => at_line += 1,
                b'{' => {
                    if depth == 0 {
                        (from, from_line) = (at + 1, at_line);
                    }
                    depth += 1;
                }
                b'}' if depth == 1 => {
                    found.push(Piece::Code { line: from_line, text: &text[from..at] });
                    return found;
                }
                b'}' => depth = depth.saturating_sub(1),
                // A declaration without a body, as in a trait.
                b';' if depth == 0 => return found,
                _ => {}
            }
        }
        if 0 < depth {
            found.push(Piece::Code { line: from_line, text: &text[from..] });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        pieces(source)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Text { text, .. } => Some(text),
                Piece::Code { .. } | Piece::Comment { .. } => None,
            })
            .collect()
    }

    #[test]
    fn strings_are_told_from_comments_characters_and_lifetimes() {
        let source = r##"fn a<'a>(x: &'a str) { // "no"
            /* "no /* nested */ either" */ let c = '"'; let d = '\''; let e = '好';
            f("one \" quote", r#"raw "two""#, b"three"); }"##;
        assert_eq!(texts(source), [r#"one \" quote"#, r#"raw "two""#, "three"]);
    }

    #[test]
    fn lines_are_counted_across_strings_and_comments() {
        let found = pieces("a\n\"b\nc\"\n// d\ne \"f\"");
        assert_eq!(found.last(), Some(&Piece::Text { line: 5, text: "f" }));
    }

    #[test]
    fn a_body_ends_at_its_own_brace() {
        let source = "html! { p { \"in\" } } other { \"out\" }";
        let found = bodies(&pieces(source), "html!");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(&Piece::Text { line: 1, text: "in" }));
        assert!(!found[0].contains(&Piece::Text { line: 1, text: "out" }));
    }

    #[test]
    fn a_declaration_without_a_body_has_none() {
        let found = bodies(&pieces("fn code(&self) -> u8; fn other() { \"x\" }"), "fn code(");
        assert_eq!(found, [Vec::new()]);
    }
}
