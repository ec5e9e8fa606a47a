//! `hutong backup` and `hutong restore`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use hutong_ledger::{Ledger, LedgerError, LedgerPlace};
use hutong_store::{Progress, Store, StoreError, backup};
use indicatif::ProgressBar;

use super::serve_command::runtime;
use super::{Failure, Terminal};
use crate::config::Config;
use crate::wiring::{self, DEMO_MARK};

/// Folder of the ledger's copy in a backup.
const LEDGER: &str = "ledger-copy";
/// Folder of everything else in a backup.
const DATA: &str = "data";

/// The ledger's files in a backup.
fn place_in(backup: &Path, origin: &str) -> LedgerPlace {
    LedgerPlace::in_data_dir(&backup.join(LEDGER), origin)
}

/// Shows steps one after the other on one bar.
fn shown(bar: &ProgressBar) -> impl Fn(Progress) + Send + Sync + use<> {
    let bar = bar.clone();
    move |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }
}

/// Runs `hutong backup`.
pub(super) fn back_up(dir: &Path, config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    runtime()?.block_on(async {
        let store = wiring::open_store_to_read(&config.data.dir)?;
        let ledger = Ledger::new(config.ledger_place(), store.clone());
        let bar = terminal.progress("cli-progress-backup", 0);
        let head = save(&store, &ledger, dir, &bar).await?;
        bar.finish_and_clear();
        Ok(terminal
            .say("cli-backup-done", &[("dir", dir.display().to_string()), ("head", head.to_string())])?)
    })
}

/// Saves store, files and ledger into `dir`; the number of the newest journal entry that is certainly in it.
async fn save(store: &Store, ledger: &Ledger, dir: &Path, bar: &ProgressBar) -> Result<u64, Failure> {
    if std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(StoreError::NotEmpty { path: dir.to_owned() }.into());
    }
    std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
    // The ledger first, the journal afterwards: then the journal reaches at least as far.
    let counting = bar.clone();
    let copied = ledger
        .copy_to(place_in(dir, &ledger.place().origin), true, move |done, total| {
            counting.set_length(total);
            counting.set_position(done);
        })
        .await;
    match copied {
        // A directory that no server ever opened has no ledger yet.
        Ok(_) | Err(LedgerError::NotStarted { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let mark = store.folder().join(DEMO_MARK);
    let extra: Vec<PathBuf> = mark.try_exists()?.then_some(mark).into_iter().collect();
    let manifest = store.backup(&dir.join(DATA), &extra, &shown(bar)).await?;
    Ok(manifest.head)
}

/// Runs `hutong restore`.
pub(super) fn restore(dir: &Path, config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    let bar = terminal.progress("cli-progress-restore", 0);
    wiring::make_private_dir(&config.data.dir)?;
    let manifest = backup::restore(&dir.join(DATA), &config.data.dir, &shown(&bar))?;
    let saved = place_in(dir, &config.ledger.origin);
    if saved.checkpoint().try_exists()? {
        let mut count = |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        };
        hutong_ledger::copy::copy(&saved, &config.ledger_place(), true, &mut count)?;
    }
    bar.finish_and_clear();
    let (findings, report) = runtime()?.block_on(examine(config, terminal))?;
    if findings + report != 0 {
        let values = [("findings", (findings + report).to_string())];
        terminal.say("cli-restore-found", &values)?;
        return Err(Failure::Found);
    }
    let values = [("dir", config.data.dir.display().to_string()), ("head", manifest.head.to_string())];
    Ok(terminal.say("cli-restore-done", &values)?)
}

/// Looks through what was restored: findings of the store and of the ledger's audit.
async fn examine(config: &Config, terminal: &Terminal) -> Result<(u64, u64), Failure> {
    let store = wiring::open_existing_store(&config.data.dir)?;
    let bar = terminal.progress("cli-progress-check", 0);
    let findings = store.check(&shown(&bar)).await?;
    for finding in &findings {
        terminal.answer(&terminal.text(&finding.code().replace('.', "-"), &finding.values()))?;
    }
    let ledger = Ledger::new(config.ledger_place(), store);
    let audited = match ledger.audit(None, None, |_| {}).await {
        Ok(report) => report.findings_total,
        Err(LedgerError::NotStarted { .. }) => 0,
        Err(error) => return Err(error.into()),
    };
    bar.finish_and_clear();
    Ok((u64::try_from(findings.len()).unwrap_or(u64::MAX), audited))
}
