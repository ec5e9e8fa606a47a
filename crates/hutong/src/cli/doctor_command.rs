//! `hutong doctor`: what is wrong with this installation, and what to do about it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use hutong_kernel::Clock as _;
use hutong_ledger::check_up::Outcome;
use hutong_ledger::{Ledger, LedgerError};
use hutong_store::{Store, StoreError};
use jiff::ToSpan as _;
use serde::Serialize;

use super::serve_command::runtime;
use super::{Failure, Terminal};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::wiring;

/// Findings of the store that are told one by one.
const FINDINGS_TOLD_MAX: usize = 20;
/// Looks at the ledger before it is called broken.
const LOOKS_MAX: u32 = 3;
/// How long lies between them.
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);
/// A clock that stands before this year was never set.
const YEAR_MIN: i16 = 2026;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// As it must be.
    Good,
    /// Works; could be better.
    Advice,
    /// Will become a problem.
    Warning,
    /// Does not work, or is not safe.
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
struct Finding {
    /// How bad.
    level: Level,
    /// Stable identifier of what was looked at.
    check: String,
    /// What is so, and what to do.
    text: String,
}

struct Doctor<'a> {
    terminal: &'a Terminal,
    findings: Vec<Finding>,
}

impl Doctor<'_> {
    /// Files the text `doctor-<check>-<level>`.
    fn say(&mut self, level: Level, check: &str, values: &[(&str, String)]) {
        let text = self.terminal.text(&format!("doctor-{check}-{}", level.name()), values);
        self.findings.push(Finding { level, check: check.to_owned(), text });
    }

    fn tell(&mut self, level: Level, check: &str, text: String) {
        self.findings.push(Finding { level, check: check.to_owned(), text });
    }
}

/// Runs `hutong doctor`. The configuration was checked before: without one this is not reached.
pub(super) fn run(as_json: bool, config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    let mut doctor = Doctor { terminal, findings: Vec::new() };
    doctor.say(Level::Good, "config", &[]);
    time(&mut doctor, config)?;
    let held = directory(&mut doctor, &config.data.dir)?;
    if held {
        key_file(&mut doctor, &config.ledger_place().key);
        runtime()?.block_on(store(&mut doctor, config))?;
    }
    let worst = doctor.findings.iter().map(|it| it.level).max().unwrap_or(Level::Good);
    if as_json {
        terminal.answer(&serde_json::to_string_pretty(&doctor.findings).map_err(anyhow::Error::from)?)?;
    } else {
        for finding in &doctor.findings {
            let level = terminal.text(&format!("doctor-level-{}", finding.level.name()), &[]);
            terminal.answer(&format!("[{level}] {}", finding.text))?;
        }
    }
    if Level::Warning <= worst { Err(Failure::Found) } else { Ok(()) }
}

fn time(doctor: &mut Doctor<'_>, config: &Config) -> Result<(), Failure> {
    let now = SystemClock.now();
    let here = now.to_zoned(config.district.time_zone.clone());
    let values = [
        ("now", here.strftime("%Y-%m-%d %H:%M").to_string()),
        ("zone", config.district.time_zone.iana_name().unwrap_or("?").to_owned()),
    ];
    let level = if here.year() < YEAR_MIN { Level::Error } else { Level::Good };
    doctor.say(level, "clock", &values);
    let calendar = wiring::calendar()?;
    let next = here.date().checked_add(1.year()).map_or(here.year(), |it| it.year());
    let last = calendar.years.keys().next_back().copied().unwrap_or_default();
    let values = [("year", here.year().to_string()), ("last", last.to_string())];
    let level = if last < here.year() {
        Level::Warning
    } else if last < next {
        Level::Advice
    } else {
        Level::Good
    };
    doctor.say(level, "calendar", &values);
    Ok(())
}

/// Is there a data directory to go on with?
fn directory(doctor: &mut Doctor<'_>, dir: &Path) -> Result<bool, Failure> {
    let values = [("dir", dir.display().to_string())];
    let data = match std::fs::metadata(dir) {
        Ok(data) => data,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            doctor.say(Level::Advice, "directory", &values);
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    let mode = data.permissions().mode() & 0o777;
    let values = [values[0].clone(), ("mode", format!("{mode:o}"))];
    let open_to_others = mode & 0o007 != 0;
    doctor.say(if open_to_others { Level::Warning } else { Level::Good }, "directory", &values);
    match free_space(dir) {
        Some(free) if free < SPACE_MIN => doctor.say(Level::Warning, "space", &[("free", mebibytes(free))]),
        Some(free) => doctor.say(Level::Good, "space", &[("free", mebibytes(free))]),
        // Not every machine has df; nothing is wrong with the installation then.
        None => {}
    }
    if dir.join(hutong_store::sqlite::DATABASE).try_exists()? {
        return Ok(true);
    }
    doctor.say(Level::Advice, "empty", &[("dir", dir.display().to_string())]);
    Ok(false)
}

/// Below this a full disk is near. Unit: bytes.
const SPACE_MIN: u64 = 1_073_741_824;

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes / 1_048_576)
}

/// Free space of the file system that `dir` lies on, as `df` tells it: the standard library does not.
fn free_space(dir: &Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pk").arg("--").arg(dir).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kibibytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes.saturating_mul(1_024))
}

fn key_file(doctor: &mut Doctor<'_>, key: &Path) {
    let Ok(data) = std::fs::metadata(key) else { return };
    let mode = data.permissions().mode() & 0o777;
    let values = [("file", key.display().to_string()), ("mode", format!("{mode:o}"))];
    let level = if mode & 0o077 != 0 { Level::Error } else { Level::Good };
    doctor.say(level, "key", &values);
}

async fn store(doctor: &mut Doctor<'_>, config: &Config) -> Result<(), Failure> {
    let opened = match wiring::open_store(&config.data.dir) {
        Err(StoreError::InUse { .. }) => {
            doctor.say(Level::Good, "held", &[("dir", config.data.dir.display().to_string())]);
            wiring::open_beside_server(&config.data.dir)
        }
        opened => opened,
    };
    let store = match opened {
        Ok(store) => store,
        Err(error) => {
            let text = doctor.terminal.refusal(&error);
            doctor.tell(Level::Error, "store", format!("{text} [{}]", error.code()));
            return Ok(());
        }
    };
    check_store(doctor, &store).await?;
    let head = *store.head().borrow();
    if wiring::is_demo(&config.data.dir)? {
        doctor.say(Level::Advice, "demo", &[]);
    }
    check_ledger(doctor, config, &store).await;
    doctor.say(Level::Good, "journal", &[("head", head.to_string())]);
    Ok(())
}

async fn check_store(doctor: &mut Doctor<'_>, store: &Store) -> Result<(), Failure> {
    let bar = doctor.terminal.progress("cli-progress-check", 0);
    let shown = bar.clone();
    let findings = store
        .check(&move |progress| {
            shown.set_length(progress.total);
            shown.set_position(progress.done);
        })
        .await?;
    bar.finish_and_clear();
    if findings.is_empty() {
        doctor.say(Level::Good, "store", &[]);
    }
    for finding in findings.iter().take(FINDINGS_TOLD_MAX) {
        let text = doctor.terminal.text(&finding.code().replace('.', "-"), &finding.values());
        doctor.tell(Level::Error, "store", format!("{text} [{}]", finding.code()));
    }
    if FINDINGS_TOLD_MAX < findings.len() {
        doctor.say(Level::Error, "store", &[("count", findings.len().to_string())]);
    }
    Ok(())
}

async fn check_ledger(doctor: &mut Doctor<'_>, config: &Config, store: &Store) {
    let ledger = Ledger::new(config.ledger_place(), store.clone());
    let mut checks = ledger.check_up().await;
    // Beside a running server a look may fall between two steps of the ledger: what is broken stays broken.
    for _look in 1..LOOKS_MAX {
        if !checks.iter().any(|check| matches!(check.outcome, Outcome::Broken(_))) {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        checks = ledger.check_up().await;
    }
    if checks.is_empty() {
        doctor.say(Level::Advice, "ledger", &[]);
    }
    for check in checks {
        let key = check.code.replace('.', "-");
        match check.outcome {
            Outcome::Fine => doctor.tell(Level::Good, check.code, doctor.terminal.text(&key, &[])),
            Outcome::Advice => doctor.tell(Level::Advice, check.code, doctor.terminal.text(&key, &[])),
            Outcome::Broken(error) => {
                let error: LedgerError = error;
                let text = doctor.terminal.refusal(&error);
                doctor.tell(Level::Error, check.code, format!("{text} [{}]", error.code()));
            }
        }
    }
}
