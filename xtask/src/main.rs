//! `cargo xtask`: the chores of this repository.
//!
//! # Invariants
//!
//! - Needs no network and changes no file.
//! - Every rule that it holds has a test with a bad example that the rule finds.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

mod tidy;

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Hold the rules that neither the compiler nor clippy knows: which crate may use which, licences, names of
    /// real districts, markup, messages, rows, sizes.
    Tidy,
}

fn main() -> anyhow::Result<ExitCode> {
    let Chore::Tidy = Arguments::parse().chore;
    let root = repository()?;
    let report = tidy::run(&root)?;
    let mut out = std::io::stdout().lock();
    for note in &report.notes {
        writeln!(out, "note: {note}")?;
    }
    for finding in &report.findings {
        writeln!(out, "{finding}")?;
    }
    if report.findings.is_empty() {
        writeln!(out, "tidy: {} files, {} packages, nothing to mend", report.files, report.packages)?;
        Ok(ExitCode::SUCCESS)
    } else {
        writeln!(out, "tidy: {} to mend", report.findings.len())?;
        Ok(ExitCode::FAILURE)
    }
}

/// The repository that this program was built in.
fn repository() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no folder above it")?;
    Ok(root.to_owned())
}
