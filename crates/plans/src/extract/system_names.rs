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
        // 信息网络, 专网格: the head is the front of another word.
        _ => {
            text.before(head.end) == '网'
                && matches!(next, '络' | '格' | '民' | '点' | '站' | '购' | '约' | '红' | '页')
        }
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
    // 本系统, 各级门户网站, 技术和系统
    let parts = text.contains(Span::new(name.start, head.end), "子系统")
        && text.contains_any(name, &["大子系统", "个子系统", "各子系统"]);
    let summed = text.before(name.start) == '等' && name.len() <= 6;
    let loose = parts
        || summed
        || ["本系统", "各系统", "全系统", "该系统", "本平台", "该平台"]
            .iter()
            .any(|word| text.ends_with(head.end, word))
        || text.contains_any(name, &["各级", "各地", "各部门", "各单位"])
        || matches!(text.before(head.start), '和' | '或' | '与' | '及' | '跨' | '、' | '软' | '硬');
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
    led || loose || kind || adjective
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
        if opens_a_name(text, start) {
            break;
        }
        if boundary_verb(text, start, floor, head) {
            break;
        }
        // “甲通”和乙APP are two names.
        if (c == '和' || c == '与') && matches!(text.before(start - 1), '”' | '"') {
            break;
        }
        // What stands before the joint is a thing of its own: another system, a team, a mechanism.
        let of_its_own = lexicon::system_heads().ends(text, start - 1, floor).is_some()
            || [
                "团队", "机制", "体系", "标准", "制度", "机构", "队伍", "中心", "设施", "网络", "工程",
                "模式", "基地", "园区", "企业",
            ]
            .iter()
            .any(|word| text.ends_with(start - 1, word));
        if (c == '和' || c == '与') && of_its_own {
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

/// Whether the character before `start` cannot be part of a name: a particle, unless it belongs to a longer word.
fn opens_a_name(text: &Text, start: usize) -> bool {
    let (before, next) = (text.before(start.saturating_sub(1)), text.at(start));
    match text.before(start) {
        '的' | '等' | '了' | '为' | '将' | '个' | '以' | '被' | '让' | '把' | '或' | '跨' => true,
        '及' => before != '普',
        '在' => next != '线',
        '要' => !matches!(before, '重' | '主' | '需' | '纪' | '概' | '机'),
        '从' => next != '业',
        '至' => true,
        '对' => !matches!(next, '接' | '外' | '比' | '象' | '账'),
        '时' => !matches!(before, '实' | '即' | '定' | '小' | '限' | '临' | '同') && !matches!(next, '空'),
        '并' => !matches!(next, '网' | '联'),
        _ => false,
    }
}

/// Whether a verb that ends directly before `start` opens the phrase whose object is the name.
///
/// Many such verbs also stand inside names (物联网应用支撑平台, 数据共享系统); those open a name only where no noun goes
/// before them, or another verb does.
fn boundary_verb(text: &Text, start: usize, floor: usize, head: Span) -> bool {
    let Some((length, _)) = lexicon::system_verbs().ends(text, start, floor) else { return false };
    let word = start - length;
    let before = text.before(word);
    if length == 1 {
        return !is_han(before);
    }
    let Some((_, tag)) = lexicon::noun_verbs().ends(text, start, word).filter(|(found, _)| *found == length)
    else {
        return true;
    };
    let inside = head.start.saturating_sub(start);
    let opens = !is_han(before)
        || matches!(before, '的' | '和' | '与' | '并' | '等')
        || lexicon::system_verbs().ends(text, word, floor).is_some();
    match tag {
        "touch" => 0 < inside,
        "near" => 2 < inside || 0 < inside && opens || inside == 0 && text.has(word, "建设"),
        _ if inside == 0 => {
            // 开发小程序, but 开发平台 and 研发系统 are kinds of their own.
            matches!(text.at(word), '开' | '研') && !matches!(text.at(head.start), '平' | '系' | '中')
        }
        _ => opens,
    }
}
