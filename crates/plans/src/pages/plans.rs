//! The list of plans.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::Action;
use hutong_store::Count;
use hutong_web::csv::Csv;
use hutong_web::error::HttpRefusal;
use hutong_web::ui::{self, Address, Column, Icon, Pager, Table};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::standing;
use crate::light::LightState;
use crate::services::{PlanSummary, Plans};

/// Most plans in an export; a district has some dozens.
const EXPORT_MAX: usize = 2_000;

/// The list and its export.
pub fn routes() -> Router<App> {
    Router::new().route("/plans", get(list)).route("/plans/export.csv", get(export))
}

async fn list(visit: Visit) -> Result<Response, PageError> {
    let here = Address::parse(&visit.path_and_query);
    let after =
        here.get("after").map(str::parse).transpose().map_err(|_unreadable| HttpRefusal::BadRequest)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let page = plans.plans(after, visit.app.limits.page_rows).await?;
    let mut table = Table::new(
        visit.t("plans-page-title"),
        vec![
            Column::text(visit.t("plan-page-name")),
            Column::short(visit.t("plan-page-period")),
            Column::short(visit.t("plan-page-state")),
            Column::text(visit.t("board-lights")),
            Column::text(visit.t("board-progress")),
        ],
    );
    for plan in page.items {
        let summary = plans.summary(plan).await?;
        table.row_with_id(format!("plan-{}", summary.plan.id), row(&visit, &summary));
    }
    let (count, at_least) = match page.count {
        Count::Exact(count) => (count, false),
        Count::AtLeast(count) => (count, true),
    };
    let next = page.next.map(|cursor| cursor.to_string());
    let body = html! {
        @if table.is_empty() {
            (empty(&visit))
        } @else {
            (table.draw(&visit))
            (ui::pager(&visit, &here, &Pager { count, at_least, next }))
        }
    };
    let head = PageHead::new(visit.t("plans-page-title")).lead(visit.t("plans-page-lead")).primary(html! {
        @if !table.is_empty() {
            a.button #plans-export data-action="export" href="/plans/export.csv" { (Icon::Download.svg()) (visit.t("board-export")) }
        }
        @if visit.may(Action::ImportDocument) {
            a.button.primary #plans-import data-action="import" href="/import" { (Icon::Upload.svg()) (visit.t("plans-page-import")) }
        }
    });
    Ok(visit.page(head, body).await)
}

fn empty(visit: &Visit) -> Markup {
    let (why, next) = if visit.may(Action::ImportDocument) {
        (
            visit.t("plans-page-empty-import"),
            Some(html! { a.button.primary href="/import" { (visit.t("plans-page-import")) } }),
        )
    } else {
        (visit.t("plans-page-empty-read"), None)
    };
    ui::empty_state(Icon::Plan, &visit.t("plans-page-empty"), &why, next)
}

fn row(visit: &Visit, it: &PlanSummary) -> Vec<Markup> {
    let plan = &it.plan;
    vec![
        html! {
            a href={ "/plans/" (plan.id) } { (plan.title) }
            @if 1 < plan.record.version { " " span.quiet-words { (edition(visit, plan.record.version)) } }
            @if let Some(issuer) = &plan.issuer { br; span.quiet-words { (issuer) } }
        },
        html! { (plan.first_day) br; (plan.last_day) },
        standing::plan_state(visit, plan),
        lights(visit, it),
        html! {
            @if plan.imported_copy { span.quiet-words { (visit.t("plan-page-copy-no-lights")) } }
            @else { (standing::roll_up_short(visit, &it.progress)) }
        },
    ]
}

fn lights(visit: &Visit, it: &PlanSummary) -> Markup {
    html! {
        @if it.lights.is_empty() { span.nothing { "–" } }
        @else {
            ul.light-counts {
                @for state in standing::WORST_FIRST {
                    @if let Some(count) = it.lights.get(&state) {
                        li {
                            a href={ "/plans/" (it.plan.id) "/board?light=" (state.name()) } {
                                (ui::light(visit, standing::kind(state))) " " span.figure { (count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Which edition of a plan it is.
pub(super) fn edition(visit: &Visit, number: u32) -> String {
    visit.t_with("plan-page-edition-number", &[("number", hutong_web::Value::from(number.to_string()))])
}

async fn export(visit: Visit) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let head = ["name", "issuer", "document-number", "issued", "first-day", "last-day", "state"];
    let head = head.iter().map(|key| visit.t(&format!("plan-page-{key}")));
    let lights = LightState::ALL.iter().map(|state| visit.t(&format!("light-{}", state.name())));
    let mut csv =
        Csv::new(head.chain(lights).chain(["board-progress", "board-coverage"].map(|key| visit.t(key))));
    let mut after = None;
    let mut written = 0;
    loop {
        let page = plans.plans(after, hutong_store::limits::PAGE_MAX).await?;
        written += page.items.len();
        for plan in page.items {
            let it = plans.summary(plan).await?;
            let plan = &it.plan;
            let text = |value: Option<String>| value.unwrap_or_default();
            let facts = [
                plan.title.clone(),
                plan.issuer.clone().unwrap_or_default(),
                plan.document_number.clone().unwrap_or_default(),
                text(plan.issued_on.map(|day| day.to_string())),
                plan.first_day.to_string(),
                plan.last_day.to_string(),
                visit.t(&format!("plans-status-{}", plan.status.name())),
            ];
            let counts =
                LightState::ALL.iter().map(|state| it.lights.get(state).copied().unwrap_or(0).to_string());
            let shares =
                [it.progress.percent, it.progress.coverage].map(|it| text(it.map(|it| it.to_string())));
            csv.row(facts.into_iter().chain(counts).chain(shares));
        }
        after = page.next;
        if after.is_none() || EXPORT_MAX <= written {
            break;
        }
    }
    Ok(csv.respond("plans.csv"))
}
