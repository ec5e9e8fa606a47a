//! From what the reader of documents found to findings that a person can decide on.
//!
//! The reader works with the document's words and floating numbers; from here on values are exact and targets have a
//! shape. Where the words allow two readings, both are offered and none is taken.

use jiff::civil::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

use hutong_kernel::{DocumentId, FindingId, Id, Quantity, ReadingId, Unit};

use crate::extract::{self, Evidence, Findings, Op, Value};
use crate::indicator::{Binding, EntryMode};
use crate::plan::Approval;
use crate::reading::{
    AchievementContent, Content, Finding, FindingState, FoundBaseline, FoundTable, MetadataField,
    OutlineEntry, TargetContent, TaskContent,
};
use crate::source::Place;
use crate::system::SystemStatus;
use crate::target::{Bound, Level, Range, ShareChange, Target, Tolerance};

/// Makes findings of what was found, in the order of the review page.
pub fn read_findings(
    found: &Findings,
    document: DocumentId,
    reading: ReadingId,
    mint: &mut dyn FnMut() -> Uuid,
) -> Vec<Finding> {
    let mut list = Collector { document, reading, mint, findings: Vec::new() };
    metadata(found, &mut list);
    let own_title = found.meta.title.as_ref().map(|it| bare(&it.value));
    for cited in &found.documents {
        if Some(bare(&cited.title)) != own_title {
            list.add(Content::Basis { title: cited.title.clone() }, &cited.evidence);
        }
    }
    let first_target = list.next_order();
    for target in &found.targets {
        list.add(Content::Target { target: target_content(target, false) }, &target.evidence);
    }
    for target in &found.implied_targets {
        list.add(Content::Target { target: target_content(target, true) }, &target.evidence);
    }
    for achievement in &found.achievements {
        if let Some(content) = achievement_content(achievement) {
            list.add(Content::Achievement { achievement: content }, &achievement.evidence);
        }
    }
    for (tasks, secondary) in [(&found.tasks, false), (&found.prose_tasks, true)] {
        for task in tasks {
            list.add(Content::Task { task: task_content(task, secondary, first_target) }, &task.evidence);
        }
    }
    for system in &found.systems {
        let content = Content::System { name: system.name.clone(), status: system_status(system.status) };
        list.add(content, &system.evidence);
    }
    list.findings
}

/// The headings, for the overview.
pub fn outline(found: &Findings) -> Vec<OutlineEntry> {
    let entry = |it: &extract::Heading| OutlineEntry {
        level: it.level,
        label: it.label.clone(),
        title: it.title.clone(),
        line: count(it.evidence.line),
    };
    found.outline.iter().map(entry).collect()
}

/// The tables and boxes, for the overview.
pub fn tables(found: &Findings) -> Vec<FoundTable> {
    let table = |it: &extract::Table| FoundTable {
        title: it.title.clone(),
        line: count(it.evidence.line),
        rows: count(it.rows),
        columns: it.columns.clone().unwrap_or_default(),
    };
    found.tables.iter().map(table).collect()
}

struct Collector<'a> {
    document: DocumentId,
    reading: ReadingId,
    mint: &'a mut dyn FnMut() -> Uuid,
    findings: Vec<Finding>,
}

impl Collector<'_> {
    fn next_order(&self) -> u32 {
        count(self.findings.len()) + 1
    }

    fn add(&mut self, found: Content, evidence: &Evidence) {
        let place = Place {
            document: self.document,
            line: count(evidence.line),
            start: count(evidence.span.start),
            end: count(evidence.span.end),
            quote: evidence.quote.clone(),
        };
        let order = self.next_order();
        self.findings.push(Finding {
            id: FindingId::from_uuid((self.mint)()),
            reading: self.reading,
            order,
            found,
            place: (!evidence.span.is_empty()).then_some(place),
            confidence_bp: basis_points(evidence.confidence),
            state: FindingState::Open,
            decided: None,
        });
    }
}

fn metadata(found: &Findings, list: &mut Collector<'_>) {
    let meta = &found.meta;
    let stated = [
        (MetadataField::Title, &meta.title),
        (MetadataField::Issuer, &meta.issuer),
        (MetadataField::IssuedOn, &meta.issued_date),
        (MetadataField::DocumentNumber, &meta.document_number),
        (MetadataField::DraftedBy, &meta.drafted_by),
        (MetadataField::DraftStatus, &meta.status),
    ];
    for (field, stated) in stated {
        if let Some(stated) = stated {
            list.add(Content::Metadata { field, value: stated.value.clone() }, &stated.evidence);
        }
    }
    if let Some(period) = &meta.period {
        let value = format!("{}-{}", period.from, period.to);
        list.add(Content::Metadata { field: MetadataField::Period, value }, &period.evidence);
    }
    let evidence = meta.deliberation.as_ref().map(|it| it.evidence.clone()).unwrap_or_default();
    for item in &meta.deliberation_items {
        let approval = Approval {
            body: item.body.clone(),
            day: item.date.as_ref().and_then(|date| date.parse().ok()),
            session: item.session.and_then(|session| u32::try_from(session).ok()),
        };
        list.add(Content::Approval { approval }, &evidence);
    }
}

fn target_content(found: &extract::Target, secondary: bool) -> TargetContent {
    let readings = readings(found);
    let entry_mode = entry_mode(found);
    let unit = found.unit.as_deref().map(Unit::parse);
    let baseline = found.baseline.and_then(|it| {
        Some(FoundBaseline {
            year: i16::try_from(it.year?).ok()?,
            value: it.value.and_then(decimal).zip(unit).map(|(value, unit)| Quantity::new(value, unit)),
        })
    });
    TargetContent {
        name: found.name.clone(),
        words: found.op_text.clone(),
        target: if let [one] = readings.as_slice() { Some(one.clone()) } else { None },
        readings: if 1 < readings.len() { readings } else { Vec::new() },
        deadline: found.deadline.and_then(end_of_year),
        baseline,
        binding: match found.kind.as_deref() {
            Some(kind) if kind.contains("约束") => Binding::Binding,
            Some(kind) if kind.contains("预期") => Binding::Expected,
            _ => Binding::Unstated,
        },
        entry_mode,
        owners: Vec::new(),
        secondary,
    }
}

fn is_yearly(found: &extract::Target) -> bool {
    // A name such as 年均增速 says it as well as a word beside the number.
    found.frequency.as_deref().is_some_and(|it| it.contains('年')) || found.name.contains("年均")
}

fn entry_mode(found: &extract::Target) -> EntryMode {
    let share = found.unit.as_deref().is_some_and(|unit| Unit::parse(unit) == Unit::percent());
    let added = ["新增", "累计", "新建", "引进", "新设", "吸引"].iter().any(|word| found.name.contains(word));
    match (is_yearly(found), share) {
        (_, true) => EntryMode::Stock,
        (true, false) => EntryMode::Flow,
        (false, false) if added => EntryMode::Cumulative,
        (false, false) => EntryMode::Stock,
    }
}

/// All shapes that the words allow; one, unless the reader says otherwise.
fn readings(found: &extract::Target) -> Vec<Target> {
    let unit = Unit::parse(found.unit.as_deref().unwrap_or_default());
    let bound = match found.op_bound.unwrap_or(found.op) {
        Op::MoreThan => Bound::MoreThan,
        _ => Bound::AtLeast,
    };
    let words = || vec![Target::Rank { words: found.op_text.clone() }];
    if found.op == Op::Rank {
        return words();
    }
    let one = match found.value {
        Value::None => return words(),
        Value::One(value) => decimal(value),
        Value::Range(low, _) => decimal(low),
    };
    let Some(one) = one else { return words() };

    if found.op == Op::Growth && !is_yearly(found) {
        let relative = Target::ShareGrowth { bound, by: ShareChange::Relative { percent: one } };
        let points = Target::ShareGrowth { bound, by: ShareChange::Points { points: one } };
        return if unit == Unit::percentage_point() {
            vec![points]
        } else if found.alternatives.is_empty() {
            // What grows is counted in a unit that these words do not name; the review shows it empty.
            vec![Target::Growth { bound, percent: one, unit: Unit::parse("") }]
        } else {
            vec![relative, points]
        };
    }
    let level = match (found.op, found.value) {
        (_, Value::Range(low, high)) => decimal(low)
            .zip(decimal(high))
            .and_then(|(low, high)| Range::new(low.min(high), low.max(high), unit.clone()).ok())
            .map(|range| Level::Range { range }),
        (op, _) => {
            let value = Quantity::new(one, unit);
            Some(match if op == Op::Growth { found.op_bound.unwrap_or(Op::AtLeast) } else { op } {
                Op::MoreThan => Level::MoreThan { value },
                Op::AtMost => Level::AtMost { value },
                Op::LessThan => Level::LessThan { value },
                Op::About => Level::About { value, tolerance: Tolerance::by_default() },
                Op::Equal => Level::Exactly { value },
                Op::AtLeast | Op::Range | Op::Growth | Op::Rank => Level::AtLeast { value },
            })
        }
    };
    let Some(level) = level else { return words() };
    vec![if is_yearly(found) { Target::YearlyMean { level } } else { Target::Level { level } }]
}

fn achievement_content(found: &extract::Target) -> Option<AchievementContent> {
    let Value::One(value) = found.value else { return None };
    let year = found
        .period
        .as_deref()
        .and_then(|period| period.rsplit('-').next())
        .and_then(|year| year.parse().ok());
    Some(AchievementContent {
        name: found.name.clone(),
        value: Quantity::new(decimal(value)?, Unit::parse(found.unit.as_deref().unwrap_or_default())),
        words: found.op_text.clone(),
        year,
    })
}

fn task_content(found: &extract::Task, secondary: bool, first_target: u32) -> TaskContent {
    TaskContent {
        number: found.no.and_then(|number| u32::try_from(number).ok()),
        heading: found.group.clone().or_else(|| found.section.last().cloned()),
        special_action: found.special_action.clone(),
        title: found.title.clone(),
        content: found.content.clone(),
        responsible: found.responsible.clone().unwrap_or_default(),
        cooperating: found.cooperating.clone().unwrap_or_default(),
        basis: found.basis.clone(),
        deadline: found.deadline_text.as_deref().and_then(deadline),
        systems: found.platforms.clone(),
        targets: found.targets.iter().map(|index| first_target + count(*index)).collect(),
        secondary,
    }
}

fn system_status(found: extract::SystemStatus) -> SystemStatus {
    match found {
        extract::SystemStatus::Existing => SystemStatus::Existing,
        extract::SystemStatus::Build => SystemStatus::Build,
        extract::SystemStatus::Upgrade => SystemStatus::Upgrade,
        extract::SystemStatus::Use => SystemStatus::Use,
    }
}

/// Reads `2025年底`, `2025年6月`, `2025年6月30日`, `2025年上半年`, `2025年第三季度` and ISO dates; else `None`.
pub fn deadline(words: &str) -> Option<Date> {
    if let Ok(day) = words.trim().parse::<Date>() {
        return Some(day);
    }
    let (before, after) = words.split_once('年')?;
    let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
    let year: i16 =
        digits.chars().rev().collect::<String>().parse().ok().filter(|year| (1949..=2200).contains(year))?;
    let number =
        |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<i8>().ok();
    if let Some(month) = number(after) {
        let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        let first = Date::new(year, month, 1).ok()?;
        return rest.strip_prefix('月').map(|rest| {
            number(rest).and_then(|day| Date::new(year, month, day).ok()).unwrap_or(first.last_of_month())
        });
    }
    let quarter = ["一季度", "二季度", "三季度", "四季度"].iter().position(|it| after.contains(it));
    let month = match quarter {
        Some(index) => i8::try_from(index * 3 + 3).ok()?,
        None if after.contains("上半年") => 6,
        None => 12,
    };
    Some(Date::new(year, month, 1).ok()?.last_of_month())
}

fn end_of_year(year: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, 12, 31).ok()
}

/// The exact decimal that a floating number was written as.
fn decimal(value: f64) -> Option<Decimal> {
    value.to_string().parse().ok()
}

fn basis_points(confidence: f64) -> u16 {
    let exact = Decimal::from_f64_retain(confidence.clamp(0.0, 1.0)).unwrap_or_default();
    u16::try_from((exact * Decimal::from(10_000)).round().mantissa()).unwrap_or(0)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A title without brackets and spaces, for comparing.
fn bare(title: &str) -> String {
    title.chars().filter(|c| !matches!(c, '《' | '》' | ' ' | '\u{3000}')).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::document::Document;
    use crate::testing::id;

    fn read(text: &str) -> Vec<Finding> {
        let mut next = 100_u128;
        let mut mint = || {
            next += 1;
            Uuid::from_u128(next)
        };
        read_findings(&extract::extract(&Document::from_text(text)), id(5), id(4), &mut mint)
    }

    fn target_of(text: &str) -> TargetContent {
        let findings = read(&format!("槐安区试点计划\n一、发展目标\n{text}\n"));
        let target = findings.iter().find_map(|it| match it.content() {
            Content::Target { target } => Some(target.clone()),
            _ => None,
        });
        target.unwrap_or_else(|| panic!("no target in {text}"))
    }

    #[test]
    fn a_lower_bound_with_a_year_becomes_a_target_with_its_last_day() {
        let it = target_of("到2026年,高新技术企业数量达到900家以上。");
        assert_eq!(it.deadline, Some(date(2026, 12, 31)));
        assert_eq!(it.target.unwrap().shape(), "at_least");
    }

    #[test]
    fn a_share_that_rises_by_percent_is_left_to_be_decided() {
        let it = target_of("到2026年,专精特新企业数量占全区比重较2023年底提升50%以上。");
        assert_eq!((it.target, it.readings.len()), (None, 2));
        assert_eq!(it.baseline.map(|it| it.year), Some(2023));
    }

    #[test]
    fn words_on_deadlines_become_days() {
        assert_eq!(deadline("2025年底"), Some(date(2025, 12, 31)));
        assert_eq!(deadline("2025年6月底前"), Some(date(2025, 6, 30)));
        assert_eq!(deadline("2024年2月"), Some(date(2024, 2, 29)));
        assert_eq!(deadline("2025年上半年"), Some(date(2025, 6, 30)));
        assert_eq!(deadline("2025年第三季度"), Some(date(2025, 9, 30)));
        assert_eq!(deadline("2025年9月15日"), Some(date(2025, 9, 15)));
        assert_eq!(deadline("长期坚持"), None);
    }

    #[test]
    fn confidence_is_kept_in_basis_points() {
        assert_eq!((basis_points(0.9), basis_points(1.0), basis_points(7.0)), (9_000, 10_000, 10_000));
    }
}
