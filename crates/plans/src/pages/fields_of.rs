//! Which field of a form a refusal speaks of.

use crate::record_statement::StatementRefusal;
use crate::report_progress::ReportRefusal;

/// The field of the report form; empty for the form as a whole.
pub(super) fn report(refusal: &ReportRefusal) -> &'static str {
    match refusal {
        ReportRefusal::PercentTooHigh { .. } => "percent",
        ReportRefusal::InFuture { .. } | ReportRefusal::BeforeLast { .. } => "as_of",
        ReportRefusal::NarrativeMissing | ReportRefusal::NarrativeTooLong { .. } => "narrative",
        ReportRefusal::FellWithoutReason { .. } => "why_less",
        ReportRefusal::TooMuchEvidence { .. } => "evidence",
        _ => "",
    }
}

/// The field of the statement form; empty for the form as a whole.
pub(super) fn statement(refusal: &StatementRefusal) -> &'static str {
    match refusal {
        StatementRefusal::UnitMismatch { .. } => "unit",
        StatementRefusal::NumberNeeded { .. } | StatementRefusal::TotalFell { .. } | StatementRefusal::TotalAboveLater { .. } => "value",
        StatementRefusal::WordsMissing | StatementRefusal::WordsNeeded => "words",
        StatementRefusal::SourceMissing => "source",
        StatementRefusal::DayNotOver { .. } | StatementRefusal::OutsidePlan { .. } | StatementRefusal::AlreadyStated { .. } => "as_of",
        StatementRefusal::PeriodReversed { .. } | StatementRefusal::PeriodOverlaps { .. } => "from",
        _ => "",
    }
}
