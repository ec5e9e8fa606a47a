//! The history of any record: its versions, what changed in words, who and why, and the proof of each.
//!
//! The danger here is a side door: a page that shows every kind must not show more than the kind's own page.
//! [`may_see`] therefore names every kind, and refuses what it does not name.

use axum::Router;
use axum::extract::{Path, Query as UrlQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hutong_kernel::{Action, Denied, Id, OpContext, OrganisationId, PersonId, Principal, Target};
use hutong_store::{JournalEntry, Version};
use hutong_web::error::ledger_error;
use hutong_web::ui::{self, Address, Column, Field, Icon, QuietFooter, Table, Tone};
use hutong_web::{App, PageError, PageHead, Value as Words2, Visit};
use jiff::Timestamp;
use jiff::civil::DateTime;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

pub mod words;

/// Versions on a page of a history.
const VERSIONS_SHOWN: usize = 50;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/records/{kind}/{id}", get(history))
        .route("/records/{kind}/{id}/versions/{version}", get(version))
        .route("/records/{kind}/{id}/versions/{version}/proof", get(proof))
}

/// May `ctx` see the history of a record of this kind with this body?
///
/// The newest body decides, also about older versions: what a record has become says who may look at it.
///
/// # Errors
/// [`Denied`]; kinds that are not named here are refused to everybody.
pub fn may_see(ctx: &OpContext, kind: &str, body: &Value) -> Result<(), Denied> {
    ctx.may(Action::ViewHistory, Target::Any)?;
    match kind {
        "organisation" => ctx.may(Action::ViewOrganisations, Target::Any),
        "person" | "role_grant" => {
            let id_field = if kind == "person" { "id" } else { "person" };
            let person: Option<PersonId> = text(body, id_field).and_then(|it| it.parse().ok());
            let organisation: Option<OrganisationId> =
                text(body, "organisation").and_then(|it| it.parse().ok());
            ctx.may(Action::ViewPersons, Target::Of { organisations: organisation.as_slice(), person })
        }
        // Documents and readings are drafts: those who work on plans see them, the released part has pages of its own.
        kind if hutong_plans::kinds().iter().any(|it| it.kind() == kind) => {
            ctx.may(Action::ViewPlans, Target::Any)
        }
        _ => Err(Denied { action: Action::ViewHistory, signed_in: ctx.principal != Principal::Visitor }),
    }
}

fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

/// Where people look at a record itself; `None` where its history is all there is.
fn page_of(kind: &str, id: Uuid, body: &Value) -> Option<String> {
    match kind {
        "organisation" => Some(format!("/organisations/{id}")),
        "person" => Some(format!("/persons/{id}")),
        "role_grant" => Some(format!("/persons/{}", text(body, "person")?)),
        "plan" => Some(format!("/plans/{id}")),
        "task" => Some(format!("/tasks/{id}")),
        "indicator" => Some(format!("/indicators/{id}")),
        _ => None,
    }
}

/// Version, last change, and the ways to history and proof, under a record's page.
///
/// # Errors
/// Faults of the store.
pub async fn quiet_footer(
    visit: &Visit,
    kind: &str,
    id: Uuid,
    source: Option<Markup>,
) -> Result<Markup, PageError> {
    let query = hutong_store::JournalQuery { record: Some(id), limit: 1, ..Default::default() };
    let Some(entry) = visit.app.store.journal(query).await?.into_iter().next() else { return Ok(html! {}) };
    let may_look = may_see(&visit.ctx, kind, &entry.body).is_ok();
    let page = format!("/records/{kind}/{id}");
    Ok(ui::quiet_footer(
        visit,
        &QuietFooter {
            source,
            as_of: None,
            version: entry.version.0,
            changed_by: who(visit, &entry.principal),
            changed_at: entry.at,
            proof: (may_look && visit.app.ledger.is_some())
                .then(|| format!("{page}/versions/{}/proof", entry.version)),
            history: may_look.then_some(page),
        },
    ))
}

/// Who acted, in words. Somebody who is not signed in does not learn officers' names.
pub fn who(visit: &Visit, principal: &Principal) -> String {
    match principal {
        Principal::Visitor => visit.role(hutong_kernel::Role::Visitor),
        Principal::Person { name, organisation: _, .. } => {
            if visit.ctx.principal == Principal::Visitor {
                visit.t("record-an-officer")
            } else {
                name.clone()
            }
        }
        Principal::System { job } => visit.t_with("record-system", &[("job", Words2::from(job.clone()))]),
    }
}

#[derive(Deserialize, Default)]
struct HistoryFilter {
    /// District's wall clock, as a `datetime-local` field sends it, or a date.
    at: Option<String>,
    /// Versions before this one.
    after: Option<u64>,
}

/// The newest entry of a record that the visitor may see.
async fn newest(visit: &Visit, kind: &str, id: &str) -> Result<(Uuid, JournalEntry), PageError> {
    let id = Uuid::parse_str(id).map_err(|_not_an_id| PageError::not_found())?;
    // A light has the id of its task: the kind belongs to the question.
    let query = hutong_store::JournalQuery {
        record: Some(id),
        kind: Some(kind.to_owned()),
        limit: 1,
        ..Default::default()
    };
    let entry = visit.app.store.journal(query).await?.into_iter().next();
    match entry {
        Some(entry) => {
            may_see(&visit.ctx, kind, &entry.body)?;
            Ok((id, entry))
        }
        // Whether a record exists is itself something that not everybody may know.
        None => {
            visit.require(Action::ViewHistory)?;
            Err(PageError::not_found())
        }
    }
}

async fn history(
    visit: Visit,
    Path((kind, id)): Path<(String, String)>,
    UrlQuery(filter): UrlQuery<HistoryFilter>,
) -> Result<Response, PageError> {
    let (id, newest) = newest(&visit, &kind, &id).await?;
    let store = &visit.app.store;
    let at = filter.at.as_deref().filter(|it| !it.is_empty()).map(|it| moment(&visit, it));
    let as_of = match at {
        None => None,
        Some(None) => return Err(PageError::from(hutong_web::error::HttpRefusal::BadRequest)),
        Some(Some(at)) => Some((at, as_of(&visit, &kind, id, newest.version, at).await?)),
    };
    let last = filter.after.map_or(newest.version.0, |after| after.saturating_sub(1).min(newest.version.0));
    let first = last.saturating_sub(u64::try_from(VERSIONS_SHOWN).unwrap_or(u64::MAX));
    // One more than is shown: the oldest one is compared with the version before it.
    let from = first.saturating_sub(1);
    let take = usize::try_from(last - from).unwrap_or(VERSIONS_SHOWN);
    let entries = if take == 0 { Vec::new() } else { store.history(&kind, id, Some(from), take).await? };
    let bodies: Vec<&Value> = entries.iter().map(|it| &it.body).collect();
    let names = words::Names::of(store, visit.lang, &bodies).await?;
    let title = words::name_in(&newest.body).unwrap_or_else(|| words::kind(&visit, &kind));
    let page = format!("/records/{kind}/{id}");
    let body = html! {
        form.filter method="get" action=(page) {
            (ui::input(&visit, &Field { name: "at", label: visit.t("record-at"), kind: "datetime-local",
                help: Some(visit.t("record-at-help")), value: filter.at.clone().unwrap_or_default(),
                required: true, ..Field::default() }))
            button.button type="submit" { (visit.t("record-at-submit")) }
        }
        @if let Some((at, entry)) = &as_of { (as_of_card(&visit, &kind, *at, entry.as_ref()).await?) }
        ol.versions {
            @for entry in entries.iter().rev().filter(|it| first < it.version.0) {
                @let before = entries.iter().find(|it| it.version.0 + 1 == entry.version.0);
                li.card id={ "v" (entry.version) } { (version_card(&visit, &names, &page, entry, before)) }
            }
        }
        (ui::pager::pager(&visit, &Address::parse(&visit.path_and_query), &ui::Pager {
            count: newest.version.0, at_least: false, next: (0 < first).then(|| (first + 1).to_string()) }))
        (how_to_verify(&visit))
    };
    let mut head = PageHead::new(visit.t_with("record-history-of", &[("name", Words2::from(title.clone()))]))
        .lead(visit.t_with("record-lead", &[("kind", Words2::from(words::kind(&visit, &kind)))]));
    if let Some(href) = page_of(&kind, id, &newest.body) {
        head = head.crumb(title, href);
    }
    Ok(visit.page(head, body).await)
}

/// The district's wall clock as a moment; a bare date means its end.
fn moment(visit: &Visit, given: &str) -> Option<Timestamp> {
    let zone = visit.app.district.time_zone.clone();
    let civil = match given.parse::<DateTime>() {
        Ok(civil) if given.len() == 10 => {
            civil.date().to_datetime(jiff::civil::time(23, 59, 59, 999_999_999))
        }
        Ok(civil) => civil,
        Err(_) => return None,
    };
    civil.to_zoned(zone).ok().map(|it| it.timestamp())
}

/// The version that held at a moment: versions are in the order of their moments.
async fn as_of(
    visit: &Visit,
    kind: &str,
    id: Uuid,
    newest: Version,
    at: Timestamp,
) -> Result<Option<JournalEntry>, PageError> {
    let (mut low, mut high, mut found) = (1, newest.0, None);
    while low <= high {
        let middle = low + (high - low) / 2;
        match visit.app.store.entry_of(kind, id, Version(middle)).await? {
            Some(entry) if entry.at <= at => {
                low = middle + 1;
                found = Some(entry);
            }
            Some(_) | None => high = middle - 1,
        }
    }
    Ok(found)
}

async fn as_of_card(
    visit: &Visit,
    kind: &str,
    at: Timestamp,
    entry: Option<&JournalEntry>,
) -> Result<Markup, PageError> {
    Ok(html! {
        section.card {
            h2 { (visit.t("record-as-of")) " " (visit.moment(at)) }
            @match entry {
                None => p.quiet-words { (visit.t("record-not-yet")) },
                Some(entry) => (body_table(visit, kind, &entry.body).await?),
            }
        }
    })
}

async fn body_table(visit: &Visit, kind: &str, body: &Value) -> Result<Markup, PageError> {
    let names = words::Names::of(&visit.app.store, visit.lang, &[body]).await?;
    let mut table = Table::new(
        visit.t("record-content"),
        vec![Column::text(visit.t("record-field")), Column::text(visit.t("record-value"))],
    );
    for (name, value) in body.as_object().into_iter().flatten() {
        table.row(vec![
            html! { (words::field(visit, kind, name)) },
            html! { (words::value(visit, &names, kind, name, value)) },
        ]);
    }
    Ok(table.draw(visit))
}

fn version_card(
    visit: &Visit,
    names: &words::Names,
    page: &str,
    entry: &JournalEntry,
    before: Option<&JournalEntry>,
) -> Markup {
    let number = entry.version.to_string();
    html! {
        h2 {
            a href={ (page) "/versions/" (number) } {
                (visit.t_with("record-version", &[("version", Words2::from(number.clone()))]))
            }
        }
        p.version-who {
            (who(visit, &entry.principal)) " · " (visit.moment(entry.at)) " · "
            (visit.t_with("record-entry", &[("seq", Words2::from(entry.seq.to_string()))]))
        }
        p.version-why { (visit.t_with("record-reason", &[("reason", Words2::from(entry.reason.clone()))])) }
        @match before {
            None => p.quiet-words { (visit.t("record-created")) },
            Some(before) => (ui::diff(visit, &words::changes(visit, names, &entry.kind, &before.body, &entry.body))),
        }
        (proof_link(visit, page, &number))
    }
}

fn proof_link(visit: &Visit, page: &str, version: &str) -> Markup {
    html! {
        @if visit.app.ledger.is_some() {
            p.actions {
                a.button href={ (page) "/versions/" (version) "/proof" } download {
                    (Icon::Proof.svg()) (visit.t("record-proof"))
                }
            }
        }
    }
}

fn how_to_verify(visit: &Visit) -> Markup {
    html! {
        @if visit.app.ledger.is_some() {
            details.card {
                summary { (visit.t("record-verify-title")) }
                p { (visit.t("record-verify-how")) }
                pre { code { "hutong ledger verify FILE --vkey KEY" } }
                p { a href="/ledger/vkey" { (visit.t("record-verify-key")) } " " a href="/ledger/checkpoint" { (visit.t("foot-checkpoint")) } }
            }
        }
    }
}

async fn entry_of(visit: &Visit, kind: &str, id: &str, version: &str) -> Result<JournalEntry, PageError> {
    let (id, _) = newest(visit, kind, id).await?;
    let version: u64 = version.parse().map_err(|_not_a_number| PageError::not_found())?;
    visit.app.store.entry_of(kind, id, Version(version)).await?.ok_or_else(PageError::not_found)
}

async fn version(
    visit: Visit,
    Path((kind, id, number)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let entry = entry_of(&visit, &kind, &id, &number).await?;
    let page = format!("/records/{kind}/{}", entry.id);
    let title = words::name_in(&entry.body).unwrap_or_else(|| words::kind(&visit, &kind));
    let facts = [
        (visit.t("record-who"), html! { (who(&visit, &entry.principal)) }),
        (visit.t("record-when"), visit.moment(entry.at)),
        (visit.t("record-why"), html! { (entry.reason) }),
        (visit.t("record-request"), html! { code { (entry.request_id) } }),
        (visit.t("record-seq"), html! { (entry.seq) }),
        (visit.t("record-commitment"), html! { code.long { (hutong_store::to_hex(&entry.commitment)) } }),
    ];
    let body = html! {
        section.card { (ui::facts(&facts)) (proof_link(&visit, &page, &entry.version.to_string())) }
        (body_table(&visit, &kind, &entry.body).await?)
        details.card {
            summary { (visit.t("record-canonical")) }
            p { (visit.t("record-canonical-help")) }
            p { (visit.t("record-salt")) " " code.long { (hutong_store::to_hex(&entry.salt)) } }
            pre.long { code { (entry.canonical) } }
        }
        @if visit.app.ledger.is_none() { (ui::callout(Tone::Info, None, html! { p { (visit.t("record-no-ledger")) } })) }
    };
    let head = PageHead::new(
        visit.t_with("record-version", &[("version", Words2::from(entry.version.to_string()))]),
    )
    .crumb(visit.t_with("record-history-of", &[("name", Words2::from(title))]), page);
    Ok(visit.page(head, body).await)
}

async fn proof(
    visit: Visit,
    Path((kind, id, number)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let entry = entry_of(&visit, &kind, &id, &number).await?;
    let Some(ledger) = &visit.app.ledger else { return Err(PageError::not_found()) };
    let text = ledger.prove(entry.seq).await.map_err(ledger_error)?;
    // The kind is one of ours and the id a UUID: nothing in the name needs escaping.
    let name = format!("attachment; filename=\"{kind}-{}-v{}.tlog-proof\"", entry.id, entry.version);
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, text).into_response())
}

/// Ids as the journal has them.
pub fn uuid<I: Id>(id: I) -> Uuid {
    id.uuid()
}
