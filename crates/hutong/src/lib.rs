//! The binary: command line, configuration, wiring, the pages of the spine, and the demo district.
//!
//! # Invariants
//!
//! - The only place that has a running clock ([`clock`]), reads the environment ([`config`]) or sees every
//!   other crate.
//! - No rule of a field is decided here: contexts decide, this crate wires.
//! - The demo district is filled through the same services that people use; it has no way around the journal.

pub mod api;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod ledger_door;
pub mod lights;
pub mod logging;
pub mod messages;
pub mod serve;
pub mod spine;
pub mod wiring;
