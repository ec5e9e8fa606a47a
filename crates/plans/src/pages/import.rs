//! Handing a document in, and the list of what was handed in.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use hutong_kernel::{Action, Refusal};
use hutong_store::{Count, Stored};
use hutong_web::error::HttpRefusal;
use hutong_web::messages::Value;
use hutong_web::ui::{self, Address, Chip, Column, Icon, Pager, Problem, Table, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use crate::document::{ReadError, limits};
use crate::reading::{Reading, ReadingState};
use crate::refusals::refusals;
use crate::services::{Plans, ServiceError};

/// Kinds of files that can be read, for the file chooser.
const ACCEPTED: &str = ".txt,.md,.html,.htm,.docx,.xlsx,.pdf";
/// A larger upload is read to its end and thrown away up to this, so that the browser hears why it was refused.
/// Unit: bytes.
const DRAINED_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Filters of the list.
const STATES: [&str; 3] = ["open", "adopted", "discarded"];

refusals! {
    /// Why nothing was handed in.
    pub enum ImportRefusal {
        /// The form came without a file.
        NoFile => ("plans.import.no_file", 422, "no file was chosen"),
        /// The upload broke off.
        BrokenOff => ("plans.import.broken_off", 400, "the upload broke off"),
    }
}

pub(crate) fn pages() -> Router<App> {
    // The limit is held while the file is read: see `file_of`.
    Router::new().route("/import", get(show).post(upload).layer(DefaultBodyLimit::disable()))
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    visit.require(Action::ImportDocument)?;
    page(&visit, None).await
}

async fn upload(visit: Visit, multipart: Multipart) -> Result<Response, PageError> {
    visit.require(Action::ImportDocument)?;
    let limit = visit.app.limits.upload_bytes_max.min(limits::FILE_BYTES_MAX);
    let received = match file_of(multipart, limit).await {
        Ok((name, bytes)) => {
            let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
            let reason = visit.t_with("reason-import", &[("file", Value::from(name.clone()))]);
            plans.receive_document(&name, bytes, &reason).await
        }
        Err(UploadError::Refused(refusal)) => return page(&visit, Some(&refusal)).await,
        Err(UploadError::TooLarge) => {
            let refusal = ReadError::TooLarge { what: "file", limit };
            return page(&visit, Some(&refusal)).await;
        }
    };
    match received {
        Ok(reading) => Ok(Redirect::to(&format!("/import/{}", reading.id)).into_response()),
        Err(ServiceError::Read(refusal)) => page(&visit, Some(&refusal)).await,
        Err(other) => Err(other.into()),
    }
}

enum UploadError {
    Refused(ImportRefusal),
    TooLarge,
}

/// The form's file with its name.
async fn file_of(mut multipart: Multipart, limit: usize) -> Result<(String, Vec<u8>), UploadError> {
    let broken = |_error| UploadError::Refused(ImportRefusal::BrokenOff);
    while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        // Some browsers send the whole path of the file.
        let name =
            field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        let mut length = 0_usize;
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            length = length.saturating_add(chunk.len());
            if length <= limit {
                bytes.extend_from_slice(&chunk);
            } else if DRAINED_BYTES_MAX < length {
                return Err(UploadError::TooLarge);
            }
        }
        if limit < length {
            return Err(UploadError::TooLarge);
        }
        if name.is_empty() && bytes.is_empty() {
            break;
        }
        return Ok((name, bytes));
    }
    Err(UploadError::Refused(ImportRefusal::NoFile))
}

async fn page(visit: &Visit, refusal: Option<&dyn Refusal>) -> Result<Response, PageError> {
    let here = Address::parse(&visit.path_and_query);
    let state = here.get("state").filter(|state| STATES.contains(state));
    let after =
        here.get("after").map(str::parse).transpose().map_err(|_unreadable| HttpRefusal::BadRequest)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let list = plans.readings(state, after, visit.app.limits.page_rows).await?;
    let (count, at_least) = match list.count {
        Count::Exact(count) => (count, false),
        Count::AtLeast(count) => (count, true),
    };
    let next = list.next.map(|cursor| cursor.to_string());
    let problems: Vec<Problem> = refusal.iter().map(|it| Problem::refusal(visit, "file", *it)).collect();
    let body = html! {
        (upload_form(visit, &problems))
        section {
            div.section-head { h2 { (visit.t("import-list")) } }
            @if list.items.is_empty() && state.is_none() {
                (ui::empty_state(Icon::Import, &visit.t("import-empty"), &visit.t("import-empty-why"), None))
            } @else {
                (filters(visit, &here, state))
                (readings(visit, &list.items))
                (ui::pager(visit, &here, &Pager { count, at_least, next }))
            }
        }
    };
    let head = PageHead::new(visit.t("import-title")).lead(visit.t("import-lead"));
    let mut response = visit.page(head, body).await;
    if let Some(refusal) = refusal {
        *response.status_mut() =
            StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(response)
}

fn upload_form(visit: &Visit, problems: &[Problem]) -> Markup {
    let megabytes = visit.app.limits.upload_bytes_max.min(limits::FILE_BYTES_MAX) / (1024 * 1024);
    let help = visit.t_with("import-file-help", &[("megabytes", Value::from(megabytes.to_string()))]);
    html! {
        section.card {
            (ui::error_summary(visit, problems))
            form method="post" action="/import" enctype="multipart/form-data" data-upload
                data-reading=(visit.t("import-reading")) data-failed=(visit.t("import-failed")) {
                div.drop {
                    (Icon::Upload.svg())
                    label for="field-file" { (visit.t("import-file")) }
                    p.help #help-file { (help) }
                    input #field-file type="file" name="file" required accept=(ACCEPTED) aria-describedby="help-file";
                    p.drop-chosen aria-live="polite" {}
                }
                progress hidden aria-label=(visit.t("import-progress")) {}
                p.upload-status role="status" {}
                div.form-actions {
                    button.button.primary type="submit" { (visit.t("import-submit")) }
                    button.button type="button" data-stop hidden { (visit.t("import-stop")) }
                }
            }
        }
    }
}

fn filters(visit: &Visit, here: &Address, state: Option<&str>) -> Markup {
    let clean = here.clone().without("after");
    let mut choices = vec![Chip::new(
        html! { (visit.t("review-filter-all")) },
        clean.clone().without("state").to_string(),
        state.is_none(),
    )];
    for name in STATES {
        let href = clean.clone().with("state", name).to_string();
        choices.push(Chip::new(
            html! { (visit.t(&format!("reading-state-{name}"))) },
            href,
            state == Some(name),
        ));
    }
    html! { div.filters { (ui::chips(visit, &visit.t("review-filter-state"), &choices)) } }
}

fn readings(visit: &Visit, list: &[Stored<Reading>]) -> Markup {
    let columns = vec![
        Column::text(visit.t("import-column-title")),
        Column::short(visit.t("import-column-read")),
        Column::figure(visit.t("import-column-findings")),
        Column::short(visit.t("import-column-state")),
    ];
    let mut table = Table::new(visit.t("import-list"), columns);
    for reading in list {
        table.row(vec![
            html! { a href={ "/import/" (reading.id) } { (reading.title) } },
            visit.date_cell(reading.read_on),
            html! { (visit.count(u64::from(reading.findings))) },
            state_badge(visit, &reading.state),
        ]);
    }
    table.draw(visit)
}

/// Where a reading stands, as a badge.
pub(crate) fn state_badge(visit: &Visit, state: &ReadingState) -> Markup {
    let tone = match state {
        ReadingState::Open => Tone::Info,
        ReadingState::Adopted { .. } => Tone::Good,
        ReadingState::Discarded => Tone::Plain,
    };
    ui::badge(tone, &visit.t(&format!("reading-state-{}", state.name())))
}
