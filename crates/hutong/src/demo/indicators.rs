//! The demo's five-year plan: its indicators and what is stated of them.

use std::collections::BTreeMap;

use anyhow::Context;
use hutong_kernel::{IndicatorId, PlanId, Quantity, Unit};
use hutong_plans::edit_indicator::EditIndicator;
use hutong_plans::evaluate_indicator::expected_on;
use hutong_plans::indicator::{Binding, EntryMode, Indicator};
use hutong_plans::reading::TargetContent;
use hutong_plans::services::{AdoptRequest, StateValue};
use hutong_plans::statement::StatedValue;
use hutong_plans::target::Target;
use hutong_store::Query;
use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::documents::{Decided, Paper, render, years};
use super::{Deed, Deeds, Step, fault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    indicator: Vec<Wish>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
    owner: String,
    target: Target,
    binding: Binding,
    #[serde(default)]
    entry_mode: EntryMode,
    baseline: Option<Quantity>,
    course: Course,
    words: Option<String>,
}

/// The story of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Course {
    OnTrack,
    Behind,
    NotReported,
    Yearly,
    MetWords,
    OpenWords,
    None,
}

/// Something about an indicator.
#[derive(Debug, Clone)]
pub(super) enum IndicatorDeed {
    /// Its owner states a value, and the supervisor checks it the day after where there is one.
    State {
        /// Which.
        id: IndicatorId,
        /// By whom.
        owner: String,
        /// The day it holds for.
        as_of: Date,
        /// Which way it goes.
        value: Stated,
    },
}

/// A value to be stated.
#[derive(Debug, Clone)]
pub(super) enum Stated {
    /// So much of the way that the path expects, in percent.
    OfTheWay(u32),
    /// This number.
    Number(Decimal),
    /// Words.
    Words(String, bool),
}

/// Days after the first day on which the five-year plan was adopted.
const ADOPTED_AFTER: i32 = 20;
/// Days after a quarter's end on which values are stated.
const STATED_AFTER: i32 = 5;

impl Deeds<'_> {
    /// Adopts the five-year plan and lays out its statements.
    pub(super) async fn indicator_steps(&self) -> anyhow::Result<Vec<Step>> {
        let data: Data =
            toml::from_str(include_str!("../../data/demo/indicators.toml")).context("indicators.toml")?;
        let last_day = Date::new(self.story.year(5), 12, 31).context("last day")?;
        let adopted = self.story.first_day.checked_add(ADOPTED_AFTER.days()).context("adoption")?;
        let decided = data
            .indicator
            .iter()
            .map(|wish| Decided { name: wish.name.clone(), content: content(wish) })
            .collect();
        let text = render(include_str!("../../data/demo/five_year.md"), &years(self));
        let request = AdoptRequest {
            first_day: Some(self.story.first_day),
            last_day: Some(last_day),
            keeper: Some(self.people.body("office")?),
            released: true,
            ..AdoptRequest::default()
        };
        let title = format!("槐安区数字与城市发展五年规划({}—{}年)", self.story.year(1), self.story.year(5));
        let paper = Paper {
            file_name: "数字与城市发展五年规划.md",
            text,
            title,
            targets: decided,
            with_tasks: false,
        };
        let plan = self.adopt(adopted, paper, request).await?;
        let indicators = self.owned_indicators(plan, adopted, &data.indicator).await?;
        let mut steps = Vec::new();
        for wish in &data.indicator {
            let id = *indicators.get(&wish.name).with_context(|| format!("{} was not adopted", wish.name))?;
            self.statements(id, wish, adopted, &mut steps);
        }
        Ok(steps)
    }

    /// Gives the indicators their owners and baselines.
    async fn owned_indicators(
        &self,
        plan: PlanId,
        day: Date,
        wishes: &[Wish],
    ) -> anyhow::Result<BTreeMap<String, IndicatorId>> {
        let all = self.fill.store.all::<Indicator>(Query::new("by_plan").equal(plan)).await?;
        let supervisor = self.people.person("supervisor")?;
        let before = self.story.first_day.yesterday().context("the day before")?;
        for wish in wishes {
            let id = all.iter().find(|it| it.name == wish.name).map(|it| it.id);
            let id = id.with_context(|| format!("{} was not adopted", wish.name))?;
            let ctx = self.story.context(supervisor.clone(), day);
            let edit = EditIndicator {
                owners: Some(vec![self.people.body(&wish.owner)?]),
                ..EditIndicator::default()
            };
            self.plans(&ctx)
                .edit_indicator(id, None, edit, "明确责任单位")
                .await
                .map_err(|it| fault(&wish.name, it.refusal()))?;
            if let Some(value) = &wish.baseline {
                let ctx = self.story.context(supervisor.clone(), day);
                self.plans(&ctx)
                    .state_baseline(id, before, value.clone(), "上年度统计年报", "补充基期数值")
                    .await
                    .map_err(|it| fault(&wish.name, it.refusal()))?;
            }
        }
        Ok(all.iter().map(|it| (it.name.clone(), it.id)).collect())
    }

    fn statements(&self, id: IndicatorId, wish: &Wish, adopted: Date, steps: &mut Vec<Step>) {
        let ends = self.story.quarter_ends(adopted);
        let skip = if wish.course == Course::NotReported { 2 } else { 0 };
        for as_of in ends.iter().copied().skip(skip) {
            let value = match wish.course {
                Course::None => continue,
                Course::OnTrack | Course::NotReported => Stated::OfTheWay(103),
                Course::Behind => Stated::OfTheWay(55),
                Course::Yearly => Stated::Number(Decimal::from(72 + i64::from(as_of.month()))),
                Course::MetWords | Course::OpenWords => {
                    Stated::Words(wish.words.clone().unwrap_or_default(), wish.course == Course::MetWords)
                }
            };
            let day = as_of.checked_add(STATED_AFTER.days()).unwrap_or(as_of).min(self.story.today);
            let deed = IndicatorDeed::State { id, owner: wish.owner.clone(), as_of, value };
            steps.push(Step { day, deed: Deed::Indicator(deed) });
        }
    }

    /// Carries out a deed about an indicator.
    pub(super) async fn do_indicator(&self, day: Date, deed: IndicatorDeed) -> anyhow::Result<()> {
        let IndicatorDeed::State { id, owner, as_of, value } = deed;
        let ctx = self.story.context(self.people.person(&owner)?, day);
        let view = self.plans(&ctx).indicator(id).await.map_err(|it| fault("loading", it.refusal()))?;
        let value = match value {
            Stated::OfTheWay(percent) => {
                let quantity =
                    of_the_way(&view.indicator, as_of, percent).context("the indicator has no path")?;
                StatedValue::Number { quantity }
            }
            Stated::Number(number) => {
                let unit = view.indicator.target.unit().unwrap_or_else(|| Unit::parse(""));
                StatedValue::Number { quantity: Quantity::new(number, unit) }
            }
            Stated::Words(words, met) => StatedValue::Judgement { words, met },
        };
        let note = format!("{}\n截至{as_of}的统计口径说明。本文件为虚构,仅供演示。\n", view.indicator.name);
        let state = StateValue {
            value,
            from: None,
            as_of,
            source: "季度统计表".to_owned(),
            locator: Some("表一".to_owned()),
            evidence: vec![(format!("统计说明{as_of}.txt"), note.into_bytes())],
            supersedes: None,
        };
        let stated = self
            .plans(&ctx)
            .record_statement(id, state, "按季填报指标数值")
            .await
            .map_err(|it| fault("stating", it.refusal()))?;
        let ctx = self.story.context(self.people.person("supervisor")?, day);
        self.plans(&ctx)
            .check_statement(stated.id, None, "数据与来源一致")
            .await
            .map_err(|it| fault("checking", it.refusal()))?;
        Ok(())
    }
}

fn content(wish: &Wish) -> TargetContent {
    TargetContent {
        name: wish.name.clone(),
        words: wish.name.clone(),
        target: Some(wish.target.clone()),
        readings: Vec::new(),
        deadline: None,
        baseline: None,
        binding: wish.binding,
        entry_mode: wish.entry_mode,
        owners: Vec::new(),
        secondary: false,
    }
}

/// The value at `percent` of the way that the path expects on `day`.
fn of_the_way(indicator: &Indicator, day: Date, percent: u32) -> Option<Quantity> {
    let expected = expected_on(indicator, day)?;
    let base = match indicator.baseline.as_ref().and_then(|it| it.value.as_ref()) {
        Some(base) => base.to_unit(&expected.unit).ok()?.value,
        None => Decimal::ZERO,
    };
    let value = base + (expected.value - base) * Decimal::from(percent) / Decimal::ONE_HUNDRED;
    // Things that are counted come whole.
    let decimals = if Decimal::from(100) < value.abs() { 0 } else { 2 };
    Some(Quantity::new(value.round_dp(decimals), expected.unit))
}
