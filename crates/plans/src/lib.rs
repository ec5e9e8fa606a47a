//! Plans: documents in, an accountable ledger out.

pub mod calendar;
pub mod document;
pub mod due_list;
pub mod evaluate_indicator;
pub mod extract;
pub mod indicator;
pub mod light;
pub mod light_rules;
pub mod plan;
pub mod record_statement;
mod refusals;
pub mod report_progress;
pub mod roll_up;
pub mod source;
pub mod statement;
pub mod system;
pub mod target;
pub mod task;
pub mod task_spreadsheet;
#[cfg(test)]
mod testing;
