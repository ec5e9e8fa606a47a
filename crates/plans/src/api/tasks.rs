//! `/plans/{plan}/tasks`, `/tasks/{task}` and its reports.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, List, Paging, versioned};
use hutong_kernel::{PlanId, TaskId};
use hutong_store::Query;
use hutong_web::App;

use super::items::{ReportItem, TaskItem};
use super::{find, visible_plan};
use crate::report_progress::ProgressReport;
use crate::task::Task;

/// A plan's tasks in its order.
#[utoipa::path(
    get,
    path = "/plans/{plan}/tasks",
    tag = "tasks",
    operation_id = "list_tasks",
    params(("plan" = String, Path, description = "The plan's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of tasks", body = List<TaskItem>))
)]
pub(super) async fn list_tasks(
    State(app): State<App>,
    call: Call,
    Path(plan): Path<PlanId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<TaskItem>, ApiError> {
    visible_plan(&app.store, &call.ctx, plan).await?;
    let query = paging.apply(Query::new("by_plan").equal(plan))?;
    Ok(List::of(app.store.list::<Task>(query).await?, TaskItem::from))
}

/// One task.
#[utoipa::path(
    get,
    path = "/tasks/{task}",
    tag = "tasks",
    operation_id = "read_task",
    params(("task" = String, Path, description = "The task's id", format = Uuid)),
    responses((status = 200, description = "The task", body = TaskItem))
)]
pub(super) async fn read_task(
    State(app): State<App>,
    call: Call,
    Path(id): Path<TaskId>,
) -> Result<Response, ApiError> {
    let task = find::<Task>(&app.store, id).await?;
    visible_plan(&app.store, &call.ctx, task.plan).await?;
    Ok(versioned(&call, task.version, TaskItem::from(task)))
}

/// What was reported on a task, the newest first, returned reports included.
#[utoipa::path(
    get,
    path = "/tasks/{task}/reports",
    tag = "tasks",
    operation_id = "list_reports",
    params(("task" = String, Path, description = "The task's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of reports", body = List<ReportItem>))
)]
pub(super) async fn list_reports(
    State(app): State<App>,
    call: Call,
    Path(id): Path<TaskId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<ReportItem>, ApiError> {
    let task = find::<Task>(&app.store, id).await?;
    visible_plan(&app.store, &call.ctx, task.plan).await?;
    let query = paging.apply(Query::new("by_task").equal(id).descending())?;
    Ok(List::of(app.store.list::<ProgressReport>(query).await?, ReportItem::from))
}
