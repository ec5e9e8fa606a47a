//! One batch, step by step: tiles, lock, signature, publication.
//!
//! The order is the whole point. At every step a crash leaves a state that [`crate::open`] recognises and
//! continues from:
//!
//! 1. *before any tile*: nothing happened.
//! 2. *some or all tiles written*: they reach beyond the lock, by at most one batch. Nobody can ask for
//!    them with a checkpoint in hand. The same journal gives the same tiles, so the next run writes them
//!    again, finds them equal, or stops because the journal changed.
//! 3. *lock swapped*: the batch counts. The published checkpoint is one batch old; the next run signs the
//!    head in the lock. Signing the same text twice gives the same signature and harms nobody.
//! 4. *published*: done. Partial tiles that full ones replaced may remain; they are correct, only useless.

use std::sync::Arc;

use hutong_tlog::tile::{TILE_WIDTH, TileKind};
use hutong_tlog::tree::{Edge, TileToWrite};
use hutong_tlog::{Checkpoint, SigningKey, VerifierKey};

use crate::error::LedgerError;
use crate::folder::{DiskHook, Folder};
use crate::journal::Journal;
use crate::lock::LockStore;
use crate::open;
use crate::place::{CHECKPOINT_FILE, LedgerPlace};

/// Most entries that are sequenced at once. Also the bound on what an interrupted batch can have left
/// behind, by which the start-up check tells a crash from a lock that was rolled back: it may grow in a
/// later version, but never shrink.
pub const BATCH_ENTRIES_MAX: u64 = 4096;

/// What one step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The journal has nothing new.
    Idle,
    /// A batch was sequenced and its checkpoint published.
    Sequenced {
        /// Entries in the batch.
        entries: u64,
        /// The new head.
        head: Checkpoint,
    },
}

/// The one writer of a ledger.
///
/// After an error the sequencer must be dropped and opened again: what is in memory may be ahead of, or
/// behind, what is on disk, and only [`Sequencer::open`] looks.
pub struct Sequencer<J> {
    pub(crate) journal: Arc<J>,
    pub(crate) place: LedgerPlace,
    pub(crate) folder: Folder,
    pub(crate) lock: LockStore,
    pub(crate) key: SigningKey,
    pub(crate) head: Checkpoint,
    pub(crate) edge: Edge,
}

impl<J: Journal> Sequencer<J> {
    /// Takes the lock, checks that journal, tiles, lock, key and checkpoint belong together, finishes what
    /// a crash interrupted, and makes the ledger if there is none.
    ///
    /// Blocks on the disk and the journal.
    pub fn open(journal: Arc<J>, place: &LedgerPlace) -> Result<Self, LedgerError> {
        open::open(journal, place, None)
    }

    /// As [`Sequencer::open`], with a hook that is called before each operation on the disk.
    pub fn open_with_hook(journal: Arc<J>, place: &LedgerPlace, hook: DiskHook) -> Result<Self, LedgerError> {
        open::open(journal, place, Some(hook))
    }

    /// The head that was published last.
    pub fn head(&self) -> &Checkpoint {
        &self.head
    }

    /// The public key.
    pub fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Which ledger this is.
    pub fn place(&self) -> &LedgerPlace {
        &self.place
    }

    /// Sequences what the journal has, up to [`BATCH_ENTRIES_MAX`] entries.
    pub fn step(&mut self) -> Result<Step, LedgerError> {
        let commitments = next_commitments(&*self.journal, self.head.size)?;
        if commitments.is_empty() {
            return Ok(Step::Idle);
        }
        let mut edge = self.edge.clone();
        let tiles =
            edge.append(&commitments).map_err(|error| LedgerError::from_tree(error, self.head.size))?;

        let files: Vec<(String, &[u8])> =
            tiles.iter().map(|tile| (tile.path.to_string(), tile.bytes.as_slice())).collect();
        self.folder.write_new(&files)?;
        // A crash here leaves tiles beyond the lock: case 2 above.

        let next = Checkpoint::new(&self.place.origin, edge.size(), edge.root());
        self.lock.compare_and_swap(Some(&self.head), &next)?;
        // A crash here leaves a head that was not published: case 3 above. The other order, signing first,
        // could let out a signature that the lock knows nothing of.

        publish(&mut self.folder, &self.key, &next)?;
        self.head = next.clone();
        self.edge = edge;
        self.tidy(&tiles);
        Ok(Step::Sequenced { entries: commitments.len() as u64, head: next })
    }

    /// Removes partial tiles whose full tile is now durable. The specification allows it, readers fall
    /// back to the full tile, and without it every tile would be stored some hundred times.
    fn tidy(&self, tiles: &[TileToWrite]) {
        for tile in tiles {
            // The batch that fills a tile is the last that could have left partial ones of it.
            if tile.path.is_partial() {
                continue;
            }
            if let Err(error) = self.folder.remove_dir(&format!("{}.p", tile.path)) {
                tracing::warn!(code = error.code(), path = %tile.path, "partial tiles could not be removed");
            }
        }
    }
}

/// Signs `head` and makes it the published checkpoint.
pub(crate) fn publish(folder: &mut Folder, key: &SigningKey, head: &Checkpoint) -> Result<(), LedgerError> {
    folder.replace(CHECKPOINT_FILE, head.sign(key).as_bytes(), 0o644)
}

/// The commitments after the first `size` entries, checked to be without gaps.
pub(crate) fn next_commitments(journal: &impl Journal, size: u64) -> Result<Vec<[u8; 32]>, LedgerError> {
    commitments_between(journal, size, size.saturating_add(BATCH_ENTRIES_MAX), false)
}

/// Commitments of the leaves `from..to`, checked to be without gaps; all of them if `whole`.
pub(crate) fn commitments_between(
    journal: &impl Journal,
    from: u64,
    to: u64,
    whole: bool,
) -> Result<Vec<[u8; 32]>, LedgerError> {
    let mut commitments = Vec::new();
    let mut leaf = from;
    while leaf < to {
        let expected = leaf + 1;
        let read = journal.commitments(expected, (to - leaf).min(BATCH_ENTRIES_MAX))?;
        if read.is_empty() {
            if whole {
                return Err(LedgerError::JournalGap { expected, found: 0 });
            }
            break;
        }
        for (seq, commitment) in read {
            let expected = leaf + 1;
            if seq != expected {
                return Err(LedgerError::JournalGap { expected, found: seq });
            }
            if to <= leaf {
                break;
            }
            commitments.push(commitment);
            leaf += 1;
        }
    }
    Ok(commitments)
}

/// How many entries the bundles on disk reach, counting partial ones.
pub(crate) fn extent_on_disk(place: &LedgerPlace) -> Result<u64, LedgerError> {
    let mut extent = 0;
    open::each_bundle_from(place, 0, true, &mut |path| {
        debug_assert_eq!(path.kind(), TileKind::Entries, "only bundles are listed");
        extent = extent.max(path.index() * TILE_WIDTH + u64::from(path.width()));
        Ok(())
    })?;
    Ok(extent)
}
