//! Backups of a ledger, and starting from them.

use std::fs;
use std::sync::Arc;

use hutong_ledger::copy::copy;
use hutong_ledger::{LedgerError, LedgerPlace};

use crate::Bench;

fn copy_to(bench: &Bench, name: &str, with_key: bool) -> Result<LedgerPlace, LedgerError> {
    let place = LedgerPlace::in_data_dir(&bench.scratch.path().join(name), crate::ORIGIN);
    copy(&bench.place, &place, with_key, &mut |_done, _total| {}).map(|_head| place)
}

#[test]
fn a_ledger_started_from_a_copy_continues_the_same_history() {
    for entries in [0, 1, 256, 700] {
        let bench = Bench::with_entries(entries);
        let place = copy_to(&bench, "copy", true).unwrap();
        bench.journal.append(300);
        bench.catch_up();
        let restored = Bench { place, journal: Arc::clone(&bench.journal), ..Bench::unsequenced(0) };
        restored.catch_up();
        assert_eq!(restored.checkpoint(), bench.checkpoint());
        assert!(restored.audit().is_clean());
    }
}

#[test]
fn a_copy_taken_beside_the_sequencer_is_of_the_published_tree() {
    let bench = Bench::with_entries(100);
    let old = bench.checkpoint();
    bench.journal.append(500);
    bench.catch_up();
    // As if the batch had just written its tiles and not yet published.
    fs::write(bench.place.checkpoint(), &old).unwrap();
    let place = copy_to(&bench, "copy", true).unwrap();
    assert!(!place.tiles.join("tile/0/000").try_exists().unwrap(), "only the tree of the checkpoint");
    assert!(place.tiles.join("tile/0/000.p/100").try_exists().unwrap());
    let restored = Bench { place, journal: Arc::clone(&bench.journal), ..Bench::unsequenced(0) };
    restored.catch_up();
    assert!(restored.audit_since(Some(&old)).is_clean());
}

#[test]
fn a_copy_without_the_key_is_not_started_with_another_one() {
    let bench = Bench::with_entries(10);
    let place = copy_to(&bench, "copy", false).unwrap();
    let restored = Bench { place, journal: Arc::clone(&bench.journal), ..Bench::unsequenced(0) };
    assert_eq!(restored.open().err().unwrap().code(), "ledger.key.missing");
}

#[test]
fn a_copy_never_writes_over_a_ledger_and_never_copies_a_broken_one() {
    let bench = Bench::with_entries(10);
    copy_to(&bench, "copy", true).unwrap();
    assert_eq!(copy_to(&bench, "copy", true).unwrap_err().code(), "ledger.copy_target_in_use");
    let tile = bench.place.tiles.join("tile/0/000.p/10");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[5] ^= 1;
    fs::write(tile, bytes).unwrap();
    assert_eq!(copy_to(&bench, "other", true).unwrap_err().code(), "ledger.tiles.differ");
    let unfinished = LedgerPlace::in_data_dir(&bench.scratch.path().join("other"), crate::ORIGIN);
    assert!(!unfinished.head().try_exists().unwrap(), "what was not finished cannot be started");
    let none = Bench::unsequenced(1);
    assert_eq!(copy_to(&none, "copy", true).unwrap_err().code(), "ledger.not_started");
}
