//! Transparency log formats and mathematics, as the C2SP publishes them.
//!
//! A log is a list that only grows. Its operator signs the root of a Merkle tree over the list, and
//! anybody who kept an earlier signed root can prove, years later and without asking the operator,
//! that nothing before it was changed. This crate holds the arithmetic and the file formats of that
//! promise; who writes the log, and where, is `hutong-ledger`'s business.
//!
//! In reading order:
//!
//! * [`merkle`]: hashes, inclusion and consistency proofs (RFC 6962, RFC 9162 §2.1);
//! * [`tile`]: paths and contents of tiles and entry bundles (`c2sp.org/tlog-tiles`);
//! * [`tree`]: growing a tree and making proofs from tiles alone;
//! * [`note`]: signed notes and their Ed25519 keys (`c2sp.org/signed-note`);
//! * [`checkpoint`]: a signed tree head (`c2sp.org/tlog-checkpoint`);
//! * [`proof`]: the self-contained proof file (`c2sp.org/tlog-proof`).
//!
//! # Invariants
//!
//! * No file, socket, clock or source of randomness is touched here.
//! * Every parser accepts exactly one spelling of a value, so that equal values have equal bytes.
//! * Everything that is read from outside has a named size limit.
//! * Every refusal has a stable code.

pub mod checkpoint;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod tile;
pub mod tree;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use merkle::{Hash, MerkleError};
pub use note::{KeyError, NoteError, SignedNote, SigningKey, VerifierKey};
pub use proof::{ProofError, TlogProof};
pub use tile::{TileError, TilePath};
pub use tree::{TileReadError, TileReader, TreeError};
