//! Extraction measured on real public plans, where they are at hand. They are not part of this repository.

#![allow(clippy::unwrap_used, reason = "a broken sample or truth file should stop the test")]

mod extract_score;

use std::path::{Path, PathBuf};

use extract_score::{Score, misquoted, precision_at, score};
use hutong_plans::{document::Document, extract::extract};
use serde_json::Value;

/// Directory of real plans with their truth, beside the working copy.
fn plans() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plans");
    let worktree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/plans");
    [beside, worktree].into_iter().find(|path| path.is_dir())
}

#[expect(clippy::print_stderr, reason = "a skipped measurement says so")]
fn scores() -> Vec<(String, Score)> {
    let Some(directory) = plans() else {
        eprintln!("skipped: no real plans in ../shared/plans");
        return Vec::new();
    };
    let mut scores = Vec::new();
    for entry in std::fs::read_dir(directory.join("truth")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let truth: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let text = std::fs::read_to_string(directory.join(format!("{name}.txt"))).unwrap();
        let document = Document::from_text(&text);
        let found = extract(&document).to_json(&name);
        assert_eq!(misquoted(&found, &document.text), None, "{name}");
        for key in ["title", "issuer", "issued_date"] {
            let (wanted, got) = (&truth["meta"][key], &found["meta"][key]);
            let same = wanted == got
                || extract_score::norm(wanted.as_str().unwrap_or(""))
                    == extract_score::norm(got.as_str().unwrap_or(""));
            assert!(same, "{name} {key}: {got}");
        }
        assert_eq!(found["meta"]["period"], truth["meta"]["period"], "{name}");
        scores.push((name, score(&truth, &found)));
    }
    scores
}

#[test]
fn real_plans_are_read_well() {
    let scores = scores();
    if scores.is_empty() {
        return;
    }
    let mean = scores.iter().map(|(_, score)| score.macro_f1()).sum::<f64>() / scores.len() as f64;
    for (name, score) in &scores {
        assert!(0.85 <= score.macro_f1(), "{name}: {:?} {:#?}", score.f1, score.notes);
        let (right, matched) = score.ops;
        assert!(matched * 9 <= right * 10, "{name}: comparators {right} of {matched}");
        assert_eq!(score.leaked, 0, "{name}: a result of the past was taken for a target");
    }
    assert!(0.9 <= mean, "mean {mean}");
}

#[test]
fn of_the_findings_at_nine_tenths_nine_in_ten_are_right() {
    let judged: Vec<(f64, bool)> = scores().into_iter().flat_map(|(_, score)| score.judged).collect();
    if judged.is_empty() {
        return;
    }
    let (count, right) = precision_at(&judged, 0.9);
    assert!(0.9 <= right, "{right} of {count}");
}
