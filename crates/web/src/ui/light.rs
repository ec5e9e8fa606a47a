//! Lights. They speak by shape and word as well as by colour.

use maud::{Markup, PreEscaped, html};

use crate::words::Words;

/// The lights of a task or an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LightKind {
    /// 未开始
    NotStarted,
    /// 正常推进
    OnTrack,
    /// 临近到期
    DueSoon,
    /// 滞后
    BehindPath,
    /// 逾期
    Late,
    /// 逾期后已完成或追上
    Recovered,
    /// 未填报
    NotReported,
    /// 无法判断
    Unknown,
}

impl LightKind {
    /// All lights, the quiet ones first.
    pub const ALL: [Self; 8] = [
        Self::NotStarted,
        Self::OnTrack,
        Self::DueSoon,
        Self::BehindPath,
        Self::Late,
        Self::Recovered,
        Self::NotReported,
        Self::Unknown,
    ];

    /// Stable name, used in addresses, style classes and message keys (`light-…`).
    pub fn name(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::OnTrack => "on_track",
            Self::DueSoon => "due_soon",
            Self::BehindPath => "behind_path",
            Self::Late => "late",
            Self::Recovered => "recovered",
            Self::NotReported => "not_reported",
            Self::Unknown => "unknown",
        }
    }

    /// The light of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.name() == name)
    }

    /// Its shape, drawn in 12 × 12: fonts draw geometric characters in all sizes.
    fn shape(self) -> &'static str {
        match self {
            Self::NotStarted => r#"<circle class="hollow" cx="6" cy="6" r="4.2"/>"#,
            Self::OnTrack => r#"<circle cx="6" cy="6" r="5"/>"#,
            Self::DueSoon => r#"<path d="M6 .8 11.6 11H.4z"/>"#,
            Self::BehindPath => r#"<path d="M6 .2 11.8 6 6 11.8.2 6z"/>"#,
            Self::Late => r#"<rect x="1" y="1" width="10" height="10"/>"#,
            Self::Recovered => {
                r#"<rect class="edge" x="1.2" y="1.2" width="9.6" height="9.6"/><path d="M1.2 10.8V1.2h9.6z"/>"#
            }
            Self::NotReported => r#"<path class="hollow" d="M6 1.2 10.8 6 6 10.8 1.2 6z"/>"#,
            Self::Unknown => {
                r#"<path class="hollow" d="M3.6 4.1C3.6 2.6 4.6 1.6 6 1.6s2.4.9 2.4 2.2C8.4 5.6 6 5.7 6 7.6"/><circle cx="6" cy="10.2" r="1"/>"#
            }
        }
    }
}

/// A light: shape and word.
pub fn light(words: &Words, kind: LightKind) -> Markup {
    light_with(words, kind, None)
}

/// A light with a note on hover, e.g. since when and by which rule.
pub fn light_with(words: &Words, kind: LightKind, note: Option<&str>) -> Markup {
    html! {
        span class={ "light light-" (kind.name()) } title=[note] {
            svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" { (PreEscaped(kind.shape())) }
            span { (words.t(&format!("light-{}", kind.name()))) }
        }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;

    use super::*;
    use crate::testing::words;

    #[test]
    fn a_light_has_a_shape_and_a_word() {
        insta::assert_snapshot!(
            light_with(&words(Language::Chinese), LightKind::Late, Some("自2026-11-02起")).into_string(),
            @r#"<span class="light light-late" title="自2026-11-02起"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect x="1" y="1" width="10" height="10"/></svg><span>逾期</span></span>"#
        );
        for language in Language::ALL {
            for kind in LightKind::ALL {
                assert_eq!(LightKind::from_name(kind.name()), Some(kind));
                assert!(!light(&words(language), kind).into_string().contains("<span></span>"));
            }
        }
    }
}
