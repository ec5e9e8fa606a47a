//! No source file carries a real district's name: the district is data.

use std::collections::{BTreeMap, HashSet};

use super::{Finding, SourceFile};

/// Longest full name that is looked for, in characters.
const FULL_NAME_CHARS_MAX: usize = 16;

/// The names of `xtask/data/district_names.txt`.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// With their suffix 区, 县, 市 or 旗.
    full: HashSet<String>,
    /// Short names and spellings, with the phrases in which they are ordinary words.
    short: BTreeMap<String, Vec<String>>,
}

impl Names {
    /// Reads the list: a name a line, `#` begins a remark, `except` the harmless phrases.
    pub(crate) fn parse(list: &str) -> Self {
        let mut names = Self::default();
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let Some(name) = words.next() else { continue };
            if name.ends_with(['区', '县', '市', '旗']) {
                names.full.insert(name.to_owned());
            } else {
                let harmless = words.skip_while(|word| *word == "except").map(str::to_owned).collect();
                names.short.insert(name.to_owned(), harmless);
            }
        }
        names
    }

    /// The first name in `line`, if there is one.
    fn find(&self, line: &str) -> Option<String> {
        let chars: Vec<char> = line.chars().collect();
        for (end, last) in chars.iter().enumerate() {
            if !matches!(last, '区' | '县' | '市' | '旗') {
                continue;
            }
            for length in 3..=FULL_NAME_CHARS_MAX.min(end + 1) {
                let name: String = chars[end + 1 - length..=end].iter().collect();
                if self.full.contains(&name) {
                    return Some(name);
                }
            }
        }
        self.short
            .iter()
            .find(|(name, harmless)| {
                let mut rest = line.to_owned();
                for phrase in *harmless {
                    rest = rest.replace(phrase.as_str(), "");
                }
                rest.contains(name.as_str())
            })
            .map(|(name, _)| name.clone())
    }
}

/// Looks through everything that is compiled: Rust, messages, scripts, styles, and data inside `src`.
pub(crate) fn check(files: &[SourceFile], names: &Names) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_compiled(&file.path)) {
        for (number, line) in file.lines() {
            // Most lines are ASCII without a capital spelling of a name; `find` is only for the others.
            if let Some(name) = names.find(line) {
                let message =
                    format!("{name} is a real district: the district is data, use the fictitious one");
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

fn is_compiled(path: &str) -> bool {
    // This file's own tests need names.
    if path == "xtask/src/tidy/district_names.rs" {
        return false;
    }
    [".rs", ".ftl", ".ts", ".css"].iter().any(|end| path.ends_with(end))
        || (path.starts_with("crates/") && path.contains("/src/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(line: &str) -> Vec<String> {
        let names = Names::parse("# remark\n东城区\n朝阳 except 朝阳产业\nHaidian\n昭平县\n");
        check(&[SourceFile::new("crates/plans/src/lib.rs", line)], &names)
            .into_iter()
            .map(|finding| finding.message.split(' ').next().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn a_full_name_is_found_inside_a_sentence() {
        assert_eq!(check_line("let issuer = \"北京市东城区人民政府\";"), ["东城区"]);
        assert_eq!(check_line("// 昭平县"), ["昭平县"]);
    }

    #[test]
    fn a_short_name_is_found_unless_it_is_an_ordinary_word_there() {
        assert_eq!(check_line("\"朝阳政务服务\""), ["朝阳"]);
        assert_eq!(check_line("\"朝阳产业\""), Vec::<String>::new());
        assert_eq!(check_line("\"朝阳产业在朝阳\""), ["朝阳"]);
        assert_eq!(check_line("let Haidian = 1;"), ["Haidian"]);
    }

    #[test]
    fn a_fictitious_district_may_be_named() {
        assert_eq!(
            check_line("\"槐安区科技和信息化局\", \"园区\", \"城区\", \"市区\""),
            Vec::<String>::new()
        );
    }

    #[test]
    fn documents_and_tests_data_are_not_source() {
        let names = Names::parse("东城区\n");
        assert_eq!(check(&[SourceFile::new("docs/how-to/import.md", "东城区")], &names), []);
    }
}
