//! `/session`: signing in and out, and who one is.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use hutong_api::{ApiError, Call, Command, OpenApiRouter, Problem, routes};
use hutong_kernel::{Principal, Refusal};
use hutong_web::{App, PageError, Visit, session, sign_in};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// The resource.
pub(super) fn resource() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_session, begin_session, end_session))
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "user_name": "li.lei", "password": "correct horse battery staple" }))]
struct SignIn {
    /// As it was registered.
    user_name: String,
    /// In clear; the answer sets a cookie, and neither is kept anywhere.
    password: String,
}

/// Who one is.
#[derive(Serialize, ToSchema)]
struct Me {
    /// The person's id; null for somebody who did not sign in.
    person: Option<String>,
    /// Their name as the journal keeps it.
    name: Option<String>,
    /// The body they act for.
    organisation: Option<String>,
    /// Names of their roles, as on the page of permissions.
    roles: Vec<String>,
}

/// The password is a first one.
#[derive(Debug, Error)]
#[error("the first password must be changed on the pages")]
struct FirstPassword;

impl Refusal for FirstPassword {
    fn code(&self) -> &'static str {
        "session.first_password"
    }
    fn status(&self) -> u16 {
        403
    }
}

/// Who one is.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    operation_id = "read_session",
    responses((status = 200, description = "Who one is", body = Me))
)]
async fn read_session(call: Call) -> Json<Me> {
    let principal = &call.ctx.principal;
    let name = match principal {
        Principal::Person { name, .. } => Some(name.clone()),
        Principal::Visitor | Principal::System { .. } => None,
    };
    Json(Me {
        person: principal.person().map(|id| id.to_string()),
        name,
        organisation: principal.organisation().map(|id| id.to_string()),
        roles: principal.roles().iter().map(|role| role.name().to_owned()).collect(),
    })
}

/// Signs in; the cookie of the answer is the session.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    operation_id = "begin_session",
    request_body = SignIn,
    responses(
        (status = 204, description = "Signed in", headers(("set-cookie" = String, description = "The session"))),
        (status = 403, description = "Name or password is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Locked after failures", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn begin_session(
    State(app): State<App>,
    visit: Visit,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    command: Command<SignIn>,
) -> Result<Response, ApiError> {
    let peer = peer.map(|Extension(ConnectInfo(address))| address.ip());
    let SignIn { user_name, password } = &command.body;
    let (person, must_change) = sign_in::check_name_and_password(&visit, &headers, peer, user_name, password)
        .await
        .map_err(as_api)??;
    if must_change {
        return Err(FirstPassword.into());
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    session::start(&app, &headers, person, false, command.ctx.now, &mut response).await.map_err(as_api)?;
    Ok(response)
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    operation_id = "end_session",
    responses((status = 204, description = "Signed out, or was not signed in"))
)]
async fn end_session(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut response = StatusCode::NO_CONTENT.into_response();
    session::end(&app, &headers, Some(&mut response)).await.map_err(as_api)?;
    Ok(response)
}

fn as_api(error: PageError) -> ApiError {
    match error {
        PageError::Refused(refusal) => ApiError::Refused(refusal),
        PageError::Fault(cause) => ApiError::Fault(cause),
    }
}
