//! The ledger on a real disk: crashes, attacks, proofs, and verifiers that others wrote.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attacks;
mod copies;
mod crashes;
mod following;
mod foreign_verifiers;
mod proofs;
mod serving;
mod with_the_store;

use std::path::Path;
use std::sync::Arc;

use hutong_ledger::audit::{AuditOptions, AuditReport, audit};
use hutong_ledger::sequence::{Sequencer, Step};
use hutong_ledger::testing::MemoryJournal;
use hutong_ledger::{LedgerError, LedgerPlace};
use hutong_testkit::TempFolder;

const ORIGIN: &str = "hutong.example/huaian";

/// A ledger on disk and the journal that it follows.
struct Bench {
    scratch: TempFolder,
    place: LedgerPlace,
    journal: Arc<MemoryJournal>,
}

impl Bench {
    /// A journal with `entries` entries, none of them sequenced yet.
    fn unsequenced(entries: u64) -> Self {
        let scratch = TempFolder::new().unwrap();
        let place = LedgerPlace::in_data_dir(scratch.path(), ORIGIN);
        Self { scratch, place, journal: Arc::new(MemoryJournal::with_entries(entries)) }
    }

    /// A ledger with `entries` entries.
    fn with_entries(entries: u64) -> Self {
        let bench = Self::unsequenced(entries);
        bench.catch_up();
        bench
    }

    fn open(&self) -> Result<Sequencer<MemoryJournal>, LedgerError> {
        Sequencer::open(Arc::clone(&self.journal), &self.place)
    }

    /// Opens the ledger and sequences all that the journal has.
    fn catch_up(&self) {
        step_until_idle(&mut self.open().unwrap()).unwrap();
    }

    fn audit(&self) -> AuditReport {
        self.audit_since(None)
    }

    fn audit_since(&self, earlier_checkpoint: Option<&str>) -> AuditReport {
        let options = AuditOptions { vkey: None, earlier_checkpoint };
        audit(&self.place, &self.journal, options, &mut |_progress| {}).unwrap()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.place.tiles.join(name)).unwrap()
    }

    fn checkpoint(&self) -> String {
        self.read("checkpoint")
    }

    fn vkey(&self) -> String {
        self.read("vkey")
    }
}

fn step_until_idle(sequencer: &mut Sequencer<MemoryJournal>) -> Result<u64, LedgerError> {
    let mut sequenced = 0;
    while let Step::Sequenced { entries, .. } = sequencer.step()? {
        sequenced += entries;
    }
    Ok(sequenced)
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy_folder(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).unwrap();
        }
    }
}
