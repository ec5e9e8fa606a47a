//! The key that signs checkpoints.
//!
//! Made once, at the first start, and never written over: a log with a new key is a new log to everybody
//! who kept the old one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use hutong_tlog::{SigningKey, VerifierKey};
use zeroize::Zeroizing;

use crate::error::LedgerError;
use crate::folder::{io_error, read_text_if_there};
use crate::place::LedgerPlace;

/// Permission bits that nobody but the owner may have on the key.
const OTHERS: u32 = 0o077;

/// Reads the signing key; `None` when there is none.
///
/// # Errors
/// When others may read it, when it is no key, or when it is that of another ledger.
pub fn read(place: &LedgerPlace) -> Result<Option<SigningKey>, LedgerError> {
    let path = &place.key;
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.mode() & 0o777,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(io_error("inspect", path, source)),
    };
    // As ssh does: a key that others could have copied is not signed with, so that it is noticed.
    if mode & OTHERS != 0 {
        return Err(LedgerError::KeyExposed { path: path.clone(), mode });
    }
    let text = Zeroizing::new(read_text_if_there(path)?.unwrap_or_default());
    let key = SigningKey::parse(text.trim_end())
        .map_err(|source| LedgerError::KeyMalformed { path: path.clone(), source })?;
    if key.verifier().name() != place.origin {
        return Err(LedgerError::KeyOfOther {
            found: key.verifier().name().to_owned(),
            expected: place.origin.clone(),
        });
    }
    Ok(Some(key))
}

/// Makes the signing key with mode 0600. Fails if there is one.
pub fn create(place: &LedgerPlace) -> Result<SigningKey, LedgerError> {
    let mut seed = Zeroizing::new([0_u8; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(LedgerError::NoRandomness)?;
    let key = SigningKey::from_seed(&place.origin, &seed)
        .map_err(|source| LedgerError::BadOrigin { origin: place.origin.clone(), source })?;
    write(&place.key, &Zeroizing::new(format!("{}\n", key.to_secret_text())))?;
    Ok(key)
}

/// Writes the text of a key to a file that must not exist, with mode 0600.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), LedgerError> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(|source| io_error("make", dir, source))?;
    let partial = path.with_extension("new");
    // Left by a crash before the link below: it has signed nothing.
    match fs::remove_file(&partial) {
        Ok(()) => {}
        Err(source) if source.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(io_error("remove", &partial, source)),
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&partial)
        .map_err(|source| io_error("create", &partial, source))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|source| io_error("write", &partial, source))?;
    // A link, unlike a rename, never replaces what is there.
    fs::hard_link(&partial, path).map_err(|source| io_error("create", path, source))?;
    fs::remove_file(&partial).map_err(|source| io_error("remove", &partial, source))?;
    // The key must be on disk before anything that it signs: a signature of a key that a power cut took
    // back would belong to nobody.
    for dir in [dir, dir.parent().unwrap_or(Path::new("."))] {
        fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| io_error("sync", dir, source))?;
    }
    Ok(())
}

/// The public key that the ledger publishes, without touching the signing key.
///
/// # Errors
/// [`LedgerError::NotStarted`] when there is none yet.
pub fn published(place: &LedgerPlace) -> Result<VerifierKey, LedgerError> {
    let path = place.vkey();
    let text =
        read_text_if_there(&path)?.ok_or_else(|| LedgerError::NotStarted { path: place.tiles.clone() })?;
    VerifierKey::parse(text.trim_end()).map_err(|source| LedgerError::KeyMalformed { path, source })
}
