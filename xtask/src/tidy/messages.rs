//! Texts that people see: both languages have the same messages, and every error code has one.

use std::collections::{BTreeMap, BTreeSet};

use super::rust_text::{Piece, bodies, pieces};
use super::{Finding, SourceFile};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// A message: where it stands and which variables it names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    path: String,
    line: usize,
    variables: BTreeSet<String>,
}

/// Compares the two languages with each other and with the codes.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let [chinese, english] = LANGUAGES.map(|language| collect(files, language, &mut findings));
    for (here, there, language) in [(&chinese, &english, "en"), (&english, &chinese, "zh-CN")] {
        for (id, message) in here {
            match there.get(id) {
                None => findings.push(Finding::new(
                    &message.path,
                    message.line,
                    format!("{id} is missing in {language}"),
                )),
                Some(other) if other.variables != message.variables && language == "en" => {
                    let text = format!(
                        "{id} names {:?} here and {:?} in {language}",
                        message.variables, other.variables
                    );
                    findings.push(Finding::new(&message.path, message.line, text));
                }
                Some(_) => {}
            }
        }
    }
    for file in files.iter().filter(|file| file.is_rust() && file.path.starts_with("crates/")) {
        for (line, id) in asked_for(&file.text) {
            if !chinese.contains_key(&id) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("text {id} is asked for and is in no message file"),
                ));
            }
        }
        for (line, code) in codes(&file.text) {
            let id = code.replace('.', "-");
            if !chinese.contains_key(&id) {
                let text = format!("code {code} has no text: add {id} to the messages of both languages");
                findings.push(Finding::new(&file.path, line, text));
            }
        }
    }
    findings
}

/// Every message of a language in all `messages/<language>/*.ftl`.
fn collect(files: &[SourceFile], language: &str, findings: &mut Vec<Finding>) -> BTreeMap<String, Message> {
    let folder = format!("messages/{language}/");
    let mut all: BTreeMap<String, Message> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.contains(&folder) && file.path.ends_with(".ftl")) {
        let mut current: Option<String> = None;
        for (number, line) in file.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if !line.starts_with([' ', '\t', '}'])
                && let Some((id, _)) = line.split_once('=')
            {
                let id = id.trim().to_owned();
                let message = Message { path: file.path.clone(), line: number, variables: BTreeSet::new() };
                if let Some(first) = all.insert(id.clone(), message) {
                    let text = format!("{id} is there twice, first in {} line {}", first.path, first.line);
                    findings.push(Finding::new(&file.path, number, text));
                }
                current = Some(id);
            }
            if let Some(message) = current.as_ref().and_then(|id| all.get_mut(id)) {
                message.variables.extend(variables(line));
            }
        }
    }
    all
}

/// The `$names` inside braces.
fn variables(line: &str) -> Vec<String> {
    line.match_indices('$')
        .map(|(at, _)| {
            line[at + 1..]
                .chars()
                .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'))
                .collect()
        })
        .filter(|name: &String| !name.is_empty())
        .collect()
}

/// The ids in `.t("…")` and `.t_with("…"`, outside tests.
fn asked_for(source: &str) -> Vec<(usize, String)> {
    let end = source.find("#[cfg(test)]").unwrap_or(source.len());
    let cut = pieces(&source[..end]);
    let calls = cut.windows(2).filter_map(|pair| match pair {
        [Piece::Code { text: code, .. }, Piece::Text { line, text }]
            if [".t(", ".t_with("].iter().any(|call| code.trim_end().ends_with(call)) =>
        {
            Some((*line, (*text).to_owned()))
        }
        _ => None,
    });
    calls.collect()
}

/// The literals in the bodies of `fn code(` and of `refusals!`, outside tests.
fn codes(source: &str) -> Vec<(usize, String)> {
    let end = source.find("#[cfg(test)]").unwrap_or(source.len());
    let cut = pieces(&source[..end]);
    let literals = bodies(&cut, "fn code(").into_iter().chain(bodies(&cut, "refusals!")).flatten();
    literals
        .filter_map(|piece| match piece {
            Piece::Text { line, text } if is_code(text) => Some((line, text.to_owned())),
            Piece::Text { .. } | Piece::Code { .. } | Piece::Comment { .. } => None,
        })
        .collect()
}

fn is_code(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '_' | '-'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_messages(chinese: &str, english: &str, rust: &str) -> Vec<String> {
        let files = [
            SourceFile::new("crates/plans/messages/zh-CN/a.ftl", chinese),
            SourceFile::new("crates/plans/messages/en/a.ftl", english),
            SourceFile::new("crates/plans/src/a.rs", rust),
        ];
        check(&files).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_message_that_one_language_lacks_is_found() {
        assert_eq!(check_messages("a = 甲\nb = 乙\n", "a = A\n", ""), ["b is missing in en"]);
        assert_eq!(check_messages("a = 甲\n", "a = A\nb = B\n", ""), ["b is missing in zh-CN"]);
    }

    #[test]
    fn both_languages_name_the_same_values() {
        let found = check_messages(
            "a = { $total }件\n",
            "a = { $count ->\n    [one] one\n   *[other] { $total }\n }\n",
            "",
        );
        assert_eq!(found, [r#"a names {"total"} here and {"count", "total"} in en"#]);
    }

    #[test]
    fn a_message_that_is_there_twice_is_found() {
        assert!(check_messages("a = 甲\na = 乙\n", "a = A\n", "")[0].starts_with("a is there twice"));
    }

    #[test]
    fn a_text_that_is_asked_for_and_not_there_is_found() {
        let rust =
            r#"fn f(visit: &Visit) { visit.t("a"); visit.t_with("b", &[]); visit.t(&format!("c-{x}")); }"#;
        assert_eq!(
            check_messages("a = 甲\n", "a = A\n", rust),
            ["text b is asked for and is in no message file"]
        );
    }

    #[test]
    fn a_code_of_a_list_of_refusals_without_a_text_is_found() {
        let rust =
            r#"refusals! { pub enum A { NoFile => ("plans.import.no_file", 422, "no file. none"), } }"#;
        assert_eq!(
            check_messages("", "", rust),
            [
                "code plans.import.no_file has no text: add plans-import-no_file to the messages of both languages"
            ]
        );
    }

    #[test]
    fn a_code_without_a_text_is_found() {
        let rust = r#"fn code(&self) -> &'static str { match self { A => "plans.a", B => "plans.too_late" } } fn x() { "no.code" }"#;
        let found = check_messages("plans-a = 甲\n", "plans-a = A\n", rust);
        assert_eq!(
            found,
            ["code plans.too_late has no text: add plans-too_late to the messages of both languages"]
        );
    }
}
