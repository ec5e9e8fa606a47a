//! How much a reader will take, so that no file can exhaust the server.

/// Largest file that is looked at. Unit: bytes. The longest annexed plans with pictures stay below 30 MB.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most text a document may hold. Unit: bytes of UTF-8; about five million characters, a hundred long plans.
pub const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Most bytes one member of a zip container (DOCX, XLSX) may unpack to.
pub const ZIP_MEMBER_BYTES_MAX: u64 = 96 * 1024 * 1024;

/// Most bytes all members of a zip container that are looked at may unpack to together.
pub const ZIP_TOTAL_BYTES_MAX: u64 = 192 * 1024 * 1024;

/// Most members a zip container may list.
pub const ZIP_MEMBERS_MAX: usize = 20_000;

/// How deep elements may be nested in HTML and XML.
pub const NESTING_MAX: usize = 512;

/// Most elements of one XML part.
pub const XML_ELEMENTS_MAX: usize = 4_000_000;

/// How deep tables may be nested; the cells of deeper ones are paragraphs.
pub const TABLE_DEPTH_MAX: usize = 8;

/// Most columns of a table, and most columns one cell may span.
pub const TABLE_COLUMNS_MAX: usize = 256;

/// Most rows one cell may span.
pub const TABLE_ROW_SPAN_MAX: usize = 10_000;

/// Most rows of one sheet of a workbook.
pub const SHEET_ROWS_MAX: usize = 100_000;

/// Most pages of a PDF.
pub const PDF_PAGES_MAX: usize = 3_000;

/// Most objects of a PDF.
pub const PDF_OBJECTS_MAX: usize = 500_000;

/// Most bytes one stream of a PDF may unpack to.
pub const PDF_STREAM_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most bytes all content and font streams of a PDF that are looked at may unpack to together.
pub const PDF_TOTAL_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Most characters drawn on one page of a PDF.
pub const PDF_PAGE_GLYPHS_MAX: usize = 200_000;

/// Most ruling lines looked at on one page of a PDF.
pub const PDF_PAGE_RULES_MAX: usize = 20_000;

/// How deep forms may draw forms in a PDF.
pub const PDF_FORM_DEPTH_MAX: usize = 12;
