//! Language and theme: cookies that a link sets, so that both work without JavaScript.

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use hutong_kernel::district::Language;
use serde::Deserialize;

use crate::state::App;
use crate::visit::{LANGUAGE_COOKIE, THEME_COOKIE, Theme, local_path, set_cookie};

/// One year.
const KEPT_SECONDS: u32 = 31_536_000;

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

/// The two links.
pub(crate) fn pages() -> Router<App> {
    Router::new().route("/language/{tag}", get(choose_language)).route("/theme/{name}", get(choose_theme))
}

async fn choose_language(Path(tag): Path<String>, Query(back): Query<Back>) -> Response {
    let language = Language::from_tag(&tag).unwrap_or_default();
    keep(LANGUAGE_COOKIE, language.tag(), &back)
}

async fn choose_theme(Path(name): Path<String>, Query(back): Query<Back>) -> Response {
    keep(THEME_COOKIE, Theme::from_name(&name).unwrap_or_default().name(), &back)
}

fn keep(cookie: &str, value: &str, back: &Back) -> Response {
    let mut response = Redirect::to(local_path(&back.back)).into_response();
    set_cookie(&mut response, &format!("{cookie}={value}; Path=/; Max-Age={KEPT_SECONDS}; SameSite=Lax"));
    response
}
