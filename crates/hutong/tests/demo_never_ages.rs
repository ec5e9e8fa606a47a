//! The demo district looks the same on whatever day it starts.

use std::collections::BTreeMap;

use hutong::config::{Sources, load};
use hutong::demo::{Fill, fill};
use hutong_kernel::WorkingCalendar;
use hutong_plans::light::Light;
use hutong_plans::task::Task;
use hutong_store::Query;
use hutong_testkit::TempStore;
use jiff::civil::{Date, date};

/// Fills a demo as if on `day`; its lights with their reasons, by the name of what they belong to.
async fn lights_on(day: Date, calendar: &WorkingCalendar) -> BTreeMap<String, String> {
    let (config, _) = load(&Sources::default()).expect("defaults are good");
    let district = config.district(true);
    let now = day.at(9, 30, 0, 0).to_zoned(district.time_zone.clone()).expect("a moment").timestamp();
    let temp = TempStore::open(hutong_plans::kinds()).expect("a store");
    let demo = Fill { store: temp.store(), calendar, district: &district, now };
    fill(&demo, &mut |_, _| {}).await.unwrap_or_else(|error| panic!("filling on {day}: {error:#}"));

    let tasks = temp.store().all::<Task>(Query::all()).await.expect("tasks");
    let indicators =
        temp.store().all::<hutong_plans::indicator::Indicator>(Query::all()).await.expect("indicators");
    let names: BTreeMap<_, _> = tasks
        .iter()
        .map(|it| (hutong_kernel::Id::uuid(it.id), it.title.clone()))
        .chain(indicators.iter().map(|it| (hutong_kernel::Id::uuid(it.id), it.name.clone())))
        .collect();
    let lights = temp.store().all::<Light>(Query::all()).await.expect("lights");
    lights
        .iter()
        .map(|it| {
            let name = names[&hutong_kernel::Id::uuid(it.id)].clone();
            (name, format!("{} ({})", it.state.name(), it.reason.name()))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_lights_burn_on_three_far_days() {
    // A calendar without announced holidays: which days are free differs from year to year, and is not the story.
    let calendar = WorkingCalendar::default();
    let (first, second, third) = tokio::join!(
        lights_on(date(2026, 11, 23), &calendar),
        lights_on(date(2031, 1, 1), &calendar),
        lights_on(date(2044, 4, 2), &calendar),
    );
    insta::assert_json_snapshot!("lights", first);
    assert_eq!(first, second, "on 1 January 2031");
    assert_eq!(first, third, "on 2 April 2044");
}
