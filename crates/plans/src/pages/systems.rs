//! The register of named platforms and systems: its list, one entry, changing it; and a plan's part of it.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, PlanId, SystemId, TaskId};
use hutong_store::{Stored, Version};
use hutong_web::csv::Csv;
use hutong_web::ui::{self, Address, Chip, Choice, Column, Field, Icon, Pager, Problem, Table, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};
use serde::Deserialize;

use super::bodies::Bodies;
use super::plan::{PlanTab, Shown, parse_id};
use super::record_footer::record_footer;
use super::refused_form;
use crate::plan::Plan;
use crate::services::{Plans, ServiceError};
use crate::system::{EditSystem, PlannedSystem, SystemStatus};
use crate::task::Task;

/// Most entries of the register that a list filters; a district has some hundreds.
const REGISTER_MAX: usize = 5_000;

/// The register, its entries, and a plan's part of it.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/systems", get(list))
        .route("/systems/export.csv", get(export))
        .route("/systems/{id}", get(show))
        .route("/systems/{id}/edit", get(edit_form).post(edit))
        .route("/plans/{id}/systems", get(of_plan))
}

/// The register with the titles that it refers to.
struct Register {
    systems: Vec<Stored<PlannedSystem>>,
    plans: BTreeMap<PlanId, String>,
    tasks: BTreeMap<TaskId, String>,
    bodies: Bodies,
}

impl Register {
    async fn all(visit: &Visit, plans: &Plans<'_>) -> Result<Self, ServiceError> {
        let mut systems = Vec::new();
        let mut after = None;
        loop {
            let page = plans.systems(None, after, hutong_store::limits::PAGE_MAX).await?;
            systems.extend(page.items);
            after = page.next;
            if after.is_none() || REGISTER_MAX <= systems.len() {
                break;
            }
        }
        Self::of(visit, plans, systems).await
    }

    async fn of(
        visit: &Visit,
        plans: &Plans<'_>,
        systems: Vec<Stored<PlannedSystem>>,
    ) -> Result<Self, ServiceError> {
        let store = &visit.app.store;
        let mut titles = BTreeMap::new();
        let mut tasks = BTreeMap::new();
        for system in &systems {
            if !titles.contains_key(&system.plan)
                && let Some(plan) = store.get::<Plan>(system.plan).await?
            {
                titles.insert(system.plan, plan.record.title);
            }
            for id in &system.tasks {
                if !tasks.contains_key(id)
                    && let Some(task) = store.get::<Task>(*id).await?
                {
                    tasks.insert(*id, task.record.title);
                }
            }
        }
        Ok(Self { systems, plans: titles, tasks, bodies: Bodies::read(plans).await? })
    }

    fn plan(&self, id: PlanId) -> String {
        self.plans.get(&id).cloned().unwrap_or_default()
    }

    fn tasks(&self, system: &PlannedSystem) -> Vec<(TaskId, String)> {
        system.tasks.iter().filter_map(|id| Some((*id, self.tasks.get(id)?.clone()))).collect()
    }
}

/// What the address asks for.
struct Wanted {
    status: Option<SystemStatus>,
    plan: Option<PlanId>,
    without_owner: bool,
    words: String,
}

impl Wanted {
    fn read(here: &Address) -> Self {
        Self {
            status: here.get("status").and_then(SystemStatus::from_name),
            plan: here.get("plan").and_then(|it| it.parse().ok()),
            without_owner: here.get("owner") == Some("none"),
            words: here.get("q").unwrap_or_default().trim().to_owned(),
        }
    }

    fn takes(&self, it: &PlannedSystem) -> bool {
        self.takes_but_status(it) && self.status.is_none_or(|status| status == it.status)
    }

    fn takes_but_status(&self, it: &PlannedSystem) -> bool {
        self.plan.is_none_or(|plan| plan == it.plan)
            && !(self.without_owner && it.owner.is_some())
            && (self.words.is_empty() || it.name.contains(&self.words))
    }
}

async fn list(visit: Visit) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let register = Register::all(&visit, &plans).await?;
    let here = Address::parse(&visit.path_and_query);
    let wanted = Wanted::read(&here);
    let found: Vec<&Stored<PlannedSystem>> = register.systems.iter().filter(|it| wanted.takes(it)).collect();
    let from = match here.get("after") {
        None => 0,
        Some(after) => found.iter().position(|it| it.id.to_string() == after).map_or(0, |at| at + 1),
    };
    let shown = &found[from..found.len().min(from + visit.app.limits.page_rows)];
    let next = (from + shown.len() < found.len()).then(|| shown.last().map(|it| it.id.to_string())).flatten();
    let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let body = html! {
        @if register.systems.is_empty() {
            (ui::empty_state(Icon::Systems, &visit.t("systems-page-empty"), &visit.t("systems-page-empty-why"),
                Some(html! { a.button href="/plans" { (visit.t("plans-page-title")) } })))
        } @else {
            (filters(&visit, &register, &wanted, &here))
            @if found.is_empty() {
                (ui::empty_state(Icon::Search, &visit.t("systems-page-nothing"), &visit.t("board-nothing-found-why"),
                    Some(html! { a.button href="/systems" { (visit.t("systems-page-all")) } })))
            } @else {
                (table(&visit, &register, shown, true).draw(&visit))
                (ui::pager(&visit, &here, &Pager { count, at_least: false, next }))
            }
        }
    };
    let mut csv = Address::new("/systems/export.csv");
    for (key, value) in here.parameters().filter(|(key, _)| *key != "after") {
        csv = csv.with(key, value);
    }
    let head = PageHead::new(visit.t("systems-page-title")).lead(visit.t("systems-page-lead")).primary(html! {
        @if !register.systems.is_empty() {
            a.button #systems-export data-action="export" href=(csv) { (Icon::Download.svg()) (visit.t("board-export")) }
        }
    });
    Ok(visit.page(head, body).await)
}

fn filters(visit: &Visit, register: &Register, wanted: &Wanted, here: &Address) -> Markup {
    let toggled = |key: &str, value: &str, is_chosen: bool| {
        let to = here.clone().without("after").without(key);
        if is_chosen { to.to_string() } else { to.with(key, value).to_string() }
    };
    let count = |takes: &dyn Fn(&PlannedSystem) -> bool| {
        u64::try_from(register.systems.iter().filter(|it| takes(it)).count()).unwrap_or(u64::MAX)
    };
    let statuses: Vec<Chip> = SystemStatus::ALL
        .into_iter()
        .filter_map(|status| {
            let is_chosen = wanted.status == Some(status);
            let label = html! { (status_words(visit, status)) };
            let counted = count(&|it| wanted.takes_but_status(it) && it.status == status);
            let chip =
                Chip::new(label, toggled("status", status.name(), is_chosen), is_chosen).count(counted);
            (0 < counted || is_chosen).then_some(chip)
        })
        .collect();
    let plans: Vec<Chip> = register
        .plans
        .iter()
        .map(|(id, title)| {
            let is_chosen = wanted.plan == Some(*id);
            let counted = count(&|it| it.plan == *id);
            Chip::new(html! { (title) }, toggled("plan", &id.to_string(), is_chosen), is_chosen)
                .count(counted)
        })
        .collect();
    let ownerless = count(&|it| it.owner.is_none());
    let nobody = [Chip::new(
        html! { (visit.t("systems-page-no-owner")) },
        toggled("owner", "none", wanted.without_owner),
        wanted.without_owner,
    )
    .count(ownerless)];
    html! {
        div.filters.stack #systems-filters {
            (ui::chips(visit, &visit.t("systems-page-status"), &statuses))
            @if 1 < plans.len() { (ui::chips(visit, &visit.t("systems-page-plan"), &plans)) }
            @if 0 < ownerless || wanted.without_owner { (ui::chips(visit, &visit.t("systems-page-owner"), &nobody)) }
            form.filter #systems-search data-action="search" method="get" action="/systems" {
                @for (key, value) in here.parameters().filter(|(key, _)| !matches!(*key, "q" | "after")) {
                    (ui::hidden(key, value))
                }
                (ui::input(visit, &Field { name: "q", label: visit.t("systems-page-search"), kind: "search",
                    value: wanted.words.clone(), ..Field::default() }))
                button.button type="submit" { (visit.t("board-search-button")) }
            }
        }
    }
}

fn status_words(visit: &Visit, status: SystemStatus) -> String {
    visit.t(&format!("system-status-{}", status.name()))
}

fn status_badge(visit: &Visit, status: SystemStatus) -> Markup {
    let tone = match status {
        SystemStatus::InService => Tone::Good,
        SystemStatus::Build | SystemStatus::Upgrade => Tone::Info,
        SystemStatus::Existing | SystemStatus::Use => Tone::Plain,
    };
    ui::badge(tone, &status_words(visit, status))
}

fn table(visit: &Visit, register: &Register, systems: &[&Stored<PlannedSystem>], with_plan: bool) -> Table {
    let mut columns = vec![
        Column::text(visit.t("systems-page-name")),
        Column::short(visit.t("systems-page-status")),
        Column::text(visit.t("systems-page-owner")),
    ];
    if with_plan {
        columns.push(Column::text(visit.t("systems-page-plan")));
    }
    columns.push(Column::text(visit.t("systems-page-tasks")));
    let mut table = Table::new(visit.t("systems-page-title"), columns).dense();
    for it in systems {
        let mut cells = vec![
            html! { a href={ "/systems/" (it.id) } { (it.name) } },
            status_badge(visit, it.status),
            html! {
                @match it.owner {
                    Some(owner) => (register.bodies.name(visit, owner)),
                    None => span.nothing { (visit.t("systems-page-no-owner")) },
                }
            },
        ];
        if with_plan {
            cells.push(html! { a href={ "/plans/" (it.plan) } { (register.plan(it.plan)) } });
        }
        cells.push(task_links(&register.tasks(it)));
        table.row_with_id(format!("system-{}", it.id), cells);
    }
    table
}

fn task_links(tasks: &[(TaskId, String)]) -> Markup {
    html! {
        @if tasks.is_empty() { span.nothing { "–" } }
        @else { ul.plain { @for (id, title) in tasks { li { a href={ "/tasks/" (id) } { (title) } } } } }
    }
}

async fn of_plan(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let shown = Shown::load(&visit, &plans, &id).await?;
    let systems = plans.systems_of(shown.plan.id).await?;
    let register = Register::of(&visit, &plans, systems).await?;
    let all: Vec<&Stored<PlannedSystem>> = register.systems.iter().collect();
    let body = html! {
        @if all.is_empty() {
            (ui::empty_state(Icon::Systems, &visit.t("systems-page-empty-plan"), &visit.t("systems-page-empty-why"), None))
        } @else {
            (table(&visit, &register, &all, false).draw(&visit))
        }
        (shown.footer(&visit).await?)
    };
    let head = shown.head(&visit, PlanTab::Systems).primary(html! {
        @if visit.may(Action::ViewPlans) && !all.is_empty() {
            a.button data-action="export" href={ "/systems/export.csv?plan=" (shown.plan.id) } { (Icon::Download.svg()) (visit.t("board-export")) }
            a.button href={ "/systems?plan=" (shown.plan.id) } { (visit.t("systems-page-title")) }
        }
    });
    Ok(visit.page(head, body).await)
}

async fn export(visit: Visit) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let register = Register::all(&visit, &plans).await?;
    let wanted = Wanted::read(&Address::parse(&visit.path_and_query));
    let head = ["name", "status", "owner", "plan", "tasks"];
    let mut csv = Csv::new(head.map(|key| visit.t(&format!("systems-page-{key}"))));
    for it in register.systems.iter().filter(|it| wanted.takes(it)) {
        csv.row([
            it.name.clone(),
            status_words(&visit, it.status),
            it.owner.map(|owner| register.bodies.name(&visit, owner)).unwrap_or_default(),
            register.plan(it.plan),
            visit.list(register.tasks(it).into_iter().map(|(_, title)| title)),
        ]);
    }
    Ok(csv.respond("systems.csv"))
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let system = plans.system(parse_id::<SystemId>(&id)?).await?;
    let register = Register::of(&visit, &plans, vec![system.clone()]).await?;
    let fact = |key: &str, value: Markup| (visit.t(&format!("systems-page-{key}")), value);
    let facts = [
        fact("status", status_badge(&visit, system.status)),
        fact(
            "owner",
            html! {
                @match system.owner {
                    Some(owner) => (register.bodies.link(&visit, owner)),
                    None => span.nothing { (visit.t("systems-page-no-owner")) },
                }
            },
        ),
        fact("plan", html! { a href={ "/plans/" (system.plan) } { (register.plan(system.plan)) } }),
        fact("tasks", task_links(&register.tasks(&system))),
    ];
    let source = system.place.as_ref().map(|place| html! { q { (place.quote) } });
    let body = html! {
        section.card { (ui::facts(&facts)) }
        (record_footer(&visit, &system, source, None).await?)
    };
    let mut head = PageHead::new(system.name.clone());
    head = if visit.may(Action::ViewPlans) {
        head.crumb(visit.t("systems-page-title"), "/systems")
    } else {
        head.crumb(visit.t("plans-page-title"), "/plans")
            .crumb(register.plan(system.plan), format!("/plans/{}/systems", system.plan))
    };
    if visit.may(Action::KeepSystems) {
        head = head.primary(html! {
            a.button #system-edit data-action="edit" href={ "/systems/" (system.id) "/edit" } { (Icon::Pencil.svg()) (visit.t("board-edit")) }
        });
    }
    Ok(visit.page(head.state(status_badge(&visit, system.status)), body).await)
}

/// The form of a change to an entry.
#[derive(Deserialize, Default)]
struct SystemForm {
    #[serde(default)]
    version: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    reason: String,
}

async fn edit_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::KeepSystems)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let system = plans.system(parse_id::<SystemId>(&id)?).await?;
    let form = SystemForm {
        version: system.version.0,
        name: system.name.clone(),
        status: system.status.name().to_owned(),
        owner: system.owner.map(|it| it.to_string()).unwrap_or_default(),
        reason: String::new(),
    };
    edit_page(&visit, &plans, &system, &form, &[]).await
}

async fn edit(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<SystemForm>,
) -> Result<Response, PageError> {
    visit.require(Action::KeepSystems)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let system = plans.system(parse_id::<SystemId>(&id)?).await?;
    let change = EditSystem {
        name: Some(form.name.clone()),
        status: SystemStatus::from_name(&form.status),
        owner: form.owner.parse().ok(),
    };
    match plans.edit_system(system.id, Some(Version(form.version)), change, &form.reason).await {
        Ok(_) => Ok(visit.redirect(&format!("/systems/{}", system.id), "system-changed")),
        Err(error) => {
            let fields = [("plans.system.name_missing", "name"), ("plans.system.owner_missing", "owner")];
            let problems = [refused_form::problem(&visit, &fields, error)?];
            edit_page(&visit, &plans, &system, &form, &problems).await
        }
    }
}

async fn edit_page(
    visit: &Visit,
    plans: &Plans<'_>,
    system: &PlannedSystem,
    form: &SystemForm,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let bodies = Bodies::read(plans).await?;
    let page = format!("/systems/{}", system.id);
    let statuses: Vec<Choice> = SystemStatus::ALL
        .into_iter()
        .map(|it| Choice::new(it.name(), status_words(visit, it), it.name() == form.status))
        .collect();
    let mut owners = Vec::new();
    // An owner can be replaced and not be taken away: what runs has somebody who answers for it.
    if system.owner.is_none() {
        owners.push(Choice::new("", visit.t("systems-page-no-owner"), form.owner.is_empty()));
    }
    owners.extend(bodies.choices(visit, visit.ctx.today, &form.owner));
    let field = |name, key: &str| Field { name, label: visit.t(key), problems, ..Field::default() };
    let body = html! {
        (ui::error_summary(visit, problems))
        form.card.narrow #system-form data-action="edit-system" method="post" action={ (page) "/edit" } {
            (ui::hidden("version", &form.version.to_string()))
            (ui::input(visit, &Field { value: form.name.clone(), required: true, ..field("name", "systems-page-name") }))
            (ui::radios(visit, &Field { required: true, ..field("status", "systems-page-status") }, &statuses))
            (ui::select(visit, &Field { help: Some(visit.t("systems-page-owner-help")), ..field("owner", "systems-page-owner") }, &owners))
            (ui::reason(visit, &form.reason, problems))
            (ui::actions(visit, &visit.t("board-save"), Some(&page)))
        }
    };
    let head = PageHead::new(visit.t("systems-page-edit"))
        .crumb(visit.t("systems-page-title"), "/systems")
        .crumb(system.name.clone(), page);
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}
