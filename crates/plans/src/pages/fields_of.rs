//! Which field of a form a refusal speaks of.

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
