//! A data directory that another process holds: it is read, examined and saved beside the writer, and never
//! written.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use hutong_kernel::{Id as _, Organisation, Role};
use hutong_store::sqlite::DATABASE;
use hutong_store::{Query, SqliteOptions, Store, StoreError, Version, backup, spine};
use hutong_testkit::{FakeClock, TempFolder, context, organisation};
use rusqlite::Connection;

fn small() -> SqliteOptions {
    SqliteOptions { readers: 2, cache_kib: 4 * 1024, wal_bytes: 512 * 1024, ..SqliteOptions::default() }
}

fn open(folder: &Path) -> Store {
    Store::open_sqlite(folder, spine::kinds(), small()).unwrap()
}

fn beside(folder: &Path) -> Result<Store, StoreError> {
    Store::open_read_only(folder, spine::kinds(), small())
}

async fn found(store: &Store, body: &Organisation) -> Result<u64, StoreError> {
    let mut change = store.begin(&context(&FakeClock::default(), Role::SystemAdministrator), "founded");
    change.create(body);
    change.commit().await.map(|receipts| receipts[0].seq)
}

#[tokio::test]
async fn what_the_writer_made_durable_is_read_beside_it() {
    let folder = TempFolder::new().unwrap();
    let writer = open(folder.path());
    let mut body = organisation("一局");
    found(&writer, &body).await.unwrap();
    let reader = beside(folder.path()).unwrap();
    assert_eq!(*reader.head().borrow(), 1);

    // Written after the reader was opened: only the log has it.
    body.name = "新一局".to_owned();
    let mut change = writer.begin(&context(&FakeClock::default(), Role::SystemAdministrator), "renamed");
    change.update(Version(1), &body);
    change.commit().await.unwrap();
    found(&writer, &organisation("二局")).await.unwrap();
    let kept = writer.put_file(b"evidence".as_slice()).await.unwrap();

    assert_eq!(*reader.head().borrow(), 3);
    assert_eq!(reader.get::<Organisation>(body.id).await.unwrap().unwrap().record, body);
    assert_eq!(reader.all::<Organisation>(Query::all()).await.unwrap().len(), 2);
    assert_eq!(reader.feed(0, 10).await.unwrap(), writer.feed(0, 10).await.unwrap());
    let history = reader.history("organisation", body.id.uuid(), None, 10).await.unwrap();
    assert_eq!(history.iter().map(|entry| entry.reason.as_str()).collect::<Vec<_>>(), ["founded", "renamed"]);
    let first = reader.get_version::<Organisation>(body.id, Version(1)).await.unwrap().unwrap();
    assert_eq!(first.record.name, "一局");
    assert_eq!(reader.read_file(&kept.sha256).await.unwrap(), b"evidence");
    assert_eq!(reader.check(&|_| {}).await.unwrap(), Vec::new());
}

/// Every file beneath a folder with its length and the moment it was last written.
fn traces(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let data = entry.metadata().unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        // The index of the log is shared memory: whoever reads notes there how far.
        if !name.ends_with("-shm") {
            found.insert(name, (data.len(), data.modified().unwrap()));
        }
    }
    found
}

#[tokio::test]
async fn whatever_would_write_is_refused_and_leaves_no_trace() {
    let folder = TempFolder::new().unwrap();
    let writer = open(folder.path());
    found(&writer, &organisation("一局")).await.unwrap();
    let before = traces(folder.path());

    let reader = beside(folder.path()).unwrap();
    let refused = found(&reader, &organisation("二局")).await.unwrap_err();
    assert_eq!(refused.code(), "store.read_only", "{refused}");
    let refused = reader.put_file(b"evidence".as_slice()).await.unwrap_err();
    assert_eq!(refused.code(), "store.read_only", "{refused}");
    let refused = reader.operational().set_follower_position("ledger", 1).await.unwrap_err();
    assert_eq!(refused.code(), "store.read_only", "{refused}");
    assert_eq!(*reader.head().borrow(), 1);
    drop(reader);

    assert_eq!(traces(folder.path()), before);
    found(&writer, &organisation("二局")).await.unwrap();
    assert_eq!(writer.check(&|_| {}).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_backup_beside_a_writer_that_goes_on_is_of_one_moment_and_restores_clean() {
    let folder = TempFolder::new().unwrap();
    let data = folder.path().join("data");
    let writer = open(&data);
    found(&writer, &organisation("零局")).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writing = {
        let (writer, stop) = (writer.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut number = 0_u32;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                writer.put_file(number.to_be_bytes().to_vec()).await.unwrap();
                let mut body = organisation(&format!("第{number}局"));
                body.aliases = vec!["长".repeat(2_000)];
                found(&writer, &body).await.unwrap();
            }
        })
    };
    let reader = beside(&data).unwrap();
    for round in 0..3 {
        while *reader.head().borrow() < 20 * (round + 1) {
            tokio::task::yield_now().await;
        }
        let (saved, restored) =
            (folder.path().join(format!("saved-{round}")), folder.path().join(format!("restored-{round}")));
        let manifest = reader.backup(&saved, &[], &|_| {}).await.unwrap();
        assert!(20 * (round + 1) <= manifest.head);
        backup::restore(&saved, &restored, &|_| {}).unwrap();
        let again = open(&restored);
        let head = *again.head().borrow();
        assert!(manifest.head <= head);
        assert_eq!(again.check(&|_| {}).await.unwrap(), Vec::new());
        assert_eq!(again.all::<Organisation>(Query::all()).await.unwrap().len() as u64, head);
        let (theirs, ours) = (again.entry(head).await.unwrap(), reader.entry(head).await.unwrap());
        assert_eq!(theirs, ours);
    }
    let before = *reader.head().borrow();
    while *reader.head().borrow() == before {
        assert!(!writing.is_finished(), "the writer stopped");
        tokio::task::yield_now().await;
    }
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
}

#[tokio::test]
async fn a_writer_that_ends_leaves_its_reader_reading() {
    let folder = TempFolder::new().unwrap();
    let writer = open(folder.path());
    found(&writer, &organisation("一局")).await.unwrap();
    let reader = beside(folder.path()).unwrap();
    drop(writer);
    assert_eq!(reader.feed(0, 10).await.unwrap().len(), 1);
    // The directory is free: reading does not hold it.
    let writer = open(folder.path());
    found(&writer, &organisation("二局")).await.unwrap();
    assert_eq!(*reader.head().borrow(), 2);
}

#[test]
fn a_directory_without_a_database_is_not_made_into_one() {
    let folder = TempFolder::new().unwrap();
    let refused = beside(&folder.path().join("nothing")).err().unwrap();
    assert_eq!(refused.code(), "store.fault", "{refused}");
    assert!(!folder.path().join("nothing").try_exists().unwrap());
}

#[test]
fn a_database_that_another_version_prepared_is_told_as_such() {
    let folder = TempFolder::new().unwrap();
    drop(Store::open_sqlite(folder.path(), Vec::new(), small()).unwrap());
    assert_eq!(beside(folder.path()).err().unwrap().code(), "store.other_schema");

    drop(open(folder.path()));
    drop(beside(folder.path()).unwrap());
    let connection = Connection::open(folder.path().join(DATABASE)).unwrap();
    let index: String = connection
        .query_row(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'r_organisation' \
             AND sql IS NOT NULL LIMIT 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    connection.execute_batch(&format!("DROP INDEX {index}")).unwrap();
    drop(connection);
    assert_eq!(beside(folder.path()).err().unwrap().code(), "store.other_schema");
}
