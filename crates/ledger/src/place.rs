//! Which files a ledger has, and where.

use std::path::{Path, PathBuf};

/// Where one ledger keeps its files, and what it is called.
///
/// The folders are apart on purpose. Tiles may be copied, mirrored and restored freely. The lock must never
/// go back, and the key is for one pair of eyes: put both on another device where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPlace {
    /// Name of the log in every checkpoint, for example `hutong.example/huaian`. Cannot be changed later.
    pub origin: String,
    /// Folder of tiles, entry bundles, checkpoint and public key. All of it may be published.
    pub tiles: PathBuf,
    /// Folder of the head that was recorded last.
    pub lock: PathBuf,
    /// File of the signing key, mode 0600.
    pub key: PathBuf,
}

/// File name of the published checkpoint, below [`LedgerPlace::tiles`].
pub const CHECKPOINT_FILE: &str = "checkpoint";
/// File name of the public key, below [`LedgerPlace::tiles`].
pub const VKEY_FILE: &str = "vkey";
/// File name of the head, below [`LedgerPlace::lock`].
pub const HEAD_FILE: &str = "head";
/// Usual file name of the signing key, below [`LedgerPlace::lock`].
pub const KEY_FILE: &str = "signing.key";
/// File that the one writer holds, below [`LedgerPlace::lock`].
pub const GUARD_FILE: &str = "guard";

impl LedgerPlace {
    /// The usual folders `ledger/` and `ledger-lock/` in a data directory.
    pub fn in_data_dir(data_dir: &Path, origin: &str) -> Self {
        Self::new(data_dir.join("ledger"), data_dir.join("ledger-lock"), origin)
    }

    /// Tiles in one folder, head and key in another.
    pub fn new(tiles: PathBuf, lock: PathBuf, origin: &str) -> Self {
        let key = lock.join(KEY_FILE);
        Self { origin: origin.to_owned(), tiles, lock, key }
    }

    /// The published checkpoint.
    pub fn checkpoint(&self) -> PathBuf {
        self.tiles.join(CHECKPOINT_FILE)
    }

    /// The public key.
    pub fn vkey(&self) -> PathBuf {
        self.tiles.join(VKEY_FILE)
    }

    /// The recorded head.
    pub fn head(&self) -> PathBuf {
        self.lock.join(HEAD_FILE)
    }
}
