//! Prints the findings of a text file as JSON: `cargo run -p hutong-plans --example extract -- FILE > out.json`.

#![expect(clippy::print_stdout, reason = "an example's output is its purpose")]

use hutong_plans::{document::Document, extract};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: extract FILE")?;
    let text = std::fs::read_to_string(&path)?;
    let name = std::path::Path::new(&path)
        .file_name()
        .map_or(path.clone(), |name| name.to_string_lossy().into_owned());
    let findings = extract::extract(&Document::from_text(&text));
    println!("{}", serde_json::to_string_pretty(&findings.to_json(&name))?);
    Ok(())
}
