//! The rules, one file each. A rule is a function from texts to findings; only this file reads the disk.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

mod dependencies;
mod district_names;
mod licences;
mod links;
mod markup;
mod messages;
mod rows;
mod rust_text;
mod shape;

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path below the repository.
    pub(crate) path: String,
    /// Line from 1; 0 if the finding is about the whole file.
    pub(crate) line: usize,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.path, self.message)
        } else {
            write!(f, "{}:{}: {}", self.path, self.line, self.message)
        }
    }
}

/// A text file of the repository.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// Path below the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    #[cfg(test)]
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Lines with their numbers from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// What a run found.
pub(crate) struct Report {
    pub(crate) files: usize,
    pub(crate) packages: usize,
    pub(crate) findings: Vec<Finding>,
    pub(crate) notes: Vec<String>,
}

/// Runs every rule over the repository at `root`.
pub(crate) fn run(root: &Path) -> anyhow::Result<Report> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let read =
        |path: &str| std::fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"));

    let packages = dependencies::Packages::parse(&cargo_metadata(root)?)?;
    let rules: dependencies::Rules =
        toml::from_str(&read("docs/allowed-deps.toml")?).context("docs/allowed-deps.toml")?;
    let deny: licences::Deny = toml::from_str(&read("deny.toml")?).context("deny.toml")?;
    let names = district_names::Names::parse(&read("xtask/data/district_names.txt")?);

    let mut notes = Vec::new();
    let mut findings = dependencies::check(&packages, &rules);
    findings.extend(licences::check(&packages, &deny, &mut notes));
    findings.extend(district_names::check(&files, &names));
    findings.extend(markup::check(&files));
    findings.extend(messages::check(&files));
    findings.extend(rows::check(&files, &read("xtask/data/rows.txt")?));
    findings.extend(links::check(&files));
    findings.extend(shape::check(&files, &mut notes));
    findings.sort();
    findings.dedup();
    Ok(Report { files: files.len(), packages: packages.all.len(), findings, notes })
}

/// Reads every text file below `folder`, leaving out what is built or fetched.
fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> anyhow::Result<()> {
    // Every cargo target directory carries this mark, wherever it lies.
    if folder.join("CACHEDIR.TAG").try_exists()? {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // A folder, or in a linked work tree a file; never ours.
        if name == ".git" {
            continue;
        }
        let path = entry.path();
        let below = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if entry.file_type()?.is_dir() {
            let left_out = matches!(name.as_ref(), "node_modules" | "target")
                || matches!(below.as_str(), "data" | "web/dist");
            if !left_out {
                collect(root, &path, files)?;
            }
            continue;
        }
        // A file that is not UTF-8 is a picture or a sample document: no rule speaks of those.
        if let Ok(text) = String::from_utf8(std::fs::read(&path)?) {
            files.push(SourceFile { path: below, text });
        }
    }
    Ok(())
}

/// What cargo says about the packages that are built on this machine. Works without network.
fn cargo_metadata(root: &Path) -> anyhow::Result<String> {
    let host = output(Command::new("rustc").arg("-vV"))?;
    let host =
        host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    output(
        Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
            .current_dir(root),
    )
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let out = command.output().with_context(|| format!("starting {command:?}"))?;
    if !out.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(String::from_utf8(out.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_itself_is_read_without_what_is_built() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut files = Vec::new();
        collect(root, root, &mut files).unwrap();
        assert!(files.iter().any(|file| file.path == "xtask/src/tidy/mod.rs"));
        assert!(
            !files.iter().any(|file| file.path.contains("node_modules/") || file.path.starts_with("target/"))
        );
    }
}
