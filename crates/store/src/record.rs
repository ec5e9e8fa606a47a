//! What a record is, and what a kind of records declares.

use std::collections::BTreeSet;
use std::ops::Deref;

use hutong_kernel::Id;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A typed record: anything that people are accountable for.
///
/// Its body is the canonical JSON (RFC 8785) of its `Serialize`. What the body says must come back from it:
/// the store deserialises every body before it writes it and refuses one that changes on the way
/// (`store.body.round_trip`).
///
/// ```
/// use hutong_kernel::{Id as _, TaskId, OrganisationId};
/// use hutong_store::{Index, IndexValue, Record};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize)]
/// struct Chore { id: TaskId, owner: OrganisationId, due: Option<jiff::civil::Date> }
///
/// impl Record for Chore {
///     type Id = TaskId;
///     const KIND: &'static str = "chore";
///     const INDEXES: &'static [Index] = &[Index { name: "by_owner", equals: &["owner"], sort: Some("due") }];
///     fn id(&self) -> TaskId { self.id }
///     fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
///         vec![("owner", self.owner.into()), ("due", self.due.into())]
///     }
/// }
/// ```
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The type of its identifier.
    type Id: Id;
    /// Stable name of the kind: lower-case ASCII letters, digits, `_`, at most 48. Part of the journal.
    const KIND: &'static str;
    /// The only ways in which records of this kind are listed (besides [`crate::Query::all`], by id).
    const INDEXES: &'static [Index];
    /// Fields whose value no two records of this kind may share; [`IndexValue::Null`] may be shared.
    /// A second one is refused with `store.not_unique`.
    const UNIQUE: &'static [&'static str] = &[];
    /// Its identity. It never changes between versions.
    fn id(&self) -> Self::Id;
    /// The value of every field that [`Record::INDEXES`] and [`Record::UNIQUE`] name, each once.
    fn index_values(&self) -> Vec<(&'static str, IndexValue)>;
}

/// A declared way to list: equality on some fields, then sorted by one more, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// Name that a [`crate::Query`] asks for, e.g. `by_owner`.
    pub name: &'static str,
    /// Fields that the query gives a value for, all of them, in this order.
    pub equals: &'static [&'static str],
    /// Field that sorts the list; ids break ties, and sort alone where there is none.
    pub sort: Option<&'static str>,
}

/// The value of a declared field.
///
/// A field always has values of the same variant, or `Null`. `Null` sorts first. Texts sort by their UTF-8
/// bytes, on every engine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "t", content = "v", rename_all = "snake_case")]
pub enum IndexValue {
    /// No value.
    Null,
    /// A text, compared byte by byte.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A civil date.
    Date(Date),
    /// An identifier.
    Id(Uuid),
    /// Yes or no; no sorts first.
    Bool(bool),
}

impl From<&str> for IndexValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for IndexValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for IndexValue {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<i64> for IndexValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<u32> for IndexValue {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<i32> for IndexValue {
    fn from(value: i32) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<Date> for IndexValue {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}
impl From<Timestamp> for IndexValue {
    /// Microseconds since 1970.
    fn from(value: Timestamp) -> Self {
        Self::Integer(value.as_microsecond())
    }
}
impl From<bool> for IndexValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<Uuid> for IndexValue {
    fn from(value: Uuid) -> Self {
        Self::Id(value)
    }
}
impl<T: Into<IndexValue>> From<Option<T>> for IndexValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from_ids {
    ($($id:ident),+ $(,)?) => {$(
        impl From<hutong_kernel::$id> for IndexValue {
            fn from(value: hutong_kernel::$id) -> Self {
                Self::Id(value.uuid())
            }
        }
    )+};
}
from_ids!(
    DocumentId,
    EvidenceId,
    FindingId,
    GrantId,
    IndicatorId,
    LightId,
    OrganisationId,
    PersonId,
    PlanId,
    ReadingId,
    ReportId,
    StatementId,
    SystemId,
    TaskId,
);

/// Fields and values as [`Record::index_values`] gives them.
pub type IndexValues = Vec<(&'static str, IndexValue)>;

/// A kind of records as the store knows it once it is open.
///
/// Every context exports `pub fn kinds() -> Vec<KindSpec>`; the binary opens the store with all of them.
#[derive(Debug, Clone)]
pub struct KindSpec {
    kind: &'static str,
    indexes: &'static [Index],
    unique: &'static [&'static str],
    values_of_body: fn(&str) -> Result<IndexValues, serde_json::Error>,
}

impl KindSpec {
    /// What `R` declares.
    pub fn of<R: Record>() -> Self {
        fn values_of_body<R: Record>(body: &str) -> Result<IndexValues, serde_json::Error> {
            serde_json::from_str::<R>(body).map(|record| record.index_values())
        }
        Self { kind: R::KIND, indexes: R::INDEXES, unique: R::UNIQUE, values_of_body: values_of_body::<R> }
    }

    /// Stable name.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Declared lists.
    pub fn indexes(&self) -> &'static [Index] {
        self.indexes
    }

    /// Fields that no two records share.
    pub fn unique(&self) -> &'static [&'static str] {
        self.unique
    }

    /// All declared fields, sorted, each once.
    pub fn fields(&self) -> Vec<&'static str> {
        let mut fields: BTreeSet<&'static str> = self.unique.iter().copied().collect();
        for index in self.indexes {
            fields.extend(index.equals);
            fields.extend(index.sort);
        }
        fields.into_iter().collect()
    }

    /// The declared list with this name.
    pub fn index(&self, name: &str) -> Option<&'static Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// The declared fields' values of a stored body.
    ///
    /// # Errors
    /// The body does not fit the type.
    pub fn values_of_body(&self, body: &str) -> Result<IndexValues, serde_json::Error> {
        (self.values_of_body)(body)
    }

    /// What is wrong with the declaration, if anything: names that an engine could not use, or used twice.
    pub fn mistake(&self) -> Option<String> {
        let usable = |name: &str| {
            !name.is_empty()
                && name.len() <= 48
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let mut names = BTreeSet::from([crate::query::ALL]);
        if !usable(self.kind) {
            return Some(format!("kind {:?} is no usable name", self.kind));
        }
        for field in self.fields() {
            if !usable(field) {
                return Some(format!("field {field:?} of kind {} is no usable name", self.kind));
            }
        }
        for index in self.indexes {
            if !usable(index.name) || !names.insert(index.name) {
                return Some(format!(
                    "index {:?} of kind {} is no usable name, or there twice",
                    index.name, self.kind
                ));
            }
        }
        None
    }
}

/// Number of a record's version: 1, 2, 3 …, without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// The version of a record that was just created.
    pub const FIRST: Self = Self(1);

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A record as it is (or was) stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<R> {
    /// The record.
    pub record: R,
    /// Which version this is; pass it to [`crate::Change::update`].
    pub version: Version,
    /// When this version was written.
    pub changed_at: Timestamp,
}

impl<R> Deref for Stored<R> {
    type Target = R;
    fn deref(&self) -> &R {
        &self.record
    }
}
