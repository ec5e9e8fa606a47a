//! A copy of a ledger that can be started from: for backups, and for putting them back.
//!
//! The files of a running ledger cannot simply be copied one after the other: the copy would hold a
//! checkpoint of one moment and tiles of another. Here the published checkpoint is read once, and what is
//! copied is exactly the tree that it signs.

use hutong_tlog::tile::{TILE_WIDTH, TileError, TileKind, TilePath, encode_bundle, encode_hashes};
use hutong_tlog::tree::{TreeError, read_entries, read_hashes};
use hutong_tlog::{Checkpoint, tile};
use zeroize::Zeroizing;

use crate::error::LedgerError;
use crate::folder::{Folder, TileFolder, io_error, read_if_there};
use crate::key;
use crate::lock::LockStore;
use crate::open::open_edge;
use crate::place::{CHECKPOINT_FILE, LedgerPlace, VKEY_FILE};
use crate::prove::published_head;

/// Tiles that are written before their folders are synced.
const TILES_AT_ONCE: usize = 256;

/// Copies the ledger at `from`, up to its published checkpoint, to `to`, where there must be none. The
/// signing key goes along if `with_key`.
///
/// May run beside the sequencer. Copy the journal *afterwards*: then it reaches at least as far. Nothing is
/// taken on trust: the copied tiles must lead to the signed root. The lock is written last, so a copy that
/// was interrupted cannot be started by mistake. `progress` is called with tiles done and tiles altogether.
///
/// # Errors
/// `ledger.not_started`, `ledger.copy_target_in_use`, faults, and what is found broken.
pub fn copy(
    from: &LedgerPlace,
    to: &LedgerPlace,
    with_key: bool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Checkpoint, LedgerError> {
    let head = published_head(from)?;
    for path in [to.tiles.join("tile"), to.checkpoint(), to.head(), to.key.clone()] {
        if path.try_exists().map_err(|source| io_error("inspect", &path, source))? {
            return Err(LedgerError::CopyTargetInUse { path });
        }
    }
    let size = head.checkpoint.size;
    let mut lock = LockStore::take(&to.lock, None)?;
    let mut folder = Folder::open(&to.tiles, None)?;
    let paths = all_tiles(size);
    let total = paths.len() as u64;
    let mut done = 0;
    progress(done, total);
    for group in paths.chunks(TILES_AT_ONCE) {
        copy_tiles(&TileFolder::new(&from.tiles), &mut folder, group, size)?;
        done += group.len() as u64;
        progress(done, total);
    }
    open_edge(&TileFolder::new(&to.tiles), &head.checkpoint)?;
    folder.replace(VKEY_FILE, format!("{}\n", head.key).as_bytes(), 0o644)?;
    folder.replace(CHECKPOINT_FILE, head.note.as_bytes(), 0o644)?;
    if with_key {
        copy_key(from, to, size)?;
    }
    lock.compare_and_swap(None, &head.checkpoint)?;
    Ok(head.checkpoint)
}

/// Every tile and bundle of a tree of `size` leaves.
fn all_tiles(size: u64) -> Vec<TilePath> {
    let of_kind = |kind, hashes: u64| {
        (0..hashes.div_ceil(TILE_WIDTH)).filter_map(move |index| TilePath::in_tree(kind, index, size))
    };
    let mut paths: Vec<TilePath> = of_kind(TileKind::Entries, size).collect();
    let mut hashes = size;
    for level in 0..=tile::LEVEL_MAX {
        if hashes == 0 {
            break;
        }
        paths.extend(of_kind(TileKind::Hashes { level }, hashes));
        hashes /= TILE_WIDTH;
    }
    paths
}

fn copy_tiles(from: &TileFolder, to: &mut Folder, paths: &[TilePath], size: u64) -> Result<(), LedgerError> {
    let malformed = |path: &TilePath| LedgerError::TileMalformed { path: path.to_string() };
    let read = |path: &TilePath| -> Result<Vec<u8>, LedgerError> {
        let in_tree = |error: TreeError| LedgerError::from_tree(error, size);
        match path.kind() {
            TileKind::Hashes { .. } => read_hashes(from, *path).map(|it| encode_hashes(&it)).map_err(in_tree),
            TileKind::Entries => encode_bundle(&read_entries(from, *path).map_err(in_tree)?)
                .map_err(|_cannot_be: TileError| malformed(path)),
        }
    };
    let contents = paths
        .iter()
        .map(|path| Ok((path.to_string(), read(path)?)))
        .collect::<Result<Vec<_>, LedgerError>>()?;
    let files: Vec<(String, &[u8])> =
        contents.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
    to.write_new(&files)
}

fn copy_key(from: &LedgerPlace, to: &LedgerPlace, size: u64) -> Result<(), LedgerError> {
    // Read as a key first, so that no copy is made of one that is exposed or not ours.
    let missing = || LedgerError::KeyMissing { path: from.key.clone(), size };
    let key = key::read(from)?.ok_or_else(missing)?;
    debug_assert!(read_if_there(&to.key).is_ok_and(|there| there.is_none()), "checked at the start");
    key::write(&to.key, &Zeroizing::new(format!("{}\n", key.to_secret_text())))
}
