//! Prints a document as the reader sees it: number, hints, words of each line.
//!
//! `cargo run -p hutong-plans --example read_document -- FILE [--plain]`

use std::io::Write as _;

use hutong_plans::document::read;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("usage: read_document FILE [--plain]")?;
    let document = read(path, &std::fs::read(path)?).map_err(|error| format!("{}: {error}", error.code()))?;
    let mut out = std::io::stdout().lock();
    if arguments.iter().any(|it| it == "--plain") {
        writeln!(out, "{}", document.text)?;
        return Ok(());
    }
    for (number, words, hint) in document.numbered_lines() {
        let heading = hint.heading.map_or(String::new(), |it| format!("H{it}"));
        let table = hint.table.map_or(String::new(), |it| format!("T{it}"));
        let page = hint.page.map_or(String::new(), |it| format!("p{it}"));
        writeln!(out, "{number:>4} {page:>4} {heading:>2}{table:>3} {words}")?;
    }
    for warning in &document.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    Ok(())
}
