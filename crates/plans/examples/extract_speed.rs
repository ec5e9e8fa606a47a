//! Prints how long extraction takes by size of document: `cargo run --release -p hutong-plans --example extract_speed`.
//!
//! The text is a sample plan repeated until it has the size; with a FILE as argument, that file.

#![expect(clippy::print_stdout, reason = "an example's output is its purpose")]

use std::time::Instant;

use hutong_plans::{document::Document, extract};

const SAMPLE: &str = include_str!("../tests/documents/five_year_plan.txt");
const ROUNDS: u32 = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sample = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => SAMPLE.to_owned(),
    };
    for size in [5_000_usize, 10_000, 20_000, 40_000, 80_000] {
        let text: String = sample.chars().cycle().take(size).collect();
        let document = Document::from_text(&text);
        let mut fastest = f64::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let findings = extract::extract(&document);
            fastest = fastest.min(start.elapsed().as_secs_f64());
            std::hint::black_box(findings);
        }
        println!("{size:>6} characters: {:>7.1} ms", fastest * 1000.0);
    }
    Ok(())
}
