//! Whatever the bytes are, reading ends, and ends with a document or a reason.
//!
//! The same properties as the fuzz targets in `fuzz/`, for machines without a nightly toolchain.

use std::io::{Cursor, Write as _};

use hutong_plans::document::{Document, ReadError, read};
use hutong_plans::extract::extract;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const NAMES: [&str; 8] = ["a.txt", "a.md", "a.html", "a.docx", "a.xlsx", "a.pdf", "a.doc", ""];

/// Real files to damage.
const SEEDS: [(&str, &[u8]); 6] = [
    ("a.txt", include_bytes!("samples/street_plan.txt")),
    ("a.md", include_bytes!("samples/street_plan.md")),
    ("a.html", include_bytes!("samples/street_plan.html")),
    ("a.docx", include_bytes!("samples/street_plan.docx")),
    ("a.xlsx", include_bytes!("samples/street_plan.xlsx")),
    ("a.pdf", include_bytes!("samples/street_plan.pdf")),
];

/// What holds of every document: lines lie in the text, in order, on character borders, without line ends.
fn check(read: Result<Document, ReadError>) {
    let document = match read {
        Ok(document) => document,
        Err(error) => {
            assert!(ReadError::CODES.contains(&error.code()));
            return;
        }
    };
    let joined: Vec<&str> = document.numbered_lines().map(|(_, words, _)| words).collect();
    assert_eq!(joined.join("\n"), document.text);
    for (index, line) in document.lines.iter().enumerate() {
        assert!(document.text.is_char_boundary(line.start) && document.text.is_char_boundary(line.end));
        assert_eq!(document.line_of(line.start), index + 1);
    }
    assert!(joined.iter().all(|words| !words.contains('\n')));
}

fn zip_of(member: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(member, SimpleFileOptions::default()).expect("member");
    writer.write_all(bytes).expect("member");
    writer.finish().expect("zip").into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_under_any_name_end(bytes in proptest::collection::vec(any::<u8>(), 0..2048), name in 0..NAMES.len()) {
        check(read(NAMES[name], &bytes));
    }

    #[test]
    fn any_bytes_after_any_front_end(bytes in proptest::collection::vec(any::<u8>(), 0..2048), front in 0..6usize) {
        let fronts: [&[u8]; 6] = [b"%PDF-1.5\n", b"PK\x03\x04", b"<html>", b"\xFF\xFE", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"{\\rtf"];
        check(read("", &[fronts[front], &bytes].concat()));
    }

    #[test]
    fn markup_without_rules_ends(words in "(<(/?(p|div|table|tr|td|li|ol|h1|b|script|style|td rowspan=9999999|td colspan=9999999|ol start=4294967295)|!--)?>|[a-z一二|。 \n]|&[a-z#0-9]{0,4};){0,120}") {
        check(read("a.html", words.as_bytes()));
        check(read("a.md", words.as_bytes()));
    }

    #[test]
    fn word_parts_without_rules_end(words in "(<(/?w:(p|r|t|tbl|tr|tc|tcPr|gridSpan w:val=\"99999999\"|vMerge|ins|del|sdt|sdtContent|txbxContent))/?>|[a-z一]){0,80}") {
        let part = format!("<w:document><w:body>{words}</w:body></w:document>");
        check(read("a.docx", &zip_of("word/document.xml", part.as_bytes())));
    }

    #[test]
    fn page_content_without_rules_ends(words in "(BT|ET|q|Q|cm|Tm|Td|Tf|Tj|TJ|re|m|l|S|f|Do|BI|ID|EI|/F1|\\(a\\)|<0102>|\\[|\\]|<<|>>|-?[0-9]{1,9}| |\n){0,120}") {
        let pdf = format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
             4 0 obj<</Length {}>>stream\n{words}\nendstream endobj\n\
             5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n",
            words.len() + 1
        );
        check(read("a.pdf", pdf.as_bytes()));
    }

    #[test]
    fn a_damaged_file_ends(seed in 0..SEEDS.len(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24), cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
        let (name, bytes) = SEEDS[seed];
        let mut bytes = bytes.to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(read(name, &bytes));
    }

    #[test]
    fn what_was_read_can_be_searched(seed in 0..2usize, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24)) {
        let mut bytes = SEEDS[seed].1.to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let text = String::from_utf8_lossy(&bytes);
        let found = extract(&Document::from_text(&text));
        let json = found.to_json("a");
        prop_assert!(json.is_object());
    }
}

#[test]
fn deep_nesting_ends_and_keeps_the_words() {
    let deep = |open: &str, words: &str| format!("{}{words}", open.repeat(100_000));
    for page in [
        deep("<div>", "槐安区"),
        deep("<table><tr><td>", "槐安区"),
        deep("<p><b>", "槐安区"),
        deep("<li>", "槐安区"),
    ] {
        let document = read("a.html", format!("<html>{page}").as_bytes()).expect("page");
        assert!(document.text.contains("槐安区"));
    }
    let part = format!(
        "<w:document><w:body>{}{}</w:body></w:document>",
        "<w:sdt>".repeat(50_000),
        "</w:sdt>".repeat(50_000)
    );
    check(read("a.docx", &zip_of("word/document.xml", part.as_bytes())));
    check(read(
        "a.pdf",
        format!("%PDF-1.4\n1 0 obj {} endobj trailer<</Root 1 0 R>>", "[".repeat(100_000)).as_bytes(),
    ));
    check(read("a.md", "> ".repeat(100_000).as_bytes()));
}

#[test]
fn a_spreadsheet_that_claims_the_farthest_cell_does_not_fill_the_memory() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"#;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#""<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, words) in parts {
        writer.start_file(name, SimpleFileOptions::default()).expect("member");
        writer.write_all(words.as_bytes()).expect("member");
    }
    let document = read("a.xlsx", &writer.finish().expect("zip").into_inner()).expect("workbook");
    assert_eq!(document.text, "1");
    assert_eq!(document.warnings.len(), 1);
}
