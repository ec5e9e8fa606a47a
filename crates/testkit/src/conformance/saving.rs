//! Claims about files, backups, opening again and examining.

use std::fs;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use hutong_kernel::Id as _;
use hutong_store::{Query, Record, Sha256, SqliteOptions, Store, Version, backup};

use super::MakeBed;
use super::records::{Chore, chore, create, kinds};
use crate::TempFolder;

pub async fn what_was_written_is_there_after_opening_again(make: MakeBed) {
    let bed = make();
    let mut written = Vec::new();
    for round in 0..3_u64 {
        let store = bed.store();
        assert_eq!(*store.head().borrow(), round * 10);
        let chores: Vec<Chore> = (0..10).map(|number| chore(&store, &format!("{round}-{number}"))).collect();
        let receipts = create(&store, &chores).await.unwrap();
        assert_eq!(receipts[0].seq, round * 10 + 1);
        written.extend(chores);
    }
    let store = bed.store();
    for one in &written {
        assert_eq!(store.get::<Chore>(one.id).await.unwrap().unwrap().record, *one);
    }
    assert_eq!(store.feed(0, 100).await.unwrap().len(), 30);
}

pub async fn files_are_kept_by_their_hash(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(store.put_file(Vec::new()).await.unwrap().sha256.to_string(), empty);
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
    let kept = store.put_file(bytes.clone()).await.unwrap();
    assert_eq!((kept.sha256, kept.len), (Sha256::of(&bytes), 3_000_000));
    assert_eq!(store.put_file(bytes.clone()).await.unwrap(), kept);
    assert_eq!(store.read_file(&kept.sha256).await.unwrap(), bytes);
    let missing = store.read_file(&Sha256([1; 32])).await.unwrap_err();
    assert_eq!(missing.code(), "store.file_missing");
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<hutong_store::FileRef>(&text).unwrap(), kept);
    drop(store);
    assert_eq!(bed.store().read_file(&kept.sha256).await.unwrap(), bytes);
}

pub async fn a_damaged_file_is_not_handed_out(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let kept = store.put_file(b"minutes of the meeting".to_vec()).await.unwrap();
    let hex = kept.sha256.to_string();
    let path = store.folder().join("files").join(&hex[..2]).join(&hex[2..]);
    fs::write(&path, b"minutes of another meeting").unwrap();
    assert_eq!(store.read_file(&kept.sha256).await.unwrap_err().code(), "store.file_damaged");
    let findings = store.check(&|_| {}).await.unwrap();
    assert_eq!(findings.iter().map(|it| it.code()).collect::<Vec<_>>(), ["store.finding.file"]);
    let folder = TempFolder::new().unwrap();
    let refused = store.backup(&folder.path().join("b"), &[], &|_| {}).await.unwrap_err();
    assert_eq!(refused.code(), "store.file_damaged");
    // Putting the right bytes in again mends it.
    store.put_file(b"minutes of the meeting".to_vec()).await.unwrap();
    assert_eq!(store.read_file(&kept.sha256).await.unwrap(), b"minutes of the meeting");
}

pub async fn a_backup_made_under_load_restores_to_a_sound_store(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    let first: Vec<Chore> = (0..2_000).map(|number| chore(&store, &format!("{number}"))).collect();
    create(&store, &first).await.unwrap();
    let kept = store.put_file(b"evidence".to_vec()).await.unwrap();
    let extra = store.folder().join("ledger").join("tile");
    fs::create_dir_all(&extra).unwrap();
    fs::write(extra.join("000"), b"tile").unwrap();

    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (store, stop) = (store.clone(), Arc::clone(&stop));
        async move {
            while !stop.load(Ordering::Relaxed) {
                let one = chore(&store, "meanwhile");
                create(&store, std::slice::from_ref(&one)).await.unwrap();
                let mut change =
                    store.begin(&crate::system_context(&crate::FakeClock::default(), "load"), "meanwhile");
                change.update(Version(1), &one);
                change.commit().await.unwrap();
            }
        }
    });
    let folder = TempFolder::new().unwrap();
    let to = folder.path().join("backup");
    let steps = Mutex::new(Vec::new());
    let manifest = store
        .backup(&to, &[store.folder().join("ledger")], &|step| steps.lock().unwrap().push(step))
        .await
        .unwrap();
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
    assert!(manifest.files.contains_key("ledger/tile/000"), "{manifest:?}");
    assert!(2_000 <= manifest.head);
    for step in ["extra", "database", "files"] {
        let last = steps.lock().unwrap().iter().rfind(|it| it.step == step).copied().unwrap();
        assert_eq!(last.done, last.total, "{step}");
    }

    let data = folder.path().join("data");
    assert_eq!(backup::restore(&to, &data, &|_| {}).unwrap(), manifest);
    // A backup is opened by the engine that made it; the embedded one is opened here.
    if manifest.engine == "sqlite" {
        let restored = Store::open_sqlite(&data, kinds(), SqliteOptions::default()).unwrap();
        assert_eq!(restored.check(&|_| {}).await.unwrap(), Vec::new());
        assert!(manifest.head <= *restored.head().borrow());
        assert_eq!(restored.read_file(&kept.sha256).await.unwrap(), b"evidence");
        assert_eq!(fs::read(data.join("ledger/tile/000")).unwrap(), b"tile");
        for one in &first {
            assert_eq!(restored.get::<Chore>(one.id).await.unwrap().unwrap().record, *one);
        }
        create(&restored, &[chore(&restored, "after the restore")]).await.unwrap();
    }
}

pub async fn a_damaged_or_unfinished_backup_is_not_restored(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    create(&store, &[chore(&store, "x")]).await.unwrap();
    let kept = store.put_file(b"evidence".to_vec()).await.unwrap();
    let folder = TempFolder::new().unwrap();
    let to = folder.path().join("backup");
    let manifest = store.backup(&to, &[], &|_| {}).await.unwrap();
    let data = folder.path().join("data");
    let refused = || backup::restore(&to, &data, &|_| {}).unwrap_err().code();

    let name = manifest.files.keys().find(|it| it.starts_with("files/")).unwrap();
    let path = to.join(name);
    fs::write(&path, b"evidence!").unwrap();
    assert_eq!(refused(), "store.backup_damaged");
    fs::remove_file(&path).unwrap();
    assert_eq!(refused(), "store.backup_damaged");
    fs::write(&path, b"evidence").unwrap();

    let text = fs::read_to_string(to.join(backup::MANIFEST)).unwrap();
    fs::write(to.join(backup::MANIFEST), text.replace(name, "../../outside")).unwrap();
    assert_eq!(refused(), "store.backup_damaged");
    fs::remove_file(to.join(backup::MANIFEST)).unwrap();
    assert_eq!(refused(), "store.backup_damaged");
    assert!(fs::read_dir(&data).unwrap().next().is_none(), "nothing was written");
    fs::write(to.join(backup::MANIFEST), text).unwrap();
    backup::restore(&to, &data, &|_| {}).unwrap();
    assert_eq!(kept.len, 8);
}

pub async fn nothing_is_overwritten_by_backup_or_restore(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    create(&store, &[chore(&store, "x")]).await.unwrap();
    let folder = TempFolder::new().unwrap();
    let to = folder.path().join("backup");
    store.backup(&to, &[], &|_| {}).await.unwrap();
    assert_eq!(store.backup(&to, &[], &|_| {}).await.unwrap_err().code(), "store.not_empty");
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("mine"), b"mine").unwrap();
    assert_eq!(backup::restore(&to, &data, &|_| {}).unwrap_err().code(), "store.not_empty");
    assert_eq!(fs::read(data.join("mine")).unwrap(), b"mine");
}

pub async fn a_sound_store_has_no_findings(make: MakeBed) {
    let bed = make();
    let store = bed.store();
    assert_eq!(store.check(&|_| {}).await.unwrap(), Vec::new());
    let chores: Vec<Chore> = (0..1_500).map(|number| chore(&store, &format!("{number}"))).collect();
    create(&store, &chores).await.unwrap();
    let mut change = store.begin(&crate::system_context(&crate::FakeClock::default(), "x"), "on");
    for one in chores.iter().step_by(3) {
        change.update(Version(1), one);
    }
    change.commit().await.unwrap();
    store.put_file(b"file".to_vec()).await.unwrap();
    let steps = Mutex::new(Vec::new());
    let findings = store.check(&|step| steps.lock().unwrap().push(step)).await.unwrap();
    assert_eq!(findings, Vec::new());
    for step in ["database", "journal", "records", "files"] {
        let last = steps.lock().unwrap().iter().rfind(|it| it.step == step).copied().unwrap();
        assert_eq!(last.done, last.total);
    }
    assert_eq!(store.all::<Chore>(Query::all()).await.unwrap().len(), 1_500);
    assert_eq!(store.history(Chore::KIND, chores[0].id.uuid(), None, 9).await.unwrap().len(), 2);
}
