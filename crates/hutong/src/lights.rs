//! The job that keeps the lights: once a day, and after every change.
//!
//! The services compute the lights with each change already. This job is for what they cannot see: a day that
//! begins, and a process that died between a change and its lights. It follows the journal from a stored position;
//! what it does twice changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use hutong_kernel::{Clock, District, OpContext, PlanId, Principal, WorkingCalendar};
use hutong_plans::services::{Plans, ServiceError};
use hutong_store::{JournalEntry, Store};
use jiff::civil::Date;
use tokio::sync::watch;

/// Name under which the position is stored.
const FOLLOWER: &str = "lights";
/// Entries that are read at once.
const CHUNK: usize = 1_000;
/// How often the date is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Changes are collected for so long, so that a flock of them costs one look.
const COLLECT: Duration = Duration::from_millis(500);
/// Pause after a fault.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// What the job needs.
pub struct Lights {
    /// Records and journal.
    pub store: Store,
    /// Which days are worked.
    pub calendar: WorkingCalendar,
    /// The district, for its date.
    pub district: District,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Lights {
    /// Runs until `stop` becomes true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut head = self.store.head();
        let mut done_on: Option<Date> = None;
        loop {
            head.mark_unchanged();
            let pause = match self.look(&mut done_on).await {
                Ok(()) => LOOK_EVERY,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the lights were not computed; trying again"
                    );
                    RETRY_AFTER
                }
            };
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(pause) => {}
                changed = head.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    tokio::time::sleep(COLLECT).await;
                }
            }
        }
    }

    /// Computes what the day and the newest changes ask for.
    async fn look(&self, done_on: &mut Option<Date>) -> Result<(), ServiceError> {
        let ctx = self.context();
        let plans = Plans::new(&self.store, &self.calendar, &ctx);
        if *done_on != Some(ctx.today) {
            let written = plans.refresh_lights().await?;
            tracing::info!(written, today = %ctx.today, "the day's lights were computed");
            *done_on = Some(ctx.today);
        }
        let operational = self.store.operational();
        let mut position = operational.follower_position(FOLLOWER).await?;
        loop {
            let entries = self.store.feed(position, CHUNK).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            position = last.seq;
            for plan in touched(&entries) {
                plans.refresh_lights_of(plan).await?;
            }
            operational.set_follower_position(FOLLOWER, position).await?;
        }
    }

    fn context(&self) -> OpContext {
        let now = self.clock.now();
        OpContext {
            principal: Principal::System { job: FOLLOWER.to_owned() },
            request_id: format!("{FOLLOWER}-{:x}", now.as_millisecond()),
            now,
            today: self.district.date(now),
            idempotency_key: None,
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A dropped sender means that nobody is left who wants lights.
    let _told_or_dropped = stop.wait_for(|stop| *stop).await;
}

/// The plans whose lights may have changed. Lights themselves are what comes out, not what goes in.
fn touched(entries: &[JournalEntry]) -> BTreeSet<PlanId> {
    entries
        .iter()
        .filter_map(|entry| match entry.kind.as_str() {
            "task" | "indicator" | "statement" | "progress_report" => entry.body.get("plan"),
            "plan" => entry.body.get("id"),
            _ => None,
        })
        .filter_map(|id| id.as_str()?.parse().ok())
        .collect()
}
