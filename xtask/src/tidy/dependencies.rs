//! Which crate may use which: `docs/allowed-deps.toml` against what cargo resolved.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

use super::Finding;

const RULES: &str = "docs/allowed-deps.toml";

/// A package that cargo resolved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: Option<String>,
    /// Is it one of ours?
    pub(crate) own: bool,
    /// Names in `[dependencies]` and `[build-dependencies]`.
    pub(crate) uses: BTreeSet<String>,
    /// Names in `[dev-dependencies]` only.
    pub(crate) tests_with: BTreeSet<String>,
    /// Package ids of what it is resolved with, tests left out.
    pub(crate) links: Vec<String>,
}

/// Every package by its id.
#[derive(Debug, Default)]
pub(crate) struct Packages {
    pub(crate) all: BTreeMap<String, Package>,
}

impl Packages {
    /// Reads what `cargo metadata` prints.
    pub(crate) fn parse(json: &str) -> anyhow::Result<Self> {
        let json: Value = serde_json::from_str(json)?;
        let members: BTreeSet<&str> = json["workspace_members"]
            .as_array()
            .context("no members")?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut links: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for node in json["resolve"]["nodes"].as_array().context("no resolved packages")? {
            let id = node["id"].as_str().context("a node without id")?;
            let used = node["deps"].as_array().into_iter().flatten().filter(|dep| {
                dep["dep_kinds"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|kind| kind["kind"].as_str() != Some("dev"))
            });
            links.insert(id, used.filter_map(|dep| dep["pkg"].as_str()).map(str::to_owned).collect());
        }
        let mut all = BTreeMap::new();
        for package in json["packages"].as_array().context("no packages")? {
            let id = package["id"].as_str().context("a package without id")?;
            // Packages for other systems are listed too; what is not resolved is not built here.
            let Some(linked) = links.remove(id) else { continue };
            let mut found = Package {
                name: package["name"].as_str().unwrap_or_default().to_owned(),
                version: package["version"].as_str().unwrap_or_default().to_owned(),
                licence: package["license"].as_str().map(str::to_owned),
                own: members.contains(id),
                links: linked,
                ..Package::default()
            };
            for dependency in package["dependencies"].as_array().into_iter().flatten() {
                let name = dependency["name"].as_str().unwrap_or_default().to_owned();
                if dependency["kind"].as_str() == Some("dev") {
                    found.tests_with.insert(name);
                } else {
                    found.uses.insert(name);
                }
            }
            all.insert(id.to_owned(), found);
        }
        Ok(Self { all })
    }

    /// Ids of everything that is linked into the package named `root`.
    pub(crate) fn linked_into(&self, root: &str) -> BTreeSet<&str> {
        let mut open: Vec<&str> =
            self.all.iter().filter(|(_, package)| package.name == root).map(|(id, _)| id.as_str()).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id)
                && let Some(package) = self.all.get(id)
            {
                open.extend(package.links.iter().map(String::as_str));
            }
        }
        seen
    }
}

/// `docs/allowed-deps.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    /// From bottom to top.
    layer: Vec<Layer>,
    /// Which of our crates each of our crates may use.
    #[serde(rename = "crate")]
    crates: BTreeMap<String, CrateRule>,
    /// Foreign crates that only the named crates of ours may use.
    only: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    name: String,
    /// May crates of this layer use each other?
    #[serde(default)]
    among_themselves: bool,
    crates: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CrateRule {
    /// In the crate itself.
    may: Vec<String>,
    /// In its tests, besides.
    #[serde(default)]
    tests: Vec<String>,
}

/// Holds `rules` against `packages`.
pub(crate) fn check(packages: &Packages, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |message: String| findings.push(Finding::new(RULES, 0, message));
    let own: BTreeMap<&str, &Package> = packages
        .all
        .values()
        .filter(|package| package.own)
        .map(|package| (package.name.as_str(), package))
        .collect();
    let layer_of = |name: &str| rules.layer.iter().position(|layer| layer.crates.iter().any(|it| it == name));

    // The rules themselves: no line may allow an arrow that points up or sideways.
    for (name, rule) in &rules.crates {
        let Some(from) = layer_of(name) else {
            say(format!("{name} is in no layer"));
            continue;
        };
        for used in &rule.may {
            match layer_of(used) {
                None => say(format!("{name} may use {used}, which is in no layer")),
                Some(to) if from < to => say(format!(
                    "{name} ({}) may not use {used} ({}): the arrow would point up",
                    rules.layer[from].name, rules.layer[to].name
                )),
                Some(to) if from == to && !rules.layer[from].among_themselves => say(format!(
                    "{name} may not use {used}: crates of layer {} never use each other",
                    rules.layer[from].name
                )),
                Some(_) => {}
            }
        }
    }
    // The crates: what they use is what their line says.
    for (name, package) in &own {
        let Some(rule) = rules.crates.get(*name) else {
            say(format!("{name} has no line: say which of our crates it may use"));
            continue;
        };
        for used in package.uses.iter().filter(|used| own.contains_key(used.as_str())) {
            if !rule.may.contains(used) {
                say(format!("{name} uses {used}, which its line does not allow"));
            }
        }
        for used in &rule.may {
            if !package.uses.contains(used) {
                say(format!("{name} no longer uses {used}: take it out of its line"));
            }
        }
        for used in package.tests_with.iter().filter(|used| own.contains_key(used.as_str())) {
            if !rule.may.contains(used) && !rule.tests.contains(used) {
                say(format!("the tests of {name} use {used}, which its line does not allow"));
            }
        }
        for (foreign, allowed) in &rules.only {
            if package.uses.contains(foreign) && !allowed.iter().any(|it| it == name) {
                say(format!("{name} uses {foreign}, which is for {} only", allowed.join(", ")));
            }
        }
    }
    for name in rules.crates.keys().filter(|name| !own.contains_key(name.as_str())) {
        say(format!("there is no crate {name}: take its line out"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: &str = r#"
        [[layer]]
        name = "bottom"
        crates = ["kernel"]
        [[layer]]
        name = "adapters"
        crates = ["web", "api"]
        [[layer]]
        name = "contexts"
        crates = ["plans", "cases"]
        [only]
        rusqlite = ["kernel"]
        [crate]
        kernel = { may = [] }
        web = { may = ["kernel"] }
        api = { may = ["kernel"], tests = ["web"] }
        plans = { may = ["web", "api"] }
        cases = { may = [] }
    "#;

    fn package(name: &str, uses: &[&str], tests_with: &[&str]) -> (String, Package) {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let package = Package {
            name: name.to_owned(),
            own: true,
            uses: set(uses),
            tests_with: set(tests_with),
            ..Package::default()
        };
        (name.to_owned(), package)
    }

    /// The house with `changed` in place of the package of the same name.
    fn check_house(rules: &str, changed: Option<(String, Package)>) -> Vec<String> {
        let mut all: BTreeMap<_, _> = [
            package("kernel", &["serde"], &[]),
            package("web", &["kernel"], &[]),
            package("api", &["kernel"], &["web"]),
            package("plans", &["web", "api"], &[]),
            package("cases", &[], &[]),
        ]
        .into();
        all.extend(changed);
        let rules: Rules = toml::from_str(rules).unwrap();
        check(&Packages { all }, &rules).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_house_as_drawn_has_no_findings() {
        assert_eq!(check_house(HOUSE, None), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_points_up_cannot_even_be_allowed() {
        let rules = HOUSE.replace("kernel = { may = [] }", r#"kernel = { may = ["web"] }"#);
        let found = check_house(&rules, Some(package("kernel", &["web"], &[])));
        assert_eq!(found, ["kernel (bottom) may not use web (adapters): the arrow would point up"]);
    }

    #[test]
    fn a_context_never_uses_a_context_and_an_adapter_never_an_adapter() {
        let rules = HOUSE
            .replace("cases = { may = [] }", r#"cases = { may = ["plans"] }"#)
            .replace(r#"web = { may = ["kernel"] }"#, r#"web = { may = ["kernel", "api"] }"#);
        let found = check_house(&rules, None);
        assert!(
            found.contains(
                &"cases may not use plans: crates of layer contexts never use each other".to_owned()
            )
        );
        assert!(
            found.contains(&"web may not use api: crates of layer adapters never use each other".to_owned())
        );
    }

    #[test]
    fn what_a_line_does_not_allow_is_found_in_code_and_in_tests() {
        let found = check_house(HOUSE, Some(package("cases", &["web"], &["plans"])));
        assert_eq!(
            found,
            [
                "cases uses web, which its line does not allow",
                "the tests of cases use plans, which its line does not allow"
            ]
        );
    }

    #[test]
    fn a_line_shrinks_when_the_use_is_gone() {
        let found = check_house(HOUSE, Some(package("plans", &["web"], &[])));
        assert_eq!(found, ["plans no longer uses api: take it out of its line"]);
    }

    #[test]
    fn a_foreign_crate_stays_where_it_belongs() {
        let found = check_house(HOUSE, Some(package("cases", &["rusqlite"], &[])));
        assert_eq!(found, ["cases uses rusqlite, which is for kernel only"]);
    }

    #[test]
    fn a_new_crate_needs_a_line() {
        let found = check_house(HOUSE, Some(package("sensing", &[], &[])));
        assert_eq!(found, ["sensing has no line: say which of our crates it may use"]);
    }
}
