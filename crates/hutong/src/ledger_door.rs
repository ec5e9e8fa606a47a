//! The ledger as pages see it: which of its errors are theirs to show, and which are faults.

use std::sync::Arc;

use hutong_kernel::refusal::{AnyRefusal, Refusal};
use hutong_ledger::{Ledger, LedgerError};
use hutong_web::state::{DoorFuture, LedgerDoor, LedgerDoorError, LedgerStatus};

/// The door that the frame asks for.
pub fn door(ledger: Ledger) -> Arc<dyn LedgerDoor> {
    Arc::new(Door(ledger))
}

struct Door(Ledger);

/// An error of the ledger that the person who asks can understand and wait out.
#[derive(Debug)]
struct NotYet(LedgerError);

impl std::fmt::Display for NotYet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NotYet {}

impl Refusal for NotYet {
    fn code(&self) -> &'static str {
        self.0.code()
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        self.0.values()
    }
    fn status(&self) -> u16 {
        match &self.0 {
            LedgerError::NoSuchEntry { .. } | LedgerError::NoSuchRecord { .. } => 404,
            _ => 409,
        }
    }
}

fn door_error(error: LedgerError) -> LedgerDoorError {
    match error {
        LedgerError::NotStarted { .. }
        | LedgerError::NotSequenced { .. }
        | LedgerError::NoSuchEntry { .. }
        | LedgerError::NoSuchRecord { .. } => LedgerDoorError::Refused(AnyRefusal::from(NotYet(error))),
        _ => LedgerDoorError::Fault(Box::new(error)),
    }
}

impl LedgerDoor for Door {
    fn checkpoint(&self) -> DoorFuture<'_, Result<String, LedgerDoorError>> {
        Box::pin(async { self.0.published_head().await.map(|head| head.note).map_err(door_error) })
    }

    fn prove(&self, seq: u64) -> DoorFuture<'_, Result<String, LedgerDoorError>> {
        Box::pin(async move { self.0.prove(seq).await.map_err(door_error) })
    }

    fn status(&self) -> LedgerStatus {
        let state = self.0.state().borrow().clone();
        LedgerStatus {
            origin: self.0.place().origin.clone(),
            size: state.size().unwrap_or(0),
            root: state.root().map(|root| root.to_string()).unwrap_or_default(),
        }
    }
}
