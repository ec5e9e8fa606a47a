//! hutong-plans

pub mod document;
