//! A journal in memory, for tests and benches of this crate and of others.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::entry::{EntryText, to_hex};
use crate::journal::{Journal, JournalFault, JournalLeaf, Opening};

/// A journal that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    leaves: Mutex<Vec<JournalLeaf>>,
}

impl MemoryJournal {
    /// A journal of `entries` entries about ten records in turn.
    pub fn with_entries(entries: u64) -> Self {
        let journal = Self::default();
        journal.append(entries);
        journal
    }

    /// Adds `entries` entries.
    pub fn append(&self, entries: u64) {
        for _ in 0..entries {
            let seq = self.leaves().len() as u64 + 1;
            self.write("task", &format!("task-{}", seq % 10), json!({ "progress_bp": seq % 10_001 }));
        }
    }

    /// Adds one entry that gives `record_id` its next version.
    pub fn write(&self, kind: &str, record_id: &str, body: Value) {
        let mut leaves = self.leaves();
        let before = leaves.iter().rev().find_map(|leaf| {
            let entry = EntryText::parse(&leaf.opening.as_ref()?.canonical)?;
            (entry.kind == kind && entry.id == record_id).then_some((entry.version, leaf.commitment))
        });
        let seq = leaves.len() as u64 + 1;
        let version = before.map_or(1, |(version, _)| version + 1);
        // Keys in canonical order; the values of these tests need no more than that.
        let canonical = json!({
            "at": "2026-03-02T09:00:00Z",
            "body": body,
            "entry_id": format!("entry-{seq}"),
            "id": record_id,
            "kind": kind,
            "op": if version == 1 { "create" } else { "update" },
            "prev_commitment": before.map(|(_, commitment)| to_hex(&commitment)),
            "principal": { "person": "officer-1" },
            "reason": "monthly report",
            "request_id": format!("request-{seq}"),
            "v": 1,
            "version": version,
        })
        .to_string();
        let mut salt = [0x5a; 32];
        salt[..8].copy_from_slice(&seq.to_be_bytes());
        let opening = Opening { salt, canonical };
        leaves.push(JournalLeaf { seq, commitment: opening.commitment(), opening: Some(opening) });
    }

    /// Lets a test do to the journal what nobody should be able to do.
    pub fn tamper(&self, change: impl FnOnce(&mut Vec<JournalLeaf>)) {
        change(&mut self.leaves());
    }

    fn leaves(&self) -> MutexGuard<'_, Vec<JournalLeaf>> {
        self.leaves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    fn head(&self) -> Result<u64, JournalFault> {
        Ok(self.leaves().last().map_or(0, |leaf| leaf.seq))
    }

    fn read(&self, from_seq: u64, limit: u64) -> Result<Vec<JournalLeaf>, JournalFault> {
        let first = usize::try_from(from_seq.saturating_sub(1)).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.leaves().iter().skip(first).take(limit).cloned().collect())
    }

    fn record(&self, kind: &str, record_id: &str) -> Result<Vec<JournalLeaf>, JournalFault> {
        let of_record = |leaf: &&JournalLeaf| {
            leaf.opening
                .as_ref()
                .and_then(|opening| EntryText::parse(&opening.canonical))
                .is_some_and(|entry| entry.kind == kind && entry.id == record_id)
        };
        Ok(self.leaves().iter().filter(of_record).cloned().collect())
    }
}

/// A folder of its own below the system's temporary folder; removed with everything in it when dropped.
#[derive(Debug)]
pub struct ScratchFolder(PathBuf);

impl ScratchFolder {
    /// Makes the folder. Panics if it cannot, which only tests may do.
    #[expect(clippy::new_without_default, reason = "a default that touches the disk would surprise")]
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("hutong-ledger-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        // What is left over is in the temporary folder and harms nobody.
        let _removed = std::fs::remove_dir_all(&self.0);
    }
}
