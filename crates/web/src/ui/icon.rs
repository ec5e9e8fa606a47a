//! A few line pictures, 16 × 16, drawn for this product.

use maud::{Markup, PreEscaped};

/// A picture. Always decoration: the word stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Home.
    Home,
    /// Documents brought in.
    Import,
    /// Plans.
    Plan,
    /// Board with lights.
    Board,
    /// Tasks.
    Tasks,
    /// Indicators.
    Indicator,
    /// My department.
    Department,
    /// Register of systems.
    Systems,
    /// Organisations.
    Organisations,
    /// A person.
    Person,
    /// Several persons.
    People,
    /// Permissions.
    Shield,
    /// The journal.
    Journal,
    /// Proof.
    Proof,
    /// What is due.
    Bell,
    /// Language.
    Globe,
    /// Light theme.
    Sun,
    /// Night theme.
    Moon,
    /// Menu.
    Menu,
    /// Done.
    Check,
    /// Reject, close.
    Cross,
    /// Add.
    Plus,
    /// Split in two.
    Split,
    /// Join.
    Merge,
    /// Correct.
    Pencil,
    /// Attention.
    Warning,
    /// A note.
    Info,
    /// Taking out, downloading.
    Download,
    /// Bringing in, uploading.
    Upload,
    /// Onwards.
    Arrow,
    /// Searching.
    Search,
    /// A file.
    File,
}

impl Icon {
    /// The picture.
    pub fn svg(self) -> Markup {
        PreEscaped(format!(
            "<svg class=\"icon\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\"><path d=\"{}\"/></svg>",
            self.path()
        ))
    }

    fn path(self) -> &'static str {
        match self {
            Self::Home => "M2 7.5 8 2.5l6 5M3.8 6.5v7h8.4v-7M6.5 13.5v-4h3v4",
            Self::Import => "M8 2v7.5M5 6.8 8 9.8l3-3M2.5 10v3.5h11V10",
            Self::Plan => "M3.5 1.8h6l3 3v9.4h-9zM9.3 2v3h3M5.5 8h5M5.5 10.8h5",
            Self::Board => "M2 3h12v8.5H2zM5.5 14h5M8 11.5V14M4.8 8.8V7M8 8.8V5M11.2 8.8V6.2",
            Self::Tasks => {
                "M2 4l1.2 1.2L5.5 2.8M2 9l1.2 1.2 2.3-2.4M2.4 13.4h1.8M7.5 4.2H14M7.5 9H14M7.5 13.4H14"
            }
            Self::Indicator => "M2 2v12h12M4.5 11 7.5 7.5l2.3 1.8L13.5 4.5",
            Self::Department => "M3 14V2.5h7V14M10 6.5h3.5V14M1.5 14h13M5.3 5.2h2.4M5.3 8h2.4M5.3 10.8h2.4",
            Self::Systems => "M8 1.8 13.8 5v6L8 14.2 2.2 11V5zM2.4 5.1 8 8.2l5.6-3.1M8 8.2v6",
            Self::Organisations => {
                "M6 2h4v3.2H6zM1.8 10.8h4V14h-4zM10.2 10.8h4V14h-4zM8 5.2V8M3.8 10.8V8h8.4v2.8"
            }
            Self::Person => {
                "M8 8a2.9 2.9 0 1 0 0-5.8A2.9 2.9 0 0 0 8 8zM2.5 14c.4-3 2.6-4.4 5.5-4.4s5.1 1.4 5.5 4.4"
            }
            Self::People => {
                "M6 7.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM1.2 13.6c.3-2.7 2.2-4 4.8-4s4.5 1.3 4.8 4M10.6 7.4a2.4 2.4 0 0 0 0-4.7M12 9.9c1.6.4 2.6 1.6 2.8 3.7"
            }
            Self::Shield => {
                "M8 1.8 13.2 4v4c0 3-2 5.1-5.2 6.2C4.8 13.1 2.8 11 2.8 8V4zM5.6 8l1.8 1.8 3.2-3.4"
            }
            Self::Journal => "M3.5 2h9v12h-9zM5.6 2v12M7.8 5.2h2.8M7.8 8h2.8",
            Self::Proof => {
                "M6.6 9.4 9.4 6.6M7.2 4.6l1.6-1.6a2.9 2.9 0 0 1 4.2 4.2l-1.6 1.6M8.8 11.4 7.2 13A2.9 2.9 0 0 1 3 8.8l1.6-1.6"
            }
            Self::Bell => "M3 11.6h10l-1.3-1.9V6.9a3.7 3.7 0 0 0-7.4 0v2.8zM6.7 13.7h2.6",
            Self::Globe => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2.2 8h11.6M8 2c1.8 1.7 2.6 3.7 2.6 6s-.8 4.3-2.6 6c-1.8-1.7-2.6-3.7-2.6-6S6.2 3.7 8 2z"
            }
            Self::Sun => {
                "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1"
            }
            Self::Moon => "M13.5 9.6A6 6 0 0 1 6.4 2.5a5.9 5.9 0 1 0 7.1 7.1z",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Check => "M2.8 8.6 6.4 12l6.8-7.6",
            Self::Cross => "M3.5 3.5l9 9M12.5 3.5l-9 9",
            Self::Plus => "M8 2.8v10.4M2.8 8h10.4",
            Self::Split => "M8 14V9.5M8 9.5 3.5 5M8 9.5 12.5 5M3.5 8V5h3M9.5 5h3v3",
            Self::Merge => "M3.5 2.5 8 7l4.5-4.5M8 7v6.5M5.5 11 8 13.5l2.5-2.5",
            Self::Pencil => "M2.5 13.5l.7-3 7.6-7.6 2.3 2.3-7.6 7.6zM9.3 4.4l2.3 2.3",
            Self::Warning => "M8 2 14.5 13.5h-13zM8 6.5v3.4M8 11.7v.1",
            Self::Info => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.7M8 5v.1",
            Self::Download => "M8 2v8M5 7.2l3 3 3-3M2.5 13.5h11",
            Self::Upload => "M8 10.5V2.8M5 5.6l3-3 3 3M2.5 13.5h11",
            Self::Arrow => "M3 8h10M9.2 4.2 13 8l-3.8 3.8",
            Self::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14",
            Self::File => "M3.5 1.8h6l3 3v9.4h-9zM9.3 2v3h3",
        }
    }
}
