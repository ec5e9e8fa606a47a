//! The task that keeps the ledger up with the journal.
//!
//! It owns the one [`Sequencer`]. A fault that may pass (a full disk, a busy database) makes it open
//! everything again after a pause; a broken invariant ends it, and with it the growth of the ledger, until
//! a person has looked. The journal goes on meanwhile: nothing is lost, only not yet proven.

use std::sync::Arc;
use std::time::Duration;

use hutong_tlog::{Checkpoint, Hash};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::LedgerError;
use crate::journal::Journal;
use crate::place::LedgerPlace;
use crate::sequence::{BATCH_ENTRIES_MAX, Sequencer, Step};

/// How long entries are collected for one batch, unless it is full before.
pub const BATCH_TIME: Duration = Duration::from_millis(150);
/// How often the journal is looked at even if nothing woke the task: a notification that was lost delays
/// an entry by this much and no more.
pub const POLL_TIME: Duration = Duration::from_secs(2);
/// Shortest and longest pause before a retry.
pub const RETRY_TIMES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// What the task is doing, for pages and health checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerState {
    /// Start-up checks are running.
    Opening,
    /// The ledger follows the journal.
    Following {
        /// Entries that the published checkpoint covers.
        size: u64,
        /// Its root.
        root: Hash,
    },
    /// A fault happened; everything is opened again after a pause.
    Retrying {
        /// Code of the fault.
        code: &'static str,
    },
    /// A broken invariant ended the task.
    Stopped {
        /// Code of the error.
        code: &'static str,
    },
}

impl LedgerState {
    /// Entries that the published checkpoint covers, while following.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::Following { size, .. } => Some(*size),
            _ => None,
        }
    }

    /// Root of the published checkpoint, while following.
    pub fn root(&self) -> Option<Hash> {
        match self {
            Self::Following { root, .. } => Some(*root),
            _ => None,
        }
    }

    fn following(head: &Checkpoint) -> Self {
        Self::Following { size: head.size, root: head.root }
    }
}

/// Follows the journal until `stop` becomes true or its sender is dropped.
///
/// `wake` is signalled whenever the journal grew (its value is not looked at); `state` tells others how it
/// goes. When stopped, what the journal has by then is still sequenced.
///
/// # Errors
/// The broken invariant that ended the task. Its chain was logged.
pub async fn follow<J: Journal>(
    journal: Arc<J>,
    place: LedgerPlace,
    mut wake: watch::Receiver<u64>,
    mut stop: watch::Receiver<bool>,
    state: watch::Sender<LedgerState>,
) -> Result<(), LedgerError> {
    let mut pause = RETRY_TIMES.0;
    loop {
        state.send_replace(LedgerState::Opening);
        let (opening_journal, opening_place) = (Arc::clone(&journal), place.clone());
        let opened = blocking(move || Sequencer::open(opening_journal, &opening_place)).await;
        let outcome = match opened {
            Ok(sequencer) => {
                state.send_replace(LedgerState::following(sequencer.head()));
                tracing::info!(
                    size = sequencer.head().size,
                    origin = place.origin,
                    "the ledger follows the journal"
                );
                pause = RETRY_TIMES.0;
                run(sequencer, &mut wake, &mut stop, &state).await
            }
            Err(error) => Err(error),
        };
        let error = match outcome {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let code = error.code();
        if error.is_broken_invariant() {
            tracing::error!(
                code,
                error = chain(&error),
                "the ledger stopped; see docs/how-to/when-the-ledger-stops.md"
            );
            state.send_replace(LedgerState::Stopped { code });
            return Err(error);
        }
        tracing::warn!(code, error = chain(&error), pause_ms = pause.as_millis(), "the ledger retries");
        state.send_replace(LedgerState::Retrying { code });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopped(&mut stop) => return Ok(()),
        }
        pause = (pause * 2).min(RETRY_TIMES.1);
    }
}

/// Steps until stopped or until an error, with which the sequencer is dropped.
async fn run<J: Journal>(
    mut sequencer: Sequencer<J>,
    wake: &mut watch::Receiver<u64>,
    stop: &mut watch::Receiver<bool>,
    state: &watch::Sender<LedgerState>,
) -> Result<(), LedgerError> {
    let mut waker_is_there = true;
    let mut stopping = false;
    loop {
        let started = Instant::now();
        // Marked as seen before the journal is read: what comes after wakes us again.
        wake.mark_unchanged();
        let (back, step) = blocking(move || {
            let step = sequencer.step();
            (sequencer, step)
        })
        .await;
        sequencer = back;
        match step? {
            Step::Sequenced { entries, head } => {
                tracing::debug!(
                    entries,
                    size = head.size,
                    duration_ms = started.elapsed().as_millis(),
                    "sequenced"
                );
                state.send_replace(LedgerState::following(&head));
                if entries == BATCH_ENTRIES_MAX {
                    continue;
                }
            }
            Step::Idle if stopping => return Ok(()),
            Step::Idle => {
                tokio::select! {
                    changed = wake.changed(), if waker_is_there => waker_is_there = changed.is_ok(),
                    () = tokio::time::sleep(POLL_TIME) => continue,
                    () = stopped(stop) => stopping = true,
                }
            }
        }
        if stopping {
            continue;
        }
        // Entries come in flocks; one checkpoint for all of them costs what one for each would.
        tokio::select! {
            () = tokio::time::sleep(BATCH_TIME.saturating_sub(started.elapsed().min(BATCH_TIME / 2))) => {}
            () = stopped(stop) => stopping = true,
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A dropped sender means that nobody is left who could want the ledger to grow.
    let _seen_or_dropped = stop.wait_for(|stop| *stop).await;
}

/// Runs on a thread that may block; a panic there goes on here.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only happens while the runtime itself shuts down, and then nobody waits for this future.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}

/// An error with all its causes, in one line.
fn chain(error: &LedgerError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
