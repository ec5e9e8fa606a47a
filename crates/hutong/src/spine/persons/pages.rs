//! Pages of persons and the roles they hold.

use axum::Router;
use axum::extract::{Form, Path, Query as UrlQuery};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use hutong_kernel::refusal::AnyRefusal;
use hutong_kernel::{Action, GrantId, Id, Organisation, Person, PersonId, Refusal, Role, RoleGrant};
use hutong_store::{Stored, Version};
use hutong_web::ui::{self, Address, Chip, Choice, Column, Field, Icon, Problem, Table, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::change::{PersonRefusal, Registration};
use super::{all, close, grant, grants_of, register, revoke, set_first_password, target};
use crate::spine::organisations::{self, pages::name_of};
use crate::spine::{for_form, page_error, record};

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/persons", get(list))
        .route("/persons/new", get(new_form).post(create))
        .route("/persons/{id}", get(show))
        .route("/persons/{id}/close", post(do_close))
        .route("/persons/{id}/password", post(do_password))
        .route("/persons/{id}/roles", post(do_grant))
        .route("/persons/{id}/roles/{grant}/revoke", post(do_revoke))
}

#[derive(Deserialize, Default)]
struct Filter {
    role: Option<String>,
    q: Option<String>,
    after: Option<String>,
}

/// Everybody whom the visitor may see, with the roles that hold today.
async fn visible(visit: &Visit) -> Result<Vec<(Stored<Person>, Vec<Role>)>, PageError> {
    visit.require(Action::ViewPersons)?;
    let today = visit.ctx.today;
    let grants = visit.app.store.all::<RoleGrant>(hutong_store::Query::all()).await?;
    let mut bodies = Vec::new();
    let mut visible = Vec::new();
    for person in all(&visit.app.store).await.map_err(page_error)? {
        if visit.ctx.may(Action::ViewPersons, target(&person, &mut bodies)).is_err() {
            continue;
        }
        let mut roles: Vec<Role> = grants
            .iter()
            .filter(|it| it.person == person.id && it.holds_on(today))
            .map(|it| it.role)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        visible.push((person, roles));
    }
    Ok(visible)
}

async fn list(visit: Visit, UrlQuery(filter): UrlQuery<Filter>) -> Result<Response, PageError> {
    let bodies = organisations::all(&visit.app.store).await.map_err(page_error)?;
    let role = filter.role.as_deref().and_then(Role::from_name);
    let word = filter.q.as_deref().unwrap_or_default().trim();
    let mut found = visible(&visit).await?;
    found.retain(|(person, roles)| {
        role.is_none_or(|it| roles.contains(&it))
            && (word.is_empty() || person.name.contains(word) || person.user_name.contains(word))
    });
    let from = match &filter.after {
        None => 0,
        Some(after) => found.iter().position(|(it, _)| it.id.to_string() == *after).map_or(0, |at| at + 1),
    };
    let shown = &found[from..found.len().min(from + visit.app.limits.page_rows)];
    let mut table = Table::new(
        visit.t("persons-title"),
        vec![
            Column::text(visit.t("person-name")),
            Column::short(visit.t("person-user-name")),
            Column::text(visit.t("person-organisation")),
            Column::text(visit.t("person-roles")),
            Column::short(visit.t("person-state")),
        ],
    );
    for (person, roles) in shown {
        table.row(vec![
            html! { a href={ "/persons/" (person.id) } { (person.name) } },
            html! { code { (person.user_name) } },
            organisation_link(&visit, &bodies, person),
            html! { (visit.list(roles.iter().map(|it| visit.role(*it)))) },
            state(&visit, person),
        ]);
    }
    let here = Address::parse(&visit.path_and_query);
    let chips: Vec<Chip> = Role::ALL
        .into_iter()
        .filter(|it| *it != Role::Visitor)
        .map(|it| {
            let made = role == Some(it);
            let to = here.clone().without("role").without("after");
            let href = if made { to } else { to.with("role", it.name()) };
            Chip::new(html! { (visit.role(it)) }, href.to_string(), made)
        })
        .collect();
    let next =
        (from + shown.len() < found.len()).then(|| shown.last().map(|(it, _)| it.id.to_string())).flatten();
    let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let body = html! {
        form.filter method="get" action="/persons" {
            @if let Some(role) = &filter.role { (ui::hidden("role", role)) }
            (ui::input(&visit, &Field { name: "q", label: visit.t("spine-search-name"), kind: "search",
                value: word.to_owned(), ..Field::default() }))
            button.button type="submit" { (visit.t("spine-filter")) }
        }
        (ui::chips(&visit, &visit.t("person-roles"), &chips))
        @if table.is_empty() {
            (ui::empty_state(Icon::People, &visit.t("persons-empty"), &visit.t("persons-empty-why"),
                Some(html! { a.button href="/persons" { (visit.t("spine-all")) } })))
        } @else {
            (table.draw(&visit))
            (ui::pager::pager(&visit, &here, &ui::Pager { count, at_least: false, next }))
        }
    };
    let mut head = PageHead::new(visit.t("persons-title")).lead(visit.t("persons-lead"));
    if visit.may(Action::KeepPersons) {
        head = head.primary(html! {
            a.button.primary href="/persons/new" { (Icon::Plus.svg()) (visit.t("persons-new")) }
        });
    }
    Ok(visit.page(head, body).await)
}

fn organisation_link(visit: &Visit, bodies: &[Stored<Organisation>], person: &Person) -> Markup {
    let body = person.organisation.and_then(|id| bodies.iter().find(|it| it.id == id));
    html! {
        @if let Some(body) = body { a href={ "/organisations/" (body.id) } { (name_of(visit, body)) } }
    }
}

fn state(visit: &Visit, person: &Person) -> Markup {
    if person.active_on(visit.ctx.today) {
        ui::badge(Tone::Good, &visit.t("person-active"))
    } else {
        ui::badge(Tone::Plain, &visit.t("person-ended"))
    }
}

async fn load(visit: &Visit, id: &str) -> Result<Stored<Person>, PageError> {
    let id: PersonId = id.parse().map_err(|_not_an_id| PageError::not_found())?;
    let person = visit.app.store.get::<Person>(id).await?.ok_or_else(PageError::not_found)?;
    // Somebody whom one may not see does not exist.
    let mut bodies = Vec::new();
    visit.require(Action::ViewPersons)?;
    visit
        .ctx
        .may(Action::ViewPersons, target(&person, &mut bodies))
        .map_err(|_hidden| PageError::not_found())?;
    Ok(person)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let person = load(&visit, &id).await?;
    person_page(&visit, &person, &PersonForm::default(), Vec::new()).await
}

/// All small forms on a person's page share their fields.
#[derive(Deserialize, Default, Clone)]
struct PersonForm {
    #[serde(default)]
    version: u64,
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    valid_from: String,
    #[serde(default)]
    reason: String,
}

async fn person_page(
    visit: &Visit,
    person: &Stored<Person>,
    form: &PersonForm,
    problems: Vec<Problem>,
) -> Result<Response, PageError> {
    let bodies = organisations::all(&visit.app.store).await.map_err(page_error)?;
    let grants = grants_of(&visit.app.store, person.id).await.map_err(page_error)?;
    let today = visit.ctx.today;
    let active = person.active_on(today);
    let own = visit.ctx.principal.person() == Some(person.id);
    let mut facts = vec![
        (visit.t("person-user-name"), html! { code { (person.user_name) } }),
        (visit.t("person-organisation"), organisation_link(visit, &bodies, person)),
        (visit.t("person-from"), html! { (visit.date(person.valid_from)) }),
    ];
    if let Some(last) = person.valid_to {
        facts.push((visit.t("person-to"), html! { (visit.date(last)) }));
    }
    let mut table = Table::new(
        visit.t("person-roles"),
        vec![
            Column::text(visit.t("person-role")),
            Column::short(visit.t("person-from")),
            Column::short(visit.t("person-to")),
            Column::text(visit.t("person-revoke")),
        ],
    );
    for it in &grants {
        let may_take = it.holds_on(today) && !own && visit.may(Action::GrantRoles);
        table.row(vec![
            html! { (visit.role(it.role)) },
            visit.date_cell(it.valid_from),
            html! { @if let Some(last) = it.valid_to { (visit.date_cell(last)) } },
            html! {
                @if may_take {
                    details.inline-form {
                        summary { (visit.t("person-revoke")) }
                        form method="post" action={ "/persons/" (person.id) "/roles/" (it.id) "/revoke" } {
                            (short_reason(visit, &format!("reason-{}", it.id)))
                            button.button type="submit" { (visit.t("person-revoke")) }
                        }
                    }
                }
            },
        ]);
    }
    let body = html! {
        (ui::error_summary(visit, &problems))
        section.card { (ui::facts(&facts)) }
        section.card {
            h2 { (visit.t("person-roles")) }
            @if table.is_empty() { p.quiet-words { (visit.t("person-no-roles")) } } @else { (table.draw(visit)) }
            @if active && !own && visit.may(Action::GrantRoles) { (grant_form(visit, person, form)) }
        }
        @if active && visit.may(Action::KeepPersons) {
            section.card { h2 { (visit.t("person-password")) } (password_form(visit, person)) }
            section.card { h2 { (visit.t("person-close")) } (close_form(visit, person, form)) }
        }
        (record::quiet_footer(visit, "person", person.id.uuid(), None).await?)
    };
    let head = PageHead::new(person.name.clone())
        .crumb(visit.t("persons-title"), "/persons")
        .state(state(visit, person));
    let mut response = visit.page(head, body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// A reason whose field's id is unique on a page with several forms.
fn short_reason(visit: &Visit, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (visit.t("form-reason")) }
            input id=(id) name="reason" type="text" required autocomplete="off";
        }
    }
}

fn grant_form(visit: &Visit, person: &Person, form: &PersonForm) -> Markup {
    let roles: Vec<Choice> = Role::ALL
        .into_iter()
        .filter(|it| *it != Role::Visitor)
        .map(|it| Choice::new(it.name(), visit.role(it), form.role == it.name()))
        .collect();
    let from = if form.valid_from.is_empty() { visit.ctx.today.to_string() } else { form.valid_from.clone() };
    html! {
        form method="post" action={ "/persons/" (person.id) "/roles" } {
            (ui::select(visit, &Field { name: "role", label: visit.t("person-role"), required: true,
                ..Field::default() }, &roles))
            (ui::input(visit, &Field { name: "valid_from", label: visit.t("person-from"), kind: "date",
                value: from, required: true, ..Field::default() }))
            (short_reason(visit, "field-grant-reason"))
            (ui::actions(visit, &visit.t("person-grant"), None))
        }
    }
}

fn password_form(visit: &Visit, person: &Person) -> Markup {
    html! {
        form method="post" action={ "/persons/" (person.id) "/password" } {
            (ui::input(visit, &Field { name: "password", label: visit.t("person-first-password"), kind: "password",
                help: Some(visit.t("person-first-password-help")), required: true, autocomplete: "new-password",
                ..Field::default() }))
            (short_reason(visit, "field-password-reason"))
            (ui::actions(visit, &visit.t("person-set-password"), None))
        }
    }
}

fn close_form(visit: &Visit, person: &Stored<Person>, form: &PersonForm) -> Markup {
    let last_day = if form.last_day.is_empty() { visit.ctx.today.to_string() } else { form.last_day.clone() };
    html! {
        (ui::callout(Tone::Attention, None, html! { p { (visit.t("person-close-warning")) } }))
        form method="post" action={ "/persons/" (person.id) "/close" } {
            (ui::hidden("version", &person.version.0.to_string()))
            (ui::input(visit, &Field { name: "last_day", label: visit.t("person-to"), kind: "date", value: last_day,
                required: true, ..Field::default() }))
            (short_reason(visit, "field-close-reason"))
            (ui::actions(visit, &visit.t("person-close"), None))
        }
    }
}

async fn after<T>(
    visit: &Visit,
    person: &Stored<Person>,
    form: &PersonForm,
    field: &str,
    (done, key): (Result<T, AnyRefusal>, &str),
) -> Result<Response, PageError> {
    match done {
        Ok(_) => Ok(visit.redirect(&format!("/persons/{}", person.id), key)),
        Err(refusal) => {
            let refusal = for_form(refusal)?;
            let field = if refusal.code().starts_with("store.") { "" } else { field };
            let problem = Problem::refusal(visit, field, refusal.as_ref());
            person_page(visit, person, form, vec![problem]).await
        }
    }
}

async fn do_close(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<PersonForm>,
) -> Result<Response, PageError> {
    visit.require(Action::KeepPersons)?;
    let person = load(&visit, &id).await?;
    let Ok(last_day) = form.last_day.parse::<Date>() else {
        let problem = Problem::at("last_day", visit.t("form-date"));
        return person_page(&visit, &person, &form, vec![problem]).await;
    };
    let seen = (person.id, Version(form.version));
    let done = close(&visit.app.store, &visit.ctx, seen, last_day, &form.reason).await;
    after(&visit, &person, &form, "last_day", (done, "person-closed")).await
}

async fn do_password(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<PersonForm>,
) -> Result<Response, PageError> {
    visit.require(Action::KeepPersons)?;
    let person = load(&visit, &id).await?;
    let app = &visit.app;
    let done =
        set_first_password(&app.store, &app.passwords, &visit.ctx, person.id, &form.password, &form.reason)
            .await;
    after(&visit, &person, &form, "password", (done, "person-password-set")).await
}

async fn do_grant(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<PersonForm>,
) -> Result<Response, PageError> {
    visit.require(Action::GrantRoles)?;
    let person = load(&visit, &id).await?;
    let Some(role) = Role::from_name(&form.role) else {
        let refusal = PersonRefusal::Role { given: form.role.chars().take(40).collect() };
        let problem = Problem::refusal(&visit, "role", &refusal as &dyn Refusal);
        return person_page(&visit, &person, &form, vec![problem]).await;
    };
    let Ok(from) = form.valid_from.parse::<Date>() else {
        let problem = Problem::at("valid_from", visit.t("form-date"));
        return person_page(&visit, &person, &form, vec![problem]).await;
    };
    let done = grant(&visit.app.store, &visit.ctx, person.id, role, from, &form.reason).await;
    after(&visit, &person, &form, "role", (done, "person-granted")).await
}

async fn do_revoke(
    visit: Visit,
    Path((id, grant)): Path<(String, String)>,
    Form(form): Form<PersonForm>,
) -> Result<Response, PageError> {
    visit.require(Action::GrantRoles)?;
    let person = load(&visit, &id).await?;
    let grant: GrantId = grant.parse().map_err(|_not_an_id| PageError::not_found())?;
    let done = revoke(&visit.app.store, &visit.ctx, grant, &form.reason).await;
    after(&visit, &person, &form, "", (done, "person-revoked")).await
}

#[derive(Deserialize, Default, Clone)]
struct NewForm {
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    valid_from: String,
    #[serde(default)]
    reason: String,
}

async fn new_form(visit: Visit) -> Result<Response, PageError> {
    let form = NewForm { valid_from: visit.ctx.today.to_string(), ..NewForm::default() };
    new_page(&visit, &form, Vec::new()).await
}

async fn new_page(visit: &Visit, form: &NewForm, problems: Vec<Problem>) -> Result<Response, PageError> {
    visit.require(Action::KeepPersons)?;
    let bodies = organisations::all(&visit.app.store).await.map_err(page_error)?;
    let mut choices = vec![Choice::new("", visit.t("person-no-organisation"), form.organisation.is_empty())];
    choices.extend(bodies.iter().filter(|it| it.exists_on(visit.ctx.today)).map(|it| {
        Choice::new(it.id.to_string(), name_of(visit, it), form.organisation == it.id.to_string())
    }));
    let field = |name, key: &str, value: &str, kind, help: Option<&str>| Field {
        name,
        label: visit.t(key),
        value: value.to_owned(),
        required: true,
        kind,
        help: help.map(|it| visit.t(it)),
        problems: &problems,
        ..Field::default()
    };
    let body = html! {
        (ui::error_summary(visit, &problems))
        form.card method="post" action="/persons/new" {
            (ui::input(visit, &field("name", "person-name", &form.name, "", None)))
            (ui::input(visit, &field("user_name", "person-user-name", &form.user_name, "", Some("person-user-name-help"))))
            (ui::select(visit, &Field { required: false, ..field("organisation", "person-organisation", "", "", None) }, &choices))
            (ui::input(visit, &field("valid_from", "person-from", &form.valid_from, "date", None)))
            (ui::reason(visit, &form.reason, &problems))
            (ui::actions(visit, &visit.t("persons-new"), Some("/persons")))
        }
    };
    let head = PageHead::new(visit.t("persons-new")).crumb(visit.t("persons-title"), "/persons");
    let mut response = visit.page(head, body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn create(visit: Visit, Form(form): Form<NewForm>) -> Result<Response, PageError> {
    visit.require(Action::KeepPersons)?;
    let organisation = match form.organisation.as_str() {
        "" => Ok(None),
        id => id.parse().map(Some),
    };
    let (Ok(organisation), Ok(valid_from)) = (organisation, form.valid_from.parse::<Date>()) else {
        let problem = Problem::at("valid_from", visit.t("form-date"));
        return new_page(&visit, &form, vec![problem]).await;
    };
    let wish =
        Registration { user_name: form.user_name.clone(), name: form.name.clone(), organisation, valid_from };
    match register(&visit.app.store, &visit.ctx, &wish, &form.reason).await {
        Ok(id) => Ok(visit.redirect(&format!("/persons/{id}"), "person-registered")),
        Err(refusal) => {
            let refusal = for_form(refusal)?;
            let field = match refusal.code() {
                "spine.person.user_name" | "spine.person.user_name_taken" => "user_name",
                "spine.person.name" => "name",
                "spine.person.organisation_missing" => "organisation",
                "store.empty_reason" | "store.reason_too_long" => "reason",
                _ => "",
            };
            let problem = Problem::refusal(&visit, field, refusal.as_ref());
            new_page(&visit, &form, vec![problem]).await
        }
    }
}
