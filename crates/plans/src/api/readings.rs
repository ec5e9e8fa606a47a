//! `/readings`: documents that were handed in, and what was found in them.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, Call, List, Paging, versioned};
use hutong_kernel::ReadingId;
use hutong_kernel::permission::Action;
use hutong_store::Query;
use hutong_web::App;

use super::find;
use super::items::{FindingItem, ReadingItem};
use crate::reading::{Finding, Reading};

/// Readings, the newest first.
#[utoipa::path(
    get,
    path = "/readings",
    tag = "readings",
    operation_id = "list_readings",
    params(Paging),
    responses((status = 200, description = "A page of readings", body = List<ReadingItem>))
)]
pub(super) async fn list_readings(
    State(app): State<App>,
    call: Call,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<ReadingItem>, ApiError> {
    call.require(Action::ReviewFindings)?;
    let query = paging.apply(Query::new("by_day").descending())?;
    Ok(List::of(app.store.list::<Reading>(query).await?, ReadingItem::from))
}

/// One reading.
#[utoipa::path(
    get,
    path = "/readings/{reading}",
    tag = "readings",
    operation_id = "read_reading",
    params(("reading" = String, Path, description = "The reading's id", format = Uuid)),
    responses((status = 200, description = "The reading", body = ReadingItem))
)]
pub(super) async fn read_reading(
    State(app): State<App>,
    call: Call,
    Path(id): Path<ReadingId>,
) -> Result<Response, ApiError> {
    call.require(Action::ReviewFindings)?;
    let reading = find::<Reading>(&app.store, id).await?;
    Ok(versioned(&call, reading.version, ReadingItem::from(reading)))
}

/// What was found in a document, in its order.
#[utoipa::path(
    get,
    path = "/readings/{reading}/findings",
    tag = "readings",
    operation_id = "list_findings",
    params(("reading" = String, Path, description = "The reading's id", format = Uuid), Paging),
    responses((status = 200, description = "A page of findings", body = List<FindingItem>))
)]
pub(super) async fn list_findings(
    State(app): State<App>,
    call: Call,
    Path(id): Path<ReadingId>,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<FindingItem>, ApiError> {
    call.require(Action::ReviewFindings)?;
    find::<Reading>(&app.store, id).await?;
    let query = paging.apply(Query::new("by_reading").equal(id))?;
    Ok(List::of(app.store.list::<Finding>(query).await?, FindingItem::from))
}
