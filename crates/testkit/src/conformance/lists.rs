//! Claims about lists.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hutong_kernel::{OrganisationId, Role, TaskId};
use hutong_store::{Count, Cursor, Index, IndexValue, KindSpec, Query, Record, Version};
use serde::{Deserialize, Serialize};

use super::MakeBed;
use super::records::{Chore, chore, create, march};
use crate::{FakeClock, context, organisation};

async fn titles(store: &hutong_store::Store, query: Query) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let page = store.list::<Chore>(query.clone().limit(2).after(after)).await.unwrap();
        all.extend(page.items.iter().map(|it| it.title.clone()));
        match page.next {
            // Through its text, as a link carries it.
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return all,
        }
    }
}

pub async fn lists_are_sorted_by_the_declared_field_then_by_id(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let owner = organisation("区测试局").id;
    let mut chores = Vec::new();
    for (title, due, weight, mine) in [
        ("a", march(9), 5, true),
        ("b", None, -3, true),
        ("c", march(2), 0, true),
        ("d", march(9), 5, false),
        ("e", None, 70, true),
        ("f", march(10), -3, true),
        ("g", march(2), i64::from(i32::MIN), true),
    ] {
        let mut one = chore(&store, title);
        (one.due, one.weight, one.owner) = (due, weight, mine.then_some(owner));
        chores.push(one);
    }
    create(&store, &chores).await.unwrap();

    let up = |query: Query| titles(&store, query);
    assert_eq!(up(Query::new("by_due")).await.concat(), "becgadf");
    assert_eq!(up(Query::new("by_due").descending()).await.concat(), "fdagceb");
    assert_eq!(up(Query::new("by_owner").equal(owner)).await.concat(), "becgaf");
    assert_eq!(up(Query::new("by_owner").equal(owner).descending()).await.concat(), "fagceb");
    assert_eq!(up(Query::new("by_owner").equal(IndexValue::Null)).await.concat(), "d");
    assert_eq!(up(Query::new("by_state").equal(owner).equal(false)).await.concat(), "gbfcae");
    assert_eq!(up(Query::new("by_state").equal(owner).equal(false).descending()).await.concat(), "eacfbg");
    assert_eq!(up(Query::new("by_state").equal(owner).equal(true)).await.concat(), "");
    assert_eq!(up(Query::all()).await.concat(), "abcdefg");
    assert_eq!(up(Query::all().descending()).await.concat(), "gfedcba");
    assert_eq!(up(Query::new("by_done").equal(false)).await.concat(), "abcdefg");

    let mut changed = chores[0].clone();
    (changed.title, changed.due) = ("z".to_owned(), march(1));
    let mut change = store.begin(&context(&FakeClock::default(), Role::PlanSupervisor), "moved");
    change.update(Version(1), &changed);
    change.commit().await.unwrap();
    assert_eq!(up(Query::new("by_due")).await.concat(), "bezcgdf");
    // Texts sort by their bytes.
    let words = ["Z", "a", "é", "中", "\u{e000}", "\u{1f600}"];
    let more: Vec<Chore> = words.iter().rev().map(|word| chore(&store, &format!("~{word}"))).collect();
    create(&store, &more).await.unwrap();
    let sorted = up(Query::new("by_title").between(Some("~".into()), None)).await;
    assert_eq!(sorted, words.map(|word| format!("~{word}")));
}

pub async fn a_range_includes_its_bounds_and_never_a_missing_value(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let mut chores: Vec<Chore> = (1..=9_u8)
        .map(|day| {
            let mut one = chore(&store, &day.to_string());
            one.due = march(day);
            one
        })
        .collect();
    chores.push(chore(&store, "none"));
    create(&store, &chores).await.unwrap();
    let between = |from: Option<u8>, to: Option<u8>| {
        let day = |day: Option<u8>| day.map(|day| IndexValue::from(march(day)));
        Query::new("by_due").between(day(from), day(to))
    };
    assert_eq!(titles(&store, between(Some(3), Some(5))).await.concat(), "345");
    assert_eq!(titles(&store, between(Some(3), Some(5)).descending()).await.concat(), "543");
    assert_eq!(titles(&store, between(None, Some(2))).await.concat(), "12");
    assert_eq!(titles(&store, between(Some(8), None)).await.concat(), "89");
    assert_eq!(titles(&store, between(None, None)).await.concat(), "123456789");
    assert_eq!(titles(&store, between(Some(5), Some(3))).await.concat(), "");
    let page = store.list::<Chore>(between(Some(3), Some(5)).limit(1)).await.unwrap();
    assert_eq!(page.count, Count::Exact(3));
}

pub async fn pages_are_complete_and_without_duplicates_while_others_write(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let chores: Vec<Chore> = (0..400)
        .map(|number| {
            let mut one = chore(&store, &format!("{:03}", number * 7 % 400));
            one.due = (number % 5 != 0).then(|| march(1 + u8::try_from(number % 28).unwrap())).flatten();
            one
        })
        .collect();
    create(&store, &chores).await.unwrap();
    let there: BTreeSet<TaskId> = chores.iter().map(|it| it.id).collect();
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (store, stop) = (store.clone(), Arc::clone(&stop));
        async move {
            let mut number = 0_u8;
            while !stop.load(Ordering::Relaxed) {
                number = number.wrapping_add(1);
                let mut one = chore(&store, &format!("{number:03}-new"));
                one.due = march(1 + number % 28);
                create(&store, &[one]).await.unwrap();
            }
        }
    });
    for query in
        [Query::all(), Query::new("by_title"), Query::new("by_due"), Query::new("by_done").equal(false)]
    {
        for query in [query.clone(), query.descending()] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = store.list::<Chore>(query.clone().limit(17).after(after)).await.unwrap();
                seen.extend(page.items.iter().map(|it| it.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let distinct: BTreeSet<TaskId> = seen.iter().copied().collect();
            assert_eq!(distinct.len(), seen.len(), "{query:?} shows a record twice");
            assert!(there.is_subset(&distinct), "{query:?} leaves a record out");
        }
    }
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
}

pub async fn counts_are_exact_up_to_their_bound(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let count =
        async || store.list::<Chore>(Query::new("by_done").equal(false).limit(1)).await.unwrap().count;
    assert_eq!(count().await, Count::Exact(0));
    let many = |number: usize| (0..number).map(|_| chore(&store, "x")).collect::<Vec<_>>();
    create(&store, &many(999)).await.unwrap();
    assert_eq!(count().await, Count::Exact(999));
    create(&store, &many(1)).await.unwrap();
    assert_eq!(count().await, Count::Exact(1_000));
    create(&store, &many(1)).await.unwrap();
    assert_eq!(count().await, Count::AtLeast(1_000));
    let page = store.list::<Chore>(Query::new("by_done").equal(true)).await.unwrap();
    assert_eq!((page.items.len(), page.count, page.next), (0, Count::Exact(0), None));
}

pub async fn every_declared_list_is_answered_from_its_index(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let owner = organisation("区测试局").id;
    let chores: Vec<Chore> = (0..300)
        .map(|number| {
            let mut one = chore(&store, &number.to_string());
            (one.weight, one.owner) = (number, (number % 3 == 0).then_some(owner));
            (one.due, one.done) = (march(1 + u8::try_from(number % 28).unwrap()), number % 2 == 0);
            one
        })
        .collect();
    create(&store, &chores).await.unwrap();
    let by_index = |name: &'static str| match name {
        "by_owner" => Query::new(name).equal(owner),
        "by_state" => Query::new(name).equal(owner).equal(true),
        "by_done" => Query::new(name).equal(true),
        "by_number" => Query::new(name).equal("1"),
        _ => Query::new(name),
    };
    for index in Chore::INDEXES.iter().map(|it| it.name).chain(["all"]) {
        for query in [by_index(index), by_index(index).descending()] {
            let next = store.list::<Chore>(query.clone().limit(2)).await.unwrap().next;
            let mut queries = vec![query.clone().limit(50), query.clone().limit(50).after(next)];
            if Chore::INDEXES.iter().any(|it| it.name == index && it.sort.is_some()) {
                let ranged = query.between(Some(march(3).into()), Some(march(20).into()));
                queries.extend([ranged.clone(), ranged.limit(50).after(queries[1].after.clone())]);
            }
            for query in queries {
                let plan = store.explain::<Chore>(query.clone()).await.unwrap();
                assert!(plan.by_index_only, "{query:?}: {:#?}", plan.words);
            }
        }
    }
}

pub async fn a_list_that_was_not_declared_is_refused(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    for query in [
        Query::new("by_weather"),
        Query::new("by_owner"),
        Query::new("by_owner").equal("a").equal("b"),
        Query::new("by_done").equal(true).between(Some(1_i64.into()), None),
        Query::all().equal(1_i64),
    ] {
        let refused = store.list::<Chore>(query.clone()).await.unwrap_err();
        assert_eq!(refused.code(), "store.unknown_index", "{query:?}");
    }
    // A limit out of bounds is cut, not refused.
    create(&store, &(0..250).map(|_| chore(&store, "x")).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(store.list::<Chore>(Query::all().limit(0)).await.unwrap().items.len(), 1);
    assert_eq!(store.list::<Chore>(Query::all().limit(usize::MAX)).await.unwrap().items.len(), 200);
}

pub async fn a_cursor_of_another_list_is_refused(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    create(&store, &[chore(&store, "a"), chore(&store, "b")]).await.unwrap();
    let query = Query::new("by_done").equal(false).limit(1);
    let cursor = store.list::<Chore>(query.clone()).await.unwrap().next.unwrap();
    for other in [
        Query::all(),
        Query::new("by_done").equal(true),
        Query::new("by_done").equal(false).descending(),
        Query::new("by_title"),
    ] {
        let refused = store.list::<Chore>(other.after(Some(cursor.clone()))).await.unwrap_err();
        assert_eq!(refused.code(), "store.cursor");
    }
    assert_eq!(store.list::<Chore>(query.after(Some(cursor))).await.unwrap().items.len(), 1);
    for text in ["", "?", "e30", "bm90IGpzb24", "../../etc/passwd"] {
        assert_eq!(text.parse::<Cursor>().unwrap_err().code(), "store.cursor");
    }
}

pub async fn all_follows_the_pages_to_the_end(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let chores: Vec<Chore> = (0..450).map(|number| chore(&store, &format!("{number:03}"))).collect();
    create(&store, &chores).await.unwrap();
    let all = store.all::<Chore>(Query::new("by_title").descending().limit(3)).await.unwrap();
    let expected: Vec<String> = (0..450).rev().map(|number| format!("{number:03}")).collect();
    assert_eq!(all.iter().map(|it| it.title.clone()).collect::<Vec<_>>(), expected);
}

/// The chore after its declaration was changed: other lists, another unique field.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ChoreLater {
    id: TaskId,
    title: String,
    owner: Option<OrganisationId>,
    weight: i64,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

impl Record for ChoreLater {
    type Id = TaskId;
    const KIND: &'static str = "chore";
    const INDEXES: &'static [Index] = &[
        Index { name: "by_weight", equals: &[], sort: Some("weight") },
        Index { name: "by_owner", equals: &["owner"], sort: Some("length") },
    ];
    const UNIQUE: &'static [&'static str] = &["title"];

    fn id(&self) -> TaskId {
        self.id
    }

    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        vec![
            ("weight", self.weight.into()),
            ("owner", self.owner.into()),
            ("title", self.title.as_str().into()),
            ("length", i64::try_from(self.title.len()).unwrap_or(i64::MAX).into()),
        ]
    }
}

pub async fn a_newly_declared_index_covers_the_old_records(make: MakeBed) {
    let bed = make();
    let owner = organisation("区测试局").id;
    {
        let store = bed.store();
        let chores: Vec<Chore> = (0..20)
            .map(|number| {
                let mut one = chore(&store, &"x".repeat(20 - usize::try_from(number).unwrap()));
                (one.weight, one.owner) = (number * 7 % 20, Some(owner));
                one
            })
            .collect();
        create(&store, &chores).await.unwrap();
    }
    {
        let store = (bed.open)(vec![KindSpec::of::<ChoreLater>()]).unwrap();
        let by_weight = store.all::<ChoreLater>(Query::new("by_weight")).await.unwrap();
        assert_eq!(by_weight.iter().map(|it| it.weight).collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
        let by_length = store.all::<ChoreLater>(Query::new("by_owner").equal(owner)).await.unwrap();
        assert_eq!(
            by_length.iter().map(|it| it.title.len()).collect::<Vec<_>>(),
            (1..=20).collect::<Vec<_>>()
        );
        assert_eq!(
            store.list::<ChoreLater>(Query::new("by_due")).await.unwrap_err().code(),
            "store.unknown_index"
        );
        assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
        let mut twin = by_weight[0].record.clone();
        twin.title = by_weight[1].title.clone();
        let mut change = store.begin(&context(&FakeClock::default(), Role::PlanSupervisor), "a twin");
        change.update(Version(1), &twin);
        assert_eq!(change.commit().await.unwrap_err().code(), "store.not_unique");
    }
    // And back: nothing of the old declaration was lost.
    let store = bed.store();
    assert_eq!(store.all::<Chore>(Query::new("by_title")).await.unwrap().len(), 20);
    create(&store, &[chore(&store, "x")]).await.unwrap();
    assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
}
