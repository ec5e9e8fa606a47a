//! The files that everybody may fetch: checkpoint, public key, tiles and entry bundles.
//!
//! Only a path that parses as the path of a tile ever reaches the disk, so there is nothing to escape
//! from: no `..`, no second spelling, no other file.

use hutong_tlog::tile::{TileKind, TilePath, encode_bundle, parse_bundle};
use hutong_tlog::tree::{TileReadError, TileReader};

use crate::folder::{TileFolder, read_if_there};
use crate::place::{CHECKPOINT_FILE, LedgerPlace, VKEY_FILE};

/// Where the web mounts the ledger.
pub const URL_PREFIX: &str = "/ledger/";

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// A checkpoint is replaced several times a second.
const MOMENT: &str = "no-cache";
/// A tile never changes its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The key never changes either, but whoever restores a ledger wants to see the right one soon.
const A_WHILE: &str = "public, max-age=300";

/// A file to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// For `Content-Type`.
    pub content_type: &'static str,
    /// For `Cache-Control`.
    pub cache_control: &'static str,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Finds the file for the path of a request, for example `/ledger/tile/0/000`.
///
/// `None` means that there is no such file (404). A disk that fails is logged and looks the same: whoever
/// verifies a log asks again or elsewhere. Blocks on the disk for one small file.
pub fn serve(place: &LedgerPlace, path: &str) -> Option<Served> {
    let name = path.strip_prefix(URL_PREFIX)?;
    let (content_type, cache_control, bytes) = match name {
        CHECKPOINT_FILE => (TEXT, MOMENT, whole_file(place, name)?),
        VKEY_FILE => (TEXT, A_WHILE, whole_file(place, name)?),
        _ => (BYTES, FOR_EVER, tile(place, TilePath::parse(name).ok()?)?),
    };
    Some(Served { content_type, cache_control, bytes })
}

fn whole_file(place: &LedgerPlace, name: &str) -> Option<Vec<u8>> {
    match read_if_there(&place.tiles.join(name)) {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(code = error.code(), name, "could not serve a file of the ledger");
            None
        }
    }
}

fn tile(place: &LedgerPlace, path: TilePath) -> Option<Vec<u8>> {
    let tiles = TileFolder::new(&place.tiles);
    match tiles.read_tile(&path) {
        Ok(bytes) => Some(bytes),
        // The partial tile may have been tidied away since the asker saw its checkpoint. Its content is
        // the beginning of the full one.
        Err(TileReadError::Missing { .. }) if path.is_partial() => {
            let bytes = tiles.read_tile(&path.full()).ok()?;
            let width = usize::from(path.width());
            match path.kind() {
                TileKind::Hashes { .. } => bytes.get(..width * 32).map(<[u8]>::to_vec),
                TileKind::Entries => {
                    let entries = parse_bundle(path.full().width(), &bytes).ok()?;
                    encode_bundle(entries.get(..width)?).ok()
                }
            }
        }
        Err(TileReadError::Missing { .. }) => None,
        Err(error) => {
            tracing::error!(path = %path, error = &error as &dyn std::error::Error, "could not serve a tile");
            None
        }
    }
}
