//! Numbers as plans write them: `1,128`、`2324.7`、`三十五`、`一千多`、`二〇二五`.

use super::characters::Text;
use super::findings::Span;

/// A number in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub(crate) span: Span,
    pub(crate) value: f64,
    /// Written in Chinese numerals.
    pub(crate) chinese: bool,
}

/// The number that starts at `at`, in Arabic figures or Chinese numerals.
pub(crate) fn number_at(text: &Text, at: usize, limit: usize) -> Option<Number> {
    arabic_at(text, at, limit).or_else(|| chinese_at(text, at, limit))
}

/// Figures, with thousands separators and decimals.
pub(crate) fn arabic_at(text: &Text, at: usize, limit: usize) -> Option<Number> {
    if !text.at(at).is_ascii_digit() || limit <= at {
        return None;
    }
    let mut figures = String::new();
    let mut end = at;
    while end < limit && text.at(end).is_ascii_digit() {
        figures.push(text.at(end));
        end += 1;
    }
    // A comma is a separator only between groups of exactly three figures.
    if figures.len() <= 3 {
        while text.at(end) == ','
            && end + 3 < limit + 1
            && (1..=3).all(|i| end + i < limit && text.at(end + i).is_ascii_digit())
            && !text.at(end + 4).is_ascii_digit()
        {
            figures.extend((1..=3).map(|i| text.at(end + i)));
            end += 4;
        }
    }
    if text.at(end) == '.' && end + 1 < limit && text.at(end + 1).is_ascii_digit() {
        figures.push('.');
        end += 1;
        while end < limit && text.at(end).is_ascii_digit() {
            figures.push(text.at(end));
            end += 1;
        }
    }
    // A figure with more digits than any quantity has is a code.
    if 15 < figures.len() {
        return None;
    }
    let value: f64 = figures.parse().ok()?;
    Some(Number { span: Span::new(at, end), value, chinese: false })
}

/// Value of one Chinese digit.
pub(crate) fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Chinese numerals up to thousands; `万` and `亿` are left to the unit, as in figures.
pub(crate) fn chinese_at(text: &Text, at: usize, limit: usize) -> Option<Number> {
    let mut end = at;
    let mut total = 0_u32;
    let mut digit: Option<u32> = None;
    let mut any = false;
    while end < limit && end - at < 12 {
        let c = text.at(end);
        if let Some(value) = chinese_digit(c) {
            // Digits in a row are a year or a code, read place by place elsewhere.
            if digit.is_some_and(|d| d != 0) {
                break;
            }
            digit = Some(value);
        } else {
            let scale = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1000,
                _ => break,
            };
            if digit.is_none() && scale != 10 {
                break;
            }
            total = total.checked_add(digit.unwrap_or(1).checked_mul(scale)?)?;
            digit = None;
        }
        any = true;
        end += 1;
    }
    if !any {
        return None;
    }
    total = total.checked_add(digit.unwrap_or(0))?;
    Some(Number { span: Span::new(at, end), value: f64::from(total), chinese: true })
}

/// A numeral given as plain characters (`十二`, `12`), as headings and labels use it.
pub(crate) fn small_number(characters: &[char]) -> Option<u32> {
    if characters.is_empty() || 6 < characters.len() {
        return None;
    }
    if characters.iter().all(char::is_ascii_digit) {
        return characters.iter().try_fold(0_u32, |sum, c| sum.checked_mul(10)?.checked_add(c.to_digit(10)?));
    }
    let mut total = 0_u32;
    let mut digit = None;
    for &c in characters {
        if let Some(value) = chinese_digit(c) {
            digit = Some(digit.unwrap_or(0) * 10 + value);
        } else {
            let scale = match c {
                '十' => 10,
                '百' => 100,
                _ => return None,
            };
            total = total.checked_add(digit.take().unwrap_or(1) * scale)?;
        }
    }
    total.checked_add(digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(words: &str) -> Option<f64> {
        let text = Text::new(&Document::from_text(words));
        number_at(&text, 0, words.chars().count()).map(|number| number.value)
    }

    #[test]
    fn figures_keep_their_decimals_and_lose_their_separators() {
        assert_eq!(check("2324.7亿"), Some(2324.7));
        assert_eq!(check("1,128亿元"), Some(1128.0));
        assert_eq!(check("１２．５％"), Some(12.5));
        assert_eq!(check("5,8"), Some(5.0));
    }

    #[test]
    fn chinese_numerals_are_read() {
        assert_eq!(check("一千多次"), Some(1000.0));
        assert_eq!(check("三十五个"), Some(35.0));
        assert_eq!(check("十二项"), Some(12.0));
        assert_eq!(check("一百零三项"), Some(103.0));
        assert_eq!(check("项"), None);
    }

    #[test]
    fn labels_are_numbers_too() {
        assert_eq!(small_number(&['十', '二']), Some(12));
        assert_eq!(small_number(&['二', '十']), Some(20));
        assert_eq!(small_number(&['1', '0']), Some(10));
        assert_eq!(small_number(&['甲']), None);
    }
}
