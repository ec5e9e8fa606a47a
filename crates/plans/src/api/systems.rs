//! `/plans/{plan}/systems` and `/systems/{system}`: the register of platforms that plans name.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, ApiRefusal, Call, Command, List, Paging, versioned};
use hutong_kernel::{PlanId, SystemId};
use hutong_store::Query;
use hutong_web::App;

use super::items::SystemItem;
use super::requests::SystemEdit;
use super::{Answer, carry_out, find, visible_plan};
use crate::system::{EditSystem, PlannedSystem, SystemStatus};

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
    visible_plan(&app, &call.ctx, plan).await?;
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
    let system = find::<PlannedSystem>(&app, id).await?;
    visible_plan(&app, &call.ctx, system.plan).await?;
    Ok(versioned(&call, system.version, SystemItem::from(system)))
}

/// Changes a system's entry.
#[utoipa::path(
    patch,
    path = "/systems/{system}",
    tag = "systems",
    operation_id = "edit_system",
    params(("system" = String, Path, description = "The system's id", format = Uuid)),
    request_body = SystemEdit,
    responses((status = 200, description = "The system as it is now", body = SystemItem))
)]
pub(super) async fn edit_system(
    State(app): State<App>,
    Path(id): Path<SystemId>,
    command: Command<SystemEdit>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    let SystemEdit { name, status, owner, reason } = command.body.clone();
    let status = match status {
        None => None,
        Some(name) => match SystemStatus::from_name(&name) {
            Some(status) => Some(status),
            None => return Err(ApiRefusal::WrongShape { what: format!("status {name:?}") }.into()),
        },
    };
    carry_out::<PlannedSystem, SystemItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.edit_system(id, expected, EditSystem { name, status, owner }, &reason).await
    })
    .await
}
