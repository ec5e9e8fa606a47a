//! Why an indicator stands where it stands: value, threshold, source, gap and formula, in words.

use hutong_kernel::Quantity;
use hutong_web::words::grouped;
use hutong_web::{Value, Visit};
use maud::{Markup, html};

use super::indicator_path::{difference_words, readable};
use super::review_content::{level_words, target_words};
use super::standing;
use crate::evaluate_indicator::{Verdict, expected_on};
use crate::indicator::EntryMode;
use crate::services::IndicatorView;
use crate::target::{Direction, Level, Target};

/// Names and values, in the order in which one asks.
pub(super) fn explanation(visit: &Visit, view: &IndicatorView) -> Vec<(String, Markup)> {
    let indicator = &view.indicator;
    let standing = &view.evaluation;
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: Markup| facts.push((visit.t(&format!("indicator-page-{key}")), value));

    fact("target", html! { (target_words(visit, &indicator.target)) });
    if !indicator.words.is_empty() {
        fact("quote", html! { q { (indicator.words) } });
    }
    fact("value", value(visit, view));
    fact("verdict", verdict(visit, &standing.verdict));
    if let Some(level) = &standing.threshold {
        fact("threshold", threshold(visit, view, level));
    }
    if let Some(expected) = &standing.expected {
        let direction = match indicator.target.direction() {
            Direction::Up => Some("plans-direction-up"),
            Direction::Down => Some("plans-direction-down"),
            Direction::Within | Direction::Words => None,
        };
        fact(
            "expected",
            html! {
                (visit.quantity(&readable(expected)))
                @if let Some(direction) = direction { br; span.quiet-words { (visit.t(direction)) } }
            },
        );
    }
    if let Some(gap) = &standing.gap {
        fact("gap", html! { span.figure { (difference_words(visit, gap.value, gap)) } });
    }
    if let Some(share) = standing.share {
        fact("share", html! { span.roll-up { (standing::bar(share)) span.figure { (grouped(share)) "%" } } });
    }
    fact("formula", html! { (formula(visit, view)) });
    if let Some(light) = &view.light {
        fact(
            "light-why",
            html! {
                (standing::since(visit, light))
                @if let Some(late) = light.late {
                    br;
                    span.quiet-words {
                        (visit.t_with(
                            if late.until.is_some() { "indicator-page-was-late" } else { "indicator-page-is-late" },
                            &[
                                ("deadline", Value::from(visit.date(late.deadline))),
                                ("from", Value::from(visit.date(late.from))),
                                ("until", Value::from(late.until.map(|day| visit.date(day)).unwrap_or_default())),
                            ],
                        ))
                    }
                }
                br; span.quiet-words { (visit.t("indicator-page-rules")) " " code.code { (light.rules) } }
            },
        );
    }
    facts
}

fn value(visit: &Visit, view: &IndicatorView) -> Markup {
    html! {
        @match &view.evaluation.value {
            None => span.nothing { (visit.t("indicator-page-no-value")) },
            Some(value) => {
                @match (&value.quantity, &value.words) {
                    (Some(quantity), _) => strong { (visit.quantity(quantity)) },
                    (None, words) => (words.as_deref().unwrap_or_default()),
                }
                br;
                span.quiet-words {
                    (visit.t_with("board-as-of", &[("day", Value::from(value.as_of.to_string()))]))
                    @if let Some(statement) = view.statements.iter().find(|it| it.id == value.statement) {
                        " · " a href={ "#statement-" (statement.id) } { (statement.source.title) }
                    }
                }
            }
        }
    }
}

fn verdict(visit: &Visit, verdict: &Verdict) -> Markup {
    html! {
        @match verdict {
            Verdict::Met => (visit.t("indicator-page-met")),
            Verdict::NotMet => (visit.t("indicator-page-not-met")),
            Verdict::Unknown(why) => {
                (visit.t("indicator-page-unknown")) br;
                span.quiet-words { (visit.t(&format!("plans-unknown-{}", why.name()))) }
            }
        }
    }
}

fn threshold(visit: &Visit, view: &IndicatorView, level: &Level) -> Markup {
    let reach = matches!(level, Level::About { .. }).then(|| level.ends());
    html! {
        (level_words(visit, level))
        @if let Some((Some(low), Some(high))) = reach {
            br;
            span.quiet-words {
                (visit.t_with("indicator-page-reach", &[
                    ("low", Value::from(visit.quantity_text(&Quantity::new(low.normalize(), level.unit().clone())))),
                    ("high", Value::from(visit.quantity_text(&Quantity::new(high.normalize(), level.unit().clone())))),
                ]))
            }
        }
        @if matches!(view.indicator.target, Target::Growth { .. } | Target::ShareGrowth { .. }) {
            br; span.quiet-words { (visit.t("indicator-page-threshold-computed")) }
        }
    }
}

/// How the value and the share come about, with the figures of the day.
fn formula(visit: &Visit, view: &IndicatorView) -> Markup {
    let indicator = &view.indicator;
    let standing = &view.evaluation;
    let Some(unit) = indicator.target.unit() else {
        return html! { (visit.t("indicator-page-formula-words")) };
    };
    let used = standing.value.as_ref().map_or(0, |it| it.statements).to_string();
    let value_key = match (&indicator.target, indicator.entry_mode) {
        (Target::YearlyMean { .. }, _) => "indicator-page-formula-mean",
        (_, EntryMode::Flow) => "indicator-page-formula-sum",
        (_, EntryMode::Stock | EntryMode::Cumulative) => "indicator-page-formula-latest",
    };
    let number = |it: &Quantity| it.to_unit(&unit).ok().map(|it| grouped(it.value.normalize()));
    let baseline = indicator.baseline.as_ref().and_then(|it| it.value.as_ref()).and_then(number);
    let base = baseline.or_else(|| standing.baseline_is_zero.then(|| "0".to_owned()));
    let value = standing.value.as_ref().and_then(|it| it.quantity.as_ref()).and_then(number);
    let aim = expected_on(indicator, indicator.deadline.day).as_ref().and_then(number);
    html! {
        (visit.t_with(value_key, &[("count", Value::from(used))]))
        @if let (Some(share), Some(base), Some(value), Some(aim)) = (standing.share, base, value, aim) {
            br;
            (visit.t_with("indicator-page-formula-share", &[
                ("value", Value::from(value)), ("base", Value::from(base)), ("aim", Value::from(aim)),
                ("share", Value::from(grouped(share)))]))
        } @else if standing.keeps_level {
            br; (visit.t("indicator-page-formula-keeps"))
        }
    }
}
