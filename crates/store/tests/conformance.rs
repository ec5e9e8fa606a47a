//! The embedded engine keeps every promise of the suite.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use hutong_store::{SqliteOptions, Store};
use hutong_testkit::TempFolder;
use hutong_testkit::conformance::StoreBed;

fn sqlite() -> StoreBed {
    let folder = TempFolder::new().unwrap();
    let data = folder.path().join("data");
    let options = SqliteOptions { readers: 2, cache_kib: 8 * 1024, ..SqliteOptions::default() };
    StoreBed {
        open: Box::new(move |kinds| Store::open_sqlite(&data, kinds, options.clone())),
        keep: Box::new(folder),
    }
}

hutong_testkit::store_conformance!(sqlite);
