//! XLSX: each sheet as a title line and the rows of its cells, values as the sheet shows them.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};

use super::assemble::{Assembler, cell_words};
use super::container::Container;
use super::{Document, Format, Hint, ReadError, limits};

pub(super) fn read_xlsx(bytes: &[u8]) -> Result<Document, ReadError> {
    check_members(bytes)?;
    let mut book: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut out = Assembler::new(Format::Xlsx);
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for (index, name) in sheets.iter().enumerate() {
        let page = u32::try_from(index + 1).ok();
        match sheet_rows(&mut book, name, &mut out) {
            Ok(rows) => write_sheet(name, &rows, page, &mut out),
            Err(XlsxError::WorksheetNotFound(_)) | Err(XlsxError::NotAWorksheet(_)) => {
                out.warn(format!("sheet {name} is a chart or empty"));
            }
            Err(error) => return Err(broken(&error)),
        }
    }
    Ok(out.finish())
}

fn broken(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted { format: Format::Xlsx },
        _ => ReadError::Broken { format: Format::Xlsx, detail: error.to_string() },
    }
}

/// The library unpacks members without a limit: they are unpacked once before it, counted and thrown away.
fn check_members(bytes: &[u8]) -> Result<(), ReadError> {
    let mut container = Container::open(bytes, Format::Xlsx)?;
    for name in container.names() {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            container.member(&name)?;
        }
    }
    Ok(())
}

type Rows = Vec<Vec<String>>;

fn sheet_rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, out: &mut Assembler) -> Result<Rows, XlsxError> {
    let mut rows: Rows = Vec::new();
    let mut cells = book.worksheet_cells_reader(name)?;
    // Cells are asked one by one: a range would be allocated from corner to corner, and a file can claim any corner.
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let words = match cell.get_value() {
            DataRef::SharedString(words) => cell_words(words),
            value => {
                let format = cells.styles().get(style).and_then(|it| it.number_format.as_ref());
                cell_text(&Data::from(value.clone()), format.map_or("", |it| &it.format_code))
            }
        };
        if words.is_empty() {
            continue;
        }
        let (row, column) = (row as usize, column as usize);
        if limits::SHEET_ROWS_MAX <= row || limits::TABLE_COLUMNS_MAX <= column {
            let (rows_max, columns_max) = (limits::SHEET_ROWS_MAX, limits::TABLE_COLUMNS_MAX);
            out.warn(format!(
                "sheet {name}: cells beyond {rows_max} rows or {columns_max} columns were left out"
            ));
            continue;
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if let Some(cells) = rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(place) = cells.get_mut(column) {
                *place = words;
            }
        }
    }
    Ok(rows)
}

/// Titles stand alone in their row above the header; they are paragraphs, and the rest is one table.
fn write_sheet(name: &str, rows: &[Vec<String>], page: Option<u32>, out: &mut Assembler) {
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    if rows.iter().all(|row| filled(row) == 0) {
        return;
    }
    let mut title_lines: Vec<&String> = Vec::new();
    let mut table_from = 0;
    for (index, row) in rows.iter().enumerate() {
        if 1 < filled(row) {
            break;
        }
        title_lines.extend(row.iter().find(|cell| !cell.is_empty()));
        table_from = index + 1;
    }
    let says_name = title_lines.iter().any(|line| line.contains(name));
    if !is_default_name(name) && !says_name {
        out.push_paragraph(name, Hint { heading: Some(1), page, table: None });
    }
    for (index, line) in title_lines.iter().enumerate() {
        let heading = (index == 0).then_some(1);
        out.push_paragraph(line, Hint { heading, page, table: None });
    }
    out.push_table(rows.get(table_from..).unwrap_or_default(), |_| page);
}

/// Names that programs give a sheet nobody named.
fn is_default_name(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(stem.trim(), "Sheet" | "sheet" | "工作表" | "表")
}

fn cell_text(value: &Data, format: &str) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(words) => cell_words(words),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float_text(*number, format),
        Data::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Data::DateTimeIso(words) => words.strip_suffix("T00:00:00").unwrap_or(words).to_owned(),
        Data::DurationIso(words) => words.clone(),
        Data::DateTime(date) if date.is_duration() => float_text(date.as_f64(), ""),
        Data::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let time = if (hour, minute, second) == (0, 0, 0) {
                String::new()
            } else {
                format!(" {hour:02}:{minute:02}")
            };
            // A number shown as a time of day has no date.
            if date.as_f64() < 1.0 {
                time.trim().to_owned()
            } else {
                format!("{year:04}-{month:02}-{day:02}{time}")
            }
        }
    }
}

/// A number as it is shown: 2025 and not 2025.0, 15% and not 0.15 where the cell is formatted so.
fn float_text(number: f64, format: &str) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let is_percent = format.split(';').next().is_some_and(|it| it.contains('%') && !it.contains("\\%"));
    let shown = if is_percent { number * 100.0 } else { number };
    // Ten places hide what binary fractions add (0.15 × 100 is 15.000000000000002).
    let fixed = format!("{shown:.10}");
    let mut text = fixed.trim_end_matches('0').trim_end_matches('.').to_owned();
    if text == "-0" || text.is_empty() {
        text = "0".to_owned();
    }
    if is_percent {
        text.push('%');
    }
    text
}
