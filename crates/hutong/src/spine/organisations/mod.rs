//! Organisations: who there is, since when, from whom.

use hutong_kernel::refusal::AnyRefusal;
use hutong_kernel::{Action, OpContext, Organisation, OrganisationId, Target};
use hutong_store::{Query, Store, Stored, Version};
use jiff::civil::Date;

pub mod change;
pub mod pages;

use change::{Foundation, OrganisationRefusal};

/// All bodies, also those that ended, by name.
///
/// # Errors
/// Faults of the store.
pub async fn all(store: &Store) -> Result<Vec<Stored<Organisation>>, AnyRefusal> {
    let mut all = store.all::<Organisation>(Query::all()).await?;
    all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(all)
}

fn records(all: &[Stored<Organisation>]) -> Vec<Organisation> {
    all.iter().map(|it| it.record.clone()).collect()
}

fn find(
    all: &[Stored<Organisation>],
    id: OrganisationId,
) -> Result<&Stored<Organisation>, OrganisationRefusal> {
    all.iter().find(|it| it.id == id).ok_or(OrganisationRefusal::Unknown)
}

/// Founds a body.
///
/// # Errors
/// Denied, refused by [`change::found`], or by the store.
pub async fn found(
    store: &Store,
    ctx: &OpContext,
    wish: &Foundation,
    reason: &str,
) -> Result<OrganisationId, AnyRefusal> {
    ctx.may(Action::KeepOrganisations, Target::Any)?;
    let known = records(&all(store).await?);
    let mut change = store.begin(ctx, reason);
    let founded = change::found(change.new_id(), wish, &known)?;
    change.create(&founded);
    change.commit().await?;
    Ok(founded.id)
}

/// Gives a body another name. `seen` is the version that the person looked at.
///
/// # Errors
/// Denied, refused by [`change::rename`], or by the store.
pub async fn rename(
    store: &Store,
    ctx: &OpContext,
    (id, seen): (OrganisationId, Version),
    (name, name_en): (&str, &str),
    reason: &str,
) -> Result<(), AnyRefusal> {
    ctx.may(Action::KeepOrganisations, Target::Any)?;
    let all = all(store).await?;
    let renamed = change::rename(find(&all, id)?, name, name_en, ctx.today, &records(&all))?;
    let mut change = store.begin(ctx, reason);
    change.update(seen, &renamed);
    change.commit().await?;
    Ok(())
}

/// Merges bodies into a new one.
///
/// # Errors
/// Denied, refused by [`change::merge`], or by the store.
pub async fn merge(
    store: &Store,
    ctx: &OpContext,
    wish: &Foundation,
    merged: &[OrganisationId],
    reason: &str,
) -> Result<OrganisationId, AnyRefusal> {
    ctx.may(Action::KeepOrganisations, Target::Any)?;
    let all = all(store).await?;
    let mut change = store.begin(ctx, reason);
    let (successor, ended) = change::merge(change.new_id(), wish, merged, &records(&all))?;
    for body in &ended {
        change.update(find(&all, body.id)?.version, body);
    }
    change.create(&successor);
    change.commit().await?;
    Ok(successor.id)
}

/// Ends a body. `seen` is the version that the person looked at.
///
/// # Errors
/// Denied, refused by [`change::close`], or by the store.
pub async fn close(
    store: &Store,
    ctx: &OpContext,
    (id, seen): (OrganisationId, Version),
    last_day: Date,
    reason: &str,
) -> Result<(), AnyRefusal> {
    ctx.may(Action::KeepOrganisations, Target::Any)?;
    let all = all(store).await?;
    let closed = change::close(find(&all, id)?, last_day, &records(&all))?;
    let mut change = store.begin(ctx, reason);
    change.update(seen, &closed);
    change.commit().await?;
    Ok(())
}
