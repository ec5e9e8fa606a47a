//! What the web hands out under `/ledger/`.

use hutong_ledger::serve::serve;

use crate::Bench;

#[test]
fn checkpoint_key_tiles_and_bundles_are_served_with_their_types() {
    let bench = Bench::with_entries(300);
    let get = |path: &str| serve(&bench.place, path);
    let checkpoint = get("/ledger/checkpoint").unwrap();
    assert_eq!(checkpoint.content_type, "text/plain; charset=utf-8");
    assert_eq!(checkpoint.cache_control, "no-cache");
    assert_eq!(checkpoint.bytes, bench.checkpoint().into_bytes());
    assert_eq!(get("/ledger/vkey").unwrap().bytes, bench.vkey().into_bytes());
    let tile = get("/ledger/tile/0/000").unwrap();
    assert_eq!((tile.content_type, tile.bytes.len()), ("application/octet-stream", 8192));
    assert!(tile.cache_control.contains("immutable"));
    assert_eq!(get("/ledger/tile/1/000.p/1").unwrap().bytes.len(), 32);
    assert_eq!(get("/ledger/tile/entries/001.p/44").unwrap().bytes.len(), 44 * 34);
}

#[test]
fn a_partial_tile_that_was_tidied_away_is_cut_from_the_full_one() {
    let bench = Bench::with_entries(100);
    let (hashes, entries) = ("/ledger/tile/0/000.p/100", "/ledger/tile/entries/000.p/100");
    let before = [hashes, entries].map(|path| serve(&bench.place, path).unwrap());
    bench.journal.append(200);
    bench.catch_up();
    assert!(!bench.place.tiles.join("tile/0/000.p").try_exists().unwrap(), "tidied away");
    assert_eq!([hashes, entries].map(|path| serve(&bench.place, path).unwrap()), before);
}

#[test]
fn nothing_else_is_ever_read() {
    let bench = Bench::with_entries(3);
    std::fs::write(bench.place.tiles.join("secret"), "secret").unwrap();
    for path in [
        "",
        "/",
        "/ledger",
        "/ledger/",
        "/ledger/secret",
        "/ledger/../ledger-key/signing.key",
        "/ledger/tile/../../ledger-key/signing.key",
        "/ledger/tile/0/../0/000.p/3",
        "/ledger/tile/0//000.p/3",
        "/ledger/tile/0/000.p/3/",
        "/ledger/tile/0/000.p/03",
        "/ledger/tile/0/%30%30%30.p/3",
        "/ledger//tile/0/000.p/3",
        "/ledger/tile/0/000.p/4",
        "/ledger/tile/0/000",
        "/ledger/tile/1/000.p/1",
        "/ledger/.tmp/1",
        "/ledger/checkpoint/",
        "/ledger/checkpoint\0",
        "ledger/checkpoint",
    ] {
        assert_eq!(serve(&bench.place, path), None, "{path:?}");
    }
    assert!(serve(&bench.place, "/ledger/tile/0/000.p/3").is_some());
}
