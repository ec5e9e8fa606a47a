//! The JSON frame: what every resource of the API shares.
//!
//! A context writes handlers with [`utoipa::path`], takes [`Call`] (reading) or [`Command`] (changing), answers
//! with [`versioned`], [`created`] or [`List`], and returns [`ApiError`] for everything else. [`assemble`] puts the
//! contexts' routers below `/api/v1`, adds the index and the OpenAPI document, and draws every error as a problem
//! document (RFC 9457) with a stable code, in the caller's language.
//!
//! # Invariants
//!
//! - Knows no page: it never depends on the web crate; texts come through [`Texts`].
//! - No answer outside 2xx and 304 without a problem document, and none without a code that has a text in both
//!   languages.
//! - Nothing is changed by a request that a foreign page could have made: see [`guard`].
//! - Every route that a context adds is in the OpenAPI document: they are added by `routes!` only, and a test in
//!   the binary calls what the document lists.

pub mod call;
pub mod etag;
pub mod guard;
mod index;
pub mod list;
pub mod openapi;
pub mod problem;
pub mod refusal;
pub mod state;

use hutong_kernel::district::Language;

pub use call::{Call, Command};
pub use etag::{created, versioned};
pub use list::{List, Paging};
pub use openapi::assemble;
pub use problem::{ApiError, Problem};
pub use refusal::ApiRefusal;
pub use state::{ApiState, Texts};
/// A router that knows its own description.
pub use utoipa_axum::router::OpenApiRouter;
/// Collects handlers for an [`OpenApiRouter`].
pub use utoipa_axum::routes;

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

/// Largest JSON body. Unit: bytes.
pub const JSON_BODY_BYTES_MAX: usize = 1024 * 1024;

/// This crate's texts.
pub fn messages() -> &'static [(Language, &'static str)] {
    &[
        (Language::Chinese, include_str!("../messages/zh-CN/api.ftl")),
        (Language::English, include_str!("../messages/en/api.ftl")),
    ]
}
