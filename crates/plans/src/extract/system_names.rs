//! Names of systems: where they begin, which only borrow their front from the name before, which name none.

use super::characters::{Text, is_han};
use super::findings::Span;
use super::lexicon;
use super::systems::Mention;

/// Longest name.
const NAME_CHARACTERS_MAX: usize = 32;

/// 平台经济, 平台型, 系统性, 系统推进, 大脑风暴: the head is only the beginning of another word.
pub(crate) fn goes_on(text: &Text, head: Span, limit: usize) -> bool {
    let next = text.at(head.end);
    if limit <= head.end {
        return false;
    }
    let word = |words: &[&str]| words.iter().any(|word| text.has(head.end, word));
    match text.at(head.start) {
        '平' => {
            matches!(next, '型' | '化' | '类' | '期')
                || word(&["经济", "企业", "公司", "作用", "载体", "治理主体", "组织"])
        }
        '系' => {
            // 全面系统推进 is an adverb; 电子病历系统开展 is not.
            let adverb = !is_han(text.before(head.start))
                || ["全面", "深入", "要", "并", "应"].iter().any(|word| text.ends_with(head.start, word));
            matches!(next, '性' | '化' | '地')
                || word(&["集成", "工程", "思维", "治理"])
                || adverb && word(&["推进", "谋划", "梳理", "部署", "总结", "开展", "组织"])
        }
        '大' => word(&["风暴"]),
        _ => false,
    }
}

/// Whether another head follows within a few characters, without a mark between.
pub(crate) fn runs_into_head(text: &Text, from: usize, limit: usize) -> bool {
    (from..limit.min(from + 8))
        .take_while(|&at| is_han(text.at(at)))
        .any(|at| lexicon::system_heads().starts(text, at, limit).is_some())
}

/// 区块链基础平台和应用平台: the second name borrows the front of the first.
pub(crate) fn coordinated(text: &Text, before: Option<&Mention>, name: Span, head: Span) -> Option<String> {
    let before = before?;
    let gap = Span::new(before.name.end, name.start);
    let joint = gap.len() <= 1 && matches!(text.at(name.start), '和' | '与' | '及')
        || gap.len() == 1 && matches!(text.at(gap.start), '和' | '与' | '及');
    let own = if gap.is_empty() { Span::new(name.start + 1, name.end) } else { name };
    let short = own.len() <= 4
        && own.len() == head.len() + 2
        && text.quote(Span::new(before.name.end - 2, before.name.end))
            == text.quote(Span::new(name.end - 2, name.end));
    if !joint || !short || before.name.len() < own.len() + 2 {
        return None;
    }
    Some(text.quote(Span::new(before.name.start, before.name.end - own.len())) + &text.quote(own))
}

/// Whether the words name a kind of system rather than one: 信息系统, 各部门业务系统, 新型算力中心.
pub(crate) fn is_generic(text: &Text, name: Span, head: Span) -> bool {
    let mut rest = name;
    for lead in [
        "各部门",
        "各单位",
        "各级",
        "各类",
        "基层",
        "现有",
        "相关",
        "有关",
        "其他",
        "原有",
        "本级",
        "区级",
        "市级",
        "国家",
        "移动",
        "手机",
    ] {
        if text.has(rest.start, lead) {
            rest.start += lead.chars().count();
        }
    }
    let led =
        ["各部门", "各单位", "各委办局", "各级", "各类", "第三方", "其他", "有关", "大型", "社交", "直播"]
            .iter()
            .any(|word| text.ends_with(name.start, word) || text.has(name.start, word));
    let kind = lexicon::generic_systems()
        .starts(text, rest.start, rest.end)
        .is_some_and(|(length, _)| length == rest.len());
    let adjective = !text.has(head.start, "智算")
        && !text.has(head.start, "机房")
        && ["新型", "大型", "绿色", "先进", "存量", "国家级", "市级", "一流", "存算一体", "高端"].iter().any(
            |word| {
                head.start - name.start.min(head.start) == word.chars().count() && text.has(name.start, word)
            },
        );
    led || kind || adjective
}

/// The name that ends at the end of `span`, whose head is `head`.
pub(crate) fn name_before(text: &Text, span: Span, head: Span) -> Option<Span> {
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
            let closed =
                part.len() <= 8 && text.contains_any(part, &["与", "和"]) && text.find(part, "”").is_none();
            if listing && !head_before && (short || closed) {
                start -= 1;
                segment = 0;
                continue;
            }
            if listing && segment <= 4 && part.len() <= 14 && text.find(part, "、").is_some() && !head_before
            {
                start -= 1;
                segment = 0;
                continue;
            }
            break;
        }
        if !(is_han(c) || c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '·')) {
            break;
        }
        if c == '的'
            || c == '等'
            || c == '了'
            || c == '为'
            || c == '将'
            || c == '个'
            || c == '以'
            || c == '及' && text.before(start - 1) != '普'
            || c == '在' && text.at(start) != '线'
        {
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
            "一批",
            "一个",
            "若干",
            "统一",
            "全区统一",
            "新版",
            "新型",
            "多个",
            "各类",
            "现有",
            "全市",
            "各部门",
            "本区",
            "我区",
            "推动",
            "区内",
            "一体化的",
            "和",
            "与",
            "及",
            "并",
            "对",
            "将",
            "把",
            "其",
        ] {
            let keep = lead == "新型"
                || lead == "统一" && text.has(name.start + 2, "认证")
                || lead == "统一" && text.has(name.start + 2, "身份");
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
    let noun_too = matches!(
        word.as_str(),
        "应用"
            | "共享"
            | "对接"
            | "推广"
            | "使用"
            | "融入"
            | "接入"
            | "支持"
            | "引导"
            | "规划"
            | "改造"
            | "更新"
            | "开发"
            | "建设"
            | "推进"
            | "运用"
            | "引进"
            | "启动"
            | "统一建设"
            | "强化"
            | "优化"
            | "打通"
            | "连接"
            | "形成"
            | "研发"
            | "利用"
            | "联通"
            | "组建"
            | "实现"
            | "布局"
            | "推动"
    );
    // 应用平台, 共享系统: the word belongs to the head it touches.
    if inside == 0
        && (noun_too || length == 1 || matches!(word.as_str(), "服务" | "提升" | "健全" | "整合"))
        && !matches!(word.as_str(), "建设" | "推进" | "推动" | "优化" | "强化" | "实现")
    {
        return None;
    }
    // One-character verbs open a name only where something comes before that is no name.
    if length == 1 {
        let before = text.before(start - 1);
        let opens = !is_han(before) || matches!(word.as_str(), "以") && !is_han(text.before(start - 1));
        return (opens || word == "经" && !is_han(before)).then_some((1, ()));
    }
    if noun_too
        && inside <= 2
        && matches!(
            word.as_str(),
            "应用"
                | "共享"
                | "对接"
                | "推广"
                | "使用"
                | "接入"
                | "规划"
                | "建设"
                | "开发"
                | "研发"
                | "改造"
                | "更新"
                | "利用"
                | "运用"
        )
    {
        // 应用支撑平台 after a noun: 物联网应用支撑平台.
        let before = text.before(start - length);
        if is_han(before) && !matches!(before, '的' | '和' | '与' | '并' | '等') {
            return None;
        }
    }
    if matches!(word.as_str(), "应用" | "共享" | "对接" | "开发" | "研发" | "规划" | "使用" | "更新" | "推广")
    {
        let before = text.before(start - length);
        if is_han(before)
            && lexicon::system_verbs().ends(text, start - length, floor).is_none()
            && !matches!(before, '的' | '和' | '与' | '并' | '等')
        {
            return None;
        }
    }
    let _ = tag;
    Some((length, ()))
}
