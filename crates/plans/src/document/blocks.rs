//! What a structured file (HTML, DOCX, Markdown) is made of before it becomes lines: paragraphs and tables.

use super::assemble::{Assembler, tidy_spaces};
use super::{Hint, limits};

/// A table with one cell that holds more than this share of the document is a page frame, not a table. One in so many.
const FRAME_SHARE: usize = 3;

/// A cell with more paragraphs than this is a page frame whatever its share.
const FRAME_PARAGRAPHS: usize = 60;

/// One paragraph or one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// Words with `\n` where the file breaks a line by hand.
    Paragraph {
        words: String,
        heading: Option<u8>,
    },
    Table(Table),
}

/// Rows as the file lists them: a cell that is covered by a span is not listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) blocks: Vec<Block>,
    pub(super) column_span: usize,
    pub(super) row_span: usize,
}

impl Block {
    pub(super) fn paragraph(words: impl Into<String>) -> Self {
        Self::Paragraph { words: words.into(), heading: None }
    }

    /// Bytes of words in it.
    fn size(&self) -> usize {
        match self {
            Self::Paragraph { words, .. } => words.len(),
            Self::Table(table) => table.size(),
        }
    }
}

impl Table {
    fn size(&self) -> usize {
        self.rows.iter().flatten().flat_map(|cell| &cell.blocks).map(Block::size).sum()
    }

    /// Whether the table only lays out the page: it holds another table, or nearly the whole text in one cell.
    fn is_frame(&self, document_size: usize) -> bool {
        let cells = || self.rows.iter().flatten();
        let holds_table = |cell: &Cell| {
            cell.blocks.iter().any(|block| matches!(block, Block::Table(inner) if 1 < inner.filled_cells()))
        };
        let filled = self.filled_cells();
        let long = |cell: &Cell| FRAME_PARAGRAPHS < cell.blocks.len();
        cells().any(long)
            || (filled <= 2 && cells().any(holds_table))
            || (filled == 1 && document_size < self.size() * FRAME_SHARE && 3 < self.paragraphs())
    }

    fn filled_cells(&self) -> usize {
        self.rows.iter().flatten().filter(|cell| cell.blocks.iter().any(|block| 0 < block.size())).count()
    }

    fn paragraphs(&self) -> usize {
        self.rows.iter().flatten().map(|cell| cell.blocks.len()).sum()
    }

    /// The table as a grid: a spanning cell stands in its first place, the other places are empty.
    ///
    /// A row of which every cell lies in one column (a box) is one row for each of its paragraphs.
    pub(super) fn grid(&self) -> Vec<Vec<String>> {
        let mut grid: Vec<Vec<String>> = Vec::with_capacity(self.rows.len());
        // Rows still to be covered, for each column, by a cell from above.
        let mut covered: Vec<usize> = Vec::new();
        for row in &self.rows {
            let mut cells: Vec<String> = Vec::new();
            let mut source = row.iter();
            let mut next = source.next();
            while cells.len() < limits::TABLE_COLUMNS_MAX {
                let column = cells.len();
                let above = covered.get(column).copied().unwrap_or(0);
                if 0 < above {
                    if let Some(rest) = covered.get_mut(column) {
                        *rest -= 1;
                    }
                    cells.push(String::new());
                    continue;
                }
                let Some(cell) = next else {
                    // Cells to the right may still be covered from above.
                    if covered.get(column..).is_some_and(|rest| rest.iter().any(|count| 0 < *count)) {
                        cells.push(String::new());
                        continue;
                    }
                    break;
                };
                let span = cell.column_span.clamp(1, limits::TABLE_COLUMNS_MAX - column);
                let below = cell.row_span.clamp(1, limits::TABLE_ROW_SPAN_MAX) - 1;
                for offset in 0..span {
                    let at = column + offset;
                    if covered.len() <= at {
                        covered.resize(at + 1, 0);
                    }
                    if let Some(rest) = covered.get_mut(at) {
                        *rest = (*rest).max(below + 1).saturating_sub(1);
                    }
                    cells.push(if offset == 0 { flat_words(&cell.blocks) } else { String::new() });
                }
                next = source.next();
            }
            grid.push(cells);
        }
        let one_column = grid.iter().all(|row| row.iter().skip(1).all(String::is_empty));
        if one_column {
            let paragraphs = |cells: Vec<String>| cells.into_iter().next().unwrap_or_default();
            grid = grid
                .into_iter()
                .map(paragraphs)
                .flat_map(|words| words.split('\n').map(|it| vec![it.to_owned()]).collect::<Vec<_>>())
                .collect();
        }
        grid
    }
}

/// Words of all blocks, one paragraph a line; tables inside a cell lose their shape.
pub(super) fn flat_words(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        let words = match block {
            Block::Paragraph { words, .. } => words.clone(),
            Block::Table(table) => {
                let rows = table.grid();
                rows.iter().map(|row| row.join(" ")).collect::<Vec<_>>().join("\n")
            }
        };
        if tidy_spaces(&words).is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&words);
    }
    out
}

/// Writes blocks as lines.
pub(super) fn write_blocks(blocks: &[Block], out: &mut Assembler) {
    let size = blocks.iter().map(Block::size).sum();
    write_inner(blocks, size, out);
}

fn write_inner(blocks: &[Block], document_size: usize, out: &mut Assembler) {
    for block in blocks {
        match block {
            Block::Paragraph { words, heading } => {
                out.push_paragraph(words, Hint { heading: *heading, ..Hint::default() });
            }
            Block::Table(table) if table.is_frame(document_size) => {
                for cell in table.rows.iter().flatten() {
                    write_inner(&cell.blocks, document_size, out);
                }
            }
            Block::Table(table) => out.push_table(&table.grid(), |_| None),
        }
    }
}
