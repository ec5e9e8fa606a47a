//! Small builders for the tests of this crate.

use jiff::civil::{Date, date};
use uuid::Uuid;

use hutong_kernel::{Id, Quantity, Unit};

use crate::indicator::{Binding, Deadline, EntryMode, Indicator};
use crate::record_statement::RecordStatement;
use crate::source::SourceRef;
use crate::statement::{CheckState, StatedValue, Statement};
use crate::target::Target;

/// An id that tests can name.
pub(crate) fn id<I: Id>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn quantity(value: &str, unit: &str) -> Quantity {
    Quantity::new(value.parse().unwrap(), Unit::parse(unit))
}

/// An indicator of a plan that runs from 2021 to 2025.
pub(crate) fn indicator(target: Target) -> Indicator {
    Indicator {
        id: id(1),
        plan: id(2),
        number: 1,
        name: "修缮面积".into(),
        target,
        words: String::new(),
        binding: Binding::Expected,
        entry_mode: EntryMode::Stock,
        baseline: None,
        start: date(2021, 1, 1),
        deadline: Deadline { day: date(2025, 12, 31), by_default: true },
        path: Vec::new(),
        owners: vec![id(10)],
        weight: 1,
        place: None,
        finding: None,
    }
}

pub(crate) fn command(
    number: u128,
    indicator: &Indicator,
    value: &str,
    unit: &str,
    as_of: Date,
) -> RecordStatement {
    RecordStatement {
        id: id(number),
        indicator: indicator.id,
        value: StatedValue::Number { quantity: quantity(value, unit) },
        from: None,
        as_of,
        source: SourceRef::titled("monthly return"),
        supersedes: None,
        organisation: Some(id(10)),
        stated_by: None,
    }
}

/// A statement that was checked the day after.
pub(crate) fn checked(
    number: u128,
    indicator: &Indicator,
    value: &str,
    unit: &str,
    as_of: Date,
) -> Statement {
    Statement {
        id: id(number),
        plan: indicator.plan,
        indicator: Some(indicator.id),
        name: indicator.name.clone(),
        value: StatedValue::Number { quantity: quantity(value, unit) },
        from: None,
        as_of,
        source: SourceRef::titled("monthly return"),
        supersedes: None,
        check: CheckState::Checked { on: as_of.tomorrow().unwrap(), by: None },
        organisation: Some(id(10)),
        stated_by: None,
        stated_on: as_of.tomorrow().unwrap(),
    }
}

/// A task of a plan that runs from 2021 to 2025.
pub(crate) fn task() -> crate::task::Task {
    crate::task::Task {
        id: id(3),
        plan: id(2),
        number: 1,
        heading: None,
        special_action: None,
        title: "修缮胡同".into(),
        content: String::new(),
        responsible: vec![id(10)],
        cooperating: vec![id(11)],
        responsible_words: String::new(),
        cooperating_words: String::new(),
        owner_by_default: false,
        basis: Vec::new(),
        start: date(2021, 1, 1),
        deadline: Deadline { day: date(2025, 12, 31), by_default: true },
        milestones: Vec::new(),
        weight: 1,
        indicators: Vec::new(),
        systems: Vec::new(),
        progress: None,
        status: crate::task::TaskStatus::Open,
        place: None,
        finding: None,
    }
}

/// A report as of 30 June 2022.
pub(crate) fn report(number: u128, percent: u8) -> crate::report_progress::ReportProgress {
    crate::report_progress::ReportProgress {
        id: id(number),
        organisation: Some(id(10)),
        reported_by: Some(id(70)),
        as_of: date(2022, 6, 30),
        percent,
        narrative: "as planned".into(),
        milestones_done: Vec::new(),
        evidence: Vec::new(),
        why_less: None,
    }
}

pub(crate) fn reading() -> crate::reading::Reading {
    crate::reading::Reading {
        id: id(4),
        document: id(5),
        title: "计划".into(),
        outline: Vec::new(),
        tables: Vec::new(),
        findings: 0,
        state: crate::reading::ReadingState::Open,
        read_on: date(2022, 1, 1),
    }
}

pub(crate) fn finding(number: u32, content: crate::reading::Content) -> crate::reading::Finding {
    crate::reading::Finding {
        id: id(1000 + u128::from(number)),
        reading: id(4),
        order: number,
        found: content,
        place: None,
        confidence_bp: 9_000,
        state: crate::reading::FindingState::Open,
        decided: None,
    }
}

pub(crate) fn organisation(number: u128, name: &str) -> hutong_kernel::Organisation {
    hutong_kernel::Organisation {
        id: id(number),
        name: name.into(),
        name_en: name.into(),
        aliases: Vec::new(),
        class: hutong_kernel::organisation::OrganisationClass::Department,
        parent: None,
        valid_from: date(2000, 1, 1),
        valid_to: None,
        predecessors: Vec::new(),
    }
}
