//! Configuration: file, then environment, then flags; the later wins.
//!
//! A misspelt key is an error that names the line and the nearest key that exists: a limit that silently keeps
//! its default is found out on the worst day. Only this module reads the environment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hutong_kernel::District;
use hutong_kernel::district::Language;
use hutong_ledger::LedgerPlace;
use jiff::tz::TimeZone;

mod load;
mod schema;
pub mod settings;

pub use load::{ConfigError, Origin, Problem, Resolved, Sources, Value, load};
pub use schema::json_schema;

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Language of the command line.
    pub language: Language,
    /// The district.
    pub district: DistrictConfig,
    /// The server.
    pub server: ServerConfig,
    /// Where things are kept.
    pub data: DataConfig,
    /// The ledger.
    pub ledger: LedgerConfig,
    /// Limits of uploads.
    pub uploads: UploadConfig,
    /// Sessions.
    pub sessions: SessionConfig,
    /// The log.
    pub log: LogConfig,
}

/// The district.
#[derive(Debug, Clone)]
pub struct DistrictConfig {
    /// Official Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Its time zone.
    pub time_zone: TimeZone,
}

/// The server.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// A request without an answer is given up after this time.
    pub request_max: Duration,
    /// What running requests are given to end when the server stops.
    pub drain_max: Duration,
    /// Largest body that is not an upload. Unit: bytes.
    pub form_bytes_max: usize,
}

/// Where things are kept.
#[derive(Debug, Clone)]
pub struct DataConfig {
    /// The data directory.
    pub dir: PathBuf,
}

/// The ledger.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// Its name in checkpoints.
    pub origin: String,
    /// Folder of its head.
    pub lock_dir: Option<PathBuf>,
    /// File of its private key.
    pub key_file: Option<PathBuf>,
}

/// Limits of uploads.
#[derive(Debug, Clone)]
pub struct UploadConfig {
    /// Largest plan document. Unit: bytes.
    pub document_bytes_max: usize,
    /// Largest evidence file. Unit: bytes.
    pub evidence_bytes_max: usize,
}

/// Sessions.
#[derive(Debug, Clone)]
pub struct SessionConfig {
    /// Idle time after which a person signs in again.
    pub idle_max: Duration,
    /// Time after which a person signs in again, busy or not.
    pub length_max: Duration,
    /// Cookies over https only.
    pub secure_cookies: bool,
}

/// The log.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Lines are JSON objects.
    pub json: bool,
    /// Least important level that is written.
    pub level: tracing::Level,
}

impl Config {
    /// Builds the typed configuration from checked values.
    fn from_values(values: &BTreeMap<&'static str, Resolved>) -> Self {
        let text = |key: &str| values.get(key).map(|it| it.value.to_string()).unwrap_or_default();
        let integer = |key: &str| match values.get(key).map(|it| &it.value) {
            Some(Value::Integer(number)) => u64::try_from(*number).unwrap_or(0),
            _ => 0,
        };
        let bytes = |key: &str| usize::try_from(integer(key)).unwrap_or(usize::MAX);
        let switch = |key: &str| matches!(values.get(key).map(|it| &it.value), Some(Value::Switch(true)));
        Self {
            language: Language::from_tag(&text("language")).unwrap_or_default(),
            district: DistrictConfig {
                name_zh: text("district.name_zh"),
                name_en: text("district.name_en"),
                time_zone: TimeZone::get(&text("district.time_zone")).unwrap_or(TimeZone::UTC),
            },
            server: ServerConfig {
                listen: text("server.listen")
                    .parse()
                    .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 8080))),
                request_max: Duration::from_secs(integer("server.request_seconds_max")),
                drain_max: Duration::from_secs(integer("server.drain_seconds_max")),
                form_bytes_max: bytes("server.form_bytes_max"),
            },
            data: DataConfig { dir: PathBuf::from(text("data.dir")) },
            ledger: LedgerConfig {
                origin: text("ledger.origin"),
                lock_dir: values.get("ledger.lock_dir").map(|it| PathBuf::from(it.value.to_string())),
                key_file: values.get("ledger.key_file").map(|it| PathBuf::from(it.value.to_string())),
            },
            uploads: UploadConfig {
                document_bytes_max: bytes("uploads.document_bytes_max"),
                evidence_bytes_max: bytes("uploads.evidence_bytes_max"),
            },
            sessions: SessionConfig {
                idle_max: Duration::from_secs(60 * integer("sessions.idle_minutes_max")),
                length_max: Duration::from_secs(3_600 * integer("sessions.hours_max")),
                secure_cookies: switch("sessions.secure_cookies"),
            },
            log: LogConfig {
                json: text("log.format") == "json",
                level: text("log.level").parse().unwrap_or(tracing::Level::INFO),
            },
        }
    }

    /// The district as all parts know it.
    pub fn district(&self, demo: bool) -> District {
        District {
            name_zh: self.district.name_zh.clone(),
            name_en: self.district.name_en.clone(),
            time_zone: self.district.time_zone.clone(),
            demo,
        }
    }

    /// Where the ledger keeps its files.
    pub fn ledger_place(&self) -> LedgerPlace {
        let usual = LedgerPlace::in_data_dir(&self.data.dir, &self.ledger.origin);
        let lock = self.ledger.lock_dir.clone().unwrap_or(usual.lock);
        let place = LedgerPlace::new(usual.tiles, lock, &self.ledger.origin);
        LedgerPlace { key: self.ledger.key_file.clone().unwrap_or(place.key), ..place }
    }
}

/// Takes our variables out of the process environment.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with(settings::ENVIRONMENT_PREFIX)).collect()
}

/// The file to read: the flag's, else the environment's, else `hutong.toml` where there is one.
pub fn file_to_read(flag: Option<&Path>, environment: &BTreeMap<String, String>) -> Option<PathBuf> {
    let named =
        flag.map(Path::to_path_buf).or_else(|| environment.get(settings::FILE_VARIABLE).map(PathBuf::from));
    named.or_else(|| {
        let usual = PathBuf::from("hutong.toml");
        matches!(usual.try_exists(), Ok(true)).then_some(usual)
    })
}
