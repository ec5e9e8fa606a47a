//! Signing in, signing out, changing the password.
//!
//! A refused sign-in says the same whether the account exists or not, takes the same work, and locks the typed
//! name and the address for a growing time.

use axum::extract::{ConnectInfo, Form, Query as UrlQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use hutong_kernel::refusal::Refusal;
use hutong_kernel::{Organisation, Person, PersonId, Principal, Role};
use hutong_store::operational::{Credential, LockRule, Operational};
use hutong_store::{Query, Stored};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use thiserror::Error;

use crate::messages::Value;
use crate::page::PageHead;
use crate::password::{PASSWORD_CHARS_MIN, PasswordFault, check_strength};
use crate::session;
use crate::state::App;
use crate::ui::{self, Field, Icon, Problem, Tone};
use crate::visit::{Visit, local_path};
use crate::{PageError, Words};

/// Failures of one name that lock it.
const NAME_FAILURES_MAX: u32 = 5;
/// Failures from one address that lock it; an office shares an address.
const ADDRESS_FAILURES_MAX: u32 = 50;
/// Failures older than this do not count.
const FAILURE_WINDOW: SignedDuration = SignedDuration::from_mins(60);
/// Locks older than this do not lengthen the next.
const LOCK_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// The first lock; each further one lasts twice as long.
const FIRST_LOCK: SignedDuration = SignedDuration::from_mins(1);
/// The longest lock.
const LONGEST_LOCK: SignedDuration = SignedDuration::from_mins(60);
/// Longest user name that is looked up.
const USER_NAME_CHARS_MAX: usize = 64;
/// Demo persons that are offered.
const DEMO_PERSONS_MAX: usize = 24;

pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(sign_in))
        .route("/sign-in/demo", post(sign_in_as_demo_person))
        .route("/sign-out", post(sign_out))
        .route("/password", get(show_password).post(change_password))
}

/// Why somebody was not signed in, or a password not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignInRefusal {
    /// Name or password; which, nobody learns.
    #[error("name or password is wrong")]
    Wrong,
    /// Too many failures.
    #[error("locked for {minutes} min")]
    Locked {
        /// Minutes until the next try.
        minutes: i64,
    },
    /// The password was right, and the account does not hold today.
    #[error("the account is not valid today")]
    Inactive,
    /// Too many sign-ins at once.
    #[error("too many sign-ins at once")]
    Busy,
    /// Choosing a role outside a demonstration.
    #[error("not a demonstration")]
    DemoOff,
    /// The present password is wrong.
    #[error("the present password is wrong")]
    PasswordWrong,
    /// The new password is the present one.
    #[error("the new password is the present one")]
    PasswordSame,
    /// The new password was typed in two ways.
    #[error("the new passwords differ")]
    PasswordNotRepeated,
}

impl SignInRefusal {
    /// One of each, for the test of their texts.
    pub const ALL: [Self; 8] = [
        Self::Wrong,
        Self::Locked { minutes: 1 },
        Self::Inactive,
        Self::Busy,
        Self::DemoOff,
        Self::PasswordWrong,
        Self::PasswordSame,
        Self::PasswordNotRepeated,
    ];
}

impl Refusal for SignInRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "sign-in.wrong",
            Self::Locked { .. } => "sign-in.locked",
            Self::Inactive => "sign-in.inactive",
            Self::Busy => "sign-in.busy",
            Self::DemoOff => "sign-in.demo_off",
            Self::PasswordWrong => "password.wrong",
            Self::PasswordSame => "password.same",
            Self::PasswordNotRepeated => "password.not_repeated",
        }
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Locked { minutes } => vec![("minutes", minutes.to_string())],
            _ => Vec::new(),
        }
    }
    fn status(&self) -> u16 {
        match self {
            Self::Wrong | Self::Inactive | Self::PasswordWrong => 403,
            Self::Locked { .. } | Self::Busy => 429,
            Self::DemoOff | Self::PasswordSame | Self::PasswordNotRepeated => 422,
        }
    }
}

#[derive(Deserialize, Default)]
struct Back {
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
struct SignInForm {
    user_name: String,
    password: String,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
struct DemoForm {
    person: PersonId,
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

async fn show_sign_in(visit: Visit, UrlQuery(back): UrlQuery<Back>) -> Result<Response, PageError> {
    if visit.ctx.principal.person().is_some() {
        return Ok(axum::response::Redirect::to(local_path(&back.back)).into_response());
    }
    sign_in_page(&visit, "", &back.back, None).await
}

async fn sign_in_page(
    visit: &Visit,
    user_name: &str,
    back: &str,
    refusal: Option<SignInRefusal>,
) -> Result<Response, PageError> {
    let problems: Vec<Problem> = refusal.iter().map(|it| Problem::refusal(visit, "", it)).collect();
    let user = Field {
        name: "user_name",
        label: visit.t("sign-in-user"),
        value: user_name.to_owned(),
        required: true,
        autocomplete: "username",
        ..Field::default()
    };
    let password = Field {
        name: "password",
        label: visit.t("sign-in-password"),
        kind: "password",
        required: true,
        autocomplete: "current-password",
        ..Field::default()
    };
    let body = html! {
        div.sign-in-page {
            section.card.sign-in-card {
                p.lead { (visit.t("sign-in-lead")) }
                (ui::error_summary(visit, &problems))
                form method="post" action="/sign-in" {
                    (ui::hidden("back", back))
                    (ui::input(visit, &user))
                    (ui::input(visit, &password))
                    (ui::actions(visit, &visit.t("sign-in-submit"), None))
                }
            }
            @if visit.demo { (demo_roles(visit, back, &demo_persons(visit).await?)) }
        }
    };
    let mut head = PageHead::new(visit.t("sign-in-title"));
    head.bare = true;
    let mut response = visit.page(head, body).await;
    if let Some(refusal) = refusal {
        *response.status_mut() = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::FORBIDDEN);
    }
    Ok(response)
}

struct DemoPerson {
    person: Stored<Person>,
    organisation: Option<String>,
    roles: Vec<Role>,
}

/// The demo's people in the order of their roles, each with a role today.
async fn demo_persons(visit: &Visit) -> Result<Vec<DemoPerson>, PageError> {
    let app = &visit.app;
    let today = visit.ctx.today;
    let mut found = Vec::new();
    for person in app.store.list::<Person>(Query::all().limit(200)).await?.items {
        let roles = session::roles_of(app, person.id, today).await?;
        if roles.is_empty() || !person.active_on(today) {
            continue;
        }
        let organisation = match person.organisation {
            Some(id) => app.store.get::<Organisation>(id).await?.map(|it| match visit.lang {
                hutong_kernel::district::Language::Chinese => it.record.name,
                hutong_kernel::district::Language::English => it.record.name_en,
            }),
            None => None,
        };
        found.push(DemoPerson { person, organisation, roles });
    }
    found.sort_by(|a, b| a.roles.cmp(&b.roles).then_with(|| a.person.id.cmp(&b.person.id)));
    found.truncate(DEMO_PERSONS_MAX);
    Ok(found)
}

fn demo_roles(words: &Words, back: &str, people: &[DemoPerson]) -> Markup {
    html! {
        section.demo-roles aria-labelledby="demo-roles-title" {
            h2 #demo-roles-title { (words.t("sign-in-demo-title")) }
            p.lead { (words.t("sign-in-demo-lead")) }
            form method="post" action="/sign-in/demo" {
                (ui::hidden("back", back))
                ul {
                    @for it in people {
                        li {
                            button.demo-role type="submit" name="person" value=(it.person.id)
                                data-user=(it.person.user_name)
                                data-roles=(it.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(" "))
                                title=(words.t_with("sign-in-demo-button", &[("name", Value::from(it.person.name.clone()))])) {
                                (Icon::Person.svg())
                                span.demo-role-words {
                                    strong { (words.list(it.roles.iter().map(|role| words.role(*role)))) }
                                    span {
                                        (it.person.name)
                                        @if let Some(organisation) = &it.organisation { " · " (organisation) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response, PageError> {
    let peer = peer.map(|Extension(ConnectInfo(address))| address.ip());
    let address = client_address(&app, &headers, peer);
    match check_sign_in(&app, &visit, &form.user_name, &form.password, address).await? {
        Ok((person, must_change)) => {
            let path = if must_change { "/password" } else { local_path(&form.back) };
            let mut response = visit.redirect(path, "signed-in");
            session::start(&app, &headers, person, must_change, visit.ctx.now, &mut response).await?;
            tracing::info!(request_id = visit.ctx.request_id, %person, "signed in");
            Ok(response)
        }
        Err(refusal) => {
            tracing::info!(request_id = visit.ctx.request_id, code = refusal.code(), "sign-in refused");
            sign_in_page(&visit, form.user_name.trim(), &form.back, Some(refusal)).await
        }
    }
}

/// The person behind a name and a password, for a door that is no page; with the same work and the same locks.
///
/// Also says whether they must change their password first, which only the pages can do.
///
/// # Errors
/// Faults. A refusal is an answer.
pub async fn check_name_and_password(
    visit: &Visit,
    headers: &HeaderMap,
    peer: Option<IpAddr>,
    user_name: &str,
    password: &str,
) -> Result<Result<(PersonId, bool), SignInRefusal>, PageError> {
    let address = client_address(&visit.app, headers, peer);
    check_sign_in(&visit.app, visit, user_name, password, address).await
}

/// The person and whether they must change their password, or why not.
async fn check_sign_in(
    app: &App,
    visit: &Visit,
    user_name: &str,
    password: &str,
    address: Option<IpAddr>,
) -> Result<Result<(PersonId, bool), SignInRefusal>, PageError> {
    let operational = app.store.operational();
    let now = visit.ctx.now;
    let user_name: String = user_name.trim().to_lowercase().chars().take(USER_NAME_CHARS_MAX).collect();
    let name_key = format!("name:{user_name}");
    let address_key = address.map(|it| format!("address:{it}"));

    let mut keys = vec![(name_key.as_str(), NAME_FAILURES_MAX)];
    keys.extend(address_key.as_deref().map(|key| (key, ADDRESS_FAILURES_MAX)));
    for (key, _) in &keys {
        let failures = operational.failures(key).await?;
        if let Some(until) = failures.locked_until.filter(|until| now < *until) {
            return Ok(Err(locked(until, now)));
        }
    }

    let page =
        app.store.list::<Person>(Query::new("by_user_name").equal(user_name.as_str()).limit(1)).await?;
    let person = page.items.into_iter().next();
    let credential = match &person {
        Some(person) => operational.credential(person.id).await?,
        None => None,
    };
    let fits = match app.passwords.verify(password, credential.as_ref().map(|it| it.hash.as_str())).await {
        Ok(fits) => fits,
        Err(PasswordFault::Busy) => return Ok(Err(SignInRefusal::Busy)),
        Err(fault) => return Err(PageError::fault(fault)),
    };
    let (Some(person), Some(credential), true) = (person, credential, fits) else {
        let mut refusal = SignInRefusal::Wrong;
        for (key, failures_max) in keys {
            if let Some(until) = note_failure(&operational, key, failures_max, now).await? {
                refusal = locked(until, now);
            }
        }
        return Ok(Err(refusal));
    };
    if !person.active_on(visit.ctx.today) {
        return Ok(Err(SignInRefusal::Inactive));
    }
    forget_failures(&operational, &name_key).await?;
    Ok(Ok((person.id, credential.must_change)))
}

/// Counts a failure; the moment until which the key is locked by it, if it is.
///
/// The store forgets a key's failures when its lock is over, so the locks themselves are counted under a second
/// key: each lasts twice as long as the one before.
async fn note_failure(
    operational: &Operational,
    key: &str,
    failures_max: u32,
    now: Timestamp,
) -> Result<Option<Timestamp>, PageError> {
    let locks_key = format!("locks:{key}");
    let locks = operational.failures(&locks_key).await?.count;
    let rule = LockRule { failures: failures_max, window: FAILURE_WINDOW, lock: lock_length(locks) };
    let until = operational.add_failure(key, now, rule).await?.locked_until.filter(|until| now < *until);
    if until.is_some() {
        let never = LockRule { failures: u32::MAX, window: LOCK_WINDOW, lock: SignedDuration::ZERO };
        operational.add_failure(&locks_key, now, never).await?;
    }
    Ok(until)
}

async fn forget_failures(operational: &Operational, key: &str) -> Result<(), PageError> {
    operational.clear_failures(key).await?;
    operational.clear_failures(&format!("locks:{key}")).await?;
    Ok(())
}

/// How long the next lock lasts after `locks` locks.
fn lock_length(locks: u32) -> SignedDuration {
    FIRST_LOCK.saturating_mul(1_i32 << locks.min(6)).min(LONGEST_LOCK)
}

fn locked(until: Timestamp, now: Timestamp) -> SignInRefusal {
    SignInRefusal::Locked { minutes: (until.duration_since(now).as_secs() + 59) / 60 }
}

/// Who knocks. Behind our own HTTPS proxy the last address that it noted; anybody else's note is not believed.
fn client_address(app: &App, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
    let behind_proxy = app.https && peer.is_some_and(|it| it.is_loopback());
    let noted = headers
        .get("x-forwarded-for")
        .filter(|_| behind_proxy)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next()?.trim().parse().ok());
    noted.or(peer)
}

async fn sign_in_as_demo_person(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Form(form): Form<DemoForm>,
) -> Result<Response, PageError> {
    if !app.district.demo {
        return Err(SignInRefusal::DemoOff.into());
    }
    let Some(Principal::Person { id, .. }) =
        session::principal_of(&app, form.person, visit.ctx.today).await?
    else {
        return Err(PageError::not_found());
    };
    let mut response = visit.redirect(local_path(&form.back), "signed-in");
    session::start(&app, &headers, id, false, visit.ctx.now, &mut response).await?;
    Ok(response)
}

async fn sign_out(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Result<Response, PageError> {
    let mut response = visit.redirect("/sign-in", "signed-out");
    session::end(&app, &headers, Some(&mut response)).await?;
    Ok(response)
}

async fn show_password(visit: Visit) -> Result<Response, PageError> {
    visit.require(hutong_kernel::Action::ChangePassword)?;
    password_page(&visit, Vec::new()).await
}

async fn password_page(visit: &Visit, problems: Vec<Problem>) -> Result<Response, PageError> {
    let must_change = match visit.ctx.principal.person() {
        Some(id) => visit.app.store.operational().credential(id).await?.is_some_and(|it| it.must_change),
        None => false,
    };
    let field = |name, key: &str, autocomplete| Field {
        name,
        label: visit.t(key),
        kind: "password",
        required: true,
        autocomplete,
        problems: &problems,
        ..Field::default()
    };
    let help = visit.t_with("password-new-help", &[("min", Value::from(PASSWORD_CHARS_MIN.to_string()))]);
    let body = html! {
        section.card.narrow {
            @if must_change { (ui::callout(Tone::Attention, None, html! { p { (visit.t("password-must")) } })) }
            p.lead { (visit.t("password-lead")) }
            (ui::error_summary(visit, &problems))
            form method="post" action="/password" {
                (ui::input(visit, &field("current", "password-current", "current-password")))
                (ui::input(visit, &Field { help: Some(help), ..field("new", "password-new", "new-password") }))
                (ui::input(visit, &field("again", "password-again", "new-password")))
                (ui::actions(visit, &visit.t("password-submit"), Some("/")))
            }
        }
    };
    let mut response = visit.page(PageHead::new(visit.t("password-title")), body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn change_password(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response, PageError> {
    visit.require(hutong_kernel::Action::ChangePassword)?;
    let Some(person) = visit.ctx.principal.person() else { return Err(PageError::not_found()) };
    let operational = app.store.operational();
    // Guessing the present password at a machine left open counts like signing in.
    let key = format!("password:{person}");
    if let Some(until) = operational.failures(&key).await?.locked_until.filter(|until| visit.ctx.now < *until)
    {
        let refusal = locked(until, visit.ctx.now);
        return password_page(&visit, vec![Problem::refusal(&visit, "", &refusal)]).await;
    }
    let stored = operational.credential(person).await?;
    let stored = stored.as_ref().map(|it| it.hash.as_str());
    let mut problems = Vec::new();
    if !app.passwords.verify(&form.current, stored).await.map_err(PageError::fault)? {
        note_failure(&operational, &key, NAME_FAILURES_MAX, visit.ctx.now).await?;
        problems.push(Problem::refusal(&visit, "current", &SignInRefusal::PasswordWrong));
    }
    match check_strength(&form.new) {
        Err(weak) => problems.push(Problem::refusal(&visit, "new", &weak)),
        Ok(()) if form.new == form.current => {
            problems.push(Problem::refusal(&visit, "new", &SignInRefusal::PasswordSame));
        }
        Ok(()) if form.new != form.again => {
            problems.push(Problem::refusal(&visit, "again", &SignInRefusal::PasswordNotRepeated));
        }
        Ok(()) => {}
    }
    if !problems.is_empty() {
        return password_page(&visit, problems).await;
    }
    let hash = app.passwords.hash(&form.new).await.map_err(PageError::fault)?;
    let credential = Credential { hash, changed_at: visit.ctx.now, must_change: false };
    operational.set_credential(person, credential).await?;
    forget_failures(&operational, &key).await?;
    operational.delete_sessions_of(person).await?;
    let mut response = visit.redirect("/", "password-changed");
    session::start(&app, &headers, person, false, visit.ctx.now, &mut response).await?;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_grow_each_time_and_end() {
        let minutes: Vec<i64> = (0..9).map(|locks| lock_length(locks).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn every_refusal_has_its_text_in_both_languages() {
        for language in hutong_kernel::district::Language::ALL {
            let words = crate::testing::words(language);
            for refusal in SignInRefusal::ALL {
                assert!(!words.refusal(&refusal).is_empty());
            }
            for refusal in crate::error::HttpRefusal::ALL {
                assert!(!words.refusal(&refusal).is_empty());
            }
            assert!(!words.refusal(&crate::guard::ForgedRequest).is_empty());
        }
    }
}
