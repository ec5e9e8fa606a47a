//! Word lists: general vocabulary of plan documents, kept as data beside the code.
//!
//! A list is a text file, one word a line, `#` for remarks, an optional tag after a tab. The longest word wins. What
//! belongs here is language (verbs, units, endings of bodies), never the wording of one document.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::characters::Text;
use super::findings::Span;

/// A list of words with tags.
pub(crate) struct WordList {
    words: Vec<(Vec<char>, String)>,
    by_first: HashMap<char, Vec<usize>>,
    by_last: HashMap<char, Vec<usize>>,
}

impl WordList {
    fn parse(source: &str) -> WordList {
        let mut words: Vec<(Vec<char>, String)> = Vec::new();
        for line in source.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (entry, tag) = line.split_once('\t').unwrap_or((line, ""));
            for word in entry.split_whitespace() {
                words.push((word.chars().collect(), tag.trim().to_owned()));
            }
        }
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        let mut by_last: HashMap<char, Vec<usize>> = HashMap::new();
        for (index, (word, _)) in words.iter().enumerate() {
            if let (Some(&first), Some(&last)) = (word.first(), word.last()) {
                by_first.entry(first).or_default().push(index);
                by_last.entry(last).or_default().push(index);
            }
        }
        WordList { words, by_first, by_last }
    }

    /// Longest word that starts at `at` and ends within `limit`: its length and tag.
    pub(crate) fn starts(&self, text: &Text, at: usize, limit: usize) -> Option<(usize, &str)> {
        let candidates = self.by_first.get(&text.at(at))?;
        candidates.iter().filter_map(|&index| self.words.get(index)).find_map(|(word, tag)| {
            let fits =
                at + word.len() <= limit && word.iter().enumerate().all(|(i, &c)| text.at(at + i) == c);
            fits.then_some((word.len(), tag.as_str()))
        })
    }

    /// Longest word that ends directly before `at` and starts at or after `limit`.
    pub(crate) fn ends(&self, text: &Text, at: usize, limit: usize) -> Option<(usize, &str)> {
        let candidates = self.by_last.get(&text.before(at))?;
        candidates.iter().filter_map(|&index| self.words.get(index)).find_map(|(word, tag)| {
            let start = at.checked_sub(word.len())?;
            let fits = limit <= start && word.iter().enumerate().all(|(i, &c)| text.at(start + i) == c);
            fits.then_some((word.len(), tag.as_str()))
        })
    }

    /// First word found in `span`, from left to right: its place and tag.
    pub(crate) fn find(&self, text: &Text, span: Span) -> Option<(Span, &str)> {
        (span.start..span.end).find_map(|at| {
            self.starts(text, at, span.end).map(|(length, tag)| (Span::new(at, at + length), tag))
        })
    }

    /// Whether a word stands somewhere in `span`.
    pub(crate) fn within(&self, text: &Text, span: Span) -> bool {
        self.find(text, span).is_some()
    }
}

macro_rules! word_lists {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) fn $name() -> &'static WordList {
                static LIST: OnceLock<WordList> = OnceLock::new();
                LIST.get_or_init(|| WordList::parse(include_str!(concat!("lexicon/", $file))))
            }
        )*
    };
}

word_lists! {
    /// Units of measure and measure words. Tag: `time` for spans of time, `rank` for places, `word` for measure
    /// words that also count rhetorically, `measure` for physical units and money, `share` for percent.
    units = "units.txt";
    /// Words that set a bound before a value. Tag: the comparator.
    comparators = "comparators.txt";
    /// Words that set a bound after a value and its unit. Tag: the comparator.
    bounds_after = "bounds_after.txt";
    /// Verbs that commit to bringing about a number of things.
    commitments = "commitments.txt";
    /// Adverbs, dates and auxiliaries that stand before the name of an indicator.
    lead_ins = "lead_ins.txt";
    /// How names of indicators end.
    indicator_ends = "indicator_ends.txt";
    /// Signs that a sentence speaks of what is over.
    past = "past.txt";
    /// Signs that a number is a rate of aid, a condition or a definition, not a target.
    not_targets = "not_targets.txt";
    /// Titles of sections. Tag: the kind of section.
    section_titles = "section_titles.txt";
    /// Verbs that open an action.
    actions = "actions.txt";
    /// Furniture of web pages.
    page_furniture = "page_furniture.txt";
    /// Kinds of document, as titles end.
    document_kinds = "document_kinds.txt";
    /// Ends of names of public bodies.
    body_ends = "body_ends.txt";
    /// Heads of tables. Tag: the role of the column.
    columns = "columns.txt";
    /// Heads of names of systems. Tag: `strong`, `plain`, `venue` or `centre`.
    system_heads = "system_heads.txt";
    /// Words that make a platform an information system.
    system_signs = "system_signs.txt";
    /// Words that make a platform an organisation or a programme.
    not_systems = "not_systems.txt";
    /// Systems that are not information systems.
    unlike_systems = "unlike_systems.txt";
    /// Kinds of system that name none.
    generic_systems = "generic_systems.txt";
    /// Verbs that also stand inside names of systems. Tag: where.
    noun_verbs = "noun_verbs.txt";
    /// Verbs before the name of a system. Tag: the status.
    system_verbs = "system_verbs.txt";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn the_longest_word_of_a_list_wins() {
        let text = Text::new(&Document::from_text("力争不低于5%"));
        let (length, tag) = comparators().ends(&text, 5, 0).unwrap();
        assert_eq!((length, tag), (3, ">="));
    }

    #[test]
    fn every_list_has_words_and_no_word_twice() {
        for list in [
            units(),
            comparators(),
            bounds_after(),
            commitments(),
            lead_ins(),
            past(),
            not_targets(),
            actions(),
            section_titles(),
            page_furniture(),
            document_kinds(),
            body_ends(),
            columns(),
            system_heads(),
            system_signs(),
            not_systems(),
            unlike_systems(),
            generic_systems(),
            noun_verbs(),
            system_verbs(),
        ] {
            assert!(!list.words.is_empty());
            let mut words: Vec<_> = list.words.iter().map(|(word, _)| word).collect();
            words.sort();
            let before = words.len();
            words.dedup();
            assert_eq!(before, words.len());
        }
    }
}
