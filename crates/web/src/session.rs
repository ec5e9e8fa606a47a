//! Who is behind a request: the session cookie, read once, before anything else.
//!
//! A token is 256 random bits and lives in the cookie only; the store keeps its SHA-256. A session ends after
//! a time without requests and, used or not, after an absolute time; it ends at once when the person's
//! account or organisation does, because roles are read anew for each request.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hutong_kernel::{OpContext, Person, PersonId, Principal, Role, RoleGrant};
use hutong_store::operational::Session;
use hutong_store::{Query, StoreError};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::error::{self, PageError};
use crate::state::App;
use crate::visit::{Visit, cookie, set_cookie};

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;
/// A request prolongs the session only so often, so that reading does not write.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// Mark of a session whose person must change the password first.
const MUST_CHANGE: &str = "must_change";

/// The cookie's name; the prefix makes browsers refuse it from another host or over plain HTTP.
fn cookie_name(app: &App) -> &'static str {
    if app.https { "__Host-hutong_session" } else { "hutong_session" }
}

/// Puts [`OpContext`] and [`Visit`] into the request's extensions.
pub(crate) async fn identify(State(app): State<App>, request: Request, next: Next) -> Response {
    let now = app.clock.now();
    let request_id = new_request_id(now);
    let (mut parts, body) = request.into_parts();
    let found = signed_in(&app, &parts.headers, now).await;
    let (principal, fault, must_change) = match found {
        Ok(Some(found)) => (found.principal, None, found.must_change),
        Ok(None) => (Principal::Visitor, None, false),
        Err(error) => (Principal::Visitor, Some(error), false),
    };
    let ctx = OpContext {
        principal,
        request_id: request_id.clone(),
        now,
        today: app.district.date(now),
        idempotency_key: None,
    };
    let visit = Visit::new(app, ctx.clone(), &parts);
    let mut response = if let Some(error) = fault {
        let error = PageError::from(error);
        let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
        error::draw(&visit, &error, status, parts.method == Method::GET).await
    } else if must_change && !open_to_first_passwords(&visit.path) {
        Redirect::to("/password").into_response()
    } else {
        parts.extensions.insert(ctx);
        parts.extensions.insert(visit);
        next.run(Request::from_parts(parts, body)).await
    };
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// What somebody with a first password may still reach.
fn open_to_first_passwords(path: &str) -> bool {
    matches!(path, "/password" | "/sign-out" | "/healthz")
        || ["/assets/", "/language/", "/theme/"].iter().any(|prefix| path.starts_with(prefix))
}

struct Found {
    principal: Principal,
    must_change: bool,
}

async fn signed_in(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Found>, StoreError> {
    let Some(token) = cookie(headers, cookie_name(app)) else { return Ok(None) };
    let token_hash = hash_token(token);
    let operational = app.store.operational();
    let Some(session) = operational.session(token_hash, now).await? else { return Ok(None) };
    let today = app.district.date(now);
    let Some(principal) = principal_of(app, session.person, today).await? else { return Ok(None) };
    if TOUCH_EVERY <= now.duration_since(session.seen_at) {
        operational.touch_session(token_hash, now, expiry(app, session.created_at, now)).await?;
    }
    Ok(Some(Found { principal, must_change: session.data == MUST_CHANGE }))
}

/// The person with the roles they hold on `today`; `None` when they may not sign in on that day.
pub(crate) async fn principal_of(
    app: &App,
    id: PersonId,
    today: Date,
) -> Result<Option<Principal>, StoreError> {
    let Some(person) = app.store.get::<Person>(id).await? else { return Ok(None) };
    if !person.active_on(today) {
        return Ok(None);
    }
    let roles = roles_of(app, id, today).await?;
    let Person { name, organisation, .. } = person.record;
    Ok(Some(Principal::Person { id, name, organisation, roles }))
}

/// The roles that somebody holds on `today`, in the order of the printed table.
pub(crate) async fn roles_of(app: &App, id: PersonId, today: Date) -> Result<Vec<Role>, StoreError> {
    let grants = app.store.all::<RoleGrant>(Query::new("by_person").equal(id)).await?;
    let mut roles: Vec<Role> =
        grants.iter().filter(|grant| grant.holds_on(today)).map(|grant| grant.role).collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

/// Starts a session and sets its cookie; a session that the browser had before ends.
///
/// # Errors
/// Faults of the store or of the source of randomness.
pub async fn start(
    app: &App,
    headers: &HeaderMap,
    person: PersonId,
    must_change: bool,
    now: Timestamp,
    response: &mut Response,
) -> Result<(), PageError> {
    end(app, headers, None).await?;
    let mut bytes = [0_u8; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| PageError::fault(format!("no randomness: {error}")))?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let session = Session {
        token_hash: hash_token(&token),
        person,
        created_at: now,
        seen_at: now,
        expires_at: expiry(app, now, now),
        data: if must_change { MUST_CHANGE.to_owned() } else { String::new() },
    };
    let operational = app.store.operational();
    operational.delete_expired_sessions(now).await?;
    operational.create_session(session).await?;
    let secure = if app.https { "; Secure" } else { "" };
    let name = cookie_name(app);
    let max_age = app.limits.session_absolute.as_secs();
    set_cookie(
        response,
        &format!("{name}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"),
    );
    Ok(())
}

/// Ends the browser's session, if it has one, and takes its cookie away when there is an answer to put it on.
///
/// # Errors
/// Faults of the store.
pub async fn end(app: &App, headers: &HeaderMap, response: Option<&mut Response>) -> Result<(), PageError> {
    let name = cookie_name(app);
    if let Some(token) = cookie(headers, name) {
        app.store.operational().delete_session(hash_token(token)).await?;
    }
    if let Some(response) = response {
        let secure = if app.https { "; Secure" } else { "" };
        set_cookie(response, &format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"));
    }
    Ok(())
}

/// Reads something from the store, for the health page.
pub(crate) async fn check_store(app: &App) -> Result<(), PageError> {
    app.store.operational().follower_position("healthz").await?;
    Ok(())
}

fn expiry(app: &App, created_at: Timestamp, now: Timestamp) -> Timestamp {
    let idle = now.saturating_add(app.limits.session_idle).unwrap_or(Timestamp::MAX);
    let absolute = created_at.saturating_add(app.limits.session_absolute).unwrap_or(Timestamp::MAX);
    idle.min(absolute)
}

fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Number of a request: the milliseconds and 40 random bits, in hexadecimal, so that numbers sort by time.
fn new_request_id(now: Timestamp) -> String {
    let mut random = [0_u8; 5];
    // Without randomness the number is still good enough to find the log line.
    if getrandom::fill(&mut random).is_err() {
        random = [0; 5];
    }
    let mut id = format!("{:011x}-", now.as_millisecond());
    for byte in random {
        id.push_str(&format!("{byte:02x}"));
    }
    id
}
