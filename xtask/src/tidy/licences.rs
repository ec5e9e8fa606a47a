//! `deny.toml` against the packages: licences, banned crates, crates that are there in several versions.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Finding;
use super::dependencies::Packages;

const RULES: &str = "deny.toml";

/// The binary that people run; what is linked into it obliges who runs it.
const BINARY: &str = "hutong";

/// Crates that may be there in more than one version. It only shrinks; a new one needs a reason in the commit.
const DUPLICATES_MAX: usize = 24;

/// The part of `deny.toml` that we read; cargo-deny reads the rest.
#[derive(Debug, Deserialize)]
pub(crate) struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A package of tests that may have another licence; never linked into the binary.
#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// Holds `deny` against `packages`.
pub(crate) fn check(packages: &Packages, deny: &Deny, notes: &mut Vec<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |message: String| findings.push(Finding::new(RULES, 0, message));
    let linked = packages.linked_into(BINARY);
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();

    for (id, package) in &packages.all {
        versions.entry(&package.name).or_default().insert(&package.version);
        let label = format!("{} {}", package.name, package.version);
        if let Some(ban) = deny.bans.deny.iter().find(|ban| ban.name == package.name) {
            say(format!("{label} is banned: {}", ban.reason));
        }
        let Some(licence) = &package.licence else {
            say(format!("{label} names no licence"));
            continue;
        };
        if met(licence, &|name| deny.licenses.allow.iter().any(|it| it == name)) {
            continue;
        }
        let exception = deny.licenses.exceptions.iter().find(|it| it.name == package.name);
        match exception {
            Some(it)
                if met(licence, &|name| it.allow.iter().chain(&deny.licenses.allow).any(|it| it == name)) =>
            {
                if linked.contains(id.as_str()) {
                    say(format!(
                        "{label} ({licence}) is an exception for tests, and is linked into {BINARY}"
                    ));
                }
            }
            _ => say(format!("{label} has licence {licence}, which is not on the list")),
        }
    }
    let doubled: Vec<String> = versions
        .iter()
        .filter(|(_, versions)| 1 < versions.len())
        .map(|(name, versions)| format!("{name} {}", versions.iter().copied().collect::<Vec<_>>().join("/")))
        .collect();
    if DUPLICATES_MAX < doubled.len() {
        say(format!(
            "{} crates in several versions, at most {DUPLICATES_MAX}: {}",
            doubled.len(),
            doubled.join(", ")
        ));
    } else if !doubled.is_empty() {
        notes.push(format!("{} crates in several versions: {}", doubled.len(), doubled.join(", ")));
    }
    findings
}

/// Can the licence expression (SPDX; an old `/` means OR) be met by licences that `allowed` accepts?
fn met(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(&tokens, &mut at, allowed);
    met && at == tokens.len()
}

fn either(tokens: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut met = both(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        // Both sides are read, so that the place in the text is right whatever the first side said.
        met |= both(tokens, at, allowed);
    }
    met
}

fn both(tokens: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut met = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(tokens, at, allowed);
    }
    met
}

fn one(tokens: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let Some(token) = tokens.get(*at) else { return false };
    *at += 1;
    if *token == "(" {
        let met = either(tokens, at, allowed);
        let closed = tokens.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    if tokens.get(*at) == Some(&"WITH") {
        let with = tokens.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return allowed(&format!("{token} WITH {with}"));
    }
    allowed(token)
}

#[cfg(test)]
mod tests {
    use super::super::dependencies::Package;
    use super::*;

    fn allowed(name: &str) -> bool {
        ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].contains(&name)
    }

    fn check_packages(list: &[(&str, &str, Option<&str>)]) -> Vec<String> {
        let deny: Deny = toml::from_str(
            r#"
            [licenses]
            allow = ["MIT"]
            exceptions = [{ crate = "driver", allow = ["MPL-2.0"] }]
            [bans]
            deny = [{ crate = "chrono", reason = "we have jiff" }]
            "#,
        )
        .unwrap();
        let mut packages = Packages::default();
        for (name, version, licence) in list {
            let package = Package {
                name: (*name).to_owned(),
                version: (*version).to_owned(),
                licence: licence.map(str::to_owned),
                links: if *name == BINARY { vec!["driver 1".to_owned()] } else { Vec::new() },
                ..Package::default()
            };
            packages.all.insert(format!("{name} {version}"), package);
        }
        check(&packages, &deny, &mut Vec::new()).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_licence_expression_is_met_by_one_side_of_or_and_both_sides_of_and() {
        assert!(met("MIT OR GPL-3.0-only", &allowed));
        assert!(met("MIT/Apache-2.0", &allowed));
        assert!(met("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
        assert!(met("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", &allowed));
        assert!(!met("MIT AND GPL-3.0-only", &allowed));
        assert!(!met("AGPL-3.0-only", &allowed));
        assert!(!met("(MIT OR Apache-2.0", &allowed));
        assert!(!met("", &allowed));
    }

    #[test]
    fn a_copyleft_package_is_refused_and_a_missing_licence_too() {
        let found =
            check_packages(&[("a", "1", Some("GPL-3.0-only")), ("b", "1", None), ("c", "1", Some("MIT"))]);
        assert_eq!(found, ["a 1 has licence GPL-3.0-only, which is not on the list", "b 1 names no licence"]);
    }

    #[test]
    fn a_banned_crate_is_named_with_the_reason() {
        assert_eq!(check_packages(&[("chrono", "1", Some("MIT"))]), ["chrono 1 is banned: we have jiff"]);
    }

    #[test]
    fn an_exception_holds_for_tests_only() {
        assert_eq!(check_packages(&[("driver", "1", Some("MPL-2.0"))]), Vec::<String>::new());
        let found = check_packages(&[("driver", "1", Some("MPL-2.0")), (BINARY, "1", Some("MIT"))]);
        assert_eq!(found, ["driver 1 (MPL-2.0) is an exception for tests, and is linked into hutong"]);
    }

    #[test]
    fn crates_in_several_versions_are_bounded() {
        let names: Vec<String> = (0..=DUPLICATES_MAX).map(|number| format!("crate{number}")).collect();
        let list: Vec<_> = names
            .iter()
            .flat_map(|name| ["1", "2"].map(|version| (name.as_str(), version, Some("MIT"))))
            .collect();
        let found = check_packages(&list);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("in several versions"), "{}", found[0]);
    }
}
