//! Things said beside the work: callouts, badges, steps, and pages that are empty.

use maud::{Markup, html};

use crate::ui::icon::Icon;
use crate::words::Words;

/// What a callout or a badge is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// To know.
    Info,
    /// Done, good.
    Good,
    /// Needs attention.
    Attention,
    /// Late, refused, dangerous.
    Danger,
}

impl Tone {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Danger => "danger",
        }
    }
}

/// A framed remark with an optional title.
pub fn callout(tone: Tone, title: Option<&str>, body: Markup) -> Markup {
    let icon = match tone {
        Tone::Plain | Tone::Info => Icon::Info,
        Tone::Good => Icon::Check,
        Tone::Attention | Tone::Danger => Icon::Warning,
    };
    html! {
        div class={ "callout tone-" (tone.name()) } {
            (icon.svg())
            div {
                @if let Some(title) = title { p.callout-title { (title) } }
                (body)
            }
        }
    }
}

/// A state in a word or two.
pub fn badge(tone: Tone, text: &str) -> Markup {
    html! { span class={ "badge tone-" (tone.name()) } { (text) } }
}

/// A page or a list that is empty: what it is for, why it is empty, what to do next.
pub fn empty_state(icon: Icon, title: &str, why: &str, next: Option<Markup>) -> Markup {
    html! {
        div.empty {
            (icon.svg())
            p.empty-title { (title) }
            p.empty-why { (why) }
            @if let Some(next) = next { div.actions { (next) } }
        }
    }
}

/// A step of a way.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Where it stands.
    pub state: StepState,
    /// Its page, when it can be visited.
    pub href: Option<String>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Being worked on.
    Now,
    /// Still to come.
    ToCome,
}

/// The way that something takes, e.g. upload, read, review, adopt.
pub fn steps(words: &Words, steps: &[Step]) -> Markup {
    html! {
        ol.steps aria-label=(words.t("steps-label")) {
            @for (index, step) in steps.iter().enumerate() {
                li.(match step.state { StepState::Done => "done", StepState::Now => "now", StepState::ToCome => "to-come" })
                    aria-current=[(step.state == StepState::Now).then_some("step")] {
                    span.step-number aria-hidden="true" {
                        @if step.state == StepState::Done { (Icon::Check.svg()) } @else { (index + 1) }
                    }
                    @match &step.href {
                        Some(href) => a href=(href) { (step.label) },
                        None => span { (step.label) },
                    }
                    @if step.state == StepState::Done { span.unseen { (words.t("steps-done")) } }
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
    fn steps_say_which_is_now() {
        let way = [
            Step { label: "上传".into(), state: StepState::Done, href: Some("/import".into()) },
            Step { label: "审核".into(), state: StepState::Now, href: None },
            Step { label: "印发".into(), state: StepState::ToCome, href: None },
        ];
        insta::assert_snapshot!(steps(&words(Language::Chinese), &way).into_string());
    }

    #[test]
    fn an_empty_page_says_what_to_do_next() {
        let next = html! { a.button.primary href="/import" { "上传规划文件" } };
        insta::assert_snapshot!(
            empty_state(Icon::Plan, "还没有规划", "规划从文件导入,审核后生效。", Some(next)).into_string()
        );
    }
}
