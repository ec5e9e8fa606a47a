//! hutong-plans
