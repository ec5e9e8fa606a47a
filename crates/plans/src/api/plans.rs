//! `/plans`: what is in force, and what is public.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, Command, List, Paging, versioned};
use hutong_kernel::PlanId;
use hutong_store::Query;
use hutong_web::App;

use super::items::PlanItem;
use super::requests::{Reason, Release};
use super::{Answer, carry_out, services, visible_plan};
use crate::plan::Plan;

/// Plans that the caller sees, the newest period first.
#[utoipa::path(
    get,
    path = "/plans",
    tag = "plans",
    operation_id = "list_plans",
    params(Paging),
    responses((status = 200, description = "A page of plans", body = List<PlanItem>))
)]
pub(super) async fn list_plans(
    State(app): State<App>,
    call: Call,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<PlanItem>, ApiError> {
    let Query { after, limit, .. } = paging.apply(Query::all())?;
    Ok(List::of(services(&app, &call.ctx).plans(after, limit).await?, PlanItem::from))
}

/// One plan.
#[utoipa::path(
    get,
    path = "/plans/{plan}",
    tag = "plans",
    operation_id = "read_plan",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid)),
    responses((status = 200, description = "The plan", body = PlanItem))
)]
pub(super) async fn read_plan(
    State(app): State<App>,
    call: Call,
    Path(id): Path<PlanId>,
) -> Result<Response, ApiError> {
    let plan = visible_plan(&app, &call.ctx, id).await?;
    Ok(versioned(&call, plan.version, PlanItem::from(plan)))
}

/// Makes a plan public, or takes that back.
#[utoipa::path(
    post,
    path = "/plans/{plan}/release",
    tag = "plans",
    operation_id = "release_plan",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid)),
    request_body = Release,
    responses((status = 200, description = "The plan as it is now", body = PlanItem))
)]
pub(super) async fn release_plan(
    State(app): State<App>,
    Path(id): Path<PlanId>,
    command: Command<Release>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    let Release { released, reason } = command.body.clone();
    carry_out::<Plan, PlanItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.release(id, expected, released, &reason).await
    })
    .await
}

/// Takes a plan back. It stays readable for those who work on plans.
#[utoipa::path(
    post,
    path = "/plans/{plan}/withdrawal",
    tag = "plans",
    operation_id = "withdraw_plan",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid)),
    request_body = Reason,
    responses((status = 200, description = "The plan as it is now", body = PlanItem))
)]
pub(super) async fn withdraw_plan(
    State(app): State<App>,
    Path(id): Path<PlanId>,
    command: Command<Reason>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    carry_out::<Plan, PlanItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.withdraw(id, expected, &command.body.reason).await
    })
    .await
}
