//! The ledger of a real store: what is committed there can be proven here.

use std::time::Duration;

use hutong_kernel::Role;
use hutong_ledger::verify::{verify, verify_record};
use hutong_ledger::{Ledger, LedgerPlace};
use hutong_store::Version;
use hutong_testkit::{FakeClock, TempStore, context, organisation};
use tokio::sync::watch;

fn ledger_of(store: &TempStore) -> Ledger {
    Ledger::new(LedgerPlace::in_data_dir(store.folder(), crate::ORIGIN), store.store().clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_store_commits_can_be_proven_and_audited() {
    let store = TempStore::open(Vec::new()).unwrap();
    let clock = FakeClock::at("2026-03-02T09:00:00+08:00".parse().unwrap());
    let ctx = context(&clock, Role::PlanSupervisor);
    let ledger = ledger_of(&store);
    assert!(ledger.check_up().await.is_empty(), "there is no ledger yet");
    let (stop, stopping) = watch::channel(false);
    let task = tokio::spawn(ledger.follow(stopping));

    let mut bureau = organisation("城市运行局");
    let mut change = store.begin(&ctx, "设立");
    change.create(&bureau);
    let first = change.commit().await.unwrap().remove(0);
    bureau.name = "城市运行与应急局".to_owned();
    let mut change = store.begin(&ctx, "更名");
    change.update(Version(1), &bureau);
    let second = change.commit().await.unwrap().remove(0);

    let mut state = ledger.state();
    let covered = state.wait_for(|state| state.size() == Some(second.seq));
    tokio::time::timeout(Duration::from_secs(20), covered).await.unwrap().unwrap();

    let vkey = ledger.vkey().await.unwrap().to_string();
    let proof = ledger.prove(second.seq).await.unwrap();
    let proven = verify(&proof, &vkey).unwrap();
    assert_eq!((proven.seq, proven.commitment), (second.seq, second.commitment));
    let entry = proven.contents.entry().unwrap();
    assert_eq!((entry.kind.as_str(), entry.version, entry.reason.as_str()), ("organisation", 2, "更名"));
    assert_eq!(entry.id, second.id.to_string());
    assert_eq!(entry.prev_commitment, Some(first.commitment));
    assert_eq!(entry.body["name"], "城市运行与应急局");

    let bundle = ledger.prove_record("organisation", &second.id.to_string()).await.unwrap();
    assert_eq!(verify_record(&bundle, &vkey).unwrap().len(), 2);
    assert_eq!(ledger.prove_record("organisation", "x").await.unwrap_err().code(), "ledger.no_such_record");
    assert!(ledger.serve("/ledger/tile/entries/000.p/2").await.is_some());

    stop.send_replace(true);
    task.await.unwrap().unwrap();
    let report = ledger.audit(None, None, |_progress| {}).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.entries, report.sequenced), (second.seq, second.seq));
    let broken: Vec<_> = ledger
        .check_up()
        .await
        .into_iter()
        .filter(|check| matches!(check.outcome, hutong_ledger::check_up::Outcome::Broken(_)))
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}
