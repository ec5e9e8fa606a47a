//! How the command line speaks: texts from the message files, answers on standard output, the rest on
//! standard error.

use std::io::{self, IsTerminal, Write};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use hutong_kernel::district::Language;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use unic_langid::LanguageIdentifier;

/// Texts of the command line.
pub(super) const TEXTS: [(Language, &str); 2] = [
    (Language::Chinese, include_str!("../../messages/zh-CN/cli.ftl")),
    (Language::English, include_str!("../../messages/en/cli.ftl")),
];

/// Where a command writes and in which language.
pub struct Terminal {
    language: Language,
    texts: FluentBundle<FluentResource>,
}

impl Terminal {
    /// A terminal that speaks `language`.
    pub fn new(language: Language) -> Self {
        let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut texts = FluentBundle::new_concurrent(vec![tag]);
        texts.set_use_isolating(false);
        for (_, source) in TEXTS.iter().filter(|(it, _)| *it == language) {
            // A file with a slip still gives the texts that are whole; a test refuses the slip.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
            texts.add_resource_overriding(resource);
        }
        Self { language, texts }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text filed under `key`, or `None`.
    pub fn find(&self, key: &str, values: &[(&str, String)]) -> Option<String> {
        let pattern = self.texts.get_message(key)?.value()?;
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, FluentValue::from(value.clone()));
        }
        let mut slips = Vec::new();
        let text = self.texts.format_pattern(pattern, Some(&args), &mut slips);
        debug_assert!(slips.is_empty(), "{key}: {slips:?}");
        Some(text.into_owned())
    }

    /// The text filed under `key`; the key itself where there is none, which a test refuses.
    pub fn text(&self, key: &str, values: &[(&str, String)]) -> String {
        self.find(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// Writes a line of the answer.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn answer(&self, line: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")
    }

    /// Writes a text of the message files as a line of the answer.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn say(&self, key: &str, values: &[(&str, String)]) -> io::Result<()> {
        self.answer(&self.text(key, values))
    }

    /// Writes a line beside the answer. A closed standard error is nobody's loss.
    pub fn note(&self, line: &str) {
        let mut err = io::stderr().lock();
        let _ = writeln!(err, "{line}");
    }

    /// A progress bar of `length` steps; quiet when standard error is not a terminal.
    pub fn progress(&self, key: &str, length: u64) -> ProgressBar {
        let target =
            if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(length), target).with_message(self.text(key, &[]));
        match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}
