//! Registering persons, ending their access, giving and taking roles.
//!
//! Two dangers: an account that nobody owns, and one person who holds the keys of two offices. The first is
//! met by names that are unique for ever; the second by refusing any two of the three administrators' roles to
//! one person (三员分立).

use hutong_kernel::{GrantId, Organisation, OrganisationId, Person, PersonId, Refusal, Role, RoleGrant};
use jiff::ToSpan as _;
use jiff::civil::Date;
use thiserror::Error;

/// Longest name of a person. Unit: characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Longest sign-in name. Unit: characters.
pub const USER_NAME_CHARS_MAX: usize = 40;

/// The three roles of which one person holds at most one.
pub const ADMINISTRATORS: [Role; 3] = [Role::SystemAdministrator, Role::SecurityAdministrator, Role::Auditor];

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PersonRefusal {
    /// There is no such person.
    #[error("no such person")]
    Unknown,
    /// The sign-in name has other characters than allowed, or is too long.
    #[error("{given:?} is no sign-in name")]
    UserName {
        /// What was given.
        given: String,
    },
    /// The sign-in name was given to somebody already.
    #[error("the sign-in name {user_name} is taken")]
    UserNameTaken {
        /// The sign-in name.
        user_name: String,
    },
    /// No name, or one that is too long.
    #[error("a name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// The body does not exist on that day.
    #[error("the organisation does not exist on {day}")]
    OrganisationMissing {
        /// The day.
        day: Date,
    },
    /// The person's access has ended already.
    #[error("access ended on {last_day}")]
    Ended {
        /// Last day of access.
        last_day: Date,
    },
    /// There is no such role, or it cannot be given.
    #[error("{given:?} is no role that can be given")]
    Role {
        /// What was given.
        given: String,
    },
    /// The person holds the role already.
    #[error("the role is held already")]
    HeldAlready,
    /// The person does not hold the role.
    #[error("the role is not held")]
    NotHeld,
    /// Two administrators' roles in one hand.
    #[error("one person holds at most one administrator's role")]
    Separation,
    /// Nobody gives a role to themselves, or takes one from themselves.
    #[error("nobody changes their own roles")]
    OwnRoles,
    /// A last day before the first.
    #[error("the last day {last_day} is before the first {first_day}")]
    Period {
        /// First day.
        first_day: Date,
        /// Last day.
        last_day: Date,
    },
}

impl Refusal for PersonRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "spine.person.unknown",
            Self::UserName { .. } => "spine.person.user_name",
            Self::UserNameTaken { .. } => "spine.person.user_name_taken",
            Self::Name => "spine.person.name",
            Self::OrganisationMissing { .. } => "spine.person.organisation_missing",
            Self::Ended { .. } => "spine.person.ended",
            Self::Role { .. } => "spine.grant.role",
            Self::HeldAlready => "spine.grant.held_already",
            Self::NotHeld => "spine.grant.not_held",
            Self::Separation => "spine.grant.separation",
            Self::OwnRoles => "spine.grant.own_roles",
            Self::Period { .. } => "spine.grant.period",
        }
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UserName { given } | Self::Role { given } => vec![("given", given.clone())],
            Self::UserNameTaken { user_name } => vec![("user_name", user_name.clone())],
            Self::OrganisationMissing { day } => vec![("day", day.to_string())],
            Self::Ended { last_day } => vec![("last_day", last_day.to_string())],
            Self::Period { first_day, last_day } => {
                vec![("first_day", first_day.to_string()), ("last_day", last_day.to_string())]
            }
            Self::Unknown
            | Self::Name
            | Self::HeldAlready
            | Self::NotHeld
            | Self::Separation
            | Self::OwnRoles => Vec::new(),
        }
    }
    fn status(&self) -> u16 {
        match self {
            Self::Unknown => 404,
            Self::UserNameTaken { .. } | Self::Ended { .. } | Self::HeldAlready | Self::NotHeld => 409,
            Self::OwnRoles => 403,
            _ => 422,
        }
    }
}

/// A person as they are to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What they type to sign in.
    pub user_name: String,
    /// Their name.
    pub name: String,
    /// The body they work for.
    pub organisation: Option<OrganisationId>,
    /// First day they may sign in.
    pub valid_from: Date,
}

/// Decides about a registration. `taken` says whether somebody has, or had, the sign-in name.
///
/// # Errors
/// [`PersonRefusal`].
pub fn register(
    id: PersonId,
    wish: &Registration,
    taken: bool,
    organisations: &[Organisation],
) -> Result<Person, PersonRefusal> {
    let user_name = wish.user_name.trim();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if user_name.is_empty() || USER_NAME_CHARS_MAX < user_name.len() || !user_name.chars().all(allowed) {
        return Err(PersonRefusal::UserName { given: user_name.chars().take(USER_NAME_CHARS_MAX).collect() });
    }
    if taken {
        // Also when the person has left: a name in an old journal must never come to mean somebody else.
        return Err(PersonRefusal::UserNameTaken { user_name: user_name.to_owned() });
    }
    let name = wish.name.trim();
    let length = name.chars().count();
    if length == 0 || NAME_CHARS_MAX < length || name.chars().any(char::is_control) {
        return Err(PersonRefusal::Name);
    }
    if let Some(organisation) = wish.organisation
        && !organisations.iter().any(|it| it.id == organisation && it.exists_on(wish.valid_from))
    {
        return Err(PersonRefusal::OrganisationMissing { day: wish.valid_from });
    }
    Ok(Person {
        id,
        user_name: user_name.to_owned(),
        name: name.to_owned(),
        organisation: wish.organisation,
        valid_from: wish.valid_from,
        valid_to: None,
    })
}

/// Decides about the end of a person's access.
///
/// # Errors
/// [`PersonRefusal`].
pub fn close(person: &Person, last_day: Date) -> Result<Person, PersonRefusal> {
    if let Some(ended) = person.valid_to {
        return Err(PersonRefusal::Ended { last_day: ended });
    }
    if last_day < person.valid_from {
        return Err(PersonRefusal::Period { first_day: person.valid_from, last_day });
    }
    Ok(Person { valid_to: Some(last_day), ..person.clone() })
}

/// Decides about a role. `giver` is the person who gives it, if a person does; `held` are all grants of the
/// person, also those that ended.
///
/// # Errors
/// [`PersonRefusal`].
pub fn grant(
    id: GrantId,
    person: &Person,
    role: Role,
    from: Date,
    held: &[RoleGrant],
    giver: Option<PersonId>,
) -> Result<RoleGrant, PersonRefusal> {
    if role == Role::Visitor {
        return Err(PersonRefusal::Role { given: role.name().to_owned() });
    }
    if giver == Some(person.id) {
        return Err(PersonRefusal::OwnRoles);
    }
    if let Some(last_day) = person.valid_to.filter(|last| *last < from) {
        return Err(PersonRefusal::Ended { last_day });
    }
    let lasting = |it: &&RoleGrant| it.valid_to.is_none_or(|last| from <= last);
    if held.iter().filter(lasting).any(|it| it.role == role) {
        return Err(PersonRefusal::HeldAlready);
    }
    if ADMINISTRATORS.contains(&role)
        && held.iter().filter(lasting).any(|it| ADMINISTRATORS.contains(&it.role))
    {
        return Err(PersonRefusal::Separation);
    }
    Ok(RoleGrant { id, person: person.id, role, valid_from: from, valid_to: None })
}

/// Decides about taking a role back: it does not hold today any more.
///
/// # Errors
/// [`PersonRefusal`].
pub fn revoke(grant: &RoleGrant, today: Date, taker: Option<PersonId>) -> Result<RoleGrant, PersonRefusal> {
    if taker == Some(grant.person) {
        return Err(PersonRefusal::OwnRoles);
    }
    if grant.valid_to.is_some_and(|last| last < today) {
        return Err(PersonRefusal::NotHeld);
    }
    let yesterday = today.checked_sub(1.day()).unwrap_or(today);
    Ok(RoleGrant { valid_to: Some(yesterday), ..grant.clone() })
}

#[cfg(test)]
mod tests {
    use hutong_kernel::{Id, IdSource};
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 3, 2);

    fn id<I: Id>(number: u64) -> I {
        IdSource { millis: number, random: [1; 10] }.id()
    }

    fn person(user_name: &str) -> Result<Person, PersonRefusal> {
        let wish = Registration {
            user_name: user_name.to_owned(),
            name: "李雷".to_owned(),
            organisation: None,
            valid_from: TODAY,
        };
        register(id(1), &wish, false, &[])
    }

    fn give(role: Role, held: &[RoleGrant]) -> Result<RoleGrant, PersonRefusal> {
        grant(id(9), &person("li.lei").unwrap(), role, TODAY, held, Some(id(2)))
    }

    #[test]
    fn a_sign_in_name_is_plain_lower_case() {
        assert!(person("li.lei-2_x").is_ok());
        for bad in ["", "Li.Lei", "李雷", "li lei", &"a".repeat(41)] {
            assert_eq!(person(bad).unwrap_err().code(), "spine.person.user_name", "{bad}");
        }
    }

    #[test]
    fn no_hand_holds_the_keys_of_two_offices() {
        let held = [give(Role::SystemAdministrator, &[]).unwrap()];
        assert_eq!(give(Role::Auditor, &held), Err(PersonRefusal::Separation));
        assert!(give(Role::PlanSupervisor, &held).is_ok());
    }

    #[test]
    fn a_role_that_was_taken_back_can_be_given_again_and_leaves_the_hand_free() {
        let taken = revoke(&give(Role::Auditor, &[]).unwrap(), TODAY, Some(id(2))).unwrap();
        assert!(!taken.holds_on(TODAY));
        assert!(give(Role::Auditor, std::slice::from_ref(&taken)).is_ok());
        assert!(give(Role::SystemAdministrator, std::slice::from_ref(&taken)).is_ok());
        assert_eq!(revoke(&taken, TODAY, None), Err(PersonRefusal::NotHeld));
    }

    #[test]
    fn nobody_changes_their_own_roles() {
        let person = person("li.lei").unwrap();
        assert_eq!(
            grant(id(9), &person, Role::PlanSupervisor, TODAY, &[], Some(person.id)),
            Err(PersonRefusal::OwnRoles)
        );
    }

    #[test]
    fn access_ends_once() {
        let ended = close(&person("li.lei").unwrap(), TODAY).unwrap();
        assert!(ended.active_on(TODAY));
        assert_eq!(close(&ended, TODAY).unwrap_err().code(), "spine.person.ended");
    }
}
