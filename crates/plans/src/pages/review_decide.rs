//! Deciding on findings: accept, reject, take back, correct, split, merge, add, accept what is sure.
//!
//! Every decision is stored at once as a version of the finding, so a review can be left and found again. A
//! decision taken with JavaScript is answered with the card alone, otherwise with a way back to it.

use axum::Router;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hutong_kernel::{Action, FindingId, ReadingId, Refusal};
use hutong_store::{Stored, Version};
use hutong_web::messages::Value;
use hutong_web::ui::{self, Address, Problem};
use hutong_web::visit::local_path;
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::review::{Desk, VERY_SURE_BP, decider_of, tab_of};
use super::review_form::{self, Typed};
use super::{review_content, review_document, review_fields};
use crate::decide_finding::FindingRefusal;
use crate::reading::{Content, Finding, FindingState};
use crate::services::{FindingDecision, Plans, ReadingView, ServiceError};
use crate::source::Place;

/// Most parts that a split offers fields for.
const PARTS_MAX: usize = 12;
/// Findings before and after one that can be merged with it on the page.
const NEIGHBOURS_MAX: usize = 40;

type Pairs = Vec<(String, String)>;

pub(crate) fn pages() -> Router<App> {
    let at = |action: &str| format!("/import/{{reading}}/findings/{{finding}}/{action}");
    Router::new()
        .route(&at("accept"), post(accept))
        .route(&at("reject"), post(reject))
        .route(&at("reopen"), post(reopen))
        .route(&at("correct"), get(show_correct).post(correct))
        .route(&at("split"), get(show_split).post(split))
        .route(&at("merge"), get(show_merge).post(merge))
        .route("/import/{reading}/add", get(show_add).post(add))
        .route("/import/{reading}/accept-sure", post(accept_sure))
}

fn plans(visit: &Visit) -> Plans<'_> {
    Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx)
}

fn typed(pairs: &Pairs) -> Typed {
    pairs.iter().cloned().collect()
}

fn version(typed: &Typed) -> Option<Version> {
    typed.get("version").and_then(|it| it.parse().ok()).map(Version)
}

/// The page that the form came from; the review itself when it does not say.
fn back(reading: ReadingId, typed: &Typed) -> String {
    match typed.get("back").map(String::as_str).filter(|it| !it.is_empty()).map(local_path) {
        Some(path) if path.starts_with("/import/") => path.to_owned(),
        _ => format!("/import/{reading}"),
    }
}

async fn accept(
    visit: Visit,
    Path(ids): Path<(ReadingId, FindingId)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let form = typed(&pairs);
    let reading = form.get("reading").and_then(|it| it.parse().ok());
    decide(&visit, ids, &form, FindingDecision::Accept { reading }, "accept").await
}

async fn reject(
    visit: Visit,
    Path(ids): Path<(ReadingId, FindingId)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let form = typed(&pairs);
    let reason = form.get("why").cloned();
    decide(&visit, ids, &form, FindingDecision::Reject { reason }, "reject").await
}

async fn reopen(
    visit: Visit,
    Path(ids): Path<(ReadingId, FindingId)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    decide(&visit, ids, &typed(&pairs), FindingDecision::Reopen, "reopen").await
}

/// Takes a decision that needs no form of its own, and answers with the card.
async fn decide(
    visit: &Visit,
    (reading, id): (ReadingId, FindingId),
    form: &Typed,
    decision: FindingDecision,
    action: &str,
) -> Result<Response, PageError> {
    let reason = visit.t(&format!("reason-{action}"));
    let refused = match plans(visit).decide_finding(id, version(form), decision, &reason).await {
        Ok(_) => None,
        Err(error) if error.status() < 500 && !matches!(error, ServiceError::Denied(_)) => Some(error),
        Err(error) => return Err(error.into()),
    };
    let back = back(reading, form);
    if refused.is_none() && !visit.htmx {
        let response = visit.redirect(&format!("{back}#finding-{id}"), &format!("finding-{action}"));
        return Ok(response);
    }
    let view = plans(visit).reading(reading).await?;
    let finding = view.findings.iter().find(|it| it.id == id).ok_or(FindingRefusal::NotFound)?;
    let desk = Desk::at(visit, &view, Address::parse(&back));
    let decider = decider_of(visit, finding).await?;
    let card = desk.card(finding, decider.as_ref(), refused.as_ref().map(ServiceError::refusal));
    if !visit.htmx {
        // Without JavaScript the refusal is a page of its own, with the card to try again.
        let head = edit_head(visit, &view, &visit.t("review-refused"));
        let mut response = visit
            .page(head, html! { h2.unseen { (visit.t("review-pane-findings")) } div.cards { (card) } })
            .await;
        *response.status_mut() = status_of(refused.as_ref().map(ServiceError::refusal));
        return Ok(response);
    }
    let status = refused.as_ref().map_or(StatusCode::OK, |it| status_of(Some(it.refusal())));
    let body = html! { (card) (desk.progress(true)) (desk.tabs(true)) };
    Ok((status, body).into_response())
}

fn status_of(refusal: Option<&dyn Refusal>) -> StatusCode {
    let status = refusal.map_or(422, Refusal::status);
    StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn accept_sure(
    visit: Visit,
    Path(reading): Path<ReadingId>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    // A tab that names no kind accepts nothing, and must still not look like success to those who may not.
    visit.require(Action::ReviewFindings)?;
    let form = typed(&pairs);
    let tab = form.get("tab").map(String::as_str).unwrap_or_default();
    let reason = visit.t("reason-accept-sure");
    for kind in
        Content::KINDS.into_iter().filter(|kind| *kind == tab || (tab == "metadata" && *kind == "approval"))
    {
        plans(&visit).accept_confident(reading, Some(kind), VERY_SURE_BP, &reason).await?;
    }
    Ok(visit.redirect(&back(reading, &form), "finding-accept-sure"))
}

/// A reading and one of its findings.
async fn load(
    visit: &Visit,
    reading: ReadingId,
    id: FindingId,
) -> Result<(ReadingView, Stored<Finding>), PageError> {
    let view = plans(visit).reading(reading).await?;
    let finding = view.findings.iter().find(|it| it.id == id).cloned().ok_or(FindingRefusal::NotFound)?;
    Ok((view, finding))
}

fn edit_head(visit: &Visit, view: &ReadingView, title: &str) -> PageHead {
    PageHead::new(title)
        .crumb(visit.t("import-title"), "/import")
        .crumb(view.reading.title.clone(), format!("/import/{}", view.reading.id))
}

/// The page around a form: the words it is about on one side, the form on the other.
async fn edit_page(
    visit: &Visit,
    view: &ReadingView,
    finding: Option<&Finding>,
    title: &str,
    problems: &[Problem],
    form: Markup,
) -> Response {
    let body = html! {
        div.columns.edit {
            section.card { (ui::error_summary(visit, problems)) (form) }
            @if let Some(finding) = finding {
                aside.card.source {
                    h2 { (visit.t("review-source")) }
                    (context_of(view, finding))
                    h3 { (visit.t("review-found")) }
                    p { (review_content::name(visit, &finding.found)) }
                    (review_content::content(visit, &finding.found))
                }
            }
        }
    };
    let mut response = visit.page(edit_head(visit, view, title), body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// The line with the finding's words, with the lines around it.
fn context_of(view: &ReadingView, finding: &Finding) -> Markup {
    let Some(place) = &finding.place else { return html! {} };
    let (start, end) = (usize::try_from(place.start).unwrap_or(0), usize::try_from(place.end).unwrap_or(0));
    html! { blockquote.context lang="zh-CN" { (review_document::around(&view.text, start, end)) } }
}

/// A form that decides on a finding, with its reason and the way back.
fn decision_form(
    visit: &Visit,
    reading: ReadingId,
    version: Version,
    back: &str,
    label: &str,
    fields: Markup,
) -> Markup {
    html! {
        form method="post" data-guard {
            (ui::hidden("version", &version.0.to_string())) (ui::hidden("back", back))
            (fields)
            (ui::actions(visit, label, Some(if back.is_empty() { "/import" } else { back })))
        }
        p.help { a href={ "/import/" (reading) } { (visit.t("review-back")) } }
    }
}

fn asked_back(visit: &Visit, reading: ReadingId, finding: &Finding) -> String {
    let here = Address::parse(&visit.path_and_query);
    match here.get("back").map(local_path) {
        Some(path) if path.starts_with("/import/") => path.to_owned(),
        _ => Address::new(format!("/import/{reading}")).with("tab", tab_of(finding.content())).to_string(),
    }
}

async fn show_correct(
    visit: Visit,
    Path((reading, id)): Path<(ReadingId, FindingId)>,
) -> Result<Response, PageError> {
    let (view, finding) = load(&visit, reading, id).await?;
    let back = asked_back(&visit, reading, &finding);
    let typed = review_form::typed(finding.content());
    Ok(correct_page(&visit, &view, &finding, finding.version, &back, &typed, &[]).await)
}

async fn correct_page(
    visit: &Visit,
    view: &ReadingView,
    finding: &Stored<Finding>,
    version: Version,
    back: &str,
    typed: &Typed,
    problems: &[Problem],
) -> Response {
    let fields = review_fields::fields(visit, finding.content().kind(), "", typed, problems);
    let form = decision_form(visit, view.reading.id, version, back, &visit.t("review-save"), fields);
    edit_page(visit, view, Some(finding), &visit.t("review-correct-title"), problems, form).await
}

async fn correct(
    visit: Visit,
    Path((reading, id)): Path<(ReadingId, FindingId)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let form = typed(&pairs);
    let (view, finding) = load(&visit, reading, id).await?;
    let back = back(reading, &form);
    let seen = version(&form).unwrap_or(finding.version);
    let problems = match review_form::read(finding.content().kind(), &form, Some(finding.content())) {
        Ok(content) => {
            let reason = visit.t("reason-correct");
            match plans(&visit)
                .decide_finding(id, Some(seen), FindingDecision::Correct { content }, &reason)
                .await
            {
                Ok(_) => return Ok(visit.redirect(&format!("{back}#finding-{id}"), "finding-correct")),
                Err(error) => vec![problem(&visit, error)?],
            }
        }
        Err(refused) => review_form::problems(&visit, "", &refused),
    };
    Ok(correct_page(&visit, &view, &finding, seen, &back, &form, &problems).await)
}

/// A refusal as the form's problem; faults and denials stay what they are.
fn problem(visit: &Visit, error: ServiceError) -> Result<Problem, PageError> {
    if 500 <= error.status() || matches!(error, ServiceError::Denied(_)) {
        return Err(error.into());
    }
    Ok(Problem::refusal(visit, "", error.refusal()))
}

/// What was typed into the part of this number, without its prefix.
fn part(typed: &Typed, number: usize) -> Typed {
    let prefix = format!("p{number}-");
    typed
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?.to_owned(), value.clone())))
        .collect()
}

async fn show_split(
    visit: Visit,
    Path((reading, id)): Path<(ReadingId, FindingId)>,
) -> Result<Response, PageError> {
    let (view, finding) = load(&visit, reading, id).await?;
    let here = Address::parse(&visit.path_and_query);
    let parts = here.get("parts").and_then(|it| it.parse().ok()).unwrap_or(2_usize).clamp(2, PARTS_MAX);
    let filled = review_form::typed(finding.content());
    let parts: Vec<Typed> = (0..parts).map(|_| filled.clone()).collect();
    let back = asked_back(&visit, reading, &finding);
    Ok(split_page(&visit, &view, &finding, &back, &parts, &[]).await)
}

async fn split_page(
    visit: &Visit,
    view: &ReadingView,
    finding: &Stored<Finding>,
    back: &str,
    parts: &[Typed],
    problems: &[Problem],
) -> Response {
    let more = Address::parse(&visit.path_and_query)
        .with("parts", (parts.len() + 1).min(PARTS_MAX).to_string())
        .with("back", back);
    let fields = html! {
        p.help { (visit.t("review-split-help")) }
        (ui::hidden("parts", &parts.len().to_string()))
        @for (number, typed) in (1..).zip(parts) {
            fieldset.part {
                legend { (visit.t_with("review-part", &[("number", Value::from(number.to_string()))])) }
                (review_fields::fields(visit, finding.content().kind(), &format!("p{number}-"), typed, problems))
            }
        }
        @if parts.len() < PARTS_MAX { p { a href=(more) { (visit.t("review-more-parts")) } } }
    };
    let form =
        decision_form(visit, view.reading.id, finding.version, back, &visit.t("review-split-save"), fields);
    edit_page(visit, view, Some(finding), &visit.t("review-split-title"), problems, form).await
}

async fn split(
    visit: Visit,
    Path((reading, id)): Path<(ReadingId, FindingId)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let form = typed(&pairs);
    let (view, finding) = load(&visit, reading, id).await?;
    let back = back(reading, &form);
    let count = form.get("parts").and_then(|it| it.parse().ok()).unwrap_or(2_usize).clamp(2, PARTS_MAX);
    let filled: Vec<Typed> = (1..=count).map(|number| part(&form, number)).collect();
    let (mut contents, mut problems) = (Vec::new(), Vec::new());
    for (number, typed) in (1..).zip(&filled) {
        match review_form::read(finding.content().kind(), typed, Some(finding.content())) {
            Ok(content) => contents.push(content),
            Err(refused) => problems.extend(review_form::problems(&visit, &format!("p{number}-"), &refused)),
        }
    }
    if problems.is_empty() {
        let decision = FindingDecision::Split { parts: contents };
        match plans(&visit).decide_finding(id, version(&form), decision, &visit.t("reason-split")).await {
            Ok(_) => return Ok(visit.redirect(&format!("{back}#finding-{id}"), "finding-split")),
            Err(error) => problems.push(problem(&visit, error)?),
        }
    }
    Ok(split_page(&visit, &view, &finding, &back, &filled, &problems).await)
}

async fn show_merge(
    visit: Visit,
    Path((reading, id)): Path<(ReadingId, FindingId)>,
) -> Result<Response, PageError> {
    let (view, finding) = load(&visit, reading, id).await?;
    let back = asked_back(&visit, reading, &finding);
    let typed = review_form::typed(finding.content());
    Ok(merge_page(&visit, &view, &finding, &back, &[], &typed, &[]).await)
}

async fn merge_page(
    visit: &Visit,
    view: &ReadingView,
    finding: &Stored<Finding>,
    back: &str,
    chosen: &[FindingId],
    typed: &Typed,
    problems: &[Problem],
) -> Response {
    let kind = finding.content().kind();
    let same: Vec<&Stored<Finding>> = view
        .findings
        .iter()
        .filter(|it| it.content().kind() == kind)
        .filter(|it| !matches!(it.state, FindingState::Split { .. } | FindingState::Merged { .. }))
        .collect();
    let at = same.iter().position(|it| it.id == finding.id).unwrap_or(0);
    let near = same.into_iter().skip(at.saturating_sub(NEIGHBOURS_MAX)).take(2 * NEIGHBOURS_MAX + 1);
    let fields = html! {
        fieldset.field.merge {
            legend { (visit.t("review-merge-others")) }
            p.help { (visit.t("review-merge-help")) }
            div.merge-list {
                @for other in near.filter(|it| it.id != finding.id) {
                    label.choice {
                        input type="checkbox" name="other" value=(other.id) checked[chosen.contains(&other.id)];
                        span { (review_content::name(visit, other.content())) }
                    }
                }
            }
        }
        h2 { (visit.t("review-merge-content")) }
        (review_fields::fields(visit, kind, "", typed, problems))
    };
    let form =
        decision_form(visit, view.reading.id, finding.version, back, &visit.t("review-merge-save"), fields);
    edit_page(visit, view, Some(finding), &visit.t("review-merge-title"), problems, form).await
}

async fn merge(
    visit: Visit,
    Path((reading, id)): Path<(ReadingId, FindingId)>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let form = typed(&pairs);
    let (view, finding) = load(&visit, reading, id).await?;
    let back = back(reading, &form);
    let others: Vec<FindingId> = pairs
        .iter()
        .filter(|(name, _)| name == "other")
        .filter_map(|(_, value)| value.parse().ok())
        .collect();
    let problems = match review_form::read(finding.content().kind(), &form, Some(finding.content())) {
        Ok(content) => {
            let decision = FindingDecision::Merge { others: others.clone(), content };
            match plans(&visit).decide_finding(id, version(&form), decision, &visit.t("reason-merge")).await {
                Ok(_) => return Ok(visit.redirect(&format!("{back}#finding-{id}"), "finding-merge")),
                Err(error) => vec![problem(&visit, error)?],
            }
        }
        Err(refused) => review_form::problems(&visit, "", &refused),
    };
    Ok(merge_page(&visit, &view, &finding, &back, &others, &form, &problems).await)
}

async fn show_add(visit: Visit, Path(reading): Path<ReadingId>) -> Result<Response, PageError> {
    let view = plans(&visit).reading(reading).await?;
    let here = Address::parse(&visit.path_and_query);
    let kind = kind_of(here.get("kind"));
    let typed = review_form::empty(kind).unwrap_or_default();
    Ok(add_page(&visit, &view, kind, &typed, &[]).await)
}

/// The kind that is asked for, as it stands in the code; targets are what readers miss most.
fn kind_of(given: Option<&str>) -> &'static str {
    Content::KINDS.into_iter().find(|kind| Some(*kind) == given).unwrap_or("target")
}

async fn add_page(
    visit: &Visit,
    view: &ReadingView,
    kind: &'static str,
    typed: &Typed,
    problems: &[Problem],
) -> Response {
    let id = view.reading.id;
    let value = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let quote = ui::Field {
        name: "quote",
        label: visit.t("review-field-quote"),
        help: Some(visit.t("review-field-quote-help")),
        value: value("quote"),
        problems,
        ..ui::Field::default()
    };
    let back = Address::new(format!("/import/{id}"))
        .with("tab", if kind == "approval" { "metadata" } else { kind })
        .to_string();
    let form = html! {
        nav.chips aria-label=(visit.t("review-add-kind")) {
            ul {
                @for other in Content::KINDS {
                    li { a.chip href={ "/import/" (id) "/add?kind=" (other) } aria-current=[(other == kind).then_some("true")] { (visit.t(&format!("finding-kind-{other}"))) } }
                }
            }
        }
        form method="post" data-guard {
            (ui::hidden("kind", kind))
            (review_fields::fields(visit, kind, "", typed, problems))
            (ui::textarea(visit, &quote, 2))
            (ui::actions(visit, &visit.t("review-add-save"), Some(&back)))
        }
    };
    edit_page(visit, view, None, &visit.t("review-add-title"), problems, form).await
}

async fn add(
    visit: Visit,
    Path(reading): Path<ReadingId>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let form = typed(&pairs);
    let view = plans(&visit).reading(reading).await?;
    let kind = kind_of(form.get("kind").map(String::as_str));
    let mut problems = Vec::new();
    let place = match form.get("quote").map(|it| it.trim()).filter(|it| !it.is_empty()) {
        Some(quote) => match place_of(&view, quote) {
            Some(place) => Some(place),
            None => {
                problems.push(Problem::refusal(&visit, "quote", &FindingRefusal::WordsElsewhere));
                None
            }
        },
        None => None,
    };
    match review_form::read(kind, &form, None) {
        Ok(content) if problems.is_empty() => {
            let tab = tab_of(&content);
            match plans(&visit).add_finding(reading, content, place, &visit.t("reason-add")).await {
                Ok(finding) => {
                    let page = Address::new(format!("/import/{reading}")).with("tab", tab);
                    return Ok(visit.redirect(&format!("{page}#finding-{}", finding.id), "finding-add"));
                }
                Err(error) => problems.push(problem(&visit, error)?),
            }
        }
        Ok(_) => {}
        Err(refused) => problems.extend(review_form::problems(&visit, "", &refused)),
    }
    Ok(add_page(&visit, &view, kind, &form, &problems).await)
}

/// Where the quoted words stand first.
fn place_of(view: &ReadingView, quote: &str) -> Option<Place> {
    let (before, _) = view.text.split_once(quote)?;
    let start = u32::try_from(before.chars().count()).ok()?;
    let length = u32::try_from(quote.chars().count()).ok()?;
    let line = u32::try_from(before.matches('\n').count()).ok()? + 1;
    Some(Place { document: view.document.id, line, start, end: start + length, quote: quote.to_owned() })
}
