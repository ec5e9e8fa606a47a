//! Persons and the roles they hold for a time.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::permission::Role;
use crate::{GrantId, OrganisationId, PersonId};

/// Somebody who can sign in.
///
/// The password's hash is not here: a journal that cannot forget is no place for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// What they type to sign in; lower-case ASCII letters, digits, `.`, `-`, `_`.
    pub user_name: String,
    /// Their name.
    pub name: String,
    /// The body they work for; `None` for the public's representatives and outside auditors.
    pub organisation: Option<OrganisationId>,
    /// First day they may sign in.
    pub valid_from: Date,
    /// Last day they may sign in.
    pub valid_to: Option<Date>,
}

impl Person {
    /// May they sign in on `day`?
    pub fn active_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// A role given to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// Identity.
    pub id: GrantId,
    /// To whom.
    pub person: PersonId,
    /// Which role.
    pub role: Role,
    /// First day.
    pub valid_from: Date,
    /// Last day; `None` while it holds.
    pub valid_to: Option<Date>,
}

impl RoleGrant {
    /// Does it hold on `day`?
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}
