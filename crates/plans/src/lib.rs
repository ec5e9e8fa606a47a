//! Plans: documents in, an accountable ledger out.
//!
//! | people | file |
//! |---|---|
//! | hand a document in and have it read | [`document`], [`extract`], [`read_findings`] |
//! | decide what was found | [`reading`], [`decide_finding`], [`match_bodies`] |
//! | put a plan into force, release it | [`adopt_plan`], [`plan`] |
//! | promise and state numbers | [`target`], [`indicator`], [`record_statement`], [`statement`], [`evaluate_indicator`] |
//! | do tasks and report | [`task`], [`report_progress`], [`due_list`], [`task_spreadsheet`] |
//! | see where things stand | [`light`], [`light_rules`], [`roll_up`] |
//! | keep the register of systems | [`system`] |
//!
//! # Invariants
//!
//! - Deciding code takes state, command and today's date and gives a change or a refusal; it reads no clock, no store
//!   and no request. The asynchronous part is [`services`] only.
//! - What a document says binds nobody before a person has decided on it and the plan is adopted.
//! - A stated value, a report and a light are never overwritten: they are superseded, replaced, and kept as versions.
//! - What is not known is unknown, with the reason; it is never zero and never green.

mod adopt_bodies;
pub mod adopt_plan;
pub mod api;
pub mod calendar;
pub mod decide_finding;
pub mod document;
pub mod due_list;
pub mod edit_indicator;
pub mod evaluate_indicator;
pub mod extract;
pub mod indicator;
pub mod light;
pub mod light_rules;
pub mod match_bodies;
mod open_decision;
pub mod pages;
pub mod plan;
pub mod read_findings;
pub mod reading;
pub mod record_statement;
mod records;
mod refusals;
pub mod report_progress;
pub mod roll_up;
pub mod see_plan;
pub mod services;
pub mod source;
pub mod statement;
pub mod system;
pub mod target;
pub mod task;
pub mod task_spreadsheet;
#[cfg(test)]
mod testing;

use hutong_kernel::district::Language;

pub use records::kinds;

/// All texts of this context, for the message catalogue.
pub fn messages() -> &'static [(Language, &'static str)] {
    &[
        (Language::Chinese, include_str!("../messages/zh-CN/document.ftl")),
        (Language::English, include_str!("../messages/en/document.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/review.ftl")),
        (Language::English, include_str!("../messages/en/review.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/sheet.ftl")),
        (Language::English, include_str!("../messages/en/sheet.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/board.ftl")),
        (Language::English, include_str!("../messages/en/board.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/plans.ftl")),
        (Language::English, include_str!("../messages/en/plans.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/refusals.ftl")),
        (Language::English, include_str!("../messages/en/refusals.ftl")),
    ]
}

/// The codes of all refusals of this context; each has a text in both languages.
pub fn refusal_codes() -> Vec<&'static str> {
    let lists: [&[&'static str]; 12] = [
        adopt_plan::AdoptRefusal::CODES.as_slice(),
        decide_finding::FindingRefusal::CODES,
        document::ReadError::CODES.as_slice(),
        edit_indicator::IndicatorRefusal::CODES,
        pages::FormRefusal::CODES,
        pages::import::ImportRefusal::CODES,
        plan::PlanRefusal::CODES,
        record_statement::StatementRefusal::CODES,
        report_progress::ReportRefusal::CODES,
        system::SystemRefusal::CODES,
        target::TargetRefusal::CODES,
        task::TaskRefusal::CODES,
    ];
    lists.concat()
}
