//! `docs/rows.md`: which row of the list of systems is carried by what, on which page, proven by which test.

use std::collections::BTreeSet;

use super::{Finding, SourceFile};

const TABLE: &str = "docs/rows.md";

/// Holds the table against the list of rows, the routes and the tests.
pub(crate) fn check(files: &[SourceFile], list: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(table) = files.iter().find(|file| file.path == TABLE) else {
        return vec![Finding::new(TABLE, 0, "is missing")];
    };
    let known: BTreeSet<&str> = list.lines().filter_map(|line| line.split('\t').next()).collect();
    let mut seen = BTreeSet::new();
    for (number, line) in table.lines() {
        let Some(cells) = cells(line) else { continue };
        let [row, _, carried_by, pages, tests] = cells.as_slice() else {
            findings.push(Finding::new(
                TABLE,
                number,
                "a line has five cells: row, name, carried by, page, test",
            ));
            continue;
        };
        if matches!(row.as_str(), "Row" | "row") || row.starts_with("--") {
            continue;
        }
        let mut say = |message: String| findings.push(Finding::new(TABLE, number, message));
        if !known.contains(row.as_str()) {
            say(format!("{row} is no row of the list of systems"));
        }
        if !seen.insert(row.clone()) {
            say(format!("{row} is there twice"));
        }
        for path in quoted(carried_by) {
            if !files.iter().any(|file| file.path == path || file.path.starts_with(&format!("{path}/"))) {
                say(format!("{row} is said to be carried by {path}, which does not exist"));
            }
        }
        for (what, cell) in [("carried by", carried_by), ("page", pages), ("test", tests)] {
            if quoted(cell).is_empty() {
                say(format!("{row} names nothing under {what}"));
            }
        }
        for page in quoted(pages) {
            let literal = format!("\"{page}\"");
            let served = |file: &SourceFile| {
                file.is_rust()
                    && file.path.starts_with("crates/")
                    && file.path.contains("/src/")
                    && file.text.contains(&literal)
            };
            if !files.iter().any(served) {
                say(format!("{row} names the page {page}, which no route serves"));
            }
        }
        for test in quoted(tests) {
            let Some((path, name)) = test.split_once("::") else {
                say(format!("{row} names the test {test}: write path/of/file.rs::name"));
                continue;
            };
            let exists = |file: &SourceFile| file.path == path && file.text.contains(&format!("fn {name}("));
            if !files.iter().any(exists) {
                say(format!("{row} names the test {test}, which does not exist"));
            }
        }
    }
    findings
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// What stands between back quotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "| Row | Name | Carried by | Page | Test |\n|---|---|---|---|---|\n";

    fn check_table(line: &str) -> Vec<String> {
        let files = [
            SourceFile::new(TABLE, &format!("{HEAD}{line}\n")),
            SourceFile::new(
                "crates/plans/src/pages/plan.rs",
                "Router::new().route(\"/plans/{id}\", get(page))",
            ),
            SourceFile::new("crates/plans/tests/adopt.rs", "fn a_plan_is_adopted() {}"),
        ];
        check(&files, "P01\tname\tName\n").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_true_line_passes() {
        let line = "| P01 | 规划库 | `crates/plans/src/pages` | `/plans/{id}` | `crates/plans/tests/adopt.rs::a_plan_is_adopted` |";
        assert_eq!(check_table(line), Vec::<String>::new());
    }

    #[test]
    fn a_line_that_promises_what_is_not_there_is_found() {
        let line = "| P99 | x | `crates/none` | `/none` | `crates/plans/tests/adopt.rs::nothing` |";
        assert_eq!(
            check_table(line),
            [
                "P99 is no row of the list of systems",
                "P99 is said to be carried by crates/none, which does not exist",
                "P99 names the page /none, which no route serves",
                "P99 names the test crates/plans/tests/adopt.rs::nothing, which does not exist",
            ]
        );
    }

    #[test]
    fn a_line_without_a_test_is_found() {
        let line = "| P01 | x | `crates/plans/src` | `/plans/{id}` | later |";
        assert_eq!(check_table(line), ["P01 names nothing under test"]);
    }
}
