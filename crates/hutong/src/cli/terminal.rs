//! How the command line speaks: texts from the message files, answers on standard output, the rest on
//! standard error.

use std::io::{self, IsTerminal, Write};

use hutong_kernel::district::Language;
use hutong_kernel::refusal::Refusal;
use hutong_web::messages::MessagesError;
use hutong_web::{Messages, Value, Words};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::tz::TimeZone;

/// Where a command writes and in which language.
#[derive(Clone)]
pub struct Terminal {
    words: Words,
}

impl Terminal {
    /// A terminal that speaks `lang`.
    ///
    /// # Errors
    /// A message file that cannot be loaded.
    pub fn new(lang: Language) -> Result<Self, MessagesError> {
        let messages = crate::messages::load(false)?;
        Ok(Self { words: Words { lang, messages, time_zone: TimeZone::UTC } })
    }

    /// The same texts in another language and with the district's time zone.
    #[must_use]
    pub fn speaking(&self, lang: Language, time_zone: TimeZone) -> Self {
        Self { words: Words { lang, messages: self.words.messages.clone(), time_zone } }
    }

    /// The texts.
    pub fn messages(&self) -> &Messages {
        &self.words.messages
    }

    /// The words it speaks with.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The text filed under `key`, or `None`.
    pub fn find(&self, key: &str, values: &[(&str, String)]) -> Option<String> {
        self.words.messages.has(self.words.lang, key).then(|| self.text(key, values))
    }

    /// The text filed under `key`; the key itself where there is none, which a test refuses.
    pub fn text(&self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, Value::from(value.clone()))).collect();
        self.words.t_with(key, &values)
    }

    /// What a refusal says to people.
    pub fn refusal(&self, refusal: &dyn Refusal) -> String {
        let key = hutong_web::messages::key_of_code(refusal.code());
        if self.words.messages.has(self.words.lang, &key) {
            self.words.refusal(refusal)
        } else {
            refusal.to_string()
        }
    }

    /// Writes a line of the answer.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn answer(&self, line: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
        out.flush()
    }

    /// Writes a text of the message files as a line of the answer.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn say(&self, key: &str, values: &[(&str, String)]) -> io::Result<()> {
        self.answer(&self.text(key, values))
    }

    /// Says something that nobody has to hear: whoever started a server may have closed its output long ago.
    pub fn announce(&self, key: &str, values: &[(&str, String)]) {
        if let Err(error) = self.say(key, values) {
            tracing::debug!(%error, "nobody reads what the server announces");
        }
    }

    /// Writes a line beside the answer. A closed standard error is nobody's loss.
    pub fn note(&self, line: &str) {
        let mut err = io::stderr().lock();
        let _nobody_listens = writeln!(err, "{line}");
    }

    /// A progress bar of `length` steps; quiet when standard error is not a terminal.
    pub fn progress(&self, key: &str, length: u64) -> ProgressBar {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(length), target).with_message(self.text(key, &[]));
        match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}
