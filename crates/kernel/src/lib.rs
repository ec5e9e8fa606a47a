//! hutong-kernel
