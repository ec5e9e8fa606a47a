//! Reading a document: bytes of a file in, plain lines out.
//!
//! A plan reaches the district as a text file, a word processor file, a spreadsheet, a page saved from a government
//! site or a PDF. Everything after this module looks at one shape only, [`Document`]: one paragraph a line, a table
//! as rows of cells separated by ` | `. A finding can then quote its place as bytes of [`Document::text`] whatever
//! the file was.
//!
//! What must not be here: no clock, no file system, no network, no panic on any input. Every reader is bounded by
//! the limits in [`limits`]; a file that asks for more is refused with a [`ReadError`] that says what to do.

mod assemble;
mod blocks;
mod container;
mod decode;
mod detect;
mod docx;
mod html;
mod html_tree;
pub mod limits;
mod markdown;
mod numbering;
mod page_furniture;
mod pdf;
mod plain;
mod read_error;
mod xlsx;
mod xml_tree;

pub use read_error::ReadError;

use assemble::Assembler;

/// One document as plain text. Every format is brought to this shape: one paragraph a line, tables as rows of cells
/// separated by ` | `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What the file was.
    pub format: Format,
    /// All lines, joined by `\n`. No `\r`, no byte order mark.
    pub text: String,
    /// Where each line lies in `text`, in order, and what the file said about it.
    pub lines: Vec<Line>,
    /// What could not be read and was left out, in plain words for the log. Empty for a clean file.
    pub warnings: Vec<String>,
}

/// Place of one line, and what the file says about it beyond its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// First byte of the line in [`Document::text`].
    pub start: usize,
    /// One past the last byte; the newline is excluded.
    pub end: usize,
    /// What the file's structure says about the line.
    pub hint: Hint,
}

/// What a file's structure says about a line. All empty for a text file, which has no structure but its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hint {
    /// Heading level given by the file, 1 the highest. A hint only: authors often style by eye.
    pub heading: Option<u8>,
    /// Which table of the document the line is a row of, counted from 0.
    pub table: Option<u32>,
    /// Page the line begins on, counted from 1 (sheet number in a workbook).
    pub page: Option<u32>,
}

/// File formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML, pages saved from a site included.
    Html,
    /// Word processor file (Office Open XML).
    Docx,
    /// Spreadsheet (Office Open XML).
    Xlsx,
    /// PDF with text in it.
    Pdf,
}

impl Format {
    /// Stable short name, as it stands in JSON and in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
}

impl Document {
    /// A document of plain text: its lines are the physical lines of `text`, none added, joined or dropped.
    ///
    /// A byte order mark at the front is dropped and CRLF becomes LF. A newline at the very end closes the last line
    /// and does not open another one.
    pub fn from_text(text: &str) -> Document {
        plain::read_text(text, Format::Text)
    }

    /// The words of line `number`, counted from 1; empty when there is no such line.
    pub fn line_text(&self, number: usize) -> &str {
        let line = number.checked_sub(1).and_then(|index| self.lines.get(index));
        line.and_then(|line| self.text.get(line.start..line.end)).unwrap_or("")
    }

    /// Number, counted from 1, of the line that holds byte `byte` of [`Document::text`].
    ///
    /// A newline belongs to the line it ends. A byte past the end belongs to the last line; an empty document
    /// answers 1.
    pub fn line_of(&self, byte: usize) -> usize {
        self.lines.partition_point(|line| line.start <= byte).max(1)
    }

    /// The lines with their numbers (from 1), words and hints, in order.
    pub fn numbered_lines(&self) -> impl Iterator<Item = (usize, &str, Hint)> + '_ {
        self.lines
            .iter()
            .enumerate()
            .map(|(index, line)| (index + 1, self.text.get(line.start..line.end).unwrap_or(""), line.hint))
    }
}

/// Reads a file of any supported format.
///
/// `file_name` may be empty or wrong: what the bytes are decides first, the name only tells apart what bytes cannot
/// (text from Markdown).
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    if limits::FILE_BYTES_MAX < bytes.len() {
        return Err(ReadError::TooLarge { what: "file", limit: limits::FILE_BYTES_MAX });
    }
    let document = match detect::detect(file_name, bytes)? {
        Format::Text => plain::read_text(&decode::decode_text(bytes)?, Format::Text),
        Format::Markdown => markdown::read_markdown(&decode::decode_text(bytes)?),
        Format::Docx => docx::read_docx(bytes)?,
        Format::Xlsx => xlsx::read_xlsx(bytes)?,
        Format::Html => html::read_html(&decode::decode_page(bytes)),
        Format::Pdf => pdf::read_pdf(bytes)?,
    };
    if document.text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(document)
}
