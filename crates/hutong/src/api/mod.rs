//! The JSON API, assembled: the session, and the resources of every context.

use std::sync::Arc;

use axum::Router;
use hutong_api::state::Values;
use hutong_api::{ApiState, OpenApiRouter, assemble};
use hutong_kernel::district::Language;
use hutong_web::{App, Value};
use utoipa::openapi::OpenApi;

mod session;
mod spine;

/// All resources below `/api/v1`, and their description.
pub fn api(app: &App) -> (Router<App>, OpenApi) {
    let messages = app.messages.clone();
    let texts = move |language: Language, id: &str, values: Values<'_>| {
        let values: Vec<(&str, Value<'_>)> =
            values.iter().map(|(name, value)| (*name, Value::from(value.as_str()))).collect();
        messages.has(language, id).then(|| messages.text(language, id, &values))
    };
    let state = ApiState { store: app.store.clone(), clock: Arc::clone(&app.clock), texts: Arc::new(texts) };
    assemble(resources(), state)
}

fn resources() -> OpenApiRouter<App> {
    session::resource().merge(spine::resources()).merge(hutong_plans::api::api())
}
