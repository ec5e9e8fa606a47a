//! What the frame itself refuses, before any resource is reached.

use hutong_kernel::Refusal;
use thiserror::Error;

/// Why a request was not even read, or not carried out as it came.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApiRefusal {
    /// No such resource, or the caller may not know of it.
    #[error("no such resource")]
    NotFound,
    /// The resource does not take this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body is not declared to be JSON.
    #[error("content type is not application/json")]
    NotJson,
    /// The body is not JSON.
    #[error("body is no JSON at line {line}, column {column}")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1. Unit: bytes.
        column: usize,
    },
    /// The body is JSON of another shape than the document says.
    #[error("body does not fit: {what}")]
    WrongShape {
        /// What the reader said, in English.
        what: String,
    },
    /// The body is larger than is read.
    #[error("body is larger than {limit_bytes} bytes")]
    TooLarge {
        /// Bound. Unit: bytes.
        limit_bytes: usize,
    },
    /// A parameter of the address is missing or unreadable.
    #[error("parameter cannot be read: {what}")]
    Parameter {
        /// What the reader said, in English.
        what: String,
    },
    /// The change needs to say which version it was made for.
    #[error("If-Match is missing")]
    IfMatchMissing,
    /// `If-Match` holds no version of ours.
    #[error("If-Match is no version")]
    IfMatchMalformed,
    /// `Idempotency-Key` is empty, too long or not printable ASCII.
    #[error("Idempotency-Key is unusable")]
    IdempotencyKey,
    /// The request came from a page of another site.
    #[error("a changing request came from another site")]
    Forged,
}

impl Refusal for ApiRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "api.not_found",
            Self::MethodNotAllowed => "api.method_not_allowed",
            Self::NotJson => "api.not_json",
            Self::Malformed { .. } => "api.malformed",
            Self::WrongShape { .. } => "api.wrong_shape",
            Self::TooLarge { .. } => "api.too_large",
            Self::Parameter { .. } => "api.parameter",
            Self::IfMatchMissing => "api.if_match_missing",
            Self::IfMatchMalformed => "api.if_match_malformed",
            Self::IdempotencyKey => "api.idempotency_key",
            Self::Forged => "api.forged",
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Malformed { line, column } => {
                vec![("line", line.to_string()), ("column", column.to_string())]
            }
            Self::WrongShape { what } | Self::Parameter { what } => vec![("what", what.clone())],
            Self::TooLarge { limit_bytes } => vec![("limit", limit_bytes.to_string())],
            Self::NotFound
            | Self::MethodNotAllowed
            | Self::NotJson
            | Self::IfMatchMissing
            | Self::IfMatchMalformed
            | Self::IdempotencyKey
            | Self::Forged => Vec::new(),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::Malformed { .. }
            | Self::Parameter { .. }
            | Self::IfMatchMalformed
            | Self::IdempotencyKey => 400,
            Self::Forged => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooLarge { .. } => 413,
            Self::NotJson => 415,
            Self::WrongShape { .. } => 422,
            Self::IfMatchMissing => 428,
        }
    }
}
