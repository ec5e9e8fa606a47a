//! What is chosen on a board: filters, grouping and order, read from the address and offered as chips.

use std::collections::BTreeMap;

use hutong_kernel::OrganisationId;
use hutong_web::Visit;
use hutong_web::ui::{self, Address, Chip, Field};
use maud::{Markup, html};

use super::bodies::Bodies;
use super::standing;
use crate::light::LightState;
use crate::services::{Board, TaskRow};

/// How tasks stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    SpecialAction,
    Heading,
    Department,
    None,
}

impl Group {
    const ALL: [Self; 4] = [Self::SpecialAction, Self::Heading, Self::Department, Self::None];

    fn name(self) -> &'static str {
        match self {
            Self::SpecialAction => "special_action",
            Self::Heading => "heading",
            Self::Department => "department",
            Self::None => "none",
        }
    }

    /// The grouping that a board begins with: the plan's special actions, else its headings.
    pub(super) fn usual(board: &Board) -> Self {
        if board.tasks.iter().any(|it| it.task.special_action.is_some()) {
            Self::SpecialAction
        } else if board.tasks.iter().any(|it| it.task.heading.is_some()) {
            Self::Heading
        } else {
            Self::None
        }
    }

    /// Does it tell the board's tasks apart?
    fn is_useful(self, board: &Board) -> bool {
        match self {
            Self::SpecialAction => board.tasks.iter().any(|it| it.task.special_action.is_some()),
            Self::Heading => board.tasks.iter().any(|it| it.task.heading.is_some()),
            Self::Department | Self::None => true,
        }
    }
}

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    light: Option<LightState>,
    department: Option<OrganisationId>,
    special_action: Option<String>,
    heading: Option<String>,
    words: String,
    pub(super) group: Group,
    sort: String,
    pub(super) after: Option<String>,
}

impl Wanted {
    /// Reads an address; what it does not understand is left out.
    pub(super) fn read(here: &Address, default_group: Group) -> Self {
        let text = |key| here.get(key).map(str::to_owned);
        Self {
            light: here.get("light").and_then(LightState::from_name),
            department: here.get("department").and_then(|it| it.parse().ok()),
            special_action: text("special_action"),
            heading: text("heading"),
            words: text("q").unwrap_or_default().trim().to_owned(),
            group: here
                .get("group")
                .and_then(|given| Group::ALL.into_iter().find(|it| it.name() == given))
                .unwrap_or(default_group),
            sort: text("sort").unwrap_or_default(),
            after: text("after"),
        }
    }

    fn takes(&self, row: &TaskRow, light: Option<LightState>) -> bool {
        let task = &row.task;
        let equals = |wanted: &Option<String>, has: &Option<String>| wanted.is_none() || wanted == has;
        light.is_none_or(|light| row.state() == Some(light))
            && self.department.is_none_or(|it| task.responsible.contains(&it))
            && equals(&self.special_action, &task.special_action)
            && equals(&self.heading, &task.heading)
            && (self.words.is_empty()
                || task.title.contains(&self.words)
                || task.content.contains(&self.words))
    }

    /// The rows that are asked for, in order: groups as the plan has them, then the sort.
    pub(super) fn rows<'a>(&self, board: &'a Board) -> Vec<&'a TaskRow> {
        let mut rows: Vec<&TaskRow> = board.tasks.iter().filter(|it| self.takes(it, self.light)).collect();
        let (key, descending) = match self.sort.strip_prefix('-') {
            Some(key) => (key, true),
            None => (self.sort.as_str(), false),
        };
        match key {
            "deadline" => rows.sort_by_key(|it| it.task.deadline.day),
            "light" => rows.sort_by_key(|it| rank(it.state())),
            "progress" => rows.sort_by_key(|it| it.task.progress.map(|it| it.percent)),
            _ => {}
        }
        if descending {
            rows.reverse();
        }
        if self.group != Group::None {
            let mut order: BTreeMap<String, usize> = BTreeMap::new();
            for it in &board.tasks {
                let next = order.len();
                order.entry(self.group_of(it)).or_insert(next);
            }
            // What belongs to no group comes last.
            rows.sort_by_key(|it| {
                let group = self.group_of(it);
                (group.is_empty(), order.get(&group).copied())
            });
        }
        rows
    }

    /// The group of a row; empty where it has none.
    pub(super) fn group_of(&self, row: &TaskRow) -> String {
        match self.group {
            Group::SpecialAction => row.task.special_action.clone().unwrap_or_default(),
            Group::Heading => row.task.heading.clone().unwrap_or_default(),
            Group::Department => row.task.responsible.first().map(ToString::to_string).unwrap_or_default(),
            Group::None => String::new(),
        }
    }

    /// The title over a group.
    pub(super) fn group_title(&self, visit: &Visit, bodies: &Bodies, group: &str) -> String {
        match self.group {
            _ if group.is_empty() => visit.t(&format!("board-without-{}", self.group.name())),
            Group::Department => group.parse().map(|id| bodies.name(visit, id)).unwrap_or_default(),
            Group::SpecialAction | Group::Heading | Group::None => group.to_owned(),
        }
    }
}

fn rank(state: Option<LightState>) -> usize {
    standing::WORST_FIRST.iter().position(|it| Some(*it) == state).unwrap_or(standing::WORST_FIRST.len())
}

/// The chips above a board.
pub(super) struct Choices<'a> {
    pub(super) visit: &'a Visit,
    pub(super) board: &'a Board,
    pub(super) bodies: &'a Bodies,
    pub(super) here: &'a Address,
    pub(super) wanted: &'a Wanted,
}

impl Choices<'_> {
    /// Draws them; a copy without supervision has no lights to choose.
    pub(super) fn draw(&self, is_copy: bool) -> Markup {
        let visit = self.visit;
        let wanted = self.wanted;
        let narrowed = wanted.department.is_some()
            || wanted.special_action.is_some()
            || wanted.heading.is_some()
            || !wanted.words.is_empty();
        html! {
            div.filters.stack #board-filters {
                @if !is_copy { (self.lights()) }
                (self.groups())
                details.more-filters open[narrowed] {
                    summary { (visit.t("board-more-filters")) }
                    (self.search())
                    (self.texts("special_action", wanted.special_action.as_deref(), |it| it.task.special_action.as_deref()))
                    (self.texts("heading", wanted.heading.as_deref(), |it| it.task.heading.as_deref()))
                    (self.departments())
                }
            }
        }
    }

    fn lights(&self) -> Markup {
        let mut counts: BTreeMap<LightState, usize> = BTreeMap::new();
        for row in self.board.tasks.iter().filter(|it| self.wanted.takes(it, None)) {
            if let Some(state) = row.state() {
                *counts.entry(state).or_default() += 1;
            }
        }
        standing::light_chips(self.visit, &counts, self.wanted.light, |light| {
            let to = self.here.clone().without("after").without("light");
            light.map_or_else(|| to.to_string(), |light| to.clone().with("light", light.name()).to_string())
        })
    }

    fn groups(&self) -> Markup {
        let chips: Vec<Chip> = Group::ALL
            .into_iter()
            .filter(|group| group.is_useful(self.board))
            .map(|group| {
                let label = html! { (self.visit.t(&format!("board-group-{}", group.name()))) };
                let href = self.here.clone().without("after").with("group", group.name()).to_string();
                Chip::new(label, href, group == self.wanted.group)
            })
            .collect();
        ui::chips(self.visit, &self.visit.t("board-group"), &chips)
    }

    fn search(&self) -> Markup {
        let visit = self.visit;
        html! {
            form.filter #board-search data-action="search" method="get" {
                @for (key, value) in self.here.parameters().filter(|(key, _)| !matches!(*key, "q" | "after")) {
                    (ui::hidden(key, value))
                }
                (ui::input(visit, &Field { name: "q", label: visit.t("board-search"), kind: "search",
                    value: self.wanted.words.clone(), ..Field::default() }))
                button.button type="submit" { (visit.t("board-search-button")) }
            }
        }
    }

    fn texts(&self, key: &str, chosen: Option<&str>, of: impl Fn(&TaskRow) -> Option<&str>) -> Markup {
        let mut counts: Vec<(&str, u64)> = Vec::new();
        for text in self.board.tasks.iter().filter_map(&of) {
            match counts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, count)) => *count += 1,
                None => counts.push((text, 1)),
            }
        }
        let chips: Vec<Chip> = counts
            .into_iter()
            .map(|(text, count)| {
                let is_chosen = chosen == Some(text);
                Chip::new(html! { (text) }, self.toggled(key, text, is_chosen), is_chosen).count(count)
            })
            .collect();
        html! { @if !chips.is_empty() { (ui::chips(self.visit, &self.visit.t(&format!("board-group-{key}")), &chips)) } }
    }

    fn departments(&self) -> Markup {
        let mut counts: BTreeMap<OrganisationId, u64> = BTreeMap::new();
        for body in self.board.tasks.iter().flat_map(|it| &it.task.responsible) {
            *counts.entry(*body).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), self.bodies.name(self.visit, *id)));
        let chips: Vec<Chip> = counts
            .into_iter()
            .map(|(id, count)| {
                let is_chosen = self.wanted.department == Some(id);
                let label = html! { (self.bodies.name(self.visit, id)) };
                Chip::new(label, self.toggled("department", &id.to_string(), is_chosen), is_chosen)
                    .count(count)
            })
            .collect();
        ui::chips(self.visit, &self.visit.t("board-group-department"), &chips)
    }

    fn toggled(&self, key: &str, value: &str, is_chosen: bool) -> String {
        let to = self.here.clone().without("after").without(key);
        if is_chosen { to.to_string() } else { to.with(key, value).to_string() }
    }
}
