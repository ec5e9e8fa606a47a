//! A process that writes is killed again and again: what it acknowledged is there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hutong_kernel::{Id as _, Organisation, Role};
use hutong_store::{Sha256, SqliteOptions, Store, Version, from_hex, spine, to_hex};
use hutong_testkit::{FakeClock, TempFolder, context, organisation};
use uuid::Uuid;

/// Tells the child where to write; without it, it has nothing to do.
const DATA: &str = "HUTONG_TEST_KILL_DATA";
const KILLS: usize = 10;
const WRITERS: usize = 8;

/// What the child says once something is durable.
#[derive(Debug)]
struct Acknowledged {
    seq: u64,
    id: Uuid,
    version: u64,
    commitment: [u8; 32],
    file: Sha256,
}

fn open(data: &Path) -> Store {
    // A short log, so that kills also meet the copying back.
    let options = SqliteOptions { readers: 2, wal_bytes: 512 * 1024, ..SqliteOptions::default() };
    Store::open_sqlite(data, spine::kinds(), options).unwrap()
}

/// The child: writes until it is killed.
#[test]
#[ignore = "is run by the test that kills it"]
#[expect(clippy::disallowed_methods, reason = "how the parent names the folder to its child")]
fn child_writes_until_it_is_killed() {
    let Ok(data) = std::env::var(DATA).map(PathBuf::from) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open(&data);
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write(store.clone()));
        }
        // Should the parent be gone, nobody kills: end by itself.
        let ended = tokio::time::timeout(Duration::from_secs(60), writers.join_next()).await;
        assert!(ended.is_err(), "a writer failed: {ended:?}");
    });
}

async fn write(store: Store) {
    let clock = FakeClock::default();
    loop {
        let mut body = organisation("一局");
        body.id = store.begin(&context(&clock, Role::SystemAdministrator), "id").new_id();
        for version in 1..=4 {
            let file = store.put_file(format!("{} {version}", body.id)).await.unwrap();
            body.name = file.sha256.to_string();
            body.aliases = vec!["字".repeat(2_000)];
            let mut change = store.begin(&context(&clock, Role::SystemAdministrator), "load");
            if version == 1 {
                change.create(&body)
            } else {
                change.update(Version(version - 1), &body)
            }
            let mut beside = organisation("beside");
            beside.id = change.new_id();
            change.create(&beside);
            let receipts = change.commit().await.unwrap();
            let line: Vec<String> = receipts
                .iter()
                .map(|it| {
                    format!(
                        "\nack {} {} {} {} {}",
                        it.seq,
                        it.id,
                        it.version,
                        to_hex(&it.commitment),
                        file.sha256
                    )
                })
                .collect();
            let mut out = std::io::stdout().lock();
            out.write_all(format!("{}\n", line.concat()).as_bytes()).unwrap();
            out.flush().unwrap();
        }
    }
}

/// Starts the child, kills it after `acks` acknowledgements, and returns all that it acknowledged.
fn kill_after(data: &Path, acks: usize) -> Vec<Acknowledged> {
    let mut child: Child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_writes_until_it_is_killed", "--include-ignored", "--nocapture"])
        .env(DATA, data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut killed = false;
    // What is in the pipe when it dies was acknowledged as well; a last line may be cut short.
    while let Some(Ok(line)) = lines.next() {
        let Some(fields) = line.strip_prefix("ack ") else { continue };
        let fields: Vec<&str> = fields.split(' ').collect();
        if let [seq, id, version, commitment, file] = fields[..]
            && let Ok(file) = file.parse()
        {
            acknowledged.push(Acknowledged {
                seq: seq.parse().unwrap(),
                id: id.parse().unwrap(),
                version: version.parse().unwrap(),
                commitment: from_hex(commitment).unwrap(),
                file,
            });
        }
        if acks <= acknowledged.len() && !killed {
            killed = true;
            // SIGKILL: nothing is flushed, nothing is closed.
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(killed && !status.success(), "the child ended by itself: {status}");
    acknowledged
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed_ten_times() {
    let folder = TempFolder::new().unwrap();
    let data = folder.path().join("data");
    let mut all: BTreeMap<u64, Acknowledged> = BTreeMap::new();
    for round in 0..KILLS {
        let data_of_child = data.clone();
        let acknowledged =
            tokio::task::spawn_blocking(move || kill_after(&data_of_child, 40 + round * 67)).await.unwrap();
        for one in acknowledged {
            assert!(all.insert(one.seq, one).is_none(), "a number was given twice");
        }
        let store = open(&data);
        let head = *store.head().borrow();
        assert!(*all.keys().next_back().unwrap() <= head);
        // The journal is whole, and what was acknowledged is what it says.
        let mut after = 0;
        while after < head {
            for entry in store.feed(after, 1_000).await.unwrap() {
                assert_eq!(entry.seq, after + 1, "the journal has a gap");
                after = entry.seq;
                if let Some(one) = all.get(&entry.seq) {
                    assert_eq!(
                        (entry.id, entry.version.0, entry.commitment),
                        (one.id, one.version, one.commitment)
                    );
                }
            }
        }
        for one in all.values().rev().take(200) {
            let id = hutong_kernel::OrganisationId::from_uuid(one.id);
            let stored = store.get::<Organisation>(id).await.unwrap().unwrap();
            assert!(Version(one.version) <= stored.version);
            store.read_file(&one.file).await.unwrap();
        }
        assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new(), "after kill {round}");
    }
    assert!(KILLS * 40 < all.len());
}
