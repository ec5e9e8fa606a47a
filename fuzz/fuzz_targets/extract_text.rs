//! Any text: extraction ends, and its JSON is an object.

#![no_main]

use hutong_plans::document::Document;
use hutong_plans::extract::extract;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let found = extract(&Document::from_text(text));
    assert!(found.to_json("fuzz").is_object());
});
