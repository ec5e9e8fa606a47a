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
    assert_eq!(hutong(&data, &["user", "list"]).status.code(), Some(6));
    assert_eq!(get(server.address, "/healthz", "").expect("an answer").status, 200);
    server.stop();
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
