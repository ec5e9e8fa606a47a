//! `/organisations`, `/journal` and `/records/{kind}/{id}`: the spine's own resources, to be read.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hutong_api::call::{Parameters, Path};
use hutong_api::list::{ITEMS_DEFAULT, ITEMS_MAX};
use hutong_api::{ApiError, ApiRefusal, Call, List, OpenApiRouter, Paging, routes, versioned};
use hutong_kernel::{Action, Organisation, OrganisationId, Principal};
use hutong_store::{JournalEntry, JournalQuery, Query, Stored};
use hutong_web::App;
use hutong_web::state::LedgerDoorError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::spine::record::may_see;

/// The spine's resources.
pub(super) fn resources() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_organisations))
        .routes(routes!(read_organisation))
        .routes(routes!(list_journal))
        .routes(routes!(list_versions))
        .routes(routes!(read_proof))
}

/// A body that can be responsible for something.
#[derive(Debug, Serialize, ToSchema)]
struct OrganisationItem {
    /// Identity through all its changes.
    id: String,
    /// Version of the record.
    version: u64,
    /// Name as documents write it.
    name: String,
    /// English name.
    name_en: String,
    /// Other names that documents use for it.
    aliases: Vec<String>,
    /// `department`, `street`, `park_committee`, `institution`, `company`, `party_body` or `branch`.
    #[schema(value_type = String)]
    class: Value,
    /// The body it belongs to.
    parent: Option<String>,
    /// First day it exists.
    valid_from: String,
    /// Last day it exists; null while it does.
    valid_to: Option<String>,
    /// The bodies it was made from.
    predecessors: Vec<String>,
}

impl From<Stored<Organisation>> for OrganisationItem {
    fn from(stored: Stored<Organisation>) -> Self {
        let version = stored.version.0;
        let it = stored.record;
        Self {
            id: it.id.to_string(),
            version,
            name: it.name,
            name_en: it.name_en,
            aliases: it.aliases,
            class: serde_json::to_value(it.class).unwrap_or_default(),
            parent: it.parent.map(|id| id.to_string()),
            valid_from: it.valid_from.to_string(),
            valid_to: it.valid_to.map(|day| day.to_string()),
            predecessors: it.predecessors.iter().map(ToString::to_string).collect(),
        }
    }
}

/// All bodies, those that ended included.
#[utoipa::path(
    get,
    path = "/organisations",
    tag = "organisations",
    operation_id = "list_organisations",
    params(Paging),
    responses((status = 200, description = "A page of bodies", body = List<OrganisationItem>))
)]
async fn list_organisations(
    State(app): State<App>,
    call: Call,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<OrganisationItem>, ApiError> {
    call.require(Action::ViewOrganisations)?;
    let page = app.store.list::<Organisation>(paging.apply(Query::all())?).await?;
    Ok(List::of(page, OrganisationItem::from))
}

/// One body.
#[utoipa::path(
    get,
    path = "/organisations/{organisation}",
    tag = "organisations",
    operation_id = "read_organisation",
    params(("organisation" = String, Path, description = "The body's id", format = Uuid)),
    responses((status = 200, description = "The body", body = OrganisationItem))
)]
async fn read_organisation(
    State(app): State<App>,
    call: Call,
    Path(id): Path<OrganisationId>,
) -> Result<Response, ApiError> {
    call.require(Action::ViewOrganisations)?;
    let organisation = app.store.get::<Organisation>(id).await?.ok_or_else(ApiError::not_found)?;
    Ok(versioned(&call, organisation.version, OrganisationItem::from(organisation)))
}

/// One change of one record.
#[derive(Debug, Serialize, ToSchema)]
struct EntryItem {
    /// Place in the journal; the ledger's leaf index is one less.
    seq: u64,
    /// Kind of the record.
    kind: String,
    /// The record.
    id: String,
    /// The version that was made.
    version: u64,
    /// When.
    at: String,
    /// Who: a person's name, a job's name, or null for a visitor.
    who: Option<String>,
    /// Why.
    reason: String,
    /// The request in which it was done.
    request_id: String,
    /// What the ledger committed to, lower-case hex.
    commitment: String,
    /// The whole record after the change.
    #[schema(value_type = Object)]
    body: Value,
}

impl From<JournalEntry> for EntryItem {
    fn from(entry: JournalEntry) -> Self {
        Self {
            seq: entry.seq,
            kind: entry.kind,
            id: entry.id.to_string(),
            version: entry.version.0,
            at: entry.at.to_string(),
            who: match entry.principal {
                Principal::Person { name, .. } => Some(name),
                Principal::System { job } => Some(job),
                Principal::Visitor => None,
            },
            reason: entry.reason,
            request_id: entry.request_id,
            commitment: entry.commitment.iter().map(|byte| format!("{byte:02x}")).collect(),
            body: entry.body,
        }
    }
}

/// Which part of the journal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct JournalPage {
    /// Entries before this place; without it, the newest.
    #[serde(default)]
    before: Option<u64>,
    /// Entries on the page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Entries of this kind of record only.
    #[serde(default)]
    kind: Option<String>,
}

impl JournalPage {
    fn limit(&self) -> Result<usize, ApiRefusal> {
        let limit = self.limit.unwrap_or(ITEMS_DEFAULT);
        if (1..=ITEMS_MAX).contains(&limit) {
            Ok(usize::from(limit))
        } else {
            Err(ApiRefusal::Parameter { what: format!("limit is {limit}, from 1 to {ITEMS_MAX} are served") })
        }
    }
}

/// The journal, the newest entry first. The next page begins `before` the last `seq` of this one.
#[utoipa::path(
    get,
    path = "/journal",
    tag = "journal",
    operation_id = "list_journal",
    params(JournalPage),
    responses((status = 200, description = "A page of entries", body = List<EntryItem>))
)]
async fn list_journal(
    State(app): State<App>,
    call: Call,
    Parameters(page): Parameters<JournalPage>,
) -> Result<List<EntryItem>, ApiError> {
    call.require(Action::ViewJournal)?;
    let query = JournalQuery {
        before: page.before,
        kind: page.kind.clone(),
        limit: page.limit()?,
        ..JournalQuery::default()
    };
    let entries = app.store.journal(query).await?;
    Ok(List::whole(entries.into_iter().map(EntryItem::from).collect()))
}

/// All versions of a record, the oldest first, at most 200.
#[utoipa::path(
    get,
    path = "/records/{kind}/{id}/versions",
    tag = "journal",
    operation_id = "list_versions",
    params(
        ("kind" = String, Path, description = "Kind of the record, e.g. `task`"),
        ("id" = String, Path, description = "The record's id", format = Uuid)
    ),
    responses((status = 200, description = "Its history", body = List<EntryItem>))
)]
async fn list_versions(
    State(app): State<App>,
    call: Call,
    Path((kind, id)): Path<(String, Uuid)>,
) -> Result<List<EntryItem>, ApiError> {
    let entries = visible_history(&app, &call, &kind, id).await?;
    Ok(List::whole(entries.into_iter().map(EntryItem::from).collect()))
}

async fn visible_history(
    app: &App,
    call: &Call,
    kind: &str,
    id: Uuid,
) -> Result<Vec<JournalEntry>, ApiError> {
    call.require(Action::ViewHistory)?;
    let known = app.store.kinds().any(|it| it.kind() == kind);
    if !known {
        return Err(ApiError::not_found());
    }
    let entries = app.store.history(kind, id, None, usize::from(ITEMS_MAX)).await?;
    let newest = entries.iter().max_by_key(|it| it.version).ok_or_else(ApiError::not_found)?;
    may_see(&call.ctx, kind, &newest.body)?;
    Ok(entries)
}

/// The proof that a version stands in the ledger: `c2sp.org/tlog-proof@v1`, to be checked offline.
#[utoipa::path(
    get,
    path = "/records/{kind}/{id}/versions/{version}/proof",
    tag = "journal",
    operation_id = "read_proof",
    params(
        ("kind" = String, Path, description = "Kind of the record, e.g. `task`"),
        ("id" = String, Path, description = "The record's id", format = Uuid),
        ("version" = u64, Path, description = "The version, from 1")
    ),
    responses((status = 200, description = "The proof file", body = String, content_type = "text/plain"))
)]
async fn read_proof(
    State(app): State<App>,
    call: Call,
    Path((kind, id, version)): Path<(String, Uuid, u64)>,
) -> Result<Response, ApiError> {
    let entries = visible_history(&app, &call, &kind, id).await?;
    let entry = entries.iter().find(|it| it.version.0 == version).ok_or_else(ApiError::not_found)?;
    let ledger = app.ledger.as_ref().ok_or_else(ApiError::not_found)?;
    let text = ledger.prove(entry.seq).await.map_err(|error| match error {
        LedgerDoorError::Refused(refusal) => ApiError::Refused(refusal),
        LedgerDoorError::Fault(cause) => ApiError::Fault(cause),
    })?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
