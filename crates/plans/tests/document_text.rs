//! Plain text keeps its physical lines, whatever its encoding.

use hutong_plans::document::{Document, Format, ReadError, read};

const WORDS: &str = "槐安区行动计划\n\n一、总体要求\n到2027年,建成12个示范街区。\n";

fn lines(document: &Document) -> Vec<&str> {
    document.numbered_lines().map(|(_, words, _)| words).collect()
}

#[test]
fn a_text_file_keeps_its_physical_lines_and_their_numbers() {
    let document = read("plan.txt", WORDS.as_bytes()).expect("text");
    assert_eq!(document.format, Format::Text);
    assert_eq!(lines(&document), ["槐安区行动计划", "", "一、总体要求", "到2027年,建成12个示范街区。"]);
    assert_eq!(document.line_text(3), "一、总体要求");
    assert_eq!(document.line_text(0), "");
    assert_eq!(document.line_text(5), "");
}

#[test]
fn every_byte_belongs_to_the_line_that_shows_it() {
    let document = Document::from_text(WORDS);
    for (index, line) in document.lines.iter().enumerate() {
        for byte in line.start..=line.end {
            assert_eq!(document.line_of(byte), index + 1, "byte {byte}");
        }
    }
    assert_eq!(document.line_of(usize::MAX), document.lines.len());
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
    let plain = Document::from_text(WORDS);
    assert_eq!(Document::from_text(&format!("\u{FEFF}{}", WORDS.replace('\n', "\r\n"))), plain);
    assert_eq!(Document::from_text(&WORDS.replace('\n', "\r")), plain);
}

#[test]
fn every_encoding_in_use_gives_the_same_lines() {
    let plain = Document::from_text(WORDS);
    let gbk = encoding_rs::GBK.encode(WORDS).0.into_owned();
    let utf8_marked = [&b"\xEF\xBB\xBF"[..], WORDS.as_bytes()].concat();
    let little: Vec<u8> = WORDS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = WORDS.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little_marked = [&b"\xFF\xFE"[..], &little].concat();
    let big_marked = [&b"\xFE\xFF"[..], &big].concat();
    for (name, bytes) in
        [("gbk", gbk), ("utf-8", utf8_marked), ("utf-16le", little_marked), ("utf-16be", big_marked)]
    {
        assert_eq!(read("plan.txt", &bytes).expect(name), plain, "{name}");
    }
}

#[test]
fn nothing_but_white_space_is_an_empty_document() {
    for bytes in [&b""[..], b" \r\n\t ", "\u{FEFF}\u{3000}\n".as_bytes(), &[0; 64]] {
        assert_eq!(read("plan.txt", bytes), Err(ReadError::Empty));
    }
}
