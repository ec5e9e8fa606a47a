//! Filters as visible chips. Each is a link, so the choice is in the address.

use maud::{Markup, html};

use crate::words::Words;

/// One choice of a filter.
#[derive(Debug, Clone)]
pub struct Chip {
    /// What it says.
    pub label: Markup,
    /// The address with this choice made, or unmade when it is made now.
    pub href: String,
    /// It is made now.
    pub chosen: bool,
    /// How many things it leaves.
    pub count: Option<u64>,
}

impl Chip {
    /// A choice.
    pub fn new(label: Markup, href: impl Into<String>, chosen: bool) -> Self {
        Self { label, href: href.into(), chosen, count: None }
    }

    /// Says how many things it leaves.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// A row of choices under a name.
pub fn chips(words: &Words, label: &str, choices: &[Chip]) -> Markup {
    html! {
        div.chips role="group" aria-label=(label) {
            span.chips-label aria-hidden="true" { (label) }
            ul hx-boost="true" hx-target="#content" {
                @for chip in choices {
                    li {
                        a.chip href=(chip.href) aria-current=[chip.chosen.then_some("true")] {
                            (chip.label)
                            @if let Some(count) = chip.count { span.count { (words.count(count)) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;

    use super::*;
    use crate::testing::words;

    #[test]
    fn a_chosen_chip_says_so_to_those_who_cannot_see_it() {
        let choices = [
            Chip::new(html! { "全部" }, "/tasks", false),
            Chip::new(html! { "逾期" }, "/tasks?light=late", true).count(1234),
        ];
        insta::assert_snapshot!(chips(&words(Language::Chinese), "状态", &choices).into_string());
    }
}
