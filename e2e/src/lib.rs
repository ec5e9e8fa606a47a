//! What the end-to-end tests work with: the built binary on a free port, a real browser, foreign clients.
//!
//! # Invariants
//!
//! - Knows nothing of Hutong's inside: the binary is started as people start it, and is spoken to through its doors.
//! - Waits for what it needs, never for a time; each wait has a bound.
//! - Ends only processes that it started, by their number.
//! - No test ends without looking at the log: a warning that nobody expects is a failure.

pub mod browser;
pub mod http;
pub mod ledger;
pub mod place;
pub mod python;
pub mod server;
pub mod site;

pub use browser::Browser;
pub use http::{Answer, Client};
pub use server::Server;
