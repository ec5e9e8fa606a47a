//! Asking for lists: declared indexes, keyset cursors, bounded counts.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hutong_kernel::PersonId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StoreError;
use crate::limits::{COUNT_MAX, PAGE_MAX};
use crate::record::{IndexValue, KindSpec, Stored};

/// Name of the list that every kind has: all records by id.
pub const ALL: &str = "all";

/// A list that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// A name of [`crate::Record::INDEXES`], or [`ALL`].
    pub index: &'static str,
    /// A value for each of the index's `equals` fields, in order.
    pub equals: Vec<IndexValue>,
    /// Bounds of the sort field, both inclusive; records without a value are outside every range.
    pub range: Option<Range>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// Records on the page, 1 to [`PAGE_MAX`]; other values are cut to that.
    pub limit: usize,
    /// From the last to the first.
    pub descending: bool,
}

impl Query {
    /// A list by a declared index, ascending, [`PAGE_MAX`] records a page.
    pub fn new(index: &'static str) -> Self {
        Self { index, equals: Vec::new(), range: None, after: None, limit: PAGE_MAX, descending: false }
    }

    /// All records by id, that is in the order in which they were made.
    pub fn all() -> Self {
        Self::new(ALL)
    }

    /// Gives the next `equals` field its value.
    #[must_use]
    pub fn equal(mut self, value: impl Into<IndexValue>) -> Self {
        self.equals.push(value.into());
        self
    }

    /// Sort field at least `from` and at most `to`.
    #[must_use]
    pub fn between(mut self, from: Option<IndexValue>, to: Option<IndexValue>) -> Self {
        self.range = Some(Range { from, to });
        self
    }

    /// Goes on after a cursor.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// Records on the page.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// From the last to the first.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }
}

/// Bounds of the sort field, both inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// At least; `None` without bound.
    pub from: Option<IndexValue>,
    /// At most; `None` without bound.
    pub to: Option<IndexValue>,
}

/// Where a page ended: opaque text that belongs to one query. In URLs as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "i")]
    index: String,
    #[serde(rename = "e")]
    equals: Vec<IndexValue>,
    #[serde(rename = "d")]
    descending: bool,
    #[serde(rename = "s")]
    sort: Option<IndexValue>,
    #[serde(rename = "r")]
    id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_unserialisable| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Cursor {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_undecodable| StoreError::Cursor)?;
        serde_json::from_slice(&json).map_err(|_other_shape| StoreError::Cursor)
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page<R> {
    /// The records, in order.
    pub items: Vec<Stored<R>>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// How many records the whole list has.
    pub count: Count,
}

/// How many there are, counted as far as it is cheap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    /// So many.
    Exact(u64),
    /// More than so many ([`COUNT_MAX`]).
    AtLeast(u64),
}

impl Count {
    /// From a count that stopped one after [`COUNT_MAX`].
    pub(crate) fn bounded(counted: u64) -> Self {
        if counted <= COUNT_MAX { Self::Exact(counted) } else { Self::AtLeast(COUNT_MAX) }
    }
}

/// A part of the journal that is asked for.
///
/// Newest first; with `after` alone, oldest first. Filters may be combined; `record`, then `person`, then
/// `kind` is served by an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalQuery {
    /// Entries before this number.
    pub before: Option<u64>,
    /// Entries after this number.
    pub after: Option<u64>,
    /// Entries of this kind.
    pub kind: Option<String>,
    /// Entries of this record.
    pub record: Option<Uuid>,
    /// Entries of this person's doing.
    pub person: Option<PersonId>,
    /// Entries on the page, 1 to [`PAGE_MAX`]; other values are cut to that. 0 means [`PAGE_MAX`].
    pub limit: usize,
}

/// A query that was checked against what its kind declares; what an engine answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPlan {
    /// Kind of the records.
    pub kind: &'static str,
    /// Equality fields with their values.
    pub equals: Vec<(&'static str, IndexValue)>,
    /// Field that sorts before the id.
    pub sort: Option<&'static str>,
    /// At least. Records without a value are never in a range.
    pub from: Option<IndexValue>,
    /// At most.
    pub to: Option<IndexValue>,
    /// Is there a range at all?
    pub ranged: bool,
    /// Goes on after this sort value and id.
    pub after: Option<(Option<IndexValue>, Uuid)>,
    /// Records wanted, one more than the page, so that its end is known.
    pub take: usize,
    /// From the last to the first.
    pub descending: bool,
    /// Count the whole list up to one after [`COUNT_MAX`].
    pub count: bool,
}

impl ListPlan {
    /// Checks `query` against what the kind declares.
    pub(crate) fn new(spec: &KindSpec, query: &Query, count: bool) -> Result<Self, StoreError> {
        let unknown =
            || StoreError::UnknownIndex { kind: spec.kind().to_owned(), index: query.index.to_owned() };
        let (equal_fields, sort): (&[&'static str], _) = match spec.index(query.index) {
            Some(index) => (index.equals, index.sort),
            None if query.index == ALL => (&[], None),
            None => return Err(unknown()),
        };
        if equal_fields.len() != query.equals.len() || (query.range.is_some() && sort.is_none()) {
            return Err(unknown());
        }
        let after = match &query.after {
            Some(cursor) if cursor.belongs_to(query) && cursor.sort.is_some() == sort.is_some() => {
                Some((cursor.sort.clone(), cursor.id))
            }
            Some(_) => return Err(StoreError::Cursor),
            None => None,
        };
        Ok(Self {
            kind: spec.kind(),
            equals: equal_fields.iter().copied().zip(query.equals.iter().cloned()).collect(),
            sort,
            from: query.range.as_ref().and_then(|range| range.from.clone()),
            to: query.range.as_ref().and_then(|range| range.to.clone()),
            ranged: query.range.is_some(),
            after,
            take: query.limit.clamp(1, PAGE_MAX) + 1,
            descending: query.descending,
            count,
        })
    }
}

impl Cursor {
    /// The cursor that follows a record with this sort value and id.
    pub(crate) fn following(query: &Query, sort: Option<IndexValue>, id: Uuid) -> Self {
        Self {
            index: query.index.to_owned(),
            equals: query.equals.clone(),
            descending: query.descending,
            sort,
            id,
        }
    }

    fn belongs_to(&self, query: &Query) -> bool {
        self.index == query.index && self.equals == query.equals && self.descending == query.descending
    }
}
