//! The ledger as a stranger sees it: tiles over HTTP, proof files, and aics-tlog.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::http::Client;
use crate::place::TemporaryFolder;
use crate::python;
use crate::server::{Server, run};

/// Entries of a full bundle.
const BUNDLE_ENTRIES: u64 = 256;

/// Somebody who trusts nothing but the key.
pub struct Stranger<'s> {
    server: &'s Server,
    client: Client,
    folder: TemporaryFolder,
    vkey: String,
}

impl<'s> Stranger<'s> {
    /// Learns the key from the operator, not from the site.
    ///
    /// # Errors
    /// There is none.
    pub fn new(server: &'s Server) -> anyhow::Result<Self> {
        let output = run(server.data().path(), &["ledger", "vkey"])?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let vkey = String::from_utf8(output.stdout)?.trim().to_owned();
        let folder = TemporaryFolder::new()?;
        std::fs::write(folder.path().join("vkey"), &vkey)?;
        Ok(Self { server, client: Client::new(server), folder, vkey })
    }

    /// The published checkpoint and its size.
    ///
    /// # Errors
    /// There is none.
    pub async fn checkpoint(&self) -> anyhow::Result<(String, u64)> {
        let answer = self.client.get("/ledger/checkpoint").await?;
        ensure!(answer.status == 200, "checkpoint: {}", answer.status);
        let note = answer.text();
        let size = note.lines().nth(1).context("a checkpoint has three lines")?.parse()?;
        Ok((note, size))
    }

    /// Waits until the ledger covers entry `seq` (from 1).
    ///
    /// # Errors
    /// It does not come to it.
    pub async fn wait_for(&self, seq: u64) -> anyhow::Result<()> {
        let asked = std::time::Instant::now();
        while asked.elapsed() < std::time::Duration::from_secs(10) {
            if seq <= self.checkpoint().await?.1 {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        bail!("the ledger does not come to entry {seq}")
    }

    /// Verifies a proof file offline with the binary, as anybody can who has it.
    ///
    /// # Errors
    /// The binary cannot be started.
    pub fn verifies_offline(&self, proof: &str) -> anyhow::Result<Result<String, String>> {
        let file = self.folder.path().join("proof");
        std::fs::write(&file, proof)?;
        // Without the data directory: nothing but the file and the key is needed.
        let nowhere = self.folder.path().join("nowhere");
        let output = run(
            &nowhere,
            &["--lang", "en", "ledger", "verify", &file.to_string_lossy(), "--vkey", &self.vkey],
        )?;
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ok(if output.status.success() { Ok(said) } else { Err(said) })
    }

    /// Has aics-tlog fetch the tiles and verify: the checkpoint, that it holds entry `seq` (from 1), and that it
    /// grew out of `older`. `None` where aics-tlog is not installed.
    ///
    /// # Errors
    /// It refuses something.
    pub async fn verifies_over_http(&self, seq: u64, older: &str) -> anyhow::Result<Option<Value>> {
        let leaf = self.leaf(seq).await?;
        let old = self.folder.path().join("older");
        std::fs::write(&old, older)?;
        let index = (seq - 1).to_string();
        let runs: [(&str, Vec<String>); 3] = [
            ("verify-checkpoint", Vec::new()),
            (
                "verify-inclusion",
                vec!["--leaf".into(), leaf.to_string_lossy().into_owned(), "--index".into(), index],
            ),
            ("verify-consistency", vec!["--old-checkpoint".into(), old.to_string_lossy().into_owned()]),
        ];
        let mut last = Value::Null;
        for (command, arguments) in runs {
            let Some(mut aics) = python::tool("aics-tlog") else { return Ok(None) };
            let output = aics
                .args([command, "--tiles", &self.server.url("/ledger/"), "--vkey-file"])
                .arg(self.folder.path().join("vkey"))
                .args(arguments)
                .output()
                .context("starting aics-tlog")?;
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let complained = String::from_utf8_lossy(&output.stderr).into_owned();
            ensure!(output.status.success(), "aics-tlog {command} refused: {said}{complained}");
            last = serde_json::from_str(&said).unwrap_or(Value::Null);
        }
        Ok(Some(last))
    }

    /// The leaf of entry `seq` out of its bundle, as a file.
    async fn leaf(&self, seq: u64) -> anyhow::Result<PathBuf> {
        let (_, size) = self.checkpoint().await?;
        let index = seq.checked_sub(1).context("entries are numbered from 1")?;
        let bundle = index / BUNDLE_ENTRIES;
        let width = (size - bundle * BUNDLE_ENTRIES).min(BUNDLE_ENTRIES);
        let part = if width == BUNDLE_ENTRIES { String::new() } else { format!(".p/{width}") };
        let path = format!("/ledger/tile/entries/{}{part}", bundle_path(bundle));
        let answer = self.client.get(&path).await?;
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        // Each entry: its length in two bytes, big-endian, then its bytes (c2sp.org/tlog-tiles).
        let mut rest = &answer.body[..];
        for number in 0..=index % BUNDLE_ENTRIES {
            let (length, after) = rest.split_at_checked(2).context("the bundle ends early")?;
            let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
            let (entry, after) = after.split_at_checked(length).context("the bundle ends early")?;
            if number == index % BUNDLE_ENTRIES {
                let file = self.folder.path().join("leaf");
                std::fs::write(&file, entry)?;
                return Ok(file);
            }
            rest = after;
        }
        bail!("entry {seq} is not in {path}")
    }
}

/// The number in groups of three digits, all but the last with an `x` (c2sp.org/tlog-tiles).
fn bundle_path(mut number: u64) -> String {
    let mut path = format!("{:03}", number % 1000);
    while 1000 <= number {
        number /= 1000;
        path = format!("x{:03}/{path}", number % 1000);
    }
    path
}

/// The number of the entry that a proof file proves.
///
/// # Errors
/// The file names none.
pub fn seq_of_proof(proof: &str) -> anyhow::Result<u64> {
    let index =
        proof.lines().find_map(|line| line.strip_prefix("index ")).context("a proof names an index")?;
    Ok(index.trim().parse::<u64>()? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_lie_where_the_specification_says() {
        assert_eq!(bundle_path(5), "005");
        assert_eq!(bundle_path(1_234_067), "x001/x234/067");
    }
}
