//! All texts, from every crate.

use hutong_kernel::district::Language;
use hutong_web::Messages;
use hutong_web::messages::{MessagesError, Source};

/// This crate's texts.
pub fn own() -> &'static [Source] {
    &[
        (Language::Chinese, include_str!("../messages/zh-CN/cli.ftl")),
        (Language::English, include_str!("../messages/en/cli.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/spine.ftl")),
        (Language::English, include_str!("../messages/en/spine.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/fields.ftl")),
        (Language::English, include_str!("../messages/en/fields.ftl")),
        (Language::Chinese, include_str!("../messages/zh-CN/session.ftl")),
        (Language::English, include_str!("../messages/en/session.ftl")),
    ]
}

/// The message files of all crates.
pub fn sources() -> Vec<Source> {
    [
        own(),
        hutong_api::messages(),
        hutong_web::messages(),
        hutong_store::messages(),
        hutong_ledger::messages(),
        hutong_plans::messages(),
    ]
    .concat()
}

/// All texts, loaded. `strict` makes a missing text a panic: for tests.
///
/// # Errors
/// A message file that cannot be loaded: a mistake of ours.
pub fn load(strict: bool) -> Result<Messages, MessagesError> {
    Messages::load(sources(), strict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_all_crates_fit_together_and_are_complete() {
        assert_eq!(hutong_web::messages::gaps(&sources()), Vec::<String>::new());
        assert!(load(true).is_ok());
    }
}
