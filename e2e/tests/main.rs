//! End-to-end tests: the built binary, a real browser, clients that others wrote.

mod api;
mod every_page;
mod journey;
mod ledger;
mod starting;
mod without_javascript;
