//! Reads and checks the three sources of settings.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use thiserror::Error;
use toml::de::{DeTable, DeValue};

use super::Config;
use super::settings::{FILE_VARIABLE, Kind, SETTINGS, Setting, nearest, setting};

/// Largest configuration file. Unit: bytes.
const FILE_BYTES_MAX: u64 = 1_048_576;

/// A checked value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, path, address, zone or word.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// On or off.
    Switch(bool),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Switch(on) => write!(f, "{on}"),
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        name: String,
    },
    /// A flag of the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment { name } => f.write_str(name),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The value.
    pub value: Value,
    /// Who set it.
    pub origin: Origin,
}

/// The three sources.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file, where there is one.
    pub file: Option<PathBuf>,
    /// Our environment variables.
    pub environment: BTreeMap<String, String>,
    /// Flags as `(key, value)`.
    pub flags: Vec<(String, String)>,
}

/// One thing that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub origin: Origin,
    /// The key as written.
    pub key: String,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// There is no such setting.
    Unknown {
        /// The key that was probably meant.
        nearest: Option<String>,
    },
    /// The value is not what the setting takes.
    Value {
        /// What was given.
        given: String,
        /// What is expected.
        expected: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        match &self.what {
            What::Unknown { nearest: Some(nearest) } => {
                write!(f, "unknown setting {}, did you mean {nearest}?", self.key)
            }
            What::Unknown { nearest: None } => write!(f, "unknown setting {}", self.key),
            What::Value { given, expected } => write!(f, "{} is {given:?}, expected {expected}", self.key),
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read configuration file {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path}:{line}: {message}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// Settings are wrong; all of them are listed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
}

/// Reads the sources; the later wins: file, environment, flags.
///
/// # Errors
/// [`ConfigError`] with all problems at once.
pub fn load(sources: &Sources) -> Result<(Config, BTreeMap<&'static str, Resolved>), ConfigError> {
    let mut given: Vec<(String, Given, Origin)> = Vec::new();
    if let Some(path) = &sources.file {
        read_file(path, &mut given)?;
    }
    for (name, value) in &sources.environment {
        if name == FILE_VARIABLE {
            continue;
        }
        let known = SETTINGS.iter().find(|it| it.environment() == *name);
        let key = known.map_or_else(|| name.clone(), |it| it.key.to_owned());
        given.push((key, Given::Words(value.clone()), Origin::Environment { name: name.clone() }));
    }
    for (key, value) in &sources.flags {
        given.push((key.clone(), Given::Words(value.clone()), Origin::Flag));
    }

    let mut values = BTreeMap::new();
    for setting in SETTINGS {
        if let Some(default) = setting.default
            && let Ok(value) = check(setting, &Given::Words(default.to_owned()))
        {
            values.insert(setting.key, Resolved { value, origin: Origin::Default });
        }
    }
    let mut problems = Vec::new();
    for (key, value, origin) in given {
        let what = match setting(&key) {
            None => What::Unknown { nearest: suggestion(&key, &origin) },
            Some(setting) => match check(setting, &value) {
                Ok(value) => {
                    values.insert(setting.key, Resolved { value, origin });
                    continue;
                }
                Err(expected) => What::Value { given: value.to_string(), expected },
            },
        };
        problems.push(Problem { origin, key, what });
    }
    if !problems.is_empty() {
        return Err(ConfigError::Problems(problems));
    }
    Ok((Config::from_values(&values), values))
}

/// The key, or the variable, that was probably meant.
fn suggestion(key: &str, origin: &Origin) -> Option<String> {
    if let Origin::Environment { .. } = origin {
        let names: Vec<String> = SETTINGS.iter().map(Setting::environment).collect();
        return nearest(key, names.iter().map(String::as_str)).map(str::to_owned);
    }
    nearest(key, SETTINGS.iter().map(|it| it.key)).map(str::to_owned)
}

/// A value as a source gives it.
enum Given {
    /// Words from the environment or a flag: the setting says what they mean.
    Words(String),
    /// A TOML string: never taken for a number.
    Text(String),
    Integer(i64),
    Switch(bool),
    /// Anything else that TOML knows.
    Other(String),
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(text) | Self::Text(text) | Self::Other(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Switch(on) => write!(f, "{on}"),
        }
    }
}

/// Checks one value; the error says what was expected.
fn check(setting: &Setting, given: &Given) -> Result<Value, String> {
    let expected = describe(setting.kind);
    let text = match given {
        Given::Words(text) | Given::Text(text) => Some(text.as_str()),
        Given::Integer(_) | Given::Switch(_) | Given::Other(_) => None,
    };
    let value = match setting.kind {
        Kind::Text | Kind::Path => {
            text.filter(|it| !it.trim().is_empty()).map(|it| Value::Text(it.to_owned()))
        }
        Kind::Switch => match given {
            Given::Switch(on) => Some(Value::Switch(*on)),
            Given::Words(words) => words.parse().ok().map(Value::Switch),
            _ => None,
        },
        Kind::Integer { min, max } => {
            let number = match given {
                Given::Integer(number) => Some(*number),
                Given::Words(words) => words.parse().ok(),
                _ => None,
            };
            number.filter(|it| min <= *it && *it <= max).map(Value::Integer)
        }
        Kind::SocketAddress => {
            text.filter(|it| it.parse::<SocketAddr>().is_ok()).map(|it| Value::Text(it.to_owned()))
        }
        Kind::TimeZone => text.filter(|it| TimeZone::get(it).is_ok()).map(|it| Value::Text(it.to_owned())),
        Kind::OneOf(words) => text.filter(|it| words.contains(it)).map(|it| Value::Text(it.to_owned())),
    };
    value.ok_or(expected)
}

/// What a kind of setting takes, in words.
fn describe(kind: Kind) -> String {
    match kind {
        Kind::Text => "a text that is not empty".to_owned(),
        Kind::Path => "a path".to_owned(),
        Kind::Switch => "true or false".to_owned(),
        Kind::Integer { min, max } => format!("a whole number from {min} to {max}"),
        Kind::SocketAddress => "an address with a port, such as 127.0.0.1:8080".to_owned(),
        Kind::TimeZone => "a time zone of the IANA list, such as Asia/Shanghai".to_owned(),
        Kind::OneOf(words) => format!("one of {}", words.join(", ")),
    }
}

fn read_file(path: &Path, given: &mut Vec<(String, Given, Origin)>) -> Result<(), ConfigError> {
    let read = || {
        let length = std::fs::metadata(path)?.len();
        if FILE_BYTES_MAX < length {
            return Err(std::io::Error::other(format!("{length} bytes, at most {FILE_BYTES_MAX} are read")));
        }
        std::fs::read_to_string(path)
    };
    let text = read().map_err(|source| ConfigError::Read { path: path.to_path_buf(), source })?;
    let line_of =
        |offset: usize| text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1;
    let table = DeTable::parse(&text).map_err(|error| ConfigError::Syntax {
        path: path.to_path_buf(),
        line: error.span().map_or(1, |span| line_of(span.start)),
        message: error.message().to_owned(),
    })?;
    flatten(table.get_ref(), "", &mut |key, value, offset| {
        given.push((key, value, Origin::File { path: path.to_path_buf(), line: line_of(offset) }));
    });
    Ok(())
}

/// Turns nested tables into `table.key`.
fn flatten(table: &DeTable<'_>, prefix: &str, take: &mut dyn FnMut(String, Given, usize)) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        let offset = name.span().start;
        match value.get_ref() {
            DeValue::Table(inner) if SETTINGS.iter().any(|it| it.key.starts_with(&format!("{key}."))) => {
                flatten(inner, &format!("{key}."), take);
            }
            DeValue::String(text) => take(key, Given::Text(text.to_string()), offset),
            DeValue::Boolean(on) => take(key, Given::Switch(*on), offset),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => take(key, Given::Integer(number), offset),
                Err(_) => take(key, Given::Other(number.to_string()), offset),
            },
            DeValue::Float(number) => take(key, Given::Other(number.to_string()), offset),
            DeValue::Datetime(moment) => take(key, Given::Other(moment.to_string()), offset),
            DeValue::Array(_) => take(key, Given::Other("a list".to_owned()), offset),
            DeValue::Table(inner) => {
                // An unknown table is reported by each of its keys, so that a misspelt table name shows.
                if inner.is_empty() {
                    take(key, Given::Other("a table".to_owned()), offset);
                } else {
                    flatten(inner, &format!("{key}."), take);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Loads a file, an environment and flags; the settings that are not defaults, or what is wrong.
    fn check_load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
        let mut path = std::env::temp_dir();
        path.push(format!("hutong-config-{}-{:?}.toml", std::process::id(), std::thread::current().id()));
        std::fs::File::create(&path).unwrap().write_all(file.as_bytes()).unwrap();
        let own = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>()
        };
        let sources = Sources {
            file: Some(path.clone()),
            environment: own(environment).into_iter().collect(),
            flags: own(flags),
        };
        let text = match load(&sources) {
            Ok((_, values)) => values
                .iter()
                .filter(|(_, it)| it.origin != Origin::Default)
                .map(|(key, it)| format!("{key} = {} ({})", it.value, it.origin))
                .collect::<Vec<_>>()
                .join("\n"),
            Err(error) => error.to_string(),
        };
        std::fs::remove_file(&path).unwrap();
        text.replace(&path.display().to_string(), "hutong.toml")
    }

    #[test]
    fn the_file_yields_to_the_environment_and_both_to_a_flag() {
        let file = "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nformat = \"json\"\n[data]\ndir = \"a\"\n";
        let environment = [("HUTONG_SERVER_LISTEN", "127.0.0.1:2"), ("HUTONG_DATA_DIR", "b")];
        insta::assert_snapshot!(check_load(file, &environment, &[("data.dir", "c")]), @r"
        data.dir = c (flag)
        log.format = json (hutong.toml:4)
        server.listen = 127.0.0.1:2 (HUTONG_SERVER_LISTEN)
        ");
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line_and_the_nearest_key() {
        let file = "[server]\nlisten = \"127.0.0.1:1\"\nlisen = 3\n\n[destrict]\nname_zh = \"甲区\"\n[kafka]\nbrokers = []\n";
        insta::assert_snapshot!(check_load(file, &[("HUTONG_DATA_DIRR", "x")], &[("lagn", "en")]), @r"
        hutong.toml:6: unknown setting destrict.name_zh, did you mean district.name_zh?
        hutong.toml:8: unknown setting kafka.brokers
        hutong.toml:3: unknown setting server.lisen, did you mean server.listen?
        HUTONG_DATA_DIRR: unknown setting HUTONG_DATA_DIRR, did you mean HUTONG_DATA_DIR?
        flag: unknown setting lagn
        ");
    }

    #[test]
    fn a_value_of_the_wrong_kind_says_what_is_expected() {
        let file = "language = \"fr\"\n[server]\nrequest_seconds_max = 0\ndrain_seconds_max = \"10\"\n[district]\ntime_zone = \"Asia/Nowhere\"\n";
        insta::assert_snapshot!(check_load(file, &[("HUTONG_SESSIONS_SECURE_COOKIES", "perhaps")], &[]), @r#"
        hutong.toml:6: district.time_zone is "Asia/Nowhere", expected a time zone of the IANA list, such as Asia/Shanghai
        hutong.toml:1: language is "fr", expected one of zh-CN, en
        hutong.toml:4: server.drain_seconds_max is "10", expected a whole number from 0 to 600
        hutong.toml:3: server.request_seconds_max is "0", expected a whole number from 1 to 600
        HUTONG_SESSIONS_SECURE_COOKIES: sessions.secure_cookies is "perhaps", expected true or false
        "#);
    }

    #[test]
    fn broken_toml_names_the_line() {
        insta::assert_snapshot!(check_load("[server]\nlisten = \n", &[], &[]), @"hutong.toml:2: string values must be quoted, expected literal string");
    }

    #[test]
    fn every_default_is_a_value_that_its_setting_takes() {
        for setting in SETTINGS {
            if let Some(default) = setting.default {
                assert!(check(setting, &Given::Words(default.to_owned())).is_ok(), "{}", setting.key);
            }
        }
    }
}
