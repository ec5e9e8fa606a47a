//! Lists over declared indexes, and parts of the journal.

use std::fmt::Write as _;

use rusqlite::{Connection, ToSql, params_from_iter};
use uuid::Uuid;

use super::rows::{
    self, Bytes16, ENTRY_COLUMNS, NULL_KEY, RECORD_COLUMNS, Unsigned, read_entry, read_record,
};
use super::schema::{self, Kind, column};
use super::{Kinds, operational};
use crate::change::ordered_fields;
use crate::engine::{CheckedRecord, Plan, RawRecord};
use crate::entry::RawEntry;
use crate::limits::COUNT_MAX;
use crate::query::{JournalQuery, ListPlan};
use crate::record::{IndexValue, KindSpec};

/// A statement with its parameters, numbered as they are added.
#[derive(Default)]
struct Statement {
    sql: String,
    parameters: Vec<Box<dyn ToSql>>,
}

impl Statement {
    fn mark(&mut self, value: impl ToSql + 'static) -> String {
        self.parameters.push(Box::new(value));
        format!("?{}", self.parameters.len())
    }

    fn push(&mut self, text: &str) {
        self.sql.push_str(text);
    }
}

/// The conditions of a list, without its cursor.
fn conditions(statement: &mut Statement, plan: &ListPlan) -> Vec<String> {
    let mut conditions = Vec::new();
    for (field, value) in &plan.equals {
        let mark = statement.mark(value.clone());
        conditions.push(format!("{} = {mark}", column(field)));
    }
    if let (Some(sort), true) = (plan.sort, plan.ranged) {
        let sort = column(sort);
        match &plan.from {
            Some(IndexValue::Null) | None => conditions.push(format!("{sort} > {NULL_KEY}")),
            Some(from) => {
                let mark = statement.mark(from.clone());
                conditions.push(format!("{sort} >= {mark}"));
            }
        }
        if let Some(to) = &plan.to {
            let mark = statement.mark(to.clone());
            conditions.push(format!("{sort} <= {mark}"));
        }
    }
    conditions
}

fn where_clause(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

fn page_statement(kind: &Kind, plan: &ListPlan) -> Statement {
    let mut statement = Statement::default();
    let mut conditions = conditions(&mut statement, plan);
    let (than, order) = if plan.descending { ("<", "DESC") } else { (">", "ASC") };
    match (&plan.after, plan.sort) {
        // A row-value comparison on real columns: one seek in the index. See research on expression indexes.
        (Some((Some(value), id)), Some(sort)) => {
            let (value, id) = (statement.mark(value.clone()), statement.mark(Bytes16(*id)));
            conditions.push(format!("({}, id) {than} ({value}, {id})", column(sort)));
        }
        (Some((_, id)), _) => {
            let id = statement.mark(Bytes16(*id));
            conditions.push(format!("id {than} {id}"));
        }
        (None, _) => {}
    }
    let _ = write!(statement.sql, "SELECT {RECORD_COLUMNS} FROM {}{}", kind.table, where_clause(&conditions));
    statement.push(" ORDER BY ");
    if let Some(sort) = plan.sort {
        let _ = write!(statement.sql, "{} {order}, ", column(sort));
    }
    let take = statement.mark(rows::limit(plan.take));
    let _ = write!(statement.sql, "id {order} LIMIT {take}");
    statement
}

fn count_statement(kind: &Kind, plan: &ListPlan) -> Statement {
    let mut statement = Statement::default();
    let conditions = conditions(&mut statement, plan);
    let limit = statement.mark(Unsigned(COUNT_MAX + 1));
    statement.sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {}{} LIMIT {limit})",
        kind.table,
        where_clause(&conditions)
    );
    statement
}

pub(super) fn list(
    connection: &Connection,
    kinds: &Kinds,
    plan: &ListPlan,
) -> rusqlite::Result<(Vec<RawRecord>, Option<u64>)> {
    let kind = schema::known(kinds, plan.kind)?;
    let page = page_statement(kind, plan);
    let records = connection
        .prepare_cached(&page.sql)?
        .query_map(params_from_iter(&page.parameters), read_record)?
        .collect::<rusqlite::Result<_>>()?;
    let counted = if plan.count {
        let count = count_statement(kind, plan);
        let mut statement = connection.prepare_cached(&count.sql)?;
        Some(statement.query_row(params_from_iter(&count.parameters), |row| row.get::<_, Unsigned>(0))?.0)
    } else {
        None
    };
    Ok((records, counted))
}

/// The planner's words, and whether they mean: straight through the declared index.
pub(super) fn explain(connection: &Connection, kinds: &Kinds, plan: &ListPlan) -> rusqlite::Result<Plan> {
    let kind = schema::known(kinds, plan.kind)?;
    let mut words = Vec::new();
    for statement in [page_statement(kind, plan), count_statement(kind, plan)] {
        let lines: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {}", statement.sql))?
            .query_map(params_from_iter(&statement.parameters), |row| row.get(3))?
            .collect::<rusqlite::Result<_>>()?;
        words.extend(lines);
    }
    let bounded = plan.equals.is_empty() && !plan.ranged;
    let by_index_only = words.iter().all(|line| {
        let sorted = line.contains("TEMP B-TREE");
        // A list without any equality begins at the index's end: a scan of the index in its order, cut by LIMIT.
        let searched = line.contains("SEARCH") && line.contains("INDEX");
        let scanned = line.contains("SCAN") && line.contains("INDEX") && bounded;
        let other = !line.contains("SEARCH") && !line.contains("SCAN");
        let counted = line.contains("SCAN (subquery") || line.contains("CO-ROUTINE");
        !sorted && (searched || scanned || counted || other)
    });
    Ok(Plan { by_index_only, words })
}

pub(super) fn scan(
    connection: &Connection,
    kind: &Kind,
    spec: &KindSpec,
    after: Option<Uuid>,
    take: usize,
) -> rusqlite::Result<Vec<CheckedRecord>> {
    let fields = spec.fields();
    let columns: String = fields.iter().map(|field| format!(", {}", column(field))).collect();
    let sql =
        format!("SELECT {RECORD_COLUMNS}{columns} FROM {} WHERE id > ?1 ORDER BY id LIMIT ?2", kind.table);
    let after = after.unwrap_or(Uuid::nil());
    let mut statement = connection.prepare_cached(&sql)?;
    let records = statement.query_map(rusqlite::params![Bytes16(after), rows::limit(take)], |row| {
        let record = read_record(row)?;
        let expected = spec
            .values_of_body(&record.body)
            .ok()
            .and_then(|values| ordered_fields(spec.kind(), &fields, values).ok());
        let mut columns_agree = expected.is_some();
        for ((_, value), position) in expected.iter().flatten().zip(5..) {
            let there: rusqlite::types::Value = row.get(position)?;
            columns_agree &= operational::sql_value(value)? == there;
        }
        Ok(CheckedRecord { record, columns_agree })
    })?;
    records.collect()
}

pub(super) fn journal(connection: &Connection, query: &JournalQuery) -> rusqlite::Result<Vec<RawEntry>> {
    let mut statement = Statement::default();
    let mut conditions = Vec::new();
    if let Some(record) = query.record {
        let mark = statement.mark(Bytes16(record));
        conditions.push(format!("record = {mark}"));
    }
    if let Some(person) = query.person {
        let mark = statement.mark(Bytes16(crate::operational::person_uuid(person)));
        // The unary plus keeps the planner from a worse index when the record is known.
        let plus = if query.record.is_some() { "+" } else { "" };
        conditions.push(format!("{plus}person = {mark}"));
    }
    if let Some(kind) = &query.kind {
        let Some(number) = rows::kind_number(connection, kind)? else { return Ok(Vec::new()) };
        let mark = statement.mark(number);
        let plus = if query.record.is_none() && query.person.is_some() { "+" } else { "" };
        conditions.push(format!("{plus}kind = {mark}"));
    }
    if let Some(before) = query.before {
        let mark = statement.mark(Unsigned(before));
        conditions.push(format!("seq < {mark}"));
    }
    if let Some(after) = query.after {
        let mark = statement.mark(Unsigned(after));
        conditions.push(format!("seq > {mark}"));
    }
    let order = if query.after.is_some() && query.before.is_none() { "ASC" } else { "DESC" };
    let take = statement.mark(rows::limit(query.limit));
    let _ = write!(
        statement.sql,
        "SELECT {ENTRY_COLUMNS} FROM journal{} ORDER BY seq {order} LIMIT {take}",
        where_clause(&conditions)
    );
    connection
        .prepare_cached(&statement.sql)?
        .query_map(params_from_iter(&statement.parameters), read_entry)?
        .collect()
}
