//! The JSON API of plans.
//!
//! | resource | file |
//! |---|---|
//! | plans | [`plans`] |
//! | indicators and their statements | [`indicators`] |
//! | tasks and reports of progress | [`tasks`] |
//! | lights | [`lights`] |
//! | planned systems | [`systems`] |
//! | readings and findings | [`readings`] |
//!
//! Reading needs nothing but the store; every change goes through [`crate::services`], as the pages do.

pub mod indicators;
pub mod items;
pub mod lights;
pub mod plans;
pub mod readings;
pub mod systems;
pub mod tasks;

use hutong_api::{ApiError, OpenApiRouter, routes};
use hutong_kernel::{OpContext, PlanId};
use hutong_store::{Record, Store, Stored};
use hutong_web::App;

use crate::plan::Plan;
use crate::see_plan::sees_plan;

/// All resources; paths begin below the API's root.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(plans::list_plans))
        .routes(routes!(plans::read_plan))
        .routes(routes!(indicators::list_indicators))
        .routes(routes!(indicators::read_indicator))
        .routes(routes!(indicators::list_statements))
        .routes(routes!(tasks::list_tasks))
        .routes(routes!(tasks::read_task))
        .routes(routes!(tasks::list_reports))
        .routes(routes!(lights::list_lights))
        .routes(routes!(systems::list_systems))
        .routes(routes!(systems::read_system))
        .routes(routes!(readings::list_readings))
        .routes(routes!(readings::read_reading))
        .routes(routes!(readings::list_findings))
}

/// A record, or the same “not found” for one that is not there and one that the caller may not know of.
async fn find<R: Record>(store: &Store, id: R::Id) -> Result<Stored<R>, ApiError> {
    store.get::<R>(id).await?.ok_or_else(ApiError::not_found)
}

/// A plan that the caller sees.
async fn visible_plan(store: &Store, ctx: &OpContext, id: PlanId) -> Result<Stored<Plan>, ApiError> {
    let plan = find::<Plan>(store, id).await?;
    if sees_plan(ctx, &plan) { Ok(plan) } else { Err(ApiError::not_found()) }
}
