//! From what a finding says to a form and back; [`super::review_fields`] draws it.
//!
//! What was typed travels as plain texts by field name, so that a refused form comes back as it was. Field names
//! may carry a prefix, because splitting a finding fills several forms at once.

use std::collections::BTreeMap;
use std::str::FromStr;

use hutong_kernel::{Quantity, Refusal, Unit};
use hutong_web::Words;
use hutong_web::ui::Problem;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::indicator::{Binding, EntryMode};
use crate::plan::Approval;
use crate::reading::{AchievementContent, Content, FoundBaseline, MetadataField, TargetContent, TaskContent};
use crate::refusals::refusals;
use crate::system::SystemStatus;
use crate::target::{Bound, Level, Range, ShareChange, Target, Tolerance};

/// What was typed, by field name.
pub(crate) type Typed = BTreeMap<String, String>;

/// Shapes that a level of a number can have, in the order of the list.
pub(crate) const LEVELS: [&str; 7] =
    ["at_least", "more_than", "at_most", "less_than", "exactly", "about", "range"];
/// Shapes that are no level.
pub(crate) const OTHER_SHAPES: [&str; 6] =
    ["growth", "share_relative", "share_points", "rank", "milestone", "qualitative"];

refusals! {
    /// Why what was typed cannot be taken.
    pub enum InputRefusal {
        /// Nothing was typed.
        Missing => ("plans.input.missing", 422, "a value is missing"),
        /// No number.
        Number { value: String } => ("plans.input.number", 422, "{value:?} is no number"),
        /// No date.
        Date { value: String } => ("plans.input.date", 422, "{value:?} is no date"),
        /// No unit where a number needs one.
        Unit => ("plans.input.unit", 422, "a number needs its unit"),
        /// None of the choices.
        Choice { value: String } => ("plans.input.choice", 422, "{value:?} cannot be chosen"),
    }
}

/// A field and why it was refused.
pub(crate) type Refused = (String, Box<dyn Refusal>);

/// Turns refusals into the form's problems; `prefix` is that of the fields.
pub(crate) fn problems(words: &Words, prefix: &str, refused: &[Refused]) -> Vec<Problem> {
    refused
        .iter()
        .map(|(field, why)| Problem::refusal(words, format!("{prefix}{field}"), why.as_ref()))
        .collect()
}

/// An empty content of a kind, for a form that adds one. `None` for a kind that there is not.
pub(crate) fn empty(kind: &str) -> Option<Typed> {
    if !Content::KINDS.contains(&kind) {
        return None;
    }
    let mut typed = Typed::new();
    typed.insert("field".to_owned(), MetadataField::Title.name().to_owned());
    typed.insert("shape".to_owned(), LEVELS[0].to_owned());
    typed.insert("bound".to_owned(), "at_least".to_owned());
    typed.insert("binding".to_owned(), Binding::Unstated.name().to_owned());
    typed.insert("entry_mode".to_owned(), EntryMode::Stock.name().to_owned());
    typed.insert("status".to_owned(), SystemStatus::Build.name().to_owned());
    Some(typed)
}

/// The texts that a form shows for a content.
pub(crate) fn typed(content: &Content) -> Typed {
    let mut it = Filler(empty(content.kind()).unwrap_or_default());
    match content {
        Content::Metadata { field, value } => {
            it.put("field", field.name());
            it.put("value", value);
        }
        Content::Approval { approval } => {
            it.put("body", &approval.body);
            it.maybe("day", approval.day);
            it.maybe("session", approval.session);
        }
        Content::Basis { title } => it.put("title", title),
        Content::Target { target } => it.target(target),
        Content::Achievement { achievement } => {
            it.put("name", &achievement.name);
            it.put("value", achievement.value.value);
            it.put("unit", &achievement.value.unit);
            it.put("words", &achievement.words);
            it.maybe("year", achievement.year);
        }
        Content::Task { task } => {
            it.maybe("number", task.number);
            it.put("title", &task.title);
            it.put("content", &task.content);
            it.maybe("heading", task.heading.as_deref());
            it.maybe("special_action", task.special_action.as_deref());
            it.put("responsible", task.responsible.join("\n"));
            it.put("cooperating", task.cooperating.join("\n"));
            it.put("basis", task.basis.join("\n"));
            it.put("systems", task.systems.join("\n"));
            it.maybe("deadline", task.deadline);
        }
        Content::System { name, status } => {
            it.put("name", name);
            it.put("status", status.name());
        }
    }
    it.0
}

struct Filler(Typed);

impl Filler {
    fn put(&mut self, field: &str, value: impl ToString) {
        self.0.insert(field.to_owned(), value.to_string());
    }

    fn maybe(&mut self, field: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(field, value);
        }
    }

    fn target(&mut self, it: &TargetContent) {
        self.put("name", &it.name);
        self.put("words", &it.words);
        self.maybe("deadline", it.deadline);
        self.put("binding", it.binding.name());
        self.put("entry_mode", it.entry_mode.name());
        self.put("owners", it.owners.join("\n"));
        if let Some(baseline) = &it.baseline {
            self.put("baseline_year", baseline.year);
            self.maybe("baseline_value", baseline.value.as_ref().map(|value| value.value));
        }
        // Where readings are open, the first is offered and the person decides.
        match it.target.as_ref().or(it.readings.first()) {
            Some(Target::Level { level }) => self.level(level),
            Some(Target::YearlyMean { level }) => {
                self.put("yearly", "yes");
                self.level(level);
            }
            Some(Target::Growth { bound, percent, unit }) => {
                self.put("shape", "growth");
                self.put("bound", bound_name(*bound));
                self.put("value", percent);
                self.put("unit", unit);
            }
            Some(Target::ShareGrowth { bound, by }) => {
                self.put("bound", bound_name(*bound));
                match by {
                    ShareChange::Relative { percent } => {
                        self.put("shape", "share_relative");
                        self.put("value", percent);
                    }
                    ShareChange::Points { points } => {
                        self.put("shape", "share_points");
                        self.put("value", points);
                    }
                }
            }
            Some(Target::Rank { words }) => {
                self.put("shape", "rank");
                self.put("words", words);
            }
            Some(Target::Milestone { words }) => {
                self.put("shape", "milestone");
                self.put("words", words);
            }
            Some(Target::Qualitative { words, evidence }) => {
                self.put("shape", "qualitative");
                self.put("words", words);
                self.put("evidence", evidence);
            }
            None => {}
        }
    }

    fn level(&mut self, level: &Level) {
        let (shape, value) = match level {
            Level::AtLeast { value } => ("at_least", value),
            Level::MoreThan { value } => ("more_than", value),
            Level::AtMost { value } => ("at_most", value),
            Level::LessThan { value } => ("less_than", value),
            Level::Exactly { value } => ("exactly", value),
            Level::About { value, tolerance } => {
                if tolerance.is_stated() {
                    self.put("tolerance", tolerance.percent());
                }
                ("about", value)
            }
            Level::Range { range } => {
                self.put("value_high", range.high().value);
                ("range", &range.low())
            }
        };
        self.put("shape", shape);
        self.put("value", value.value);
        self.put("unit", &value.unit);
    }
}

fn bound_name(bound: Bound) -> &'static str {
    match bound {
        Bound::AtLeast => "at_least",
        Bound::MoreThan => "more_than",
    }
}

/// Reads what was typed as a content of `kind`. Fields that the form does not show are taken from `before`.
pub(crate) fn read(kind: &str, typed: &Typed, before: Option<&Content>) -> Result<Content, Vec<Refused>> {
    let mut form = Reader { typed, refused: Vec::new() };
    let content = match kind {
        "metadata" => {
            let field = form.choice("field", &MetadataField::ALL, |it| it.name());
            field.map(|field| Content::Metadata { field, value: form.needed("value") })
        }
        "approval" => Some(Content::Approval {
            approval: Approval {
                body: form.needed("body"),
                day: form.date("day"),
                session: form.parsed("session"),
            },
        }),
        "basis" => Some(Content::Basis { title: form.needed("title") }),
        "target" => form.target(before).map(|target| Content::Target { target }),
        "achievement" => form.quantity("value").map(|value| Content::Achievement {
            achievement: AchievementContent {
                name: form.needed("name"),
                value,
                words: form.text("words"),
                year: form.parsed("year"),
            },
        }),
        "task" => Some(Content::Task { task: form.task(before) }),
        "system" => form
            .choice("status", &SystemStatus::ALL, |it| it.name())
            .map(|status| Content::System { name: form.needed("name"), status }),
        _ => None,
    };
    match content {
        Some(content) if form.refused.is_empty() => Ok(content),
        _ => Err(form.refused),
    }
}

struct Reader<'a> {
    typed: &'a Typed,
    refused: Vec<Refused>,
}

impl Reader<'_> {
    fn refuse(&mut self, field: &str, why: InputRefusal) {
        self.refused.push((field.to_owned(), Box::new(why)));
    }

    fn text(&self, field: &str) -> String {
        self.typed.get(field).map(|it| it.trim().to_owned()).unwrap_or_default()
    }

    fn maybe(&self, field: &str) -> Option<String> {
        Some(self.text(field)).filter(|it| !it.is_empty())
    }

    fn needed(&mut self, field: &str) -> String {
        let text = self.text(field);
        if text.is_empty() {
            self.refuse(field, InputRefusal::Missing);
        }
        text
    }

    /// One a line; the Chinese enumeration comma separates too.
    fn lines(&self, field: &str) -> Vec<String> {
        self.text(field)
            .split(['\n', '、'])
            .map(|it| it.trim().to_owned())
            .filter(|it| !it.is_empty())
            .collect()
    }

    fn parsed<T: FromStr>(&mut self, field: &str) -> Option<T> {
        let text = self.maybe(field)?;
        // People copy figures with their thousands apart.
        let plain: String = text.chars().filter(|c| !matches!(c, ',' | '\u{ff0c}' | ' ')).collect();
        let parsed = plain.parse().ok();
        if parsed.is_none() {
            self.refuse(field, InputRefusal::Number { value: text });
        }
        parsed
    }

    fn date(&mut self, field: &str) -> Option<Date> {
        let text = self.maybe(field)?;
        let date = text.parse().ok();
        if date.is_none() {
            self.refuse(field, InputRefusal::Date { value: text });
        }
        date
    }

    fn choice<T: Copy>(&mut self, field: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Option<T> {
        let text = self.text(field);
        let found = all.iter().copied().find(|it| name(*it) == text);
        if found.is_none() {
            self.refuse(field, InputRefusal::Choice { value: text });
        }
        found
    }

    fn number(&mut self, field: &str) -> Option<Decimal> {
        if self.maybe(field).is_none() {
            self.refuse(field, InputRefusal::Missing);
            return None;
        }
        self.parsed(field)
    }

    fn unit(&mut self) -> Option<Unit> {
        let unit = self.maybe("unit");
        if unit.is_none() {
            self.refuse("unit", InputRefusal::Unit);
        }
        unit.map(|it| Unit::parse(&it))
    }

    fn quantity(&mut self, field: &str) -> Option<Quantity> {
        let (value, unit) = (self.number(field), self.unit());
        Some(Quantity::new(value?, unit?))
    }

    fn target(&mut self, before: Option<&Content>) -> Option<TargetContent> {
        let before = match before {
            Some(Content::Target { target }) => Some(target),
            _ => None,
        };
        let name = self.needed("name");
        let target = self.shape();
        let baseline_unit = target.as_ref().and_then(Target::unit);
        let deadline = self.date("deadline");
        let year: Option<i16> = self.parsed("baseline_year");
        let value: Option<Decimal> = self.parsed("baseline_value");
        let baseline = year.map(|year| FoundBaseline {
            year,
            value: value.zip(baseline_unit).map(|(value, unit)| Quantity::new(value, unit)),
        });
        let all = [Binding::Binding, Binding::Expected, Binding::Unstated];
        let binding = self.choice("binding", &all, Binding::name);
        let all = [EntryMode::Flow, EntryMode::Stock, EntryMode::Cumulative];
        let entry_mode = self.choice("entry_mode", &all, EntryMode::name);
        Some(TargetContent {
            name,
            words: self.text("words"),
            target: Some(target?),
            // Whoever fills the form has decided between the readings; they stay visible in what was found.
            readings: Vec::new(),
            deadline,
            baseline,
            binding: binding?,
            entry_mode: entry_mode?,
            owners: self.lines("owners"),
            secondary: before.is_some_and(|it| it.secondary),
        })
    }

    fn shape(&mut self) -> Option<Target> {
        let shape = self.text("shape");
        let bound = if self.text("bound") == "more_than" { Bound::MoreThan } else { Bound::AtLeast };
        match shape.as_str() {
            "growth" => {
                let (percent, unit) = (self.number("value"), self.unit());
                Some(Target::Growth { bound, percent: percent?, unit: unit? })
            }
            "share_relative" => {
                let percent = self.number("value")?;
                Some(Target::ShareGrowth { bound, by: ShareChange::Relative { percent } })
            }
            "share_points" => {
                let points = self.number("value")?;
                Some(Target::ShareGrowth { bound, by: ShareChange::Points { points } })
            }
            "rank" => Some(Target::Rank { words: self.needed("words") }),
            "milestone" => Some(Target::Milestone { words: self.needed("words") }),
            "qualitative" => {
                Some(Target::Qualitative { words: self.needed("words"), evidence: self.text("evidence") })
            }
            _ => {
                let level = self.level(&shape)?;
                let yearly = self.text("yearly") == "yes";
                Some(if yearly { Target::YearlyMean { level } } else { Target::Level { level } })
            }
        }
    }

    fn level(&mut self, shape: &str) -> Option<Level> {
        if !LEVELS.contains(&shape) {
            self.refuse("shape", InputRefusal::Choice { value: shape.to_owned() });
            return None;
        }
        let value = self.quantity("value");
        match shape {
            "about" => {
                let tolerance = match self.parsed("tolerance").map(Tolerance::stated) {
                    Some(Ok(tolerance)) => tolerance,
                    Some(Err(refusal)) => {
                        self.refused.push(("tolerance".to_owned(), Box::new(refusal)));
                        return None;
                    }
                    None => Tolerance::by_default(),
                };
                Some(Level::About { value: value?, tolerance })
            }
            "range" => {
                let high = self.number("value_high");
                let low = value?;
                match Range::new(low.value, high?, low.unit) {
                    Ok(range) => Some(Level::Range { range }),
                    Err(refusal) => {
                        self.refused.push(("value_high".to_owned(), Box::new(refusal)));
                        None
                    }
                }
            }
            "more_than" => Some(Level::MoreThan { value: value? }),
            "at_most" => Some(Level::AtMost { value: value? }),
            "less_than" => Some(Level::LessThan { value: value? }),
            "exactly" => Some(Level::Exactly { value: value? }),
            _ => Some(Level::AtLeast { value: value? }),
        }
    }

    fn task(&mut self, before: Option<&Content>) -> TaskContent {
        let before = match before {
            Some(Content::Task { task }) => Some(task),
            _ => None,
        };
        TaskContent {
            number: self.parsed("number"),
            heading: self.maybe("heading"),
            special_action: self.maybe("special_action"),
            title: self.needed("title"),
            content: self.text("content"),
            responsible: self.lines("responsible"),
            cooperating: self.lines("cooperating"),
            basis: self.lines("basis"),
            deadline: self.date("deadline"),
            systems: self.lines("systems"),
            targets: before.map(|it| it.targets.clone()).unwrap_or_default(),
            secondary: before.is_some_and(|it| it.secondary),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn target(target: Target) -> Content {
        Content::Target {
            target: TargetContent {
                name: "企业".into(),
                words: "不少于".into(),
                target: Some(target),
                readings: Vec::new(),
                deadline: Some(date(2026, 12, 31)),
                baseline: Some(FoundBaseline { year: 2023, value: None }),
                binding: Binding::Expected,
                entry_mode: EntryMode::Stock,
                owners: vec!["区甲局".into(), "区乙局".into()],
                secondary: false,
            },
        }
    }

    #[test]
    fn a_content_survives_its_form() {
        let quantity = |text: &str, unit: &str| Quantity::new(text.parse().unwrap(), Unit::parse(unit));
        let points = ShareChange::Points { points: Decimal::from(3) };
        let contents = [
            target(Target::Level { level: Level::AtLeast { value: quantity("900", "家") } }),
            target(Target::Level {
                level: Level::Range {
                    range: Range::new(Decimal::ONE, Decimal::TEN, Unit::parse("个")).unwrap(),
                },
            }),
            target(Target::YearlyMean {
                level: Level::About { value: quantity("5", "%"), tolerance: Tolerance::by_default() },
            }),
            target(Target::ShareGrowth { bound: Bound::MoreThan, by: points }),
            target(Target::Growth {
                bound: Bound::AtLeast,
                percent: Decimal::from(50),
                unit: Unit::parse("亿元"),
            }),
            Content::Basis { title: "甲规划".into() },
            Content::Metadata { field: MetadataField::Period, value: "2026-2028".into() },
            Content::System { name: "甲平台".into(), status: SystemStatus::Upgrade },
            Content::Task {
                task: TaskContent {
                    number: Some(3),
                    title: "甲".into(),
                    responsible: vec!["区甲局".into()],
                    targets: vec![4],
                    ..TaskContent::default()
                },
            },
        ];
        for content in contents {
            let again = read(content.kind(), &typed(&content), Some(&content));
            assert_eq!(again.ok(), Some(content));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_at_its_field() {
        let content = target(Target::Level {
            level: Level::AtLeast { value: Quantity::new(Decimal::ONE, Unit::parse("家")) },
        });
        let mut it = typed(&content);
        it.insert("value".into(), "九百".into());
        it.insert("unit".into(), " ".into());
        it.insert("deadline".into(), "2026-13-01".into());
        let refused = read("target", &it, None).unwrap_err();
        let told: Vec<_> = refused.iter().map(|(field, why)| format!("{field}: {}", why.code())).collect();
        assert_eq!(
            told,
            ["value: plans.input.number", "unit: plans.input.unit", "deadline: plans.input.date"]
        );
    }

    #[test]
    fn figures_may_be_typed_with_their_thousands_apart() {
        let typed = Typed::from(
            [("value", "12,500"), ("unit", "万元"), ("name", "甲"), ("words", "")]
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
        let Ok(Content::Achievement { achievement }) = read("achievement", &typed, None) else {
            panic!("refused")
        };
        assert_eq!(achievement.value.value, Decimal::from(12_500));
    }
}
