//! The tables outside the journal.

use jiff::Timestamp;
use rusqlite::types::{ToSqlOutput, Value as SqlValue};
use rusqlite::{Connection, Row, ToSql, params};

use hutong_kernel::{Id as _, PersonId};

use super::maybe;
use super::rows::{Bytes16, Micros, Unsigned};
use crate::engine::StoredAnswer;
use crate::operational::{
    Credential, Failures, Lease, LockRule, OperationalAnswer as Answer, OperationalCommand as Command,
    Session, person_uuid,
};
use crate::record::IndexValue;

/// The remembered answer of an idempotency key.
pub(super) fn answer(
    connection: &Connection,
    owner: &str,
    key: &str,
) -> rusqlite::Result<Option<StoredAnswer>> {
    maybe(
        connection
            .prepare_cached("SELECT digest, first_seq, count FROM op_answer WHERE owner = ?1 AND key = ?2")?
            .query_row([owner, key], |row| {
                Ok(StoredAnswer {
                    digest: row.get(0)?,
                    first_seq: row.get::<_, Unsigned>(1)?.0,
                    count: row.get::<_, Unsigned>(2)?.0,
                })
            }),
    )
}

/// The value that a declared field's column holds.
pub(super) fn sql_value(value: &IndexValue) -> rusqlite::Result<SqlValue> {
    Ok(match value.to_sql()? {
        ToSqlOutput::Owned(owned) => owned,
        ToSqlOutput::Borrowed(borrowed) => borrowed.try_into()?,
        _ => SqlValue::Null,
    })
}

fn person(id: PersonId) -> Bytes16 {
    Bytes16(person_uuid(id))
}

fn read_session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        token_hash: row.get(0)?,
        person: PersonId::from_uuid(row.get::<_, Bytes16>(1)?.0),
        created_at: row.get::<_, Micros>(2)?.0,
        seen_at: row.get::<_, Micros>(3)?.0,
        expires_at: row.get::<_, Micros>(4)?.0,
        data: row.get(5)?,
    })
}

fn read_lease(row: &Row<'_>) -> rusqlite::Result<Lease> {
    Ok(Lease { name: row.get(0)?, holder: row.get(1)?, until: row.get::<_, Micros>(2)?.0 })
}

fn count(rows: usize) -> Answer {
    Answer::Count(u64::try_from(rows).unwrap_or(u64::MAX))
}

/// Does what is asked. Called on the writer's connection for everything that writes.
pub(super) fn run(connection: &Connection, command: Command) -> rusqlite::Result<Answer> {
    let execute = |sql: &str, parameters: &[&dyn ToSql]| connection.prepare_cached(sql)?.execute(parameters);
    let done = |rows: usize| Answer::Done(0 < rows);
    match command {
        Command::SessionCreate(session) => execute(
            "INSERT INTO op_session (token_hash, person, created_at, seen_at, expires_at, data) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            &[
                &session.token_hash,
                &person(session.person),
                &Micros(session.created_at),
                &Micros(session.seen_at),
                &Micros(session.expires_at),
                &session.data,
            ],
        )
        .map(done),
        Command::SessionGet { token_hash, now } => maybe(
            connection
                .prepare_cached(
                    "SELECT token_hash, person, created_at, seen_at, expires_at, data FROM op_session \
                     WHERE token_hash = ?1 AND expires_at > ?2",
                )?
                .query_row(params![token_hash, Micros(now)], read_session),
        )
        .map(Answer::Session),
        Command::SessionTouch { token_hash, seen_at, expires_at } => execute(
            "UPDATE op_session SET seen_at = ?2, expires_at = ?3 WHERE token_hash = ?1",
            &[&token_hash, &Micros(seen_at), &Micros(expires_at)],
        )
        .map(done),
        Command::SessionDelete { token_hash } => {
            execute("DELETE FROM op_session WHERE token_hash = ?1", &[&token_hash]).map(done)
        }
        Command::SessionDeleteAllOf { person: id } => {
            execute("DELETE FROM op_session WHERE person = ?1", &[&person(id)]).map(count)
        }
        Command::SessionDeleteExpired { now } => {
            execute("DELETE FROM op_session WHERE expires_at <= ?1", &[&Micros(now)]).map(count)
        }
        Command::CredentialGet { person: id } => maybe(
            connection
                .prepare_cached("SELECT hash, changed_at, must_change FROM op_credential WHERE person = ?1")?
                .query_row([person(id)], |row| {
                    Ok(Credential {
                        hash: row.get(0)?,
                        changed_at: row.get::<_, Micros>(1)?.0,
                        must_change: row.get(2)?,
                    })
                }),
        )
        .map(Answer::Credential),
        Command::CredentialSet { person: id, credential } => execute(
            "INSERT INTO op_credential (person, hash, changed_at, must_change) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (person) DO UPDATE SET hash = ?2, changed_at = ?3, must_change = ?4",
            &[&person(id), &credential.hash, &Micros(credential.changed_at), &credential.must_change],
        )
        .map(done),
        Command::CredentialDelete { person: id } => {
            execute("DELETE FROM op_credential WHERE person = ?1", &[&person(id)]).map(done)
        }
        Command::FailureAdd { key, now, rule } => {
            add_failure(connection, &key, now, rule).map(Answer::Failures)
        }
        Command::FailureGet { key } => {
            Ok(Answer::Failures(failure(connection, &key)?.map(|(failures, _)| failures).unwrap_or_default()))
        }
        Command::FailureClear { key } => execute("DELETE FROM op_failure WHERE key = ?1", &[&key]).map(done),
        Command::LeaseAcquire { lease, now } => execute(
            "INSERT INTO op_lease (name, holder, until) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET holder = ?2, until = ?3 WHERE holder = ?2 OR until <= ?4",
            &[&lease.name, &lease.holder, &Micros(lease.until), &Micros(now)],
        )
        .map(done),
        Command::LeaseRenew { lease, now } => execute(
            "UPDATE op_lease SET until = ?3 WHERE name = ?1 AND holder = ?2 AND until > ?4",
            &[&lease.name, &lease.holder, &Micros(lease.until), &Micros(now)],
        )
        .map(done),
        Command::LeaseRelease { name, holder } => {
            execute("DELETE FROM op_lease WHERE name = ?1 AND holder = ?2", &[&name, &holder]).map(done)
        }
        Command::LeaseGet { name } => maybe(
            connection
                .prepare_cached("SELECT name, holder, until FROM op_lease WHERE name = ?1")?
                .query_row([name], read_lease),
        )
        .map(Answer::Lease),
        Command::FollowerGet { name } => maybe(
            connection
                .prepare_cached("SELECT seq FROM op_follower WHERE name = ?1")?
                .query_row([name], |row| row.get::<_, Unsigned>(0)),
        )
        .map(|seq| Answer::Count(seq.map_or(0, |seq| seq.0))),
        Command::FollowerSet { name, seq } => execute(
            "INSERT INTO op_follower (name, seq) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET seq = ?2",
            &[&name, &Unsigned(seq)],
        )
        .map(done),
        Command::ForgetAnswers { before } => {
            execute("DELETE FROM op_answer WHERE at < ?1", &[&Micros(before)]).map(count)
        }
    }
}

fn failure(connection: &Connection, key: &str) -> rusqlite::Result<Option<(Failures, Timestamp)>> {
    maybe(
        connection
            .prepare_cached("SELECT count, since, locked_until FROM op_failure WHERE key = ?1")?
            .query_row([key], |row| {
                let locked_until = row.get::<_, Option<Micros>>(2)?.map(|micros| micros.0);
                Ok((Failures { count: row.get(0)?, locked_until }, row.get::<_, Micros>(1)?.0))
            }),
    )
}

fn add_failure(
    connection: &Connection,
    key: &str,
    now: Timestamp,
    rule: LockRule,
) -> rusqlite::Result<Failures> {
    let (mut failures, mut since) = match failure(connection, key)? {
        // The window, or a lock, is over: counting begins again.
        Some((before, began))
            if began + rule.window <= now || before.locked_until.is_some_and(|until| until <= now) =>
        {
            (Failures::default(), now)
        }
        Some(found) => found,
        None => (Failures::default(), now),
    };
    if failures.count == 0 {
        since = now;
    }
    failures.count = failures.count.saturating_add(1);
    if rule.failures <= failures.count && !failures.locked_at(now) {
        failures.locked_until = Some(now + rule.lock);
    }
    connection
        .prepare_cached(
            "INSERT INTO op_failure (key, count, since, locked_until) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (key) DO UPDATE SET count = ?2, since = ?3, locked_until = ?4",
        )?
        .execute(params![key, failures.count, Micros(since), failures.locked_until.map(Micros)])?;
    Ok(failures)
}
