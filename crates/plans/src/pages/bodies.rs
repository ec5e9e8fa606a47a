//! Names of bodies on the pages of plans.

use std::collections::BTreeMap;

use hutong_kernel::district::Language;
use hutong_kernel::{Action, Organisation, OrganisationId};
use hutong_web::ui::Choice;
use hutong_web::{Visit, Words};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::services::{Plans, ServiceError};

/// All bodies, to be named.
pub(crate) struct Bodies {
    all: BTreeMap<OrganisationId, Organisation>,
}

impl Bodies {
    /// Reads them all; a district has a few hundred.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn read(plans: &Plans<'_>) -> Result<Self, ServiceError> {
        Ok(Self { all: plans.organisations().await? })
    }

    /// A body's name in the visitor's language; a dash for one that is not known.
    pub(crate) fn name(&self, words: &Words, id: OrganisationId) -> String {
        match self.all.get(&id) {
            Some(body) if words.lang == Language::English && !body.name_en.is_empty() => body.name_en.clone(),
            Some(body) => body.name.clone(),
            None => "–".to_owned(),
        }
    }

    /// A body as a link to its page, where the visitor may go there.
    pub(crate) fn link(&self, visit: &Visit, id: OrganisationId) -> Markup {
        html! {
            @if self.all.contains_key(&id) && visit.may(Action::ViewOrganisations) {
                a href={ "/organisations/" (id) } { (self.name(visit, id)) }
            } @else { (self.name(visit, id)) }
        }
    }

    /// Several bodies as links, in order.
    pub(crate) fn links(&self, visit: &Visit, ids: &[OrganisationId]) -> Markup {
        let separator = if visit.lang == Language::Chinese { "、" } else { ", " };
        html! {
            @for (index, id) in ids.iter().enumerate() {
                @if 0 < index { (separator) }
                (self.link(visit, *id))
            }
        }
    }

    /// The leading body, and how many more there are.
    pub(crate) fn leading(&self, words: &Words, ids: &[OrganisationId]) -> Markup {
        html! {
            @if let Some(first) = ids.first() {
                (self.name(words, *first))
                @if 1 < ids.len() {
                    " " span.quiet-words title=(words.list(ids.iter().skip(1).map(|id| self.name(words, *id)))) { "+" (ids.len() - 1) }
                }
            } @else { span.nothing { "–" } }
        }
    }

    /// Names as one text, for exports.
    pub(crate) fn list(&self, words: &Words, ids: &[OrganisationId]) -> String {
        words.list(ids.iter().map(|id| self.name(words, *id)))
    }

    /// The body that goes by `name` on `day`; an English name counts, too.
    pub(crate) fn find(&self, day: Date, name: &str) -> Option<OrganisationId> {
        let exists = |body: &&Organisation| body.exists_on(day);
        let named = |body: &&Organisation| body.goes_by(name) || body.name_en == name;
        self.all.values().filter(exists).find(named).map(|body| body.id)
    }

    /// The bodies that exist on `day`, and the chosen one, for a selection.
    pub(crate) fn choices(&self, words: &Words, day: Date, chosen: &str) -> Vec<Choice> {
        let mut bodies: Vec<(String, OrganisationId)> = self
            .all
            .values()
            .filter(|body| body.exists_on(day) || body.id.to_string() == chosen)
            .map(|body| (self.name(words, body.id), body.id))
            .collect();
        bodies.sort();
        bodies
            .into_iter()
            .map(|(name, id)| {
                let id = id.to_string();
                let is_chosen = id == chosen;
                Choice::new(id, name, is_chosen)
            })
            .collect()
    }
}
