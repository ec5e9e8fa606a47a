//! Typed identifiers.
//!
//! Every record has a UUID of version 7 (RFC 9562), whose first 48 bits are milliseconds: ids made later
//! sort later, which keeps the pages of the store together. Each kind of thing has its own type, so that a
//! task's id cannot be passed where an indicator's is meant.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What all identifiers can do; the store is written against it.
pub trait Id: Copy + Eq + Ord + std::hash::Hash + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// Wraps a UUID that is known to name a thing of this kind.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The bare UUID, for storage and links.
    fn uuid(self) -> Uuid;
}

/// Makes identifiers from the time and ten random bytes that its owner passes in.
///
/// Kept as a value rather than a function so that tests can make the same ids twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdSource {
    /// Milliseconds since 1970; becomes the sortable front of the id.
    pub millis: u64,
    /// Random bytes; becomes the rest of the id.
    pub random: [u8; 10],
}

impl IdSource {
    /// Takes the time from `now`. Times before 1970 count as 1970.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        Self { millis: u64::try_from(now.as_millisecond()).unwrap_or(0), random }
    }

    /// The identifier.
    pub fn id<I: Id>(self) -> I {
        I::from_uuid(uuid::Builder::from_unix_timestamp_millis(self.millis, &self.random).into_uuid())
    }
}

/// A text that is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not an identifier")]
pub struct ParseIdError {
    /// What was given, cut to 64 characters.
    pub given: String,
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Id for $name {
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| ParseIdError { given: text.chars().take(64).collect() })
            }
        }
    )+};
}

typed_ids! {
    /// An uploaded plan document.
    DocumentId,
    /// A file that shows that something was done.
    EvidenceId,
    /// One thing that was found in a document.
    FindingId,
    /// A role given to a person for a time.
    GrantId,
    /// An indicator of a plan.
    IndicatorId,
    /// The light of a task or indicator.
    LightId,
    /// A department, street, park committee, institution or company.
    OrganisationId,
    /// A person who can sign in.
    PersonId,
    /// A plan.
    PlanId,
    /// One reading of a document: all that was found, and what people decided about it.
    ReadingId,
    /// A report of progress on a task.
    ReportId,
    /// A dated, sourced statement of an indicator's value.
    StatementId,
    /// A named platform or system that a plan promises.
    SystemId,
    /// A task of a plan.
    TaskId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_later() {
        let at = |millis| IdSource { millis, random: [7; 10] }.id::<TaskId>();
        assert!(at(1_000) < at(1_001));
    }

    #[test]
    fn an_id_survives_its_text() {
        let id: PlanId = IdSource { millis: 1_790_000_000_000, random: [3; 10] }.id();
        assert_eq!(id.to_string().parse::<PlanId>(), Ok(id));
        assert!("plan-1".parse::<PlanId>().is_err());
    }
}
