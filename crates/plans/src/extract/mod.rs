//! From a document to findings: outline, targets, achievements, tasks, systems, tables, each with its exact place.
//!
//! The grammar is general: numbering schemes, Chinese numerals and quantities, comparators, endings of names of bodies
//! and systems. Vocabulary is data (`lexicon/*.txt`). Nothing here knows any one document, reads a clock or a file, or
//! can fail: what is not understood is not reported.
//!
//! ```
//! use hutong_plans::{document::Document, extract};
//! let document = Document::from_text("槐安区算力行动方案\n一、发展目标\n到2026年，算力规模达到300PFLOPS以上。\n");
//! let findings = extract::extract(&document);
//! assert_eq!(findings.targets[0].name, "算力规模");
//! assert_eq!(findings.targets[0].deadline, Some(2026));
//! ```

mod bodies;
mod boxes;
mod characters;
mod clauses;
mod confidence;
mod dates;
mod documents;
mod findings;
mod indicators;
mod json;
mod labels;
mod lexicon;
mod metadata;
mod numerals;
mod outline;
mod quantities;
mod sections;
mod system_names;
mod systems;
mod tables;
mod targets;
mod tasks;

pub use findings::{
    Alternative, Baseline, CitedDocument, Deliberation, Evidence, Findings, Heading, Meta, Op, Period, Span,
    Stated, System, SystemStatus, Table, Target, Task, Value,
};

use crate::document::Document;

use characters::{Text, normal};
use labels::Scheme;
use outline::Node;
use sections::{Kind, Sections};
use tables::{Grid, Role};
use targets::Context;

/// Finds everything. Never fails and never panics, whatever the text.
pub fn extract(document: &Document) -> Findings {
    let text = Text::new(document);
    let (meta, front) = metadata::metadata(&text);
    let nodes = outline::outline(&text, front);
    let sections = Sections::new(&text, &nodes);
    let grids = tables::grids(&text);
    let period = meta.period.as_ref().map(|period| (period.from, period.to));
    let (targets, implied_targets, achievements) = figures(&text, &nodes, &sections, &grids, period);
    let table_tasks: Vec<Task> =
        grids.iter().filter(|grid| grid.is_tasks()).flat_map(|grid| tasks::from_table(&text, grid)).collect();
    let prose_tasks = tasks::from_prose(&text, &nodes, &sections);
    let (mut tasks, mut prose_tasks) =
        if table_tasks.is_empty() { (prose_tasks, Vec::new()) } else { (table_tasks, prose_tasks) };
    let systems = systems_of(&text, &nodes, &sections, front);
    for task in tasks.iter_mut().chain(&mut prose_tasks) {
        link(task, &targets, &systems);
    }
    // Captions of tables are listed with their tables.
    let mut outline: Vec<Heading> = nodes
        .iter()
        .filter(|node| node.scheme != Some(Scheme::Table))
        .map(|node| node.heading(&text))
        .collect();
    outline.extend(group_headings(&text, &grids));
    outline.sort_by_key(|heading| heading.evidence.span.start);
    Findings {
        outline,
        targets,
        implied_targets,
        achievements,
        tasks,
        prose_tasks,
        systems,
        tables: boxes::tables(&text, &nodes, &grids),
        documents: documents::all(&text),
        meta,
    }
}

/// Entry for fuzzing: any bytes, read as text as far as they are text.
pub fn extract_any(bytes: &[u8]) -> Findings {
    extract(&Document::from_text(&String::from_utf8_lossy(bytes)))
}

/// Places to read for numbers and names: paragraphs, and the cells of tables that hold prose.
fn passages(text: &Text, nodes: &[Node], sections: &Sections, grids: &[Grid]) -> Vec<(usize, Span, Kind)> {
    let mut passages = Vec::new();
    let grid_of = |line: usize| grids.iter().find(|grid| grid.first <= line && line <= grid.last);
    for (index, line) in text.lines.iter().enumerate() {
        if line.span.is_empty() || outline::is_furniture(text, line.span) {
            continue;
        }
        let kind = sections.kind(index);
        if let Some(grid) = grid_of(index) {
            if grid.is_indicators() {
                continue;
            }
            let Some(row) = grid.rows.iter().find(|row| row.line == index) else { continue };
            for (column, cell) in grid.columns.iter().zip(&row.cells) {
                if let (Role::Content | Role::Title | Role::Other, Some(cell)) = (column.role, cell) {
                    passages.push((index, *cell, Kind::Tasks));
                }
            }
        } else if tables::is_row(text, index) {
            for cell in tables::cells(text, line.span) {
                if !cell.is_empty() {
                    passages.push((index, cell, kind));
                }
            }
        } else {
            let node = nodes.iter().find(|node| node.line == index);
            let start =
                node.map_or(line.span.start, |node| if node.runin { node.rest } else { node.title.start });
            passages.push((index, Span::new(start, line.span.end), kind));
        }
    }
    passages
}

/// Targets, implied targets and achievements.
fn figures(
    text: &Text,
    nodes: &[Node],
    sections: &Sections,
    grids: &[Grid],
    period: Option<(i32, i32)>,
) -> (Vec<Target>, Vec<Target>, Vec<Target>) {
    let mut targets = Vec::new();
    let mut implied = Vec::new();
    let mut achievements = Vec::new();
    for grid in grids.iter().filter(|grid| grid.is_indicators()) {
        if matches!(sections.kind(grid.header), Kind::Recap | Kind::Situation | Kind::Glossary) {
            continue;
        }
        let caption = boxes::caption(text, nodes, grid);
        let year = caption.and_then(|caption| indicators::caption_year(text, caption));
        targets.extend(indicators::indicators(text, grid, year));
    }
    for (line, span, kind) in passages(text, nodes, sections, grids) {
        let heading = nodes.iter().any(|node| node.line == line && !node.runin);
        if heading {
            continue;
        }
        let context = Context { kind, deadline: section_year(text, nodes, sections, line, kind) };
        for found in targets::paragraph(text, span, context) {
            if found.past {
                let mut target = found.target;
                target.period = past_period(text, span, target.evidence.span, period);
                target.deadline = None;
                achievements.push(target);
            } else {
                targets.push(found.target);
            }
        }
        if matches!(kind, Kind::Goals | Kind::Tasks | Kind::Guarantee) {
            implied.extend(targets::implied(text, span));
        }
    }
    (once(targets), once(implied), achievements)
}

/// Year that a section of aims sets for all of it: in its title (`2025年目标`), or where it opens (`到2025年，…`).
fn section_year(text: &Text, nodes: &[Node], sections: &Sections, line: usize, kind: Kind) -> Option<i32> {
    let index = sections.of(line).filter(|_| kind == Kind::Goals)?;
    let mut around = sections.path(index);
    around.push(index);
    around.reverse();
    around
        .iter()
        .filter(|&&at| sections.list.get(at).is_some_and(|section| section.kind == Kind::Goals))
        .find_map(|&at| {
            let title = nodes.get(at)?.title;
            let titled = (title.start..title.end).find_map(|at| {
                let (end, year) = dates::year_at(text, at)?;
                (text.at(end) == '年').then_some(year)
            });
            titled.or_else(|| {
                let (first, last) = sections.list.get(at)?.body;
                // Only what opens the section and stands before this line can govern it.
                (first..=last.min(line.saturating_sub(1)).min(first + 12)).find_map(|above| {
                    let span = text.lines.get(above)?.span;
                    dates::deadline(text, Span::new(span.start, span.end.min(span.start + 20)))
                        .map(|(_, year)| year)
                })
            })
        })
}

/// Period of a result: the five-year plan or year its paragraph names before it.
fn past_period(text: &Text, paragraph: Span, place: Span, period: Option<(i32, i32)>) -> Option<String> {
    let before = Span::new(paragraph.start, place.end);
    let year = (before.start..place.start).rev().find_map(|at| {
        let (end, year) = dates::year_at(text, at)?;
        (text.at(end) == '年').then_some(year)
    });
    if let Some(year) = year {
        return Some(year.to_string());
    }
    if let Some((_, (from, to))) = dates::plan_period(text, before) {
        return Some(format!("{from}-{to}"));
    }
    period.map(|(from, _)| (from - 1).to_string())
}

/// The same number for the same indicator, said again, is one target with more lines.
fn once(found: Vec<Target>) -> Vec<Target> {
    let mut kept: Vec<Target> = Vec::new();
    for target in found {
        let same = kept.iter_mut().find(|known| {
            known.value == target.value
                && known.unit == target.unit
                && alike(&known.name, &target.name)
                && (known.deadline == target.deadline
                    || known.deadline.is_none()
                    || target.deadline.is_none())
        });
        match same {
            Some(known) => {
                if known.evidence.line != target.evidence.line {
                    known.also_lines.push(target.evidence.line);
                }
                if known.deadline.is_none() {
                    known.deadline = target.deadline;
                }
            }
            None => kept.push(target),
        }
    }
    kept
}

/// Whether two names are the same but for words around them.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (normal(one), normal(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    4 <= short.chars().count() && long.contains(&short) && long.chars().count() <= short.chars().count() * 2
        || short == long
}

fn systems_of(text: &Text, nodes: &[Node], sections: &Sections, front: usize) -> Vec<System> {
    let mut mentions = Vec::new();
    for (index, line) in text.lines.iter().enumerate().skip(front) {
        let kind = sections.kind(index);
        if line.span.is_empty() || kind == Kind::Front || outline::is_furniture(text, line.span) {
            continue;
        }
        // A heading names systems only when it runs into its paragraph or is the task itself.
        let heading = nodes.iter().enumerate().find(|(_, node)| node.line == index && !node.runin);
        if let Some((_, node)) = heading
            && !matches!(node.scheme, Some(Scheme::Box))
        {
            continue;
        }
        if tables::is_row(text, index) {
            for cell in tables::cells(text, line.span) {
                if 4 <= cell.len() {
                    mentions.extend(systems::mentions(text, cell, kind));
                }
            }
        } else {
            mentions.extend(systems::mentions(text, line.span, kind));
        }
    }
    systems::merge(text, &mentions)
}

/// Which targets and systems lie in the body of a task.
fn link(task: &mut Task, targets: &[Target], systems: &[System]) {
    let line = task.evidence.line;
    let (from, to) = task.body_lines.unwrap_or((line, line));
    let inside = |at: usize| (from.min(line)..=to).contains(&at);
    task.targets = targets
        .iter()
        .enumerate()
        .filter(|(_, target)| inside(target.evidence.line) || target.also_lines.iter().any(|&at| inside(at)))
        .map(|(index, _)| index)
        .collect();
    task.platforms = systems
        .iter()
        .filter(|system| {
            std::iter::once((system.evidence.line, system.status)).chain(system.also.iter().copied()).any(
                |(at, status)| inside(at) && matches!(status, SystemStatus::Build | SystemStatus::Upgrade),
            )
        })
        .map(|system| system.name.clone())
        .collect();
}

/// Group rows of a task table that carry a mark (`一、…`) head its parts.
fn group_headings(text: &Text, grids: &[Grid]) -> Vec<Heading> {
    let mut headings = Vec::new();
    for grid in grids.iter().filter(|grid| grid.is_tasks()) {
        for &line in &grid.groups {
            let Some(line) = text.lines.get(line) else { continue };
            let Some(cell) = tables::cells(text, line.span).into_iter().find(|cell| !cell.is_empty()) else {
                continue;
            };
            let Some(label) = labels::label(text, cell)
                .filter(|label| matches!(label.scheme, Scheme::Comma | Scheme::Bracket))
            else {
                continue;
            };
            let title = text.trim(Span::new(label.rest, cell.end));
            headings.push(Heading {
                level: 2,
                label: text.quote(label.span),
                title: text.quote(title),
                runin: false,
                evidence: text.evidence(cell, 0.6),
            });
        }
    }
    headings
}
