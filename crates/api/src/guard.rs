//! Refuses changes that a foreign page could have made with the visitor's cookie.
//!
//! A browser says where a request comes from (`Sec-Fetch-Site`, before that `Origin`); a program says neither. What
//! a page can send without asking first (a form, an image, a script) is a `POST` at most and neither
//! `application/json` nor `application/octet-stream`, the two types that are read here. So a changing request is
//! accepted only if its browser says "from here", or if nobody says anything and it has one of them or is another
//! method than `POST`.

use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::call::{is_bytes, is_json};
use crate::problem::ApiError;
use crate::refusal::ApiRefusal;

pub(crate) async fn refuse_forged(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads {
        return next.run(request).await;
    }
    match judge(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => ApiError::from(refusal).into_response(),
    }
}

fn judge(method: &Method, headers: &HeaderMap) -> Result<(), ApiRefusal> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let from_here = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        (None, None) => {
            return if *method != Method::POST || is_json(headers) || is_bytes(headers) {
                Ok(())
            } else {
                Err(ApiRefusal::NotJson)
            };
        }
    };
    if from_here { Ok(()) } else { Err(ApiRefusal::Forged) }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn check(headers: &[(&'static str, &'static str)]) -> Result<(), ApiRefusal> {
        check_method(&Method::POST, headers)
    }

    fn check_method(method: &Method, headers: &[(&'static str, &'static str)]) -> Result<(), ApiRefusal> {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        judge(method, &headers)
    }

    #[test]
    fn our_own_pages_may_change_something() {
        assert_eq!(check(&[("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(check(&[("host", "a.example:1"), ("origin", "http://a.example:1")]), Ok(()));
    }

    #[test]
    fn foreign_pages_may_not_whatever_they_send() {
        for headers in [
            &[("sec-fetch-site", "cross-site"), ("content-type", "application/json")][..],
            &[("sec-fetch-site", "same-site"), ("content-type", "application/json")],
            &[("host", "a.example"), ("origin", "http://b.example"), ("content-type", "application/json")],
            &[("host", "a.example"), ("origin", "null"), ("content-type", "application/json")],
        ] {
            assert_eq!(check(headers), Err(ApiRefusal::Forged), "{headers:?}");
        }
    }

    #[test]
    fn a_program_sends_json() {
        assert_eq!(check(&[("content-type", "application/json; charset=utf-8")]), Ok(()));
        assert_eq!(check(&[("content-type", "text/plain")]), Err(ApiRefusal::NotJson));
        assert_eq!(check(&[]), Err(ApiRefusal::NotJson));
        assert_eq!(check_method(&Method::DELETE, &[]), Ok(()));
        assert_eq!(
            check_method(&Method::DELETE, &[("sec-fetch-site", "cross-site")]),
            Err(ApiRefusal::Forged)
        );
    }
}
