//! One plan: what it is, on what it rests, who passed it, its versions; releasing it and taking it back.

use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, PlanId};
use hutong_store::{Query, Stored, Version};
use hutong_web::ui::{self, Icon, Problem, Table, Tone};
use hutong_web::{App, PageError, PageHead, Tab, Value, Visit};
use maud::{Markup, html};
use serde::Deserialize;

use super::bodies::Bodies;
use super::record_footer::{record_footer, who};
use super::{refused_form, standing};
use crate::indicator::Indicator;
use crate::plan::{Plan, PlanStatus};
use crate::reading::{PlanDocument, Reading};
use crate::services::Plans;
use crate::system::PlannedSystem;
use crate::task::Task;

/// The plan's own pages; its board, indicators and systems stand in their files.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plans/{id}", get(show))
        .route("/plans/{id}/document", get(document))
        .route("/plans/{id}/release", get(release_form).post(release))
        .route("/plans/{id}/withdraw", get(withdraw_form).post(withdraw))
}

/// A plan with what its tabs count.
pub(super) struct Shown {
    /// The plan.
    pub(super) plan: Stored<Plan>,
    tasks: Option<usize>,
    indicators: Option<usize>,
    systems: Option<usize>,
}

/// Which of a plan's pages is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PlanTab {
    Overview,
    Board,
    Tasks,
    Indicators,
    Systems,
    Document,
}

impl PlanTab {
    const ALL: [Self; 6] =
        [Self::Overview, Self::Board, Self::Tasks, Self::Indicators, Self::Systems, Self::Document];

    /// The end of its address and of its message key.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Board => "board",
            Self::Tasks => "tasks",
            Self::Indicators => "indicators",
            Self::Systems => "systems",
            Self::Document => "document",
        }
    }
}

/// The address of one of a plan's pages.
pub(super) fn address(plan: PlanId, tab: PlanTab) -> String {
    match tab {
        PlanTab::Overview => format!("/plans/{plan}"),
        other => format!("/plans/{plan}/{}", other.name()),
    }
}

/// An identifier in an address; one that is none names nothing.
pub(super) fn parse_id<I: std::str::FromStr>(text: &str) -> Result<I, PageError> {
    text.parse().map_err(|_no_id| PageError::not_found())
}

impl Shown {
    /// Reads a plan that the visitor may see, and counts what hangs on it.
    pub(super) async fn load(visit: &Visit, plans: &Plans<'_>, id: &str) -> Result<Self, PageError> {
        let plan = plans.plan(parse_id(id)?).await?;
        let store = &visit.app.store;
        let of = |index| Query::new(index).equal(plan.id).limit(1);
        let tasks = count(store.list::<Task>(of("by_plan")).await?.count);
        let indicators = count(store.list::<Indicator>(of("by_plan")).await?.count);
        let systems = count(store.list::<PlannedSystem>(of("by_plan")).await?.count);
        Ok(Self { plan, tasks, indicators, systems })
    }

    /// The head of one of its pages.
    pub(super) fn head(&self, visit: &Visit, current: PlanTab) -> PageHead {
        let tabs = PlanTab::ALL
            .into_iter()
            .filter(|tab| *tab != PlanTab::Document || visit.may(Action::ViewPlans))
            .map(|tab| {
                let label = visit.t(&format!("plan-page-tab-{}", tab.name()));
                let it = Tab::new(label, address(self.plan.id, tab), tab == current);
                let count = match tab {
                    PlanTab::Tasks => self.tasks,
                    PlanTab::Indicators => self.indicators,
                    PlanTab::Systems => self.systems,
                    PlanTab::Overview | PlanTab::Board | PlanTab::Document => None,
                };
                match count {
                    Some(count) => it.count(count),
                    None => it,
                }
            })
            .collect();
        PageHead::new(self.plan.title.clone())
            .crumb(visit.t("plans-page-title"), "/plans")
            .state(standing::plan_state(visit, &self.plan))
            .tabs(tabs)
    }

    /// The quiet footer under all its pages.
    pub(super) async fn footer(&self, visit: &Visit) -> Result<Markup, PageError> {
        let source = visit.may(Action::ViewPlans).then(|| {
            html! { a href=(address(self.plan.id, PlanTab::Document)) { (visit.t("plan-page-tab-document")) } }
        });
        let as_of = html! { (visit.date_cell(visit.ctx.today)) };
        record_footer(visit, &self.plan, source, Some(as_of)).await
    }
}

fn count(count: hutong_store::Count) -> Option<usize> {
    match count {
        hutong_store::Count::Exact(count) => usize::try_from(count).ok(),
        hutong_store::Count::AtLeast(_) => None,
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let shown = Shown::load(&visit, &plans, &id).await?;
    let summary = plans.summary(shown.plan.clone()).await?;
    let bodies = Bodies::read(&plans).await?;
    let versions = plans.versions(&shown.plan).await?;
    let plan = &shown.plan;
    let board = address(plan.id, PlanTab::Board);
    let body = html! {
        @if plan.imported_copy {
            (ui::callout(Tone::Info, None, html! { p { (visit.t("plan-page-copy-words")) } }))
        } @else if plan.status == PlanStatus::Superseded {
            (ui::callout(Tone::Attention, None, html! { p { (visit.t("plan-page-superseded-words")) } }))
        } @else if plan.status == PlanStatus::Withdrawn {
            (ui::callout(Tone::Attention, None, html! { p { (visit.t("plan-page-withdrawn-words")) } }))
        }
        @if !summary.lights.is_empty() {
            section.card aria-labelledby="plan-standing" {
                h2 #plan-standing { (visit.t("plan-page-standing")) }
                ul.plan-lights {
                    @for state in standing::WORST_FIRST {
                        @if let Some(count) = summary.lights.get(&state) {
                            li {
                                a href={ (board) "?light=" (state.name()) } {
                                    span.figure { (count) } (ui::light(&visit, standing::kind(state)))
                                }
                            }
                        }
                    }
                }
                p.roll-up-words {
                    (standing::roll_up_words(&visit, &summary.progress)) " "
                    a href=(board) { (visit.t("plan-page-to-board")) }
                }
            }
        }
        section.card {
            h2 { (visit.t("plan-page-metadata")) }
            (ui::facts(&metadata(&visit, plan, &bodies)))
        }
        section.card #approvals {
            h2 { (visit.t("plan-page-approvals")) }
            (approvals(&visit, plan))
        }
        section.card #basis {
            h2 { (visit.t("plan-page-basis")) }
            @if plan.basis.is_empty() { p.quiet-words { (visit.t("plan-page-basis-none")) } }
            @else { ol.basis-documents { @for title in &plan.basis { li { (title) } } } }
        }
        section #versions {
            div.section-head { h2 { (visit.t("plan-page-versions")) } }
            (version_table(&visit, &versions, plan.id).draw(&visit))
        }
        (shown.footer(&visit).await?)
    };
    let head = shown.head(&visit, PlanTab::Overview).primary(actions(&visit, plan));
    Ok(visit.page(head, body).await)
}

/// What may be done with the plan, and is offered.
fn actions(visit: &Visit, plan: &Plan) -> Markup {
    let alive = matches!(plan.status, PlanStatus::InForce | PlanStatus::Superseded);
    html! {
        @if visit.may(Action::AdoptPlan) && plan.status == PlanStatus::InForce {
            a.button #plan-withdraw data-action="withdraw" href={ "/plans/" (plan.id) "/withdraw" } { (visit.t("plan-page-withdraw")) }
        }
        @if visit.may(Action::ReleasePlan) {
            @if plan.released {
                a.button #plan-release data-action="hide" href={ "/plans/" (plan.id) "/release" } { (visit.t("plan-page-hide")) }
            } @else if alive {
                a.button.primary #plan-release data-action="release" href={ "/plans/" (plan.id) "/release" } { (visit.t("plan-page-release")) }
            }
        }
    }
}

fn metadata(visit: &Visit, plan: &Plan, bodies: &Bodies) -> Vec<(String, Markup)> {
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: Option<Markup>| {
        facts.push((
            visit.t(&format!("plan-page-{key}")),
            value.unwrap_or_else(|| html! { span.nothing { "–" } }),
        ));
    };
    fact("issuer", plan.issuer.as_ref().map(|it| html! { (it) }));
    fact("document-number", plan.document_number.as_ref().map(|it| html! { (it) }));
    fact("issued", plan.issued_on.map(|day| html! { (visit.date(day)) }));
    let period = [("first", visit.date(plan.first_day)), ("last", visit.date(plan.last_day))];
    let period = period.map(|(name, day)| (name, Value::from(day)));
    fact("period", Some(html! { (visit.t_with("plan-page-period-words", &period)) }));
    fact("edition", Some(html! { (super::plans::edition(visit, plan.version)) }));
    fact("keeper", plan.keeper.map(|id| bodies.link(visit, id)));
    fact("in-force-since", plan.in_force_since.map(|day| html! { (visit.date(day)) }));
    fact(
        "visibility",
        Some(
            html! { (visit.t(if plan.released { "plan-page-visible-all" } else { "plan-page-visible-internal" })) },
        ),
    );
    facts
}

fn approvals(visit: &Visit, plan: &Plan) -> Markup {
    html! {
        @if plan.approvals.is_empty() { p.quiet-words { (visit.t("plan-page-approvals-none")) } }
        @else {
            ol.approvals {
                @for it in &plan.approvals {
                    li {
                        (it.body)
                        @if let Some(session) = it.session {
                            " " (visit.t_with("plan-page-session", &[("number", Value::from(session.to_string()))]))
                        }
                        @if let Some(day) = it.day { " " span.quiet-words { (visit.date(day)) } }
                    }
                }
            }
        }
    }
}

fn version_table(visit: &Visit, versions: &[Stored<Plan>], shown: PlanId) -> Table {
    let columns = vec![
        ui::Column::short(visit.t("plan-page-edition")),
        ui::Column::text(visit.t("plan-page-name")),
        ui::Column::short(visit.t("plan-page-state")),
        ui::Column::short(visit.t("plan-page-in-force-since")),
    ];
    let mut table = Table::new(visit.t("plan-page-versions"), columns).dense();
    for it in versions {
        table.row(vec![
            html! {
                (super::plans::edition(visit, it.record.version))
                @if it.id == shown { " " span.quiet-words { (visit.t("plan-page-this-edition")) } }
            },
            html! { @if it.id == shown { (it.title) } @else { a href={ "/plans/" (it.id) } { (it.title) } } },
            standing::plan_state(visit, it),
            html! { @if let Some(day) = it.in_force_since { (visit.date_cell(day)) } },
        ]);
    }
    table
}

async fn document(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::ViewPlans)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let shown = Shown::load(&visit, &plans, &id).await?;
    let store = &visit.app.store;
    let document = match shown.plan.document {
        Some(id) => store.get::<PlanDocument>(id).await?,
        None => None,
    };
    let reading = match shown.plan.reading {
        Some(id) => store.get::<Reading>(id).await?,
        None => None,
    };
    let body = html! {
        @match &document {
            None => (ui::empty_state(Icon::File, &visit.t("plan-page-no-document"), &visit.t("plan-page-no-document-why"), None)),
            Some(document) => {
                section.card {
                    h2 { (document.file_name) }
                    (ui::facts(&document_facts(&visit, document)))
                    @if !document.warnings.is_empty() {
                        (ui::callout(Tone::Attention, Some(&visit.t("plan-page-document-warnings")), html! {
                            ul { @for it in &document.warnings { li { (it) } } }
                        }))
                    }
                    @if let Some(reading) = &reading && visit.may(Action::ReviewFindings) {
                        p { a #plan-reading data-action="show-reading" href={ "/import/" (reading.id) } { (visit.t("plan-page-to-reading")) } }
                    }
                }
            }
        }
        @if let Some(reading) = &reading && !reading.outline.is_empty() {
            section.card {
                h2 { (visit.t("plan-page-outline")) }
                ol.outline {
                    @for entry in &reading.outline {
                        li class={ "outline-" (entry.level.min(4)) } {
                            span { (entry.label) (entry.title) }
                            span.quiet-words { (visit.t_with("plan-page-line", &[("line", Value::from(entry.line.to_string()))])) }
                        }
                    }
                }
            }
        }
        (shown.footer(&visit).await?)
    };
    Ok(visit.page(shown.head(&visit, PlanTab::Document), body).await)
}

fn document_facts(visit: &Visit, it: &PlanDocument) -> Vec<(String, Markup)> {
    let fact = |key: &str, value: Markup| (visit.t(&format!("plan-page-{key}")), value);
    vec![
        fact("received", html! { (visit.date(it.received_on)) }),
        fact("format", html! { (it.format) }),
        fact("characters", html! { span.figure { (visit.count(u64::from(it.characters))) } }),
        fact("lines", html! { span.figure { (visit.count(u64::from(it.lines))) } }),
        fact("bytes", html! { span.figure { (visit.count(it.bytes)) } }),
        fact("digest", html! { code.digest { (it.sha256) } }),
    ]
}

/// The form of releasing, hiding or withdrawing.
#[derive(Deserialize, Default)]
struct StateForm {
    #[serde(default)]
    version: u64,
    /// What the person saw and meant to do: `yes` to release, `no` to hide.
    #[serde(default)]
    released: String,
    #[serde(default)]
    reason: String,
}

async fn release_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::ReleasePlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let plan = plans.plan(parse_id(&id)?).await?;
    let to_release = !plan.released;
    let form = StateForm {
        version: plan.version.0,
        released: if to_release { "yes" } else { "no" }.to_owned(),
        reason: String::new(),
    };
    state_page(&visit, &plan, "release", &form, &[]).await
}

async fn release(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<StateForm>,
) -> Result<Response, PageError> {
    visit.require(Action::ReleasePlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let plan = plans.plan(parse_id(&id)?).await?;
    let to_release = form.released == "yes";
    match plans.release(plan.id, Some(Version(form.version)), to_release, &form.reason).await {
        Ok(_) => Ok(visit.redirect(
            &address(plan.id, PlanTab::Overview),
            if to_release { "plan-released" } else { "plan-hidden" },
        )),
        Err(error) => {
            let problems = [refused_form::problem(&visit, &[], error)?];
            state_page(&visit, &plan, "release", &form, &problems).await
        }
    }
}

async fn withdraw_form(visit: Visit, Path(id): Path<String>) -> Result<Response, PageError> {
    visit.require(Action::AdoptPlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let plan = plans.plan(parse_id(&id)?).await?;
    let form = StateForm { version: plan.version.0, ..StateForm::default() };
    state_page(&visit, &plan, "withdraw", &form, &[]).await
}

async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    Form(form): Form<StateForm>,
) -> Result<Response, PageError> {
    visit.require(Action::AdoptPlan)?;
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let plan = plans.plan(parse_id(&id)?).await?;
    match plans.withdraw(plan.id, Some(Version(form.version)), &form.reason).await {
        Ok(_) => Ok(visit.redirect(&address(plan.id, PlanTab::Overview), "plan-withdrawn")),
        Err(error) => {
            let problems = [refused_form::problem(&visit, &[], error)?];
            state_page(&visit, &plan, "withdraw", &form, &problems).await
        }
    }
}

/// Says what will happen and to whom, and asks for the reason.
async fn state_page(
    visit: &Visit,
    plan: &Stored<Plan>,
    what: &str,
    form: &StateForm,
    problems: &[Problem],
) -> Result<Response, PageError> {
    let key = match (what, form.released.as_str()) {
        ("release", "yes") => "release",
        ("release", _) => "hide",
        _ => "withdraw",
    };
    let title = visit.t(&format!("plan-page-{key}"));
    let back = address(plan.id, PlanTab::Overview);
    let tone = if key == "release" { Tone::Info } else { Tone::Attention };
    let changed = visit.app.store.entry_of(
        <Plan as hutong_store::Record>::KIND,
        hutong_kernel::Id::uuid(plan.id),
        plan.version,
    );
    let changed = changed.await?.map(|entry| who(visit, &entry.principal)).unwrap_or_default();
    let body = html! {
        (ui::callout(tone, None, html! {
            p { (visit.t_with(&format!("plan-page-{key}-words"), &[("title", Value::from(plan.title.clone()))])) }
            p.quiet-words {
                (visit.t_with("quiet-changed-by", &[("name", Value::from(changed))])) " " (visit.moment(plan.changed_at))
            }
        }))
        (ui::error_summary(visit, problems))
        form.card.narrow #plan-state-form data-action=(key) method="post" action={ "/plans/" (plan.id) "/" (what) } {
            (ui::hidden("version", &form.version.to_string()))
            @if what == "release" { (ui::hidden("released", &form.released)) }
            (ui::reason(visit, &form.reason, problems))
            (ui::actions(visit, &title, Some(&back)))
        }
    };
    let head =
        PageHead::new(title).crumb(visit.t("plans-page-title"), "/plans").crumb(plan.title.clone(), back);
    Ok(refused_form::answer(visit.page(head, body).await, problems))
}
