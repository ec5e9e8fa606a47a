//! Handing a document in, and deciding on what was found in it.

use hutong_kernel::{Action, DocumentId, FindingId, Id, ReadingId};
use hutong_store::{Page, Query, Sha256, StoreError, Stored, Version};

use super::{Plans, ServiceError};
use crate::decide_finding::{Decision, FindingRefusal, add_finding, decide_finding, next_order};
use crate::document::{self, ReadError};
use crate::extract;
use crate::read_findings::{outline, read_findings, tables};
use crate::reading::{Content, Finding, FindingState, PlanDocument, Reading, ReadingState};
use crate::source::Place;

/// A reading with everything that a review page needs.
#[derive(Debug, Clone)]
pub struct ReadingView {
    /// The reading.
    pub reading: Stored<Reading>,
    /// The document.
    pub document: Stored<PlanDocument>,
    /// Its plain text; places count its characters.
    pub text: String,
    /// All findings in their order.
    pub findings: Vec<Stored<Finding>>,
}

impl Plans<'_> {
    /// Keeps a document, reads it and keeps what was found. The same file again leads to its open reading.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read; nothing is kept then.
    pub async fn receive_document(
        &self,
        file_name: &str,
        bytes: Vec<u8>,
        reason: &str,
    ) -> Result<Stored<Reading>, ServiceError> {
        self.may(Action::ImportDocument)?;
        let sha256 = Sha256::of(&bytes);
        if let Some(reading) = self.open_reading_of(&sha256).await? {
            return Ok(reading);
        }
        // Reading a long document takes hundreds of milliseconds of pure work: not on the server's own threads.
        let (name, copy) = (file_name.to_owned(), bytes.clone());
        let read = tokio::task::spawn_blocking(move || {
            let document = document::read(&name, &copy)?;
            let found = extract::extract(&document);
            Ok::<_, ReadError>((document, found))
        });
        let (text, found) = read.await.map_err(|error| StoreError::fault("reading a document", error))??;

        let file = self.store.put_file(bytes).await?;
        let text_file = self.store.put_file(text.text.clone().into_bytes()).await?;
        let mut change = self.begin(reason);
        let document = PlanDocument {
            id: change.new_id::<DocumentId>(),
            file_name: file_name.chars().take(255).collect(),
            format: text.format.as_str().to_owned(),
            bytes: file.len,
            sha256: file.sha256.to_string(),
            text_sha256: text_file.sha256.to_string(),
            characters: u32::try_from(text.text.chars().count()).unwrap_or(u32::MAX),
            lines: u32::try_from(text.lines.len()).unwrap_or(u32::MAX),
            warnings: text.warnings.clone(),
            received_on: self.ctx.today,
        };
        let id = change.new_id::<ReadingId>();
        let findings = read_findings(&found, document.id, id, &mut || change.new_id::<FindingId>().uuid());
        let reading = Reading {
            id,
            document: document.id,
            title: found
                .meta
                .title
                .as_ref()
                .map_or_else(|| document.file_name.clone(), |it| it.value.clone()),
            outline: outline(&found),
            tables: tables(&found),
            findings: u32::try_from(findings.len()).unwrap_or(u32::MAX),
            state: ReadingState::Open,
            read_on: self.ctx.today,
        };
        change.create(&document);
        change.create(&reading);
        for finding in &findings {
            change.create(finding);
        }
        self.commit(change).await
    }

    async fn open_reading_of(&self, sha256: &Sha256) -> Result<Option<Stored<Reading>>, ServiceError> {
        let known = self.store.all::<PlanDocument>(Query::new("by_sha256").equal(sha256.to_string())).await?;
        if known.is_empty() {
            return Ok(None);
        }
        let open = self.store.all::<Reading>(Query::new("by_state").equal("open")).await?;
        Ok(open.into_iter().find(|reading| known.iter().any(|document| document.id == reading.document)))
    }

    /// Readings, the newest first; of one state, or all.
    ///
    /// # Errors
    /// Denied, or the store's.
    pub async fn readings(
        &self,
        state: Option<&str>,
        after: Option<hutong_store::Cursor>,
        limit: usize,
    ) -> Result<Page<Reading>, ServiceError> {
        self.may(Action::ReviewFindings)?;
        let query = match state {
            Some(state) => Query::new("by_state").equal(state),
            None => Query::new("by_day"),
        };
        Ok(self.store.list(query.descending().after(after).limit(limit)).await?)
    }

    /// One reading with its text and findings.
    ///
    /// # Errors
    /// [`FindingRefusal::NoReading`].
    pub async fn reading(&self, id: ReadingId) -> Result<ReadingView, ServiceError> {
        self.may(Action::ReviewFindings)?;
        let reading = self.store.get::<Reading>(id).await?.ok_or(FindingRefusal::NoReading)?;
        let document =
            self.store.get::<PlanDocument>(reading.document).await?.ok_or(FindingRefusal::NoReading)?;
        let text = self.file_text(&document.text_sha256).await?;
        let findings = self.findings(id).await?;
        Ok(ReadingView { reading, document, text, findings })
    }

    pub(super) async fn findings(&self, reading: ReadingId) -> Result<Vec<Stored<Finding>>, ServiceError> {
        Ok(self.store.all::<Finding>(Query::new("by_reading").equal(reading)).await?)
    }

    async fn file_text(&self, sha256: &str) -> Result<String, ServiceError> {
        let sha256: Sha256 = sha256.parse().map_err(|error| StoreError::fault("naming a file", error))?;
        let bytes = self.store.read_file(&sha256).await?;
        Ok(String::from_utf8(bytes).map_err(|error| StoreError::fault("reading a text", error))?)
    }

    /// Decides on a finding; `expected` is the version that the person saw.
    ///
    /// # Errors
    /// [`FindingRefusal`], or a conflict when somebody else decided meanwhile.
    pub async fn decide_finding(
        &self,
        id: FindingId,
        expected: Option<Version>,
        decision: FindingDecision,
        reason: &str,
    ) -> Result<Stored<Finding>, ServiceError> {
        self.may(Action::ReviewFindings)?;
        let finding = self.store.get::<Finding>(id).await?.ok_or(FindingRefusal::NotFound)?;
        let reading = self.store.get::<Reading>(finding.reading).await?.ok_or(FindingRefusal::NoReading)?;
        let mut change = self.begin(reason);
        let mut versions = vec![(id, expected.unwrap_or(finding.version))];
        let mut next = 0;
        let decision = match decision {
            FindingDecision::Accept { reading } => Decision::Accept { reading },
            FindingDecision::Correct { content } => Decision::Correct { content },
            FindingDecision::Reject { reason } => Decision::Reject { reason },
            FindingDecision::Reopen => Decision::Reopen,
            FindingDecision::Split { parts } => {
                let all: Vec<Finding> =
                    self.findings(finding.reading).await?.into_iter().map(|it| it.record).collect();
                next = next_order(finding.reading, &all);
                Decision::Split { parts: parts.into_iter().map(|part| (change.new_id(), part)).collect() }
            }
            FindingDecision::Merge { others, content } => {
                let mut loaded = Vec::new();
                for other in others {
                    let other = self.store.get::<Finding>(other).await?.ok_or(FindingRefusal::NotFound)?;
                    versions.push((other.id, other.version));
                    loaded.push(other.record);
                }
                Decision::Merge { others: loaded, content }
            }
        };
        let decided = decide_finding(&reading, &finding, decision, next)?;
        for changed in &decided.changed {
            let version =
                versions.iter().find(|(id, _)| *id == changed.id).map_or(finding.version, |(_, it)| *it);
            change.update(version, changed);
        }
        for made in &decided.made {
            change.create(made);
        }
        self.commit(change).await
    }

    /// Accepts, in one step, all open findings (of one kind, or all) that the reader is at least so sure of and that
    /// can be read in one way only. Says how many.
    ///
    /// # Errors
    /// Denied, closed reading, or the store's.
    pub async fn accept_confident(
        &self,
        reading: ReadingId,
        kind: Option<&str>,
        confidence_bp: u16,
        reason: &str,
    ) -> Result<usize, ServiceError> {
        self.may(Action::ReviewFindings)?;
        let reading = self.store.get::<Reading>(reading).await?.ok_or(FindingRefusal::NoReading)?;
        let mut change = self.begin(reason);
        let mut accepted = 0;
        for finding in self.findings(reading.id).await? {
            let fits = finding.state == FindingState::Open
                && confidence_bp <= finding.confidence_bp
                && kind.is_none_or(|kind| finding.content().kind() == kind)
                && !is_secondary(finding.content());
            if !fits {
                continue;
            }
            if let Ok(decided) = decide_finding(&reading, &finding, Decision::Accept { reading: None }, 0) {
                for changed in &decided.changed {
                    change.update(finding.version, changed);
                    accepted += 1;
                }
            }
        }
        if 0 < accepted {
            change.commit().await?;
        }
        Ok(accepted)
    }

    /// Adds what the reader missed.
    ///
    /// # Errors
    /// [`FindingRefusal`].
    pub async fn add_finding(
        &self,
        reading: ReadingId,
        content: Content,
        place: Option<Place>,
        reason: &str,
    ) -> Result<Stored<Finding>, ServiceError> {
        let view = self.reading(reading).await?;
        let all: Vec<Finding> = view.findings.into_iter().map(|it| it.record).collect();
        let mut change = self.begin(reason);
        let order = next_order(reading, &all);
        let finding = add_finding(&view.reading, change.new_id(), order, content, place, &view.text)?;
        change.create(&finding);
        self.commit(change).await
    }

    /// Puts a reading aside. The document stays.
    ///
    /// # Errors
    /// [`FindingRefusal::ReadingClosed`].
    pub async fn discard_reading(
        &self,
        id: ReadingId,
        reason: &str,
    ) -> Result<Stored<Reading>, ServiceError> {
        self.may(Action::ReviewFindings)?;
        let reading = self.store.get::<Reading>(id).await?.ok_or(FindingRefusal::NoReading)?;
        if reading.state != ReadingState::Open {
            return Err(FindingRefusal::ReadingClosed { state: reading.state.name().to_owned() }.into());
        }
        let mut change = self.begin(reason);
        change.update(reading.version, &Reading { state: ReadingState::Discarded, ..reading.record });
        self.commit(change).await
    }
}

fn is_secondary(content: &Content) -> bool {
    match content {
        Content::Task { task } => task.secondary,
        Content::Target { target } => target.secondary,
        _ => false,
    }
}

/// What a person decides, before the findings it speaks of are loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingDecision {
    /// Right as found; `reading` picks one of several readings of a target, from 0.
    Accept {
        /// Which reading.
        reading: Option<usize>,
    },
    /// Right with this content.
    Correct {
        /// The content.
        content: Content,
    },
    /// Not a finding.
    Reject {
        /// Why.
        reason: Option<String>,
    },
    /// Nobody has decided.
    Reopen,
    /// Is several things.
    Split {
        /// Each of them.
        parts: Vec<Content>,
    },
    /// Is one thing with these others.
    Merge {
        /// The others.
        others: Vec<FindingId>,
        /// What they are together.
        content: Content,
    },
}
