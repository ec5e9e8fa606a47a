//! What the frame is given by the binary.

use std::sync::Arc;

use hutong_kernel::Clock;
use hutong_kernel::district::Language;
use hutong_store::Store;

/// Values that a text names.
pub type Values<'a> = &'a [(&'static str, String)];

/// Where texts come from. The binary passes the same messages that the pages speak.
pub trait Texts: Send + Sync + 'static {
    /// The text filed under `id`, with its values; `None` if there is none.
    fn text(&self, language: Language, id: &str, values: Values<'_>) -> Option<String>;
}

impl<F> Texts for F
where
    F: Fn(Language, &str, Values<'_>) -> Option<String> + Send + Sync + 'static,
{
    fn text(&self, language: Language, id: &str, values: Values<'_>) -> Option<String> {
        self(language, id, values)
    }
}

/// The parts that the frame works with. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    /// Records and journal.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where texts come from.
    pub texts: Arc<dyn Texts>,
}
