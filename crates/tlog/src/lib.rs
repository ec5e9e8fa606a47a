//! hutong-tlog
