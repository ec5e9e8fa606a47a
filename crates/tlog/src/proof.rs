//! Proof files that verify without a network (`c2sp.org/tlog-proof`, version 1).
//!
//! One file holds the place of an entry in the log, the hashes that lead from it to the root, and the
//! signed checkpoint with that root. The `extra` bytes are not authenticated by the format: whoever
//! uses them must derive the leaf from them, as `hutong-ledger` does.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::merkle::{Hash, MerkleError, PROOF_HASHES_MAX, leaf_hash, verify_inclusion};
use crate::note::{SignedNote, VerifierKey};

/// First line of every proof file.
pub const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Longest proof file that is read, in bytes.
pub const PROOF_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Usual ending of the file name.
pub const PROOF_EXTENSION: &str = "tlog-proof";

/// Why a proof is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofError {
    /// Longer than [`PROOF_BYTES_MAX`] or with more hashes than [`PROOF_HASHES_MAX`].
    #[error("the proof is larger than is read")]
    TooLarge,
    /// The first line is not that of a proof.
    #[error("the first line is not {PROOF_HEADER}")]
    BadHeader,
    /// A line is not what the format has there.
    #[error("line {line} of the proof is not well formed")]
    BadLine {
        /// Number of the line, from 1.
        line: usize,
    },
    /// The checkpoint in the proof is refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the signed root.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
}

impl ProofError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "tlog.proof.too_large",
            Self::BadHeader => "tlog.proof.bad_header",
            Self::BadLine { .. } => "tlog.proof.bad_line",
            Self::Checkpoint(refusal) => refusal.code(),
            Self::Merkle(refusal) => refusal.code(),
        }
    }
}

/// A proof file. Reading one says nothing yet about whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque bytes for the application.
    pub extra: Option<Vec<u8>>,
    /// Zero-based index of the entry in the log.
    pub index: u64,
    /// From the leaf's sibling up to the child of the root.
    pub hashes: Vec<Hash>,
    /// The signed note with the checkpoint, verbatim.
    pub checkpoint: String,
}

impl TlogProof {
    /// Reads a proof file.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        if PROOF_BYTES_MAX < text.len() {
            return Err(ProofError::TooLarge);
        }
        let mut rest = text;
        let mut line_number = 0;
        let mut next_line = || {
            line_number += 1;
            let (line, after) = rest.split_once('\n').ok_or(ProofError::BadLine { line: line_number })?;
            rest = after;
            Ok::<_, ProofError>((line, line_number))
        };
        if !matches!(next_line(), Ok((PROOF_HEADER, _))) {
            return Err(ProofError::BadHeader);
        }
        let (mut line, mut number) = next_line()?;
        let mut extra = None;
        if let Some(encoded) = line.strip_prefix("extra ") {
            let bytes =
                STANDARD.decode(encoded).map_err(|_not_base64| ProofError::BadLine { line: number })?;
            extra = Some(bytes);
            (line, number) = next_line()?;
        }
        let index_text = line.strip_prefix("index ").ok_or(ProofError::BadLine { line: number })?;
        let index: u64 = index_text.parse().map_err(|_not_a_number| ProofError::BadLine { line: number })?;
        if index.to_string() != index_text {
            return Err(ProofError::BadLine { line: number });
        }
        let mut hashes = Vec::new();
        loop {
            let (line, number) = next_line()?;
            if line.is_empty() {
                break;
            }
            if PROOF_HASHES_MAX <= hashes.len() {
                return Err(ProofError::TooLarge);
            }
            hashes.push(Hash::from_base64(line).ok_or(ProofError::BadLine { line: number })?);
        }
        Ok(Self { extra, index, hashes, checkpoint: rest.to_owned() })
    }

    /// Checks that `key` signed the checkpoint and that `entry` stands in its tree at the proof's index.
    ///
    /// `entry` is what the log holds, before leaf hashing.
    pub fn verify(&self, entry: &[u8], key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let note = SignedNote::parse(&self.checkpoint).map_err(CheckpointError::Note)?;
        let checkpoint = Checkpoint::verify(&note, key)?;
        verify_inclusion(&leaf_hash(entry), self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{PROOF_HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::merkle::node_hash;
    use crate::note::SigningKey;

    fn key() -> SigningKey {
        SigningKey::from_seed("hutong.example/log", &[9; 32]).unwrap()
    }

    fn proof() -> TlogProof {
        let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
        TlogProof {
            extra: Some(b"{}".to_vec()),
            index: 1,
            hashes: vec![a],
            checkpoint: Checkpoint::new("hutong.example/log", 2, node_hash(&a, &b)).sign(&key()),
        }
    }

    fn check(text: &str, entry: &[u8]) -> &'static str {
        match TlogProof::parse(text).and_then(|proof| proof.verify(entry, key().verifier())) {
            Ok(_) => "accepted",
            Err(refusal) => refusal.code(),
        }
    }

    #[test]
    fn a_proof_file_is_spelled_as_the_specification_spells_it() {
        insta::assert_snapshot!(proof(), @r"
        c2sp.org/tlog-proof@v1
        extra e30=
        index 1
        Aippeebat6pa5MPl5F9+l3ESp+Y1k4INvsHsc4ok+Tw=

        hutong.example/log
        2
        sTeYX/SE+2ANuTEHx3sDZcgNePW0Kd7Q/Zc2HQd5mes=

        — hutong.example/log WaocSbrAt6oZ/5fQBoiWwVeiMhn1kegtnmVRt54yQvbkJPwA+0dQiGVTGHxpsqkNcaKnv2pQdeKb3MpMRmyKg0MOPgA=
        ");
    }

    #[test]
    fn a_proof_reads_back_and_verifies() {
        for extra in [None, Some(Vec::new()), Some(b"more".to_vec())] {
            let proof = TlogProof { extra, ..proof() };
            assert_eq!(TlogProof::parse(&proof.to_string()), Ok(proof.clone()));
            assert_eq!(check(&proof.to_string(), b"b"), "accepted");
        }
    }

    #[test]
    fn every_other_entry_place_and_spelling_is_refused() {
        let text = proof().to_string();
        assert_eq!(check(&text, b"a"), "tlog.merkle.root_differs");
        for (from, to, code) in [
            ("index 1", "index 0", "tlog.merkle.root_differs"),
            ("index 1", "index 2", "tlog.merkle.index_outside"),
            ("index 1", "index 01", "tlog.proof.bad_line"),
            ("index 1", "index  1", "tlog.proof.bad_line"),
            ("index 1", "Index 1", "tlog.proof.bad_line"),
            ("e30=", "e30", "tlog.proof.bad_line"),
            ("proof@v1", "proof@v2", "tlog.proof.bad_header"),
            ("\n\nhutong", "\nhutong", "tlog.proof.bad_line"),
            ("/log\n2\n", "/log\n3\n", "tlog.note.wrong_signature"),
        ] {
            assert!(text.contains(from), "{from}");
            assert_eq!(check(&text.replacen(from, to, 1), b"b"), code, "{from} -> {to}");
        }
        let hash = proof().hashes[0];
        let long = TlogProof { hashes: vec![hash; PROOF_HASHES_MAX + 1], ..proof() };
        assert_eq!(check(&long.to_string(), b"b"), "tlog.proof.too_large");
        assert_eq!(check("", b"b"), "tlog.proof.bad_header");
        assert_eq!(check(PROOF_HEADER, b"b"), "tlog.proof.bad_header");
    }

    proptest! {
        #[test]
        fn one_changed_byte_never_changes_what_is_proven(at: prop::sample::Index, to in 0x20_u8..0x7f) {
            let mut bytes = proof().to_string().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = to;
            if let Ok(text) = String::from_utf8(bytes) && let Ok(changed) = TlogProof::parse(&text) {
                prop_assert_eq!(changed.to_string(), text);
                if let Ok(checkpoint) = changed.verify(b"b", key().verifier()) {
                    // Only the part that the format does not authenticate may differ.
                    prop_assert_eq!(changed.index, 1);
                    prop_assert_eq!(checkpoint.size, 2);
                }
            }
        }
    }
}
