//! What stands between the network and the pages: security headers and the refusal of forged requests.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hutong_kernel::refusal::Refusal;
use thiserror::Error;

use crate::PageError;
use crate::state::App;

/// Everything from ourselves, nothing inline, nothing framed; pictures may be data because the print
/// preview of some browsers makes them so.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Sets the headers that every answer carries.
pub(crate) async fn set_security_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: [(_, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // What a signed-in person saw must not come out of a cache for the next one at the same machine.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A request that changes something and comes from another site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a changing request came from another site")]
pub struct ForgedRequest;

impl Refusal for ForgedRequest {
    fn code(&self) -> &'static str {
        "http.forged_request"
    }
    fn status(&self) -> u16 {
        403
    }
}

/// Refuses changing requests that a browser says come from another site.
///
/// Every browser of the last years sends `Sec-Fetch-Site`, older ones `Origin`. Programs send neither, and
/// nobody can make a program send somebody else's cookie.
pub(crate) async fn refuse_forged_requests(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        PageError::from(ForgedRequest).into_response()
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)));
        comes_from_here(&headers.collect())
    }

    #[test]
    fn only_requests_from_our_own_pages_may_change_something() {
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("host", "hutong.example:8080"), ("origin", "http://hutong.example:8080")]));
        assert!(check(&[]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[
            ("sec-fetch-site", "same-site"),
            ("host", "a.example"),
            ("origin", "http://a.example")
        ]));
        assert!(!check(&[("host", "hutong.example"), ("origin", "https://evil.example")]));
        assert!(!check(&[("host", "hutong.example"), ("origin", "null")]));
    }
}
