//! `/plans/{plan}/indicators`, `/indicators/{indicator}` and its statements.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, Command, List, Paging, versioned};
use hutong_kernel::{IndicatorId, PlanId, StatementId};
use hutong_store::Query;
use hutong_web::App;

use super::items::{IndicatorItem, StatementItem};
use super::requests::{Reason, Return, StatementRequest};
use super::{Answer, carry_out, find, visible_plan};
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
    visible_plan(&app, &call.ctx, plan).await?;
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
    let indicator = find::<Indicator>(&app, id).await?;
    visible_plan(&app, &call.ctx, indicator.plan).await?;
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
    let indicator = find::<Indicator>(&app, id).await?;
    visible_plan(&app, &call.ctx, indicator.plan).await?;
    let query = paging.apply(Query::new("by_indicator").equal(id).descending())?;
    Ok(List::of(app.store.list::<Statement>(query).await?, StatementItem::from))
}

/// States a value, or corrects a statement. It counts once somebody else has checked it.
#[utoipa::path(
    post,
    path = "/indicators/{indicator}/statements",
    tag = "indicators",
    operation_id = "record_statement",
    params(("indicator" = String, Path, description = "The indicator's id", format = Uuid)),
    request_body = StatementRequest,
    responses((status = 201, description = "The statement", body = StatementItem))
)]
pub(super) async fn record_statement(
    State(app): State<App>,
    Path(id): Path<IndicatorId>,
    command: Command<StatementRequest>,
) -> Result<Response, ApiError> {
    let value = command.body.state_value()?;
    let reason = command.body.reason.clone().unwrap_or_else(|| value.source.clone());
    carry_out::<Statement, StatementItem, _>(&app, &command, Answer::Made("statements"), async |plans| {
        plans.record_statement(id, value, &reason).await
    })
    .await
}

/// Accepts a statement.
#[utoipa::path(
    post,
    path = "/statements/{statement}/check",
    tag = "indicators",
    operation_id = "check_statement",
    params(("statement" = String, Path, description = "The statement's id", format = Uuid)),
    request_body = Reason,
    responses((status = 200, description = "The statement as it is now", body = StatementItem))
)]
pub(super) async fn check_statement(
    State(app): State<App>,
    Path(id): Path<StatementId>,
    command: Command<Reason>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    carry_out::<Statement, StatementItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.check_statement(id, expected, &command.body.reason).await
    })
    .await
}

/// Gives a statement back with what is to be mended.
#[utoipa::path(
    post,
    path = "/statements/{statement}/return",
    tag = "indicators",
    operation_id = "return_statement",
    params(("statement" = String, Path, description = "The statement's id", format = Uuid)),
    request_body = Return,
    responses((status = 200, description = "The statement as it is now", body = StatementItem))
)]
pub(super) async fn return_statement(
    State(app): State<App>,
    Path(id): Path<StatementId>,
    command: Command<Return>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    carry_out::<Statement, StatementItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.return_statement(id, expected, &command.body.why, &command.body.why).await
    })
    .await
}
