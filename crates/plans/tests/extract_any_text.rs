//! Extraction survives every text, and what it says about places stays true.

#![allow(clippy::unwrap_used, reason = "a broken sample or truth file should stop the test")]

mod extract_score;

use extract_score::misquoted;
use hutong_plans::{
    document::{Document, Format, Hint, Line},
    extract::{extract, extract_any},
};
use proptest::prelude::*;

/// Pieces that plans are made of, put together in ways no plan would.
const PIECES: [&str; 42] = [
    "一、",
    "（一）",
    "1.",
    "第一章",
    "专栏1",
    "附件",
    "表1：",
    "目录",
    "《",
    "》",
    "“",
    "”",
    "（",
    "）",
    "|",
    " | ",
    "：",
    "，",
    "。",
    "；",
    "\n",
    "到2025年",
    "达到",
    "不低于",
    "5%以上",
    "10—5家",
    "1.2.3",
    "平台",
    "系统",
    "区科委",
    "责任单位：",
    "序号",
    "任务",
    "目标值",
    "指标",
    "单位",
    "翻一番",
    "“十四五”",
    "2024年13月40日",
    "𠮷",
    "e\u{301}",
    "\u{feff}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        extract_any(text.as_bytes());
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        extract_any(&bytes);
    }

    #[test]
    fn scrambled_plans_are_quoted_truly(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..120)) {
        let document = Document::from_text(&pieces.concat());
        let found = extract(&document).to_json("scrambled");
        prop_assert_eq!(misquoted(&found, &document.text), None);
    }

    #[test]
    fn lines_that_lie_do_no_harm(
        text in "[一二（）1.、|：。，目标平台系统区委\n ]{0,80}",
        places in proptest::collection::vec((0_usize..300, 0_usize..300, any::<Option<u8>>(), any::<Option<u32>>()), 0..12),
    ) {
        let lines = places
            .into_iter()
            .map(|(start, end, heading, table)| Line { start, end, hint: Hint { heading, table, page: None } })
            .collect();
        let document = Document { format: Format::Text, text, lines, warnings: Vec::new() };
        let _ = extract(&document);
    }
}

#[test]
fn an_empty_document_has_no_findings() {
    let findings = extract(&Document::from_text(""));
    assert!(findings.outline.is_empty() && findings.targets.is_empty() && findings.tasks.is_empty());
    assert_eq!(findings.meta.title, None);
}
