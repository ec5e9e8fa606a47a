//! Sections: which part of the plan a line belongs to, and whether that part looks back, sets aims or orders action.

use super::characters::Text;
use super::findings::Span;
use super::labels::Scheme;
use super::lexicon;
use super::outline::Node;
use super::tables;

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Before the first heading.
    Front,
    Recap,
    Situation,
    Guidance,
    Goals,
    Tasks,
    Guarantee,
    Glossary,
    Annex,
}

/// A heading with its place in the tree.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) kind: Kind,
    pub(crate) parent: Option<usize>,
    /// Headings below, without boxes, tables and a lone run-in title.
    pub(crate) children: usize,
    /// Indices of the first line after the heading and of the last line before the next heading.
    pub(crate) body: (usize, usize),
}

/// The tree over all headings, and what each line belongs to.
pub(crate) struct Sections {
    pub(crate) list: Vec<Section>,
    /// Innermost section of each line.
    of_line: Vec<Option<usize>>,
}

impl Sections {
    /// Reads kinds and parents off the headings.
    pub(crate) fn new(text: &Text, nodes: &[Node]) -> Sections {
        let mut list: Vec<Section> = Vec::with_capacity(nodes.len());
        let mut open: Vec<usize> = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let small = matches!(node.scheme, Some(Scheme::Box | Scheme::Table));
            while let Some(&top) = open.last() {
                let above = nodes.get(top).is_some_and(|above| {
                    above.level < node.level && !matches!(above.scheme, Some(Scheme::Box | Scheme::Table))
                });
                if above {
                    break;
                }
                open.pop();
            }
            let parent = open.last().copied();
            let parent_kind = parent.and_then(|parent| list.get(parent)).map(|section| section.kind);
            let next = nodes.get(index + 1).map_or(text.lines.len(), |next| next.line);
            let kind = match node.scheme {
                Some(Scheme::Annex) => Kind::Annex,
                _ => kind_of(text, node.title, parent_kind),
            };
            list.push(Section { kind, parent, children: 0, body: (node.line + 1, next.saturating_sub(1)) });
            if !small {
                open.push(index);
            }
        }
        count_children(text, nodes, &mut list);
        let mut of_line = vec![None; text.lines.len()];
        let mut current = None;
        let mut next = 0;
        for (line, slot) in of_line.iter_mut().enumerate() {
            while nodes.get(next).is_some_and(|node| node.line <= line) {
                // A caption belongs to its section; what stands below a box stays in the box until the next heading
                // or an ordinary paragraph.
                if nodes.get(next).is_some_and(|node| node.scheme != Some(Scheme::Table)) {
                    current = Some(next);
                }
                next += 1;
            }
            *slot = current;
        }
        Sections { list, of_line }
    }

    /// Index of the innermost section of a line.
    pub(crate) fn of(&self, line: usize) -> Option<usize> {
        self.of_line.get(line).copied().flatten()
    }

    /// Kind of the innermost section of a line.
    pub(crate) fn kind(&self, line: usize) -> Kind {
        self.of(line).and_then(|index| self.list.get(index)).map_or(Kind::Front, |section| section.kind)
    }

    /// Headings above `index`, highest first.
    pub(crate) fn path(&self, index: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = self.list.get(index).and_then(|section| section.parent);
        while let Some(parent) = at {
            path.push(parent);
            at = self.list.get(parent).and_then(|section| section.parent);
        }
        path.reverse();
        path
    }

    /// Whether the section is a leaf that orders action.
    pub(crate) fn is_action(&self, text: &Text, nodes: &[Node], index: usize) -> bool {
        let (Some(section), Some(node)) = (self.list.get(index), nodes.get(index)) else { return false };
        if !matches!(section.kind, Kind::Tasks | Kind::Guarantee)
            || matches!(node.scheme, Some(Scheme::Box | Scheme::Table | Scheme::Annex))
        {
            return false;
        }
        let words = node.runin
            || (section.body.0..=section.body.1).any(|line| {
                !tables::is_row(text, line) && text.lines.get(line).is_some_and(|line| 6 <= line.span.len())
            });
        // A lone run-in title is the first sentence of its section's only paragraph: the section is the action.
        let lone = node.scheme.is_none()
            && node.runin
            && section
                .parent
                .and_then(|parent| self.list.get(parent))
                .is_some_and(|parent| parent.children == 0);
        section.children == 0 && words && !lone
    }
}

fn count_children(text: &Text, nodes: &[Node], list: &mut [Section]) {
    let mut real = vec![0_usize; list.len()];
    let mut bare = vec![0_usize; list.len()];
    for (index, node) in nodes.iter().enumerate() {
        let Some(parent) = list.get(index).and_then(|section| section.parent) else { continue };
        match node.scheme {
            Some(Scheme::Box | Scheme::Table | Scheme::Annex) => {}
            None if node.runin => bare[parent] += 1,
            _ => real[parent] += 1,
        }
    }
    for (index, section) in list.iter_mut().enumerate() {
        let titles = bare.get(index).copied().unwrap_or(0);
        let last = section_end(nodes, index, text.lines.len());
        let paragraphs = (section.body.0..last)
            .filter(|&line| {
                !tables::is_row(text, line) && text.lines.get(line).is_some_and(|line| 12 <= line.span.len())
            })
            .count();
        let lone = titles == 1 && paragraphs <= 1;
        if lone && real.get(index).copied().unwrap_or(0) == 0 {
            // The paragraph of the lone title is the section's own body.
            section.body.1 = section.body.1.max(last.saturating_sub(1));
        }
        section.children = real.get(index).copied().unwrap_or(0) + if lone { 0 } else { titles };
    }
}

/// Index of the line at which the section with all below it is over.
fn section_end(nodes: &[Node], index: usize, lines: usize) -> usize {
    let level = nodes.get(index).map_or(1, |node| node.level);
    nodes
        .iter()
        .skip(index + 1)
        .find(|node| node.level <= level && !matches!(node.scheme, Some(Scheme::Box | Scheme::Table)))
        .map_or(lines, |node| node.line)
}

/// Verbs that also open titles of sections about something (`发展基础`, `建设目标`).
const NOUNS_TOO: [&str; 14] = [
    "发展", "建设", "服务", "管理", "创新", "保障", "健康", "科学", "实施", "评估", "考核", "领导", "组织",
    "总结",
];

fn kind_of(text: &Text, title: Span, parent: Option<Kind>) -> Kind {
    let words: String = text.folded(title).iter().filter(|c| !c.is_whitespace()).collect();
    if matches!(words.as_str(), "目录" | "名词解释" | "名词注释" | "附录" | "附则") {
        return Kind::Glossary;
    }
    if matches!(words.as_str(), "前言" | "引言" | "序言" | "绪论" | "结语" | "后记" | "总则") {
        return Kind::Guidance;
    }
    let matched = matched_kind(text, title);
    let action = lexicon::actions().starts(text, title.start, title.end).is_some()
        && !NOUNS_TOO.iter().any(|word| text.has(title.start, word));
    let own = match matched {
        Some(Kind::Guarantee) => Some(Kind::Guarantee),
        Some(_) if action => None,
        other => other,
    };
    match (parent, own) {
        (None | Some(Kind::Front | Kind::Annex), Some(kind)) => kind,
        (None | Some(Kind::Front | Kind::Annex), None) => Kind::Tasks,
        (Some(parent @ (Kind::Recap | Kind::Situation)), Some(kind @ (Kind::Recap | Kind::Situation))) => {
            if kind == parent {
                parent
            } else {
                kind
            }
        }
        (Some(Kind::Guidance), Some(kind @ (Kind::Goals | Kind::Situation | Kind::Recap | Kind::Tasks))) => {
            kind
        }
        (Some(Kind::Goals), Some(kind @ (Kind::Guidance | Kind::Tasks))) => kind,
        (Some(Kind::Tasks), Some(kind @ (Kind::Guarantee | Kind::Goals | Kind::Recap | Kind::Situation))) => {
            kind
        }
        (Some(parent), _) => parent,
    }
}

fn matched_kind(text: &Text, title: Span) -> Option<Kind> {
    let mut kinds = Vec::new();
    let mut at = title.start;
    while at < title.end {
        if let Some((length, tag)) = lexicon::section_titles().starts(text, at, title.end) {
            kinds.push(match tag {
                "recap" => Kind::Recap,
                "situation" => Kind::Situation,
                "guidance" => Kind::Guidance,
                "goals" => Kind::Goals,
                "guarantee" => Kind::Guarantee,
                "glossary" | "contents" => Kind::Glossary,
                _ => Kind::Tasks,
            });
            at += length;
        } else {
            at += 1;
        }
    }
    // 总体要求和发展目标: aims are stated there. 目标和重点任务: actions are.
    for kind in [Kind::Guarantee, Kind::Tasks] {
        if kinds.contains(&kind) {
            return Some(kind);
        }
    }
    if kinds.first() == Some(&Kind::Guidance) && kinds.contains(&Kind::Goals) {
        return Some(Kind::Goals);
    }
    kinds.first().copied()
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;
    use crate::document::Document;

    #[test]
    fn sections_know_what_they_are_for() {
        let words = "一、发展现状\n(一)创新能力增强\n已建成一批平台。\n二、总体要求\n(一)指导思想\n(二)发展目标\n到2025年达到。\n三、主要任务\n(一)夯实发展基础\n铺设光纤网络,建设算力。\n四、保障措施\n(一)加强领导\n建立工作专班机制。\n";
        let text = Text::new(&Document::from_text(words));
        let nodes = outline(&text, 0);
        let sections = Sections::new(&text, &nodes);
        let kinds: Vec<Kind> = sections.list.iter().map(|section| section.kind).collect();
        assert_eq!(
            kinds,
            [
                Kind::Recap,
                Kind::Recap,
                Kind::Guidance,
                Kind::Guidance,
                Kind::Goals,
                Kind::Tasks,
                Kind::Tasks,
                Kind::Guarantee,
                Kind::Guarantee
            ]
        );
        let actions: Vec<String> = (0..nodes.len())
            .filter(|&index| sections.is_action(&text, &nodes, index))
            .map(|index| text.quote(nodes[index].title))
            .collect();
        assert_eq!(actions, ["夯实发展基础", "加强领导"]);
    }
}
