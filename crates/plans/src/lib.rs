//! hutong-plans

pub mod document;
pub mod task_spreadsheet;
