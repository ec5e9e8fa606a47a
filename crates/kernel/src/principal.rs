//! Who acts, and whether they may.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::permission::{self, Action, Role, Scope};
use crate::refusal::Refusal;
use crate::{OrganisationId, PersonId};

/// Who acts: a signed-in person, the system itself, or somebody who did not sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Principal {
    /// Somebody who did not sign in; reads what is released.
    Visitor,
    /// A signed-in person.
    Person {
        /// Who.
        id: PersonId,
        /// Their name as the journal keeps it.
        name: String,
        /// The body they act for.
        organisation: Option<OrganisationId>,
        /// The roles they hold today.
        roles: Vec<Role>,
    },
    /// A job of the system, e.g. `lights`.
    System {
        /// Which job.
        job: String,
    },
}

impl Principal {
    /// The person's id, if a person acts.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Visitor | Self::System { .. } => None,
        }
    }

    /// The body that a person acts for.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Self::Person { organisation, .. } => *organisation,
            Self::Visitor | Self::System { .. } => None,
        }
    }

    /// The roles held; a visitor has the visitor's.
    pub fn roles(&self) -> &[Role] {
        match self {
            Self::Person { roles, .. } => roles,
            Self::Visitor => &[Role::Visitor],
            Self::System { .. } => &[],
        }
    }

    /// The widest scope in which the principal may do `action`.
    pub fn scope(&self, action: Action) -> Scope {
        match self {
            Self::System { .. } => Scope::All,
            Self::Visitor | Self::Person { .. } => {
                self.roles().iter().map(|role| permission::scope(*role, action)).max().unwrap_or(Scope::None)
            }
        }
    }

    /// May the principal do `action` on `target`?
    ///
    /// # Errors
    /// [`Denied`] with the action; it does not say whether the target exists.
    pub fn may(&self, action: Action, target: Target<'_>) -> Result<(), Denied> {
        let allowed = match self.scope(action) {
            Scope::All => true,
            Scope::OwnOrganisation => match target {
                Target::Any => true,
                Target::Of { organisations, person } => {
                    self.organisation().is_some_and(|own| organisations.contains(&own))
                        || (person.is_some() && person == self.person())
                }
            },
            Scope::Own => match target {
                Target::Any => true,
                Target::Of { person, .. } => person.is_some() && person == self.person(),
            },
            Scope::None => false,
        };
        if allowed { Ok(()) } else { Err(Denied { action, signed_in: !matches!(self, Self::Visitor) }) }
    }
}

/// What an action touches.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// The action as such: may it be offered at all?
    Any,
    /// A thing with the bodies and the person that it belongs to.
    Of {
        /// Bodies it belongs to, e.g. a task's responsible and cooperating departments.
        organisations: &'a [OrganisationId],
        /// The person it belongs to.
        person: Option<PersonId>,
    },
}

/// The permission table says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{action:?} is not permitted")]
pub struct Denied {
    /// What was tried.
    pub action: Action,
    /// Did somebody sign in? If not, signing in may help.
    pub signed_in: bool,
}

impl Refusal for Denied {
    fn code(&self) -> &'static str {
        if self.signed_in { "access.denied" } else { "access.sign_in" }
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        vec![("action", self.action.name().to_owned())]
    }
    fn status(&self) -> u16 {
        if self.signed_in { 403 } else { 401 }
    }
}

/// One request or job: who, when, under which number. Read once, passed everywhere.
#[derive(Debug, Clone)]
pub struct OpContext {
    /// Who acts.
    pub principal: Principal,
    /// Number of the request; the same in the log, the journal and on an error page.
    pub request_id: String,
    /// The moment, read once.
    pub now: Timestamp,
    /// The district's date at that moment.
    pub today: Date,
    /// Client's key that makes a repeated request harmless.
    pub idempotency_key: Option<String>,
}

impl OpContext {
    /// Checks the permission table.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn may(&self, action: Action, target: Target<'_>) -> Result<(), Denied> {
        self.principal.may(action, target)
    }
}
