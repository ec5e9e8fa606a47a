//! A real plan as HTML, DOCX and PDF is worth the same as its text file.
//!
//! The plans stand beside the repository (`../shared/plans`) and are not part of it; the renderings are made by
//! `make_samples.py` with Python and, for PDF, LibreOffice or Chromium. What is missing is skipped with a line that
//! says so. Allowed difference of the score: 0.03.

use std::path::{Path, PathBuf};
use std::process::Command;

use hutong_plans::document::read;
use hutong_plans::extract::extract;
use serde_json::Value;

/// How far the score of another format may be from the text's.
const DIFFERENCE_MAX: f64 = 0.03;

const PLANS: [&str; 3] = ["000", "001", "003"];

/// File endings `make_samples.py` writes, and what to call them.
const RENDERINGS: [&str; 5] = ["html", "md", "docx", "pdf", "chromium.pdf"];

#[test]
fn a_plan_scores_the_same_in_every_format() {
    let Some(plans) = shared_plans() else {
        return skip("../shared/plans is not here");
    };
    let made = Made::directory();
    for plan in PLANS {
        let text = plans.join(format!("{plan}.txt"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/make_samples.py");
        let run = Command::new("python3")
            .arg(script)
            .args([text.as_os_str(), made.0.as_os_str()])
            .args(["--formats", "html,md,docx,pdf,pdf-chromium"])
            .output();
        match run {
            Ok(output) if output.status.success() => print_lines(&output.stdout),
            Ok(output) => print_lines(&output.stderr),
            Err(_) => return skip("python3 is not here"),
        }
        let truth = plans.join("truth").join(format!("{plan}.json"));
        let Some(expected) = score(&plans, &truth, &text, &made) else {
            return skip("score.py did not run");
        };
        for ending in RENDERINGS {
            let file = made.0.join(format!("{plan}.{ending}"));
            if !file.is_file() {
                skip(&format!("{plan}.{ending} was not made: its tool is missing"));
                continue;
            }
            let reached = score(&plans, &truth, &file, &made).expect("score.py ran before");
            let difference = (expected - reached).abs();
            assert!(
                difference <= DIFFERENCE_MAX,
                "{plan}.{ending} scores {reached:.3}, its text {expected:.3}"
            );
        }
    }
}

/// Directory for what the test makes; gone when the test ends.
struct Made(PathBuf);

impl Made {
    fn directory() -> Made {
        let path = std::env::temp_dir().join(format!("hutong-round-trip-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("temporary directory");
        Made(path)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // Left-over files of a test are a nuisance and no failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn shared_plans() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let near = root.ancestors().skip(2).map(|it| it.join("../shared/plans"));
    let near = near.chain(root.ancestors().map(|it| it.join("shared/plans")));
    near.into_iter().find(|it| it.join("score.py").is_file())
}

fn score(plans: &Path, truth: &Path, file: &Path, made: &Made) -> Option<f64> {
    let name = file.file_name()?.to_str()?;
    let document = read(name, &std::fs::read(file).ok()?).expect("rendering is readable");
    let found = extract(&document);
    let prediction = made.0.join(format!("{name}.json"));
    std::fs::write(&prediction, found.to_json(name).to_string()).ok()?;
    let output = Command::new("python3")
        .arg(plans.join("score.py"))
        .args([truth, &prediction])
        .arg("--json")
        .output()
        .ok()?;
    let answer: Value = serde_json::from_slice(&output.stdout).ok()?;
    let macro_f1 = answer.get("macro_f1")?.as_f64()?;
    print_lines(format!("{name}: {macro_f1:.3}").as_bytes());
    Some(macro_f1)
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it skipped and why")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}

#[expect(clippy::print_stderr, reason = "scores and missing tools are worth seeing with --no-capture")]
fn print_lines(words: &[u8]) {
    for line in String::from_utf8_lossy(words).lines() {
        eprintln!("{line}");
    }
}
