//! Claims about what may be stored.

use hutong_kernel::{Role, TaskId};
use hutong_store::limits::{BODY_BYTES_MAX, BODY_DEPTH_MAX};
use hutong_store::{Index, IndexValue, KindSpec, Record, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::MakeBed;
use super::records::{Chore, chore, create};
use crate::{FakeClock, context};

/// A record whose Serialize does what it likes.
#[derive(Clone, Serialize, Deserialize)]
struct Odd {
    id: TaskId,
    #[serde(default)]
    share: Option<f64>,
    #[serde(flatten)]
    more: Value,
}

impl Record for Odd {
    type Id = TaskId;
    const KIND: &'static str = "odd";
    const INDEXES: &'static [Index] = &[];
    fn id(&self) -> TaskId {
        self.id
    }
    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        Vec::new()
    }
}

/// A record that does not read what it writes.
#[derive(Clone, Serialize, Deserialize)]
struct Forgetful {
    id: TaskId,
    #[serde(skip_deserializing)]
    number: u8,
}

impl Record for Forgetful {
    type Id = TaskId;
    const KIND: &'static str = "forgetful";
    const INDEXES: &'static [Index] = &[];
    fn id(&self) -> TaskId {
        self.id
    }
    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        Vec::new()
    }
}

pub async fn bodies_without_one_meaning_are_refused_with_their_code(make: MakeBed) {
    let bed = make();
    let store = (bed.open)(vec![KindSpec::of::<Odd>(), KindSpec::of::<Forgetful>()]).unwrap();
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let mut deep = json!(1);
    for _ in 0..BODY_DEPTH_MAX {
        deep = json!([deep]);
    }
    let id = store.begin(&ctx, "id").new_id::<TaskId>();
    let sound = Odd { id, share: Some(0.25), more: json!({"x": 1}) };
    let cases = [
        (Odd { more: json!({"x": 1, "id": id}), ..sound.clone() }, "store.body.duplicate_key"),
        (Odd { more: json!({"x": "a\0b"}), ..sound.clone() }, "store.body.nul"),
        (Odd { more: json!({"a\0b": 1}), ..sound.clone() }, "store.body.nul"),
        (Odd { share: Some(f64::NAN), ..sound.clone() }, "store.body.number"),
        (Odd { share: Some(f64::INFINITY), ..sound.clone() }, "store.body.number"),
        (Odd { more: json!({"x": 9_007_199_254_740_992_u64}), ..sound.clone() }, "store.body.number"),
        (Odd { more: json!({"x": i64::MIN}), ..sound.clone() }, "store.body.number"),
        (Odd { more: json!({"x": deep}), ..sound.clone() }, "store.body.too_deep"),
    ];
    for (odd, code) in cases {
        let mut change = store.begin(&ctx, "odd");
        change.create(&odd);
        assert_eq!(change.commit().await.unwrap_err().code(), code);
    }
    let mut change = store.begin(&ctx, "forgotten");
    change.create(&Forgetful { id, number: 1 });
    assert_eq!(change.commit().await.unwrap_err().code(), "store.body.round_trip");
    let mut change = store.begin(&ctx, "even");
    change.create(&sound);
    change.commit().await.unwrap();
    assert_eq!(*store.head().borrow(), 1);
    // What comes as text is refused before it becomes a record.
    for (text, code) in [
        (r#"{"a":1,"a":1}"#, "store.body.duplicate_key"),
        (r#"{"a":"\ud800"}"#, "store.body.lone_surrogate"),
        (r#"{"a":"\ud800\u0041"}"#, "store.body.lone_surrogate"),
        (r#"{"a":"\udc00"}"#, "store.body.lone_surrogate"),
        (r#"{"a":"\u0000"}"#, "store.body.nul"),
        (r#"{"a":1e999}"#, "store.body.number"),
        (r#"{"a":9007199254740993}"#, "store.body.number"),
        (r#"{"a":NaN}"#, "store.body.not_json"),
        (r#"{"a":1}x"#, "store.body.not_json"),
        ("", "store.body.not_json"),
        (&"[".repeat(100_000), "store.body.too_deep"),
        (&format!("\"{}\"", "x".repeat(BODY_BYTES_MAX)), "store.body.too_large"),
    ] {
        let refused = canonical::parse(text).unwrap_err();
        assert_eq!(refused.code(), code, "{}: {refused}", text.chars().take(40).collect::<String>());
    }
}

pub async fn a_large_body_is_kept_and_a_larger_one_refused(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let mut large = chore(&store, "large");
    large.more = Value::String("长".repeat(BODY_BYTES_MAX / 3 - 200));
    create(&store, std::slice::from_ref(&large)).await.unwrap();
    assert_eq!(store.get::<Chore>(large.id).await.unwrap().unwrap().record, large);
    assert_eq!(store.entry(1).await.unwrap().unwrap().commitment.len(), 32);
    let mut larger = chore(&store, "larger");
    larger.more = Value::String("长".repeat(BODY_BYTES_MAX / 3 + 1));
    let refused = create(&store, &[larger]).await.unwrap_err();
    assert_eq!(refused.code(), "store.body.too_large");
    assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
}

pub async fn texts_of_all_planes_come_back_byte_for_byte(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let text: String = (1..=0x10_ffff_u32).step_by(97).filter_map(char::from_u32).collect();
    let mut one = chore(&store, "");
    one.title = text.chars().filter(|c| !c.is_control()).take(2_000).collect();
    one.more = json!({"text": text, "\u{7f}\u{80}\u{2028}": "\u{1}\u{1f}\"\\/"});
    create(&store, std::slice::from_ref(&one)).await.unwrap();
    let stored = store.get::<Chore>(one.id).await.unwrap().unwrap();
    assert_eq!(stored.record, one);
    let entry = store.entry(1).await.unwrap().unwrap();
    assert_eq!(hutong_store::commitment(&entry.salt, &entry.canonical), entry.commitment);
    let found = store.list::<Chore>(hutong_store::Query::new("by_title")).await.unwrap();
    assert_eq!(found.items.len(), 1);
}
