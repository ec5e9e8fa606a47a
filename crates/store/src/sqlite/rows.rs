//! Rows of records and of the journal.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, Row, ToSql, params};
use uuid::Uuid;

use super::maybe;
use super::schema::Kind;
use crate::engine::{Head, RawRecord};
use crate::entry::RawEntry;
use crate::record::IndexValue;

/// What stands for no value in a declared field's column: the smallest key there is.
///
/// NULL would make row-value comparisons unknown and records vanish from pages; an integer sorts before every
/// text and blob in SQLite, and this one before every other that a field may hold.
pub(crate) const NULL_KEY: i64 = i64::MIN + 1;

impl ToSql for IndexValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => NULL_KEY.into(),
            Self::Text(text) => text.as_str().into(),
            Self::Integer(integer) => (*integer).into(),
            Self::Date(date) => date.to_string().into(),
            Self::Id(uuid) => ToSqlOutput::Owned(SqlValue::Blob(uuid.as_bytes().to_vec())),
            Self::Bool(yes) => i64::from(*yes).into(),
        })
    }
}

/// A UUID as its 16 bytes.
pub(super) struct Bytes16(pub(super) Uuid);

impl ToSql for Bytes16 {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
    }
}

impl FromSql for Bytes16 {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Uuid::from_slice(value.as_blob()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A moment in microseconds.
pub(super) struct Micros(pub(super) Timestamp);

impl ToSql for Micros {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for Micros {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_microsecond(value.as_i64()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A number that is never negative.
pub(super) struct Unsigned(pub(super) u64);

impl ToSql for Unsigned {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        // Larger than anything stored finds nothing, as it should.
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Unsigned {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        u64::try_from(value.as_i64()?).map(Self).map_err(FromSqlError::other)
    }
}

pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Columns of [`read_record`].
pub(super) const RECORD_COLUMNS: &str = "id, version, changed_at, commitment, body";

pub(super) fn read_record(row: &Row<'_>) -> rusqlite::Result<RawRecord> {
    Ok(RawRecord {
        id: row.get::<_, Bytes16>(0)?.0,
        version: row.get::<_, Unsigned>(1)?.0,
        changed_at: row.get::<_, Micros>(2)?.0,
        commitment: row.get(3)?,
        body: row.get(4)?,
    })
}

/// Columns of [`read_entry`].
pub(super) const ENTRY_COLUMNS: &str = "seq, canonical, salt, commitment";

pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<RawEntry> {
    Ok(RawEntry {
        seq: row.get::<_, Unsigned>(0)?.0,
        canonical: row.get(1)?,
        salt: row.get(2)?,
        commitment: row.get(3)?,
    })
}

pub(super) fn head(connection: &Connection, kind: &Kind, id: Uuid) -> rusqlite::Result<Option<Head>> {
    maybe(connection.prepare_cached(&kind.sql_head)?.query_row([Bytes16(id)], |row| {
        Ok(Head { version: row.get::<_, Unsigned>(0)?.0, commitment: row.get(1)? })
    }))
}

pub(super) fn record(connection: &Connection, kind: &Kind, id: Uuid) -> rusqlite::Result<Option<RawRecord>> {
    maybe(connection.prepare_cached(&kind.sql_get)?.query_row([Bytes16(id)], read_record))
}

pub(super) fn kind_number(connection: &Connection, kind: &str) -> rusqlite::Result<Option<i64>> {
    maybe(
        connection
            .prepare_cached("SELECT number FROM kind WHERE name = ?1")?
            .query_row([kind], |row| row.get(0)),
    )
}

pub(super) fn entry_of(
    connection: &Connection,
    kind: i64,
    id: Uuid,
    version: u64,
) -> rusqlite::Result<Option<RawEntry>> {
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM journal WHERE record = ?1 AND kind = ?2 AND version = ?3");
    maybe(
        connection.prepare_cached(&sql)?.query_row(params![Bytes16(id), kind, Unsigned(version)], read_entry),
    )
}

pub(super) fn entry_as_of(
    connection: &Connection,
    kind: i64,
    id: Uuid,
    at: Timestamp,
) -> rusqlite::Result<Option<RawEntry>> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM journal WHERE record = ?1 AND kind = ?2 AND at <= ?3 ORDER BY version DESC LIMIT 1"
    );
    maybe(connection.prepare_cached(&sql)?.query_row(params![Bytes16(id), kind, Micros(at)], read_entry))
}

pub(super) fn history(
    connection: &Connection,
    kind: i64,
    id: Uuid,
    after: u64,
    take: usize,
) -> rusqlite::Result<Vec<RawEntry>> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM journal WHERE record = ?1 AND kind = ?2 AND version > ?3 ORDER BY version LIMIT ?4"
    );
    connection
        .prepare_cached(&sql)?
        .query_map(params![Bytes16(id), kind, Unsigned(after), limit(take)], read_entry)?
        .collect()
}

pub(super) fn feed(connection: &Connection, after: u64, take: usize) -> rusqlite::Result<Vec<RawEntry>> {
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    connection.prepare_cached(&sql)?.query_map(params![Unsigned(after), limit(take)], read_entry)?.collect()
}
