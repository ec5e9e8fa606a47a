//! `hutong ledger …`.

use std::path::Path;

use anyhow::Context;
use hutong_kernel::Refusal;
use hutong_ledger::verify::{VerifiedEntry, verify};
use hutong_ledger::{Ledger, LedgerError};

use super::args::LedgerCommand;
use super::plan_command::write_out;
use super::serve_command::runtime;
use super::{Failure, Terminal};
use crate::config::Config;
use crate::wiring;

/// Largest proof file that is read. Unit: bytes. An entry's body has at most 4 MiB.
const PROOF_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match &error {
            LedgerError::NoSuchEntry { .. }
            | LedgerError::NoSuchRecord { .. }
            | LedgerError::NotSequenced { .. }
            | LedgerError::NotStarted { .. }
            | LedgerError::BadOrigin { .. }
            | LedgerError::CopyTargetInUse { .. } => Self::refused(error),
            _ => Self::Fault(error.into()),
        }
    }
}

/// Runs `hutong ledger`.
pub(super) fn run(command: &LedgerCommand, config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    match command {
        // Needs nothing but the file and the key.
        LedgerCommand::Verify { file, vkey } => verify_file(file, vkey, terminal),
        LedgerCommand::Vkey => {
            let key = hutong_ledger::key::published(&config.ledger_place())?;
            Ok(terminal.answer(&key.to_string())?)
        }
        LedgerCommand::Prove { seq, out } => runtime()?.block_on(async {
            let ledger = open(config)?;
            let proof = ledger.prove(*seq).await?;
            write_out(out.as_deref(), proof.trim_end_matches('\n'), terminal)
        }),
        LedgerCommand::Status => status(config, terminal),
        LedgerCommand::Audit => runtime()?.block_on(audit(config, terminal)),
    }
}

fn open(config: &Config) -> Result<Ledger, Failure> {
    let store = wiring::open_store_to_read(&config.data.dir)?;
    Ok(Ledger::new(config.ledger_place(), store))
}

fn verify_file(file: &Path, vkey: &str, terminal: &Terminal) -> Result<(), Failure> {
    use std::io::Read as _;
    let mut proof = String::new();
    let opened = std::fs::File::open(file).with_context(|| format!("opening {}", file.display()))?;
    opened
        .take(PROOF_BYTES_MAX)
        .read_to_string(&mut proof)
        .with_context(|| format!("reading {}", file.display()))?;
    match verify(&proof, vkey) {
        Ok(verified) => Ok(terminal.answer(&describe(&verified, terminal))?),
        Err(refusal) => {
            let sentence = terminal.refusal(&refusal);
            let values = [("sentence", sentence), ("code", Refusal::code(&refusal).to_owned())];
            terminal.note(&terminal.text("cli-proof-bad", &values));
            Err(Failure::Found)
        }
    }
}

fn describe(verified: &VerifiedEntry, terminal: &Terminal) -> String {
    let mut lines = vec![terminal.text(
        "cli-proof-good",
        &[
            ("seq", verified.seq.to_string()),
            ("origin", verified.origin.clone()),
            ("size", verified.tree_size.to_string()),
        ],
    )];
    match verified.contents.entry() {
        Some(entry) => {
            lines.push(serde_json::to_string_pretty(&entry.body).unwrap_or_default());
            lines.push(terminal.text(
                "cli-proof-entry",
                &[
                    ("kind", entry.kind.clone()),
                    ("id", entry.id.clone()),
                    ("version", entry.version.to_string()),
                    ("at", entry.at.clone()),
                    ("reason", entry.reason.clone()),
                ],
            ));
        }
        None => lines.push(terminal.text("cli-proof-erased", &[])),
    }
    lines.join("\n")
}

fn status(config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    let head = hutong_ledger::prove::published_head(&config.ledger_place())?;
    let written = std::fs::metadata(config.ledger_place().checkpoint())
        .and_then(|it| it.modified())
        .ok()
        .and_then(|it| jiff::Timestamp::try_from(it).ok());
    Ok(terminal.say(
        "cli-ledger-status",
        &[
            ("origin", head.checkpoint.origin.clone()),
            ("size", head.checkpoint.size.to_string()),
            ("root", head.checkpoint.root.to_string()),
            (
                "written",
                written
                    .map(|it| it.to_zoned(config.district.time_zone.clone()).to_string())
                    .unwrap_or_default(),
            ),
            ("vkey", head.key.to_string()),
        ],
    )?)
}

async fn audit(config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    let ledger = open(config)?;
    let bar = terminal.progress("cli-progress-audit", 0);
    let shown = bar.clone();
    let report = ledger
        .audit(None, None, move |progress| {
            shown.set_length(progress.total);
            shown.set_position(progress.done);
        })
        .await?;
    bar.finish_and_clear();
    for finding in &report.findings {
        let values: Vec<(&str, String)> = finding.values();
        terminal.answer(&format!(
            "{} [{}]",
            terminal.text(&finding.code().replace('.', "-"), &values),
            finding.code()
        ))?;
    }
    let values = [
        ("origin", report.origin.clone()),
        ("entries", report.entries.to_string()),
        ("sequenced", report.sequenced.to_string()),
        ("tiles", report.tiles.to_string()),
        ("findings", report.findings_total.to_string()),
    ];
    if report.is_clean() {
        Ok(terminal.say("cli-audit-clean", &values)?)
    } else {
        terminal.say("cli-audit-found", &values)?;
        Err(Failure::Found)
    }
}
