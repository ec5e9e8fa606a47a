//! A journal in memory, for tests and benches of this crate and of others.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::entry::{EntryText, to_hex};
use crate::journal::{Journal, JournalFault, JournalLeaf, Opening};

/// Version and commitment.
type Latest = (u64, [u8; 32]);

/// A journal that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    leaves: Mutex<Vec<JournalLeaf>>,
    /// Version and commitment of each record's latest version.
    latest: Mutex<BTreeMap<(String, String), Latest>>,
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
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let record = (kind.to_owned(), record_id.to_owned());
        let before = latest.get(&record).copied();
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
        let commitment = opening.commitment();
        latest.insert(record, (version, commitment));
        leaves.push(JournalLeaf { seq, commitment, opening: Some(opening) });
    }

    /// Lets a test do to the journal what nobody should be able to do.
    pub fn tamper(&self, change: impl FnOnce(&mut Vec<JournalLeaf>)) {
        let mut leaves = self.leaves();
        change(&mut leaves);
        // What is written next follows from what is there now.
        let latest = leaves.iter().filter_map(|leaf| {
            let entry = EntryText::parse(&leaf.opening.as_ref()?.canonical)?;
            Some(((entry.kind, entry.id), (entry.version, leaf.commitment)))
        });
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = latest.collect();
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
