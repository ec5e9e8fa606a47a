//! Builders: invented organisations, persons and contexts.

use std::sync::atomic::{AtomicU64, Ordering};

use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{
    Clock, GrantId, IdSource, OpContext, Organisation, OrganisationId, Person, PersonId, Principal, Role,
    RoleGrant,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An identifier that no other test of this process has.
fn id<I: hutong_kernel::Id>() -> I {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    IdSource { millis: 1_772_413_200_000 + number, random: [1, 2, a, b, c, d, e, f, g, h] }.id()
}

/// A date from its ISO text.
///
/// # Panics
/// The text is no date.
#[expect(clippy::panic, reason = "a test with a wrong date must stop")]
pub fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{text:?} is no date: {error}"))
}

fn context_of(clock: &dyn Clock, principal: Principal) -> OpContext {
    let now = clock.now();
    // China has one time zone and no summer time.
    let zone = TimeZone::fixed(jiff::tz::Offset::constant(8));
    OpContext {
        principal,
        request_id: format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed)),
        now,
        today: now.to_zoned(zone).date(),
        idempotency_key: None,
    }
}

/// A signed-in person with this role, of a body of their own. The principal is the same in every call with the
/// same role.
pub fn context(clock: &dyn Clock, role: Role) -> OpContext {
    let number =
        Role::ALL.iter().position(|it| *it == role).and_then(|it| u8::try_from(it).ok()).unwrap_or(0);
    let source = IdSource { millis: 1_772_000_000_000, random: [number; 10] };
    context_of(
        clock,
        Principal::Person {
            id: source.id(),
            name: format!("测试{}", role.name()),
            organisation: Some(source.id()),
            roles: vec![role],
        },
    )
}

/// A job of the system.
pub fn system_context(clock: &dyn Clock, job: &str) -> OpContext {
    context_of(clock, Principal::System { job: job.to_owned() })
}

/// Somebody who did not sign in.
pub fn visitor_context(clock: &dyn Clock) -> OpContext {
    context_of(clock, Principal::Visitor)
}

/// A department that exists since 2020.
pub fn organisation(name: &str) -> Organisation {
    Organisation {
        id: id::<OrganisationId>(),
        name: name.to_owned(),
        name_en: format!("{name} (en)"),
        aliases: Vec::new(),
        class: OrganisationClass::Department,
        parent: None,
        valid_from: Date::constant(2020, 1, 1),
        valid_to: None,
        predecessors: Vec::new(),
    }
}

/// Somebody who may sign in since 2020.
pub fn person(user_name: &str, organisation: Option<OrganisationId>) -> Person {
    Person {
        id: id::<PersonId>(),
        user_name: user_name.to_owned(),
        name: format!("测试{user_name}"),
        organisation,
        valid_from: Date::constant(2020, 1, 1),
        valid_to: None,
    }
}

/// A role held since 2020.
pub fn role_grant(person: PersonId, role: Role) -> RoleGrant {
    RoleGrant { id: id::<GrantId>(), person, role, valid_from: Date::constant(2020, 1, 1), valid_to: None }
}
