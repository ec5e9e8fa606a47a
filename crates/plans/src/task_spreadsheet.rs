//! The ledger of tasks as a spreadsheet: out to a department, and back with its progress filled in.
//!
//! Offices live in spreadsheets. A task list is downloaded, passed around, filled and sent back days later, by
//! somebody who sorted it, added a column and left three blank rows at the end. So a row finds its task by a
//! hidden key and not by its place, columns are found by their headings, and a row that was filled against an
//! older version of its task is refused on its own, with its number, while the others go through.
//!
//! Nothing here touches the store: rows in, bytes out; bytes in, rows and errors out.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use jiff::civil::Date;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use thiserror::Error;

use hutong_kernel::{Refusal, TaskId};

/// Most rows that one file may bring; an office's ledger has hundreds.
pub const ROWS_MAX: usize = 20_000;
/// Longest narrative, in characters.
pub const NARRATIVE_CHARS_MAX: usize = 4_000;
/// Most bytes of a file that is read.
pub const BYTES_MAX: usize = 20 * 1024 * 1024;

/// A column of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// 专项行动.
    SpecialAction,
    /// 序号.
    Number,
    /// 任务名称.
    Title,
    /// 任务内容.
    Content,
    /// 责任部门.
    Responsible,
    /// 配合部门.
    Cooperating,
    /// 参考依据.
    Basis,
    /// 完成时限.
    Deadline,
    /// 状态灯.
    Light,
    /// 完成进度(%): filled by the department.
    Percent,
    /// 进展情况: filled by the department.
    Narrative,
    /// Hidden: the task's identity and version when the file was made.
    Key,
}

impl Column {
    /// All columns in the order of the sheet.
    pub const ALL: [Self; 12] = [
        Self::SpecialAction,
        Self::Number,
        Self::Title,
        Self::Content,
        Self::Responsible,
        Self::Cooperating,
        Self::Basis,
        Self::Deadline,
        Self::Light,
        Self::Percent,
        Self::Narrative,
        Self::Key,
    ];

    /// Message key of the heading.
    pub fn message(self) -> &'static str {
        match self {
            Self::SpecialAction => "plans-sheet-special-action",
            Self::Number => "plans-sheet-number",
            Self::Title => "plans-sheet-title",
            Self::Content => "plans-sheet-content",
            Self::Responsible => "plans-sheet-responsible",
            Self::Cooperating => "plans-sheet-cooperating",
            Self::Basis => "plans-sheet-basis",
            Self::Deadline => "plans-sheet-deadline",
            Self::Light => "plans-sheet-light",
            Self::Percent => "plans-sheet-percent",
            Self::Narrative => "plans-sheet-narrative",
            Self::Key => "plans-sheet-key",
        }
    }

    /// Width in characters.
    fn width(self) -> f64 {
        match self {
            Self::Number => 6.0,
            Self::Percent | Self::Light => 11.0,
            Self::Deadline => 12.0,
            Self::SpecialAction | Self::Responsible | Self::Cooperating => 20.0,
            Self::Title | Self::Basis => 28.0,
            Self::Content | Self::Narrative => 48.0,
            Self::Key => 4.0,
        }
    }
}

/// The task that a row speaks of, and the version it had when the file was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowKey {
    /// The task.
    pub task: TaskId,
    /// Its version then.
    pub version: u64,
}

impl RowKey {
    fn to_text(self) -> String {
        format!("{}@{}", self.task, self.version)
    }

    fn from_text(text: &str) -> Option<Self> {
        let (task, version) = text.trim().split_once('@')?;
        Some(Self { task: task.parse().ok()?, version: version.parse().ok()? })
    }
}

/// A task as a row of the ledger; texts in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Which task.
    pub key: RowKey,
    /// Heading of the group the row stands under.
    pub group: String,
    /// 专项行动.
    pub special_action: String,
    /// Number in the plan.
    pub number: String,
    /// Name.
    pub title: String,
    /// What is to be done.
    pub content: String,
    /// Responsible bodies, joined.
    pub responsible: String,
    /// Cooperating bodies, joined.
    pub cooperating: String,
    /// Basis documents, joined.
    pub basis: String,
    /// When it is due.
    pub deadline: Option<Date>,
    /// The light's word.
    pub light: String,
    /// Progress in force, in percent.
    pub percent: Option<u8>,
    /// Narrative in force.
    pub narrative: String,
}

/// The words around the rows, in the reader's language.
#[derive(Debug, Clone)]
pub struct SheetWords {
    /// Name of the sheet; at most 31 characters are used.
    pub sheet: String,
    /// Title line.
    pub title: String,
    /// Line under the title: as of when, by whom, how to fill it in.
    pub note: String,
    /// Headings in the order of [`Column::ALL`].
    pub headings: [String; 12],
}

/// Writes the ledger.
///
/// Rows come in the order given; where the group changes, its heading stands across the sheet.
///
/// # Errors
/// The workbook cannot be made; a fault, not the user's doing.
pub fn write_tasks(words: &SheetWords, rows: &[TaskRow]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&words.sheet))?;

    let bordered = || Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00B9_B4A8));
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let note = Format::new().set_font_size(10).set_font_color(Color::RGB(0x005A_6770)).set_text_wrap();
    let heading = bordered()
        .set_bold()
        .set_background_color(Color::RGB(0x00E4_E1DA))
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let text = bordered().set_align(FormatAlign::Top).set_text_wrap();
    let date = bordered().set_align(FormatAlign::Top).set_num_format("yyyy-mm-dd");
    let filled =
        bordered().set_align(FormatAlign::Top).set_text_wrap().set_background_color(Color::RGB(0x00FB_F6E6));
    let group = bordered().set_bold().set_background_color(Color::RGB(0x00F7_F5F0));

    let last_shown = u16::try_from(Column::ALL.len() - 2).unwrap_or(u16::MAX);
    sheet.merge_range(0, 0, 0, last_shown, &words.title, &title)?;
    sheet.merge_range(1, 0, 1, last_shown, &words.note, &note)?;
    sheet.set_row_height(0, 28)?;
    sheet.set_row_height(1, 32)?;
    for (at, (column, words)) in (0_u16..).zip(Column::ALL.into_iter().zip(&words.headings)) {
        sheet.write_with_format(2, at, words, &heading)?;
        sheet.set_column_width(at, column.width())?;
        if column == Column::Key {
            sheet.set_column_hidden(at)?;
        }
    }
    sheet.set_freeze_panes(3, 3)?;
    sheet.set_landscape().set_repeat_rows(2, 2)?.set_print_fit_to_pages(1, 0);

    let mut line = 3_u32;
    let mut current_group = "";
    for row in rows {
        if row.group != current_group {
            current_group = &row.group;
            if !row.group.is_empty() {
                sheet.merge_range(line, 0, line, last_shown, &row.group, &group)?;
                line += 1;
            }
        }
        for (at, column) in (0_u16..).zip(Column::ALL) {
            match column {
                Column::SpecialAction => sheet.write_with_format(line, at, &row.special_action, &text)?,
                Column::Number => sheet.write_with_format(line, at, &row.number, &text)?,
                Column::Title => sheet.write_with_format(line, at, &row.title, &text)?,
                Column::Content => sheet.write_with_format(line, at, &row.content, &text)?,
                Column::Responsible => sheet.write_with_format(line, at, &row.responsible, &text)?,
                Column::Cooperating => sheet.write_with_format(line, at, &row.cooperating, &text)?,
                Column::Basis => sheet.write_with_format(line, at, &row.basis, &text)?,
                Column::Deadline => match row.deadline {
                    Some(day) => {
                        let day = rust_xlsxwriter::ExcelDateTime::parse_from_str(&day.to_string())?;
                        sheet.write_with_format(line, at, &day, &date)?
                    }
                    None => sheet.write_blank(line, at, &text)?,
                },
                Column::Light => sheet.write_with_format(line, at, &row.light, &text)?,
                Column::Percent => match row.percent {
                    Some(percent) => sheet.write_with_format(line, at, percent, &filled)?,
                    None => sheet.write_blank(line, at, &filled)?,
                },
                Column::Narrative => sheet.write_with_format(line, at, &row.narrative, &filled)?,
                Column::Key => sheet.write_with_format(line, at, row.key.to_text(), &text)?,
            };
        }
        line += 1;
    }
    workbook.save_to_buffer()
}

/// Excel refuses these in a sheet's name, and more than 31 characters.
fn sheet_name(name: &str) -> String {
    name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}

/// One row that a department filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledRow {
    /// Row in the sheet, from 1, as a spreadsheet shows it.
    pub row: u32,
    /// Which task, at which version.
    pub key: RowKey,
    /// Progress in percent, 0 to 100; `None` where the cell is empty.
    pub percent: Option<u8>,
    /// What was done.
    pub narrative: String,
}

/// One row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Row in the sheet, from 1.
    pub row: u32,
    /// Why.
    pub refusal: RowRefusal,
}

/// Why one row cannot be taken; the department mends it and sends the file again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RowRefusal {
    /// The hidden key is damaged or from another system.
    #[error("the row's key {given:?} names no task")]
    UnknownKey {
        /// What the key cell holds.
        given: String,
    },
    /// A percent that is none.
    #[error("{given:?} is not a percent from 0 to 100")]
    NotAPercent {
        /// What the cell holds.
        given: String,
    },
    /// A narrative without the percent it explains.
    #[error("a narrative without a percent")]
    PercentMissing,
    /// A narrative longer than is kept.
    #[error("the narrative has {chars} characters, {max} are kept")]
    NarrativeTooLong {
        /// How long it is.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
    /// A second row for the same task.
    #[error("the task already stands in row {first}")]
    Twice {
        /// The first row.
        first: u32,
    },
}

impl Refusal for RowRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "plans.sheet.unknown_key",
            Self::NotAPercent { .. } => "plans.sheet.not_a_percent",
            Self::PercentMissing => "plans.sheet.percent_missing",
            Self::NarrativeTooLong { .. } => "plans.sheet.narrative_too_long",
            Self::Twice { .. } => "plans.sheet.twice",
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownKey { given } | Self::NotAPercent { given } => vec![("given", given.clone())],
            Self::PercentMissing => Vec::new(),
            Self::NarrativeTooLong { chars, max } => {
                vec![("chars", chars.to_string()), ("max", max.to_string())]
            }
            Self::Twice { first } => vec![("first", first.to_string())],
        }
    }
}

/// Why a whole file cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SheetRefusal {
    /// Larger than is read.
    #[error("the file has {bytes} bytes, {max} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
    /// No spreadsheet, or a damaged one.
    #[error("the file is no XLSX workbook: {reason}")]
    NotAWorkbook {
        /// What the reader says.
        reason: String,
    },
    /// A workbook that did not come from here.
    #[error("no sheet has the columns of the ledger")]
    NoLedger,
    /// More rows than are taken at once.
    #[error("the sheet has more than {max} rows")]
    TooManyRows {
        /// The bound.
        max: usize,
    },
}

impl Refusal for SheetRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "plans.sheet.too_large",
            Self::NotAWorkbook { .. } => "plans.sheet.not_a_workbook",
            Self::NoLedger => "plans.sheet.no_ledger",
            Self::TooManyRows { .. } => "plans.sheet.too_many_rows",
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { bytes, max } => vec![("bytes", bytes.to_string()), ("max", max.to_string())],
            Self::NotAWorkbook { reason } => vec![("reason", reason.clone())],
            Self::NoLedger => Vec::new(),
            Self::TooManyRows { max } => vec![("max", max.to_string())],
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::TooLarge { .. } => 413,
            Self::NotAWorkbook { .. } => 415,
            Self::NoLedger | Self::TooManyRows { .. } => 422,
        }
    }
}

/// What a filled ledger says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledSheet {
    /// Rows with a percent.
    pub rows: Vec<FilledRow>,
    /// Rows that cannot be taken.
    pub errors: Vec<RowError>,
    /// Rows of the ledger that were left empty.
    pub empty: usize,
}

/// Reads a filled ledger; `headings` are the heading sets of every language, in the order of [`Column::ALL`].
///
/// # Errors
/// [`SheetRefusal`] for the file as a whole; single rows that cannot be taken are in [`FilledSheet::errors`].
pub fn read_tasks(bytes: &[u8], headings: &[[String; 12]]) -> Result<FilledSheet, SheetRefusal> {
    if BYTES_MAX < bytes.len() {
        return Err(SheetRefusal::TooLarge { bytes: bytes.len(), max: BYTES_MAX });
    }
    let not_a_workbook =
        |error: calamine::XlsxError| SheetRefusal::NotAWorkbook { reason: error.to_string() };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(not_a_workbook)?;
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(not_a_workbook)?;
        let first_row = range.start().map_or(0, |(row, _)| row);
        let Some((header_at, places)) = range.rows().enumerate().take(20).find_map(|(at, cells)| {
            headings.iter().find_map(|words| Places::find(cells, words)).map(|places| (at, places))
        }) else {
            continue;
        };
        if ROWS_MAX < range.height() {
            return Err(SheetRefusal::TooManyRows { max: ROWS_MAX });
        }
        let rows = range.rows().enumerate().skip(header_at + 1);
        return Ok(read_rows(
            rows.map(|(at, cells)| (first_row + u32::try_from(at).unwrap_or(u32::MAX) + 1, cells)),
            places,
        ));
    }
    Err(SheetRefusal::NoLedger)
}

/// Where the three columns that are read stand.
#[derive(Debug, Clone, Copy)]
struct Places {
    key: usize,
    percent: usize,
    narrative: usize,
}

impl Places {
    fn find(cells: &[Data], words: &[String; 12]) -> Option<Self> {
        let place = |column: Column| {
            let index = Column::ALL.iter().position(|it| *it == column)?;
            cells.iter().position(|cell| text_of(cell) == words[index])
        };
        Some(Self {
            key: place(Column::Key)?,
            percent: place(Column::Percent)?,
            narrative: place(Column::Narrative)?,
        })
    }
}

fn read_rows<'a>(rows: impl Iterator<Item = (u32, &'a [Data])>, places: Places) -> FilledSheet {
    let mut sheet = FilledSheet::default();
    let mut seen: Vec<(TaskId, u32)> = Vec::new();
    let mut tasks: BTreeSet<TaskId> = BTreeSet::new();
    for (row, cells) in rows {
        let cell = |at: usize| cells.get(at).map(text_of).unwrap_or_default();
        let key_text = cell(places.key);
        // Group headings and blank rows at the end carry no key.
        if key_text.is_empty() {
            continue;
        }
        match read_row(row, &key_text, cells.get(places.percent), cell(places.narrative)) {
            Ok(None) => sheet.empty += 1,
            Ok(Some(filled)) if tasks.insert(filled.key.task) => {
                seen.push((filled.key.task, row));
                sheet.rows.push(filled);
            }
            Ok(Some(filled)) => {
                let first = seen.iter().find(|(task, _)| *task == filled.key.task).map_or(0, |(_, row)| *row);
                sheet.errors.push(RowError { row, refusal: RowRefusal::Twice { first } });
            }
            Err(refusal) => sheet.errors.push(RowError { row, refusal }),
        }
    }
    sheet
}

fn read_row(
    row: u32,
    key: &str,
    percent: Option<&Data>,
    narrative: String,
) -> Result<Option<FilledRow>, RowRefusal> {
    let key = RowKey::from_text(key)
        .ok_or_else(|| RowRefusal::UnknownKey { given: key.chars().take(80).collect() })?;
    let percent = percent.map_or(Ok(None), percent_of)?;
    let chars = narrative.chars().count();
    if NARRATIVE_CHARS_MAX < chars {
        return Err(RowRefusal::NarrativeTooLong { chars, max: NARRATIVE_CHARS_MAX });
    }
    match percent {
        None if narrative.is_empty() => Ok(None),
        None => Err(RowRefusal::PercentMissing),
        Some(_) => Ok(Some(FilledRow { row, key, percent, narrative })),
    }
}

/// Reads `60`, `60%`, `60 %` and a cell formatted as a percent (0.6 shown as 60 %) is refused when it is no whole number.
fn percent_of(cell: &Data) -> Result<Option<u8>, RowRefusal> {
    let text = text_of(cell);
    let digits = text.trim_end_matches(['%', '\u{ff05}']).trim();
    if digits.is_empty() {
        return Ok(None);
    }
    let not_a_percent = || RowRefusal::NotAPercent { given: text.chars().take(40).collect() };
    let percent: u8 = digits.parse().map_err(|_unreadable| not_a_percent())?;
    if percent <= 100 { Ok(Some(percent)) } else { Err(not_a_percent()) }
}

/// A cell as a person sees it: whole numbers without `.0`.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        other => other.to_string().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::IdSource;
    use jiff::civil::date;

    use super::*;

    fn words() -> SheetWords {
        SheetWords {
            sheet: "任务台账: 2026/2028".into(),
            title: "任务台账".into(),
            note: "截至今日".into(),
            headings: Column::ALL.map(|column| column.message().to_owned()),
        }
    }

    fn row(number: u8, percent: Option<u8>, narrative: &str) -> TaskRow {
        let task = IdSource { millis: u64::from(number), random: [number; 10] }.id();
        TaskRow {
            key: RowKey { task, version: 3 },
            group: format!("第{}组", number / 2),
            special_action: "街巷更新专项行动".into(),
            number: number.to_string(),
            title: "修缮老厂房".into(),
            content: "=cmd|'/c calc'!A0".into(),
            responsible: "区住建委".into(),
            cooperating: String::new(),
            basis: "《实施方案》".into(),
            deadline: Some(date(2027, 12, 31)),
            light: "● 正常".into(),
            percent,
            narrative: narrative.into(),
        }
    }

    fn round_trip(rows: &[TaskRow]) -> FilledSheet {
        let words = words();
        let bytes = write_tasks(&words, rows).unwrap();
        read_tasks(&bytes, std::slice::from_ref(&words.headings)).unwrap()
    }

    #[test]
    fn what_goes_out_comes_back() {
        let rows = [row(1, Some(40), "完成设计"), row(2, None, ""), row(3, Some(100), "已交付")];
        let sheet = round_trip(&rows);
        assert_eq!(sheet.errors, []);
        assert_eq!(sheet.empty, 1);
        let back: Vec<_> =
            sheet.rows.iter().map(|row| (row.key, row.percent, row.narrative.as_str())).collect();
        assert_eq!(back, [(rows[0].key, Some(40), "完成设计"), (rows[2].key, Some(100), "已交付")]);
    }

    #[test]
    fn a_narrative_without_a_percent_is_refused_with_its_row() {
        let sheet = round_trip(&[row(2, None, "正在推进")]);
        // Title, note, headings and the group's heading come first.
        assert_eq!(sheet.errors, [RowError { row: 5, refusal: RowRefusal::PercentMissing }]);
    }

    #[test]
    fn a_task_may_stand_once() {
        let sheet = round_trip(&[row(2, Some(10), "一"), row(2, Some(20), "二")]);
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!(sheet.errors, [RowError { row: 6, refusal: RowRefusal::Twice { first: 5 } }]);
    }

    #[test]
    fn a_formula_in_a_cell_stays_a_text() {
        let words = words();
        let bytes = write_tasks(&words, &[row(2, Some(1), "一")]).unwrap();
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let name = workbook.sheet_names()[0].clone();
        assert!(workbook.worksheet_formula(&name).unwrap().used_cells().next().is_none());
    }

    #[test]
    fn percents_are_read_as_people_write_them() {
        let read = |text: &str| percent_of(&Data::String(text.into()));
        assert_eq!(read("60%"), Ok(Some(60)));
        assert_eq!(read(" 60 %"), Ok(Some(60)));
        assert_eq!(percent_of(&Data::Float(60.0)), Ok(Some(60)));
        assert_eq!(read(""), Ok(None));
        for bad in ["101", "-1", "六成", "0.6"] {
            assert!(matches!(read(bad), Err(RowRefusal::NotAPercent { .. })), "{bad}");
        }
    }

    #[test]
    fn bytes_that_are_no_workbook_are_refused_with_a_code() {
        let refusal = read_tasks(b"PK\x03\x04 not really", &[]).unwrap_err();
        assert_eq!(refusal.code(), "plans.sheet.not_a_workbook");
        let other = {
            let mut workbook = Workbook::new();
            workbook.add_worksheet().write(0, 0, "别的表").unwrap();
            workbook.save_to_buffer().unwrap()
        };
        assert_eq!(read_tasks(&other, &[words().headings]).unwrap_err().code(), "plans.sheet.no_ledger");
    }
}
