//! Markup that the content security policy would refuse, or that would let a text become markup.

use super::rust_text::{Piece, bodies, pieces};
use super::{Finding, SourceFile};

/// The crate whose components may pass ready markup on; everywhere else a text stays a text.
const MAY_PASS_READY_MARKUP: &str = "crates/web/src/";

/// Looks through the `html!` of every Rust file.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let cut = pieces(&file.text);
        for body in bodies(&cut, "html!") {
            for piece in body {
                let Piece::Code { line, text } = piece else { continue };
                for (below, code) in text.lines().enumerate() {
                    for message in in_code(code) {
                        findings.push(Finding::new(&file.path, line + below, message));
                    }
                }
            }
        }
        if file.path.starts_with("crates/") && !file.path.starts_with(MAY_PASS_READY_MARKUP) {
            for piece in &cut {
                let Piece::Code { line, text } = piece else { continue };
                for (below, code) in text.lines().enumerate() {
                    if code.contains("PreEscaped(") {
                        let message =
                            "PreEscaped outside the components of crates/web: a text would become markup";
                        findings.push(Finding::new(&file.path, line + below, message));
                    }
                }
            }
        }
    }
    findings
}

fn in_code(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Attributes end with `=` at once: `onclick=`, `style=`. Rust around them has a space before its `=`.
    for (at, _) in code.match_indices('=') {
        let name: String =
            code[..at].chars().rev().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
        let name: String = name.chars().rev().collect();
        let before = code[..at - name.len()].chars().next_back();
        if !before.is_none_or(char::is_whitespace) || code[at + 1..].starts_with(['=', '>']) {
            continue;
        }
        if name.len() > 2 && name.starts_with("on") && name.chars().all(|it| it.is_ascii_lowercase()) {
            found.push(format!(
                "{name}= is refused by the content security policy: use a form, a link or a web component"
            ));
        }
        if name.starts_with("hx-on") {
            found.push(format!("{name}= runs text as a script: use a web component"));
        }
        if name == "style" {
            found.push("style= is refused by the content security policy: use a class".to_owned());
        }
    }
    for element in ["script", "style"] {
        // `script {` with its text inside; `script src=(…) {}` is right.
        for (at, _) in code.match_indices(element) {
            let begins = code[..at]
                .trim_end()
                .chars()
                .next_back()
                .is_none_or(|it| matches!(it, '{' | '}' | ';' | '"'));
            let opens = code[at + element.len()..].trim_start().starts_with('{');
            if begins && opens {
                found.push(format!("an inline {element} is refused by the content security policy"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(path: &str, text: &str) -> Vec<(usize, String)> {
        check(&[SourceFile::new(path, text)])
            .into_iter()
            .map(|finding| (finding.line, finding.message.split(' ').next().unwrap_or_default().to_owned()))
            .collect()
    }

    #[test]
    fn attributes_that_run_scripts_are_found() {
        let text = "fn f() {\n html! {\n button\n onclick=(format!(\"copy('{}')\", id)) { \"x\" }\n div hx-on:click=\"y\" {} } }";
        let found = check_text("crates/plans/src/pages/a.rs", text);
        assert_eq!(found[0], (4, "onclick=".to_owned()));
    }

    #[test]
    fn inline_styles_and_scripts_are_found() {
        let text =
            "html! { p style=\"color:red\" { } style { \"p{}\" } script { \"x()\" } script src=(path) {} }";
        let found: Vec<String> =
            check_text("crates/web/src/page.rs", text).into_iter().map(|it| it.1).collect();
        assert_eq!(found, ["style=", "an", "an"]);
    }

    #[test]
    fn code_that_only_looks_like_it_is_left_alone() {
        let text =
            "html! { @if once==2 { p class=(style) { \"onclick=\" } } @match style { _ => {} } }\nlet one=1;";
        assert_eq!(check_text("crates/web/src/page.rs", text), []);
    }

    #[test]
    fn ready_markup_is_for_the_components_only() {
        let text = "fn f() -> Markup { PreEscaped(text) }";
        assert_eq!(check_text("crates/plans/src/pages/a.rs", text).len(), 1);
        assert_eq!(check_text("crates/web/src/ui/chart.rs", text), []);
    }
}
