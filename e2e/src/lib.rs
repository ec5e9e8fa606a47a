//! hutong-e2e
