//! What the document says about itself: title, issuer, day of issue, period, approvals.

use super::characters::{Text, normal};
use super::dates::{self, Date, date_at};
use super::findings::{Deliberation, Meta, Period, Span, Stated};
use super::lexicon;
use super::outline::is_furniture;
use super::tables;

/// Lines of the head that are searched for the title and the closing of a notice.
const HEAD_LINES_MAX: usize = 60;
/// A title line is not longer than this.
const TITLE_CHARACTERS_MAX: usize = 60;

/// The metadata, and the index of the first line after the title.
pub(crate) fn metadata(text: &Text) -> (Meta, usize) {
    let mut meta = Meta::default();
    let announced = announced_title(text);
    let title = standing_title(text, announced.as_ref()).or_else(|| announced.clone());
    let front = title.as_ref().map_or(0, |title| title.lines.1);
    meta.status = status(text, title.as_ref(), announced.as_ref());
    (meta.issuer, meta.issued_date, meta.drafted_by) = signature(text);
    if meta.issuer.is_none() {
        meta.issuer = notice_issuer(text);
    }
    (meta.deliberation, meta.deliberation_items) = deliberation(text);
    meta.document_number = document_number(text);
    meta.period = period(text, title.as_ref());
    meta.title = title;
    (meta, front)
}

fn head(text: &Text) -> impl Iterator<Item = (usize, Span)> + '_ {
    text.lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.span.is_empty())
        .take(HEAD_LINES_MAX)
        .map(|(index, line)| (index, line.span))
}

fn stated(text: &Text, value: String, span: Span, confidence: f64) -> Stated {
    let lines = (text.line_at(span.start), text.line_at(span.end.saturating_sub(1).max(span.start)));
    Stated { value, lines, evidence: text.evidence(span, confidence) }
}

/// The document that a notice issues, names as passed, or puts out for comment: `印发《…》`, `《…》已经…审议通过`.
fn announced_title(text: &Text) -> Option<Stated> {
    let mut first = None;
    for (_, line) in head(text).take(25) {
        let Some(open) = text.find(line, "《") else { continue };
        let Some(close) = closing(text, Span::new(open, line.end)) else { continue };
        let mut title = Span::new(open + 1, close);
        let after = Span::new(close + 1, line.end);
        // Cited is not issued: the title opens its line, or stands behind the word that issues it.
        let led = ["印发", "关于", "现将", "制定了", "发布", "转发", "修订"]
            .iter()
            .any(|word| text.ends_with(open, word));
        let said = [
            "印发",
            "审议通过",
            "征求意见",
            "现印发",
            "公开征求",
            "现予",
            "的通知",
            "的公告",
            "同意",
            "予以发布",
        ];
        let issued = (led || open == line.start) && text.contains_any(line, &said);
        if !issued || lexicon::document_kinds().find(text, title).is_none() {
            continue;
        }
        let mut value = text.quote(title);
        for mark in ["(征求意见稿)", "(草案)", "(试行)", "(公开征求意见稿)", "(送审稿)"] {
            if text.has(after.start, mark) {
                let end = after.start + mark.chars().count();
                value.push_str(&text.quote(Span::new(after.start, end)));
                title.end = end;
            }
        }
        first.get_or_insert_with(|| stated(text, value, title, 0.9));
    }
    first
}

/// Where the bracket that opens at the start of `span` closes, nested ones passed over.
pub(crate) fn closing(text: &Text, span: Span) -> Option<usize> {
    let mut depth = 0;
    for at in span.start..span.end {
        match text.at(at) {
            '《' => depth += 1,
            '》' => {
                depth -= 1;
                if depth <= 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The title where it stands alone, over one line or several, with a bracketed line after it.
fn standing_title(text: &Text, announced: Option<&Stated>) -> Option<Stated> {
    let lines: Vec<(usize, Span)> = head(text).collect();
    let wanted = announced.map(|title| normal(&title.value));
    if let Some(wanted) = wanted.as_ref() {
        for from in 0..lines.len().min(40) {
            let mut joined = String::new();
            for to in from..lines.len().min(from + 4) {
                let Some(&(_, span)) = lines.get(to) else { break };
                joined.push_str(&normal(&text.quote(span)));
                if joined == *wanted {
                    let end = bracket_line(text, &lines, to);
                    return Some(join(text, &lines, from, end, 0.97));
                }
                if !wanted.starts_with(&joined) {
                    break;
                }
            }
        }
        // The notice may shorten the title, or the title add its years on a line of their own.
        let start = (0..lines.len().min(40)).find(|&at| {
            lines.get(at).is_some_and(|&(_, span)| {
                let words = normal(&text.quote(span));
                span.len() <= TITLE_CHARACTERS_MAX
                    && 8 <= words.chars().count()
                    && wanted.starts_with(&words)
                    && text.find(span, "《").is_none()
            })
        });
        if let Some(from) = start {
            let end = bracket_line(text, &lines, from);
            return Some(join(text, &lines, from, end, 0.85));
        }
        return None;
    }
    // No notice: the first line that ends like a document and stands alone.
    for (from, &(index, span)) in lines.iter().enumerate().take(25) {
        if tables::is_row(text, index) || is_furniture(text, span) || TITLE_CHARACTERS_MAX < span.len() {
            continue;
        }
        let mut end = span.end;
        if text.before(end) == ')'
            && let Some(open) = text.rfind(span, "(")
        {
            end = open;
        }
        let ends = lexicon::document_kinds().ends(text, end, span.start).is_some();
        let sentence = text.find_mark(span, &['。', ';', ':', ',']).is_some();
        if ends && !sentence && 6 <= span.len() && super::labels::label(text, span).is_none() {
            // A place or a body on the line above belongs to the title.
            let mut first = from;
            if let Some(&(_, above)) = from.checked_sub(1).and_then(|above| lines.get(above))
                && above.len() <= 20
                && span.len() <= 16
                && text.find_mark(above, &['。', ':', '|', '日', ',']).is_none()
                && !is_furniture(text, above)
            {
                first = from - 1;
            }
            let last = bracket_line(text, &lines, from);
            return Some(join(text, &lines, first, last, 0.8));
        }
    }
    None
}

/// Index of the bracketed line after `at` (years, 试行), if there is one and the title does not hold it yet.
fn bracket_line(text: &Text, lines: &[(usize, Span)], at: usize) -> usize {
    match lines.get(at + 1) {
        Some(&(_, next))
            if text.at(next.start) == '('
                && text.before(next.end) == ')'
                && next.len() <= 24
                && !text.contains(next, "公开发布") =>
        {
            at + 1
        }
        _ => at,
    }
}

fn join(text: &Text, lines: &[(usize, Span)], from: usize, to: usize, confidence: f64) -> Stated {
    let spans: Vec<Span> = (from..=to).filter_map(|at| lines.get(at).map(|&(_, span)| span)).collect();
    let value = spans.iter().map(|&span| text.quote(span)).collect::<String>();
    let start = spans.first().map_or(0, |span| span.start);
    let end = spans.last().map_or(start, |span| span.end);
    stated(text, value, Span::new(start, end), confidence)
}

fn status(text: &Text, title: Option<&Stated>, announced: Option<&Stated>) -> Option<Stated> {
    ["公开征求意见稿", "征求意见稿", "送审稿", "草案", "讨论稿", "试行"].iter().find_map(|mark| {
        [title, announced].into_iter().flatten().find_map(|title| {
            let at = text.find(title.evidence.span, mark)?;
            let span = Span::new(at, at + mark.chars().count());
            Some(stated(text, text.quote(span), span, 0.95))
        })
    })
}

/// Whether the line is the name of an issuing body and nothing else.
fn is_issuer(text: &Text, span: Span) -> bool {
    let ends = [
        "人民政府",
        "办公室",
        "委员会",
        "管委会",
        "局",
        "办公厅",
        "委",
        "部",
        "领导小组",
        "中心",
        "办",
        "区委",
        "公司",
        "院",
    ];
    (3..=40).contains(&span.len())
        && text.find_mark(span, &['。', ',', ':', ';', '|', '《', '(']).is_none()
        && super::labels::label(text, span).is_none()
        && ends.iter().any(|end| text.ends_with(span.end, end))
}

/// Closing lines of a notice: the body, then the day. The first with a day counts; the cover's pair, with a month
/// only, names who drafted it.
fn signature(text: &Text) -> (Option<Stated>, Option<Stated>, Option<Stated>) {
    let filled: Vec<Span> =
        text.lines.iter().filter(|line| !line.span.is_empty()).map(|line| line.span).collect();
    let (mut issuer, mut date, mut drafted) = (None, None, None);
    for (index, &span) in filled.iter().enumerate() {
        if 40 < span.len() {
            continue;
        }
        // Body and day may share a line.
        let place = (span.start..span.end).find(|&at| dates::year_at(text, at).is_some());
        let Some(found) = place.and_then(|at| date_at(text, at)) else { continue };
        if found.span.end != span.end || found.month.is_none() {
            continue;
        }
        let same_line = text.trim(Span::new(span.start, found.span.start));
        let above = index.checked_sub(1).and_then(|above| filled.get(above)).copied();
        let body = if is_issuer(text, same_line) {
            Some(same_line)
        } else if same_line.is_empty() {
            above.filter(|&above| is_issuer(text, above))
        } else {
            None
        };
        let Some(body) = body else { continue };
        let body = stated(text, text.quote(body), body, if found.day.is_some() { 0.95 } else { 0.7 });
        if found.day.is_some() && issuer.is_none() {
            let iso = found.iso(None).unwrap_or_default();
            date = Some(stated(text, iso, found.span, 0.95));
            issuer = Some(body);
        } else if found.day.is_none() && drafted.is_none() {
            drafted = Some((body, stated(text, found.iso(None).unwrap_or_default(), found.span, 0.7)));
        }
    }
    match (issuer, drafted) {
        (None, Some((body, month))) => (Some(body), Some(month), None),
        (issuer, drafted) => (issuer, date, drafted.map(|(body, _)| body)),
    }
}

/// 某区人民政府关于印发……的通知: the body before 关于.
fn notice_issuer(text: &Text) -> Option<Stated> {
    head(text).take(10).find_map(|(_, line)| {
        let at = text.find(line, "关于")?;
        let body = text.trim(Span::new(line.start, at));
        (is_issuer(text, body) && text.contains_any(line, &["通知", "意见", "公告", "批复", "决定"]))
            .then(|| stated(text, text.quote(body), body, 0.85))
    })
}

/// 已经……审议通过: the words between, and each meeting in them.
fn deliberation(text: &Text) -> (Option<Stated>, Vec<Deliberation>) {
    for (_, line) in head(text).take(30) {
        let Some((end, length)) = ["审议通过", "研究通过", "会议通过", "研究同意", "同意", "批准"]
            .iter()
            .find_map(|word| text.find(line, word).map(|at| (at, word.chars().count())))
        else {
            continue;
        };
        let before = Span::new(line.start, end);
        let Some(start) = text
            .rfind(before, "已经")
            .map(|at| at + 2)
            .or_else(|| text.rfind(before, "》经").map(|at| at + 2))
        else {
            continue;
        };
        let words = text.trim(Span::new(start, end + length));
        let mut items = Vec::new();
        let mut year = None;
        for piece in text.split(Span::new(start, end), |at| matches!(text.at(at), '、' | ',')) {
            if let Some(item) = meeting(text, piece, &mut year) {
                items.push(item);
            }
        }
        return (Some(stated(text, text.quote(words), words, 0.9)), items);
    }
    (None, Vec::new())
}

fn meeting(text: &Text, piece: Span, year: &mut Option<i32>) -> Option<Deliberation> {
    let date: Option<Date> = (piece.start..piece.end).find_map(|at| {
        let digit = text.at(at).is_ascii_digit() && !text.before(at).is_ascii_digit();
        digit.then(|| date_at(text, at)).flatten()
    });
    *year = date.and_then(|date| date.year).or(*year);
    let mut start = date.map_or(piece.start, |date| date.span.end);
    let mut session = None;
    if let Some(at) = text.find(Span::new(start, piece.end), "第")
        && let Some(end) = text.find(Span::new(at, piece.end), "次")
    {
        let digits: Vec<char> =
            text.folded(Span::new(at + 1, end)).iter().copied().filter(|c| *c != ' ').collect();
        session = super::numerals::small_number(&digits).map(i64::from);
        // 第104次区委常委会 or 区委常委会第104次会议.
        start = if end + 1 < piece.end && !text.has(end + 1, "会议") { end + 1 } else { start };
    }
    let mut body = text.trim(Span::new(start, piece.end));
    if let Some(at) = text.find(body, "第") {
        body.end = at;
    }
    let meets = text.contains_any(piece, &["会"]);
    (meets && !body.is_empty()).then(|| Deliberation {
        date: date.and_then(|date| date.iso(*year)),
        body: text.quote(body),
        session,
    })
}

/// 槐政发〔2024〕12号.
fn document_number(text: &Text) -> Option<Stated> {
    head(text).take(20).find_map(|(_, line)| {
        let open = (line.start..line.end)
            .find(|&at| matches!(text.at(at), '[' | '(') && dates::year_at(text, at + 1).is_some())?;
        let close = open + 5;
        if !matches!(text.at(close), ']' | ')') {
            return None;
        }
        let mut end = close + 1;
        while text.at(end).is_ascii_digit() || text.at(end) == ' ' || text.at(end) == '第' {
            end += 1;
        }
        if text.at(end) != '号' || end == close + 1 {
            return None;
        }
        let mut start = open;
        while line.start < start && super::characters::is_han(text.before(start)) {
            start -= 1;
        }
        if start == open || 12 < open - start {
            return None;
        }
        let span = Span::new(start, end + 1);
        Some(stated(text, text.quote(span), span, 0.95))
    })
}

/// Years covered: from the title, else from a sentence that says so, else from the five-year plan it belongs to.
fn period(text: &Text, title: Option<&Stated>) -> Option<Period> {
    let make = |(span, (from, to)): (Span, (i32, i32)), inferred, confidence| Period {
        from,
        to,
        inferred,
        evidence: text.evidence(span, confidence),
    };
    if let Some(found) = title.and_then(|title| dates::year_range(text, title.evidence.span)) {
        return Some(make(found, false, 0.97));
    }
    let spoken = head(text).find_map(|(_, line)| {
        let says = text
            .contains_any(line, &["执行期", "规划期", "实施期", "有效期", "计划期", "规划期限", "期限为"]);
        says.then(|| dates::year_range(text, line)).flatten()
    });
    if let Some(found) = spoken {
        return Some(make(found, false, 0.95));
    }
    if let Some(found) = title.and_then(|title| dates::plan_period(text, title.evidence.span)) {
        return Some(make(found, true, 0.9));
    }
    // One year in the title: a yearly plan.
    title.and_then(|title| {
        let span = title.evidence.span;
        let at = (span.start..span.end)
            .find(|&at| dates::year_at(text, at).is_some_and(|(end, _)| text.at(end) == '年'))?;
        let (end, year) = dates::year_at(text, at)?;
        Some(make((Span::new(at, end), (year, year)), false, 0.8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    const NOTICE: &str = "各街道办事处：\n《槐安区算力发展行动计划（2024—2026年）》已经2024年3月5日第12次区政府常务会、3月8日第20次区委常委会审议通过，现印发给你们。\n槐安区人民政府\n2024年3月12日\n槐安区算力发展行动计划\n（2024—2026年）\n一、总体要求\n";

    #[test]
    fn a_notice_gives_title_issuer_day_period_and_meetings() {
        let (meta, front) = metadata(&Text::new(&Document::from_text(NOTICE)));
        let title = meta.title.unwrap();
        assert_eq!(title.value, "槐安区算力发展行动计划（2024—2026年）");
        assert_eq!(title.lines, (5, 6));
        assert_eq!(front, 6);
        assert_eq!(meta.issuer.unwrap().value, "槐安区人民政府");
        assert_eq!(meta.issued_date.unwrap().value, "2024-03-12");
        let period = meta.period.unwrap();
        assert_eq!((period.from, period.to, period.inferred), (2024, 2026, false));
        assert_eq!(
            meta.deliberation_items[1],
            Deliberation {
                date: Some("2024-03-08".into()), body: "区委常委会".into(), session: Some(20)
            }
        );
    }

    #[test]
    fn a_number_of_the_document_is_read_with_its_year_in_brackets() {
        let (meta, _) = metadata(&Text::new(&Document::from_text(
            "槐政发〔2024〕12号\n槐安区人民政府关于印发《槐安区数据行动方案》的通知\n",
        )));
        assert_eq!(meta.document_number.unwrap().value, "槐政发〔2024〕12号");
        assert_eq!(meta.issuer.unwrap().value, "槐安区人民政府");
        assert_eq!(meta.title.unwrap().value, "槐安区数据行动方案");
    }
}
