//! The journal as a page: every change, newest first.

use axum::Router;
use axum::extract::Query as UrlQuery;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, PersonId};
use hutong_store::{JournalEntry, JournalQuery};
use hutong_web::ui::{self, Address, Choice, Column, Field, Icon, Table};
use hutong_web::{App, PageError, PageHead, Value, Visit};
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

use super::csv::Csv;
use super::record::{who, words};
use super::{page_error, persons};

/// Entries that an export, or a search for a request, goes through at most.
const ENTRIES_SCANNED_MAX: usize = 10_000;
/// Entries that are read at once.
const CHUNK: usize = 200;

/// The page and its export.
pub fn routes() -> Router<App> {
    Router::new().route("/journal", get(show)).route("/journal/export.csv", get(export))
}

#[derive(Deserialize, Default, Clone)]
struct Filter {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    request: String,
    /// Entries before this number.
    #[serde(default)]
    after: String,
}

impl Filter {
    /// The store's question; what cannot be read is refused rather than ignored.
    fn query(&self) -> Result<JournalQuery, PageError> {
        fn read<T: std::str::FromStr>(text: &str) -> Result<Option<T>, PageError> {
            match text.trim() {
                "" => Ok(None),
                text => text
                    .parse()
                    .map(Some)
                    .map_err(|_unreadable| PageError::from(hutong_web::error::HttpRefusal::BadRequest)),
            }
        }
        Ok(JournalQuery {
            before: read::<u64>(&self.after)?,
            after: None,
            kind: read::<String>(&self.kind)?,
            record: read::<Uuid>(&self.record)?,
            person: read::<PersonId>(&self.person)?,
            limit: 0,
        })
    }
}

/// Up to `wanted` entries that the filter takes, newest first.
async fn find(visit: &Visit, filter: &Filter, wanted: usize) -> Result<Vec<JournalEntry>, PageError> {
    let mut query = JournalQuery { limit: CHUNK.min(wanted), ..filter.query()? };
    let request = filter.request.trim();
    if !request.is_empty() {
        query.limit = CHUNK;
    }
    let mut found = Vec::new();
    let mut scanned = 0;
    while found.len() < wanted && scanned < ENTRIES_SCANNED_MAX {
        let entries = visit.app.store.journal(query.clone()).await?;
        let Some(last) = entries.last() else { break };
        query.before = Some(last.seq);
        scanned += entries.len();
        let short = entries.len() < query.limit;
        found.extend(entries.into_iter().filter(|it| request.is_empty() || it.request_id == request));
        if short {
            break;
        }
    }
    found.truncate(wanted);
    Ok(found)
}

async fn show(visit: Visit, UrlQuery(filter): UrlQuery<Filter>) -> Result<Response, PageError> {
    visit.require(Action::ViewJournal)?;
    let rows = visit.app.limits.page_rows;
    // One more than is shown says whether there is a next page.
    let mut entries = find(&visit, &filter, rows + 1).await?;
    let more = rows < entries.len();
    entries.truncate(rows);
    let head_seq = *visit.app.store.head().borrow();
    let mut table = Table::new(
        visit.t("journal-title"),
        vec![
            Column::figure(visit.t("journal-seq")),
            Column::short(visit.t("record-when")),
            Column::text(visit.t("record-who")),
            Column::short(visit.t("journal-kind")),
            Column::text(visit.t("journal-record")),
            Column::text(visit.t("record-why")),
            Column::short(visit.t("record-request")),
        ],
    )
    .dense();
    for entry in &entries {
        let name = words::name_in(&entry.body).unwrap_or_else(|| visit.t("journal-unnamed"));
        let version = entry.version.to_string();
        table.row(vec![
            html! { (entry.seq) },
            visit.moment(entry.at),
            html! { (who(&visit, &entry.principal)) },
            html! { (words::kind(&visit, &entry.kind)) },
            html! {
                a href={ "/records/" (entry.kind) "/" (entry.id) "/versions/" (version) } { (name) }
                " " span.nothing { (visit.t_with("record-version", &[("version", Value::from(version.clone()))])) }
            },
            html! { (entry.reason) },
            html! { a href=(Address::new("/journal").with("request", entry.request_id.clone())) { code { (entry.request_id) } } },
        ]);
    }
    let here = Address::parse(&visit.path_and_query);
    let next = more.then(|| entries.last().map(|it| it.seq.to_string())).flatten();
    let filtered =
        [&filter.kind, &filter.person, &filter.record, &filter.request].iter().any(|it| !it.is_empty());
    let count = if filtered { u64::try_from(entries.len()).unwrap_or(0) } else { head_seq };
    let body = html! {
        (filter_form(&visit, &filter).await?)
        @if table.is_empty() {
            (ui::empty_state(Icon::Journal, &visit.t("journal-empty"), &visit.t("journal-empty-why"),
                Some(html! { a.button href="/journal" { (visit.t("spine-all")) } })))
        } @else {
            (table.draw(&visit))
            (ui::pager::pager(&visit, &here, &ui::Pager { count, at_least: filtered && more, next }))
        }
    };
    let export = Address::new("/journal/export.csv")
        .with("kind", filter.kind.clone())
        .with("person", filter.person.clone())
        .with("record", filter.record.clone())
        .with("request", filter.request.clone());
    let head = PageHead::new(visit.t("journal-title"))
        .lead(visit.t("journal-lead"))
        .primary(html! { a.button href=(export) { (Icon::Download.svg()) (visit.t("spine-export")) } });
    Ok(visit.page(head, body).await)
}

async fn filter_form(visit: &Visit, filter: &Filter) -> Result<maud::Markup, PageError> {
    let mut kinds = vec![Choice::new("", visit.t("spine-all"), filter.kind.is_empty())];
    let mut names: Vec<&str> = visit.app.store.kinds().map(|it| it.kind()).collect();
    names.sort_unstable();
    kinds.extend(names.into_iter().map(|it| Choice::new(it, words::kind(visit, it), filter.kind == it)));
    let mut people = vec![Choice::new("", visit.t("spine-all"), filter.person.is_empty())];
    people.extend(persons::all(&visit.app.store).await.map_err(page_error)?.iter().map(|it| {
        let id = it.id.to_string();
        let chosen = filter.person == id;
        Choice::new(id, it.name.clone(), chosen)
    }));
    let field = |name, key: &str, value: &str| Field {
        name,
        label: visit.t(key),
        value: value.to_owned(),
        required: true,
        kind: "search",
        ..Field::default()
    };
    Ok(html! {
        form.filter method="get" action="/journal" {
            (ui::select(visit, &Field { required: false, ..field("kind", "journal-kind", "") }, &kinds))
            (ui::select(visit, &Field { required: false, ..field("person", "record-who", "") }, &people))
            (ui::input(visit, &Field { required: false, ..field("record", "journal-record-id", &filter.record) }))
            (ui::input(visit, &Field { required: false, ..field("request", "record-request", &filter.request) }))
            button.button type="submit" { (visit.t("spine-filter")) }
        }
    })
}

async fn export(visit: Visit, UrlQuery(filter): UrlQuery<Filter>) -> Result<Response, PageError> {
    visit.require(Action::ViewJournal)?;
    let entries = find(&visit, &filter, ENTRIES_SCANNED_MAX).await?;
    let head = [
        "journal-seq",
        "record-when",
        "record-who",
        "journal-kind",
        "journal-record-id",
        "journal-version",
        "record-why",
        "record-request",
        "record-commitment",
    ];
    let mut csv = Csv::new(head.map(|it| visit.t(it)));
    for entry in &entries {
        csv.row([
            entry.seq.to_string(),
            entry.at.to_string(),
            who(&visit, &entry.principal),
            words::kind(&visit, &entry.kind),
            entry.id.to_string(),
            entry.version.to_string(),
            entry.reason.clone(),
            entry.request_id.clone(),
            hutong_store::to_hex(&entry.commitment),
        ]);
    }
    Ok(csv.respond("journal.csv"))
}
