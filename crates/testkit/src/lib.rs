//! What tests of all crates are built from: a clock that is moved by hand, contexts, organisations, persons,
//! a store in a folder that goes away, a server on a free port, and the store's conformance suite.
//!
//! # Invariants
//!
//! - Nothing here is linked into the binary.
//! - Nothing here reads the machine's clock: tests of the same data give the same answers on any day.

mod build;
mod clock;
pub mod conformance;
mod folder;
mod server;

pub use build::{context, date, organisation, person, role_grant, system_context, visitor_context};
pub use clock::FakeClock;
pub use folder::{TempFolder, TempStore};
pub use server::TestServer;
