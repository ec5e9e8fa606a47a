//! What may happen to a body: founded, renamed, merged, closed.
//!
//! A body is never deleted. What was assigned to it years ago must still be readable under the name that it
//! had, so a change only ever adds: a last day, a name, a successor that names its predecessors.

use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{Organisation, OrganisationId, Refusal};
use jiff::ToSpan as _;
use jiff::civil::Date;
use thiserror::Error;

/// Longest name. Unit: characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Most other names of one body.
pub const ALIASES_MAX: usize = 50;
/// Most bodies that are merged at once.
pub const MERGED_MAX: usize = 20;

/// A new body, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foundation {
    /// Name as documents write it.
    pub name: String,
    /// English name; the Chinese one stands in where it is empty.
    pub name_en: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What sort of body.
    pub class: OrganisationClass,
    /// The body it belongs to.
    pub parent: Option<OrganisationId>,
    /// First day it exists.
    pub valid_from: Date,
}

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OrganisationRefusal {
    /// There is no such body.
    #[error("no such organisation")]
    Unknown,
    /// No name, or one that is too long.
    #[error("a name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// Another body goes by this name on that day.
    #[error("another organisation goes by {name} on {day}")]
    NameTaken {
        /// The name.
        name: String,
        /// The day.
        day: Date,
    },
    /// The body above does not exist on that day.
    #[error("the parent does not exist on {day}")]
    ParentMissing {
        /// The day.
        day: Date,
    },
    /// The body has already ended, or begins later.
    #[error("{name} does not exist on {day}")]
    NotThere {
        /// Its name.
        name: String,
        /// The day.
        day: Date,
    },
    /// Bodies that belong to it still exist.
    #[error("{count} organisations still belong to {name}")]
    HasChildren {
        /// Its name.
        name: String,
        /// How many.
        count: usize,
    },
    /// A merger takes at least two bodies, each once.
    #[error("a merger takes 2 to {MERGED_MAX} different organisations")]
    MergerOfOne,
    /// Too many other names.
    #[error("an organisation has at most {ALIASES_MAX} other names")]
    Aliases,
}

impl Refusal for OrganisationRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "spine.organisation.unknown",
            Self::Name => "spine.organisation.name",
            Self::NameTaken { .. } => "spine.organisation.name_taken",
            Self::ParentMissing { .. } => "spine.organisation.parent_missing",
            Self::NotThere { .. } => "spine.organisation.not_there",
            Self::HasChildren { .. } => "spine.organisation.has_children",
            Self::MergerOfOne => "spine.organisation.merger_of_one",
            Self::Aliases => "spine.organisation.aliases",
        }
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unknown | Self::Name | Self::MergerOfOne | Self::Aliases => Vec::new(),
            Self::NameTaken { name, day } | Self::NotThere { name, day } => {
                vec![("name", name.clone()), ("day", day.to_string())]
            }
            Self::ParentMissing { day } => vec![("day", day.to_string())],
            Self::HasChildren { name, count } => vec![("name", name.clone()), ("count", count.to_string())],
        }
    }
    fn status(&self) -> u16 {
        match self {
            Self::Unknown => 404,
            Self::NameTaken { .. } | Self::NotThere { .. } | Self::HasChildren { .. } => 409,
            _ => 422,
        }
    }
}

/// Decides about a new body. `known` are all bodies, also those that ended.
///
/// # Errors
/// [`OrganisationRefusal`].
pub fn found(
    id: OrganisationId,
    wish: &Foundation,
    known: &[Organisation],
) -> Result<Organisation, OrganisationRefusal> {
    let name = checked_name(&wish.name)?;
    let mut aliases = Vec::new();
    for alias in &wish.aliases {
        let alias = checked_name(alias)?;
        if alias != name && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    if ALIASES_MAX < aliases.len() {
        return Err(OrganisationRefusal::Aliases);
    }
    let name_en = wish.name_en.trim();
    let founded = Organisation {
        id,
        name_en: if name_en.is_empty() { name.clone() } else { checked_name(name_en)? },
        name,
        aliases,
        class: wish.class,
        parent: wish.parent,
        valid_from: wish.valid_from,
        valid_to: None,
        predecessors: Vec::new(),
    };
    refuse_taken_names(&founded, wish.valid_from, known)?;
    if let Some(parent) = wish.parent
        && !known.iter().any(|it| it.id == parent && it.exists_on(wish.valid_from))
    {
        return Err(OrganisationRefusal::ParentMissing { day: wish.valid_from });
    }
    Ok(founded)
}

/// Decides about a new name. The old one stays as another name, so that old documents still find the body.
///
/// # Errors
/// [`OrganisationRefusal`].
pub fn rename(
    body: &Organisation,
    name: &str,
    name_en: &str,
    today: Date,
    known: &[Organisation],
) -> Result<Organisation, OrganisationRefusal> {
    refuse_absent(body, today)?;
    let name = checked_name(name)?;
    let mut renamed = body.clone();
    if name != body.name {
        renamed.aliases.retain(|it| *it != name);
        if !renamed.aliases.contains(&body.name) {
            renamed.aliases.push(body.name.clone());
        }
        if ALIASES_MAX < renamed.aliases.len() {
            return Err(OrganisationRefusal::Aliases);
        }
    }
    renamed.name_en = if name_en.trim().is_empty() { name.clone() } else { checked_name(name_en)? };
    renamed.name = name;
    refuse_taken_names(&renamed, today, known)?;
    Ok(renamed)
}

/// Decides about a merger: the bodies end on the day before, their successor begins.
///
/// Names of the merged bodies stay with them; the successor may take one of them over, because they no longer
/// exist on its first day. Returns the successor, then the bodies that end.
///
/// # Errors
/// [`OrganisationRefusal`].
pub fn merge(
    id: OrganisationId,
    wish: &Foundation,
    merged: &[OrganisationId],
    known: &[Organisation],
) -> Result<(Organisation, Vec<Organisation>), OrganisationRefusal> {
    let mut predecessors = merged.to_vec();
    predecessors.sort();
    predecessors.dedup();
    if predecessors.len() < 2 || MERGED_MAX < predecessors.len() {
        return Err(OrganisationRefusal::MergerOfOne);
    }
    let Ok(last_day) = wish.valid_from.checked_sub(1.day()) else {
        return Err(OrganisationRefusal::Unknown);
    };
    let mut ended = Vec::new();
    let mut after = known.to_vec();
    for id in &predecessors {
        let body = after.iter_mut().find(|it| it.id == *id).ok_or(OrganisationRefusal::Unknown)?;
        refuse_absent(body, wish.valid_from)?;
        refuse_absent(body, last_day)?;
        body.valid_to = Some(last_day);
        ended.push(body.clone());
    }
    let mut successor = found(id, wish, &after)?;
    successor.predecessors = predecessors;
    Ok((successor, ended))
}

/// Decides about an end without a successor.
///
/// # Errors
/// [`OrganisationRefusal`].
pub fn close(
    body: &Organisation,
    last_day: Date,
    known: &[Organisation],
) -> Result<Organisation, OrganisationRefusal> {
    refuse_absent(body, last_day)?;
    let after = last_day.checked_add(1.day()).unwrap_or(last_day);
    let children = known
        .iter()
        .filter(|it| it.parent == Some(body.id) && it.valid_to.is_none_or(|last| after <= last))
        .count();
    if 0 < children {
        return Err(OrganisationRefusal::HasChildren { name: body.name.clone(), count: children });
    }
    Ok(Organisation { valid_to: Some(last_day), ..body.clone() })
}

fn checked_name(name: &str) -> Result<String, OrganisationRefusal> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || NAME_CHARS_MAX < length || name.chars().any(char::is_control) {
        return Err(OrganisationRefusal::Name);
    }
    Ok(name.to_owned())
}

fn refuse_absent(body: &Organisation, day: Date) -> Result<(), OrganisationRefusal> {
    if body.exists_on(day) {
        Ok(())
    } else {
        Err(OrganisationRefusal::NotThere { name: body.name.clone(), day })
    }
}

/// Two bodies of one name at one time would make every list of tasks ambiguous.
fn refuse_taken_names(
    body: &Organisation,
    day: Date,
    known: &[Organisation],
) -> Result<(), OrganisationRefusal> {
    let others = || known.iter().filter(|it| it.id != body.id && it.valid_to.is_none_or(|last| day <= last));
    for name in std::iter::once(&body.name).chain(&body.aliases) {
        if others().any(|it| it.name == *name || (body.name == *name && it.goes_by(name))) {
            return Err(OrganisationRefusal::NameTaken { name: name.clone(), day });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use hutong_kernel::IdSource;
    use jiff::civil::date;

    use super::*;

    fn id(number: u64) -> OrganisationId {
        IdSource { millis: number, random: [1; 10] }.id()
    }

    fn wish(name: &str) -> Foundation {
        Foundation {
            name: name.to_owned(),
            name_en: String::new(),
            aliases: Vec::new(),
            class: OrganisationClass::Department,
            parent: None,
            valid_from: date(2026, 3, 1),
        }
    }

    fn body(number: u64, name: &str) -> Organisation {
        let mut body = found(id(number), &wish(name), &[]).unwrap();
        body.valid_from = date(2020, 1, 1);
        body
    }

    #[test]
    fn two_bodies_never_share_a_name_at_one_time() {
        let known = [body(1, "甲局")];
        let refusal = found(id(2), &wish(" 甲局 "), &known).unwrap_err();
        assert_eq!(refusal.code(), "spine.organisation.name_taken");
    }

    #[test]
    fn the_name_of_a_body_that_ended_is_free_again() {
        let mut old = body(1, "甲局");
        old.valid_to = Some(date(2026, 2, 28));
        assert!(found(id(2), &wish("甲局"), &[old]).is_ok());
    }

    #[test]
    fn a_renamed_body_still_goes_by_its_old_name() {
        let renamed = rename(&body(1, "甲局"), "乙局", "", date(2026, 3, 1), &[]).unwrap();
        assert!(renamed.goes_by("甲局") && renamed.goes_by("乙局"));
        assert_eq!(renamed.name_en, "乙局");
    }

    #[test]
    fn merged_bodies_end_the_day_before_their_successor_begins() {
        let known = [body(1, "甲局"), body(2, "乙局")];
        let (successor, ended) = merge(id(3), &wish("甲局"), &[id(2), id(1), id(2)], &known).unwrap();
        assert_eq!(successor.predecessors, [id(1), id(2)]);
        assert!(ended.iter().all(|it| it.valid_to == Some(date(2026, 2, 28))));
        assert_eq!(
            merge(id(3), &wish("丙局"), &[id(1), id(1)], &known),
            Err(OrganisationRefusal::MergerOfOne)
        );
    }

    #[test]
    fn a_body_with_living_children_is_not_closed() {
        let parent = body(1, "甲局");
        let mut child = body(2, "甲中心");
        child.parent = Some(id(1));
        let known = [parent.clone(), child.clone()];
        let refusal = close(&parent, date(2026, 3, 1), &known).unwrap_err();
        assert_eq!(refusal.code(), "spine.organisation.has_children");
        child.valid_to = Some(date(2026, 3, 1));
        assert!(close(&parent, date(2026, 3, 1), &[parent.clone(), child]).is_ok());
    }

    #[test]
    fn what_has_ended_is_neither_renamed_nor_closed_again() {
        let mut gone = body(1, "甲局");
        gone.valid_to = Some(date(2025, 1, 1));
        assert_eq!(
            rename(&gone, "乙局", "", date(2026, 3, 1), &[]).unwrap_err().code(),
            "spine.organisation.not_there"
        );
        assert_eq!(close(&gone, date(2026, 3, 1), &[]).unwrap_err().code(), "spine.organisation.not_there");
    }
}
