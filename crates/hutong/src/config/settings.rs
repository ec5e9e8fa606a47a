//! The list of all settings.
//!
//! One entry gives the key in the file, the environment variable, the JSON schema, `config show` and the
//! check of what was written. A setting that is not here does not exist.

/// What may stand as a setting's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// A path of a file or folder.
    Path,
    /// `true` or `false`.
    Switch,
    /// A whole number within bounds, both inclusive.
    Integer {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// An address with a port, e.g. `127.0.0.1:8080`.
    SocketAddress,
    /// A time zone of the IANA list, e.g. `Asia/Shanghai`.
    TimeZone,
    /// One of a few words.
    OneOf(&'static [&'static str]),
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// `table.key` in the file.
    pub key: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// What holds when nobody sets it; `None` where it is derived or simply absent.
    pub default: Option<&'static str>,
    /// What it does, in one sentence. Texts for other languages are filed under `setting-…`.
    pub help: &'static str,
}

impl Setting {
    /// The environment variable, e.g. `HUTONG_SERVER_LISTEN`.
    pub fn environment(&self) -> String {
        format!("{ENVIRONMENT_PREFIX}{}", self.key.replace('.', "_").to_ascii_uppercase())
    }
}

/// Every environment variable of ours begins with this.
pub const ENVIRONMENT_PREFIX: &str = "HUTONG_";

/// Names the configuration file; not a setting, because a file cannot say where it lies.
pub const FILE_VARIABLE: &str = "HUTONG_CONFIG";

const MEBIBYTE: i64 = 1_048_576;

/// All settings, in the order in which `config show` prints them.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "language",
        kind: Kind::OneOf(&["zh-CN", "en"]),
        default: Some("zh-CN"),
        help: "Language of the command line, and of pages for visitors whose browser asks for neither.",
    },
    Setting {
        key: "district.name_zh",
        kind: Kind::Text,
        default: Some("槐安区"),
        help: "Official Chinese name of the district.",
    },
    Setting {
        key: "district.name_en",
        kind: Kind::Text,
        default: Some("Huai'an District"),
        help: "English name of the district.",
    },
    Setting {
        key: "district.time_zone",
        kind: Kind::TimeZone,
        default: Some("Asia/Shanghai"),
        help: "Time zone in which the district's days begin and end, whatever the machine is set to.",
    },
    Setting {
        key: "server.listen",
        kind: Kind::SocketAddress,
        default: Some("127.0.0.1:8080"),
        help: "Address and port that the server listens on; port 0 takes a free one.",
    },
    Setting {
        key: "server.request_seconds_max",
        kind: Kind::Integer { min: 1, max: 600 },
        default: Some("60"),
        help: "Seconds after which a request without an answer is given up.",
    },
    Setting {
        key: "server.drain_seconds_max",
        kind: Kind::Integer { min: 0, max: 600 },
        default: Some("10"),
        help: "Seconds that running requests are given to end when the server is told to stop.",
    },
    Setting {
        key: "server.form_bytes_max",
        kind: Kind::Integer { min: 4_096, max: 16 * MEBIBYTE },
        default: Some("1048576"),
        help: "Largest body of a request that is not an upload, in bytes.",
    },
    Setting {
        key: "data.dir",
        kind: Kind::Path,
        default: Some("hutong-data"),
        help: "Folder that holds the store, the files and the ledger's tiles.",
    },
    Setting {
        key: "ledger.origin",
        kind: Kind::Text,
        default: Some("hutong.invalid/huaian"),
        help: "Name of the ledger in its checkpoints: a host name that you own and a path. Never change it later.",
    },
    Setting {
        key: "ledger.lock_dir",
        kind: Kind::Path,
        default: None,
        help: "Folder of the ledger's head, best on another device than data.dir; without it, `ledger-lock` in data.dir.",
    },
    Setting {
        key: "ledger.key_file",
        kind: Kind::Path,
        default: None,
        help: "File of the ledger's private key; without it, `signing.key` in ledger.lock_dir.",
    },
    Setting {
        key: "uploads.document_bytes_max",
        kind: Kind::Integer { min: 1_024, max: 512 * MEBIBYTE },
        default: Some("33554432"),
        help: "Largest plan document, in bytes.",
    },
    Setting {
        key: "uploads.evidence_bytes_max",
        kind: Kind::Integer { min: 1_024, max: 512 * MEBIBYTE },
        default: Some("20971520"),
        help: "Largest evidence file, in bytes.",
    },
    Setting {
        key: "sessions.idle_minutes_max",
        kind: Kind::Integer { min: 1, max: 1_440 },
        default: Some("60"),
        help: "Minutes without a request after which a person must sign in again.",
    },
    Setting {
        key: "sessions.hours_max",
        kind: Kind::Integer { min: 1, max: 168 },
        default: Some("12"),
        help: "Hours after which a person must sign in again, busy or not.",
    },
    Setting {
        key: "sessions.secure_cookies",
        kind: Kind::Switch,
        default: Some("false"),
        help: "Send cookies over https only; set it to true behind a proxy that speaks https.",
    },
    Setting {
        key: "log.format",
        kind: Kind::OneOf(&["text", "json"]),
        default: Some("text"),
        help: "Form of the log lines on standard error.",
    },
    Setting {
        key: "log.level",
        kind: Kind::OneOf(&["error", "warn", "info", "debug"]),
        default: Some("info"),
        help: "Least important log lines that are still written.",
    },
];

/// The setting with this key.
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The known key that is nearest to `key`, if one is near enough to be meant.
pub fn nearest<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, best) = known.map(|it| (edits(key, it), it)).min()?;
    // A third of the letters may differ; beyond that a suggestion misleads.
    (distance * 3 <= key.chars().count().max(3)).then_some(best)
}

/// Levenshtein's distance: how many letters must be changed, added or removed.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str) -> Option<&'static str> {
        nearest(key, SETTINGS.iter().map(|it| it.key))
    }

    #[test]
    fn a_slip_of_the_finger_finds_its_key() {
        assert_eq!(check("server.lisen"), Some("server.listen"));
        assert_eq!(check("distrcit.name_zh"), Some("district.name_zh"));
        assert_eq!(check("datadir"), Some("data.dir"));
    }

    #[test]
    fn a_word_far_from_all_keys_gets_no_suggestion() {
        assert_eq!(check("kafka.brokers"), None);
    }

    #[test]
    fn every_key_is_listed_once() {
        for setting in SETTINGS {
            assert_eq!(SETTINGS.iter().filter(|it| it.key == setting.key).count(), 1, "{}", setting.key);
        }
    }
}
