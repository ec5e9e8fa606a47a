//! Somebody with every right on the machine, the signing key included, tries to change the past.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hutong_ledger::audit::{AuditOptions, Finding, audit};
use hutong_ledger::key;
use hutong_ledger::testing::MemoryJournal;
use hutong_tlog::{Checkpoint, Hash};

use crate::{Bench, ORIGIN};

fn refusal(bench: &Bench) -> &'static str {
    let error = bench.open().err().expect("the ledger must not open");
    assert!(error.is_broken_invariant(), "{error:?}");
    error.code()
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    let mut codes: Vec<_> = findings.iter().map(Finding::code).collect();
    codes.dedup();
    codes
}

fn change_text(leaves: &mut [hutong_ledger::JournalLeaf], seq: usize) {
    let opening = leaves[seq - 1].opening.as_mut().unwrap();
    let changed = opening.canonical.replacen("monthly report", "monthly Report", 1);
    assert_ne!(changed, opening.canonical);
    opening.canonical = changed;
}

fn flip_byte(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in fs::read_dir(dir).unwrap() {
        let item = item.unwrap();
        if item.file_type().unwrap().is_dir() {
            files.extend(files_below(&item.path()));
        } else {
            files.push(item.path());
        }
    }
    files
}

#[test]
fn a_changed_byte_in_an_entry_is_found_and_named() {
    let bench = Bench::with_entries(700);
    bench.journal.tamper(|leaves| change_text(leaves, 10));
    assert_eq!(bench.audit().findings, [Finding::CommitmentDiffers { seq: 10 }]);
    let error = hutong_ledger::prove::prove(&bench.place, &bench.journal, 10).unwrap_err();
    assert_eq!(error.code(), "ledger.proof_broken");
}

#[test]
fn a_changed_entry_with_a_fitting_commitment_is_not_what_the_ledger_holds() {
    let bench = Bench::with_entries(700);
    bench.journal.tamper(|leaves| {
        change_text(leaves, 10);
        leaves[9].commitment = leaves[9].opening.as_ref().unwrap().commitment();
    });
    let report = bench.audit();
    // The record's next version still names the commitment of the entry as it was.
    assert!(report.findings.contains(&Finding::LeafDiffers { seq: 10 }), "{:?}", report.findings);
    assert!(codes(&report.findings).contains(&"ledger.audit.chain_broken"));
    assert!(codes(&report.findings).contains(&"ledger.audit.root_differs"));
    assert_eq!(refusal(&bench), "ledger.journal.differs");
}

#[test]
fn a_changed_byte_in_any_tile_is_found() {
    let bench = Bench::with_entries(700);
    let tiles = files_below(&bench.place.tiles.join("tile"));
    assert_eq!(tiles.len(), 7, "three bundles, three tiles of level 0, one of level 1");
    for tile in tiles {
        let before = fs::read(&tile).unwrap();
        flip_byte(&tile);
        let report = bench.audit();
        assert_eq!(report.findings_total, 1, "{}: {:?}", tile.display(), report.findings);
        fs::write(&tile, before).unwrap();
    }
    assert!(bench.audit().is_clean());
}

#[test]
fn any_tile_that_is_deleted_is_found() {
    let bench = Bench::with_entries(700);
    for tile in files_below(&bench.place.tiles.join("tile")) {
        let before = fs::read(&tile).unwrap();
        fs::remove_file(&tile).unwrap();
        let findings = bench.audit().findings;
        assert_eq!(codes(&findings), ["ledger.audit.tile_missing"], "{}", tile.display());
        fs::write(&tile, before).unwrap();
    }
    fs::remove_file(bench.place.tiles.join("tile/1/000.p/2")).unwrap();
    assert_eq!(refusal(&bench), "ledger.tiles.behind_lock");
}

#[test]
fn a_changed_tile_at_the_edge_stops_the_start() {
    let bench = Bench::with_entries(700);
    flip_byte(&bench.place.tiles.join("tile/0/002.p/188"));
    assert_eq!(refusal(&bench), "ledger.tiles.differ");
}

#[test]
fn an_old_checkpoint_in_place_of_the_new_one_is_noticed() {
    let bench = Bench::with_entries(10);
    let old = bench.checkpoint();
    bench.journal.append(5);
    bench.catch_up();
    let new = bench.checkpoint();

    // One batch behind is what a crash leaves; it is put right.
    fs::write(bench.place.checkpoint(), &old).unwrap();
    bench.catch_up();
    assert_eq!(bench.checkpoint(), new);

    // More than one batch behind is not.
    bench.journal.append(5_000);
    bench.catch_up();
    fs::write(bench.place.checkpoint(), &old).unwrap();
    assert_eq!(codes(&bench.audit().findings), ["ledger.audit.lock_disagrees"]);
    assert_eq!(refusal(&bench), "ledger.checkpoint.shrunk");
}

#[test]
fn a_lock_that_was_rolled_back_is_refused() {
    let bench = Bench::with_entries(10);
    let (old_lock, old_checkpoint) = (fs::read(bench.place.head()).unwrap(), bench.checkpoint());
    bench.journal.append(100);
    bench.catch_up();
    let new_lock = fs::read(bench.place.head()).unwrap();
    fs::write(bench.place.head(), &old_lock).unwrap();
    assert_eq!(refusal(&bench), "ledger.lock.behind_checkpoint");
    fs::write(bench.place.head(), &new_lock).unwrap();
    bench.journal.append(5_000);
    bench.catch_up();
    fs::write(bench.place.head(), &old_lock).unwrap();
    fs::write(bench.place.checkpoint(), &old_checkpoint).unwrap();
    assert_eq!(refusal(&bench), "ledger.lock.behind_tiles");
}

#[test]
fn a_journal_that_was_restored_from_an_old_copy_is_refused() {
    let bench = Bench::with_entries(20);
    bench.journal.tamper(|leaves| leaves.truncate(15));
    assert_eq!(refusal(&bench), "ledger.journal.short");
    assert!(bench.audit().findings.contains(&Finding::JournalShort { head: 15, size: 20 }));
    bench.journal.append(7);
    assert!(bench.open().is_ok(), "the same entries again are the same history");
    bench.journal.tamper(|leaves| {
        leaves.remove(12);
    });
    assert_eq!(refusal(&bench), "ledger.journal.gap");
    assert_eq!(bench.audit().findings[0], Finding::JournalGap { expected: 13 });
}

#[test]
fn a_checkpoint_that_the_key_signed_for_another_history_is_refused() {
    let bench = Bench::with_entries(20);
    let key = key::read(&bench.place).unwrap().unwrap();
    for size in [20, 13] {
        let forged = Checkpoint::new(ORIGIN, size, Hash([7; 32])).sign(&key);
        fs::write(bench.place.checkpoint(), forged).unwrap();
        assert_eq!(refusal(&bench), "ledger.checkpoint.forked");
    }
    fs::write(bench.place.checkpoint(), "not a checkpoint").unwrap();
    assert_eq!(refusal(&bench), "ledger.checkpoint.foreign");
}

#[test]
fn a_rewritten_history_with_a_right_signature_does_not_continue_the_checkpoint_that_somebody_kept() {
    let bench = Bench::with_entries(300);
    let kept = bench.checkpoint();
    let forged = rewrite_history(&bench, 701);
    let vkey = hutong_ledger::VerifierKey::parse(bench.vkey().trim()).unwrap();
    let report = |earlier| {
        let options = AuditOptions { vkey: Some(&vkey), earlier_checkpoint: earlier };
        audit(&forged.place, &forged.journal, options, &mut |_progress| {}).unwrap()
    };
    assert!(report(None).is_clean(), "within itself the forged ledger is perfect");
    assert_eq!(report(Some(&kept)).findings, [Finding::HistoryRewritten { earlier: 300, size: 701 }]);
}

/// Another ledger with the same key, in whose journal entry 10 says something else.
pub(crate) fn rewrite_history(bench: &Bench, entries: u64) -> Bench {
    let forged = Bench::unsequenced(entries);
    let journal = MemoryJournal::default();
    for seq in 1..=entries {
        let progress = if seq == 10 { 10_000 } else { seq % 10_001 };
        journal.write("task", &format!("task-{}", seq % 10), serde_json::json!({ "progress_bp": progress }));
    }
    let forged = Bench { journal: Arc::new(journal), ..forged };
    // A first start that was interrupted after the key was made looks just like this.
    let empty = Checkpoint::new(ORIGIN, 0, hutong_tlog::merkle::empty_root());
    fs::create_dir_all(&forged.place.lock).unwrap();
    fs::write(forged.place.head(), empty.to_string()).unwrap();
    fs::copy(&bench.place.key, &forged.place.key).unwrap();
    forged.catch_up();
    assert_eq!(forged.vkey(), bench.vkey());
    forged
}

#[test]
fn a_missing_lock_or_key_is_never_made_anew() {
    let bench = Bench::with_entries(3);
    let (lock, key) = (fs::read(bench.place.head()).unwrap(), fs::read(&bench.place.key).unwrap());
    fs::remove_file(bench.place.head()).unwrap();
    assert_eq!(refusal(&bench), "ledger.lock.missing");
    fs::remove_file(&bench.place.key).unwrap();
    assert_eq!(refusal(&bench), "ledger.lock.missing");
    fs::write(bench.place.head(), "3\n").unwrap();
    assert_eq!(refusal(&bench), "ledger.lock.malformed");
    fs::write(bench.place.head(), lock).unwrap();
    assert_eq!(refusal(&bench), "ledger.key.missing");
    fs::write(&bench.place.key, key).unwrap();
    fs::set_permissions(&bench.place.key, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(refusal(&bench), "ledger.key.exposed");
    fs::set_permissions(&bench.place.key, fs::Permissions::from_mode(0o600)).unwrap();
    bench.catch_up();
    assert!(bench.audit().is_clean());
}

#[test]
fn another_key_or_another_name_is_refused() {
    let bench = Bench::with_entries(3);
    let other = Bench::with_entries(3);
    fs::copy(&other.place.key, &bench.place.key).unwrap();
    assert_eq!(refusal(&bench), "ledger.key.vkey_differs");
    fs::write(&bench.place.key, "no key\n").unwrap();
    assert_eq!(refusal(&bench), "ledger.key.malformed");

    let mut renamed = Bench::with_entries(3);
    renamed.place.origin = "hutong.example/elsewhere".to_owned();
    assert_eq!(refusal(&renamed), "ledger.lock.other_origin");
    let head = fs::read_to_string(renamed.place.head()).unwrap();
    fs::write(renamed.place.head(), head.replace(ORIGIN, &renamed.place.origin)).unwrap();
    assert_eq!(refusal(&renamed), "ledger.key.other_origin");
    renamed.place.origin = "two words".to_owned();
    assert_eq!(renamed.open().err().unwrap().code(), "ledger.bad_origin");
}

#[test]
fn there_is_only_one_writer() {
    let bench = Bench::with_entries(3);
    let _first = bench.open().unwrap();
    assert_eq!(bench.open().err().unwrap().code(), "ledger.already_running");
}

#[test]
fn a_lock_that_somebody_moves_between_two_batches_stops_the_sequencer() {
    let bench = Bench::with_entries(3);
    let mut sequencer = bench.open().unwrap();
    let moved = Checkpoint::new(ORIGIN, 9, Hash([9; 32]));
    fs::write(bench.place.head(), moved.to_string()).unwrap();
    bench.journal.append(1);
    let error = sequencer.step().unwrap_err();
    assert_eq!(error.code(), "ledger.lock.moved");
    assert!(error.is_broken_invariant());
    assert!(bench.checkpoint().starts_with("hutong.example/huaian\n3\n"), "nothing was signed");
}

#[test]
fn a_tile_with_another_content_is_never_written_over() {
    let bench = Bench::with_entries(3);
    let mut sequencer = bench.open().unwrap();
    fs::write(bench.place.tiles.join("tile/0/000.p/4"), [0; 128]).unwrap();
    bench.journal.append(1);
    let error = sequencer.step().unwrap_err();
    assert_eq!(error.code(), "ledger.tiles.conflict");
    assert_eq!(error.to_string(), "tile/0/000.p/4 exists with another content");
}
