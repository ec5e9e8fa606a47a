//! Numbering schemes: what mark a line opens with, and what it ranks.

use super::characters::{Text, is_han};
use super::findings::Span;
use super::lexicon;
use super::numerals::{chinese_digit, small_number};

/// Scheme of a mark, from the highest rank to the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scheme {
    /// 第一篇, 第一编, 第一部分
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 一、
    Comma,
    /// （一）
    Bracket,
    /// 1. or 1、
    Dot,
    /// 1.1, by the number of its parts
    Decimal(u8),
    /// （1） or 1）
    DotBracket,
    /// ①
    Circle,
    /// 附件1
    Annex,
    /// 专栏1
    Box,
    /// 表1
    Table,
}

/// A mark at the head of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Label {
    pub(crate) scheme: Scheme,
    pub(crate) span: Span,
    /// Its number, where it has one.
    pub(crate) number: Option<u32>,
    /// Where the words after it begin.
    pub(crate) rest: usize,
}

fn numeral_end(text: &Text, at: usize, limit: usize) -> usize {
    let mut end = at;
    while end < limit
        && (text.at(end).is_ascii_digit()
            || chinese_digit(text.at(end)).is_some()
            || "十百".contains(text.at(end)))
    {
        end += 1;
    }
    end
}

/// The mark that `line` opens with.
pub(crate) fn label(text: &Text, line: Span) -> Option<Label> {
    let at = line.start;
    let make = |scheme, end: usize, number: Span| {
        let mut rest = end;
        while text.at(rest) == ' ' && rest < line.end {
            rest += 1;
        }
        Some(Label { scheme, span: Span::new(at, end), number: small_number(text.folded(number)), rest })
    };
    match text.at(at) {
        '第' => {
            let mut start = at + 1;
            while text.at(start) == ' ' {
                start += 1;
            }
            let end = numeral_end(text, start, line.end);
            let mut mark = end;
            while text.at(mark) == ' ' {
                mark += 1;
            }
            let number = Span::new(start, end);
            if start == end || 4 < end - start {
                return None;
            }
            let (scheme, length) = match text.at(mark) {
                '篇' | '编' => (Scheme::Part, 1),
                '部' if text.has(mark, "部分") => (Scheme::Part, 2),
                '章' => (Scheme::Chapter, 1),
                '节' => (Scheme::Section, 1),
                _ => return None,
            };
            make(scheme, mark + length, number)
        }
        '(' => {
            let end = numeral_end(text, at + 1, line.end);
            if end == at + 1 || text.at(end) != ')' {
                return None;
            }
            let arabic = text.at(at + 1).is_ascii_digit();
            if arabic && 2 < end - at - 1 {
                return None;
            }
            let mut close = end + 1;
            if matches!(text.at(close), '、' | '.') {
                close += 1;
            }
            make(if arabic { Scheme::DotBracket } else { Scheme::Bracket }, close, Span::new(at + 1, end))
        }
        '①'..='⑳' => make(Scheme::Circle, at + 1, Span::new(at, at)),
        '专' if text.has(at, "专栏") => {
            let mut start = at + 2;
            while text.at(start) == ' ' {
                start += 1;
            }
            let end = numeral_end(text, start, line.end);
            let close = if start < end { end } else { at + 2 };
            let mut rest = close;
            while matches!(text.at(rest), ':' | '、' | ' ' | '.') && rest < line.end {
                rest += 1;
            }
            let plain = start == end && text.at(at + 2) != ':' && text.at(at + 2) != ' ';
            (!plain).then_some(Label {
                scheme: Scheme::Box,
                span: Span::new(at, close),
                number: small_number(text.folded(Span::new(start, end))),
                rest,
            })
        }
        '附' if text.has(at, "附件") || text.has(at, "附表") || text.has(at, "附录") => {
            let mut start = at + 2;
            while text.at(start) == ' ' {
                start += 1;
            }
            let end = numeral_end(text, start, line.end);
            let close = if start < end { end } else { at + 2 };
            let mut rest = close;
            while matches!(text.at(rest), ':' | '、' | ' ' | '.') && rest < line.end {
                rest += 1;
            }
            Some(Label {
                scheme: Scheme::Annex,
                span: Span::new(at, close),
                number: small_number(text.folded(Span::new(start, end))),
                rest,
            })
        }
        '表' => {
            let mut start = at + 1;
            while text.at(start) == ' ' {
                start += 1;
            }
            let mut end = numeral_end(text, start, line.end);
            if start == end
                || is_han(text.at(end)) && text.at(at + 1) != ' ' && !text.at(start).is_ascii_digit()
            {
                return None;
            }
            if matches!(text.at(end), '-' | '—' | '.') {
                end = numeral_end(text, end + 1, line.end);
            }
            let mut rest = end;
            while matches!(text.at(rest), ':' | '、' | ' ' | '.') && rest < line.end {
                rest += 1;
            }
            Some(Label {
                scheme: Scheme::Table,
                span: Span::new(at, end),
                number: small_number(text.folded(Span::new(start, end))),
                rest,
            })
        }
        c if c.is_ascii_digit() => arabic(text, line),
        c if chinese_digit(c).is_some() || c == '十' => {
            let end = numeral_end(text, at, line.end);
            let close = if text.at(end) == '、'
                || (text.at(end) == '.' && is_han(text.at(end + 1)))
                || (text.at(end) == ' ' && end - at <= 2)
            {
                end + 1
            } else {
                return None;
            };
            if 4 < end - at {
                return None;
            }
            // 一 二 三: a list of words, not a mark.
            if text.at(end) == ' ' && (line.end <= close || chinese_digit(text.at(close)).is_some()) {
                return None;
            }
            make(Scheme::Comma, close, Span::new(at, end))
        }
        _ => None,
    }
}

fn arabic(text: &Text, line: Span) -> Option<Label> {
    let at = line.start;
    let mut end = at;
    let mut parts = 1_u8;
    let mut first_end = None;
    while end < line.end {
        if text.at(end).is_ascii_digit() {
            end += 1;
        } else if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
            first_end.get_or_insert(end);
            parts = parts.saturating_add(1);
            end += 1;
        } else {
            break;
        }
    }
    let number = Span::new(at, first_end.unwrap_or(end));
    if 2 < number.len() {
        return None;
    }
    let rest = |close: usize| {
        let mut rest = close;
        while text.at(rest) == ' ' && rest < line.end {
            rest += 1;
        }
        rest
    };
    if 1 < parts {
        // 1.1 总则, but not 2.5万人.
        let close = if text.at(end) == '.' || text.at(end) == '、' { end + 1 } else { end };
        let unit = lexicon::units().starts(text, rest(close), line.end).is_some()
            || "万亿百千".contains(text.at(close));
        let spaced = text.at(close) == ' ' || is_han(text.at(close));
        return (spaced && !unit && parts <= 4).then(|| Label {
            scheme: Scheme::Decimal(parts),
            span: Span::new(at, close),
            number: small_number(text.folded(number)),
            rest: rest(close),
        });
    }
    let (scheme, close) = match text.at(end) {
        '.' | '、' | '．' => (Scheme::Dot, end + 1),
        ')' => (Scheme::DotBracket, end + 1),
        ' ' if is_han(text.at(rest(end))) && lexicon::units().starts(text, rest(end), line.end).is_none() => {
            (Scheme::Dot, end)
        }
        _ => return None,
    };
    Some(Label {
        scheme,
        span: Span::new(at, close),
        number: small_number(text.folded(number)),
        rest: rest(close),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(line: &str) -> Option<Scheme> {
        let text = Text::new(&Document::from_text(line));
        label(&text, text.lines[0].span).map(|label| label.scheme)
    }

    #[test]
    fn every_usual_numbering_scheme_is_known() {
        assert_eq!(check("第一章　总则"), Some(Scheme::Chapter));
        assert_eq!(check("第 三 节 重点"), Some(Scheme::Section));
        assert_eq!(check("十二、保障措施"), Some(Scheme::Comma));
        assert_eq!(check("（三）主要目标"), Some(Scheme::Bracket));
        assert_eq!(check("1.完善体系"), Some(Scheme::Dot));
        assert_eq!(check("2、完善体系"), Some(Scheme::Dot));
        assert_eq!(check("1.2 完善体系"), Some(Scheme::Decimal(2)));
        assert_eq!(check("(2)完善体系"), Some(Scheme::DotBracket));
        assert_eq!(check("③完善体系"), Some(Scheme::Circle));
        assert_eq!(check("专栏2 重点工程"), Some(Scheme::Box));
        assert_eq!(check("附件1"), Some(Scheme::Annex));
        assert_eq!(check("表1：指标"), Some(Scheme::Table));
    }

    #[test]
    fn quantities_and_words_are_not_marks() {
        assert_eq!(check("2.5万人参加"), None);
        assert_eq!(check("2025年底前完成"), None);
        assert_eq!(check("一批项目落地"), None);
        assert_eq!(check("表示感谢"), None);
        assert_eq!(check("第三方平台"), None);
    }
}
