//! What a word processor file says, and what it does not.

use std::io::{Cursor, Write as _};

use hutong_plans::document::{Document, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="Chapter"/><w:lvlText w:val="第%1章"/><w:suff w:val="space"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>"#;

const STYLES: &str = r#"<w:styles>
<w:style w:type="paragraph" w:styleId="Chapter"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="own"/><w:basedOn w:val="Chapter"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>"#;

fn document(body: &str) -> Document {
    let main = format!("<w:document><w:body>{body}</w:body></w:document>");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in
        [("word/document.xml", main.as_str()), ("word/numbering.xml", NUMBERING), ("word/styles.xml", STYLES)]
    {
        writer.start_file(name, SimpleFileOptions::default()).expect("member");
        writer.write_all(part.as_bytes()).expect("member");
    }
    read("plan.docx", &writer.finish().expect("zip").into_inner()).expect("readable")
}

fn check(body: &str, expected: &[&str]) {
    let document = document(body);
    let lines: Vec<&str> = document.numbered_lines().map(|(_, line, _)| line).collect();
    assert_eq!(lines, expected);
}

fn p(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

fn numbered(number: u8, level: u8, words: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{number}\"/></w:numPr></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"
    )
}

#[test]
fn numbers_that_the_program_writes_are_words_of_the_document() {
    let body = [
        "<w:p><w:pPr><w:pStyle w:val=\"Chapter\"/></w:pPr><w:r><w:t>总则</w:t></w:r></w:p>".to_owned(),
        numbered(1, 1, "目标"),
        numbered(1, 2, "道路"),
        numbered(1, 2, "绿地"),
        "<w:p><w:pPr><w:pStyle w:val=\"Own\"/></w:pPr><w:r><w:t>任务</w:t></w:r></w:p>".to_owned(),
        numbered(1, 1, "更新"),
        numbered(2, 1, "服务"),
        numbered(1, 3, "小项"),
    ];
    let expected = [
        "第一章总则",
        "（一）目标",
        "1.1.1 道路",
        "1.1.2 绿地",
        "第二章任务",
        "（一）更新",
        "（五）服务",
        "小项",
    ];
    check(&body.concat(), &expected);
}

#[test]
fn heading_styles_give_a_hint_of_their_level() {
    let document = document(&format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Own\"/></w:pPr><w:r><w:t>任务</w:t></w:r></w:p>{}",
        p("正文")
    ));
    let hints: Vec<Option<u8>> = document.lines.iter().map(|line| line.hint.heading).collect();
    assert_eq!(hints, [Some(1), None]);
}

#[test]
fn insertions_stay_and_deletions_go() {
    check(
        "<w:p><w:r><w:t>新增</w:t></w:r><w:del><w:r><w:delText>500</w:delText></w:r></w:del>\
         <w:ins><w:r><w:t>600</w:t></w:r></w:ins><w:r><w:t>张床位</w:t></w:r>\
         <w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom></w:p>",
        &["新增600张床位"],
    );
}

#[test]
fn notes_fields_hidden_words_and_contents_are_left_out() {
    let body = [
        p("目 录"),
        "<w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr><w:r><w:t>一、总体要求</w:t></w:r></w:p>".to_owned(),
        p("二、重点任务……………………3"),
        "<w:p><w:r><w:t>一、总体要求</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r>\
         <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>\
         <w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>"
            .to_owned(),
    ];
    check(&body.concat(), &["一、总体要求"]);
}

#[test]
fn tabs_are_spaces_and_breaks_are_lines() {
    check(
        "<w:p><w:r><w:t>联系人：</w:t><w:tab/><w:t>区政府办</w:t><w:br/><w:t>电话：略</w:t><w:br w:type=\"page\"/></w:r></w:p>",
        &["联系人： 区政府办", "电话：略"],
    );
}

#[test]
fn a_text_box_is_read_once() {
    let inner = format!("<w:txbxContent>{}</w:txbxContent>", p("专栏1 示范街区"));
    check(
        &format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent></w:r></w:p>{}",
            p("正文")
        ),
        &["专栏1 示范街区", "正文"],
    );
}

#[test]
fn merged_cells_keep_the_columns_of_a_table() {
    let cell =
        |properties: &str, words: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(words));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let table = [
        row(&[cell("", "专项"), cell("", "序号"), cell("", "任务")]),
        row(&[cell("<w:gridSpan w:val=\"3\"/>", "一、更新")]),
        row(&[cell("<w:vMerge w:val=\"restart\"/>", "街巷"), cell("", "1"), cell("", "甲")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "2"), cell("", "乙|丙")]),
    ];
    check(
        &format!("<w:tbl>{}</w:tbl>", table.concat()),
        &["专项 | 序号 | 任务", "一、更新 |  | ", "街巷 | 1 | 甲", " | 2 | 乙｜丙"],
    );
}

#[test]
fn a_box_of_one_column_is_one_row_for_each_paragraph() {
    let table =
        format!("<w:tbl><w:tr><w:tc>{}{}</w:tc></w:tr></w:tbl>", p("专栏2 数字平台"), p("建设一张图平台。"));
    check(&table, &["专栏2 数字平台 |", "建设一张图平台。 |"]);
}
