//! The demo district: invented bodies and people, two plans with their history, and a draft that waits.
//!
//! It is laid out relative to the day on which it starts, so that it never ages: what is late is late by the same
//! number of days whenever somebody looks. Everything goes through the services that people use, as the persons
//! who would have done it, at moments in the past; there is no other way in, and the journal is a real one.

use anyhow::{Context, anyhow};
use hutong_kernel::refusal::{AnyRefusal, Refusal};
use hutong_kernel::{District, OpContext, Principal, WorkingCalendar};
use hutong_store::Store;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

mod district;
mod documents;
mod indicators;
mod tasks;

use district::People;

/// What the demo is filled for.
pub struct Fill<'a> {
    /// Where it goes; must be empty.
    pub store: &'a Store,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    /// The district.
    pub district: &'a District,
    /// The moment on which it is laid out.
    pub now: Timestamp,
}

/// Told how many steps are done, and how many there are.
pub type Told<'a> = &'a mut dyn FnMut(u64, u64);

/// The calendar of the story: days of the past as the district's moments.
#[derive(Debug, Clone)]
struct Story {
    district: District,
    now: Timestamp,
    /// The district's date on which it is laid out.
    today: Date,
    /// First day of both large plans.
    first_day: Date,
    steps: std::cell::Cell<i64>,
}

impl Story {
    fn new(district: &District, now: Timestamp) -> Self {
        let today = district.date(now);
        // Half a year ahead decides which year ends the three-year plan: then the plan has between half a year
        // and a year and a half before it, and as much more behind it, on every day of the year.
        let last_year = today.checked_add(180.days()).map_or(today.year(), |it| it.year());
        let first_day = Date::new(last_year - 2, 1, 1).unwrap_or(today);
        Self { district: district.clone(), now, today, first_day, steps: std::cell::Cell::new(0) }
    }

    /// Year of the plans, the first being 1.
    fn year(&self, number: i16) -> i16 {
        self.first_day.year() + number - 1
    }

    /// A day so many days after the day of the demo, or before it.
    fn day(&self, days: i32) -> Date {
        self.today.checked_add(days.days()).unwrap_or(self.today)
    }

    /// Last days of the quarters that are over, the newest first, since `from`.
    fn quarter_ends(&self, from: Date) -> Vec<Date> {
        let mut ends = Vec::new();
        let mut month = self.today.first_of_month();
        while from < month {
            let Ok(end) = month.yesterday() else { break };
            if end.month() % 3 == 0 {
                ends.push(end);
            }
            month = end.first_of_month();
        }
        ends
    }

    /// A moment of office hours on `day`, after every moment given before, and never in the future.
    fn moment(&self, day: Date) -> Timestamp {
        let step = self.steps.get();
        self.steps.set(step + 1);
        let nine = day
            .at(9, 0, 0, 0)
            .to_zoned(self.district.time_zone.clone())
            .map_or(self.now, |it| it.timestamp());
        let within = nine.saturating_add(SignedDuration::from_millis(step * 700)).unwrap_or(self.now);
        // The day of the demo itself has begun only some time ago.
        let latest = self.now.saturating_sub(SignedDuration::from_secs(600)).unwrap_or(self.now);
        within
            .min(latest.saturating_add(SignedDuration::from_millis(step * 50)).unwrap_or(self.now))
            .min(self.now)
    }

    /// What somebody does on a day.
    fn context(&self, principal: Principal, day: Date) -> OpContext {
        let now = self.moment(day);
        OpContext {
            principal,
            request_id: format!("demo-{:05}", self.steps.get()),
            now,
            // At a quarter past midnight the moment falls on the day before; the story's day counts.
            today: day,
            idempotency_key: None,
        }
    }
}

/// A refusal here is a mistake in the demo's data, and its code says which.
fn fault(doing: &str, refusal: &dyn Refusal) -> anyhow::Error {
    anyhow!("{doing}: {refusal} [{}] {:?}", refusal.code(), refusal.values())
}

fn any_fault(doing: &str) -> impl FnOnce(AnyRefusal) -> anyhow::Error + '_ {
    move |refusal| fault(doing, refusal.0.as_ref())
}

/// Fills an empty store.
///
/// # Errors
/// A store that fails, or a mistake in the demo's data.
pub async fn fill(fill: &Fill<'_>, told: Told<'_>) -> anyhow::Result<()> {
    anyhow::ensure!(*fill.store.head().borrow() == 0, "the store is not empty");
    let story = Story::new(fill.district, fill.now);
    let people = district::found(fill.store, &story).await.context("founding the demo district")?;
    let deeds = Deeds { fill, story: &story, people: &people };
    let mut steps = deeds.plan_steps().await.context("adopting the demo's plans")?;
    // In the order of their days; on one day in the order in which they were thought of.
    steps.sort_by_key(|step| step.day);
    let total = u64::try_from(steps.len()).unwrap_or(u64::MAX);
    for (done, step) in (1_u64..).zip(steps) {
        let what = format!("{:?} on {}", step.deed, step.day);
        deeds.carry_out(step).await.context(what)?;
        told(done, total);
    }
    Ok(())
}

/// Who does what with what.
struct Deeds<'a> {
    fill: &'a Fill<'a>,
    story: &'a Story,
    people: &'a People,
}

/// Something that somebody does on a day.
#[derive(Debug, Clone)]
struct Step {
    day: Date,
    deed: Deed,
}

/// What somebody does.
#[derive(Debug, Clone)]
enum Deed {
    /// Something about a task.
    Task(tasks::TaskDeed),
    /// Something about an indicator.
    Indicator(indicators::IndicatorDeed),
    /// The system computes the lights of the day.
    Lights,
    /// The supervisor puts the small recent plan into force.
    RecentPlan,
    /// Somebody hands in a document that waits for review.
    Draft,
}

impl Deeds<'_> {
    fn plans<'b>(&'b self, ctx: &'b OpContext) -> hutong_plans::services::Plans<'b> {
        hutong_plans::services::Plans::new(self.fill.store, self.fill.calendar, ctx)
    }

    /// Adopts the two large plans and lays out everything that follows.
    async fn plan_steps(&self) -> anyhow::Result<Vec<Step>> {
        let mut steps = self.indicator_steps().await?;
        steps.extend(self.task_steps().await?);
        steps.push(Step { day: self.story.day(-4), deed: Deed::RecentPlan });
        steps.push(Step { day: self.story.day(-1), deed: Deed::Draft });
        // What became late between two deeds is noticed on its own day.
        steps.extend(
            [-94, -34, -19, -14, 0].map(|days| Step { day: self.story.day(days), deed: Deed::Lights }),
        );
        Ok(steps)
    }

    async fn carry_out(&self, step: Step) -> anyhow::Result<()> {
        match step.deed {
            Deed::Task(deed) => self.do_task(step.day, deed).await,
            Deed::Indicator(deed) => self.do_indicator(step.day, deed).await,
            Deed::Lights => {
                let ctx = self.story.context(Principal::System { job: "lights".to_owned() }, step.day);
                self.plans(&ctx).refresh_lights().await.map_err(|it| fault("lights", it.refusal()))?;
                Ok(())
            }
            Deed::RecentPlan => self.adopt_recent(step.day).await,
            Deed::Draft => self.hand_in_draft(step.day).await,
        }
    }
}
