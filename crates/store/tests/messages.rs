//! Every error and finding has a text in both languages, with the same values.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use hutong_kernel::Refusal as _;
use hutong_store::canonical::BodyError;
use hutong_store::{Finding, StoreError, messages};
use uuid::Uuid;

/// The messages of a file with the values that each names.
fn texts(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    source
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (id, text) = line.split_once(" = ").expect("a message on one line");
            let values = text
                .split("{ $")
                .skip(1)
                .map(|rest| rest.split_once(" }").expect("a closed placeable").0.to_owned())
                .collect();
            (id.to_owned(), values)
        })
        .collect()
}

/// One of each error.
fn errors() -> Vec<StoreError> {
    let (kind, id, path) = (|| "chore".to_owned(), Uuid::nil(), || PathBuf::from("/data"));
    let body = |problem| StoreError::Body { kind: kind(), problem };
    vec![
        StoreError::Conflict { kind: kind(), id, expected: 1, found: 2 },
        StoreError::NotFound { kind: kind(), id },
        StoreError::Exists { kind: kind(), id },
        StoreError::NotUnique { kind: kind(), field: "number".into() },
        StoreError::EmptyReason,
        StoreError::ReasonTooLong { length: 3, limit: 2 },
        StoreError::ChangeTooLarge { count: 3, limit: 2 },
        body(BodyError::DuplicateKey("a".into())),
        body(BodyError::Nul),
        body(BodyError::LoneSurrogate),
        body(BodyError::Number("NaN".into())),
        body(BodyError::TooLarge { length: 3, limit: 2 }),
        body(BodyError::TooDeep { limit: 2 }),
        body(BodyError::Object),
        body(BodyError::RoundTrip("x".into())),
        body(BodyError::NotJson("x".into())),
        StoreError::IdempotencyKeyReused,
        StoreError::IdempotencyKey { limit: 2 },
        StoreError::Cursor,
        StoreError::TooMany { kind: kind(), limit: 2 },
        StoreError::UnknownKind(kind()),
        StoreError::UnknownIndex { kind: kind(), index: "by_x".into() },
        StoreError::Declaration { kind: kind(), reason: "x".into() },
        StoreError::FileMissing("ab".into()),
        StoreError::FileDamaged("ab".into()),
        StoreError::Full { doing: "writing".into() },
        StoreError::ReadOnly { path: path() },
        StoreError::Corrupt { detail: "x".into() },
        StoreError::InUse { path: path() },
        StoreError::NewerSchema { found: 3, known: 2 },
        StoreError::OtherSchema { path: path() },
        StoreError::ForeignFile { path: path() },
        StoreError::NotEmpty { path: path() },
        StoreError::BackupDamaged { detail: "x".into() },
        StoreError::Closed,
        StoreError::fault_because("x"),
    ]
}

fn findings() -> Vec<Finding> {
    let detail = || "x".to_owned();
    vec![
        Finding::Damaged { detail: detail() },
        Finding::Schema { detail: detail() },
        Finding::Gap { expected: 1, found: 2 },
        Finding::Unreadable { seq: 1, detail: detail() },
        Finding::Commitment { seq: 1 },
        Finding::Chain { seq: 1, detail: detail() },
        Finding::Record { kind: detail(), id: Uuid::nil(), detail: detail() },
        Finding::File { sha256: detail(), detail: detail() },
    ]
}

#[test]
fn every_code_has_a_text_in_both_languages_that_names_only_values_there_are() {
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let names = |values: Vec<(&'static str, String)>| values.into_iter().map(|it| it.0.to_owned()).collect();
    for error in errors() {
        values.insert(error.code().replace('.', "-"), names(error.values()));
    }
    for finding in findings() {
        values.insert(finding.code().replace('.', "-"), names(finding.values()));
    }
    let mut used = Vec::new();
    for (language, source) in messages() {
        let texts = texts(source);
        assert_eq!(texts.keys().collect::<Vec<_>>(), values.keys().collect::<Vec<_>>(), "{}", language.tag());
        for (id, named) in &texts {
            assert!(named.is_subset(&values[id]), "{id} in {} names {named:?}", language.tag());
        }
        used.push(texts);
    }
    assert_eq!(used.len(), 2);
    assert_eq!(used[0], used[1], "both languages name the same values");
}

#[test]
fn the_lists_of_codes_are_complete() {
    let codes: BTreeSet<&str> = errors().iter().map(StoreError::code).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), StoreError::codes());
    let codes: BTreeSet<&str> = findings().iter().map(Finding::code).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), Finding::codes());
}

#[test]
fn what_users_can_mend_is_no_fault_and_the_rest_is() {
    for error in errors() {
        assert_eq!(error.is_fault(), 500 <= error.status(), "{}", error.code());
    }
    assert!(!StoreError::EmptyReason.is_fault());
    assert!(StoreError::Corrupt { detail: String::new() }.is_fault());
}
