//! End-to-end tests: the built binary, a real browser, clients that others wrote.

#[path = "starting.rs"]
mod starting;
