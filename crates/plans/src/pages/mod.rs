//! The pages of plans. One file for each page; a page's routes stand in its file.

pub mod board;
mod board_filter;
mod bodies;
pub mod import;
pub mod plan;
pub mod plans;
mod record_footer;
mod refused_form;
pub mod review;
mod review_adopt;
mod review_card;
mod review_content;
mod review_decide;
mod review_document;
pub mod review_form;
mod standing;
pub mod systems;
pub mod task_sheet;

use axum::Router;
use hutong_web::App;

/// All pages of this context.
pub fn pages() -> Router<App> {
    Router::new()
        .merge(import::pages())
        .merge(review::pages())
        .merge(plans::routes())
        .merge(plan::routes())
        .merge(board::routes())
        .merge(systems::routes())
        .merge(task_sheet::routes())
}
