//! Every text that people see, in both languages.
//!
//! Texts live in Fluent files (`messages/zh-CN/*.ftl`, `messages/en/*.ftl`) beside the code that shows them;
//! each crate exports its own and the binary loads them all. An error's text is filed under its code with
//! `.` written as `-`. A text that is missing in one language is a mistake that [`gaps`] finds in a test, not
//! something that falls back quietly to the other language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use hutong_kernel::district::Language;
use thiserror::Error;
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue as Value;

/// A message file's language and content, as each crate's `messages()` lists them.
pub type Source = (Language, &'static str);

/// All loaded texts. Cheap to clone.
#[derive(Clone)]
pub struct Messages(Arc<Loaded>);

struct Loaded {
    chinese: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
    /// A missing text stops the program instead of showing its key.
    strict: bool,
}

/// A message file that cannot be loaded: a mistake of ours, found when the program starts.
#[derive(Debug, Error)]
pub enum MessagesError {
    /// The file does not follow Fluent's syntax.
    #[error("message file in {language:?} has {count} syntax errors, the first: {first}")]
    Syntax {
        /// The file's language.
        language: Language,
        /// How many errors.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// Two files define the same id.
    #[error("messages in {language:?} are defined twice: {detail}")]
    Twice {
        /// The files' language.
        language: Language,
        /// Which.
        detail: String,
    },
}

impl Messages {
    /// Loads message files of both languages. `strict` makes a missing text a panic: for tests.
    ///
    /// # Errors
    /// [`MessagesError`] for a broken file or an id that is defined twice.
    pub fn load(sources: impl IntoIterator<Item = Source>, strict: bool) -> Result<Self, MessagesError> {
        let mut chinese = empty_bundle(Language::Chinese);
        let mut english = empty_bundle(Language::English);
        for (language, text) in sources {
            let resource =
                FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| MessagesError::Syntax {
                    language,
                    count: errors.len(),
                    first: errors.first().map(ToString::to_string).unwrap_or_default(),
                })?;
            let bundle = match language {
                Language::Chinese => &mut chinese,
                Language::English => &mut english,
            };
            bundle.add_resource(resource).map_err(|errors| MessagesError::Twice {
                language,
                detail: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            })?;
        }
        Ok(Self(Arc::new(Loaded { chinese, english, strict })))
    }

    /// Is there a text under `key`?
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.bundle(language).has_message(key)
    }

    /// The text under `key`, with its variables filled in.
    ///
    /// # Panics
    /// When the text is missing or lacks a variable and the messages were loaded strictly.
    pub fn text(&self, language: Language, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let bundle = self.bundle(language);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            assert!(!self.0.strict, "no text {key} in {}", language.tag());
            tracing::warn!(key, language = language.tag(), "a text is missing");
            return key.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            arguments.set(*name, value.clone());
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        assert!(errors.is_empty() || !self.0.strict, "text {key} in {}: {errors:?}", language.tag());
        text
    }

    fn bundle(&self, language: Language) -> &FluentBundle<FluentResource> {
        match language {
            Language::Chinese => &self.0.chinese,
            Language::English => &self.0.english,
        }
    }
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").field("strict", &self.0.strict).finish_non_exhaustive()
    }
}

fn empty_bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks are for mixed writing directions, which neither language has; they would end up in
    // copied text.
    bundle.set_use_isolating(false);
    bundle
}

/// The key of a coded refusal's text: `plans.statement.total_fell` is filed under `plans-statement-total_fell`.
pub fn key_of_code(code: &str) -> String {
    code.replace('.', "-")
}

/// What differs between the languages: ids or variables that one has and the other has not. Empty is good.
pub fn gaps(sources: &[Source]) -> Vec<String> {
    let mut texts: BTreeMap<&'static str, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (language, source) in sources {
        let of_language = texts.entry(language.tag()).or_default();
        for (id, variables) in ids_and_variables(source) {
            of_language.entry(id).or_default().extend(variables);
        }
    }
    let empty = BTreeMap::new();
    let chinese = texts.get(Language::Chinese.tag()).unwrap_or(&empty);
    let english = texts.get(Language::English.tag()).unwrap_or(&empty);
    let mut gaps = Vec::new();
    for id in chinese.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
        match (chinese.get(id), english.get(id)) {
            (Some(left), Some(right)) if left != right => {
                gaps.push(format!("{id}: zh-CN names {left:?}, en names {right:?}"));
            }
            (Some(_), None) => gaps.push(format!("{id}: missing in en")),
            (None, Some(_)) => gaps.push(format!("{id}: missing in zh-CN")),
            _ => {}
        }
    }
    gaps
}

/// Ids at the beginning of a line, each with the `$variables` up to the next id.
fn ids_and_variables(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in source.lines() {
        if let Some((id, _)) = line.split_once('=')
            && line.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            found.push((id.trim().to_owned(), BTreeSet::new()));
        }
        if let Some((_, variables)) = found.last_mut()
            && !line.starts_with('#')
        {
            variables.extend(line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_crates_texts_are_complete_in_both_languages() {
        assert_eq!(gaps(crate::messages()), Vec::<String>::new());
        Messages::load(crate::messages().iter().copied(), true).unwrap();
    }

    #[test]
    fn a_missing_variable_is_a_gap() {
        let sources = [(Language::Chinese, "a = 共{ $count }项\nb = 是"), (Language::English, "a = some")];
        assert_eq!(gaps(&sources), ["a: zh-CN names {\"count\"}, en names {}", "b: missing in en"]);
    }

    #[test]
    fn an_id_defined_twice_is_refused() {
        let twice = [(Language::English, "a = one"), (Language::English, "a = two")];
        assert!(matches!(Messages::load(twice, true), Err(MessagesError::Twice { .. })));
    }
}
