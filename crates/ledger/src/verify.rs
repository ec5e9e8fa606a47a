//! Checking a proof file, with nothing but the file and the log's public key.
//!
//! The file carries the entry's text and salt beside the Merkle proof. They are not believed: the leaf is
//! computed from them, so a changed text leads to another leaf and the proof falls.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hutong_kernel::Refusal;
use hutong_tlog::proof::{PROOF_BYTES_MAX, PROOF_HEADER};
use hutong_tlog::{Hash, KeyError, ProofError, TlogProof, VerifierKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::entry::EntryText;
use crate::journal::Opening;

/// The only format of the `extra` part there is.
const EXTRA_FORMAT: u32 = 1;
/// Most proofs in one bundle.
pub const BUNDLE_PROOFS_MAX: usize = 10_000;

/// Why a proof file does not prove what it says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifyRefusal {
    /// The public key is none.
    #[error("the public key cannot be read")]
    Key(#[from] KeyError),
    /// The proof cannot be read, is not signed by the key, or does not lead to the signed root.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The file does not carry the entry, or carries it in a form that is not known.
    #[error("the proof does not carry its entry")]
    NoEntry,
    /// The text is proven, but is not that of a journal entry.
    #[error("the proven text is not that of a journal entry")]
    NotAnEntry,
    /// More than [`BUNDLE_PROOFS_MAX`] proofs.
    #[error("the file holds more than {BUNDLE_PROOFS_MAX} proofs")]
    TooManyProofs,
    /// The bundle's proofs are not the whole history of one record in order.
    #[error("proof {place} is not version {expected} of the record")]
    BrokenOrder {
        /// Which proof of the file, from 1.
        place: usize,
        /// Version that was due.
        expected: u64,
    },
    /// A version does not name the commitment of the version before it.
    #[error("version {version} does not follow from the version before it")]
    BrokenChain {
        /// The later version.
        version: u64,
    },
}

impl VerifyRefusal {
    /// Stable identifier; the messages are filed under it with `-` for `.`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key(refusal) => refusal.code(),
            Self::Proof(refusal) => refusal.code(),
            Self::NoEntry => "ledger.verify.no_entry",
            Self::NotAnEntry => "ledger.verify.not_an_entry",
            Self::TooManyProofs => "ledger.verify.too_many_proofs",
            Self::BrokenOrder { .. } => "ledger.verify.broken_order",
            Self::BrokenChain { .. } => "ledger.verify.broken_chain",
        }
    }
}

impl Refusal for VerifyRefusal {
    fn code(&self) -> &'static str {
        VerifyRefusal::code(self)
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::BrokenOrder { place, expected } => {
                vec![("place", place.to_string()), ("expected", expected.to_string())]
            }
            Self::BrokenChain { version } => vec![("version", version.to_string())],
            Self::Proof(ProofError::BadLine { line }) => vec![("line", line.to_string())],
            Self::TooManyProofs => vec![("limit", BUNDLE_PROOFS_MAX.to_string())],
            _ => Vec::new(),
        }
    }
}

/// What the `extra` part of a proof file says about the leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    v: u32,
    /// Base64 of 32 bytes, with `entry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// The canonical text, with `salt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    /// Base64 of the commitment, when text and salt were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commitment: Option<String>,
}

/// The `extra` part for a leaf whose text is known, or was erased.
pub(crate) fn extra_for(commitment: &[u8; 32], opening: Option<&Opening>) -> Vec<u8> {
    let extra = match opening {
        Some(Opening { salt, canonical }) => Extra {
            v: EXTRA_FORMAT,
            salt: Some(STANDARD.encode(salt)),
            entry: Some(canonical.clone()),
            commitment: None,
        },
        None => {
            Extra { v: EXTRA_FORMAT, salt: None, entry: None, commitment: Some(STANDARD.encode(commitment)) }
        }
    };
    // Three texts and a number: serialising them cannot fail.
    serde_json::to_vec(&extra).unwrap_or_default()
}

/// What a proof file proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEntry {
    /// Sequence number of the entry in the journal, from 1.
    pub seq: u64,
    /// Name of the ledger.
    pub origin: String,
    /// Entries that the signed checkpoint covers.
    pub tree_size: u64,
    /// Root of the signed checkpoint.
    pub root: Hash,
    /// The leaf: commitment to the entry.
    pub commitment: [u8; 32],
    /// What the entry says.
    pub contents: Contents,
}

/// What an entry says, as far as it is still known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// The text that the commitment covers, and its fields.
    Known {
        /// Byte for byte what was committed to.
        canonical: String,
        /// The same, read.
        entry: Box<EntryText>,
    },
    /// Text and salt were erased; that there was an entry at this place is still proven.
    Erased,
}

impl Contents {
    /// The fields, unless they were erased.
    pub fn entry(&self) -> Option<&EntryText> {
        match self {
            Self::Known { entry, .. } => Some(entry),
            Self::Erased => None,
        }
    }
}

/// Checks one proof file with the log's public key, both as texts.
pub fn verify(proof: &str, vkey: &str) -> Result<VerifiedEntry, VerifyRefusal> {
    verify_with_key(proof, &VerifierKey::parse(vkey.trim())?)
}

/// As [`verify`], with a key that was read before.
pub fn verify_with_key(proof: &str, key: &VerifierKey) -> Result<VerifiedEntry, VerifyRefusal> {
    let proof = TlogProof::parse(proof)?;
    let (commitment, opening) = leaf_of(&proof)?;
    let checkpoint = proof.verify(&commitment, key)?;
    let contents = match opening {
        None => Contents::Erased,
        Some(Opening { canonical, .. }) => match EntryText::parse(&canonical) {
            Some(entry) => Contents::Known { canonical, entry: Box::new(entry) },
            None => return Err(VerifyRefusal::NotAnEntry),
        },
    };
    Ok(VerifiedEntry {
        // The index is below the tree size, so it is not the largest number.
        seq: proof.index + 1,
        origin: checkpoint.origin,
        tree_size: checkpoint.size,
        root: checkpoint.root,
        commitment,
        contents,
    })
}

fn leaf_of(proof: &TlogProof) -> Result<([u8; 32], Option<Opening>), VerifyRefusal> {
    let bytes32 = |text: &str| STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let extra = proof.extra.as_deref().ok_or(VerifyRefusal::NoEntry)?;
    let extra: Extra = serde_json::from_slice(extra).map_err(|_other_form| VerifyRefusal::NoEntry)?;
    match extra {
        Extra { v: EXTRA_FORMAT, salt: Some(salt), entry: Some(canonical), commitment: None } => {
            let salt = bytes32(&salt).ok_or(VerifyRefusal::NoEntry)?;
            let opening = Opening { salt, canonical };
            Ok((opening.commitment(), Some(opening)))
        }
        Extra { v: EXTRA_FORMAT, salt: None, entry: None, commitment: Some(commitment) } => {
            Ok((bytes32(&commitment).ok_or(VerifyRefusal::NoEntry)?, None))
        }
        _ => Err(VerifyRefusal::NoEntry),
    }
}

/// Checks the proofs of all versions of one record, as [`crate::prove::prove_record`] writes them: each
/// one for itself, then that they are versions 1, 2, 3 … of one record, each naming the commitment of the
/// one before.
///
/// That the last one is the latest version is not proven; no file can prove what came after it.
pub fn verify_record(bundle: &str, vkey: &str) -> Result<Vec<VerifiedEntry>, VerifyRefusal> {
    let key = VerifierKey::parse(vkey.trim())?;
    let mut verified: Vec<VerifiedEntry> = Vec::new();
    for proof in split_bundle(bundle)? {
        verified.push(verify_with_key(proof, &key)?);
    }
    let first = verified.first().and_then(|first| first.contents.entry());
    let record = first.map(|entry| (entry.kind.clone(), entry.id.clone()));
    let mut before: Option<&VerifiedEntry> = None;
    for ((at, proven), expected) in verified.iter().enumerate().zip(1_u64..) {
        if let Some(entry) = proven.contents.entry() {
            let same = record.as_ref().is_none_or(|(kind, id)| *kind == entry.kind && *id == entry.id);
            if !same || entry.version != expected {
                return Err(VerifyRefusal::BrokenOrder { place: at + 1, expected });
            }
            if entry.prev_commitment != before.map(|before| before.commitment) {
                return Err(VerifyRefusal::BrokenChain { version: entry.version });
            }
        }
        before = Some(proven);
    }
    Ok(verified)
}

/// Splits a file of one or more proofs where the next one begins.
///
/// No line within a proof can be that header: checkpoint lines are a name, numbers, hashes and signatures.
fn split_bundle(bundle: &str) -> Result<Vec<&str>, VerifyRefusal> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in bundle.split_inclusive('\n') {
        if line.strip_suffix('\n') == Some(PROOF_HEADER) {
            if BUNDLE_PROOFS_MAX <= starts.len() {
                return Err(VerifyRefusal::TooManyProofs);
            }
            starts.push(at);
        }
        at += line.len();
    }
    if starts.first() != Some(&0) || BUNDLE_PROOFS_MAX.saturating_mul(PROOF_BYTES_MAX) < bundle.len() {
        return Err(VerifyRefusal::Proof(ProofError::BadHeader));
    }
    let ends = starts.iter().skip(1).copied().chain([bundle.len()]);
    Ok(starts.iter().zip(ends).filter_map(|(start, end)| bundle.get(*start..end)).collect())
}
