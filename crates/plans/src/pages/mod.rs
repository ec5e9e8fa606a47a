//! The pages of plans. One file for each page; a page's routes stand in its file.

use axum::Router;
use hutong_web::App;

/// All pages of this context.
pub fn pages() -> Router<App> {
    Router::new()
}
