//! Tables. On a phone each row becomes a card whose lines carry the column's name.

use maud::{Markup, html};

use crate::ui::Address;
use crate::ui::icon::Icon;
use crate::words::Words;

/// How a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Text, from the left.
    #[default]
    Text,
    /// Figures, from the right, digits of equal width.
    Figure,
    /// Dates and other short things that must not break.
    Short,
}

impl Align {
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Figure => Some("figure"),
            Self::Short => Some("short"),
        }
    }
}

/// A column's head.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    align: Align,
    sort: Option<Sort>,
}

#[derive(Debug, Clone)]
struct Sort {
    href: String,
    /// `Some(true)` while the table is sorted by it, descending.
    now: Option<bool>,
}

impl Column {
    /// A column of text.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), align: Align::Text, sort: None }
    }

    /// A column of figures.
    pub fn figure(label: impl Into<String>) -> Self {
        Self { align: Align::Figure, ..Self::text(label) }
    }

    /// A column of short things that must not break, such as dates and lights.
    pub fn short(label: impl Into<String>) -> Self {
        Self { align: Align::Short, ..Self::text(label) }
    }

    /// Lets people sort by this column: the head links to `here` with `sort=key`, or `sort=-key` to turn round.
    #[must_use]
    pub fn sort(mut self, here: &Address, key: &str) -> Self {
        let descending = format!("-{key}");
        let now = match here.get("sort") {
            Some(given) if given == key => Some(false),
            Some(given) if given == descending => Some(true),
            _ => None,
        };
        let next = if now == Some(false) { descending } else { key.to_owned() };
        let href = here.clone().without("after").with("sort", next).to_string();
        self.sort = Some(Sort { href, now });
        self
    }
}

/// A table being put together.
#[derive(Debug, Clone)]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    dense: bool,
    row_heads: bool,
}

#[derive(Debug, Clone)]
struct Row {
    id: Option<String>,
    cells: Vec<Markup>,
}

impl Table {
    /// A table; `caption` says what it lists, for those who cannot see it.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { caption: caption.into(), columns, rows: Vec::new(), dense: false, row_heads: true }
    }

    /// Smaller type, for wide tables.
    #[must_use]
    pub fn dense(mut self) -> Self {
        self.dense = true;
        self
    }

    /// The first column does not name the row.
    #[must_use]
    pub fn without_row_heads(mut self) -> Self {
        self.row_heads = false;
        self
    }

    /// Adds a row, one cell for each column.
    pub fn row(&mut self, cells: Vec<Markup>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column of {}", self.caption);
        self.rows.push(Row { id: None, cells });
    }

    /// Adds a row that links can point at.
    pub fn row_with_id(&mut self, id: impl Into<String>, cells: Vec<Markup>) {
        self.row(cells);
        if let Some(row) = self.rows.last_mut() {
            row.id = Some(id.into());
        }
    }

    /// No row yet?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Draws it.
    pub fn draw(&self, words: &Words) -> Markup {
        html! {
            div.table-scroll tabindex="0" role="region" aria-label=(self.caption) {
                table.dense[self.dense] {
                    caption.unseen { (self.caption) }
                    thead {
                        tr {
                            @for column in &self.columns {
                                th scope="col" class=[column.align.class()] aria-sort=[sorted(column)] {
                                    (head(words, column))
                                }
                            }
                        }
                    }
                    tbody {
                        @for row in &self.rows {
                            tr id=[row.id.as_deref()] {
                                @for (index, (cell, column)) in row.cells.iter().zip(&self.columns).enumerate() {
                                    @if index == 0 && self.row_heads {
                                        th scope="row" class=[column.align.class()] data-label=(column.label) { (cell) }
                                    } @else {
                                        td class=[column.align.class()] data-label=(column.label) { (cell) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sorted(column: &Column) -> Option<&'static str> {
    column.sort.as_ref()?.now.map(|descending| if descending { "descending" } else { "ascending" })
}

fn head(words: &Words, column: &Column) -> Markup {
    html! {
        @match &column.sort {
            Some(sort) => {
                a.sort href=(sort.href) title=(words.t("table-sort")) hx-boost="true" hx-target="#content" {
                    (column.label)
                    @if sort.now.is_some() { (Icon::Arrow.svg()) }
                }
            }
            None => (column.label)
        }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;

    use super::*;
    use crate::testing::words;

    #[test]
    fn a_cell_says_its_column_for_the_phone() {
        let here = Address::parse("/tasks?sort=due&after=x");
        let columns = vec![Column::text("任务"), Column::short("时限").sort(&here, "due")];
        let mut table = Table::new("任务台账", columns);
        table.row_with_id("t1", vec![html! { a href="/tasks/1" { "建成平台" } }, html! { "2026-12-31" }]);
        insta::assert_snapshot!(table.draw(&words(Language::Chinese)).into_string());
    }
}
