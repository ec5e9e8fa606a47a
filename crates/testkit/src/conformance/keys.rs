//! Claims about idempotency keys.

use hutong_kernel::{Clock as _, OpContext, Role, TaskId};
use hutong_store::{Query, Receipt, Store, StoreError, Version};
use jiff::SignedDuration;

use super::MakeBed;
use super::records::{Chore, chore};
use crate::{FakeClock, context, system_context};

fn keyed(clock: &FakeClock, key: &str) -> OpContext {
    OpContext { idempotency_key: Some(key.to_owned()), ..context(clock, Role::PlanSupervisor) }
}

/// A request as a door carries it out: the id is made anew each time.
async fn request(store: &Store, ctx: &OpContext, title: &str) -> Result<Vec<Receipt>, StoreError> {
    let mut change = store.begin(ctx, "by request");
    let mut one = chore(store, title);
    one.id = change.new_id::<TaskId>();
    one.more = serde_json::json!({"made_at": ctx.now});
    change.create(&one);
    change.commit().await
}

fn bare(receipts: &[Receipt]) -> Vec<(u64, uuid::Uuid, Version, [u8; 32])> {
    receipts.iter().map(|it| (it.seq, it.id, it.version, it.commitment)).collect()
}

pub async fn a_repeated_request_gets_the_same_receipts_and_changes_nothing(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    let first = request(&store, &keyed(&clock, "k1"), "a").await.unwrap();
    assert!(!first[0].replayed);
    clock.advance(SignedDuration::from_mins(5));
    for _ in 0..2 {
        let again = request(&store, &keyed(&clock, "k1"), "a").await.unwrap();
        assert!(again[0].replayed);
        assert_eq!(bare(&again), bare(&first));
    }
    // With a digest of the request the content does not matter: it was computed from newer records.
    let ctx = keyed(&clock, "k2");
    let one = store.all::<Chore>(Query::all()).await.unwrap().remove(0);
    let mut receipts = Vec::new();
    for _ in 0..2 {
        let now = store.get::<Chore>(one.id).await.unwrap().unwrap();
        let mut later = now.record.clone();
        later.weight += 1;
        let mut change = store.begin(&ctx, "one more");
        change.request_digest([7; 32]);
        change.update(now.version, &later);
        receipts.push(bare(&change.commit().await.unwrap()));
    }
    assert_eq!(receipts[0], receipts[1]);
    assert_eq!(bare(&store.replay(&ctx, [7; 32]).await.unwrap().unwrap()), receipts[0]);
    assert_eq!(store.replay(&keyed(&clock, "k3"), [7; 32]).await.unwrap(), None);
    assert_eq!(store.replay(&context(&clock, Role::PlanSupervisor), [7; 32]).await.unwrap(), None);
    assert_eq!(*store.head().borrow(), 2);

    drop(store);
    let store = bed.store();
    assert!(
        request(&store, &keyed(&clock, "k1"), "a").await.unwrap()[0].replayed,
        "a restart forgets no key"
    );
}

pub async fn the_same_key_for_another_request_is_refused(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    request(&store, &keyed(&clock, "k1"), "a").await.unwrap();
    let refused = request(&store, &keyed(&clock, "k1"), "b").await.unwrap_err();
    assert_eq!(refused.code(), "store.idempotency_key_reused");
    let refused = store.replay(&keyed(&clock, "k1"), [0; 32]).await.unwrap_err();
    assert_eq!(refused.code(), "store.idempotency_key_reused");
    assert_eq!(*store.head().borrow(), 1);
}

pub async fn keys_of_different_people_are_different_keys(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    let key = Some("k1".to_owned());
    let contexts = [
        context(&clock, Role::PlanSupervisor),
        context(&clock, Role::DepartmentOfficer),
        system_context(&clock, "lights"),
        system_context(&clock, "import"),
    ];
    for ctx in contexts {
        let ctx = OpContext { idempotency_key: key.clone(), ..ctx };
        assert!(!request(&store, &ctx, "a").await.unwrap()[0].replayed);
    }
    assert_eq!(*store.head().borrow(), 4);
}

pub async fn the_same_request_sent_many_times_at_once_is_carried_out_once(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    for key in ["a", "b", "c"] {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (store, ctx) = (store.clone(), keyed(&clock, key));
            tasks.spawn(async move { request(&store, &ctx, "same").await.unwrap() });
        }
        let receipts = tasks.join_all().await;
        assert_eq!(receipts.iter().filter(|it| !it[0].replayed).count(), 1);
        assert!(receipts.iter().all(|it| bare(it) == bare(&receipts[0])));
    }
    assert_eq!(store.all::<Chore>(Query::all()).await.unwrap().len(), 3);
}

pub async fn a_key_that_is_no_key_is_refused(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    for key in ["", "键", "a\nb", &"x".repeat(201)] {
        let refused = request(&store, &keyed(&clock, key), "a").await.unwrap_err();
        assert_eq!(refused.code(), "store.idempotency_key", "{key:?}");
    }
    request(&store, &keyed(&clock, &"x".repeat(200)), "a").await.unwrap();
}

pub async fn a_forgotten_answer_frees_its_key(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    request(&store, &keyed(&clock, "old"), "a").await.unwrap();
    clock.advance(SignedDuration::from_hours(48));
    request(&store, &keyed(&clock, "new"), "a").await.unwrap();
    let day_ago = clock.now() - SignedDuration::from_hours(24);
    assert_eq!(store.operational().forget_answers(day_ago).await.unwrap(), 1);
    assert!(!request(&store, &keyed(&clock, "old"), "other").await.unwrap()[0].replayed);
    assert!(request(&store, &keyed(&clock, "new"), "a").await.unwrap()[0].replayed);
}

pub async fn a_failed_change_leaves_its_key_free(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = keyed(&FakeClock::default(), "k");
    let mut change = store.begin(&ctx, "fails");
    change.update(Version(1), &chore(&store, "missing"));
    assert_eq!(change.commit().await.unwrap_err().code(), "store.not_found");
    assert!(!request(&store, &ctx, "a").await.unwrap()[0].replayed);
}
