//! What a handler is told about the request: who calls, in which language, with which command.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hutong_kernel::district::Language;
use hutong_kernel::{Action, Denied, OpContext, Principal, Target};
use hutong_store::Version;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sha2::{Digest, Sha256};

use crate::JSON_BODY_BYTES_MAX;
use crate::etag;
use crate::problem::{ApiError, language};
use crate::refusal::ApiRefusal;

/// Longest `Idempotency-Key`. Unit: bytes. The store holds the same bound.
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 200;

/// A reading request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls, when, under which number.
    pub ctx: OpContext,
    /// The caller's language.
    pub language: Language,
    if_none_match: Option<String>,
}

impl Call {
    /// Refuses callers who may not do `action` at all.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn require(&self, action: Action) -> Result<(), Denied> {
        self.ctx.may(action, Target::Any)
    }

    /// Has the caller this version already?
    pub fn has(&self, version: Version) -> bool {
        self.if_none_match.as_deref().is_some_and(|tags| etag::names(tags, version))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self {
            ctx: context(parts)?,
            language: language(&parts.headers),
            if_none_match: header(header::IF_NONE_MATCH),
        })
    }
}

/// A changing request with its body.
#[derive(Debug, Clone)]
pub struct Command<T> {
    /// Who calls, when, under which number and which idempotency key.
    pub ctx: OpContext,
    /// The caller's language.
    pub language: Language,
    /// The body.
    pub body: T,
    /// Names the request for its idempotency key: SHA-256 of method, path with query, `If-Match` and body.
    ///
    /// Pass it to the store's change, so that the same key with another request is refused.
    pub digest: [u8; 32],
    expected: Option<Version>,
}

impl<T> Command<T> {
    /// The version that the change was made for, as `If-Match` names it.
    ///
    /// # Errors
    /// [`ApiRefusal::IfMatchMissing`]: nobody may overwrite what they have not seen.
    pub fn expected(&self) -> Result<Version, ApiRefusal> {
        self.expected.ok_or(ApiRefusal::IfMatchMissing)
    }

    /// Refuses callers who may not do `action` at all.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn require(&self, action: Action) -> Result<(), Denied> {
        self.ctx.may(action, Target::Any)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Command<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(ApiRefusal::NotJson.into());
        }
        let mut ctx = context(&parts)?;
        ctx.idempotency_key = idempotency_key(&parts.headers)?;
        let if_match = parts.headers.get(header::IF_MATCH);
        let expected =
            if_match.map(|value| etag::version(value).ok_or(ApiRefusal::IfMatchMalformed)).transpose()?;
        let language = language(&parts.headers);

        let mut hasher = Sha256::new();
        let address = parts.uri.path_and_query().map_or("/", |it| it.as_str());
        for part in
            [parts.method.as_str().as_bytes(), address.as_bytes(), if_match.map_or(b"", |it| it.as_bytes())]
        {
            hasher.update(part);
            hasher.update([0]);
        }
        let bytes =
            Bytes::from_request(Request::from_parts(parts, body), state).await.map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    ApiError::from(ApiRefusal::TooLarge { limit_bytes: JSON_BODY_BYTES_MAX })
                } else {
                    ApiError::from(ApiRefusal::Parameter { what: rejection.body_text() })
                }
            })?;
        hasher.update(&bytes);
        let body = read(&bytes)?;
        Ok(Self { ctx, language, body, digest: hasher.finalize().into(), expected })
    }
}

/// Reads a body; tells text that is no JSON from JSON of another shape.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiRefusal> {
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => ApiRefusal::WrongShape { what: error.to_string() },
        Category::Syntax | Category::Eof | Category::Io => {
            ApiRefusal::Malformed { line: error.line(), column: error.column() }
        }
    })
}

/// The context that the session's layer put beside the request.
fn context(parts: &Parts) -> Result<OpContext, ApiError> {
    let ctx = parts.extensions.get::<OpContext>().cloned();
    ctx.ok_or_else(|| ApiError::fault("the session's layer does not stand before the API"))
}

pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    is_type(headers, "application/json")
}

/// A file as it is.
pub(crate) fn is_bytes(headers: &HeaderMap) -> bool {
    is_type(headers, "application/octet-stream")
}

fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiRefusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().map_err(|_not_ascii| ApiRefusal::IdempotencyKey)?;
    if key.is_empty() || IDEMPOTENCY_KEY_BYTES_MAX < key.len() {
        return Err(ApiRefusal::IdempotencyKey);
    }
    Ok(Some(key.to_owned()))
}

/// Parameters of the address (`?a=b`) as a typed value; refused with `api.parameter`.
#[derive(Debug, Clone, Copy)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(ApiRefusal::Parameter { what: rejection.body_text() }.into()),
        }
    }
}

/// Parts of the path as a typed value. An id that cannot be one is no id of ours: `api.not_found`.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_unreadable) => Err(ApiError::not_found()),
        }
    }
}

/// Whether a person signed in, for handlers that answer both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn(pub bool);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let ctx = parts.extensions.get::<OpContext>();
        Ok(Self(ctx.is_some_and(|ctx| matches!(ctx.principal, Principal::Person { .. }))))
    }
}
