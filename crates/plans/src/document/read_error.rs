//! Why a file could not be read. Each of these is for the person who chose the file to put right.

use thiserror::Error;

use super::Format;

/// Why a file could not be read.
///
/// `Display` is for logs. People see the text filed under [`ReadError::code`] in `messages/*/document.ftl`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// No byte, or nothing but white space.
    #[error("file holds no text")]
    Empty,

    /// A bound of [`super::limits`] was passed. `limit` is in the unit of the thing named.
    #[error("{what} is larger than {limit}")]
    TooLarge {
        /// The thing that is too large: file, text, zip member, pages, …
        what: &'static str,
        /// How large it may be.
        limit: usize,
    },

    /// Neither the bytes nor the name tell a format that can be read.
    #[error("format of the file is not known")]
    UnknownFormat,

    /// A Word 97–2003 or WPS writer file (`.doc`, `.wps`).
    #[error("file is a legacy word processor file (.doc or .wps)")]
    LegacyDoc,

    /// An Excel 97–2003 or WPS spreadsheet file (`.xls`, `.et`).
    #[error("file is a legacy spreadsheet (.xls or .et)")]
    LegacyXls,

    /// Any other binary office file (`.ppt`, `.msg`, …) or a presentation.
    #[error("file is an office file of another kind")]
    OtherOffice,

    /// Rich text format.
    #[error("file is rich text (.rtf)")]
    Rtf,

    /// OFD, the national fixed-layout format.
    #[error("file is an OFD")]
    Ofd,

    /// A picture.
    #[error("file is an image")]
    Image,

    /// A PDF whose pages are pictures.
    #[error("pdf has pictures of pages and no text")]
    Scanned,

    /// A PDF whose text cannot be told because its fonts do not say which characters they draw.
    #[error("pdf has text whose characters cannot be told")]
    NoCharacters,

    /// An archive that is not a document (`.zip`, `.rar`, `.7z`).
    #[error("file is an archive")]
    Archive,

    /// Protected by a password.
    #[error("{} file is protected by a password", format.as_str())]
    Encrypted {
        /// What kind of file it is, as far as its cover tells.
        format: Format,
    },

    /// The file begins as its format should and does not go on so: cut off in transfer, or damaged.
    #[error("{} file is damaged: {detail}", format.as_str())]
    Broken {
        /// What the file began as.
        format: Format,
        /// What was wrong, for the log.
        detail: String,
    },
}

impl ReadError {
    /// Stable identifier, used by the API, the message catalogue and the manual.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "plans.document.empty",
            Self::TooLarge { .. } => "plans.document.too_large",
            Self::UnknownFormat => "plans.document.unknown_format",
            Self::LegacyDoc => "plans.document.legacy_doc",
            Self::LegacyXls => "plans.document.legacy_xls",
            Self::OtherOffice => "plans.document.other_office",
            Self::Rtf => "plans.document.rtf",
            Self::Ofd => "plans.document.ofd",
            Self::Image => "plans.document.image",
            Self::Scanned => "plans.document.scanned",
            Self::NoCharacters => "plans.document.no_characters",
            Self::Archive => "plans.document.archive",
            Self::Encrypted { .. } => "plans.document.encrypted",
            Self::Broken { .. } => "plans.document.broken",
        }
    }

    /// Every code this type can answer, for the tests that compare codes with messages.
    pub const CODES: [&'static str; 14] = [
        "plans.document.empty",
        "plans.document.too_large",
        "plans.document.unknown_format",
        "plans.document.legacy_doc",
        "plans.document.legacy_xls",
        "plans.document.other_office",
        "plans.document.rtf",
        "plans.document.ofd",
        "plans.document.image",
        "plans.document.scanned",
        "plans.document.no_characters",
        "plans.document.archive",
        "plans.document.encrypted",
        "plans.document.broken",
    ];
}

impl hutong_kernel::Refusal for ReadError {
    fn code(&self) -> &'static str {
        Self::code(self)
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { what, limit } => {
                vec![("what", (*what).to_owned()), ("limit", limit.to_string())]
            }
            Self::Encrypted { format } | Self::Broken { format, .. } => {
                vec![("format", format.as_str().to_owned())]
            }
            _ => Vec::new(),
        }
    }
    fn status(&self) -> u16 {
        match self {
            Self::TooLarge { .. } => 413,
            Self::Empty
            | Self::Scanned
            | Self::NoCharacters
            | Self::Encrypted { .. }
            | Self::Broken { .. } => 422,
            _ => 415,
        }
    }
}
