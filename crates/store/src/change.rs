//! The one door through which anything changes.

use std::collections::HashMap;

use hutong_kernel::{Id, OpContext, Principal};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256 as Hasher};
use uuid::Uuid;

use crate::canonical::{self, BodyError};
use crate::engine::{Committed, Head, IdempotencyTag, PreparedChange, PreparedWrite, StoredAnswer};
use crate::entry::{EntryParts, Operation, canonical_principal, commitment};
use crate::finite;
use crate::limits::{CHANGE_RECORDS_MAX, IDEMPOTENCY_KEY_MAX, PUT_TRIES_MAX, REASON_CHARS_MAX};
use crate::record::{IndexValue, IndexValues, Record, Version};
use crate::{Receipt, Store, StoreError};

/// A change that is being put together: nothing is read or written before [`Change::commit`].
///
/// ```no_run
/// # async fn example(store: hutong_store::Store, ctx: hutong_kernel::OpContext, mut body: hutong_kernel::Organisation)
/// # -> Result<(), hutong_store::StoreError> {
/// let stored = store.get::<hutong_kernel::Organisation>(body.id).await?.expect("it exists");
/// body.name = "区财政局".to_owned();
/// let mut change = store.begin(&ctx, "renamed by order 12");
/// change.update(stored.version, &body);
/// let receipts = change.commit().await?;
/// assert_eq!(receipts[0].version, stored.version.next());
/// # Ok(()) }
/// ```
#[must_use = "a change is written by commit()"]
pub struct Change {
    store: Store,
    ctx: OpContext,
    at: Timestamp,
    reason: String,
    writes: Vec<Write>,
    minted: Vec<Uuid>,
    request: Option<[u8; 32]>,
    /// The first thing that cannot be written; told by `commit`, so that building a change cannot fail.
    refused: Option<StoreError>,
}

/// What must be there before a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Exactly(Version),
    Whatever,
}

struct Write {
    kind: &'static str,
    id: Uuid,
    before: Before,
    body: String,
    fields: IndexValues,
}

impl Change {
    pub(crate) fn new(store: Store, ctx: &OpContext, reason: String) -> Self {
        // The journal keeps microseconds, on every engine.
        let at = Timestamp::from_microsecond(ctx.now.as_microsecond()).unwrap_or(ctx.now);
        Self {
            store,
            ctx: ctx.clone(),
            at,
            reason,
            writes: Vec::new(),
            minted: Vec::new(),
            request: None,
            refused: None,
        }
    }

    /// A new identifier: UUIDv7 of the context's moment, larger than all that this process made before.
    pub fn new_id<I: Id>(&mut self) -> I {
        match self.store.mint(self.at) {
            Ok(uuid) => {
                self.minted.push(uuid);
                I::from_uuid(uuid)
            }
            Err(error) => {
                self.refused.get_or_insert(error);
                I::from_uuid(Uuid::nil())
            }
        }
    }

    /// The record is new. Refused with `store.exists` if it is not.
    pub fn create<R: Record>(&mut self, record: &R) {
        self.write(record, Before::Nothing);
    }

    /// The record is at `expected` and becomes this. Refused with `store.conflict` if it is at another
    /// version, with `store.not_found` if it does not exist.
    pub fn update<R: Record>(&mut self, expected: Version, record: &R) {
        self.write(record, Before::Exactly(expected));
    }

    /// The record becomes this, whether it exists or not and whatever its version: for jobs that compute the
    /// whole record, never for what a person edited.
    pub fn put<R: Record>(&mut self, record: &R) {
        self.write(record, Before::Whatever);
    }

    /// Names the request for the idempotency key: a digest of its method, path and body.
    ///
    /// Without it the store takes a digest of what is written, in which ids made by [`Change::new_id`] and the
    /// context's moment do not count. Give it where a repeated request would be computed from newer records.
    pub fn request_digest(&mut self, digest: [u8; 32]) {
        self.request = Some(digest);
    }

    /// Is there nothing to write?
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Records to be written.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    fn write<R: Record>(&mut self, record: &R, before: Before) {
        match prepare(&self.store, record) {
            Ok((body, fields)) => {
                self.writes.push(Write { kind: R::KIND, id: record.id().uuid(), before, body, fields });
            }
            Err(error) => {
                self.refused.get_or_insert(error);
            }
        }
    }

    /// Writes all records and their journal entries, or nothing. When it returns, they are on the disk.
    ///
    /// The receipts are in the order of the writes. A change without writes gives none and leaves no trace.
    /// If the future is dropped, the change may still be written.
    ///
    /// # Errors
    /// Everything of [`StoreError`] that concerns writing; then nothing of the change is stored.
    pub async fn commit(self) -> Result<Vec<Receipt>, StoreError> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        self.check_frame()?;
        let tag = self.tag()?;
        if let Some(tag) = &tag
            && let Some(answer) = self.store.engine().answer(tag.owner.clone(), tag.key.clone()).await?
        {
            return replay(&self.store, tag.digest, &answer).await;
        }
        if self.writes.is_empty() {
            return Ok(Vec::new());
        }
        let puts = self.writes.iter().any(|write| write.before == Before::Whatever);
        let mut tries = 0;
        loop {
            tries += 1;
            let writes = self.prepare().await?;
            let receipts: Vec<Receipt> = writes.iter().map(receipt).collect();
            let change = PreparedChange { writes, tag: tag.clone() };
            match (self.store.engine().commit(change).await, &tag) {
                (Ok(Committed::Written { first_seq }), _) => return Ok(numbered(receipts, first_seq)),
                (Ok(Committed::Known(answer)), Some(tag)) => {
                    return replay(&self.store, tag.digest, &answer).await;
                }
                (Ok(Committed::Known(_)), None) => {
                    return Err(StoreError::fault_because(
                        "the engine knows an answer to a change without a key",
                    ));
                }
                // Somebody else was quicker with a record that may have any version: look again.
                (Err(StoreError::Conflict { .. } | StoreError::Exists { .. }), _)
                    if puts && tries < PUT_TRIES_MAX => {}
                (Err(error), _) => return Err(error),
            }
        }
    }

    fn check_frame(&self) -> Result<(), StoreError> {
        if self.reason.trim().is_empty() {
            return Err(StoreError::EmptyReason);
        }
        let length = self.reason.chars().count();
        if REASON_CHARS_MAX < length {
            return Err(StoreError::ReasonTooLong { length, limit: REASON_CHARS_MAX });
        }
        if CHANGE_RECORDS_MAX < self.writes.len() {
            return Err(StoreError::ChangeTooLarge { count: self.writes.len(), limit: CHANGE_RECORDS_MAX });
        }
        Ok(())
    }

    fn tag(&self) -> Result<Option<IdempotencyTag>, StoreError> {
        let Some(key) = &self.ctx.idempotency_key else { return Ok(None) };
        check_key(key)?;
        let digest = self.request.unwrap_or_else(|| self.content_digest());
        Ok(Some(IdempotencyTag { key: key.clone(), owner: owner(&self.ctx.principal), digest, at: self.at }))
    }

    /// Digest of what is written, with what differs between two tries of the same request taken out.
    fn content_digest(&self) -> [u8; 32] {
        let moment = self.at.to_string();
        let neutral = |text: &str| {
            let mut text = text.replace(&moment, "now");
            for (number, id) in self.minted.iter().enumerate() {
                text = text.replace(&id.to_string(), &format!("new-{number}"));
            }
            text
        };
        let mut hasher = Hasher::new();
        let mut part = |text: &str| {
            hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(text.as_bytes());
        };
        part(&self.reason);
        for write in &self.writes {
            part(write.kind);
            part(&neutral(&write.id.to_string()));
            part(&format!("{:?}", write.before));
            part(&neutral(&write.body));
        }
        hasher.finalize().into()
    }

    /// Decides versions, links each entry to the one before, makes texts, salts and commitments.
    async fn prepare(&self) -> Result<Vec<PreparedWrite>, StoreError> {
        let mut heads = self.heads().await?;
        let person = self.ctx.principal.person().map(Id::uuid);
        let principal = canonical_principal(&self.ctx.principal)
            .map_err(|problem| StoreError::Body { kind: "principal".to_owned(), problem })?;
        let mut prepared = Vec::with_capacity(self.writes.len());
        for write in &self.writes {
            let head = heads.get(&(write.kind, write.id)).copied();
            let (kind, id) = (write.kind.to_owned(), write.id);
            match (write.before, head) {
                (Before::Nothing, Some(_)) => return Err(StoreError::Exists { kind, id }),
                (Before::Exactly(_), None) => return Err(StoreError::NotFound { kind, id }),
                (Before::Exactly(Version(expected)), Some(Head { version: found, .. }))
                    if expected != found =>
                {
                    return Err(StoreError::Conflict { kind, id, expected, found });
                }
                _ => {}
            }
            let version = head.map_or(Version::FIRST, |head| Version(head.version).next());
            let mut salt = [0; 32];
            getrandom::fill(&mut salt).map_err(|error| StoreError::fault("drawing a salt", error))?;
            let canonical = EntryParts {
                entry_id: self.store.mint(self.at)?,
                kind: write.kind,
                id: write.id,
                version,
                op: if head.is_none() { Operation::Create } else { Operation::Update },
                at: self.at,
                principal: &principal,
                reason: self.reason.trim(),
                request_id: &self.ctx.request_id,
                prev_commitment: head.map(|head| head.commitment),
                body: &write.body,
            }
            .canonical()
            .map_err(|problem| StoreError::Body { kind, problem })?;
            let commitment = commitment(&salt, &canonical);
            heads.insert((write.kind, write.id), Head { version: version.0, commitment });
            prepared.push(PreparedWrite {
                kind: write.kind,
                id: write.id,
                expected: head.map(|head| head.version),
                at: self.at,
                person,
                salt,
                commitment,
                canonical,
                body: write.body.clone(),
                fields: write.fields.clone(),
            });
        }
        Ok(prepared)
    }

    /// The newest versions of the records that are not said to be new.
    async fn heads(&self) -> Result<HashMap<(&'static str, Uuid), Head>, StoreError> {
        let mut keys: Vec<_> = self
            .writes
            .iter()
            .filter(|write| write.before != Before::Nothing)
            .map(|write| (write.kind, write.id))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let heads = self.store.engine().heads(keys.clone()).await?;
        Ok(keys.into_iter().zip(heads).filter_map(|(key, head)| Some((key, head?))).collect())
    }
}

/// Makes the body, and makes sure that it comes back.
fn prepare<R: Record>(store: &Store, record: &R) -> Result<(String, IndexValues), StoreError> {
    let spec = store.spec(R::KIND)?;
    let refused = |problem| StoreError::Body { kind: R::KIND.to_owned(), problem };
    let round_trip = |detail: String| refused(BodyError::RoundTrip(detail));
    finite::require(record).map_err(refused)?;
    // Through a text, and strictly: a flattened struct can write a key twice.
    let text = serde_json::to_string(record).map_err(|error| round_trip(error.to_string()))?;
    let value = canonical::parse(&text).map_err(refused)?;
    if !value.is_object() {
        return Err(refused(BodyError::Object));
    }
    let body = canonical::to_text(&value).map_err(refused)?;
    let back: R = serde_json::from_str(&body).map_err(|error| round_trip(error.to_string()))?;
    let again = serde_json::to_string(&back).map_err(|error| round_trip(error.to_string()))?;
    // Nearly always the same bytes. Where the type has no order of its own (a hash map) the values decide.
    if again != text {
        let again = canonical::parse(&again).map_err(|error| round_trip(error.to_string()))?;
        if canonical::to_text(&again).map_err(refused)? != body {
            return Err(round_trip("it reads as another value".to_owned()));
        }
    }
    if back.id() != record.id() {
        return Err(round_trip("it reads with another id".to_owned()));
    }
    let fields = ordered_fields(R::KIND, &spec.fields(), record.index_values())?;
    Ok((body, fields))
}

/// The values in the order of the declared fields, each exactly once.
pub(crate) fn ordered_fields(
    kind: &str,
    declared: &[&'static str],
    mut values: IndexValues,
) -> Result<IndexValues, StoreError> {
    let wrong = |reason: String| StoreError::Declaration { kind: kind.to_owned(), reason };
    values.sort_unstable_by_key(|(field, _)| *field);
    if !values.iter().map(|(field, _)| field).eq(declared.iter()) {
        let given: Vec<_> = values.iter().map(|(field, _)| *field).collect();
        return Err(wrong(format!("fields {declared:?} are declared, values are given for {given:?}")));
    }
    for (field, value) in &values {
        match value {
            IndexValue::Integer(integer) if *integer <= crate::sqlite::NULL_KEY => {
                return Err(wrong(format!("{field} is too small an integer")));
            }
            IndexValue::Text(text) if text.contains('\0') => {
                return Err(StoreError::Body { kind: kind.to_owned(), problem: BodyError::Nul });
            }
            _ => {}
        }
    }
    Ok(values)
}

fn check_key(key: &str) -> Result<(), StoreError> {
    let usable = !key.is_empty()
        && key.len() <= IDEMPOTENCY_KEY_MAX
        && key.bytes().all(|b| (b' '..=b'~').contains(&b));
    if usable { Ok(()) } else { Err(StoreError::IdempotencyKey { limit: IDEMPOTENCY_KEY_MAX }) }
}

/// Whose idempotency keys these are.
fn owner(principal: &Principal) -> String {
    match principal {
        Principal::Visitor => "visitor".to_owned(),
        Principal::Person { id, .. } => format!("person:{id}"),
        Principal::System { job } => format!("system:{job}"),
    }
}

fn receipt(write: &PreparedWrite) -> Receipt {
    Receipt {
        seq: 0,
        kind: write.kind.to_owned(),
        id: write.id,
        version: Version(write.version()),
        commitment: write.commitment,
        replayed: false,
    }
}

fn numbered(mut receipts: Vec<Receipt>, first_seq: u64) -> Vec<Receipt> {
    for (receipt, seq) in receipts.iter_mut().zip(first_seq..) {
        receipt.seq = seq;
    }
    receipts
}

async fn replay(store: &Store, digest: [u8; 32], answer: &StoredAnswer) -> Result<Vec<Receipt>, StoreError> {
    if answer.digest != digest {
        return Err(StoreError::IdempotencyKeyReused);
    }
    receipts_of(store, answer).await
}

async fn receipts_of(store: &Store, answer: &StoredAnswer) -> Result<Vec<Receipt>, StoreError> {
    let mut receipts = Vec::new();
    let mut after = answer.first_seq.saturating_sub(1);
    let last = after + answer.count;
    while after < last {
        let limit = usize::try_from(last - after).unwrap_or(usize::MAX);
        let entries = store.feed(after, limit).await?;
        let Some(newest) = entries.last() else { break };
        after = newest.seq;
        receipts.extend(entries.into_iter().map(|entry| Receipt {
            seq: entry.seq,
            kind: entry.kind,
            id: entry.id,
            version: entry.version,
            commitment: entry.commitment,
            replayed: true,
        }));
    }
    Ok(receipts)
}

/// The receipts of a request that was answered before, for a door that asks before it computes anything.
pub(crate) async fn replay_request(
    store: &Store,
    ctx: &OpContext,
    digest: [u8; 32],
) -> Result<Option<Vec<Receipt>>, StoreError> {
    let Some(key) = &ctx.idempotency_key else { return Ok(None) };
    check_key(key)?;
    match store.engine().answer(owner(&ctx.principal), key.clone()).await? {
        Some(answer) => replay(store, digest, &answer).await.map(Some),
        None => Ok(None),
    }
}
