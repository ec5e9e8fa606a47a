//! Tables drawn with lines: from rulings to cells.

use super::draw::{Drawing, Glyph, Rule};
use super::lines::{PrintLine, lines};

/// Rulings nearer than this are one. Unit: points.
const NEAR: f32 = 3.0;

/// Most rulings of a page that tables are looked for in, after joining.
const RULES_MAX: usize = 3_000;

/// How far a border may stand beside a table that it belongs to. Unit: points.
const SIDE_REACH: f32 = 200.0;

/// One table of one page.
#[derive(Debug, Clone)]
pub(super) struct RuledTable {
    /// Borders of the columns, left to right.
    pub(super) columns: Vec<f32>,
    pub(super) top: f32,
    /// No ruling above the first row: it goes on from the page before.
    pub(super) open_top: bool,
    /// Rows of cells; a merged cell's lines stand in its first place.
    pub(super) rows: Vec<Vec<CellLines>>,
}

/// Lines of print in one cell.
pub(super) type CellLines = Vec<PrintLine>;

/// Takes the tables out of a page: their characters leave the drawing.
pub(super) fn take_tables(drawing: &mut Drawing) -> Vec<RuledTable> {
    let rules = joined(std::mem::take(&mut drawing.rules));
    if RULES_MAX < rules.len() {
        return Vec::new();
    }
    let mut tables = Vec::new();
    for group in groups(&rules) {
        let Some(grid) = Grid::of(&group) else { continue };
        if grid.is_page_frame(drawing) {
            continue;
        }
        let inside = |glyph: &Glyph| grid.cell_of(glyph).is_some();
        let (own, rest): (Vec<Glyph>, Vec<Glyph>) = drawing.glyphs.iter().partition(|glyph| inside(glyph));
        if own.iter().all(|glyph| glyph.c.is_whitespace()) {
            continue;
        }
        drawing.glyphs = rest;
        tables.push(grid.table(own));
    }
    tables
}

/// Pieces that lie on one line and touch become one ruling.
fn joined(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort_by(|a, b| {
        a.horizontal.cmp(&b.horizontal).then(a.at.total_cmp(&b.at)).then(a.from.total_cmp(&b.from))
    });
    // Pieces of one line can differ a little in height, and then do not stand in order of their ends.
    let mut bands: Vec<Vec<Rule>> = Vec::new();
    for rule in rules {
        match bands.last_mut() {
            Some(band)
                if band.last().is_some_and(|last| {
                    last.horizontal == rule.horizontal && rule.at - last.at < NEAR / 2.0
                }) =>
            {
                band.push(rule);
            }
            _ => bands.push(vec![rule]),
        }
    }
    let mut out = Vec::new();
    for mut band in bands {
        band.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut current: Option<Rule> = None;
        for rule in band {
            match &mut current {
                Some(open) if rule.from <= open.to + NEAR => open.to = open.to.max(rule.to),
                _ => {
                    out.extend(current.take());
                    current = Some(rule);
                }
            }
        }
        out.extend(current);
    }
    out
}

/// Rulings that touch each other, directly or through others.
fn groups(rules: &[Rule]) -> Vec<Vec<Rule>> {
    let mut group_of: Vec<usize> = (0..rules.len()).collect();
    fn root(group_of: &mut [usize], mut at: usize) -> usize {
        while let Some(up) = group_of.get(at).copied().filter(|up| *up != at) {
            let above = group_of.get(up).copied().unwrap_or(up);
            if let Some(place) = group_of.get_mut(at) {
                *place = above;
            }
            at = above;
        }
        at
    }
    for (index, rule) in rules.iter().enumerate() {
        for (other_index, other) in rules.iter().enumerate().skip(index + 1) {
            let crosses = rule.horizontal != other.horizontal
                && rule.from - NEAR <= other.at
                && other.at <= rule.to + NEAR
                && other.from - NEAR <= rule.at
                && rule.at <= other.to + NEAR;
            if crosses {
                let (a, b) = (root(&mut group_of, index), root(&mut group_of, other_index));
                if let Some(place) = group_of.get_mut(a) {
                    *place = b;
                }
            }
        }
    }
    let mut out: std::collections::BTreeMap<usize, Vec<Rule>> = std::collections::BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        out.entry(root(&mut group_of, index)).or_default().push(*rule);
    }
    attach_sides(out.into_values().collect())
}

/// A border beside a cell that is merged over the whole page touches no ruling of the other columns.
fn attach_sides(groups: Vec<Vec<Rule>>) -> Vec<Vec<Rule>> {
    let (sides, mut tables): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| matches!(group[..], [Rule { horizontal: false, .. }]));
    for side in sides.iter().flatten() {
        let fits = |table: &&mut Vec<Rule>| {
            let standing = || table.iter().filter(|rule| !rule.horizontal);
            let (Some(lower), Some(upper)) =
                (standing().map(|it| it.from).reduce(f32::min), standing().map(|it| it.to).reduce(f32::max))
            else {
                return false;
            };
            let near = standing().any(|rule| (rule.at - side.at).abs() < SIDE_REACH);
            near && (side.from - lower).abs() < NEAR && (side.to - upper).abs() < NEAR
        };
        if let Some(table) = tables.iter_mut().find(fits) {
            table.push(*side);
        }
    }
    tables
}

/// Columns and rows between rulings, and which borders are really drawn.
struct Grid {
    /// Left to right.
    xs: Vec<f32>,
    /// Top to bottom.
    ys: Vec<f32>,
    open_top: bool,
    /// First cell of the merged cell that each cell belongs to, row by row.
    first: Vec<usize>,
}

impl Grid {
    fn of(rules: &[Rule]) -> Option<Grid> {
        let horizontal: Vec<&Rule> = rules.iter().filter(|rule| rule.horizontal).collect();
        let vertical: Vec<&Rule> = rules.iter().filter(|rule| !rule.horizontal).collect();
        if horizontal.is_empty() || vertical.len() < 2 && horizontal.len() < 2 || vertical.is_empty() {
            return None;
        }
        let mut xs = places(vertical.iter().map(|rule| rule.at));
        let mut ys = places(horizontal.iter().map(|rule| rule.at));
        ys.reverse();
        // Tables are often open at the sides: the horizontal rulings go on past the last vertical one.
        let left = horizontal.iter().map(|rule| rule.from).reduce(f32::min)?;
        let right = horizontal.iter().map(|rule| rule.to).reduce(f32::max)?;
        if xs.first().is_none_or(|x| left + 8.0 < *x) {
            xs.insert(0, left);
        }
        if xs.last().is_none_or(|x| *x + 8.0 < right) {
            xs.push(right);
        }
        // A page break may cut a row without drawing a line there.
        let lower = vertical.iter().map(|rule| rule.from).reduce(f32::min)?;
        let upper = vertical.iter().map(|rule| rule.to).reduce(f32::max)?;
        let open_top = ys.first().is_none_or(|y| *y + 8.0 < upper);
        if open_top {
            ys.insert(0, upper);
        }
        if ys.last().is_none_or(|y| lower + 8.0 < *y) {
            ys.push(lower);
        }
        let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        if columns == 0 || rows == 0 || 4_000 < columns * rows || 120 < columns {
            return None;
        }
        let middle = |list: &[f32], at: usize| Some((list.get(at)? + list.get(at + 1)?) / 2.0);
        let mut merged: Vec<usize> = (0..rows * columns).collect();
        for row in 0..rows {
            for column in 0..columns {
                let here = row * columns + column;
                let (x, y) = (middle(&xs, column)?, middle(&ys, row)?);
                let right_border = xs.get(column + 1).copied().unwrap_or(f32::MAX);
                let lower_border = ys.get(row + 1).copied().unwrap_or(f32::MAX);
                let walled =
                    |rule: &Rule| (rule.at - right_border).abs() < NEAR && rule.from <= y && y <= rule.to;
                let floored =
                    |rule: &Rule| (rule.at - lower_border).abs() < NEAR && rule.from <= x && x <= rule.to;
                if column + 1 < columns && !vertical.iter().any(|rule| walled(rule)) {
                    merge(&mut merged, here, here + 1);
                }
                if row + 1 < rows && !horizontal.iter().any(|rule| floored(rule)) {
                    merge(&mut merged, here, here + columns);
                }
            }
        }
        let first = (0..merged.len()).map(|at| find(&merged, at)).collect();
        Some(Grid { xs, ys, open_top, first })
    }

    fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// A border around a whole page is decoration.
    fn is_page_frame(&self, drawing: &Drawing) -> bool {
        let height = self.ys.first().unwrap_or(&0.0) - self.ys.last().unwrap_or(&0.0);
        let cells: std::collections::BTreeSet<&usize> = self.first.iter().collect();
        cells.len() <= 2 && drawing.height * 0.75 < height
    }

    fn cell_of(&self, glyph: &Glyph) -> Option<usize> {
        let (x, y) = ((glyph.x0 + glyph.x1) / 2.0, glyph.y + glyph.size * 0.3);
        let column = self.xs.partition_point(|border| *border <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|border| y <= *border).checked_sub(1)?;
        let inside = column < self.columns() && row + 1 < self.ys.len();
        inside.then(|| self.first.get(row * self.columns() + column).copied()).flatten()
    }

    fn table(&self, glyphs: Vec<Glyph>) -> RuledTable {
        let mut by_cell: Vec<Vec<Glyph>> = vec![Vec::new(); self.first.len()];
        for glyph in glyphs {
            if let Some(cell) = self.cell_of(&glyph).and_then(|at| by_cell.get_mut(at)) {
                cell.push(glyph);
            }
        }
        let cells: Vec<CellLines> = by_cell.into_iter().map(lines).collect();
        RuledTable {
            columns: self.xs.clone(),
            top: self.ys.first().copied().unwrap_or(0.0),
            open_top: self.open_top,
            rows: cells.chunks(self.columns().max(1)).map(<[CellLines]>::to_vec).collect(),
        }
    }
}

/// Joins the two merged cells; the first place stands for both.
fn merge(merged: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(merged, a), find(merged, b));
    let (low, high) = (a.min(b), a.max(b));
    if let Some(place) = merged.get_mut(high) {
        *place = low;
    }
}

fn find(merged: &[usize], mut at: usize) -> usize {
    while let Some(up) = merged.get(at).copied().filter(|up| *up != at) {
        at = up;
    }
    at
}

/// Distinct places among many that are nearly equal, in order.
fn places(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sorted: Vec<f32> = values.collect();
    sorted.sort_by(f32::total_cmp);
    let mut out: Vec<f32> = Vec::new();
    for value in sorted {
        if out.last().is_none_or(|last| NEAR < value - last) {
            out.push(value);
        }
    }
    out
}
