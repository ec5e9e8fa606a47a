//! For the tests of pages: words without an application.

use hutong_kernel::district::Language;
use jiff::tz::TimeZone;

use crate::messages::Messages;
use crate::words::Words;

/// This crate's words in a language, strict, in China's time zone.
///
/// # Panics
/// When this crate's message files are broken.
pub fn words(lang: Language) -> Words {
    words_of(lang, &[])
}

/// This crate's words and those of `more` message files.
///
/// # Panics
/// When a message file is broken.
pub fn words_of(lang: Language, more: &[crate::messages::Source]) -> Words {
    let messages = match Messages::load(crate::messages().iter().chain(more).copied(), true) {
        Ok(messages) => messages,
        Err(error) => panic!("message files of a test: {error}"),
    };
    Words { lang, messages, time_zone: TimeZone::fixed(jiff::tz::offset(8)) }
}
