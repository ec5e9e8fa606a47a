//! A form that was refused: shown again with what was typed, and what is wrong at the field it is about.

use axum::http::StatusCode;
use axum::response::Response;
use hutong_kernel::Refusal;
use hutong_web::ui::Problem;
use hutong_web::{PageError, Visit};

use crate::services::ServiceError;

/// The problem to show in the form, at the field that `fields` names for the refusal's code.
///
/// # Errors
/// What a form cannot show: a missing record, a missing right, a fault.
pub(crate) fn problem(
    visit: &Visit,
    fields: &[(&str, &str)],
    error: ServiceError,
) -> Result<Problem, PageError> {
    let status = error.status();
    if matches!(status, 401 | 403 | 404) || 500 <= status {
        return Err(error.into());
    }
    let code = error.code();
    let reason = [("store.empty_reason", "reason"), ("store.reason_too_long", "reason")];
    let field =
        fields.iter().chain(&reason).find(|(known, _)| *known == code).map_or("", |(_, field)| *field);
    Ok(Problem::refusal(visit, field, &error))
}

/// The page with the form again; its status says that nothing was saved.
pub(crate) fn answer(mut response: Response, problems: &[Problem]) -> Response {
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}
