//! What is checked before the first signature of a run.
//!
//! Five things must tell one story: journal, tiles, lock, key, published checkpoint. A crash can leave
//! the tiles up to one batch ahead of the lock and the checkpoint up to one batch behind it; that is
//! finished here. Everything else is refused, because continuing from it could sign a second history.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use hutong_tlog::checkpoint::CheckpointError;
use hutong_tlog::merkle::{empty_root, verify_consistency};
use hutong_tlog::tile::{TILE_WIDTH, TileKind, TilePath, parse_bundle};
use hutong_tlog::tree::{Edge, TileReader, consistency_proof, read_entries};
use hutong_tlog::{Checkpoint, SignedNote, SigningKey};

use crate::error::LedgerError;
use crate::folder::{DiskHook, Folder, TileFolder, io_error, read_text_if_there};
use crate::journal::Journal;
use crate::key;
use crate::lock::LockStore;
use crate::place::{LedgerPlace, VKEY_FILE};
use crate::sequence::{BATCH_ENTRIES_MAX, Sequencer, commitments_between, extent_on_disk, publish};

/// How many of the last entries are compared with the journal at every start. All of them are compared
/// by the audit.
pub const TAIL_ENTRIES: u64 = 10_000;

pub(crate) fn open<J: Journal>(
    journal: Arc<J>,
    place: &LedgerPlace,
    hook: Option<DiskHook>,
) -> Result<Sequencer<J>, LedgerError> {
    // Refused here and not when the first key is made: a ledger folder for a name that cannot sign would
    // have to be cleared away by hand.
    SigningKey::from_seed(&place.origin, &[0; 32])
        .map_err(|source| LedgerError::BadOrigin { origin: place.origin.clone(), source })?;

    let mut lock = LockStore::take(&place.lock, hook.clone())?;
    let head = match lock.head()? {
        Some(head) => head,
        None => start(place, &mut lock)?,
    };
    if head.origin != place.origin {
        return Err(LedgerError::OriginDiffers { found: head.origin, expected: place.origin.clone() });
    }

    let mut folder = Folder::open(&place.tiles, hook)?;
    let published = read_text_if_there(&place.checkpoint())?;
    let key = match key::read(place)? {
        Some(key) => key,
        // The lock comes into being before the key, and the key before the first checkpoint: so this is
        // a first start that was interrupted, and nothing was ever signed.
        None if head.size == 0 && published.is_none() => key::create(place)?,
        None => return Err(LedgerError::KeyMissing { path: place.key.clone(), size: head.size }),
    };
    publish_vkey(place, &mut folder, &key)?;

    let journal_head = journal.head()?;
    if journal_head < head.size {
        return Err(LedgerError::JournalShort { head: journal_head, size: head.size });
    }
    let tiles = TileFolder::new(&place.tiles);
    let edge = open_edge(&tiles, &head)?;
    check_tail(&*journal, &tiles, head.size)?;
    check_leftovers(&*journal, place, &head, journal_head)?;
    if settle_checkpoint(&tiles, published.as_deref(), &key, &head)? == Published::Behind {
        publish(&mut folder, &key, &head)?;
        tracing::info!(size = head.size, "published the checkpoint that the last run did not come to");
    }
    Ok(Sequencer { journal, place: place.clone(), folder, lock, key, head, edge })
}

/// Begins a new ledger, unless there are signs of an old one.
fn start(place: &LedgerPlace, lock: &mut LockStore) -> Result<Checkpoint, LedgerError> {
    for sign in [place.key.clone(), place.checkpoint(), place.tiles.join("tile")] {
        if sign.try_exists().map_err(|source| io_error("inspect", &sign, source))? {
            return Err(LedgerError::LockMissing { path: place.head() });
        }
    }
    let head = Checkpoint::new(&place.origin, 0, empty_root());
    lock.compare_and_swap(None, &head)?;
    Ok(head)
}

fn publish_vkey(place: &LedgerPlace, folder: &mut Folder, key: &SigningKey) -> Result<(), LedgerError> {
    let text = format!("{}\n", key.verifier());
    match read_text_if_there(&place.vkey())? {
        Some(found) if found == text => Ok(()),
        Some(_other) => Err(LedgerError::VkeyDiffers { path: place.vkey() }),
        None => folder.replace(VKEY_FILE, text.as_bytes(), 0o644),
    }
}

/// Opens the right edge of the tree that the lock records.
pub(crate) fn open_edge(tiles: &impl TileReader, head: &Checkpoint) -> Result<Edge, LedgerError> {
    let edge = Edge::open(tiles, head.size).map_err(|error| LedgerError::from_tree(error, head.size))?;
    if edge.root() != head.root || !edge.leaves_match_entries() {
        return Err(LedgerError::TilesDiffer { size: head.size });
    }
    Ok(edge)
}

/// Compares the last entries of the ledger with the journal.
fn check_tail(journal: &impl Journal, tiles: &impl TileReader, size: u64) -> Result<(), LedgerError> {
    // From a bundle's start, so that every bundle is read once.
    let first_bundle = size.saturating_sub(TAIL_ENTRIES) / TILE_WIDTH;
    for index in first_bundle..size.div_ceil(TILE_WIDTH) {
        let Some(path) = TilePath::in_tree(TileKind::Entries, index, size) else {
            break;
        };
        let entries = read_entries(tiles, path).map_err(|error| LedgerError::from_tree(error, size))?;
        compare(journal, path, &entries)?;
    }
    Ok(())
}

/// Checks the bundles that reach beyond the lock: few enough for one batch, and what the journal says.
fn check_leftovers(
    journal: &impl Journal,
    place: &LedgerPlace,
    head: &Checkpoint,
    journal_head: u64,
) -> Result<(), LedgerError> {
    let size = head.size;
    let extent = extent_on_disk(place)?;
    // One batch at most lies between tiles and lock. More means that the lock went back.
    if size.saturating_add(BATCH_ENTRIES_MAX) < extent {
        return Err(LedgerError::LockBehindTiles { extent, size });
    }
    // Entries are durable in the journal before they are read for a batch. A bundle that knows more than
    // the journal means that the journal lost entries.
    if journal_head < extent {
        return Err(LedgerError::JournalShort { head: journal_head, size: extent });
    }
    each_bundle_from(place, size / TILE_WIDTH, false, &mut |path| {
        if path.index() * TILE_WIDTH + u64::from(path.width()) <= size {
            return Ok(());
        }
        let file = place.tiles.join(path.to_string());
        let bytes = fs::read(&file).map_err(|source| io_error("read", &file, source))?;
        let entries = parse_bundle(path.width(), &bytes)
            .map_err(|_malformed| LedgerError::TileMalformed { path: path.to_string() })?;
        compare(journal, path, &entries)
    })
}

fn compare(journal: &impl Journal, path: TilePath, entries: &[Vec<u8>]) -> Result<(), LedgerError> {
    let first = path.index() * TILE_WIDTH;
    let expected = commitments_between(journal, first, first + entries.len() as u64, true)?;
    for (leaf, (entry, commitment)) in (first..).zip(entries.iter().zip(&expected)) {
        if entry != commitment {
            return Err(LedgerError::JournalDiffers { seq: leaf + 1 });
        }
    }
    Ok(())
}

/// How the published checkpoint stands to the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Published {
    /// It is the head in the lock.
    Current,
    /// It is an earlier head of the same history, or there is none yet.
    Behind,
}

/// Decides whether the published checkpoint may stay, must be renewed, or proves that something is wrong.
pub(crate) fn settle_checkpoint(
    tiles: &impl TileReader,
    published: Option<&str>,
    key: &SigningKey,
    head: &Checkpoint,
) -> Result<Published, LedgerError> {
    let Some(published) = published else {
        return Ok(Published::Behind);
    };
    let published = SignedNote::parse(published)
        .map_err(CheckpointError::Note)
        .and_then(|note| Checkpoint::verify(&note, key.verifier()))
        .map_err(|source| LedgerError::CheckpointForeign { source })?;
    if head.size < published.size {
        return Err(LedgerError::LockBehindCheckpoint { published: published.size, size: head.size });
    }
    if published.size.saturating_add(BATCH_ENTRIES_MAX) < head.size {
        return Err(LedgerError::CheckpointShrunk { published: published.size, size: head.size });
    }
    let proof = consistency_proof(tiles, published.size, head.size)
        .map_err(|error| LedgerError::from_tree(error, head.size))?;
    verify_consistency(published.size, &published.root, head.size, &head.root, &proof)
        .map_err(|_refusal| LedgerError::Forked { published: published.size })?;
    Ok(if published.size == head.size { Published::Current } else { Published::Behind })
}

/// Calls `visit` for every bundle on disk whose index is at least `from`; with `last_only`, only for those
/// in the last folder of each level, which is enough to find the highest.
pub(crate) fn each_bundle_from(
    place: &LedgerPlace,
    from: u64,
    last_only: bool,
    visit: &mut dyn FnMut(TilePath) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let dir = place.tiles.join("tile").join("entries");
    descend(&dir, "tile/entries", 0, from, last_only, visit)
}

/// `above` is the index that the folders down to `dir` spell.
fn descend(
    dir: &Path,
    prefix: &str,
    above: u64,
    from: u64,
    last_only: bool,
    visit: &mut dyn FnMut(TilePath) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let names = names_in(dir)?;
    // Names of folders have three digits, so their order is that of their numbers.
    let folders: Vec<&String> = names.iter().filter(|name| name.starts_with('x')).collect();
    // Deeper folders hold higher indices than files beside them.
    let skipped = if last_only { folders.len().saturating_sub(1) } else { 0 };
    for name in folders.into_iter().skip(skipped) {
        let Some(number) = name.strip_prefix('x').and_then(|digits| digits.parse::<u64>().ok()) else {
            continue;
        };
        let index = above.saturating_mul(1000).saturating_add(number);
        descend(&dir.join(name), &format!("{prefix}/{name}"), index, from, last_only, visit)?;
    }
    for name in &names {
        let stem = name.strip_suffix(".p").unwrap_or(name);
        let Ok(number) = stem.parse::<u64>() else {
            continue;
        };
        if above.saturating_mul(1000).saturating_add(number) < from {
            continue;
        }
        if stem.len() == name.len() {
            visit_path(&format!("{prefix}/{name}"), visit)?;
        } else {
            for width in names_in(&dir.join(name))? {
                visit_path(&format!("{prefix}/{name}/{width}"), visit)?;
            }
        }
    }
    Ok(())
}

fn visit_path(
    path: &str,
    visit: &mut dyn FnMut(TilePath) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    // Files with other names are not ours to judge and are never served.
    match TilePath::parse(path) {
        Ok(path) => visit(path),
        Err(_not_a_tile) => Ok(()),
    }
}

fn names_in(dir: &Path) -> Result<Vec<String>, LedgerError> {
    let listing = match fs::read_dir(dir) {
        Ok(listing) => listing,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(io_error("list", dir, source)),
    };
    let mut names = Vec::new();
    for item in listing {
        let item = item.map_err(|source| io_error("list", dir, source))?;
        names.extend(item.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}
