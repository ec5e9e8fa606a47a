//! The ledger: what turns the journal into a history that cannot be rewritten unnoticed.
//!
//! The store gives every change an entry in its journal. This crate gives every entry a place in a
//! Merkle log in the tiled format of the C2SP (`hutong-tlog`), signs the head of that log, and makes and
//! checks the proofs that people take home. What the log holds of an entry is only a salted hash (the
//! *commitment*): personal data never reaches it, and erasing an entry's text and salt leaves the log
//! as it is.
//!
//! In reading order:
//!
//! * [`journal`]: what the ledger needs of the store, and [`entry`]: what an entry says;
//! * [`place`]: which files there are and where, and [`folder`]: how a file is written so that it survives
//!   a crash;
//! * [`lock`], [`key`]: the head that must never go back, and the key that signs;
//! * [`open`]: what is checked before anything is signed, and [`sequence`]: one batch, step by step;
//! * [`follow`]: the task that keeps the log up with the journal;
//! * [`serve`]: the files that everybody may fetch;
//! * [`prove`], [`verify`]: proof files out, proof files in;
//! * [`audit`]: everything recomputed from the journal; [`check_up`]: what `hutong doctor` asks;
//!   [`copy`]: backups;
//! * [`store_journal`], and [`ledger`], which is what pages and commands hold.
//!
//! # Invariants
//!
//! * There is one writer.
//! * No tile ever changes its content.
//! * Nothing is signed that the lock does not record.
//! * A state that no crash can explain stops the sequencer; it is never mended by guessing.
//! * The log is a function of the journal: sequencing the same journal again, in other batches, gives the
//!   same trees. No clock is read here.
//!
//! # Limits
//!
//! What it cannot do: stop an operator who refuses to log, or who shows two histories to two people that
//! never compare their checkpoints. The second is what witnesses are for.

pub mod audit;
pub mod check_up;
pub mod copy;
pub mod entry;
pub mod error;
pub mod folder;
pub mod follow;
pub mod journal;
pub mod key;
pub mod ledger;
pub mod lock;
pub mod open;
pub mod place;
pub mod prove;
pub mod sequence;
pub mod serve;
pub mod store_journal;
pub mod testing;
pub mod verify;

use hutong_kernel::district::Language;

pub use error::LedgerError;
pub use hutong_tlog::{Checkpoint, Hash, VerifierKey};
pub use journal::{Journal, JournalFault, JournalLeaf};
pub use ledger::Ledger;
pub use place::LedgerPlace;

/// The texts of this crate's errors, findings and checks, and of `hutong-tlog`'s, for the message catalogue.
pub fn messages() -> &'static [(Language, &'static str)] {
    &[
        (Language::Chinese, include_str!("../messages/zh-CN/ledger.ftl")),
        (Language::English, include_str!("../messages/en/ledger.ftl")),
    ]
}
