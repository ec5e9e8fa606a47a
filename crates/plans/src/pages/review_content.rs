//! What a finding says, in words.

use hutong_kernel::Quantity;
use hutong_web::Words;
use hutong_web::messages::Value;
use hutong_web::words::grouped;
use maud::{Markup, html};

use crate::reading::{AchievementContent, Content, TargetContent, TaskContent};
use crate::target::{Bound, Level, ShareChange, Target};

/// What is promised, in words: “不少于900家”, “between 1 and 3 a year on average”.
pub(crate) fn target_words(words: &Words, target: &Target) -> String {
    let say = |key: &str, values: &[(&str, String)]| {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Value::from(value.clone()))).collect();
        words.t_with(&format!("target-{key}"), &values)
    };
    match target {
        Target::Level { level } => level_words(words, level),
        Target::YearlyMean { level } => say("yearly_mean", &[("level", level_words(words, level))]),
        Target::Growth { bound, percent, .. } => {
            say(&format!("growth-{}", bound_name(*bound)), &[("percent", grouped(*percent))])
        }
        Target::ShareGrowth { bound, by } => match by {
            ShareChange::Relative { percent } => {
                say(&format!("share-relative-{}", bound_name(*bound)), &[("percent", grouped(*percent))])
            }
            ShareChange::Points { points } => {
                say(&format!("share-points-{}", bound_name(*bound)), &[("points", grouped(*points))])
            }
        },
        Target::Rank { words: text } | Target::Milestone { words: text } => text.clone(),
        Target::Qualitative { words: text, evidence } => {
            say("qualitative", &[("words", text.clone()), ("evidence", evidence.clone())])
        }
    }
}

fn bound_name(bound: Bound) -> &'static str {
    match bound {
        Bound::AtLeast => "at_least",
        Bound::MoreThan => "more_than",
    }
}

/// A condition on one number, in words.
pub(crate) fn level_words(words: &Words, level: &Level) -> String {
    let say = |key: &str, values: &[(&str, String)]| {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Value::from(value.clone()))).collect();
        words.t_with(&format!("target-{key}"), &values)
    };
    let one = |key: &str, value: &Quantity| say(key, &[("value", words.quantity_text(value))]);
    match level {
        Level::AtLeast { value } => one("at_least", value),
        Level::MoreThan { value } => one("more_than", value),
        Level::AtMost { value } => one("at_most", value),
        Level::LessThan { value } => one("less_than", value),
        Level::Exactly { value } => one("exactly", value),
        Level::About { value, tolerance } => say(
            if tolerance.is_stated() { "about" } else { "about-default" },
            &[("value", words.quantity_text(value)), ("percent", grouped(tolerance.percent()))],
        ),
        Level::Range { range } => say(
            "range",
            &[("low", words.quantity_text(&range.low())), ("high", words.quantity_text(&range.high()))],
        ),
    }
}

/// A finding's content below its name.
pub(crate) fn content(words: &Words, content: &Content) -> Markup {
    match content {
        Content::Metadata { .. } | Content::Basis { .. } => html! {},
        Content::Approval { approval } => pairs(&[
            (words.t("review-approval-day"), approval.day.map(|day| words.date(day))),
            (words.t("review-approval-session"), approval.session.map(|number| number.to_string())),
        ]),
        Content::Target { target } => target_content(words, target),
        Content::Achievement { achievement } => achievement_content(words, achievement),
        Content::Task { task } => task_content(words, task),
        Content::System { status, .. } => pairs(&[(
            words.t("review-system-status"),
            Some(words.t(&format!("system-status-{}", status.name()))),
        )]),
    }
}

/// The name of a finding, with what sort of thing it is where the tab does not say so.
pub(crate) fn name(words: &Words, content: &Content) -> String {
    match content {
        Content::Metadata { field, value } => words.t_with(
            "review-metadata-value",
            &[
                ("field", Value::from(words.t(&format!("metadata-field-{}", field.name())))),
                ("value", Value::from(value.clone())),
            ],
        ),
        Content::Approval { approval } => {
            words.t_with("review-approval-name", &[("body", Value::from(approval.body.clone()))])
        }
        other => other.name().to_owned(),
    }
}

fn target_content(words: &Words, it: &TargetContent) -> Markup {
    let baseline = it.baseline.as_ref().map(|baseline| {
        let year = Value::from(baseline.year.to_string());
        match &baseline.value {
            Some(value) => words.t_with(
                "review-baseline-value",
                &[("year", year), ("value", Value::from(words.quantity_text(value)))],
            ),
            None => words.t_with("review-baseline-year", &[("year", year)]),
        }
    });
    let binding = (it.binding != crate::indicator::Binding::Unstated)
        .then(|| words.t(&format!("binding-{}", it.binding.name())));
    html! {
        @if let Some(target) = &it.target { p.promise { (target_words(words, target)) } }
        (pairs(&[
            (words.t("review-deadline"), Some(it.deadline.map_or_else(|| words.t("review-deadline-default"), |day| words.date(day)))),
            (words.t("review-baseline"), baseline),
            (words.t("review-binding"), binding),
            (words.t("review-entry"), Some(words.t(&format!("entry-mode-{}", it.entry_mode.name())))),
            (words.t("review-owners"), (!it.owners.is_empty()).then(|| words.list(&it.owners))),
        ]))
    }
}

fn achievement_content(words: &Words, it: &AchievementContent) -> Markup {
    html! {
        p.promise { (words.quantity(&it.value)) }
        (pairs(&[(words.t("review-year"), it.year.map(|year| year.to_string()))]))
    }
}

fn task_content(words: &Words, it: &TaskContent) -> Markup {
    let under = it.special_action.as_ref().or(it.heading.as_ref());
    html! {
        @if !it.content.is_empty() && it.content != it.title { p.task-content { (it.content) } }
        (pairs(&[
            (words.t("review-number"), it.number.map(|number| number.to_string())),
            (words.t("review-heading"), under.cloned()),
            (words.t("review-responsible"), Some(if it.responsible.is_empty() { words.t("review-nobody") } else { words.list(&it.responsible) })),
            (words.t("review-cooperating"), (!it.cooperating.is_empty()).then(|| words.list(&it.cooperating))),
            (words.t("review-basis"), (!it.basis.is_empty()).then(|| words.list(&it.basis))),
            (words.t("review-deadline"), Some(it.deadline.map_or_else(|| words.t("review-deadline-default"), |day| words.date(day)))),
            (words.t("review-systems"), (!it.systems.is_empty()).then(|| words.list(&it.systems))),
        ]))
    }
}

fn pairs(list: &[(String, Option<String>)]) -> Markup {
    html! {
        @if list.iter().any(|(_, value)| value.is_some()) {
            dl.pairs {
                @for (name, value) in list {
                    @if let Some(value) = value { div { dt { (name) } dd { (value) } } }
                }
            }
        }
    }
}

/// How sure the reader of documents is, as a word's key.
pub(crate) fn confidence(basis_points: u16) -> &'static str {
    match basis_points {
        9_000.. => "high",
        7_000.. => "middle",
        _ => "low",
    }
}
