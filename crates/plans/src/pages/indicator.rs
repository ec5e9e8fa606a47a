//! One indicator: what is promised, where it stands and why, its path, its baseline, all that was stated.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, Id, LightId, Target as Touched};
use hutong_web::csv::Csv;
use hutong_web::ui::{self, Column, Icon, Table, Tone};
use hutong_web::{App, PageError, PageHead, Value, Visit};
use maud::{Markup, html};

use super::bodies::Bodies;
use super::indicator_explain::explanation;
use super::plan::{PlanTab, address, parse_id};
use super::record_footer::record_footer;
use super::review_content::target_words;
use super::{indicator_path, standing};
use crate::indicator::Indicator;
use crate::light::Light;
use crate::plan::PlanStatus;
use crate::services::{IndicatorView, Plans};
use crate::statement::{CheckState, StatedValue, Statement};

/// The page and its exports; the forms stand in their files.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/indicators/{id}", get(show))
        .route("/indicators/{id}/path.csv", get(path_csv))
        .route("/indicators/{id}/statements.csv", get(statements_csv))
}

/// The page's address.
pub(super) fn page_of(indicator: &Indicator) -> String {
    format!("/indicators/{}", indicator.id)
}

/// The head of a page below an indicator.
pub(super) fn head_below(visit: &Visit, view: &IndicatorView, title: String) -> PageHead {
    PageHead::new(title)
        .crumb(visit.t("plans-page-title"), "/plans")
        .crumb(view.plan.title.clone(), address(view.plan.id, PlanTab::Overview))
        .crumb(view.indicator.name.clone(), page_of(&view.indicator))
}

/// Is the plan worked on here at all?
fn is_supervised(view: &IndicatorView) -> bool {
    view.plan.status == PlanStatus::InForce && !view.plan.imported_copy
}

/// May the visitor state a value of this indicator?
pub(super) fn may_state(visit: &Visit, view: &IndicatorView) -> bool {
    let owners = Touched::Of { organisations: &view.indicator.owners, person: None };
    is_supervised(view) && visit.ctx.may(Action::RecordStatement, owners).is_ok()
}

/// May the visitor change this indicator?
pub(super) fn may_edit(visit: &Visit, view: &IndicatorView) -> bool {
    is_supervised(view) && visit.may(Action::EditPlan)
}

/// May the visitor check this statement? Nobody checks their own.
pub(super) fn may_check(visit: &Visit, statement: &Statement) -> bool {
    let own = statement.stated_by.is_some() && statement.stated_by == visit.ctx.principal.person();
    statement.check.is_waiting() && !own && visit.may(Action::CheckStatement)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let history = plans.light_history(LightId::from_uuid(view.indicator.id.uuid())).await?;
    let indicator = &view.indicator;
    let waiting = view.statements.iter().filter(|it| may_check(&visit, it)).count();
    let body = html! {
        @if 0 < waiting {
            (ui::callout(Tone::Attention, None, html! { p {
                a href="#statements" { (visit.t_with("indicator-page-waiting", &[("count", Value::from(waiting.to_string()))])) }
            } }))
        }
        section.card.explanation #explanation {
            h2 { (visit.t("indicator-page-standing")) }
            (ui::facts(&explanation(&visit, &view)))
        }
        @if let Some(chart) = indicator_path::path_chart(&visit, &view) {
            section #path { (ui::chart(&visit, &chart)) }
        }
        section #statements {
            div.section-head {
                h2 { (visit.t("indicator-page-statements")) }
                @if !view.statements.is_empty() {
                    a #statements-csv data-action="export" href={ (page_of(indicator)) "/statements.csv" } { (visit.t("board-export")) }
                }
            }
            (statements(&visit, &view, &bodies))
        }
        section.card #baseline {
            div.section-head {
                h2 { (visit.t("indicator-page-baseline")) }
                @if may_edit(&visit, &view) {
                    a.button.small #baseline-edit data-action="edit-baseline" href={ (page_of(indicator)) "/baseline" } {
                        (visit.t(if indicator.baseline.is_some() { "indicator-page-baseline-change" } else { "indicator-page-baseline-set" }))
                    }
                }
            }
            (baseline(&visit, &view))
        }
        section.card #particulars {
            h2 { (visit.t("plan-page-metadata")) }
            (ui::facts(&particulars(&visit, &view, &bodies)))
        }
        @if !history.is_empty() {
            section #lights {
                div.section-head { h2 { (visit.t("indicator-page-lights")) } }
                (lights(&visit, history.iter().map(|(light, _)| light).collect()).draw(&visit))
            }
        }
        (footer(&visit, &view).await?)
    };
    let head = PageHead::new(indicator.name.clone())
        .crumb(visit.t("plans-page-title"), "/plans")
        .crumb(view.plan.title.clone(), address(view.plan.id, PlanTab::Overview))
        .crumb(visit.t("plan-page-tab-indicators"), address(view.plan.id, PlanTab::Indicators))
        .state(standing::light(&visit, view.light.as_ref()))
        .lead(target_words(&visit, &indicator.target))
        .primary(html! {
            @if may_edit(&visit, &view) {
                a.button #indicator-edit data-action="edit" href={ (page_of(indicator)) "/edit" } { (Icon::Pencil.svg()) (visit.t("board-edit")) }
            }
            @if may_state(&visit, &view) {
                a.button.primary #statement-new data-action="state-value" href={ (page_of(indicator)) "/statements/new" } { (Icon::Plus.svg()) (visit.t("indicator-page-state")) }
            }
        });
    Ok(visit.page(head, body).await)
}

async fn footer(visit: &Visit, view: &IndicatorView) -> Result<Markup, PageError> {
    let source = view.indicator.place.as_ref().map(|place| {
        html! {
            a href=(address(view.plan.id, PlanTab::Overview)) { (view.plan.title) } " "
            (visit.t_with("plan-page-line", &[("line", Value::from(place.line.to_string()))]))
        }
    });
    let as_of = view.evaluation.value.as_ref().map(|value| visit.date_cell(value.as_of));
    record_footer(visit, &view.indicator, source, as_of).await
}

/// The statements that the visitor may see: those who do not work on plans see what was checked.
fn visible<'a>(visit: &Visit, view: &'a IndicatorView) -> Vec<&'a hutong_store::Stored<Statement>> {
    let internal = visit.may(Action::ViewPlans);
    view.statements.iter().rev().filter(|it| internal || it.check.is_checked()).collect()
}

fn statements(visit: &Visit, view: &IndicatorView, bodies: &Bodies) -> Markup {
    let list = visible(visit, view);
    if list.is_empty() {
        let next = may_state(visit, view).then(|| {
            html! { a.button.primary href={ (page_of(&view.indicator)) "/statements/new" } { (visit.t("indicator-page-state")) } }
        });
        let why =
            if view.plan.imported_copy { "plan-page-copy-words" } else { "indicator-page-no-statements-why" };
        return ui::empty_state(
            Icon::Indicator,
            &visit.t("indicator-page-no-statements"),
            &visit.t(why),
            next,
        );
    }
    let all: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
    let internal = visit.may(Action::ViewPlans);
    let mut columns = vec![
        Column::short(visit.t("indicator-page-as-of")),
        Column::figure(visit.t("indicator-page-stated-value")),
        Column::text(visit.t("indicator-page-source")),
        Column::text(visit.t("indicator-page-stated-by")),
        Column::short(visit.t("indicator-page-check")),
    ];
    if internal {
        columns.push(Column::short(visit.t("indicator-page-do")));
    }
    let mut table = Table::new(visit.t("indicator-page-statements"), columns).dense();
    for it in list {
        let superseded = it.is_superseded(&all);
        let page = format!("{}/statements/{}", page_of(&view.indicator), it.id);
        let mut cells = vec![
            html! {
                @if let Some(from) = it.from { (from) "–" br; }
                (visit.date_cell(it.as_of))
            },
            stated_value(visit, &it.value),
            html! {
                (it.source.title)
                @if let Some(locator) = &it.source.locator { br; span.quiet-words { (locator) } }
            },
            html! {
                @if let Some(body) = it.organisation { (bodies.name(visit, body)) br; }
                span.quiet-words { (it.stated_on) }
            },
            check_badge(visit, &it.check, superseded),
        ];
        if internal {
            cells.push(html! {
                a data-action="show-statement" href=(page) {
                    (visit.t(if may_check(visit, it) { "indicator-page-to-check" } else { "indicator-page-details" }))
                }
                @if may_state(visit, view) && !superseded && may_be_corrected(&it.check) {
                    " " a data-action="correct" href={ (page_of(&view.indicator)) "/statements/new?corrects=" (it.id) } { (visit.t("indicator-page-correct")) }
                }
            });
        }
        table.row_with_id(format!("statement-{}", it.id), cells);
    }
    table.draw(visit)
}

/// What was checked or waits can be corrected; what was returned is simply stated anew.
pub(super) fn may_be_corrected(check: &CheckState) -> bool {
    matches!(check, CheckState::Submitted | CheckState::Checked { .. })
}

/// A stated value: the figure, or the words with their judgement.
pub(super) fn stated_value(visit: &Visit, value: &StatedValue) -> Markup {
    match value {
        StatedValue::Number { quantity } => visit.quantity(quantity),
        StatedValue::Judgement { words, met } => html! {
            (words) " "
            (ui::badge(if *met { Tone::Good } else { Tone::Plain }, &visit.t(if *met { "indicator-page-met" } else { "indicator-page-not-met" })))
        },
    }
}

/// What happened to a statement.
pub(super) fn check_badge(visit: &Visit, check: &CheckState, superseded: bool) -> Markup {
    if superseded {
        return ui::badge(Tone::Plain, &visit.t("indicator-page-superseded"));
    }
    let tone = match check {
        CheckState::Submitted => Tone::Attention,
        CheckState::Checked { .. } => Tone::Good,
        CheckState::Returned { .. } => Tone::Danger,
        CheckState::Replaced { .. } => Tone::Plain,
    };
    ui::badge(tone, &visit.t(&format!("plans-check-{}", check.name())))
}

fn baseline(visit: &Visit, view: &IndicatorView) -> Markup {
    html! {
        @match &view.indicator.baseline {
            Some(baseline) => {
                (ui::facts(&[
                    (visit.t("indicator-page-baseline-value"), html! {
                        @match &baseline.value {
                            Some(value) => (visit.quantity(value)),
                            None => span.nothing { (visit.t("indicator-page-baseline-year-only")) },
                        }
                    }),
                    (visit.t("indicator-page-baseline-day"), html! { (visit.date(baseline.day)) }),
                    (visit.t("indicator-page-source"), html! {
                        (baseline.source.title)
                        @if let Some(locator) = &baseline.source.locator { " " span.quiet-words { (locator) } }
                    }),
                ]))
            }
            None => {
                p.quiet-words {
                    @if view.indicator.target.unit().is_none() { (visit.t("indicator-page-baseline-not-needed")) }
                    @else if view.evaluation.baseline_is_zero { (visit.t("indicator-page-baseline-zero")) }
                    @else { (visit.t("indicator-page-baseline-none")) }
                }
            }
        }
        @if may_edit(visit, view) && view.indicator.baseline.as_ref().is_none_or(|it| it.value.is_none()) && !view.baselines.is_empty() {
            p { (visit.t_with("indicator-page-baseline-offered", &[("count", Value::from(view.baselines.len().to_string()))])) }
        }
    }
}

fn particulars(visit: &Visit, view: &IndicatorView, bodies: &Bodies) -> Vec<(String, Markup)> {
    let indicator = &view.indicator;
    let fact = |key: &str, value: Markup| (visit.t(key), value);
    vec![
        fact("indicator-page-owners", html! { (bodies.links(visit, &indicator.owners)) }),
        fact(
            "board-deadline",
            html! {
                (visit.date(indicator.deadline.day))
                @if indicator.deadline.by_default { " " span.quiet-words { (visit.t("indicator-page-deadline-default")) } }
            },
        ),
        fact("indicator-page-binding", html! { (visit.t(&format!("binding-{}", indicator.binding.name()))) }),
        fact(
            "indicator-page-entry",
            html! { (visit.t(&format!("entry-mode-{}", indicator.entry_mode.name()))) },
        ),
        fact("indicator-page-start", html! { (visit.date(indicator.start)) }),
        fact("indicator-page-weight", html! { span.figure { (indicator.weight) } }),
    ]
}

fn lights(visit: &Visit, mut history: Vec<&Light>) -> Table {
    history.reverse();
    let columns = vec![
        Column::short(visit.t("indicator-page-since")),
        Column::short(visit.t("board-light")),
        Column::text(visit.t("board-light-why")),
        Column::text(visit.t("indicator-page-rules")),
    ];
    let mut table = Table::new(visit.t("indicator-page-lights"), columns).dense();
    for it in history {
        table.row(vec![
            visit.date_cell(it.since),
            ui::light(visit, standing::kind(it.state)),
            html! { (standing::reason(visit, it.reason)) },
            html! { code.code { (it.rules) } },
        ]);
    }
    table
}

async fn path_csv(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let chart = indicator_path::path_chart(&visit, &view).ok_or_else(PageError::not_found)?;
    Ok(indicator_path::csv(&chart).respond("indicator-path.csv"))
}

async fn statements_csv(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let all: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
    let head =
        ["from", "as-of", "stated-value", "unit", "source", "locator", "stated-by", "stated-on", "check"];
    let mut csv = Csv::new(head.map(|key| visit.t(&format!("indicator-page-{key}"))));
    for it in visible(&visit, &view) {
        let (value, unit) = match &it.value {
            StatedValue::Number { quantity } => {
                (quantity.value.normalize().to_string(), quantity.unit.to_string())
            }
            StatedValue::Judgement { words, .. } => (words.clone(), String::new()),
        };
        let check = if it.is_superseded(&all) {
            visit.t("indicator-page-superseded")
        } else {
            visit.t(&format!("plans-check-{}", it.check.name()))
        };
        csv.row([
            it.from.map(|day| day.to_string()).unwrap_or_default(),
            it.as_of.to_string(),
            value,
            unit,
            it.source.title.clone(),
            it.source.locator.clone().unwrap_or_default(),
            it.organisation.map(|body| bodies.name(&visit, body)).unwrap_or_default(),
            it.stated_on.to_string(),
            check,
        ]);
    }
    Ok(csv.respond("statements.csv"))
}
