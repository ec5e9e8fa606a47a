//! Every route of the product asked by every role: the table of permissions decides, and nothing else.

#![allow(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod product;

use std::collections::BTreeSet;

use hutong_kernel::Role;
use hutong_kernel::permission::{Action, Scope, scope};
use product::requests::{Ask, Content, ask};
use product::routes;
use product::world::World;

use Action as A;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Everybody, visitors too.
    Nothing,
    /// Whoever may do this.
    May(Action),
    /// Whoever may do this, for a body of their own where the table says so: the request is about another's.
    MayForOwn(Action),
}

use Needs::{May, MayForOwn, Nothing};

/// Every route with what it needs.
const TABLE: &[(&str, &str, Needs)] = &[
    // The frame.
    ("GET", "/", Nothing),
    ("GET", "/assets/{name}", Nothing),
    ("GET", "/healthz", Nothing),
    ("GET", "/language/{tag}", Nothing),
    ("GET", "/ledger/{*path}", Nothing),
    ("GET", "/sign-in", Nothing),
    ("GET", "/theme/{name}", Nothing),
    ("POST", "/sign-in", Nothing),
    ("POST", "/sign-in/demo", Nothing),
    ("POST", "/sign-out", Nothing),
    ("GET", "/password", May(A::ChangePassword)),
    ("POST", "/password", May(A::ChangePassword)),
    // Organisations, persons, permissions.
    ("GET", "/organisations", May(A::ViewOrganisations)),
    ("GET", "/organisations/export.csv", May(A::ViewOrganisations)),
    ("GET", "/organisations/{id}", May(A::ViewOrganisations)),
    ("GET", "/organisations/merge", May(A::KeepOrganisations)),
    ("GET", "/organisations/new", May(A::KeepOrganisations)),
    ("GET", "/organisations/{id}/close", May(A::KeepOrganisations)),
    ("GET", "/organisations/{id}/rename", May(A::KeepOrganisations)),
    ("POST", "/organisations/merge", May(A::KeepOrganisations)),
    ("POST", "/organisations/new", May(A::KeepOrganisations)),
    ("POST", "/organisations/{id}/close", May(A::KeepOrganisations)),
    ("POST", "/organisations/{id}/rename", May(A::KeepOrganisations)),
    ("GET", "/permissions", May(A::ViewPermissions)),
    ("GET", "/permissions/export.csv", May(A::ViewPermissions)),
    ("GET", "/persons", May(A::ViewPersons)),
    ("GET", "/persons/{id}", MayForOwn(A::ViewPersons)),
    ("GET", "/persons/new", May(A::KeepPersons)),
    ("POST", "/persons/new", May(A::KeepPersons)),
    ("POST", "/persons/{id}/close", May(A::KeepPersons)),
    ("POST", "/persons/{id}/password", May(A::KeepPersons)),
    ("POST", "/persons/{id}/roles", May(A::GrantRoles)),
    ("POST", "/persons/{id}/roles/{grant}/revoke", May(A::GrantRoles)),
    // Journal and histories.
    ("GET", "/journal", May(A::ViewJournal)),
    ("GET", "/journal/export.csv", May(A::ViewJournal)),
    ("GET", "/records/{kind}/{id}", May(A::ViewHistory)),
    ("GET", "/records/{kind}/{id}/versions/{version}", May(A::ViewHistory)),
    ("GET", "/records/{kind}/{id}/versions/{version}/proof", May(A::ViewHistory)),
    // Documents and their review.
    ("GET", "/import", May(A::ImportDocument)),
    ("POST", "/import", May(A::ImportDocument)),
    ("GET", "/import/{reading}", May(A::ReviewFindings)),
    ("GET", "/import/{reading}/add", May(A::ReviewFindings)),
    ("GET", "/import/{reading}/check", May(A::AdoptPlan)),
    ("GET", "/import/{reading}/discard", May(A::ReviewFindings)),
    ("GET", "/import/{reading}/findings/{finding}/correct", May(A::ReviewFindings)),
    ("GET", "/import/{reading}/findings/{finding}/merge", May(A::ReviewFindings)),
    ("GET", "/import/{reading}/findings/{finding}/split", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/accept-sure", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/add", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/check", May(A::AdoptPlan)),
    ("POST", "/import/{reading}/discard", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/findings/{finding}/accept", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/findings/{finding}/correct", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/findings/{finding}/merge", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/findings/{finding}/reject", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/findings/{finding}/reopen", May(A::ReviewFindings)),
    ("POST", "/import/{reading}/findings/{finding}/split", May(A::ReviewFindings)),
    // Plans.
    ("GET", "/board", May(A::ViewReleasedPlans)),
    ("GET", "/department", May(A::ViewReleasedPlans)),
    ("GET", "/plans", May(A::ViewReleasedPlans)),
    ("GET", "/plans/export.csv", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/board", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/document", May(A::ViewPlans)),
    ("GET", "/plans/{id}/indicators", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/indicators.csv", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/release", May(A::ReleasePlan)),
    ("POST", "/plans/{id}/release", May(A::ReleasePlan)),
    ("GET", "/plans/{id}/systems", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/tasks", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/tasks.csv", May(A::ViewReleasedPlans)),
    ("GET", "/plans/{id}/tasks.xlsx", May(A::ExportTasks)),
    ("GET", "/plans/{id}/tasks/import", May(A::ImportTasks)),
    ("POST", "/plans/{id}/tasks/import", May(A::ImportTasks)),
    ("POST", "/plans/{id}/tasks/import/confirm", May(A::ImportTasks)),
    ("GET", "/plans/{id}/withdraw", May(A::AdoptPlan)),
    ("POST", "/plans/{id}/withdraw", May(A::AdoptPlan)),
    // Tasks and reports.
    ("GET", "/tasks", May(A::ViewReleasedPlans)),
    ("GET", "/tasks/export.csv", May(A::ViewReleasedPlans)),
    ("GET", "/tasks/{id}", May(A::ViewReleasedPlans)),
    ("GET", "/tasks/{id}/edit", May(A::EditPlan)),
    ("POST", "/tasks/{id}/edit", May(A::EditPlan)),
    ("POST", "/tasks/{id}/report", MayForOwn(A::ReportProgress)),
    ("GET", "/reports/{id}/evidence/{file}", May(A::ViewPlans)),
    ("POST", "/reports/{id}/check", May(A::CheckProgress)),
    ("POST", "/reports/{id}/return", May(A::CheckProgress)),
    // Indicators and statements.
    ("GET", "/indicators", May(A::ViewReleasedPlans)),
    ("GET", "/indicators/export.csv", May(A::ViewReleasedPlans)),
    ("GET", "/indicators/{id}", May(A::ViewReleasedPlans)),
    ("GET", "/indicators/{id}/baseline", May(A::EditPlan)),
    ("POST", "/indicators/{id}/baseline", May(A::EditPlan)),
    ("GET", "/indicators/{id}/edit", May(A::EditPlan)),
    ("POST", "/indicators/{id}/edit", May(A::EditPlan)),
    ("GET", "/indicators/{id}/path.csv", May(A::ViewReleasedPlans)),
    ("GET", "/indicators/{id}/statements.csv", May(A::ViewReleasedPlans)),
    ("GET", "/indicators/{id}/statements/new", MayForOwn(A::RecordStatement)),
    ("POST", "/indicators/{id}/statements/new", MayForOwn(A::RecordStatement)),
    ("GET", "/indicators/{id}/statements/{statement}", May(A::ViewPlans)),
    ("POST", "/indicators/{id}/statements/{statement}/check", May(A::CheckStatement)),
    ("POST", "/indicators/{id}/statements/{statement}/return", May(A::CheckStatement)),
    ("GET", "/indicators/{id}/statements/{statement}/evidence/{file}", May(A::ViewPlans)),
    // Systems.
    ("GET", "/systems", May(A::ViewPlans)),
    ("GET", "/systems/export.csv", May(A::ViewPlans)),
    ("GET", "/systems/{id}", May(A::ViewReleasedPlans)),
    ("GET", "/systems/{id}/edit", May(A::KeepSystems)),
    ("POST", "/systems/{id}/edit", May(A::KeepSystems)),
    // The API.
    ("GET", "/api/v1", Nothing),
    ("GET", "/api/v1/openapi.json", Nothing),
    ("GET", "/api/v1/problems/{code}", Nothing),
    ("GET", "/api/v1/session", Nothing),
    ("POST", "/api/v1/session", Nothing),
    ("DELETE", "/api/v1/session", Nothing),
    ("GET", "/api/v1/organisations", May(A::ViewOrganisations)),
    ("GET", "/api/v1/organisations/{organisation}", May(A::ViewOrganisations)),
    ("GET", "/api/v1/journal", May(A::ViewJournal)),
    ("GET", "/api/v1/records/{kind}/{id}/versions", May(A::ViewHistory)),
    ("GET", "/api/v1/records/{kind}/{id}/versions/{version}/proof", May(A::ViewHistory)),
    ("GET", "/api/v1/plans", May(A::ViewReleasedPlans)),
    ("GET", "/api/v1/plans/{plan}", May(A::ViewReleasedPlans)),
    ("GET", "/api/v1/plans/{plan}/indicators", May(A::ViewReleasedPlans)),
    ("GET", "/api/v1/plans/{plan}/lights", May(A::ViewReleasedPlans)),
    ("GET", "/api/v1/plans/{plan}/systems", May(A::ViewReleasedPlans)),
    ("GET", "/api/v1/plans/{plan}/tasks", May(A::ViewReleasedPlans)),
    ("POST", "/api/v1/plans/{plan}/release", May(A::ReleasePlan)),
    ("POST", "/api/v1/plans/{plan}/withdrawal", May(A::AdoptPlan)),
    ("GET", "/api/v1/indicators/{indicator}", May(A::ViewReleasedPlans)),
    ("GET", "/api/v1/indicators/{indicator}/statements", May(A::ViewReleasedPlans)),
    ("POST", "/api/v1/indicators/{indicator}/statements", MayForOwn(A::RecordStatement)),
    ("POST", "/api/v1/statements/{statement}/check", May(A::CheckStatement)),
    ("POST", "/api/v1/statements/{statement}/return", May(A::CheckStatement)),
    ("GET", "/api/v1/tasks/{task}", May(A::ViewReleasedPlans)),
    ("PATCH", "/api/v1/tasks/{task}", May(A::EditPlan)),
    ("GET", "/api/v1/tasks/{task}/reports", May(A::ViewReleasedPlans)),
    ("POST", "/api/v1/tasks/{task}/reports", MayForOwn(A::ReportProgress)),
    ("POST", "/api/v1/reports/{report}/check", May(A::CheckProgress)),
    ("POST", "/api/v1/reports/{report}/return", May(A::CheckProgress)),
    ("GET", "/api/v1/systems/{system}", May(A::ViewReleasedPlans)),
    ("PATCH", "/api/v1/systems/{system}", May(A::KeepSystems)),
    ("GET", "/api/v1/readings", May(A::ReviewFindings)),
    ("POST", "/api/v1/readings", May(A::ImportDocument)),
    ("GET", "/api/v1/readings/{reading}", May(A::ReviewFindings)),
    ("GET", "/api/v1/readings/{reading}/text", May(A::ReviewFindings)),
    ("GET", "/api/v1/readings/{reading}/findings", May(A::ReviewFindings)),
    ("POST", "/api/v1/readings/{reading}/findings", May(A::ReviewFindings)),
    ("POST", "/api/v1/readings/{reading}/adoption", May(A::AdoptPlan)),
    ("POST", "/api/v1/findings/{finding}/decision", May(A::ReviewFindings)),
];

/// Routes that do not do yet what the table says. Only to be made shorter.
const EXCEPTIONS: [(&str, &str); 0] = [];

fn needed(needs: Needs) -> Option<Action> {
    match needs {
        Nothing => None,
        May(action) | MayForOwn(action) => Some(action),
    }
}

#[test]
fn every_route_of_the_product_stands_in_the_table_and_nothing_else() {
    let listed: BTreeSet<routes::Route> =
        TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(listed.len(), TABLE.len(), "a route stands in the table twice");
    let there = routes::all();
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(missing.is_empty(), "say in the table who may ask these: {missing:#?}");
    assert!(gone.is_empty(), "these routes are gone: {gone:#?}");
}

#[test]
fn the_list_of_exceptions_only_shrinks() {
    assert_eq!(EXCEPTIONS.len(), 0, "mend the route");
}

#[test]
fn every_action_but_the_finer_ones_guards_a_route() {
    let guarding: BTreeSet<&str> =
        TABLE.iter().filter_map(|(_, _, needs)| needed(*needs)).map(Action::name).collect();
    let idle: Vec<&str> =
        Action::ALL.iter().map(|it| it.name()).filter(|it| !guarding.contains(it)).collect();
    assert!(idle.is_empty(), "these actions guard nothing: {idle:?}");
}

/// The same request with nothing in its form: who may not ask is told so before what was typed is read.
fn with_an_empty_form(ask: &Ask) -> Option<Ask> {
    let empty = Content::Form(String::new());
    matches!(ask.content, Content::Form(_)).then(|| Ask {
        path: ask.path.clone(),
        content: empty,
        if_match: None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_refused_and_nothing_changes() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (method, path, needs) in TABLE {
        let Some(action) = needed(*needs).filter(|_| !EXCEPTIONS.contains(&(method, path))) else { continue };
        let ask = ask(&world, method, path).await;
        let asks: Vec<&Ask> = std::iter::once(&ask).collect();
        let empty = with_an_empty_form(&ask);
        let before = world.head();
        for ask in asks.into_iter().chain(empty.as_ref()) {
            for role in Role::ALL.into_iter().filter(|role| scope(*role, action) == Scope::None) {
                let answer = world.send(role, method, ask).await;
                if !answer.is_refused() {
                    wrong.push(format!(
                        "{method} {path} by {}: {} {}",
                        role.name(),
                        answer.status,
                        answer.location
                    ));
                }
            }
            if matches!(needs, MayForOwn(_)) {
                let answer = world.send_as(Some(world.stranger), method, ask).await;
                if !answer.is_refused() {
                    wrong.push(format!("{method} {path} by an officer of another body: {}", answer.status));
                }
            }
        }
        if before < world.head() {
            wrong.push(format!("{method} {path} wrote something down for somebody who may not"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_is_served() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (method, path, needs) in TABLE {
        for role in Role::ALL {
            if needed(*needs).is_some_and(|action| scope(role, action) == Scope::None) {
                continue;
            }
            let ask = ask(&world, method, path).await;
            let answer = world.send(role, method, &ask).await;
            if !answer.is_served() {
                let said: String = answer.body.chars().filter(|it| !it.is_whitespace()).take(300).collect();
                wrong.push(format!("{method} {path} by {}: {} {said}", role.name(), answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
