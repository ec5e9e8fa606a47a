//! The fields of the forms for what a finding says: one form for each kind.

use hutong_web::Words;
use hutong_web::ui::{self, Choice, Field, Problem};
use maud::{Markup, html};

use super::review_form::{LEVELS, OTHER_SHAPES, Typed};
use crate::reading::MetadataField;
use crate::system::SystemStatus;

/// The fields of a kind, filled with what was typed.
pub(crate) fn fields(words: &Words, kind: &str, prefix: &str, typed: &Typed, problems: &[Problem]) -> Markup {
    let form = Drawer { words, prefix, typed, problems };
    match kind {
        "metadata" => html! {
            (form.select("field", MetadataField::ALL.iter().map(|it| (it.name(), format!("metadata-field-{}", it.name())))))
            (form.input("value", true, "", Some("review-field-value-help")))
        },
        "approval" => html! {
            (form.input("body", true, "", None))
            div.field-row { (form.input("day", false, "date", None)) (form.input("session", false, "", None)) }
        },
        "basis" => form.input("title", true, "", None),
        "target" => form.target(),
        "achievement" => html! {
            (form.input("name", true, "", None))
            div.field-row {
                (form.input("value", true, "", None)) (form.input("unit", true, "", Some("review-field-unit-help")))
                (form.input("year", false, "", None))
            }
            (form.input("words", false, "", None))
        },
        "task" => html! {
            (form.input("title", true, "", None))
            (form.area("content", 4, None))
            div.field-row { (form.area("responsible", 3, Some("review-field-lines-help"))) (form.area("cooperating", 3, Some("review-field-lines-help"))) }
            div.field-row { (form.input("number", false, "", None)) (form.input("deadline", false, "date", Some("review-field-deadline-help"))) }
            div.field-row { (form.input("heading", false, "", None)) (form.input("special_action", false, "", None)) }
            (form.area("basis", 2, Some("review-field-lines-help")))
            (form.area("systems", 2, Some("review-field-lines-help")))
        },
        _ => html! {
            (form.input("name", true, "", None))
            (form.select("status", SystemStatus::ALL.iter().map(|it| (it.name(), format!("system-status-{}", it.name())))))
        },
    }
}

struct Drawer<'a> {
    words: &'a Words,
    prefix: &'a str,
    typed: &'a Typed,
    problems: &'a [Problem],
}

impl Drawer<'_> {
    fn value(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    fn with<T>(&self, name: &str, help: Option<&str>, draw: impl FnOnce(&Field<'_>) -> T) -> T {
        let full = format!("{}{name}", self.prefix);
        draw(&Field {
            name: &full,
            label: self.words.t(&format!("review-field-{name}")),
            help: help.map(|key| self.words.t(key)),
            value: self.value(name),
            problems: self.problems,
            ..Field::default()
        })
    }

    fn input(&self, name: &str, required: bool, kind: &'static str, help: Option<&str>) -> Markup {
        self.with(name, help, |field| ui::input(self.words, &Field { required, kind, ..field.clone() }))
    }

    fn area(&self, name: &str, rows: u8, help: Option<&str>) -> Markup {
        self.with(name, help, |field| ui::textarea(self.words, field, rows))
    }

    fn select<'b>(&self, name: &str, all: impl Iterator<Item = (&'b str, String)>) -> Markup {
        let now = self.value(name);
        let choices: Vec<Choice> =
            all.map(|(value, key)| Choice::new(value, self.words.t(&key), value == now)).collect();
        self.with(name, None, |field| {
            ui::select(self.words, &Field { required: true, ..field.clone() }, &choices)
        })
    }

    fn target(&self) -> Markup {
        let shapes =
            LEVELS.iter().chain(&OTHER_SHAPES).map(|shape| (*shape, format!("target-shape-{shape}")));
        let bounds = ["at_least", "more_than"].into_iter().map(|it| (it, format!("target-bound-{it}")));
        let bindings =
            ["binding", "expected", "unstated"].into_iter().map(|it| (it, format!("binding-{it}")));
        let modes = ["flow", "stock", "cumulative"].into_iter().map(|it| (it, format!("entry-mode-{it}")));
        let yearly = format!("{}yearly", self.prefix);
        html! {
            (self.input("name", true, "", None))
            div.field-row {
                (self.select("shape", shapes)) (self.input("value", false, "", None))
                (self.input("unit", false, "", Some("review-field-unit-help")))
            }
            (ui::checkbox(&yearly, &self.words.t("review-field-yearly"), self.value("yearly") == "yes"))
            (self.input("words", false, "", Some("review-field-words-help")))
            div.field-row {
                (self.input("deadline", false, "date", Some("review-field-deadline-help")))
                (self.select("binding", bindings)) (self.select("entry_mode", modes))
            }
            div.field-row { (self.input("baseline_year", false, "", None)) (self.input("baseline_value", false, "", None)) }
            (self.area("owners", 2, Some("review-field-lines-help")))
            details.more {
                summary { (self.words.t("review-more-fields")) }
                div.field-row {
                    (self.input("value_high", false, "", Some("review-field-value_high-help")))
                    (self.input("tolerance", false, "", Some("review-field-tolerance-help")))
                    (self.select("bound", bounds))
                }
                (self.input("evidence", false, "", Some("review-field-evidence-help")))
            }
        }
    }
}
