//! The ledger of tasks as a spreadsheet: out, and back with its progress filled in.
//!
//! A filled file is kept under its digest, shown as what it would change, and handed in by a second step that reads
//! the same file again: what was agreed to is what is done.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hutong_kernel::district::Language;
use hutong_kernel::{Action, Refusal};
use hutong_store::Sha256;
use hutong_web::ui::{self, Column as TableColumn, Icon, Problem, Table, Tone, url};
use hutong_web::{App, PageError, Value, Visit};
use maud::{Markup, html};
use serde::Deserialize;

use super::bodies::Bodies;
use super::plan::{PlanTab, Shown, address};
use super::refused_form;
use crate::refusals::refusals;
use crate::services::{Plans, SheetChange, SheetError, SheetPreview, TaskRow as BoardRow};
use crate::task_spreadsheet::{
    BYTES_MAX, Column, FilledSheet, RowKey, SheetRefusal, SheetWords, TaskRow, read_tasks, write_tasks,
};

refusals! {
    /// Why no file was taken.
    pub enum SheetFormRefusal {
        /// The form came without a file.
        NoFile => ("plans.sheet.no_file", 422, "no file was chosen"),
        /// The upload broke off.
        BrokenOff => ("plans.sheet.broken_off", 400, "the upload broke off"),
    }
}

/// The export, the form, the preview and the handing in.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plans/{id}/tasks.xlsx", get(export))
        // The limit is held while the file is read: see `file_of`.
        .route("/plans/{id}/tasks/import", get(form).post(preview).layer(DefaultBodyLimit::disable()))
        .route("/plans/{id}/tasks/import/confirm", post(confirm))
}

fn services(visit: &Visit) -> Plans<'_> {
    Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx)
}

async fn export(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = services(&visit);
    let board = plans.tasks_to_export(super::plan::parse_id(&id)?).await?;
    let bodies = Bodies::read(&plans).await?;
    let rows: Vec<TaskRow> = board.tasks.iter().map(|row| sheet_row(&visit, &bodies, row)).collect();
    let title = visit.t_with("plans-sheet-title-line", &[("plan", Value::from(board.plan.title.clone()))]);
    let words = SheetWords {
        sheet: visit.t("plans-sheet-name"),
        note: visit.t_with("plans-sheet-note", &[("day", Value::from(visit.date(visit.ctx.today)))]),
        headings: headings(&visit, visit.lang),
        title,
    };
    let bytes = write_tasks(&words, &rows).map_err(PageError::fault)?;
    let name = visit.t_with("plans-sheet-file", &[("day", Value::from(visit.ctx.today.to_string()))]);
    // RFC 6266: an ASCII name for old programs, the real one for the others.
    let disposition = format!("attachment; filename=\"tasks.xlsx\"; filename*=UTF-8''{}", url::encode(&name));
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn headings(visit: &Visit, language: Language) -> [String; 12] {
    Column::ALL.map(|column| visit.app.messages.text(language, column.message(), &[]))
}

fn sheet_row(visit: &Visit, bodies: &Bodies, row: &BoardRow) -> TaskRow {
    let task = &row.task;
    TaskRow {
        key: RowKey { task: task.id, version: task.version.0 },
        group: task.heading.clone().unwrap_or_default(),
        special_action: task.special_action.clone().unwrap_or_default(),
        number: task.number.to_string(),
        title: task.title.clone(),
        content: task.content.clone(),
        responsible: bodies.list(visit, &task.responsible),
        cooperating: bodies.list(visit, &task.cooperating),
        basis: task.basis.iter().map(|it| format!("《{it}》")).collect::<Vec<_>>().join("\n"),
        deadline: Some(task.deadline.day),
        light: row.state().map_or_else(String::new, |state| visit.t(&format!("light-{}", state.name()))),
        percent: row.report.as_ref().map(|it| it.percent),
        narrative: row.report.as_ref().map(|it| it.narrative.clone()).unwrap_or_default(),
    }
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::ImportTasks)?;
    let shown = Shown::load(&visit, &services(&visit), &id).await?;
    draw_form(&visit, &shown, &[]).await
}

async fn draw_form(visit: &Visit, shown: &Shown, problems: &[Problem]) -> Result<Response, PageError> {
    let plan = shown.plan.id;
    let megabytes = (BYTES_MAX / (1024 * 1024)).to_string();
    let body = html! {
        section.card {
            (ui::error_summary(visit, problems))
            p { (visit.t("plans-sheet-import-how")) }
            form method="post" action={ "/plans/" (plan) "/tasks/import" } enctype="multipart/form-data" #import-sheet {
                div.field {
                    label for="file" { (visit.t("plans-sheet-import-file")) }
                    input #file type="file" name="file" accept=".xlsx" required;
                    p.help { (visit.t_with("plans-sheet-import-help", &[("megabytes", Value::from(megabytes))])) }
                }
                (ui::actions(visit, &visit.t("plans-sheet-import-look"), Some(&address(plan, PlanTab::Tasks))))
            }
        }
        p {
            a.button #tasks-xlsx data-action="export-xlsx" href={ "/plans/" (plan) "/tasks.xlsx" } {
                (Icon::Download.svg()) (visit.t("plans-sheet-download"))
            }
        }
    };
    let head = shown.head(visit, PlanTab::Tasks).lead(visit.t("plans-sheet-import-title"));
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}

async fn preview(visit: Visit, Path(id): Path<String>, multipart: Multipart) -> Result<Response, PageError> {
    visit.require(Action::ImportTasks)?;
    let plans = services(&visit);
    let shown = Shown::load(&visit, &plans, &id).await?;
    let problem = |refusal: &dyn Refusal| vec![Problem::refusal(&visit, "file", refusal)];
    let bytes = match file_of(multipart).await {
        Ok(bytes) => bytes,
        Err(SheetUpload::Form(refusal)) => return draw_form(&visit, &shown, &problem(&refusal)).await,
        Err(SheetUpload::Sheet(refusal)) => return draw_form(&visit, &shown, &problem(&refusal)).await,
    };
    let sheet = match read(&visit, bytes.clone()).await? {
        Ok(sheet) => sheet,
        Err(refusal) => return draw_form(&visit, &shown, &problem(&refusal)).await,
    };
    let file = visit.app.store.put_file(bytes).await?;
    let preview = plans.preview_sheet(shown.plan.id, sheet).await?;
    draw_preview(&visit, &shown, &preview, &file.sha256.to_string(), &[]).await
}

enum SheetUpload {
    Form(SheetFormRefusal),
    Sheet(SheetRefusal),
}

/// The form's file.
async fn file_of(mut multipart: Multipart) -> Result<Vec<u8>, SheetUpload> {
    let broken = |_error| SheetUpload::Form(SheetFormRefusal::BrokenOff);
    while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if BYTES_MAX < bytes.len() + chunk.len() {
                let bytes = bytes.len() + chunk.len();
                return Err(SheetUpload::Sheet(SheetRefusal::TooLarge { bytes, max: BYTES_MAX }));
            }
            bytes.extend_from_slice(&chunk);
        }
        if !bytes.is_empty() {
            return Ok(bytes);
        }
    }
    Err(SheetUpload::Form(SheetFormRefusal::NoFile))
}

/// Reads the workbook away from the server's own threads.
async fn read(visit: &Visit, bytes: Vec<u8>) -> Result<Result<FilledSheet, SheetRefusal>, PageError> {
    let known = Language::ALL.map(|language| headings(visit, language));
    tokio::task::spawn_blocking(move || read_tasks(&bytes, &known)).await.map_err(PageError::fault)
}

async fn draw_preview(
    visit: &Visit,
    shown: &Shown,
    preview: &SheetPreview,
    file: &str,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let plan = shown.plan.id;
    let counts = visit.t_with(
        "plans-sheet-preview-counts",
        &[
            ("changes", Value::from(preview.changes.len().to_string())),
            ("unchanged", Value::from(preview.unchanged.to_string())),
            ("empty", Value::from(preview.empty.to_string())),
            ("errors", Value::from(preview.errors.len().to_string())),
        ],
    );
    let body = html! {
        (ui::error_summary(visit, problems))
        p.lead { (counts) }
        (refused_rows(visit, &preview.errors))
        @if preview.changes.is_empty() {
            (ui::empty_state(
                Icon::Tasks,
                &visit.t("plans-sheet-nothing"),
                &visit.t("plans-sheet-nothing-why"),
                Some(html! { a.button href={ "/plans/" (plan) "/tasks/import" } { (visit.t("plans-sheet-again")) } }),
            ))
        } @else {
            (changes(visit, &preview.changes))
            section.card {
                form method="post" action={ "/plans/" (plan) "/tasks/import/confirm" } #confirm-sheet {
                    (ui::hidden("file", file))
                    p { (visit.t("plans-sheet-confirm-what")) }
                    (ui::reason(visit, &visit.t("plans-sheet-reason"), problems))
                    (ui::actions(visit, &visit.t("plans-sheet-confirm"), Some(&format!("/plans/{plan}/tasks/import"))))
                }
            }
        }
    };
    let head = shown.head(visit, PlanTab::Tasks).lead(visit.t("plans-sheet-preview-title"));
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}

fn refused_rows(visit: &Visit, errors: &[SheetError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ui::callout(Tone::Attention, Some(&visit.t("plans-sheet-refused-rows")), html! {
                ul {
                    @for error in errors {
                        @let problem = Problem::refusal(visit, "", error.refusal.0.as_ref());
                        li {
                            (visit.t_with("plans-sheet-row", &[("row", Value::from(error.row.to_string()))]))
                            (problem.text) " " code { (error.refusal.0.code()) }
                        }
                    }
                }
            }))
        }
    }
}

fn changes(visit: &Visit, changes: &[SheetChange]) -> Markup {
    let mut table = Table::new(
        visit.t("plans-sheet-preview-title"),
        vec![
            TableColumn::figure(visit.t("plans-sheet-row-number")),
            TableColumn::text(visit.t(Column::Title.message())),
            TableColumn::figure(visit.t("plans-sheet-before")),
            TableColumn::figure(visit.t("plans-sheet-after")),
            TableColumn::text(visit.t(Column::Narrative.message())),
        ],
    );
    for change in changes {
        table.row(vec![
            html! { (change.row) },
            html! { a href={ "/tasks/" (change.task.id) } { (change.task.number) " " (change.task.title) } },
            html! { @if let Some(before) = change.before { (before) "%" } @else { "–" } },
            html! { (change.percent) "%" },
            html! { (change.narrative) },
        ]);
    }
    table.draw(visit)
}

#[derive(Deserialize)]
struct Confirm {
    #[serde(default)]
    file: String,
    #[serde(default)]
    reason: String,
}

async fn confirm(
    visit: Visit,
    Path(id): Path<String>,
    Form(confirm): Form<Confirm>,
) -> Result<Response, PageError> {
    visit.require(Action::ImportTasks)?;
    let plans = services(&visit);
    let shown = Shown::load(&visit, &plans, &id).await?;
    let sha256: Sha256 = confirm.file.parse().map_err(|_no_digest| PageError::not_found())?;
    let bytes = visit.app.store.read_file(&sha256).await?;
    let sheet = match read(&visit, bytes).await? {
        Ok(sheet) => sheet,
        Err(refusal) => return Err(refusal.into()),
    };
    let preview = plans.preview_sheet(shown.plan.id, sheet).await?;
    if confirm.reason.trim().is_empty() {
        let problems = [Problem::refusal(&visit, "reason", &hutong_store::StoreError::EmptyReason)];
        return draw_preview(&visit, &shown, &preview, &confirm.file, &problems).await;
    }
    let (handed_in, refused) = plans.apply_sheet(preview.changes, &confirm.reason).await?;
    if refused.is_empty() {
        return Ok(visit.redirect(&address(shown.plan.id, PlanTab::Tasks), "sheet"));
    }
    let done = visit.t_with("plans-sheet-done-some", &[("count", Value::from(handed_in.to_string()))]);
    let body = html! {
        p.lead { (done) }
        (refused_rows(&visit, &refused))
        p { a.button href=(address(shown.plan.id, PlanTab::Tasks)) { (visit.t("plans-sheet-to-tasks")) } }
    };
    let head = shown.head(&visit, PlanTab::Tasks).lead(visit.t("plans-sheet-import-title"));
    Ok(visit.page(head, body).await)
}
