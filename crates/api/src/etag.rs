//! Versions as entity tags: `"v3"`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hutong_store::Version;
use serde::Serialize;

use crate::call::Call;

/// The entity tag of a version.
pub fn tag(version: Version) -> String {
    format!("\"v{}\"", version.0)
}

/// The version that an `If-Match` names; `None` if it is not one of ours. A weak tag never matches a change.
pub fn version(value: &HeaderValue) -> Option<Version> {
    let digits = value.to_str().ok()?.trim().strip_prefix("\"v")?.strip_suffix('"')?;
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().map(Version)
}

/// Does a list of tags (`If-None-Match`) name the version? `*` and weak tags count here.
pub(crate) fn names(tags: &str, version: Version) -> bool {
    let wanted = tag(version);
    tags.split(',').map(str::trim).any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == wanted)
}

/// The record with its version as `ETag`; 304 without a body if the caller has it already.
pub fn versioned(call: &Call, version: Version, body: impl Serialize) -> Response {
    let etag = [(header::ETAG, tag(version))];
    if call.has(version) {
        return (StatusCode::NOT_MODIFIED, etag).into_response();
    }
    (etag, Json(body)).into_response()
}

/// The answer to a change: the record as it is now, its version and where it is.
///
/// `first_time` is false when the idempotency key had been answered before; the answer is the same then, with
/// `Idempotency-Replayed: true`.
pub fn created(path: &str, version: Version, first_time: bool, body: impl Serialize) -> Response {
    let mut response = (StatusCode::CREATED, [(header::ETAG, tag(version))], Json(body)).into_response();
    if let Ok(location) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if !first_time {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Option<u64> {
        version(&HeaderValue::from_str(text).unwrap()).map(|it| it.0)
    }

    #[test]
    fn only_our_own_strong_tags_name_a_version() {
        assert_eq!(check("\"v3\""), Some(3));
        assert_eq!(check(&tag(Version(41))), Some(41));
        for other in
            ["v3", "\"3\"", "W/\"v3\"", "*", "\"v\"", "\"v+3\"", "\"v-3\"", "\"v99999999999999999999\""]
        {
            assert_eq!(check(other), None, "{other}");
        }
    }

    #[test]
    fn a_reader_may_hold_several_versions() {
        assert!(names("\"v2\", W/\"v3\"", Version(3)));
        assert!(names("*", Version(3)));
        assert!(!names("\"v2\"", Version(3)));
        assert!(!names("\"v33\"", Version(3)));
    }
}
