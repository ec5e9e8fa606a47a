//! Changing an indicator's owners, deadline, tolerance, weight and path; setting its baseline.

use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, OrganisationId, Quantity, Unit};
use hutong_store::Version;
use hutong_web::ui::{self, Choice, Field, Problem, Tone};
use hutong_web::{App, PageError, Value, Visit};
use maud::html;
use serde::Deserialize;

use super::bodies::Bodies;
use super::indicator::{head_below, page_of};
use super::plan::parse_id;
use super::refused_form;
use super::review_content::target_words;
use super::statement::{day, number};
use crate::edit_indicator::EditIndicator;
use crate::indicator::PathPoint;
use crate::services::{IndicatorView, Plans};
use crate::target::{Level, Target, Tolerance};

/// The two forms.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/indicators/{id}/edit", get(edit_form).post(edit))
        .route("/indicators/{id}/baseline", get(baseline_form).post(set_baseline))
}

/// At which field a refusal is told.
const FIELDS: [(&str, &str); 9] = [
    ("plans.indicator.owner_missing", "owners"),
    ("plans.indicator.deadline_before_start", "deadline"),
    ("plans.indicator.point_outside", "path"),
    ("plans.indicator.point_twice", "path"),
    ("plans.indicator.too_many_points", "path"),
    ("plans.indicator.target", "tolerance"),
    ("plans.indicator.unit_mismatch", "unit"),
    ("plans.indicator.baseline_too_late", "day"),
    ("plans.indicator.source_missing", "source"),
];

#[derive(Deserialize, Default, Clone)]
struct EditForm {
    #[serde(default)]
    version: u64,
    /// Names, one a line, the leading body first.
    #[serde(default)]
    owners: String,
    #[serde(default)]
    deadline: String,
    /// Percent, for “about” only.
    #[serde(default)]
    tolerance: String,
    #[serde(default)]
    weight: String,
    /// A day and a value a line.
    #[serde(default)]
    path: String,
    #[serde(default)]
    reason: String,
}

/// The target's condition, where it has one.
fn level(target: &Target) -> Option<&Level> {
    match target {
        Target::Level { level } | Target::YearlyMean { level } => Some(level),
        _ => None,
    }
}

/// The same promise with another tolerance.
fn with_tolerance(target: &Target, tolerance: Tolerance) -> Option<Target> {
    let Some(Level::About { value, .. }) = level(target) else { return None };
    let level = Level::About { value: value.clone(), tolerance };
    Some(match target {
        Target::YearlyMean { .. } => Target::YearlyMean { level },
        _ => Target::Level { level },
    })
}

fn tolerance_of(target: &Target) -> Option<Tolerance> {
    match level(target) {
        Some(Level::About { tolerance, .. }) => Some(*tolerance),
        _ => None,
    }
}

async fn edit_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::EditPlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let indicator = &view.indicator;
    let form = EditForm {
        version: indicator.version.0,
        owners: indicator.owners.iter().map(|id| bodies.name(&visit, *id)).collect::<Vec<_>>().join("\n"),
        deadline: indicator.deadline.day.to_string(),
        tolerance: tolerance_of(&indicator.target)
            .map(|it| it.percent().normalize().to_string())
            .unwrap_or_default(),
        weight: indicator.weight.to_string(),
        path: indicator
            .path
            .iter()
            .map(|point| format!("{} {}", point.day, point.value.value.normalize()))
            .collect::<Vec<_>>()
            .join("\n"),
        reason: String::new(),
    };
    edit_page(&visit, &view, &form, &[]).await
}

impl EditForm {
    fn read(
        &self,
        visit: &Visit,
        view: &IndicatorView,
        bodies: &Bodies,
    ) -> Result<EditIndicator, Vec<Problem>> {
        let mut problems = Vec::new();
        let indicator = &view.indicator;
        let mut owners: Vec<OrganisationId> = Vec::new();
        for name in self.owners.lines().map(str::trim).filter(|it| !it.is_empty()) {
            match bodies.find(visit.ctx.today, name) {
                Some(id) if owners.contains(&id) => {}
                Some(id) => owners.push(id),
                None => problems.push(Problem::at(
                    "owners",
                    visit.t_with("indicator-page-owner-unknown", &[("name", Value::from(name.to_owned()))]),
                )),
            }
        }
        let deadline = day(visit, "deadline", &self.deadline, &mut problems);
        let weight = self.weight.trim().parse().ok();
        if weight.is_none() {
            problems.push(Problem::at("weight", visit.t("indicator-page-weight-number")));
        }
        let mut target = None;
        if let Some(before) = tolerance_of(&indicator.target) {
            match number(&self.tolerance).map(Tolerance::stated) {
                Some(Ok(tolerance)) if tolerance.percent() == before.percent() => {}
                Some(Ok(tolerance)) => target = with_tolerance(&indicator.target, tolerance),
                Some(Err(refusal)) => problems.push(Problem::refusal(visit, "tolerance", &refusal)),
                None => problems.push(Problem::at("tolerance", visit.t("indicator-page-not-a-number"))),
            }
        }
        let mut path = Vec::new();
        let unit = indicator.target.unit();
        for line in self.path.lines().map(str::trim).filter(|it| !it.is_empty()) {
            let mut parts = line.split_whitespace();
            let point = parts.next().and_then(|it| it.parse().ok()).zip(parts.next().and_then(number));
            match (point, &unit) {
                (Some((day, value)), Some(unit)) => {
                    path.push(PathPoint { day, value: Quantity::new(value, unit.clone()) })
                }
                _ => problems.push(Problem::at(
                    "path",
                    visit.t_with("indicator-page-path-line", &[("line", Value::from(line.to_owned()))]),
                )),
            }
        }
        if problems.is_empty() {
            Ok(EditIndicator {
                owners: Some(owners),
                deadline,
                weight,
                target,
                path: Some(path),
                baseline: None,
            })
        } else {
            Err(problems)
        }
    }
}

async fn edit(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<EditForm>,
) -> Result<Response, PageError> {
    visit.require(Action::EditPlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let change = match form.read(&visit, &view, &bodies) {
        Ok(change) => change,
        Err(problems) => return edit_page(&visit, &view, &form, &problems).await,
    };
    match plans.edit_indicator(view.indicator.id, Some(Version(form.version)), change, &form.reason).await {
        Ok(_) => Ok(visit.redirect(&page_of(&view.indicator), "indicator-changed")),
        Err(error) => {
            let problems = [refused_form::problem(&visit, &FIELDS, error)?];
            edit_page(&visit, &view, &form, &problems).await
        }
    }
}

async fn edit_page(
    visit: &Visit,
    view: &IndicatorView,
    form: &EditForm,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let field = |name, key: &str, value: &str| Field {
        name,
        label: visit.t(&format!("indicator-page-{key}")),
        value: value.to_owned(),
        problems,
        ..Field::default()
    };
    let help = |key: &str| Some(visit.t(&format!("indicator-page-{key}")));
    let body = html! {
        (ui::callout(Tone::Info, None, html! {
            p { (visit.t("indicator-page-target")) " " strong { (target_words(visit, &view.indicator.target)) } }
            p { (visit.t("indicator-page-edit-words")) }
        }))
        (ui::error_summary(visit, problems))
        form.card.narrow #indicator-form data-action="edit-indicator" method="post" action={ (page_of(&view.indicator)) "/edit" } {
            (ui::hidden("version", &form.version.to_string()))
            (ui::textarea(visit, &Field { required: true, help: help("owners-help"), ..field("owners", "owners", &form.owners) }, 3))
            (ui::input(visit, &Field { kind: "date", required: true, help: help("deadline-help"), ..field("deadline", "deadline", &form.deadline) }))
            @if tolerance_of(&view.indicator.target).is_some() {
                (ui::input(visit, &Field { required: true, help: help("tolerance-help"), ..field("tolerance", "tolerance", &form.tolerance) }))
            }
            (ui::input(visit, &Field { kind: "number", required: true, help: help("weight-help"), ..field("weight", "weight", &form.weight) }))
            @if view.indicator.target.unit().is_some() {
                (ui::textarea(visit, &Field { help: help("path-help"), ..field("path", "path", &form.path) }, 4))
            }
            (ui::reason(visit, &form.reason, problems))
            (ui::actions(visit, &visit.t("board-save"), Some(&page_of(&view.indicator))))
        }
    };
    let head = head_below(visit, view, visit.t("indicator-page-edit"));
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}

#[derive(Deserialize, Default, Clone)]
struct BaselineForm {
    /// A result of the last period; empty for a value of its own.
    #[serde(default)]
    result: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    reason: String,
}

async fn baseline_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::EditPlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let unit = view.indicator.target.unit().map(|it| it.to_string()).unwrap_or_default();
    let known = view.indicator.baseline.as_ref();
    let form = BaselineForm {
        value: known
            .and_then(|it| it.value.as_ref())
            .map(|it| it.value.normalize().to_string())
            .unwrap_or_default(),
        unit: known.and_then(|it| it.value.as_ref()).map_or(unit, |it| it.unit.to_string()),
        day: known.map(|it| it.day.to_string()).unwrap_or_default(),
        source: known.map(|it| it.source.title.clone()).unwrap_or_default(),
        ..BaselineForm::default()
    };
    baseline_page(&visit, &view, &form, &[]).await
}

async fn set_baseline(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<BaselineForm>,
) -> Result<Response, PageError> {
    visit.require(Action::EditPlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.indicator(parse_id(&id)?).await?;
    let indicator = view.indicator.id;
    let done = if form.result.is_empty() {
        let mut problems = Vec::new();
        let day = day(&visit, "day", &form.day, &mut problems);
        let value = number(&form.value);
        if value.is_none() {
            problems.push(Problem::at("value", visit.t("indicator-page-not-a-number")));
        }
        let (Some(day), Some(value)) = (day, value) else {
            return baseline_page(&visit, &view, &form, &problems).await;
        };
        let value = Quantity::new(value, Unit::parse(&form.unit));
        plans.state_baseline(indicator, day, value, &form.source, &form.reason).await
    } else {
        plans.take_baseline(indicator, parse_id(&form.result)?, &form.reason).await
    };
    match done {
        Ok(_) => Ok(visit.redirect(&format!("{}#baseline", page_of(&view.indicator)), "indicator-baseline")),
        Err(error) => {
            let problems = [refused_form::problem(&visit, &FIELDS, error)?];
            baseline_page(&visit, &view, &form, &problems).await
        }
    }
}

async fn baseline_page(
    visit: &Visit,
    view: &IndicatorView,
    form: &BaselineForm,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let field = |name, key: &str, value: &str| Field {
        name,
        label: visit.t(&format!("indicator-page-{key}")),
        value: value.to_owned(),
        required: true,
        problems,
        ..Field::default()
    };
    let action = format!("{}/baseline", page_of(&view.indicator));
    let mut results: Vec<Choice> = view
        .baselines
        .iter()
        .map(|it| {
            let value = it.value.quantity().map(|value| visit.quantity_text(value)).unwrap_or_default();
            let label = visit.t_with(
                "indicator-page-baseline-result",
                &[
                    ("name", Value::from(it.name.clone())),
                    ("value", Value::from(value)),
                    ("day", Value::from(visit.date(it.as_of))),
                ],
            );
            let id = it.id.to_string();
            let is_chosen = form.result == id;
            Choice::new(id, label, is_chosen)
        })
        .collect();
    let offered = !results.is_empty();
    results.push(Choice::new("", visit.t("indicator-page-baseline-own"), form.result.is_empty()));
    // With results on offer the value may be taken from one of them, and the fields below stay empty.
    let own = |name, key: &str, value: &str| Field { required: !offered, ..field(name, key, value) };
    let body = html! {
        (ui::callout(Tone::Info, None, html! { p { (visit.t("indicator-page-baseline-words")) } }))
        (ui::error_summary(visit, problems))
        form.card.narrow #baseline-form data-action="set-baseline" method="post" action=(action) {
            @if offered {
                (ui::radios(visit, &Field { help: Some(visit.t("indicator-page-baseline-take-help")),
                    ..field("result", "baseline-results", &form.result) }, &results))
            }
            (ui::input(visit, &own("value", "baseline-value", &form.value)))
            (ui::input(visit, &Field { help: Some(visit.t("indicator-page-unit-help")), ..own("unit", "unit", &form.unit) }))
            (ui::input(visit, &Field { kind: "date", ..own("day", "baseline-day", &form.day) }))
            (ui::input(visit, &Field { help: Some(visit.t("indicator-page-source-help")), ..own("source", "source", &form.source) }))
            (ui::reason(visit, &form.reason, problems))
            (ui::actions(visit, &visit.t("board-save"), Some(&page_of(&view.indicator))))
        }
    };
    let head = head_below(visit, view, visit.t("indicator-page-baseline-set"));
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}
