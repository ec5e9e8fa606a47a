//! Bytes to characters: UTF-8, UTF-16 with a byte order mark, GB18030 (which holds GBK and GB2312).

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::ReadError;

/// Share of characters that may be undecodable before the bytes are no text. One in so many.
const BAD_CHARACTER_SHARE: usize = 50;

/// How far into a page its encoding is looked for. Unit: bytes.
const LABEL_WINDOW: usize = 8192;

/// Decodes bytes of a text file whose encoding is not written anywhere.
///
/// A byte order mark decides; else valid UTF-8 is UTF-8; else GB18030, the only other encoding that Chinese text
/// files have in practice. Bytes that are no text in either (control characters, many wrong sequences) are refused.
pub(super) fn decode_text(bytes: &[u8]) -> Result<String, ReadError> {
    let text = decode_with(bytes, None);
    if looks_binary(&text) { Err(ReadError::UnknownFormat) } else { Ok(text) }
}

/// Decodes bytes with the encoding their container names, when it names one that is known and true.
///
/// Pages often say `gb2312` and mean GBK: the decoder is GB18030 for the whole family. A page that says GBK and is
/// valid UTF-8 beyond ASCII is taken as UTF-8, because saving a page often re-encodes it and leaves the label.
pub(super) fn decode_with(bytes: &[u8], label: Option<&str>) -> String {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark_bytes..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let named = label.and_then(|it| Encoding::for_label(it.trim().as_bytes()));
    match named {
        Some(encoding) if encoding != UTF_8 && !is_chinese_family(encoding) => decode_lossy(encoding, bytes),
        Some(encoding) if encoding == UTF_8 => decode_lossy(UTF_8, bytes),
        _ => {
            // A truncated UTF-8 file is nearly valid UTF-8; GBK bytes are full of errors when read so.
            let utf8 = decode_lossy(UTF_8, bytes);
            let chinese = decode_lossy(GB18030, bytes);
            if bad_characters(&utf8) <= bad_characters(&chinese) { utf8 } else { chinese }
        }
    }
}

/// Decodes a page, which may name its encoding in its head.
pub(super) fn decode_page(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(LABEL_WINDOW)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let label = head.find("charset=").and_then(|at| {
        let value = head.get(at + "charset=".len()..)?.trim_start_matches(['"', '\'', ' ']);
        let end = value
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
            .unwrap_or(value.len());
        value.get(..end)
    });
    decode_with(bytes, label)
}

fn is_chinese_family(encoding: &'static Encoding) -> bool {
    encoding == GB18030 || encoding == encoding_rs::GBK
}

fn decode_lossy(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn bad_characters(text: &str) -> usize {
    text.chars().filter(|c| *c == '\u{FFFD}' || ('\u{E000}'..='\u{F8FF}').contains(c)).count()
}

/// Tells UTF-16 text saved without a mark by its zero bytes: line ends and digits have one in every pair.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    if head.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even_zeros, odd_zeros) = (zeros(0), zeros(1));
    let pairs = head.len() / 2;
    match (even_zeros * 20 > pairs, odd_zeros * 20 > pairs) {
        (true, false) if odd_zeros == 0 => Some(encoding_rs::UTF_16BE),
        (false, true) if even_zeros == 0 => Some(encoding_rs::UTF_16LE),
        _ => None,
    }
}

fn looks_binary(text: &str) -> bool {
    let characters = text.chars().count();
    let control =
        |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}' | '\u{85}' | '\u{1A}');
    let bad = text.chars().filter(|c| *c == '\u{FFFD}' || control(c)).count();
    characters < bad * BAD_CHARACTER_SHARE && 2 < bad
}
