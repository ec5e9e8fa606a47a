//! `/plans/{plan}/lights`: where everything of a plan stands.

use axum::extract::State;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, List, Paging};
use hutong_kernel::PlanId;
use hutong_store::Query;
use hutong_web::App;

use super::items::LightItem;
use super::visible_plan;
use crate::light::Light;

/// The lights of a plan's tasks and indicators, by state.
#[utoipa::path(
    get,
    path = "/plans/{plan}/lights",
    tag = "plans",
    operation_id = "list_lights",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of lights", body = List<LightItem>))
)]
pub(super) async fn list_lights(
    State(app): State<App>,
    call: Call,
    Path(plan): Path<PlanId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<LightItem>, ApiError> {
    visible_plan(&app, &call.ctx, plan).await?;
    let query = paging.apply(Query::new("by_plan").equal(plan))?;
    Ok(List::of(app.store.list::<Light>(query).await?, LightItem::from))
}
