//! `/plans/{plan}/indicators`, `/indicators/{indicator}` and its statements.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, List, Paging, versioned};
use hutong_kernel::{IndicatorId, PlanId};
use hutong_store::Query;
use hutong_web::App;

use super::items::{IndicatorItem, StatementItem};
use super::{find, visible_plan};
use crate::indicator::Indicator;
use crate::statement::Statement;

/// A plan's indicators in its order.
#[utoipa::path(
    get,
    path = "/plans/{plan}/indicators",
    tag = "indicators",
    operation_id = "list_indicators",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of indicators", body = List<IndicatorItem>))
)]
pub(super) async fn list_indicators(
    State(app): State<App>,
    call: Call,
    Path(plan): Path<PlanId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<IndicatorItem>, ApiError> {
    visible_plan(&app.store, &call.ctx, plan).await?;
    let query = paging.apply(Query::new("by_plan").equal(plan))?;
    Ok(List::of(app.store.list::<Indicator>(query).await?, IndicatorItem::from))
}

/// One indicator.
#[utoipa::path(
    get,
    path = "/indicators/{indicator}",
    tag = "indicators",
    operation_id = "read_indicator",
    params(("indicator" = String, Path, description = "The indicator's id", format = Uuid)),
    responses((status = 200, description = "The indicator", body = IndicatorItem))
)]
pub(super) async fn read_indicator(
    State(app): State<App>,
    call: Call,
    Path(id): Path<IndicatorId>,
) -> Result<Response, ApiError> {
    let indicator = find::<Indicator>(&app.store, id).await?;
    visible_plan(&app.store, &call.ctx, indicator.plan).await?;
    Ok(versioned(&call, indicator.version, IndicatorItem::from(indicator)))
}

/// What was stated of an indicator, the newest first, corrected statements included.
#[utoipa::path(
    get,
    path = "/indicators/{indicator}/statements",
    tag = "indicators",
    operation_id = "list_statements",
    params(("indicator" = String, Path, description = "The indicator's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of statements", body = List<StatementItem>))
)]
pub(super) async fn list_statements(
    State(app): State<App>,
    call: Call,
    Path(id): Path<IndicatorId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<StatementItem>, ApiError> {
    let indicator = find::<Indicator>(&app.store, id).await?;
    visible_plan(&app.store, &call.ctx, indicator.plan).await?;
    let query = paging.apply(Query::new("by_indicator").equal(id).descending())?;
    Ok(List::of(app.store.list::<Statement>(query).await?, StatementItem::from))
}
