//! Glyph names and the single-byte encodings of simple fonts; characters that fonts map to look-alikes.

use unicode_normalization::UnicodeNormalization as _;

/// The encodings a simple font can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BaseEncoding {
    WinAnsi,
    MacRoman,
    Standard,
}

impl BaseEncoding {
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"WinAnsiEncoding" => Some(Self::WinAnsi),
            b"MacRomanEncoding" => Some(Self::MacRoman),
            b"StandardEncoding" => Some(Self::Standard),
            _ => None,
        }
    }

    pub(super) fn character(self, code: u8) -> Option<char> {
        if code < 0x20 {
            return None;
        }
        match self {
            Self::Standard if code == b'\'' => Some('’'),
            Self::Standard if code == b'`' => Some('‘'),
            Self::Standard if 0x80 <= code => match code {
                0xAA => Some('“'),
                0xBA => Some('”'),
                0xB1 => Some('–'),
                0xD0 => Some('—'),
                0xB7 => Some('•'),
                0xBC => Some('…'),
                0xBD => Some('‰'),
                0xA7 => Some('§'),
                0xAE => Some('ﬁ'),
                0xAF => Some('ﬂ'),
                _ => None,
            },
            Self::MacRoman => encoding_rs::MACINTOSH.decode_without_bom_handling(&[code]).0.chars().next(),
            Self::Standard | Self::WinAnsi => {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[code]).0.chars().next()
            }
        }
    }
}

/// Names that are neither letters nor numbers by rule.
const NAMES: &[(&str, char)] = &[
    ("space", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("minus", '-'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("backslash", '\\'),
    ("bracketright", ']'),
    ("asciicircum", '^'),
    ("underscore", '_'),
    ("grave", '`'),
    ("braceleft", '{'),
    ("bar", '|'),
    ("braceright", '}'),
    ("asciitilde", '~'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("endash", '–'),
    ("emdash", '—'),
    ("bullet", '•'),
    ("ellipsis", '…'),
    ("perthousand", '‰'),
    ("degree", '°'),
    ("plusminus", '±'),
    ("multiply", '×'),
    ("divide", '÷'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
    ("notequal", '≠'),
    ("approxequal", '≈'),
    ("mu", 'μ'),
    ("section", '§'),
    ("periodcentered", '·'),
    ("middot", '·'),
    ("nbspace", ' '),
    ("fi", 'ﬁ'),
    ("fl", 'ﬂ'),
    ("yen", '¥'),
    ("Euro", '€'),
];

/// The character a glyph name stands for: `uni4E2D`, `u4E2D`, `A`, `comma`.
pub(super) fn character(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let stem = name.split('.').next().filter(|it| !it.is_empty())?;
    let mut characters = stem.chars();
    if let (Some(c), None) = (characters.next(), characters.next()) {
        return c.is_alphanumeric().then(|| c.to_string());
    }
    if let Some((_, c)) = NAMES.iter().find(|(it, _)| *it == stem) {
        return Some(c.to_string());
    }
    let hex = stem
        .strip_prefix("uni")
        .or_else(|| stem.strip_prefix('u'))
        .filter(|it| (4..=6).contains(&it.len()))?;
    let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
    Some(plain_characters(&c.to_string()))
}

/// Radicals that fonts give for the everyday character of the same shape and Unicode does not map.
const RADICALS: &[(char, char)] = &[
    ('⺁', '厂'),
    ('⺄', '乙'),
    ('⺅', '亻'),
    ('⺈', '刀'),
    ('⺉', '刂'),
    ('⺊', '卜'),
    ('⺋', '卩'),
    ('⺍', '小'),
    ('⺎', '兀'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺔', '彑'),
    ('⺕', '彐'),
    ('⺖', '忄'),
    ('⺗', '心'),
    ('⺘', '扌'),
    ('⺙', '攵'),
    ('⺛', '旡'),
    ('⺝', '月'),
    ('⺞', '歺'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺡', '氵'),
    ('⺢', '水'),
    ('⺣', '灬'),
    ('⺤', '爪'),
    ('⺥', '爪'),
    ('⺦', '丬'),
    ('⺧', '牛'),
    ('⺨', '犭'),
    ('⺩', '王'),
    ('⺬', '示'),
    ('⺭', '礻'),
    ('⺮', '竹'),
    ('⺯', '糸'),
    ('⺰', '纟'),
    ('⺳', '罒'),
    ('⺶', '羊'),
    ('⺷', '羊'),
    ('⺸', '羊'),
    ('⺹', '老'),
    ('⺺', '聿'),
    ('⺼', '肉'),
    ('⺾', '艹'),
    ('⻁', '虎'),
    ('⻂', '衤'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻈', '讠'),
    ('⻉', '贝'),
    ('⻊', '足'),
    ('⻋', '车'),
    ('⻌', '辶'),
    ('⻎', '辶'),
    ('⻏', '阝'),
    ('⻐', '钅'),
    ('⻑', '長'),
    ('⻒', '镸'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻖', '阝'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻟', '飠'),
    ('⻠', '饣'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻪', '黾'),
    ('⻫', '斉'),
    ('⼾', '户'),
    ('⾭', '青'),
    ('⻬', '齐'),
    ('⻭', '歯'),
    ('⻮', '齿'),
    ('⻯', '竜'),
    ('⻰', '龙'),
    ('⻲', '亀'),
    ('⻳', '龟'),
];

/// Everyday characters for radicals, compatibility ideographs and ligatures that fonts map to.
///
/// A font's table has one glyph for `⼀` and `一`; turned round it often answers the radical, and no search would
/// ever find the word.
pub(super) fn plain_characters(words: &str) -> String {
    let odd = |c: char| matches!(c, '―' | '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{FB00}'..='\u{FB06}');
    if !words.contains(odd) {
        return words.to_owned();
    }
    let mut out = String::new();
    for c in words.chars() {
        match RADICALS.iter().find(|(radical, _)| *radical == c) {
            Some((_, plain)) => out.push(*plain),
            // The bar and the dash share a glyph; Chinese text means the dash.
            None if c == '―' => out.push('—'),
            None if odd(c) => out.extend(std::iter::once(c).nfkc()),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{BaseEncoding, character, plain_characters};

    #[test]
    fn glyph_names_give_their_characters() {
        let found: Vec<Option<String>> = [&b"uni69D0"[..], b"A", b"comma", b"u5B89.alt", b"g123", b".notdef"]
            .iter()
            .map(|it| character(it))
            .collect();
        let some = |it: &str| Some(it.to_owned());
        assert_eq!(found, [some("槐"), some("A"), some(","), some("安"), None, None]);
        assert_eq!(BaseEncoding::WinAnsi.character(0x97), Some('—'));
    }

    #[test]
    fn radicals_become_the_characters_they_look_like() {
        assert_eq!(plain_characters("⼀⺠⻓A中"), "一民长A中");
    }
}
