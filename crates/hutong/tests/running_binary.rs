//! The built binary through its own doors: start, stop, power cuts, backup, hostile input.

mod binary;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use binary::{Answer, Running, get, hutong, post, send, session, text};
use hutong_kernel::Organisation;
use hutong_store::Query;
use hutong_testkit::TempFolder;

/// Registers the system administrator; the first password.
fn register(data: &Path) -> String {
    let output = hutong(
        data,
        &["user", "add", "shen.qi", "--name", "沈琦", "--role", "system_administrator", "--generate"],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    said.lines()
        .find_map(|line| line.strip_prefix("First password (shown once): "))
        .expect("a password")
        .to_owned()
}

/// Signs in; the session's cookie.
fn sign_in(server: &Running, password: &str) -> String {
    let fields = [("user_name", "shen.qi"), ("password", password)];
    let answer = post(server.address, "/sign-in", "", &fields).expect("an answer");
    session(&answer).unwrap_or_else(|| panic!("not signed in: {} {}", answer.status, answer.body))
}

/// Signs in with the first password and changes it, as everybody must.
fn first_sign_in(server: &Running, first: &str, second: &str) -> String {
    let cookie = sign_in(server, first);
    let fields = [("current", first), ("new", second), ("again", second)];
    let answer = post(server.address, "/password", &cookie, &fields).expect("an answer");
    session(&answer).unwrap_or_else(|| panic!("password not changed: {} {}", answer.status, answer.body))
}

const SECOND_PASSWORD: &str = "lanes join the courtyards";

fn found(server: std::net::SocketAddr, cookie: &str, name: &str) -> Option<Answer> {
    let fields = [
        ("name", name),
        ("name_en", ""),
        ("class", "department"),
        ("valid_from", "2026-01-01"),
        ("reason", "test of power cuts"),
    ];
    post(server, "/organisations/new", cookie, &fields)
}

#[test]
fn a_second_server_on_the_same_directory_is_refused() {
    let folder = TempFolder::new().expect("a folder");
    let data = folder.path().join("data");
    let server = Running::start(&data);
    let second = hutong(&data, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(6), "{}", text(&second.stderr));
    let grant = ["user", "grant", "shen.qi", "auditor", "--reason", "beside a server"];
    let refused = hutong(&data, &grant);
    assert_eq!(refused.status.code(), Some(6), "who writes must wait: {}", text(&refused.stderr));
    assert_eq!(get(server.address, "/healthz", "").expect("an answer").status, 200);
    server.stop();
}

/// Runs a command that must succeed; its output.
fn done(data: &Path, arguments: &[&str]) -> String {
    let output = hutong(data, arguments);
    let (said, noted) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?} ended with {}: {said}{noted}", output.status);
    said
}

#[test]
fn a_running_server_that_writes_is_saved_audited_and_proven_beside_it() {
    let folder = TempFolder::new().expect("a folder");
    let data = folder.path().join("data");
    let first = register(&data);
    let server = Running::start(&data);
    let cookie = first_sign_in(&server, &first, SECOND_PASSWORD);
    let address = server.address;
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let writer = {
        let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(&acknowledged));
        std::thread::spawn(move || {
            for number in 0..100_000 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let name = format!("第{number}局");
                let answer = found(address, &cookie, &name).expect("the server answers all the time");
                assert_eq!(answer.status, 303, "{} {}", answer.head, answer.body);
                acknowledged.lock().expect("nobody panics").push(name);
            }
        })
    };
    let so_far = || acknowledged.lock().expect("nobody panics").len();
    let mut before = 0;
    // Some are written before each of the commands: it begins amidst.
    let mut amidst = || {
        while so_far() < before + 5 {
            assert!(!writer.is_finished(), "the writer ended");
            std::thread::sleep(Duration::from_millis(2));
        }
        before = so_far();
    };

    amidst();
    assert!(done(&data, &["user", "list"]).contains("shen.qi"));
    let proof = folder.path().join("entry.tlog-proof").display().to_string();
    let prove = ["ledger", "prove", "3", "--out", &proof];
    // The ledger follows the journal in its own time; until then the answer is a refusal.
    let proven = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        let output = hutong(&data, &prove);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", text(&output.stderr));
        output.status.success()
    });
    assert!(proven, "entry 3 is not in the ledger after five seconds");
    let key = done(&data, &["ledger", "vkey"]);
    let verify = ["ledger", "verify", &proof, "--vkey", key.trim()];
    assert!(done(&data, &verify).contains("entry 3 "));
    assert!(done(&data, &["ledger", "status"]).contains("entries "));

    let mut saved = Vec::new();
    for round in 0..3 {
        amidst();
        done(&data, &["ledger", "audit"]);
        amidst();
        assert!(done(&data, &["doctor"]).contains("are checked beside it"));
        amidst();
        let known = acknowledged.lock().expect("nobody panics").clone();
        let backup = folder.path().join(format!("backup-{round}")).display().to_string();
        done(&data, &["backup", &backup]);
        saved.push((known, backup));
    }
    amidst();
    stop.store(true, Ordering::Relaxed);
    writer.join().expect("the writer");
    server.stop();
    done(&data, &["ledger", "audit"]);

    for (round, (known, backup)) in saved.iter().enumerate() {
        let restored = folder.path().join(format!("restored-{round}"));
        done(&restored, &["restore", backup]);
        // The restored ledger is behind its journal at most; the next server brings it up and goes on.
        Running::start(&restored).stop();
        done(&restored, &["ledger", "audit"]);
        done(&restored, &["doctor"]);
        assert_eq!(done(&restored, &["ledger", "vkey"]), key);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let names: Vec<String> = runtime.block_on(async {
            let store = hutong::wiring::open_existing_store(&restored).expect("the store");
            let all = store.all::<Organisation>(Query::all()).await.expect("organisations");
            all.into_iter().map(|it| it.record.name).collect()
        });
        for name in known {
            assert!(names.contains(name), "{name} was acknowledged before backup {round} and is not in it");
        }
    }
}

#[test]
fn what_was_backed_up_is_restored_and_proves_itself() {
    let folder = TempFolder::new().expect("a folder");
    let data = folder.path().join("data");
    register(&data);
    Running::start(&data).stop();
    let backup = folder.path().join("backup").display().to_string();
    let restored = folder.path().join("restored");
    let proof = folder.path().join("entry.tlog-proof").display().to_string();

    assert!(hutong(&data, &["backup", &backup]).status.success());
    assert_eq!(hutong(&data, &["backup", &backup]).status.code(), Some(4), "a folder that is not empty");
    let output = hutong(&restored, &["restore", &backup]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(hutong(&restored, &["user", "list"]).stdout, hutong(&data, &["user", "list"]).stdout);
    assert!(hutong(&restored, &["doctor"]).status.success());

    // A proof that was taken before holds with the key of the restored ledger.
    assert!(hutong(&data, &["ledger", "prove", "1", "--out", &proof]).status.success());
    let key = text(&hutong(&restored, &["ledger", "vkey"]).stdout);
    assert!(hutong(&restored, &["ledger", "verify", &proof, "--vkey", key.trim()]).status.success());
    let proven = std::fs::read_to_string(&proof).expect("the proof");
    std::fs::write(&proof, proven.replacen("\nindex 0", "\nindex 1", 1)).expect("written");
    assert_eq!(
        hutong(&restored, &["ledger", "verify", &proof, "--vkey", key.trim()]).status.code(),
        Some(5),
        "a proof of another place"
    );
}

#[test]
fn no_acknowledged_change_is_lost_in_ten_power_cuts() {
    let folder = TempFolder::new().expect("a folder");
    let data = folder.path().join("data");
    let first = register(&data);
    let server = Running::start(&data);
    first_sign_in(&server, &first, SECOND_PASSWORD);
    server.stop();

    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for cut in 0..10_u64 {
        let server = Running::start(&data);
        let cookie = sign_in(&server, SECOND_PASSWORD);
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                let (cookie, stop, acknowledged) =
                    (cookie.clone(), Arc::clone(&stop), Arc::clone(&acknowledged));
                let address = server.address;
                std::thread::spawn(move || {
                    for number in 0..10_000 {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let name = format!("第{cut}次第{writer}组第{number}局");
                        // Only a whole answer with a redirect is an acknowledgement.
                        if found(address, &cookie, &name).is_some_and(|answer| answer.status == 303) {
                            acknowledged.lock().expect("no writer panics").push(name);
                        }
                    }
                })
            })
            .collect();
        // At another moment of the work each time.
        std::thread::sleep(Duration::from_millis(150 + 37 * cut));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().expect("a writer");
        }
    }
    // The ledger catches up when the server runs once more and is stopped.
    Running::start(&data).stop();
    let acknowledged = acknowledged.lock().expect("all writers are gone").clone();
    assert!(30 < acknowledged.len(), "only {} changes were made: this proves nothing", acknowledged.len());

    let audit = hutong(&data, &["ledger", "audit"]);
    assert!(audit.status.success(), "{}{}", text(&audit.stdout), text(&audit.stderr));
    assert!(hutong(&data, &["doctor"]).status.success());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let names: Vec<String> = runtime.block_on(async {
        let store = hutong::wiring::open_existing_store(&data).expect("the store");
        let all = store.all::<Organisation>(Query::all()).await.expect("organisations");
        all.into_iter().map(|it| it.record.name).collect()
    });
    for name in &acknowledged {
        assert!(names.contains(name), "{name} was acknowledged and is gone");
    }
}

#[test]
fn hostile_input_is_refused_with_a_stable_code_at_every_door() {
    let folder = TempFolder::new().expect("a folder");
    let data = folder.path().join("data");
    let first = register(&data);
    let server = Running::start(&data);
    let cookie = first_sign_in(&server, &first, SECOND_PASSWORD);
    let address = server.address;

    let check = |answer: Option<Answer>, status: u16, code: &str| {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, status, "{} {}", answer.head, answer.body);
        assert!(answer.body.contains(code), "no {code} in {}", answer.body);
        assert!(answer.header("x-request-id").is_some(), "{}", answer.head);
    };
    check(get(address, "/organisations/not-an-id", &cookie), 404, "http.not_found");
    check(get(address, "/records/task/%FF%FE", &cookie), 400, "http.bad_request");
    check(get(address, "/api/v1/plans?cursor=not-a-cursor", &cookie), 400, "\"code\"");
    check(get(address, "/ledger/tile/0/../../ledger-lock/signing.key", &cookie), 404, "http.not_found");
    check(
        get(address, "/ledger/tile/0/%2e%2e%2f%2e%2e%2fledger-lock%2fsigning.key", ""),
        404,
        "http.not_found",
    );

    let raw = |method: &str, path: &str, content_type: &str, body: &[u8]| {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        send(address, &request)
    };
    let form = "application/x-www-form-urlencoded";
    check(raw("POST", "/organisations/new", form, &vec![b'a'; 2_000_000]), 413, "http.too_large");
    check(raw("POST", "/organisations/new", "text/plain", b"name=x"), 415, "http.unsupported_media_type");
    check(raw("DELETE", "/organisations", form, b""), 405, "http.method_not_allowed");
    check(
        raw("POST", "/organisations/new", form, b"name=%FF%FE&class=nonsense&reason=x"),
        422,
        "error-summary",
    );
    server.stop();
}
