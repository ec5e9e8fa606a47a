//! hutong-store
