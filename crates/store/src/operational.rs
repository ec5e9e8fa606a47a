//! State that is not the district's business: sessions, credentials, lock-outs, leases, positions.
//!
//! It is changed in place, outside the journal, and may be lost with nothing more than people having to sign
//! in again. The list of its tables is closed: [`TABLES`] and a test hold it.

use std::sync::Arc;

use hutong_kernel::{Id as _, PersonId};
use jiff::{SignedDuration, Timestamp};

use crate::StoreError;
use crate::engine::Engine;
use crate::limits::SESSION_DATA_MAX;

/// All tables outside the journal, sorted. Adding one is a decision, not a convenience.
pub const TABLES: &[&str] =
    &["op_answer", "op_credential", "op_failure", "op_follower", "op_lease", "op_session"];

/// Typed access to the operational state.
#[derive(Clone)]
pub struct Operational {
    engine: Arc<dyn Engine>,
}

/// Somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token in the cookie; the token itself is never stored.
    pub token_hash: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub created_at: Timestamp,
    /// Last request.
    pub seen_at: Timestamp,
    /// No longer valid from this moment on.
    pub expires_at: Timestamp,
    /// Whatever the door keeps with it, at most [`SESSION_DATA_MAX`] bytes.
    pub data: String,
}

/// What somebody's password is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Text of the password hash (argon2id), opaque here.
    pub hash: String,
    /// When it was set.
    pub changed_at: Timestamp,
    /// Must be changed at the next sign-in.
    pub must_change: bool,
}

/// When too many failures lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockRule {
    /// So many failures within the window lock.
    pub failures: u32,
    /// Failures older than this do not count.
    pub window: SignedDuration,
    /// For so long.
    pub lock: SignedDuration,
}

/// Failures of one key (a user name, an address).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// Failures since the window began.
    pub count: u32,
    /// Locked until this moment.
    pub locked_until: Option<Timestamp>,
}

impl Failures {
    /// Is it locked at this moment?
    pub fn locked_at(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

/// Who may do a job that only one may do at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Which job.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// Until when, unless renewed.
    pub until: Timestamp,
}

/// What is asked of an engine.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is documented at the function of Operational that sends it")]
pub enum OperationalCommand {
    SessionCreate(Session),
    SessionGet { token_hash: [u8; 32], now: Timestamp },
    SessionTouch { token_hash: [u8; 32], seen_at: Timestamp, expires_at: Timestamp },
    SessionDelete { token_hash: [u8; 32] },
    SessionDeleteAllOf { person: PersonId },
    SessionDeleteExpired { now: Timestamp },
    CredentialGet { person: PersonId },
    CredentialSet { person: PersonId, credential: Credential },
    CredentialDelete { person: PersonId },
    FailureAdd { key: String, now: Timestamp, rule: LockRule },
    FailureGet { key: String },
    FailureClear { key: String },
    LeaseAcquire { lease: Lease, now: Timestamp },
    LeaseRenew { lease: Lease, now: Timestamp },
    LeaseRelease { name: String, holder: String },
    LeaseGet { name: String },
    FollowerGet { name: String },
    FollowerSet { name: String, seq: u64 },
    ForgetAnswers { before: Timestamp },
}

/// What an engine answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant answers the commands that its type names")]
pub enum OperationalAnswer {
    Session(Option<Session>),
    Credential(Option<Credential>),
    Failures(Failures),
    Lease(Option<Lease>),
    Done(bool),
    Count(u64),
}

fn mismatch(answer: OperationalAnswer) -> StoreError {
    StoreError::fault_because(format!("the engine answered another question: {answer:?}"))
}

macro_rules! asked {
    ($self:ident, $variant:ident, $command:expr) => {
        match $self.engine.operational($command).await? {
            OperationalAnswer::$variant(answer) => Ok(answer),
            other => Err(mismatch(other)),
        }
    };
}

impl Operational {
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    /// Stores a new session. `false` if its token is in use already.
    ///
    /// # Errors
    /// `data` longer than [`SESSION_DATA_MAX`]; faults.
    pub async fn create_session(&self, session: Session) -> Result<bool, StoreError> {
        if SESSION_DATA_MAX < session.data.len() {
            return Err(StoreError::fault_because("session data are too long"));
        }
        asked!(self, Done, OperationalCommand::SessionCreate(session))
    }

    /// The session of a token, unless it has expired at `now`.
    ///
    /// # Errors
    /// Faults.
    pub async fn session(&self, token_hash: [u8; 32], now: Timestamp) -> Result<Option<Session>, StoreError> {
        asked!(self, Session, OperationalCommand::SessionGet { token_hash, now })
    }

    /// Notes a request and prolongs the session. `false` if it is gone.
    ///
    /// # Errors
    /// Faults.
    pub async fn touch_session(
        &self,
        token_hash: [u8; 32],
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        asked!(self, Done, OperationalCommand::SessionTouch { token_hash, seen_at, expires_at })
    }

    /// Signs out. `false` if the session was gone.
    ///
    /// # Errors
    /// Faults.
    pub async fn delete_session(&self, token_hash: [u8; 32]) -> Result<bool, StoreError> {
        asked!(self, Done, OperationalCommand::SessionDelete { token_hash })
    }

    /// Signs somebody out everywhere; how many sessions that were.
    ///
    /// # Errors
    /// Faults.
    pub async fn delete_sessions_of(&self, person: PersonId) -> Result<u64, StoreError> {
        asked!(self, Count, OperationalCommand::SessionDeleteAllOf { person })
    }

    /// Removes sessions that have expired; how many.
    ///
    /// # Errors
    /// Faults.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        asked!(self, Count, OperationalCommand::SessionDeleteExpired { now })
    }

    /// What somebody's password is checked against; `None` if none was set.
    ///
    /// # Errors
    /// Faults.
    pub async fn credential(&self, person: PersonId) -> Result<Option<Credential>, StoreError> {
        asked!(self, Credential, OperationalCommand::CredentialGet { person })
    }

    /// Sets or replaces it.
    ///
    /// # Errors
    /// Faults.
    pub async fn set_credential(&self, person: PersonId, credential: Credential) -> Result<(), StoreError> {
        asked!(self, Done, OperationalCommand::CredentialSet { person, credential }).map(|_done| ())
    }

    /// Takes it away; the person cannot sign in by password. `false` if there was none.
    ///
    /// # Errors
    /// Faults.
    pub async fn delete_credential(&self, person: PersonId) -> Result<bool, StoreError> {
        asked!(self, Done, OperationalCommand::CredentialDelete { person })
    }

    /// Counts a failure and locks when the rule says so, in one step: parallel attempts all count.
    ///
    /// # Errors
    /// Faults.
    pub async fn add_failure(
        &self,
        key: &str,
        now: Timestamp,
        rule: LockRule,
    ) -> Result<Failures, StoreError> {
        asked!(self, Failures, OperationalCommand::FailureAdd { key: key.to_owned(), now, rule })
    }

    /// Failures of a key so far.
    ///
    /// # Errors
    /// Faults.
    pub async fn failures(&self, key: &str) -> Result<Failures, StoreError> {
        asked!(self, Failures, OperationalCommand::FailureGet { key: key.to_owned() })
    }

    /// Forgets them, after a success or by an administrator. `false` if there were none.
    ///
    /// # Errors
    /// Faults.
    pub async fn clear_failures(&self, key: &str) -> Result<bool, StoreError> {
        asked!(self, Done, OperationalCommand::FailureClear { key: key.to_owned() })
    }

    /// Takes a lease that is free, has run out at `now`, or is the holder's already. `false` if another holds it.
    ///
    /// # Errors
    /// Faults.
    pub async fn acquire_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let lease = Lease { name: name.to_owned(), holder: holder.to_owned(), until };
        asked!(self, Done, OperationalCommand::LeaseAcquire { lease, now })
    }

    /// Prolongs a lease that the holder still has at `now`. `false` if it does not: stop the job.
    ///
    /// # Errors
    /// Faults.
    pub async fn renew_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let lease = Lease { name: name.to_owned(), holder: holder.to_owned(), until };
        asked!(self, Done, OperationalCommand::LeaseRenew { lease, now })
    }

    /// Gives a lease back. `false` if the holder did not have it.
    ///
    /// # Errors
    /// Faults.
    pub async fn release_lease(&self, name: &str, holder: &str) -> Result<bool, StoreError> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        asked!(self, Done, OperationalCommand::LeaseRelease { name, holder })
    }

    /// Who holds a lease, or held it last without giving it back.
    ///
    /// # Errors
    /// Faults.
    pub async fn lease(&self, name: &str) -> Result<Option<Lease>, StoreError> {
        asked!(self, Lease, OperationalCommand::LeaseGet { name: name.to_owned() })
    }

    /// The last entry that a follower of the feed has dealt with; 0 in the beginning.
    ///
    /// # Errors
    /// Faults.
    pub async fn follower_position(&self, name: &str) -> Result<u64, StoreError> {
        asked!(self, Count, OperationalCommand::FollowerGet { name: name.to_owned() })
    }

    /// Notes that a follower has dealt with everything up to `seq`.
    ///
    /// # Errors
    /// Faults.
    pub async fn set_follower_position(&self, name: &str, seq: u64) -> Result<(), StoreError> {
        asked!(self, Done, OperationalCommand::FollowerSet { name: name.to_owned(), seq }).map(|_done| ())
    }

    /// Forgets answers to idempotency keys from before a moment; how many.
    ///
    /// # Errors
    /// Faults.
    pub async fn forget_answers(&self, before: Timestamp) -> Result<u64, StoreError> {
        asked!(self, Count, OperationalCommand::ForgetAnswers { before })
    }
}

impl OperationalCommand {
    /// Does it only read?
    pub fn reads(&self) -> bool {
        matches!(
            self,
            Self::SessionGet { .. }
                | Self::CredentialGet { .. }
                | Self::FailureGet { .. }
                | Self::LeaseGet { .. }
                | Self::FollowerGet { .. }
        )
    }
}

/// The bare bytes of a person's id.
pub(crate) fn person_uuid(person: PersonId) -> uuid::Uuid {
    person.uuid()
}
