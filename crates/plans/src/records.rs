//! How the things of this context are kept: kinds, and the lists that they can be read by.

use hutong_kernel::{
    DocumentId, FindingId, IndicatorId, LightId, PlanId, ReadingId, ReportId, StatementId, SystemId, TaskId,
};
use hutong_store::{Index, IndexValue, KindSpec, Record};

use crate::indicator::Indicator;
use crate::light::Light;
use crate::plan::Plan;
use crate::reading::{Finding, PlanDocument, Reading};
use crate::report_progress::ProgressReport;
use crate::statement::Statement;
use crate::system::PlannedSystem;
use crate::task::Task;

/// All kinds of this context.
pub fn kinds() -> Vec<KindSpec> {
    vec![
        KindSpec::of::<PlanDocument>(),
        KindSpec::of::<Reading>(),
        KindSpec::of::<Finding>(),
        KindSpec::of::<Plan>(),
        KindSpec::of::<Indicator>(),
        KindSpec::of::<Statement>(),
        KindSpec::of::<Task>(),
        KindSpec::of::<ProgressReport>(),
        KindSpec::of::<Light>(),
        KindSpec::of::<PlannedSystem>(),
    ]
}

/// Declares how a type is kept.
macro_rules! record {
    ($type:ty, $id:ty, $kind:literal, [$($name:literal: [$($equals:literal),*] $($sort:literal)?),+ $(,)?], $self:ident => [$($field:literal = $value:expr),+ $(,)?]) => {
        impl Record for $type {
            type Id = $id;
            const KIND: &'static str = $kind;
            const INDEXES: &'static [Index] =
                &[$(Index { name: $name, equals: &[$($equals),*], sort: record!(@sort $($sort)?) }),+];
            fn id(&self) -> $id {
                self.id
            }
            fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
                let $self = self;
                vec![$(($field, $value.into())),+]
            }
        }
    };
    (@sort) => { None };
    (@sort $sort:literal) => { Some($sort) };
}

record!(PlanDocument, DocumentId, "plan_document", ["by_sha256": ["sha256"] "received_on"],
    it => ["sha256" = it.sha256.as_str(), "received_on" = it.received_on]);
record!(Reading, ReadingId, "reading", ["by_state": ["state"] "read_on", "by_day": [] "read_on"],
    it => ["state" = it.state.name(), "read_on" = it.read_on]);
record!(Finding, FindingId, "finding", ["by_reading": ["reading"] "place"],
    it => ["reading" = it.reading, "place" = it.order]);
record!(Plan, PlanId, "plan", ["by_released": ["released"] "first_day", "by_status": ["status"] "first_day", "by_first_day": [] "first_day"],
    it => ["released" = it.released, "status" = it.status.name(), "first_day" = it.first_day]);
record!(Indicator, IndicatorId, "indicator", ["by_plan": ["plan"] "number"],
    it => ["plan" = it.plan, "number" = it.number]);
record!(Statement, StatementId, "statement",
    ["by_indicator": ["indicator"] "as_of", "by_plan": ["plan"] "as_of", "by_check": ["check_state"] "stated_on"],
    it => ["indicator" = it.indicator, "plan" = it.plan, "as_of" = it.as_of, "check_state" = it.check.name(), "stated_on" = it.stated_on]);
record!(Task, TaskId, "task", ["by_plan": ["plan"] "number", "by_status": ["status"] "deadline"],
    it => ["plan" = it.plan, "number" = it.number, "status" = it.status.name(), "deadline" = it.deadline.day]);
record!(ProgressReport, ReportId, "progress_report",
    ["by_task": ["task"] "reported_on", "by_plan": ["plan"] "reported_on", "by_check": ["check_state"] "reported_on"],
    it => ["task" = it.task, "plan" = it.plan, "reported_on" = it.reported_on, "check_state" = it.check.name()]);
record!(Light, LightId, "light", ["by_plan": ["plan"] "state", "by_owner": ["owner"] "state", "by_state": ["state"] "since"],
    it => ["plan" = it.plan, "state" = it.state.name(), "owner" = it.owner, "since" = it.since]);
record!(PlannedSystem, SystemId, "planned_system", ["by_plan": ["plan"] "name", "by_status": ["status"] "name", "by_name": [] "name"],
    it => ["plan" = it.plan, "name" = it.name.as_str(), "status" = it.status.name()]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_declared_without_a_mistake() {
        for kind in kinds() {
            assert_eq!(kind.mistake(), None, "{}", kind.kind());
        }
    }
}
