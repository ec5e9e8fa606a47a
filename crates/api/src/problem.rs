//! Errors as problem documents (RFC 9457), in the caller's language.
//!
//! A handler's [`ApiError`] becomes a bare answer that carries it; the layer [`draw`], which knows the caller's
//! language and the request's number, writes the document. What axum refuses by itself (an unknown address, a
//! wrong method, a body too large) is drawn in the same way, so that no answer outside 2xx is without a code.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hutong_kernel::OpContext;
use hutong_kernel::district::Language;
use hutong_kernel::refusal::{AnyRefusal, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::refusal::ApiRefusal;
use crate::state::ApiState;
use crate::{JSON_BODY_BYTES_MAX, ROOT};

/// Media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Code of everything that the operator must mend.
pub const FAULT: &str = "api.fault";

/// What went wrong, for programs (`code`, `status`, `errors`) and for people (`title`, `detail`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/api/v1/problems/store.conflict",
    "title": "冲突",
    "status": 412,
    "detail": "这条记录已被他人修改。",
    "code": "store.conflict",
    "request_id": "01970000-0000-7000-8000-000000000000",
    "errors": []
}))]
pub struct Problem {
    /// Identifies the sort of problem; leads to its texts.
    #[serde(rename = "type")]
    pub type_: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// Stable identifier; never renamed.
    pub code: String,
    /// Number of the request, the same as in the log and the journal.
    pub request_id: String,
    /// One entry for each field that was refused.
    pub errors: Vec<FieldProblem>,
}

/// A field that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON Pointer (RFC 6901) into the body.
    pub pointer: String,
    /// Stable identifier.
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
}

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum ApiError {
    /// The caller can mend it.
    Refused(AnyRefusal),
    /// The caller can mend each of these fields: JSON Pointer and refusal. Never empty.
    Fields(Vec<(String, AnyRefusal)>),
    /// We must mend it; the caller gets the request's number.
    Fault(Box<dyn StdError + Send + Sync>),
}

impl ApiError {
    /// A fault with its cause.
    pub fn fault(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Fault(cause.into())
    }

    /// There is no such resource, or the caller may not know of it.
    pub fn not_found() -> Self {
        Self::from(ApiRefusal::NotFound)
    }

    fn status(&self) -> StatusCode {
        let status = match self {
            Self::Refused(refusal) => refusal.0.status(),
            Self::Fields(_) => 422,
            Self::Fault(_) => 500,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    }
}

impl<R: Refusal> From<R> for ApiError {
    /// A refusal whose status is 500 or more is nothing that the caller can mend, and is told as a fault.
    fn from(refusal: R) -> Self {
        if 500 <= refusal.status() { Self::Fault(Box::new(refusal)) } else { Self::Refused(refusal.into()) }
    }
}

/// Carried by a bare answer to the layer that draws it.
#[derive(Clone)]
struct Undrawn(Arc<ApiError>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Undrawn(Arc::new(self)));
        response
    }
}

/// Layer that draws every error below [`ROOT`].
pub(crate) async fn draw(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let conditional = request.headers().contains_key(header::IF_MATCH);
    let request_id =
        request.extensions().get::<OpContext>().map(|ctx| ctx.request_id.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let drawn =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes() == MEDIA_TYPE.as_bytes());
    if drawn {
        return response;
    }
    let error = match response.extensions().get::<Undrawn>() {
        Some(Undrawn(error)) => Arc::clone(error),
        None => Arc::new(error_of_status(status)),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let problem = problem(&state, &error, language, &request_id, conditional);
    let mut response = respond(&problem, language);
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// What axum refuses by itself says only a status.
fn error_of_status(status: StatusCode) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => ApiRefusal::MethodNotAllowed.into(),
        StatusCode::PAYLOAD_TOO_LARGE => ApiRefusal::TooLarge { limit_bytes: JSON_BODY_BYTES_MAX }.into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiRefusal::NotJson.into(),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ApiRefusal::Parameter { what: status.to_string() }.into()
        }
        other => ApiError::fault(format!("an answer {other} without a reason")),
    }
}

fn problem(
    state: &ApiState,
    error: &ApiError,
    language: Language,
    request_id: &str,
    conditional: bool,
) -> Problem {
    let say = |code: &str, values: &[(&'static str, String)]| {
        state.texts.text(language, &code.replace('.', "-"), values).unwrap_or_else(|| code.to_owned())
    };
    let mut status = error.status();
    let (code, detail, errors) = match error {
        ApiError::Refused(refusal) => {
            let code = refusal.0.code();
            // A change that named its version in `If-Match` failed a precondition; others collided.
            if code == "store.conflict" && conditional {
                status = StatusCode::PRECONDITION_FAILED;
            }
            (code, say(code, &refusal.0.values()), Vec::new())
        }
        ApiError::Fields(fields) => {
            let code = "api.fields";
            let errors = fields.iter().map(|(pointer, refusal)| FieldProblem {
                pointer: pointer.clone(),
                code: refusal.0.code().to_owned(),
                detail: say(refusal.0.code(), &refusal.0.values()),
            });
            (code, say(code, &[("count", fields.len().to_string())]), errors.collect())
        }
        ApiError::Fault(cause) => {
            log_chain(cause.as_ref(), request_id);
            (FAULT, say(FAULT, &[("request", request_id.to_owned())]), Vec::new())
        }
    };
    let title = format!("api-title-{}", status.as_u16());
    Problem {
        type_: format!("{ROOT}/problems/{code}"),
        title: state
            .texts
            .text(language, &title, &[])
            .unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned()),
        status: status.as_u16(),
        detail,
        code: code.to_owned(),
        request_id: request_id.to_owned(),
        errors,
    }
}

fn respond(problem: &Problem, language: Language) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// Logs a fault with all its causes, once.
fn log_chain(cause: &(dyn StdError + Send + Sync + 'static), request_id: &str) {
    let mut chain = cause.to_string();
    let mut source = cause.source();
    while let Some(next) = source {
        chain.push_str(": ");
        chain.push_str(&next.to_string());
        source = next.source();
    }
    tracing::error!(request_id, "request failed: {chain}");
}

/// The caller's language: the first of `Accept-Language`, by weight, that we speak; Chinese otherwise.
pub fn language(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(Language, u16)> = None;
    for part in wanted.split(',') {
        let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1_000, thousandths);
        let spoken = match tag.trim().split('-').next() {
            Some(it) if it.eq_ignore_ascii_case("zh") => Language::Chinese,
            Some(it) if it.eq_ignore_ascii_case("en") => Language::English,
            _ => continue,
        };
        if 0 < weight && best.is_none_or(|(_, before)| before < weight) {
            best = Some((spoken, weight));
        }
    }
    best.map_or(Language::Chinese, |(language, _)| language)
}

/// A weight from 0 to 1 with up to three decimals, in thousandths; 0 if it is none.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let decimals: String = decimals.chars().chain("000".chars()).take(3).collect();
    let Ok(value) = format!("{whole}{decimals}").parse::<u16>() else { return 0 };
    value.min(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accept).unwrap());
        language(&headers).tag()
    }

    #[test]
    fn the_heaviest_language_that_we_speak_is_taken() {
        assert_eq!(check("en"), "en");
        assert_eq!(check("en-GB, zh;q=0.9"), "en");
        assert_eq!(check("fr, en;q=0.3, zh-CN;q=0.8"), "zh-CN");
        assert_eq!(check("en;q=0"), "zh-CN");
        assert_eq!(check("fr"), "zh-CN");
        assert_eq!(check("en;q=;;=,,"), "zh-CN");
    }
}
