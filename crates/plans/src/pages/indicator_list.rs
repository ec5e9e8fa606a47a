//! The indicators of all plans in force.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use hutong_web::csv::Csv;
use hutong_web::ui::{self, Address, Chip, Column, Icon, Table};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::pieces::{self, Bodies, plans, target_words};
use crate::light::LightState;
use crate::plan::PlanStatus;
use crate::services::IndicatorRow;

/// Most plans whose indicators are listed together.
const PLANS_MAX: usize = 200;

pub(super) fn pages() -> Router<App> {
    Router::new().route("/indicators", get(of_all)).route("/indicators/export.csv", get(export))
}

struct Listed {
    plan_title: String,
    row: IndicatorRow,
}

async fn of_all(visit: Visit) -> Result<Response, PageError> {
    let rows = all(&visit).await?;
    let bodies = plans(&visit).organisations().await?;
    let head = PageHead::new(visit.t("nav-indicators")).lead(visit.t("plans-indicators-lead"));
    let body = list(&visit, &rows, &bodies);
    Ok(visit.page(head, body).await)
}

async fn all(visit: &Visit) -> Result<Vec<Listed>, PageError> {
    let mut rows = Vec::new();
    for plan in plans(visit).plans(None, PLANS_MAX).await?.items {
        if plan.status == PlanStatus::InForce {
            let board = plans(visit).board(plan.id).await?;
            rows.extend(
                board.indicators.into_iter().map(|row| Listed { plan_title: plan.title.clone(), row }),
            );
        }
    }
    Ok(rows)
}

fn list(visit: &Visit, rows: &[Listed], bodies: &Bodies) -> Markup {
    let here = Address::parse(&visit.path_and_query);
    let chosen = here.get("light").and_then(LightState::from_name);
    let state = |it: &Listed| it.row.light.as_ref().map(|light| light.state);
    let mut chips = vec![Chip::new(
        html! { (visit.t("plans-filter-all")) },
        here.clone().without("light").to_string(),
        chosen.is_none(),
    )];
    for light in LightState::ALL {
        let count = rows.iter().filter(|it| state(it) == Some(light)).count();
        if 0 < count || chosen == Some(light) {
            let href = here.clone().with("light", light.name()).to_string();
            chips.push(
                Chip::new(ui::light(visit, pieces::kind(light)), href, chosen == Some(light))
                    .count(u64::try_from(count).unwrap_or_default()),
            );
        }
    }
    let columns = vec![
        Column::text(visit.t("plans-column-indicator")),
        Column::short(visit.t("plans-column-light")),
        Column::text(visit.t("plans-column-target")),
        Column::figure(visit.t("plans-column-value")),
        Column::figure(visit.t("plans-column-share")),
        Column::short(visit.t("plans-column-binding")),
        Column::text(visit.t("plans-column-owners")),
        Column::short(visit.t("plans-column-deadline")),
        Column::text(visit.t("plans-column-plan")),
    ];
    let mut table = Table::new(visit.t("nav-indicators"), columns).dense();
    for it in rows.iter().filter(|it| chosen.is_none() || state(it) == chosen) {
        let indicator = &it.row.indicator;
        let value = it.row.evaluation.value.as_ref();
        table.row(vec![
            html! { a href={ "/indicators/" (indicator.id) } { (indicator.name) } },
            pieces::light(visit, it.row.light.as_deref()),
            html! { (target_words(visit, &indicator.target)) },
            html! {
                @match value.and_then(|it| it.quantity.as_ref()) {
                    Some(quantity) => (visit.quantity(quantity)),
                    None => @match value.and_then(|it| it.words.as_ref()) { Some(words) => (words), None => span.nothing { "–" } }
                }
            },
            html! { @match it.row.evaluation.share { Some(share) => (pieces::percent(share)), None => span.nothing { "–" } } },
            html! { (visit.t(&format!("plans-binding-{}", indicator.binding.name()))) },
            pieces::body_links(visit, bodies, &indicator.owners, ""),
            visit.date_cell(indicator.deadline.day),
            html! { a href={ "/plans/" (indicator.plan) "/indicators" } { (it.plan_title) } },
        ]);
    }
    html! {
        @if rows.is_empty() {
            (ui::empty_state(Icon::Indicator, &visit.t("plans-indicators-none"), &visit.t("plans-indicators-none-why"), None))
        } @else {
            div.filters { (ui::chips(visit, &visit.t("plans-column-light"), &chips)) }
            (table.draw(visit))
            p { a href="/indicators/export.csv" download { (visit.t("plans-export-csv")) } }
        }
    }
}

async fn export(visit: Visit) -> Result<Response, PageError> {
    let bodies = plans(&visit).organisations().await?;
    let names = [
        "plan",
        "number",
        "indicator",
        "target",
        "value",
        "unit",
        "as-of",
        "share",
        "binding",
        "owners",
        "deadline",
        "light",
    ];
    let mut csv = Csv::new(names.map(|name| visit.t(&format!("plans-column-{name}"))));
    for it in all(&visit).await? {
        let (indicator, evaluation) = (&it.row.indicator, &it.row.evaluation);
        let quantity = evaluation.value.as_ref().and_then(|it| it.quantity.as_ref());
        let words = evaluation.value.as_ref().and_then(|it| it.words.clone());
        csv.row([
            it.plan_title.clone(),
            indicator.number.to_string(),
            indicator.name.clone(),
            target_words(&visit, &indicator.target),
            quantity.map(|it| it.value.normalize().to_string()).or(words).unwrap_or_default(),
            indicator.target.unit().map(|unit| unit.to_string()).unwrap_or_default(),
            evaluation.value.as_ref().map(|it| it.as_of.to_string()).unwrap_or_default(),
            evaluation.share.map(pieces::percent).unwrap_or_default(),
            visit.t(&format!("plans-binding-{}", indicator.binding.name())),
            pieces::body_names(&visit, &bodies, &indicator.owners, ""),
            indicator.deadline.day.to_string(),
            it.row
                .light
                .as_ref()
                .map(|light| visit.t(&format!("light-{}", light.state.name())))
                .unwrap_or_default(),
        ]);
    }
    Ok(csv.respond("indicators.csv"))
}
