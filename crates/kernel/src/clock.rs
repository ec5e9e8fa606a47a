//! Where the time comes from.
//!
//! Only the binary has a clock that runs; tests have one that they move by hand. The clock is read once for
//! each request or job and passed on as a value.

use jiff::Timestamp;

/// Says what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
}
