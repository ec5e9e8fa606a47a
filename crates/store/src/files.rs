//! Files by the hash of their bytes.
//!
//! A file is written beside its place, synced, and renamed: at every moment, a power cut included, what is
//! under a hash has that hash or is not there. Nothing is ever overwritten or changed.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::StoreError;
use crate::entry::{from_hex, to_hex};

/// A SHA-256, as 64 lower-case hexadecimal digits in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

/// A text that is no SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("64 lower-case hexadecimal digits expected")]
pub struct ParseSha256Error;

impl FromStr for Sha256 {
    type Err = ParseSha256Error;
    fn from_str(text: &str) -> Result<Self, ParseSha256Error> {
        from_hex(text).map(Self).ok_or(ParseSha256Error)
    }
}

impl TryFrom<String> for Sha256 {
    type Error = ParseSha256Error;
    fn try_from(text: String) -> Result<Self, ParseSha256Error> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(sha256: Sha256) -> Self {
        sha256.to_string()
    }
}

/// Names the bytes of a kept file; records hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileRef {
    /// Their hash.
    pub sha256: Sha256,
    /// Their number.
    pub len: u64,
}

/// The folder of kept files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    read_only: bool,
}

impl Files {
    pub(crate) fn open(data: &Path) -> Result<Self, StoreError> {
        let folder = data.join("files");
        fs::create_dir_all(&folder)
            .map_err(|error| StoreError::io("making the folder of files", &folder, error))?;
        Ok(Self { folder, read_only: false })
    }

    /// The folder of a data directory that another process holds.
    pub(crate) fn open_read_only(data: &Path) -> Self {
        Self { folder: data.join("files"), read_only: true }
    }

    /// `files/ab/cdef…`: 256 folders keep each one short.
    fn path(&self, sha256: &Sha256) -> PathBuf {
        let hex = sha256.to_string();
        let (first, rest) = hex.split_at(2);
        self.folder.join(first).join(rest)
    }

    pub(crate) fn put(&self, bytes: &[u8]) -> Result<FileRef, StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly { path: self.folder.clone() });
        }
        let reference =
            FileRef { sha256: Sha256::of(bytes), len: u64::try_from(bytes.len()).unwrap_or(u64::MAX) };
        let path = self.path(&reference.sha256);
        match fs::read(&path) {
            // It may have been damaged since; then it is written again.
            Ok(kept) if kept == bytes => return Ok(reference),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::io("looking for a file", &path, error)),
        }
        write_durably(&path, bytes)?;
        Ok(reference)
    }

    pub(crate) fn read(&self, sha256: &Sha256) -> Result<Vec<u8>, StoreError> {
        let path = self.path(sha256);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(StoreError::FileMissing(sha256.to_string()));
            }
            Err(error) => return Err(StoreError::io("reading a file", &path, error)),
        };
        if Sha256::of(&bytes) == *sha256 {
            Ok(bytes)
        } else {
            Err(StoreError::FileDamaged(sha256.to_string()))
        }
    }

    /// All kept files with their hashes, in order.
    pub(crate) fn all(&self) -> Result<Vec<(Sha256, PathBuf)>, StoreError> {
        let mut all = Vec::new();
        for path in files_beneath(&self.folder)? {
            let relative = path.strip_prefix(&self.folder).unwrap_or(&path);
            let hex: String = relative.iter().filter_map(|part| part.to_str()).collect();
            if let Ok(sha256) = hex.parse() {
                all.push((sha256, path));
            }
        }
        Ok(all)
    }
}

/// Writes `bytes` to `path` so that after a power cut the whole file is there or nothing of it.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = |doing: &str, error| StoreError::io(doing, path, error);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failed("making a folder", error))?;
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| StoreError::fault("drawing a file name", error))?;
    let part = folder.join(format!(".{}.part", to_hex(&random)));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    if let Err(error) = written {
        // The first error is the one to tell; a part that stays behind is ignored by everyone.
        let _ = fs::remove_file(&part);
        return Err(failed("writing a file", error));
    }
    sync_folder(folder)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Makes a folder's entries durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(|error| StoreError::io("syncing a folder", folder, error))
}

/// All regular files beneath a folder, sorted; parts of interrupted writes are left out.
pub(crate) fn files_beneath(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        let failed = |error| StoreError::io("listing a folder", &next, error);
        for entry in fs::read_dir(&next).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() && entry.path().extension().is_none_or(|it| it != "part") {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
