//! Under a list: how many there are, and the way to the next page.
//!
//! Lists are paged by position and not by number, so that an entry that is added meanwhile moves nothing.

use maud::{Markup, html};

use crate::messages::Value;
use crate::ui::Address;
use crate::words::Words;

/// Where a list stands.
#[derive(Debug, Clone)]
pub struct Pager {
    /// How many rows the whole list has, as far as it was counted.
    pub count: u64,
    /// The count stopped at a bound: there are at least so many.
    pub at_least: bool,
    /// Position after which the next page begins.
    pub next: Option<String>,
}

/// Draws the count and the links; `here` is the list's present address.
pub fn pager(words: &Words, here: &Address, pager: &Pager) -> Markup {
    let count = words.count(pager.count);
    let key = if pager.at_least { "pager-count-about" } else { "pager-count" };
    let first_page = here.get("after").is_none();
    html! {
        nav.pager aria-label=(words.t("pager-label")) hx-boost="true" hx-target="#content" {
            span.pager-count { (words.t_with(key, &[("count", Value::from(count))])) }
            span.pager-links {
                @if !first_page {
                    a.button href=(here.clone().without("after")) { (words.t("pager-first")) }
                }
                @if let Some(next) = &pager.next {
                    a.button href=(here.clone().with("after", next)) rel="next" { (words.t("pager-next")) }
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
    fn a_bounded_count_is_called_about() {
        let here = Address::parse("/journal?kind=task&after=900");
        let state = Pager { count: 1000, at_least: true, next: Some("850".into()) };
        insta::assert_snapshot!(pager(&words(Language::English), &here, &state).into_string());
    }
}
