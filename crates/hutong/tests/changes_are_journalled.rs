//! Whatever somebody changes stands in the journal; what does not is named here, and the list may only shrink.

#![allow(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod product;

use std::collections::BTreeSet;

use hutong_kernel::Role;
use product::requests::ask;
use product::routes;
use product::world::World;

/// Changing routes that write nothing down: what they change is not the district's business.
const OPERATIONAL: [(&str, &str); 7] = [
    ("POST", "/sign-in"),
    ("POST", "/sign-in/demo"),
    ("POST", "/sign-out"),
    ("POST", "/password"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    // Only looks at a workbook; what it would change is handed in by the next step.
    ("POST", "/plans/{id}/tasks/import"),
];

#[test]
fn the_list_of_what_stays_out_of_the_journal_only_shrinks() {
    assert!(OPERATIONAL.len() <= 7, "a new entry needs a reason that holds before an auditor");
    let routes = routes::all();
    for (method, path) in OPERATIONAL {
        assert!(
            routes.contains(&(method.to_owned(), path.to_owned())),
            "{method} {path} is gone: take it out"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_that_is_carried_out_stands_in_the_journal() {
    let world = World::new().await;
    let changing: BTreeSet<_> = routes::all().into_iter().filter(|(method, _)| method != "GET").collect();
    assert!(40 <= changing.len(), "the sources were not read: {changing:?}");
    let mut wrong = Vec::new();
    for (method, path) in &changing {
        let operational = OPERATIONAL.contains(&(method.as_str(), path.as_str()));
        let mut tried = Vec::new();
        let mut carried_out = false;
        for role in Role::ALL {
            let ask = ask(&world, method, path).await;
            let before = world.head();
            let answer = world.send(role, method, &ask).await;
            let moved = before < world.head();
            if !answer.is_served() {
                tried.push(format!("{} {}", role.name(), answer.status));
                if moved {
                    wrong.push(format!("{method} {path} was refused to {} and written down", role.name()));
                }
                continue;
            }
            carried_out = true;
            if moved == operational {
                let what = if moved { "stands in the journal now" } else { "leaves no trace in the journal" };
                wrong.push(format!("{method} {path} by {} {what}", role.name()));
            }
        }
        if !carried_out {
            wrong.push(format!("{method} {path} was carried out for nobody: {tried:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_changes_nothing() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (method, path) in routes::all().into_iter().filter(|(method, _)| method == "GET") {
        let ask = ask(&world, &method, &path).await;
        let before = world.head();
        for role in [Role::Visitor, Role::PlanSupervisor, Role::Auditor] {
            world.send(role, &method, &ask).await;
        }
        if before < world.head() {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "these pages write when somebody looks: {wrong:?}");
}
