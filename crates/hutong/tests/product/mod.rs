//! The whole product for tests: every route that it has, a small district, and a request for each route.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses a part of it, and a test that cannot go on must stop"
)]

pub mod requests;
pub mod routes;
pub mod world;
