//! Links between the documents of the repository lead somewhere.

use super::{Finding, SourceFile};

/// Looks at the relative links of every Markdown file.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Sample documents of tests are somebody else's text.
    for file in files.iter().filter(|file| file.path.ends_with(".md") && !file.path.contains("/samples/")) {
        for (number, line) in file.lines() {
            for target in targets(line) {
                if target.contains("://") || target.starts_with('#') || target.starts_with("mailto:") {
                    continue;
                }
                let path = resolve(&file.path, target.split('#').next().unwrap_or_default());
                let found =
                    files.iter().any(|it| it.path == path || it.path.starts_with(&format!("{path}/")));
                // Pictures are not texts, so they are not among the files; git would not lose them unseen.
                let picture = [".png", ".jpg", ".svg", ".webp"].iter().any(|end| path.ends_with(end));
                if !found && !picture {
                    findings.push(Finding::new(
                        &file.path,
                        number,
                        format!("the link to {target} leads nowhere"),
                    ));
                }
            }
        }
    }
    findings
}

fn targets(line: &str) -> Vec<&str> {
    line.match_indices("](")
        .filter_map(|(at, _)| line[at + 2..].split_once(')'))
        .map(|(target, _)| target.split_whitespace().next().unwrap_or_default())
        .filter(|target| !target.is_empty())
        .collect()
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let files = [
            SourceFile::new(
                "docs/how-to/a.md",
                "[b](../b.md#part) [c](c.md) [d](https://example.invalid) [e](#here)",
            ),
            SourceFile::new("docs/b.md", ""),
        ];
        let found: Vec<String> = check(&files).into_iter().map(|finding| finding.message).collect();
        assert_eq!(found, ["the link to c.md leads nowhere"]);
    }
}
