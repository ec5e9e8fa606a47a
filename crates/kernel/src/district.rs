//! The district that this installation serves.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// Name, time zone and whether its data are made up.
#[derive(Debug, Clone)]
pub struct District {
    /// Official Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// The district's time zone; days begin and end in it, whatever the machine is set to.
    pub time_zone: TimeZone,
    /// All data are synthetic; every page says so.
    pub demo: bool,
}

impl District {
    /// The district's date at a moment.
    pub fn date(&self, at: Timestamp) -> Date {
        self.zoned(at).date()
    }

    /// The district's wall clock at a moment.
    pub fn zoned(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.time_zone.clone())
    }
}

/// The language a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Chinese as written in mainland China; the first language.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All languages, the first language first.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The other way round; `None` for a language that Hutong does not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}
