//! The built binary, started as people start it, on a free port, with its log kept.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::{Context, bail};

use crate::http::Client;
use crate::place::{self, TemporaryFolder};

/// The demo fills its directory on the first start; a dev build on a busy machine takes its time.
const FIRST_ANSWER_MAX: Duration = Duration::from_secs(90);

/// A stopping server is given so long.
const STOP_MAX: Duration = Duration::from_secs(20);

/// A running server.
pub struct Server {
    child: Child,
    address: String,
    data: Arc<TemporaryFolder>,
    log: Arc<Mutex<Vec<String>>>,
    /// From starting the process to its first answer over HTTP.
    pub first_answer_after: Duration,
}

impl Server {
    /// The demo district in a directory of its own.
    ///
    /// It is filled once for each binary and day, and copied for each test: filling takes seconds.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn demo() -> anyhow::Result<Self> {
        let data = TemporaryFolder::new()?;
        copy_folder(&filled_demo()?, data.path())?;
        Self::start(&["demo"], Arc::new(data)).await
    }

    /// The demo district in a new, empty directory.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn new_demo() -> anyhow::Result<Self> {
        Self::start(&["demo"], Arc::new(TemporaryFolder::new()?)).await
    }

    /// The demo district in a directory that was used before.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn demo_again(data: Arc<TemporaryFolder>) -> anyhow::Result<Self> {
        Self::start(&["demo"], data).await
    }

    async fn start(arguments: &[&str], data: Arc<TemporaryFolder>) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut command = hutong(data.path())?;
        command.args(arguments).args(["--listen", "127.0.0.1:0"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("starting hutong")?;
        let log = Arc::new(Mutex::new(Vec::new()));
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|it| Box::new(it) as Box<dyn Read + Send>),
            child.stderr.take().map(|it| Box::new(it) as Box<dyn Read + Send>),
        ];
        for stream in streams.into_iter().flatten() {
            let log = Arc::clone(&log);
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                }
            });
        }
        let mut server =
            Self { child, address: String::new(), data, log, first_answer_after: Duration::ZERO };
        loop {
            if let Some(status) = server.child.try_wait()? {
                bail!("hutong ended with {status} before it answered:\n{}", server.log().join("\n"));
            }
            if FIRST_ANSWER_MAX < started.elapsed() {
                bail!("hutong did not answer within {FIRST_ANSWER_MAX:?}:\n{}", server.log().join("\n"));
            }
            if server.address.is_empty()
                && let Some(address) = server.log().iter().find_map(|line| address_in(line))
            {
                server.address = address;
            }
            if !server.address.is_empty()
                && Client::new(&server).get("/healthz").await.is_ok_and(|it| it.status == 200)
            {
                server.first_answer_after = started.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The address of a path, e.g. `/tasks`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Its data directory; it outlives the server as long as somebody holds it.
    pub fn data(&self) -> Arc<TemporaryFolder> {
        Arc::clone(&self.data)
    }

    /// Everything it has written so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stops it as an operator does and demands a clean end and a clean log.
    ///
    /// # Panics
    /// The log holds a warning or an error, or the server did not end well.
    pub fn stop_with_clean_log(mut self) {
        let status = self.stop();
        let log = self.log();
        let unclean: Vec<&str> = log.iter().map(String::as_str).filter(|line| is_complaint(line)).collect();
        assert!(unclean.is_empty(), "the log of {} lines is not clean:\n{}", log.len(), unclean.join("\n"));
        assert!(
            status.as_ref().is_ok_and(ExitStatus::success),
            "hutong ended with {status:?}:\n{}",
            log.join("\n")
        );
    }

    /// Asks it to stop (SIGTERM) and waits.
    fn stop(&mut self) -> anyhow::Result<ExitStatus> {
        // Without a crate for one signal: the command is part of every system that runs these tests.
        Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .context("asking hutong to stop")?;
        let asked = Instant::now();
        while asked.elapsed() < STOP_MAX {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("hutong did not stop within {STOP_MAX:?}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed leaves its server running; its own log says why.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The binary with a data directory and nothing of this process's settings.
///
/// # Errors
/// It is not there.
pub fn hutong(data: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(place::binary()?);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HUTONG_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).env("NO_COLOR", "1").arg("--data-dir").arg(data);
    Ok(command)
}

/// Runs a command of the binary to its end.
///
/// # Errors
/// It cannot be started.
pub fn run(data: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    hutong(data)?.args(arguments).output().with_context(|| format!("running hutong {arguments:?}"))
}

/// A directory that holds the filled demo of this binary and day; nobody writes into it.
fn filled_demo() -> anyhow::Result<PathBuf> {
    let built = place::binary()?.metadata()?.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    // Laid out relative to the day on which it is filled; a run over midnight fills another one.
    #[expect(clippy::disallowed_methods, reason = "tests that run the real binary live on the machine's day")]
    let day = std::time::SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400;
    let folder = place::report_folder("demo")?;
    let filled = folder.join(format!("{built}-{day}"));
    if !filled.is_dir() {
        // Beside it and then renamed: tests may run at the same time, and one may be stopped in the middle.
        let filling = folder.join(format!("filling-{}", std::process::id()));
        let output = run(&filling, &["demo", "--fill-only"])?;
        if !output.status.success() {
            bail!("filling the demo: {}", String::from_utf8_lossy(&output.stderr));
        }
        if std::fs::rename(&filling, &filled).is_err() {
            // Somebody else was faster, and theirs is as good.
            std::fs::remove_dir_all(&filling)?;
        }
    }
    Ok(filled)
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)
                .with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}

fn address_in(line: &str) -> Option<String> {
    let at = line.find("http://127.0.0.1:")?;
    let address: String = line[at..].chars().take_while(|it| !it.is_whitespace()).collect();
    Some(address.trim_end_matches(|it: char| !it.is_ascii_digit()).to_owned())
}

fn is_complaint(line: &str) -> bool {
    // Both forms of the log: text with the level as a word, JSON with it as a field.
    line.split_whitespace().take(3).any(|word| matches!(word, "WARN" | "ERROR"))
        || line.contains("\"level\":\"WARN\"")
        || line.contains("\"level\":\"ERROR\"")
        || line.contains("panicked at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_a_sentence() {
        assert_eq!(
            address_in("hutong: http://127.0.0.1:40123/ ready").as_deref(),
            Some("http://127.0.0.1:40123")
        );
        assert_eq!(address_in("listening on 127.0.0.1:1"), None);
    }

    #[test]
    fn warnings_and_errors_are_complaints() {
        assert!(is_complaint("2026-11-23T03:00:00Z  WARN hutong::serve: slow"));
        assert!(is_complaint("{\"level\":\"ERROR\",\"message\":\"x\"}"));
        assert!(is_complaint("thread 'x' panicked at src/a.rs:1:1:"));
        assert!(!is_complaint("2026-11-23T03:00:00Z  INFO hutong::serve: WARN is only a word here"));
    }
}
