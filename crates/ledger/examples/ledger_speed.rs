//! How fast the ledger is on this machine, beside what hashing and syncing alone cost.
//!
//! ```text
//! cargo run --release -p hutong-ledger --example ledger_speed -- [entries, 100000 by default]
//! ```
//!
//! The journal is in memory, so that the ledger is measured and not the database. Files go to the system's
//! temporary folder; set TMPDIR to measure another disk.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::error::Error;
use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hutong_ledger::audit::{AuditOptions, audit};
use hutong_ledger::prove::prove;
use hutong_ledger::sequence::{BATCH_ENTRIES_MAX, Sequencer, Step};
use hutong_ledger::testing::MemoryJournal;
use hutong_ledger::verify::verify;
use hutong_ledger::{Journal as _, LedgerPlace};
use hutong_testkit::TempFolder;
use hutong_tlog::merkle::{leaf_hash, node_hash};

const PROOFS: u64 = 1_000;
const SINGLE_BATCHES: u64 = 100;
const SYNCS: u32 = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let entries = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 100_000,
    };
    let folder = TempFolder::new()?;
    let place = LedgerPlace::in_data_dir(folder.path(), "hutong.example/speed");
    let journal = Arc::new(MemoryJournal::with_entries(entries));

    let hashing = floor_hashing(&journal, entries)?;
    let sync = floor_sync(folder.path())?;
    println!(
        "floor    {entries} commitments and a tree over them, SHA-256 alone   {:>9.3} s",
        hashing.as_secs_f64()
    );
    println!("floor    one file written, synced, renamed, its folder synced     {:>9.3} ms", millis(sync));

    let mut sequencer = Sequencer::open(Arc::clone(&journal), &place)?;
    let started = Instant::now();
    let mut batches = 0_u32;
    while let Step::Sequenced { .. } = sequencer.step()? {
        batches += 1;
    }
    let took = started.elapsed();
    println!(
        "ledger   {entries} entries in {batches} batches of at most {BATCH_ENTRIES_MAX}: {:>9.0} entries/s   {:>9.3} s",
        rate(entries, took),
        took.as_secs_f64()
    );

    let started = Instant::now();
    for _ in 0..SINGLE_BATCHES {
        journal.append(1);
        sequencer.step()?;
    }
    println!(
        "ledger   a batch of one entry, durable and published              {:>9.3} ms",
        millis(started.elapsed()) / to_f64(SINGLE_BATCHES)
    );
    drop(sequencer);

    let started = Instant::now();
    drop(Sequencer::open(Arc::clone(&journal), &place)?);
    println!(
        "ledger   opened, with all start-up checks                          {:>9.3} ms",
        millis(started.elapsed())
    );

    let vkey = std::fs::read_to_string(place.vkey())?;
    let total = journal.head()?;
    // A step that shares no factor with the tiles' width, so that the proofs are spread over the tree.
    let places: Vec<u64> = (0..PROOFS).map(|at| at * 7_919 % total + 1).collect();
    let started = Instant::now();
    let proofs = places.iter().map(|seq| prove(&place, &journal, *seq)).collect::<Result<Vec<_>, _>>()?;
    println!(
        "proof    made and checked                                          {:>9.3} ms",
        millis(started.elapsed()) / to_f64(PROOFS)
    );
    let started = Instant::now();
    for proof in &proofs {
        verify(proof, &vkey)?;
    }
    println!(
        "proof    verified from its file                                    {:>9.3} ms",
        millis(started.elapsed()) / to_f64(PROOFS)
    );

    let started = Instant::now();
    let report = audit(&place, &journal, AuditOptions::default(), &mut |_progress| {})?;
    assert!(report.is_clean(), "{:?}", report.findings);
    let took = started.elapsed();
    println!(
        "audit    {total} entries, {} tiles: {:>9.0} entries/s                     {:>9.3} s",
        report.tiles,
        rate(total, took),
        took.as_secs_f64()
    );
    Ok(())
}

/// Hashes that no way of doing this can avoid: each entry, each leaf, each inner node.
fn floor_hashing(journal: &MemoryJournal, entries: u64) -> Result<Duration, Box<dyn Error>> {
    let leaves = journal.read(1, entries)?;
    let started = Instant::now();
    let mut row: Vec<_> = leaves
        .iter()
        .filter_map(|leaf| leaf.opening.as_ref().map(|opening| leaf_hash(&opening.commitment())))
        .collect();
    while 1 < row.len() {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(left, right),
                odd => odd[0],
            })
            .collect();
    }
    Ok(started.elapsed())
}

fn floor_sync(dir: &std::path::Path) -> Result<Duration, Box<dyn Error>> {
    let (temporary, path) = (dir.join("sync.new"), dir.join("sync"));
    let started = Instant::now();
    for _ in 0..SYNCS {
        let mut file = File::create(&temporary)?;
        file.write_all(&[0; 8192])?;
        file.sync_all()?;
        std::fs::rename(&temporary, &path)?;
        File::open(dir)?.sync_all()?;
    }
    Ok(started.elapsed() / SYNCS)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn rate(count: u64, duration: Duration) -> f64 {
    to_f64(count) / duration.as_secs_f64()
}

/// Counts of this bench are far below 2^32.
fn to_f64(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
