//! The review of a reading: the document on the left, what was found in it on the right.
//!
//! Nothing that the reader of documents found binds anybody: a person accepts, corrects or rejects each finding
//! here. What is shown is in the address (tab, filters, page), so that a colleague can be sent exactly there.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::{Action, FindingId, Id as _, ReadingId};
use hutong_store::{Record as _, Stored};
use hutong_web::messages::Value;
use hutong_web::ui::{self, Address, Chip, Icon, Pager, Step, StepState, Tone};
use hutong_web::{App, PageError, PageHead, Visit};
use maud::{Markup, html};

use super::import::state_badge;
use super::review_card::{self, Card, Decider};
use super::review_content;
use super::review_document::{self, Mark};
use crate::reading::{Content, Finding, FindingState, ReadingState};
use crate::services::{Plans, ReadingView};

/// Cards on a page.
const CARDS_MAX: usize = 60;
/// What the reader of documents is very sure of. Unit: basis points.
pub(crate) const VERY_SURE_BP: u16 = 9_000;

/// Tabs of the findings, in order.
pub(crate) const TABS: [&str; 8] =
    ["metadata", "target", "task", "system", "achievement", "basis", "outline", "table"];
/// Filters by state.
const STATES: [&str; 3] = ["open", "accepted", "rejected"];
/// Filters by confidence.
const CONFIDENCES: [&str; 3] = ["high", "middle", "low"];

pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/import/{reading}", get(show))
        .merge(super::review_decide::pages())
        .merge(super::review_adopt::pages())
}

async fn show(visit: Visit, Path(id): Path<ReadingId>) -> Result<Response, PageError> {
    let plans = Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx);
    let view = plans.reading(id).await?;
    let desk = Desk::new(&visit, &view);
    let deciders = desk.deciders().await?;
    Ok(visit.page(desk.head(), desk.draw(&deciders)).await)
}

/// The tab in which findings of a kind are shown.
pub(crate) fn tab_of(content: &Content) -> &'static str {
    match content.kind() {
        "approval" => "metadata",
        kind => kind,
    }
}

/// What is chosen in the address.
#[derive(Debug, Clone)]
struct Chosen {
    tab: &'static str,
    state: Option<String>,
    confidence: Option<String>,
    page: usize,
}

/// The review page of one reading for one visitor.
pub(crate) struct Desk<'a> {
    visit: &'a Visit,
    view: &'a ReadingView,
    here: Address,
    chosen: Chosen,
}

impl<'a> Desk<'a> {
    /// The desk as the request's address asks for it.
    pub(crate) fn new(visit: &'a Visit, view: &'a ReadingView) -> Self {
        Self::at(visit, view, Address::parse(&visit.path_and_query))
    }

    /// The desk at an address, for answers to decisions that were taken there.
    pub(crate) fn at(visit: &'a Visit, view: &'a ReadingView, here: Address) -> Self {
        let one_of = |key: &str, all: &[&str]| here.get(key).filter(|it| all.contains(it)).map(str::to_owned);
        let tab = here.get("tab").and_then(|given| TABS.into_iter().find(|tab| *tab == given));
        // The first tab with work in it, so that a new reading does not open on an empty list.
        let busy = |tab: &&str| {
            view.findings.iter().any(|it| tab_of(it.content()) == *tab && it.state == FindingState::Open)
        };
        let chosen = Chosen {
            tab: tab.or_else(|| TABS.into_iter().find(busy)).unwrap_or(TABS[0]),
            state: one_of("state", &STATES),
            confidence: one_of("confidence", &CONFIDENCES),
            page: here.get("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1),
        };
        Self { visit, view, here, chosen }
    }

    /// The address without the page that was chosen.
    fn base(&self) -> Address {
        Address::new(format!("/import/{}", self.view.reading.id))
    }

    fn tab_address(&self, tab: &str) -> Address {
        self.base().with("tab", tab)
    }

    fn in_tab(&self, tab: &str) -> impl Iterator<Item = &'a Stored<Finding>> {
        let tab = tab.to_owned();
        self.view.findings.iter().filter(move |it| tab_of(it.content()) == tab)
    }

    /// Findings of the chosen tab that pass the filters.
    fn filtered(&self) -> Vec<&'a Stored<Finding>> {
        self.in_tab(self.chosen.tab)
            .filter(|it| self.chosen.state.as_deref().is_none_or(|state| state_group(&it.state) == state))
            .filter(|it| {
                let word = review_content::confidence(it.confidence_bp);
                self.chosen.confidence.as_deref().is_none_or(|wanted| wanted == word)
            })
            .collect()
    }

    fn shown(&self) -> Vec<&'a Stored<Finding>> {
        self.filtered().into_iter().skip((self.chosen.page - 1) * CARDS_MAX).take(CARDS_MAX).collect()
    }

    /// Who decided on the findings that are shown.
    pub(crate) async fn deciders(&self) -> Result<BTreeMap<FindingId, Decider>, PageError> {
        let mut deciders = BTreeMap::new();
        for finding in self.shown() {
            if let Some(decider) = decider_of(self.visit, finding).await? {
                deciders.insert(finding.id, decider);
            }
        }
        Ok(deciders)
    }

    fn is_open(&self) -> bool {
        self.view.reading.state == ReadingState::Open
    }

    pub(crate) fn head(&self) -> PageHead {
        let (visit, view) = (self.visit, self.view);
        let mut head = PageHead::new(view.reading.title.clone())
            .crumb(visit.t("import-title"), "/import")
            .state(state_badge(visit, &view.reading.state))
            .lead(visit.t_with(
                "review-lead",
                &[
                    ("file", Value::from(view.document.file_name.clone())),
                    ("characters", Value::from(visit.count(u64::from(view.document.characters)))),
                    ("day", Value::from(visit.date(view.document.received_on))),
                ],
            ))
            .wide();
        match view.reading.state {
            ReadingState::Open if visit.may(Action::AdoptPlan) => {
                head = head.primary(html! {
                    a.button.primary href={ "/import/" (view.reading.id) "/check" } { (visit.t("review-check")) }
                });
            }
            ReadingState::Adopted { plan } => {
                head = head.primary(
                    html! { a.button.primary href={ "/plans/" (plan) } { (visit.t("review-to-plan")) } },
                );
            }
            _ => {}
        }
        head
    }

    /// The whole page below its head.
    pub(crate) fn draw(&self, deciders: &BTreeMap<FindingId, Decider>) -> Markup {
        let visit = self.visit;
        html! {
            div.review-top {
                (way(visit, &self.view.reading.state, false))
                (self.progress(false))
            }
            @if !self.view.document.warnings.is_empty() {
                (ui::callout(Tone::Attention, Some(&visit.t("review-warnings")), html! {
                    ul { @for warning in &self.view.document.warnings { li { (warning) } } }
                }))
            }
            hutong-source {
                nav.pane-switch aria-label=(visit.t("review-panes")) {
                    a href="#pane-findings" data-show="findings" { (visit.t("review-pane-findings")) }
                    a href="#pane-document" data-show="document" { (visit.t("review-pane-document")) }
                }
                section.pane.pane-document #pane-document data-pane="document" tabindex="0" aria-label=(visit.t("review-pane-document")) {
                    (self.document())
                }
                section.pane.pane-findings #pane-findings data-pane="findings" tabindex="0" aria-label=(visit.t("review-pane-findings")) {
                    (self.tabs(false))
                    @match self.chosen.tab {
                        "outline" => (self.outline()),
                        "table" => (self.tables()),
                        _ => (self.findings(deciders)),
                    }
                }
            }
        }
    }

    /// How much is decided. `replacing` when it is sent beside a card to take the place of the one on the page.
    pub(crate) fn progress(&self, replacing: bool) -> Markup {
        let all = self.view.findings.len();
        let open = self.view.findings.iter().filter(|it| it.state == FindingState::Open).count();
        let counts =
            [("decided", Value::from((all - open).to_string())), ("all", Value::from(all.to_string()))];
        let text = self.visit.t_with("review-progress", &counts);
        html! {
            div.review-progress #review-progress hx-swap-oob=[replacing.then_some("true")] {
                span { (text) }
                progress max=(all.max(1)) value=(all - open) aria-label=(text) {}
            }
        }
    }

    /// The tabs with what is open in each.
    pub(crate) fn tabs(&self, replacing: bool) -> Markup {
        let visit = self.visit;
        html! {
            nav.tabs.review-tabs #review-tabs aria-label=(visit.t("review-tabs")) hx-swap-oob=[replacing.then_some("true")] {
                ul {
                    @for tab in TABS {
                        @let (open, all) = self.counts(tab);
                        li {
                            a href=(self.tab_address(tab)) aria-current=[(tab == self.chosen.tab).then_some("page")] {
                                (visit.t(&format!("review-tab-{tab}")))
                                span.count.todo[0 < open] title=(visit.t_with("review-tab-count", &[("open", Value::from(open.to_string())), ("all", Value::from(all.to_string()))])) {
                                    @if 0 < open { (open) } @else { (all) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn counts(&self, tab: &str) -> (usize, usize) {
        match tab {
            "outline" => (0, self.view.reading.outline.len()),
            "table" => (0, self.view.reading.tables.len()),
            _ => {
                let open = self.in_tab(tab).filter(|it| it.state == FindingState::Open).count();
                (open, self.in_tab(tab).count())
            }
        }
    }

    fn document(&self) -> Markup {
        let shown: Vec<FindingId> = self.shown().iter().map(|it| it.id).collect();
        let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
        let mut marks = Vec::new();
        for finding in &self.view.findings {
            let tab = tab_of(finding.content());
            let position = positions.entry(tab).or_default();
            let page = *position / CARDS_MAX + 1;
            *position += 1;
            let Some(place) = &finding.place else { continue };
            let here = shown.contains(&finding.id);
            let href = if here {
                format!("#finding-{}", finding.id)
            } else {
                let address = self.tab_address(tab).with("page", page.to_string());
                format!("{address}#finding-{}", finding.id)
            };
            marks.push(Mark {
                finding: finding.id.to_string(),
                start: usize::try_from(place.start).unwrap_or(usize::MAX),
                end: usize::try_from(place.end).unwrap_or(usize::MAX),
                shown: here,
                state: state_group(&finding.state),
                href,
                title: self.visit.t_with(
                    "review-mark",
                    &[
                        (
                            "kind",
                            Value::from(self.visit.t(&format!("finding-kind-{}", finding.content().kind()))),
                        ),
                        ("name", Value::from(finding.content().name().to_owned())),
                    ],
                ),
            });
        }
        html! {
            div.document lang="zh-CN" {
                (review_document::document(self.visit, &self.view.text, &marks, &self.view.reading.outline))
            }
        }
    }

    fn findings(&self, deciders: &BTreeMap<FindingId, Decider>) -> Markup {
        let visit = self.visit;
        let (filtered, shown) = (self.filtered(), self.shown());
        let pages = filtered.len().div_ceil(CARDS_MAX);
        let sure = self
            .in_tab(self.chosen.tab)
            .filter(|it| {
                it.state == FindingState::Open
                    && VERY_SURE_BP <= it.confidence_bp
                    && !review_card::is_secondary(it.content())
                    && !matches!(it.content(), Content::Target { target } if target.target.is_none())
            })
            .count();
        html! {
            (self.filters())
            @if self.is_open() {
                div.review-tools {
                    @if 0 < sure {
                        form method="post" action={ "/import/" (self.view.reading.id) "/accept-sure" } {
                            (ui::hidden("back", &self.here.to_string())) (ui::hidden("tab", self.chosen.tab))
                            button.button.small type="submit" {
                                (Icon::Check.svg())
                                (visit.t_with("review-accept-sure", &[("count", Value::from(sure.to_string()))]))
                            }
                        }
                    }
                    a.button.small href={ "/import/" (self.view.reading.id) "/add" (ui::url::query(&[("kind", self.chosen.tab)])) } {
                        (Icon::Plus.svg()) (visit.t("review-add"))
                    }
                    p.keys { (visit.t("review-keys")) }
                }
            }
            @if shown.is_empty() {
                (ui::empty_state(Icon::Search, &visit.t("review-empty"), &visit.t(if self.is_filtered() { "review-empty-filtered" } else { "review-empty-why" }), None))
            }
            h2.unseen { (visit.t("review-pane-findings")) }
            div.cards {
                @for finding in &shown {
                    (self.card(finding, deciders.get(&finding.id), None))
                }
            }
            @if 1 < pages {
                (ui::pager(visit, &self.here, &Pager { count: u64::try_from(filtered.len()).unwrap_or(u64::MAX), at_least: false, next: None }))
                nav.pages aria-label=(visit.t("pager-label")) {
                    @for page in 1..=pages {
                        a.chip href=(self.here.clone().with("page", page.to_string())) aria-current=[(page == self.chosen.page).then_some("page")] { (page) }
                    }
                }
            }
        }
    }

    /// One card, with why the last decision on it was refused.
    pub(crate) fn card(
        &self,
        finding: &Stored<Finding>,
        decider: Option<&Decider>,
        refused: Option<&dyn hutong_kernel::Refusal>,
    ) -> Markup {
        review_card::card(
            self.visit,
            &Card { finding, decider, refused, open: self.is_open(), back: &self.here.to_string() },
        )
    }

    fn is_filtered(&self) -> bool {
        self.chosen.state.is_some() || self.chosen.confidence.is_some()
    }

    fn filters(&self) -> Markup {
        let visit = self.visit;
        let here = self.here.clone().without("page").with("tab", self.chosen.tab);
        let count = |fits: &dyn Fn(&Finding) -> bool| {
            u64::try_from(self.in_tab(self.chosen.tab).filter(|it| fits(it)).count()).unwrap_or(u64::MAX)
        };
        let chosen = self.chosen.state.as_deref();
        let mut states = vec![Chip::new(
            html! { (visit.t("review-filter-all")) },
            here.clone().without("state").to_string(),
            chosen.is_none(),
        )];
        for state in STATES {
            let href = here.clone().with("state", state).to_string();
            let label = html! { (visit.t(&format!("review-state-{state}"))) };
            states.push(
                Chip::new(label, href, chosen == Some(state))
                    .count(count(&|it| state_group(&it.state) == state)),
            );
        }
        let chosen = self.chosen.confidence.as_deref();
        let mut confidences = vec![Chip::new(
            html! { (visit.t("review-filter-all")) },
            here.clone().without("confidence").to_string(),
            chosen.is_none(),
        )];
        for word in CONFIDENCES {
            let href = here.clone().with("confidence", word).to_string();
            let label = html! { (visit.t(&format!("review-confidence-{word}"))) };
            confidences.push(
                Chip::new(label, href, chosen == Some(word))
                    .count(count(&|it| review_content::confidence(it.confidence_bp) == word)),
            );
        }
        html! {
            div.filters {
                (ui::chips(visit, &visit.t("review-filter-state"), &states))
                (ui::chips(visit, &visit.t("review-filter-confidence"), &confidences))
            }
        }
    }

    fn outline(&self) -> Markup {
        html! {
            p.help { (self.visit.t("review-outline-help")) }
            ol.outline {
                @for entry in &self.view.reading.outline {
                    li.{ "level-" (entry.level.min(4)) } {
                        a href={ "#line-" (entry.line) } { span.outline-label { (entry.label) } (entry.title) }
                    }
                }
            }
        }
    }

    fn tables(&self) -> Markup {
        let visit = self.visit;
        html! {
            @if self.view.reading.tables.is_empty() {
                (ui::empty_state(Icon::Search, &visit.t("review-empty"), &visit.t("review-tables-none"), None))
            }
            ol.outline {
                @for table in &self.view.reading.tables {
                    li.table-entry {
                        a href={ "#line-" (table.line) } { (table.title) }
                        p.help {
                            (visit.t_with("review-table-rows", &[("rows", Value::from(table.rows.to_string()))]))
                            @if !table.columns.is_empty() { " · " (visit.list(&table.columns)) }
                        }
                    }
                }
            }
        }
    }
}

/// Who decided on a finding and when; `None` while nobody has.
pub(crate) async fn decider_of(
    visit: &Visit,
    finding: &Stored<Finding>,
) -> Result<Option<Decider>, PageError> {
    if finding.state == FindingState::Open {
        return Ok(None);
    }
    let entry = visit.app.store.entry_of(Finding::KIND, finding.id.uuid(), finding.version).await?;
    Ok(entry.map(|entry| Decider {
        name: match entry.principal {
            hutong_kernel::Principal::Person { name, .. } => name,
            hutong_kernel::Principal::System { job } => job,
            hutong_kernel::Principal::Visitor => visit.role(hutong_kernel::Role::Visitor),
        },
        at: entry.at,
    }))
}

/// The filter's word for a state.
pub(crate) fn state_group(state: &FindingState) -> &'static str {
    match state {
        FindingState::Open => "open",
        FindingState::Accepted | FindingState::Corrected | FindingState::Added => "accepted",
        FindingState::Rejected { .. } | FindingState::Split { .. } | FindingState::Merged { .. } => {
            "rejected"
        }
    }
}

/// The way from upload to a plan in force. `checking` on the last page before it.
pub(crate) fn way(visit: &Visit, state: &ReadingState, checking: bool) -> Markup {
    let now = match state {
        ReadingState::Adopted { .. } => 4,
        _ if checking => 2,
        _ => 1,
    };
    let step = |index: usize, key: &str| Step {
        label: visit.t(key),
        state: match index.cmp(&now) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Now,
            std::cmp::Ordering::Greater => StepState::ToCome,
        },
        href: None,
    };
    let steps = [
        step(0, "review-step-upload"),
        step(1, "review-step-review"),
        step(2, "review-step-check"),
        step(3, "review-step-force"),
    ];
    ui::steps(visit, &steps)
}
