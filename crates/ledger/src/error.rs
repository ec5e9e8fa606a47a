//! What can go wrong with the ledger, and whether anybody may go on afterwards.
//!
//! Three kinds: a *refusal* tells the asker something ("not in the ledger yet"); a *fault* may pass (a
//! full disk, a busy database), so the sequencer opens everything again and retries; a *broken
//! invariant* is a state that no crash of ours can have left behind, so the sequencer stops and waits for
//! a person. Guessing there would be the one thing that the ledger exists to prevent.

use std::io;
use std::path::PathBuf;

use hutong_kernel::Refusal;
use hutong_tlog::tree::TileReadError;
use hutong_tlog::{CheckpointError, KeyError, TreeError};
use thiserror::Error;

use crate::journal::JournalFault;

/// Why the ledger could not be opened, continued or asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LedgerError {
    // ---- refusals
    /// The journal has no entry with this sequence number.
    #[error("the journal has no entry {seq}")]
    NoSuchEntry {
        /// Sequence number that was asked for.
        seq: u64,
    },
    /// The journal has no such record.
    #[error("the journal has no record {record_id} of kind {kind}")]
    NoSuchRecord {
        /// Kind of the record.
        kind: String,
        /// Identifier of the record.
        record_id: String,
    },
    /// The entry exists but the published checkpoint does not cover it yet.
    #[error("entry {seq} is not in the ledger yet, which has {size} entries")]
    NotSequenced {
        /// Sequence number that was asked for.
        seq: u64,
        /// Entries that the published checkpoint covers.
        size: u64,
    },
    /// No checkpoint was ever published here.
    #[error("there is no ledger at {}", path.display())]
    NotStarted {
        /// Folder that was looked into.
        path: PathBuf,
    },
    /// A ledger was to be copied to where there is one.
    #[error("{} exists, a copy would write over it", path.display())]
    CopyTargetInUse {
        /// What exists there.
        path: PathBuf,
    },
    /// The configured origin cannot name a key.
    #[error("{origin:?} cannot be the origin of a ledger")]
    BadOrigin {
        /// Origin by the configuration.
        origin: String,
        /// What is wrong with it.
        #[source]
        source: KeyError,
    },

    // ---- faults
    /// The operating system refused a file operation.
    #[error("could not {operation} {}", path.display())]
    Io {
        /// What was tried.
        operation: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalFault),
    /// Another process writes this ledger.
    #[error("another process holds {}", path.display())]
    AlreadyRunning {
        /// File that the other process holds.
        path: PathBuf,
    },
    /// Randomness for a new key could not be had.
    #[error("the system gave no randomness for a key: {0}")]
    NoRandomness(getrandom::Error),

    // ---- broken invariants
    /// There are tiles or a key, but no lock.
    #[error("{} is missing although the ledger was started before", path.display())]
    LockMissing {
        /// Where the lock should be.
        path: PathBuf,
    },
    /// The lock holds something else than a head.
    #[error("{} does not hold the head of a ledger", path.display())]
    LockMalformed {
        /// Where the lock is.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: CheckpointError,
    },
    /// Somebody else wrote the lock between two batches.
    #[error("the lock was changed by somebody else: it records {found} entries instead of {expected}")]
    LockMoved {
        /// Size that it should have recorded.
        expected: u64,
        /// Size that it records.
        found: u64,
    },
    /// The lock is that of another ledger.
    #[error("the lock belongs to {found}, the configured origin is {expected}")]
    OriginDiffers {
        /// Origin in the lock.
        found: String,
        /// Origin by the configuration.
        expected: String,
    },
    /// There is a history but no key.
    #[error("the key {} is missing although the ledger has {size} entries", path.display())]
    KeyMissing {
        /// Where the key should be.
        path: PathBuf,
        /// Entries that the lock records.
        size: u64,
    },
    /// The key file holds something else than a key.
    #[error("{} does not hold a key", path.display())]
    KeyMalformed {
        /// Where the key is.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: KeyError,
    },
    /// The key is named after another ledger.
    #[error("the key belongs to {found}, the configured origin is {expected}")]
    KeyOfOther {
        /// Name of the key.
        found: String,
        /// Origin by the configuration.
        expected: String,
    },
    /// Others than the owner may read the key.
    #[error("{} may be read by others than its owner (mode {mode:03o})", path.display())]
    KeyExposed {
        /// Where the key is.
        path: PathBuf,
        /// Permission bits.
        mode: u32,
    },
    /// The published verifier key is not that of the signing key.
    #[error("{} is not the public half of the signing key", path.display())]
    VkeyDiffers {
        /// Where the published key is.
        path: PathBuf,
    },
    /// The journal has fewer entries than the ledger.
    #[error("the journal ends at {head}, the ledger has {size} entries")]
    JournalShort {
        /// Last sequence number of the journal.
        head: u64,
        /// Entries that were sequenced.
        size: u64,
    },
    /// The journal skipped or repeated a sequence number.
    #[error("the journal gave entry {found} where {expected} was due")]
    JournalGap {
        /// Sequence number that was due.
        expected: u64,
        /// Sequence number that came; 0 when nothing came.
        found: u64,
    },
    /// An entry of the journal is not the one that was sequenced.
    #[error("entry {seq} of the journal is not the one in the ledger")]
    JournalDiffers {
        /// Sequence number of the entry.
        seq: u64,
    },
    /// A tile that the lock requires is missing.
    #[error("the tiles do not reach the {size} entries that the lock records: {path} is missing")]
    TilesBehind {
        /// Path below the ledger's prefix.
        path: String,
        /// Entries that the lock records.
        size: u64,
    },
    /// A tile does not have the form of a tile.
    #[error("{path} is damaged")]
    TileMalformed {
        /// Path below the ledger's prefix.
        path: String,
    },
    /// The tiles lead to another root than the one recorded.
    #[error("the tiles do not lead to the root that was recorded for {size} entries")]
    TilesDiffer {
        /// Entries that the root was recorded for.
        size: u64,
    },
    /// A tile exists with another content than the one to be written.
    #[error("{path} exists with another content")]
    TileConflict {
        /// Path below the ledger's prefix.
        path: String,
    },
    /// There are more tiles than one interrupted batch can have left.
    #[error("the tiles reach {extent} entries, the lock records only {size}")]
    LockBehindTiles {
        /// Entries that the tiles on disk reach.
        extent: u64,
        /// Entries that the lock records.
        size: u64,
    },
    /// A checkpoint was published that the lock does not know.
    #[error("a checkpoint of {published} entries was published, the lock records only {size}")]
    LockBehindCheckpoint {
        /// Entries of the published checkpoint.
        published: u64,
        /// Entries that the lock records.
        size: u64,
    },
    /// The published checkpoint is older than one interrupted batch can have left it.
    #[error("the published checkpoint shrank to {published} entries, the lock records {size}")]
    CheckpointShrunk {
        /// Entries of the published checkpoint.
        published: u64,
        /// Entries that the lock records.
        size: u64,
    },
    /// The published checkpoint does not verify.
    #[error("the published checkpoint is not ours")]
    CheckpointForeign {
        /// What is wrong with it.
        #[source]
        source: CheckpointError,
    },
    /// The published checkpoint is signed, but belongs to another history than the lock.
    #[error("the published checkpoint of {published} entries belongs to another history")]
    Forked {
        /// Entries of the published checkpoint.
        published: u64,
    },
    /// A proof that we just made does not verify.
    #[error("the proof for entry {seq} does not hold")]
    ProofBroken {
        /// Sequence number of the entry.
        seq: u64,
        /// What its verification said.
        #[source]
        source: Box<crate::verify::VerifyRefusal>,
    },
}

impl LedgerError {
    /// Stable identifier; the messages are filed under it with `-` for `.`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchEntry { .. } => "ledger.no_such_entry",
            Self::NoSuchRecord { .. } => "ledger.no_such_record",
            Self::NotSequenced { .. } => "ledger.not_sequenced",
            Self::NotStarted { .. } => "ledger.not_started",
            Self::CopyTargetInUse { .. } => "ledger.copy_target_in_use",
            Self::BadOrigin { .. } => "ledger.bad_origin",
            Self::Io { .. } => "ledger.io",
            Self::Journal(_) => "ledger.journal.unreadable",
            Self::AlreadyRunning { .. } => "ledger.already_running",
            Self::NoRandomness(_) => "ledger.no_randomness",
            Self::LockMissing { .. } => "ledger.lock.missing",
            Self::LockMalformed { .. } => "ledger.lock.malformed",
            Self::LockMoved { .. } => "ledger.lock.moved",
            Self::OriginDiffers { .. } => "ledger.lock.other_origin",
            Self::KeyMissing { .. } => "ledger.key.missing",
            Self::KeyMalformed { .. } => "ledger.key.malformed",
            Self::KeyOfOther { .. } => "ledger.key.other_origin",
            Self::KeyExposed { .. } => "ledger.key.exposed",
            Self::VkeyDiffers { .. } => "ledger.key.vkey_differs",
            Self::JournalShort { .. } => "ledger.journal.short",
            Self::JournalGap { .. } => "ledger.journal.gap",
            Self::JournalDiffers { .. } => "ledger.journal.differs",
            Self::TilesBehind { .. } => "ledger.tiles.behind_lock",
            Self::TileMalformed { .. } => "ledger.tiles.malformed",
            Self::TilesDiffer { .. } => "ledger.tiles.differ",
            Self::TileConflict { .. } => "ledger.tiles.conflict",
            Self::LockBehindTiles { .. } => "ledger.lock.behind_tiles",
            Self::LockBehindCheckpoint { .. } => "ledger.lock.behind_checkpoint",
            Self::CheckpointShrunk { .. } => "ledger.checkpoint.shrunk",
            Self::CheckpointForeign { .. } => "ledger.checkpoint.foreign",
            Self::Forked { .. } => "ledger.checkpoint.forked",
            Self::ProofBroken { .. } => "ledger.proof_broken",
        }
    }

    /// Whether no crash of ours can have led here, so that the sequencer must stop for good.
    pub fn is_broken_invariant(&self) -> bool {
        !matches!(
            self,
            Self::NoSuchEntry { .. }
                | Self::NoSuchRecord { .. }
                | Self::NotSequenced { .. }
                | Self::NotStarted { .. }
                | Self::CopyTargetInUse { .. }
                | Self::BadOrigin { .. }
                | Self::Io { .. }
                | Self::Journal(_)
                | Self::AlreadyRunning { .. }
                | Self::NoRandomness(_)
        )
    }

    /// Values for the message, by name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoSuchEntry { seq } | Self::JournalDiffers { seq } | Self::ProofBroken { seq, .. } => {
                vec![("seq", seq.to_string())]
            }
            Self::NoSuchRecord { kind, record_id } => {
                vec![("kind", kind.clone()), ("record", record_id.clone())]
            }
            Self::NotSequenced { seq, size } => vec![("seq", seq.to_string()), ("size", size.to_string())],
            Self::BadOrigin { origin, .. } => vec![("origin", origin.clone())],
            Self::Io { operation, path, source } => vec![
                ("operation", (*operation).to_owned()),
                ("path", path.display().to_string()),
                ("reason", source.to_string()),
            ],
            Self::Journal(fault) => vec![("reason", fault.0.to_string())],
            Self::NoRandomness(reason) => vec![("reason", reason.to_string())],
            Self::NotStarted { path }
            | Self::CopyTargetInUse { path }
            | Self::AlreadyRunning { path }
            | Self::LockMissing { path }
            | Self::LockMalformed { path, .. }
            | Self::KeyMalformed { path, .. }
            | Self::VkeyDiffers { path } => vec![("path", path.display().to_string())],
            Self::LockMoved { expected, found } | Self::JournalGap { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
            Self::OriginDiffers { found, expected } | Self::KeyOfOther { found, expected } => {
                vec![("expected", expected.clone()), ("found", found.clone())]
            }
            Self::KeyMissing { path, size } => {
                vec![("path", path.display().to_string()), ("size", size.to_string())]
            }
            Self::KeyExposed { path, mode } => {
                vec![("path", path.display().to_string()), ("mode", format!("{mode:03o}"))]
            }
            Self::JournalShort { head, size } => vec![("head", head.to_string()), ("size", size.to_string())],
            Self::TilesBehind { path, size } => vec![("path", path.clone()), ("size", size.to_string())],
            Self::TileMalformed { path } | Self::TileConflict { path } => vec![("path", path.clone())],
            Self::TilesDiffer { size } => vec![("size", size.to_string())],
            Self::LockBehindTiles { extent, size } => {
                vec![("extent", extent.to_string()), ("size", size.to_string())]
            }
            Self::LockBehindCheckpoint { published, size } | Self::CheckpointShrunk { published, size } => {
                vec![("published", published.to_string()), ("size", size.to_string())]
            }
            Self::CheckpointForeign { source } => vec![("reason", source.to_string())],
            Self::Forked { published } => vec![("published", published.to_string())],
        }
    }

    /// What a tree that could not be read means where the lock records `size` entries.
    pub(crate) fn from_tree(error: TreeError, size: u64) -> Self {
        match error {
            TreeError::Read(TileReadError::Missing { path }) => {
                Self::TilesBehind { path: path.to_string(), size }
            }
            TreeError::Read(TileReadError::Failed { path, source }) => Self::Io {
                operation: "read",
                path: PathBuf::from(path.to_string()),
                source: io::Error::other(source),
            },
            TreeError::Tile { path, .. } => Self::TileMalformed { path: path.to_string() },
            // A commitment has 32 bytes and sizes come from a checked head: only tiles that contradict
            // each other are left.
            _ => Self::TilesDiffer { size },
        }
    }
}

impl Refusal for LedgerError {
    fn code(&self) -> &'static str {
        LedgerError::code(self)
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        LedgerError::values(self)
    }
    fn status(&self) -> u16 {
        match self {
            Self::NoSuchEntry { .. } | Self::NoSuchRecord { .. } | Self::NotStarted { .. } => 404,
            Self::NotSequenced { .. } | Self::CopyTargetInUse { .. } => 409,
            _ => 500,
        }
    }
}
