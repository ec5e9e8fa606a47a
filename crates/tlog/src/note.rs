//! Signed notes: a text, and under it lines that say which key signed it (`c2sp.org/signed-note`).
//!
//! A verifier knows its keys beforehand. Lines of other keys are passed over, so that a log can rotate
//! its key and others can add their signatures; a line that claims to be of a known key and is not
//! spoils the whole note. Only Ed25519 (type 0x01) is spoken here.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Longest note that is read, in bytes. Sixteen post-quantum signatures of 5 kB fit well within.
pub const NOTE_BYTES_MAX: usize = 256 * 1024;
/// Most signature lines that are read.
pub const SIGNATURES_MAX: usize = 100;
/// Longest key name, in bytes.
pub const KEY_NAME_BYTES_MAX: usize = 256;

/// Signature type byte of Ed25519.
const ED25519: u8 = 0x01;
const SIGNATURE_PREFIX: &str = "\u{2014} ";
const PRIVATE_PREFIX: &str = "PRIVATE+KEY+";

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Empty, too long, or with a space, a plus or a control character.
    #[error("the key name is empty, too long, or has a space, a plus sign or a control character")]
    BadName,
    /// Not `name+id+base64`.
    #[error("not a key of the form name+id+base64")]
    BadForm,
    /// A key for another algorithm than Ed25519.
    #[error("the key is not an Ed25519 key")]
    OtherAlgorithm,
    /// The id in the text is not the one that follows from name and key.
    #[error("the id of the key does not belong to its name and content")]
    WrongId,
    /// The 32 bytes are no point of the curve.
    #[error("the key material is not a valid Ed25519 key")]
    BadMaterial,
}

impl KeyError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadName => "tlog.key.bad_name",
            Self::BadForm => "tlog.key.bad_form",
            Self::OtherAlgorithm => "tlog.key.other_algorithm",
            Self::WrongId => "tlog.key.wrong_id",
            Self::BadMaterial => "tlog.key.bad_material",
        }
    }
}

/// Why a note is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Longer than [`NOTE_BYTES_MAX`] or with more lines than [`SIGNATURES_MAX`].
    #[error("the note is larger than is read")]
    TooLarge,
    /// No text, no signatures, or characters that notes may not contain.
    #[error("not a signed note")]
    BadForm,
    /// A line below the text is not a signature line.
    #[error("signature line {line} is not well formed")]
    BadSignatureLine {
        /// Number of the line below the text, from 1.
        line: usize,
    },
    /// A line claims to be by a known key and is not.
    #[error("the signature of {name} is wrong")]
    WrongSignature {
        /// Name of the key.
        name: String,
    },
    /// No line is by a known key.
    #[error("the note is not signed by {name}")]
    NotSigned {
        /// Name of the key that was looked for.
        name: String,
    },
}

impl NoteError {
    /// Stable identifier of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "tlog.note.too_large",
            Self::BadForm => "tlog.note.bad_form",
            Self::BadSignatureLine { .. } => "tlog.note.bad_signature_line",
            Self::WrongSignature { .. } => "tlog.note.wrong_signature",
            Self::NotSigned { .. } => "tlog.note.not_signed",
        }
    }
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let bad = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '+';
    if name.is_empty() || KEY_NAME_BYTES_MAX < name.len() || name.contains(bad) {
        return Err(KeyError::BadName);
    }
    Ok(())
}

fn key_id(name: &str, public: &[u8; 32]) -> u32 {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update([b'\n', ED25519]);
    hasher.update(public);
    let digest: [u8; 32] = hasher.finalize().into();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// Splits `name+id+base64` and checks all but what the 32 bytes mean.
fn parse_key_text(text: &str) -> Result<(&str, u32, [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::BadForm);
    };
    check_name(name)?;
    let lower_hex = |sign: char| sign.is_ascii_digit() || ('a'..='f').contains(&sign);
    if id.len() != 8 || !id.chars().all(lower_hex) {
        return Err(KeyError::BadForm);
    }
    let id = u32::from_str_radix(id, 16).map_err(|_not_hex| KeyError::BadForm)?;
    let bytes = STANDARD.decode(material).map_err(|_not_base64| KeyError::BadForm)?;
    let (kind, material) = bytes.split_first().ok_or(KeyError::BadForm)?;
    if *kind != ED25519 {
        return Err(KeyError::OtherAlgorithm);
    }
    let material = <[u8; 32]>::try_from(material).map_err(|_other_length| KeyError::BadMaterial)?;
    Ok((name, id, material))
}

/// A public key with its name: what a verifier must have got from somewhere other than the log.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    /// Reads `name+id+base64`, for example `example.com/foo+530d903a+AekyeRrm56hA…`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, id, material) = parse_key_text(text)?;
        if key_id(name, &material) != id {
            return Err(KeyError::WrongId);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(&material)
            .map_err(|_not_a_point| KeyError::BadMaterial)?;
        // With such a key, one signature would fit many texts.
        if key.is_weak() {
            return Err(KeyError::BadMaterial);
        }
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// Name of the key; for a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Short identifier in signature lines. Not a fingerprint: anybody can make a key with the same.
    pub fn id(&self) -> u32 {
        self.id
    }

    fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![ED25519];
        material.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(material))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A private key with its name. Its memory is wiped when it is dropped; `Debug` shows the public half.
#[derive(Clone)]
pub struct SigningKey {
    public: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// Makes a key named `name` from 32 bytes of good randomness.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        check_name(name)?;
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifierKey {
            name: name.to_owned(),
            id: key_id(name, key.verifying_key().as_bytes()),
            key: key.verifying_key(),
        };
        Ok(Self { public, key })
    }

    /// Reads `PRIVATE+KEY+name+id+base64`, the text form that Go's `sumdb/note` writes.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let rest = text.strip_prefix(PRIVATE_PREFIX).ok_or(KeyError::BadForm)?;
        let (name, id, seed) = parse_key_text(rest)?;
        let key = Self::from_seed(name, &seed)?;
        if key.public.id != id {
            return Err(KeyError::WrongId);
        }
        Ok(key)
    }

    /// The secret text form; to be written to one file that only its owner can read.
    pub fn to_secret_text(&self) -> String {
        let mut material = vec![ED25519];
        material.extend_from_slice(self.key.as_bytes());
        format!("{PRIVATE_PREFIX}{}+{:08x}+{}", self.public.name, self.public.id, STANDARD.encode(material))
    }

    /// The public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.public
    }

    /// The signature line for `text`, with its newline. `text` ends in a newline itself.
    pub fn signature_line(&self, text: &str) -> String {
        debug_assert!(text.ends_with('\n'), "the text of a note ends in a newline");
        let mut signature = self.public.id.to_be_bytes().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{SIGNATURE_PREFIX}{} {}\n", self.public.name, STANDARD.encode(signature))
    }

    /// The whole note: `text`, an empty line, the signature line.
    pub fn sign(&self, text: &str) -> String {
        format!("{text}\n{}", self.signature_line(text))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public)
    }
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Short identifier of the key.
    pub key_id: u32,
    /// What the algorithm of the key made; never empty.
    pub bytes: Vec<u8>,
}

/// A note that was read but not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<Signature>,
}

impl SignedNote {
    /// Reads a note. The result says nothing yet about who signed it.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if NOTE_BYTES_MAX < note.len() {
            return Err(NoteError::TooLarge);
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::BadForm);
        }
        // The last empty line separates: the text itself may contain empty lines.
        let (before, lines) = note.rsplit_once("\n\n").ok_or(NoteError::BadForm)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::BadForm)?;
        let mut signatures = Vec::new();
        for (at, line) in lines.split('\n').enumerate() {
            if SIGNATURES_MAX <= at {
                return Err(NoteError::TooLarge);
            }
            let signature = parse_signature_line(line).ok_or(NoteError::BadSignatureLine { line: at + 1 })?;
            signatures.push(signature);
        }
        Ok(Self { text: format!("{before}\n"), signatures })
    }

    /// The text that is signed, with its last newline. Not to be used before [`SignedNote::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines, known keys or not.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Checks that `key` signed the note and returns the text.
    pub fn verify(&self, key: &VerifierKey) -> Result<&str, NoteError> {
        let mut signed = false;
        for signature in &self.signatures {
            // Name and id together name the key; a line that shares only one of them is another key's.
            if signature.name != key.name || signature.key_id != key.id {
                continue;
            }
            if !key.verifies(&self.text, &signature.bytes) {
                return Err(NoteError::WrongSignature { name: key.name.clone() });
            }
            signed = true;
        }
        if !signed {
            return Err(NoteError::NotSigned { name: key.name.clone() });
        }
        Ok(&self.text)
    }
}

fn parse_signature_line(line: &str) -> Option<Signature> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
    check_name(name).ok()?;
    let decoded = STANDARD.decode(encoded).ok()?;
    let (key_id, bytes) = decoded.split_first_chunk::<4>()?;
    if bytes.is_empty() {
        return None;
    }
    Some(Signature { name: name.to_owned(), key_id: u32::from_be_bytes(*key_id), bytes: bytes.to_vec() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Key and note printed in the specification.
    const SPEC_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const SPEC_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    /// Key pair and note from the tests of Go's `golang.org/x/mod/sumdb/note`.
    const GO_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn check(note: &str, key: &VerifierKey) -> String {
        match SignedNote::parse(note).and_then(|note| note.verify(key).map(str::to_owned)) {
            Ok(text) => text,
            Err(refusal) => refusal.code().to_owned(),
        }
    }

    #[test]
    fn the_note_of_the_specification_verifies() {
        let key = VerifierKey::parse(SPEC_KEY).unwrap();
        assert_eq!(key.to_string(), SPEC_KEY);
        assert_eq!(check(SPEC_NOTE, &key), "This is an example message.\n");
    }

    #[test]
    fn a_key_and_a_note_of_the_go_implementation_come_out_byte_for_byte() {
        let key = SigningKey::parse(GO_SECRET).unwrap();
        assert_eq!(key.to_secret_text(), GO_SECRET);
        assert_eq!(key.verifier().to_string(), GO_PUBLIC);
        let (text, _) = GO_NOTE.split_once("\n\n").unwrap();
        assert_eq!(key.sign(&format!("{text}\n")), GO_NOTE);
        assert!(!format!("{key:?}").contains("AYEKFALV"), "debug output never shows the secret");
    }

    #[test]
    fn lines_of_unknown_keys_are_passed_over() {
        let key = VerifierKey::parse(SPEC_KEY).unwrap();
        let other = SigningKey::from_seed("witness.example", &[3; 32]).unwrap();
        let same_name = SigningKey::from_seed("example.com/foo", &[4; 32]).unwrap();
        let text = "This is an example message.\n";
        let note = format!(
            "{SPEC_NOTE}{}{}\u{2014} sm.example /////wECAw==\n",
            other.signature_line(text),
            same_name.signature_line(text)
        );
        assert_eq!(check(&note, &key), text);
        assert_eq!(check(&note, same_name.verifier()), text);
        assert_eq!(check(SPEC_NOTE, other.verifier()), "tlog.note.not_signed");
    }

    #[test]
    fn a_wrong_line_of_a_known_key_spoils_the_note() {
        let key = VerifierKey::parse(SPEC_KEY).unwrap();
        assert_eq!(check(&SPEC_NOTE.replace("an example", "another"), &key), "tlog.note.wrong_signature");
        let (_, line) = SPEC_NOTE.split_once("\n\n").unwrap();
        let twice = format!("Another text.\n\n{line}");
        assert_eq!(check(&twice, &key), "tlog.note.wrong_signature");
    }

    #[test]
    fn what_is_not_a_note_is_refused() {
        let key = VerifierKey::parse(SPEC_KEY).unwrap();
        for (note, code) in [
            ("", "tlog.note.bad_form"),
            ("text\n", "tlog.note.bad_form"),
            ("text\n\n", "tlog.note.bad_form"),
            ("text\r\n\n\u{2014} a AAAAAAA=\n", "tlog.note.bad_form"),
            ("text\n\n\u{2014} a AAAAAAA=", "tlog.note.bad_form"),
            ("text\n\n\u{2014} a AAAAAA==\n", "tlog.note.bad_signature_line"),
            ("text\n\n\u{2014} a+b AAAAAAA=\n", "tlog.note.bad_signature_line"),
            ("text\n\n\u{2014} a\u{2003}b AAAAAAA=\n", "tlog.note.bad_signature_line"),
            ("text\n\n- a AAAAAAA=\n", "tlog.note.bad_signature_line"),
            ("text\n\n\u{2014} a AAAAAAB=\n", "tlog.note.bad_signature_line"),
            ("text\n\n\u{2014} a AAAAAAA=\ntext\n", "tlog.note.bad_signature_line"),
            ("text\n\n\u{2014} a AAAAAAA=\n", "tlog.note.not_signed"),
        ] {
            assert_eq!(check(note, &key), code, "{note:?}");
        }
        let many = format!("text\n\n{}", "\u{2014} a AAAAAAA=\n".repeat(SIGNATURES_MAX + 1));
        assert_eq!(check(&many, &key), "tlog.note.too_large");
        assert_eq!(check(&"a".repeat(NOTE_BYTES_MAX + 1), &key), "tlog.note.too_large");
        let sixteen = format!("{SPEC_NOTE}{}", "\u{2014} a AAAAAAA=\n".repeat(16));
        assert_eq!(check(&sixteen, &key), "This is an example message.\n");
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        let check =
            |text: &str| VerifierKey::parse(text).map_or_else(|refusal| refusal.code(), |_| "accepted");
        for (from, to, code) in [
            ("example", "example", "accepted"),
            ("example.com", "exa mple.com", "tlog.key.bad_name"),
            ("example.com/foo", "", "tlog.key.bad_name"),
            ("530d903a", "530d903b", "tlog.key.wrong_id"),
            ("530d903a", "530D903A", "tlog.key.bad_form"),
            ("530d903a", "530d903", "tlog.key.bad_form"),
            ("+Aeky", "+Bgky", "tlog.key.other_algorithm"),
            ("Kv3U2k", "Kv3U2", "tlog.key.bad_form"),
            ("example.com", "example.org", "tlog.key.wrong_id"),
        ] {
            assert_eq!(check(&SPEC_KEY.replace(from, to)), code, "{from} -> {to}");
        }
        assert_eq!(check(GO_SECRET), "tlog.key.bad_form");
        assert_eq!(SigningKey::parse(SPEC_KEY).unwrap_err().code(), "tlog.key.bad_form");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parsers_fail_badly(text in "\\PC{0,60}(\n\n)?(\u{2014} [a-z]{0,3} [A-Za-z0-9+/=]{0,12}\n){0,3}") {
            // The results do not matter, coming back does.
            let _note = SignedNote::parse(&text);
            let _key = VerifierKey::parse(&text);
        }

        #[test]
        fn what_is_signed_verifies(seed: [u8; 32], text in "[^\u{0}-\u{1f}]{0,80}") {
            let key = SigningKey::from_seed("hutong.example/log", &seed).unwrap();
            let text = format!("{text}\n");
            prop_assert_eq!(check(&key.sign(&text), key.verifier()), text);
            let again = SigningKey::parse(&key.to_secret_text()).unwrap();
            prop_assert_eq!(again.verifier(), key.verifier());
        }
    }
}
