//! Pages of organisations.

use axum::Router;
use axum::extract::{Form, Path, Query as UrlQuery};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{Action, Organisation, OrganisationId, Refusal};
use hutong_store::{Stored, Version};
use hutong_web::ui::{self, Address, Chip, Choice, Column, Field, Icon, Problem, Table, Tone};
use hutong_web::{App, PageError, PageHead, Value, Visit};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::change::Foundation;
use super::{all, close, found, merge, rename};
use crate::spine::csv::Csv;
use crate::spine::{for_form, page_error, record};

/// All classes in the order of the filter.
const CLASSES: [(OrganisationClass, &str); 7] = [
    (OrganisationClass::Department, "department"),
    (OrganisationClass::Street, "street"),
    (OrganisationClass::ParkCommittee, "park_committee"),
    (OrganisationClass::Institution, "institution"),
    (OrganisationClass::Company, "company"),
    (OrganisationClass::PartyBody, "party_body"),
    (OrganisationClass::Branch, "branch"),
];

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/organisations", get(list))
        .route("/organisations/export.csv", get(export))
        .route("/organisations/new", get(new_form).post(create))
        .route("/organisations/merge", get(merge_form).post(do_merge))
        .route("/organisations/{id}", get(show))
        .route("/organisations/{id}/rename", get(rename_form).post(do_rename))
        .route("/organisations/{id}/close", get(close_form).post(do_close))
}

fn class_name(class: OrganisationClass) -> &'static str {
    CLASSES.iter().find(|(it, _)| *it == class).map_or("department", |(_, name)| name)
}

/// A body's name in the visitor's language.
pub fn name_of(visit: &Visit, body: &Organisation) -> String {
    match visit.lang {
        hutong_kernel::district::Language::English if body.name_en != body.name => body.name_en.clone(),
        _ => body.name.clone(),
    }
}

#[derive(Deserialize, Default)]
struct Filter {
    as_of: Option<String>,
    class: Option<String>,
    q: Option<String>,
    after: Option<String>,
}

impl Filter {
    fn day(&self, today: Date) -> Date {
        self.as_of.as_deref().and_then(|it| it.parse().ok()).unwrap_or(today)
    }

    fn takes(&self, body: &Organisation, day: Date) -> bool {
        let word = self.q.as_deref().unwrap_or_default().trim();
        body.exists_on(day)
            && self.class.as_deref().is_none_or(|it| it.is_empty() || it == class_name(body.class))
            && (word.is_empty()
                || body.name.contains(word)
                || body.name_en.to_lowercase().contains(&word.to_lowercase())
                || body.aliases.iter().any(|it| it.contains(word)))
    }
}

async fn list(visit: Visit, UrlQuery(filter): UrlQuery<Filter>) -> Result<Response, PageError> {
    visit.require(Action::ViewOrganisations)?;
    let bodies = all(&visit.app.store).await.map_err(page_error)?;
    let day = filter.day(visit.ctx.today);
    let found: Vec<&Stored<Organisation>> = bodies.iter().filter(|it| filter.takes(it, day)).collect();
    let from = match &filter.after {
        None => 0,
        Some(after) => found.iter().position(|it| it.id.to_string() == *after).map_or(0, |at| at + 1),
    };
    let rows = visit.app.limits.page_rows;
    let shown = &found[from..found.len().min(from + rows)];
    let mut table = Table::new(
        visit.t("organisations-title"),
        vec![
            Column::text(visit.t("organisation-name")),
            Column::short(visit.t("organisation-class")),
            Column::text(visit.t("organisation-aliases")),
            Column::text(visit.t("organisation-parent")),
            Column::short(visit.t("organisation-from")),
            Column::short(visit.t("organisation-to")),
        ],
    );
    for body in shown {
        let parent = body.parent.and_then(|id| bodies.iter().find(|it| it.id == id));
        table.row(vec![
            link(&visit, body),
            html! { (visit.t(&format!("class-{}", class_name(body.class)))) },
            html! { (visit.list(&body.aliases)) },
            html! { @if let Some(parent) = parent { (link(&visit, parent)) } },
            visit.date_cell(body.valid_from),
            html! { @if let Some(last) = body.valid_to { (visit.date_cell(last)) } },
        ]);
    }
    let here = Address::parse(&visit.path_and_query);
    let chips: Vec<Chip> = CLASSES
        .iter()
        .map(|(_, name)| {
            let made = filter.class.as_deref() == Some(name);
            let to = here.clone().without("class").without("after");
            let href = if made { to } else { to.with("class", *name) };
            Chip::new(html! { (visit.t(&format!("class-{name}"))) }, href.to_string(), made)
        })
        .collect();
    let next = (from + shown.len() < found.len()).then(|| shown.last().map(|it| it.id.to_string())).flatten();
    let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let body = html! {
        form.filter method="get" action="/organisations" {
            @if let Some(class) = &filter.class { (ui::hidden("class", class)) }
            (ui::input(&visit, &Field { name: "q", label: visit.t("spine-search-name"), kind: "search",
                value: filter.q.clone().unwrap_or_default(), ..Field::default() }))
            (ui::input(&visit, &Field { name: "as_of", label: visit.t("spine-as-of"), kind: "date",
                value: day.to_string(), required: true, ..Field::default() }))
            button.button type="submit" { (visit.t("spine-filter")) }
        }
        (ui::chips(&visit, &visit.t("organisation-class"), &chips))
        @if table.is_empty() {
            (ui::empty_state(Icon::Organisations, &visit.t("organisations-empty"), &visit.t("organisations-empty-why"),
                Some(html! { a.button href="/organisations" { (visit.t("spine-all")) } })))
        } @else {
            (table.draw(&visit))
            (ui::pager::pager(&visit, &here, &ui::Pager { count, at_least: false, next }))
        }
    };
    let export = Address::new("/organisations/export.csv")
        .with("as_of", day.to_string())
        .with("class", filter.class.clone().unwrap_or_default())
        .with("q", filter.q.clone().unwrap_or_default());
    let head = PageHead::new(visit.t("organisations-title")).lead(visit.t("organisations-lead")).primary(html! {
        a.button href=(export) { (Icon::Download.svg()) (visit.t("spine-export")) }
        @if visit.may(Action::KeepOrganisations) {
            a.button href="/organisations/merge" { (Icon::Merge.svg()) (visit.t("organisations-merge")) }
            a.button.primary href="/organisations/new" { (Icon::Plus.svg()) (visit.t("organisations-new")) }
        }
    });
    Ok(visit.page(head, body).await)
}

async fn export(visit: Visit, UrlQuery(filter): UrlQuery<Filter>) -> Result<Response, PageError> {
    visit.require(Action::ViewOrganisations)?;
    let bodies = all(&visit.app.store).await.map_err(page_error)?;
    let day = filter.day(visit.ctx.today);
    let head = ["name", "name-en", "class", "aliases", "from", "to"];
    let mut csv = Csv::new(head.map(|it| visit.t(&format!("organisation-{it}"))));
    for body in bodies.iter().filter(|it| filter.takes(it, day)) {
        csv.row([
            body.name.clone(),
            body.name_en.clone(),
            visit.t(&format!("class-{}", class_name(body.class))),
            visit.list(&body.aliases),
            body.valid_from.to_string(),
            body.valid_to.map(|it| it.to_string()).unwrap_or_default(),
        ]);
    }
    Ok(csv.respond("organisations.csv"))
}

fn link(visit: &Visit, body: &Organisation) -> Markup {
    html! { a href={ "/organisations/" (body.id) } { (name_of(visit, body)) } }
}

fn links(visit: &Visit, bodies: &[&Stored<Organisation>]) -> Markup {
    html! {
        ul.plain { @for body in bodies { li { (link(visit, body)) } } }
    }
}

fn parse_id(text: &str) -> Result<OrganisationId, PageError> {
    text.parse().map_err(|_not_an_id| PageError::not_found())
}

async fn load(
    visit: &Visit,
    id: &str,
) -> Result<(Vec<Stored<Organisation>>, Stored<Organisation>), PageError> {
    let id = parse_id(id)?;
    let bodies = all(&visit.app.store).await.map_err(page_error)?;
    let body = bodies.iter().find(|it| it.id == id).cloned().ok_or_else(PageError::not_found)?;
    Ok((bodies, body))
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::ViewOrganisations)?;
    let (bodies, body) = load(&visit, &id).await?;
    let of = |ids: &[OrganisationId]| bodies.iter().filter(|it| ids.contains(&it.id)).collect::<Vec<_>>();
    let predecessors = of(&body.predecessors);
    let successors: Vec<_> = bodies.iter().filter(|it| it.predecessors.contains(&body.id)).collect();
    let children: Vec<_> = bodies.iter().filter(|it| it.parent == Some(body.id)).collect();
    let exists = body.exists_on(visit.ctx.today);
    let mut facts = vec![
        (visit.t("organisation-class"), html! { (visit.t(&format!("class-{}", class_name(body.class)))) }),
        (visit.t("organisation-name"), html! { (body.name) }),
        (visit.t("organisation-name-en"), html! { (body.name_en) }),
        (visit.t("organisation-aliases"), html! { (visit.list(&body.aliases)) }),
        (visit.t("organisation-from"), html! { (visit.date(body.valid_from)) }),
    ];
    if let Some(last) = body.valid_to {
        facts.push((visit.t("organisation-to"), html! { (visit.date(last)) }));
    }
    for (key, of) in [
        ("organisation-parent", of(body.parent.as_slice())),
        ("organisation-predecessors", predecessors),
        ("organisation-successors", successors),
        ("organisation-children", children),
    ] {
        if !of.is_empty() {
            facts.push((visit.t(key), links(&visit, &of)));
        }
    }
    let state = if exists {
        ui::badge(Tone::Good, &visit.t("organisation-exists"))
    } else {
        ui::badge(Tone::Plain, &visit.t("organisation-ended"))
    };
    let mut head = PageHead::new(name_of(&visit, &body))
        .crumb(visit.t("organisations-title"), "/organisations")
        .state(state);
    if exists && visit.may(Action::KeepOrganisations) {
        head = head.primary(html! {
            a.button href={ "/organisations/" (body.id) "/rename" } { (Icon::Pencil.svg()) (visit.t("organisation-rename")) }
            a.button href={ "/organisations/" (body.id) "/close" } { (visit.t("organisation-close")) }
        });
    }
    let footer = record::quiet_footer(&visit, "organisation", hutong_kernel::Id::uuid(body.id), None).await?;
    Ok(visit.page(head, html! { section.card { (ui::facts(&facts)) } (footer) }).await)
}

/// The form of a new body, also of a merger.
#[derive(Deserialize, Default, Clone)]
struct BodyForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    aliases: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    parent: String,
    #[serde(default)]
    valid_from: String,
    /// Bodies that are merged: ids, one a line or apart by blanks.
    #[serde(default)]
    merged: String,
    #[serde(default)]
    reason: String,
}

impl BodyForm {
    /// Reads the form; the problems are for the form to show.
    fn read(&self, visit: &Visit) -> Result<Foundation, Vec<Problem>> {
        let mut problems = Vec::new();
        let class = CLASSES.iter().find(|(_, name)| *name == self.class).map(|(class, _)| *class);
        if class.is_none() {
            problems.push(Problem::at("class", visit.t("form-choose")));
        }
        let parent = match self.parent.as_str() {
            "" => None,
            id => match id.parse() {
                Ok(id) => Some(id),
                Err(_) => {
                    problems.push(Problem::at("parent", visit.t("form-choose")));
                    None
                }
            },
        };
        let valid_from = self.valid_from.parse::<Date>().ok();
        if valid_from.is_none() {
            problems.push(Problem::at("valid_from", visit.t("form-date")));
        }
        match (class, valid_from) {
            (Some(class), Some(valid_from)) if problems.is_empty() => Ok(Foundation {
                name: self.name.clone(),
                name_en: self.name_en.clone(),
                aliases: split_names(&self.aliases),
                class,
                parent,
                valid_from,
            }),
            _ => Err(problems),
        }
    }
}

/// Names apart by 、, comma or line.
fn split_names(text: &str) -> Vec<String> {
    text.split(['、', ',', ',', ';', ';', '\n'])
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

fn body_fields(
    visit: &Visit,
    bodies: &[Stored<Organisation>],
    form: &BodyForm,
    problems: &[Problem],
) -> Markup {
    let text = |name: &'static str, key: &str, value: &str, required: bool| {
        let field = Field {
            name,
            label: visit.t(key),
            value: value.to_owned(),
            required,
            problems,
            ..Field::default()
        };
        ui::input(visit, &field)
    };
    let classes: Vec<Choice> = CLASSES
        .iter()
        .map(|(_, name)| Choice::new(*name, visit.t(&format!("class-{name}")), form.class == *name))
        .collect();
    let mut parents = vec![Choice::new("", visit.t("organisation-no-parent"), form.parent.is_empty())];
    parents.extend(
        bodies
            .iter()
            .filter(|it| it.exists_on(visit.ctx.today))
            .map(|it| Choice::new(it.id.to_string(), name_of(visit, it), form.parent == it.id.to_string())),
    );
    let field = |name, key: &str| Field { name, label: visit.t(key), problems, ..Field::default() };
    html! {
        (text("name", "organisation-name", &form.name, true))
        (text("name_en", "organisation-name-en", &form.name_en, false))
        (ui::input(visit, &Field { help: Some(visit.t("organisation-aliases-help")), value: form.aliases.clone(),
            ..field("aliases", "organisation-aliases") }))
        (ui::select(visit, &Field { required: true, ..field("class", "organisation-class") }, &classes))
        (ui::select(visit, &field("parent", "organisation-parent"), &parents))
        (ui::input(visit, &Field { kind: "date", required: true, value: form.valid_from.clone(),
            ..field("valid_from", "organisation-from") }))
        (ui::reason(visit, &form.reason, problems))
    }
}

async fn new_form(visit: Visit) -> Result<Response, PageError> {
    let form = BodyForm { valid_from: visit.ctx.today.to_string(), ..BodyForm::default() };
    new_page(&visit, &form, Vec::new()).await
}

async fn new_page(visit: &Visit, form: &BodyForm, problems: Vec<Problem>) -> Result<Response, PageError> {
    visit.require(Action::KeepOrganisations)?;
    let bodies = all(&visit.app.store).await.map_err(page_error)?;
    let body = html! {
        (ui::error_summary(visit, &problems))
        form.card method="post" action="/organisations/new" {
            (body_fields(visit, &bodies, form, &problems))
            (ui::actions(visit, &visit.t("organisations-new"), Some("/organisations")))
        }
    };
    let head =
        PageHead::new(visit.t("organisations-new")).crumb(visit.t("organisations-title"), "/organisations");
    Ok(with_problems(visit.page(head, body).await, &problems))
}

async fn create(visit: Visit, Form(form): Form<BodyForm>) -> Result<Response, PageError> {
    let wish = match form.read(&visit) {
        Ok(wish) => wish,
        Err(problems) => return new_page(&visit, &form, problems).await,
    };
    match found(&visit.app.store, &visit.ctx, &wish, &form.reason).await {
        Ok(id) => Ok(visit.redirect(&format!("/organisations/{id}"), "organisation-founded")),
        Err(refusal) => {
            let refusal = for_form(refusal)?;
            new_page(&visit, &form, vec![at_field(&visit, refusal.as_ref())]).await
        }
    }
}

/// Puts a refusal at the field that it is about.
fn at_field(visit: &Visit, refusal: &dyn Refusal) -> Problem {
    let field = match refusal.code() {
        "spine.organisation.name" | "spine.organisation.name_taken" => "name",
        "spine.organisation.parent_missing" => "parent",
        "store.empty_reason" | "store.reason_too_long" => "reason",
        _ => "",
    };
    Problem::refusal(visit, field, refusal)
}

fn with_problems(mut response: Response, problems: &[Problem]) -> Response {
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

async fn merge_form(visit: Visit) -> Result<Response, PageError> {
    let form = BodyForm { valid_from: visit.ctx.today.to_string(), ..BodyForm::default() };
    merge_page(&visit, &form, Vec::new()).await
}

async fn merge_page(visit: &Visit, form: &BodyForm, problems: Vec<Problem>) -> Result<Response, PageError> {
    visit.require(Action::KeepOrganisations)?;
    let bodies = all(&visit.app.store).await.map_err(page_error)?;
    let body = html! {
        (ui::callout(Tone::Attention, None, html! { p { (visit.t("organisations-merge-warning")) } }))
        (ui::error_summary(visit, &problems))
        form.card method="post" action="/organisations/merge" {
            (ui::textarea(visit, &Field { name: "merged", label: visit.t("organisations-merged"),
                help: Some(visit.t("organisations-merged-help")), value: form.merged.clone(), required: true,
                problems: &problems, ..Field::default() }, 3))
            (body_fields(visit, &bodies, form, &problems))
            (ui::actions(visit, &visit.t("organisations-merge"), Some("/organisations")))
        }
    };
    let head =
        PageHead::new(visit.t("organisations-merge")).crumb(visit.t("organisations-title"), "/organisations");
    Ok(with_problems(visit.page(head, body).await, &problems))
}

async fn do_merge(visit: Visit, Form(form): Form<BodyForm>) -> Result<Response, PageError> {
    visit.require(Action::KeepOrganisations)?;
    let mut problems = Vec::new();
    let bodies = all(&visit.app.store).await.map_err(page_error)?;
    let mut merged = Vec::new();
    for name in split_names(&form.merged) {
        match bodies.iter().find(|it| it.exists_on(visit.ctx.today) && it.goes_by(&name)) {
            Some(body) => merged.push(body.id),
            None => problems.push(Problem::at(
                "merged",
                visit.t_with("organisations-merged-unknown", &[("name", Value::from(name))]),
            )),
        }
    }
    let wish = match form.read(&visit) {
        Ok(wish) if problems.is_empty() => wish,
        Ok(_) => return merge_page(&visit, &form, problems).await,
        Err(more) => {
            problems.extend(more);
            return merge_page(&visit, &form, problems).await;
        }
    };
    match merge(&visit.app.store, &visit.ctx, &wish, &merged, &form.reason).await {
        Ok(id) => Ok(visit.redirect(&format!("/organisations/{id}"), "organisations-merged")),
        Err(refusal) => {
            let refusal = for_form(refusal)?;
            merge_page(&visit, &form, vec![at_field(&visit, refusal.as_ref())]).await
        }
    }
}

/// The form of a change to one body.
#[derive(Deserialize, Default, Clone)]
struct ChangeForm {
    #[serde(default)]
    version: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    reason: String,
}

async fn rename_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let (_, body) = load(&visit, &id).await?;
    let form = ChangeForm {
        version: body.version.0,
        name: body.name.clone(),
        name_en: body.name_en.clone(),
        ..ChangeForm::default()
    };
    change_page(&visit, &body, "rename", &form, Vec::new()).await
}

async fn close_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let (_, body) = load(&visit, &id).await?;
    let form = ChangeForm {
        version: body.version.0,
        last_day: visit.ctx.today.to_string(),
        ..ChangeForm::default()
    };
    change_page(&visit, &body, "close", &form, Vec::new()).await
}

async fn change_page(
    visit: &Visit,
    body: &Stored<Organisation>,
    what: &str,
    form: &ChangeForm,
    problems: Vec<Problem>,
) -> Result<Response, PageError> {
    visit.require(Action::KeepOrganisations)?;
    let page = format!("/organisations/{}", body.id);
    let text = |name, key: &str, value: &str, kind| {
        let field = Field {
            name,
            label: visit.t(key),
            value: value.to_owned(),
            required: true,
            kind,
            problems: &problems,
            ..Field::default()
        };
        ui::input(visit, &field)
    };
    let title = visit.t(&format!("organisation-{what}"));
    let content = html! {
        (ui::callout(Tone::Attention, None, html! { p { (visit.t(&format!("organisation-{what}-warning"))) } }))
        (ui::error_summary(visit, &problems))
        form.card method="post" action={ (page) "/" (what) } {
            (ui::hidden("version", &form.version.to_string()))
            @if what == "rename" {
                (text("name", "organisation-name", &form.name, ""))
                (text("name_en", "organisation-name-en", &form.name_en, ""))
            } @else {
                (text("last_day", "organisation-to", &form.last_day, "date"))
            }
            (ui::reason(visit, &form.reason, &problems))
            (ui::actions(visit, &title, Some(&page)))
        }
    };
    let head = PageHead::new(title)
        .crumb(visit.t("organisations-title"), "/organisations")
        .crumb(name_of(visit, body), page);
    Ok(with_problems(visit.page(head, content).await, &problems))
}

async fn do_rename(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, PageError> {
    let (_, body) = load(&visit, &id).await?;
    let names = (form.name.as_str(), form.name_en.as_str());
    let done =
        rename(&visit.app.store, &visit.ctx, (body.id, Version(form.version)), names, &form.reason).await;
    after_change(&visit, &body, "rename", &form, done).await
}

async fn do_close(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, PageError> {
    let (_, body) = load(&visit, &id).await?;
    let Ok(last_day) = form.last_day.parse::<Date>() else {
        let problem = Problem::at("last_day", visit.t("form-date"));
        return change_page(&visit, &body, "close", &form, vec![problem]).await;
    };
    let done =
        close(&visit.app.store, &visit.ctx, (body.id, Version(form.version)), last_day, &form.reason).await;
    after_change(&visit, &body, "close", &form, done).await
}

async fn after_change(
    visit: &Visit,
    body: &Stored<Organisation>,
    what: &str,
    form: &ChangeForm,
    done: Result<(), hutong_kernel::refusal::AnyRefusal>,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => Ok(visit.redirect(&format!("/organisations/{}", body.id), &format!("organisation-{what}"))),
        Err(refusal) => {
            let refusal = for_form(refusal)?;
            change_page(visit, body, what, form, vec![at_field(visit, refusal.as_ref())]).await
        }
    }
}
