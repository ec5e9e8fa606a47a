//! What a record page is made of: facts, tiles, differences, the quiet footer, breadcrumbs.

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::Value as Json;

use crate::messages::Value;
use crate::page::Crumb;
use crate::ui::icon::Icon;
use crate::words::Words;

/// Where the page is.
pub fn breadcrumbs(words: &Words, crumbs: &[Crumb], title: &str) -> Markup {
    html! {
        nav.breadcrumbs aria-label=(words.t("breadcrumbs-label")) {
            ol {
                @for crumb in crumbs { li { a href=(crumb.href) { (crumb.title) } } }
                li aria-current="page" { (title) }
            }
        }
    }
}

/// Names and values, one below the other.
pub fn facts(pairs: &[(String, Markup)]) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in pairs { div { dt { (name) } dd { (value) } } }
        }
    }
}

/// A figure with its name.
#[derive(Debug, Clone)]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// The figure.
    pub value: Markup,
    /// What belongs to it: unit, as of, share.
    pub note: Option<String>,
    /// Where its list is.
    pub href: Option<String>,
}

/// Figures in a row.
pub fn tiles(tiles: &[Tile]) -> Markup {
    html! {
        ul.tiles {
            @for tile in tiles {
                li.tile {
                    span.tile-label {
                        @match &tile.href {
                            Some(href) => a href=(href) { (tile.label) },
                            None => (tile.label),
                        }
                    }
                    span.tile-value { (tile.value) }
                    @if let Some(note) = &tile.note { span.tile-note { (note) } }
                }
            }
        }
    }
}

/// Where a record comes from and who changed it last; stands under every record.
#[derive(Debug, Clone)]
pub struct QuietFooter {
    /// Document or statement it comes from.
    pub source: Option<Markup>,
    /// The day its content holds for.
    pub as_of: Option<Markup>,
    /// Its version.
    pub version: u64,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
    /// Page with all its versions.
    pub history: Option<String>,
    /// File that proves it offline.
    pub proof: Option<String>,
}

/// Draws the quiet footer.
pub fn quiet_footer(words: &Words, footer: &QuietFooter) -> Markup {
    html! {
        footer.quiet {
            @if let Some(source) = &footer.source {
                span { (words.t("quiet-source")) " " (source) }
            }
            @if let Some(as_of) = &footer.as_of { span { (words.t("quiet-as-of")) " " (as_of) } }
            span { (words.t_with("quiet-version", &[("version", Value::from(footer.version.to_string()))])) }
            span {
                (words.t_with("quiet-changed-by", &[("name", Value::from(footer.changed_by.clone()))])) " "
                (words.moment(footer.changed_at))
            }
            @if let Some(history) = &footer.history { a href=(history) { (words.t("quiet-history")) } }
            @if let Some(proof) = &footer.proof {
                a href=(proof) download { (Icon::Proof.svg()) (words.t("quiet-proof")) }
            }
        }
    }
}

/// A field that differs between two versions.
#[derive(Debug, Clone)]
pub struct Change {
    /// The field in words.
    pub field: String,
    /// Its old value; `None` when it is new.
    pub old: Option<Json>,
    /// Its new value; `None` when it is gone.
    pub new: Option<Json>,
}

/// What differs between two versions, in words.
pub fn diff(words: &Words, changes: &[Change]) -> Markup {
    html! {
        @if changes.is_empty() {
            p.quiet-words { (words.t("diff-none")) }
        } @else {
            ul.diff {
                @for change in changes {
                    li {
                        span.diff-field { (change.field) }
                        @if let Some(old) = &change.old {
                            del { span.unseen { (words.t("diff-old")) " " } (value(words, old)) }
                        }
                        @if let Some(new) = &change.new {
                            ins { span.unseen { (words.t("diff-new")) " " } (value(words, new)) }
                        }
                    }
                }
            }
        }
    }
}

fn value(words: &Words, json: &Json) -> Markup {
    html! {
        @match json {
            Json::Null => span.nothing { (words.t("diff-nothing")) },
            Json::String(text) if text.is_empty() => span.nothing { (words.t("diff-nothing")) },
            Json::String(text) => (text),
            Json::Bool(yes) => (words.t(if *yes { "yes" } else { "no" })),
            Json::Number(number) => (number),
            Json::Array(items) if items.is_empty() => span.nothing { (words.t("diff-nothing")) },
            Json::Array(_) | Json::Object(_) => code { (json) },
        }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;
    use serde_json::json;

    use super::*;
    use crate::testing::words;

    #[test]
    fn the_quiet_footer_says_who_changed_what_came_from_where() {
        let footer = QuietFooter {
            source: Some(html! { a href="/documents/1" { "行动计划" } }),
            as_of: None,
            version: 3,
            changed_by: "王敏".into(),
            changed_at: "2026-11-22T01:31:09Z".parse().unwrap(),
            history: Some("/records/task/1".into()),
            proof: Some("/records/task/1/proof".into()),
        };
        insta::assert_snapshot!(quiet_footer(&words(Language::Chinese), &footer).into_string());
    }

    #[test]
    fn a_difference_names_field_old_and_new() {
        let changes = [
            Change { field: "时限".into(), old: Some(json!("2026-06-30")), new: Some(json!("2026-12-31")) },
            Change { field: "公开".into(), old: None, new: Some(json!(true)) },
        ];
        insta::assert_snapshot!(diff(&words(Language::Chinese), &changes).into_string());
    }
}
