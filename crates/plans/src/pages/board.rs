//! A plan's board: tasks with their lights, filtered, grouped and rolled up.
//!
//! Every choice stands in the address. The board groups, the list of tasks does not; otherwise they are the same.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::Action;
use hutong_web::csv::Csv;
use hutong_web::ui::{self, Address, Column, Icon, Pager, Table};
use hutong_web::{App, PageError, Value, Visit};
use maud::{Markup, html};

use super::board_filter::{Choices, Group, Wanted};
use super::bodies::Bodies;
use super::plan::{PlanTab, Shown, address};
use super::standing;
use crate::plan::Plan;
use crate::roll_up::{RollUp, roll_up};
use crate::services::{Board, Plans, TaskRow};
use crate::task::TaskStatus;

/// Board, list of tasks, and their export.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plans/{id}/board", get(board))
        .route("/plans/{id}/tasks", get(tasks))
        .route("/plans/{id}/tasks.csv", get(export))
}

async fn board(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    show(&visit, &id, PlanTab::Board).await
}

async fn tasks(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    show(&visit, &id, PlanTab::Tasks).await
}

async fn show(visit: &Visit, id: &str, tab: PlanTab) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let shown = Shown::load(visit, &plans, id).await?;
    let board = plans.board(shown.plan.id).await?;
    let bodies = Bodies::read(&plans).await?;
    let here = Address::parse(&visit.path_and_query);
    let default_group = if tab == PlanTab::Board { Group::usual(&board) } else { Group::None };
    let wanted = Wanted::read(&here, default_group);
    let choices = Choices { visit, board: &board, bodies: &bodies, here: &here, wanted: &wanted };
    let rows = wanted.rows(&board);
    let body = html! {
        @if board.tasks.is_empty() {
            (ui::empty_state(Icon::Tasks, &visit.t("board-empty"), &visit.t("board-empty-why"), None))
        } @else {
            @if !shown.plan.imported_copy { (overview(visit, &board, &rows, tab)) }
            (choices.draw(shown.plan.imported_copy))
            @if rows.is_empty() {
                (ui::empty_state(Icon::Search, &visit.t("board-nothing-found"), &visit.t("board-nothing-found-why"),
                    Some(html! { a.button href=(address(shown.plan.id, tab)) { (visit.t("board-all-tasks")) } })))
            } @else {
                (list(visit, &shown.plan, &wanted, &rows, &bodies, &here))
            }
        }
        (shown.footer(visit).await?)
    };
    let head = shown.head(visit, tab).primary(exports(visit, &shown.plan, &here, board.tasks.is_empty()));
    Ok(visit.page(head, body).await)
}

fn exports(visit: &Visit, plan: &Plan, here: &Address, is_empty: bool) -> Markup {
    let mut csv = Address::new(format!("/plans/{}/tasks.csv", plan.id));
    for (key, value) in here.parameters().filter(|(key, _)| *key != "after") {
        csv = csv.with(key, value);
    }
    html! {
        @if !is_empty {
            a.button #tasks-csv data-action="export-csv" href=(csv) { (Icon::Download.svg()) (visit.t("board-export")) }
            @if visit.may(Action::ExportTasks) {
                a.button #tasks-xlsx data-action="export-xlsx" href={ "/plans/" (plan.id) "/tasks.xlsx" } { (Icon::Download.svg()) (visit.t("board-export-xlsx")) }
            }
            @if visit.may(Action::ImportTasks) && !plan.imported_copy {
                a.button #tasks-import data-action="import-xlsx" href={ "/plans/" (plan.id) "/tasks/import" } { (Icon::Import.svg()) (visit.t("plans-sheet-import-title")) }
            }
        }
    }
}

/// How far the tasks that are shown are, and how the indicators stand.
fn overview(visit: &Visit, board: &Board, rows: &[&TaskRow], tab: PlanTab) -> Markup {
    let whole = roll_up_of(rows);
    let filtered = rows.len() < board.tasks.len();
    let mut indicators: std::collections::BTreeMap<_, usize> = std::collections::BTreeMap::new();
    for light in board.indicators.iter().filter_map(|it| it.light.as_ref()) {
        *indicators.entry(light.state).or_default() += 1;
    }
    html! {
        section.card.board-overview aria-label=(visit.t("board-progress")) {
            div.board-share {
                @if let Some(share) = whole.percent {
                    p.board-percent { span.figure { (standing::percent(share)) } }
                    (standing::bar(share))
                } @else {
                    p.board-percent { span.nothing { "–" } }
                }
            }
            div {
                p { @if filtered { (visit.t("board-of-shown")) " " } (standing::roll_up_words(visit, &whole)) }
                p.help { (visit.t("board-how")) }
            }
            @if tab == PlanTab::Board && !indicators.is_empty() {
                div.board-indicators {
                    p { a href=(address(board.plan.id, PlanTab::Indicators)) { (visit.t("plan-page-tab-indicators")) } }
                    ul.light-counts {
                        @for state in standing::WORST_FIRST {
                            @if let Some(count) = indicators.get(&state) {
                                li {
                                    a href={ (address(board.plan.id, PlanTab::Indicators)) "?light=" (state.name()) } {
                                        (ui::light(visit, standing::kind(state))) " " span.figure { (count) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn roll_up_of(rows: &[&TaskRow]) -> RollUp {
    roll_up(&rows.iter().map(|it| it.row()).collect::<Vec<_>>())
}

/// The page's rows in their groups, and the pager.
fn list(
    visit: &Visit,
    plan: &Plan,
    wanted: &Wanted,
    rows: &[&TaskRow],
    bodies: &Bodies,
    here: &Address,
) -> Markup {
    let page_rows = visit.app.limits.page_rows;
    let from = match &wanted.after {
        None => 0,
        Some(after) => rows.iter().position(|it| it.task.id.to_string() == *after).map_or(0, |at| at + 1),
    };
    let shown = &rows[from..rows.len().min(from + page_rows)];
    let next =
        (from + shown.len() < rows.len()).then(|| shown.last().map(|it| it.task.id.to_string())).flatten();
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    html! {
        @if wanted.group == Group::None {
            div.board-group { (table(visit, plan, wanted, shown, bodies, here).draw(visit)) }
        } @else {
            @for (index, group) in shown.chunk_by(|a, b| wanted.group_of(a) == wanted.group_of(b)).enumerate() {
                @let key = group.first().map(|it| wanted.group_of(it)).unwrap_or_default();
                @let whole: Vec<&TaskRow> = rows.iter().filter(|it| wanted.group_of(it) == key).copied().collect();
                section.board-group aria-labelledby={ "group-" (index) } {
                    div.section-head {
                        h2 id={ "group-" (index) } {
                            (wanted.group_title(visit, bodies, &key))
                            span.count { (whole.len()) }
                        }
                        @if !plan.imported_copy { (standing::roll_up_short(visit, &roll_up_of(&whole))) }
                    }
                    (table(visit, plan, wanted, group, bodies, here).draw(visit))
                }
            }
        }
        (ui::pager(visit, here, &Pager { count, at_least: false, next }))
    }
}

fn table(
    visit: &Visit,
    plan: &Plan,
    wanted: &Wanted,
    rows: &[&TaskRow],
    bodies: &Bodies,
    here: &Address,
) -> Table {
    let mut columns =
        vec![Column::text(visit.t("board-task")).sort(here, "number"), Column::text(visit.t("board-lead"))];
    if plan.imported_copy {
        columns.push(Column::text(visit.t("board-cooperating")));
    } else {
        columns.push(Column::short(visit.t("board-light")).sort(here, "light"));
        columns.push(Column::text(visit.t("board-progress")).sort(here, "progress"));
    }
    columns.push(Column::short(visit.t("board-deadline")).sort(here, "deadline"));
    let mut table = Table::new(visit.t("board-tasks"), columns).dense();
    for it in rows {
        let mut cells = vec![
            html! {
                span.row-number { (it.task.number) } a href={ "/tasks/" (it.task.id) } { (it.task.title) }
                @if wanted.group != Group::SpecialAction && let Some(action) = &it.task.special_action {
                    span.under-number { (action) }
                }
            },
            bodies.leading(visit, &it.task.responsible),
        ];
        if plan.imported_copy {
            cells.push(bodies.leading(visit, &it.task.cooperating));
        } else {
            cells.push(standing::light(visit, it.light.as_ref()));
            cells.push(progress(visit, it));
        }
        let is_open = !plan.imported_copy && it.task.status == TaskStatus::Open;
        cells.push(html! {
            (standing::deadline(visit, &visit.app.calendar, visit.ctx.today, it.task.deadline.day, is_open))
        });
        table.row_with_id(format!("task-{}", it.task.id), cells);
    }
    table
}

fn progress(visit: &Visit, it: &TaskRow) -> Markup {
    html! {
        @match it.task.progress {
            Some(progress) => {
                span.roll-up {
                    (standing::bar(progress.percent.into()))
                    span.figure { (progress.percent) "%" }
                }
                span.quiet-words.as-of { (visit.t_with("board-as-of", &[("day", Value::from(progress.as_of.to_string()))])) }
            }
            None => span.quiet-words { (visit.t("board-progress-unknown")) }
        }
        @if it.report.as_ref().is_some_and(|report| report.check.is_waiting()) {
            br; span.quiet-words { (visit.t("board-report-waits")) }
        }
    }
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let board = plans.board(super::plan::parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let wanted = Wanted::read(&Address::parse(&visit.path_and_query), Group::None);
    let head = [
        "number",
        "heading",
        "special-action",
        "task",
        "content",
        "lead",
        "cooperating",
        "basis",
        "deadline",
        "light",
        "light-why",
        "progress",
        "progress-as-of",
    ];
    let mut csv = Csv::new(head.map(|key| visit.t(&format!("board-{key}"))));
    for it in wanted.rows(&board) {
        let task = &it.task;
        let light = it.light.as_ref();
        csv.row([
            task.number.to_string(),
            task.heading.clone().unwrap_or_default(),
            task.special_action.clone().unwrap_or_default(),
            task.title.clone(),
            task.content.clone(),
            bodies.list(&visit, &task.responsible),
            bodies.list(&visit, &task.cooperating),
            visit.list(&task.basis),
            task.deadline.day.to_string(),
            light.map(|it| visit.t(&format!("light-{}", it.state.name()))).unwrap_or_default(),
            light.map(|it| standing::reason(&visit, it.reason)).unwrap_or_default(),
            task.progress.map(|it| it.percent.to_string()).unwrap_or_default(),
            task.progress.map(|it| it.as_of.to_string()).unwrap_or_default(),
        ]);
    }
    Ok(csv.respond("tasks.csv"))
}
