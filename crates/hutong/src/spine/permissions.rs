//! The permission table as a page: printed from the code that decides, so that it cannot say something else.

use axum::Router;
use axum::extract::Query as UrlQuery;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::permission::scope;
use hutong_kernel::{Action, Role, Scope};
use hutong_web::ui::{self, Column, Table};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::html;
use serde::Deserialize;

use super::csv::Csv;

/// The page and its export.
pub fn routes() -> Router<App> {
    Router::new().route("/permissions", get(show)).route("/permissions/export.csv", get(export))
}

#[derive(Deserialize, Default)]
struct Filter {
    role: Option<String>,
}

async fn show(visit: Visit, UrlQuery(filter): UrlQuery<Filter>) -> Result<Response, PageError> {
    visit.require(Action::ViewPermissions)?;
    let chosen = filter.role.as_deref().and_then(Role::from_name);
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| chosen.is_none_or(|it| it == *role)).collect();
    let mut columns = vec![Column::text(visit.t("permissions-action"))];
    columns.extend(roles.iter().map(|role| Column::short(visit.role(*role))));
    let mut table = Table::new(visit.t("permissions-title"), columns).dense();
    for action in Action::ALL {
        let scopes: Vec<Scope> = roles.iter().map(|role| scope(*role, *action)).collect();
        if chosen.is_some() && scopes.iter().all(|it| *it == Scope::None) {
            continue;
        }
        let mut cells = vec![html! { (visit.action(*action)) }];
        cells.extend(scopes.into_iter().map(|scope| match scope {
            Scope::None => html! { span.nothing { (visit.scope(scope)) } },
            Scope::Own | Scope::OwnOrganisation | Scope::All => html! { (visit.scope(scope)) },
        }));
        table.row_with_id(action.name(), cells);
    }
    let here = ui::Address::parse(&visit.path_and_query);
    let chips: Vec<ui::Chip> = Role::ALL
        .into_iter()
        .map(|role| {
            let made = chosen == Some(role);
            let to = here.clone().without("role");
            let href = if made { to } else { to.with("role", role.name()) };
            ui::Chip::new(html! { (visit.role(role)) }, href.to_string(), made)
        })
        .collect();
    let body = html! {
        (ui::chips(&visit, &visit.t("permissions-role"), &chips))
        (table.draw(&visit))
        p.quiet-words { (visit.t("permissions-note")) }
    };
    let head = PageHead::new(visit.t("permissions-title"))
        .lead(visit.t("permissions-lead"))
        .primary(html! { a.button href="/permissions/export.csv" { (ui::Icon::Download.svg()) (visit.t("spine-export")) } });
    Ok(visit.page(head, body).await)
}

async fn export(visit: Visit) -> Result<Response, PageError> {
    visit.require(Action::ViewPermissions)?;
    let mut csv = Csv::new(
        std::iter::once(visit.t("permissions-action"))
            .chain(Role::ALL.into_iter().map(|role| visit.role(role))),
    );
    for action in Action::ALL {
        csv.row(
            std::iter::once(visit.action(*action))
                .chain(Role::ALL.into_iter().map(|role| visit.scope(scope(role, *action)))),
        );
    }
    Ok(csv.respond("permissions.csv"))
}
