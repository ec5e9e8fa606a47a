//! Persons, their access, and the roles they hold.

use hutong_kernel::refusal::AnyRefusal;
use hutong_kernel::{Action, GrantId, OpContext, Person, PersonId, Role, RoleGrant, Target};
use hutong_store::{Credential, Query, Store, Stored, Version};
use hutong_web::password::{Passwords, check_strength};
use jiff::civil::Date;

use super::organisations;

pub mod change;
pub mod pages;

use change::{PersonRefusal, Registration};

/// Everybody, also those who left, by sign-in name.
///
/// # Errors
/// Faults of the store.
pub async fn all(store: &Store) -> Result<Vec<Stored<Person>>, AnyRefusal> {
    let mut all = store.all::<Person>(Query::all()).await?;
    all.sort_by(|a, b| a.user_name.cmp(&b.user_name));
    Ok(all)
}

/// The person with this sign-in name.
///
/// # Errors
/// Faults of the store.
pub async fn by_user_name(store: &Store, user_name: &str) -> Result<Option<Stored<Person>>, AnyRefusal> {
    let page = store.list::<Person>(Query::new("by_user_name").equal(user_name).limit(1)).await?;
    Ok(page.items.into_iter().next())
}

/// All grants of a person, also those that ended.
///
/// # Errors
/// Faults of the store.
pub async fn grants_of(store: &Store, person: PersonId) -> Result<Vec<Stored<RoleGrant>>, AnyRefusal> {
    Ok(store.all::<RoleGrant>(Query::new("by_person").equal(person)).await?)
}

/// What a person is to the permission table.
pub(crate) fn target<'a>(
    person: &'a Person,
    organisations: &'a mut Vec<hutong_kernel::OrganisationId>,
) -> Target<'a> {
    organisations.clear();
    organisations.extend(person.organisation);
    Target::Of { organisations, person: Some(person.id) }
}

/// Registers a person.
///
/// # Errors
/// Denied, refused by [`change::register`], or by the store.
pub async fn register(
    store: &Store,
    ctx: &OpContext,
    wish: &Registration,
    reason: &str,
) -> Result<PersonId, AnyRefusal> {
    ctx.may(Action::KeepPersons, Target::Any)?;
    let taken = by_user_name(store, wish.user_name.trim()).await?.is_some();
    let organisations: Vec<_> = organisations::all(store).await?.into_iter().map(|it| it.record).collect();
    let mut change = store.begin(ctx, reason);
    let person = change::register(change.new_id(), wish, taken, &organisations)?;
    change.create(&person);
    change.commit().await?;
    Ok(person.id)
}

/// Ends a person's access; open sessions end with the last day.
///
/// # Errors
/// Denied, refused by [`change::close`], or by the store.
pub async fn close(
    store: &Store,
    ctx: &OpContext,
    (id, seen): (PersonId, Version),
    last_day: Date,
    reason: &str,
) -> Result<(), AnyRefusal> {
    ctx.may(Action::KeepPersons, Target::Any)?;
    let person = store.get::<Person>(id).await?.ok_or(PersonRefusal::Unknown)?;
    let closed = change::close(&person, last_day)?;
    let mut change = store.begin(ctx, reason);
    change.update(seen, &closed);
    change.commit().await?;
    Ok(())
}

/// Sets a first password, which the person must change at the next sign-in. All their sessions end.
///
/// The password is operational state: the journal keeps that the person was touched, with the reason, as a new
/// version of an unchanged record, and never the password or its hash.
///
/// # Errors
/// Denied, too weak, or refused by the store.
pub async fn set_first_password(
    store: &Store,
    passwords: &Passwords,
    ctx: &OpContext,
    id: PersonId,
    password: &str,
    reason: &str,
) -> Result<(), AnyRefusal> {
    ctx.may(Action::KeepPersons, Target::Any)?;
    let person = store.get::<Person>(id).await?.ok_or(PersonRefusal::Unknown)?;
    check_strength(password)?;
    let hash = passwords
        .hash(password)
        .await
        .map_err(|error| hutong_store::StoreError::fault("hashing a password", error))?;
    let mut change = store.begin(ctx, reason);
    change.update(person.version, &person.record);
    change.commit().await?;
    let credential = Credential { hash, changed_at: ctx.now, must_change: true };
    store.operational().set_credential(id, credential).await?;
    store.operational().delete_sessions_of(id).await?;
    Ok(())
}

/// Gives a role.
///
/// # Errors
/// Denied, refused by [`change::grant`], or by the store.
pub async fn grant(
    store: &Store,
    ctx: &OpContext,
    person: PersonId,
    role: Role,
    from: Date,
    reason: &str,
) -> Result<GrantId, AnyRefusal> {
    ctx.may(Action::GrantRoles, Target::Any)?;
    let holder = store.get::<Person>(person).await?.ok_or(PersonRefusal::Unknown)?;
    let held: Vec<RoleGrant> = grants_of(store, person).await?.into_iter().map(|it| it.record).collect();
    let mut change = store.begin(ctx, reason);
    let given = change::grant(change.new_id(), &holder, role, from, &held, ctx.principal.person())?;
    change.create(&given);
    change.commit().await?;
    Ok(given.id)
}

/// Takes a role back, from today on.
///
/// # Errors
/// Denied, refused by [`change::revoke`], or by the store.
pub async fn revoke(
    store: &Store,
    ctx: &OpContext,
    grant: GrantId,
    reason: &str,
) -> Result<PersonId, AnyRefusal> {
    ctx.may(Action::GrantRoles, Target::Any)?;
    let held = store.get::<RoleGrant>(grant).await?.ok_or(PersonRefusal::NotHeld)?;
    let taken = change::revoke(&held, ctx.today, ctx.principal.person())?;
    let mut change = store.begin(ctx, reason);
    change.update(held.version, &taken);
    change.commit().await?;
    Ok(taken.person)
}
