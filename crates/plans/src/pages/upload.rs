//! Forms that come with files.

use axum::extract::Multipart;

use super::pieces::{Fields, FormRefusal};

/// A form with its files.
pub(super) struct Uploaded {
    /// Its fields.
    pub(super) fields: Fields,
    /// Name and content of each file that was chosen.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// Longest text of a field, in bytes.
const FIELD_BYTES_MAX: usize = 64 * 1024;

/// Reads a form; each file may have at most `bytes_max` bytes.
pub(super) async fn read_upload(mut multipart: Multipart, bytes_max: usize) -> Result<Uploaded, FormRefusal> {
    let broken = |_error| FormRefusal::BrokenOff;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(|it| it.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
        let limit = if file.is_some() { bytes_max } else { FIELD_BYTES_MAX };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if limit < bytes.len() + chunk.len() {
                return Err(FormRefusal::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        match file {
            // A file field that was left empty comes with an empty name.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) => files.push((file, bytes)),
            None => fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(Uploaded { fields: Fields(fields), files })
}
