//! Extraction measured on own sample plans of four styles, with hand-labelled truth beside them.

#![allow(clippy::unwrap_used, reason = "a broken sample or truth file should stop the test")]

mod extract_score;

use extract_score::{misquoted, precision_at, score};
use hutong_plans::{document::Document, extract::extract};
use serde_json::Value;

const SAMPLES: [(&str, &str, &str); 4] = [
    (
        "five_year_plan",
        include_str!("documents/five_year_plan.txt"),
        include_str!("documents/five_year_plan.json"),
    ),
    ("work_plan", include_str!("documents/work_plan.txt"), include_str!("documents/work_plan.json")),
    ("action_plan", include_str!("documents/action_plan.txt"), include_str!("documents/action_plan.json")),
    (
        "implementation_opinions",
        include_str!("documents/implementation_opinions.txt"),
        include_str!("documents/implementation_opinions.json"),
    ),
];

fn read(text: &str) -> Value {
    extract(&Document::from_text(text)).to_json("sample")
}

#[test]
fn plans_of_every_style_are_read_well() {
    for (name, text, truth) in SAMPLES {
        let truth: Value = serde_json::from_str(truth).unwrap();
        let score = score(&truth, &read(text));
        assert!(0.95 <= score.macro_f1(), "{name}: {:?} {:#?}", score.f1, score.notes);
        for (category, f1) in &score.f1 {
            assert!(0.85 <= *f1, "{name} {category}: {f1} {:#?}", score.notes);
        }
        let (right, matched) = score.ops;
        assert!(matched * 9 <= right * 10, "{name}: comparators {right} of {matched}");
        assert_eq!(score.leaked, 0, "{name}: a result of the past was taken for a target");
    }
}

#[test]
fn what_a_plan_says_about_itself_is_found() {
    for (name, text, truth) in SAMPLES {
        let truth: Value = serde_json::from_str(truth).unwrap();
        let found = read(text);
        for key in ["title", "issuer", "issued_date", "period"] {
            if !truth["meta"][key].is_null() {
                assert_eq!(found["meta"][key], truth["meta"][key], "{name} {key}");
            }
        }
    }
}

#[test]
fn deadlines_are_found_where_the_sentence_or_its_section_names_them() {
    for (name, text, truth) in SAMPLES {
        let truth: Value = serde_json::from_str(truth).unwrap();
        let found = read(text);
        for wanted in
            truth["targets"].as_array().unwrap().iter().filter(|target| !target["deadline"].is_null())
        {
            let same =
                |target: &&Value| target["value"] == wanted["value"] && target["unit"] == wanted["unit"];
            if let Some(target) = found["targets"].as_array().unwrap().iter().find(same) {
                assert_eq!(target["deadline"], wanted["deadline"], "{name}: {}", target["quote"]);
            }
        }
    }
}

#[test]
fn every_quote_is_the_text_at_its_span() {
    for (name, text, _) in SAMPLES {
        let document = Document::from_text(text);
        assert_eq!(misquoted(&read(text), &document.text), None, "{name}");
    }
}

#[test]
fn of_the_findings_at_nine_tenths_nine_in_ten_are_right() {
    let mut judged = Vec::new();
    for (_, text, truth) in SAMPLES {
        let truth: Value = serde_json::from_str(truth).unwrap();
        judged.extend(score(&truth, &read(text)).judged);
    }
    let (count, right) = precision_at(&judged, 0.9);
    assert!(40 <= count, "only {count} findings are sure");
    assert!(0.9 <= right, "{right} of {count}");
}
