//! The schema: the tables of the spine by numbered steps, the tables of kinds by what the kinds declare.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, params};

use super::connection::{APPLICATION_ID, explain_error};
use super::rows::{self, NULL_KEY};
use super::{Kinds, maybe};
use crate::StoreError;
use crate::check::Finding;
use crate::operational;
use crate::record::{IndexValues, KindSpec};

/// Steps forward, each run once, none ever edited.
const STEPS: &[&str] = &[include_str!("step_1.sql")];

/// The newest schema that this program knows.
pub const SCHEMA_VERSION: u32 = 1;

/// Tables of the spine besides the operational ones and those of kinds.
const SPINE_TABLES: &[&str] = &["journal", "kind", "schema_version"];

/// A kind with its statements.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(super) number: i64,
    pub(super) table: String,
    pub(super) unique: &'static [&'static str],
    pub(super) sql_head: String,
    pub(super) sql_get: String,
    pub(super) sql_insert: String,
    pub(super) sql_update: String,
    pub(super) sql_refill: String,
    indexes: BTreeMap<String, String>,
}

/// The column of a declared field.
pub(super) fn column(field: &str) -> String {
    format!("x_{field}")
}

impl Kind {
    fn new(number: i64, spec: &KindSpec) -> Self {
        let table = format!("r_{}", spec.kind());
        let columns: Vec<String> = spec.fields().into_iter().map(column).collect();
        let with = |make: &dyn Fn(usize, &String) -> String| -> String {
            columns.iter().enumerate().map(|(position, column)| make(position, column)).collect()
        };
        // ?1 id, ?2 version, ?3 changed_at, ?4 commitment, ?5 body, ?6 expected version, ?7 … fields. Numbered
        // parameters, because SQLite numbers `$N` by first appearance.
        let names = with(&|_, column| format!(", {column}"));
        let marks = with(&|position, _| format!(", ?{}", position + 7));
        let sets = with(&|position, column| format!(", {column} = ?{}", position + 7));
        let refills: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(position, column)| format!("{column} = ?{}", position + 2))
            .collect();
        Self {
            number,
            unique: spec.unique(),
            sql_head: format!("SELECT version, commitment FROM {table} WHERE id = ?1"),
            sql_get: format!("SELECT {} FROM {table} WHERE id = ?1", rows::RECORD_COLUMNS),
            sql_insert: format!(
                "INSERT INTO {table} (id, version, changed_at, commitment, body{names}) \
                 SELECT ?1, ?2, ?3, ?4, ?5{marks} WHERE ?6 IS NULL"
            ),
            sql_update: format!(
                "UPDATE {table} SET version = ?2, changed_at = ?3, commitment = ?4, body = ?5{sets} \
                 WHERE id = ?1 AND version = ?6"
            ),
            sql_refill: format!("UPDATE {table} SET {} WHERE id = ?1", refills.join(", ")),
            indexes: indexes(&table, spec),
            table,
        }
    }
}

/// Names and statements of the indexes that a kind declares.
fn indexes(table: &str, spec: &KindSpec) -> BTreeMap<String, String> {
    let mut indexes = BTreeMap::new();
    for index in spec.indexes() {
        let name = format!("i_{}__{}", spec.kind(), index.name);
        let mut columns: Vec<String> = index.equals.iter().copied().chain(index.sort).map(column).collect();
        columns.push("id".to_owned());
        indexes.insert(name.clone(), format!("CREATE INDEX {name} ON {table} ({})", columns.join(", ")));
    }
    for field in spec.unique() {
        let name = format!("u_{}__{field}", spec.kind());
        let column = column(field);
        let sql = format!("CREATE UNIQUE INDEX {name} ON {table} ({column}) WHERE {column} <> {NULL_KEY}");
        indexes.insert(name, sql);
    }
    indexes
}

/// The kind, or an error that no caller can provoke: the store checked the name.
pub(super) fn known<'a>(kinds: &'a Kinds, kind: &str) -> rusqlite::Result<&'a Kind> {
    kinds
        .get(kind)
        .ok_or_else(|| rusqlite::Error::InvalidParameterName(format!("kind {kind} is not declared")))
}

/// Brings the database to the newest schema and to what the kinds declare. All or nothing.
pub(super) fn adapt(
    connection: &mut Connection,
    path: &Path,
    specs: &BTreeMap<&'static str, KindSpec>,
) -> Result<BTreeMap<&'static str, Kind>, StoreError> {
    let failed = |error| explain_error("preparing the database", path, error);
    let found = version(connection, path)?;
    if SCHEMA_VERSION < found {
        return Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION });
    }
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
    for (step, number) in STEPS.iter().zip(1_u32..) {
        if found < number {
            transaction.execute_batch(step).map_err(failed)?;
            transaction.execute("DELETE FROM schema_version", []).map_err(failed)?;
            transaction
                .execute("INSERT INTO schema_version (version) VALUES (?1)", [number])
                .map_err(failed)?;
        }
    }
    if found == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    }
    let mut kinds = BTreeMap::new();
    for (name, spec) in specs {
        kinds.insert(*name, adapt_kind(&transaction, path, spec)?);
    }
    transaction.commit().map_err(failed)?;
    Ok(kinds)
}

/// The kinds as they are in a database that another process holds: nothing is adapted, so everything must be
/// as this program would make it.
pub(super) fn recognise(
    connection: &Connection,
    path: &Path,
    specs: &BTreeMap<&'static str, KindSpec>,
) -> Result<BTreeMap<&'static str, Kind>, StoreError> {
    let failed = |error| explain_error("reading the schema", path, error);
    let found = version(connection, path)?;
    if SCHEMA_VERSION < found {
        return Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION });
    }
    let other = || StoreError::OtherSchema { path: path.to_owned() };
    if found < SCHEMA_VERSION {
        return Err(other());
    }
    let mut kinds = BTreeMap::new();
    for (name, spec) in specs {
        let number = rows::kind_number(connection, spec.kind()).map_err(failed)?.ok_or_else(other)?;
        let kind = Kind::new(number, spec);
        let wanted: BTreeSet<String> = spec.fields().into_iter().map(column).collect();
        let there = columns(connection, &kind.table).map_err(failed)?;
        let declared: BTreeSet<String> = there.into_iter().filter(|name| name.starts_with("x_")).collect();
        if declared != wanted {
            return Err(other());
        }
        for (index, sql) in &kind.indexes {
            if index_sql(connection, index).map_err(failed)?.as_ref() != Some(sql) {
                return Err(other());
            }
        }
        kinds.insert(*name, kind);
    }
    Ok(kinds)
}

/// The schema's number; 0 for a file without anything in it.
fn version(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    let failed = |error| explain_error("reading the schema", path, error);
    let tables = tables(connection).map_err(failed)?;
    if tables.is_empty() {
        return Ok(0);
    }
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION_ID || !tables.iter().any(|table| table == "schema_version") {
        return Err(StoreError::ForeignFile { path: path.to_owned() });
    }
    connection.query_row("SELECT version FROM schema_version", [], |row| row.get(0)).map_err(failed)
}

fn adapt_kind(connection: &Connection, path: &Path, spec: &KindSpec) -> Result<Kind, StoreError> {
    let failed = |error| explain_error("preparing a kind's table", path, error);
    connection
        .execute("INSERT INTO kind (name) VALUES (?1) ON CONFLICT (name) DO NOTHING", [spec.kind()])
        .map_err(failed)?;
    let number = rows::kind_number(connection, spec.kind())
        .map_err(failed)?
        .ok_or_else(|| StoreError::fault_because("a kind was added and is not there"))?;
    let kind = Kind::new(number, spec);
    connection
        .execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {} (\
             id BLOB NOT NULL PRIMARY KEY, version INTEGER NOT NULL, changed_at INTEGER NOT NULL, \
             commitment BLOB NOT NULL, body TEXT NOT NULL) STRICT",
            kind.table
        ))
        .map_err(failed)?;

    let wanted: BTreeSet<String> = spec.fields().into_iter().map(column).collect();
    let there = columns(connection, &kind.table).map_err(failed)?;
    let declared: BTreeSet<String> = there.into_iter().filter(|name| name.starts_with("x_")).collect();
    drop_stale_indexes(connection, &kind).map_err(failed)?;
    for stale in declared.difference(&wanted) {
        connection
            .execute_batch(&format!("ALTER TABLE {} DROP COLUMN {stale}", kind.table))
            .map_err(failed)?;
    }
    let mut added = false;
    for new in wanted.difference(&declared) {
        added = true;
        connection
            .execute_batch(&format!(
                "ALTER TABLE {} ADD COLUMN {new} ANY NOT NULL DEFAULT {NULL_KEY}",
                kind.table
            ))
            .map_err(failed)?;
    }
    if added {
        refill(connection, path, &kind, spec)?;
    }
    for (name, sql) in &kind.indexes {
        if index_sql(connection, name).map_err(failed)?.is_none() {
            connection.execute_batch(sql).map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::ConstraintViolation) => StoreError::Declaration {
                    kind: spec.kind().to_owned(),
                    reason: "a field that is now unique has the same value twice".to_owned(),
                },
                _ => failed(error),
            })?;
        }
    }
    Ok(kind)
}

fn drop_stale_indexes(connection: &Connection, kind: &Kind) -> rusqlite::Result<()> {
    let there: Vec<(String, String)> = connection
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL",
        )?
        .query_map([&kind.table], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (name, sql) in there {
        if kind.indexes.get(&name) != Some(&sql) {
            connection.execute_batch(&format!("DROP INDEX {name}"))?;
        }
    }
    Ok(())
}

fn index_sql(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    maybe(connection.query_row(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?1",
        [name],
        |row| row.get(0),
    ))
}

/// Fills the columns of declared fields from the bodies, after the declaration changed.
fn refill(connection: &Connection, path: &Path, kind: &Kind, spec: &KindSpec) -> Result<(), StoreError> {
    let failed = |error| explain_error("filling declared fields", path, error);
    let mut select = connection.prepare(&format!("SELECT id, body FROM {}", kind.table)).map_err(failed)?;
    let mut update = connection.prepare(&kind.sql_refill).map_err(failed)?;
    let all: Vec<(rows::Bytes16, IndexValues)> = select
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
        .map_err(failed)?
        .map(|row| {
            let (id, body): (rows::Bytes16, String) = row.map_err(failed)?;
            let values = spec
                .values_of_body(&body)
                .map_err(|error| StoreError::fault(format!("reading {} {}", spec.kind(), id.0), error))?;
            Ok((id, crate::change::ordered_fields(spec.kind(), &spec.fields(), values)?))
        })
        .collect::<Result<_, StoreError>>()?;
    for (id, values) in all {
        let mut parameters: Vec<&dyn rusqlite::ToSql> = vec![&id];
        parameters.extend(values.iter().map(|(_, value)| value as &dyn rusqlite::ToSql));
        update.execute(parameters.as_slice()).map_err(failed)?;
    }
    Ok(())
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

/// Names of all tables, sorted.
pub(super) fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Pages, foreign things, journal entries whose record is gone.
pub(super) fn examine(connection: &Connection, kinds: &Kinds) -> rusqlite::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let words: Vec<String> = connection
        .prepare("PRAGMA integrity_check(100)")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    findings.extend(words.into_iter().filter(|word| word != "ok").map(|detail| Finding::Damaged { detail }));

    let names: BTreeMap<i64, String> = connection
        .prepare("SELECT number, name FROM kind")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut allowed: BTreeSet<String> =
        SPINE_TABLES.iter().chain(operational::TABLES).map(|table| (*table).to_owned()).collect();
    allowed.extend(names.values().map(|name| format!("r_{name}")));
    let there: BTreeSet<String> = tables(connection)?.into_iter().collect();
    for table in there.difference(&allowed) {
        findings.push(Finding::Schema { detail: format!("table {table} does not belong here") });
    }
    for table in allowed.difference(&there) {
        findings.push(Finding::Schema { detail: format!("table {table} is missing") });
    }
    for kind in kinds.values() {
        for (name, sql) in &kind.indexes {
            if index_sql(connection, name)?.as_ref() != Some(sql) {
                findings.push(Finding::Schema { detail: format!("index {name} is missing or another") });
            }
        }
    }
    let foreign: Vec<String> = connection
        .prepare("SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('view', 'trigger')")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    findings.extend(
        foreign.into_iter().map(|what| Finding::Schema { detail: format!("{what} does not belong here") }),
    );
    for (number, name) in names.iter().filter(|(_, name)| there.contains(&format!("r_{name}"))) {
        let orphans: Vec<rows::Bytes16> = connection
            .prepare(&format!(
                "SELECT record FROM journal WHERE kind = ?1 AND version = 1 \
                 AND NOT EXISTS (SELECT 1 FROM r_{name} WHERE id = record) LIMIT 100"
            ))?
            .query_map(params![number], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        findings.extend(orphans.into_iter().map(|id| Finding::Record {
            kind: name.clone(),
            id: id.0,
            detail: "the journal has it, and it is gone".to_owned(),
        }));
    }
    Ok(findings)
}
