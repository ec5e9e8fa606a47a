//! hutong
