//! Changing a task: title, content, who does it, by when, steps, weight.

use axum::Router;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, OrganisationId, TaskId};
use hutong_store::Version;
use hutong_web::ui::{self, Field, Problem};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::pieces::{Bodies, Fields, FormRefusal, id, plans};
use crate::services::{ServiceError, TaskView};
use crate::task::{EditTask, Milestone};

pub(super) fn pages() -> Router<App> {
    Router::new().route("/tasks/{id}/edit", get(show).post(save))
}

async fn show(visit: Visit, Path(given): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::EditPlan)?;
    draw(&visit, id(&given)?, None, &[]).await
}

async fn draw(
    visit: &Visit,
    task: TaskId,
    typed: Option<&Fields>,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let view = plans(visit).task(task).await?;
    let bodies = plans(visit).organisations().await?;
    let head = PageHead::new(visit.t("plans-edit-task"))
        .crumb(visit.t("nav-plans"), "/plans")
        .crumb(&view.plan.title, format!("/plans/{}/board", view.plan.id))
        .crumb(&view.task.title, format!("/tasks/{task}"));
    let body = html! { (ui::error_summary(visit, problems)) (form(visit, &view, &bodies, typed, problems)) };
    let mut response = visit.page(head, body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn form(
    visit: &Visit,
    view: &TaskView,
    bodies: &Bodies,
    typed: Option<&Fields>,
    problems: &[Problem],
) -> Markup {
    let it = &view.task;
    let text = |name: &'static str, label: &str, value: String, kind: &'static str, required: bool| Field {
        name,
        label: visit.t(label),
        value: typed.map_or(value, |typed| typed.get(name).to_owned()),
        kind,
        required,
        problems,
        ..Field::default()
    };
    let names = |ids: &[OrganisationId]| {
        ids.iter().filter_map(|id| bodies.get(id)).map(|it| it.name.clone()).collect::<Vec<_>>().join("、")
    };
    let milestones =
        it.milestones.iter().map(|step| format!("{} {}", step.due, step.name)).collect::<Vec<_>>().join("\n");
    html! {
        form.card.stack method="post" action={ "/tasks/" (it.id) "/edit" } data-unsaved {
            (ui::hidden("version", &it.version.to_string()))
            (ui::input(visit, &text("title", "plans-column-task", it.title.clone(), "", true)))
            (ui::textarea(visit, &text("content", "plans-column-content", it.content.clone(), "", false), 5))
            (ui::input(visit, &Field { help: Some(visit.t("plans-field-bodies-help")), ..text("responsible", "plans-column-responsible", names(&it.responsible), "", true) }))
            (ui::input(visit, &Field { help: Some(visit.t("plans-field-bodies-help")), ..text("cooperating", "plans-column-cooperating", names(&it.cooperating), "", false) }))
            div.field-row {
                (ui::input(visit, &text("deadline", "plans-column-deadline", it.deadline.day.to_string(), "date", true)))
                (ui::input(visit, &text("weight", "plans-fact-weight", it.weight.to_string(), "number", true)))
            }
            (ui::textarea(visit, &Field { help: Some(visit.t("plans-field-milestones-help")), ..text("milestones", "plans-milestones", milestones, "", false) }, 4))
            (ui::checkbox("withdraw", &visit.t("plans-withdraw-task"), false))
            (ui::reason(visit, typed.map_or("", |typed| typed.get("reason")), problems))
            (ui::actions(visit, &visit.t("plans-save"), Some(&format!("/tasks/{}", it.id))))
        }
    }
}

async fn save(
    visit: Visit,
    Path(given): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    visit.require(Action::EditPlan)?;
    let (task, fields): (TaskId, _) = (id(&given)?, Fields(fields));
    let view = plans(&visit).task(task).await?;
    let bodies = plans(&visit).organisations().await?;
    let edit = match filled(&visit, &fields, &view, &bodies) {
        Ok(edit) => edit,
        Err(refusal) => {
            return draw(&visit, task, Some(&fields), &[Problem::refusal(&visit, refusal.field(), &refusal)])
                .await;
        }
    };
    let version = fields.parsed("version")?.map(Version);
    match plans(&visit).edit_task(task, version, edit, fields.get("reason")).await {
        Ok(_) => Ok(visit.redirect(&format!("/tasks/{task}"), "task-saved")),
        Err(ServiceError::Task(refusal)) => {
            draw(&visit, task, Some(&fields), &[Problem::refusal(&visit, "", &refusal)]).await
        }
        Err(other) => Err(other.into()),
    }
}

fn filled(visit: &Visit, fields: &Fields, view: &TaskView, bodies: &Bodies) -> Result<EditTask, FormRefusal> {
    let named = |field: &'static str| -> Result<Vec<OrganisationId>, FormRefusal> {
        let mut found = Vec::new();
        for name in fields
            .get(field)
            .split(['、', ',', ';', '\u{ff0c}', '\u{ff1b}'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let body = bodies
                .values()
                .find(|it| it.exists_on(visit.ctx.today) && (it.goes_by(name) || it.name_en == name));
            let body = body
                .ok_or_else(|| FormRefusal::Unreadable { field, given: name.chars().take(64).collect() })?;
            found.push(body.id);
        }
        Ok(found)
    };
    let mut milestones = Vec::new();
    for line in fields.get("milestones").lines().map(str::trim).filter(|line| !line.is_empty()) {
        let unreadable =
            || FormRefusal::Unreadable { field: "milestones", given: line.chars().take(64).collect() };
        let (day, name) = line.split_once(char::is_whitespace).ok_or_else(unreadable)?;
        let due = day.parse().map_err(|_unreadable| unreadable())?;
        let name = name.trim().to_owned();
        // A step that keeps its name keeps the day on which it was done.
        let done = view.task.milestones.iter().find(|step| step.name == name).and_then(|step| step.done);
        milestones.push(Milestone { name, due, done });
    }
    Ok(EditTask {
        title: Some(fields.get("title").to_owned()),
        content: Some(fields.get("content").to_owned()),
        responsible: Some(named("responsible")?),
        cooperating: Some(named("cooperating")?),
        deadline: fields.parsed("deadline")?,
        milestones: Some(milestones),
        weight: fields.parsed("weight")?,
        withdraw: fields.ticked("withdraw"),
    })
}
