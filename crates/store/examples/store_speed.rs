//! How fast the store is on this machine, against the least that could do the same: the same table with the
//! same indexes, written by the same engine without a journal.
//!
//! Run by hand, with an optimised build, on the disk that matters:
//!
//! ```text
//! cargo run --release -p hutong-store --example store_speed -- FOLDER [RECORDS] [SECONDS]
//! ```
//!
//! Prints one JSON object. Ratios travel to other machines, absolute figures do not. Results are kept in
//! `benches/results`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use hutong_kernel::{Id as _, IdSource, OrganisationId, Role, TaskId};
use hutong_store::{Index, IndexValue, KindSpec, Query, Record, SqliteOptions, Store, Version};
use hutong_testkit::{FakeClock, context};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Records in one change of the bulk load, and rows in one transaction of its floor.
const BATCH: usize = 10_000;
/// Owners that the records are spread over.
const OWNERS: u64 = 200;
/// Pages that are read.
const PAGES: u64 = 2_000;

/// A record of about 600 bytes with two lists.
#[derive(Clone, Serialize, Deserialize)]
struct Load {
    id: TaskId,
    owner: OrganisationId,
    due: Date,
    title: String,
    text: String,
    weight: i64,
}

impl Record for Load {
    type Id = TaskId;
    const KIND: &'static str = "load";
    const INDEXES: &'static [Index] = &[
        Index { name: "by_owner", equals: &["owner"], sort: Some("due") },
        Index { name: "by_due", equals: &[], sort: Some("due") },
    ];
    fn id(&self) -> TaskId {
        self.id
    }
    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        vec![("owner", self.owner.into()), ("due", self.due.into())]
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn owner(number: u64) -> OrganisationId {
    IdSource { millis: number % OWNERS, random: [9; 10] }.id()
}

fn id_of(number: u64) -> TaskId {
    let [a, b, c, d, e, f, g, h] = scatter(number).to_be_bytes();
    IdSource { millis: 1_772_413_200_000 + number, random: [a, b, c, d, e, f, g, h, 0, 0] }.id()
}

fn load(number: u64) -> Load {
    let chance = scatter(number);
    let day = i64::try_from(chance % 1_500).unwrap_or(0);
    Load {
        id: id_of(number),
        owner: owner(chance >> 20),
        due: date(2026, 1, 1).checked_add(day.days()).unwrap_or(date(2026, 1, 1)),
        title: format!("第{number}项任务"),
        text: "推进落实有关工作并按月报送进展情况。".repeat(7),
        weight: i64::from(u32::try_from(chance % 1_000).unwrap_or(0)),
    }
}

/// The floor's database: one table, two indexes, no journal; the same pragmas.
fn floor(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "page_size", 8_192)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_row| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.execute_batch(
        "CREATE TABLE load (id BLOB NOT NULL PRIMARY KEY, version INTEGER NOT NULL, x_owner BLOB NOT NULL, \
         x_due TEXT NOT NULL, body TEXT NOT NULL) STRICT; \
         CREATE INDEX by_owner ON load (x_owner, x_due, id); CREATE INDEX by_due ON load (x_due, id);",
    )?;
    Ok(connection)
}

fn bulk_floor(connection: &mut Connection, records: u64) -> Outcome<f64> {
    let begin = Instant::now();
    let mut number = 0;
    while number < records {
        let transaction = connection.transaction()?;
        let mut insert = transaction.prepare_cached("INSERT INTO load VALUES (?1, 1, ?2, ?3, ?4)")?;
        let end = records.min(number + BATCH as u64);
        while number < end {
            let one = load(number);
            insert.execute(params![
                one.id.uuid().as_bytes(),
                one.owner.uuid().as_bytes(),
                one.due.to_string(),
                serde_json::to_string(&one)?
            ])?;
            number += 1;
        }
        drop(insert);
        transaction.commit()?;
    }
    Ok(per_second(records, begin.elapsed()))
}

/// Two loaders, so that one prepares while the other is written.
async fn bulk_store(store: &Store, records: u64) -> Outcome<f64> {
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for loader in 0..2_u64 {
        let store = store.clone();
        tasks.spawn(async move {
            let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
            let batch = BATCH as u64;
            let mut first = loader * batch;
            while first < records {
                let mut change = store.begin(&ctx, "load");
                for number in first..records.min(first + batch) {
                    change.create(&load(number));
                }
                change.commit().await?;
                first += 2 * batch;
            }
            Outcome::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(per_second(records, begin.elapsed()))
}

type Update = (u64, mpsc::SyncSender<()>);

/// Updates without a journal, grouped as the store groups.
fn single_floor(path: PathBuf, writers: u64, records: u64, time: Duration) -> Outcome<Value> {
    let (jobs, waiting) = mpsc::sync_channel::<Update>(4_096);
    let writing = std::thread::spawn(move || -> Outcome<()> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "cache_size", -65_536)?;
        while let Ok(first) = waiting.recv() {
            let mut group = vec![first];
            while let (true, Ok(next)) = (group.len() < 512, waiting.try_recv()) {
                group.push(next);
            }
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for (number, _) in &group {
                connection.execute_batch("SAVEPOINT job")?;
                let one = load(*number);
                connection
                    .prepare_cached("UPDATE load SET version = version + 1, x_owner = ?2, x_due = ?3, body = ?4 WHERE id = ?1")?
                    .execute(params![
                        one.id.uuid().as_bytes(),
                        one.owner.uuid().as_bytes(),
                        one.due.to_string(),
                        serde_json::to_string(&one)?
                    ])?;
                connection.execute_batch("RELEASE job")?;
            }
            connection.execute_batch("COMMIT")?;
            for (_, reply) in group {
                reply.send(())?;
            }
        }
        Ok(())
    });
    let begin = Instant::now();
    let clients: Vec<_> = (0..writers)
        .map(|writer| {
            let jobs = jobs.clone();
            std::thread::spawn(move || -> Outcome<Vec<Duration>> {
                let (reply, replies) = mpsc::sync_channel(1);
                let mut times = Vec::new();
                for round in 0.. {
                    if time <= begin.elapsed() {
                        break;
                    }
                    let start = Instant::now();
                    jobs.send((own(writer, writers, round, records), reply.clone()))?;
                    replies.recv()?;
                    times.push(start.elapsed());
                }
                Ok(times)
            })
        })
        .collect();
    drop(jobs);
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.join().map_err(|_panic| "a client of the floor failed")??);
    }
    let spent = begin.elapsed();
    writing.join().map_err(|_panic| "the floor's writer failed")??;
    Ok(summary(times, spent))
}

/// A record that only this writer changes.
fn own(writer: u64, writers: u64, round: u64, records: u64) -> u64 {
    let share = records / writers;
    writer + writers * (scatter(round * writers + writer) % share.max(1))
}

async fn single_store(store: &Store, writers: u64, records: u64, time: Duration) -> Outcome<Value> {
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..writers {
        let store = store.clone();
        tasks.spawn(async move {
            let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
            let mut versions = std::collections::HashMap::new();
            let mut times = Vec::new();
            for round in 0.. {
                if time <= begin.elapsed() {
                    break;
                }
                let number = own(writer, writers, round, records);
                let version = match versions.get(&number) {
                    Some(version) => *version,
                    None => store.get::<Load>(id_of(number)).await?.ok_or("a record is missing")?.version,
                };
                let one = load(number);
                let start = Instant::now();
                let mut change = store.begin(&ctx, "changed");
                change.update(version, &one);
                let receipts = change.commit().await?;
                times.push(start.elapsed());
                versions.insert(number, receipts.first().map_or(Version::FIRST, |it| it.version));
            }
            Outcome::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    Ok(summary(times, begin.elapsed()))
}

async fn pages(store: &Store) -> Outcome<Value> {
    let (mut equal, mut sorted, mut points) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..PAGES {
        let mine = Query::new("by_owner").equal(owner(scatter(number))).limit(50);
        let start = Instant::now();
        let page = store.list::<Load>(mine.clone()).await?;
        equal.push(start.elapsed());
        let start = Instant::now();
        store.list::<Load>(mine.after(page.next)).await?;
        equal.push(start.elapsed());
        let from: IndexValue = load(number).due.into();
        let start = Instant::now();
        store.list::<Load>(Query::new("by_due").between(Some(from), None).limit(50)).await?;
        sorted.push(start.elapsed());
        let start = Instant::now();
        store.get::<Load>(id_of(number * 7)).await?;
        points.push(start.elapsed());
    }
    Ok(json!({
        "by_owner_sorted_by_due_50": percentiles(equal),
        "from_a_day_on_50": percentiles(sorted),
        "one_record": percentiles(points),
    }))
}

/// Appends and syncs: what no durable commit can be faster than.
fn sync_latency(folder: &Path) -> Outcome<Value> {
    let path = folder.join("sync");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        file.write_all(&[7; 8_192])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    fs::remove_file(path)?;
    Ok(percentiles(times))
}

fn per_second(count: u64, spent: Duration) -> f64 {
    (f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / spent.as_secs_f64()).round()
}

fn percentiles(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |percent: usize| {
        let position = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(position).map_or(0.0, |time| (time.as_secs_f64() * 100_000.0).round() / 100.0)
    };
    json!({ "p50_ms": at(50), "p99_ms": at(99), "max_ms": at(100), "count": times.len() })
}

fn summary(times: Vec<Duration>, spent: Duration) -> Value {
    let commits = u64::try_from(times.len()).unwrap_or(u64::MAX);
    json!({ "commits_per_s": per_second(commits, spent), "time": percentiles(times) })
}

fn ratio(of: &Value, to: &Value) -> Value {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    json!((number(of) / number(to) * 100.0).round() / 100.0)
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the result is what it is run for")]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder on the disk to be measured")?);
    let records: u64 = arguments.next().map_or(Ok(200_000), |it| it.parse())?;
    let time = Duration::from_secs(arguments.next().map_or(Ok(4), |it| it.parse())?);
    fs::create_dir_all(&folder)?;
    if fs::read_dir(&folder)?.next().is_some() {
        return Err("the folder is not empty".into());
    }
    let sync = sync_latency(&folder)?;

    let floor_path = folder.join("floor.db");
    let mut connection = floor(&floor_path)?;
    let floor_bulk = json!(bulk_floor(&mut connection, records)?);
    drop(connection);
    let store =
        Store::open_sqlite(&folder.join("data"), vec![KindSpec::of::<Load>()], SqliteOptions::default())?;
    let store_bulk = json!(bulk_store(&store, records).await?);

    let mut singles = Vec::new();
    for writers in [1, 16, 64] {
        let path = floor_path.clone();
        let floor = tokio::task::spawn_blocking(move || single_floor(path, writers, records, time)).await??;
        let journalled = single_store(&store, writers, records, time).await?;
        singles.push(json!({
            "writers": writers,
            "ratio": ratio(&journalled["commits_per_s"], &floor["commits_per_s"]),
            "store": journalled,
            "floor": floor,
        }));
    }
    let pages = pages(&store).await?;
    let start = Instant::now();
    let findings = store.check(&|_| {}).await?;
    let check_s = start.elapsed().as_secs_f64().round();
    let entries = *store.head().borrow();
    drop(store);
    let bytes = fs::metadata(folder.join("data").join(hutong_store::sqlite::DATABASE))?.len();
    let result = json!({
        "records": records,
        "body_bytes": serde_json::to_string(&load(1))?.len(),
        "sync_8_kib": sync,
        "bulk": { "ratio": ratio(&store_bulk, &floor_bulk), "store_per_s": store_bulk, "floor_per_s": floor_bulk },
        "single": singles,
        "pages": pages,
        "check": { "seconds": check_s, "entries": entries, "findings": findings.len() },
        "bytes_per_journal_entry": bytes / entries.max(1),
    });
    println!("{}", serde_json::to_string_pretty(&result)?);
    fs::remove_dir_all(&folder)?;
    Ok(())
}
