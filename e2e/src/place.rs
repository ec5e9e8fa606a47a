//! Where things lie: the binary, the tools, the pictures, the temporary folders.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, bail};

/// A variable of the environment; empty counts as not set.
pub fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are configured by their environment only")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Does this run have to have everything? Continuous integration sets `CI`.
pub fn must_have_everything() -> bool {
    variable("CI").is_some_and(|value| value != "false")
}

/// Says what is left out and why; in continuous integration nothing may be left out.
///
/// # Panics
/// In continuous integration.
#[expect(clippy::print_stdout, reason = "whoever runs the tests must see what was left out")]
pub fn leave_out(what: &str, why: &str) {
    assert!(!must_have_everything(), "{what}: {why}, and CI leaves nothing out");
    println!("left out: {what}: {why}");
}

/// Prints a measurement beside the test's result.
#[expect(clippy::print_stdout, reason = "measurements belong to the result")]
pub fn note(line: &str) {
    println!("{line}");
}

/// The repository.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Cargo's target directory: the one that this test was built in.
///
/// # Errors
/// The test does not lie in one.
pub fn target() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("finding this program")?;
    // target/<profile>/deps/<this program>
    let target = program.ancestors().nth(3).context("this program lies in no target directory")?;
    Ok(target.to_owned())
}

/// The built binary: `E2E_BIN`, or the one beside this test.
///
/// # Errors
/// It is not there.
pub fn binary() -> anyhow::Result<PathBuf> {
    let path = match variable("E2E_BIN") {
        Some(path) => PathBuf::from(path),
        None => target()?.join("debug").join("hutong"),
    };
    if !path.is_file() {
        bail!("{} is not there: cargo build -p hutong, or set E2E_BIN", path.display());
    }
    Ok(path)
}

/// Where pictures and reports of this run go; made if it is missing.
///
/// # Errors
/// It cannot be made.
pub fn report_folder(name: &str) -> anyhow::Result<PathBuf> {
    let folder = target()?.join("e2e").join(name);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// A folder that is removed with everything in it when it is dropped.
#[derive(Debug)]
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// A new, empty folder.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new() -> anyhow::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("hutong-e2e-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // The operating system clears its temporary folder in the end; nothing to do about a failure here.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
