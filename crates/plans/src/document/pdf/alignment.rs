//! Tables without rulings between their columns: told by words that stand under one another with room between.
//!
//! Careful by design: three columns and two neighbouring lines at the least, because a paragraph torn into cells is
//! worse than a table read as lines.

use super::draw::{Glyph, Rule};
use super::lines::{PrintLine, line};
use super::ruling::RuledTable;

/// Room between two columns on a line that shows them. Unit: the size of the letters.
const ROOM_MIN: f32 = 0.45;

/// Fewest columns.
const COLUMNS_MIN: usize = 3;

/// Lines farther apart than this do not belong to one table. Unit: the size of the letters.
const LINE_GAP_MAX: f32 = 4.5;

/// Starts of pieces nearer than this are one column. Unit: points.
const START_NEAR: f32 = 3.0;

/// Takes the tables out of a page's rows of characters (top first); what is left stays in `rows`.
pub(super) fn take_tables(rows: &mut Vec<Vec<Glyph>>, rules: &[Rule]) -> Vec<RuledTable> {
    let mut tables = Vec::new();
    let mut from = 0;
    while let Some(seed) = (from..rows.len()).find(|at| is_seed_pair(rows, *at)) {
        let region = Region::around(rows, seed);
        from = seed + 1;
        let Some(region) = region else { continue };
        let taken: Vec<Vec<Glyph>> = rows.drain(region.first..=region.last).collect();
        from = region.first;
        tables.push(region.table(taken, rules));
    }
    tables
}

/// Two neighbouring lines of which both show columns.
fn is_seed_pair(rows: &[Vec<Glyph>], at: usize) -> bool {
    let shows = |row: &Vec<Glyph>| COLUMNS_MIN <= pieces(row).len();
    match (rows.get(at), rows.get(at + 1)) {
        (Some(first), Some(second)) => shows(first) && shows(second) && is_near(first, second),
        _ => false,
    }
}

fn is_near(above: &[Glyph], below: &[Glyph]) -> bool {
    match (above.first(), below.first()) {
        (Some(a), Some(b)) => a.y - b.y < LINE_GAP_MAX * a.size.max(b.size),
        _ => false,
    }
}

/// Left edges and right edges of what stands together on a line.
fn pieces(row: &[Glyph]) -> Vec<(f32, f32)> {
    let mut ordered: Vec<&Glyph> = row.iter().collect();
    ordered.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut out: Vec<(f32, f32)> = Vec::new();
    let mut blank_to = f32::MIN;
    for glyph in ordered {
        // A space that is written stands inside words; room between columns is left blank.
        if glyph.c.is_whitespace() {
            blank_to = if glyph.x1 - glyph.x0 < 0.7 * glyph.size { glyph.x1 } else { blank_to };
            continue;
        }
        match out.last_mut() {
            Some((_, right)) if glyph.x0 - right.max(blank_to) < ROOM_MIN * glyph.size => {
                *right = right.max(glyph.x1)
            }
            _ => out.push((glyph.x0, glyph.x1)),
        }
    }
    out
}

/// Lines of a page that make a table, and where its columns begin.
struct Region {
    first: usize,
    last: usize,
    starts: Vec<f32>,
}

impl Region {
    fn around(rows: &[Vec<Glyph>], seed: usize) -> Option<Region> {
        let mut starts = starts(rows.get(seed..=seed + 1)?);
        let (mut first, mut last) = (seed, seed + 1);
        // Columns are known better with every line that shows them.
        while let (Some(above), Some(below)) = (rows.get(last), rows.get(last + 1)) {
            if !is_near(above, below) || !(fits(below, &starts) || is_heading_row(rows, last + 1, &starts)) {
                break;
            }
            last += 1;
            if starts.len() <= pieces(below).len() {
                starts = self::starts(rows.get(first..=last)?);
            }
        }
        while let Some(above) = first.checked_sub(1).and_then(|at| rows.get(at)) {
            let below = rows.get(first)?;
            if !is_near(above, below) || !fits(above, &starts) || pieces(above).len() < 2 {
                break;
            }
            first -= 1;
        }
        let shown = rows.get(first..=last)?.iter().filter(|row| COLUMNS_MIN <= pieces(row).len()).count();
        (COLUMNS_MIN <= starts.len() && 3 <= shown).then_some(Region { first, last, starts })
    }

    fn column_of(&self, glyph: &Glyph) -> usize {
        let middle = (glyph.x0 + glyph.x1) / 2.0;
        self.starts.iter().rposition(|start| *start - START_NEAR <= middle).unwrap_or(0)
    }

    fn table(&self, rows: Vec<Vec<Glyph>>, rules: &[Rule]) -> RuledTable {
        let top = rows.first().and_then(|row| row.first()).map_or(0.0, |glyph| glyph.y + glyph.size);
        let right = rows.iter().flatten().map(|glyph| glyph.x1).fold(0.0, f32::max);
        let mut columns: Vec<Vec<PrintLine>> = vec![Vec::new(); self.starts.len()];
        for row in rows {
            let mut cells: Vec<Vec<Glyph>> = vec![Vec::new(); self.starts.len()];
            // A heading over all columns is one cell.
            let heading = pieces(&row).len() == 1 && !fits(&row, &self.starts);
            for glyph in row {
                let column = if heading { 0 } else { self.column_of(&glyph) };
                if let Some(cell) = cells.get_mut(column) {
                    cell.push(glyph);
                }
            }
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.extend(line(cell));
            }
        }
        let bands = self.bands(&columns, rules);
        let rows = bands
            .iter()
            .map(|(above, below)| {
                let inside = |line: &&PrintLine| *below <= middle(line) && middle(line) < *above;
                columns.iter().map(|column| column.iter().filter(inside).cloned().collect()).collect()
            })
            .collect();
        let mut columns = self.starts.clone();
        columns.push(right);
        RuledTable { columns, top, open_top: false, rows }
    }

    /// Upper and lower border of each row of the table.
    fn bands(&self, columns: &[Vec<PrintLine>], rules: &[Rule]) -> Vec<(f32, f32)> {
        let lines = || columns.iter().flatten();
        let upper = lines().map(|line| line.y + line.size).fold(f32::MIN, f32::max);
        let lower = lines().map(|line| line.y - line.size).fold(f32::MAX, f32::min);
        let mut borders: Vec<f32> = rules
            .iter()
            .filter(|rule| rule.horizontal && lower < rule.at && rule.at < upper)
            .map(|rule| rule.at)
            .collect();
        borders.sort_by(|a, b| b.total_cmp(a));
        borders.dedup_by(|a, b| (*a - *b).abs() < 4.0);
        let anchors = columns.first().map_or(0, Vec::len);
        if 2 < borders.len() && anchors <= borders.len() * 3 {
            let edges: Vec<f32> = std::iter::once(upper).chain(borders).chain([lower]).collect();
            return edges.windows(2).map(|pair| (pair[0], pair[1])).collect();
        }
        // Lines of one cell follow closely; between rows there is a little more room.
        let pitch = lines_pitch(columns);
        let mut blocks: Vec<(f32, f32)> = Vec::new();
        for column in columns {
            let mut before: Option<f32> = None;
            for line in column {
                let extent = (line.y + 0.8 * line.size, line.y - 0.2 * line.size);
                match (before, blocks.last_mut()) {
                    (Some(y), Some(block)) if y - line.y < pitch * 1.1 => block.1 = extent.1,
                    _ => blocks.push(extent),
                }
                before = Some(line.y);
            }
        }
        blocks.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut bands: Vec<(f32, f32)> = Vec::new();
        for block in blocks {
            match bands.last_mut() {
                Some(band) if band.1 < block.0 - 0.5 => band.1 = band.1.min(block.1),
                _ => bands.push(block),
            }
        }
        match anchors_of(columns) {
            Some(anchors) if bands.len() < anchors.len() => anchored(anchors, upper, lower),
            _ => bands,
        }
    }
}

/// The column that has one line for each row: one of numbers, or the first when no column has more lines.
fn anchors_of(columns: &[Vec<PrintLine>]) -> Option<&Vec<PrintLine>> {
    let is_number = |line: &&PrintLine| line.words.trim().chars().all(|c| c.is_ascii_digit());
    let counts = |column: &&Vec<PrintLine>| {
        2 < column.len() && column.len() <= 1 + column.iter().filter(is_number).count()
    };
    let most = columns.iter().map(Vec::len).max()?;
    columns.iter().find(counts).or_else(|| columns.first().filter(|column| column.len() == most))
}

/// Bands that begin at each line of the anchoring column.
fn anchored(anchors: &[PrintLine], upper: f32, lower: f32) -> Vec<(f32, f32)> {
    let mut edges: Vec<f32> = anchors.iter().skip(1).map(|line| line.y + line.size).collect();
    edges.insert(0, upper + 1.0);
    edges.push(lower);
    edges.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn middle(line: &PrintLine) -> f32 {
    line.y + 0.3 * line.size
}

/// The usual distance between two lines of one cell.
fn lines_pitch(columns: &[Vec<PrintLine>]) -> f32 {
    let mut gaps: Vec<f32> = Vec::new();
    for column in columns {
        gaps.extend(column.windows(2).map(|pair| pair[0].y - pair[1].y).filter(|gap| 1.0 < *gap));
    }
    gaps.into_iter().reduce(f32::min).unwrap_or(12.0)
}

/// Where columns begin: left edges that come again, or stand alone among the others.
fn starts(rows: &[Vec<Glyph>]) -> Vec<f32> {
    let mut spans: Vec<(f32, f32)> =
        rows.iter().map(|row| pieces(row)).filter(|it| COLUMNS_MIN <= it.len()).flatten().collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<(f32, f32)> = Vec::new();
    for (left, right) in spans {
        match out.last_mut() {
            // Pieces that overlap stand in one column, however they are aligned in it.
            Some((_, end)) if left < *end - 0.5 => *end = end.max(right),
            Some((start, end)) if left - *start < START_NEAR => *end = end.max(right),
            _ => out.push((left, right)),
        }
    }
    out.into_iter().map(|(left, _)| left).collect()
}

/// Whether no letter of a line stands across the beginning of a column.
fn fits(row: &[Glyph], starts: &[f32]) -> bool {
    let crosses = |start: &f32| {
        row.iter().any(|glyph| !glyph.c.is_whitespace() && glyph.x0 < *start - 1.5 && *start + 1.5 < glyph.x1)
    };
    let begins_before = |start: &f32| {
        // A word that runs through the border without a gap is no cell, even if a letter ends there.
        let left = row.iter().any(|glyph| (glyph.x1 - start).abs() < 1.0 && !glyph.c.is_whitespace());
        let right = row.iter().any(|glyph| (glyph.x0 - start).abs() < 1.0 && !glyph.c.is_whitespace());
        left && right
    };
    let left_of_all =
        starts.first().is_some_and(|start| row.iter().any(|glyph| glyph.x1 < start - START_NEAR));
    !left_of_all && !starts.iter().skip(1).any(|start| crosses(start) || begins_before(start))
}

/// One piece over several columns with rows of the table below it.
fn is_heading_row(rows: &[Vec<Glyph>], at: usize, starts: &[f32]) -> bool {
    let (Some(row), Some(next)) = (rows.get(at), rows.get(at + 1)) else { return false };
    let single = pieces(row);
    let at_left = matches!((single.as_slice(), starts.first()), ([(left, _)], Some(start)) if (left - start).abs() < 20.0);
    at_left && COLUMNS_MIN <= pieces(next).len() && fits(next, starts) && is_near(row, next)
}
