//! `/readings`: documents that were handed in, and what was found in them.

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use hutong_api::call::{Parameters, Path};
use hutong_api::{ApiError, ApiRefusal, Call, Command, List, Paging, ROOT, created, versioned};
use hutong_kernel::ReadingId;
use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::permission::Action;
use hutong_store::Query;
use hutong_web::App;
use serde::Deserialize;
use utoipa::IntoParams;

use super::items::{FindingItem, PlanItem, ReadingItem};
use super::requests::Adoption;
use super::{Answer, carry_out, find, services};
use crate::match_bodies::{BodyChoice, BodyChoices};
use crate::plan::Plan;
use crate::reading::{Finding, Reading};
use crate::services::AdoptRequest;

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
    let reading = find::<Reading>(&app, id).await?;
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
    find::<Reading>(&app, id).await?;
    let query = paging.apply(Query::new("by_reading").equal(id))?;
    Ok(List::of(app.store.list::<Finding>(query).await?, FindingItem::from))
}

/// How a document is handed in.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HandIn {
    /// Name of the file; its ending helps where the bytes do not tell.
    file_name: String,
    /// Why; the journal keeps it.
    reason: String,
}

/// Hands a document in and has it read. The body is the file itself.
///
/// The same file again leads to its open reading, so that the request may be repeated.
#[utoipa::path(
    post,
    path = "/readings",
    tag = "readings",
    operation_id = "receive_document",
    params(HandIn),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "What was found", body = ReadingItem))
)]
pub(super) async fn receive_document(
    State(app): State<App>,
    Parameters(hand_in): Parameters<HandIn>,
    call: Call,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    // Forms of foreign pages can send text and form data, but not this type without being asked first.
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !media_type.eq_ignore_ascii_case("application/octet-stream") {
        return Err(ApiRefusal::WrongShape { what: "the body is application/octet-stream".to_owned() }.into());
    }
    let plans = services(&app, &call.ctx);
    plans.may(Action::ImportDocument)?;
    let limit_bytes = app.limits.upload_bytes_max;
    let bytes =
        to_bytes(body, limit_bytes).await.map_err(|_too_long_or_cut| ApiRefusal::TooLarge { limit_bytes })?;
    let reading = plans.receive_document(&hand_in.file_name, bytes.to_vec(), &hand_in.reason).await?;
    let (id, version) = (reading.id, reading.version);
    Ok(created(&format!("{ROOT}/readings/{id}"), version, true, ReadingItem::from(reading)))
}

/// The document's plain text; places count its characters.
#[utoipa::path(
    get,
    path = "/readings/{reading}/text",
    tag = "readings",
    operation_id = "read_text",
    params(("reading" = String, Path, description = "The reading's id", format = Uuid)),
    responses((status = 200, description = "The text", body = String, content_type = "text/plain"))
)]
pub(super) async fn read_text(
    State(app): State<App>,
    call: Call,
    Path(id): Path<ReadingId>,
) -> Result<Response, ApiError> {
    let view = services(&app, &call.ctx).reading(id).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], view.text).into_response())
}

/// Adopts a reviewed reading: plan, indicators, tasks, systems and results in one change.
#[utoipa::path(
    post,
    path = "/readings/{reading}/adoption",
    tag = "readings",
    operation_id = "adopt_plan",
    params(("reading" = String, Path, description = "The reading's id", format = Uuid)),
    request_body = Adoption,
    responses((status = 201, description = "The plan", body = PlanItem))
)]
pub(super) async fn adopt(
    State(app): State<App>,
    Path(id): Path<ReadingId>,
    command: Command<Adoption>,
) -> Result<Response, ApiError> {
    let request = adopt_request(&command.body)?;
    carry_out::<Plan, PlanItem, _>(&app, &command, Answer::Made("plans"), async |plans| {
        plans.adopt(id, request, &command.body.reason).await
    })
    .await
}

fn adopt_request(body: &Adoption) -> Result<AdoptRequest, ApiRefusal> {
    let mut bodies = BodyChoices::new();
    for (name, choice) in &body.bodies {
        let choice = match choice.as_str() {
            "create" => BodyChoice::Create { class: OrganisationClass::Department },
            id => match id.parse() {
                Ok(body) => BodyChoice::Existing { body },
                Err(error) => return Err(ApiRefusal::WrongShape { what: format!("bodies.{name}: {error}") }),
            },
        };
        bodies.insert(name.clone(), choice);
    }
    Ok(AdoptRequest {
        first_day: body.first_day,
        last_day: body.last_day,
        keeper: body.keeper,
        bodies,
        released: body.released,
        imported_copy: body.imported_copy,
        supersedes: body.supersedes,
    })
}
