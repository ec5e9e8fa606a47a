//! Everything that can go wrong, with a stable code each.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use hutong_kernel::Refusal;
use thiserror::Error as ThisError;
use uuid::Uuid;

use crate::canonical::BodyError;

/// Why the store did not do what was asked.
///
/// [`StoreError::is_fault`] tells the two sorts apart: what the user can mend (another version, another key,
/// a reason) and what the operator must (a full disk, a damaged file). Nothing of a change that ended with an
/// error is stored.
#[derive(Debug, Clone, ThisError)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else changed the record since it was read.
    #[error("{kind} {id} is at version {found}, not {expected}")]
    Conflict {
        /// Kind of the record.
        kind: String,
        /// Its id.
        id: Uuid,
        /// The version that the change was made for.
        expected: u64,
        /// The version that is stored.
        found: u64,
    },
    /// The record to be changed does not exist.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// Kind of the record.
        kind: String,
        /// Its id.
        id: Uuid,
    },
    /// The record to be created exists already.
    #[error("{kind} {id} exists already")]
    Exists {
        /// Kind of the record.
        kind: String,
        /// Its id.
        id: Uuid,
    },
    /// Another record has the same value in a field that must be unique.
    #[error("another {kind} has the same {field}")]
    NotUnique {
        /// Kind of the record.
        kind: String,
        /// The field, as [`crate::Record::UNIQUE`] names it.
        field: String,
    },
    /// A change without a reason.
    #[error("a change needs a reason")]
    EmptyReason,
    /// A reason that is too long.
    #[error("the reason has {length} characters, at most {limit} are kept")]
    ReasonTooLong {
        /// Its characters.
        length: usize,
        /// [`crate::limits::REASON_CHARS_MAX`].
        limit: usize,
    },
    /// A change with too many records.
    #[error("the change touches {count} records, at most {limit} are written at once")]
    ChangeTooLarge {
        /// Its records.
        count: usize,
        /// [`crate::limits::CHANGE_RECORDS_MAX`].
        limit: usize,
    },
    /// A body that has no one canonical form, or is too large.
    #[error("{kind} cannot be stored: {problem}")]
    Body {
        /// Kind of the record.
        kind: String,
        /// What is wrong.
        problem: BodyError,
    },
    /// The same idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// An idempotency key that is empty, too long or not printable ASCII.
    #[error("an idempotency key has 1 to {limit} printable ASCII characters")]
    IdempotencyKey {
        /// [`crate::limits::IDEMPOTENCY_KEY_MAX`].
        limit: usize,
    },
    /// A cursor that does not belong to this list.
    #[error("the cursor does not belong to this list")]
    Cursor,
    /// More records than [`crate::Store::all`] returns.
    #[error("the list of {kind} has more than {limit} records")]
    TooMany {
        /// Kind of the records.
        kind: String,
        /// [`crate::limits::ALL_MAX`].
        limit: usize,
    },
    /// The kind was not given when the store was opened.
    #[error("kind {0} was not declared when the store was opened")]
    UnknownKind(String),
    /// The list was not declared, or was asked for with other fields than declared.
    #[error("{kind} has no list {index} with these fields")]
    UnknownIndex {
        /// Kind of the records.
        kind: String,
        /// The list that was asked for.
        index: String,
    },
    /// A record's declared fields and what it says they hold do not agree.
    #[error("kind {kind} declares fields wrongly: {reason}")]
    Declaration {
        /// Kind of the records.
        kind: String,
        /// What is wrong.
        reason: String,
    },
    /// The file with this hash is not there.
    #[error("there is no file {0}")]
    FileMissing(String),
    /// The file's bytes are not those that were put in.
    #[error("file {0} is damaged")]
    FileDamaged(String),
    /// The disk, or the size that was allowed, is full.
    #[error("no space left while {doing}")]
    Full {
        /// What was being done.
        doing: String,
    },
    /// The data directory or a file in it cannot be written, or was opened for reading only.
    #[error("{} cannot be written", path.display())]
    ReadOnly {
        /// Which.
        path: PathBuf,
    },
    /// The database is damaged.
    #[error("the database is damaged: {detail}")]
    Corrupt {
        /// What the engine said.
        detail: String,
    },
    /// Another process has the data directory open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// The database was written by a newer version of this program.
    #[error("the database has schema {found}, this program knows {known}")]
    NewerSchema {
        /// Its schema.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// The database that another process holds was prepared by another version of this program, and cannot
    /// be adapted while it does.
    #[error("{} was prepared by another version of this program", path.display())]
    OtherSchema {
        /// Which.
        path: PathBuf,
    },
    /// The file is a database of another program.
    #[error("{} belongs to another program", path.display())]
    ForeignFile {
        /// Which.
        path: PathBuf,
    },
    /// The folder to restore or back up into is not empty.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// Which.
        path: PathBuf,
    },
    /// The backup's files are not those of its manifest.
    #[error("the backup is damaged: {detail}")]
    BackupDamaged {
        /// Which file, and how.
        detail: String,
    },
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// Anything else that went wrong beneath.
    #[error("{0}")]
    Fault(Fault),
}

/// What failed beneath the store, and while doing what.
#[derive(Debug, Clone)]
pub struct Fault {
    doing: String,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {cause}", self.doing),
            None => f.write_str(&self.doing),
        }
    }
}

impl StoreError {
    /// A fault that happened while `doing`.
    pub fn fault(doing: impl Into<String>, cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Fault(Fault { doing: doing.into(), cause: Some(Arc::new(cause)) })
    }

    /// A fault that has no error beneath.
    pub fn fault_because(what: impl Into<String>) -> Self {
        Self::Fault(Fault { doing: what.into(), cause: None })
    }

    /// A failing file operation; a full disk and a directory that cannot be written have their own codes.
    pub fn io(doing: impl Into<String>, path: &std::path::Path, cause: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let doing = doing.into();
        match cause.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { doing },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path: path.to_owned() }
            }
            _ => Self::fault(format!("{doing} ({})", path.display()), cause),
        }
    }

    /// Stable identifier; see `crates/store/messages`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "store.conflict",
            Self::NotFound { .. } => "store.not_found",
            Self::Exists { .. } => "store.exists",
            Self::NotUnique { .. } => "store.not_unique",
            Self::EmptyReason => "store.empty_reason",
            Self::ReasonTooLong { .. } => "store.reason_too_long",
            Self::ChangeTooLarge { .. } => "store.change_too_large",
            Self::Body { problem, .. } => problem.code(),
            Self::IdempotencyKeyReused => "store.idempotency_key_reused",
            Self::IdempotencyKey { .. } => "store.idempotency_key",
            Self::Cursor => "store.cursor",
            Self::TooMany { .. } => "store.too_many",
            Self::UnknownKind(_) => "store.unknown_kind",
            Self::UnknownIndex { .. } => "store.unknown_index",
            Self::Declaration { .. } => "store.declaration",
            Self::FileMissing(_) => "store.file_missing",
            Self::FileDamaged(_) => "store.file_damaged",
            Self::Full { .. } => "store.full",
            Self::ReadOnly { .. } => "store.read_only",
            Self::Corrupt { .. } => "store.corrupt",
            Self::InUse { .. } => "store.in_use",
            Self::NewerSchema { .. } => "store.newer_schema",
            Self::OtherSchema { .. } => "store.other_schema",
            Self::ForeignFile { .. } => "store.foreign_file",
            Self::NotEmpty { .. } => "store.not_empty",
            Self::BackupDamaged { .. } => "store.backup_damaged",
            Self::Closed => "store.closed",
            Self::Fault(_) => "store.fault",
        }
    }

    /// Is it for the operator (or the programmer) to mend rather than for the user?
    ///
    /// Pages show a fault with a reference number and log its chain once; the rest is shown as a coded
    /// sentence with the status of [`Refusal::status`].
    pub fn is_fault(&self) -> bool {
        500 <= self.status()
    }

    /// The codes of all errors, sorted; the message files have a text for each.
    pub fn codes() -> &'static [&'static str] {
        &[
            "store.backup_damaged",
            "store.body.duplicate_key",
            "store.body.lone_surrogate",
            "store.body.not_json",
            "store.body.nul",
            "store.body.number",
            "store.body.object",
            "store.body.round_trip",
            "store.body.too_deep",
            "store.body.too_large",
            "store.change_too_large",
            "store.closed",
            "store.conflict",
            "store.corrupt",
            "store.cursor",
            "store.declaration",
            "store.empty_reason",
            "store.exists",
            "store.fault",
            "store.file_damaged",
            "store.file_missing",
            "store.foreign_file",
            "store.full",
            "store.idempotency_key",
            "store.idempotency_key_reused",
            "store.in_use",
            "store.newer_schema",
            "store.not_empty",
            "store.not_found",
            "store.not_unique",
            "store.other_schema",
            "store.read_only",
            "store.reason_too_long",
            "store.too_many",
            "store.unknown_index",
            "store.unknown_kind",
        ]
    }
}

impl Refusal for StoreError {
    fn code(&self) -> &'static str {
        Self::code(self)
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Conflict { kind, id, expected, found } => vec![
                ("kind", kind.clone()),
                ("id", id.to_string()),
                ("expected", expected.to_string()),
                ("found", found.to_string()),
            ],
            Self::NotFound { kind, id } | Self::Exists { kind, id } => {
                vec![("kind", kind.clone()), ("id", id.to_string())]
            }
            Self::NotUnique { kind, field } => vec![("kind", kind.clone()), ("field", field.clone())],
            Self::ReasonTooLong { length, limit } => {
                vec![("length", length.to_string()), ("limit", limit.to_string())]
            }
            Self::ChangeTooLarge { count, limit } => {
                vec![("count", count.to_string()), ("limit", limit.to_string())]
            }
            Self::Body { kind, problem } => {
                let mut values = vec![("kind", kind.clone())];
                values.extend(problem.values());
                values
            }
            Self::IdempotencyKey { limit } => vec![("limit", limit.to_string())],
            Self::TooMany { kind, limit } => vec![("kind", kind.clone()), ("limit", limit.to_string())],
            Self::UnknownKind(kind) => vec![("kind", kind.clone())],
            Self::UnknownIndex { kind, index } => vec![("kind", kind.clone()), ("index", index.clone())],
            Self::Declaration { kind, reason } => vec![("kind", kind.clone()), ("reason", reason.clone())],
            Self::FileMissing(file) | Self::FileDamaged(file) => vec![("file", file.clone())],
            Self::Full { doing } => vec![("doing", doing.clone())],
            Self::ReadOnly { path }
            | Self::InUse { path }
            | Self::OtherSchema { path }
            | Self::ForeignFile { path }
            | Self::NotEmpty { path } => vec![("path", path.display().to_string())],
            Self::Corrupt { detail } | Self::BackupDamaged { detail } => vec![("detail", detail.clone())],
            Self::NewerSchema { found, known } => {
                vec![("found", found.to_string()), ("known", known.to_string())]
            }
            Self::EmptyReason | Self::IdempotencyKeyReused | Self::Cursor | Self::Closed | Self::Fault(_) => {
                Vec::new()
            }
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Conflict { .. } | Self::Exists { .. } | Self::NotUnique { .. } => 409,
            Self::NotFound { .. } | Self::FileMissing(_) => 404,
            Self::EmptyReason
            | Self::ReasonTooLong { .. }
            | Self::IdempotencyKeyReused
            | Self::TooMany { .. }
            | Self::NotEmpty { .. }
            | Self::BackupDamaged { .. } => 422,
            Self::ChangeTooLarge { .. } => 413,
            Self::Body { problem, .. } => problem.status(),
            Self::IdempotencyKey { .. } | Self::Cursor => 400,
            Self::Full { .. } => 507,
            Self::ReadOnly { .. } | Self::InUse { .. } | Self::OtherSchema { .. } | Self::Closed => 503,
            Self::UnknownKind(_)
            | Self::UnknownIndex { .. }
            | Self::Declaration { .. }
            | Self::FileDamaged(_)
            | Self::Corrupt { .. }
            | Self::NewerSchema { .. }
            | Self::ForeignFile { .. }
            | Self::Fault(_) => 500,
        }
    }
}
