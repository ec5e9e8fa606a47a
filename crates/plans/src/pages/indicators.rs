//! A plan's indicators with their lights, and their export.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::OrganisationId;
use hutong_web::csv::Csv;
use hutong_web::ui::{self, Address, Chip, Column, Icon, Pager, Table};
use hutong_web::{App, PageError, Value, Visit};
use maud::{Markup, html};

use super::bodies::Bodies;
use super::plan::{PlanTab, Shown, address, parse_id};
use super::review_content::target_words;
use super::standing;
use crate::indicator::Binding;
use crate::light::LightState;
use crate::services::{Board, IndicatorRow, Plans};

/// The list and its export.
pub fn routes() -> Router<App> {
    Router::new().route("/plans/{id}/indicators", get(list)).route("/plans/{id}/indicators.csv", get(export))
}

const BINDINGS: [Binding; 3] = [Binding::Binding, Binding::Expected, Binding::Unstated];

/// What the address asks for.
struct Wanted {
    light: Option<LightState>,
    binding: Option<Binding>,
    owner: Option<OrganisationId>,
    sort: String,
}

impl Wanted {
    fn read(here: &Address) -> Self {
        Self {
            light: here.get("light").and_then(LightState::from_name),
            binding: here.get("binding").and_then(|given| BINDINGS.into_iter().find(|it| it.name() == given)),
            owner: here.get("owner").and_then(|it| it.parse().ok()),
            sort: here.get("sort").unwrap_or_default().to_owned(),
        }
    }

    fn takes(&self, it: &IndicatorRow, light: Option<LightState>) -> bool {
        light.is_none_or(|light| state(it) == Some(light))
            && self.binding.is_none_or(|binding| it.indicator.binding == binding)
            && self.owner.is_none_or(|owner| it.indicator.owners.contains(&owner))
    }

    fn rows<'a>(&self, board: &'a Board) -> Vec<&'a IndicatorRow> {
        let mut rows: Vec<&IndicatorRow> =
            board.indicators.iter().filter(|it| self.takes(it, self.light)).collect();
        let (key, descending) = match self.sort.strip_prefix('-') {
            Some(key) => (key, true),
            None => (self.sort.as_str(), false),
        };
        match key {
            "deadline" => rows.sort_by_key(|it| it.indicator.deadline.day),
            "share" => rows.sort_by_key(|it| it.evaluation.share),
            "light" => rows
                .sort_by_key(|it| standing::WORST_FIRST.iter().position(|known| state(it) == Some(*known))),
            _ => {}
        }
        if descending {
            rows.reverse();
        }
        rows
    }
}

fn state(it: &IndicatorRow) -> Option<LightState> {
    it.light.as_ref().map(|it| it.state)
}

async fn list(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let shown = Shown::load(&visit, &plans, &id).await?;
    let board = plans.board(shown.plan.id).await?;
    let bodies = Bodies::read(&plans).await?;
    let here = Address::parse(&visit.path_and_query);
    let wanted = Wanted::read(&here);
    let rows = wanted.rows(&board);
    let from = match here.get("after") {
        None => 0,
        Some(after) => rows.iter().position(|it| it.indicator.id.to_string() == after).map_or(0, |at| at + 1),
    };
    let page = &rows[from..rows.len().min(from + visit.app.limits.page_rows)];
    let next =
        (from + page.len() < rows.len()).then(|| page.last().map(|it| it.indicator.id.to_string())).flatten();
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let body = html! {
        @if board.indicators.is_empty() {
            (ui::empty_state(Icon::Indicator, &visit.t("indicator-page-empty"), &visit.t("indicator-page-empty-why"), None))
        } @else {
            (filters(&visit, &board, &bodies, &wanted, &here))
            @if rows.is_empty() {
                (ui::empty_state(Icon::Search, &visit.t("indicator-page-nothing"), &visit.t("board-nothing-found-why"),
                    Some(html! { a.button href=(address(shown.plan.id, PlanTab::Indicators)) { (visit.t("indicator-page-all")) } })))
            } @else {
                div.indicator-list { (table(&visit, page, &bodies, &here, shown.plan.imported_copy).draw(&visit)) }
                (ui::pager(&visit, &here, &Pager { count, at_least: false, next }))
            }
        }
        (shown.footer(&visit).await?)
    };
    let mut csv = Address::new(format!("/plans/{}/indicators.csv", shown.plan.id));
    for (key, value) in here.parameters().filter(|(key, _)| *key != "after") {
        csv = csv.with(key, value);
    }
    let head = shown.head(&visit, PlanTab::Indicators).primary(html! {
        @if !board.indicators.is_empty() {
            a.button #indicators-csv data-action="export-csv" href=(csv) { (Icon::Download.svg()) (visit.t("board-export")) }
        }
    });
    Ok(visit.page(head, body).await)
}

fn filters(visit: &Visit, board: &Board, bodies: &Bodies, wanted: &Wanted, here: &Address) -> Markup {
    let mut counts: BTreeMap<LightState, usize> = BTreeMap::new();
    for state in board.indicators.iter().filter(|it| wanted.takes(it, None)).filter_map(state) {
        *counts.entry(state).or_default() += 1;
    }
    let toggled = |key: &str, value: String, is_chosen: bool| {
        let to = here.clone().without("after").without(key);
        if is_chosen { to.to_string() } else { to.with(key, value).to_string() }
    };
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let bindings: Vec<Chip> = BINDINGS
        .into_iter()
        .filter_map(|binding| {
            let count = board.indicators.iter().filter(|it| it.indicator.binding == binding).count();
            let is_chosen = wanted.binding == Some(binding);
            let label = html! { (visit.t(&format!("binding-{}", binding.name()))) };
            let href = toggled("binding", binding.name().to_owned(), is_chosen);
            (0 < count || is_chosen).then(|| Chip::new(label, href, is_chosen).count(number(count)))
        })
        .collect();
    let mut owners: BTreeMap<OrganisationId, usize> = BTreeMap::new();
    for owner in board.indicators.iter().flat_map(|it| &it.indicator.owners) {
        *owners.entry(*owner).or_default() += 1;
    }
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), bodies.name(visit, *id)));
    let owners: Vec<Chip> = owners
        .into_iter()
        .map(|(id, count)| {
            let is_chosen = wanted.owner == Some(id);
            Chip::new(
                html! { (bodies.name(visit, id)) },
                toggled("owner", id.to_string(), is_chosen),
                is_chosen,
            )
            .count(number(count))
        })
        .collect();
    html! {
        div.filters.stack #indicator-filters {
            @if !counts.is_empty() {
                (standing::light_chips(visit, &counts, wanted.light, |light| {
                    let to = here.clone().without("after").without("light");
                    light.map_or_else(|| to.to_string(), |light| to.clone().with("light", light.name()).to_string())
                }))
            }
            @if 1 < bindings.len() { (ui::chips(visit, &visit.t("indicator-page-binding"), &bindings)) }
            @if 1 < owners.len() {
                details.more-filters open[wanted.owner.is_some()] {
                    summary { (visit.t("board-more-filters")) }
                    (ui::chips(visit, &visit.t("indicator-page-owners"), &owners))
                }
            }
        }
    }
}

fn table(visit: &Visit, rows: &[&IndicatorRow], bodies: &Bodies, here: &Address, is_copy: bool) -> Table {
    let mut columns = vec![
        Column::text(visit.t("indicator-page-name")).sort(here, "number"),
        Column::text(visit.t("indicator-page-target")),
    ];
    if !is_copy {
        columns.push(Column::short(visit.t("board-light")).sort(here, "light"));
        columns.push(Column::figure(visit.t("indicator-page-value")));
        columns.push(Column::figure(visit.t("indicator-page-share")).sort(here, "share"));
    }
    columns.push(Column::text(visit.t("indicator-page-owner")));
    columns.push(Column::short(visit.t("board-deadline")).sort(here, "deadline"));
    let mut table = Table::new(visit.t("plan-page-tab-indicators"), columns).dense();
    for it in rows {
        let indicator = &it.indicator;
        let mut cells = vec![
            html! {
                span.row-number { (indicator.number) } a href={ "/indicators/" (indicator.id) } { (indicator.name) }
                @if indicator.binding != Binding::Unstated {
                    span.under-number { (visit.t(&format!("binding-{}", indicator.binding.name()))) }
                }
            },
            html! { (target_words(visit, &indicator.target)) },
        ];
        if !is_copy {
            cells.push(standing::light(visit, it.light.as_ref()));
            cells.push(value(visit, it));
            cells.push(html! {
                @match it.evaluation.share { Some(share) => (standing::percent(share)), None => span.nothing { "–" } }
            });
        }
        cells.push(bodies.leading(visit, &indicator.owners));
        cells.push(visit.date_cell(indicator.deadline.day));
        table.row_with_id(format!("indicator-{}", indicator.id), cells);
    }
    table
}

fn value(visit: &Visit, it: &IndicatorRow) -> Markup {
    html! {
        @match &it.evaluation.value {
            Some(value) => {
                @match &value.quantity {
                    Some(quantity) => (visit.quantity(quantity)),
                    None => (visit.t("indicator-page-in-words")),
                }
                br; span.quiet-words { (visit.t_with("board-as-of", &[("day", Value::from(value.as_of.to_string()))])) }
            }
            None => span.quiet-words { (visit.t("indicator-page-no-value")) }
        }
    }
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let board = plans.board(parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let wanted = Wanted::read(&Address::parse(&visit.path_and_query));
    let head = [
        "board-number",
        "indicator-page-name",
        "indicator-page-target",
        "indicator-page-quote",
        "indicator-page-binding",
        "indicator-page-value",
        "indicator-page-unit",
        "indicator-page-as-of",
        "indicator-page-share",
        "indicator-page-expected",
        "indicator-page-gap",
        "board-light",
        "board-light-why",
        "indicator-page-owners",
        "board-deadline",
    ];
    let mut csv = Csv::new(head.map(|key| visit.t(key)));
    for it in wanted.rows(&board) {
        let indicator = &it.indicator;
        let standing = &it.evaluation;
        let light = it.light.as_ref();
        let value = standing.value.as_ref();
        let figure = |it: Option<&hutong_kernel::Quantity>| {
            it.map(|it| it.value.normalize().to_string()).unwrap_or_default()
        };
        csv.row([
            indicator.number.to_string(),
            indicator.name.clone(),
            target_words(&visit, &indicator.target),
            indicator.words.clone(),
            visit.t(&format!("binding-{}", indicator.binding.name())),
            value
                .and_then(|it| it.words.clone())
                .unwrap_or_else(|| figure(value.and_then(|it| it.quantity.as_ref()))),
            indicator.target.unit().map(|unit| unit.to_string()).unwrap_or_default(),
            value.map(|it| it.as_of.to_string()).unwrap_or_default(),
            standing.share.map(|it| it.to_string()).unwrap_or_default(),
            figure(standing.expected.as_ref()),
            figure(standing.gap.as_ref()),
            light.map(|it| visit.t(&format!("light-{}", it.state.name()))).unwrap_or_default(),
            light.map(|it| standing::reason(&visit, it.reason)).unwrap_or_default(),
            bodies.list(&visit, &indicator.owners),
            indicator.deadline.day.to_string(),
        ]);
    }
    Ok(csv.respond("indicators.csv"))
}
