//! `/plans/{plan}/systems` and `/systems/{system}`: the register of platforms that plans name.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, List, Paging, versioned};
use hutong_kernel::{PlanId, SystemId};
use hutong_store::Query;
use hutong_web::App;

use super::items::SystemItem;
use super::{find, visible_plan};
use crate::system::PlannedSystem;

/// The systems that a plan names, by name.
#[utoipa::path(
    get,
    path = "/plans/{plan}/systems",
    tag = "systems",
    operation_id = "list_systems",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of systems", body = List<SystemItem>))
)]
pub(super) async fn list_systems(
    State(app): State<App>,
    call: Call,
    Path(plan): Path<PlanId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<SystemItem>, ApiError> {
    visible_plan(&app.store, &call.ctx, plan).await?;
    let query = paging.apply(Query::new("by_plan").equal(plan))?;
    Ok(List::of(app.store.list::<PlannedSystem>(query).await?, SystemItem::from))
}

/// One system.
#[utoipa::path(
    get,
    path = "/systems/{system}",
    tag = "systems",
    operation_id = "read_system",
    params(("system" = String, Path, description = "The system's id", format = Uuid)),
    responses((status = 200, description = "The system", body = SystemItem))
)]
pub(super) async fn read_system(
    State(app): State<App>,
    call: Call,
    Path(id): Path<SystemId>,
) -> Result<Response, ApiError> {
    let system = find::<PlannedSystem>(&app.store, id).await?;
    visible_plan(&app.store, &call.ctx, system.plan).await?;
    Ok(versioned(&call, system.version, SystemItem::from(system)))
}
