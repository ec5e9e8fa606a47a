//! `/plans`: what is in force, and what is public.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, List, Paging, versioned};
use hutong_kernel::PlanId;
use hutong_store::Query;
use hutong_web::App;

use super::items::PlanItem;
use super::visible_plan;
use crate::plan::Plan;
use crate::see_plan::sees_unreleased;

/// Plans that the caller sees, the oldest first.
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
    let query = if sees_unreleased(&call.ctx) {
        Query::new("by_first_day")
    } else {
        Query::new("by_released").equal(true)
    };
    Ok(List::of(app.store.list::<Plan>(paging.apply(query)?).await?, PlanItem::from))
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
    let plan = visible_plan(&app.store, &call.ctx, id).await?;
    Ok(versioned(&call, plan.version, PlanItem::from(plan)))
}
