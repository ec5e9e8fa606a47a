//! The spine's own pages: organisations, persons and their roles, the permission table, the journal, and the
//! history of any record.
//!
//! # Invariants
//!
//! - Nothing is deleted: bodies and access end, roles are taken back, and both stay readable.
//! - Who may see a record's history is decided in one place ([`record::may_see`]), and a kind that it does not
//!   name is refused to everybody.

use axum::Router;
use hutong_kernel::refusal::{AnyRefusal, Refusal};
use hutong_web::{App, PageError};

pub use hutong_web::csv;
pub mod journal;
pub mod organisations;
pub mod permissions;
pub mod persons;
pub mod record;

/// All pages of the spine.
pub fn pages() -> Router<App> {
    Router::new()
        .merge(organisations::pages::routes())
        .merge(persons::pages::routes())
        .merge(permissions::routes())
        .merge(journal::routes())
        .merge(record::routes())
}

/// A service's refusal, or the store's, as a page's answer.
pub(crate) fn page_error(refusal: AnyRefusal) -> PageError {
    if 500 <= refusal.0.status() { PageError::Fault(refusal.0) } else { PageError::Refused(refusal) }
}

/// Splits what a form can show from what it cannot.
pub(crate) fn for_form(refusal: AnyRefusal) -> Result<Box<dyn Refusal>, PageError> {
    match refusal.0.status() {
        // A missing record or a missing right has its own page; a form would only invite another try.
        401 | 403 | 404 => Err(PageError::Refused(refusal)),
        status if 500 <= status => Err(PageError::Fault(refusal.0)),
        _ => Ok(refusal.0),
    }
}
