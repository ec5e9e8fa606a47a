//! Every route of the product, read from its sources and from the description of its API.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hutong_testkit::{FakeClock, TempStore};
use hutong_web::App;

/// A method and a path with its parameters.
pub type Route = (String, String);

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Where the pages stand, below the folder of all crates.
const SOURCES: [&str; 4] = ["web/src", "plans/src", "hutong/src", "ledger/src"];

/// How pages of findings write their paths.
const OF_A_FINDING: &str = "/import/{{reading}}/findings/{{finding}}/{action}";

/// All routes of pages and API.
pub fn all() -> BTreeSet<Route> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut routes = BTreeSet::new();
    for folder in SOURCES {
        for file in rust_files(&crates.join(folder)) {
            let source = std::fs::read_to_string(&file).unwrap();
            routes.extend(routes_in(&source, &file.display().to_string()));
        }
    }
    routes.extend(of_the_api());
    routes
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

/// The routes that a source file declares. A way of declaring that is not known here stops the test: it would
/// hide routes.
fn routes_in(source: &str, file: &str) -> Vec<Route> {
    for unknown in [".nest(", ".nest_service(", ".route_service(", "MethodRouter::"] {
        assert!(!source.contains(unknown), "{file}: routes declared by {unknown} are not read by this test");
    }
    let mut routes = Vec::new();
    for after in source.split(".route(").skip(1) {
        let call = until_closed(after).trim_start();
        let (path, rest) = if let Some(literal) = call.strip_prefix('"') {
            let (path, rest) = literal.split_once('"').unwrap();
            (path.to_owned(), rest)
        } else if let Some(literal) = call.strip_prefix("&at(\"") {
            assert!(source.contains(OF_A_FINDING), "{file}: {call}");
            let (action, rest) = literal.split_once('"').unwrap();
            (format!("/import/{{reading}}/findings/{{finding}}/{action}"), rest)
        } else {
            panic!("{file}: a route whose path this test cannot read: {call}");
        };
        let words: Vec<&str> = rest.split(|it: char| !it.is_alphanumeric() && !"_(:".contains(it)).collect();
        let methods: Vec<&str> = METHODS
            .into_iter()
            .filter(|method| words.iter().any(|it| it.starts_with(&format!("{method}("))))
            .collect();
        assert!(!methods.is_empty() && !rest.contains("any("), "{file}: no methods in {call}");
        routes.extend(methods.into_iter().map(|method| (method.to_uppercase(), path.clone())));
    }
    routes
}

/// The text up to the parenthesis that closes the call.
fn until_closed(text: &str) -> &str {
    let mut depth = 1_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

fn of_the_api() -> Vec<Route> {
    let store = TempStore::open(Vec::new()).unwrap();
    let parts =
        hutong_web::testing::parts(store.store().clone(), std::sync::Arc::new(FakeClock::default()), &[]);
    let (_, description) = hutong::api::api(&App::new(parts));
    let description = serde_json::to_value(description).unwrap();
    let mut routes = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let methods = METHODS.into_iter().filter(|method| item.get(method).is_some());
        routes.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    routes
}

#[test]
fn methods_after_methods_and_layers_are_read() {
    let source = r#"Router::new().route("/a", get(show).post(save).layer(Max(1))).route("/b", delete(end))"#;
    let routes = routes_in(source, "test");
    let text: Vec<String> = routes.iter().map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(text, ["GET /a", "POST /a", "DELETE /b"]);
}
