//! The one thread that writes.
//!
//! It takes everything that waits, writes it in one transaction — each job in its own savepoint, so that one
//! that fails is undone alone — and answers all of them after one sync. Another thread copies the write-ahead
//! log back into the database, so that no commit has to wait for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, params};
use tokio::sync::{oneshot, watch};

use super::connection::{BUSY_TIMEOUT, explain_error, open_checkpointer};
use super::rows::{Bytes16, Micros, Unsigned};
use super::{Kinds, SqliteOptions, operational, rows, schema};
use crate::StoreError;
use crate::engine::{Committed, IdempotencyTag, PreparedChange, PreparedWrite, StoredAnswer};

/// Jobs that wait for the writer; who comes later waits for a place.
const QUEUE_MAX: usize = 4_096;
/// Jobs in one transaction.
const GROUP_JOBS_MAX: usize = 512;
/// Bytes in one transaction, unless a single job is larger.
const GROUP_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How often the log is copied back when nobody says anything.
const CHECKPOINT_PERIOD: Duration = Duration::from_secs(1);
/// A log that is so many times longer than wished makes the writer itself finish the copying: under load the
/// other thread never quite catches up, and only a log that is wholly copied begins again.
const WAL_PATIENCE: u64 = 4;
/// How long the writer then waits for those who read an old state. Somebody who reads longer (a backup) lets
/// the log grow until they end.
const WAL_WAIT: Duration = Duration::from_millis(50);
/// Unit: bytes.
const PAGE: u64 = 8_192;

/// One thing to write. It may be run again after it was undone.
trait Job: Send {
    fn bytes(&self) -> usize;
    fn run(&mut self, state: &mut State<'_>) -> Result<(), StoreError>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// What a job writes into.
struct State<'a> {
    connection: &'a Connection,
    kinds: &'a Kinds,
    path: &'a Path,
    head: u64,
}

struct Work<T, F> {
    bytes: usize,
    work: F,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnMut(&mut State<'_>) -> Result<T, StoreError> + Send,
{
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn run(&mut self, state: &mut State<'_>) -> Result<(), StoreError> {
        self.result = Some((self.work)(state)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { result, reply, .. } = *self;
        let answer = outcome.and_then(|()| result.ok_or(StoreError::Closed));
        // Whoever asked may have gone away; what was written stays written.
        let _ = reply.send(answer);
    }
}

/// The writing side of the engine. Dropping it writes what waits and ends the threads.
pub(super) struct Writer {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
    head: watch::Receiver<u64>,
    path: PathBuf,
}

impl Writer {
    pub(super) fn start(
        mut connection: Connection,
        kinds: Kinds,
        path: &Path,
        options: &SqliteOptions,
    ) -> Result<Self, StoreError> {
        let head =
            newest(&connection).map_err(|error| explain_error("reading the journal's end", path, error))?;
        let wal = Arc::new(AtomicU64::new(0));
        let length = Arc::clone(&wal);
        connection
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: i32| {
                length.store(u64::try_from(pages).unwrap_or(0) * PAGE, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(|error| explain_error("watching the write-ahead log", path, error))?;
        let (head_sender, head_receiver) = watch::channel(head);
        let (jobs, waiting) = sync_channel(QUEUE_MAX);
        let (nudge, nudges) = channel();
        let checkpointer = open_checkpointer(path)
            .map_err(|error| explain_error("opening the checkpointer", path, error))?;

        let wal_max = options.wal_bytes;
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| {
            thread::Builder::new()
                .name(name.to_owned())
                .spawn(body)
                .map_err(|error| StoreError::io("starting a thread", path, error))
        };
        let copying = spawn("store-checkpoint", Box::new(move || checkpoint(&checkpointer, &nudges)))?;
        let file = path.to_owned();
        let writing = spawn(
            "store-writer",
            Box::new(move || {
                let mut group =
                    Group { connection, kinds, path: file, head, head_sender, nudge, wal, wal_max, asked: 0 };
                group.write_until_closed(&waiting);
            }),
        )?;
        Ok(Self {
            jobs: Some(jobs),
            threads: vec![writing, copying],
            head: head_receiver,
            path: path.to_owned(),
        })
    }

    pub(super) fn head(&self) -> watch::Receiver<u64> {
        self.head.clone()
    }

    /// Runs `work` in its own savepoint and returns when it is durable.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        mut work: impl FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let path = self.path.clone();
        self.enqueue(256, move |state| {
            work(state.connection).map_err(|error| explain_error(doing, &path, error))
        })
        .await
    }

    pub(super) async fn commit(&self, change: PreparedChange) -> Result<Committed, StoreError> {
        let bytes = change.writes.iter().map(PreparedWrite::bytes).sum();
        self.enqueue(bytes, move |state| write_change(state, &change)).await
    }

    async fn enqueue<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnMut(&mut State<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        let mut job: Box<dyn Job> = Box::new(Work { bytes, work, result: None, reply });
        loop {
            match jobs.try_send(job) {
                Ok(()) => break,
                Err(std::sync::mpsc::TrySendError::Disconnected(_)) => return Err(StoreError::Closed),
                Err(std::sync::mpsc::TrySendError::Full(back)) => {
                    job = back;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
        answer.await.map_err(|_dropped| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store ended with a panic");
            }
        }
    }
}

/// The writing thread's state.
struct Group {
    connection: Connection,
    kinds: Kinds,
    path: PathBuf,
    head: u64,
    head_sender: watch::Sender<u64>,
    nudge: Sender<()>,
    /// Length of the log after the last commit, in bytes.
    wal: Arc<AtomicU64>,
    wal_max: u64,
    /// Length of the log when it was last asked to be copied back.
    asked: u64,
}

impl Group {
    fn write_until_closed(&mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let mut bytes = first.bytes();
            let mut jobs = vec![first];
            while jobs.len() < GROUP_JOBS_MAX && bytes < GROUP_BYTES_MAX {
                let Ok(job) = waiting.try_recv() else { break };
                bytes += job.bytes();
                jobs.push(job);
            }
            self.write(jobs);
            self.bound_log();
        }
    }

    /// Writes all jobs in one transaction and answers them.
    fn write(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        match self.try_write(&mut jobs) {
            Ok((head, outcomes)) => {
                if self.head != head {
                    self.head = head;
                    // Durable now; readers see it, so followers may be woken.
                    self.head_sender.send_replace(head);
                }
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    job.answer(outcome);
                }
            }
            Err(error) => {
                if !self.connection.is_autocommit()
                    && let Err(error) = self.connection.execute_batch("ROLLBACK")
                {
                    tracing::error!(%error, "a failed group could not be rolled back");
                }
                // What is there after a failure is asked, not believed.
                match newest(&self.connection) {
                    Ok(head) => self.head = head,
                    Err(error) => tracing::error!(%error, "the journal's end cannot be read"),
                }
                if 1 < jobs.len() && matches!(error, StoreError::Full { .. }) {
                    // Perhaps only one of them is too large for what is left: each for itself.
                    for job in jobs {
                        self.write(vec![job]);
                    }
                } else {
                    for job in jobs {
                        job.answer(Err(error.clone()));
                    }
                }
            }
        }
    }

    /// An error means that the group as a whole did not happen.
    fn try_write(&self, jobs: &mut [Box<dyn Job>]) -> Result<(u64, Vec<Result<(), StoreError>>), StoreError> {
        let failed = |doing: &'static str| move |error| explain_error(doing, &self.path, error);
        let execute = |sql: &str| self.connection.prepare_cached(sql)?.execute([]).map(|_rows| ());
        execute("BEGIN IMMEDIATE").map_err(failed("beginning a transaction"))?;
        let mut state =
            State { connection: &self.connection, kinds: &self.kinds, path: &self.path, head: self.head };
        let mut outcomes = Vec::with_capacity(jobs.len());
        for job in jobs {
            let head = state.head;
            execute("SAVEPOINT job").map_err(failed("beginning a change"))?;
            let outcome = job.run(&mut state);
            if let Err(error) = &outcome {
                state.head = head;
                // SQLite ends the whole transaction on some errors (a full disk among them).
                if self.connection.is_autocommit() {
                    return Err(error.clone());
                }
                execute("ROLLBACK TO job").map_err(failed("undoing a change"))?;
            }
            execute("RELEASE job").map_err(failed("ending a change"))?;
            outcomes.push(outcome);
        }
        execute("COMMIT").map_err(failed("committing"))?;
        Ok((state.head, outcomes))
    }

    /// Asks for the log to be copied back; finishes it here when it has grown far too long.
    fn bound_log(&mut self) {
        let length = self.wal.load(Ordering::Relaxed);
        if length < self.asked {
            // It has begun again.
            self.asked = 0;
        }
        if length < self.asked + self.wal_max {
            return;
        }
        self.asked = length;
        // The other thread ends only after this one.
        let _ = self.nudge.send(());
        if self.wal_max.saturating_mul(WAL_PATIENCE) <= length {
            let restart = || -> rusqlite::Result<()> {
                self.connection.busy_timeout(WAL_WAIT)?;
                self.connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_row| Ok(()))?;
                self.connection.busy_timeout(BUSY_TIMEOUT)
            };
            if let Err(error) = restart() {
                tracing::warn!(%error, wal_bytes = length, "the write-ahead log could not be copied back");
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Err(error) = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_row| Ok(())) {
            tracing::warn!(%error, "the write-ahead log stays; the next start copies it back");
        }
    }
}

/// Copies the log back when asked, and now and then, until the writer is gone.
fn checkpoint(connection: &Connection, nudges: &Receiver<()>) {
    loop {
        match nudges.recv_timeout(CHECKPOINT_PERIOD) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while nudges.try_recv().is_ok() {}
        // Costs nothing when there is nothing to copy.
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_row| Ok(())) {
            tracing::warn!(%error, "the write-ahead log could not be copied back");
        }
    }
}

/// The newest number of the journal; 0 while it is empty.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .query_row("SELECT coalesce(max(seq), 0) FROM journal", [], |row| row.get::<_, Unsigned>(0))
        .map(|seq| seq.0)
}

/// Length of the log beside a database.
pub(super) fn wal_bytes(path: &Path) -> u64 {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(PathBuf::from(name)).map_or(0, |found| found.len())
}

fn write_change(state: &mut State<'_>, change: &PreparedChange) -> Result<Committed, StoreError> {
    let path = state.path;
    let failed = |error| explain_error("writing a change", path, error);
    if let Some(tag) = &change.tag
        && let Some(answer) = operational::answer(state.connection, &tag.owner, &tag.key).map_err(failed)?
    {
        return Ok(Committed::Known(answer));
    }
    let first_seq = state.head + 1;
    for write in &change.writes {
        write_record(state, write)?;
        state.head += 1;
        write_entry(state, write).map_err(failed)?;
    }
    if let Some(tag) = &change.tag {
        let count = u64::try_from(change.writes.len()).unwrap_or(u64::MAX);
        remember(state.connection, tag, &StoredAnswer { digest: tag.digest, first_seq, count })
            .map_err(failed)?;
    }
    Ok(Committed::Written { first_seq })
}

fn write_record(state: &State<'_>, write: &PreparedWrite) -> Result<(), StoreError> {
    let failed = |error| explain_error("writing a record", state.path, error);
    let kind = schema::known(state.kinds, write.kind).map_err(failed)?;
    let sql = if write.expected.is_none() { &kind.sql_insert } else { &kind.sql_update };
    let (id, version, at) = (Bytes16(write.id), Unsigned(write.version()), Micros(write.at));
    let expected = write.expected.map(Unsigned);
    let mut parameters: Vec<&dyn rusqlite::ToSql> =
        vec![&id, &version, &at, &write.commitment, &write.body, &expected];
    parameters.extend(write.fields.iter().map(|(_, value)| value as &dyn rusqlite::ToSql));
    let mut statement = state.connection.prepare_cached(sql).map_err(failed)?;
    match statement.execute(parameters.as_slice()) {
        Ok(1) => Ok(()),
        Ok(_) => Err(version_refusal(state, kind, write).unwrap_or_else(failed)),
        Err(error) => match refusal(state, kind, write, &error) {
            Ok(Some(refusal)) => Err(refusal),
            Ok(None) => Err(failed(error)),
            Err(error) => Err(failed(error)),
        },
    }
}

/// Why an update changed nothing.
fn version_refusal(
    state: &State<'_>,
    kind: &schema::Kind,
    write: &PreparedWrite,
) -> rusqlite::Result<StoreError> {
    let (name, id) = (write.kind.to_owned(), write.id);
    Ok(match (rows::head(state.connection, kind, id)?, write.expected) {
        (None, _) => StoreError::NotFound { kind: name, id },
        (Some(_), None) => StoreError::Exists { kind: name, id },
        (Some(head), Some(expected)) => {
            StoreError::Conflict { kind: name, id, expected, found: head.version }
        }
    })
}

/// What a violated constraint means: the id is taken, or a unique field's value is.
fn refusal(
    state: &State<'_>,
    kind: &schema::Kind,
    write: &PreparedWrite,
    error: &rusqlite::Error,
) -> rusqlite::Result<Option<StoreError>> {
    if error.sqlite_error_code() != Some(rusqlite::ErrorCode::ConstraintViolation) {
        return Ok(None);
    }
    if write.expected.is_none() && rows::head(state.connection, kind, write.id)?.is_some() {
        return Ok(Some(StoreError::Exists { kind: write.kind.to_owned(), id: write.id }));
    }
    for (field, value) in write.fields.iter().filter(|(field, _)| kind.unique.contains(field)) {
        let sql = format!(
            "SELECT 1 FROM {} WHERE {column} = ?1 AND {column} <> {null} AND id <> ?2",
            kind.table,
            column = schema::column(field),
            null = rows::NULL_KEY,
        );
        let taken = state.connection.prepare_cached(&sql)?.exists(params![value, Bytes16(write.id)])?;
        if taken {
            return Ok(Some(StoreError::NotUnique {
                kind: write.kind.to_owned(),
                field: (*field).to_owned(),
            }));
        }
    }
    Ok(None)
}

fn write_entry(state: &State<'_>, write: &PreparedWrite) -> rusqlite::Result<()> {
    let kind = schema::known(state.kinds, write.kind)?;
    state
        .connection
        .prepare_cached(
            "INSERT INTO journal (seq, kind, record, version, at, person, salt, commitment, canonical) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            Unsigned(state.head),
            kind.number,
            Bytes16(write.id),
            Unsigned(write.version()),
            Micros(write.at),
            write.person.map(Bytes16),
            write.salt,
            write.commitment,
            write.canonical,
        ])
        .map(|_rows| ())
}

fn remember(connection: &Connection, tag: &IdempotencyTag, answer: &StoredAnswer) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO op_answer (owner, key, digest, at, first_seq, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            tag.owner,
            tag.key,
            answer.digest,
            Micros(tag.at),
            Unsigned(answer.first_seq),
            Unsigned(answer.count),
        ])
        .map(|_rows| ())
}
