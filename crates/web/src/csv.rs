//! Tables for spreadsheets.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Spreadsheet programs take UTF-8 for what it is only when the file begins with this.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A CSV file (RFC 4180) being put together.
#[derive(Debug, Clone)]
pub struct Csv {
    text: String,
}

impl Csv {
    /// A file with its head.
    pub fn new<T: AsRef<str>>(head: impl IntoIterator<Item = T>) -> Self {
        let mut csv = Self { text: BYTE_ORDER_MARK.to_owned() };
        csv.row(head);
        csv
    }

    /// Adds a row.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if 0 < index {
                self.text.push(',');
            }
            push_cell(&mut self.text, cell.as_ref());
        }
        self.text.push_str("\r\n");
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The answer that a browser saves as `name`.
    pub fn respond(self, name: &str) -> Response {
        debug_assert!(name.is_ascii(), "the name goes into a header");
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        (headers, self.text).into_response()
    }
}

fn push_cell(text: &mut String, cell: &str) {
    // A cell that begins like a formula would be computed by the spreadsheet of whoever opens the file.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let quoted = formula || cell.contains([',', '"', '\n', '\r']);
    if !quoted {
        text.push_str(cell);
        return;
    }
    text.push('"');
    if formula {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[&str]) -> String {
        let mut csv = Csv::new(["h"]);
        csv.row(cells);
        csv.as_str().trim_start_matches("\u{feff}h\r\n").to_owned()
    }

    #[test]
    fn commas_quotes_and_lines_stay_inside_their_cell() {
        assert_eq!(check(&["a,b", "说\"好\"", "两\n行", ""]), "\"a,b\",\"说\"\"好\"\"\",\"两\n行\",\r\n");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(check(&["=1+1", "-3.5", "@x"]), "\"'=1+1\",-3.5,\"'@x\"\r\n");
    }
}
