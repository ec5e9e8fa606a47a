//! What a page saved from a site says, and what is only the site.

use hutong_plans::document::{Document, read};

fn page(html: &str) -> Document {
    read("page.html", html.as_bytes()).expect("readable")
}

fn check(html: &str, expected: &[&str]) {
    let document = page(html);
    let lines: Vec<&str> = document.numbered_lines().map(|(_, line, _)| line).collect();
    assert_eq!(lines, expected);
}

const PROSE: &str =
    "区政府各委办局要按照本计划的安排，逐条落实责任，按季度报送进展，年底前完成全部任务并接受检查。";

#[test]
fn spans_keep_the_columns_of_a_table() {
    check(
        "<html><body><table><tr><td>专项</td><td>序号</td><td>任务<br>名称</td></tr>\
         <tr><td colspan=3>一、更新</td></tr><tr><td rowspan=\"2\">街巷</td><td>1<td>甲</tr>\
         <tr><td>2</td><td>乙</td></tr></table></body></html>",
        &["专项 | 序号 | 任务 名称", "一、更新 |  | ", "街巷 | 1 | 甲", " | 2 | 乙"],
    );
}

#[test]
fn a_table_that_frames_the_page_is_no_table() {
    check(
        &format!(
            "<html><body><table><tr><td><p>关于印发方案的通知</p><p>{PROSE}</p><p>一、目标</p><p>{PROSE}</p>\
             <table><tr><td>序号</td><td>指标</td></tr><tr><td>1</td><td>床位</td></tr></table></td></tr></table></body></html>"
        ),
        &["关于印发方案的通知", PROSE, "一、目标", PROSE, "序号 | 指标", "1 | 床位"],
    );
}

#[test]
fn spaces_entities_and_breaks_of_the_source_mean_what_they_show() {
    check(
        "<html><body><p>&emsp;&emsp;一、总体要求&nbsp;</p><p>到2028年，建成\n   示范街区&gt;10个，\n覆盖 Wi-Fi\n6 网络</p>\
         <div>第一段<br/>　　第二段</div><p>&#x69D0;&#23433;区</p></body></html>",
        &["一、总体要求", "到2028年，建成示范街区>10个，覆盖 Wi-Fi 6 网络", "第一段", "第二段", "槐安区"],
    );
}

#[test]
fn a_title_on_two_lines_is_one_when_the_page_says_so() {
    check(
        &format!(
            "<html><head><title>槐安区街巷更新三年行动计划_通知公告_某区政府网</title></head><body>\
             <p align=center>槐安区街巷更新</p><p align=center>三年行动计划</p><p>{PROSE}</p></body></html>"
        ),
        &["槐安区街巷更新三年行动计划", PROSE],
    );
}

#[test]
fn metadata_is_read_from_tables_lists_and_lines() {
    let body = format!("<div id=\"zoom\"><p>{PROSE}</p><p>{PROSE}</p></div>");
    check(
        &format!(
            "<html><body><table><tr><td>[发文机关]</td><td>槐安区人民政府</td><td>[发文字号]</td><td>槐政发〔2025〕3号</td></tr></table>{body}</body></html>"
        ),
        &["发文机关：槐安区人民政府", "发文字号：槐政发〔2025〕3号", PROSE, PROSE],
    );
    check(
        &format!(
            "<html><body><div>来源：区政府办　发布时间：2025-06-12 10:20　字体：[大 中 小] 浏览次数：8</div>{body}</body></html>"
        ),
        &["来源：区政府办", "发布时间：2025-06-12 10:20", PROSE, PROSE],
    );
}

#[test]
fn words_of_tools_inside_a_sentence_stay() {
    let sentence = "补建无障碍坡道200处，开设网上打印服务，由责任编辑校对后分享到社区。";
    check(
        &format!(
            "<html><body><div class=\"TRS_Editor\"><p>{PROSE}</p><p>{sentence}</p><p>【打印】【关闭】</p><p>责任编辑：某某</p></div></body></html>"
        ),
        &[PROSE, sentence],
    );
}

#[test]
fn menus_footers_and_hidden_parts_are_left_out_without_known_names() {
    let menu: String = (0..30).map(|at| format!("<li><a href=/{at}>栏目名称{at}</a></li>")).collect();
    check(
        &format!(
            "<html><body><nav><ul>{menu}</ul></nav><div class=left-menu><ul>{menu}</ul></div>\
             <div class=box><p>一、目标</p><p>{PROSE}</p><p style=\"display: none\">隐藏的话</p><p>{PROSE}</p><p>{PROSE}</p></div>\
             <footer>某区政府网 版权所有</footer><script>var a = '<p>不是文字</p>';</script></body></html>"
        ),
        &["一、目标", PROSE, PROSE, PROSE],
    );
}

#[test]
fn a_page_may_name_its_encoding_or_lie_about_it() {
    let html = format!("<html><head><meta charset=\"gb2312\"></head><body><p>{PROSE}</p></body></html>");
    let chinese = encoding_rs::GBK.encode(&html).0.into_owned();
    assert_eq!(read("page.html", &chinese).expect("gbk").text, PROSE);
    assert_eq!(read("page.html", html.as_bytes()).expect("saved again as utf-8").text, PROSE);
}

#[test]
fn numbers_of_an_ordered_list_are_words() {
    check(
        "<html><body><ol><li>甲<li>乙</ol><ol start=5><li><p>丙</p><p>丁</p></ol></body></html>",
        &["1.甲", "2.乙", "5.丙", "丁"],
    );
}

#[test]
fn marks_of_markdown_are_taken_off() {
    let text = "# 计划\n\n## **一、目标**\n\n到2028年*建成*[示范街区](http://x.y)12个\\*，文件名 a_b_c 不变。\n\n- 甲\n- 乙\n\n\
                | 序号 | 指标 |\n|:---|---:|\n| 1 | 床位<br>数 |\n\n副题\n----\n\n> 引文\n";
    let document = read("plan.md", text.as_bytes()).expect("markdown");
    let lines: Vec<&str> = document.numbered_lines().map(|(_, line, _)| line).collect();
    let expected = [
        "计划",
        "一、目标",
        "到2028年建成示范街区12个*，文件名 a_b_c 不变。",
        "甲",
        "乙",
        "序号 | 指标",
        "1 | 床位 数",
        "副题",
        "引文",
    ];
    assert_eq!(lines, expected);
    let headings: Vec<Option<u8>> = document.lines.iter().map(|line| line.hint.heading).take(3).collect();
    assert_eq!(headings, [Some(1), Some(2), None]);
}
