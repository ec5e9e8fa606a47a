//! What was found in a document: typed findings, each with its exact place, its words and a confidence.
//!
//! Shapes follow the hand-labelled files that extraction is measured against. Every `span` counts Unicode code
//! points of the whole text, newline included, and `quote` is exactly the text there: a finding whose words cannot
//! be shown is not a finding.

/// A place in the text: code points from `start` up to, but without, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Span {
    /// The place from `start` to `end`; an end before the start makes an empty place at `start`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }

    /// Length in code points.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing lies there.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `at` lies inside.
    pub fn contains(self, at: usize) -> bool {
        self.start <= at && at < self.end
    }
}

/// Words and place of a finding, and how far to trust it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// Line of the document, counted from 1.
    pub line: usize,
    /// Place of `quote`.
    pub span: Span,
    /// The words at `span`, unchanged.
    pub quote: String,
    /// 0 to 1. Of the findings at 0.9 or more, nine in ten are right.
    pub confidence: f64,
}

/// Everything found in one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// Title, issuer, dates, period, approvals.
    pub meta: Meta,
    /// Headings in order, run-in headings included.
    pub outline: Vec<Heading>,
    /// What the plan commits to, in numbers or ranks.
    pub targets: Vec<Target>,
    /// Commitments whose number is only implied ("full coverage", "a hundred-billion cluster", "six campaigns").
    pub implied_targets: Vec<Target>,
    /// Figures of the period that is over.
    pub achievements: Vec<Target>,
    /// Rows of the task table; leaf sections where there is no such table.
    pub tasks: Vec<Task>,
    /// Leaf sections of a document that also has a task table.
    pub prose_tasks: Vec<Task>,
    /// Named platforms and information systems.
    pub systems: Vec<System>,
    /// Tables and boxes.
    pub tables: Vec<Table>,
    /// Documents cited in title brackets, each once.
    pub documents: Vec<CitedDocument>,
}

/// What the document says about itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Meta {
    /// Title, joined when it stands on several lines.
    pub title: Option<Stated>,
    /// Body that issued it.
    pub issuer: Option<Stated>,
    /// Day of issue, ISO 8601 (a month only, `2021-10`, where no day is given).
    pub issued_date: Option<Stated>,
    /// First and last year it covers.
    pub period: Option<Period>,
    /// Words on who deliberated on it.
    pub deliberation: Option<Stated>,
    /// The same, meeting by meeting.
    pub deliberation_items: Vec<Deliberation>,
    /// Document number (文号).
    pub document_number: Option<Stated>,
    /// Draft status, such as 征求意见稿.
    pub status: Option<Stated>,
    /// Body named on the cover, where it is not the issuer.
    pub drafted_by: Option<Stated>,
}

/// A value of the metadata and where it is stated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stated {
    /// The value, normalised (dates) or as written (names).
    pub value: String,
    /// First and last line it stands on.
    pub lines: (usize, usize),
    /// Its words.
    pub evidence: Evidence,
}

/// Years a plan covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// True where it follows from the number of a five-year plan only.
    pub inferred: bool,
    /// Where it is stated.
    pub evidence: Evidence,
}

/// One meeting that passed the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Deliberation {
    /// Day, ISO 8601.
    pub date: Option<String>,
    /// The meeting, such as 区政府常务会.
    pub body: String,
    /// Its number.
    pub session: Option<i64>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 1 is the highest.
    pub level: u8,
    /// Number or mark as written (`（一）`, `第三章`, `专栏2`), empty for none.
    pub label: String,
    /// Title without mark and closing punctuation.
    pub title: String,
    /// Whether the paragraph goes on in the same line.
    pub runin: bool,
    /// Words and place of mark and title.
    pub evidence: Evidence,
}

/// How a value binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// At least.
    AtLeast,
    /// More than.
    MoreThan,
    /// At most.
    AtMost,
    /// Less than.
    LessThan,
    /// About.
    About,
    /// Exactly so many.
    Equal,
    /// Between two values.
    Range,
    /// A change against a baseline or by year.
    Growth,
    /// A place among others.
    Rank,
}

impl Op {
    /// As written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Op::AtLeast => ">=",
            Op::MoreThan => ">",
            Op::AtMost => "<=",
            Op::LessThan => "<",
            Op::About => "~",
            Op::Equal => "=",
            Op::Range => "range",
            Op::Growth => "growth",
            Op::Rank => "rank",
        }
    }
}

/// A value: none for a rank in words, one number, or both ends of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// No number.
    None,
    /// One number.
    One(f64),
    /// Both ends.
    Range(f64, f64),
}

/// Another way to read a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Unit under this reading.
    pub unit: String,
    /// What it would mean: `relative_growth` or `percentage_points`.
    pub reading: &'static str,
}

/// A quantified commitment, or a quantified result of the period that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Indicator, cleaned of adverbs and dates.
    pub name: String,
    /// Place of the words the name was taken from.
    pub name_span: Span,
    /// Comparator.
    pub op: Op,
    /// For growth and ranges: the bound the words set (`>=` in "by 5% or more").
    pub op_bound: Option<Op>,
    /// The words of the comparator with the value.
    pub op_text: String,
    /// Value.
    pub value: Value,
    /// Place of the value.
    pub value_span: Span,
    /// Unit as written, with its scale (`万人次`).
    pub unit: Option<String>,
    /// Year by whose end it is due, where the sentence, its paragraph, the table or the section names one.
    pub deadline: Option<i32>,
    /// Year and value it is measured against, where the sentence or row says so.
    pub baseline: Option<Baseline>,
    /// 约束性 or 预期性, from a table.
    pub kind: Option<String>,
    /// 每年, 年均 and the like.
    pub frequency: Option<String>,
    /// Whether it is a rate of growth.
    pub is_growth: bool,
    /// Other readings that the words allow.
    pub alternatives: Vec<Alternative>,
    /// Lines that say the same again.
    pub also_lines: Vec<usize>,
    /// Period an achievement belongs to (`2016-2020`, `2020`).
    pub period: Option<String>,
    /// Words and place.
    pub evidence: Evidence,
}

/// What a target is measured against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Year.
    pub year: Option<i32>,
    /// Value, where it is stated.
    pub value: Option<f64>,
}

/// An action and who is to do it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Task {
    /// Number in the table.
    pub no: Option<i64>,
    /// Heading mark in prose.
    pub label: String,
    /// Campaign or category column.
    pub special_action: Option<String>,
    /// Group row of the table.
    pub group: Option<String>,
    /// What is to be done, short.
    pub title: String,
    /// What is to be done, in full.
    pub content: String,
    /// First and last line of the body, for prose.
    pub body_lines: Option<(usize, usize)>,
    /// Bodies in charge, in order. `None` where the document names none at all.
    pub responsible: Option<Vec<String>>,
    /// Bodies that help.
    pub cooperating: Option<Vec<String>>,
    /// Documents the task rests on.
    pub basis: Vec<String>,
    /// Words of the responsible cell.
    pub responsible_text: Option<String>,
    /// Words of the cooperating cell.
    pub cooperating_text: Option<String>,
    /// Words on when it is due.
    pub deadline_text: Option<String>,
    /// Headings above, highest first.
    pub section: Vec<String>,
    /// Title stands at the head of its paragraph.
    pub runin: bool,
    /// Belongs to the measures that secure the plan (保障措施).
    pub guarantee: bool,
    /// Systems the task builds or upgrades.
    pub platforms: Vec<String>,
    /// Indices into the targets.
    pub targets: Vec<usize>,
    /// Row of a task table.
    pub from_table: bool,
    /// Words and place.
    pub evidence: Evidence,
}

/// What the plan does to a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemStatus {
    /// It is there.
    Existing,
    /// To be built.
    Build,
    /// To be improved or extended.
    Upgrade,
    /// Used or connected to.
    Use,
}

impl SystemStatus {
    /// As written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            SystemStatus::Existing => "existing",
            SystemStatus::Build => "build",
            SystemStatus::Upgrade => "upgrade",
            SystemStatus::Use => "use",
        }
    }
}

/// A named platform or information system.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// Name as written.
    pub name: String,
    /// What is done to it where it is first mentioned.
    pub status: SystemStatus,
    /// Later mentions.
    pub also: Vec<(usize, SystemStatus)>,
    /// Words and place.
    pub evidence: Evidence,
}

/// A table, or a box (专栏).
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Caption.
    pub title: String,
    /// Line of the header row; none for a box.
    pub header_line: Option<usize>,
    /// Rows of content: data rows of a table, items of a box.
    pub rows: usize,
    /// Column names; none for a box.
    pub columns: Option<Vec<String>>,
    /// First and last line of the rows.
    pub row_lines: Option<(usize, usize)>,
    /// Rows that only head a group.
    pub group_lines: Vec<usize>,
    /// Named items of a box.
    pub items: Vec<String>,
    /// Words and place of the caption, or of the header row.
    pub evidence: Evidence,
}

/// A document cited in 《》.
#[derive(Debug, Clone, PartialEq)]
pub struct CitedDocument {
    /// Title without brackets.
    pub title: String,
    /// All lines that cite it.
    pub lines: Vec<usize>,
    /// First citation.
    pub evidence: Evidence,
}
