//! Checkpoints: the head of a log, to be signed (`c2sp.org/tlog-checkpoint`).
//!
//! Whoever keeps one checkpoint can hold the log to it for ever.

use std::fmt;

use thiserror::Error;

use crate::merkle::{Hash, empty_root};
use crate::note::{NoteError, SignedNote, SigningKey, VerifierKey};

/// Longest text of a checkpoint that is read, in bytes.
pub const CHECKPOINT_BYTES_MAX: usize = 4096;

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The note around it is refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Longer than [`CHECKPOINT_BYTES_MAX`].
    #[error("the checkpoint is larger than is read")]
    TooLarge,
    /// Fewer than three lines, an empty line, or no newline at the end.
    #[error("a checkpoint has an origin, a size and a root, one a line")]
    BadForm,
    /// The size is not a number in its only spelling.
    #[error("the size in the checkpoint is not a plain number")]
    BadSize,
    /// The root is not the base64 of 32 bytes, or not that of an empty tree for size 0.
    #[error("the root in the checkpoint is not a hash that fits its size")]
    BadRoot,
    /// A checkpoint of another log.
    #[error("the checkpoint is of {found}, not of {expected}")]
    OtherOrigin {
        /// Origin in the checkpoint.
        found: String,
        /// Origin that was expected.
        expected: String,
    },
}

impl CheckpointError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Note(refusal) => refusal.code(),
            Self::TooLarge => "tlog.checkpoint.too_large",
            Self::BadForm => "tlog.checkpoint.bad_form",
            Self::BadSize => "tlog.checkpoint.bad_size",
            Self::BadRoot => "tlog.checkpoint.bad_root",
            Self::OtherOrigin { .. } => "tlog.checkpoint.other_origin",
        }
    }
}

/// The head of a log: which log, how many leaves, which root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log; usually its address without scheme.
    pub origin: String,
    /// Leaves of the tree.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// Further lines. Hutong writes none: witnesses do not attest them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A head without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// Reads the text of a checkpoint, without signatures.
    pub fn parse_text(text: &str) -> Result<Self, CheckpointError> {
        if CHECKPOINT_BYTES_MAX < text.len() {
            return Err(CheckpointError::TooLarge);
        }
        let text = text.strip_suffix('\n').ok_or(CheckpointError::BadForm)?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size_text, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::BadForm);
        };
        if lines.iter().any(|line| line.is_empty()) {
            return Err(CheckpointError::BadForm);
        }
        let size: u64 = size_text.parse().map_err(|_not_a_number| CheckpointError::BadSize)?;
        if size.to_string() != *size_text {
            return Err(CheckpointError::BadSize);
        }
        let root = Hash::from_base64(root).ok_or(CheckpointError::BadRoot)?;
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::BadRoot);
        }
        Ok(Self {
            origin: (*origin).to_owned(),
            size,
            root,
            extensions: extensions.iter().map(|line| (*line).to_owned()).collect(),
        })
    }

    /// Checks that `key` signed the note and reads its checkpoint, which must be of the log that the key
    /// is named after.
    pub fn verify(note: &SignedNote, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse_text(note.verify(key)?)?;
        if checkpoint.origin != key.name() {
            return Err(CheckpointError::OtherOrigin {
                found: checkpoint.origin,
                expected: key.name().to_owned(),
            });
        }
        Ok(checkpoint)
    }

    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> String {
        key.sign(&self.to_string())
    }
}

impl fmt::Display for Checkpoint {
    /// The text that is signed, with its last newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The checkpoint printed in the specification.
    const SPEC: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn check(text: &str) -> &'static str {
        match Checkpoint::parse_text(text) {
            Ok(checkpoint) => {
                assert_eq!(checkpoint.to_string(), text);
                "accepted"
            }
            Err(refusal) => refusal.code(),
        }
    }

    #[test]
    fn the_checkpoint_of_the_specification_reads_back() {
        assert_eq!(check(SPEC), "accepted");
        assert_eq!(Checkpoint::parse_text(SPEC).unwrap().size, 20_852_163);
        assert_eq!(check(&format!("{SPEC}extension\n")), "accepted");
        assert_eq!(check("a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"), "accepted");
    }

    #[test]
    fn other_spellings_are_refused() {
        for (from, to, code) in [
            ("20852163", "020852163", "tlog.checkpoint.bad_size"),
            ("20852163", "+20852163", "tlog.checkpoint.bad_size"),
            ("20852163", "-1", "tlog.checkpoint.bad_size"),
            ("20852163", "99999999999999999999", "tlog.checkpoint.bad_size"),
            ("20852163", "0", "tlog.checkpoint.bad_root"),
            ("2I=\n", "2J=\n", "tlog.checkpoint.bad_root"),
            ("2I=\n", "2I=", "tlog.checkpoint.bad_form"),
            ("2I=\n", "2I=\n\n", "tlog.checkpoint.bad_form"),
            ("example.com/behind-the-sofa", "", "tlog.checkpoint.bad_form"),
        ] {
            assert_eq!(check(&SPEC.replace(from, to)), code, "{from} -> {to}");
        }
        assert_eq!(
            check(&format!("{SPEC}{}\n", "a".repeat(CHECKPOINT_BYTES_MAX))),
            "tlog.checkpoint.too_large"
        );
    }

    #[test]
    fn a_checkpoint_of_another_log_is_refused_though_the_signature_is_right() {
        let key = SigningKey::from_seed("hutong.example/a", &[1; 32]).unwrap();
        let ours = Checkpoint::new("hutong.example/a", 0, empty_root());
        let note = SignedNote::parse(&ours.sign(&key)).unwrap();
        assert_eq!(Checkpoint::verify(&note, key.verifier()), Ok(ours));
        let theirs = Checkpoint::new("hutong.example/b", 0, empty_root());
        let note = SignedNote::parse(&theirs.sign(&key)).unwrap();
        let refusal = Checkpoint::verify(&note, key.verifier()).unwrap_err();
        assert_eq!(refusal.code(), "tlog.checkpoint.other_origin");
    }
}
