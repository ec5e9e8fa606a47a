//! One task: who, by when, how far, what was reported, how its light went.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hutong_kernel::{Action, Id, LightId, ReportId, Target, TaskId};
use hutong_store::{JournalEntry, Version};
use hutong_web::messages::Value;
use hutong_web::ui::{self, Field, Problem, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::pieces::{self, Bodies, Fields, FormRefusal, id, plans};
use super::upload::{Uploaded, read_upload};
use crate::light::{Light, LightState, expected_percent};
use crate::report_progress::{MilestoneDone, ProgressReport};
use crate::services::{Report, ServiceError, TaskView};
use crate::statement::CheckState;
use crate::task::TaskStatus;

/// Largest report with all its evidence, in bytes.
const REPORT_BYTES_MAX: usize = 100 * 1024 * 1024;

pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/tasks/{id}", get(show))
        .route("/tasks/{id}/report", post(report).layer(DefaultBodyLimit::max(REPORT_BYTES_MAX)))
        .route("/reports/{id}/check", post(check))
        .route("/reports/{id}/return", post(give_back))
        .route("/reports/{id}/evidence/{file}", get(evidence))
}

async fn show(visit: Visit, Path(given): Path<String>) -> Result<Response, PageError> {
    draw(&visit, id(&given)?, &Fields::default(), &[]).await
}

async fn draw(
    visit: &Visit,
    task: TaskId,
    typed: &Fields,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let view = plans(visit).task(task).await?;
    let bodies = plans(visit).organisations().await?;
    let history = match &view.light {
        Some(_) => plans(visit).light_history(LightId::from_uuid(task.uuid())).await?,
        None => Vec::new(),
    };
    let it = &view.task;
    let mut head = PageHead::new(format!("{}. {}", it.number, it.title))
        .crumb(visit.t("nav-plans"), "/plans")
        .crumb(&view.plan.title, format!("/plans/{}/board", view.plan.id))
        .state(html! { @if view.light.is_some() { (pieces::light(visit, view.light.as_deref())) } @if it.status != TaskStatus::Open { " " (ui::badge(Tone::Good, &visit.t(&format!("plans-task-{}", it.status.name())))) } });
    let may_report = may_report(visit, &view);
    if may_report {
        head = head.primary(html! { a.button.primary href="#report" { (visit.t("plans-report")) } });
    } else if visit.may(Action::EditPlan) && it.status == TaskStatus::Open {
        head = head
            .primary(html! { a.button href={ "/tasks/" (it.id) "/edit" } { (visit.t("plans-edit-task")) } });
    }
    let own_reports = visit.may(Action::ViewPlans);
    let body = html! {
        (ui::error_summary(visit, problems))
        (explanation(visit, &view))
        div.columns {
            div.stack {
                section.card {
                    h2 { (visit.t("plans-column-content")) }
                    p { (if it.content.is_empty() { &it.title } else { &it.content }) }
                    @if let Some(place) = &it.place {
                        blockquote.help cite=(view.plan.title) { (visit.t_with("plans-place", &[("line", Value::from(place.line.to_string()))])) " " (shortened(&place.quote)) }
                    }
                }
                @if !it.milestones.is_empty() { (milestones(visit, &view)) }
                @if own_reports { (waiting(visit, &view)) }
                @if may_report { (report_form(visit, &view, typed, problems)) }
                (reports(visit, &view, &bodies, own_reports))
            }
            div.stack {
                section.card { h2 { (visit.t("plans-facts")) } (facts(visit, &view, &bodies)) }
                (timeline(visit, &history))
            }
        }
        (pieces::footer(visit, it, Some(html! { a href={ "/plans/" (view.plan.id) } { (view.plan.title) } }), it.progress.map(|progress| progress.as_of)).await?)
    };
    let mut response = visit.page(head, body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn may_report(visit: &Visit, view: &TaskView) -> bool {
    let target = Target::Of { organisations: &view.task.responsible, person: None };
    view.task.status == TaskStatus::Open
        && !view.plan.imported_copy
        && view.plan.status == crate::plan::PlanStatus::InForce
        && visit.ctx.may(Action::ReportProgress, target).is_ok()
}

/// A quotation no longer than a paragraph.
fn shortened(quote: &str) -> String {
    const CHARS_MAX: usize = 160;
    if quote.chars().count() <= CHARS_MAX {
        return format!("“{quote}”");
    }
    let cut: String = quote.chars().take(CHARS_MAX).collect();
    format!("“{cut}…”")
}

/// Why the light is what it is, with today's figures.
fn explanation(visit: &Visit, view: &TaskView) -> Markup {
    let Some(light) = &view.light else { return html! {} };
    let tone = match light.state {
        LightState::Late | LightState::NotReported => Tone::Danger,
        LightState::BehindPath | LightState::DueSoon => Tone::Attention,
        LightState::OnTrack | LightState::Recovered => Tone::Good,
        LightState::NotStarted | LightState::Unknown => Tone::Plain,
    };
    let day = view.task.progress.map_or(visit.ctx.today, |progress| progress.as_of);
    let expected = expected_percent(&view.task, day);
    ui::callout(
        tone,
        Some(&visit.t(&format!("plans-light-{}", light.reason.name()))),
        html! {
            p {
                @match view.task.progress {
                    Some(progress) => (visit.t_with("plans-explain-progress", &[
                        ("percent", Value::from(progress.percent.to_string())),
                        ("expected", Value::from(expected.to_string())),
                        ("date", Value::from(visit.date(progress.as_of))),
                    ])),
                    None => (visit.t_with("plans-explain-no-report", &[("expected", Value::from(expected.to_string()))])),
                }
                @if let Some(late) = light.late {
                    " "
                    @match late.until {
                        Some(until) => (visit.t_with("plans-explain-was-late", &[("from", Value::from(visit.date(late.from))), ("until", Value::from(visit.date(until)))])),
                        None => (visit.t_with("plans-explain-late", &[("from", Value::from(visit.date(late.from)))])),
                    }
                }
            }
            p.help { (visit.t_with("plans-explain-rules", &[("rules", Value::from(light.rules.clone())), ("since", Value::from(visit.date(light.since)))])) }
        },
    )
}

fn facts(visit: &Visit, view: &TaskView, bodies: &Bodies) -> Markup {
    let it = &view.task;
    let text =
        |value: Option<&str>| html! { @match value { Some(value) => (value), None => span.nothing { "–" } } };
    let mut facts = vec![
        (
            visit.t("plans-column-responsible"),
            html! {
                (pieces::body_links(visit, bodies, &it.responsible, &it.responsible_words))
                @if it.owner_by_default { " " span.help { (visit.t("plans-owner-default")) } }
            },
        ),
        (
            visit.t("plans-column-cooperating"),
            pieces::body_links(visit, bodies, &it.cooperating, &it.cooperating_words),
        ),
        (
            visit.t("plans-column-deadline"),
            html! {
                @if it.status == TaskStatus::Open { (pieces::due_day(visit, it.deadline.day)) } @else { (visit.date_cell(it.deadline.day)) }
                @if it.deadline.by_default { " " span.help title=(visit.t("plans-deadline-default-help")) { (visit.t("plans-deadline-default")) } }
            },
        ),
        (
            visit.t("plans-column-progress"),
            html! { @match it.progress { Some(progress) => { (progress.percent) "%" }, None => span.nothing { (visit.t("plans-progress-unknown")) } } },
        ),
        (visit.t("plans-column-action"), text(it.special_action.as_deref())),
        (visit.t("plans-column-heading"), text(it.heading.as_deref())),
        (
            visit.t("plans-column-basis"),
            html! { @if it.basis.is_empty() { span.nothing { "–" } } @else { ul { @for title in &it.basis { li { (title) } } } } },
        ),
        (visit.t("plans-fact-weight"), html! { (it.weight) }),
    ];
    if !it.indicators.is_empty() {
        facts.push((
            visit.t("nav-indicators"),
            html! { ul { @for (index, id) in it.indicators.iter().enumerate() { li { a href={ "/indicators/" (id) } { (visit.t_with("plans-indicator-nth", &[("number", Value::from((index + 1).to_string()))])) } } } } },
        ));
    }
    if !it.systems.is_empty() {
        facts.push((
            visit.t("nav-systems"),
            html! { ul { @for (index, id) in it.systems.iter().enumerate() { li { a href={ "/systems/" (id) } { (visit.t_with("plans-system-nth", &[("number", Value::from((index + 1).to_string()))])) } } } } },
        ));
    }
    ui::facts(&facts)
}

fn milestones(visit: &Visit, view: &TaskView) -> Markup {
    html! {
        section.card {
            h2 { (visit.t("plans-milestones")) }
            ol.lines {
                @for step in &view.task.milestones {
                    li {
                        (step.name) " "
                        @match step.done {
                            Some(day) => { (ui::badge(Tone::Good, &visit.t("plans-task-done"))) " " (visit.date_cell(day)) },
                            None => (pieces::due_day(visit, step.due)),
                        }
                    }
                }
            }
        }
    }
}

/// The report that waits for a check, with the buttons for those who check.
fn waiting(visit: &Visit, view: &TaskView) -> Markup {
    let Some(report) = view.waiting() else { return html! {} };
    let version = report.version.to_string();
    html! {
        section.card #check {
            h2 { (visit.t("plans-waiting")) }
            (one_report(visit, report))
            @if visit.may(Action::CheckProgress) {
                form.stack method="post" action={ "/reports/" (report.id) "/check" } {
                    (ui::hidden("version", &version))
                    (ui::actions(visit, &visit.t("plans-check"), None))
                }
                details {
                    summary { (visit.t("plans-return")) }
                    form.stack method="post" action={ "/reports/" (report.id) "/return" } {
                        (ui::hidden("version", &version))
                        (ui::textarea(visit, &Field { name: "why", label: visit.t("plans-return-why"), help: Some(visit.t("plans-return-help")), required: true, ..Field::default() }, 3))
                        (ui::actions(visit, &visit.t("plans-return"), None))
                    }
                }
            }
        }
    }
}

fn one_report(visit: &Visit, report: &ProgressReport) -> Markup {
    html! {
        p {
            strong.figure { (report.percent) "%" } " "
            span.help { (visit.t_with("plans-report-as-of", &[("date", Value::from(visit.date(report.as_of)))])) }
        }
        p { (report.narrative) }
        @if let Some(why) = &report.why_less { p.help { (visit.t("plans-report-why-less")) " " (why) } }
        @if !report.evidence.is_empty() {
            ul {
                @for file in &report.evidence {
                    li { a href={ "/reports/" (report.id) "/evidence/" (file.id) } download { (file.name) } " " span.help { (visit.count(file.bytes)) " B" } }
                }
            }
        }
    }
}

fn report_form(visit: &Visit, view: &TaskView, typed: &Fields, problems: &[Problem]) -> Markup {
    let it = &view.task;
    let last = it.progress.map_or(0, |progress| progress.percent);
    let percent = typed.given("percent").map_or_else(|| last.to_string(), str::to_owned);
    let as_of = typed.given("as_of").map_or_else(|| visit.ctx.today.to_string(), str::to_owned);
    let open: Vec<(usize, &str)> = it
        .milestones
        .iter()
        .enumerate()
        .filter(|(_, step)| step.done.is_none())
        .map(|(index, step)| (index, step.name.as_str()))
        .collect();
    html! {
        section.card #report {
            h2 { (visit.t("plans-report")) }
            p.help { (visit.t(if view.waiting().is_some() { "plans-report-replaces" } else { "plans-report-help" })) }
            form.stack method="post" action={ "/tasks/" (it.id) "/report" } enctype="multipart/form-data" data-unsaved {
                div.field-row {
                    (ui::input(visit, &Field { name: "percent", label: visit.t("plans-field-percent"), help: Some(visit.t_with("plans-field-percent-help", &[("last", Value::from(last.to_string()))])), value: percent, kind: "number", required: true, problems, ..Field::default() }))
                    (ui::input(visit, &Field { name: "as_of", label: visit.t("plans-field-as-of"), value: as_of, kind: "date", required: true, problems, ..Field::default() }))
                }
                (ui::textarea(visit, &Field { name: "narrative", label: visit.t("plans-field-narrative"), help: Some(visit.t("plans-field-narrative-help")), value: typed.get("narrative").to_owned(), required: true, problems, ..Field::default() }, 5))
                @if !open.is_empty() {
                    fieldset.field {
                        legend { (visit.t("plans-field-milestones")) }
                        div.choices { @for (index, name) in &open { label.choice { input type="checkbox" name="milestone" value=(index) checked[typed.all("milestone").any(|it| it == index.to_string())]; span { (name) } } } }
                    }
                }
                (ui::textarea(visit, &Field { name: "why_less", label: visit.t("plans-field-why-less"), help: Some(visit.t("plans-field-why-less-help")), value: typed.get("why_less").to_owned(), problems, ..Field::default() }, 2))
                (ui::field(visit, &Field { name: "evidence", label: visit.t("plans-field-evidence"), help: Some(visit.t("plans-field-evidence-help")), problems, ..Field::default() }, html! { input id="field-evidence" type="file" name="evidence" multiple aria-describedby="help-evidence"; }))
                (ui::actions(visit, &visit.t("plans-report-submit"), None))
            }
        }
    }
}

fn reports(visit: &Visit, view: &TaskView, bodies: &Bodies, own_reports: bool) -> Markup {
    // The public sees what was checked, and not what is still between department and supervision.
    let shown: Vec<_> = view.reports.iter().filter(|it| own_reports || it.check.is_checked()).collect();
    html! {
        section.card #reports {
            h2 { (visit.t("plans-reports")) }
            @if shown.is_empty() { p.nothing { (visit.t("plans-reports-none")) } }
            @for (index, it) in shown.iter().enumerate() {
                @if 0 < index { hr; }
                article.stack {
                    p {
                        (check_badge(visit, &it.check)) " " (visit.date_cell(it.reported_on)) " "
                        @if let Some(body) = it.organisation { (pieces::body_name(visit, bodies, body)) }
                    }
                    @if own_reports { (one_report(visit, it)) } @else { p { strong.figure { (it.percent) "%" } " " (it.narrative) } }
                    @if let CheckState::Returned { reason, on, .. } = &it.check {
                        (ui::callout(Tone::Attention, Some(&visit.t("plans-returned-because")), html! { p { (reason) " " span.help { (visit.date(*on)) } } }))
                    }
                }
            }
        }
    }
}

/// What happened to something that was handed in.
pub(super) fn check_badge(visit: &Visit, check: &CheckState) -> Markup {
    let tone = match check {
        CheckState::Submitted => Tone::Info,
        CheckState::Checked { .. } => Tone::Good,
        CheckState::Returned { .. } => Tone::Attention,
        CheckState::Replaced { .. } => Tone::Plain,
    };
    ui::badge(tone, &visit.t(&format!("plans-check-{}", check.name())))
}

/// How a light went: each state with its first day.
pub(super) fn timeline(visit: &Visit, history: &[(Light, JournalEntry)]) -> Markup {
    html! {
        section.card #light-history {
            h2 { (visit.t("plans-light-history")) }
            @if history.is_empty() { p.nothing { (visit.t("plans-light-history-none")) } }
            ol.lines {
                @for (light, entry) in history.iter().rev() {
                    li {
                        (pieces::light(visit, Some(light))) " " (visit.moment(entry.at)) " "
                        span.help { (visit.t(&format!("plans-light-{}", light.reason.name()))) }
                    }
                }
            }
        }
    }
}

async fn report(
    visit: Visit,
    Path(given): Path<String>,
    multipart: Multipart,
) -> Result<Response, PageError> {
    let task: TaskId = id(&given)?;
    let uploaded = match read_upload(multipart, visit.app.limits.upload_bytes_max).await {
        Ok(uploaded) => uploaded,
        Err(refusal) => {
            let problems = [Problem::refusal(&visit, "evidence", &refusal)];
            return draw(&visit, task, &Fields::default(), &problems).await;
        }
    };
    let Uploaded { fields, files } = uploaded;
    let filled = match filled(&fields, files) {
        Ok(filled) => filled,
        Err(refusal) => {
            let field = refusal.field();
            return draw(&visit, task, &fields, &[Problem::refusal(&visit, field, &refusal)]).await;
        }
    };
    let title = plans(&visit).task(task).await?.task.title.clone();
    let reason = visit.t_with("plans-reason-report", &[("title", Value::from(title))]);
    match plans(&visit).report_progress(task, filled, &reason).await {
        Ok(_) => Ok(visit.redirect(&format!("/tasks/{task}"), "reported")),
        Err(ServiceError::Report(refusal)) => {
            let field = crate::pages::fields_of::report(&refusal);
            draw(&visit, task, &fields, &[Problem::refusal(&visit, field, &refusal)]).await
        }
        Err(other) => Err(other.into()),
    }
}

fn filled(fields: &Fields, evidence: Vec<(String, Vec<u8>)>) -> Result<Report, FormRefusal> {
    let as_of = fields.needed("as_of")?;
    let mut milestones_done = Vec::new();
    for index in fields.all("milestone") {
        let index = index
            .parse()
            .map_err(|_unreadable| FormRefusal::Unreadable { field: "milestone", given: index.to_owned() })?;
        milestones_done.push(MilestoneDone { index, on: as_of });
    }
    Ok(Report {
        as_of: Some(as_of),
        percent: fields.needed("percent")?,
        narrative: fields.get("narrative").to_owned(),
        milestones_done,
        evidence,
        why_less: fields.given("why_less").map(str::to_owned),
    })
}

async fn check(
    visit: Visit,
    Path(given): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (report, fields): (ReportId, _) = (id(&given)?, Fields(fields));
    let version = fields.parsed("version")?.map(Version);
    let checked = plans(&visit).check_report(report, version, &visit.t("plans-reason-check")).await?;
    Ok(visit.redirect(&format!("/tasks/{}", checked.task), "checked"))
}

async fn give_back(
    visit: Visit,
    Path(given): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (report, fields): (ReportId, _) = (id(&given)?, Fields(fields));
    let version = fields.parsed("version")?.map(Version);
    let why = fields.get("why");
    let reason = visit.t_with("plans-reason-return", &[("why", Value::from(why.to_owned()))]);
    let returned = plans(&visit).return_report(report, version, why, &reason).await?;
    Ok(visit.redirect(&format!("/tasks/{}", returned.task), "returned"))
}

async fn evidence(visit: Visit, Path((report, file)): Path<(String, String)>) -> Result<Response, PageError> {
    let (file, bytes) = plans(&visit).evidence(id(&report)?, id(&file)?).await?;
    // Always a download, never a page: what somebody uploaded must not run as ours.
    let disposition =
        format!("attachment; filename*=UTF-8''{}", ui::url::encode(&file.name).replace('/', "%2F"));
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
