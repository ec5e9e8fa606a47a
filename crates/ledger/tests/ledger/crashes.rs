//! The process dies before any one of its operations on the disk, and starts again.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hutong_ledger::LedgerError;
use hutong_ledger::folder::DiskHook;
use hutong_ledger::sequence::Sequencer;

use crate::{Bench, step_until_idle};

/// Lets `operations` operations through and fails every one after them, as if the process had died.
fn dies_after(operations: u64) -> (DiskHook, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    let hook = move |_operation: &'static str, _path: &Path| {
        if counted.fetch_add(1, Ordering::SeqCst) < operations {
            return Ok(());
        }
        Err(io::Error::other("the process died here"))
    };
    (Arc::new(hook), count)
}

/// A first start, then batches that stay within a tile, fill one, and cross one.
fn scenario(bench: &Bench, hook: DiskHook) -> Result<(), LedgerError> {
    let mut sequencer = Sequencer::open_with_hook(Arc::clone(&bench.journal), &bench.place, hook)?;
    for entries in [3, 253, 300] {
        bench.journal.append(entries);
        step_until_idle(&mut sequencer)?;
    }
    Ok(())
}

#[test]
fn a_crash_before_any_operation_on_the_disk_is_recovered_from() {
    let (hook, count) = dies_after(u64::MAX);
    scenario(&Bench::unsequenced(0), hook).unwrap();
    let operations = count.load(Ordering::SeqCst);
    assert!(60 < operations, "the scenario writes to the disk ({operations} operations)");

    for survived in 0..operations {
        let bench = Bench::unsequenced(0);
        match scenario(&bench, dies_after(survived).0) {
            Err(LedgerError::Io { .. }) => {}
            Err(other) => panic!("{survived}: {other:?}"),
            // The last operations tidy up; that they fail is not worth stopping for.
            Ok(()) => assert!(operations - 4 < survived, "{survived} of {operations}"),
        }
        let seen = std::fs::read_to_string(bench.place.checkpoint()).ok();

        // The machine was off for a while, and then it dies again in the middle of starting.
        bench.journal.append(survived % 7);
        let again =
            Sequencer::open_with_hook(Arc::clone(&bench.journal), &bench.place, dies_after(survived % 11).0);
        drop(again);

        bench.catch_up();
        let report = bench.audit_since(seen.as_deref());
        assert!(report.is_clean(), "{survived}: {:?}", report.findings);
        assert_eq!(report.sequenced, report.entries, "{survived}");
    }
}

#[test]
fn entries_that_a_crash_left_in_tiles_must_still_be_in_the_journal() {
    let bench = Bench::unsequenced(5);
    // Found by trying: the first number of operations after which tiles but no lock exist.
    for survived in 0.. {
        let hook = dies_after(survived).0;
        let opened = Sequencer::open_with_hook(Arc::clone(&bench.journal), &bench.place, hook);
        if opened.is_ok_and(|mut sequencer| sequencer.step().is_ok()) {
            panic!("the batch went through before it left tiles without a lock");
        }
        if bench.place.tiles.join("tile/entries/000.p/5").try_exists().unwrap() {
            break;
        }
    }
    let lock = std::fs::read_to_string(bench.place.head()).unwrap();
    assert!(lock.starts_with("hutong.example/huaian\n0\n"), "{lock}");

    // The disk had promised the journal more than it kept.
    bench.journal.tamper(|leaves| leaves.truncate(4));
    assert_eq!(bench.open().err().unwrap().code(), "ledger.journal.short");
    bench.journal.append(1);
    bench.catch_up();

    let other = Bench::unsequenced(5);
    crate::copy_folder(bench.scratch.path(), other.scratch.path());
    std::fs::write(other.place.head(), lock).unwrap();
    std::fs::remove_file(other.place.checkpoint()).unwrap();
    other.journal.tamper(|leaves| {
        leaves.pop();
    });
    other.journal.write("task", "task-5", serde_json::json!({ "progress_bp": 1 }));
    assert_eq!(other.open().err().unwrap().code(), "ledger.journal.differs");
}
