//! Records with their journal: the one place where anything is kept.
//!
//! Every change of a [`Record`] is written together with its [`JournalEntry`] — who, when, why, the whole new
//! body — in one durable transaction, and there is no other way to change one. Reading the past, diffs, the
//! feed and the ledger all follow from that.
//!
//! | to | use |
//! |---|---|
//! | open a data directory | [`Store::open_sqlite`]; beside the process that writes [`Store::open_read_only`] |
//! | write | [`Store::begin`], [`Change::create`], [`Change::update`], [`Change::commit`] |
//! | read one | [`Store::get`], [`Store::get_as_of`], [`Store::get_version`] |
//! | list | [`Store::list`] with a [`Query`] over a declared [`Index`]; [`Store::all`] |
//! | read the journal | [`Store::history`], [`Store::journal`], [`Store::feed`], [`Store::head`], [`diff()`] |
//! | keep a file | [`Store::put_file`], [`Store::read_file`] |
//! | keep what is not the district's business | [`Store::operational`] |
//! | save, restore, examine | [`Store::backup`], [`backup::restore`], [`Store::check`] |
//!
//! # Invariants
//!
//! - No record without its journal entry, no entry without its record version; versions and sequence numbers
//!   have no gaps. What [`Change::commit`] returned is on the disk.
//! - An entry's text never changes: the ledger has committed to its bytes.
//! - A list reads through a declared index or not at all.
//! - Nothing here reads a clock: the moment comes with [`hutong_kernel::OpContext`].
//! - SQL is in `sqlite/` only; everything that must be alike on every engine is above [`engine::Engine`].

pub mod backup;
pub mod canonical;
mod change;
pub mod check;
mod diff;
pub mod engine;
mod entry;
mod error;
mod files;
mod finite;
pub mod limits;
mod mint;
pub mod operational;
mod query;
mod record;
pub mod spine;
pub mod sqlite;
mod store;

use hutong_kernel::district::Language;

pub use change::Change;
pub use check::Finding;
pub use diff::{FieldChange, diff};
pub use engine::Progress;
pub use entry::{
    COMMITMENT_DOMAIN, JournalEntry, Operation, RawEntry, Receipt, commitment, from_hex, to_hex,
};
pub use error::{Fault, StoreError};
pub use files::{FileRef, ParseSha256Error, Sha256};
pub use operational::{Credential, Failures, Lease, LockRule, Operational, Session};
pub use query::{ALL, Count, Cursor, JournalQuery, ListPlan, Page, Query, Range};
pub use record::{Index, IndexValue, IndexValues, KindSpec, Record, Stored, Version};
pub use sqlite::SqliteOptions;
pub use store::Store;

/// The texts of this crate's errors and findings, for the message catalogue.
pub fn messages() -> &'static [(Language, &'static str)] {
    &[
        (Language::Chinese, include_str!("../messages/zh-CN/store.ftl")),
        (Language::English, include_str!("../messages/en/store.ftl")),
    ]
}
