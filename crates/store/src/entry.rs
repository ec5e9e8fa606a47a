//! Journal entries, and the commitments that the ledger's leaves are.

use std::fmt;

use hutong_kernel::Principal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256 as Hasher};
use uuid::Uuid;

use crate::canonical::{self, BodyError};
use crate::{StoreError, Version};

/// What a commitment begins with, so that it can never be the hash of something else.
pub const COMMITMENT_DOMAIN: &[u8] = b"hutong.journal.v1\n";

/// What a change did to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// The record is new.
    Create,
    /// The record was there.
    Update,
}

impl Operation {
    /// Stable name, as the journal has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
        }
    }
}

/// One change of one record, as it was written for ever.
///
/// `canonical` is the exact text that the commitment covers; the other fields are read from it, but for
/// `seq` (its place in the feed), `salt` and `commitment`.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
    /// Place in the journal, 1, 2, 3 …, without gaps.
    pub seq: u64,
    /// Identity of the entry.
    pub entry_id: Uuid,
    /// Kind of the record.
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// The version that this entry made.
    pub version: Version,
    /// What was done.
    pub op: Operation,
    /// When, to the microsecond.
    pub at: Timestamp,
    /// Who.
    pub principal: Principal,
    /// Why, in the words of who did it.
    pub reason: String,
    /// The request in which it was done; the same number is in the log.
    pub request_id: String,
    /// The commitment of the record's version before; `None` for the first.
    pub prev_commitment: Option<[u8; 32]>,
    /// The whole record after the change.
    pub body: Value,
    /// Canonical JSON (RFC 8785) of all the above but `seq`, byte for byte as it was hashed.
    pub canonical: String,
    /// Random bytes without which the commitment cannot be guessed from the text.
    pub salt: [u8; 32],
    /// [`commitment`] of `salt` and `canonical`: the ledger's leaf.
    pub commitment: [u8; 32],
}

/// SHA-256 of [`COMMITMENT_DOMAIN`], the salt and the canonical text.
pub fn commitment(salt: &[u8; 32], canonical: &str) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(COMMITMENT_DOMAIN);
    hasher.update(salt);
    hasher.update(canonical.as_bytes());
    hasher.finalize().into()
}

/// The fields of an entry's canonical text.
#[derive(Debug, Deserialize)]
struct Envelope {
    v: u32,
    entry_id: Uuid,
    kind: String,
    id: Uuid,
    version: Version,
    op: Operation,
    at: Timestamp,
    principal: Principal,
    reason: String,
    request_id: String,
    prev_commitment: Option<Hex32>,
    body: Value,
}

/// What an entry's text is made of.
pub(crate) struct EntryParts<'a> {
    pub(crate) entry_id: Uuid,
    pub(crate) kind: &'a str,
    pub(crate) id: Uuid,
    pub(crate) version: Version,
    pub(crate) op: Operation,
    pub(crate) at: Timestamp,
    /// Canonical JSON of the principal.
    pub(crate) principal: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) prev_commitment: Option<[u8; 32]>,
    /// Canonical JSON of the record.
    pub(crate) body: &'a str,
}

impl EntryParts<'_> {
    /// The text that is hashed: the canonical JSON of an object with these fields, put together from parts that
    /// are canonical already. The keys are in the order that RFC 8785 wants.
    pub(crate) fn canonical(&self) -> Result<String, BodyError> {
        let mut out = String::with_capacity(self.body.len() + self.principal.len() + 512);
        let field = |out: &mut String, key: &str, value: &str| {
            out.push_str(key);
            canonical::write_string(out, value)
        };
        field(&mut out, "{\"at\":", &self.at.to_string())?;
        out.push_str(",\"body\":");
        out.push_str(self.body);
        field(&mut out, ",\"entry_id\":", &self.entry_id.to_string())?;
        field(&mut out, ",\"id\":", &self.id.to_string())?;
        field(&mut out, ",\"kind\":", self.kind)?;
        field(&mut out, ",\"op\":", self.op.name())?;
        match &self.prev_commitment {
            Some(commitment) => field(&mut out, ",\"prev_commitment\":", &to_hex(commitment))?,
            None => out.push_str(",\"prev_commitment\":null"),
        }
        out.push_str(",\"principal\":");
        out.push_str(self.principal);
        field(&mut out, ",\"reason\":", self.reason)?;
        field(&mut out, ",\"request_id\":", self.request_id)?;
        out.push_str(&format!(",\"v\":1,\"version\":{}}}", self.version));
        Ok(out)
    }
}

/// Canonical JSON of who acts.
pub(crate) fn canonical_principal(principal: &Principal) -> Result<String, BodyError> {
    let value = serde_json::to_value(principal).map_err(|error| BodyError::NotJson(error.to_string()))?;
    canonical::to_text(&value)
}

/// An entry as an engine keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEntry {
    /// Place in the journal.
    pub seq: u64,
    /// The exact text.
    pub canonical: String,
    /// Its salt.
    pub salt: [u8; 32],
    /// Its commitment.
    pub commitment: [u8; 32],
}

impl RawEntry {
    /// Reads the text.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the text is not that of an entry.
    pub fn read(self) -> Result<JournalEntry, StoreError> {
        let corrupt =
            |detail: String| StoreError::Corrupt { detail: format!("journal entry {}: {detail}", self.seq) };
        let envelope: Envelope =
            serde_json::from_str(&self.canonical).map_err(|error| corrupt(error.to_string()))?;
        if envelope.v != 1 {
            return Err(corrupt(format!("format {} is not known", envelope.v)));
        }
        Ok(JournalEntry {
            seq: self.seq,
            entry_id: envelope.entry_id,
            kind: envelope.kind,
            id: envelope.id,
            version: envelope.version,
            op: envelope.op,
            at: envelope.at,
            principal: envelope.principal,
            reason: envelope.reason,
            request_id: envelope.request_id,
            prev_commitment: envelope.prev_commitment.map(|hex| hex.0),
            body: envelope.body,
            canonical: self.canonical,
            salt: self.salt,
            commitment: self.commitment,
        })
    }
}

/// Proof that a record's version was written, as [`crate::Change::commit`] hands it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Place in the journal.
    pub seq: u64,
    /// Kind of the record.
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// The version that was written.
    pub version: Version,
    /// The ledger's leaf.
    #[serde(with = "hex32")]
    pub commitment: [u8; 32],
    /// The change was written before, under the same idempotency key; this is its receipt again.
    pub replayed: bool,
}

/// 32 bytes as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Hex32(#[serde(with = "hex32")] [u8; 32]);

mod hex32 {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 32], writer: S) -> Result<S::Ok, S::Error> {
        writer.serialize_str(&super::to_hex(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(reader)?;
        super::from_hex(&text).ok_or_else(|| de::Error::custom("64 hexadecimal digits expected"))
    }
}

/// Lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 bytes from 64 lower-case hexadecimal digits.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
