//! The first page: what waits for the person who looks.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, Principal};
use hutong_web::messages::Value;
use hutong_web::ui::{self, Column, Icon, Table, Tile};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::pieces::{self, plans, working_days};
use crate::due_list::{Due, DueItem};
use crate::light::Subject;
use crate::services::{MyWork, PlanSummary};

/// Most rows of a list on this page; the rest is on the list's own page.
const ROWS_MAX: usize = 15;

pub(super) fn pages() -> Router<App> {
    Router::new().route("/", get(show))
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let work = plans(&visit).my_work().await?;
    let signed_in = !matches!(visit.ctx.principal, Principal::Visitor);
    let title = visit.t(if signed_in { "plans-home-title" } else { "plans-home-title-public" });
    let mut head = PageHead::new(title).lead(lead(&visit, &work, signed_in));
    if visit.may(Action::ImportDocument) {
        head = head.primary(
            html! { a.button.primary href="/import" { (Icon::Import.svg()) (visit.t("plans-home-import")) } },
        );
    }
    let body = html! {
        (tiles(&visit, &work))
        @if visit.may(Action::ReportProgress) { (due(&visit, &work.due)) }
        @if visit.may(Action::CheckProgress) { (to_check(&visit, &work)) (attention(&visit, &work)) (readings(&visit, &work)) }
        (plan_summaries(&visit, &work.plans))
    };
    Ok(visit.page(head, body).await)
}

fn lead(visit: &Visit, work: &MyWork, signed_in: bool) -> String {
    let count = Value::from(visit.count(u64::try_from(work.count()).unwrap_or_default()));
    if !signed_in {
        return visit.t("plans-home-lead-public");
    }
    let values = [("date", Value::from(visit.date(visit.ctx.today))), ("count", count)];
    visit.t_with(if work.count() == 0 { "plans-home-lead-nothing" } else { "plans-home-lead" }, &values)
}

fn tiles(visit: &Visit, work: &MyWork) -> Markup {
    let count = |count: usize| html! { (visit.count(u64::try_from(count).unwrap_or_default())) };
    let mut list = Vec::new();
    let mut add = |key: &str, value: usize, href: &str| {
        list.push(Tile { label: visit.t(key), value: count(value), note: None, href: Some(href.to_owned()) });
    };
    if visit.may(Action::ReportProgress) {
        let returned = work.due.iter().filter(|it| matches!(it.what, Due::Returned { .. })).count();
        add("plans-tile-due", work.due.len(), "#due");
        add("plans-tile-returned", returned, "#due");
    }
    if visit.may(Action::CheckProgress) {
        add("plans-tile-to-check", work.reports_to_check.len() + work.statements_to_check.len(), "#check");
        add("plans-tile-attention", work.attention.len(), "#attention");
        add("plans-tile-readings", work.open_readings.len(), "/import");
    }
    add("plans-tile-plans", work.plans.len(), "/plans");
    ui::tiles(&list)
}

/// What is due, the most urgent first.
pub(super) fn due(visit: &Visit, due: &[DueItem]) -> Markup {
    let columns = vec![
        Column::text(visit.t("plans-column-due-what")),
        Column::short(visit.t("plans-column-due-kind")),
        Column::short(visit.t("plans-column-due-day")),
        Column::short(visit.t("plans-column-due-left")),
    ];
    let mut table = Table::new(visit.t("plans-home-due"), columns);
    for item in due.iter().take(ROWS_MAX * 4) {
        table.row(vec![
            html! { a href=(due_href(&item.what)) { (item.title) } @if !item.leading { " " span.help { (visit.t("plans-helping")) } } },
            html! { (visit.t(&format!("plans-due-{}", due_kind(&item.what)))) },
            html! { (visit.date_cell(item.day)) @if item.provisional { " " span.help title=(visit.t("plans-provisional-help")) { (visit.t("plans-provisional")) } } },
            html! { span.overdue[item.working_days_left < 0] { (working_days(visit, item.working_days_left)) } },
        ]);
    }
    html! {
        section.stack #due {
            div.section-head { h2 { (visit.t("plans-home-due")) } }
            @if table.is_empty() {
                (ui::empty_state(Icon::Check, &visit.t("plans-home-due-none"), &visit.t("plans-home-due-none-why"), None))
            } @else { (table.draw(visit)) }
        }
    }
}

fn due_kind(due: &Due) -> &'static str {
    match due {
        Due::Returned { .. } => "returned",
        Due::Report { .. } => "report",
        Due::Deadline { .. } => "deadline",
        Due::Milestone { .. } => "milestone",
        Due::Statement { .. } => "statement",
    }
}

fn due_href(due: &Due) -> String {
    match due {
        Due::Returned { task, .. } | Due::Report { task } => format!("/tasks/{task}#report"),
        Due::Deadline { task } | Due::Milestone { task, .. } => format!("/tasks/{task}"),
        Due::Statement { indicator } => format!("/indicators/{indicator}/statements/new"),
    }
}

fn to_check(visit: &Visit, work: &MyWork) -> Markup {
    let columns = vec![
        Column::text(visit.t("plans-column-check-what")),
        Column::short(visit.t("plans-column-check-kind")),
        Column::figure(visit.t("plans-column-check-value")),
        Column::short(visit.t("plans-column-check-on")),
    ];
    let mut table = Table::new(visit.t("plans-home-check"), columns);
    for it in work.reports_to_check.iter().take(ROWS_MAX) {
        table.row(vec![
            html! { a href={ "/tasks/" (it.what.task) "#check" } { (it.title) } },
            html! { (visit.t("plans-due-report")) },
            html! { (it.what.percent) "%" },
            visit.date_cell(it.what.reported_on),
        ]);
    }
    for it in work.statements_to_check.iter().take(ROWS_MAX) {
        let Some(indicator) = it.what.indicator else { continue };
        table.row(vec![
            html! { a href={ "/indicators/" (indicator) "#statements" } { (it.title) } },
            html! { (visit.t("plans-due-statement")) },
            html! { @if let Some(quantity) = it.what.value.quantity() { (visit.quantity(quantity)) } },
            visit.date_cell(it.what.stated_on),
        ]);
    }
    html! {
        section.stack #check {
            div.section-head { h2 { (visit.t("plans-home-check")) } }
            @if table.is_empty() {
                (ui::empty_state(Icon::Check, &visit.t("plans-home-check-none"), &visit.t("plans-home-check-none-why"), None))
            } @else { (table.draw(visit)) }
        }
    }
}

fn attention(visit: &Visit, work: &MyWork) -> Markup {
    let columns = vec![
        Column::text(visit.t("plans-column-task")),
        Column::short(visit.t("plans-column-light")),
        Column::text(visit.t("plans-column-why")),
        Column::short(visit.t("plans-column-since")),
    ];
    let mut table = Table::new(visit.t("plans-home-attention"), columns);
    for (light, title) in work.attention.iter().take(ROWS_MAX) {
        let href = match light.subject {
            Subject::Task(id) => format!("/tasks/{id}"),
            Subject::Indicator(id) => format!("/indicators/{id}"),
        };
        table.row(vec![
            html! { a href=(href) { (title) } },
            pieces::light(visit, Some(light)),
            html! { (visit.t(&format!("plans-light-{}", light.reason.name()))) },
            visit.date_cell(light.since),
        ]);
    }
    html! {
        section.stack #attention {
            div.section-head { h2 { (visit.t("plans-home-attention")) } a href="/tasks" { (visit.t("plans-home-all-tasks")) } }
            @if table.is_empty() {
                (ui::empty_state(Icon::Check, &visit.t("plans-home-attention-none"), &visit.t("plans-home-attention-none-why"), None))
            } @else { (table.draw(visit)) }
        }
    }
}

fn readings(visit: &Visit, work: &MyWork) -> Markup {
    html! {
        @if !work.open_readings.is_empty() {
            section.stack #readings {
                div.section-head { h2 { (visit.t("plans-home-readings")) } a href="/import" { (visit.t("nav-import")) } }
                ul {
                    @for reading in work.open_readings.iter().take(ROWS_MAX) {
                        li { a href={ "/import/" (reading.id) } { (reading.title) } " " span.help { (visit.date_cell(reading.read_on)) } }
                    }
                }
            }
        }
    }
}

/// Plans in force with lights and progress.
pub(super) fn plan_summaries(visit: &Visit, summaries: &[PlanSummary]) -> Markup {
    let columns = vec![
        Column::text(visit.t("plans-column-plan")),
        Column::text(visit.t("plans-column-lights")),
        Column::figure(visit.t("plans-column-progress")),
        Column::short(visit.t("plans-column-period")),
    ];
    let mut table = Table::new(visit.t("plans-home-plans"), columns);
    for it in summaries {
        let board = format!("/plans/{}/board", it.plan.id);
        table.row(vec![
            html! { a href={ "/plans/" (it.plan.id) } { (it.plan.title) } @if it.plan.imported_copy { " " (ui::badge(ui::Tone::Plain, &visit.t("plans-imported-copy"))) } },
            pieces::light_counts(visit, &it.lights, &board),
            pieces::roll_up(visit, &it.progress),
            html! { (it.plan.first_day.year()) "–" (it.plan.last_day.year()) },
        ]);
    }
    html! {
        section.stack #plans {
            div.section-head { h2 { (visit.t("plans-home-plans")) } a href="/plans" { (visit.t("plans-home-all-plans")) } }
            @if table.is_empty() {
                (ui::empty_state(Icon::Plan, &visit.t("plans-none"), &visit.t("plans-none-why"), None))
            } @else { (table.draw(visit)) }
        }
    }
}
