//! What a person can do with a finding: accept, correct, reject, split, merge, add, and take that back.

use hutong_kernel::{FindingId, ReadingId};

use crate::reading::{Content, Finding, FindingState, Reading, ReadingState};
use crate::refusals::refusals;
use crate::source::Place;
use crate::target::TargetRefusal;

/// Most parts of a split, and most findings merged at once.
pub const PARTS_MAX: usize = 50;

/// Which findings a decision changes, and which it makes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decided {
    /// Changed findings.
    pub changed: Vec<Finding>,
    /// New findings.
    pub made: Vec<Finding>,
}

impl Decided {
    fn one(finding: Finding) -> Self {
        Self { changed: vec![finding], made: Vec::new() }
    }
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Right as found. `reading` picks one of several readings of a target, from 0.
    Accept {
        /// Which reading.
        reading: Option<usize>,
    },
    /// Right with this content.
    Correct {
        /// The content.
        content: Content,
    },
    /// Not a finding.
    Reject {
        /// Why.
        reason: Option<String>,
    },
    /// Nobody has decided.
    Reopen,
    /// Is several things.
    Split {
        /// Each with the identity of its new finding.
        parts: Vec<(FindingId, Content)>,
    },
    /// Is one thing with these others.
    Merge {
        /// The others, as they are.
        others: Vec<Finding>,
        /// What they are together.
        content: Content,
    },
}

/// Decides on one finding. `next_order` is the place of the first finding that a split makes.
///
/// # Errors
/// [`FindingRefusal`].
pub fn decide_finding(
    reading: &Reading,
    finding: &Finding,
    decision: Decision,
    next_order: u32,
) -> Result<Decided, FindingRefusal> {
    open(reading)?;
    let gone = matches!(finding.state, FindingState::Split { .. } | FindingState::Merged { .. });
    if gone && decision != Decision::Reopen {
        return Err(FindingRefusal::Gone { state: finding.state.name().to_owned() });
    }
    match decision {
        Decision::Accept { reading: choice } => accept(finding, choice).map(Decided::one),
        Decision::Correct { content } => {
            same_kind(finding, &content)?;
            check_content(&content)?;
            let state = if finding.state == FindingState::Added {
                FindingState::Added
            } else {
                FindingState::Corrected
            };
            Ok(Decided::one(Finding { state, decided: Some(content), ..finding.clone() }))
        }
        Decision::Reject { reason } => {
            let reason = reason.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
            Ok(Decided::one(Finding { state: FindingState::Rejected { reason }, ..finding.clone() }))
        }
        Decision::Reopen => match finding.state {
            // Its parts stand on their own now; taking the split back would count them twice.
            FindingState::Split { .. } | FindingState::Merged { .. } => {
                Err(FindingRefusal::Gone { state: finding.state.name().to_owned() })
            }
            FindingState::Open => Err(FindingRefusal::NothingChanges),
            FindingState::Added => Ok(Decided::one(finding.clone())),
            _ => Ok(Decided::one(Finding { state: FindingState::Open, decided: None, ..finding.clone() })),
        },
        Decision::Split { parts } => split(finding, parts, next_order),
        Decision::Merge { others, content } => merge(finding, others, content),
    }
}

fn accept(finding: &Finding, choice: Option<usize>) -> Result<Finding, FindingRefusal> {
    let mut content = finding.content().clone();
    let mut chosen = false;
    if let Content::Target { target } = &mut content {
        if let Some(choice) = choice {
            let reading =
                target.readings.get(choice).ok_or(FindingRefusal::NoSuchReading { index: choice })?;
            target.target = Some(reading.clone());
            chosen = true;
        }
        if target.target.is_none() {
            return Err(FindingRefusal::ReadingOpen { name: target.name.clone() });
        }
    }
    check_content(&content)?;
    let state = match finding.state {
        FindingState::Added => FindingState::Added,
        _ if chosen || finding.decided.is_some() => FindingState::Corrected,
        _ => FindingState::Accepted,
    };
    let decided = if chosen { Some(content) } else { finding.decided.clone() };
    Ok(Finding { state, decided, ..finding.clone() })
}

fn split(
    finding: &Finding,
    parts: Vec<(FindingId, Content)>,
    next_order: u32,
) -> Result<Decided, FindingRefusal> {
    if !(2..=PARTS_MAX).contains(&parts.len()) {
        return Err(FindingRefusal::Parts { given: parts.len(), limit: PARTS_MAX });
    }
    let mut made = Vec::with_capacity(parts.len());
    for (order, (id, content)) in (next_order..).zip(parts) {
        same_kind(finding, &content)?;
        check_content(&content)?;
        made.push(Finding {
            id,
            reading: finding.reading,
            order,
            found: content,
            place: finding.place.clone(),
            confidence_bp: 10_000,
            state: FindingState::Added,
            decided: None,
        });
    }
    let into = made.iter().map(|it| it.id).collect();
    let changed = vec![Finding { state: FindingState::Split { into }, ..finding.clone() }];
    Ok(Decided { changed, made })
}

fn merge(finding: &Finding, others: Vec<Finding>, content: Content) -> Result<Decided, FindingRefusal> {
    if others.is_empty() || PARTS_MAX < others.len() {
        return Err(FindingRefusal::Parts { given: others.len(), limit: PARTS_MAX });
    }
    same_kind(finding, &content)?;
    check_content(&content)?;
    let mut changed =
        vec![Finding { state: FindingState::Corrected, decided: Some(content.clone()), ..finding.clone() }];
    for other in others {
        if other.id == finding.id || other.reading != finding.reading {
            return Err(FindingRefusal::MergeOthers);
        }
        same_kind(&other, &content)?;
        if matches!(other.state, FindingState::Split { .. } | FindingState::Merged { .. }) {
            return Err(FindingRefusal::Gone { state: other.state.name().to_owned() });
        }
        changed.push(Finding { state: FindingState::Merged { into: finding.id }, ..other });
    }
    Ok(Decided { changed, made: Vec::new() })
}

/// Adds what the reader of documents missed. `text` is the document's text; the words must stand at their place.
///
/// # Errors
/// [`FindingRefusal`].
pub fn add_finding(
    reading: &Reading,
    id: FindingId,
    order: u32,
    content: Content,
    place: Option<Place>,
    text: &str,
) -> Result<Finding, FindingRefusal> {
    open(reading)?;
    check_content(&content)?;
    if let Some(place) = &place {
        let length = place.end.saturating_sub(place.start) as usize;
        let words: String = text.chars().skip(place.start as usize).take(length).collect();
        if place.document != reading.document || words.is_empty() || words != place.quote {
            return Err(FindingRefusal::WordsElsewhere);
        }
    }
    Ok(Finding {
        id,
        reading: reading.id,
        order,
        found: content,
        place,
        confidence_bp: 10_000,
        state: FindingState::Added,
        decided: None,
    })
}

fn open(reading: &Reading) -> Result<(), FindingRefusal> {
    if reading.state == ReadingState::Open {
        Ok(())
    } else {
        Err(FindingRefusal::ReadingClosed { state: reading.state.name().to_owned() })
    }
}

fn same_kind(finding: &Finding, content: &Content) -> Result<(), FindingRefusal> {
    if finding.content().kind() == content.kind() {
        Ok(())
    } else {
        Err(FindingRefusal::OtherKind {
            found: finding.content().kind().to_owned(),
            given: content.kind().to_owned(),
        })
    }
}

/// Refuses contents that no plan can hold.
fn check_content(content: &Content) -> Result<(), FindingRefusal> {
    if content.name().trim().is_empty() {
        return Err(FindingRefusal::NameMissing);
    }
    match content {
        Content::Target { target } => {
            if let Some(target) = &target.target {
                target.check()?;
            }
        }
        Content::Metadata { field, value } => crate::adopt_plan::check_metadata(*field, value)?,
        _ => {}
    }
    Ok(())
}

impl From<TargetRefusal> for FindingRefusal {
    fn from(refusal: TargetRefusal) -> Self {
        Self::Target { why: refusal }
    }
}

refusals! {
    /// Why a finding cannot be decided on so.
    pub enum FindingRefusal {
        /// The reading is adopted or put aside.
        ReadingClosed { state: String } => ("plans.finding.reading_closed", 409, "the reading is {state}"),
        /// Split or merged before.
        Gone { state: String } => ("plans.finding.gone", 409, "the finding is {state}; decide on what it became"),
        /// It is so already.
        NothingChanges => ("plans.finding.nothing_changes", 409, "nothing would change"),
        /// Several readings, none chosen.
        ReadingOpen { name: String } => ("plans.finding.reading_open", 422, "{name} can be read in several ways; choose one"),
        /// No such reading.
        NoSuchReading { index: usize } => ("plans.finding.no_such_reading", 422, "there is no reading {index}"),
        /// No name.
        NameMissing => ("plans.finding.name_missing", 422, "a finding has a name"),
        /// Another kind of thing.
        OtherKind { found: String, given: String } => ("plans.finding.other_kind", 422, "a {found} does not become a {given}; reject it and add the other"),
        /// Too few or too many parts.
        Parts { given: usize, limit: usize } => ("plans.finding.parts", 422, "{given} parts, at least two and at most {limit} are possible"),
        /// Merged with itself or across readings.
        MergeOthers => ("plans.finding.merge_others", 422, "only other findings of the same reading can be merged"),
        /// The quoted words are not at their place.
        WordsElsewhere => ("plans.finding.words_elsewhere", 422, "the quoted words do not stand at the place given"),
        /// A date or a period that cannot be read.
        Metadata { field: String, value: String } => ("plans.finding.metadata", 422, "{field} cannot be {value}"),
        /// A target that cannot be so.
        Target { why: TargetRefusal } => ("plans.finding.target", 422, "{why}"),
        /// No such finding.
        NotFound => ("plans.finding.not_found", 404, "there is no such finding"),
        /// No such reading of a document.
        NoReading => ("plans.reading.not_found", 404, "there is no such reading"),
    }
}

/// The place of the next finding of a reading.
pub fn next_order(reading: ReadingId, findings: &[Finding]) -> u32 {
    findings.iter().filter(|it| it.reading == reading).map(|it| it.order).max().unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use hutong_kernel::Refusal;
    use insta::assert_snapshot;

    use super::*;
    use crate::reading::{MetadataField, TargetContent};
    use crate::target::{Bound, ShareChange, Target};
    use crate::testing::{finding, id, reading};

    fn ambiguous() -> Finding {
        let by = |by| Target::ShareGrowth { bound: Bound::AtLeast, by };
        let fifty = rust_decimal::Decimal::from(50);
        finding(
            1,
            Content::Target {
                target: TargetContent {
                    name: "占比".into(),
                    words: "提升50%以上".into(),
                    target: None,
                    readings: vec![
                        by(ShareChange::Relative { percent: fifty }),
                        by(ShareChange::Points { points: fifty }),
                    ],
                    deadline: None,
                    baseline: None,
                    binding: Default::default(),
                    entry_mode: Default::default(),
                    owners: Vec::new(),
                    secondary: false,
                },
            },
        )
    }

    /// The one place that calls the function under test.
    fn check(finding: &Finding, decision: Decision) -> String {
        match decide_finding(&reading(), finding, decision, 9) {
            Ok(it) => {
                let names =
                    |list: &[Finding]| list.iter().map(|it| it.state.name()).collect::<Vec<_>>().join(" ");
                format!("{} | {}", names(&it.changed), names(&it.made))
            }
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        }
    }

    fn basis(title: &str) -> Content {
        Content::Basis { title: title.into() }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_accepted_before_one_is_chosen() {
        assert_snapshot!(check(&ambiguous(), Decision::Accept { reading: None }), @"plans.finding.reading_open: 占比 can be read in several ways; choose one");
        assert_snapshot!(check(&ambiguous(), Decision::Accept { reading: Some(1) }), @"corrected | ");
        assert_snapshot!(check(&ambiguous(), Decision::Accept { reading: Some(2) }), @"plans.finding.no_such_reading: there is no reading 2");
    }

    #[test]
    fn a_split_leaves_its_parts_and_cannot_be_decided_on_again() {
        let glued = finding(1, basis("甲乙"));
        let parts = vec![(id(21), basis("甲")), (id(22), basis("乙"))];
        assert_snapshot!(check(&glued, Decision::Split { parts: parts.clone() }), @"split | added added");
        let split =
            decide_finding(&reading(), &glued, Decision::Split { parts }, 9).unwrap().changed.remove(0);
        assert_snapshot!(check(&split, Decision::Accept { reading: None }), @"plans.finding.gone: the finding is split; decide on what it became");
    }

    #[test]
    fn a_merge_keeps_one_and_points_the_others_to_it() {
        let (one, other) = (finding(1, basis("甲")), finding(2, basis("甲乙")));
        let merge = |others| Decision::Merge { others, content: basis("甲乙") };
        assert_snapshot!(check(&one, merge(vec![other])), @"corrected merged | ");
        assert_snapshot!(check(&one, merge(vec![one.clone()])), @"plans.finding.merge_others: only other findings of the same reading can be merged");
    }

    #[test]
    fn a_correction_keeps_the_kind_and_what_was_found() {
        let one = finding(1, basis("甲"));
        assert_snapshot!(check(&one, Decision::Correct { content: Content::System { name: "甲".into(), status: crate::system::SystemStatus::Build } }), @"plans.finding.other_kind: a basis does not become a system; reject it and add the other");
        let it = decide_finding(&reading(), &one, Decision::Correct { content: basis("乙") }, 9).unwrap();
        assert_eq!((it.changed[0].found.name(), it.changed[0].content().name()), ("甲", "乙"));
    }

    #[test]
    fn an_adopted_reading_is_closed() {
        let adopted = Reading { state: ReadingState::Adopted { plan: id(2) }, ..reading() };
        let refused =
            decide_finding(&adopted, &finding(1, basis("甲")), Decision::Accept { reading: None }, 9);
        assert_eq!(refused.unwrap_err().code(), "plans.finding.reading_closed");
    }

    #[test]
    fn added_words_must_stand_where_they_are_said_to() {
        let text = "第一行\n依据文件";
        let place = |start, quote: &str| {
            Some(Place { document: id(5), line: 2, start, end: start + 4, quote: quote.into() })
        };
        let add = |place| add_finding(&reading(), id(9), 3, basis("依据文件"), place, text);
        assert!(add(place(4, "依据文件")).is_ok());
        assert_eq!(add(place(3, "依据文件")).unwrap_err(), FindingRefusal::WordsElsewhere);
        let content = Content::Metadata { field: MetadataField::Period, value: "soon".into() };
        let refused = add_finding(&reading(), id(9), 3, content, None, text).unwrap_err();
        assert_eq!(refused.code(), "plans.finding.metadata");
    }
}
