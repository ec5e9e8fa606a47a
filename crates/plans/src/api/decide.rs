//! `/findings/{finding}/decision` and what a person adds: deciding on what was found.

use axum::extract::State;
use axum::response::Response;
use hutong_api::call::Path;
use hutong_api::{ApiError, ApiRefusal, Command};
use hutong_kernel::{FindingId, ReadingId};
use hutong_web::App;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::items::FindingItem;
use super::{Answer, carry_out};
use crate::reading::{Content, Finding};
use crate::services::FindingDecision;

/// A decision on a finding.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum DecisionRequest {
    /// Right as found.
    Accept {
        /// Which of several readings of a target, from 0.
        #[serde(default)]
        reading: Option<usize>,
        /// Why; the journal keeps it.
        reason: String,
    },
    /// Right with this content, in the shape that the finding has.
    Correct {
        /// The content.
        #[schema(value_type = Object)]
        content: Value,
        /// Why; the journal keeps it.
        reason: String,
    },
    /// Not a finding.
    Reject {
        /// Why; the journal keeps it.
        reason: String,
    },
    /// Nobody has decided.
    Reopen {
        /// Why; the journal keeps it.
        reason: String,
    },
    /// Is several things.
    Split {
        /// Each of them.
        #[schema(value_type = Vec<Object>)]
        parts: Vec<Value>,
        /// Why; the journal keeps it.
        reason: String,
    },
    /// Is one thing with these others.
    Merge {
        /// The others.
        #[schema(value_type = Vec<String>)]
        others: Vec<FindingId>,
        /// What they are together.
        #[schema(value_type = Object)]
        content: Value,
        /// Why; the journal keeps it.
        reason: String,
    },
}

/// Something that the reader of documents missed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Addition {
    /// What it says, in the shape of a finding's content.
    #[schema(value_type = Object)]
    content: Value,
    /// Why; the journal keeps it.
    reason: String,
}

fn content(value: &Value) -> Result<Content, ApiRefusal> {
    match serde_json::from_value(value.clone()) {
        Ok(content) => Ok(content),
        Err(error) => Err(ApiRefusal::WrongShape { what: format!("content: {error}") }),
    }
}

impl DecisionRequest {
    fn read(&self) -> Result<(FindingDecision, String), ApiRefusal> {
        Ok(match self {
            Self::Accept { reading, reason } => {
                (FindingDecision::Accept { reading: *reading }, reason.clone())
            }
            Self::Correct { content: body, reason } => {
                (FindingDecision::Correct { content: content(body)? }, reason.clone())
            }
            Self::Reject { reason } => {
                (FindingDecision::Reject { reason: Some(reason.clone()) }, reason.clone())
            }
            Self::Reopen { reason } => (FindingDecision::Reopen, reason.clone()),
            Self::Split { parts, reason } => {
                let parts = parts.iter().map(content).collect::<Result<_, _>>()?;
                (FindingDecision::Split { parts }, reason.clone())
            }
            Self::Merge { others, content: body, reason } => {
                (FindingDecision::Merge { others: others.clone(), content: content(body)? }, reason.clone())
            }
        })
    }
}

/// Decides on a finding.
#[utoipa::path(
    post,
    path = "/findings/{finding}/decision",
    tag = "readings",
    operation_id = "decide_finding",
    params(("finding" = String, Path, description = "The finding's id", format = Uuid)),
    request_body = DecisionRequest,
    responses((status = 200, description = "The finding as it is now", body = FindingItem))
)]
pub(super) async fn decide_finding(
    State(app): State<App>,
    Path(id): Path<FindingId>,
    command: Command<DecisionRequest>,
) -> Result<Response, ApiError> {
    let expected = Some(command.expected()?);
    let (decision, reason) = command.body.read()?;
    carry_out::<Finding, FindingItem, _>(&app, &command, Answer::Changed, async |plans| {
        plans.decide_finding(id, expected, decision, &reason).await
    })
    .await
}

/// Adds what the reader of documents missed.
#[utoipa::path(
    post,
    path = "/readings/{reading}/findings",
    tag = "readings",
    operation_id = "add_finding",
    params(("reading" = String, Path, description = "The reading's id", format = Uuid)),
    request_body = Addition,
    responses((status = 201, description = "The finding", body = FindingItem))
)]
pub(super) async fn add_finding(
    State(app): State<App>,
    Path(id): Path<ReadingId>,
    command: Command<Addition>,
) -> Result<Response, ApiError> {
    let content = content(&command.body.content)?;
    carry_out::<Finding, FindingItem, _>(&app, &command, Answer::Made("findings"), async |plans| {
        plans.add_finding(id, content, None, &command.body.reason).await
    })
    .await
}
