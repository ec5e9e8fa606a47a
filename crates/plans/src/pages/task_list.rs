//! The ledger of tasks over all plans in force, with their lights. The board of one plan is in `board`.

use std::collections::BTreeMap;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, OrganisationId, PlanId};
use hutong_web::csv::Csv;
use hutong_web::messages::Value;
use hutong_web::ui::{self, Address, Chip, Column, Icon, Pager, Table};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::pieces::{self, Bodies, plans};
use crate::light::LightState;
use crate::plan::PlanStatus;
use crate::roll_up::roll_up;
use crate::services::{Board, TaskRow};

/// Most plans whose tasks are listed together.
const PLANS_MAX: usize = 200;

pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/tasks", get(ledger))
        .route("/tasks/export.csv", get(ledger_csv))
        .route("/board", get(overview))
}

/// A task in a list, with its plan.
pub(super) struct Listed {
    pub(super) plan: PlanId,
    pub(super) plan_title: String,
    pub(super) row: TaskRow,
}

/// The choices in a list's address.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    light: Option<LightState>,
    body: Option<OrganisationId>,
    special_action: Option<String>,
    heading: Option<String>,
    word: Option<String>,
}

impl Filter {
    pub(super) fn of(here: &Address) -> Self {
        let text = |key: &str| here.get(key).map(str::to_owned);
        Self {
            light: here.get("light").and_then(LightState::from_name),
            body: here.get("body").and_then(|id| id.parse().ok()),
            special_action: text("action"),
            heading: text("heading"),
            word: text("q"),
        }
    }

    /// Does it take a task, leaving one of its own choices out of account?
    fn takes(&self, it: &Listed, except: &str) -> bool {
        let task = &it.row.task;
        (except == "light" || self.light.is_none() || it.row.state() == self.light)
            && (except == "body" || self.body.is_none_or(|body| task.bodies().contains(&body)))
            && (except == "action"
                || self.special_action.is_none()
                || task.special_action == self.special_action)
            && (except == "heading" || self.heading.is_none() || task.heading == self.heading)
            && self.word.as_ref().is_none_or(|word| task.title.contains(word) || task.content.contains(word))
    }
}

async fn ledger(visit: Visit) -> Result<Response, PageError> {
    let listed = all_listed(&visit).await?;
    let bodies = plans(&visit).organisations().await?;
    let head = PageHead::new(visit.t("nav-tasks")).lead(visit.t("plans-tasks-lead"));
    let body = list(&visit, &listed, &bodies, "/tasks/export.csv", true);
    Ok(visit.page(head, body).await)
}

async fn ledger_csv(visit: Visit) -> Result<Response, PageError> {
    csv(&visit, &all_listed(&visit).await?).await
}

async fn overview(visit: Visit) -> Result<Response, PageError> {
    let mut summaries = Vec::new();
    for plan in plans(&visit).plans(None, PLANS_MAX).await?.items {
        if plan.status == PlanStatus::InForce {
            summaries.push(plans(&visit).summary(plan).await?);
        }
    }
    let head = PageHead::new(visit.t("nav-board")).lead(visit.t("plans-board-lead"));
    Ok(visit.page(head, super::home::plan_summaries(&visit, &summaries)).await)
}

/// All tasks of all plans in force that the visitor sees.
pub(super) async fn all_listed(visit: &Visit) -> Result<Vec<Listed>, PageError> {
    let mut all = Vec::new();
    for plan in plans(visit).plans(None, PLANS_MAX).await?.items {
        if plan.status == PlanStatus::InForce {
            all.extend(listed(plans(visit).board(plan.id).await?));
        }
    }
    Ok(all)
}

fn listed(board: Board) -> Vec<Listed> {
    let (plan, plan_title) = (board.plan.id, board.plan.title.clone());
    board.tasks.into_iter().map(|row| Listed { plan, plan_title: plan_title.clone(), row }).collect()
}

/// The list with its filters; `export` is its address as a file.
pub(super) fn list(visit: &Visit, all: &[Listed], bodies: &Bodies, export: &str, with_plan: bool) -> Markup {
    let here = Address::parse(&visit.path_and_query);
    let filter = Filter::of(&here);
    let taken: Vec<&Listed> = all.iter().filter(|it| filter.takes(it, "")).collect();
    let from = match here.get("after") {
        None => 0,
        Some(after) => taken.iter().position(|it| it.row.task.id.to_string() == after).map_or(0, |at| at + 1),
    };
    let page: Vec<&&Listed> = taken.iter().skip(from).take(visit.app.limits.page_rows).collect();
    let more = from + page.len() < taken.len();
    let next = page.last().filter(|_| more).map(|it| it.row.task.id.to_string());
    let query = visit.path_and_query.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    let pager = Pager { count: u64::try_from(taken.len()).unwrap_or_default(), at_least: false, next };
    let progress = roll_up(&taken.iter().map(|it| it.row.row()).collect::<Vec<_>>());
    html! {
        (filters(visit, all, &filter, &here, bodies))
        @if all.is_empty() {
            (ui::empty_state(Icon::Tasks, &visit.t("plans-tasks-none"), &visit.t("plans-tasks-none-why"), None))
        } @else if taken.is_empty() {
            (ui::empty_state(Icon::Tasks, &visit.t("plans-tasks-none-here"), &visit.t("plans-tasks-none-here-why"), Some(html! { a.button href=(visit.path) { (visit.t("plans-filter-clear")) } })))
        } @else {
            p.help { (visit.t("plans-list-progress")) " " (pieces::roll_up(visit, &progress)) }
            (table(visit, &page, bodies, with_plan))
            (ui::pager(visit, &here, &pager))
            @if visit.may(Action::ViewReleasedPlans) { p { a href={ (export) (query) } download { (visit.t("plans-export-csv")) } } }
        }
    }
}

fn table(visit: &Visit, page: &[&&Listed], bodies: &Bodies, with_plan: bool) -> Markup {
    let mut columns = vec![
        Column::text(visit.t("plans-column-task")),
        Column::short(visit.t("plans-column-light")),
        Column::figure(visit.t("plans-column-progress")),
        Column::text(visit.t("plans-column-responsible")),
        Column::short(visit.t("plans-column-deadline")),
        Column::text(visit.t(if with_plan { "plans-column-plan" } else { "plans-column-action" })),
    ];
    columns.push(Column::text(visit.t("plans-column-heading")));
    let mut table = Table::new(visit.t("nav-tasks"), columns).dense();
    for it in page {
        let task = &it.row.task;
        let waiting = it.row.report.as_ref().is_some_and(|report| report.check.is_waiting());
        table.row_with_id(
            format!("task-{}", task.id),
            vec![
                html! { a href={ "/tasks/" (task.id) } { (task.number) ". " (task.title) } },
                pieces::light(visit, it.row.light.as_deref()),
                html! {
                    @match task.progress { Some(progress) => { (progress.percent) "%" }, None => span.nothing { "–" } }
                    @if waiting { " " (ui::badge(ui::Tone::Info, &visit.t("plans-check-submitted"))) }
                },
                pieces::body_links(visit, bodies, &task.responsible, &task.responsible_words),
                html! { (visit.date_cell(task.deadline.day)) @if task.deadline.by_default { " " span.help title=(visit.t("plans-deadline-default-help")) { (visit.t("plans-deadline-default")) } } },
                html! { @if with_plan { a href={ "/plans/" (it.plan) "/board" } { (it.plan_title) } } @else { (task.special_action.as_deref().unwrap_or("–")) } },
                html! { (task.heading.as_deref().unwrap_or("–")) },
            ],
        );
    }
    table.draw(visit)
}

fn filters(visit: &Visit, all: &[Listed], filter: &Filter, here: &Address, bodies: &Bodies) -> Markup {
    let base = here.clone().without("after");
    let group =
        |key: &str, label: &str, choices: Vec<(String, Markup, bool)>, counts: &dyn Fn(&str) -> usize| {
            let mut chips = Vec::new();
            let any = choices.iter().any(|(_, _, chosen)| *chosen);
            chips.push(Chip::new(
                html! { (visit.t("plans-filter-all")) },
                base.clone().without(key).to_string(),
                !any,
            ));
            for (value, label, chosen) in choices {
                let href =
                    if chosen { base.clone().without(key) } else { base.clone().with(key, value.clone()) };
                let count = u64::try_from(counts(&value)).unwrap_or_default();
                chips.push(Chip::new(label, href.to_string(), chosen).count(count));
            }
            ui::chips(visit, label, &chips)
        };
    let counted = |except: &'static str, key: &dyn Fn(&Listed) -> Option<String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for it in all.iter().filter(|it| filter.takes(it, except)) {
            if let Some(value) = key(it) {
                *counts.entry(value).or_default() += 1;
            }
        }
        counts
    };
    let order = |key: &dyn Fn(&Listed) -> Option<String>| {
        let mut seen: Vec<String> = Vec::new();
        for value in all.iter().filter_map(key) {
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
        seen
    };
    let state = |it: &Listed| it.row.state().map(|state| state.name().to_owned());
    let action = |it: &Listed| it.row.task.special_action.clone();
    let heading = |it: &Listed| it.row.task.heading.clone();
    let lead = |it: &Listed| it.row.task.responsible.first().map(ToString::to_string);
    let (states, actions, headings, leads) = (
        counted("light", &state),
        counted("action", &action),
        counted("heading", &heading),
        counted("body", &lead),
    );
    let light_choices = LightState::ALL
        .into_iter()
        .filter(|it| states.contains_key(it.name()) || filter.light == Some(*it))
        .map(|it| (it.name().to_owned(), ui::light(visit, pieces::kind(it)), filter.light == Some(it)))
        .collect();
    let plain = |values: Vec<String>, chosen: Option<&String>| -> Vec<(String, Markup, bool)> {
        values.into_iter().map(|it| (it.clone(), html! { (it) }, chosen == Some(&it))).collect()
    };
    let body_choices: Vec<(String, Markup, bool)> = order(&lead)
        .into_iter()
        .filter_map(|it| {
            let id: OrganisationId = it.parse().ok()?;
            Some((it, html! { (pieces::body_name(visit, bodies, id)) }, filter.body == Some(id)))
        })
        .collect();
    let (action_order, heading_order) = (order(&action), order(&heading));
    html! {
        div.filters {
            @if !states.is_empty() { (group("light", &visit.t("plans-column-light"), light_choices, &|it| states.get(it).copied().unwrap_or_default())) }
            details open[filter.body.is_some() || filter.special_action.is_some() || filter.heading.is_some() || filter.word.is_some()] {
                summary { (visit.t("plans-filter-more")) }
                form.field-row method="get" action=(visit.path) role="search" {
                    @for (key, value) in base.parameters().filter(|(key, _)| *key != "q") { (ui::hidden(key, value)) }
                    (ui::input(visit, &ui::Field { name: "q", label: visit.t("plans-filter-word"), value: filter.word.clone().unwrap_or_default(), kind: "search", ..ui::Field::default() }))
                    div.form-actions { button.button type="submit" { (visit.t("plans-filter-search")) } }
                }
                @if 1 < action_order.len() { (group("action", &visit.t("plans-column-action"), plain(action_order, filter.special_action.as_ref()), &|it| actions.get(it).copied().unwrap_or_default())) }
                @if 1 < heading_order.len() { (group("heading", &visit.t("plans-column-heading"), plain(heading_order, filter.heading.as_ref()), &|it| headings.get(it).copied().unwrap_or_default())) }
                @if 1 < body_choices.len() { (group("body", &visit.t("plans-column-lead"), body_choices, &|it| leads.get(it).copied().unwrap_or_default())) }
            }
        }
    }
}

async fn csv(visit: &Visit, all: &[Listed]) -> Result<Response, PageError> {
    let bodies = plans(visit).organisations().await?;
    let filter = Filter::of(&Address::parse(&visit.path_and_query));
    let names = [
        "plan",
        "action",
        "heading",
        "number",
        "task",
        "content",
        "responsible",
        "cooperating",
        "basis",
        "deadline",
        "progress",
        "light",
    ];
    let mut csv = Csv::new(names.map(|name| visit.t(&format!("plans-column-{name}"))));
    for it in all.iter().filter(|it| filter.takes(it, "")) {
        let task = &it.row.task;
        csv.row([
            it.plan_title.clone(),
            task.special_action.clone().unwrap_or_default(),
            task.heading.clone().unwrap_or_default(),
            task.number.to_string(),
            task.title.clone(),
            task.content.clone(),
            pieces::body_names(visit, &bodies, &task.responsible, &task.responsible_words),
            pieces::body_names(visit, &bodies, &task.cooperating, &task.cooperating_words),
            visit.list(&task.basis),
            task.deadline.day.to_string(),
            task.progress.map(|it| pieces::percent(Decimal::from(it.percent))).unwrap_or_default(),
            it.row.state().map(|state| visit.t(&format!("light-{}", state.name()))).unwrap_or_default(),
        ]);
    }
    Ok(csv.respond("tasks.csv"))
}

/// The lead of a list in words, with its count.
pub(super) fn counted(visit: &Visit, key: &str, count: usize) -> String {
    visit.t_with(key, &[("count", Value::from(visit.count(u64::try_from(count).unwrap_or_default())))])
}
