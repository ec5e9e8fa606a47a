//! The last page before a plan is in force: what will become binding for whom, what is still undecided, and the
//! reason that the journal keeps.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::district::Language;
use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{Action, Id as _, Organisation, OrganisationId, ReadingId, Refusal as _};
use hutong_web::messages::Value;
use hutong_web::ui::{self, Address, Choice, Field, Icon, Problem, Tile, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use jiff::civil::Date;
use maud::{Markup, html};

use super::review::{tab_of, way};
use super::review_form::{InputRefusal, Typed};
use crate::adopt_plan::{AdoptRefusal, OpenDecision};
use crate::match_bodies::{BodyChoice, BodyChoices};
use crate::plan::PlanStatus;
use crate::reading::{Content, Finding};
use crate::services::{AdoptRequest, Plans, ReadingView, ServiceError};

/// Plans in force that are offered as the version before.
const PLANS_MAX: usize = 100;
/// Sorts of bodies that can be created with a plan.
const CLASSES: [(OrganisationClass, &str); 7] = [
    (OrganisationClass::Department, "department"),
    (OrganisationClass::Street, "street"),
    (OrganisationClass::ParkCommittee, "park_committee"),
    (OrganisationClass::Institution, "institution"),
    (OrganisationClass::Company, "company"),
    (OrganisationClass::PartyBody, "party_body"),
    (OrganisationClass::Branch, "branch"),
];

pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/import/{reading}/check", get(show).post(adopt))
        .route("/import/{reading}/discard", get(show_discard).post(discard))
}

fn plans(visit: &Visit) -> Plans<'_> {
    Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx)
}

async fn show(visit: Visit, Path(id): Path<ReadingId>) -> Result<Response, PageError> {
    visit.require(Action::AdoptPlan)?;
    let open = plans(&visit).open_decisions(id, AdoptRequest::default()).await?;
    let mut typed = Typed::new();
    typed.insert("reason".to_owned(), visit.t("reason-adopt"));
    page(&visit, id, &typed, &open, &[]).await
}

async fn adopt(
    visit: Visit,
    Path(id): Path<ReadingId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    visit.require(Action::AdoptPlan)?;
    let typed: Typed = pairs.into_iter().collect();
    let (request, mut problems) = read_request(&visit, &typed);
    let reason = typed.get("reason").map(|it| it.trim()).unwrap_or_default();
    let looking = typed.contains_key("look");
    if reason.is_empty() && !looking {
        problems.push(Problem::refusal(&visit, "reason", &InputRefusal::Missing));
    }
    if looking || !problems.is_empty() {
        let open = plans(&visit).open_decisions(id, request).await?;
        return page(&visit, id, &typed, &open, &problems).await;
    }
    match plans(&visit).adopt(id, request, reason).await {
        Ok(plan) => Ok(visit.redirect(&format!("/plans/{}", plan.id), "plan-adopted")),
        Err(ServiceError::Adopt(refusal @ AdoptRefusal::Open { .. })) => {
            let problems = [Problem::refusal(&visit, "", &refusal)];
            let AdoptRefusal::Open { decisions } = refusal else { return Err(refusal.into()) };
            page(&visit, id, &typed, &decisions, &problems).await
        }
        Err(error) if error.status() < 500 && !matches!(error, ServiceError::Denied(_)) => {
            let problems = [Problem::refusal(&visit, "", error.refusal())];
            page(&visit, id, &typed, &[], &problems).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form asks for, with what cannot be read.
fn read_request(visit: &Visit, typed: &Typed) -> (AdoptRequest, Vec<Problem>) {
    let mut problems = Vec::new();
    let text = |name: &str| typed.get(name).map(|it| it.trim()).filter(|it| !it.is_empty());
    let mut day = |name: &str| -> Option<Date> {
        let given = text(name)?;
        let day = given.parse().ok();
        if day.is_none() {
            problems.push(Problem::refusal(visit, name, &InputRefusal::Date { value: given.to_owned() }));
        }
        day
    };
    let (first_day, last_day) = (day("first_day"), day("last_day"));
    let mut bodies = BodyChoices::new();
    for (name, choice) in body_choices(typed) {
        if let Some(choice) = choice {
            bodies.insert(name, choice);
        }
    }
    let request = AdoptRequest {
        first_day,
        last_day,
        keeper: text("keeper").and_then(|it| it.parse().ok()),
        bodies,
        released: text("released") == Some("yes"),
        imported_copy: text("imported_copy") == Some("yes"),
        supersedes: text("supersedes").and_then(|it| it.parse().ok()),
    };
    (request, problems)
}

/// What sort of body a name most likely stands for. A proposal that a person takes as a whole and can correct
/// afterwards in the register of organisations.
fn class_by_name(name: &str) -> OrganisationClass {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&["街道", "街道办", "街道办事处", "镇", "乡", "地区办事处"]) {
        OrganisationClass::Street
    } else if ends(&["园管委会", "园区管委会", "开发区管委会"]) {
        OrganisationClass::ParkCommittee
    } else if ends(&["公司", "集团"]) {
        OrganisationClass::Company
    } else if name.contains("区委") && ends(&["部", "区委办", "政法委", "网信办", "编办"]) {
        OrganisationClass::PartyBody
    } else if ends(&["分局", "支队", "大队"]) {
        OrganisationClass::Branch
    } else if ends(&["中心", "院", "馆", "学校", "研究所"]) {
        OrganisationClass::Institution
    } else {
        OrganisationClass::Department
    }
}

/// Names with what was chosen for them: fields `name-N` and `body-N`.
fn body_choices(typed: &Typed) -> BTreeMap<String, Option<BodyChoice>> {
    let mut choices = BTreeMap::new();
    for (field, name) in typed {
        let Some(number) = field.strip_prefix("name-") else { continue };
        let chosen = typed.get(&format!("body-{number}")).map(String::as_str).unwrap_or_default();
        let choice = match chosen.strip_prefix("create:") {
            Some(class) => CLASSES
                .iter()
                .find(|(_, it)| *it == class)
                .map(|(class, _)| BodyChoice::Create { class: *class }),
            None => chosen.parse().ok().map(|body| BodyChoice::Existing { body }),
        };
        let rest = || {
            (typed.get("rest").map(String::as_str) == Some("create"))
                .then(|| BodyChoice::Create { class: class_by_name(name) })
        };
        let choice = choice.or_else(rest);
        choices.insert(name.clone(), choice);
    }
    choices
}

async fn page(
    visit: &Visit,
    id: ReadingId,
    typed: &Typed,
    open: &[OpenDecision],
    problems: &[Problem],
) -> Result<Response, PageError> {
    let view = plans(visit).reading(id).await?;
    let organisations = plans(visit).organisations().await?;
    let in_force: Vec<Choice> = plans(visit)
        .plans(None, PLANS_MAX)
        .await?
        .items
        .iter()
        .filter(|plan| plan.status == PlanStatus::InForce)
        .map(|plan| {
            let id = plan.id.to_string();
            let chosen = typed.get("supersedes") == Some(&id);
            Choice::new(id, plan.title.clone(), chosen)
        })
        .collect();
    let body = html! {
        div.review-top { (way(visit, &view.reading.state, true)) }
        (what_becomes_binding(visit, &view))
        (undecided(visit, &view, open))
        section.card {
            h2 { (visit.t("adopt-form")) }
            (ui::error_summary(visit, problems))
            form method="post" action={ "/import/" (id) "/check" } data-guard {
                (bodies(visit, typed, open, &organisations))
                (settings(visit, typed, problems, &organisations, in_force))
                (ui::callout(Tone::Attention, Some(&visit.t("adopt-warning-title")), html! { p { (visit.t("adopt-warning")) } }))
                (ui::reason(visit, typed.get("reason").map(String::as_str).unwrap_or_default(), problems))
                div.form-actions {
                    button.button.primary type="submit" { (visit.t("adopt-submit")) }
                    button.button type="submit" name="look" value="yes" formnovalidate { (visit.t("adopt-look")) }
                    a.button href={ "/import/" (id) } { (visit.t("review-back")) }
                }
            }
        }
        p.help { a href={ "/import/" (id) "/discard" } { (visit.t("discard-link")) } }
    };
    let head = PageHead::new(visit.t("adopt-title"))
        .crumb(visit.t("import-title"), "/import")
        .crumb(view.reading.title.clone(), format!("/import/{id}"));
    let mut response = visit.page(head, body).await;
    if !problems.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn what_becomes_binding(visit: &Visit, view: &ReadingView) -> Markup {
    let counted: Vec<&Finding> =
        view.findings.iter().map(|it| &it.record).filter(|it| it.state.counts()).collect();
    let of = |kind: &str| counted.iter().filter(|it| it.content().kind() == kind).count();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for finding in &counted {
        match finding.content() {
            Content::Task { task } => {
                named.extend(task.responsible.iter().chain(&task.cooperating).map(String::as_str))
            }
            Content::Target { target } => named.extend(target.owners.iter().map(String::as_str)),
            _ => {}
        }
    }
    let link = |tab: &str| Some(format!("/import/{}?tab={tab}&state=accepted", view.reading.id));
    let tile = |key: &str, count: usize, href: Option<String>| Tile {
        label: visit.t(key),
        value: html! { (count) },
        note: None,
        href,
    };
    html! {
        section {
            h2.section-title { (visit.t("adopt-becomes")) }
            p.lead { (visit.t_with("adopt-becomes-lead", &[("bodies", Value::from(named.len().to_string()))])) }
            (ui::tiles(&[
                tile("adopt-indicators", of("target"), link("target")),
                tile("adopt-tasks", of("task"), link("task")),
                tile("adopt-systems", of("system"), link("system")),
                tile("adopt-statements", of("achievement"), link("achievement")),
                tile("adopt-bodies", named.len(), None),
            ]))
        }
    }
}

fn undecided(visit: &Visit, view: &ReadingView, open: &[OpenDecision]) -> Markup {
    if open.is_empty() {
        return ui::callout(Tone::Good, None, html! { p { (visit.t("adopt-nothing-open")) } });
    }
    let reading = view.reading.id;
    let mut by_tab: BTreeMap<&str, usize> = BTreeMap::new();
    for decision in open {
        if let OpenDecision::FindingOpen { kind, .. } = decision {
            *by_tab.entry(if *kind == "approval" { "metadata" } else { kind }).or_default() += 1;
        }
    }
    let card_of = |id: hutong_kernel::FindingId| {
        let tab = view.findings.iter().find(|it| it.id == id).map_or("target", |it| tab_of(it.content()));
        format!("/import/{reading}?tab={tab}#finding-{id}")
    };
    let line = |decision: &OpenDecision| {
        let values: Vec<(&str, Value<'_>)> = decision
            .values()
            .into_iter()
            .map(|(name, value)| {
                let value = if name == "field" { visit.t(&format!("metadata-field-{value}")) } else { value };
                (name, Value::from(value))
            })
            .collect();
        visit.t_with(&format!("open-{}", decision.name()), &values)
    };
    html! {
        (ui::callout(Tone::Attention, Some(&visit.t_with("adopt-open", &[("count", Value::from(open.len().to_string()))])), html! {
            ul.open-decisions {
                @for (tab, count) in &by_tab {
                    li {
                        a href={ "/import/" (reading) "?tab=" (tab) "&state=open" } {
                            (visit.t_with("adopt-open-findings", &[("tab", Value::from(visit.t(&format!("review-tab-{tab}")))), ("count", Value::from(count.to_string()))]))
                        }
                    }
                }
                @for decision in open {
                    @match decision {
                        OpenDecision::FindingOpen { .. } => {}
                        OpenDecision::ReadingOpen { finding, .. } | OpenDecision::DeadlineBeforePlan { finding, .. } => {
                            li { a href=(card_of(*finding)) { (line(decision)) } }
                        }
                        OpenDecision::BodyUnknown { .. } | OpenDecision::BodyAmbiguous { .. } => {
                            li { a href="#adopt-bodies" { (line(decision)) } }
                        }
                        OpenDecision::OwnerMissing { .. } => li { a href="#field-keeper" { (line(decision)) } },
                        OpenDecision::PeriodMissing | OpenDecision::PeriodReversed { .. } => {
                            li { a href="#field-first_day" { (line(decision)) } }
                        }
                        _ => li { a href={ "/import/" (reading) "?tab=metadata" } { (line(decision)) } },
                    }
                }
            }
        }))
    }
}

fn organisation_name(visit: &Visit, organisation: &Organisation) -> String {
    match visit.lang {
        Language::Chinese => organisation.name.clone(),
        Language::English => format!("{} {}", organisation.name_en, organisation.name),
    }
}

/// The bodies that exist today, by name.
fn existing(
    visit: &Visit,
    organisations: &BTreeMap<OrganisationId, Organisation>,
) -> Vec<(OrganisationId, String)> {
    let mut list: Vec<_> = organisations
        .values()
        .filter(|it| it.exists_on(visit.ctx.today))
        .map(|it| (it.id, organisation_name(visit, it)))
        .collect();
    list.sort_by(|a, b| a.1.cmp(&b.1));
    list
}

/// Names that the document uses and that no known body goes by: each is mapped or created.
fn bodies(
    visit: &Visit,
    typed: &Typed,
    open: &[OpenDecision],
    organisations: &BTreeMap<OrganisationId, Organisation>,
) -> Markup {
    let mut names: BTreeMap<String, (Option<BodyChoice>, Vec<OrganisationId>)> =
        body_choices(typed).into_iter().map(|(name, choice)| (name, (choice, Vec::new()))).collect();
    for decision in open {
        let (name, near) = match decision {
            OpenDecision::BodyUnknown { name, suggestions, .. } => (name, suggestions),
            OpenDecision::BodyAmbiguous { name, bodies } => (name, bodies),
            _ => continue,
        };
        names.entry(name.clone()).or_default().1.clone_from(near);
    }
    if names.is_empty() {
        return html! {};
    }
    let all = existing(visit, organisations);
    html! {
        fieldset.bodies #adopt-bodies {
            legend { (visit.t("adopt-bodies-title")) }
            p.help { (visit.t("adopt-bodies-help")) }
            (ui::checkbox("rest", &visit.t("adopt-bodies-rest"), false))
            @for (number, (name, (choice, near))) in names.iter().enumerate() {
                @let id = format!("field-body-{number}");
                div.body-choice {
                    label for=(id) lang="zh-CN" { (name) }
                    (ui::hidden(&format!("name-{number}"), name))
                    select id=(id) name={ "body-" (number) } {
                        option value="" { (visit.t("adopt-body-undecided")) }
                        @if !near.is_empty() {
                            optgroup label=(visit.t("adopt-body-near")) {
                                @for body in near {
                                    @if let Some(organisation) = organisations.get(body) {
                                        option value=(body.uuid()) selected[is_existing(choice, *body)] { (organisation_name(visit, organisation)) }
                                    }
                                }
                            }
                        }
                        optgroup label=(visit.t("adopt-body-create")) {
                            @for (class, key) in CLASSES {
                                option value={ "create:" (key) } selected[*choice == Some(BodyChoice::Create { class })] {
                                    (visit.t_with("adopt-body-create-as", &[("class", Value::from(visit.t(&format!("adopt-class-{key}"))))]))
                                }
                            }
                        }
                        optgroup label=(visit.t("adopt-body-all")) {
                            @for (body, label) in all.iter().filter(|(body, _)| !near.contains(body)) {
                                option value=(body.uuid()) selected[is_existing(choice, *body)] { (label) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_existing(choice: &Option<BodyChoice>, body: OrganisationId) -> bool {
    *choice == Some(BodyChoice::Existing { body })
}

fn settings(
    visit: &Visit,
    typed: &Typed,
    problems: &[Problem],
    organisations: &BTreeMap<OrganisationId, Organisation>,
    in_force: Vec<Choice>,
) -> Markup {
    let value = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let field = |name, help: &str, kind| Field {
        name,
        label: visit.t(&format!("adopt-{name}")),
        help: Some(visit.t(help)),
        value: value(name),
        kind,
        problems,
        ..Field::default()
    };
    let keeper = value("keeper");
    let mut keepers = vec![Choice::new("", visit.t("adopt-keeper-none"), keeper.is_empty())];
    keepers.extend(existing(visit, organisations).into_iter().map(|(id, name)| {
        let id = id.uuid().to_string();
        let chosen = id == keeper;
        Choice::new(id, name, chosen)
    }));
    let mut before = vec![Choice::new("", visit.t("adopt-supersedes-none"), value("supersedes").is_empty())];
    before.extend(in_force);
    html! {
        (ui::select(visit, &field("keeper", "adopt-keeper-help", ""), &keepers))
        div.field-row {
            (ui::input(visit, &field("first_day", "adopt-day-help", "date")))
            (ui::input(visit, &field("last_day", "adopt-day-help", "date")))
        }
        @if 1 < before.len() { (ui::select(visit, &field("supersedes", "adopt-supersedes-help", ""), &before)) }
        div.field {
            @if visit.may(Action::ReleasePlan) {
                (ui::checkbox("released", &visit.t("adopt-released"), value("released") == "yes"))
            }
            (ui::checkbox("imported_copy", &visit.t("adopt-imported_copy"), value("imported_copy") == "yes"))
        }
    }
}

async fn show_discard(visit: Visit, Path(id): Path<ReadingId>) -> Result<Response, PageError> {
    discard_page(&visit, id, &[]).await
}

async fn discard_page(visit: &Visit, id: ReadingId, problems: &[Problem]) -> Result<Response, PageError> {
    let view = plans(visit).reading(id).await?;
    let body = html! {
        section.card.narrow {
            (ui::error_summary(visit, problems))
            p { (Icon::Warning.svg()) " " (visit.t("discard-lead")) }
            form method="post" {
                (ui::reason(visit, "", problems))
                (ui::actions(visit, &visit.t("discard-submit"), Some(&format!("/import/{id}"))))
            }
        }
    };
    let head = PageHead::new(visit.t("discard-title"))
        .crumb(visit.t("import-title"), "/import")
        .crumb(view.reading.title.clone(), Address::new(format!("/import/{id}")).to_string());
    Ok(visit.page(head, body).await)
}

async fn discard(
    visit: Visit,
    Path(id): Path<ReadingId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed: Typed = pairs.into_iter().collect();
    let reason = typed.get("reason").map(|it| it.trim()).unwrap_or_default();
    if reason.is_empty() {
        let problems = [Problem::refusal(&visit, "reason", &InputRefusal::Missing)];
        return discard_page(&visit, id, &problems).await;
    }
    plans(&visit).discard_reading(id, reason).await?;
    Ok(visit.redirect("/import", "reading-discarded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_sort_of_body_it_is() {
        for (name, class) in [
            ("区财政局", OrganisationClass::Department),
            ("槐荫街道", OrganisationClass::Street),
            ("槐安园管委会", OrganisationClass::ParkCommittee),
            ("区委宣传部", OrganisationClass::PartyBody),
            ("公安分局", OrganisationClass::Branch),
            ("区大数据中心", OrganisationClass::Institution),
            ("槐安建设集团", OrganisationClass::Company),
        ] {
            assert_eq!(class_by_name(name), class, "{name}");
        }
    }

    #[test]
    fn what_was_chosen_for_a_name_beats_the_proposal_for_the_rest() {
        let pairs = [
            ("name-0", "区财政局"),
            ("body-0", "create:institution"),
            ("name-1", "槐荫街道"),
            ("body-1", ""),
            ("rest", "create"),
        ];
        let typed: Typed =
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let choices = body_choices(&typed);
        assert_eq!(choices["区财政局"], Some(BodyChoice::Create { class: OrganisationClass::Institution }));
        assert_eq!(choices["槐荫街道"], Some(BodyChoice::Create { class: OrganisationClass::Street }));
    }
}
