//! The shape of files: size, what a crate says of itself, what must not stay behind, paths of a machine.

use super::rust_text::{Piece, pieces};
use super::{Finding, SourceFile};

/// A Rust file is at most this long. Unit: bytes.
const RUST_FILE_BYTES_MAX: usize = 30_000;

/// Above this a Rust file is noted. Unit: lines.
const RUST_FILE_LINES_NOTED: usize = 600;

/// Looks at every text file.
pub(crate) fn check(files: &[SourceFile], notes: &mut Vec<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        machine_paths(file, &mut findings);
        if !file.is_rust() {
            continue;
        }
        size(file, notes, &mut findings);
        left_behind(file, &mut findings);
        if file.path.ends_with("src/lib.rs") || file.path == "xtask/src/main.rs" {
            says_what_it_is(file, &mut findings);
        }
    }
    findings
}

fn size(file: &SourceFile, notes: &mut Vec<String>, findings: &mut Vec<Finding>) {
    let lines = file.text.lines().count();
    if RUST_FILE_BYTES_MAX < file.text.len() {
        let text =
            format!("{} bytes, at most {RUST_FILE_BYTES_MAX}: split it by what people do", file.text.len());
        findings.push(Finding::new(&file.path, 0, text));
    } else if RUST_FILE_LINES_NOTED < lines {
        notes.push(format!("{} has {lines} lines, more than {RUST_FILE_LINES_NOTED}", file.path));
    }
}

fn says_what_it_is(file: &SourceFile, findings: &mut Vec<Finding>) {
    if !file.text.starts_with("//! ") {
        findings.push(Finding::new(&file.path, 1, "a crate begins by saying what it is (//!)"));
    }
    let head = file.text.lines().take_while(|line| line.starts_with("//!"));
    if !head.clone().any(|line| line == "//! # Invariants") {
        findings.push(Finding::new(&file.path, 1, "a crate says what must not be in it (//! # Invariants)"));
    }
}

fn left_behind(file: &SourceFile, findings: &mut Vec<Finding>) {
    for piece in pieces(&file.text) {
        let Piece::Code { line, text } = piece else { continue };
        for (below, code) in text.lines().enumerate() {
            for (word, instead) in [
                ("todo!(", "do it, or leave it out"),
                ("unimplemented!(", "do it, or leave it out"),
                ("dbg!(", "take it out, or use tracing"),
                ("#[ignore]", "say why: #[ignore = \"reason\"]"),
            ] {
                if code.contains(word) {
                    findings.push(Finding::new(
                        &file.path,
                        line + below,
                        format!("{word} stayed behind: {instead}"),
                    ));
                }
            }
        }
    }
}

fn machine_paths(file: &SourceFile, findings: &mut Vec<Finding>) {
    // Written in two parts, so that this file does not find itself.
    let folders =
        [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    for (number, line) in file.lines() {
        for folder in folders {
            for (at, _) in line.match_indices(folder) {
                // The folder of a machine begins a path; one inside an address or below another folder does not.
                let before = line[..at].chars().next_back();
                if before
                    .is_none_or(|it| !(it.is_alphanumeric() || matches!(it, '.' | '/' | '-' | '_' | '}')))
                {
                    findings.push(Finding::new(
                        &file.path,
                        number,
                        format!("{folder} is a path of one machine"),
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_file(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile::new(path, text)], &mut Vec::new())
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn a_file_that_grew_too_long_is_found() {
        let found = check_file("crates/plans/src/a.rs", &"// a line\n".repeat(3_001));
        assert_eq!(found, ["30010 bytes, at most 30000: split it by what people do"]);
    }

    #[test]
    fn a_crate_says_what_it_is_and_what_must_not_be_in_it() {
        assert_eq!(
            check_file(
                "crates/plans/src/lib.rs",
                "//! Plans.\n//!\n//! # Invariants\n//!\n//! - No clock.\n"
            )
            .len(),
            0
        );
        assert_eq!(check_file("crates/plans/src/lib.rs", "//! Plans.\n").len(), 1);
        assert_eq!(check_file("crates/plans/src/lib.rs", "mod a;\n").len(), 2);
    }

    #[test]
    fn what_stayed_behind_is_found_and_a_string_is_not() {
        let found = check_file(
            "crates/plans/src/a.rs",
            "fn f() { todo!() }\n#[ignore]\nfn g() { dbg!(1); \"todo!()\"; } // dbg!(\n",
        );
        assert_eq!(found.len(), 3);
        assert_eq!(
            check_file("crates/plans/src/a.rs", "#[ignore = \"needs ten minutes\"]\nfn f() {}\n").len(),
            0
        );
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        let path = concat!("/wo", "rk/shared/plans");
        assert_eq!(check_file("docs/a.md", &format!("see {path}")).len(), 1);
        assert_eq!(
            check_file("docs/a.md", &format!("see docs{path} and https://example.invalid{path}")).len(),
            0
        );
    }
}
