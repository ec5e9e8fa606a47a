//! A clock that is moved by hand.

use std::sync::{Arc, Mutex, PoisonError};

use hutong_kernel::Clock;
use jiff::{SignedDuration, Timestamp};

/// Starts on Monday, 2 March 2026, 09:00 in Beijing. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct FakeClock {
    now: Arc<Mutex<Timestamp>>,
}

impl Default for FakeClock {
    fn default() -> Self {
        // 2026-03-02T01:00:00Z
        Self::at(Timestamp::from_second(1_772_413_200).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

impl FakeClock {
    /// A clock that shows `now` until it is moved.
    pub fn at(now: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(now)) }
    }

    /// Moves it to another moment, also back.
    pub fn set(&self, now: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves it on.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
