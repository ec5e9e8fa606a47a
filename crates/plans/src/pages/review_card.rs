//! The card of one finding: what was found, how sure, where, what was decided by whom, and what can be done.

use hutong_kernel::Refusal;
use hutong_store::Stored;
use hutong_web::Visit;
use hutong_web::messages::Value;
use hutong_web::ui::{self, Icon, Tone};
use jiff::Timestamp;
use maud::{Markup, html};

use super::review_content;
use crate::reading::{Content, Finding, FindingState};

/// Who decided, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decider {
    /// Their name as the journal has it.
    pub(crate) name: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// A card to be drawn.
pub(crate) struct Card<'a> {
    /// The finding.
    pub(crate) finding: &'a Stored<Finding>,
    /// Who decided on it, if anybody did.
    pub(crate) decider: Option<&'a Decider>,
    /// Why the last decision was refused.
    pub(crate) refused: Option<&'a dyn Refusal>,
    /// The reading is being reviewed: things can be done.
    pub(crate) open: bool,
    /// The page to come back to.
    pub(crate) back: &'a str,
}

/// Is it offered only, and left out of the plan unless a person takes it?
pub(crate) fn is_secondary(content: &Content) -> bool {
    match content {
        Content::Task { task } => task.secondary,
        Content::Target { target } => target.secondary,
        _ => false,
    }
}

/// Draws a card.
pub(crate) fn card(visit: &Visit, card: &Card<'_>) -> Markup {
    let finding = card.finding;
    let content = finding.content();
    let id = finding.id;
    html! {
        article.finding.{ "is-" (super::review::state_group(&finding.state)) } id={ "finding-" (id) } data-card=(id)
            data-state=(finding.state.name()) tabindex="-1" aria-labelledby={ "name-" (id) } {
            header {
                h3 id={ "name-" (id) } { (review_content::name(visit, content)) }
                div.badges {
                    (state(visit, &finding.state))
                    @if finding.state == FindingState::Open { (confidence(visit, finding.confidence_bp)) }
                    @if is_secondary(content) && finding.state == FindingState::Open {
                        span title=(visit.t("review-secondary-help")) { (ui::badge(Tone::Plain, &visit.t("review-secondary"))) }
                    }
                }
            }
            (review_content::content(visit, content))
            (before(visit, finding))
            @if let Some(place) = &finding.place {
                p.quote {
                    a href={ "#words-" (id) } data-key="words" {
                        (visit.t_with("review-line", &[("line", Value::from(place.line.to_string()))]))
                    }
                    q lang="zh-CN" { (shortened(&place.quote)) }
                }
            } @else {
                p.quote { span.help { (visit.t("review-no-place")) } }
            }
            @if let Some(decider) = card.decider {
                p.decider {
                    (visit.t_with("review-decided-by", &[("name", Value::from(decider.name.clone()))])) " "
                    (visit.moment(decider.at))
                    @if let FindingState::Rejected { reason: Some(reason) } = &finding.state { " · " (reason) }
                }
            }
            @if let Some(refused) = card.refused {
                p.field-problem role="alert" { (visit.refusal(refused)) " " code.code { (refused.code()) } }
            }
            @if card.open { (actions(visit, card)) }
        }
    }
}

/// What was found, where a person decided on something else.
fn before(visit: &Visit, finding: &Finding) -> Markup {
    html! {
        @if let (FindingState::Corrected, Some(_)) = (&finding.state, &finding.decided) {
            details.before {
                summary { (visit.t("review-before")) }
                p { (review_content::name(visit, &finding.found)) }
                (review_content::content(visit, &finding.found))
            }
        }
    }
}

fn state(visit: &Visit, state: &FindingState) -> Markup {
    let tone = match state {
        FindingState::Open => return html! {},
        FindingState::Accepted | FindingState::Corrected | FindingState::Added => Tone::Good,
        FindingState::Rejected { .. } => Tone::Danger,
        FindingState::Split { .. } | FindingState::Merged { .. } => Tone::Plain,
    };
    ui::badge(tone, &visit.t(&format!("finding-state-{}", state.name())))
}

fn confidence(visit: &Visit, basis_points: u16) -> Markup {
    let word = review_content::confidence(basis_points);
    let tone = match word {
        "high" => Tone::Info,
        "middle" => Tone::Plain,
        _ => Tone::Attention,
    };
    let percent = Value::from((basis_points / 100).to_string());
    html! {
        span title=(visit.t_with("review-confidence-title", &[("percent", percent)])) {
            (ui::badge(tone, &visit.t(&format!("review-confidence-{word}"))))
        }
    }
}

fn actions(visit: &Visit, card: &Card<'_>) -> Markup {
    let finding = card.finding;
    let at = format!("/import/{}/findings/{}", finding.reading, finding.id);
    let target = format!("#finding-{}", finding.id);
    let button = |key: &str, action: &str, icon: Icon, class: &str| {
        html! {
            button.button.small.(class) type="submit" formaction={ (at) "/" (action) } hx-post={ (at) "/" (action) }
                hx-target=(target) hx-swap="outerHTML" data-key=(action) {
                (icon.svg()) (visit.t(key))
            }
        }
    };
    let link = |key: &str, action: &str, icon: Icon| {
        html! {
            a.button.small href={ (at) "/" (action) (ui::url::query(&[("back", card.back)])) } data-key=(action) {
                (icon.svg()) (visit.t(key))
            }
        }
    };
    let gone = matches!(finding.state, FindingState::Split { .. } | FindingState::Merged { .. });
    html! {
        @if !gone {
            form.card-actions method="post" action={ (at) "/accept" } {
                (ui::hidden("version", &finding.version.0.to_string())) (ui::hidden("back", card.back))
                (readings(visit, finding))
                div.buttons {
                    @match finding.state {
                        FindingState::Open => {
                            (button("review-accept", "accept", Icon::Check, "take"))
                            (link("review-correct", "correct", Icon::Pencil))
                            (button("review-reject", "reject", Icon::Cross, "refuse"))
                        }
                        FindingState::Rejected { .. } => (button("review-reopen", "reopen", Icon::Arrow, "back")),
                        FindingState::Added => {
                            (link("review-correct", "correct", Icon::Pencil))
                            (button("review-reject", "reject", Icon::Cross, "refuse"))
                        }
                        _ => {
                            (link("review-correct", "correct", Icon::Pencil))
                            (button("review-reopen", "reopen", Icon::Arrow, "back"))
                        }
                    }
                    @if !matches!(finding.state, FindingState::Rejected { .. }) {
                        (link("review-split", "split", Icon::Split))
                        (link("review-merge", "merge", Icon::Merge))
                    }
                }
            }
        }
    }
}

/// The readings that the words allow: one must be chosen before the target can be accepted.
fn readings(visit: &Visit, finding: &Finding) -> Markup {
    let Content::Target { target } = finding.content() else { return html! {} };
    if finding.state != FindingState::Open || target.readings.is_empty() {
        return html! {};
    }
    html! {
        fieldset.ambiguous {
            legend { (Icon::Warning.svg()) (visit.t("review-ambiguous")) }
            @for (index, reading) in target.readings.iter().enumerate() {
                label.choice {
                    input type="radio" name="reading" value=(index);
                    span { (review_content::target_words(visit, reading)) }
                }
            }
        }
    }
}

/// Quotes are shown up to this many characters; the document beside them has the rest.
const QUOTE_CHARACTERS_MAX: usize = 90;

fn shortened(quote: &str) -> String {
    let flat = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= QUOTE_CHARACTERS_MAX {
        return flat;
    }
    let mut short: String = flat.chars().take(QUOTE_CHARACTERS_MAX).collect();
    short.push('…');
    short
}
