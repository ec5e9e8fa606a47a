//! Named platforms and information systems, and what the plan does to them.
//!
//! Every name ends in a head (系统, 平台, 数据库 …). From there the name is read backwards to the verb or mark that
//! opens it. A 平台 may also be an organisation (研发平台) or a phrase (平台经济); words before and after it tell.

use super::characters::{Text, normal};
use super::findings::{Span, System, SystemStatus};
use super::lexicon;
use super::sections::Kind;
use super::system_names::{coordinated, goes_on, is_generic, name_before, runs_into_head};

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
        let Some(sure) = (if words.is_some() { Some(0.7) } else { judge(text, name, head, end, &tag) })
        else {
            continue;
        };
        let (status, led) = status(text, span, name, kind, found.last());
        // A verb that builds or improves it, before a name of usual length, leaves little doubt.
        let sure = if led && 0.88 <= sure && name.len() <= 18 { 0.92 } else { sure };
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
        match systems.iter_mut().find(|(known, _)| same_system(known, &key)) {
            Some((_, system)) => {
                if system.also.last().map_or(system.evidence.line, |last| last.0) != mention.line {
                    system.also.push((mention.line, mention.status));
                }
                system.evidence.confidence =
                    super::confidence::round((system.evidence.confidence + 0.02).min(0.97));
            }
            None => systems.push((
                key,
                System {
                    name,
                    status: mention.status,
                    also: Vec::new(),
                    evidence: text.evidence(mention.name, mention.confidence),
                },
            )),
        }
    }
    systems.into_iter().map(|(_, system)| system).collect()
}

/// Whether two names are one system: equal, or the later one is a short form of the earlier, or the earlier of the later.
fn same_system(known: &str, name: &str) -> bool {
    let (a, b) = (known.chars().count(), name.chars().count());
    let short_form = (4..=9).contains(&b) && b + 2 <= a && known.ends_with(name);
    let long_form = 7 <= a && a < b && b <= a + 4 && name.ends_with(known);
    known == name || short_form || long_form
}

fn in_title_marks(text: &Text, span: Span, at: usize) -> bool {
    let open = text.rfind(Span::new(span.start, at), "《");
    open.is_some_and(|open| text.find(Span::new(open, at), "》").is_none())
}

/// Whether the name is that of an information system, and how surely.
fn judge(text: &Text, name: Span, head: Span, end: usize, tag: &str) -> Option<f64> {
    let before = Span::new(name.start, head.start);
    let whole = Span::new(name.start, end);
    let signs = lexicon::system_signs().within(text, before);
    let last = lexicon::not_systems().ends(text, head.start, name.start);
    match tag {
        "strong" => {
            if before.is_empty() || before.len() < 2 && head.len() <= 2 && text.at(head.start) != 'A' {
                return None;
            }
            // 创新系统, 教育系统, 循环系统: a system of people or things.
            if lexicon::unlike_systems().ends(text, end, name.start.saturating_sub(2)).is_some() && !signs {
                return None;
            }
            if text.ends_with(end, "系统") && before.len() <= 2 && !signs {
                return None;
            }
            Some(if signs { 0.88 } else { 0.72 })
        }
        "plain" => {
            // 数字展示平台 runs on data; 成果展示平台 is a hall or a fair.
            let shown = ["展示", "人才", "产业", "媒体"].iter().any(|word| text.ends_with(head.start, word))
                && text.contains_any(before, &["数字", "数据", "智慧", "智能", "信息", "在线", "线上"]);
            if before.len() < 2 || last.is_some() && !shown {
                return None;
            }
            // 创新服务平台, 交流服务平台: who meets there matters, not what runs there.
            let meeting = [
                "创新",
                "合作",
                "交流",
                "孵化",
                "招商",
                "研发",
                "中试",
                "创业",
                "检验检测",
                "技术转移",
                "工作站",
            ]
            .iter()
            .any(|word| text.contains(before, word));
            if meeting
                && !text.contains_any(before, &["数据", "信息", "智慧", "智能", "数字", "云", "在线", "线上"])
            {
                return None;
            }
            let generic = [
                "服务",
                "综合服务",
                "信息化",
                "管理",
                "公共",
                "业务",
                "综合管理",
                "信息",
                "网络",
                "公共服务",
                "合作服务",
            ];
            if generic.iter().any(|word| before.len() == word.chars().count() && text.has(before.start, word))
                && before.len() <= 2
            {
                return None;
            }
            let digital = lexicon::system_signs();
            let strong_sign = [
                "数据",
                "信息",
                "智慧",
                "智能",
                "数字",
                "云",
                "网",
                "电子",
                "监测",
                "监管",
                "管理",
                "认证",
                "执法",
                "一体化",
                "线上",
                "在线",
                "开放",
                "传播",
                "医养",
                "版权",
                "融合",
                "感知",
            ]
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
            let sign = text.contains_any(
                before,
                &["智算", "算力", "数据", "数算", "数字", "智能", "智慧", "网络安全", "云"],
            );
            (sign && 2 <= before.len()).then_some(0.68)
        }
        "venue" => {
            let sign = text.contains_any(before, &["数字", "云上", "线上", "网上", "虚拟", "智慧"]);
            sign.then_some(0.85)
        }
        _ => Some(0.5).filter(|_| !whole.is_empty()),
    }
}

/// What is done to the system: the nearest verb before its name, or what the section is about; and whether a verb that
/// builds or improves said so.
fn status(text: &Text, span: Span, name: Span, kind: Kind, before: Option<&Mention>) -> (SystemStatus, bool) {
    if kind == Kind::Recap {
        return (SystemStatus::Existing, false);
    }
    let sentence_start = (span.start..name.start)
        .rev()
        .find(|&at| matches!(text.at(at), '。' | ';' | ':'))
        .map_or(span.start, |at| at + 1);
    let clause_start =
        (sentence_start..name.start).rev().find(|&at| text.at(at) == ',').map_or(sentence_start, |at| at + 1);
    // A list shares the verb of its first name.
    if let Some(previous) = before
        && previous.name.end <= name.start
        && (previous.name.end..name.start)
            .all(|at| matches!(text.at(at), '、' | '和' | '与' | '及' | '”' | '“'))
    {
        return (previous.status, false);
    }
    let mut at = name.start;
    while clause_start < at {
        if let Some((length, tag)) = lexicon::system_verbs().ends(text, at, clause_start)
            && (1 < length || at == name.start || at - 1 == clause_start)
        {
            return match tag {
                "upgrade" => (SystemStatus::Upgrade, true),
                "existing" => (SystemStatus::Existing, true),
                "use" => (SystemStatus::Use, false),
                _ => (SystemStatus::Build, true),
            };
        }
        at -= 1;
    }
    if ["升级", "改造", "扩容", "迭代"].iter().any(|word| text.has(name.end, word)) {
        return (SystemStatus::Upgrade, true);
    }
    if text.has(name.end, "建设") || kind != Kind::Situation {
        return (SystemStatus::Build, false);
    }
    (SystemStatus::Existing, false)
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
        if !(3..=14).contains(&inside.len())
            || known.iter().any(|mention| {
                mention.name.start <= open && open < mention.name.end || inside.contains(mention.name.start)
            })
        {
            continue;
        }
        let cloud = text.before(close) == '云' && 3 <= inside.len();
        let apps = ["APP", "App", "app", "小程序", "公众号", "系统", "平台"]
            .iter()
            .any(|word| text.has(close + 1, word))
            || matches!(text.at(close + 1), '和' | '、') && {
                let next = Span::new(close + 2, span.end.min(close + 14));
                text.contains_any(next, &["APP", "App"])
                    && text
                        .find_mark(next, &[',', '。'])
                        .is_none_or(|stop| text.find(Span::new(next.start, stop), "APP").is_some())
            };
        let launched = text.ends_with(open, "上线") || text.ends_with(open, "上线新版");
        if !(cloud && !text.has(close + 1, "、“云") || apps || launched) || text.at(inside.start) == '云'
        {
            continue;
        }
        let (status, _) = status(text, span, inside, kind, None);
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
        mentions(&text, span, Kind::Tasks)
            .iter()
            .map(|m| format!("{} {}", text.quote(m.name), m.status.as_str()))
            .collect()
    }

    #[test]
    fn a_name_begins_behind_the_verb_that_governs_it() {
        assert_eq!(
            check("建设街区数字孪生平台,升级城市管理数据平台。"),
            ["街区数字孪生平台 build", "城市管理数据平台 upgrade"]
        );
        assert_eq!(
            check("完善信用信息服务平台和风险预警系统。"),
            ["信用信息服务平台 upgrade", "风险预警系统 upgrade"]
        );
        assert_eq!(
            check("依托政务云平台,开发碳排放监测与管理系统。"),
            ["政务云平台 use", "碳排放监测与管理系统 build"]
        );
    }

    #[test]
    fn organisations_and_phrases_are_not_systems() {
        assert_eq!(
            check("搭建产学研合作平台和创新平台,发展平台经济,发挥平台作用,系统推进改革。"),
            Vec::<String>::new()
        );
        assert_eq!(check("落实《大数据平台管理办法》,支持教育系统开展活动。"), Vec::<String>::new());
    }

    #[test]
    fn short_parts_of_a_list_belong_to_one_name() {
        assert_eq!(check("完善社区垃圾收集、监管、评价系统。"), ["社区垃圾收集、监管、评价系统 upgrade"]);
    }
}
