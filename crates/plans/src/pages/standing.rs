//! How lights, shares and roll-ups are said and drawn on the pages of plans.

use std::collections::BTreeMap;

use hutong_kernel::WorkingCalendar;
use hutong_store::Stored;
use hutong_web::ui::{self, Chip, LightKind};
use hutong_web::words::grouped;
use hutong_web::{Value, Visit, Words};
use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;

use crate::light::{Light, LightReason, LightState};
use crate::plan::{Plan, PlanStatus};
use crate::roll_up::RollUp;

/// The lights in the order in which people look for them: the worst first.
pub(crate) const WORST_FIRST: [LightState; 8] = [
    LightState::Late,
    LightState::BehindPath,
    LightState::NotReported,
    LightState::DueSoon,
    LightState::Recovered,
    LightState::OnTrack,
    LightState::NotStarted,
    LightState::Unknown,
];

/// The kit's light of a state.
pub(crate) fn kind(state: LightState) -> LightKind {
    LightKind::from_name(state.name()).unwrap_or(LightKind::Unknown)
}

/// A light with its reason and first day on hover; a dash where a plan has no supervision of its own.
pub(crate) fn light(words: &Words, light: Option<&Stored<Light>>) -> Markup {
    match light {
        Some(it) => ui::light_with(words, kind(it.state), Some(&since(words, it))),
        None => html! { span.nothing { "–" } },
    }
}

/// Why a light shows what it shows, in a sentence, with its first day.
pub(crate) fn since(words: &Words, light: &Light) -> String {
    words.t_with(
        "board-light-since",
        &[
            ("reason", Value::from(reason(words, light.reason))),
            ("day", Value::from(words.date(light.since))),
        ],
    )
}

/// Why a light shows what it shows.
pub(crate) fn reason(words: &Words, reason: LightReason) -> String {
    words.t(&format!("plans-light-{}", reason.name()))
}

/// Chips that filter by light, with counts; `href` makes the address for a light, or for none.
pub(crate) fn light_chips(
    words: &Words,
    counts: &BTreeMap<LightState, usize>,
    chosen: Option<LightState>,
    href: impl Fn(Option<LightState>) -> String,
) -> Markup {
    let all: usize = counts.values().sum();
    let mut chips = vec![
        Chip::new(html! { (words.t("board-all")) }, href(None), chosen.is_none())
            .count(u64::try_from(all).unwrap_or(0)),
    ];
    for state in WORST_FIRST {
        let count = counts.get(&state).copied().unwrap_or(0);
        let is_chosen = chosen == Some(state);
        if 0 < count || is_chosen {
            let to = if is_chosen { None } else { Some(state) };
            let chip = Chip::new(ui::light(words, kind(state)), href(to), is_chosen);
            chips.push(chip.count(u64::try_from(count).unwrap_or(0)));
        }
    }
    ui::chips(words, &words.t("board-light"), &chips)
}

/// Percent as a figure, at most one decimal, rounded down: nothing looks done before it is.
pub(crate) fn percent(value: Decimal) -> String {
    let cut = value.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::ToNegativeInfinity).normalize();
    format!("{}%", grouped(cut))
}

/// A percentage as a bar; the figure stands beside it and is what counts.
pub(crate) fn bar(value: Decimal) -> Markup {
    let width = value.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED).normalize();
    html! {
        svg.share-bar viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.share-whole x="0" y="0" width="100" height="6" {}
            rect.share-done x="0" y="0" width=(width) height="6" {}
        }
    }
}

/// A roll-up in a sentence that says what it rests on.
pub(crate) fn roll_up_words(words: &Words, roll_up: &RollUp) -> String {
    let known = Value::from(roll_up.known.to_string());
    let rows = Value::from(roll_up.rows.to_string());
    let missing = Value::from((roll_up.rows - roll_up.known).to_string());
    match (roll_up.percent, roll_up.coverage) {
        _ if roll_up.rows == 0 => words.t("board-roll-up-empty"),
        (Some(share), Some(coverage)) if coverage < Decimal::ONE_HUNDRED => words.t_with(
            "board-roll-up-partial",
            &[
                ("percent", Value::from(percent(share))),
                ("known", known),
                ("rows", rows),
                ("missing", missing),
                ("coverage", Value::from(percent(coverage))),
            ],
        ),
        (Some(share), _) => {
            words.t_with("board-roll-up-full", &[("percent", Value::from(percent(share))), ("rows", rows)])
        }
        (None, _) => words.t_with("board-roll-up-unknown", &[("rows", rows)]),
    }
}

/// A roll-up as bar, figure and coverage, for the head of a group.
pub(crate) fn roll_up_short(words: &Words, roll_up: &RollUp) -> Markup {
    html! {
        span.roll-up title=(roll_up_words(words, roll_up)) {
            @match roll_up.percent {
                Some(share) => {
                    (bar(share)) span.figure { (percent(share)) }
                    @if roll_up.known < roll_up.rows {
                        span.quiet-words { (words.t_with("board-roll-up-known", &[
                            ("known", Value::from(roll_up.known.to_string())), ("rows", Value::from(roll_up.rows.to_string()))])) }
                    }
                }
                None => span.quiet-words { (words.t("board-progress-unknown")) },
            }
        }
    }
}

/// A deadline with the working days left, or since.
pub(crate) fn deadline(
    words: &Words,
    calendar: &WorkingCalendar,
    today: Date,
    day: Date,
    open: bool,
) -> Markup {
    let left = calendar.working_days_between(today, day);
    html! {
        (words.date_cell(day))
        // Far off, the days left say nothing that the date does not.
        @if open && left.abs() <= 60 {
            br;
            span.quiet-words {
                @if today == day { (words.t("board-due-today")) }
                @else if today < day { (words.t_with("board-days-left", &[("days", Value::from(left.to_string()))])) }
                @else { (words.t_with("board-days-late", &[("days", Value::from(left.abs().to_string()))])) }
            }
        }
    }
}

/// Where a plan stands, as badges.
pub(crate) fn plan_state(visit: &Visit, plan: &Plan) -> Markup {
    let tone = match plan.status {
        PlanStatus::InForce => ui::Tone::Good,
        PlanStatus::Draft => ui::Tone::Info,
        PlanStatus::Superseded | PlanStatus::Withdrawn => ui::Tone::Plain,
    };
    html! {
        (ui::badge(tone, &visit.t(&format!("plans-status-{}", plan.status.name()))))
        " "
        @if plan.released { (ui::badge(ui::Tone::Info, &visit.t("plan-page-released"))) }
        @else { (ui::badge(ui::Tone::Plain, &visit.t("plan-page-internal"))) }
        @if plan.imported_copy { " " (ui::badge(ui::Tone::Attention, &visit.t("plan-page-copy"))) }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;
    use insta::assert_snapshot;
    use jiff::civil::date;

    use super::*;

    fn words(language: Language) -> Words {
        hutong_web::testing::words_of(language, crate::messages())
    }

    fn rolled(percents: &[Option<i64>]) -> RollUp {
        let row =
            |percent: &Option<i64>| crate::roll_up::Row { weight: 1, percent: percent.map(Decimal::from) };
        crate::roll_up::roll_up(&percents.iter().map(row).collect::<Vec<_>>())
    }

    #[test]
    fn a_roll_up_says_in_words_what_it_rests_on() {
        let chinese = words(Language::Chinese);
        let english = words(Language::English);
        let partial = rolled(&[Some(80), None, Some(45)]);
        assert_snapshot!(roll_up_words(&chinese, &partial), @"3项任务中2项有核实的进展，加权平均完成62.5%，覆盖权重的66.6%；其余1项情况不明，不计入平均。");
        assert_snapshot!(roll_up_words(&english, &partial), @"2 of 3 tasks have checked progress; their weighted mean is 62.5%, covering 66.6% of the weight. 1 unknown, left out of the mean.");
        assert_snapshot!(roll_up_words(&chinese, &rolled(&[None])), @"1项任务都还没有核实的进展，无法汇总。");
        assert_snapshot!(roll_up_words(&english, &rolled(&[])), @"There are no tasks to roll up.");
    }

    #[test]
    fn a_share_is_cut_and_never_rounded_up_to_done() {
        assert_eq!(percent("99.99".parse().unwrap()), "99.9%");
        assert_snapshot!(
            bar("120".parse().unwrap()).into_string(),
            @r#"<svg class="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="share-whole" x="0" y="0" width="100" height="6"></rect><rect class="share-done" x="0" y="0" width="100" height="6"></rect></svg>"#
        );
    }

    #[test]
    fn a_near_deadline_says_the_working_days_left_and_a_far_one_does_not() {
        let chinese = words(Language::Chinese);
        let shown = |day| {
            deadline(&chinese, &WorkingCalendar::default(), date(2026, 11, 23), day, true).into_string()
        };
        assert_snapshot!(shown(date(2026, 11, 27)), @r#"<time datetime="2026-11-27">2026-11-27</time><br><span class="quiet-words">还有4个工作日</span>"#);
        assert_snapshot!(shown(date(2026, 11, 20)), @r#"<time datetime="2026-11-20">2026-11-20</time><br><span class="quiet-words">已过1个工作日</span>"#);
        assert_snapshot!(shown(date(2028, 12, 31)), @r#"<time datetime="2028-12-31">2028-12-31</time>"#);
    }
}
