//! Scores findings against hand-labelled truth, category by category.
//!
//! F1 of: outline (title and level), targets (value, unit, name alike), tasks (title), responsible and cooperating
//! bodies (exact sets per task, where the truth has them), systems (name alike). Items marked `optional` cost nothing
//! either way. Names are compared without punctuation, width and case.

#![allow(dead_code, reason = "each test binary uses its part of the score")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Everything a test may want to assert on.
pub(crate) struct Score {
    pub(crate) f1: BTreeMap<&'static str, f64>,
    /// Comparators right, and matched targets.
    pub(crate) ops: (usize, usize),
    /// Predicted targets that are results of the past.
    pub(crate) leaked: usize,
    /// Lines such as `missed targets: …`, to read when a test fails.
    pub(crate) notes: Vec<String>,
    /// Confidence of each counted prediction and whether it was right.
    pub(crate) judged: Vec<(f64, bool)>,
}

impl Score {
    pub(crate) fn macro_f1(&self) -> f64 {
        self.f1.values().sum::<f64>() / self.f1.len().max(1) as f64
    }
}

pub(crate) fn norm(words: &str) -> String {
    words
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || matches!(c, '+' | '=' | '<' | '>' | '~' | '^' | '|'))
        .collect()
}

/// Share of characters in matching blocks, longest block first (Ratcliff and Obershelp).
pub(crate) fn ratio(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a == b {
        return if a.is_empty() { 0.0 } else { 1.0 };
    }
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let one = matching(&a, &b).max(matching(&b, &a));
    2.0 * one as f64 / (a.len() + b.len()) as f64
}

fn matching(a: &[char], b: &[char]) -> usize {
    let (mut best, mut at_a, mut at_b) = (0, 0, 0);
    let mut before = vec![0_usize; b.len() + 1];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![0_usize; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            if x == y {
                row[j + 1] = before[j] + 1;
                if best < row[j + 1] {
                    best = row[j + 1];
                    (at_a, at_b) = (i + 1 - best, j + 1 - best);
                }
            }
        }
        before = row;
    }
    if best == 0 {
        return 0;
    }
    best + matching(&a[..at_a], &b[..at_b]) + matching(&a[at_a + best..], &b[at_b + best..])
}

fn names(item: &Value, key: &str, others: &str) -> Vec<String> {
    let own = item[key].as_str().into_iter();
    let more = item[others].as_array().into_iter().flatten().filter_map(Value::as_str);
    own.chain(more).map(norm).filter(|name| !name.is_empty()).collect()
}

fn alike(truth: &Value, found: &Value, key: &str, others: &str) -> f64 {
    let found = norm(found[key].as_str().unwrap_or(""));
    names(truth, key, others).iter().map(|name| ratio(name, &found)).fold(0.0, f64::max)
}

fn numbers(value: &Value) -> Vec<f64> {
    let mut all: Vec<f64> = match value {
        Value::Array(values) => values.iter().filter_map(Value::as_f64).collect(),
        other => other.as_f64().into_iter().collect(),
    };
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

fn same_value(a: &Value, b: &Value) -> bool {
    let (a, b) = (numbers(a), numbers(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| (x - y).abs() <= 1e-9 * x.abs().max(1.0))
}

fn unit(item: &Value) -> String {
    let unit: String = item["unit"].as_str().unwrap_or("").nfkc().collect::<String>().trim().to_lowercase();
    match unit.as_str() {
        "亿" => "亿元".into(),
        "百分比" | "百分之" | "percent" => "%".into(),
        _ => unit,
    }
}

fn like_heading(truth: &Value, found: &Value) -> f64 {
    let same = norm(truth["title"].as_str().unwrap_or("")) == norm(found["title"].as_str().unwrap_or(""));
    if same && truth["level"].as_i64() == found["level"].as_i64() { 1.0 } else { 0.0 }
}

fn like_target(truth: &Value, found: &Value) -> f64 {
    let free = truth["value"].is_null() || truth["unit"].is_null();
    if !same_value(&truth["value"], &found["value"]) || !free && unit(truth) != unit(found) {
        return 0.0;
    }
    at_least(alike(truth, found, "name", "alt_names"), 0.6)
}

fn like_task(truth: &Value, found: &Value) -> f64 {
    at_least(alike(truth, found, "title", "alt_titles"), 0.9)
}

fn like_system(truth: &Value, found: &Value) -> f64 {
    at_least(alike(truth, found, "name", "alt_names"), 0.75)
}

fn at_least(ratio: f64, bar: f64) -> f64 {
    if bar <= ratio { ratio } else { 0.0 }
}

/// Pairs one to one, best first; on a tie the required truth, then the nearer line.
fn pairs(truth: &[Value], found: &[Value], like: Like) -> BTreeMap<usize, usize> {
    let mut all = Vec::new();
    for (i, t) in truth.iter().enumerate() {
        for (j, p) in found.iter().enumerate() {
            let similarity = like(t, p);
            if 0.0 < similarity {
                let gap = match (t["line"].as_i64(), p["line"].as_i64()) {
                    (Some(a), Some(b)) => (a - b).abs(),
                    _ => 1_000_000,
                };
                all.push((-similarity, is_optional(t), gap, i, j));
            }
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2, a.3, a.4).cmp(&(b.1, b.2, b.3, b.4))));
    let (mut of_truth, mut of_found) = (BTreeMap::new(), BTreeSet::new());
    for (_, _, _, i, j) in all {
        if !of_truth.contains_key(&i) && of_found.insert(j) {
            of_truth.insert(i, j);
        }
    }
    of_truth
}

fn is_optional(item: &Value) -> bool {
    item["optional"].as_bool().unwrap_or(false)
}

fn f1(right: usize, found: usize, truth: usize) -> Option<f64> {
    if found == 0 && truth == 0 {
        return None;
    }
    Some(2.0 * right as f64 / (found + truth) as f64)
}

fn list(all: &Value, key: &str) -> Vec<Value> {
    all[key].as_array().cloned().unwrap_or_default()
}

/// How alike a truth and a prediction are, 0 for no match.
type Like = fn(&Value, &Value) -> f64;

/// Scores `found` against `truth`.
pub(crate) fn score(truth: &Value, found: &Value) -> Score {
    let mut score =
        Score { f1: BTreeMap::new(), ops: (0, 0), leaked: 0, notes: Vec::new(), judged: Vec::new() };
    let mut truth_tasks = list(truth, "tasks");
    truth_tasks.extend(list(truth, "prose_tasks").into_iter().map(|mut task| {
        task["optional"] = Value::Bool(true);
        task
    }));
    let mut found_tasks = list(found, "tasks");
    found_tasks.extend(list(found, "prose_tasks"));
    let categories: [(&'static str, Vec<Value>, Vec<Value>, Like); 4] = [
        ("outline", list(truth, "outline"), list(found, "outline"), like_heading),
        ("targets", list(truth, "targets"), list(found, "targets"), like_target),
        ("tasks", truth_tasks, found_tasks, like_task),
        ("systems", list(truth, "systems"), list(found, "systems"), like_system),
    ];
    for (what, truth_items, found_items, like) in categories {
        let known: BTreeSet<String> =
            truth_items.iter().flat_map(|item| names(item, "name", "alt_names")).collect();
        let matched = pairs(&truth_items, &found_items, like);
        let of_found: BTreeMap<usize, usize> = matched.iter().map(|(i, j)| (*j, *i)).collect();
        let required = truth_items.iter().filter(|item| !is_optional(item)).count();
        let right = matched.keys().filter(|i| !is_optional(&truth_items[**i])).count();
        let mut counted = 0;
        for (j, item) in found_items.iter().enumerate() {
            let neutral = match of_found.get(&j) {
                Some(i) => is_optional(&truth_items[*i]),
                // A system under a second name of its own is no mistake.
                None => what == "systems" && known.contains(&norm(item["name"].as_str().unwrap_or(""))),
            };
            if neutral {
                continue;
            }
            counted += 1;
            let good = of_found.contains_key(&j);
            score.judged.push((item["confidence"].as_f64().unwrap_or(0.0), good));
            if !good {
                score
                    .notes
                    .push(format!("extra {what}: line {} {}{}", item["line"], item["title"], item["name"]));
            }
        }
        for (i, item) in truth_items.iter().enumerate() {
            if !is_optional(item) && !matched.contains_key(&i) {
                score.notes.push(format!("missed {what}: {}{}", item["title"], item["name"]));
            }
        }
        if let Some(value) = f1(right, counted, required) {
            score.f1.insert(what, value);
        }
        if what == "targets" {
            let agreed =
                matched.iter().filter(|(i, j)| truth_items[**i]["op"] == found_items[**j]["op"]).count();
            score.ops = (agreed, matched.len());
            let spare: Vec<Value> = found_items
                .iter()
                .enumerate()
                .filter(|(j, _)| !of_found.contains_key(j))
                .map(|(_, item)| item.clone())
                .collect();
            score.leaked = pairs(&list(truth, "achievements"), &spare, like_target).len();
        }
        if what == "tasks" {
            bodies(&mut score, truth, &truth_items, &found_items, &matched);
        }
    }
    score
}

fn bodies(
    score: &mut Score,
    truth: &Value,
    truth_tasks: &[Value],
    found_tasks: &[Value],
    matched: &BTreeMap<usize, usize>,
) {
    let alias = |name: &str| {
        let name = norm(name);
        let same =
            truth["dept_aliases"].as_object().into_iter().flatten().find(|(from, _)| norm(from) == name);
        same.and_then(|(_, to)| to.as_str()).map_or(name, norm)
    };
    let set = |item: &Value, key: &str| -> BTreeSet<String> {
        list(item, key)
            .iter()
            .filter_map(Value::as_str)
            .map(alias)
            .filter(|name| !name.is_empty() && name != "无")
            .collect()
    };
    let rows: Vec<usize> = (0..truth_tasks.len())
        .filter(|&i| !truth_tasks[i]["responsible"].is_null() && !is_optional(&truth_tasks[i]))
        .collect();
    if rows.is_empty() {
        return;
    }
    let off = matched.keys().filter(|i| !rows.contains(i)).count();
    for key in ["responsible", "cooperating"] {
        let right = rows
            .iter()
            .filter(|i| {
                matched.get(i).is_some_and(|j| set(&truth_tasks[**i], key) == set(&found_tasks[*j], key))
            })
            .count();
        if let Some(value) = f1(right, found_tasks.len() - off, rows.len()) {
            score.f1.insert(key, value);
        }
    }
}

/// Of the predictions at `bar` or more: how many, and the share that was right.
pub(crate) fn precision_at(judged: &[(f64, bool)], bar: f64) -> (usize, f64) {
    let sure: Vec<bool> =
        judged.iter().filter(|(confidence, _)| bar <= *confidence).map(|(_, right)| *right).collect();
    let right = sure.iter().filter(|right| **right).count();
    (sure.len(), right as f64 / sure.len().max(1) as f64)
}

/// Whether every `quote` of the findings is the text at its `span`; the first that is not, otherwise.
pub(crate) fn misquoted(found: &Value, text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut waiting = vec![found];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(map) => {
                if let (Some(quote), Some(span)) = (map.get("quote").and_then(Value::as_str), map.get("span"))
                {
                    let at = |key: &str| {
                        span[key].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX)
                    };
                    let there: Option<String> =
                        characters.get(at("start")..at("end")).map(|c| c.iter().collect());
                    if there.as_deref() != Some(quote) || quote.is_empty() {
                        return Some(value.to_string());
                    }
                }
                waiting.extend(map.values());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    None
}
