//! Finding the organisations that a document names.
//!
//! Names are matched exactly, by name or alias, among the bodies that exist. What does not match is shown to a person,
//! who maps it to a body or has one created; a suggestion is offered, and nothing is guessed silently.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{Organisation, OrganisationId};

/// What became of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "match", rename_all = "snake_case")]
pub enum Match {
    /// One body goes by it.
    One {
        /// Which.
        body: OrganisationId,
    },
    /// Several bodies go by it.
    Several {
        /// Which.
        bodies: Vec<OrganisationId>,
    },
    /// None does.
    None {
        /// Bodies with the most similar names, the nearest first.
        suggestions: Vec<OrganisationId>,
    },
}

/// What a person chose for a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "snake_case")]
pub enum BodyChoice {
    /// It is this body.
    Existing {
        /// Which.
        body: OrganisationId,
    },
    /// There is no such body yet; it is created with the plan.
    Create {
        /// What sort of body.
        class: OrganisationClass,
    },
}

/// Choices by name, as the document writes it.
pub type BodyChoices = BTreeMap<String, BodyChoice>;

/// Most suggestions for a name.
const SUGGESTIONS_MAX: usize = 3;

/// What became of `name` among `organisations` on `day`.
pub fn match_body(name: &str, organisations: &[Organisation], day: Date) -> Match {
    let name = name.trim();
    let bodies: Vec<OrganisationId> =
        organisations.iter().filter(|it| it.exists_on(day) && it.goes_by(name)).map(|it| it.id).collect();
    match bodies.as_slice() {
        [body] => Match::One { body: *body },
        [] => Match::None { suggestions: suggestions(name, organisations, day) },
        _ => Match::Several { bodies },
    }
}

fn suggestions(name: &str, organisations: &[Organisation], day: Date) -> Vec<OrganisationId> {
    // Nearly all names of a district begin with 区, which says nothing about likeness.
    let core = |name: &str| name.trim_start_matches('区').to_owned();
    let name = core(name);
    let mut near: Vec<(usize, OrganisationId)> = organisations
        .iter()
        .filter(|it| it.exists_on(day))
        .filter_map(|it| {
            let likeness = |known: &String| {
                let known = core(known);
                let best = common(&name, &known);
                // At least half of the characters of the shorter name, and never a single one.
                let half = name.chars().count().min(known.chars().count()).div_ceil(2);
                if 2 <= best && half <= best { best } else { 0 }
            };
            let best = std::iter::once(&it.name).chain(&it.aliases).map(likeness).max()?;
            (0 < best).then_some((best, it.id))
        })
        .collect();
    near.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    near.into_iter().take(SUGGESTIONS_MAX).map(|(_, id)| id).collect()
}

/// Length of the longest common subsequence, in characters.
fn common(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row = vec![0; b.len() + 1];
    for x in a.chars() {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == *y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::testing::{id, organisation};

    #[test]
    fn a_name_or_an_alias_of_a_body_that_exists_matches() {
        let mut it = organisation(10, "区财政局");
        it.aliases = vec!["区财政".into()];
        let day = date(2022, 1, 1);
        assert_eq!(match_body(" 区财政 ", &[it.clone()], day), Match::One { body: id(10) });
        it.valid_to = Some(date(2021, 12, 31));
        assert_eq!(match_body("区财政局", &[it], day), Match::None { suggestions: vec![] });
    }

    #[test]
    fn a_similar_name_is_suggested_and_not_taken() {
        let list = [organisation(10, "区城市管理委"), organisation(11, "区教委")];
        let it = match_body("区城管委", &list, date(2022, 1, 1));
        assert_eq!(it, Match::None { suggestions: vec![id(10)] });
    }

    #[test]
    fn two_bodies_of_one_name_must_be_chosen_between() {
        let list = [organisation(10, "区科委"), organisation(11, "区科委")];
        assert_eq!(
            match_body("区科委", &list, date(2022, 1, 1)),
            Match::Several { bodies: vec![id(10), id(11)] }
        );
    }
}
