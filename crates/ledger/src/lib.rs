//! hutong-ledger
