//! The bodies that a document names, on the way into force: known, chosen, created or open.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use hutong_kernel::{Id, Organisation, OrganisationId};

use crate::match_bodies::{BodyChoice, BodyChoices, Match, match_body};
use crate::open_decision::OpenDecision;

/// Names of the document and the bodies they stand for.
pub(crate) struct Bodies<'a> {
    known: &'a [Organisation],
    choices: &'a BodyChoices,
    today: Date,
    needed: bool,
    /// Bodies that are made with the plan.
    pub(crate) created: Vec<Organisation>,
    by_name: BTreeMap<String, OrganisationId>,
    unknown: BTreeMap<String, (usize, Match)>,
}

impl<'a> Bodies<'a> {
    /// Names are looked up among `known` and then in `choices`; `needed` says whether an unknown name is an open decision.
    pub(crate) fn new(
        known: &'a [Organisation],
        choices: &'a BodyChoices,
        needed: bool,
        today: Date,
    ) -> Self {
        Self {
            known,
            choices,
            today,
            needed,
            created: Vec::new(),
            by_name: BTreeMap::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// The bodies behind `names`, each once, in order; unknown ones are left out and noted.
    pub(crate) fn all(&mut self, names: &[String], mint: &mut dyn FnMut() -> Uuid) -> Vec<OrganisationId> {
        let mut bodies = Vec::new();
        for name in names {
            if let Some(body) = self.one(name, mint)
                && !bodies.contains(&body)
            {
                bodies.push(body);
            }
        }
        bodies
    }

    fn one(&mut self, name: &str, mint: &mut dyn FnMut() -> Uuid) -> Option<OrganisationId> {
        let name = name.trim();
        if let Some(body) = self.by_name.get(name) {
            return Some(*body);
        }
        let body = match self.choices.get(name) {
            Some(BodyChoice::Existing { body }) if self.known.iter().any(|it| it.id == *body) => *body,
            Some(BodyChoice::Create { class }) => {
                let id = OrganisationId::from_uuid(mint());
                self.created.push(Organisation {
                    id,
                    name: name.to_owned(),
                    name_en: name.to_owned(),
                    aliases: Vec::new(),
                    class: *class,
                    parent: None,
                    valid_from: self.today,
                    valid_to: None,
                    predecessors: Vec::new(),
                });
                id
            }
            _ => match match_body(name, self.known, self.today) {
                Match::One { body } => body,
                other => {
                    self.unknown.entry(name.to_owned()).or_insert((0, other)).0 += 1;
                    return None;
                }
            },
        };
        self.by_name.insert(name.to_owned(), body);
        Some(body)
    }

    /// The names that nobody has decided on.
    pub(crate) fn open(&mut self) -> Vec<OpenDecision> {
        if !self.needed {
            return Vec::new();
        }
        std::mem::take(&mut self.unknown)
            .into_iter()
            .map(|(name, (named, matched))| match matched {
                Match::Several { bodies } => OpenDecision::BodyAmbiguous { name, bodies },
                Match::None { suggestions } => OpenDecision::BodyUnknown { name, named, suggestions },
                Match::One { body } => OpenDecision::BodyAmbiguous { name, bodies: vec![body] },
            })
            .collect()
    }
}
