//! The pages of plans. One file for each page; a page's routes stand in its file.

pub mod import;
pub mod review;
mod review_adopt;
mod review_card;
mod review_content;
mod review_decide;
mod review_document;
pub mod review_form;

use axum::Router;
use hutong_web::App;

/// All pages of this context.
pub fn pages() -> Router<App> {
    Router::new().merge(import::pages()).merge(review::pages())
}
