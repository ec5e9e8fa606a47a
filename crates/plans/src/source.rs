//! Where a fact comes from, and where in a document it stands.

use serde::{Deserialize, Serialize};

use hutong_kernel::{DocumentId, EvidenceId};

/// The document or system that a figure comes from; shown beside the figure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceRef {
    /// Title of the document, table or system.
    pub title: String,
    /// Page, table or clause in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// The words in a document that Hutong holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Files that were handed in with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<EvidenceFile>,
}

impl SourceRef {
    /// A source that is known by its title only.
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
}

/// Words in a document: their line and their exact place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which document.
    pub document: DocumentId,
    /// Line of the document's text, counted from 1.
    pub line: u32,
    /// First character (Unicode code points of the whole text, newlines included).
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// The words there, unchanged.
    pub quote: String,
}

/// A file that shows something, kept under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// Identity.
    pub id: EvidenceId,
    /// Name it was handed in under.
    pub name: String,
    /// Media type as detected from the name; files are always sent as attachments.
    pub media_type: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the content in lower-case hex.
    pub sha256: String,
}
