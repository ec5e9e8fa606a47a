//! What stands on government pages around a document, by the names and words in use there.
//!
//! These are lists of a trade, not of a document: class names of the common site builders, tool words every such
//! page has, and the labels of the block that describes a document. They grow by reading more pages.

/// Names (class, id) of the element that holds the article, in lower case.
const BODY_NAMES: &[&str] = &[
    "ucap-content",
    "ucapcontent",
    "zoom",
    "zoomcon",
    "trs_editor",
    "trs_ueditor",
    "trs_editor_view",
    "trs_paper_content",
    "view",
    "article",
    "article-content",
    "article_content",
    "articlecontent",
    "article-body",
    "articlecon",
    "maintext",
    "main-text",
    "maincontent",
    "pages_content",
    "pagescontent",
    "page-content",
    "content",
    "contentbox",
    "content_body",
    "con_text",
    "news_content",
    "newscontent",
    "detail-content",
    "detail_content",
    "xxgk_content",
    "wzcon",
    "wz_con",
    "wenzhang",
    "txtbox",
    "info-content",
    "policy-content",
    "bt_content",
    "vsbcontent_start",
    "v_news_content",
    "cmscontent",
];

/// Words in names (class, id) of furniture. A name is cut at `-`, `_` and capital letters; one part is enough.
const FURNITURE_NAMES: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "bread",
    "position",
    "location",
    "dqwz",
    "weizhi",
    "mbx",
    "mianbaoxie",
    "share",
    "shares",
    "sharebox",
    "bdshare",
    "bdsharebuttonbox",
    "social",
    "wechat",
    "weibo",
    "weixin",
    "qrcode",
    "ewm",
    "erweima",
    "print",
    "printer",
    "fontsize",
    "zihao",
    "ziti",
    "toolbar",
    "tools",
    "footer",
    "foot",
    "footbox",
    "copyright",
    "banquan",
    "beian",
    "sidebar",
    "aside",
    "related",
    "relate",
    "xgxx",
    "xgwz",
    "xglj",
    "recommend",
    "tuijian",
    "pager",
    "pagination",
    "pagenav",
    "prev",
    "next",
    "prenext",
    "search",
    "searchbox",
    "header",
    "head",
    "topbar",
    "top",
    "logo",
    "banner",
    "gotop",
    "backtop",
    "toplink",
    "friendlink",
    "links",
    "yqlj",
    "wza",
    "wzagll",
    "barrierfree",
    "login",
    "statistics",
    "hits",
    "views",
    "popup",
    "dialog",
    "cookie",
    "sitemap",
    "language",
    "feedback",
    "jiucuo",
    "pingjia",
    "comment",
    "comments",
];

/// Words that no document uses of itself: a short line with one of them is a tool of the page.
const FURNITURE_WORDS: &[&str] = &[
    "扫一扫在手机打开",
    "扫一扫，在手机打开",
    "手机打开当前页",
    "打印本页",
    "打印此页",
    "关闭窗口",
    "关闭本页",
    "ICP备",
    "公网安备",
    "网站标识码",
    "您访问的链接即将离开",
];

/// Words that a tool of the page begins with. In the middle of a sentence they are words like others.
const FURNITURE_STARTS: &[&str] = &[
    "分享到",
    "扫码阅读",
    "返回顶部",
    "返回首页",
    "当前位置：",
    "当前位置:",
    "您的位置",
    "您所在的位置",
    "您现在的位置",
    "浏览次数",
    "点击次数",
    "点击数：",
    "阅读次数",
    "访问次数",
    "责任编辑",
    "上一篇",
    "下一篇",
    "版权所有",
    "网站地图",
    "我要纠错",
    "相关解读",
    "相关链接",
    "相关阅读",
];

/// Words of which a line of tools is made, and of nothing else.
const TOOL_WORDS: &[&str] = &[
    "字体",
    "字号",
    "大",
    "中",
    "小",
    "打印",
    "关闭",
    "收藏",
    "分享",
    "纠错",
    "朗读",
    "下载",
    "微信",
    "微博",
    "无障碍",
    "长者模式",
    "适老化",
    "语音播报",
    "加入收藏",
    "设为首页",
    "登录",
    "注册",
    "繁體",
    "简体",
    "English",
];

/// Longest line that is taken for a tool of the page. Unit: characters without spaces.
const FURNITURE_LINE_MAX: usize = 60;

/// Labels of the block that describes a document, longest first where one begins another.
const METADATA_LABELS: &[&str] = &[
    "联合发文单位",
    "发文机关",
    "发文机构",
    "发文单位",
    "发布机构",
    "发布机关",
    "发布单位",
    "制发机关",
    "制定机关",
    "公开主体",
    "发文字号",
    "发文文号",
    "文件编号",
    "文号",
    "成文日期",
    "成文时间",
    "发文日期",
    "发文时间",
    "印发日期",
    "印发时间",
    "签发日期",
    "发布日期",
    "发布时间",
    "公开日期",
    "生成日期",
    "实施日期",
    "施行日期",
    "生效日期",
    "失效日期",
    "废止日期",
    "文件有效性",
    "有效性",
    "时效性",
    "效力状态",
    "索引号",
    "主题分类",
    "主题词",
    "体裁分类",
    "公文种类",
    "信息名称",
    "文件名称",
    "信息来源",
    "来源",
];

/// Words that end a metadata value on a line of its own tools.
const VALUE_ENDS: &[&str] =
    &["字体", "字号", "【", "浏览", "点击", "打印", "分享", "责任编辑", "作者", "阅读"];

/// Longest value of a label. Unit: characters.
const VALUE_CHARACTERS_MAX: usize = 80;

/// Whether a class or id names the element that holds the article.
pub(super) fn is_known_body_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BODY_NAMES.contains(&name.as_str())
}

/// Whether a class or id names furniture of the page.
pub(super) fn is_furniture_name(name: &str) -> bool {
    let mut part = String::new();
    let mut parts = Vec::new();
    let mut lower_before = false;
    for c in name.chars() {
        if !c.is_ascii_alphabetic() || (c.is_ascii_uppercase() && lower_before) {
            parts.push(std::mem::take(&mut part));
        }
        lower_before = c.is_ascii_lowercase();
        if c.is_ascii_alphabetic() {
            part.push(c.to_ascii_lowercase());
        }
    }
    parts.push(part);
    let whole = name.to_ascii_lowercase();
    parts.iter().any(|it| FURNITURE_NAMES.contains(&it.as_str())) || FURNITURE_NAMES.contains(&whole.as_str())
}

/// Whether a paragraph is a tool of the page and no part of a document.
pub(super) fn is_furniture_line(words: &str) -> bool {
    let bare: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    if FURNITURE_LINE_MAX < bare.chars().count() {
        return false;
    }
    let begun = bare.trim_start_matches(|c: char| !c.is_alphanumeric());
    if FURNITURE_WORDS.iter().any(|it| bare.contains(it))
        || FURNITURE_STARTS.iter().any(|it| begun.starts_with(it))
    {
        return true;
    }
    // "[字体：大 中 小]", "【大中小】【打印】【关闭】"
    let letters: String = bare.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = letters.as_str();
    let mut found = 0;
    while let Some(tool) = TOOL_WORDS.iter().find(|it| rest.starts_with(**it)) {
        rest = rest.get(tool.len()..).unwrap_or("");
        found += 1;
    }
    (rest.is_empty() && 2 <= found) || ["首页>", "首页»", "首页/"].iter().any(|it| bare.starts_with(it))
}

/// Labels and values in the words of one paragraph or the cells of one row.
pub(super) fn metadata_pairs(cells: &[&str]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut at = 0;
    while let Some(cell) = cells.get(at) {
        at += 1;
        let bare = label_key(cell);
        if METADATA_LABELS.contains(&bare.as_str()) {
            if let Some(value) = cells.get(at).and_then(|value| clean_value(value)) {
                pairs.push((bare, value));
                at += 1;
            }
            continue;
        }
        for line in cell.split('\n') {
            pairs_in_line(line, &mut pairs);
        }
    }
    pairs
}

/// A label without the spaces, brackets and colon it is dressed in.
fn label_key(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// "来源：区政府办 发布时间：2025-06-12" holds two pairs.
fn pairs_in_line(line: &str, pairs: &mut Vec<(String, String)>) {
    let bare: String = {
        let tidy = super::assemble::tidy_spaces(line);
        // Labels are often spread: "文　　号：".
        tidy.replace("文 号", "文号").replace("来 源", "来源")
    };
    let mut starts: Vec<(usize, usize, &str)> = Vec::new();
    for label in METADATA_LABELS {
        for (at, _) in bare.match_indices(label) {
            let after = bare.get(at + label.len()..).unwrap_or("");
            let closed = after.trim_start_matches([']', '】', '］', ' ']);
            let dressed = after.len() != closed.len() && !after.starts_with(' ');
            let colon = closed.starts_with(['：', ':']);
            let covered = starts.iter().any(|(from, to, _)| *from <= at && at < *to);
            if (colon || dressed) && !covered {
                let skipped = after.len() - closed.trim_start_matches(['：', ':', ' ']).len();
                starts.push((at, at + label.len() + skipped, label));
            }
        }
    }
    starts.sort_unstable();
    // A sentence may hold "来源：" too; a block of metadata begins with its first label.
    if starts.first().is_none_or(|(at, ..)| 12 < bare.get(..*at).unwrap_or("").chars().count()) {
        return;
    }
    for (index, (_, from, label)) in starts.iter().enumerate() {
        let to = starts.get(index + 1).map_or(bare.len(), |(next, ..)| *next);
        if let Some(value) = bare.get(*from..to).and_then(clean_value) {
            pairs.push(((*label).to_owned(), value));
        }
    }
}

fn clean_value(value: &str) -> Option<String> {
    let tidy = super::assemble::tidy_spaces(value);
    let cut =
        VALUE_ENDS.iter().filter_map(|end| tidy.find(end)).filter(|at| 0 < *at).min().unwrap_or(tidy.len());
    let value = tidy
        .get(..cut)
        .unwrap_or(&tidy)
        .trim_matches(|c: char| c.is_whitespace() || "[]【】［］|｜".contains(c));
    let fits = !value.is_empty() && value.chars().count() <= VALUE_CHARACTERS_MAX && label_key(value) != "无";
    (fits && !METADATA_LABELS.contains(&label_key(value).as_str())).then(|| value.to_owned())
}

/// Whether a line is an entry of a table of contents: words, a row of dots, a page number.
pub(super) fn is_contents_line(words: &str) -> bool {
    let bare: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    let rest = bare
        .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '—' | '－' | 'I' | 'V' | 'X'));
    let dots = rest
        .chars()
        .rev()
        .take_while(|c| matches!(c, '.' | '…' | '·' | '．' | '﹒' | '・' | '⋯' | '_'))
        .count();
    rest.len() < bare.len() && (3 <= dots || (rest.ends_with('…') && 2 <= dots))
}
