//! The JSON API of plans.
//!
//! | resource | file |
//! |---|---|
//! | plans | [`plans`] |
//! | indicators and their statements | [`indicators`] |
//! | tasks and reports of progress | [`tasks`] |
//! | lights | [`lights`] |
//! | planned systems | [`systems`] |
//! | readings and findings | [`readings`], [`decide`] |
//!
//! Everything goes through [`crate::services`], as the pages do. A change names its reason, the version that it was
//! made for (`If-Match`) and, if it may be sent twice, an `Idempotency-Key`.

pub mod decide;
pub mod indicators;
pub mod items;
pub mod lights;
pub mod plans;
pub mod readings;
pub mod requests;
pub mod systems;
pub mod tasks;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hutong_api::{ApiError, Command, OpenApiRouter, ROOT, created, etag, routes};
use hutong_kernel::{Id, OpContext, PlanId};
use hutong_store::{Record, Stored, Version};
use hutong_web::App;
use serde::Serialize;

use crate::plan::Plan;
use crate::services::{Plans, ServiceError};

/// All resources; paths begin below the API's root.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(plans::list_plans))
        .routes(routes!(plans::read_plan))
        .routes(routes!(plans::release_plan))
        .routes(routes!(plans::withdraw_plan))
        .routes(routes!(indicators::list_indicators))
        .routes(routes!(indicators::read_indicator))
        .routes(routes!(indicators::list_statements, indicators::record_statement))
        .routes(routes!(indicators::check_statement))
        .routes(routes!(indicators::return_statement))
        .routes(routes!(tasks::list_tasks))
        .routes(routes!(tasks::read_task, tasks::edit_task))
        .routes(routes!(tasks::list_reports, tasks::report_progress))
        .routes(routes!(tasks::check_report))
        .routes(routes!(tasks::return_report))
        .routes(routes!(lights::list_lights))
        .routes(routes!(systems::list_systems))
        .routes(routes!(systems::read_system, systems::edit_system))
        .routes(routes!(readings::list_readings, readings::receive_document))
        .routes(routes!(readings::read_reading))
        .routes(routes!(readings::read_text))
        .routes(routes!(readings::adopt))
        .routes(routes!(readings::list_findings, decide::add_finding))
        .routes(routes!(decide::decide_finding))
}

/// Plans for one request.
fn services<'a>(app: &'a App, ctx: &'a OpContext) -> Plans<'a> {
    Plans::new(&app.store, &app.calendar, ctx)
}

/// A record, or the same “not found” for one that is not there and one that the caller may not know of.
async fn find<R: Record>(app: &App, id: R::Id) -> Result<Stored<R>, ApiError> {
    app.store.get::<R>(id).await?.ok_or_else(ApiError::not_found)
}

/// A plan that the caller sees.
async fn visible_plan(app: &App, ctx: &OpContext, id: PlanId) -> Result<Stored<Plan>, ApiError> {
    Ok(services(app, ctx).plan(id).await?)
}

/// What a change answers with.
#[derive(Clone, Copy)]
enum Answer {
    /// 201 with the place of the new thing below this collection.
    Made(&'static str),
    /// 200 with the thing as it is now.
    Changed,
}

/// Carries a change out once; the same request with the same idempotency key gets the same thing again.
async fn carry_out<R, I, T>(
    app: &App,
    command: &Command<T>,
    answer: Answer,
    run: impl AsyncFnOnce(Plans<'_>) -> Result<Stored<R>, ServiceError>,
) -> Result<Response, ApiError>
where
    R: Record,
    I: From<Stored<R>> + Serialize,
{
    let written = app.store.replay(&command.ctx, command.digest).await?;
    let written = written.into_iter().flatten().find(|receipt| receipt.kind == R::KIND);
    let (stored, first_time) = match written {
        Some(receipt) => (find::<R>(app, R::Id::from_uuid(receipt.id)).await?, false),
        None => (run(services(app, &command.ctx).with_request(command.digest)).await?, true),
    };
    let (id, version) = (stored.record.id(), stored.version);
    let item = I::from(stored);
    Ok(match answer {
        Answer::Made(collection) => created(&format!("{ROOT}/{collection}/{id}"), version, first_time, item),
        Answer::Changed => changed(version, first_time, item),
    })
}

fn changed(version: Version, first_time: bool, body: impl Serialize) -> Response {
    let mut response = (StatusCode::OK, [(header::ETAG, etag::tag(version))], Json(body)).into_response();
    if !first_time {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}
