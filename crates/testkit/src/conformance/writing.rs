//! Claims about writing.

use hutong_kernel::{Id as _, Role, TaskId};
use hutong_store::limits::REASON_CHARS_MAX;
use hutong_store::{IndexValue, Query, Record, StoreError, Version};

use super::MakeBed;
use super::records::{Chore, chore, create};
use crate::{FakeClock, context, person, system_context};

pub async fn a_record_reads_back_as_it_was_written(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    let mut written = chore(&store, "修补路面");
    written.more = serde_json::json!({"深": [1, -2, null, true, {"a": "b"}], "空": {}, "小": 0.1});
    let ctx = context(&clock, Role::PlanSupervisor);
    let mut change = store.begin(&ctx, "new");
    change.create(&written);
    let receipts = change.commit().await.unwrap();

    let stored = store.get::<Chore>(written.id).await.unwrap().unwrap();
    assert_eq!(stored.record, written);
    assert_eq!((stored.version, stored.changed_at), (Version(1), ctx.now));
    assert_eq!(receipts.len(), 1);
    let entry = store.entry(receipts[0].seq).await.unwrap().unwrap();
    assert_eq!(
        (entry.id, entry.version, entry.commitment),
        (written.id.uuid(), Version(1), receipts[0].commitment)
    );
    assert_eq!((&entry.principal, entry.reason.as_str()), (&ctx.principal, "new"));
    assert_eq!((entry.request_id, entry.at), (ctx.request_id, ctx.now));
    assert_eq!(store.get::<Chore>(chore(&store, "other").id).await.unwrap(), None);
}

pub async fn what_exists_cannot_be_created_and_what_does_not_cannot_be_updated(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let one = chore(&store, "one");
    create(&store, std::slice::from_ref(&one)).await.unwrap();
    let again = create(&store, std::slice::from_ref(&one)).await.unwrap_err();
    assert!(
        matches!(&again, StoreError::Exists { kind, id } if kind == "chore" && *id == one.id.uuid()),
        "{again}"
    );

    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let missing = chore(&store, "missing");
    let mut change = store.begin(&ctx, "x");
    change.update(Version(1), &missing);
    let refused = change.commit().await.unwrap_err();
    assert_eq!(refused.code(), "store.not_found");
    assert_eq!(*store.head().borrow(), 1);
}

pub async fn an_update_of_another_version_is_a_conflict_that_names_both(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let one = chore(&store, "one");
    create(&store, std::slice::from_ref(&one)).await.unwrap();
    for expected in [Version(1), Version(2)] {
        let mut change = store.begin(&ctx, "on");
        change.update(expected, &one);
        change.commit().await.unwrap();
    }
    for wrong in [1, 2, 4, 0] {
        let mut change = store.begin(&ctx, "too late");
        change.update(Version(wrong), &one);
        let refused = change.commit().await.unwrap_err();
        assert!(
            matches!(refused, StoreError::Conflict { expected, found: 3, .. } if expected == wrong),
            "{refused}"
        );
    }
    assert_eq!(store.get::<Chore>(one.id).await.unwrap().unwrap().version, Version(3));
}

pub async fn put_writes_whatever_the_version_and_loses_nothing_to_others(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let one = chore(&store, "one");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (store, mut one) = (store.clone(), one.clone());
        tasks.spawn(async move {
            one.weight = number;
            let ctx = system_context(&FakeClock::default(), "lights");
            let mut change = store.begin(&ctx, "computed");
            change.put(&one);
            change.commit().await.unwrap()[0].version
        });
    }
    let mut versions = tasks.join_all().await;
    versions.sort();
    assert_eq!(versions, (1..=8).map(Version).collect::<Vec<_>>());
    let history = store.history(Chore::KIND, one.id.uuid(), None, 100).await.unwrap();
    assert_eq!(history.len(), 8);
}

pub async fn a_change_is_written_whole_or_not_at_all(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let old = chore(&store, "old");
    create(&store, std::slice::from_ref(&old)).await.unwrap();
    let new = chore(&store, "new");
    let mut change = store.begin(&ctx, "half of this fails");
    change.create(&new);
    let mut changed = old.clone();
    changed.title = "changed".to_owned();
    change.update(Version(1), &changed);
    change.create(&old);
    assert_eq!(change.commit().await.unwrap_err().code(), "store.exists");
    // The same, found by the writer only: two new records with one unique value.
    let mut twin = [chore(&store, "a"), chore(&store, "b")];
    twin.iter_mut().for_each(|it| it.number = Some("7".to_owned()));
    assert_eq!(create(&store, &twin).await.unwrap_err().code(), "store.not_unique");

    assert_eq!(store.all::<Chore>(Query::all()).await.unwrap().len(), 1);
    assert_eq!(store.get::<Chore>(old.id).await.unwrap().unwrap().record, old);
    assert_eq!(store.feed(0, 10).await.unwrap().len(), 1);
}

pub async fn a_change_without_a_reason_or_with_an_endless_one_is_refused(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let endless = "久".repeat(REASON_CHARS_MAX + 1);
    for (reason, code) in [
        ("", "store.empty_reason"),
        (" \u{3000}\n", "store.empty_reason"),
        (endless.as_str(), "store.reason_too_long"),
    ] {
        let mut change = store.begin(&ctx, reason);
        change.create(&chore(&store, "x"));
        assert_eq!(change.commit().await.unwrap_err().code(), code);
    }
    let mut change = store.begin(&ctx, "久".repeat(REASON_CHARS_MAX));
    change.create(&chore(&store, "x"));
    assert_eq!(change.commit().await.unwrap().len(), 1);
}

pub async fn a_change_without_records_leaves_no_trace(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    assert_eq!(store.begin(&ctx, "nothing").commit().await.unwrap(), Vec::new());
    assert_eq!(*store.head().borrow(), 0);
}

pub async fn one_change_may_write_a_record_twice(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let mut one = chore(&store, "first");
    let mut change = store.begin(&ctx, "made and corrected");
    change.create(&one);
    one.title = "second".to_owned();
    change.update(Version(1), &one);
    let receipts = change.commit().await.unwrap();
    assert_eq!(receipts.iter().map(|it| (it.seq, it.version.0)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    assert_eq!(store.get::<Chore>(one.id).await.unwrap().unwrap().title, "second");
    let entries = store.feed(0, 10).await.unwrap();
    assert_eq!(entries[1].prev_commitment, Some(entries[0].commitment));
}

pub async fn of_many_who_update_one_version_exactly_one_wins(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let one = chore(&store, "one");
    create(&store, std::slice::from_ref(&one)).await.unwrap();
    for round in 1..=5 {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..16 {
            let (store, mut one) = (store.clone(), one.clone());
            tasks.spawn(async move {
                one.weight = number;
                let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
                let mut change = store.begin(&ctx, "race");
                change.update(Version(round), &one);
                change.commit().await.map(|_| number)
            });
        }
        let outcomes = tasks.join_all().await;
        let winners: Vec<i64> = outcomes.iter().filter_map(|it| it.as_ref().ok().copied()).collect();
        assert_eq!(winners.len(), 1);
        assert!(outcomes.iter().flat_map(|it| it.as_ref().err()).all(|it| it.code() == "store.conflict"));
        assert_eq!(store.get::<Chore>(one.id).await.unwrap().unwrap().weight, winners[0]);
    }
}

pub async fn sequence_numbers_have_no_gap_under_failing_and_parallel_changes(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..16 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut written = Vec::new();
            for round in 0..20 {
                let mut batch = [chore(&store, "a"), chore(&store, "b")];
                // Every third change ends with a value that is taken, after its first record was written.
                batch[1].number =
                    Some(if round % 3 == 2 { "taken".into() } else { format!("{writer}-{round}") });
                match create(&store, &batch).await {
                    Ok(receipts) => written.extend(receipts.into_iter().map(|it| it.seq)),
                    Err(error) => assert_eq!(error.code(), "store.not_unique"),
                }
            }
            written
        });
    }
    let mut all: Vec<u64> = tasks.join_all().await.into_iter().flatten().collect();
    all.sort_unstable();
    let count = u64::try_from(all.len()).unwrap();
    assert!(0 < count);
    assert_eq!(all, (1..=count).collect::<Vec<_>>());
    let feed: Vec<u64> = store.feed(0, 10_000).await.unwrap().into_iter().map(|it| it.seq).collect();
    assert_eq!(feed, all);
    assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
}

pub async fn a_unique_field_is_unique_and_no_value_may_be_shared(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::SystemAdministrator);
    let mut change = store.begin(&ctx, "two persons");
    change.create(&person("li.wei", None));
    change.create(&person("wang.fang", None));
    change.commit().await.unwrap();
    let mut change = store.begin(&ctx, "a namesake");
    change.create(&person("li.wei", None));
    let refused = change.commit().await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::NotUnique { kind, field } if kind == "person" && field == "user_name"),
        "{refused}"
    );
    // Any number of records may have none.
    create(&store, &[chore(&store, "a"), chore(&store, "b")]).await.unwrap();
    let query = Query::new("by_number").equal(IndexValue::Null);
    assert_eq!(store.list::<Chore>(query).await.unwrap().items.len(), 2);
}

pub async fn a_unique_value_that_was_given_up_may_be_taken(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let (mut one, mut two) = (chore(&store, "one"), chore(&store, "two"));
    one.number = Some("1".to_owned());
    create(&store, &[one.clone(), two.clone()]).await.unwrap();
    two.number = Some("1".to_owned());
    let mut change = store.begin(&ctx, "taken");
    change.update(Version(1), &two);
    assert_eq!(change.commit().await.unwrap_err().code(), "store.not_unique");
    one.number = None;
    let mut change = store.begin(&ctx, "given up and taken in one change");
    change.update(Version(1), &one);
    change.update(Version(1), &two);
    change.commit().await.unwrap();
    // Writing a record with its own value again is no clash.
    let mut change = store.begin(&ctx, "the same again");
    change.update(Version(2), &two);
    change.commit().await.unwrap();
}

pub async fn a_kind_that_was_not_declared_is_refused(make: MakeBed) {
    let bed = make();
    let store = (bed.open)(Vec::new()).unwrap();
    let ctx = context(&FakeClock::default(), Role::SystemAdministrator);
    let mut change = store.begin(&ctx, "x");
    change.create(&person("li.wei", None));
    assert_eq!(change.commit().await.unwrap_err().code(), "store.unknown_kind");
    assert_eq!(store.list::<Chore>(Query::all()).await.unwrap_err().code(), "store.unknown_kind");
}

pub async fn new_ids_sort_in_the_order_in_which_they_were_made(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let mut last: TaskId = store.begin(&ctx, "x").new_id();
    for _ in 0..50 {
        let mut change = store.begin(&ctx, "x");
        for _ in 0..50 {
            let next: TaskId = change.new_id();
            assert!(last < next);
            last = next;
        }
    }
}
