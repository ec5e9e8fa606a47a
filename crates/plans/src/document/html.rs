//! HTML, pages saved from government sites included: the article of the page, and what its head says about it.
//!
//! A saved page is mostly not the document: menus, path of pages, font-size tools, share buttons, a code to scan,
//! footer. The article is found by where the prose lies, helped by the names such sites give it; its surroundings are
//! read for one thing only, the block that names issuer, number and date.

use super::assemble::{Assembler, tidy_spaces};
use super::blocks::{Block, Cell, Table, write_blocks};
use super::html_tree::{NodeId, ROOT, Tree, is_block};
use super::page_furniture::{is_furniture_line, is_furniture_name, is_known_body_name, metadata_pairs};
use super::{Document, Format, Hint, limits};

/// A part of the page named like furniture is kept all the same when it holds this share of the prose. Unit: percent.
const FURNITURE_SHARE_MAX: usize = 40;

/// A part named like an article is it when it holds at least this share of the prose. Unit: percent.
const NAMED_BODY_SHARE_MIN: usize = 50;

/// A part nobody named is descended into as long as one child holds this share of the prose. Unit: percent.
const BODY_SHARE_MIN: usize = 80;

/// Lines at the front of the body that are compared with the page's title.
const TITLE_LINES: usize = 12;

/// Shortest page title that is worth adding. Unit: characters.
const TITLE_CHARACTERS_MIN: usize = 6;

pub(super) fn read_html(page: &str) -> Document {
    let tree = Tree::parse(page);
    let survey = Survey::of(&tree);
    let body = survey.find_body(&tree);
    let mut blocks = Flow::blocks(&tree, body, &survey.dropped, 0);
    blocks.retain(|block| !matches!(block, Block::Paragraph { words, .. } if is_furniture_line(words)));
    let title = page_title(&tree, &survey);
    if let Some(title) = &title {
        join_title_lines(&mut blocks, title);
    }
    let mut out = Assembler::new(Format::Html);
    for (label, value) in surroundings(&tree, body, &survey) {
        out.push_paragraph(&format!("{label}：{value}"), Hint::default());
    }
    if let Some(title) = title.filter(|title| !begins_with_title(&blocks, title)) {
        out.push_paragraph(&title, Hint { heading: Some(1), ..Hint::default() });
    }
    write_blocks(&blocks, &mut out);
    out.finish()
}

/// Tables of a fragment of HTML, for Markdown files that hold one.
pub(super) fn fragment_blocks(fragment: &str) -> Vec<Block> {
    let tree = Tree::parse(fragment);
    let dropped = vec![false; tree.nodes.len()];
    Flow::blocks(&tree, ROOT, &dropped, 0)
}

/// Where the words of a page lie.
struct Survey {
    /// Characters of words outside links, for each node with all below it.
    prose: Vec<usize>,
    /// Nodes that are not shown, or are furniture. Their children are not marked.
    dropped: Vec<bool>,
    /// Nodes that are not shown at all.
    hidden: Vec<bool>,
}

impl Survey {
    fn of(tree: &Tree) -> Survey {
        let count = tree.nodes.len();
        let mut parent = vec![ROOT; count];
        let mut in_link = vec![false; count];
        let mut hidden = vec![false; count];
        let mut unseen = vec![false; count];
        // A child always comes after its parent: one pass forwards hands down, one backwards adds up.
        for (id, node) in tree.nodes.iter().enumerate() {
            if let Some(mark) = hidden.get_mut(id) {
                *mark = is_hidden(tree, id);
            }
            let own_link = node.tag == "a";
            let (link, gone) = (in_link.get(id) == Some(&true) || own_link, hidden.get(id) == Some(&true));
            let gone = gone || unseen.get(id) == Some(&true);
            for child in &node.children {
                set(&mut parent, *child, id);
                set(&mut in_link, *child, link);
                set(&mut unseen, *child, gone);
            }
        }
        let weigh = |dropped: Option<&[bool]>| {
            let mut prose = vec![0usize; count];
            for id in (0..count).rev() {
                if hidden.get(id) == Some(&true) || dropped.is_some_and(|it| it.get(id) == Some(&true)) {
                    set(&mut prose, id, 0);
                    continue;
                }
                let node = tree.node(id);
                if in_link.get(id) != Some(&true) && unseen.get(id) != Some(&true) {
                    let own = node.map_or(0, |it| it.text.chars().filter(|c| c.is_alphanumeric()).count());
                    add(&mut prose, id, own);
                }
                if id != ROOT {
                    let sum = prose.get(id).copied().unwrap_or(0);
                    add(&mut prose, parent.get(id).copied().unwrap_or(ROOT), sum);
                }
            }
            prose
        };
        let first = weigh(None);
        let all = first.first().copied().unwrap_or(0);
        let dropped: Vec<bool> = (0..count)
            .map(|id| {
                let share = first.get(id).copied().unwrap_or(0) * 100;
                hidden.get(id) == Some(&true) || (is_furniture(tree, id) && share < all * FURNITURE_SHARE_MAX)
            })
            .collect();
        let prose = weigh(Some(&dropped));
        Survey { prose, dropped, hidden }
    }

    fn weight(&self, id: NodeId) -> usize {
        self.prose.get(id).copied().unwrap_or(0)
    }

    fn find_body(&self, tree: &Tree) -> NodeId {
        let all = self.weight(ROOT);
        let named = tree
            .nodes
            .iter()
            .enumerate()
            .filter(|(id, node)| {
                !node.is_text()
                    && !matches!(node.tag.as_str(), "body" | "html")
                    && self.dropped.get(*id) == Some(&false)
                    && names(tree, *id).any(is_known_body_name)
                    && all * NAMED_BODY_SHARE_MIN <= self.weight(*id) * 100
            })
            // The smallest one; of equal ones the innermost.
            .min_by_key(|(id, _)| (self.weight(*id), usize::MAX - id))
            .map(|(id, _)| id);
        if let Some(id) = named {
            return id;
        }
        let mut at = ROOT;
        loop {
            let heavy = tree.children(at).iter().copied().find(|id| {
                self.dropped.get(*id) != Some(&true) && all * BODY_SHARE_MIN <= self.weight(*id) * 100
            });
            match heavy {
                // A table is descended into only when it is a page frame: one cell with everything.
                Some(id) if tree.node(id).is_some_and(|node| node.tag == "table") => {
                    match self.frame_cell(tree, id) {
                        Some(cell) => at = cell,
                        None => return at,
                    }
                }
                Some(id) if tree.node(id).is_some_and(|node| is_block(&node.tag)) => at = id,
                _ => return at,
            }
        }
    }

    /// The cell of a table that holds nearly all of it.
    fn frame_cell(&self, tree: &Tree, table: NodeId) -> Option<NodeId> {
        let all = self.weight(table);
        let mut at = table;
        loop {
            let heavy = tree.children(at).iter().copied().find(|id| all * 95 <= self.weight(*id) * 100)?;
            let tag = tree.node(heavy).map_or("", |node| &node.tag);
            match tag {
                "td" | "th" => {
                    let paragraphs = tree.children(heavy).iter().filter(|id| 0 < self.weight(**id)).count();
                    return (3 < paragraphs || all == self.weight(ROOT)).then_some(heavy);
                }
                "tr" | "tbody" | "thead" => at = heavy,
                _ => return None,
            }
        }
    }
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

fn add(list: &mut [usize], at: usize, value: usize) {
    if let Some(place) = list.get_mut(at) {
        *place += value;
    }
}

fn names(tree: &Tree, id: NodeId) -> impl Iterator<Item = &str> {
    let node = tree.node(id);
    let both = ["id", "class"].into_iter().filter_map(move |key| node.and_then(|node| node.attribute(key)));
    both.flat_map(|value| value.split_ascii_whitespace())
}

fn is_hidden(tree: &Tree, id: NodeId) -> bool {
    let Some(node) = tree.node(id) else { return true };
    let by_tag = matches!(
        node.tag.as_str(),
        "script"
            | "style"
            | "noscript"
            | "template"
            | "iframe"
            | "svg"
            | "select"
            | "button"
            | "textarea"
            | "object"
            | "head"
            | "input"
    );
    let style = node.attribute("style").unwrap_or("");
    by_tag || node.attribute("hidden").is_some() || {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    }
}

fn is_furniture(tree: &Tree, id: NodeId) -> bool {
    let Some(node) = tree.node(id) else { return false };
    match node.tag.as_str() {
        "nav" | "footer" | "aside" | "header" => true,
        "body" | "html" | "" => false,
        _ => names(tree, id).any(is_furniture_name),
    }
}

/// The title in the page's head or its first heading, without the site's name behind it.
fn page_title(tree: &Tree, survey: &Survey) -> Option<String> {
    let words_of = |id: NodeId| {
        let mut words = String::new();
        let mut waiting = vec![id];
        while let Some(at) = waiting.pop() {
            let Some(node) = tree.node(at) else { continue };
            words.push_str(&node.text);
            waiting.extend(node.children.iter().rev());
        }
        tidy_spaces(&words)
    };
    let first = |tag: &str| tree.nodes.iter().position(|node| node.tag == tag);
    let heading = tree
        .nodes
        .iter()
        .enumerate()
        .find(|(id, node)| node.tag == "h1" && survey.hidden.get(*id) == Some(&false))
        .map(|(id, _)| words_of(id));
    let head = first("title").map(words_of).map(|title| {
        let cut = title.find(['_', '|', '｜']).or_else(|| title.find(" - ")).or_else(|| title.find("--"));
        cut.and_then(|at| title.get(..at)).unwrap_or(&title).trim().to_owned()
    });
    [heading, head].into_iter().flatten().find(|it| TITLE_CHARACTERS_MIN <= it.chars().count())
}

/// What two titles have in common when their spaces and marks differ.
fn title_key(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A title set on several lines becomes one line when the page says what it is.
fn join_title_lines(blocks: &mut Vec<Block>, title: &str) {
    let wanted = title_key(title);
    let words_of = |block: &Block| match block {
        Block::Paragraph { words, .. } => Some(title_key(words)),
        Block::Table(_) => None,
    };
    for from in 0..TITLE_LINES.min(blocks.len()) {
        let mut joined = String::new();
        for to in from..blocks.len().min(from + 6) {
            let Some(words) = blocks.get(to).and_then(words_of) else { break };
            joined.push_str(&words);
            if !wanted.starts_with(&joined) {
                break;
            }
            if joined == wanted {
                let line = Block::Paragraph { words: title.to_owned(), heading: Some(1) };
                blocks.splice(from..=to, [line]);
                return;
            }
        }
    }
}

fn begins_with_title(blocks: &[Block], title: &str) -> bool {
    let wanted = title_key(title);
    let mut front = String::new();
    for block in blocks.iter().take(TITLE_LINES) {
        match block {
            Block::Paragraph { words, .. } => front.push_str(&title_key(words)),
            Block::Table(table) => front.push_str(&title_key(&table.grid().concat().concat())),
        }
    }
    front.contains(&wanted)
}

/// What the page says about the document outside of its body: issuer, number, dates.
fn surroundings(tree: &Tree, body: NodeId, survey: &Survey) -> Vec<(String, String)> {
    let mut left_out = survey.hidden.clone();
    set(&mut left_out, body, true);
    let mut found: Vec<(String, String)> = Vec::new();
    if body == ROOT {
        return found;
    }
    let mut take = |pairs: Vec<(String, String)>| {
        for (label, value) in pairs {
            if !found.iter().any(|(known, _)| *known == label) {
                found.push((label, value));
            }
        }
    };
    collect_pairs(&Flow::blocks(tree, ROOT, &left_out, 0), &mut take);
    found
}

fn collect_pairs(blocks: &[Block], take: &mut impl FnMut(Vec<(String, String)>)) {
    for block in blocks {
        match block {
            Block::Paragraph { words, .. } => take(metadata_pairs(&[words.as_str()])),
            Block::Table(table) => {
                for row in &table.rows {
                    let cells: Vec<String> =
                        row.iter().map(|cell| super::blocks::flat_words(&cell.blocks)).collect();
                    take(metadata_pairs(&cells.iter().map(String::as_str).collect::<Vec<_>>()));
                    let nested = row.iter().flat_map(|cell| &cell.blocks);
                    for inner in nested.filter(|block| matches!(block, Block::Table(_))) {
                        collect_pairs(std::slice::from_ref(inner), take);
                    }
                }
            }
        }
    }
}

/// Turns a part of the tree into paragraphs and tables.
struct Flow<'a> {
    tree: &'a Tree,
    dropped: &'a [bool],
    blocks: Vec<Block>,
    words: String,
    /// Number of the list item whose first paragraph is to come.
    label: String,
    heading: Option<u8>,
    /// A line end of the source file stands between the last character and the next one.
    source_break: bool,
    /// How many tables the words stand in.
    table_depth: usize,
}

impl<'a> Flow<'a> {
    fn blocks(tree: &'a Tree, id: NodeId, dropped: &'a [bool], table_depth: usize) -> Vec<Block> {
        let mut flow = Flow {
            tree,
            dropped,
            blocks: Vec::new(),
            words: String::new(),
            label: String::new(),
            heading: None,
            source_break: false,
            table_depth,
        };
        for child in tree.children(id) {
            flow.visit(*child);
        }
        flow.flush();
        flow.blocks
    }

    fn flush(&mut self) {
        self.source_break = false;
        if !tidy_spaces(&self.words).is_empty() {
            let words = std::mem::take(&mut self.label) + self.words.trim_start();
            self.blocks.push(Block::Paragraph { words, heading: self.heading });
        }
        self.words.clear();
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, '\n' | '\r') {
                self.source_break = true;
                continue;
            }
            if self.source_break {
                if matches!(c, ' ' | '\t') {
                    continue;
                }
                self.source_break = false;
                // Editors wrap the source of Chinese pages; the break stands for nothing between two characters.
                let wide = |c: char| '\u{2E80}' <= c;
                if !(self.words.chars().next_back().is_none_or(wide) && wide(c)) {
                    self.words.push(' ');
                }
            }
            self.words.push(c);
        }
    }

    fn visit(&mut self, id: NodeId) {
        let Some(node) = self.tree.node(id) else { return };
        if self.dropped.get(id) == Some(&true) {
            return;
        }
        if node.is_text() {
            self.text(&node.text);
            return;
        }
        match node.tag.as_str() {
            "br" => {
                self.source_break = false;
                // In a heading a break is for looks.
                self.words.push_str(if self.heading.is_some() { "" } else { "\n" });
            }
            "table" if self.table_depth < limits::TABLE_DEPTH_MAX => {
                self.flush();
                let table = self.table(id);
                if !table.rows.is_empty() {
                    self.blocks.push(Block::Table(table));
                }
            }
            "ol" => self.ordered_list(id),
            tag if is_block(tag) => {
                self.flush();
                let outer = self.heading;
                if let [b'h', level @ b'1'..=b'6'] = tag.as_bytes() {
                    self.heading = Some(level - b'0');
                }
                self.visit_children(id);
                self.flush();
                self.heading = outer;
            }
            _ => self.visit_children(id),
        }
    }

    fn visit_children(&mut self, id: NodeId) {
        for child in self.tree.children(id) {
            self.visit(*child);
        }
    }

    /// The numbers of an ordered list are words of the document, though the browser writes them.
    fn ordered_list(&mut self, id: NodeId) {
        self.flush();
        let start = self.tree.node(id).and_then(|node| node.attribute("start"));
        let mut number: u32 = start.and_then(|it| it.trim().parse().ok()).unwrap_or(1);
        for child in self.tree.children(id) {
            if self.tree.node(*child).is_some_and(|node| node.tag == "li") {
                self.flush();
                self.label = format!("{number}.");
                number = number.saturating_add(1);
                self.visit_children(*child);
                self.flush();
                self.label.clear();
            } else {
                self.visit(*child);
            }
        }
        self.flush();
    }

    fn table(&mut self, id: NodeId) -> Table {
        let mut table = Table::default();
        let mut waiting = vec![id];
        while let Some(at) = waiting.pop() {
            for child in self.tree.children(at) {
                let tag = self.tree.node(*child).map_or("", |node| node.tag.as_str());
                match tag {
                    _ if self.dropped.get(*child) == Some(&true) => {}
                    "tr" => table.rows.push(self.row(*child)),
                    "tbody" | "thead" | "tfoot" => {
                        // Sections hold rows only, and come in order.
                        for row in self.tree.children(*child) {
                            if self.tree.node(*row).is_some_and(|node| node.tag == "tr") {
                                table.rows.push(self.row(*row));
                            }
                        }
                    }
                    "caption" => {
                        self.visit(*child);
                        self.flush();
                    }
                    "form" | "div" | "center" => waiting.push(*child),
                    _ => {}
                }
            }
        }
        table
    }

    fn row(&self, id: NodeId) -> Vec<Cell> {
        let cells = self.tree.children(id).iter().filter_map(|child| {
            let node = self.tree.node(*child).filter(|node| matches!(node.tag.as_str(), "td" | "th"))?;
            let span =
                |name: &str| node.attribute(name).and_then(|it| it.trim().parse().ok()).unwrap_or(1usize);
            let left_out = self.dropped.get(*child) == Some(&true);
            Some(Cell {
                blocks: if left_out {
                    Vec::new()
                } else {
                    Flow::blocks(self.tree, *child, self.dropped, self.table_depth + 1)
                },
                column_span: span("colspan"),
                row_span: span("rowspan"),
            })
        });
        cells.collect()
    }
}
