//! The suite's own kind of record.

use hutong_kernel::{OrganisationId, Role, TaskId};
use hutong_store::{Index, IndexValue, KindSpec, Receipt, Record, Store, StoreError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FakeClock, context, date};

/// Something small to do: enough fields for every sort of list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chore {
    /// Identity.
    pub id: TaskId,
    /// What is to be done.
    pub title: String,
    /// Whose it is.
    pub owner: Option<OrganisationId>,
    /// Until when.
    pub due: Option<Date>,
    /// Is it done?
    pub done: bool,
    /// How much work it is.
    pub weight: i64,
    /// A number that no two have.
    pub number: Option<String>,
    /// Whatever else.
    #[serde(default)]
    pub more: serde_json::Value,
}

impl Record for Chore {
    type Id = TaskId;
    const KIND: &'static str = "chore";
    const INDEXES: &'static [Index] = &[
        Index { name: "by_title", equals: &[], sort: Some("title") },
        Index { name: "by_due", equals: &[], sort: Some("due") },
        Index { name: "by_owner", equals: &["owner"], sort: Some("due") },
        Index { name: "by_state", equals: &["owner", "done"], sort: Some("weight") },
        Index { name: "by_done", equals: &["done"], sort: None },
        Index { name: "by_number", equals: &["number"], sort: None },
    ];
    const UNIQUE: &'static [&'static str] = &["number"];

    fn id(&self) -> TaskId {
        self.id
    }

    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        vec![
            ("title", self.title.as_str().into()),
            ("due", self.due.into()),
            ("owner", self.owner.into()),
            ("done", self.done.into()),
            ("weight", self.weight.into()),
            ("number", self.number.clone().into()),
        ]
    }
}

/// The kinds that the suite's stores are opened with.
pub fn kinds() -> Vec<KindSpec> {
    let mut kinds = hutong_store::spine::kinds();
    kinds.push(KindSpec::of::<Chore>());
    kinds
}

/// A chore with nothing special.
pub(super) fn chore(store: &Store, title: &str) -> Chore {
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let id = store.begin(&ctx, "an id").new_id();
    Chore {
        id,
        title: title.to_owned(),
        owner: None,
        due: None,
        done: false,
        weight: 0,
        number: None,
        more: serde_json::Value::Null,
    }
}

/// The `day`th of March.
pub(super) fn march(day: u8) -> Option<Date> {
    Some(date(&format!("2026-03-{day:02}")))
}

/// Writes new chores in one change.
pub(super) async fn create(store: &Store, chores: &[Chore]) -> Result<Vec<Receipt>, StoreError> {
    let ctx = context(&FakeClock::default(), Role::PlanSupervisor);
    let mut change = store.begin(&ctx, "making chores");
    for chore in chores {
        change.create(chore);
    }
    change.commit().await
}
