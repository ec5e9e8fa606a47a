//! CMaps: from the codes in a PDF string to characters.

use std::collections::HashMap;

use super::tokens::{Token, Tokens};

/// Most entries one CMap may give. A font has at most 65,536 glyphs.
const ENTRIES_MAX: usize = 200_000;

/// A map from codes to characters, and how many bytes a code has.
#[derive(Debug, Default)]
pub(super) struct CMap {
    single: HashMap<u32, String>,
    /// First code, last code, character of the first; sorted.
    ranges: Vec<(u32, u32, u32)>,
    /// Length in bytes, first and last code.
    code_spaces: Vec<(usize, u32, u32)>,
}

impl CMap {
    pub(super) fn parse(bytes: &[u8]) -> CMap {
        let mut out = CMap::default();
        let mut tokens = Tokens::new(bytes);
        let mut operands: Vec<Token> = Vec::new();
        while let Some(token) = tokens.next_token() {
            match &token {
                Token::Word(word) => {
                    match word.as_slice() {
                        b"endcodespacerange" => out.add_code_spaces(&operands),
                        b"endbfchar" => out.add_characters(&operands),
                        b"endbfrange" => out.add_ranges(&operands),
                        _ => {}
                    }
                    operands.clear();
                }
                _ if operands.len() < ENTRIES_MAX => operands.push(token),
                _ => {}
            }
        }
        out.ranges.sort_unstable();
        out
    }

    pub(super) fn lookup(&self, code: u32) -> Option<String> {
        if let Some(words) = self.single.get(&code) {
            return Some(words.clone());
        }
        let at = self.ranges.partition_point(|(first, ..)| *first <= code);
        let (first, last, base) = self.ranges.get(at.checked_sub(1)?)?;
        let inside = code <= *last;
        inside.then(|| char::from_u32(base + (code - first)).map(String::from)).flatten()
    }

    /// How many bytes the code at the front of `bytes` has.
    pub(super) fn code_length(&self, bytes: &[u8]) -> Option<usize> {
        (1..=4).find(|length| {
            let code = bytes.get(..*length).map(number);
            code.is_some_and(|code| {
                self.code_spaces
                    .iter()
                    .any(|(size, first, last)| size == length && (*first..=*last).contains(&code))
            })
        })
    }

    fn add_code_spaces(&mut self, operands: &[Token]) {
        for pair in operands.chunks_exact(2) {
            if let [Token::Text(first), Token::Text(last)] = pair
                && (1..=4).contains(&first.len())
                && self.code_spaces.len() < 256
            {
                self.code_spaces.push((first.len(), number(first), number(last)));
            }
        }
    }

    fn add_characters(&mut self, operands: &[Token]) {
        for pair in operands.chunks_exact(2) {
            if let [Token::Text(code), Token::Text(words)] = pair {
                self.add(number(code), words);
            }
        }
    }

    fn add(&mut self, code: u32, words: &[u8]) {
        if self.single.len() < ENTRIES_MAX
            && let Some(words) = utf16(words)
        {
            self.single.insert(code, words);
        }
    }

    fn add_ranges(&mut self, operands: &[Token]) {
        let mut rest = operands.iter();
        while let (Some(Token::Text(first)), Some(Token::Text(last)), Some(target)) =
            (rest.next(), rest.next(), rest.next())
        {
            let (first, last) = (number(first), number(last));
            match target {
                Token::Text(words) => {
                    let base = utf16(words).unwrap_or_default();
                    let mut characters = base.chars();
                    match (characters.next(), characters.next()) {
                        (Some(c), None) if self.ranges.len() < ENTRIES_MAX && first <= last => {
                            self.ranges.push((first, last, u32::from(c)));
                        }
                        (Some(_), Some(_)) => self.add(first, words),
                        _ => {}
                    }
                }
                Token::Mark("[") => {
                    let mut code = first;
                    for token in rest.by_ref() {
                        match token {
                            Token::Text(words) => self.add(code, words),
                            _ => break,
                        }
                        code = code.saturating_add(1);
                    }
                }
                _ => return,
            }
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> Option<String> {
    if let [byte] = bytes {
        return Some(char::from(*byte).to_string());
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let words: String = char::decode_utf16(units).filter_map(Result::ok).filter(|c| *c != '\0').collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::CMap;

    #[test]
    fn characters_ranges_and_lists_are_found_by_code() {
        let cmap = CMap::parse(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <5B89> <0002> <00660069> \
              endbfchar 2 beginbfrange <0010> <0012> <4E00> <0020> <0021> [<69D0> <6811>] endbfrange",
        );
        let found: Vec<Option<String>> =
            [1, 2, 0x11, 0x20, 0x21, 0x22, 0x13].iter().map(|code| cmap.lookup(*code)).collect();
        let some = |it: &str| Some(it.to_owned());
        assert_eq!(found, [some("安"), some("fi"), some("丁"), some("槐"), some("树"), None, None]);
        assert_eq!(cmap.code_length(&[0, 1]), Some(2));
    }
}
