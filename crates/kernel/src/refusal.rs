//! Refusals: what a user did that cannot be done, and that the user can mend.

use std::fmt;

/// A refusal that people see: a stable code, and the values that its text names.
///
/// The text itself is filed under the code in the message files of both languages.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// Stable identifier, e.g. `plans.statement.total_fell`; used by the API, the messages and the manual.
    fn code(&self) -> &'static str;
    /// Values for the text, by name.
    fn values(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// HTTP status that fits: 400, 403, 404, 409, 412, 413, 415, 422, 429.
    fn status(&self) -> u16 {
        422
    }
}

/// A refusal of any kind, as the doors carry it.
pub struct AnyRefusal(pub Box<dyn Refusal>);

impl fmt::Debug for AnyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code(), self.0)
    }
}

impl<R: Refusal> From<R> for AnyRefusal {
    fn from(refusal: R) -> Self {
        Self(Box::new(refusal))
    }
}
