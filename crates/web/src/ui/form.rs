//! Forms: one column, labels above, help under, errors at the field and summarised on top.

use maud::{Markup, html};

use crate::words::Words;

/// What is wrong with a field, or with the whole form when `field` is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
    /// The refusal's code, shown small.
    pub code: Option<&'static str>,
}

impl Problem {
    /// A problem of one field.
    pub fn at(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self { field: field.into(), text: text.into(), code: None }
    }

    /// A refusal at a field; an empty name means the form as a whole.
    pub fn refusal(words: &Words, field: impl Into<String>, refusal: &dyn hutong_kernel::Refusal) -> Self {
        Self { field: field.into(), text: words.refusal(refusal), code: Some(refusal.code()) }
    }
}

/// The problems of a form, each a link to its field. Nothing when there are none.
pub fn error_summary(words: &Words, problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            section.error-summary role="alert" tabindex="-1" aria-labelledby="error-summary-title" {
                h2 #error-summary-title { (words.t("form-problems")) }
                ul {
                    @for problem in problems {
                        li {
                            @if problem.field.is_empty() { (problem.text) }
                            @else { a href={ "#field-" (problem.field) } { (problem.text) } }
                            @if let Some(code) = problem.code { " " code.code { (code) } }
                        }
                    }
                }
            }
        }
    }
}

/// A labelled field.
#[derive(Debug, Clone, Default)]
pub struct Field<'a> {
    /// Name in the form.
    pub name: &'a str,
    /// Label above.
    pub label: String,
    /// Help under the label.
    pub help: Option<String>,
    /// Present value.
    pub value: String,
    /// `text`, `password`, `date`, `number`, `search`, `email`; empty means text.
    pub kind: &'static str,
    /// Must be filled.
    pub required: bool,
    /// What the browser may fill in, e.g. `current-password`; empty means nothing.
    pub autocomplete: &'static str,
    /// Problems of the form; those of this field are shown.
    pub problems: &'a [Problem],
}

/// One choice of a selection.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Value in the form.
    pub value: String,
    /// What it says.
    pub label: String,
    /// It is chosen now.
    pub chosen: bool,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }
}

/// A field of one line.
pub fn input(words: &Words, it: &Field<'_>) -> Markup {
    let described = described_by(it);
    let invalid = invalid(it);
    field(
        words,
        it,
        html! {
            input id={ "field-" (it.name) } name=(it.name) value=(it.value)
                type=(if it.kind.is_empty() { "text" } else { it.kind })
                autocomplete=(if it.autocomplete.is_empty() { "off" } else { it.autocomplete })
                required[it.required] aria-describedby=[described] aria-invalid=[invalid];
        },
    )
}

/// A field of several lines.
pub fn textarea(words: &Words, it: &Field<'_>, rows: u8) -> Markup {
    let described = described_by(it);
    let invalid = invalid(it);
    field(
        words,
        it,
        html! {
            textarea id={ "field-" (it.name) } name=(it.name) rows=(rows) required[it.required]
                aria-describedby=[described] aria-invalid=[invalid] { (it.value) }
        },
    )
}

/// One of several, in a list that opens.
pub fn select(words: &Words, it: &Field<'_>, choices: &[Choice]) -> Markup {
    let described = described_by(it);
    let invalid = invalid(it);
    field(
        words,
        it,
        html! {
            select id={ "field-" (it.name) } name=(it.name) required[it.required]
                aria-describedby=[described] aria-invalid=[invalid] {
                @for choice in choices {
                    option value=(choice.value) selected[choice.chosen] { (choice.label) }
                }
            }
        },
    )
}

/// One of a few, all visible.
pub fn radios(words: &Words, it: &Field<'_>, choices: &[Choice]) -> Markup {
    html! {
        fieldset.field.radios.invalid[invalid(it).is_some()] id={ "field-" (it.name) } {
            legend { (label_words(words, it)) }
            @if let Some(help) = &it.help { p.help { (help) } }
            (field_problems(it))
            div.choices {
                @for choice in choices {
                    label.choice {
                        input type="radio" name=(it.name) value=(choice.value) checked[choice.chosen] required[it.required];
                        span { (choice.label) }
                    }
                }
            }
        }
    }
}

/// Yes or no.
pub fn checkbox(name: &str, label: &str, checked: bool) -> Markup {
    html! {
        label.choice { input type="checkbox" name=(name) value="yes" checked[checked]; span { (label) } }
    }
}

/// A value that goes with the form unseen.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The reason that the journal keeps. Every change needs one; `value` may be a usual one that people can alter.
pub fn reason(words: &Words, value: &str, problems: &[Problem]) -> Markup {
    input(
        words,
        &Field {
            name: "reason",
            label: words.t("form-reason"),
            help: Some(words.t("form-reason-help")),
            value: value.to_owned(),
            required: true,
            problems,
            ..Field::default()
        },
    )
}

/// The buttons under a form: what it does, and the way out.
pub fn actions(words: &Words, label: &str, cancel: Option<&str>) -> Markup {
    html! {
        div.form-actions {
            button.button.primary type="submit" { (label) }
            @if let Some(cancel) = cancel { a.button href=(cancel) { (words.t("form-cancel")) } }
        }
    }
}

/// Label, help and problems around any control; the control's id is `field-` and the name.
pub fn field(words: &Words, it: &Field<'_>, control: Markup) -> Markup {
    html! {
        div.field.invalid[invalid(it).is_some()] {
            label for={ "field-" (it.name) } { (label_words(words, it)) }
            @if let Some(help) = &it.help { p.help id={ "help-" (it.name) } { (help) } }
            (field_problems(it))
            (control)
        }
    }
}

fn label_words(words: &Words, it: &Field<'_>) -> Markup {
    html! {
        (it.label)
        @if !it.required && it.kind != "search" { span.optional { (words.t("form-optional")) } }
    }
}

fn field_problems(it: &Field<'_>) -> Markup {
    html! {
        @for problem in it.problems.iter().filter(|problem| problem.field == it.name) {
            p.field-problem id={ "problem-" (it.name) } {
                (problem.text)
                @if let Some(code) = problem.code { " " code.code { (code) } }
            }
        }
    }
}

fn invalid(it: &Field<'_>) -> Option<&'static str> {
    it.problems.iter().any(|problem| problem.field == it.name).then_some("true")
}

fn described_by(it: &Field<'_>) -> Option<String> {
    let mut ids = Vec::new();
    if it.help.is_some() {
        ids.push(format!("help-{}", it.name));
    }
    if invalid(it).is_some() {
        ids.push(format!("problem-{}", it.name));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;

    use super::*;
    use crate::testing::words;

    #[test]
    fn a_problem_is_told_at_the_field_and_on_top_with_a_link() {
        let words = words(Language::Chinese);
        let problems = [Problem {
            field: "due".into(),
            text: "时限早于今天。".into(),
            code: Some("plans.task.due_past"),
        }];
        let due = Field {
            name: "due",
            label: "时限".into(),
            kind: "date",
            required: true,
            problems: &problems,
            ..Field::default()
        };
        let page = html! { (error_summary(&words, &problems)) (input(&words, &due)) };
        insta::assert_snapshot!(page.into_string());
    }

    #[test]
    fn what_people_typed_is_escaped() {
        let words = words(Language::English);
        let field =
            Field { name: "q", label: "Name".into(), value: "\"><script>".into(), ..Field::default() };
        assert!(input(&words, &field).into_string().contains("value=\"&quot;&gt;&lt;script&gt;\""));
    }
}
