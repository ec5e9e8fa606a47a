//! Random commands against a naive model that keeps everything in lists.

use hutong_kernel::{Clock as _, Id as _, Role, TaskId};
use hutong_store::{Count, IndexValue, Query, Record, Store, Version};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::MakeBed;
use super::records::{Chore, chore, march};
use crate::{FakeClock, context};

/// Sequences that are tried.
const CASES: u32 = 12;

#[derive(Debug, Clone)]
enum Command {
    Create {
        title: String,
        due: Option<u8>,
        number: Option<u8>,
    },
    /// Which record (modulo their count), by how much its version is misjudged, what it becomes.
    Update {
        which: usize,
        off: u8,
        due: Option<u8>,
        done: bool,
        number: Option<u8>,
    },
    /// Several in one change; if one fails, all fail.
    Together(Vec<Command>),
    Later(u8),
}

fn single() -> impl Strategy<Value = Command> {
    let due = || proptest::option::of(1..=28_u8);
    let number = || proptest::option::weighted(0.3, 0..4_u8);
    prop_oneof![
        3 => ("[a-c中]{0,2}", due(), number())
            .prop_map(|(title, due, number)| Command::Create { title, due, number }),
        4 => (any::<usize>(), prop_oneof![8 => Just(0_u8), 1 => 1..=2_u8], due(), any::<bool>(), number())
            .prop_map(|(which, off, due, done, number)| Command::Update { which, off, due, done, number }),
        1 => (1..50_u8).prop_map(Command::Later),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![6 => single(), 1 => proptest::collection::vec(single(), 1..4).prop_map(Command::Together)]
}

/// Everything that was ever written, in order.
#[derive(Default, Clone)]
struct Model {
    journal: Vec<(Chore, u64, Timestamp)>,
}

impl Model {
    fn newest(&self) -> Vec<(Chore, u64)> {
        let mut newest: Vec<(Chore, u64)> = Vec::new();
        for (chore, version, _) in &self.journal {
            match newest.iter_mut().find(|it| it.0.id == chore.id) {
                Some(there) => *there = (chore.clone(), *version),
                None => newest.push((chore.clone(), *version)),
            }
        }
        newest.sort_by_key(|it| it.0.id);
        newest
    }

    fn write(&mut self, chore: Chore, version: u64, at: Timestamp) -> Result<(), &'static str> {
        let taken =
            |it: &(Chore, u64)| it.0.id != chore.id && it.0.number.is_some() && it.0.number == chore.number;
        if self.newest().iter().any(taken) {
            return Err("store.not_unique");
        }
        self.journal.push((chore, version, at));
        Ok(())
    }
}

/// Puts commands into a change and applies them to the model; the code of the first refusal.
fn apply(
    commands: &[Command],
    store: &Store,
    change: &mut hutong_store::Change,
    model: &mut Model,
    at: Timestamp,
) -> Result<(), &'static str> {
    let mut outcome = Ok(());
    // Versions are checked for the whole change before anything is written.
    let mut refused_early = Ok(());
    for command in commands {
        match command {
            Command::Create { title, due, number } => {
                let mut one = chore(store, title);
                (one.due, one.number) = (due.and_then(march), number.map(|it| it.to_string()));
                change.create(&one);
                outcome = outcome.and_then(|()| model.write(one, 1, at));
            }
            Command::Update { which, off, due, done, number } => {
                let newest = model.newest();
                if newest.is_empty() {
                    continue;
                }
                let (mut one, version) = newest[which % newest.len()].clone();
                (one.due, one.done, one.number) =
                    (due.and_then(march), *done, number.map(|it| it.to_string()));
                change.update(Version(version + u64::from(*off)), &one);
                if *off != 0 {
                    refused_early = refused_early.and(Err("store.conflict"));
                }
                outcome = outcome.and_then(|()| model.write(one, version + 1, at));
            }
            Command::Together(_) | Command::Later(_) => {}
        }
        // What follows a refusal would be made for versions that there are not.
        if refused_early.is_err() || outcome.is_err() {
            break;
        }
    }
    refused_early.and(outcome)
}

async fn agree(store: &Store, model: &Model) {
    let newest = model.newest();
    let feed = store.feed(0, 10_000).await.unwrap();
    assert_eq!(feed.len(), model.journal.len());
    for ((entry, (chore, version, at)), seq) in feed.iter().zip(&model.journal).zip(1_u64..) {
        assert_eq!((entry.seq, entry.id, entry.version.0, entry.at), (seq, chore.id.uuid(), *version, *at));
        assert_eq!(entry.body, serde_json::to_value(chore).unwrap());
        let then = store.get_as_of::<Chore>(chore.id, *at).await.unwrap().unwrap();
        let expected = model.journal.iter().rfind(|it| it.0.id == chore.id && it.2 <= *at).unwrap();
        assert_eq!((&then.record, then.version.0), (&expected.0, expected.1));
    }
    for (chore, version) in &newest {
        let stored = store.get::<Chore>(chore.id).await.unwrap().unwrap();
        assert_eq!((&stored.record, stored.version.0), (chore, *version));
        let history = store.history(Chore::KIND, chore.id.uuid(), None, 200).await.unwrap();
        assert!(history.iter().map(|it| it.version.0).eq(1..=*version));
    }
    type Fits = fn(&Chore) -> bool;
    type Key = fn(&Chore) -> (IndexValue, TaskId);
    let lists: [(Query, Fits, Key); 5] = [
        (Query::all(), |_| true, |it| (IndexValue::Null, it.id)),
        (Query::new("by_title"), |_| true, |it| (it.title.as_str().into(), it.id)),
        (Query::new("by_due"), |_| true, |it| (it.due.into(), it.id)),
        (
            Query::new("by_due").between(Some(march(7).into()), Some(march(20).into())),
            |it| march(7) <= it.due && it.due <= march(20),
            |it| (it.due.into(), it.id),
        ),
        (Query::new("by_done").equal(true), |it| it.done, |it| (IndexValue::Null, it.id)),
    ];
    for (query, fits, key) in lists {
        let mut expected: Vec<Chore> = newest.iter().map(|it| it.0.clone()).filter(fits).collect();
        expected.sort_by_key(key);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.list::<Chore>(query.clone().limit(3).after(after)).await.unwrap();
            assert_eq!(page.count, Count::Exact(u64::try_from(expected.len()).unwrap()));
            seen.extend(page.items.into_iter().map(|it| it.record));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{query:?}");
        let mut back: Vec<Chore> =
            store.all::<Chore>(query.descending()).await.unwrap().into_iter().map(|it| it.record).collect();
        back.reverse();
        assert_eq!(back, expected);
    }
}

async fn run_commands(make: MakeBed, commands: Vec<Command>) {
    let bed = make();
    let store = bed.store();
    let clock = FakeClock::default();
    let mut model = Model::default();
    for command in commands {
        let commands = match command {
            Command::Later(seconds) => {
                clock.advance(SignedDuration::from_secs(i64::from(seconds)));
                continue;
            }
            Command::Together(commands) => commands,
            command => vec![command],
        };
        let mut change = store.begin(&context(&clock, Role::PlanSupervisor), "by chance");
        let mut after = model.clone();
        let expected = apply(&commands, &store, &mut change, &mut after, clock.now());
        match (change.commit().await, expected) {
            (Ok(_), Ok(())) => model = after,
            (Err(error), Err(code)) => assert_eq!(error.code(), code, "{commands:?}"),
            (got, expected) => assert_eq!(got.map(|_| ()).map_err(|it| it.code()), expected, "{commands:?}"),
        }
    }
    agree(&store, &model).await;
    assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
}

pub async fn random_commands_agree_with_a_naive_model(make: MakeBed) {
    let runtime = tokio::runtime::Handle::current();
    let tried = tokio::task::spawn_blocking(move || {
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let sequences = proptest::collection::vec(command(), 1..60);
        TestRunner::new(config).run(&sequences, |commands| {
            runtime.block_on(run_commands(make, commands));
            Ok(())
        })
    });
    if let Err(failure) = tried.await.expect("the trials end") {
        panic!("{failure}");
    }
}
