//! What `hutong doctor` asks of the ledger: quick, and without changing anything.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use hutong_tlog::Checkpoint;

use crate::error::LedgerError;
use crate::folder::{TileFolder, read_text_if_there};
use crate::journal::Journal;
use crate::key;
use crate::lock::recorded_head;
use crate::open::{open_edge, settle_checkpoint};
use crate::place::LedgerPlace;

/// What a check came to.
#[derive(Debug)]
pub enum Outcome {
    /// As it must be.
    Fine,
    /// Works, but could be better.
    Advice,
    /// Not as it must be; the error says what is wrong.
    Broken(LedgerError),
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    /// Stable identifier of the check; its message says what is looked at, or what the advice is.
    pub code: &'static str,
    /// What it came to.
    pub outcome: Outcome,
}

impl Check {
    fn new(code: &'static str, result: Result<(), LedgerError>) -> Self {
        Self { code, outcome: result.map_or_else(Outcome::Broken, |()| Outcome::Fine) }
    }
}

/// All codes that [`check_up`] can give, in its order.
pub const CHECKS: [&str; 6] = [
    "ledger.check.lock",
    "ledger.check.key",
    "ledger.check.tiles",
    "ledger.check.checkpoint",
    "ledger.check.journal",
    "ledger.check.same_device",
];

/// Looks at lock, key, tiles, checkpoint and journal. Empty when there is no ledger yet.
///
/// Beside a running sequencer a check may by chance see the moment between two steps; ask again before
/// believing it.
pub fn check_up(place: &LedgerPlace, journal: &impl Journal) -> Vec<Check> {
    let [lock_code, key_code, tiles_code, checkpoint_code, journal_code, device_code] = CHECKS;
    // Read first: the lock is never behind the checkpoint, so this order cannot make it look so.
    let published = read_text_if_there(&place.checkpoint());
    let head = match recorded_head(place) {
        Ok(Some(head)) => head,
        Ok(None) => {
            let started =
                [&place.key, &place.tiles].into_iter().any(|path| path.try_exists().unwrap_or(true));
            let missing = LedgerError::LockMissing { path: place.head() };
            return started.then(|| Check::new(lock_code, Err(missing))).into_iter().collect();
        }
        Err(error) => return vec![Check::new(lock_code, Err(error))],
    };
    let tiles = TileFolder::new(&place.tiles);
    let key = key::read(place).and_then(|key| {
        key.ok_or_else(|| LedgerError::KeyMissing { path: place.key.clone(), size: head.size })
    });
    let mut checks = vec![
        Check::new(lock_code, check_origin(place, &head)),
        Check::new(tiles_code, open_edge(&tiles, &head).map(drop)),
        Check::new(journal_code, check_journal(journal, &head)),
    ];
    match key {
        Ok(key) => {
            let settled = published
                .and_then(|published| settle_checkpoint(&tiles, published.as_deref(), &key, &head).map(drop));
            checks.insert(1, Check::new(key_code, Ok(())));
            checks.insert(3, Check::new(checkpoint_code, settled));
        }
        Err(error) => checks.insert(1, Check::new(key_code, Err(error))),
    }
    if same_device(place) {
        // One disk that is rolled back rolls back both, and nothing here would notice.
        checks.push(Check { code: device_code, outcome: Outcome::Advice });
    }
    checks
}

fn check_origin(place: &LedgerPlace, head: &Checkpoint) -> Result<(), LedgerError> {
    if head.origin == place.origin {
        return Ok(());
    }
    Err(LedgerError::OriginDiffers { found: head.origin.clone(), expected: place.origin.clone() })
}

fn check_journal(journal: &impl Journal, head: &Checkpoint) -> Result<(), LedgerError> {
    let last = journal.head()?;
    if last < head.size {
        return Err(LedgerError::JournalShort { head: last, size: head.size });
    }
    Ok(())
}

fn same_device(place: &LedgerPlace) -> bool {
    let device = |path| fs::metadata(path).ok().map(|metadata| metadata.dev());
    matches!((device(&place.tiles), device(&place.lock)), (Some(tiles), Some(lock)) if tiles == lock)
}
