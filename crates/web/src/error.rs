//! When a page cannot be shown: refusals, faults, and the pages that say so.
//!
//! A handler returns [`PageError`]; it becomes a bare answer that carries the error, and the layer
//! [`draw_errors`], which knows the visitor, turns it into a page, or into a problem document (RFC 9457) below
//! `/api/`. What axum itself refuses (a body too large, a method not allowed) is drawn in the same way.

use std::error::Error as StdError;
use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use hutong_kernel::refusal::{AnyRefusal, Refusal};
use maud::html;
use thiserror::Error;

use crate::page::PageHead;
use crate::state::LedgerDoorError;
use crate::ui;
use crate::visit::Visit;

/// Why a page cannot be shown.
#[derive(Debug)]
pub enum PageError {
    /// The visitor can mend it.
    Refused(AnyRefusal),
    /// We must mend it; the visitor gets a reference number.
    Fault(Box<dyn StdError + Send + Sync>),
}

impl PageError {
    /// A fault with its cause.
    pub fn fault(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Fault(cause.into())
    }

    /// There is no such page or record, or the visitor may not know of it.
    pub fn not_found() -> Self {
        Self::from(HttpRefusal::NotFound)
    }
}

impl<R: Refusal> From<R> for PageError {
    /// A refusal whose status is 500 or more is nothing that the visitor can mend, and is told as a fault.
    fn from(refusal: R) -> Self {
        if 500 <= refusal.status() { Self::Fault(Box::new(refusal)) } else { Self::Refused(refusal.into()) }
    }
}

/// The ledger's answer as a page's: use it with `map_err(ledger_error)`.
pub fn ledger_error(error: LedgerDoorError) -> PageError {
    match error {
        LedgerDoorError::Refused(refusal) => PageError::Refused(refusal),
        LedgerDoorError::Fault(cause) => PageError::Fault(cause),
    }
}

/// What the door itself refuses, before any page is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HttpRefusal {
    /// No such page.
    #[error("no such page")]
    NotFound,
    /// The page does not take this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The request is larger than allowed.
    #[error("request too large")]
    TooLarge,
    /// A form of a kind that the page does not read.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// A form or an address that cannot be read.
    #[error("request cannot be read")]
    BadRequest,
    /// Too slow.
    #[error("request took too long")]
    Timeout,
    /// Too many requests.
    #[error("too many requests")]
    TooMany,
}

impl HttpRefusal {
    /// All of them, for the test of their texts.
    pub const ALL: [Self; 7] = [
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::BadRequest,
        Self::Timeout,
        Self::TooMany,
    ];

    fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::UnsupportedMediaType),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Some(Self::BadRequest),
            StatusCode::REQUEST_TIMEOUT => Some(Self::Timeout),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::TooMany),
            _ => None,
        }
    }
}

impl Refusal for HttpRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "http.not_found",
            Self::MethodNotAllowed => "http.method_not_allowed",
            Self::TooLarge => "http.too_large",
            Self::UnsupportedMediaType => "http.unsupported_media_type",
            Self::BadRequest => "http.bad_request",
            Self::Timeout => "http.timeout",
            Self::TooMany => "http.too_many",
        }
    }
    fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::BadRequest => 400,
            Self::Timeout => 408,
            Self::TooMany => 429,
        }
    }
}

/// Answers for addresses that lead nowhere.
pub(crate) async fn not_found() -> PageError {
    PageError::not_found()
}

/// Answers for methods that a page does not take.
pub(crate) async fn method_not_allowed() -> PageError {
    PageError::from(HttpRefusal::MethodNotAllowed)
}

/// Answers for a handler that broke: one of our invariants did not hold. The process goes on.
pub(crate) fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    PageError::fault(format!("a handler panicked: {text}")).into_response()
}

/// Carried by a bare answer to the layer that draws it.
#[derive(Clone)]
struct Undrawn(Arc<PageError>);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Refused(refusal) => {
                StatusCode::from_u16(refusal.0.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
            }
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Undrawn(Arc::new(self)));
        response
    }
}

/// Draws errors for the visitor.
pub(crate) async fn draw_errors(request: Request, next: Next) -> Response {
    let visit = request.extensions().get::<Visit>().cloned();
    let is_get = request.method() == Method::GET;
    let mut response = next.run(request).await;
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let Some(visit) = visit else { return response };
    let error = match response.extensions_mut().remove::<Undrawn>() {
        Some(Undrawn(error)) => error,
        // A page or a problem document that a handler has drawn itself stays as it is.
        None if is_drawn(&response) => return response,
        None => match HttpRefusal::of_status(response.status()) {
            Some(refusal) => Arc::new(PageError::from(refusal)),
            None => Arc::new(PageError::fault(format!("bare answer with status {}", response.status()))),
        },
    };
    let headers = response.headers().clone();
    let mut drawn = draw(&visit, &error, response.status(), is_get).await;
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = headers.get(&name) {
            drawn.headers_mut().insert(name, value.clone());
        }
    }
    drawn
}

fn is_drawn(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|it| it.starts_with("text/html") || it.contains("json"))
}

/// Draws one error as a page or a problem document.
pub(crate) async fn draw(visit: &Visit, error: &PageError, status: StatusCode, is_get: bool) -> Response {
    let (code, text) = match error {
        PageError::Refused(refusal) => (refusal.0.code(), visit.refusal(refusal.0.as_ref())),
        PageError::Fault(cause) => {
            log_chain(cause.as_ref(), &visit.ctx.request_id);
            ("fault", visit.t("fault"))
        }
    };
    if visit.path.starts_with("/api/") {
        return problem(visit, code, &text, status);
    }
    if code == "access.sign_in" && is_get && !visit.htmx {
        let back = ui::url::query(&[("back", &visit.path_and_query)]);
        return Redirect::to(&format!("/sign-in{back}")).into_response();
    }
    let title_key = format!("error-title-{}", status.as_u16());
    let title =
        if visit.messages.has(visit.lang, &title_key) { visit.t(&title_key) } else { visit.t("error-title") };
    let head = PageHead::new(title);
    let body = html! {
        section.error-page {
            p.error-text { (text) }
            p.actions {
                @if code == "access.sign_in" {
                    a.button.primary href={ "/sign-in" (ui::url::query(&[("back", &visit.path_and_query)])) } {
                        (visit.t("nav-sign-in"))
                    }
                }
                a.button href="/" { (visit.t("error-home")) }
            }
            dl.error-facts {
                div { dt { (visit.t("error-code")) } dd { code { (code) } } }
                div { dt { (visit.t("error-reference")) } dd { code { (visit.ctx.request_id) } } }
            }
        }
    };
    let mut response = visit.page(head, body).await;
    *response.status_mut() = status;
    response
}

fn problem(visit: &Visit, code: &str, text: &str, status: StatusCode) -> Response {
    let body = serde_json::json!({
        "type": format!("/api/v1/problems/{code}"),
        "title": text,
        "status": status.as_u16(),
        "code": code,
        "request_id": visit.ctx.request_id,
    });
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
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
