//! What the pages of a PDF say.

use hutong_plans::document::{Document, read};
use lopdf::{Dictionary, Object, Stream, dictionary};

/// A PDF of pages of content, with fonts that name their characters in different ways.
fn pdf(pages: &[&[u8]]) -> Vec<u8> {
    let mut pdf = lopdf::Document::with_version("1.5");
    let parent = pdf.new_object_id();
    let composite = |pdf: &mut lopdf::Document, encoding: &str| {
        let inner = pdf.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "CIDFontType0",
            "BaseFont" => "STSong-Light",
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("GB1"),
                "Supplement" => 2,
            },
        });
        pdf.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => "STSong-Light",
            "Encoding" => encoding,
            "DescendantFonts" => vec![inner.into()],
        })
    };
    let gbk = composite(&mut pdf, "GBK-EUC-H");
    let ucs2 = composite(&mut pdf, "UniGB-UCS2-H");
    let utf16 = composite(&mut pdf, "UniGB-UTF16-H");
    let unknown = composite(&mut pdf, "Identity-H");
    let latin = pdf.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "Type1",
        "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let fonts = pdf.add_object(dictionary! {
        "Font" => dictionary! { "G" => gbk, "U" => ucs2, "V" => utf16, "L" => latin, "X" => unknown },
    });
    let kids: Vec<Object> = pages
        .iter()
        .map(|content| {
            let content = pdf.add_object(Stream::new(Dictionary::new(), content.to_vec()));
            let page = dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content };
            pdf.add_object(page).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few pages");
    let list = dictionary! {
        "Type" => "Pages",
        "Kids" => kids,
        "Count" => count,
        "Resources" => fonts,
        "MediaBox" => vec![0.into(), 0.into(), 600.into(), 800.into()],
    };
    pdf.objects.insert(parent, Object::Dictionary(list));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("saved");
    bytes
}

fn hex(words: &str) -> String {
    words.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

/// Content that draws lines of words, each at a place, in a size.
fn print(lines: &[(f32, f32, f32, &str)]) -> String {
    lines
        .iter()
        .map(|(x, y, size, words)| format!("BT /V {size} Tf {x} {y} Td <{}> Tj ET\n", hex(words)))
        .collect()
}

fn document(pages: &[&str]) -> Document {
    let pages: Vec<&[u8]> = pages.iter().map(|it| it.as_bytes()).collect();
    read("plan.pdf", &pdf(&pages)).expect("readable")
}

fn lines(document: &Document) -> Vec<&str> {
    document.numbered_lines().map(|(_, line, _)| line).collect()
}

/// Twenty characters: a full line of the pages below, from 100 to 500 at size 20.
const FULL: &str = "街巷更新要先听住户意见再定做法不搞一个样";

#[test]
fn fonts_that_name_an_encoding_are_read_without_a_map() {
    let gbk: String = encoding_rs::GBK.encode("槐安区").0.iter().map(|byte| format!("{byte:02X}")).collect();
    let content = format!(
        "BT /G 20 Tf 100 700 Td <{gbk}> Tj ET BT /U 20 Tf 100 600 Td <{}> Tj ET BT /L 20 Tf 100 500 Td (plan \\2262026\\227) Tj ET",
        hex("街巷")
    );
    assert_eq!(lines(&document(&[&content])), ["槐安区", "街巷", "plan –2026—"]);
}

#[test]
fn a_font_that_tells_no_characters_is_named_as_the_reason() {
    let codes: String = (100..160).map(|code| format!("{code:04X}")).collect();
    let error = read("plan.pdf", &pdf(&[format!("BT /X 12 Tf 50 700 Td <{codes}> Tj ET").as_bytes()]));
    assert_eq!(error.expect_err("no characters").code(), "plans.document.no_characters");
}

#[test]
fn wrapped_lines_become_paragraphs_and_short_or_indented_ones_end_them() {
    let content = print(&[
        (140.0, 700.0, 20.0, "一、目标"),
        (140.0, 670.0, 20.0, &FULL.chars().take(18).collect::<String>()),
        (100.0, 640.0, 20.0, FULL),
        (100.0, 610.0, 20.0, "最后一行。"),
        (140.0, 580.0, 20.0, &FULL.chars().take(18).collect::<String>()),
        (100.0, 550.0, 20.0, "另一段完。"),
    ]);
    let first: String = FULL.chars().take(18).collect();
    let document = document(&[&content]);
    assert_eq!(
        lines(&document),
        ["一、目标".to_owned(), format!("{first}{FULL}最后一行。"), format!("{first}另一段完。")]
    );
    assert_eq!(document.lines[0].hint.page, Some(1));
}

#[test]
fn a_paragraph_goes_on_over_a_page_and_running_lines_do_not_stand_in_it() {
    let page = |body: &str, number: u32| {
        let foot = format!("— {number} —");
        format!("{}{body}", print(&[(400.0, 780.0, 10.0, "槐安区文件汇编"), (280.0, 30.0, 12.0, &foot)]))
    };
    let first = page(&print(&[(140.0, 100.0, 20.0, &FULL.chars().take(18).collect::<String>())]), 1);
    let second = page(&print(&[(100.0, 700.0, 20.0, FULL), (100.0, 670.0, 20.0, "完。")]), 2);
    let third = page(&print(&[(140.0, 700.0, 20.0, "二、任务")]), 3);
    let start: String = FULL.chars().take(18).collect();
    let expected = [format!("{start}{FULL}完。"), "二、任务".to_owned()];
    assert_eq!(lines(&document(&[&first, &second, &third])), expected);
}

/// Rulings of a table: columns and rows at these places.
fn ruled(xs: &[f32], ys: &[f32]) -> String {
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let (top, bottom) = (ys[0], ys[ys.len() - 1]);
    let across = ys.iter().map(|y| format!("{left} {y} m {right} {y} l S\n"));
    let down = xs.iter().map(|x| format!("{x} {bottom} 0.5 {} re f\n", top - bottom));
    across.chain(down).collect()
}

#[test]
fn ruled_lines_make_a_table_whose_wrapped_cells_are_whole() {
    let content = ruled(&[100.0, 150.0, 250.0, 400.0], &[700.0, 670.0, 610.0])
        + &print(&[
            (105.0, 680.0, 10.0, "序号"),
            (155.0, 680.0, 10.0, "任务"),
            (255.0, 680.0, 10.0, "责任部门"),
            (105.0, 655.0, 10.0, "1"),
            (155.0, 655.0, 10.0, "推进社区养老服务站"),
            (155.0, 640.0, 10.0, "点建设"),
            (255.0, 655.0, 10.0, "区民政局"),
            (100.0, 580.0, 10.0, "表后的话。"),
        ]);
    let document = document(&[&content]);
    assert_eq!(
        lines(&document),
        ["序号 | 任务 | 责任部门", "1 | 推进社区养老服务站点建设 | 区民政局", "表后的话。"]
    );
    assert_eq!(document.lines[1].hint.table, Some(0));
}

#[test]
fn a_table_over_two_pages_is_one_and_its_header_stands_once() {
    let xs = [100.0, 150.0, 400.0];
    let header = |y: f32| print(&[(105.0, y, 10.0, "序号"), (155.0, y, 10.0, "任务")]);
    let row = |y: f32, number: &str, words: &str| print(&[(105.0, y, 10.0, number), (155.0, y, 10.0, words)]);
    let first = ruled(&xs, &[700.0, 680.0, 660.0, 640.0])
        + &header(685.0)
        + &row(665.0, "1", "甲")
        + &row(645.0, "2", "乙的前半，");
    // The second page begins with the header again, then with the rest of row 2.
    let second = ruled(&xs, &[700.0, 680.0, 660.0, 640.0])
        + &header(685.0)
        + &print(&[(155.0, 665.0, 10.0, "乙的后半。")])
        + &row(645.0, "3", "丙");
    assert_eq!(
        lines(&document(&[&first, &second])),
        ["序号 | 任务", "1 | 甲", "2 | 乙的前半，乙的后半。", "3 | 丙"]
    );
}

#[test]
fn a_turned_page_is_read_upright() {
    let mut turned =
        lopdf::Document::load_mem(&pdf(&[b"BT /L 20 Tf 0 1 -1 0 300 100 Tm (upright words) Tj ET"]))
            .expect("pdf");
    let page = turned.page_iter().next().expect("page");
    turned.get_dictionary_mut(page).expect("page").set("Rotate", 90);
    let mut bytes = Vec::new();
    turned.save_to(&mut bytes).expect("saved");
    assert_eq!(read("plan.pdf", &bytes).expect("readable").text, "upright words");
}

#[test]
fn columns_without_rulings_are_a_table_when_they_stand_under_one_another() {
    let row = |y: f32, cells: [&str; 4]| {
        let places = [100.0, 150.0, 300.0, 420.0];
        places.iter().zip(cells).map(|(x, cell)| print(&[(*x, y, 10.0, cell)])).collect::<String>()
    };
    let content = print(&[(100.0, 720.0, 10.0, "主要指标表")])
        + &row(690.0, ["序号", "指标名称", "单位", "目标值"])
        + &row(670.0, ["1", "新增社区养老床位", "张", "600"])
        + &row(650.0, ["2", "综合更新的街巷数", "条", "≥120"])
        + &row(630.0, ["3", "居民满意度", "分", "92以上"])
        + &print(&[(100.0, 560.0, 10.0, "表后的话。")]);
    let document = document(&[&content]);
    let expected = [
        "主要指标表",
        "序号 | 指标名称 | 单位 | 目标值",
        "1 | 新增社区养老床位 | 张 | 600",
        "2 | 综合更新的街巷数 | 条 | ≥120",
        "3 | 居民满意度 | 分 | 92以上",
        "表后的话。",
    ];
    assert_eq!(lines(&document), expected);
}

#[test]
fn paragraphs_set_apart_by_room_and_not_by_an_indent_are_told() {
    let content = print(&[
        (100.0, 700.0, 20.0, FULL),
        (100.0, 670.0, 20.0, FULL),
        (100.0, 640.0, 20.0, FULL),
        (100.0, 590.0, 20.0, FULL),
        (100.0, 560.0, 20.0, "完。"),
    ]);
    assert_eq!(lines(&document(&[&content])), [FULL.repeat(3), format!("{FULL}完。")]);
}
