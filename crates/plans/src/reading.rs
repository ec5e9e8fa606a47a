//! A document that was handed in, one reading of it, and what was found.
//!
//! A finding keeps what the reader of documents found and, beside it, what a person decided. Nothing of it binds
//! anybody until the plan is adopted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::{DocumentId, FindingId, PlanId, Quantity, ReadingId};

use crate::indicator::{Binding, EntryMode};
use crate::plan::Approval;
use crate::source::Place;
use crate::system::SystemStatus;
use crate::target::Target;

/// A document as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDocument {
    /// Identity.
    pub id: DocumentId,
    /// Name it was handed in under.
    pub file_name: String,
    /// What the bytes are: `text`, `docx`, `pdf` …
    pub format: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the file in lower-case hex.
    pub sha256: String,
    /// SHA-256 of the plain text that places refer to, in lower-case hex; it is kept as a file too.
    pub text_sha256: String,
    /// Characters of the plain text.
    pub characters: u32,
    /// Lines of the plain text.
    pub lines: u32,
    /// What could not be read and was left out.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The day it was handed in.
    pub received_on: Date,
}

/// One reading of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Identity.
    pub id: ReadingId,
    /// The document.
    pub document: DocumentId,
    /// Title as found, or the file's name.
    pub title: String,
    /// Headings in order.
    #[serde(default)]
    pub outline: Vec<OutlineEntry>,
    /// Tables and boxes.
    #[serde(default)]
    pub tables: Vec<FoundTable>,
    /// How many findings there are; their states are counted from the findings.
    pub findings: u32,
    /// Where it stands.
    pub state: ReadingState,
    /// The day it was read.
    pub read_on: Date,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineEntry {
    /// 1 is the highest.
    pub level: u8,
    /// Number or mark as written.
    pub label: String,
    /// Title without it.
    pub title: String,
    /// Line, counted from 1.
    pub line: u32,
}

/// A table or box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundTable {
    /// Caption.
    pub title: String,
    /// Line of the caption, counted from 1.
    pub line: u32,
    /// Rows of content.
    pub rows: u32,
    /// Names of the columns; empty for a box.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// Where a reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReadingState {
    /// Being reviewed.
    Open,
    /// Adopted as a plan.
    Adopted {
        /// Which.
        plan: PlanId,
    },
    /// Put aside.
    Discarded,
}

impl ReadingState {
    /// Stable name, for messages (`plans-reading-…`), filters and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Adopted { .. } => "adopted",
            Self::Discarded => "discarded",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Identity.
    pub id: FindingId,
    /// The reading.
    pub reading: ReadingId,
    /// Its place among the findings, from 1; splits and additions follow behind.
    pub order: u32,
    /// What was found.
    pub found: Content,
    /// Its words; `None` for what a person added without a place.
    pub place: Option<Place>,
    /// How sure the reader is, in basis points: of those at 9000 or more, nine in ten are right.
    pub confidence_bp: u16,
    /// Where it stands.
    pub state: FindingState,
    /// What a person decided on, where it differs from what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Content>,
}

impl Finding {
    /// What holds now: the decision, else what was found.
    pub fn content(&self) -> &Content {
        self.decided.as_ref().unwrap_or(&self.found)
    }
}

/// What a person did with a finding. Who and when is in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FindingState {
    /// Nobody has looked at it.
    Open,
    /// Right as found.
    Accepted,
    /// Right after a correction.
    Corrected,
    /// Not a finding.
    Rejected {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Was several things; they follow it.
    Split {
        /// Its parts.
        into: Vec<FindingId>,
    },
    /// Is part of another one.
    Merged {
        /// Which.
        into: FindingId,
    },
    /// Added by a person.
    Added,
}

impl FindingState {
    /// Stable name, for messages (`plans-finding-…`), filters and the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Corrected => "corrected",
            Self::Rejected { .. } => "rejected",
            Self::Split { .. } => "split",
            Self::Merged { .. } => "merged",
            Self::Added => "added",
        }
    }

    /// Does its content go into the plan?
    pub fn counts(&self) -> bool {
        matches!(self, Self::Accepted | Self::Corrected | Self::Added)
    }
}

/// What a finding says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Something that the document says about itself.
    Metadata {
        /// Which field.
        field: MetadataField,
        /// Its value: dates as ISO 8601, the period as `2021-2025`.
        value: String,
    },
    /// A meeting that passed it.
    Approval {
        /// The meeting.
        approval: Approval,
    },
    /// A document it rests on.
    Basis {
        /// Title, without brackets.
        title: String,
    },
    /// A promise.
    Target {
        /// The promise.
        target: TargetContent,
    },
    /// A result of the last period.
    Achievement {
        /// The result.
        achievement: AchievementContent,
    },
    /// An action and who is to do it.
    Task {
        /// The action.
        task: TaskContent,
    },
    /// A named platform or system.
    System {
        /// Its name.
        name: String,
        /// What the plan does with it.
        status: SystemStatus,
    },
}

impl Content {
    /// Kinds in the order of the review page.
    pub const KINDS: [&'static str; 7] =
        ["metadata", "approval", "basis", "target", "achievement", "task", "system"];

    /// Stable name of the kind, for messages (`plans-kind-…`), filters and the API.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Metadata { .. } => "metadata",
            Self::Approval { .. } => "approval",
            Self::Basis { .. } => "basis",
            Self::Target { .. } => "target",
            Self::Achievement { .. } => "achievement",
            Self::Task { .. } => "task",
            Self::System { .. } => "system",
        }
    }

    /// The name it goes by in lists.
    pub fn name(&self) -> &str {
        match self {
            Self::Metadata { value, .. } => value,
            Self::Approval { approval } => &approval.body,
            Self::Basis { title } => title,
            Self::Target { target } => &target.name,
            Self::Achievement { achievement } => &achievement.name,
            Self::Task { task } => &task.title,
            Self::System { name, .. } => name,
        }
    }
}

/// What a document says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataField {
    /// Title.
    Title,
    /// Body that issued it.
    Issuer,
    /// Day of issue.
    IssuedOn,
    /// First and last year.
    Period,
    /// Document number.
    DocumentNumber,
    /// Body that drafted it.
    DraftedBy,
    /// Draft status.
    DraftStatus,
}

impl MetadataField {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Title,
        Self::Issuer,
        Self::IssuedOn,
        Self::Period,
        Self::DocumentNumber,
        Self::DraftedBy,
        Self::DraftStatus,
    ];

    /// Stable name, for messages (`plans-field-…`) and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Issuer => "issuer",
            Self::IssuedOn => "issued_on",
            Self::Period => "period",
            Self::DocumentNumber => "document_number",
            Self::DraftedBy => "drafted_by",
            Self::DraftStatus => "draft_status",
        }
    }
}

/// A promise as found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetContent {
    /// Name of the indicator.
    pub name: String,
    /// The words of the comparator and value.
    pub words: String,
    /// What is promised; `None` while its readings are not decided between.
    pub target: Option<Target>,
    /// The readings that the words allow, where there is more than one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Target>,
    /// By when; `None` for the plan's last day.
    pub deadline: Option<Date>,
    /// What it is measured against.
    pub baseline: Option<FoundBaseline>,
    /// Binding or expected.
    #[serde(default)]
    pub binding: Binding,
    /// How numbers are stated.
    #[serde(default)]
    pub entry_mode: EntryMode,
    /// Bodies that answer for it, in the document's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// Offered, but left out unless a person takes it: a number that the words only imply.
    #[serde(default)]
    pub secondary: bool,
}

/// What a promise is measured against, as found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundBaseline {
    /// The year at whose end it holds.
    pub year: i16,
    /// Its value, where stated.
    pub value: Option<Quantity>,
}

/// A result of the last period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AchievementContent {
    /// What was reached.
    pub name: String,
    /// Its value.
    pub value: Quantity,
    /// The words of the value.
    pub words: String,
    /// Last year it belongs to.
    pub year: Option<i16>,
}

/// An action as found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaskContent {
    /// Number in the document.
    pub number: Option<u32>,
    /// Heading or group it stands under.
    pub heading: Option<String>,
    /// Special action it belongs to.
    pub special_action: Option<String>,
    /// What is to be done, short.
    pub title: String,
    /// What is to be done, in full.
    pub content: String,
    /// Bodies in charge, in the document's words and order.
    #[serde(default)]
    pub responsible: Vec<String>,
    /// Bodies that help.
    #[serde(default)]
    pub cooperating: Vec<String>,
    /// Documents it rests on.
    #[serde(default)]
    pub basis: Vec<String>,
    /// By when; `None` for the plan's last day.
    pub deadline: Option<Date>,
    /// Names of the systems it builds or improves.
    #[serde(default)]
    pub systems: Vec<String>,
    /// The targets it serves, by their place among the findings.
    #[serde(default)]
    pub targets: Vec<u32>,
    /// Offered, but left out unless a person takes it: prose beside a task table.
    #[serde(default)]
    pub secondary: bool,
}
