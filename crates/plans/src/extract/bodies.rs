//! Splitting lists of public bodies: `区科委、区财政局`, `牵头：A；配合：B`, and names that lost the break between them.
//!
//! Names are kept as written, misprints included: who was meant is for the reviewer to say.

use super::characters::Text;
use super::findings::Span;
use super::lexicon;

/// Whether the words are a list of bodies (or the word for none).
pub(crate) fn is_bodies(text: &Text, span: Span) -> bool {
    let span = text.trim(span);
    if is_nobody(text, span) {
        return true;
    }
    if text.contains_any(
        span,
        &["牵头", "责任单位", "配合", "各部门", "各单位", "各街道", "相关部门", "有关部门", "相关单位"],
    ) {
        return span.len() < 400;
    }
    let pieces = split(text, span);
    let bodies = pieces.iter().filter(|piece| is_body(text, **piece)).count();
    0 < bodies && pieces.len() <= bodies * 2
}

/// Whether the words say that there is none.
pub(crate) fn is_nobody(text: &Text, span: Span) -> bool {
    let words: String = text.folded(span).iter().filter(|c| !c.is_whitespace()).collect();
    matches!(words.as_str(), "" | "无" | "/" | "—" | "——" | "-" | "--" | "\\" | "暂无")
}

/// Whether the words look like the name of one body.
pub(crate) fn is_body(text: &Text, span: Span) -> bool {
    let span = text.trim(span);
    if span.len() < 2 || 30 < span.len() {
        return false;
    }
    lexicon::body_ends().ends(text, span.end, span.start).is_some()
        || text.contains_any(
            span,
            &["各街道", "各委办", "各部门", "相关部门", "有关部门", "各单位", "相关单位", "各镇", "各乡镇"],
        )
}

/// The bodies of a cell or bracket, in order, as written.
pub(crate) fn split(text: &Text, span: Span) -> Vec<Span> {
    if is_nobody(text, span) {
        return Vec::new();
    }
    let mut depth = 0_i32;
    let mut cuts = Vec::new();
    for at in span.start..span.end {
        match text.at(at) {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '、' | ',' | ';' | '。' | '/' | '\n' if depth <= 0 => cuts.push(at),
            // A space parts two bodies only where both sides are names.
            ' ' if depth <= 0 && lexicon::body_ends().ends(text, at, span.start).is_some() => cuts.push(at),
            _ => {}
        }
    }
    let mut bodies = Vec::new();
    for piece in text.split(span, |at| cuts.contains(&at)) {
        let piece = strip(text, piece);
        // 2025年10月底前完成 in the same bracket is a deadline, not a body.
        let date = text.at(piece.start).is_ascii_digit()
            || text.contains_any(piece, &["底前", "月底", "年底", "完成"]);
        if piece.is_empty() || is_nobody(text, piece) || date {
            continue;
        }
        for part in unglue(text, piece) {
            let part = strip(text, part);
            if !part.is_empty() {
                bodies.push(part);
            }
        }
    }
    bodies
}

/// Drops words around a name that are not of it: 等, 按职责分工负责, (牵头).
fn strip(text: &Text, span: Span) -> Span {
    let mut span =
        text.trim_with(span, |c| c.is_whitespace() || matches!(c, '、' | ',' | ';' | '。' | ':' | '等'));
    loop {
        let before = span;
        for lead in [
            "责任单位:",
            "责任部门:",
            "牵头单位:",
            "牵头部门:",
            "配合单位:",
            "配合部门:",
            "主责单位:",
            "牵头:",
            "配合:",
            "协同:",
            "责任:",
            "由",
        ] {
            if text.has(span.start, lead) {
                span.start += lead.chars().count();
            }
        }
        for tail in [
            "按职责分工负责",
            "按照职责分工负责",
            "按职责负责",
            "分别负责",
            "共同负责",
            "牵头负责",
            "负责",
            "(牵头)",
            "(配合)",
            "(主责)",
            "(牵头单位)",
            "牵头",
            "等部门",
            "等单位",
            "等相关部门",
            "等有关部门",
            "等相关单位",
            "等有关单位",
            "等",
            "配合",
            "按职责分工",
        ] {
            if span.start < span.end && text.ends_with(span.end, tail) && tail.chars().count() < span.len() {
                span.end -= tail.chars().count();
            }
        }
        span = text.trim(Span::new(span.start.min(span.end), span.end));
        if span == before {
            return span;
        }
    }
}

/// Cuts `甲局乙局` where a name ends and another plainly begins.
fn unglue(text: &Text, span: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = span.start;
    let mut at = span.start + 2;
    while at < span.end {
        if at < start + 2 {
            at += 1;
            continue;
        }
        if let Some((_, tag)) = lexicon::body_ends().ends(text, at, start)
            && starts_a_body(text, Span::new(at, span.end), tag == "part")
            && !continues(text, start, at)
        {
            parts.push(Span::new(start, at));
            start = at;
            at += 2;
        } else {
            at += 1;
        }
    }
    parts.push(Span::new(start, span.end));
    parts
}

/// Whether the ending before `at` only looks like one: 委 of 委员会, 部 of 部门, 区委 of 区委组织部.
fn continues(text: &Text, start: usize, at: usize) -> bool {
    let next: String = (at..at + 3).map(|i| text.at(i)).collect();
    let head: String = text.folded(Span::new(start, at)).iter().collect();
    ["委员", "部门", "办公", "办事", "院校", "所属", "处室"].iter().any(|word| text.has(at - 1, word))
        || (matches!(head.as_str(), "区委" | "市委" | "县委" | "区政府" | "市政府" | "党委")
            && !matches!(text.at(at), '区' | '市' | '各' | '县'))
        || next.starts_with("分局")
}

/// Whether the name of a body starts here.
fn starts_a_body(text: &Text, rest: Span, weak: bool) -> bool {
    if rest.len() < 3 || lexicon::body_ends().ends(text, rest.end, rest.start).is_none() && rest.len() < 4 {
        return false;
    }
    if matches!(text.at(rest.start), '区' | '市' | '县') {
        // 区域, 市场, 市民 and 区块链 are words of their own.
        return !matches!(text.at(rest.start + 1), '域' | '场' | '民' | '块' | '属' | '级' | '内' | '管');
    }
    if text.has(rest.start, "各") || text.has(rest.start, "国家") || text.has(rest.start, "首都") {
        return true;
    }
    // 甲委乙街道: a short name with an unmistakable ending.
    let short = rest.len() <= 8
        && ["街道", "管委会", "办事处", "街道办", "公司", "集团"]
            .iter()
            .any(|end| text.ends_with(rest.end, end));
    short && !weak || short && rest.len() <= 6 && text.ends_with(rest.end, "街道")
}

/// Bodies of a statement such as `牵头单位：区科委；配合单位：区财政局`, in the two roles.
pub(crate) fn roles(text: &Text, span: Span) -> (Vec<Span>, Vec<Span>) {
    let marks = ["配合单位", "配合部门", "协同单位", "协办单位", "参与单位", "配合:", "协同:", "配合"];
    let span = text.trim(span);
    // 甲局牵头，乙局配合.
    if let Some(lead) = text.find(span, "牵头")
        && span.start + 2 <= lead
        && !matches!(text.at(span.start), '牵')
        && text.at(lead.wrapping_sub(1)) != '('
    {
        let responsible = split(text, Span::new(span.start, lead));
        let mut rest = Span::new(lead + 2, span.end);
        if text.has(rest.start, "负责") {
            rest.start += 2;
        }
        let cooperating = if text.contains_any(rest, &["配合", "参与", "协同", "协助"]) {
            split(text, rest)
        } else {
            Vec::new()
        };
        return (responsible, cooperating);
    }
    for mark in marks {
        if let Some(at) = text.find(span, mark)
            && (mark.ends_with(':') || text.at(at + mark.chars().count()) == ':')
        {
            let responsible = split(text, Span::new(span.start, at));
            let mut start = at + mark.chars().count();
            if text.at(start) == ':' {
                start += 1;
            }
            return (responsible, split(text, Span::new(start, span.end)));
        }
    }
    (split(text, span), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn check(words: &str) -> String {
        let text = Text::new(&Document::from_text(words));
        let (responsible, cooperating) = roles(&text, Span::new(0, words.chars().count()));
        let show =
            |spans: Vec<Span>| spans.iter().map(|span| text.quote(*span)).collect::<Vec<_>>().join(" ");
        let (a, b) = (show(responsible), show(cooperating));
        if b.is_empty() { a } else { format!("{a} + {b}") }
    }

    #[test]
    fn glued_names_come_apart_where_a_name_plainly_begins() {
        assert_eq!(check("园区管委会区科委"), "园区管委会 区科委");
        assert_eq!(check("区委宣传部区文旅局、区科委"), "区委宣传部 区文旅局 区科委");
        assert_eq!(check("区国资委柳荫街道"), "区国资委 柳荫街道");
    }

    #[test]
    fn long_names_stay_whole() {
        assert_eq!(check("市规划自然资源委槐安分局"), "市规划自然资源委槐安分局");
        assert_eq!(check("区委组织部"), "区委组织部");
        assert_eq!(check("区政府办公室、区经济和信息化局"), "区政府办公室 区经济和信息化局");
        assert_eq!(check("科技园区管委会"), "科技园区管委会");
        assert_eq!(check("区住房城市建设委员会"), "区住房城市建设委员会");
    }

    #[test]
    fn roles_are_read_from_marks_and_verbs() {
        assert_eq!(check("牵头单位：区科委；配合单位：区财政局、各街道"), "区科委 + 区财政局 各街道");
        assert_eq!(check("区科委牵头，区财政局、区审计局配合"), "区科委 + 区财政局 区审计局");
        assert_eq!(check("区科委、区财政局按职责分工负责"), "区科委 区财政局");
    }

    #[test]
    fn none_means_nobody() {
        assert_eq!(check("无"), "");
        assert_eq!(check("—"), "");
    }
}
