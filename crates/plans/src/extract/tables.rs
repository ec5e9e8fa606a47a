//! Tables: rows of cells brought under the columns they belong to.
//!
//! Merged cells come out of files in several ways: a row shorter than its head, an empty cell, a spare empty cell at
//! the end. Each row is therefore laid under the columns at the shift where its cells fit their columns best
//! (numbers under 序号, bodies under 责任单位), instead of being counted from the left.

use super::bodies;
use super::characters::Text;
use super::findings::Span;
use super::lexicon;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Number,
    Category,
    Title,
    Content,
    Responsible,
    Cooperating,
    Deadline,
    Basis,
    Indicator,
    Unit,
    Kind,
    Target,
    Baseline,
    Growth,
    Other,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Year in the head of the column.
    pub(crate) year: Option<i32>,
}

/// A row of content.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Index of the line.
    pub(crate) line: usize,
    /// One per column; `None` where the row has no such cell or it is empty.
    pub(crate) cells: Vec<Option<Span>>,
    /// Nearest group row above.
    pub(crate) group: Option<Span>,
}

/// A table with a recognised head.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// Index of the first and last line, head included.
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) header: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Indices of lines that only head a group.
    pub(crate) groups: Vec<usize>,
}

impl Grid {
    /// Index of the first column with `role`.
    pub(crate) fn column(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| column.role == role)
    }

    /// Whether rows are indicators with values.
    pub(crate) fn is_indicators(&self) -> bool {
        let values = self.column(Role::Target).is_some() || self.columns.iter().any(|c| c.year.is_some());
        let names = self.column(Role::Indicator).is_some() || self.column(Role::Title).is_some();
        names && values && self.column(Role::Content).is_none()
    }

    /// Whether rows are tasks for someone.
    pub(crate) fn is_tasks(&self) -> bool {
        let words =
            [Role::Title, Role::Content, Role::Indicator].iter().any(|&role| self.column(role).is_some());
        let someone = [Role::Responsible, Role::Cooperating].iter().any(|&role| self.column(role).is_some());
        let listed = self.column(Role::Title).is_some() && self.column(Role::Content).is_some();
        words && !self.is_indicators() && (someone || listed || self.column(Role::Deadline).is_some())
    }
}

/// Whether the line is a row of a table.
pub(crate) fn is_row(text: &Text, index: usize) -> bool {
    text.lines.get(index).is_some_and(|line| {
        !line.span.is_empty() && (text.find_mark(line.span, &['|']).is_some() || line.table.is_some())
    })
}

/// Cells of a row, empty ones included; a bar at the very end closes the last cell.
pub(crate) fn cells(text: &Text, span: Span) -> Vec<Span> {
    let mut cells = Vec::new();
    let mut start = span.start;
    if text.at(start) == '|' {
        start += 1;
    }
    while let Some(bar) = text.find_mark(Span::new(start, span.end), &['|']) {
        cells.push(text.trim(Span::new(start, bar)));
        start = bar + 1;
    }
    if start < span.end {
        cells.push(text.trim(Span::new(start, span.end)));
    }
    cells
}

/// All tables with a recognised head.
pub(crate) fn grids(text: &Text) -> Vec<Grid> {
    let mut grids = Vec::new();
    let mut index = 0;
    while index < text.lines.len() {
        if !is_row(text, index) {
            index += 1;
            continue;
        }
        let first = index;
        let id = text.lines.get(index).and_then(|line| line.table);
        let mut last = index;
        // Blank lines and page numbers inside a table do not end it.
        let mut next = index + 1;
        while next < text.lines.len() && next - last <= 3 {
            let Some(line) = text.lines.get(next) else { break };
            if is_row(text, next) {
                if line.table != id {
                    break;
                }
                last = next;
            } else if !line.span.is_empty() && !is_page_number(text, line.span) {
                break;
            }
            next += 1;
        }
        let mut start = first;
        while let Some(grid) = grid_between(text, start, last) {
            start = grid.last + 1;
            grids.push(grid);
        }
        if start == first
            && let Some(grid) = continued(text, grids.last(), first, last)
        {
            grids.push(grid);
        }
        index = last + 1;
    }
    grids
}

/// Rows without a head below a heading that splits a table: they go under the head of the table before.
fn continued(text: &Text, before: Option<&Grid>, first: usize, last: usize) -> Option<Grid> {
    let before = before.filter(|before| first - before.last <= 4)?;
    let cells_of = |index: usize| text.lines.get(index).map_or(Vec::new(), |line| cells(text, line.span));
    let numbered = before.column(Role::Number).is_some_and(|column| {
        let row = cells_of(first);
        row.len() == before.columns.len()
            && row
                .get(column)
                .is_some_and(|cell| !cell.is_empty() && text.folded(*cell).iter().all(char::is_ascii_digit))
    });
    if !numbered {
        return None;
    }
    let mut grid = Grid {
        first,
        last,
        header: before.header,
        columns: before.columns.clone(),
        rows: Vec::new(),
        groups: Vec::new(),
    };
    for index in first..=last {
        let line = text.lines.get(index)?;
        if is_row(text, index) {
            let cells = align(text, &grid.columns, &cells(text, line.span));
            grid.rows.push(Row { line: index, cells, group: None });
        }
    }
    inherit(&mut grid);
    Some(grid)
}

fn is_page_number(text: &Text, span: Span) -> bool {
    text.folded(span).iter().all(|c| c.is_ascii_digit() || matches!(c, '—' | '-' | ' ' | '第' | '页'))
        && span.len() <= 9
}

fn grid_between(text: &Text, first: usize, last: usize) -> Option<Grid> {
    let header = (first..=last.min(first + 4)).find(|&index| is_header(text, index))?;
    let mut columns = header_columns(text, header)?;
    let mut body = header + 1;
    if is_second_header(text, body, last) {
        merge_header(text, &mut columns, body);
        body += 1;
    }
    settle_years(&mut columns);
    let mut grid = Grid { first: header, last, header, columns, rows: Vec::new(), groups: Vec::new() };
    let mut group = None;
    for index in body..=last {
        let Some(line) = text.lines.get(index) else { break };
        if !is_row(text, index) {
            continue;
        }
        if is_header(text, index) {
            let again = header_columns(text, index).is_some_and(|columns| {
                columns.len() == grid.columns.len()
                    && columns.iter().zip(&grid.columns).all(|(a, b)| a.name == b.name)
            });
            if again {
                continue;
            }
            grid.last = index - 1;
            break;
        }
        let cells = cells(text, line.span);
        let filled: Vec<Span> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
        if let [only] = filled.as_slice()
            && 2 < grid.columns.len()
            && !text.folded(*only).iter().all(char::is_ascii_digit)
        {
            group = Some(*only);
            grid.groups.push(index);
            continue;
        }
        if filled.is_empty() {
            continue;
        }
        let cells = align(text, &grid.columns, &cells);
        grid.rows.push(Row { line: index, cells, group });
    }
    if grid.rows.is_empty() {
        return None;
    }
    inherit(&mut grid);
    Some(grid)
}

fn squeezed(text: &Text, span: Span) -> String {
    text.folded(span).iter().filter(|c| !c.is_whitespace()).collect()
}

/// Role of a head, by its whole words or by the longest known head inside it.
fn role_of(text: &Text, cell: Span) -> Option<Role> {
    let name = squeezed(text, cell);
    let line = Text::new(&crate::document::Document::from_text(&name));
    let length = name.chars().count();
    let bare = name.split(['(', '[']).next().map_or(length, |part| part.chars().count());
    let list = lexicon::columns();
    let whole = list.starts(&line, 0, bare.max(1)).filter(|(found, _)| *found == bare);
    let part = || {
        if length <= 14 { list.ends(&line, bare, 0).or_else(|| list.starts(&line, 0, bare)) } else { None }
    };
    let (_, tag) = whole.or_else(part)?;
    Some(match tag {
        "no" => Role::Number,
        "category" => Role::Category,
        "title" => Role::Title,
        "content" => Role::Content,
        "responsible" => Role::Responsible,
        "cooperating" => Role::Cooperating,
        "deadline" => Role::Deadline,
        "basis" => Role::Basis,
        "indicator" => Role::Indicator,
        "unit" => Role::Unit,
        "kind" => Role::Kind,
        "target" => Role::Target,
        "baseline" => Role::Baseline,
        "growth" => Role::Growth,
        _ => Role::Other,
    })
}

fn year_in(name: &str) -> Option<i32> {
    let characters: Vec<char> = name.chars().collect();
    characters.windows(4).enumerate().find_map(|(at, window)| {
        let alone = at.checked_sub(1).and_then(|at| characters.get(at)).is_none_or(|c| !c.is_ascii_digit());
        let year: String = window.iter().collect();
        year.parse::<i32>()
            .ok()
            .filter(|year| alone && (1950..2100).contains(year) && window.iter().all(char::is_ascii_digit))
    })
}

fn is_header(text: &Text, index: usize) -> bool {
    let Some(line) = text.lines.get(index) else { return false };
    if !is_row(text, index) {
        return false;
    }
    let cells: Vec<Span> = cells(text, line.span).into_iter().filter(|cell| !cell.is_empty()).collect();
    if cells.len() < 2 || cells.iter().any(|cell| 16 < cell.len()) {
        return false;
    }
    let known = cells
        .iter()
        .filter(|cell| year_in(&squeezed(text, **cell)).is_some() || role_of(text, **cell).is_some())
        .count();
    let numbers = cells
        .iter()
        .filter(|cell| text.folded(**cell).iter().all(char::is_ascii_digit) && cell.len() < 4)
        .count();
    2 <= known && cells.len() <= known * 2 && numbers == 0
}

fn header_columns(text: &Text, index: usize) -> Option<Vec<Column>> {
    let line = text.lines.get(index)?;
    let mut cells = cells(text, line.span);
    while cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    Some(cells.iter().map(|&cell| column(text, cell)).collect())
}

fn column(text: &Text, cell: Span) -> Column {
    let name: String = text.quote(cell).chars().filter(|c| !c.is_whitespace()).collect();
    let folded = squeezed(text, cell);
    let year = year_in(&folded);
    let mut role = role_of(text, cell).unwrap_or(Role::Other);
    if folded.contains("增速") || folded.contains("增长") {
        role = Role::Growth;
    } else if year.is_some() && !matches!(role, Role::Deadline | Role::Content | Role::Title) {
        let past = ["实际", "完成", "现状", "基期", "基数", "基准", "基础", "初步", "现值"]
            .iter()
            .any(|w| folded.contains(w));
        let future = ["目标", "规划", "预期", "计划", "指标"].iter().any(|w| folded.contains(w));
        role = if past && !future {
            Role::Baseline
        } else if future {
            Role::Target
        } else {
            // Settled when all columns are known.
            Role::Other
        };
    } else if year.is_some() && role == Role::Title && folded.contains("目标") {
        role = Role::Target;
    }
    Column { name, role, year }
}

/// Year columns without a word for what they are: the first is where things stand, the others are to be reached.
fn settle_years(columns: &mut [Column]) {
    let bare = |column: &Column| column.year.is_some() && column.role == Role::Other;
    let years = columns.iter().filter(|column| bare(column)).count();
    let baseline = columns.iter().any(|column| column.role == Role::Baseline);
    let target = columns.iter().any(|column| column.role == Role::Target);
    let first = columns.iter().filter_map(|column| column.year).min();
    for column in columns.iter_mut() {
        if bare(column) {
            let past = !baseline && column.year == first && (1 < years || target);
            column.role = if past { Role::Baseline } else { Role::Target };
        }
    }
}

/// A second row of heads under merged ones: no figures, only known heads or years.
fn is_second_header(text: &Text, index: usize, last: usize) -> bool {
    if last < index || !is_row(text, index) {
        return false;
    }
    let Some(line) = text.lines.get(index) else { return false };
    let cells: Vec<Span> = cells(text, line.span).into_iter().filter(|cell| !cell.is_empty()).collect();
    2 <= cells.len()
        && cells.iter().all(|cell| {
            cell.len() <= 12 && (year_in(&squeezed(text, *cell)).is_some() || role_of(text, *cell).is_some())
        })
        && !cells.iter().any(|cell| text.folded(*cell).iter().all(char::is_ascii_digit))
}

fn merge_header(text: &Text, columns: &mut Vec<Column>, index: usize) {
    let Some(line) = text.lines.get(index) else { return };
    let lower = cells(text, line.span);
    if lower.len() <= columns.len() && lower.iter().any(|cell| cell.is_empty()) {
        for (column_at, &cell) in columns.iter_mut().zip(&lower) {
            if !cell.is_empty() {
                let below = column(text, cell);
                column_at.year = below.year.or(column_at.year);
                if below.role != Role::Other {
                    column_at.role = below.role;
                }
                column_at.name.push_str(&below.name);
            }
        }
    } else if columns.len() < lower.len() {
        // The wide head was one merged cell: its columns are named below.
        *columns = lower.iter().map(|&cell| column(text, cell)).collect();
    }
}

/// How well a cell fits a column.
fn fit(text: &Text, column: &Column, cell: Span) -> i32 {
    if cell.is_empty() {
        return 0;
    }
    let folded = text.folded(cell);
    let digits = folded.iter().any(char::is_ascii_digit);
    let pick = |good: bool, yes: i32, no: i32| if good { yes } else { no };
    match column.role {
        Role::Number => pick(
            folded.iter().all(|c| c.is_ascii_digit() || "一二三四五六七八九十.()".contains(*c))
                && folded.len() <= 5,
            4,
            -4,
        ),
        Role::Unit => {
            let unit = lexicon::units().ends(text, cell.end, cell.start).is_some() && cell.len() <= 10;
            pick(unit || text.at(cell.start) == '—', 3, -2)
        }
        Role::Target | Role::Baseline | Role::Growth => {
            let bounded =
                lexicon::bounds_after().within(text, cell) || lexicon::comparators().within(text, cell);
            pick(digits || bounded || matches!(text.at(cell.start), '—' | '-' | '/'), 2, -2)
        }
        Role::Responsible | Role::Cooperating => pick(bodies::is_bodies(text, cell), 3, -3),
        Role::Basis => pick(text.at(cell.start) == '《' || text.at(cell.start) == '〈', 3, -1),
        Role::Kind => pick(cell.len() <= 6 && !digits, 2, -2),
        Role::Deadline => pick(
            cell.len() <= 16 && (digits || text.contains_any(cell, &["年", "月", "持续", "长期", "推进"])),
            2,
            -2,
        ),
        Role::Title => pick(cell.len() <= 60 && !folded.iter().all(char::is_ascii_digit), 1, -1),
        Role::Content => pick(8 <= cell.len(), 2, -1),
        Role::Indicator => {
            pick(2 <= cell.len() && !folded.iter().all(|c| c.is_ascii_digit() || *c == '.'), 2, -2)
        }
        Role::Category | Role::Other => 0,
    }
}

/// Lays the cells of a row under the columns at the shift where they fit best.
fn align(text: &Text, columns: &[Column], cells: &[Span]) -> Vec<Option<Span>> {
    let mut used = cells.len();
    while 0 < used && cells.get(used - 1).is_some_and(|cell| cell.is_empty()) {
        used -= 1;
    }
    let cells = cells.get(..used).unwrap_or(cells);
    let room = columns.len().saturating_sub(cells.len());
    let fit_at = |shift: usize| -> i32 {
        cells.iter().zip(columns.iter().skip(shift)).map(|(&cell, column)| fit(text, column, cell)).sum()
    };
    let shift = (0..=room).rev().max_by_key(|&shift| fit_at(shift)).unwrap_or(0);
    let mut row = vec![None; columns.len()];
    for (slot, &cell) in row.iter_mut().skip(shift).zip(cells) {
        if !cell.is_empty() {
            *slot = Some(cell);
        }
    }
    row
}

/// Fills cells that a merge left empty from the row above: categories, and titles that head several contents.
fn inherit(grid: &mut Grid) {
    let content = grid.column(Role::Content).is_some();
    let columns: Vec<usize> = grid
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| match column.role {
            Role::Category | Role::Responsible => true,
            Role::Title => content,
            _ => false,
        })
        .map(|(index, _)| index)
        .collect();
    for index in columns {
        let mut above = None;
        for row in &mut grid.rows {
            if let Some(cell) = row.cells.get_mut(index) {
                if cell.is_none() {
                    *cell = above;
                }
                above = *cell;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn first_grid(words: &str) -> (Text, Grid) {
        let text = Text::new(&Document::from_text(words));
        let grid = grids(&text).into_iter().next().unwrap();
        (text, grid)
    }

    fn cell(text: &Text, grid: &Grid, row: usize, role: Role) -> String {
        let column = grid.column(role).unwrap();
        grid.rows[row].cells[column].map_or(String::new(), |span| text.quote(span))
    }

    #[test]
    fn a_row_that_lost_its_merged_first_cell_still_lands_under_its_columns() {
        let (text, grid) = first_grid(
            "类别 | 序号 | 任务名称 | 责任单位 | 依据 |\n算力 | 1 | 建设机房 | 区数据局 | 《总体方案》 |\n2 | 铺设光纤 | 区城管委 | 《总体方案》 | |\n",
        );
        assert_eq!(cell(&text, &grid, 1, Role::Title), "铺设光纤");
        assert_eq!(cell(&text, &grid, 1, Role::Responsible), "区城管委");
        assert_eq!(cell(&text, &grid, 1, Role::Category), "算力");
    }

    #[test]
    fn a_row_with_one_filled_cell_heads_a_group() {
        let (text, grid) = first_grid(
            "序号 | 任务 | 责任单位\n一、夯实底座 | ||\n1 | 建设机房 | 区数据局\n二、扩大应用 | ||\n2 | 开放场景 | 区科委\n",
        );
        assert_eq!(grid.groups.len(), 2);
        assert_eq!(grid.rows[1].group.map(|span| text.quote(span)).unwrap(), "二、扩大应用");
    }

    #[test]
    fn years_without_words_are_a_baseline_and_then_targets() {
        let (_, grid) =
            first_grid("序号 | 指标 | 单位 | 2020年 | 2023年 | 2025年\n1 | 企业数 | 家 | 10 | 20 | 30\n");
        let roles: Vec<Role> = grid.columns.iter().map(|column| column.role).collect();
        assert_eq!(roles[3..], [Role::Baseline, Role::Target, Role::Target]);
        assert!(grid.is_indicators());
    }
}
