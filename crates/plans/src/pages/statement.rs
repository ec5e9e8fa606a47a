//! Stating an indicator's value, correcting one, and checking or returning what was stated.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hutong_kernel::{Action, Quantity, StatementId, Unit};
use hutong_store::{Stored, Version};
use hutong_web::ui::{self, Address, Choice, Field, Problem, Tone};
use hutong_web::{App, PageError, Value, Visit};
use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::bodies::Bodies;
use super::indicator::{
    check_badge, head_below, may_be_corrected, may_check, may_state, page_of, stated_value,
};
use super::pieces::Fields;
use super::plan::parse_id;
use super::record_footer::record_footer;
use super::refused_form;
use super::review_content::target_words;
use super::upload::{Uploaded, read_upload};
use crate::indicator::EntryMode;
use crate::record_statement::StatementRefusal;
use crate::services::{IndicatorView, Plans, StateValue};
use crate::statement::{CheckState, StatedValue, Statement};

/// The form of a statement, a statement's page, and what a supervisor does there.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/indicators/{id}/statements/new",
            get(new_form).post(create).layer(DefaultBodyLimit::max(STATEMENT_BYTES_MAX)),
        )
        .route("/indicators/{id}/statements/{statement}", get(show))
        .route("/indicators/{id}/statements/{statement}/check", post(check))
        .route("/indicators/{id}/statements/{statement}/return", post(give_back))
        .route("/indicators/{id}/statements/{statement}/evidence/{file}", get(evidence))
}

/// Largest statement with all its evidence, in bytes.
const STATEMENT_BYTES_MAX: usize = 100 * 1024 * 1024;

/// At which field a refusal is told.
const FIELDS: [(&str, &str); 12] = [
    ("plans.statement.unit_mismatch", "unit"),
    ("plans.statement.number_needed", "value"),
    ("plans.statement.words_needed", "words"),
    ("plans.statement.words_missing", "words"),
    ("plans.statement.source_missing", "source"),
    ("plans.statement.day_not_over", "as_of"),
    ("plans.statement.outside_plan", "as_of"),
    ("plans.statement.already_stated", "as_of"),
    ("plans.statement.total_fell", "value"),
    ("plans.statement.total_above_later", "value"),
    ("plans.statement.period_reversed", "from"),
    ("plans.statement.period_overlaps", "from"),
];

/// A statement as it is typed.
#[derive(Default, Clone)]
struct StatementForm {
    value: String,
    unit: String,
    words: String,
    met: String,
    from: String,
    as_of: String,
    source: String,
    locator: String,
    /// The statement that is corrected; empty for a new one.
    corrects: String,
    reason: String,
}

impl StatementForm {
    fn of(fields: &Fields) -> Self {
        let text = |name| fields.get(name).to_owned();
        Self {
            value: text("value"),
            unit: text("unit"),
            words: text("words"),
            met: text("met"),
            from: text("from"),
            as_of: text("as_of"),
            source: text("source"),
            locator: text("locator"),
            corrects: text("corrects"),
            reason: text("reason"),
        }
    }
}

async fn new_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let here = Address::parse(&visit.path_and_query);
    let form = match here.get("corrects") {
        Some(corrects) => typed(find(&view, corrects)?),
        None => StatementForm {
            unit: view.indicator.target.unit().map(|unit| unit.to_string()).unwrap_or_default(),
            ..StatementForm::default()
        },
    };
    form_page(&visit, &view, &form, &[]).await
}

fn find<'a>(view: &'a IndicatorView, id: &str) -> Result<&'a Stored<Statement>, PageError> {
    let id: StatementId = parse_id(id)?;
    view.statements.iter().find(|it| it.id == id).ok_or_else(|| StatementRefusal::NotFound.into())
}

/// A statement as the form of its correction shows it.
fn typed(statement: &Statement) -> StatementForm {
    let mut form = StatementForm {
        from: statement.from.map(|day| day.to_string()).unwrap_or_default(),
        as_of: statement.as_of.to_string(),
        source: statement.source.title.clone(),
        locator: statement.source.locator.clone().unwrap_or_default(),
        corrects: statement.id.to_string(),
        ..StatementForm::default()
    };
    match &statement.value {
        StatedValue::Number { quantity } => {
            form.value = quantity.value.normalize().to_string();
            form.unit = quantity.unit.to_string();
        }
        StatedValue::Judgement { words, met } => {
            form.words.clone_from(words);
            form.met = if *met { "yes" } else { "no" }.to_owned();
        }
    }
    form
}

impl StatementForm {
    /// What was typed as a value, or what is wrong with each field.
    fn read(
        &self,
        visit: &Visit,
        view: &IndicatorView,
        evidence: Vec<(String, Vec<u8>)>,
    ) -> Result<StateValue, Vec<Problem>> {
        let mut problems = Vec::new();
        let as_of = day(visit, "as_of", &self.as_of, &mut problems);
        let from =
            if self.from.trim().is_empty() { None } else { day(visit, "from", &self.from, &mut problems) };
        let value = if view.indicator.target.unit().is_some() {
            match number(&self.value) {
                Some(value) => {
                    Some(StatedValue::Number { quantity: Quantity::new(value, Unit::parse(&self.unit)) })
                }
                None => {
                    problems.push(Problem::at("value", visit.t("indicator-page-not-a-number")));
                    None
                }
            }
        } else {
            match self.met.as_str() {
                "yes" | "no" => Some(StatedValue::Judgement {
                    words: self.words.trim().to_owned(),
                    met: self.met == "yes",
                }),
                _ => {
                    problems.push(Problem::at("met", visit.t("indicator-page-met-choose")));
                    None
                }
            }
        };
        let supersedes = if self.corrects.is_empty() { None } else { self.corrects.parse().ok() };
        match (value, as_of) {
            (Some(value), Some(as_of)) if problems.is_empty() => Ok(StateValue {
                value,
                from,
                as_of,
                source: self.source.clone(),
                locator: Some(self.locator.trim().to_owned()).filter(|it| !it.is_empty()),
                evidence,
                supersedes,
            }),
            _ => Err(problems),
        }
    }
}

/// A date as it was typed, or a problem at its field.
pub(super) fn day(visit: &Visit, field: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Date> {
    let day = text.trim().parse().ok();
    if day.is_none() {
        problems.push(Problem::at(field, visit.t("indicator-page-not-a-date")));
    }
    day
}

/// A decimal as people type it, with thousands apart by a comma of either script.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '\u{ff0c}' | ' ')).collect();
    plain.parse().ok()
}

async fn create(visit: Visit, Path(id): Path<String>, multipart: Multipart) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    // Nothing of an upload is kept for somebody who may not state.
    require_state(&visit, &view)?;
    let Uploaded { fields, files } = match read_upload(multipart, visit.app.limits.upload_bytes_max).await {
        Ok(uploaded) => uploaded,
        Err(refusal) => {
            let problems = [Problem::refusal(&visit, "evidence", &refusal)];
            return form_page(&visit, &view, &StatementForm::default(), &problems).await;
        }
    };
    let form = StatementForm::of(&fields);
    let value = match form.read(&visit, &view, files) {
        Ok(value) => value,
        Err(problems) => return form_page(&visit, &view, &form, &problems).await,
    };
    let corrects = value.supersedes.is_some();
    match plans.record_statement(view.indicator.id, value, &form.reason).await {
        Ok(statement) => Ok(visit.redirect(
            &format!("{}#statement-{}", page_of(&view.indicator), statement.id),
            if corrects { "statement-corrected" } else { "statement-stated" },
        )),
        Err(error) => {
            let problems = [refused_form::problem(&visit, &FIELDS, error)?];
            form_page(&visit, &view, &form, &problems).await
        }
    }
}

/// Refuses who may not state a value of this indicator.
fn require_state(visit: &Visit, view: &IndicatorView) -> Result<(), PageError> {
    let owners = hutong_kernel::Target::Of { organisations: &view.indicator.owners, person: None };
    Ok(visit.ctx.may(Action::RecordStatement, owners)?)
}

async fn form_page(
    visit: &Visit,
    view: &IndicatorView,
    form: &StatementForm,
    problems: &[Problem],
) -> Result<Response, PageError> {
    require_state(visit, view)?;
    let indicator = &view.indicator;
    let corrects = !form.corrects.is_empty();
    let title = visit.t(if corrects { "indicator-page-correct-title" } else { "indicator-page-state" });
    let field = |name, key: &str, value: &str, required| Field {
        name,
        label: visit.t(key),
        value: value.to_owned(),
        required,
        problems,
        ..Field::default()
    };
    let met = [("yes", "indicator-page-met"), ("no", "indicator-page-not-met")]
        .map(|(value, key)| Choice::new(value, visit.t(key), form.met == value));
    let body = html! {
        (ui::callout(Tone::Info, None, html! {
            p { (visit.t("indicator-page-target")) " " strong { (target_words(visit, &indicator.target)) } }
            p { (visit.t(if corrects { "indicator-page-correct-words" } else { "indicator-page-state-words" })) }
        }))
        (ui::error_summary(visit, problems))
        form.card.narrow #statement-form data-action="state-value" method="post" enctype="multipart/form-data"
            action={ (page_of(indicator)) "/statements/new" } {
            (ui::hidden("corrects", &form.corrects))
            @if indicator.target.unit().is_some() {
                (ui::input(visit, &Field { help: Some(visit.t(&format!("indicator-page-value-help-{}", indicator.entry_mode.name()))),
                    ..field("value", "indicator-page-stated-value", &form.value, true) }))
                (ui::input(visit, &Field { help: Some(visit.t("indicator-page-unit-help")), ..field("unit", "indicator-page-unit", &form.unit, true) }))
            } @else {
                (ui::textarea(visit, &Field { help: Some(visit.t("indicator-page-words-help")), ..field("words", "indicator-page-words", &form.words, true) }, 4))
                (ui::radios(visit, &field("met", "indicator-page-verdict", &form.met, true), &met))
            }
            @if indicator.entry_mode == EntryMode::Flow && indicator.target.unit().is_some() {
                (ui::input(visit, &Field { kind: "date", help: Some(visit.t("indicator-page-from-help")), ..field("from", "indicator-page-from", &form.from, false) }))
            }
            (ui::input(visit, &Field { kind: "date", help: Some(visit.t("indicator-page-as-of-help")), ..field("as_of", "indicator-page-as-of", &form.as_of, true) }))
            (ui::input(visit, &Field { help: Some(visit.t("indicator-page-source-help")), ..field("source", "indicator-page-source", &form.source, true) }))
            (ui::input(visit, &field("locator", "indicator-page-locator", &form.locator, false)))
            (ui::field(visit, &Field { help: Some(visit.t("indicator-page-evidence-help")), ..field("evidence", "indicator-page-evidence", "", false) },
                html! { input #field-evidence type="file" name="evidence" multiple aria-describedby="help-evidence"; }))
            (ui::reason(visit, &form.reason, problems))
            (ui::actions(visit, &visit.t("indicator-page-submit"), Some(&page_of(indicator))))
        }
    };
    Ok(refused_form::answer(visit.page(head_below(visit, view, title), body).await, problems))
}

/// What a supervisor types when a statement is checked or given back.
#[derive(Deserialize, Default)]
struct DecideForm {
    #[serde(default)]
    version: u64,
    /// What the department reads.
    #[serde(default)]
    why: String,
    #[serde(default)]
    reason: String,
}

async fn show(visit: Visit, Path((id, statement)): Path<(String, String)>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let statement = find(&view, &statement)?;
    show_page(&visit, &plans, &view, statement, &DecideForm::default(), "", &[]).await
}

async fn show_page(
    visit: &Visit,
    plans: &Plans<'_>,
    view: &IndicatorView,
    it: &Stored<Statement>,
    form: &DecideForm,
    what: &str,
    problems: &[Problem],
) -> Result<Response, PageError> {
    // What departments hand in to be checked is not public with the plan.
    visit.require(Action::ViewPlans)?;
    let bodies = Bodies::read(plans).await?;
    let all: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
    let superseded = it.is_superseded(&all);
    let page = format!("{}/statements/{}", page_of(&view.indicator), it.id);
    let version = if form.version == 0 { it.version.0 } else { form.version };
    let checks = if what == "check" { problems } else { &[] };
    let returns = if what == "return" { problems } else { &[] };
    let body = html! {
        (ui::error_summary(visit, problems))
        section.card { (ui::facts(&facts(visit, view, it, &bodies))) }
        @if may_check(visit, it) {
            div.decide-columns {
                form.card #statement-check-form data-action="check-statement" method="post" action={ (page) "/check" } {
                    h2 { (visit.t("indicator-page-check-title")) }
                    p.help { (visit.t("indicator-page-check-words")) }
                    (ui::hidden("version", &version.to_string()))
                    @let usual = visit.t("indicator-page-check-reason");
                    (ui::reason(visit, if what == "check" { &form.reason } else { &usual }, checks))
                    (ui::actions(visit, &visit.t("indicator-page-check-submit"), None))
                }
                form.card #statement-return-form data-action="return-statement" method="post" action={ (page) "/return" } {
                    h2 { (visit.t("indicator-page-return-title")) }
                    p.help { (visit.t("indicator-page-return-words")) }
                    (ui::hidden("version", &version.to_string()))
                    (ui::textarea(visit, &Field { name: "why", label: visit.t("indicator-page-return-why"), value: form.why.clone(),
                        required: true, problems: returns, ..Field::default() }, 3))
                    div.form-actions { button.button type="submit" { (visit.t("indicator-page-return-submit")) } }
                }
            }
        }
        @let source = html! { (it.source.title) };
        (record_footer(visit, it, Some(source), Some(visit.date_cell(it.as_of))).await?)
    };
    let title = visit.t_with("indicator-page-statement-title", &[("day", Value::from(visit.date(it.as_of)))]);
    let mut head = head_below(visit, view, title).state(check_badge(visit, &it.check, superseded));
    if may_state(visit, view) && !superseded && may_be_corrected(&it.check) {
        head = head.primary(html! {
            a.button data-action="correct" href={ (page_of(&view.indicator)) "/statements/new?corrects=" (it.id) } { (visit.t("indicator-page-correct")) }
        });
    }
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}

fn facts(visit: &Visit, view: &IndicatorView, it: &Statement, bodies: &Bodies) -> Vec<(String, Markup)> {
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: Markup| facts.push((visit.t(&format!("indicator-page-{key}")), value));
    fact("stated-value", stated_value(visit, &it.value));
    if let Some(from) = it.from {
        fact("from", html! { (visit.date(from)) });
    }
    fact("as-of", html! { (visit.date(it.as_of)) });
    fact(
        "source",
        html! { (it.source.title) @if let Some(locator) = &it.source.locator { " " span.quiet-words { (locator) } } },
    );
    if !it.source.files.is_empty() {
        let page = format!("{}/statements/{}/evidence", page_of(&view.indicator), it.id);
        fact(
            "evidence",
            html! {
                ul.plain { @for file in &it.source.files { li { a href={ (page) "/" (file.id) } download { (file.name) } } } }
            },
        );
    }
    fact(
        "stated-by",
        html! { @match it.organisation { Some(body) => (bodies.link(visit, body)), None => span.nothing { "–" } } },
    );
    fact("stated-on", html! { (visit.date(it.stated_on)) });
    fact("target", html! { (target_words(visit, &view.indicator.target)) });
    if let Some(old) = it.supersedes.and_then(|id| view.statements.iter().find(|other| other.id == id)) {
        fact(
            "corrects",
            html! {
                a href={ (page_of(&view.indicator)) "/statements/" (old.id) } { (stated_value(visit, &old.value)) }
            },
        );
    }
    match &it.check {
        CheckState::Submitted => {}
        CheckState::Checked { on, .. } => fact("checked-on", html! { (visit.date(*on)) }),
        CheckState::Returned { on, reason, .. } => {
            fact("returned-on", html! { (visit.date(*on)) });
            fact("return-why", html! { (reason) });
        }
        CheckState::Replaced { on } => fact("replaced-on", html! { (visit.date(*on)) }),
    }
    facts
}

/// A file that was handed in with a statement, always as an attachment.
async fn evidence(
    visit: Visit,
    Path((id, statement, file)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let (file, bytes) = plans.statement_evidence(&view, parse_id(&statement)?, parse_id(&file)?).await?;
    let name = ui::url::encode(&file.name).replace('/', "%2F");
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    Ok((headers, bytes).into_response())
}

async fn check(
    visit: Visit,
    Path((id, statement)): Path<(String, String)>,
    Form(form): Form<DecideForm>,
) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let statement = find(&view, &statement)?;
    match plans.check_statement(statement.id, Some(Version(form.version)), &form.reason).await {
        Ok(_) => Ok(visit.redirect(&page_of(&view.indicator), "statement-checked")),
        Err(error) => {
            let problems = [refused_form::problem(&visit, &[], error)?];
            show_page(&visit, &plans, &view, statement, &form, "check", &problems).await
        }
    }
}

async fn give_back(
    visit: Visit,
    Path((id, statement)): Path<(String, String)>,
    Form(form): Form<DecideForm>,
) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let statement = find(&view, &statement)?;
    // The department's reason is the journal's, too: nobody writes it twice.
    match plans.return_statement(statement.id, Some(Version(form.version)), &form.why, &form.why).await {
        Ok(_) => Ok(visit.redirect(&page_of(&view.indicator), "statement-returned")),
        Err(error) => {
            let fields = [("plans.statement.reason_missing", "why"), ("store.empty_reason", "why")];
            let problems = [refused_form::problem(&visit, &fields, error)?];
            show_page(&visit, &plans, &view, statement, &form, "return", &problems).await
        }
    }
}
