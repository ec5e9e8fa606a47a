//! Which files a ledger has, and where.

use std::path::{Path, PathBuf};

/// Where one ledger keeps its files, and what it is called.
///
/// The three folders are apart on purpose. Tiles may be copied, mirrored and restored freely. The lock
/// must never go back: put it on another device where there is one. The key is for one pair of eyes.
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
/// File that the one writer holds, below [`LedgerPlace::lock`].
pub const GUARD_FILE: &str = "guard";

impl LedgerPlace {
    /// The usual folders `ledger/`, `ledger-lock/` and `ledger-key/` in a data directory.
    pub fn in_data_dir(data_dir: &Path, origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            tiles: data_dir.join("ledger"),
            lock: data_dir.join("ledger-lock"),
            key: data_dir.join("ledger-key").join("signing.key"),
        }
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
