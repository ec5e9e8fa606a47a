//! What an entry's text says, read without the store.
//!
//! A verifier has the text of an entry and nothing else of the system, so the fields are read here from
//! the text that the commitment covers and from nowhere else.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;

/// The only format of entries there is.
pub const ENTRY_FORMAT: u32 = 1;

/// The fields of an entry's canonical text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryText {
    /// Format, [`ENTRY_FORMAT`].
    pub v: u32,
    /// Identifier of the entry.
    pub entry_id: String,
    /// Kind of the record that changed.
    pub kind: String,
    /// The record that changed.
    pub id: String,
    /// Version of the record after the change, from 1.
    pub version: u64,
    /// What was done: `create`, `update`.
    pub op: String,
    /// When, as an RFC 3339 time.
    pub at: String,
    /// Who.
    pub principal: Value,
    /// Why, in the words of who did it.
    pub reason: String,
    /// The request in which it was done.
    pub request_id: String,
    /// Commitment of the record's version before; `None` for version 1.
    #[serde(with = "hex32")]
    pub prev_commitment: Option<[u8; 32]>,
    /// The whole record after the change.
    pub body: Value,
}

impl EntryText {
    /// Reads the text of an entry; `None` if it is not one, or of a later format.
    pub fn parse(canonical: &str) -> Option<Self> {
        serde_json::from_str::<Self>(canonical).ok().filter(|entry| entry.v == ENTRY_FORMAT)
    }
}

mod hex32 {
    use serde::Serializer;

    use super::{Deserialize, Deserializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &Option<[u8; 32]>, writer: S) -> Result<S::Ok, S::Error> {
        match bytes {
            None => writer.serialize_none(),
            Some(bytes) => writer.serialize_str(&super::to_hex(bytes)),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<[u8; 32]>, D::Error> {
        match Option::<String>::deserialize(reader)? {
            None => Ok(None),
            Some(text) => super::from_hex(&text)
                .map(Some)
                .ok_or_else(|| de::Error::custom("64 hexadecimal digits expected")),
        }
    }
}

/// 64 lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
