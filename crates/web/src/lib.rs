//! hutong-web
