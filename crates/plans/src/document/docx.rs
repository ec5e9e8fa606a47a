//! DOCX: the body of a word processor file as it would be printed, without headers, footers and notes.

use std::collections::HashMap;

use super::assemble::{Assembler, tidy_spaces};
use super::blocks::{Block, Cell, Table, write_blocks};
use super::container::Container;
use super::numbering::Numbering;
use super::page_furniture::is_contents_line;
use super::xml_tree::{ElementId, ROOT, Xml, XmlError};
use super::{Document, Format, ReadError, limits};

/// How many styles a style may be based on, one on the other.
const STYLE_DEPTH_MAX: usize = 16;

pub(super) fn read_docx(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut container = Container::open(bytes, Format::Docx)?;
    let names = container.names();
    let main = ["word/document.xml", "word/document2.xml"]
        .into_iter()
        .find(|name| names.iter().any(|it| it == name))
        .ok_or_else(|| broken("no word/document.xml"))?;
    let body = part(&mut container, main)?.ok_or_else(|| broken("no main part"))?;
    let styles = part(&mut container, "word/styles.xml")?.map(|xml| Styles::parse(&xml)).unwrap_or_default();
    let numbering =
        part(&mut container, "word/numbering.xml")?.map(|xml| Numbering::parse(&xml)).unwrap_or_default();
    let mut reader = Body { xml: &body, styles, numbering, table_depth: 0 };
    let root = body.find(ROOT, "body").ok_or_else(|| broken("no body"))?;
    let blocks = drop_contents(reader.blocks(root));
    let mut out = Assembler::new(Format::Docx);
    write_blocks(&blocks, &mut out);
    Ok(out.finish())
}

fn broken(detail: &str) -> ReadError {
    ReadError::Broken { format: Format::Docx, detail: detail.into() }
}

fn part(container: &mut Container<'_>, name: &str) -> Result<Option<Xml>, ReadError> {
    let Some(bytes) = container.member(name)? else { return Ok(None) };
    match Xml::parse(&bytes) {
        Ok(xml) => Ok(Some(xml)),
        Err(XmlError::TooLarge(error)) => Err(error),
        Err(XmlError::Malformed(why)) => Err(broken(&format!("{name}: {why}"))),
    }
}

/// A table of contents repeats the headings with page numbers: it would be read as a second outline.
fn drop_contents(blocks: Vec<Block>) -> Vec<Block> {
    let is_contents =
        |block: &Block| matches!(block, Block::Paragraph { words, .. } if is_contents_line(words));
    let is_title = |block: &Block| {
        matches!(block, Block::Paragraph { words, .. }
            if matches!(words.chars().filter(|c| !c.is_whitespace()).collect::<String>().as_str(), "目录" | "目次"))
    };
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        if is_contents(&block) {
            if out.last().is_some_and(is_title) {
                out.pop();
            }
            continue;
        }
        out.push(block);
    }
    out
}

/// What paragraph styles say about outline and numbering.
#[derive(Default)]
struct Styles {
    by_id: HashMap<String, Style>,
}

#[derive(Default)]
struct Style {
    based_on: Option<String>,
    outline: Option<u8>,
    number: Option<String>,
    level: Option<usize>,
    hidden: bool,
    contents: bool,
}

impl Styles {
    fn parse(xml: &Xml) -> Styles {
        let mut out = Styles::default();
        let Some(root) = xml.child(ROOT, "styles") else { return out };
        for id in xml.children(root).filter(|id| xml.name(*id) == "style") {
            let Some(key) = xml.attribute(id, "styleId") else { continue };
            let name = xml.child(id, "name").and_then(|it| xml.val(it)).unwrap_or("").to_ascii_lowercase();
            let properties = xml.child(id, "pPr");
            let under =
                |path: &[&str]| properties.and_then(|it| xml.path(it, path)).and_then(|it| xml.val(it));
            let by_name = name.strip_prefix("heading ").and_then(|it| it.trim().parse::<u8>().ok());
            let by_level = under(&["outlineLvl"]).and_then(|it| it.parse::<u8>().ok()).filter(|it| *it < 9);
            let style = Style {
                based_on: xml.child(id, "basedOn").and_then(|it| xml.val(it)).map(str::to_owned),
                outline: by_level.map(|it| it + 1).or(by_name),
                number: under(&["numPr", "numId"]).map(str::to_owned),
                level: under(&["numPr", "ilvl"]).and_then(|it| it.parse().ok()),
                hidden: xml.path(id, &["rPr", "vanish"]).is_some(),
                contents: name.starts_with("toc"),
            };
            out.by_id.insert(key.to_owned(), style);
        }
        out
    }

    /// The first answer in a style and those it is based on.
    fn ask<T>(&self, id: Option<&str>, answer: impl Fn(&str, &Style) -> Option<T>) -> Option<T> {
        let mut at = id?;
        for _ in 0..STYLE_DEPTH_MAX {
            let style = self.by_id.get(at)?;
            if let Some(found) = answer(at, style) {
                return Some(found);
            }
            at = style.based_on.as_deref()?;
        }
        None
    }
}

struct Body<'a> {
    xml: &'a Xml,
    styles: Styles,
    numbering: Numbering,
    table_depth: usize,
}

/// Words of one paragraph, and the text boxes anchored in it.
#[derive(Default)]
struct Runs {
    words: String,
    boxes: Vec<Block>,
}

impl Body<'_> {
    fn blocks(&mut self, id: ElementId) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.add_blocks(id, &mut blocks);
        blocks
    }

    fn add_blocks(&mut self, id: ElementId, blocks: &mut Vec<Block>) {
        for child in self.xml.children(id) {
            match self.xml.name(child) {
                "p" => self.paragraph(child, blocks),
                "tbl" if self.table_depth < limits::TABLE_DEPTH_MAX => {
                    self.table_depth += 1;
                    let table = self.table(child);
                    self.table_depth -= 1;
                    if !table.rows.is_empty() {
                        blocks.push(Block::Table(table));
                    }
                }
                // The cells of tables nested beyond reason are paragraphs.
                "tbl" | "tr" | "tc" => self.add_blocks(child, blocks),
                "sdt" => {
                    let gallery = self.xml.path(child, &["sdtPr", "docPartObj", "docPartGallery"]);
                    let is_contents = gallery.and_then(|it| self.xml.val(it)) == Some("Table of Contents");
                    if let Some(content) = self.xml.child(child, "sdtContent").filter(|_| !is_contents) {
                        self.add_blocks(content, blocks);
                    }
                }
                "ins" | "moveTo" | "customXml" | "smartTag" => self.add_blocks(child, blocks),
                "AlternateContent" => {
                    if let Some(choice) = self.choice(child) {
                        self.add_blocks(choice, blocks);
                    }
                }
                _ => {}
            }
        }
    }

    /// The reading of an alternate that holds words: newer programs write the first, the second repeats it.
    fn choice(&self, id: ElementId) -> Option<ElementId> {
        let first = self.xml.child(id, "Choice");
        let has_words = first.is_some_and(|it| self.xml.find(it, "t").is_some());
        if has_words { first } else { self.xml.child(id, "Fallback").or(first) }
    }

    fn paragraph(&mut self, id: ElementId, blocks: &mut Vec<Block>) {
        let xml = self.xml;
        let properties = xml.child(id, "pPr");
        let own = |path: &[&str]| properties.and_then(|it| xml.path(it, path)).and_then(|it| xml.val(it));
        let style = own(&["pStyle"]);
        if self.styles.ask(style, |_, it| it.contents.then_some(())).is_some() {
            return;
        }
        let mut runs = Runs::default();
        self.runs(id, &mut runs);
        let hidden = self.styles.ask(style, |_, it| it.hidden.then_some(())).is_some();
        if !hidden && !tidy_spaces(&runs.words).is_empty() {
            let outline = own(&["outlineLvl"]).and_then(|it| it.parse::<u8>().ok());
            let heading = match outline {
                Some(level) => (level < 9).then_some(level + 1),
                None => self.styles.ask(style, |_, it| it.outline),
            };
            let label = self.label(own(&["numPr", "numId"]), own(&["numPr", "ilvl"]), style);
            let words = if label.is_empty() { runs.words } else { label + runs.words.trim_start() };
            blocks.push(Block::Paragraph { words, heading });
        }
        blocks.append(&mut runs.boxes);
    }

    fn label(&mut self, number: Option<&str>, level: Option<&str>, style: Option<&str>) -> String {
        let number = match number {
            Some(number) => Some((number.to_owned(), None)),
            None => self.styles.ask(style, |id, it| Some((it.number.clone()?, Some(id.to_owned())))),
        };
        let Some((number, from_style)) = number.filter(|(number, _)| number != "0") else {
            return String::new();
        };
        let tied = || self.numbering.level_of_style(&number, from_style.as_deref().or(style)?);
        let own = level.and_then(|it| it.parse().ok());
        let level = own.or_else(tied).or_else(|| self.styles.ask(style, |_, it| it.level)).unwrap_or(0);
        self.numbering.next_label(&number, level)
    }

    fn runs(&mut self, id: ElementId, out: &mut Runs) {
        let xml = self.xml;
        for child in xml.children(id) {
            match xml.name(child) {
                "t" => out.words.push_str(xml.text(child)),
                "tab" | "ptab" => out.words.push('\t'),
                "br" if !matches!(xml.attribute(child, "type"), Some("page" | "column")) => {
                    out.words.push('\n')
                }
                "cr" => out.words.push('\n'),
                "noBreakHyphen" => out.words.push('-'),
                "r" => {
                    let vanish = xml.path(child, &["rPr", "vanish"]);
                    if vanish.is_none_or(|it| matches!(xml.val(it), Some("0" | "false"))) {
                        self.runs(child, out);
                    }
                }
                "ruby" => {
                    if let Some(base) = xml.child(child, "rubyBase") {
                        self.runs(base, out);
                    }
                }
                "AlternateContent" => {
                    if let Some(choice) = self.choice(child) {
                        self.runs(choice, out);
                    }
                }
                "txbxContent" => {
                    let inner = self.blocks(child);
                    out.boxes.extend(inner);
                }
                // Deleted words, settings, notes, field codes and comments are not part of the text.
                "del" | "moveFrom" | "delText" | "instrText" | "pPr" | "rPr" | "sdtPr" | "sdtEndPr"
                | "footnote" | "footnoteReference" | "endnoteReference" | "commentReference"
                | "annotationRef" | "rt" => {}
                _ => self.runs(child, out),
            }
        }
    }

    fn table(&mut self, id: ElementId) -> Table {
        let mut rows: Vec<Vec<Placed>> = Vec::new();
        self.table_rows(id, &mut rows);
        merge_down(rows)
    }

    fn table_rows(&mut self, id: ElementId, rows: &mut Vec<Vec<Placed>>) {
        let xml = self.xml;
        for child in xml.children(id) {
            match xml.name(child) {
                "tr" if xml.path(child, &["trPr", "del"]).is_some() => {}
                "tr" => {
                    let before = xml.path(child, &["trPr", "gridBefore"]).and_then(|it| xml.val(it));
                    let before = before.and_then(|it| it.parse::<usize>().ok()).unwrap_or(0);
                    let mut row = Vec::new();
                    if 0 < before {
                        row.push(Placed { blocks: Vec::new(), span: before, continues: false });
                    }
                    self.table_cells(child, &mut row);
                    rows.push(row);
                }
                "sdt" | "sdtContent" | "ins" | "customXml" => self.table_rows(child, rows),
                _ => {}
            }
        }
    }

    fn table_cells(&mut self, id: ElementId, row: &mut Vec<Placed>) {
        let xml = self.xml;
        for child in xml.children(id) {
            match xml.name(child) {
                "tc" => {
                    let properties = xml.child(child, "tcPr");
                    let span = properties.and_then(|it| xml.child(it, "gridSpan")).and_then(|it| xml.val(it));
                    let merge = properties.and_then(|it| xml.child(it, "vMerge"));
                    row.push(Placed {
                        blocks: self.blocks(child),
                        span: span.and_then(|it| it.parse().ok()).unwrap_or(1),
                        continues: merge.is_some_and(|it| xml.val(it) != Some("restart")),
                    });
                }
                "sdt" | "sdtContent" | "ins" | "customXml" => self.table_cells(child, row),
                _ => {}
            }
        }
    }
}

/// A cell as the file lists it: one that goes on with the cell above is listed too.
struct Placed {
    blocks: Vec<Block>,
    span: usize,
    continues: bool,
}

/// Rows with every cell in its place; a cell that continues one above stays as an empty place.
fn merge_down(rows: Vec<Vec<Placed>>) -> Table {
    let row = |cells: Vec<Placed>| {
        let cell = |it: Placed| Cell {
            blocks: if it.continues { Vec::new() } else { it.blocks },
            column_span: it.span,
            row_span: 1,
        };
        cells.into_iter().map(cell).collect()
    };
    Table { rows: rows.into_iter().map(row).collect() }
}
