//! Any bytes under any name: reading ends, and lines lie in the text.
//!
//! The first byte chooses the name, the rest is the file. Seeds: `crates/plans/tests/samples`, each with a byte before.

#![no_main]

use hutong_plans::document::read;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 7] = ["a.txt", "a.md", "a.html", "a.docx", "a.xlsx", "a.pdf", ""];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    if let Ok(document) = read(name, bytes) {
        let joined: Vec<&str> = document.numbered_lines().map(|(_, words, _)| words).collect();
        assert_eq!(joined.join("\n"), document.text);
    }
});
