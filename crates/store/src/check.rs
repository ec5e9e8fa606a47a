//! Examining a store: is everything that it says still true?

use serde::Serialize;
use uuid::Uuid;

use crate::engine::{Progress, ProgressFn};
use crate::entry::{RawEntry, commitment};
use crate::limits::FEED_MAX;
use crate::{Store, StoreError, canonical};

/// Findings beyond this number are counted but not listed.
pub const FINDINGS_MAX: usize = 1_000;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The database file itself is damaged.
    Damaged {
        /// What the engine said.
        detail: String,
    },
    /// A table, index or column that does not belong here, or one that is missing.
    Schema {
        /// Which, and how.
        detail: String,
    },
    /// The journal has a gap or does not begin at 1.
    Gap {
        /// The number that was expected.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// A journal entry's text cannot be read or is not canonical.
    Unreadable {
        /// Its number.
        seq: u64,
        /// What is wrong.
        detail: String,
    },
    /// A journal entry's commitment is not that of its text.
    Commitment {
        /// Its number.
        seq: u64,
    },
    /// An entry does not follow from the one before of the same record: its version or its link is wrong.
    Chain {
        /// Its number.
        seq: u64,
        /// What is wrong.
        detail: String,
    },
    /// A record differs from its newest journal entry, or has none.
    Record {
        /// Kind of the record.
        kind: String,
        /// The record.
        id: Uuid,
        /// What is wrong.
        detail: String,
    },
    /// A kept file's bytes are not those of its name.
    File {
        /// Its hash.
        sha256: String,
        /// What is wrong.
        detail: String,
    },
}

impl Finding {
    /// Stable identifier; see `crates/store/messages`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "store.finding.damaged",
            Self::Schema { .. } => "store.finding.schema",
            Self::Gap { .. } => "store.finding.gap",
            Self::Unreadable { .. } => "store.finding.unreadable",
            Self::Commitment { .. } => "store.finding.commitment",
            Self::Chain { .. } => "store.finding.chain",
            Self::Record { .. } => "store.finding.record",
            Self::File { .. } => "store.finding.file",
        }
    }

    /// The codes of all findings, sorted.
    pub fn codes() -> &'static [&'static str] {
        &[
            "store.finding.chain",
            "store.finding.commitment",
            "store.finding.damaged",
            "store.finding.file",
            "store.finding.gap",
            "store.finding.record",
            "store.finding.schema",
            "store.finding.unreadable",
        ]
    }

    /// Values for the text, by name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Damaged { detail } | Self::Schema { detail } => vec![("detail", detail.clone())],
            Self::Gap { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
            Self::Unreadable { seq, detail } | Self::Chain { seq, detail } => {
                vec![("seq", seq.to_string()), ("detail", detail.clone())]
            }
            Self::Commitment { seq } => vec![("seq", seq.to_string())],
            Self::Record { kind, id, detail } => {
                vec![("kind", kind.clone()), ("id", id.to_string()), ("detail", detail.clone())]
            }
            Self::File { sha256, detail } => vec![("file", sha256.clone()), ("detail", detail.clone())],
        }
    }
}

impl Store {
    /// Examines everything: the database, the journal from its first entry, every commitment, every record
    /// against its newest entry, every declared field, every file. Reads all data once; writing may go on.
    ///
    /// # Errors
    /// Only what keeps the examination from going on; what is wrong with the data are findings.
    pub async fn check(&self, progress: ProgressFn<'_>) -> Result<Vec<Finding>, StoreError> {
        progress(Progress { step: "database", done: 0, total: 1 });
        let mut findings = self.engine().integrity().await?;
        progress(Progress { step: "database", done: 1, total: 1 });
        self.check_journal(&mut findings, progress).await?;
        self.check_records(&mut findings, progress).await?;
        self.check_files(&mut findings, progress).await?;
        findings.truncate(FINDINGS_MAX);
        Ok(findings)
    }

    async fn check_journal(
        &self,
        findings: &mut Vec<Finding>,
        progress: ProgressFn<'_>,
    ) -> Result<(), StoreError> {
        let total = *self.head().borrow();
        let mut after = 0;
        while after < total {
            let entries = self.engine().feed(after, FEED_MAX / 10).await?;
            let Some(last) = entries.last().map(|entry| entry.seq) else {
                findings.push(Finding::Gap { expected: after + 1, found: total });
                break;
            };
            for entry in entries {
                if entry.seq != after + 1 {
                    findings.push(Finding::Gap { expected: after + 1, found: entry.seq });
                }
                after = entry.seq;
                self.check_entry(entry, findings).await?;
            }
            after = last;
            progress(Progress { step: "journal", done: after.min(total), total });
        }
        Ok(())
    }

    async fn check_entry(&self, raw: RawEntry, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        let seq = raw.seq;
        if commitment(&raw.salt, &raw.canonical) != raw.commitment {
            findings.push(Finding::Commitment { seq });
        }
        let unreadable = |detail: String| Finding::Unreadable { seq, detail };
        match canonical::parse_unbounded(&raw.canonical)
            .and_then(|value| canonical::to_text_unbounded(&value))
        {
            Ok(text) if text == raw.canonical => {}
            Ok(_) => findings.push(unreadable("its text is not canonical".to_owned())),
            Err(error) => findings.push(unreadable(error.to_string())),
        }
        let entry = match raw.read() {
            Ok(entry) => entry,
            Err(error) => {
                findings.push(unreadable(error.to_string()));
                return Ok(());
            }
        };
        let chain = |detail: &str| Finding::Chain { seq, detail: detail.to_owned() };
        let indexed = self.engine().entry_of(entry.kind.clone(), entry.id, entry.version.0).await?;
        if indexed.is_none_or(|found| found.seq != seq) {
            findings.push(chain("it is not found under its record and version"));
        }
        let before = match entry.version.0.checked_sub(1) {
            None => {
                findings.push(chain("its version is 0"));
                return Ok(());
            }
            Some(0) => None,
            Some(before) => self.engine().entry_of(entry.kind.clone(), entry.id, before).await?,
        };
        if before.is_none() && 1 < entry.version.0 {
            findings.push(chain("the version before it is missing"));
        }
        if before.as_ref().is_some_and(|before| seq <= before.seq) {
            findings.push(chain("the version before it comes later"));
        }
        if before.map(|before| before.commitment) != entry.prev_commitment {
            findings.push(chain("it does not name the commitment of the version before it"));
        }
        Ok(())
    }

    async fn check_records(
        &self,
        findings: &mut Vec<Finding>,
        progress: ProgressFn<'_>,
    ) -> Result<(), StoreError> {
        let mut done = 0;
        for spec in self.kinds() {
            let mut after = None;
            loop {
                let records = self.engine().scan(spec.clone(), after, FEED_MAX / 10).await?;
                let Some(last) = records.last() else { break };
                after = Some(last.record.id);
                for checked in records {
                    let record = checked.record;
                    let mut wrong = |detail: &str| {
                        findings.push(Finding::Record {
                            kind: spec.kind().to_owned(),
                            id: record.id,
                            detail: detail.to_owned(),
                        });
                    };
                    if !checked.columns_agree {
                        wrong("its declared fields are not those of its body");
                    }
                    let history =
                        self.engine().entry_of(spec.kind().to_owned(), record.id, record.version).await?;
                    let newer =
                        self.engine().entry_of(spec.kind().to_owned(), record.id, record.version + 1).await?;
                    match history {
                        None => wrong("the journal does not have its version"),
                        Some(entry) if entry.commitment != record.commitment => {
                            wrong("its commitment is not that of its journal entry");
                        }
                        Some(entry) => {
                            let body =
                                entry.read().ok().and_then(|entry| canonical::to_text(&entry.body).ok());
                            if body.as_ref() != Some(&record.body) {
                                wrong("its body is not that of its journal entry");
                            }
                        }
                    }
                    // Written between the two reads is no finding: then the record has moved on as well.
                    if newer.is_some()
                        && self
                            .engine()
                            .get(spec.kind(), record.id)
                            .await?
                            .is_some_and(|it| it.version == record.version)
                    {
                        wrong("the journal has a newer version");
                    }
                    done += 1;
                }
                progress(Progress { step: "records", done, total: done });
            }
        }
        Ok(())
    }

    async fn check_files(
        &self,
        findings: &mut Vec<Finding>,
        progress: ProgressFn<'_>,
    ) -> Result<(), StoreError> {
        let files = self.files().clone();
        let all = crate::store::blocking(move || files.all()).await?;
        let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
        for ((sha256, _), done) in all.into_iter().zip(1_u64..) {
            if let Err(error) = self.read_file(&sha256).await {
                findings.push(Finding::File { sha256: sha256.to_string(), detail: error.to_string() });
            }
            progress(Progress { step: "files", done, total });
        }
        Ok(())
    }
}
