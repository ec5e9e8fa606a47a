//! What a file is. Bytes decide first; the name only tells apart what bytes cannot.

use super::{Format, ReadError};

/// First bytes of an OLE compound file: Word 97, Excel 97, WPS, and also password-protected DOCX and XLSX.
const OLE_MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// How far from the front a PDF may have foreign bytes (the standard's readers accept 1,024).
const PDF_HEADER_WINDOW: usize = 1024;

/// How much of a text is looked at to tell HTML from text.
const MARKUP_WINDOW: usize = 4096;

/// Tells the format, or why the file cannot be read whatever is in it.
pub(super) fn detect(file_name: &str, bytes: &[u8]) -> Result<Format, ReadError> {
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(ReadError::Empty);
    }
    if bytes.starts_with(OLE_MAGIC) {
        return Err(ole_kind(file_name, bytes));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_kind(file_name, bytes);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(ReadError::Rtf);
    }
    if is_image(bytes) {
        return Err(ReadError::Image);
    }
    if [&b"Rar!"[..], b"7z\xBC\xAF\x27\x1C", b"\x1F\x8B"].iter().any(|magic| bytes.starts_with(magic)) {
        return Err(ReadError::Archive);
    }
    let window = bytes.get(..bytes.len().min(PDF_HEADER_WINDOW)).unwrap_or_default();
    if contains(window, b"%PDF-") {
        return Ok(Format::Pdf);
    }
    Ok(text_kind(file_name, bytes))
}

/// Lower-case part of the name after its last dot.
fn extension(file_name: &str) -> String {
    file_name.rsplit_once('.').map(|(_, ext)| ext.trim().to_ascii_lowercase()).unwrap_or_default()
}

fn ole_kind(file_name: &str, bytes: &[u8]) -> ReadError {
    let names_stream = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &wide)
    };
    let ext = extension(file_name);
    if names_stream("EncryptedPackage") {
        let format = if ext == "xlsx" { Format::Xlsx } else { Format::Docx };
        return ReadError::Encrypted { format };
    }
    if names_stream("WordDocument") || matches!(ext.as_str(), "doc" | "wps" | "dot" | "wpt") {
        return ReadError::LegacyDoc;
    }
    if names_stream("Workbook")
        || names_stream("Book")
        || matches!(ext.as_str(), "xls" | "et" | "xlt" | "ett")
    {
        return ReadError::LegacyXls;
    }
    ReadError::OtherOffice
}

/// Tells a zip container by the names of its members, which stand uncompressed in it: a truncated file still has
/// its first ones.
fn zip_kind(file_name: &str, bytes: &[u8]) -> Result<Format, ReadError> {
    let ext = extension(file_name);
    if contains(bytes, b"word/document") {
        return Ok(Format::Docx);
    }
    if contains(bytes, b"xl/workbook") {
        return Ok(Format::Xlsx);
    }
    if contains(bytes, b"OFD.xml") || ext == "ofd" {
        return Err(ReadError::Ofd);
    }
    if contains(bytes, b"ppt/")
        || contains(bytes, b"application/vnd.oasis")
        || contains(bytes, b"Index/Document.iwa")
    {
        return Err(ReadError::OtherOffice);
    }
    match ext.as_str() {
        "docx" | "docm" => Ok(Format::Docx),
        "xlsx" | "xlsm" => Ok(Format::Xlsx),
        _ if contains(bytes, b"[Content_Types].xml") => Err(ReadError::Broken {
            format: Format::Docx,
            detail: "office container without a main part".into(),
        }),
        _ => Err(ReadError::Archive),
    }
}

fn is_image(bytes: &[u8]) -> bool {
    let magics: [&[u8]; 6] =
        [b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\0\x0CjP  "];
    let riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let heif = bytes.get(4..8) == Some(b"ftyp");
    let bmp = bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0, 0, 0, 0]);
    riff || heif || bmp || magics.iter().any(|magic| bytes.starts_with(magic))
}

fn text_kind(file_name: &str, bytes: &[u8]) -> Format {
    let head: Vec<u8> =
        bytes.iter().take(MARKUP_WINDOW).filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").or(head.strip_prefix(b"\xFF\xFE")).unwrap_or(&head);
    let first = head.trim_ascii_start();
    let ext = extension(file_name);
    let opens = |tag: &[u8]| first.starts_with(tag);
    let page = opens(b"<!doctype html")
        || opens(b"<html")
        || opens(b"<head")
        || opens(b"<body")
        || (opens(b"<") && (contains(head, b"<html") || contains(head, b"<body") || contains(head, b"<div")))
        || (opens(b"<") && (contains(head, b"<p") || contains(head, b"<table")));
    match ext.as_str() {
        _ if page => Format::Html,
        "html" | "htm" | "xhtml" | "shtml" if contains(head, b"<") => Format::Html,
        "md" | "markdown" => Format::Markdown,
        _ => Format::Text,
    }
}

/// Whether `needle` stands anywhere in `bytes`.
fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, _)) = needle.split_first() else { return true };
    let mut from = 0;
    while let Some(rest) = bytes.get(from..) {
        let Some(at) = rest.iter().position(|b| b == first) else { return false };
        if rest.get(at..).is_some_and(|it| it.starts_with(needle)) {
            return true;
        }
        from += at + 1;
    }
    false
}
