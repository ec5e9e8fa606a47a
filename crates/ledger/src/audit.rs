//! Recomputing everything: what an auditor runs, and what shows *where* something was changed.
//!
//! Starting from the texts in the journal, every commitment, every bundle, every tile, the root and the
//! signature are computed again and compared with what is on disk. Nothing that is only stored is taken
//! for granted, except the public key; give the key and an earlier checkpoint that you kept yourself, and
//! not even that.

use std::collections::{BTreeMap, BTreeSet};

use hutong_tlog::checkpoint::CheckpointError;
use hutong_tlog::merkle::verify_consistency;
use hutong_tlog::tile::{TILE_WIDTH, TileKind, TilePath, encode_hashes, parse_bundle};
use hutong_tlog::tree::{Edge, TileReadError, TileToWrite, consistency_proof, read_entries, read_hashes};
use hutong_tlog::{Checkpoint, SignedNote, TreeError, VerifierKey};

use crate::entry::EntryText;
use crate::error::LedgerError;
use crate::folder::{TileFolder, read_text_if_there};
use crate::journal::{Journal, JournalLeaf};
use crate::key;
use crate::lock::recorded_head;
use crate::place::LedgerPlace;
use crate::sequence::BATCH_ENTRIES_MAX;

/// Entries that are read and hashed at once; whole bundles, so that only the last ones are partial.
const CHUNK_ENTRIES: u64 = 4 * TILE_WIDTH;
/// Most findings that are listed; the others are only counted.
pub const FINDINGS_MAX: usize = 1_000;

/// What an auditor brings along.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditOptions<'a> {
    /// The log's public key from elsewhere; the published one if `None`.
    pub vkey: Option<&'a VerifierKey>,
    /// A signed checkpoint kept from earlier, which today's ledger must continue.
    pub earlier_checkpoint: Option<&'a str>,
}

/// How far an audit is. Unit: journal entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditProgress {
    /// Entries that were checked.
    pub done: u64,
    /// Entries to check.
    pub total: u64,
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The journal skipped or repeated a sequence number; the audit of the journal stops there.
    JournalGap {
        /// Sequence number that was due.
        expected: u64,
    },
    /// The journal ends before the checkpoint does.
    JournalShort {
        /// Last entry of the journal.
        head: u64,
        /// Entries that the checkpoint covers.
        size: u64,
    },
    /// Text and salt of an entry do not give its commitment.
    CommitmentDiffers {
        /// The entry.
        seq: u64,
    },
    /// The text of an entry cannot be read.
    EntryUnreadable {
        /// The entry.
        seq: u64,
    },
    /// An entry does not name the commitment of its record's version before.
    ChainBroken {
        /// The entry.
        seq: u64,
        /// Kind of the record.
        kind: String,
        /// The record.
        record: String,
        /// Version that the entry made.
        version: u64,
    },
    /// The ledger holds another commitment for an entry than the journal.
    LeafDiffers {
        /// The entry.
        seq: u64,
    },
    /// A tile or bundle is missing.
    TileMissing {
        /// Path below the ledger's prefix.
        path: String,
    },
    /// A tile or bundle is not what the entries give.
    TileDiffers {
        /// Path below the ledger's prefix.
        path: String,
    },
    /// The entries give another root than the one that was signed.
    RootDiffers {
        /// Entries that the checkpoint covers.
        size: u64,
    },
    /// The published checkpoint does not verify.
    CheckpointForeign {
        /// What its verification said.
        reason: String,
    },
    /// The lock is missing, or does not go with the published checkpoint.
    LockDisagrees {
        /// Entries that the lock records; `None` when there is no lock.
        recorded: Option<u64>,
        /// Entries that the checkpoint covers.
        size: u64,
    },
    /// The earlier checkpoint is not ours.
    EarlierForeign {
        /// What its verification said.
        reason: String,
    },
    /// The ledger is not a continuation of the earlier checkpoint: history was rewritten.
    HistoryRewritten {
        /// Entries of the earlier checkpoint.
        earlier: u64,
        /// Entries of the published one.
        size: u64,
    },
}

impl Finding {
    /// Stable identifier; the messages are filed under it with `-` for `.`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::JournalGap { .. } => "ledger.audit.journal_gap",
            Self::JournalShort { .. } => "ledger.audit.journal_short",
            Self::CommitmentDiffers { .. } => "ledger.audit.commitment_differs",
            Self::EntryUnreadable { .. } => "ledger.audit.entry_unreadable",
            Self::ChainBroken { .. } => "ledger.audit.chain_broken",
            Self::LeafDiffers { .. } => "ledger.audit.leaf_differs",
            Self::TileMissing { .. } => "ledger.audit.tile_missing",
            Self::TileDiffers { .. } => "ledger.audit.tile_differs",
            Self::RootDiffers { .. } => "ledger.audit.root_differs",
            Self::CheckpointForeign { .. } => "ledger.audit.checkpoint_foreign",
            Self::LockDisagrees { .. } => "ledger.audit.lock_disagrees",
            Self::EarlierForeign { .. } => "ledger.audit.earlier_foreign",
            Self::HistoryRewritten { .. } => "ledger.audit.history_rewritten",
        }
    }

    /// Values for the message, by name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::JournalGap { expected } => vec![("expected", expected.to_string())],
            Self::JournalShort { head, size } => vec![("head", head.to_string()), ("size", size.to_string())],
            Self::CommitmentDiffers { seq } | Self::EntryUnreadable { seq } | Self::LeafDiffers { seq } => {
                vec![("seq", seq.to_string())]
            }
            Self::ChainBroken { seq, kind, record, version } => vec![
                ("seq", seq.to_string()),
                ("kind", kind.clone()),
                ("record", record.clone()),
                ("version", version.to_string()),
            ],
            Self::TileMissing { path } | Self::TileDiffers { path } => vec![("path", path.clone())],
            Self::RootDiffers { size } => vec![("size", size.to_string())],
            Self::CheckpointForeign { reason } | Self::EarlierForeign { reason } => {
                vec![("reason", reason.clone())]
            }
            Self::LockDisagrees { recorded, size } => {
                vec![("recorded", recorded.unwrap_or(0).to_string()), ("size", size.to_string())]
            }
            Self::HistoryRewritten { earlier, size } => {
                vec![("earlier", earlier.to_string()), ("size", size.to_string())]
            }
        }
    }
}

/// What an audit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Name of the ledger.
    pub origin: String,
    /// Entries of the journal.
    pub entries: u64,
    /// Entries that the published checkpoint covers; the others wait for the next batch.
    pub sequenced: u64,
    /// Entries whose text and salt were erased. Their place is proven, their text cannot be.
    pub erased: u64,
    /// Tiles and bundles that were compared.
    pub tiles: u64,
    /// What is wrong, the first [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many findings there are.
    pub findings_total: u64,
}

impl AuditReport {
    /// Whether everything was as it must be.
    pub fn is_clean(&self) -> bool {
        self.findings_total == 0
    }

    fn add(&mut self, finding: Finding) {
        self.findings_total += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

/// Audits the ledger at `place` against `journal`. May run beside the sequencer. Blocks.
///
/// # Errors
/// Only when the audit could not be done. What it found wrong is in the report.
pub fn audit(
    place: &LedgerPlace,
    journal: &impl Journal,
    options: AuditOptions<'_>,
    progress: &mut dyn FnMut(AuditProgress),
) -> Result<AuditReport, LedgerError> {
    let key = match options.vkey {
        Some(key) => key.clone(),
        None => key::published(place)?,
    };
    // In this order, because all three may grow meanwhile: the lock is never behind the checkpoint, and
    // the journal is never behind the lock.
    let note = read_text_if_there(&place.checkpoint())?
        .ok_or_else(|| LedgerError::NotStarted { path: place.tiles.clone() })?;
    let recorded = recorded_head(place);
    let entries = journal.head()?;

    let mut report = AuditReport {
        origin: key.name().to_owned(),
        entries,
        sequenced: 0,
        erased: 0,
        tiles: 0,
        findings: Vec::new(),
        findings_total: 0,
    };
    let checkpoint = match verified(&note, &key) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            report.add(Finding::CheckpointForeign { reason: error.to_string() });
            // Its numbers are still the best guess at what the tiles should be.
            match SignedNote::parse(&note).ok().and_then(|note| Checkpoint::parse_text(note.text()).ok()) {
                Some(unsigned) => unsigned,
                None => return Ok(report),
            }
        }
    };
    report.sequenced = checkpoint.size;
    check_lock(recorded, &checkpoint, &mut report)?;
    let tiles = TileFolder::new(&place.tiles);
    if let Some(earlier) = options.earlier_checkpoint {
        check_earlier(earlier, &key, &checkpoint, &tiles, &mut report)?;
    }
    Recomputation { tiles, checkpoint, edge: Edge::default(), chain: Chain::default(), report }
        .run(journal, entries, progress)
}

fn verified(note: &str, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::verify(&SignedNote::parse(note)?, key)
}

fn check_lock(
    recorded: Result<Option<Checkpoint>, LedgerError>,
    checkpoint: &Checkpoint,
    report: &mut AuditReport,
) -> Result<(), LedgerError> {
    let recorded = match recorded {
        Ok(recorded) => recorded,
        Err(LedgerError::LockMalformed { .. }) => None,
        Err(fault) => return Err(fault),
    };
    let agrees = recorded.as_ref().is_some_and(|lock| {
        let ahead = lock.size.checked_sub(checkpoint.size);
        lock.origin == checkpoint.origin
            && ahead.is_some_and(|ahead| ahead <= BATCH_ENTRIES_MAX)
            && (ahead != Some(0) || lock.root == checkpoint.root)
    });
    if !agrees {
        let recorded = recorded.map(|lock| lock.size);
        report.add(Finding::LockDisagrees { recorded, size: checkpoint.size });
    }
    Ok(())
}

fn check_earlier(
    earlier: &str,
    key: &VerifierKey,
    now: &Checkpoint,
    tiles: &TileFolder,
    report: &mut AuditReport,
) -> Result<(), LedgerError> {
    let earlier = match verified(earlier, key) {
        Ok(earlier) => earlier,
        Err(error) => {
            report.add(Finding::EarlierForeign { reason: error.to_string() });
            return Ok(());
        }
    };
    let continues = match consistency_proof(tiles, earlier.size, now.size) {
        Ok(proof) => verify_consistency(earlier.size, &earlier.root, now.size, &now.root, &proof).is_ok(),
        Err(TreeError::Read(TileReadError::Failed { path, source })) => {
            let failed = TileReadError::Failed { path, source };
            return Err(LedgerError::from_tree(failed.into(), now.size));
        }
        // Shrunk, or with tiles that are missing: there is no proof that it continues.
        Err(_no_proof) => false,
    };
    if !continues {
        report.add(Finding::HistoryRewritten { earlier: earlier.size, size: now.size });
    }
    Ok(())
}

/// The versions of all records so far: each must name the commitment of the one before.
#[derive(Default)]
struct Chain {
    latest: BTreeMap<(String, String), (u64, [u8; 32])>,
    erased: BTreeSet<[u8; 32]>,
}

impl Chain {
    /// Whether the entry follows from its record's version before.
    fn follows(&mut self, entry: &EntryText, commitment: [u8; 32]) -> bool {
        let record = (entry.kind.clone(), entry.id.clone());
        let before = self.latest.insert(record, (entry.version, commitment));
        match (entry.prev_commitment, before) {
            (None, None) => entry.version == 1,
            (Some(prev), Some((version, latest))) if prev == latest => {
                version.checked_add(1) == Some(entry.version)
            }
            // The version between may have been erased, with the name of its record.
            (Some(prev), _) => 1 < entry.version && self.erased.contains(&prev),
            (None, Some(_)) => false,
        }
    }
}

struct Recomputation {
    tiles: TileFolder,
    checkpoint: Checkpoint,
    edge: Edge,
    chain: Chain,
    report: AuditReport,
}

impl Recomputation {
    fn run(
        mut self,
        journal: &impl Journal,
        entries: u64,
        progress: &mut dyn FnMut(AuditProgress),
    ) -> Result<AuditReport, LedgerError> {
        let size = self.checkpoint.size;
        if entries < size {
            self.report.add(Finding::JournalShort { head: entries, size });
        }
        progress(AuditProgress { done: 0, total: entries });
        let mut done = 0;
        while done < entries {
            let wanted = CHUNK_ENTRIES.min(entries - done);
            let chunk = self.read_chunk(journal, done, wanted)?;
            let found = chunk.len() as u64;
            let in_tree = size.saturating_sub(done).min(found);
            let leaves: Vec<[u8; 32]> = chunk
                .iter()
                .take(usize::try_from(in_tree).unwrap_or(usize::MAX))
                .map(|leaf| leaf.commitment)
                .collect();
            self.compare_with_disk(&leaves)?;
            done += found;
            progress(AuditProgress { done, total: entries });
            if found < wanted {
                self.report.add(Finding::JournalGap { expected: done + 1 });
                break;
            }
        }
        if self.edge.size() == size && self.edge.root() != self.checkpoint.root {
            self.report.add(Finding::RootDiffers { size });
        }
        Ok(self.report)
    }

    /// Reads the entries after the first `done`, and checks each for itself and against its record.
    fn read_chunk(
        &mut self,
        journal: &impl Journal,
        done: u64,
        wanted: u64,
    ) -> Result<Vec<JournalLeaf>, LedgerError> {
        let mut chunk: Vec<JournalLeaf> = Vec::new();
        while (chunk.len() as u64) < wanted {
            let expected = done + chunk.len() as u64 + 1;
            let read = journal.read(expected, wanted - chunk.len() as u64)?;
            let before = chunk.len();
            for (leaf, expected) in read.into_iter().zip(expected..) {
                if leaf.seq != expected {
                    return Ok(chunk);
                }
                self.check_entry(&leaf);
                chunk.push(leaf);
            }
            if chunk.len() == before {
                break;
            }
        }
        Ok(chunk)
    }

    fn check_entry(&mut self, leaf: &JournalLeaf) {
        let seq = leaf.seq;
        let Some(opening) = &leaf.opening else {
            self.report.erased += 1;
            self.chain.erased.insert(leaf.commitment);
            return;
        };
        if opening.commitment() != leaf.commitment {
            self.report.add(Finding::CommitmentDiffers { seq });
        }
        let Some(entry) = EntryText::parse(&opening.canonical) else {
            self.report.add(Finding::EntryUnreadable { seq });
            return;
        };
        if !self.chain.follows(&entry, leaf.commitment) {
            let EntryText { kind, id: record, version, .. } = entry;
            self.report.add(Finding::ChainBroken { seq, kind, record, version });
        }
    }

    /// Grows the recomputed tree and compares every tile that this settles with the one on disk.
    fn compare_with_disk(&mut self, leaves: &[[u8; 32]]) -> Result<(), LedgerError> {
        let size = self.checkpoint.size;
        let grown = self.edge.append(leaves).map_err(|error| LedgerError::from_tree(error, size))?;
        for tile in grown {
            // Partial tiles of chunks in between are not on disk; only those of the whole tree are.
            if TilePath::in_tree(tile.path.kind(), tile.path.index(), size) == Some(tile.path) {
                self.report.tiles += 1;
                self.compare_tile(&tile)?;
            }
        }
        Ok(())
    }

    fn compare_tile(&mut self, expected: &TileToWrite) -> Result<(), LedgerError> {
        let path = expected.path;
        let compared = match path.kind() {
            TileKind::Entries => {
                read_entries(&self.tiles, path).map(|found| self.compare_bundle(&found, expected))
            }
            TileKind::Hashes { .. } => read_hashes(&self.tiles, path).map(|found| {
                if encode_hashes(&found) != expected.bytes {
                    self.report.add(Finding::TileDiffers { path: path.to_string() });
                }
            }),
        };
        match compared {
            Ok(()) => {}
            Err(TreeError::Tile { .. }) => self.report.add(Finding::TileDiffers { path: path.to_string() }),
            Err(TreeError::Read(TileReadError::Missing { .. })) => {
                self.report.add(Finding::TileMissing { path: path.to_string() });
            }
            Err(other) => return Err(LedgerError::from_tree(other, self.checkpoint.size)),
        }
        Ok(())
    }

    fn compare_bundle(&mut self, found: &[Vec<u8>], expected: &TileToWrite) {
        let first = expected.path.index() * TILE_WIDTH + 1;
        // We encoded it ourselves a moment ago, so it parses.
        let expected = parse_bundle(expected.path.width(), &expected.bytes).unwrap_or_default();
        for (seq, (found, expected)) in (first..).zip(found.iter().zip(&expected)) {
            if found != expected {
                self.report.add(Finding::LeafDiffers { seq });
            }
        }
    }
}
