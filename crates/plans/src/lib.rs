//! hutong-plans

pub mod document;
pub mod extract;
pub mod task_spreadsheet;
