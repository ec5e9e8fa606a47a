//! For the tests of pages: words without an application, and an application without a binary.

use std::sync::Arc;

use hutong_kernel::district::Language;
use hutong_kernel::{Clock, District, WorkingCalendar};
use hutong_store::Store;
use jiff::tz::TimeZone;

use crate::messages::Messages;
use crate::password::Passwords;
use crate::state::{AppParts, Limits};
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

/// An application for tests of pages: an invented district in China's time zone, strict texts (this crate's,
/// the store's and `more`), cheap passwords, no ledger. Fields may be changed before [`crate::App::new`].
///
/// # Panics
/// When a message file is broken.
pub fn parts(store: Store, clock: Arc<dyn Clock>, more: &[crate::messages::Source]) -> AppParts {
    let sources = crate::messages().iter().chain(hutong_store::messages()).chain(more).copied();
    let messages = match Messages::load(sources, true) {
        Ok(messages) => messages,
        Err(error) => panic!("message files of a test: {error}"),
    };
    let passwords = match Passwords::cheap() {
        Ok(passwords) => passwords,
        Err(error) => panic!("passwords of a test: {error}"),
    };
    AppParts {
        store,
        ledger: None,
        due: None,
        clock,
        district: District {
            name_zh: "槐安区".to_owned(),
            name_en: "Huai'an District".to_owned(),
            time_zone: TimeZone::fixed(jiff::tz::offset(8)),
            demo: true,
        },
        calendar: WorkingCalendar::default(),
        messages,
        passwords,
        navigation: Vec::new(),
        limits: Limits::default(),
        https: false,
    }
}
