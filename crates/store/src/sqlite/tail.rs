//! The journal's end of a database that another process writes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::watch;

use super::SqliteOptions;
use super::connection::{Owner, explain_error, open_reader};
use super::writer::newest;
use crate::StoreError;

/// Reads the newest sequence number anew whenever it is asked for: nobody tells this process that it moved.
pub(super) struct Tail {
    connection: Mutex<Connection>,
    head: watch::Sender<u64>,
    path: PathBuf,
}

impl Tail {
    pub(super) fn open(path: &Path, options: &SqliteOptions) -> Result<Self, StoreError> {
        let read = || -> rusqlite::Result<(Connection, u64)> {
            let connection = open_reader(path, (options.cache_kib / 8).max(1_024), Owner::Another)?;
            let head = newest(&connection)?;
            Ok((connection, head))
        };
        let (connection, head) =
            read().map_err(|error| explain_error("reading the journal's end", path, error))?;
        Ok(Self { connection: Mutex::new(connection), head: watch::Sender::new(head), path: path.to_owned() })
    }

    /// One look at the end of an index: short enough for a thread of the runtime.
    pub(super) fn head(&self) -> watch::Receiver<u64> {
        match newest(&self.connection.lock().unwrap_or_else(PoisonError::into_inner)) {
            Ok(head) => {
                self.head.send_replace(head);
            }
            // What was read before is still true, only not the newest.
            Err(error) => {
                tracing::warn!(%error, path = %self.path.display(), "the journal's end cannot be read");
            }
        }
        self.head.subscribe()
    }
}
