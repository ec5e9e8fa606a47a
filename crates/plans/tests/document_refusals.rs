//! A file that cannot be read is refused with a stable code, and every code has its words in both languages.

use std::io::{Cursor, Write as _};

use hutong_plans::document::{Format, ReadError, limits, read};
use lopdf::dictionary;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn code(name: &str, bytes: &[u8]) -> &'static str {
    match read(name, bytes) {
        Ok(document) => panic!("{name} was read as {:?}: {}", document.format, document.text),
        Err(error) => error.code(),
    }
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("member");
        writer.write_all(bytes).expect("member");
    }
    writer.finish().expect("zip").into_inner()
}

/// A compound file with the name of one stream in its directory.
fn ole_with(stream: &str) -> Vec<u8> {
    let mut bytes = OLE.to_vec();
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

#[test]
fn legacy_office_files_are_told_apart() {
    assert_eq!(code("计划.doc", &ole_with("WordDocument")), "plans.document.legacy_doc");
    assert_eq!(code("计划.wps", &ole_with("Other")), "plans.document.legacy_doc");
    assert_eq!(code("计划.xls", &ole_with("Workbook")), "plans.document.legacy_xls");
    assert_eq!(code("计划.et", &ole_with("Other")), "plans.document.legacy_xls");
    assert_eq!(code("汇报.ppt", &ole_with("PowerPoint Document")), "plans.document.other_office");
    assert_eq!(code("计划.docx", &ole_with("WordDocument")), "plans.document.legacy_doc");
}

#[test]
fn a_password_is_named_as_the_reason() {
    assert_eq!(code("计划.docx", &ole_with("EncryptedPackage")), "plans.document.encrypted");
    let error = read("表.xlsx", &ole_with("EncryptedPackage")).expect_err("encrypted");
    assert_eq!(error, ReadError::Encrypted { format: Format::Xlsx });
}

#[test]
fn a_pdf_with_a_password_is_refused() {
    let mut pdf = lopdf::Document::load_mem(include_bytes!("samples/street_plan.pdf")).expect("pdf");
    let id = lopdf::Object::string_literal("槐安");
    pdf.trailer.set("ID", lopdf::Object::Array(vec![id.clone(), id]));
    let version = lopdf::EncryptionVersion::V2 {
        document: &pdf,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).expect("encryption");
    pdf.encrypt(&state).expect("encrypted");
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("saved");
    assert_eq!(code("计划.pdf", &bytes), "plans.document.encrypted");
}

#[test]
fn other_formats_are_named() {
    assert_eq!(code("计划.rtf", b"{\\rtf1\\ansi plan}"), "plans.document.rtf");
    assert_eq!(code("计划.ofd", &zip_of(&[("OFD.xml", b"<OFD/>")])), "plans.document.ofd");
    assert_eq!(code("扫描.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "plans.document.image");
    assert_eq!(code("照片.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF"), "plans.document.image");
    assert_eq!(code("材料.zip", &zip_of(&[("计划.txt", b"plan")])), "plans.document.archive");
    assert_eq!(code("材料.rar", b"Rar!\x1A\x07\0 more"), "plans.document.archive");
    assert_eq!(
        code("汇报.pptx", &zip_of(&[("ppt/presentation.xml", b"<p/>")])),
        "plans.document.other_office"
    );
    let noise: Vec<u8> = (0..4096u32).map(|it| it.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    assert_eq!(code("数据.bin", &noise), "plans.document.unknown_format");
}

#[test]
fn an_empty_file_is_empty_whatever_it_is_called() {
    for name in ["计划.txt", "计划.docx", "计划.pdf", ""] {
        assert_eq!(code(name, b""), "plans.document.empty");
    }
    assert_eq!(code("计划.html", b"<html><body><p>&nbsp;</p></body></html>"), "plans.document.empty");
    let blank = zip_of(&[("word/document.xml", b"<w:document><w:body><w:p/></w:body></w:document>")]);
    assert_eq!(code("计划.docx", &blank), "plans.document.empty");
}

#[test]
fn a_truncated_file_is_broken() {
    for (name, bytes) in [
        ("street_plan.docx", &include_bytes!("samples/street_plan.docx")[..]),
        ("street_plan.xlsx", include_bytes!("samples/street_plan.xlsx")),
    ] {
        for part in [bytes.len() / 2, bytes.len() - 40] {
            assert_eq!(code(name, &bytes[..part]), "plans.document.broken", "{name} cut at {part}");
        }
    }
    let pdf = include_bytes!("samples/street_plan.pdf");
    assert_eq!(code("street_plan.pdf", &pdf[..200]), "plans.document.broken");
    let unclosed = zip_of(&[("word/document.xml", b"<w:document><w:body><w:p><w:r><w:t>plan")]);
    assert_eq!(code("计划.docx", &unclosed), "plans.document.broken");
}

#[test]
fn a_scan_is_no_text() {
    let mut pdf = lopdf::Document::with_version("1.5");
    let pages = pdf.new_object_id();
    let mut image = lopdf::Dictionary::new();
    image.set("Type", "XObject");
    image.set("Subtype", "Image");
    image.set("Width", 1);
    image.set("Height", 1);
    let image = pdf.add_object(lopdf::Stream::new(image, vec![255]));
    let content = pdf
        .add_object(lopdf::Stream::new(lopdf::Dictionary::new(), b"q 595 0 0 842 0 0 cm /P Do Q".to_vec()));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => pages,
        "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "P" => image } },
    });
    let list = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    pdf.objects.insert(pages, lopdf::Object::Dictionary(list));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("saved");
    assert_eq!(code("扫描.pdf", &bytes), "plans.document.scanned");
}

#[test]
fn a_container_that_unpacks_to_too_much_is_refused_before_it_fills_the_memory() {
    let filler = vec![b' '; 1 << 20];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("word/document.xml", options).expect("member");
    for _ in 0..=limits::ZIP_MEMBER_BYTES_MAX >> 20 {
        writer.write_all(&filler).expect("member");
    }
    let bomb = writer.finish().expect("zip").into_inner();
    assert!(bomb.len() < 1 << 20, "a small file");
    assert_eq!(code("计划.docx", &bomb), "plans.document.too_large");
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    assert_eq!(code("计划.txt", &vec![b'a'; limits::FILE_BYTES_MAX + 1]), "plans.document.too_large");
}

#[test]
fn every_code_has_its_words_in_both_languages_and_no_other_has() {
    for (language, messages) in [
        ("en", include_str!("../messages/en/document.ftl")),
        ("zh-CN", include_str!("../messages/zh-CN/document.ftl")),
    ] {
        let mut filed: Vec<String> = messages
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(id, words)| {
                assert!(20 < words.len(), "{language}: {id} says too little");
                id.replacen("plans-document-", "plans.document.", 1)
            })
            .collect();
        let mut codes: Vec<&str> = ReadError::CODES.to_vec();
        codes.sort_unstable();
        filed.sort();
        assert_eq!(filed, codes, "{language}");
    }
}
