//! Zip containers (DOCX, XLSX): members within limits, whatever the container claims about itself.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Format, ReadError, limits};

/// An opened container that counts what it unpacks.
pub(super) struct Container<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    format: Format,
    unpacked_bytes: u64,
}

impl<'a> Container<'a> {
    pub(super) fn open(bytes: &'a [u8], format: Format) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(format, &error))?;
        if limits::ZIP_MEMBERS_MAX < archive.len() {
            return Err(ReadError::TooLarge { what: "zip members", limit: limits::ZIP_MEMBERS_MAX });
        }
        Ok(Self { archive, format, unpacked_bytes: 0 })
    }

    /// Names of all members.
    pub(super) fn names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(|name| name.to_string()).collect()
    }

    /// One member unpacked; `None` when there is none of that name.
    ///
    /// The size a member declares is not believed: reading stops at the limit.
    pub(super) fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let mut unpacked = Vec::new();
        let read = match self.archive.by_name(name) {
            Ok(member) if member.encrypted() => return Err(ReadError::Encrypted { format: self.format }),
            Ok(member) => member.take(limits::ZIP_MEMBER_BYTES_MAX + 1).read_to_end(&mut unpacked),
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(broken(self.format, &error)),
        };
        read.map_err(|error| ReadError::Broken { format: self.format, detail: format!("{name}: {error}") })?;
        let size = unpacked.len() as u64;
        self.unpacked_bytes += size;
        if limits::ZIP_MEMBER_BYTES_MAX < size || limits::ZIP_TOTAL_BYTES_MAX < self.unpacked_bytes {
            let limit = usize::try_from(limits::ZIP_MEMBER_BYTES_MAX).unwrap_or(usize::MAX);
            return Err(ReadError::TooLarge { what: "unpacked member", limit });
        }
        Ok(Some(unpacked))
    }
}

fn broken(format: Format, error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(why) if why.to_string().to_lowercase().contains("password") => {
            ReadError::Encrypted { format }
        }
        _ => ReadError::Broken { format, detail: error.to_string() },
    }
}
