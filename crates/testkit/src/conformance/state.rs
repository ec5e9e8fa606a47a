//! Claims about operational state.

use hutong_kernel::{Clock as _, PersonId};
use hutong_store::{Credential, Failures, LockRule, Session, operational};
use jiff::{SignedDuration, Timestamp};

use super::MakeBed;
use super::records::{Chore, chore, create};
use crate::{FakeClock, person};
use hutong_store::Record as _;

fn session(token: u8, person: PersonId, now: Timestamp) -> Session {
    Session {
        token_hash: [token; 32],
        person,
        created_at: now,
        seen_at: now,
        expires_at: now + SignedDuration::from_hours(1),
        data: "{}".to_owned(),
    }
}

pub async fn sessions_live_until_they_expire_or_are_ended(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let state = store.operational();
    let now = FakeClock::default().now();
    let hour = SignedDuration::from_hours(1);
    let (li, wang) = (person("li", None).id, person("wang", None).id);
    for (token, who) in [(1, li), (2, li), (3, wang), (4, li)] {
        assert!(state.create_session(session(token, who, now)).await.unwrap());
    }
    assert!(!state.create_session(session(1, wang, now)).await.unwrap(), "a token is nobody else's");
    assert_eq!(state.session([1; 32], now).await.unwrap(), Some(session(1, li, now)));
    assert_eq!(state.session([9; 32], now).await.unwrap(), None);
    assert_eq!(state.session([1; 32], now + hour).await.unwrap(), None, "it has expired");

    assert!(state.touch_session([1; 32], now + hour / 2, now + hour * 2).await.unwrap());
    assert!(!state.touch_session([9; 32], now, now).await.unwrap());
    let touched = state.session([1; 32], now + hour).await.unwrap().unwrap();
    assert_eq!((touched.created_at, touched.seen_at), (now, now + hour / 2));

    assert!(state.delete_session([2; 32]).await.unwrap());
    assert!(!state.delete_session([2; 32]).await.unwrap());
    assert_eq!(state.delete_expired_sessions(now + hour).await.unwrap(), 2);
    assert_eq!(state.delete_sessions_of(li).await.unwrap(), 1);
    assert_eq!(state.session([1; 32], now).await.unwrap(), None);
    let mut heavy = session(5, li, now);
    heavy.data = "x".repeat(100_000);
    assert!(state.create_session(heavy).await.is_err());
}

pub async fn a_credential_is_set_replaced_and_taken_away(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let state = store.operational();
    let who = person("li", None).id;
    assert_eq!(state.credential(who).await.unwrap(), None);
    let first = Credential {
        hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
        changed_at: FakeClock::default().now(),
        must_change: true,
    };
    let second = Credential { hash: "$argon2id$other".to_owned(), must_change: false, ..first.clone() };
    state.set_credential(who, first.clone()).await.unwrap();
    assert_eq!(state.credential(who).await.unwrap(), Some(first));
    state.set_credential(who, second.clone()).await.unwrap();
    assert_eq!(state.credential(who).await.unwrap(), Some(second));
    assert!(state.delete_credential(who).await.unwrap());
    assert!(!state.delete_credential(who).await.unwrap());
    assert_eq!(state.credential(who).await.unwrap(), None);
}

pub async fn failures_count_in_parallel_and_lock_for_a_time(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let state = store.operational();
    let now = FakeClock::default().now();
    let minutes = SignedDuration::from_mins;
    let rule = LockRule { failures: 5, window: minutes(10), lock: minutes(15) };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let state = state.clone();
        tasks.spawn(async move { state.add_failure("li", now, rule).await.unwrap() });
    }
    let mut counts: Vec<u32> = tasks.join_all().await.into_iter().map(|it| it.count).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 2, 3, 4]);
    assert!(!state.failures("li").await.unwrap().locked_at(now));
    let fifth = state.add_failure("li", now, rule).await.unwrap();
    assert_eq!(fifth, Failures { count: 5, locked_until: Some(now + minutes(15)) });
    assert!(fifth.locked_at(now + minutes(14)) && !fifth.locked_at(now + minutes(15)));
    assert_eq!(state.failures("li").await.unwrap(), fifth);
    assert_eq!(state.failures("wang").await.unwrap(), Failures::default());
    // Trying on while it is locked does not prolong the lock.
    let sixth = state.add_failure("li", now + minutes(5), rule).await.unwrap();
    assert_eq!(sixth.locked_until, Some(now + minutes(15)));
    // When the lock is over, counting begins again.
    let later = state.add_failure("li", now + minutes(15), rule).await.unwrap();
    assert_eq!(later, Failures { count: 1, locked_until: None });
    assert!(state.clear_failures("li").await.unwrap());
    assert!(!state.clear_failures("li").await.unwrap());
    // Slow failures outside the window never lock.
    for round in 0..20 {
        let slow = state.add_failure("slow", now + minutes(10) * round, rule).await.unwrap();
        assert_eq!(slow, Failures { count: 1, locked_until: None });
    }
}

pub async fn a_lease_has_one_holder_at_a_time(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let state = store.operational();
    let now = FakeClock::default().now();
    let at = |seconds: i64| now + SignedDuration::from_secs(seconds);
    let mut tasks = tokio::task::JoinSet::new();
    for node in 0..8 {
        let (state, until) = (state.clone(), at(10));
        tasks.spawn(async move {
            state.acquire_lease("sequencer", &format!("n{node}"), now, until).await.unwrap()
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|it| *it).count(), 1);
    let holder = state.lease("sequencer").await.unwrap().unwrap().holder;
    assert!(
        state.acquire_lease("sequencer", &holder, at(1), at(11)).await.unwrap(),
        "one's own is no obstacle"
    );
    assert!(!state.renew_lease("sequencer", "another", at(2), at(20)).await.unwrap());
    assert!(state.renew_lease("sequencer", &holder, at(2), at(20)).await.unwrap());
    assert!(!state.acquire_lease("sequencer", "another", at(19), at(30)).await.unwrap());
    assert!(!state.renew_lease("sequencer", &holder, at(20), at(30)).await.unwrap(), "it has run out");
    assert!(state.acquire_lease("sequencer", "another", at(20), at(30)).await.unwrap());
    assert!(!state.release_lease("sequencer", &holder).await.unwrap());
    assert!(state.release_lease("sequencer", "another").await.unwrap());
    assert_eq!(state.lease("sequencer").await.unwrap(), None);
    assert!(state.acquire_lease("lights", &holder, at(0), at(10)).await.unwrap());
}

pub async fn followers_keep_their_position(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    assert_eq!(store.operational().follower_position("ledger").await.unwrap(), 0);
    store.operational().set_follower_position("ledger", 17).await.unwrap();
    store.operational().set_follower_position("ledger", 42).await.unwrap();
    store.operational().set_follower_position("search", 3).await.unwrap();
    drop(store);
    let state = bed.store().operational();
    assert_eq!(state.follower_position("ledger").await.unwrap(), 42);
    assert_eq!(state.follower_position("search").await.unwrap(), 3);
}

pub async fn operational_state_leaves_no_trace_in_the_journal(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let state = store.operational();
    let now = FakeClock::default().now();
    let who = person("li", None).id;
    state.create_session(session(1, who, now)).await.unwrap();
    let credential = Credential { hash: "secret-hash".to_owned(), changed_at: now, must_change: false };
    state.set_credential(who, credential).await.unwrap();
    state.acquire_lease("lights", "n1", now, now).await.unwrap();
    state.set_follower_position("ledger", 1).await.unwrap();
    let rule =
        LockRule { failures: 5, window: SignedDuration::from_mins(1), lock: SignedDuration::from_mins(1) };
    state.add_failure("li", now, rule).await.unwrap();
    assert_eq!(*store.head().borrow(), 0);
    assert_eq!(store.feed(0, 10).await.unwrap(), Vec::new());
    create(&store, &[chore(&store, "x")]).await.unwrap();
    assert_eq!(*store.head().borrow(), 1);
}

pub async fn the_list_of_tables_is_closed(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    create(&store, &[chore(&store, "x")]).await.unwrap();
    let mut allowed: Vec<String> = ["journal", "kind", "schema_version"].map(str::to_owned).to_vec();
    allowed.extend(operational::TABLES.iter().map(|it| (*it).to_owned()));
    allowed.extend(store.kinds().map(|it| format!("r_{}", it.kind())));
    allowed.sort();
    assert_eq!(store.engine().tables().await.unwrap(), allowed);
    assert!(allowed.contains(&format!("r_{}", Chore::KIND)));
    assert_eq!(
        operational::TABLES,
        ["op_answer", "op_credential", "op_failure", "op_follower", "op_lease", "op_session"],
        "a new table outside the journal is a decision: say here why it may be forgotten"
    );
}
