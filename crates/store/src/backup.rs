//! Saving a store while it is used, and restoring it.
//!
//! A backup is a folder: the database of one moment, all kept files, whatever else the caller names (the
//! ledger), and `manifest.json` with the SHA-256 of every file. The manifest is written last: a folder without
//! one is no backup.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::engine::{Progress, ProgressFn};
use crate::files::{files_beneath, sync_folder, write_durably};
use crate::{Sha256, Store, StoreError};

/// Name of the list of files.
pub const MANIFEST: &str = "manifest.json";

/// What a backup consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of this list: 1.
    pub format: u32,
    /// The engine whose database it is.
    pub engine: String,
    /// The newest journal entry that is certainly in it.
    pub head: u64,
    /// Every file by its path in the folder, with `/`.
    pub files: BTreeMap<String, ManifestFile>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its hash.
    pub sha256: Sha256,
    /// Its bytes.
    pub len: u64,
}

impl Store {
    /// Saves everything into the folder `to`, which is made or must be empty, while writing goes on.
    ///
    /// `extra` are further folders or files of the data directory that the caller owns (the ledger's), copied
    /// as they are, **before** the database: whatever they refer to is in it.
    ///
    /// # Errors
    /// `store.not_empty`, `store.full`, `store.read_only`, `store.file_damaged`, faults. What was copied until
    /// then stays, without a manifest.
    pub async fn backup(
        &self,
        to: &Path,
        extra: &[PathBuf],
        progress: ProgressFn<'_>,
    ) -> Result<Manifest, StoreError> {
        let target = to.to_owned();
        crate::store::blocking(move || require_empty(&target)).await?;
        let mut manifest =
            Manifest { format: 1, engine: self.engine().name().to_owned(), head: 0, files: BTreeMap::new() };

        for (path, done) in extra.iter().zip(1_u64..) {
            let (from, to, data) = (path.clone(), to.to_owned(), self.folder().to_owned());
            let copied = crate::store::blocking(move || copy_tree(&from, &data, &to)).await?;
            manifest.files.extend(copied);
            progress(Progress { step: "extra", done, total: u64::try_from(extra.len()).unwrap_or(u64::MAX) });
        }

        manifest.head = *self.head().borrow();
        for name in self.engine().backup(to, progress).await? {
            let path = to.join(&name);
            manifest.files.insert(name, crate::store::blocking(move || describe(&path)).await?);
        }

        // After the database: every file that its records name was there before them.
        let files = self.files().clone();
        let all = crate::store::blocking(move || files.all()).await?;
        let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
        for ((sha256, path), done) in all.into_iter().zip(1_u64..) {
            let (data, to) = (self.folder().to_owned(), to.to_owned());
            let (name, copy) = crate::store::blocking(move || copy_file(&path, &data, &to)).await?;
            if copy.sha256 != sha256 {
                return Err(StoreError::FileDamaged(sha256.to_string()));
            }
            manifest.files.insert(name, copy);
            progress(Progress { step: "files", done, total });
        }

        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| StoreError::fault("writing the manifest", error))?;
        let path = to.join(MANIFEST);
        crate::store::blocking(move || write_durably(&path, &text)).await?;
        Ok(manifest)
    }
}

/// Reads the manifest of a backup and checks every file against it.
///
/// # Errors
/// `store.backup_damaged`, faults.
pub fn verify(backup: &Path, progress: ProgressFn<'_>) -> Result<Manifest, StoreError> {
    let damaged = |detail: String| StoreError::BackupDamaged { detail };
    let path = backup.join(MANIFEST);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(damaged("it has no manifest".to_owned()));
        }
        Err(error) => return Err(StoreError::io("reading the manifest", &path, error)),
    };
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| damaged(format!("its manifest cannot be read: {error}")))?;
    if manifest.format != 1 {
        return Err(damaged(format!("its format {} is not known", manifest.format)));
    }
    let total = u64::try_from(manifest.files.len()).unwrap_or(u64::MAX);
    for ((name, listed), done) in manifest.files.iter().zip(1_u64..) {
        let relative = Path::new(name);
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(damaged(format!("{name} leads out of the folder")));
        }
        match describe(&backup.join(relative)) {
            Ok(found) if found == *listed => {}
            Ok(_) => return Err(damaged(format!("{name} is not what was saved"))),
            Err(error) => return Err(damaged(format!("{name}: {error}"))),
        }
        progress(Progress { step: "verify", done, total });
    }
    Ok(manifest)
}

/// Puts a backup into the data directory `data`, which must not exist or be empty. Open it afterwards.
///
/// # Errors
/// `store.backup_damaged` before anything is written; `store.not_empty`, `store.full`, `store.read_only`, faults.
pub fn restore(backup: &Path, data: &Path, progress: ProgressFn<'_>) -> Result<Manifest, StoreError> {
    require_empty(data)?;
    let manifest = verify(backup, progress)?;
    let total = u64::try_from(manifest.files.len()).unwrap_or(u64::MAX);
    for ((name, listed), done) in manifest.files.iter().zip(1_u64..) {
        let (_, copy) = copy_file(&backup.join(name), backup, data)?;
        if copy != *listed {
            return Err(StoreError::BackupDamaged {
                detail: format!("{name} changed while it was restored"),
            });
        }
        progress(Progress { step: "restore", done, total });
    }
    sync_folder(data)?;
    Ok(manifest)
}

fn require_empty(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(|error| StoreError::io("making a folder", folder, error))?;
    let mut entries =
        fs::read_dir(folder).map_err(|error| StoreError::io("looking into a folder", folder, error))?;
    if entries.next().is_some() { Err(StoreError::NotEmpty { path: folder.to_owned() }) } else { Ok(()) }
}

fn describe(path: &Path) -> Result<ManifestFile, StoreError> {
    let failed = |error| StoreError::io("reading a file", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = sha2::Sha256::new();
    let mut piece = vec![0; 1024 * 1024];
    let mut len = 0_u64;
    loop {
        let read = file.read(&mut piece).map_err(failed)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
        len += u64::try_from(read).unwrap_or(0);
    }
    Ok(ManifestFile { sha256: Sha256(hasher.finalize().into()), len })
}

/// Copies one file of `base` to the same place beneath `to`, durably; its name there and what was copied.
fn copy_file(from: &Path, base: &Path, to: &Path) -> Result<(String, ManifestFile), StoreError> {
    let relative =
        from.strip_prefix(base).map_err(|error| StoreError::fault("copying a file from elsewhere", error))?;
    let target = to.join(relative);
    let failed = |error| StoreError::io("copying a file", &target, error);
    let folder = target.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(failed)?;
    fs::copy(from, &target).map_err(failed)?;
    File::open(&target).and_then(|file| file.sync_all()).map_err(failed)?;
    sync_folder(folder)?;
    let name: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Ok((name.join("/"), describe(&target)?))
}

fn copy_tree(from: &Path, base: &Path, to: &Path) -> Result<Vec<(String, ManifestFile)>, StoreError> {
    let found = fs::metadata(from).map_err(|error| StoreError::io("looking for a folder", from, error))?;
    let files = if found.is_dir() { files_beneath(from)? } else { vec![from.to_owned()] };
    files.into_iter().map(|file| copy_file(&file, base, to)).collect()
}
