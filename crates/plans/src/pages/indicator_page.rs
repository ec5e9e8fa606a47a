//! One indicator: what is promised, where it stands and why, its statements, its path.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use hutong_kernel::{Action, Id, IndicatorId, LightId, Quantity, StatementId, Target as Touched, Unit};
use hutong_store::Version;
use hutong_web::messages::Value;
use hutong_web::ui::{self, Chart, ChartKind, Choice, Column, Field, Problem, Series, SeriesRole, Table, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::pieces::{self, Bodies, Fields, FormRefusal, id, plans, target_words};
use super::task_page::{check_badge, timeline};
use super::upload::{Uploaded, read_upload};
use crate::evaluate_indicator::{Verdict, expected_on};
use crate::indicator::EntryMode;
use crate::services::{IndicatorView, ServiceError, StateValue};
use crate::statement::{CheckState, StatedValue, Statement};
use crate::target::{Direction, Level};

/// Largest statement with all its evidence, in bytes.
const STATEMENT_BYTES_MAX: usize = 100 * 1024 * 1024;

pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/indicators/{id}", get(show))
        .route("/indicators/{id}/statements", post(state).layer(DefaultBodyLimit::max(STATEMENT_BYTES_MAX)))
        .route("/indicators/{id}/baseline", post(baseline))
        .route("/statements/{id}/check", post(check))
        .route("/statements/{id}/return", post(give_back))
}

async fn show(visit: Visit, Path(given): Path<String>) -> Result<Response, PageError> {
    draw(&visit, id(&given)?, &Fields::default(), &[]).await
}

async fn draw(visit: &Visit, id: IndicatorId, typed: &Fields, problems: &[Problem]) -> Result<Response, PageError> {
    let view = plans(visit).indicator(id).await?;
    let bodies = plans(visit).organisations().await?;
    let history = match &view.light {
        Some(_) => plans(visit).light_history(LightId::from_uuid(id.uuid())).await?,
        None => Vec::new(),
    };
    let it = &view.indicator;
    let may_state = may_state(visit, &view);
    let mut head = PageHead::new(&it.name)
        .crumb(visit.t("nav-plans"), "/plans")
        .crumb(&view.plan.title, format!("/plans/{}/indicators", view.plan.id))
        .lead(target_words(visit, &it.target));
    if view.light.is_some() {
        head = head.state(pieces::light(visit, view.light.as_deref()));
    }
    if may_state {
        head = head.primary(html! { a.button.primary href="#state" { (visit.t("plans-state-value")) } });
    }
    let body = html! {
        (ui::error_summary(visit, problems))
        (explanation(visit, &view))
        (path_chart(visit, &view))
        div.columns {
            div.stack {
                (statements(visit, &view, &bodies, may_state))
                @if may_state { (state_form(visit, &view, typed, problems)) }
            }
            div.stack {
                section.card { h2 { (visit.t("plans-facts")) } (facts(visit, &view, &bodies)) }
                @if visit.may(Action::EditPlan) && it.target.unit().is_some() { (baseline_form(visit, &view)) }
                (timeline(visit, &history))
            }
        }
        (pieces::footer(visit, it, Some(html! { a href={ "/plans/" (view.plan.id) } { (view.plan.title) } }), view.evaluation.value.as_ref().map(|it| it.as_of)).await?)
    };
    let mut response = visit.page(head, body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn may_state(visit: &Visit, view: &IndicatorView) -> bool {
    let target = Touched::Of { organisations: &view.indicator.owners, person: None };
    !view.plan.imported_copy
        && view.plan.status == crate::plan::PlanStatus::InForce
        && visit.ctx.may(Action::RecordStatement, target).is_ok()
}

/// Where the indicator stands and why: value, threshold, gap, what the path expects.
fn explanation(visit: &Visit, view: &IndicatorView) -> Markup {
    let it = &view.evaluation;
    let (tone, title) = match it.verdict {
        Verdict::Met => (Tone::Good, visit.t("plans-verdict-met")),
        Verdict::NotMet => (Tone::Attention, visit.t("plans-verdict-not-met")),
        Verdict::Unknown(why) => (Tone::Plain, visit.t(&format!("plans-unknown-{}", why.name()))),
    };
    let quantity = |it: &Quantity| Value::from(visit.quantity_text(it));
    let mut sentences = Vec::new();
    if let Some(value) = &it.value {
        let text = value.quantity.as_ref().map(|it| visit.quantity_text(it)).or_else(|| value.words.clone()).unwrap_or_default();
        sentences.push(visit.t_with("plans-explain-value", &[("value", Value::from(text)), ("date", Value::from(visit.date(value.as_of)))]));
        if 1 < value.statements {
            sentences.push(visit.t_with("plans-explain-summed", &[("count", Value::from(value.statements.to_string()))]));
        }
    }
    if let Some(level) = &it.threshold {
        sentences.push(visit.t_with("plans-explain-threshold", &[("threshold", Value::from(pieces::level_words(visit, level)))]));
    }
    if let Some(gap) = &it.gap {
        sentences.push(visit.t_with("plans-explain-gap", &[("gap", quantity(gap))]));
    }
    if it.value.is_some() && let Some(expected) = &it.expected {
        sentences.push(visit.t_with("plans-explain-expected", &[("expected", quantity(expected))]));
    }
    if let Some(share) = it.share {
        sentences.push(visit.t_with("plans-explain-share", &[("share", Value::from(pieces::percent(share)))]));
    }
    if it.keeps_level {
        sentences.push(visit.t("plans-explain-keeps-level"));
    }
    if it.baseline_is_zero {
        sentences.push(visit.t("plans-explain-from-zero"));
    }
    if view.statements.iter().any(|it| it.check.is_waiting()) {
        sentences.push(visit.t("plans-explain-unchecked"));
    }
    ui::callout(tone, Some(&title), html! { p { (sentences.join(" ")) } })
}

fn path_chart(visit: &Visit, view: &IndicatorView) -> Markup {
    let it = &view.indicator;
    let Some(unit) = it.target.unit() else { return html! {} };
    let number = |statement: &Statement| statement.value.quantity().and_then(|value| value.to_unit(&unit).ok()).map(|value| value.value.normalize());
    let plain: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
    let in_force = crate::statement::in_force(&plain, visit.ctx.today);
    let mut days: BTreeSet<Date> = in_force.iter().map(|it| it.as_of).collect();
    days.extend(it.baseline.as_ref().map(|it| it.day));
    days.extend(it.path.iter().map(|point| point.day));
    days.insert(it.deadline.day);
    for year in it.start.year()..=it.deadline.day.year() {
        days.extend(Date::new(year, 12, 31).ok().filter(|day| *day <= it.deadline.day));
    }
    let mut sum = Decimal::ZERO;
    let mut values = Vec::new();
    let mut path = Vec::new();
    let mut targets = Vec::new();
    let aim = view.evaluation.threshold.as_ref().map(Level::aim);
    for day in &days {
        let baseline = it.baseline.as_ref().filter(|it| it.day == *day).and_then(|it| it.value.as_ref()).and_then(|value| value.to_unit(&unit).ok());
        let stated = in_force.iter().find(|it| it.as_of == *day).and_then(|it| number(it));
        let shown = match (it.entry_mode, stated) {
            (EntryMode::Flow, Some(value)) => {
                sum += value;
                Some(sum)
            }
            (_, Some(value)) => Some(value),
            (_, None) => baseline.map(|it| it.value),
        };
        values.push(shown.map(|it| it.normalize().to_string()));
        path.push(expected_on(it, *day).map(|it| it.value.normalize().to_string()));
        targets.push(aim.as_ref().map(|it| it.value.normalize().to_string()));
    }
    let title = match view.evaluation.value.as_ref().and_then(|it| it.quantity.as_ref()) {
        Some(value) => visit.t_with("plans-chart-title", &[("name", Value::from(it.name.clone())), ("value", Value::from(visit.quantity_text(value)))]),
        None => visit.t_with("plans-chart-title-none", &[("name", Value::from(it.name.clone()))]),
    };
    let mut series = vec![Series { label: visit.t("plans-series-value"), role: SeriesRole::Value, values }];
    if path.iter().any(Option::is_some) {
        series.push(Series { label: visit.t("plans-series-path"), role: SeriesRole::Path, values: path });
    }
    if targets.iter().any(Option::is_some) {
        series.push(Series { label: visit.t("plans-series-target"), role: SeriesRole::Target, values: targets });
    }
    let as_of = view.evaluation.value.as_ref().map_or(visit.ctx.today, |it| it.as_of);
    let note = visit.t_with("plans-chart-note", &[("unit", Value::from(unit.to_string())), ("date", Value::from(visit.date(as_of)))]);
    let places = days.iter().map(ToString::to_string).collect();
    ui::chart(visit, &Chart { title, note, kind: ChartKind::Line, axis: visit.t("plans-column-as-of"), places, series, download: None })
}

fn facts(visit: &Visit, view: &IndicatorView, bodies: &Bodies) -> Markup {
    let it = &view.indicator;
    let direction = match it.target.direction() {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Within => "within",
        Direction::Words => "words",
    };
    ui::facts(&[
        (visit.t("plans-column-target"), html! { (target_words(visit, &it.target)) }),
        (visit.t("plans-fact-words"), html! { (it.words) }),
        (visit.t("plans-column-binding"), html! { (visit.t(&format!("plans-binding-{}", it.binding.name()))) }),
        (visit.t("plans-fact-direction"), html! { (visit.t(&format!("plans-direction-{direction}"))) }),
        (visit.t("plans-fact-entry"), html! { (visit.t(&format!("plans-entry-{}", it.entry_mode.name()))) }),
        (
            visit.t("plans-fact-baseline"),
            html! {
                @match &it.baseline {
                    Some(baseline) => {
                        @match &baseline.value { Some(value) => (visit.quantity(value)), None => span.nothing { (visit.t("plans-baseline-without-value")) } }
                        " " span.help { (visit.date(baseline.day)) " " (baseline.source.title) }
                    }
                    None => span.nothing { (visit.t("plans-baseline-none")) },
                }
            },
        ),
        (visit.t("plans-column-owners"), pieces::body_links(visit, bodies, &it.owners, "")),
        (
            visit.t("plans-column-deadline"),
            html! { (pieces::due_day(visit, it.deadline.day)) @if it.deadline.by_default { " " span.help title=(visit.t("plans-deadline-default-help")) { (visit.t("plans-deadline-default")) } } },
        ),
    ])
}

fn statements(visit: &Visit, view: &IndicatorView, bodies: &Bodies, may_state: bool) -> Markup {
    let plain: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
    // The public sees what was checked.
    let inside = visit.may(Action::ViewPlans);
    let columns = vec![
        Column::short(visit.t("plans-column-as-of")),
        Column::figure(visit.t("plans-column-value")),
        Column::short(visit.t("plans-column-status")),
        Column::text(visit.t("plans-column-source")),
        Column::text(visit.t("plans-column-stated-by")),
        Column::text(visit.t("plans-column-actions")),
    ];
    let mut table = Table::new(visit.t("plans-statements"), columns).dense();
    for it in view.statements.iter().rev().filter(|it| inside || it.check.is_checked()) {
        let superseded = it.is_superseded(&plain);
        table.row_with_id(
            format!("statement-{}", it.id),
            vec![
                html! { @if let Some(from) = it.from { (from) " – " } (visit.date_cell(it.as_of)) },
                html! { @match &it.value { StatedValue::Number { quantity } => (visit.quantity(quantity)), StatedValue::Judgement { words, met } => { (words) " " (ui::badge(if *met { Tone::Good } else { Tone::Attention }, &visit.t(if *met { "plans-verdict-met" } else { "plans-verdict-not-met" }))) } } },
                html! {
                    (check_badge(visit, &it.check))
                    @if superseded { " " (ui::badge(Tone::Plain, &visit.t("plans-superseded"))) }
                    @if it.supersedes.is_some() { " " (ui::badge(Tone::Info, &visit.t("plans-correction"))) }
                    @if let CheckState::Returned { reason, .. } = &it.check { p.help { (reason) } }
                },
                html! { (it.source.title) @if let Some(locator) = &it.source.locator { " " span.help { (locator) } } },
                html! { @match it.organisation { Some(body) => (pieces::body_name(visit, bodies, body)), None => span.nothing { "–" } } },
                statement_actions(visit, it, it.version, superseded, may_state),
            ],
        );
    }
    html! {
        section.card #statements {
            h2 { (visit.t("plans-statements")) }
            @if table.is_empty() { p.nothing { (visit.t("plans-statements-none")) } } @else { (table.draw(visit)) }
        }
    }
}

fn statement_actions(visit: &Visit, it: &Statement, version: Version, superseded: bool, may_state: bool) -> Markup {
    let version = version.to_string();
    html! {
        @if it.check.is_waiting() && visit.may(Action::CheckStatement) {
            form method="post" action={ "/statements/" (it.id) "/check" } {
                (ui::hidden("version", &version))
                button.button.primary type="submit" { (visit.t("plans-check")) }
            }
            details {
                summary { (visit.t("plans-return")) }
                form.stack method="post" action={ "/statements/" (it.id) "/return" } {
                    (ui::hidden("version", &version))
                    label { (visit.t("plans-return-why")) " " input name="why" required; }
                    button.button type="submit" { (visit.t("plans-return")) }
                }
            }
        }
        @if it.check.is_checked() && !superseded && may_state {
            a href={ "?corrects=" (it.id) "#state" } { (visit.t("plans-correct")) }
        }
        @if visit.may(Action::ViewHistory) { " " a href={ "/records/statement/" (it.id) } { (visit.t("quiet-history")) } }
    }
}

fn state_form(visit: &Visit, view: &IndicatorView, typed: &Fields, problems: &[Problem]) -> Markup {
    let it = &view.indicator;
    let here = ui::Address::parse(&visit.path_and_query);
    let corrects = typed.given("supersedes").or(here.get("corrects")).and_then(|id| id.parse::<StatementId>().ok());
    let old = corrects.and_then(|id| view.statements.iter().find(|it| it.id == id));
    let field = |name: &'static str, label: &str, value: String, kind: &'static str, required: bool| Field {
        name,
        label: visit.t(label),
        value: typed.given(name).map_or(value, str::to_owned),
        kind,
        required,
        problems,
        ..Field::default()
    };
    let old_value = old.and_then(|it| it.value.quantity()).map(|it| it.value.normalize().to_string()).unwrap_or_default();
    let old_day = old.map(|it| it.as_of.to_string()).unwrap_or_default();
    let old_source = old.map(|it| it.source.title.clone()).unwrap_or_default();
    html! {
        section.card #state {
            h2 { (visit.t(if old.is_some() { "plans-correct-value" } else { "plans-state-value" })) }
            p.help { (visit.t(&format!("plans-entry-{}-help", it.entry_mode.name()))) }
            form.stack method="post" action={ "/indicators/" (it.id) "/statements" } enctype="multipart/form-data" data-unsaved {
                @if let Some(old) = old {
                    (ui::hidden("supersedes", &old.id.to_string()))
                    (ui::callout(Tone::Info, None, html! { p { (visit.t_with("plans-corrects", &[("date", Value::from(visit.date(old.as_of)))])) } }))
                }
                @match it.target.unit() {
                    Some(unit) => {
                        div.field-row {
                            (ui::input(visit, &field("value", "plans-field-value", old_value, "", true)))
                            (ui::input(visit, &Field { help: Some(visit.t("plans-field-unit-help")), ..field("unit", "plans-field-unit", unit.to_string(), "", true) }))
                        }
                    }
                    None => {
                        (ui::textarea(visit, &field("words", "plans-field-words", String::new(), "", true), 3))
                        (ui::radios(visit, &field("met", "plans-field-met", String::new(), "", true), &[Choice::new("yes", visit.t("plans-verdict-met"), typed.get("met") == "yes"), Choice::new("no", visit.t("plans-verdict-not-met"), typed.get("met") == "no")]))
                    }
                }
                div.field-row {
                    @if it.entry_mode == EntryMode::Flow { (ui::input(visit, &Field { help: Some(visit.t("plans-field-from-help")), ..field("from", "plans-field-from", String::new(), "date", false) })) }
                    (ui::input(visit, &field("as_of", "plans-field-as-of", old_day, "date", true)))
                }
                (ui::input(visit, &Field { help: Some(visit.t("plans-field-source-help")), ..field("source", "plans-column-source", old_source, "", true) }))
                (ui::input(visit, &field("locator", "plans-field-locator", String::new(), "", false)))
                (ui::field(visit, &Field { name: "evidence", label: visit.t("plans-field-evidence"), help: Some(visit.t("plans-field-evidence-help")), problems, ..Field::default() }, html! { input id="field-evidence" type="file" name="evidence" multiple aria-describedby="help-evidence"; }))
                (ui::actions(visit, &visit.t("plans-state-submit"), None))
            }
        }
    }
}

fn baseline_form(visit: &Visit, view: &IndicatorView) -> Markup {
    let it = &view.indicator;
    let unit = it.target.unit().map(|unit| unit.to_string()).unwrap_or_default();
    let day = it.start.yesterday().map(|day| day.to_string()).unwrap_or_default();
    html! {
        section.card #baseline {
            details open[it.baseline.as_ref().is_none_or(|it| it.value.is_none())] {
                summary { (visit.t("plans-set-baseline")) }
                @if !view.baselines.is_empty() {
                    form.stack method="post" action={ "/indicators/" (it.id) "/baseline" } {
                        fieldset.field {
                            legend { (visit.t("plans-baselines-offered")) }
                            div.choices {
                                @for (index, offered) in view.baselines.iter().take(6).enumerate() {
                                    label.choice {
                                        input type="radio" name="result" value=(offered.id) required checked[index == 0];
                                        span { (offered.name) " " @if let Some(value) = offered.value.quantity() { strong { (visit.quantity(value)) } } " " span.help { (visit.date(offered.as_of)) } }
                                    }
                                }
                            }
                        }
                        (ui::hidden("reason", &visit.t("plans-reason-baseline-offered")))
                        (ui::actions(visit, &visit.t("plans-take-baseline"), None))
                    }
                }
                form.stack method="post" action={ "/indicators/" (it.id) "/baseline" } {
                    div.field-row {
                        (ui::input(visit, &Field { name: "baseline", label: visit.t("plans-fact-baseline"), required: true, ..Field::default() }))
                        (ui::input(visit, &Field { name: "baseline_unit", label: visit.t("plans-field-unit"), value: unit, required: true, ..Field::default() }))
                    }
                    (ui::input(visit, &Field { name: "day", label: visit.t("plans-column-as-of"), value: day, kind: "date", required: true, ..Field::default() }))
                    (ui::input(visit, &Field { name: "baseline_source", label: visit.t("plans-column-source"), required: true, ..Field::default() }))
                    (ui::reason(visit, "", &[]))
                    (ui::actions(visit, &visit.t("plans-set-baseline"), None))
                }
            }
        }
    }
}

async fn state(visit: Visit, Path(given): Path<String>, multipart: Multipart) -> Result<Response, PageError> {
    let indicator: IndicatorId = id(&given)?;
    let Uploaded { fields, files } = match read_upload(multipart, visit.app.limits.upload_bytes_max).await {
        Ok(uploaded) => uploaded,
        Err(refusal) => return draw(&visit, indicator, &Fields::default(), &[Problem::refusal(&visit, "evidence", &refusal)]).await,
    };
    let value = match filled(&fields, files) {
        Ok(value) => value,
        Err(refusal) => return draw(&visit, indicator, &fields, &[Problem::refusal(&visit, refusal.field(), &refusal)]).await,
    };
    let name = plans(&visit).indicator(indicator).await?.indicator.name.clone();
    let reason = visit.t_with("plans-reason-state", &[("name", Value::from(name))]);
    match plans(&visit).record_statement(indicator, value, &reason).await {
        Ok(_) => Ok(visit.redirect(&format!("/indicators/{indicator}"), "stated")),
        Err(ServiceError::Statement(refusal)) => {
            let field = super::fields_of::statement(&refusal);
            draw(&visit, indicator, &fields, &[Problem::refusal(&visit, field, &refusal)]).await
        }
        Err(other) => Err(other.into()),
    }
}

fn filled(fields: &Fields, evidence: Vec<(String, Vec<u8>)>) -> Result<StateValue, FormRefusal> {
    let value = match fields.given("words") {
        Some(words) => StatedValue::Judgement { words: words.to_owned(), met: fields.get("met") == "yes" },
        None => StatedValue::Number { quantity: Quantity::new(fields.needed("value")?, Unit::parse(fields.get("unit"))) },
    };
    Ok(StateValue {
        value,
        from: fields.parsed("from")?,
        as_of: fields.needed("as_of")?,
        source: fields.get("source").to_owned(),
        locator: fields.given("locator").map(str::to_owned),
        evidence,
        supersedes: fields.parsed("supersedes")?,
    })
}

async fn baseline(visit: Visit, Path(given): Path<String>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let (indicator, fields): (IndicatorId, _) = (id(&given)?, Fields(fields));
    let reason = fields.get("reason");
    match fields.parsed::<StatementId>("result")? {
        Some(result) => plans(&visit).take_baseline(indicator, result, reason).await?,
        None => {
            let value = Quantity::new(fields.needed("baseline")?, Unit::parse(fields.get("baseline_unit")));
            plans(&visit).state_baseline(indicator, fields.needed("day")?, value, fields.get("baseline_source"), reason).await?
        }
    };
    Ok(visit.redirect(&format!("/indicators/{indicator}"), "baseline-set"))
}

async fn check(visit: Visit, Path(given): Path<String>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let (statement, fields): (StatementId, _) = (id(&given)?, Fields(fields));
    let version = fields.parsed("version")?.map(Version);
    let checked = plans(&visit).check_statement(statement, version, &visit.t("plans-reason-check")).await?;
    Ok(visit.redirect(&back_to(&checked), "checked"))
}

async fn give_back(visit: Visit, Path(given): Path<String>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let (statement, fields): (StatementId, _) = (id(&given)?, Fields(fields));
    let version = fields.parsed("version")?.map(Version);
    let why = fields.get("why");
    let reason = visit.t_with("plans-reason-return", &[("why", Value::from(why.to_owned()))]);
    let returned = plans(&visit).return_statement(statement, version, why, &reason).await?;
    Ok(visit.redirect(&back_to(&returned), "returned"))
}

fn back_to(statement: &Statement) -> String {
    statement.indicator.map_or_else(|| format!("/plans/{}", statement.plan), |id| format!("/indicators/{id}"))
}
