//! Every bound of the store, by name.

/// Longest body of one record. Unit: bytes of its canonical JSON. The leaf that commits to it stays 32 bytes.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Deepest nesting of a body.
pub const BODY_DEPTH_MAX: usize = 64;
/// Longest reason of a change. Unit: characters.
pub const REASON_CHARS_MAX: usize = 2_000;
/// Most records that one change writes.
pub const CHANGE_RECORDS_MAX: usize = 50_000;
/// Longest page of a list, of the journal or of a history; a larger limit is cut to this.
pub const PAGE_MAX: usize = 200;
/// Longest piece of the feed that is handed out at once.
pub const FEED_MAX: usize = 10_000;
/// Most records that [`crate::Store::all`] returns.
pub const ALL_MAX: usize = 50_000;
/// Counting stops here.
pub const COUNT_MAX: u64 = 1_000;
/// Longest idempotency key. Unit: bytes.
pub const IDEMPOTENCY_KEY_MAX: usize = 200;
/// How often [`crate::Change::put`] starts again when somebody else changed the record meanwhile.
pub const PUT_TRIES_MAX: usize = 32;
/// Longest data that a session carries. Unit: bytes.
pub const SESSION_DATA_MAX: usize = 8 * 1024;
