//! The built binary, started on a folder of its own, and the plainest of HTTP clients.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// Runs a command to its end.
pub(crate) fn hutong(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().expect("the binary starts")
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hutong"));
    // The folder above is the working directory, so that no hutong.toml of the repository is found.
    command.env_clear().env("HUTONG_LANGUAGE", "en").env("HUTONG_DATA_DIR", data);
    command.env("PATH", "/usr/bin:/bin").current_dir(data.parent().expect("a folder above"));
    command
}

/// Output as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server that runs.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    /// Starts a server and waits until it says where it listens.
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = command(data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = lines.next().expect("it says something").expect("UTF-8");
        let url = line.split("http://").nth(1).unwrap_or_else(|| panic!("no address in {line:?}"));
        let address = url.trim_end_matches('/').parse().expect("an address");
        Self { child, address }
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ended");
    }

    /// Tells it to stop and waits for the end.
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill is there").success());
        assert!(self.child.wait().expect("it ended").success());
    }
}

impl Drop for Running {
    /// A test that fails leaves no server behind.
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Sends bytes as they are; `None` when the connection broke before an answer came.
pub(crate) fn send(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    // A server that refuses early may close before everything was sent; its answer still counts.
    let _refused_early = stream.write_all(request);
    let mut bytes = Vec::new();
    let _cut_short = stream.read_to_end(&mut bytes);
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// A request without a body.
pub(crate) fn get(address: SocketAddr, path: &str, cookie: &str) -> Option<Answer> {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{cookie}Connection: close\r\n\r\n");
    send(address, request.as_bytes())
}

/// A form.
pub(crate) fn post(address: SocketAddr, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Option<Answer> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let body = body.join("&");
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\n{cookie}Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    send(address, request.as_bytes())
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// The session cookie of an answer.
pub(crate) fn session(answer: &Answer) -> Option<String> {
    answer
        .head
        .lines()
        .filter_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie")))
        .filter_map(|(_, value)| value.split(';').next())
        .find(|pair| pair.starts_with("hutong_session=") && !pair.ends_with('='))
        .map(str::to_owned)
}
