//! The page frame: what every page of Hutong shares.
//!
//! Pages are made on the server by functions that return [`maud::Markup`]; [`visit::Visit`] knows who looks, in
//! which language, at what; [`ui`] draws the parts that [`page`] puts into the frame. Every page works with
//! JavaScript off; htmx and three small web components make it smoother.
//!
//! # Invariants
//!
//! - No script, style or event handler stands inside a page: the content security policy allows files of our
//!   own only.
//! - No text for people stands in Rust code: it comes from the message files, which are complete in both
//!   languages.
//! - No page decides about rights: [`hutong_kernel::permission`] does, through [`hutong_kernel::OpContext::may`].
//! - A password, a session's token or a cookie never reaches the log or the journal.

pub mod assets;
pub mod csv;
pub mod error;
pub mod guard;
pub mod messages;
pub mod page;
pub mod password;
pub mod preferences;
pub mod session;
pub mod sign_in;
pub mod state;
pub mod testing;
pub mod ui;
pub mod visit;
pub mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use hutong_kernel::district::Language;
use tower_http::catch_panic::CatchPanicLayer;

pub use error::PageError;
pub use messages::{Messages, Value};
pub use page::{Crumb, PageHead, Tab};
pub use state::{App, AppParts, Limits, NavigationItem};
pub use visit::Visit;
pub use words::Words;

/// This crate's texts: the frame's, the kit's, sign-in, and those of the kernel's and the store's refusals.
pub fn messages() -> &'static [messages::Source] {
    &[
        (Language::Chinese, include_str!("../messages/zh-CN/frame.ftl")),
        (Language::English, include_str!("../messages/en/frame.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/refusals.ftl")),
        (Language::English, include_str!("../messages/en/refusals.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/sign-in.ftl")),
        (Language::English, include_str!("../messages/en/sign-in.ftl")),
    ]
}

/// The pages that the frame brings along: sign-in, preferences, assets, health.
pub fn pages() -> Router<App> {
    Router::new()
        .merge(sign_in::pages())
        .merge(preferences::pages())
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(health))
}

/// Puts the frame around all routes: request ids, sessions, security headers, refusal of forged requests,
/// error pages. `routes` are the pages and APIs of all contexts.
pub fn frame(app: App, routes: Router<App>) -> Router {
    routes
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(DefaultBodyLimit::max(app.limits.form_bytes_max))
        .layer(from_fn(guard::refuse_forged_requests))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn(error::draw_errors))
        .layer(from_fn_with_state(app.clone(), session::identify))
        .layer(from_fn_with_state(app.clone(), guard::set_security_headers))
        .with_state(app)
}

/// Answers that the process runs and can read its store.
async fn health(axum::extract::State(app): axum::extract::State<App>) -> Result<&'static str, PageError> {
    session::check_store(&app).await?;
    Ok("ok\n")
}
