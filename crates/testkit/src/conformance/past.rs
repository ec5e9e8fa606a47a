//! Claims about the journal and about reading the past.

use std::time::Duration;

use hutong_kernel::{Clock as _, Id as _, Role};
use hutong_store::{
    COMMITMENT_DOMAIN, JournalQuery, Operation, Record, Sha256, Version, canonical, diff, to_hex,
};
use jiff::SignedDuration;

use super::MakeBed;
use super::records::{Chore, chore, create};
use crate::{FakeClock, context, organisation, system_context};

pub async fn each_entry_names_the_commitment_of_the_version_before(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let one = chore(&store, "one");
    create(&store, &[one.clone(), chore(&store, "between")]).await.unwrap();
    for version in 1..5 {
        let mut change = store.begin(&ctx, "again");
        change.update(Version(version), &one);
        change.commit().await.unwrap();
    }
    let history = store.history(Chore::KIND, one.id.uuid(), None, 100).await.unwrap();
    assert_eq!(history.iter().map(|it| it.version.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!((history[0].op, history[0].prev_commitment), (Operation::Create, None));
    for pair in history.windows(2) {
        assert_eq!((pair[1].op, pair[1].prev_commitment), (Operation::Update, Some(pair[0].commitment)));
        // The same body, and yet nobody can tell from the leaves.
        assert_ne!(pair[0].commitment, pair[1].commitment);
        assert_ne!(pair[0].salt, pair[1].salt);
    }
}

pub async fn a_commitment_is_the_hash_of_domain_salt_and_canonical_text(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    create(&store, &[chore(&store, "one"), chore(&store, "两")]).await.unwrap();
    for entry in store.feed(0, 10).await.unwrap() {
        let bytes = [COMMITMENT_DOMAIN, &entry.salt, entry.canonical.as_bytes()].concat();
        assert_eq!(Sha256::of(&bytes).0, entry.commitment);
    }
    assert_eq!(COMMITMENT_DOMAIN, b"hutong.journal.v1\n");
}

pub async fn the_canonical_text_has_exactly_the_documented_fields(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let mut one = chore(&store, "一\u{1f600}\u{e000}");
    one.more = serde_json::json!({"\u{e000}": 1, "\u{1f600}": 2.50, "a": 1e30});
    create(&store, std::slice::from_ref(&one)).await.unwrap();
    let mut change = store.begin(&ctx, "two");
    change.update(Version(1), &one);
    change.commit().await.unwrap();
    let entries = store.feed(0, 10).await.unwrap();
    let entry = &entries[1];
    let value = canonical::parse(&entry.canonical).unwrap();
    assert_eq!(canonical::to_text(&value).unwrap(), entry.canonical);
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "at",
            "body",
            "entry_id",
            "id",
            "kind",
            "op",
            "prev_commitment",
            "principal",
            "reason",
            "request_id",
            "v",
            "version"
        ]
    );
    assert_eq!(value["v"], 1);
    assert_eq!(value["version"], 2);
    assert_eq!(value["op"], "update");
    assert_eq!(value["kind"], "chore");
    assert_eq!(value["id"], one.id.to_string());
    assert_eq!(value["entry_id"], entry.entry_id.to_string());
    assert_eq!(value["at"], ctx.now.to_string());
    assert_eq!(value["prev_commitment"], to_hex(&entries[0].commitment));
    assert_eq!(value["body"], serde_json::to_value(&one).unwrap());
    assert_eq!(value["principal"], serde_json::to_value(&ctx.principal).unwrap());
    assert!(
        entry.canonical.contains("\"more\":{\"a\":1e+30,\"\u{1f600}\":2.5,\"\u{e000}\":1}"),
        "{}",
        entry.canonical
    );
}

pub async fn the_past_reads_as_of_any_moment(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    let start = clock.now();
    let mut one = chore(&store, "v1");
    let mut moments = Vec::new();
    for version in 1..=4 {
        clock.advance(SignedDuration::from_hours(1));
        one.title = format!("v{version}");
        let mut change = store.begin(&context(&clock, Role::PlanSupervisor), "on");
        if version == 1 {
            change.create(&one)
        } else {
            change.update(Version(version - 1), &one)
        }
        change.commit().await.unwrap();
        moments.push(clock.now());
    }
    assert_eq!(store.get_as_of::<Chore>(one.id, start).await.unwrap(), None);
    for (moment, version) in moments.iter().zip(1_u64..) {
        let instant = SignedDuration::from_micros(1);
        let then = store.get_as_of::<Chore>(one.id, *moment).await.unwrap().unwrap();
        assert_eq!(
            (then.title.clone(), then.version, then.changed_at),
            (format!("v{version}"), Version(version), *moment)
        );
        let before =
            store.get_as_of::<Chore>(one.id, *moment - instant).await.unwrap().map(|it| it.version.0);
        assert_eq!(before, version.checked_sub(1).filter(|it| 0 < *it));
        let exactly = store.get_version::<Chore>(one.id, Version(version)).await.unwrap().unwrap();
        assert_eq!(exactly, then);
    }
    assert_eq!(store.get_version::<Chore>(one.id, Version(5)).await.unwrap(), None);
    assert_eq!(store.get_version::<Chore>(one.id, Version(0)).await.unwrap(), None);
}

pub async fn a_history_is_told_from_the_first_version_on(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let mut one = chore(&store, "v1");
    create(&store, std::slice::from_ref(&one)).await.unwrap();
    for version in 1..7 {
        one.title = format!("v{}", version + 1);
        let mut change = store.begin(&ctx, "on");
        change.update(Version(version), &one);
        change.commit().await.unwrap();
    }
    let mut versions = Vec::new();
    let mut after = None;
    loop {
        let page = store.history(Chore::KIND, one.id.uuid(), after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.version.0);
        versions.extend(page.iter().map(|it| it.version.0));
    }
    assert_eq!(versions, [1, 2, 3, 4, 5, 6, 7]);
    let entry = |version| store.entry_of(Chore::KIND, one.id.uuid(), Version(version));
    let (first, last) = (entry(1).await.unwrap().unwrap(), entry(7).await.unwrap().unwrap());
    let changes = diff(&first.body, &last.body);
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].path.as_str(), changes[0].new.clone()), ("/title", Some("v7".into())));
    assert_eq!(entry(8).await.unwrap(), None);
    assert_eq!(store.history("nothing", one.id.uuid(), None, 3).await.unwrap(), Vec::new());
}

pub async fn the_journal_is_filtered_and_paged_in_both_directions(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    let supervisor = context(&clock, Role::PlanSupervisor);
    let administrator = context(&clock, Role::SystemAdministrator);
    let job = system_context(&clock, "lights");
    let one = chore(&store, "one");
    for round in 0..10_u64 {
        let mut change = store.begin(&supervisor, "one");
        if round == 0 {
            change.create(&one)
        } else {
            change.update(Version(round), &one)
        }
        change.commit().await.unwrap();
        let mut change = store.begin(&administrator, "two");
        change.create(&organisation(&format!("第{round}局")));
        change.create(&chore(&store, "of the administrator"));
        change.commit().await.unwrap();
        let mut change = store.begin(&job, "three");
        change.create(&chore(&store, "of a job"));
        change.commit().await.unwrap();
    }
    let everything = store.feed(0, 100).await.unwrap();
    assert_eq!(everything.len(), 40);

    let person = administrator.principal.person();
    let base = JournalQuery::default;
    let filters = [
        base(),
        JournalQuery { kind: Some("chore".to_owned()), ..base() },
        JournalQuery { record: Some(one.id.uuid()), ..base() },
        JournalQuery { person, ..base() },
        JournalQuery { person, kind: Some("organisation".to_owned()), ..base() },
        JournalQuery { person, record: Some(one.id.uuid()), ..base() },
        JournalQuery { record: Some(one.id.uuid()), kind: Some("chore".to_owned()), ..base() },
        JournalQuery { kind: Some("nothing".to_owned()), ..base() },
    ];
    for filter in filters {
        let expected: Vec<u64> = everything
            .iter()
            .filter(|entry| filter.kind.as_ref().is_none_or(|it| *it == entry.kind))
            .filter(|entry| filter.record.is_none_or(|it| it == entry.id))
            .filter(|entry| filter.person.is_none_or(|it| Some(it) == entry.principal.person()))
            .map(|entry| entry.seq)
            .collect();
        let (mut back, mut on) = (Vec::new(), Vec::new());
        let (mut before, mut after) = (None, Some(0));
        loop {
            let page = store.journal(JournalQuery { before, limit: 7, ..filter.clone() }).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.seq);
            back.extend(page.iter().map(|it| it.seq));
        }
        loop {
            let page = store.journal(JournalQuery { after, limit: 7, ..filter.clone() }).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.seq);
            on.extend(page.iter().map(|it| it.seq));
        }
        assert_eq!(on, expected, "{filter:?}");
        back.reverse();
        assert_eq!(back, expected, "{filter:?}");
    }
    let between = store.journal(JournalQuery { after: Some(10), before: Some(14), ..base() }).await.unwrap();
    assert_eq!(between.iter().map(|it| it.seq).collect::<Vec<_>>(), [13, 12, 11]);
}

pub async fn the_feed_is_ordered_and_resumes_anywhere(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    for _ in 0..5 {
        create(&store, &[chore(&store, "a"), chore(&store, "b"), chore(&store, "c")]).await.unwrap();
    }
    for limit in [1, 4, 100] {
        let (mut after, mut seen) = (0, Vec::new());
        loop {
            let piece = store.feed(after, limit).await.unwrap();
            let Some(last) = piece.last() else { break };
            after = last.seq;
            seen.extend(piece.iter().map(|it| it.seq));
        }
        assert_eq!(seen, (1..=15).collect::<Vec<_>>());
    }
    assert_eq!(store.entry(9).await.unwrap().unwrap().seq, 9);
    assert_eq!(store.entry(0).await.unwrap(), None);
    assert_eq!(store.entry(16).await.unwrap(), None);
    assert_eq!(store.feed(u64::MAX, 10).await.unwrap(), Vec::new());
}

pub async fn the_head_tells_only_what_can_be_read(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let mut head = store.head();
    assert_eq!(*head.borrow(), 0);
    let following = tokio::spawn({
        let store = store.clone();
        async move {
            let mut after = 0;
            while after < 200 {
                tokio::time::timeout(Duration::from_secs(20), head.changed()).await.unwrap().unwrap();
                let told = *head.borrow_and_update();
                let piece = store.feed(after, 1_000).await.unwrap();
                let read = piece.last().map_or(after, |it| it.seq);
                assert!(told <= read, "{told} was told, {read} can be read");
                assert!(piece.iter().zip(after + 1..).all(|(entry, seq)| entry.seq == seq));
                after = read;
            }
        }
    });
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            for _ in 0..25 {
                let receipts = create(&store, &[chore(&store, "x")]).await.unwrap();
                assert!(receipts[0].seq <= *store.head().borrow());
            }
        });
    }
    tasks.join_all().await;
    following.await.unwrap();
}
