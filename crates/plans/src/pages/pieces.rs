//! Small parts that several pages of this context draw.

use std::collections::BTreeMap;
use std::str::FromStr;

use hutong_kernel::district::Language;
use hutong_kernel::{Id, Organisation, OrganisationId, Principal, Quantity};
use hutong_store::{Record, Stored};
use hutong_web::messages::Value;
use hutong_web::ui::{self, LightKind, QuietFooter};
use hutong_web::{PageError, Visit};
use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;

use crate::light::{Light, LightState};
use crate::roll_up::RollUp;
use crate::services::Plans;
use crate::target::{Bound, Level, ShareChange, Target};

/// Bodies by id.
pub(super) type Bodies = BTreeMap<OrganisationId, Organisation>;

/// Plans for this visit.
pub(super) fn plans(visit: &Visit) -> Plans<'_> {
    Plans::new(&visit.app.store, &visit.app.calendar, &visit.ctx)
}

/// An id out of an address; what is none leads nowhere.
pub(super) fn id<I: FromStr>(text: &str) -> Result<I, PageError> {
    text.parse().map_err(|_unreadable| PageError::not_found())
}

/// The kit's light of a state.
pub(super) fn kind(state: LightState) -> LightKind {
    LightKind::from_name(state.name()).unwrap_or(LightKind::Unknown)
}

/// A light, with its reason on hover; a dash where there is none.
pub(super) fn light(visit: &Visit, light: Option<&Light>) -> Markup {
    match light {
        Some(light) => {
            let note = visit.t(&format!("plans-light-{}", light.reason.name()));
            ui::light_with(visit, kind(light.state), Some(&note))
        }
        None => html! { span.nothing { "–" } },
    }
}

/// A body's name in the visitor's language.
pub(super) fn body_name(visit: &Visit, bodies: &Bodies, id: OrganisationId) -> String {
    match (bodies.get(&id), visit.lang) {
        (Some(body), Language::English) => body.name_en.clone(),
        (Some(body), Language::Chinese) => body.name.clone(),
        (None, _) => visit.t("plans-body-unknown"),
    }
}

/// Bodies, each a link; the document's words where no body stands for them.
pub(super) fn body_links(visit: &Visit, bodies: &Bodies, ids: &[OrganisationId], words: &str) -> Markup {
    html! {
        @if ids.is_empty() {
            @if words.is_empty() { span.nothing { (visit.t("plans-nobody")) } } @else { (words) }
        }
        @for (index, id) in ids.iter().enumerate() {
            @if 0 < index { (if visit.lang == Language::Chinese { "、" } else { ", " }) }
            a href={ "/organisations/" (id) } { (body_name(visit, bodies, *id)) }
        }
    }
}

/// Names of bodies in one text, for exports and narrow cells.
pub(super) fn body_names(visit: &Visit, bodies: &Bodies, ids: &[OrganisationId], words: &str) -> String {
    if ids.is_empty() {
        return words.to_owned();
    }
    visit.list(ids.iter().map(|id| body_name(visit, bodies, *id)))
}

/// A percentage.
pub(super) fn percent(value: Decimal) -> String {
    format!("{}%", value.normalize())
}

/// A roll-up in words: the percentage and how much of the weight is known.
pub(super) fn roll_up(visit: &Visit, it: &RollUp) -> Markup {
    html! {
        @match it.percent {
            Some(value) => {
                span.figure { (percent(value)) }
                " "
                span.help { (visit.t_with("plans-coverage", &[("coverage", Value::from(percent(it.coverage.unwrap_or_default())))])) }
            }
            None => span.nothing { (visit.t("plans-progress-unknown")) },
        }
    }
}

/// A day and how many working days are left to it.
pub(super) fn due_day(visit: &Visit, day: Date) -> Markup {
    let left = visit.app.calendar.working_days_between(visit.ctx.today, day);
    let provisional = visit.app.calendar.is_provisional(day);
    html! {
        (visit.date_cell(day))
        " "
        span.help { (working_days(visit, left)) }
        @if provisional {
            " " span.help title=(visit.t("plans-provisional-help")) { (visit.t("plans-provisional")) }
        }
    }
}

/// How many working days are left, in words.
pub(super) fn working_days(visit: &Visit, left: i32) -> String {
    let count = Value::from(visit.count(u64::from(left.unsigned_abs())));
    match left {
        0 => visit.t("plans-due-today"),
        1.. => visit.t_with("plans-days-left", &[("count", count)]),
        _ => visit.t_with("plans-days-over", &[("count", count)]),
    }
}

/// A condition on a number, in words.
pub(super) fn level_words(visit: &Visit, level: &Level) -> String {
    let text = |quantity: &Quantity| Value::from(visit.quantity_text(quantity));
    let one = |key: &str, value: &Quantity| visit.t_with(key, &[("value", text(value))]);
    match level {
        Level::AtLeast { value } => one("plans-goal-at_least", value),
        Level::MoreThan { value } => one("plans-goal-more_than", value),
        Level::AtMost { value } => one("plans-goal-at_most", value),
        Level::LessThan { value } => one("plans-goal-less_than", value),
        Level::Exactly { value } => one("plans-goal-exactly", value),
        Level::About { value, tolerance } => {
            let key = if tolerance.is_stated() { "plans-goal-about" } else { "plans-goal-about-default" };
            visit.t_with(
                key,
                &[("value", text(value)), ("tolerance", Value::from(percent(tolerance.percent())))],
            )
        }
        Level::Range { range } => {
            visit.t_with("plans-goal-range", &[("low", text(&range.low())), ("high", text(&range.high()))])
        }
    }
}

/// A promise, in words.
pub(super) fn target_words(visit: &Visit, target: &Target) -> String {
    let strictly = |bound: Bound| if bound == Bound::MoreThan { "-more" } else { "" };
    match target {
        Target::Level { level } => level_words(visit, level),
        Target::YearlyMean { level } => {
            visit.t_with("plans-goal-yearly_mean", &[("level", Value::from(level_words(visit, level)))])
        }
        Target::Growth { bound, percent: by, .. } => visit
            .t_with(&format!("plans-goal-growth{}", strictly(*bound)), &[("by", Value::from(percent(*by)))]),
        Target::ShareGrowth { bound, by } => match by {
            ShareChange::Relative { percent: by } => visit.t_with(
                &format!("plans-goal-share-relative{}", strictly(*bound)),
                &[("by", Value::from(percent(*by)))],
            ),
            ShareChange::Points { points } => visit.t_with(
                &format!("plans-goal-share-points{}", strictly(*bound)),
                &[("by", Value::from(points.normalize().to_string()))],
            ),
        },
        Target::Rank { words } | Target::Milestone { words } | Target::Qualitative { words, .. } => {
            words.clone()
        }
    }
}

/// The quiet footer of a record.
pub(super) async fn footer<R: Record>(
    visit: &Visit,
    stored: &Stored<R>,
    source: Option<Markup>,
    as_of: Option<Date>,
) -> Result<Markup, PageError> {
    let uuid = stored.record.id().uuid();
    let entry = visit.app.store.entry_of(R::KIND, uuid, stored.version).await?;
    let changed_by = entry.map_or_else(String::new, |entry| match entry.principal {
        Principal::Person { name, .. } => name,
        Principal::System { job } => visit.t_with("plans-by-system", &[("job", Value::from(job))]),
        Principal::Visitor => visit.t("role-visitor"),
    });
    let may_see = visit.may(hutong_kernel::Action::ViewHistory);
    let history = format!("/records/{}/{}", R::KIND, uuid);
    Ok(ui::quiet_footer(
        visit,
        &QuietFooter {
            source,
            as_of: as_of.map(|day| visit.date_cell(day)),
            version: stored.version.0,
            changed_by,
            changed_at: stored.changed_at,
            proof: may_see.then(|| format!("{history}/versions/{}/proof", stored.version)),
            history: may_see.then_some(history),
        },
    ))
}

/// The lights of a plan with their counts, as links that filter its board.
pub(super) fn light_counts(visit: &Visit, lights: &BTreeMap<LightState, usize>, board: &str) -> Markup {
    html! {
        @if lights.is_empty() { span.nothing { (visit.t("plans-no-lights")) } }
        ul.light-counts {
            @for (state, count) in lights {
                li {
                    a href={ (board) "?light=" (state.name()) } { (ui::light(visit, kind(*state))) }
                    " " span.figure { (visit.count(u64::try_from(*count).unwrap_or_default())) }
                }
            }
        }
    }
}

/// The fields of a form that was sent, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The value of a field, without space around it; empty when it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The value of a field that was filled in.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field that may be there several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, value)| key == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim())
    }

    /// Is a box ticked?
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// A value of another type; `None` when empty, the refusal when it cannot be read.
    pub(super) fn parsed<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, FormRefusal> {
        match self.given(name) {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => {
                    Err(FormRefusal::Unreadable { field: name, given: text.chars().take(64).collect() })
                }
            },
        }
    }

    /// The same, where the form cannot do without it.
    pub(super) fn needed<T: FromStr>(&self, name: &'static str) -> Result<T, FormRefusal> {
        self.parsed(name)?.ok_or(FormRefusal::Missing { field: name })
    }
}

crate::refusals::refusals! {
    /// Why a form cannot be read.
    pub enum FormRefusal {
        /// A field that must be filled in.
        Missing { field: &'static str } => ("plans.form.missing", 422, "field {field} is empty"),
        /// A date or a number that is none.
        Unreadable { field: &'static str, given: String } => ("plans.form.unreadable", 422, "field {field} cannot be {given}"),
        /// The upload broke off.
        BrokenOff => ("plans.form.broken_off", 400, "the upload broke off"),
        /// A file that is too large.
        TooLarge { limit: usize } => ("plans.form.too_large", 413, "a file is larger than {limit} bytes"),
    }
}

impl FormRefusal {
    /// The field it speaks of; empty for the form as a whole.
    pub(super) fn field(&self) -> &'static str {
        match self {
            Self::Missing { field } | Self::Unreadable { field, .. } => field,
            Self::BrokenOff | Self::TooLarge { .. } => "",
        }
    }
}
