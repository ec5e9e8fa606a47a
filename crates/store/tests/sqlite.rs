//! What only the embedded engine can do or suffer: full disks, locks, damaged and foreign files, its log.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use hutong_kernel::{Organisation, Role};
use hutong_store::sqlite::{DATABASE, SCHEMA_VERSION, SqliteEngine};
use hutong_store::{Query, SqliteOptions, Store, StoreError, Version, spine};
use hutong_testkit::{FakeClock, TempFolder, context, organisation};
use rusqlite::Connection;

fn open(folder: &Path, options: SqliteOptions) -> Result<Store, StoreError> {
    Store::open_sqlite(folder, spine::kinds(), options)
}

fn small() -> SqliteOptions {
    SqliteOptions { readers: 2, cache_kib: 4 * 1024, ..SqliteOptions::default() }
}

async fn found(store: &Store, body: &Organisation) -> Result<u64, StoreError> {
    let mut change = store.begin(&context(&FakeClock::default(), Role::SystemAdministrator), "founded");
    change.create(body);
    change.commit().await.map(|receipts| receipts[0].seq)
}

fn heavy(number: usize) -> Organisation {
    let mut body = organisation(&format!("第{number}局"));
    body.aliases = vec!["长".repeat(20_000)];
    body
}

#[tokio::test]
async fn a_data_directory_that_is_in_use_is_not_opened_again() {
    let folder = TempFolder::new().unwrap();
    let store = open(folder.path(), small()).unwrap();
    let refused = open(folder.path(), small()).err().unwrap();
    assert_eq!(refused.code(), "store.in_use");
    found(&store, &organisation("一局")).await.unwrap();
    drop(store);
    let store = open(folder.path(), small()).unwrap();
    assert_eq!(*store.head().borrow(), 1);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged_and_ends_when_there_is_space() {
    let folder = TempFolder::new().unwrap();
    let limited = SqliteOptions { pages_max: Some(300), ..small() };
    let store = open(folder.path(), limited).unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            let (mut written, mut refused) = (Vec::new(), 0);
            for round in 0..10 {
                let body = heavy(writer * 100 + round);
                match found(&store, &body).await {
                    Ok(seq) => written.push((seq, body)),
                    Err(error) => {
                        assert_eq!(error.code(), "store.full", "{error}");
                        assert!(error.is_fault());
                        refused += 1;
                    }
                }
            }
            (written, refused)
        });
    }
    let outcomes = tasks.join_all().await;
    let written: Vec<_> = outcomes.iter().flat_map(|it| &it.0).collect();
    assert!(0 < outcomes.iter().map(|it| it.1).sum::<u32>(), "the limit was reached");
    assert!(!written.is_empty());
    let sound = async |store: &Store| {
        for (seq, body) in &written {
            assert_eq!(store.get::<Organisation>(body.id).await.unwrap().unwrap().record, *body);
            assert_eq!(store.entry(*seq).await.unwrap().unwrap().version, Version(1));
        }
        assert_eq!(*store.head().borrow(), u64::try_from(written.len()).unwrap());
        assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
    };
    sound(&store).await;
    drop(store);
    let store = open(folder.path(), small()).unwrap();
    sound(&store).await;
    found(&store, &heavy(9_999)).await.unwrap();
}

#[test]
fn a_directory_that_cannot_be_written_is_told_as_such() {
    let folder = TempFolder::new().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    // For root no folder of its own is closed; the kernel's are.
    let mut tried = 0;
    for place in [closed.as_path(), Path::new("/sys/kernel")] {
        if fs::write(place.join("probe"), b"").is_ok() || !place.is_dir() {
            continue;
        }
        tried += 1;
        let refused = open(&place.join("data"), small()).err().unwrap();
        assert_eq!(refused.code(), "store.read_only", "{refused}");
        let refused = open(place, small()).err().unwrap();
        assert_eq!(refused.code(), "store.read_only", "{refused}");
    }
    assert!(0 < tried, "neither an ordinary user nor a /sys to try it with");
}

#[tokio::test]
async fn a_damaged_database_is_told_as_such() {
    let folder = TempFolder::new().unwrap();
    fs::write(folder.path().join(DATABASE), "这不是数据库".repeat(1_000)).unwrap();
    assert_eq!(open(folder.path(), small()).err().unwrap().code(), "store.corrupt");

    let folder = TempFolder::new().unwrap();
    let path = folder.path().join(DATABASE);
    {
        let store = open(folder.path(), small()).unwrap();
        for number in 0..40 {
            found(&store, &heavy(number)).await.unwrap();
        }
    }
    let mut bytes = fs::read(&path).unwrap();
    // All pages after the schema's: whatever they are, they are no longer that.
    let from = 16 * 8_192;
    assert!(from < bytes.len());
    for page in (from..bytes.len()).step_by(8_192) {
        bytes[page..page + 64].fill(0xa5);
    }
    fs::write(&path, bytes).unwrap();
    let store = match open(folder.path(), small()) {
        Ok(store) => store,
        Err(error) => {
            assert_eq!(error.code(), "store.corrupt");
            return;
        }
    };
    match store.check(&|_| {}).await {
        Ok(findings) => {
            assert!(findings.iter().any(|it| it.code() == "store.finding.damaged"), "{findings:?}")
        }
        Err(error) => assert_eq!(error.code(), "store.corrupt"),
    }
}

#[test]
fn a_newer_schema_and_a_foreign_database_are_left_alone() {
    let folder = TempFolder::new().unwrap();
    let path = folder.path().join(DATABASE);
    drop(open(folder.path(), small()).unwrap());
    let connection = Connection::open(&path).unwrap();
    connection.execute("UPDATE schema_version SET version = version + 1", []).unwrap();
    drop(connection);
    let refused = open(folder.path(), small()).err().unwrap();
    assert!(
        matches!(refused, StoreError::NewerSchema { found, known } if found == SCHEMA_VERSION + 1 && known == SCHEMA_VERSION),
        "{refused}"
    );

    let folder = TempFolder::new().unwrap();
    let path = folder.path().join(DATABASE);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(connection);
    assert_eq!(open(folder.path(), small()).err().unwrap().code(), "store.foreign_file");
    let tables: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1, "nothing of ours was added");
}

#[tokio::test]
async fn the_database_is_marked_durable_and_paged_as_intended() {
    let folder = TempFolder::new().unwrap();
    let store = open(folder.path(), small()).unwrap();
    found(&store, &organisation("一局")).await.unwrap();
    let beside = Connection::open(folder.path().join(DATABASE)).unwrap();
    let pragma = |name: &str| -> String {
        beside
            .query_row(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"), [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal");
    assert_eq!(pragma("page_size"), "8192");
    assert_eq!(pragma("application_id"), 0x4875_7467.to_string());
}

#[tokio::test]
async fn the_log_stays_bounded_under_load_and_is_gone_after_closing() {
    let folder = TempFolder::new().unwrap();
    let bound = 1024 * 1024;
    let store = open(folder.path(), SqliteOptions { wal_bytes: bound, ..small() }).unwrap();
    let engine = store.engine();
    let mut longest = 0;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let store = store.clone();
        tasks.spawn(async move {
            for round in 0..100 {
                found(&store, &heavy(writer * 1_000 + round)).await.unwrap();
                // Somebody always reads: a page at a time holds nothing back.
                store.list::<Organisation>(Query::all().limit(5)).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
        longest = longest.max(engine.as_any().downcast_ref::<SqliteEngine>().unwrap().wal_bytes());
    }
    let written = fs::metadata(folder.path().join(DATABASE)).unwrap().len();
    assert!(40 * bound < written + longest, "{written} bytes were written");
    // Beyond four times the bound a group waits for the checkpoint; how many readers hold that up for a moment
    // depends on the machine. Without a bound the log would hold all that was written.
    assert!(longest < 16 * bound, "the log grew to {longest} bytes of {written}");
    drop(store);
    let wal = folder.path().join(format!("{DATABASE}-wal"));
    assert_eq!(fs::metadata(wal).map_or(0, |it| it.len()), 0);
}

/// Does something to the closed database that no program of ours does, and examines it.
async fn codes_after(deed: &str) -> Vec<&'static str> {
    let folder = TempFolder::new().unwrap();
    {
        let store = open(folder.path(), small()).unwrap();
        let mut body = organisation("一局");
        found(&store, &body).await.unwrap();
        found(&store, &organisation("二局")).await.unwrap();
        body.name = "三局".to_owned();
        let mut change = store.begin(&context(&FakeClock::default(), Role::SystemAdministrator), "renamed");
        change.update(Version(1), &body);
        change.commit().await.unwrap();
    }
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    connection.execute_batch(deed).unwrap();
    drop(connection);
    let store = open(folder.path(), small()).unwrap();
    let mut codes: Vec<_> = store.check(&|_| {}).await.unwrap().iter().map(|it| it.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[tokio::test]
async fn whatever_is_tampered_with_is_found() {
    for (deed, expected) in [
        ("SELECT 1", &[][..]),
        ("UPDATE r_organisation SET body = replace(body, '二局', '四局')", &["store.finding.record"]),
        ("UPDATE r_organisation SET x_name = '四局' WHERE version = 2", &["store.finding.record"]),
        ("UPDATE r_organisation SET version = 1 WHERE version = 2", &["store.finding.record"]),
        ("DELETE FROM r_organisation WHERE version = 2", &["store.finding.record"]),
        (
            "UPDATE journal SET canonical = replace(canonical, 'founded', 'ordered') WHERE seq = 2",
            &["store.finding.commitment"],
        ),
        (
            "UPDATE journal SET canonical = canonical || ' ' WHERE seq = 2",
            &["store.finding.commitment", "store.finding.unreadable"],
        ),
        (
            "UPDATE journal SET canonical = 'x' WHERE seq = 2",
            &["store.finding.commitment", "store.finding.record", "store.finding.unreadable"],
        ),
        ("UPDATE journal SET salt = zeroblob(32) WHERE seq = 1", &["store.finding.commitment"]),
        ("DELETE FROM journal WHERE seq = 2", &["store.finding.gap", "store.finding.record"]),
        ("DELETE FROM journal WHERE seq = 1", &["store.finding.chain", "store.finding.gap"]),
        ("DELETE FROM journal WHERE seq = 3", &["store.finding.record"]),
        ("UPDATE journal SET seq = 10 WHERE seq = 3", &["store.finding.gap"]),
        ("UPDATE journal SET version = 3 WHERE seq = 3", &["store.finding.chain", "store.finding.record"]),
        ("CREATE TABLE notes (x)", &["store.finding.schema"]),
        ("CREATE VIEW notes AS SELECT 1", &["store.finding.schema"]),
        (
            "CREATE TRIGGER quiet AFTER INSERT ON journal BEGIN DELETE FROM op_lease; END",
            &["store.finding.schema"],
        ),
    ] {
        assert_eq!(codes_after(deed).await, expected, "{deed}");
    }
}
