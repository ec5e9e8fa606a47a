//! Verifiers that others wrote look at our ledger: aics-tlog and tlog-scales, from PyPI.
//!
//! They are installed once into a virtual environment beside the build's temporary files. Where that is
//! impossible the tests print that they were skipped and why; with `CI=true` they fail instead, unless a
//! release has been withdrawn from the index, which is nobody's fault here.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use hutong_ledger::LedgerPlace;
use hutong_ledger::prove::prove;
use hutong_ledger::serve::serve;
use hutong_ledger::verify::verify;

use crate::Bench;
use crate::attacks::rewrite_history;

/// aics-tlog says that it needs Python 3.12 and runs on 3.11; hence `--ignore-requires-python`.
const PINS: [&str; 4] =
    ["aics-tlog==0.2.1", "tlog-scales==0.0.3", "cryptography==50.0.2", "requests==2.34.2"];

/// Programs of the virtual environment, or `None` after saying why they are not there.
fn verifiers() -> Option<PathBuf> {
    match install() {
        Ok(programs) => Some(programs),
        Err(Missing { reason, withdrawn }) => {
            #[expect(clippy::disallowed_methods, reason = "tests have no configuration to ask")]
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(withdrawn || !in_ci, "foreign verifiers are required in CI: {reason}");
            #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
            {
                eprintln!("SKIPPED: foreign verifiers of the ledger: {reason}");
            }
            None
        }
    }
}

struct Missing {
    reason: String,
    /// The index no longer has a release that was pinned.
    withdrawn: bool,
}

fn install() -> Result<PathBuf, Missing> {
    let missing = |reason: String| Missing { reason, withdrawn: false };
    let pins = hutong_tlog::merkle::leaf_hash(PINS.join(" ").as_bytes());
    let name: String = pins.as_bytes()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("venv-{name}"));
    fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).unwrap();
    // Tests run as processes beside each other; one installs, the others wait.
    let guard = File::create(home.with_extension("lock")).unwrap();
    guard.lock().unwrap();
    let (programs, ready) = (home.join("bin"), home.join("ready"));
    if ready.try_exists().unwrap() {
        return Ok(programs);
    }
    let run = |command: &mut Command| -> Result<(), Missing> {
        let output = command.output().map_err(|error| missing(format!("{command:?}: {error}")))?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        // pip says "no matching distribution" also when it could not ask.
        let unreachable = ["Connection", "Timeout", "Temporary failure", "Name or service not known", "SSL"];
        let withdrawn =
            text.contains("No matching distribution") && !unreachable.iter().any(|it| text.contains(it));
        Err(Missing { reason: text, withdrawn })
    };
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--ignore-requires-python"];
    run(Command::new(programs.join("python"))
        .args(pip)
        .args(["--timeout", "20", "--retries", "2"])
        .args(PINS))?;
    fs::write(ready, "").unwrap();
    Ok(programs)
}

/// What aics-tlog says: its exit code and its one line of JSON.
struct Verdict {
    accepted: bool,
    report: serde_json::Value,
}

struct Foreign<'b> {
    programs: PathBuf,
    bench: &'b Bench,
    vkey: PathBuf,
}

impl<'b> Foreign<'b> {
    fn new(bench: &'b Bench) -> Option<Self> {
        let programs = verifiers()?;
        // The verifier refuses a key that lies with the tiles, and it is right.
        let vkey = bench.scratch.path().join("vkey-from-elsewhere");
        fs::write(&vkey, bench.vkey()).unwrap();
        Some(Self { programs, bench, vkey })
    }

    fn aics(&self, command: &str, tiles: &str, arguments: &[&str]) -> Verdict {
        let output = Command::new(self.programs.join("aics-tlog"))
            .args([command, "--tiles", tiles, "--vkey-file"])
            .arg(&self.vkey)
            .args(arguments)
            .output()
            .unwrap();
        let report = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
        Verdict { accepted: output.status.success(), report }
    }

    fn accepts(&self, command: &str, tiles: &str, arguments: &[&str]) -> serde_json::Value {
        let verdict = self.aics(command, tiles, arguments);
        assert!(verdict.accepted, "{command} {tiles} {arguments:?}: {}", verdict.report);
        verdict.report
    }

    /// Everything that the verifier can check of a ledger that grew from `old` to what it is now.
    fn check_all(&self, tiles: &str, old: &Path, entries: u64) {
        let report = self.accepts("verify-checkpoint", tiles, &["--origin", crate::ORIGIN]);
        assert_eq!(report["size"], entries);
        let leaf = self.bench.scratch.path().join("leaf");
        for seq in [1, 2, 255, 256, 257, entries] {
            let proof = prove(&self.bench.place, &self.bench.journal, seq).unwrap();
            fs::write(&leaf, verify(&proof, &self.bench.vkey()).unwrap().commitment).unwrap();
            let index = (seq - 1).to_string();
            let arguments = ["--leaf", leaf.to_str().unwrap(), "--index", &index];
            self.accepts("verify-inclusion", tiles, &arguments);
        }
        self.accepts("verify-consistency", tiles, &["--old-checkpoint", old.to_str().unwrap()]);
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A ledger of 700 entries, and its checkpoint from when there were 300.
fn grown() -> (Bench, PathBuf) {
    let bench = Bench::with_entries(300);
    let old = bench.scratch.path().join("old-checkpoint");
    fs::write(&old, bench.checkpoint()).unwrap();
    bench.journal.append(400);
    bench.catch_up();
    (bench, old)
}

#[test]
fn aics_tlog_verifies_the_folder() {
    let (bench, old) = grown();
    let Some(foreign) = Foreign::new(&bench) else { return };
    foreign.check_all(bench.place.tiles.to_str().unwrap(), &old, 700);
}

#[test]
fn aics_tlog_verifies_what_is_served_over_http() {
    let (bench, old) = grown();
    let Some(foreign) = Foreign::new(&bench) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ledger", listener.local_addr().unwrap());
    let place = bench.place.clone();
    // Ends with the test's process.
    let _server = thread::spawn(move || {
        for stream in listener.incoming() {
            let place = place.clone();
            let _connection = thread::spawn(move || answer(stream.unwrap(), &place));
        }
    });
    foreign.check_all(&url, &old, 700);
}

fn answer(stream: TcpStream, place: &LedgerPlace) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut request = String::new();
    reader.read_line(&mut request).unwrap();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| 2 < length) {
        line.clear();
    }
    let mut stream = stream;
    let head = match request.split(' ').nth(1).and_then(|path| serve(place, path)) {
        Some(served) => {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                served.content_type,
                served.bytes.len()
            );
            [head.into_bytes(), served.bytes].concat()
        }
        None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
    };
    // The verifier may have gone away; then its own exit code tells.
    let _sent = stream.write_all(&head);
}

#[test]
fn aics_tlog_catches_a_history_that_was_rewritten_and_signed_with_the_right_key() {
    let bench = Bench::with_entries(300);
    let old = bench.scratch.path().join("old-checkpoint");
    fs::write(&old, bench.checkpoint()).unwrap();
    let forged = rewrite_history(&bench, 701);
    let Some(foreign) = Foreign::new(&bench) else { return };
    let tiles = forged.place.tiles.to_str().unwrap();
    foreign.accepts("verify-checkpoint", tiles, &[]);
    let verdict = foreign.aics("verify-consistency", tiles, &["--old-checkpoint", old.to_str().unwrap()]);
    assert!(!verdict.accepted, "{}", verdict.report);
    assert!(verdict.report.to_string().contains("rewritten"), "{}", verdict.report);
}

#[test]
fn aics_tlog_catches_a_changed_byte_in_a_tile() {
    let (bench, old) = grown();
    let Some(foreign) = Foreign::new(&bench) else { return };
    let tile = bench.place.tiles.join("tile/0/001");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[4000] ^= 1;
    fs::write(tile, bytes).unwrap();
    let tiles = bench.place.tiles.to_str().unwrap();
    let verdict = foreign.aics("verify-consistency", tiles, &["--old-checkpoint", old.to_str().unwrap()]);
    assert!(!verdict.accepted, "{}", verdict.report);
}

#[test]
fn tlog_scales_makes_the_same_proofs_byte_for_byte() {
    let (bench, _old) = grown();
    let Some(programs) = verifiers() else { return };
    let tiles = bench.place.tiles.to_str().unwrap();
    for seq in [1_u64, 256, 257, 699, 700] {
        let index = (seq - 1).to_string();
        let output =
            Command::new(programs.join("tlog-tiles")).args(["gen-proof", tiles, &index]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let ours = prove(&bench.place, &bench.journal, seq).unwrap();
        let vkey = bench.vkey();
        let commitment = verify(&ours, &vkey).unwrap().commitment;
        let theirs = String::from_utf8(output.stdout).unwrap();
        let without_extra: String =
            ours.split_inclusive('\n').filter(|line| !line.starts_with("extra ")).collect();
        assert_eq!(theirs, without_extra);

        let output = Command::new(programs.join("tlog-tiles"))
            .args(["get-leaf", "--check", tiles, &index])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(output.stdout, commitment);
    }
}
