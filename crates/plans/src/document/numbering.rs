//! Automatic numbering of a word processor file: the labels Word writes before a paragraph and does not store in it.
//!
//! Officials number chapters by list (一、 （一） 1.). Without the label a heading is only a short sentence.

use std::collections::HashMap;

use super::xml_tree::{ROOT, Xml};

/// Levels a list can have.
const LEVELS: usize = 9;

/// Definitions of `numbering.xml` and how far each list has counted.
#[derive(Default)]
pub(super) struct Numbering {
    lists: HashMap<String, AbstractList>,
    /// Number id to list id and the levels where it starts anew.
    numbers: HashMap<String, Number>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
}

#[derive(Default, Clone)]
struct AbstractList {
    levels: Vec<Level>,
}

#[derive(Clone)]
struct Level {
    start: u32,
    format: String,
    text: String,
    suffix_space: bool,
    /// Counts in decimal whatever the levels above say ("legal" numbering).
    legal: bool,
    style: Option<String>,
}

struct Number {
    list: String,
    starts: Vec<(usize, u32)>,
    overrides: Vec<(usize, Level)>,
    used: bool,
}

impl Numbering {
    pub(super) fn parse(xml: &Xml) -> Numbering {
        let mut out = Numbering::default();
        let Some(root) = xml.child(ROOT, "numbering") else { return out };
        for id in xml.children(root) {
            match xml.name(id) {
                "abstractNum" => {
                    let Some(key) = xml.attribute(id, "abstractNumId") else { continue };
                    let mut list = AbstractList { levels: vec![Level::none(); LEVELS] };
                    for level in xml.children(id).filter(|it| xml.name(*it) == "lvl") {
                        let at = xml.attribute(level, "ilvl").and_then(|it| it.parse::<usize>().ok());
                        if let Some(place) = at.and_then(|at| list.levels.get_mut(at)) {
                            *place = Level::parse(xml, level);
                        }
                    }
                    out.lists.insert(key.to_owned(), list);
                }
                "num" => {
                    let list = xml.child(id, "abstractNumId").and_then(|it| xml.val(it));
                    let (Some(key), Some(list)) = (xml.attribute(id, "numId"), list) else { continue };
                    let mut number = Number {
                        list: list.to_owned(),
                        starts: Vec::new(),
                        overrides: Vec::new(),
                        used: false,
                    };
                    for change in xml.children(id).filter(|it| xml.name(*it) == "lvlOverride") {
                        let at = xml.attribute(change, "ilvl").and_then(|it| it.parse::<usize>().ok());
                        let Some(at) = at.filter(|at| *at < LEVELS) else { continue };
                        let start = xml.child(change, "startOverride").and_then(|it| xml.val(it));
                        if let Some(start) = start.and_then(|it| it.parse().ok()) {
                            number.starts.push((at, start));
                        }
                        if let Some(level) = xml.child(change, "lvl") {
                            number.overrides.push((at, Level::parse(xml, level)));
                        }
                    }
                    out.numbers.insert(key.to_owned(), number);
                }
                _ => {}
            }
        }
        out
    }

    /// The level that a paragraph style is tied to in its list.
    pub(super) fn level_of_style(&self, number: &str, style: &str) -> Option<usize> {
        let list = self.lists.get(&self.numbers.get(number)?.list)?;
        list.levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// Counts one paragraph and gives its label, with a space behind it where one belongs; empty for bullets.
    pub(super) fn next_label(&mut self, number: &str, level: usize) -> String {
        let Some(entry) = self.numbers.get_mut(number) else { return String::new() };
        let Some(list) = self.lists.get(&entry.list) else { return String::new() };
        let Some(level) = Some(level).filter(|level| *level < LEVELS) else { return String::new() };
        let counters = self.counters.entry(entry.list.clone()).or_default();
        if !entry.used {
            entry.used = true;
            for (at, start) in &entry.starts {
                if let Some(counter) = counters.get_mut(*at) {
                    *counter = Some(start.saturating_sub(1));
                }
            }
        }
        let definition = |at: usize| {
            let own = entry.overrides.iter().find(|(level, _)| *level == at).map(|(_, it)| it);
            own.or_else(|| list.levels.get(at))
        };
        let Some(this) = definition(level) else { return String::new() };
        for (at, counter) in counters.iter_mut().enumerate() {
            if at == level {
                *counter = Some(counter.map_or(this.start, |count| count.saturating_add(1)));
            } else if level < at {
                *counter = None;
            }
        }
        if matches!(this.format.as_str(), "bullet" | "none") && !this.text.contains('%') {
            return String::new();
        }
        let mut label = String::new();
        let mut characters = this.text.chars().peekable();
        while let Some(c) = characters.next() {
            let digit = characters.peek().and_then(|next| next.to_digit(10)).filter(|it| 0 < *it);
            match digit {
                Some(digit) if c == '%' => {
                    characters.next();
                    let at = digit as usize - 1;
                    let Some(shown) = definition(at) else { continue };
                    let count = counters.get(at).copied().flatten().unwrap_or(shown.start);
                    let format = if this.legal { "decimal" } else { &shown.format };
                    label.push_str(&write_number(count, format));
                }
                _ => label.push(c),
            }
        }
        let closed = label.chars().next_back().is_some_and(|c| '\u{2E80}' <= c);
        if this.suffix_space && !closed && !label.is_empty() {
            label.push(' ');
        }
        label
    }
}

impl Level {
    fn none() -> Self {
        let none = String::new;
        Self { start: 1, format: "none".into(), text: none(), suffix_space: false, legal: false, style: None }
    }

    fn parse(xml: &Xml, id: usize) -> Self {
        let value = |name: &str| xml.child(id, name).and_then(|it| xml.val(it));
        Self {
            start: value("start").and_then(|it| it.parse().ok()).unwrap_or(0),
            format: number_format(xml, id),
            text: value("lvlText").unwrap_or("").to_owned(),
            suffix_space: value("suff") != Some("nothing"),
            legal: xml.child(id, "isLgl").is_some_and(|it| !matches!(xml.val(it), Some("0" | "false"))),
            style: value("pStyle").map(str::to_owned),
        }
    }
}

/// Newer formats stand in an alternate; the plain one beside it is a fallback.
fn number_format(xml: &Xml, id: usize) -> String {
    let direct = xml.child(id, "numFmt");
    let nested = || xml.path(id, &["AlternateContent", "Fallback", "numFmt"]);
    direct.or_else(nested).and_then(|it| xml.val(it)).unwrap_or("decimal").to_owned()
}

/// Writes a number the way a list format asks.
pub(super) fn write_number(count: u32, format: &str) -> String {
    const CHINESE: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const LEGAL: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    const BRANCHES: [&str; 12] = ["子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"];
    let pick = |list: &[&str]| {
        let at = (count as usize).checked_sub(1);
        at.and_then(|at| list.get(at)).map_or_else(|| count.to_string(), |it| (*it).to_owned())
    };
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital"
        | "japaneseDigitalTenThousand" => chinese_number(count, &CHINESE, ["十", "百", "千"], true),
        "chineseLegalSimplified" | "ideographLegalTraditional" => {
            chinese_number(count, &LEGAL, ["拾", "佰", "仟"], false)
        }
        "ideographTraditional" => pick(&STEMS),
        "ideographZodiac" => pick(&BRANCHES),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => match count {
            1..=20 => char::from_u32(0x2460 + count - 1).map_or_else(|| count.to_string(), String::from),
            _ => count.to_string(),
        },
        "decimalFullWidth" | "decimalFullWidth2" => {
            let wide = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0xFF10 + digit)).unwrap_or(c);
            count.to_string().chars().map(wide).collect()
        }
        "decimalZero" => format!("{count:02}"),
        "lowerLetter" | "upperLetter" => {
            let upper = format == "upperLetter";
            let letter =
                count.checked_sub(1).and_then(|at| char::from_digit(10 + at % 26, 36)).unwrap_or('a');
            let repeat = count.saturating_sub(1) as usize / 26 + 1;
            let letter = if upper { letter.to_ascii_uppercase() } else { letter };
            String::from(letter).repeat(repeat.min(8))
        }
        "lowerRoman" => roman(count).to_lowercase(),
        "upperRoman" => roman(count),
        "none" | "bullet" => String::new(),
        _ => count.to_string(),
    }
}

fn chinese_number(count: u32, digits: &[&str; 10], units: [&str; 3], short_ten: bool) -> String {
    if count == 0 || 9999 < count {
        return if count == 0 { digits[0].to_owned() } else { count.to_string() };
    }
    let mut out = String::new();
    let mut gap = false;
    for (place, unit) in [(1000, units[2]), (100, units[1]), (10, units[0]), (1, "")] {
        let digit = (count / place % 10) as usize;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        // 十一, and not 一十一.
        let is_short = short_ten && place == 10 && digit == 1 && out.is_empty();
        if !is_short {
            out.push_str(digits.get(digit).copied().unwrap_or(""));
        }
        out.push_str(unit);
    }
    out
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = count.min(4999);
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while value <= rest {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::write_number;

    #[test]
    fn chinese_counting_reads_as_people_write_it() {
        let written: Vec<String> = [1, 10, 11, 20, 34, 101, 110, 1005]
            .iter()
            .map(|it| write_number(*it, "chineseCounting"))
            .collect();
        assert_eq!(written, ["一", "十", "十一", "二十", "三十四", "一百零一", "一百一十", "一千零五"]);
        assert_eq!(write_number(12, "chineseLegalSimplified"), "壹拾贰");
    }

    #[test]
    fn other_counts_are_written_in_their_own_way() {
        assert_eq!(write_number(3, "decimalEnclosedCircle"), "③");
        assert_eq!(write_number(2, "ideographTraditional"), "乙");
        assert_eq!(write_number(14, "lowerRoman"), "xiv");
        assert_eq!(write_number(28, "upperLetter"), "BB");
        assert_eq!(write_number(12, "decimalFullWidth"), "１２");
    }
}
