//! The API's first page and its own description.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hutong_kernel::district::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ROOT;
use crate::call::{Call, Path};
use crate::problem::{ApiError, Problem};
use crate::state::ApiState;

/// The finished description, written once when the program starts.
pub(crate) struct Document {
    pub(crate) json: String,
    /// Collections: name and path.
    pub(crate) collections: BTreeMap<String, String>,
}

/// Where to go from here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "openapi": "/api/v1/openapi.json",
    "collections": { "plans": "/api/v1/plans" }
}))]
pub(crate) struct Index {
    /// The description of everything, OpenAPI 3.1.
    openapi: String,
    /// The lists to begin with, by name.
    collections: BTreeMap<String, String>,
}

/// Where to go from here.
#[utoipa::path(
    get,
    path = "/",
    tag = "about",
    operation_id = "read_index",
    responses((status = 200, description = "The lists to begin with", body = Index))
)]
pub(crate) async fn read_index(Extension(document): Extension<Arc<Document>>) -> Json<Index> {
    Json(Index { openapi: format!("{ROOT}/openapi.json"), collections: document.collections.clone() })
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "about",
    operation_id = "read_description",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value))
)]
pub(crate) async fn read_description(Extension(document): Extension<Arc<Document>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.json.clone()).into_response()
}

/// A sort of problem in words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "code": "store.conflict", "texts": { "en": "Somebody else changed this record." } }))]
pub(crate) struct ProblemKind {
    /// Its stable identifier.
    code: String,
    /// Its text in every language that we speak; values stand as placeholders.
    texts: BTreeMap<String, String>,
}

/// What a problem's `type` leads to: its texts.
#[utoipa::path(
    get,
    path = "/problems/{code}",
    tag = "about",
    operation_id = "read_problem_kind",
    params(("code" = String, Path, description = "A problem's `code`", example = "api.not_found")),
    responses(
        (status = 200, description = "Its texts", body = ProblemKind),
        (status = 404, description = "There is no such code", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn read_problem_kind(
    Extension(state): Extension<ApiState>,
    _call: Call,
    Path(code): Path<String>,
) -> Result<Json<ProblemKind>, ApiError> {
    // Only codes: other messages have no dot, and are nobody's business here.
    if !code.contains('.')
        || !code.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b"._".contains(&it))
    {
        return Err(ApiError::not_found());
    }
    let id = code.replace('.', "-");
    let texts: BTreeMap<String, String> = Language::ALL
        .into_iter()
        .filter_map(|language| Some((language.tag().to_owned(), state.texts.text(language, &id, &[])?)))
        .collect();
    if texts.is_empty() { Err(ApiError::not_found()) } else { Ok(Json(ProblemKind { code, texts })) }
}
