//! The quiet footer under a record's page: source, as of, version, who changed it last, history and proof.

use hutong_kernel::{Action, Id, Principal};
use hutong_store::{JournalQuery, Record, Stored};
use hutong_web::ui::{self, QuietFooter};
use hutong_web::{PageError, Value, Visit};
use maud::Markup;

/// Draws the footer of a record that the visitor may see.
///
/// # Errors
/// The store's faults.
pub(crate) async fn record_footer<R: Record>(
    visit: &Visit,
    stored: &Stored<R>,
    source: Option<Markup>,
    as_of: Option<Markup>,
) -> Result<Markup, PageError> {
    let id = stored.record.id().uuid();
    let query = JournalQuery {
        record: Some(id),
        kind: Some(R::KIND.to_owned()),
        limit: 1,
        ..JournalQuery::default()
    };
    let newest = visit.app.store.journal(query).await?.into_iter().next();
    let changed_by = newest.map(|entry| who(visit, &entry.principal)).unwrap_or_default();
    let page = format!("/records/{}/{id}", R::KIND);
    // Released plans are public; their history names persons and is for those who work on plans.
    let may_look = visit.may(Action::ViewHistory) && visit.may(Action::ViewPlans);
    let footer = QuietFooter {
        source,
        as_of,
        version: stored.version.0,
        changed_by,
        changed_at: stored.changed_at,
        proof: (may_look && visit.app.ledger.is_some())
            .then(|| format!("{page}/versions/{}/proof", stored.version.0)),
        history: may_look.then_some(page),
    };
    Ok(ui::quiet_footer(visit, &footer))
}

/// Who acted, in words. Somebody who is not signed in does not learn officers' names.
pub(crate) fn who(visit: &Visit, principal: &Principal) -> String {
    match principal {
        Principal::Visitor => visit.role(hutong_kernel::Role::Visitor),
        Principal::Person { .. } if visit.ctx.principal == Principal::Visitor => visit.t("board-an-officer"),
        Principal::Person { name, .. } => name.clone(),
        Principal::System { job } => visit.t_with("board-system-job", &[("job", Value::from(job.clone()))]),
    }
}
