//! `/plans/{plan}/tasks`, `/tasks/{task}` and its reports.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, Command, List, Paging, versioned};
use hutong_kernel::{PlanId, ReportId, TaskId};
use hutong_store::Query;
use hutong_web::App;

use super::items::{ReportItem, TaskItem};
use super::requests::{Reason, ReportRequest, Return, TaskEdit};
use super::{Answer, carry_out, find, visible_plan};
use crate::report_progress::ProgressReport;
use crate::task::{EditTask, Task};

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
    visible_plan(&app, &call.ctx, plan).await?;
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
    let task = find::<Task>(&app, id).await?;
    visible_plan(&app, &call.ctx, task.plan).await?;
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
    let task = find::<Task>(&app, id).await?;
    visible_plan(&app, &call.ctx, task.plan).await?;
    let query = paging.apply(Query::new("by_task").equal(id).descending())?;
    Ok(List::of(app.store.list::<ProgressReport>(query).await?, ReportItem::from))
}

/// Changes a task.
#[utoipa::path(
    patch,
    path = "/tasks/{task}",
    tag = "tasks",
    operation_id = "edit_task",
    params(("task" = String, Path, description = "The task's id", format = Uuid)),
    request_body = TaskEdit,
    responses((status = 200, description = "The task as it is now", body = TaskItem))
)]
pub(super) async fn edit_task(
    State(app): State<App>,
    Path(id): Path<TaskId>,
    command: Command<TaskEdit>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    let TaskEdit { title, content, responsible, cooperating, deadline, weight, withdraw, reason } =
        command.body.clone();
    let edit =
        EditTask { title, content, responsible, cooperating, deadline, milestones: None, weight, withdraw };
    carry_out::<Task, TaskItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.edit_task(id, expected, edit, &reason).await
    })
    .await
}

/// Reports progress on a task. It counts once somebody else has checked it.
#[utoipa::path(
    post,
    path = "/tasks/{task}/reports",
    tag = "tasks",
    operation_id = "report_progress",
    params(("task" = String, Path, description = "The task's id", format = Uuid)),
    request_body = ReportRequest,
    responses((status = 201, description = "The report", body = ReportItem))
)]
pub(super) async fn report_progress(
    State(app): State<App>,
    Path(id): Path<TaskId>,
    command: Command<ReportRequest>,
) -> Result<Response, ApiError> {
    let report = command.body.report()?;
    let reason = report.narrative.chars().take(200).collect::<String>();
    carry_out::<ProgressReport, ReportItem, _>(&app, &command, Answer::Made("reports"), async |plans| {
        plans.report_progress(id, report, &reason).await
    })
    .await
}

/// Accepts a report.
#[utoipa::path(
    post,
    path = "/reports/{report}/check",
    tag = "tasks",
    operation_id = "check_report",
    params(("report" = String, Path, description = "The report's id", format = Uuid)),
    request_body = Reason,
    responses((status = 200, description = "The report as it is now", body = ReportItem))
)]
pub(super) async fn check_report(
    State(app): State<App>,
    Path(id): Path<ReportId>,
    command: Command<Reason>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    carry_out::<ProgressReport, ReportItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.check_report(id, expected, &command.body.reason).await
    })
    .await
}

/// Gives a report back with what is to be mended.
#[utoipa::path(
    post,
    path = "/reports/{report}/return",
    tag = "tasks",
    operation_id = "return_report",
    params(("report" = String, Path, description = "The report's id", format = Uuid)),
    request_body = Return,
    responses((status = 200, description = "The report as it is now", body = ReportItem))
)]
pub(super) async fn return_report(
    State(app): State<App>,
    Path(id): Path<ReportId>,
    command: Command<Return>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    carry_out::<ProgressReport, ReportItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.return_report(id, expected, &command.body.why, &command.body.why).await
    })
    .await
}
