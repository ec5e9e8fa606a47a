//! Making proof files.
//!
//! A proof is made for the published checkpoint, so what is handed out never runs ahead of what everybody
//! can see, and it is verified before it leaves: tiles that were changed on disk give an error here and
//! not a worthless file to somebody who checks it in three years.

use std::fs;
use std::time::SystemTime;

use hutong_tlog::checkpoint::CheckpointError;
use hutong_tlog::tree::inclusion_proof;
use hutong_tlog::{Checkpoint, SignedNote, TlogProof, VerifierKey};

use crate::error::LedgerError;
use crate::folder::{TileFolder, read_text_if_there};
use crate::journal::{Journal, JournalLeaf};
use crate::key;
use crate::place::LedgerPlace;
use crate::verify::{extra_for, verify_with_key};

/// The published checkpoint: what it says, its signed text, and the key that it was verified with.
#[derive(Debug, Clone)]
pub struct PublishedHead {
    /// The head.
    pub checkpoint: Checkpoint,
    /// The signed note, as published.
    pub note: String,
    /// The published key.
    pub key: VerifierKey,
    /// When the file was written, by the machine's clock; for people, not for deciding anything.
    pub published_at: Option<SystemTime>,
}

/// Reads and verifies the published checkpoint.
///
/// # Errors
/// [`LedgerError::NotStarted`] when nothing was published yet.
pub fn published_head(place: &LedgerPlace) -> Result<PublishedHead, LedgerError> {
    let key = key::published(place)?;
    let note = read_text_if_there(&place.checkpoint())?
        .ok_or_else(|| LedgerError::NotStarted { path: place.tiles.clone() })?;
    let checkpoint = SignedNote::parse(&note)
        .map_err(CheckpointError::Note)
        .and_then(|parsed| Checkpoint::verify(&parsed, &key))
        .map_err(|source| LedgerError::CheckpointForeign { source })?;
    let published_at = fs::metadata(place.checkpoint()).and_then(|file| file.modified()).ok();
    Ok(PublishedHead { checkpoint, note, key, published_at })
}

/// The proof file for the journal entry `seq`.
pub fn prove(place: &LedgerPlace, journal: &impl Journal, seq: u64) -> Result<String, LedgerError> {
    let head = published_head(place)?;
    let leaf = match journal.read(seq.max(1), 1)?.into_iter().next() {
        Some(leaf) if leaf.seq == seq => leaf,
        _ => return Err(LedgerError::NoSuchEntry { seq }),
    };
    prove_leaf(place, &head, &leaf)
}

/// The proof files for all versions of a record, oldest first, one after the other in one text.
pub fn prove_record(
    place: &LedgerPlace,
    journal: &impl Journal,
    kind: &str,
    record_id: &str,
) -> Result<String, LedgerError> {
    let leaves = journal.record(kind, record_id)?;
    if leaves.is_empty() {
        return Err(LedgerError::NoSuchRecord { kind: kind.to_owned(), record_id: record_id.to_owned() });
    }
    // Read after the journal, so that it covers as much of it as possible.
    let head = published_head(place)?;
    leaves.iter().map(|leaf| prove_leaf(place, &head, leaf)).collect()
}

fn prove_leaf(place: &LedgerPlace, head: &PublishedHead, leaf: &JournalLeaf) -> Result<String, LedgerError> {
    let (seq, size) = (leaf.seq, head.checkpoint.size);
    let index = seq.checked_sub(1).ok_or(LedgerError::NoSuchEntry { seq })?;
    if size <= index {
        return Err(LedgerError::NotSequenced { seq, size });
    }
    let hashes = inclusion_proof(&TileFolder::new(&place.tiles), index, size)
        .map_err(|error| LedgerError::from_tree(error, size))?;
    let proof = TlogProof {
        extra: Some(extra_for(&leaf.commitment, leaf.opening.as_ref())),
        index,
        hashes,
        checkpoint: head.note.clone(),
    };
    let text = proof.to_string();
    verify_with_key(&text, &head.key)
        .map_err(|source| LedgerError::ProofBroken { seq, source: Box::new(source) })?;
    Ok(text)
}
