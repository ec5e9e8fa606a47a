//! My department: what it owes, its tasks, its indicators.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, OrganisationId};
use hutong_web::ui::{self, Address, Icon, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::html;

use super::home;
use super::pieces::{self, plans};
use super::task_list::{self, Listed};

pub(super) fn pages() -> Router<App> {
    Router::new().route("/department", get(show))
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    visit.require(Action::ViewReleasedPlans)?;
    let here = Address::parse(&visit.path_and_query);
    let own = visit.ctx.principal.organisation();
    let body = here.get("of").and_then(|id| id.parse::<OrganisationId>().ok()).or(own);
    let bodies = plans(&visit).organisations().await?;
    let Some(body) = body else {
        let head = PageHead::new(visit.t("nav-department"));
        let empty = ui::empty_state(
            Icon::Department,
            &visit.t("plans-department-none"),
            &visit.t("plans-department-none-why"),
            None,
        );
        return Ok(visit.page(head, empty).await);
    };
    let all: Vec<Listed> = task_list::all_listed(&visit)
        .await?
        .into_iter()
        .filter(|it| it.row.task.bodies().contains(&body))
        .collect();
    let due = if own == Some(body) { plans(&visit).due().await? } else { Vec::new() };
    let head = PageHead::new(pieces::body_name(&visit, &bodies, body))
        .lead(task_list::counted(&visit, "plans-department-lead", all.len()))
        .state(html! { @if own == Some(body) { (ui::badge(Tone::Info, &visit.t("nav-department"))) } });
    let export = format!("/tasks/export.csv?body={body}");
    let content = html! {
        @if own == Some(body) && visit.may(Action::ReportProgress) { (home::due(&visit, &due)) }
        section.stack {
            div.section-head { h2 { (visit.t("plans-department-tasks")) } a href=(export) download { (visit.t("plans-export-csv")) } }
            (task_list::list(&visit, &all, &bodies, "/tasks/export.csv", true))
        }
    };
    Ok(visit.page(head, content).await)
}
