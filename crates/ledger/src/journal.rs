//! What the ledger needs of the store's journal.
//!
//! The journal is an ordered feed without gaps: the entry with sequence number 1 becomes leaf 0. Calls
//! block; the one caller on an async thread ([`crate::follow`]) moves them to a blocking one.

use std::error::Error as StdError;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// What stands before salt and text when a commitment is computed, so that no other hash in the system
/// can be taken for one.
pub const COMMITMENT_DOMAIN: &[u8] = b"hutong.journal.v1\n";

/// One entry of the journal, as far as the ledger looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLeaf {
    /// Place in the journal, from 1. Not part of what is committed to.
    pub seq: u64,
    /// What the log holds for this entry.
    pub commitment: [u8; 32],
    /// The entry's text and salt; `None` once they were erased.
    pub opening: Option<Opening>,
}

/// What opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Random bytes, without which short texts could be guessed from their hash.
    pub salt: [u8; 32],
    /// The entry as canonical JSON (RFC 8785).
    pub canonical: String,
}

impl Opening {
    /// The commitment that this salt and text give.
    pub fn commitment(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(COMMITMENT_DOMAIN);
        hasher.update(self.salt);
        hasher.update(self.canonical.as_bytes());
        hasher.finalize().into()
    }
}

/// The journal could not be read.
#[derive(Debug, Error)]
#[error("the journal could not be read")]
pub struct JournalFault(#[source] pub Box<dyn StdError + Send + Sync>);

/// A journal that can be followed.
pub trait Journal: Send + Sync + 'static {
    /// Sequence number of the last durable entry; 0 for an empty journal.
    fn head(&self) -> Result<u64, JournalFault>;

    /// Up to `limit` entries from `from_seq` on, in order. May give fewer; none only at the journal's end.
    fn read(&self, from_seq: u64, limit: u64) -> Result<Vec<JournalLeaf>, JournalFault>;

    /// Sequence numbers and commitments alone, for callers that need no text.
    fn commitments(&self, from_seq: u64, limit: u64) -> Result<Vec<(u64, [u8; 32])>, JournalFault> {
        Ok(self.read(from_seq, limit)?.into_iter().map(|leaf| (leaf.seq, leaf.commitment)).collect())
    }

    /// All versions of one record, oldest first; empty when there is no such record.
    fn record(&self, kind: &str, record_id: &str) -> Result<Vec<JournalLeaf>, JournalFault>;
}

impl<J: Journal + ?Sized> Journal for std::sync::Arc<J> {
    fn head(&self) -> Result<u64, JournalFault> {
        (**self).head()
    }
    fn read(&self, from_seq: u64, limit: u64) -> Result<Vec<JournalLeaf>, JournalFault> {
        (**self).read(from_seq, limit)
    }
    fn commitments(&self, from_seq: u64, limit: u64) -> Result<Vec<(u64, [u8; 32])>, JournalFault> {
        (**self).commitments(from_seq, limit)
    }
    fn record(&self, kind: &str, record_id: &str) -> Result<Vec<JournalLeaf>, JournalFault> {
        (**self).record(kind, record_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_is_the_hash_of_domain_salt_and_text() {
        let opening = Opening { salt: [7; 32], canonical: r#"{"a":1}"#.to_owned() };
        // printf 'hutong.journal.v1\n' + 32 bytes 07 + '{"a":1}' | sha256sum
        let hex: String = opening.commitment().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "8444a81b049d969ffdb44a39c3a1edc5aa7fc83ef016e68e731ad4eb30130591");
    }
}
