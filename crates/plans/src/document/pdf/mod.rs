//! PDF: what is printed on the pages, brought back to paragraphs and tables.
//!
//! A PDF holds drawings of characters at places. Reading it is four steps: run the page's content ([`draw`]) with
//! fonts that tell characters ([`fonts`]), take out what stands inside ruled tables ([`ruling`]), set the rest into
//! lines of print ([`lines`]), and tell paragraphs by how documents are set ([`paragraphs`]).

mod alignment;
mod cmap;
mod draw;
mod fonts;
mod glyph_names;
mod lines;
mod paragraphs;
mod ruling;
mod tokens;
mod truetype;

use lopdf::{Document as Pdf, Error as PdfError, LoadOptions, Object, Stream};

use super::assemble::Assembler;
use super::{Document, Format, ReadError, limits};
use paragraphs::{PageContent, Part};

/// A page with fewer characters than this and a picture over most of it is a scan.
const SCAN_CHARACTERS_MAX: usize = 12;

/// Share of a page that a picture covers when the page is a scan.
const SCAN_PICTURE_SHARE: f32 = 0.5;

/// More undecodable characters than one in so many, and the text is not worth reading.
const UNKNOWN_SHARE: usize = 5;

pub(super) fn read_pdf(bytes: &[u8]) -> Result<Document, ReadError> {
    let pdf = load(bytes)?;
    let pages = pdf.get_pages();
    if limits::PDF_PAGES_MAX < pages.len() {
        return Err(ReadError::TooLarge { what: "pages", limit: limits::PDF_PAGES_MAX });
    }
    if pages.is_empty() {
        return Err(broken("no pages"));
    }
    let mut painter = draw::Painter::new(&pdf);
    let mut contents = Vec::with_capacity(pages.len());
    let (mut known, mut unknown, mut scans) = (0usize, 0usize, 0usize);
    for (number, id) in pages {
        let mut drawing = painter.page(id);
        let characters = drawing.glyphs.iter().filter(|glyph| !glyph.c.is_whitespace()).count();
        known += characters;
        unknown += drawing.unknown;
        if characters < SCAN_CHARACTERS_MAX && SCAN_PICTURE_SHARE < drawing.picture_share {
            scans += 1;
        }
        contents.push(page_content(number, &mut drawing));
    }
    if known < unknown * UNKNOWN_SHARE && 20 < unknown {
        return Err(ReadError::NoCharacters);
    }
    if contents.len() < scans * 2 {
        return Err(ReadError::Scanned);
    }
    if known == 0 {
        return Err(ReadError::Empty);
    }
    let mut out = Assembler::new(Format::Pdf);
    if 0 < unknown {
        out.warn(format!("{unknown} characters could not be told and were left out"));
    }
    if 0 < scans {
        out.warn(format!("{scans} pages are pictures and were left out"));
    }
    paragraphs::write_pages(contents, &mut out);
    Ok(out.finish())
}

fn broken(detail: &str) -> ReadError {
    ReadError::Broken { format: Format::Pdf, detail: detail.into() }
}

fn load(bytes: &[u8]) -> Result<Pdf, ReadError> {
    let options =
        LoadOptions { max_decompressed_size: Some(limits::PDF_STREAM_BYTES_MAX), ..LoadOptions::default() };
    let encrypted = ReadError::Encrypted { format: Format::Pdf };
    let pdf = Pdf::load_mem_with_options(bytes, options).map_err(|error| match error {
        PdfError::InvalidPassword | PdfError::Decryption(_) => encrypted.clone(),
        error => broken(&error.to_string()),
    })?;
    if limits::PDF_OBJECTS_MAX < pdf.objects.len() {
        return Err(ReadError::TooLarge { what: "pdf objects", limit: limits::PDF_OBJECTS_MAX });
    }
    if pdf.is_encrypted() && !pdf.was_encrypted() {
        return Err(encrypted);
    }
    Ok(pdf)
}

fn page_content(number: u32, drawing: &mut draw::Drawing) -> PageContent {
    let (width, height) = (drawing.width, drawing.height);
    // Words beside the sheet are left over from making it.
    drawing.glyphs.retain(|glyph| {
        -1.0 <= glyph.x1 && glyph.x0 <= width + 1.0 && -1.0 <= glyph.y && glyph.y <= height + 1.0
    });
    let rules = drawing.rules.clone();
    let mut tables = ruling::take_tables(drawing);
    let mut rows = lines::rows(std::mem::take(&mut drawing.glyphs));
    tables.extend(alignment::take_tables(&mut rows, &rules));
    let mut parts: Vec<(f32, Part)> =
        tables.into_iter().map(|table| (table.top, Part::Table(table))).collect();
    let printed = rows.into_iter().filter_map(lines::line);
    parts.extend(printed.map(|line| (line.y, Part::Line(line))));
    parts.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    PageContent { number, height, parts: parts.into_iter().map(|(_, part)| part).collect() }
}

/// Bytes of a stream, unpacked within the limit; `None` when it cannot be unpacked.
fn stream_bytes(stream: &Stream) -> Option<Vec<u8>> {
    stream.decompressed_content_with_limit(limits::PDF_STREAM_BYTES_MAX).ok()
}

fn to_float(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|it| it.is_finite())
}
