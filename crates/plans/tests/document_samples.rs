//! The sample plan says the same in every format, and the same is found in it.

use hutong_plans::document::{Document, Format, read};
use hutong_plans::extract::extract;
use serde_json::Value;

const TEXT: &[u8] = include_bytes!("samples/street_plan.txt");

/// The other formats, and what they are.
const RENDERINGS: [(&str, Format, &[u8]); 4] = [
    ("street_plan.md", Format::Markdown, include_bytes!("samples/street_plan.md")),
    ("street_plan.html", Format::Html, include_bytes!("samples/street_plan.html")),
    ("street_plan.docx", Format::Docx, include_bytes!("samples/street_plan.docx")),
    ("street_plan.pdf", Format::Pdf, include_bytes!("samples/street_plan.pdf")),
];

/// Lines that only the head of the saved page has: five of its labels and the title of the notice.
const PAGE_HEAD_LINES: usize = 7;

/// A line without what formats may do differently: spaces, empty cells at its ends.
fn plain(line: &str) -> String {
    let cells: Vec<String> = line.split('|').map(|cell| cell.split_whitespace().collect()).collect();
    cells.join("|").trim_matches('|').to_owned()
}

fn plain_lines(document: &Document) -> Vec<String> {
    document.numbered_lines().map(|(_, line, _)| plain(line)).filter(|line| !line.is_empty()).collect()
}

#[test]
fn every_format_gives_the_lines_of_the_text() {
    let expected = plain_lines(&read("street_plan.txt", TEXT).expect("text"));
    for (name, format, bytes) in RENDERINGS {
        let document = read(name, bytes).expect(name);
        assert_eq!(document.format, format, "{name}");
        assert_eq!(document.warnings, Vec::<String>::new(), "{name}");
        let skipped = if format == Format::Html { PAGE_HEAD_LINES } else { 0 };
        let lines: Vec<String> = plain_lines(&document).split_off(skipped);
        assert_eq!(lines, expected, "{name}");
    }
}

#[test]
fn what_bytes_are_counts_and_not_what_the_name_says() {
    for (name, format, bytes) in RENDERINGS.into_iter().filter(|(_, format, _)| *format != Format::Markdown) {
        for wrong in ["plan.txt", "plan.doc", "plan", ""] {
            assert_eq!(read(wrong, bytes).expect(name).format, format, "{name} called {wrong}");
        }
    }
}

#[test]
fn a_saved_page_keeps_what_describes_the_document_and_loses_the_page() {
    let document = read("street_plan.html", RENDERINGS[1].2).expect("page");
    let head: Vec<&str> = document.numbered_lines().map(|(_, line, _)| line).take(PAGE_HEAD_LINES).collect();
    for wanted in ["发文机关：槐安区人民政府", "发文字号：槐政发〔2025〕18号", "发布日期：2025-11-21"]
    {
        assert!(head.contains(&wanted), "{wanted} is missing in {head:?}");
    }
    for noise in
        ["当前位置", "打印本页", "分享到", "扫一扫", "版权所有", "相关解读", "字体", "浏览次数", "登录"]
    {
        assert!(!document.text.contains(noise), "{noise} was left in");
    }
}

#[test]
fn rows_of_a_table_say_so_and_keep_their_columns() {
    for (name, _, bytes) in RENDERINGS {
        let document = read(name, bytes).expect(name);
        let tables: Vec<u32> = document.lines.iter().filter_map(|line| line.hint.table).collect();
        assert_eq!(tables.last(), Some(&2), "{name} has three tables");
        let of_last = document.numbered_lines().filter(|(_, _, hint)| hint.table == Some(2));
        let widths: Vec<usize> = of_last.map(|(_, line, _)| line.split(" | ").count()).collect();
        assert_eq!(widths, [7; 13], "{name}");
    }
}

#[test]
fn a_workbook_gives_a_title_and_the_rows_of_each_sheet() {
    let document = read("street_plan.xlsx", include_bytes!("samples/street_plan.xlsx")).expect("workbook");
    let lines: Vec<&str> = document.numbered_lines().map(|(_, line, _)| line).collect();
    assert_eq!(document.format, Format::Xlsx);
    assert_eq!(lines[0], "槐安区街巷更新与社区服务提升行动计划（2026—2028年）任务清单");
    assert_eq!(lines[1], "专项行动 | 序号 | 任务名称 | 任务内容 | 责任部门 | 配合部门 | 参考依据");
    assert!(
        lines[4].starts_with(" | 2 | 推进架空线入地。 | "),
        "a merged cell leaves its place empty: {}",
        lines[4]
    );
    assert!(lines.contains(&"2 | 一刻钟便民生活圈覆盖率 | % | 88 | 98以上 | 约束性"));
    let pages: Vec<Option<u32>> = document.lines.iter().map(|line| line.hint.page).collect();
    assert_eq!((pages.first(), pages.last()), (Some(&Some(1)), Some(&Some(2))));
}

/// What extraction found, without places and confidences, which may differ with the layout.
fn found(document: &Document) -> Vec<(String, Vec<String>)> {
    let json: Value = serde_json::from_str(&extract(document).to_json("sample").to_string()).expect("json");
    let names = |key: &str, name: &str| -> Vec<String> {
        let list = json.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let words = |item: &Value| {
            let value = item.get("value").map(ToString::to_string).unwrap_or_default();
            let bodies = item.get("responsible").map(ToString::to_string).unwrap_or_default();
            format!("{} {value} {bodies}", item.get(name).and_then(Value::as_str).unwrap_or(""))
        };
        let mut all: Vec<String> = list.iter().map(words).map(|it| it.replace(' ', "")).collect();
        all.sort();
        all
    };
    [
        ("outline", "title"),
        ("targets", "name"),
        ("achievements", "name"),
        ("tasks", "title"),
        ("systems", "name"),
    ]
    .into_iter()
    .map(|(key, name)| (key.to_owned(), names(key, name)))
    .collect()
}

#[test]
fn the_same_is_found_whatever_the_format() {
    let expected = found(&read("street_plan.txt", TEXT).expect("text"));
    assert!(
        expected.iter().all(|(_, items)| !items.is_empty()),
        "something of every kind is found: {expected:?}"
    );
    for (name, _, bytes) in RENDERINGS {
        assert_eq!(found(&read(name, bytes).expect(name)), expected, "{name}");
    }
}

#[test]
fn a_task_list_in_a_workbook_gives_its_tasks() {
    let document = read("street_plan.xlsx", include_bytes!("samples/street_plan.xlsx")).expect("workbook");
    let of_text = found(&read("street_plan.txt", TEXT).expect("text"));
    let of_sheet = found(&document);
    let tasks = |all: &[(String, Vec<String>)]| -> Vec<String> {
        let list =
            all.iter().find(|(key, _)| key == "tasks").map(|(_, items)| items.clone()).unwrap_or_default();
        // Tasks of prose name no body; only those of the table are compared.
        list.into_iter().filter(|it| it.contains('[') && !it.contains("[]")).collect()
    };
    assert!(!tasks(&of_sheet).is_empty());
    assert_eq!(tasks(&of_sheet), tasks(&of_text));
}
