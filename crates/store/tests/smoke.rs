//! The first thing that must work.

use hutong_kernel::{Organisation, Role};
use hutong_store::{Query, Version};
use hutong_testkit::{FakeClock, TempStore, context, organisation};

#[tokio::test]
async fn a_record_is_written_listed_changed_and_its_past_is_kept() {
    let store = TempStore::open(Vec::new()).unwrap();
    let clock = FakeClock::default();
    let ctx = context(&clock, Role::SystemAdministrator);
    let mut body = organisation("区测试局");
    let mut change = store.begin(&ctx, "founded");
    change.create(&body);
    let receipts = change.commit().await.unwrap();
    assert_eq!((receipts[0].seq, receipts[0].version), (1, Version(1)));
    body.name = "区试验局".to_owned();
    let mut change = store.begin(&ctx, "renamed");
    change.update(Version(1), &body);
    change.commit().await.unwrap();
    let page = store.list::<Organisation>(Query::new("by_name").equal("区试验局")).await.unwrap();
    assert_eq!(page.items[0].record, body);
    let history = store.history("organisation", hutong_kernel::Id::uuid(body.id), None, 10).await.unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!(history[1].prev_commitment, Some(history[0].commitment));
    assert_eq!(hutong_store::diff(&history[0].body, &history[1].body).len(), 1);
    assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
    let to = store.folder().join("backup");
    store.put_file(b"words".to_vec()).await.unwrap();
    store.backup(&to, &[], &|_| {}).await.unwrap();
    hutong_store::backup::restore(&to, &store.folder().join("again"), &|_| {}).unwrap();
}
