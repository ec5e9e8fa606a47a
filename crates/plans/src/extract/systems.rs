//! Named platforms and information systems, and what the plan does to them.
//!
//! Every name ends in a head (系统, 平台, 数据库 …). From there the name is read backwards to the verb or mark that
//! opens it. A 平台 may also be an organisation (研发平台) or a phrase (平台经济); words before and after it tell.

use super::characters::{Text, is_han, normal};
use super::findings::{Span, System, SystemStatus};
use super::lexicon;
use super::sections::Kind;

/// Longest name.
const NAME_CHARACTERS_MAX: usize = 32;

/// One mention of a system.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub(crate) name: Span,
    /// The name, where part of it stands in the name before (`基础平台和应用平台`).
    pub(crate) words: Option<String>,
    pub(crate) status: SystemStatus,
    pub(crate) line: usize,
    pub(crate) confidence: f64,
}

/// All mentions in a paragraph, cell or heading.
pub(crate) fn mentions(text: &Text, span: Span, kind: Kind) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    if kind == Kind::Glossary {
        return found;
    }
    let mut at = span.start;
    while at < span.end {
        let Some((length, tag)) = lexicon::system_heads().starts(text, at, span.end) else {
            at += 1;
            continue;
        };
        let mut end = at + length;
        let tag = tag.to_owned();
        let head = Span::new(at, end);
        at = end;
        if in_title_marks(text, span, head.start) || goes_on(text, head, span.end) {
            continue;
        }
        // A head may be followed by another: 大数据平台系统, 数据中心机房.
        while let Some((more, _)) = lexicon::system_heads().starts(text, end, span.end) {
            end += more;
        }
        at = end;
        let floor = found.last().map_or(span.start, |last| last.name.end).max(span.start);
        if text.at(end) == '”' && runs_into_head(text, end + 1, span.end) {
            // “一张图”数字底座: the quoted word is the first part of the name.
            continue;
        }
        let Some(name) = name_before(text, Span::new(floor, end), head) else { continue };
        let words = coordinated(text, found.last(), name, head);
        if words.is_none() && is_generic(text, name, head) {
            continue;
        }
        let Some(sure) = (if words.is_some() { Some(0.7) } else { judge(text, name, head, end, &tag) }) else { continue };
        let status = status(text, span, name, kind, found.last());
        found.push(Mention { name, words, status, line: text.line_at(head.start), confidence: sure });
    }
    found.extend(quoted(text, span, kind, &found));
    found.sort_by_key(|mention| mention.name.start);
    found
}

/// Merges mentions: each system once, later mentions beside it.
pub(crate) fn merge(text: &Text, mentions: &[Mention]) -> Vec<System> {
    let mut systems: Vec<(String, System)> = Vec::new();
    for mention in mentions {
        let words = mention.words.clone().unwrap_or_else(|| text.quote(mention.name));
        let name: String = words.trim_matches(|c| matches!(c, '“' | '”')).to_owned();
        let name = if name.contains('“') != name.contains('”') { words } else { name };
        let key = normal(&name);
        match systems.iter_mut().find(|(known, _)| *known == key) {
            Some((_, system)) => {
                if system.also.last().map_or(system.evidence.line, |last| last.0) != mention.line {
                    system.also.push((mention.line, mention.status));
                }
                system.evidence.confidence = super::confidence::round((system.evidence.confidence + 0.02).min(0.97));
            }
            None => systems.push((
                key,
                System { name, status: mention.status, also: Vec::new(), evidence: text.evidence(mention.name, mention.confidence) },
            )),
        }
    }
    systems.into_iter().map(|(_, system)| system).collect()
}

fn in_title_marks(text: &Text, span: Span, at: usize) -> bool {
    let open = text.rfind(Span::new(span.start, at), "《");
    open.is_some_and(|open| text.find(Span::new(open, at), "》").is_none())
}

/// 平台经济, 平台型, 系统性, 系统推进, 大脑风暴: the head is only the beginning of another word.
fn goes_on(text: &Text, head: Span, limit: usize) -> bool {
    let next = text.at(head.end);
    if limit <= head.end {
        return false;
    }
    let word = |words: &[&str]| words.iter().any(|word| text.has(head.end, word));
    match text.at(head.start) {
        '平' => matches!(next, '型' | '化' | '类' | '期') || word(&["经济", "企业", "公司", "作用", "载体", "治理主体", "组织"]),
        '系' => {
            // 全面系统推进 is an adverb; 电子病历系统开展 is not.
            let adverb = !is_han(text.before(head.start)) || ["全面", "深入", "要", "并", "应"].iter().any(|word| text.ends_with(head.start, word));
            matches!(next, '性' | '化' | '地')
                || word(&["集成", "工程", "思维", "治理"])
                || adverb && word(&["推进", "谋划", "梳理", "部署", "总结", "开展", "组织"])
        }
        '大' => word(&["风暴"]),
        _ => false,
    }
}

/// Whether another head follows within a few characters, without a mark between.
fn runs_into_head(text: &Text, from: usize, limit: usize) -> bool {
    (from..limit.min(from + 8))
        .take_while(|&at| is_han(text.at(at)))
        .any(|at| lexicon::system_heads().starts(text, at, limit).is_some())
}

/// 区块链基础平台和应用平台: the second name borrows the front of the first.
fn coordinated(text: &Text, before: Option<&Mention>, name: Span, head: Span) -> Option<String> {
    let before = before?;
    let gap = Span::new(before.name.end, name.start);
    let joint = gap.len() <= 1 && matches!(text.at(name.start), '和' | '与' | '及') || gap.len() == 1 && matches!(text.at(gap.start), '和' | '与' | '及');
    let own = if gap.is_empty() { Span::new(name.start + 1, name.end) } else { name };
    let short = own.len() <= 4 && own.len() == head.len() + 2 && text.quote(Span::new(before.name.end - 2, before.name.end)) == text.quote(Span::new(name.end - 2, name.end));
    if !joint || !short || before.name.len() < own.len() + 2 {
        return None;
    }
    Some(text.quote(Span::new(before.name.start, before.name.end - own.len())) + &text.quote(own))
}

/// Whether the words name a kind of system rather than one: 信息系统, 各部门业务系统, 新型算力中心.
fn is_generic(text: &Text, name: Span, head: Span) -> bool {
    let words = text.quote(name);
    let mut rest = words.as_str();
    for lead in ["各部门", "各单位", "各级", "各类", "基层", "现有", "相关", "有关", "其他", "原有", "本级", "区级", "市级", "国家", "移动", "手机"] {
        rest = rest.strip_prefix(lead).unwrap_or(rest);
    }
    const KINDS: [&str; 36] = [
        "信息系统", "应用系统", "业务系统", "业务应用系统", "政务信息系统", "管理系统", "操作系统", "智慧系统", "智能系统", "信息化系统",
        "服务系统", "云平台", "云服务平台", "服务平台", "应用平台", "管理平台", "信息平台", "数据平台", "业务平台", "网络平台", "互联网平台",
        "新型算力中心", "大型数据中心", "终端App", "终端APP", "APP", "App", "app", "平台", "系统", "门户网站", "网络系统", "物联网平台",
        "智能平台", "开放平台", "数字平台",
    ];
    let led = ["各部门", "各单位", "各委办局", "各级", "各类", "第三方", "其他", "有关", "大型", "社交", "直播"].iter().any(|word| text.ends_with(name.start, word) || text.has(name.start, word));
    let kind = KINDS.iter().any(|kind| *kind == rest);
    let adjective = !text.has(head.start, "智算") && !text.has(head.start, "机房") && ["新型", "大型", "绿色", "先进", "存量", "国家级", "市级", "一流", "存算一体", "高端"].iter().any(|word| head.start - name.start.min(head.start) == word.chars().count() && text.has(name.start, word));
    led || kind || adjective
}

/// The name that ends at the end of `span`, whose head is `head`.
fn name_before(text: &Text, span: Span, head: Span) -> Option<Span> {
    let mut start = head.start;
    let floor = span.start.max(span.end.saturating_sub(NAME_CHARACTERS_MAX));
    let mut segment = 0_usize;
    while floor < start {
        let c = text.before(start);
        if matches!(c, '”' | '"') {
            // A quoted word is part of the name when it stands directly before: “走出去”综合服务平台.
            let open = (floor..start - 1).rev().find(|&at| matches!(text.at(at), '“' | '"'));
            match open {
                Some(open) if start - open <= 14 => {
                    start = open;
                    segment += 1;
                    continue;
                }
                _ => break,
            }
        }
        if matches!(c, '“' | '"') {
            break;
        }
        if c == '、' {
            // 垃圾收集、监管、评价系统: the last part is too short to be a name, so the list belongs to it.
            let part = Span::new(start, head.start);
            let head_before = lexicon::system_heads().ends(text, start - 1, floor).is_some();
            let listing = matches!(text.at(head.start), '系' | '平') || text.before(head.end) == '库';
            let short = (1..=2).contains(&part.len());
            // 数据采集、分析与应用平台: a list that closes with 与 describes one platform.
            let closed = part.len() <= 8 && text.contains_any(part, &["与", "和"]) && text.find(part, "”").is_none();
            if listing && !head_before && (short || closed) {
                start -= 1;
                segment = 0;
                continue;
            }
            if listing && segment <= 4 && part.len() <= 14 && text.find(part, "、").is_some() && !head_before {
                start -= 1;
                segment = 0;
                continue;
            }
            break;
        }
        if !(is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '·')) {
            break;
        }
        if c == '的' || c == '等' || c == '了' || c == '为' || c == '将' || c == '个' || c == '以' || c == '及' && text.before(start - 1) != '普' || c == '在' && text.at(start) != '线' {
            break;
        }
        if let Some((length, _)) = boundary_verb(text, start, floor, head) {
            let _ = length;
            break;
        }
        // “甲通”和乙APP are two names.
        if (c == '和' || c == '与') && matches!(text.before(start - 1), '”' | '"') {
            break;
        }
        if (c == '和' || c == '与') && lexicon::system_heads().ends(text, start - 1, floor).is_some() {
            break;
        }
        start -= 1;
        segment += 1;
    }
    let mut name = text.trim(Span::new(start, span.end));
    // Counts and adjectives at the front are not part of a name.
    loop {
        let before = name;
        for lead in [
            "一批", "一个", "若干", "统一", "全区统一", "新版", "新型", "多个", "各类", "现有", "全市", "各部门", "本区", "我区", "推动", "区内", "一体化的", "和", "与", "及", "并", "对", "将", "把", "其",
        ] {
            let keep = lead == "新型" || lead == "统一" && text.has(name.start + 2, "认证") || lead == "统一" && text.has(name.start + 2, "身份");
            if !keep && text.has(name.start, lead) && lead.chars().count() + 3 <= name.len() {
                name.start += lead.chars().count();
            }
        }
        if before == name {
            break;
        }
    }
    (2 < name.len() || text.has(name.start, "APP")).then_some(name)
}

/// A verb that opens the phrase whose object is the name: it ends directly before `start`, and what follows is long
/// enough to be a name of its own.
fn boundary_verb(text: &Text, start: usize, floor: usize, head: Span) -> Option<(usize, ())> {
    let (length, tag) = lexicon::system_verbs().ends(text, start, floor)?;
    let word: String = text.folded(Span::new(start - length, start)).iter().collect();
    let inside = head.start.saturating_sub(start);
    // Nouns inside names: 共享平台, 应用平台, 对接平台, 服务平台 keep their words; so do 推广, 管理, 使用 before the head.
    let noun_too = matches!(word.as_str(), "应用" | "共享" | "对接" | "推广" | "使用" | "融入" | "接入" | "支持" | "引导" | "规划" | "改造" | "更新" | "开发" | "建设" | "推进" | "运用" | "引进" | "启动" | "统一建设" | "强化" | "优化" | "打通" | "连接" | "形成" | "研发" | "利用" | "联通" | "组建" | "实现" | "布局" | "推动");
    // 应用平台, 共享系统: the word belongs to the head it touches.
    if inside == 0 && (noun_too || length == 1 || matches!(word.as_str(), "服务" | "提升" | "健全" | "整合")) && !matches!(word.as_str(), "建设" | "推进" | "推动" | "优化" | "强化" | "实现") {
        return None;
    }
    // One-character verbs open a name only where something comes before that is no name.
    if length == 1 {
        let before = text.before(start - 1);
        let opens = !is_han(before) || matches!(word.as_str(), "以") && !is_han(text.before(start - 1));
        return (opens || word == "经" && !is_han(before)).then_some((1, ()));
    }
    if noun_too && inside <= 2 && matches!(word.as_str(), "应用" | "共享" | "对接" | "推广" | "使用" | "接入" | "规划" | "建设" | "开发" | "研发" | "改造" | "更新" | "利用" | "运用") {
        // 应用支撑平台 after a noun: 物联网应用支撑平台.
        let before = text.before(start - length);
        if is_han(before) && !matches!(before, '的' | '和' | '与' | '并' | '等') {
            return None;
        }
    }
    if matches!(word.as_str(), "应用" | "共享" | "对接" | "开发" | "研发" | "规划" | "使用" | "更新" | "推广") {
        let before = text.before(start - length);
        if is_han(before) && lexicon::system_verbs().ends(text, start - length, floor).is_none() && !matches!(before, '的' | '和' | '与' | '并' | '等') {
            return None;
        }
    }
    let _ = tag;
    Some((length, ()))
}

/// Whether the name is that of an information system, and how surely.
fn judge(text: &Text, name: Span, head: Span, end: usize, tag: &str) -> Option<f64> {
    let before = Span::new(name.start, head.start);
    let whole = Span::new(name.start, end);
    let signs = lexicon::system_signs().within(text, before);
    let last = lexicon::not_systems().ends(text, head.start, name.start);
    match tag {
        "strong" => {
            if before.len() < 1 || before.len() < 2 && head.len() <= 2 && text.at(head.start) != 'A' {
                return None;
            }
            // 创新系统, 教育系统, 循环系统: a system of people or things.
            let human = ["教育系统", "卫生系统", "园林系统", "政法系统", "金融系统", "生态系统", "创新系统", "交通系统", "宣传系统", "工会系统", "工程系统", "社会系统", "排水系统", "供水系统", "供热系统", "慢行系统", "绿地系统", "动力系统", "标识系统", "循环系统", "照明系统", "综合系统", "防洪系统", "污水系统", "管网系统", "轨道系统", "公交系统", "道路系统", "消防系统", "空调系统", "储能系统", "导视系统", "价值系统", "服务系统", "公园系统", "水系统", "城市系统", "产业系统", "教学系统", "党校系统", "国资系统", "全系统", "本系统", "各系统"];
            if human.iter().any(|word| text.ends_with(end, word)) && !signs {
                return None;
            }
            if text.ends_with(end, "系统") && before.len() <= 2 && !signs {
                return None;
            }
            Some(if signs { 0.9 } else { 0.72 })
        }
        "plain" => {
            if before.len() < 2 || last.is_some() {
                return None;
            }
            // 创新服务平台, 交流服务平台: who meets there matters, not what runs there.
            let meeting = ["创新", "合作", "交流", "孵化", "招商", "研发", "中试", "创业"].iter().any(|word| text.contains(before, word));
            if meeting && !text.contains_any(before, &["数据", "信息", "智慧", "智能", "数字", "云", "在线", "线上"]) {
                return None;
            }
            let generic = ["服务", "综合服务", "信息化", "管理", "公共", "业务", "综合管理", "信息", "网络", "公共服务", "合作服务"];
            if generic.iter().any(|word| before.len() == word.chars().count() && text.has(before.start, word)) && before.len() <= 2 {
                return None;
            }
            let digital = lexicon::system_signs();
            let strong_sign = ["数据", "信息", "智慧", "智能", "数字", "云", "网", "电子", "监测", "监管", "管理", "认证", "执法", "一体化", "线上", "在线", "开放", "传播", "医养", "版权", "融合", "感知"]
                .iter()
                .any(|word| text.contains(before, word));
            if strong_sign {
                return Some(0.86);
            }
            digital.within(text, before).then_some(0.62)
        }
        "centre" => {
            let bare = before.is_empty() || before.len() < 2;
            let stock = text.contains_any(before, &["存量", "各类", "大型"]);
            if bare || stock {
                return None;
            }
            Some(if text.has(head.start, "信息中心") { 0.55 } else { 0.8 })
        }
        "digital" => {
            let sign = text.contains_any(before, &["智算", "算力", "数据", "数算", "数字", "智能", "智慧", "网络安全", "云"]);
            (sign && 2 <= before.len()).then_some(0.68)
        }
        "venue" => {
            let sign = text.contains_any(before, &["数字", "云上", "线上", "网上", "虚拟", "智慧"]);
            sign.then_some(0.85)
        }
        _ => Some(0.5).filter(|_| !whole.is_empty()),
    }
}

/// What is done to the system: the nearest verb before its name, or what the section is about.
fn status(text: &Text, span: Span, name: Span, kind: Kind, before: Option<&Mention>) -> SystemStatus {
    if kind == Kind::Recap {
        return SystemStatus::Existing;
    }
    let sentence_start = (span.start..name.start).rev().find(|&at| matches!(text.at(at), '。' | ';' | ':')).map_or(span.start, |at| at + 1);
    let clause_start = (sentence_start..name.start).rev().find(|&at| text.at(at) == ',').map_or(sentence_start, |at| at + 1);
    // A list shares the verb of its first name.
    if let Some(previous) = before
        && previous.name.end <= name.start
        && (previous.name.end..name.start).all(|at| matches!(text.at(at), '、' | '和' | '与' | '及' | '”' | '“'))
    {
        return previous.status;
    }
    let mut at = name.start;
    while clause_start < at {
        if let Some((length, tag)) = lexicon::system_verbs().ends(text, at, clause_start)
            && (1 < length || at == name.start || at - 1 == clause_start)
        {
            return match tag {
                "upgrade" => SystemStatus::Upgrade,
                "existing" => SystemStatus::Existing,
                "use" => SystemStatus::Use,
                _ => SystemStatus::Build,
            };
        }
        at -= 1;
    }
    if ["升级", "改造", "扩容", "迭代"].iter().any(|word| text.has(name.end, word)) {
        return SystemStatus::Upgrade;
    }
    if text.has(name.end, "建设") || kind != Kind::Situation {
        return SystemStatus::Build;
    }
    SystemStatus::Existing
}

/// Names in quotation marks that are systems by their last word or by the verb before them: “城市大脑”, 上线“文化云”.
fn quoted(text: &Text, span: Span, kind: Kind, known: &[Mention]) -> Vec<Mention> {
    let mut found = Vec::new();
    for open in span.start..span.end {
        if text.at(open) != '“' {
            continue;
        }
        let Some(close) = text.find_mark(Span::new(open, span.end), &['”']) else { break };
        let inside = Span::new(open + 1, close);
        if !(3..=14).contains(&inside.len()) || known.iter().any(|mention| mention.name.start <= open && open < mention.name.end || inside.contains(mention.name.start)) {
            continue;
        }
        let cloud = text.before(close) == '云' && 3 <= inside.len();
        let apps = ["APP", "App", "app", "小程序", "公众号", "系统", "平台"].iter().any(|word| text.has(close + 1, word))
            || matches!(text.at(close + 1), '和' | '、') && {
                let next = Span::new(close + 2, span.end.min(close + 14));
                text.contains_any(next, &["APP", "App"]) && text.find_mark(next, &[',', '。']).is_none_or(|stop| text.find(Span::new(next.start, stop), "APP").is_some())
            };
        let launched = text.ends_with(open, "上线") || text.ends_with(open, "上线新版");
        if !(cloud && !text.has(close + 1, "、“云") || apps || launched) || text.at(inside.start) == '云' {
            continue;
        }
        let status = status(text, span, inside, kind, None);
        let status = if launched && text.ends_with(open, "新版") { SystemStatus::Upgrade } else { status };
        found.push(Mention { name: inside, words: None, status, line: text.line_at(open), confidence: 0.7 });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(words: &str) -> Vec<String> {
        let text = Text::new(&Document::from_text(words));
        let span = Span::new(0, words.chars().count());
        mentions(&text, span, Kind::Tasks).iter().map(|m| format!("{} {}", text.quote(m.name), m.status.as_str())).collect()
    }

    #[test]
    fn a_name_begins_behind_the_verb_that_governs_it() {
        assert_eq!(check("建设街区数字孪生平台,升级城市管理数据平台。"), ["街区数字孪生平台 build", "城市管理数据平台 upgrade"]);
        assert_eq!(check("完善信用信息服务平台和风险预警系统。"), ["信用信息服务平台 upgrade", "风险预警系统 upgrade"]);
        assert_eq!(check("依托政务云平台,开发碳排放监测与管理系统。"), ["政务云平台 use", "碳排放监测与管理系统 build"]);
    }

    #[test]
    fn organisations_and_phrases_are_not_systems() {
        assert_eq!(check("搭建产学研合作平台和创新平台,发展平台经济,发挥平台作用,系统推进改革。"), Vec::<String>::new());
        assert_eq!(check("落实《大数据平台管理办法》,支持教育系统开展活动。"), Vec::<String>::new());
    }

    #[test]
    fn short_parts_of_a_list_belong_to_one_name() {
        assert_eq!(check("完善社区垃圾收集、监管、评价系统。"), ["社区垃圾收集、监管、评价系统 upgrade"]);
    }
}
