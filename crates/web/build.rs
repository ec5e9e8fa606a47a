//! Embeds the browser's part (`web/dist`, bundled by `web/build.mjs`) into the crate.
//!
//! `HUTONG_WEB_DIST` names another folder with finished assets, for machines without Node. Otherwise, when
//! `web/dist` is missing or older than its sources, npm is asked to build it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() {
    println!("cargo:rerun-if-env-changed=HUTONG_WEB_DIST");
    if let Err(reason) = embed() {
        println!("cargo:warning={reason}");
        #[expect(clippy::print_stderr, reason = "cargo shows what a build script writes there")]
        {
            eprintln!("{reason}");
        }
        std::process::exit(1);
    }
}

fn embed() -> Result<(), String> {
    let manifest_dir = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let web = manifest_dir.join("../../web");
    let dist = match variable("HUTONG_WEB_DIST") {
        Ok(folder) => PathBuf::from(folder),
        Err(_) => built_dist(&web)?,
    };
    let manifest = fs::read_to_string(dist.join("manifest.json")).map_err(|e| missing(&dist, &e))?;
    let mut code = String::from("static FILES: &[File] = &[\n");
    let mut names = String::new();
    for (logical, name) in pairs(&manifest) {
        if logical == "sources" {
            continue;
        }
        let path = dist.join(&name).canonicalize().map_err(|e| missing(&dist.join(&name), &e))?;
        let gzip = dist.join(format!("{name}.gz")).canonicalize().map_err(|e| missing(&dist, &e))?;
        let _ = writeln!(
            code,
            "    File {{ name: {name:?}, plain: include_bytes!({path:?}), gzip: include_bytes!({gzip:?}) }},"
        );
        let constant = match logical.as_str() {
            "hutong.js" => "SCRIPT",
            "hutong.css" => "STYLE",
            "mark.svg" => "MARK",
            _ => continue,
        };
        let _ = writeln!(names, "/// Address of the bundled `{logical}`.");
        let _ = writeln!(names, "pub(crate) const {constant}: &str = \"/assets/{name}\";");
    }
    code.push_str("];\n");
    code.push_str(&names);
    println!("cargo:rerun-if-changed={}", dist.join("manifest.json").display());
    let out = PathBuf::from(variable("OUT_DIR")?).join("embedded.rs");
    fs::write(&out, code).map_err(|e| format!("cannot write {}: {e}", out.display()))
}

/// The folder with assets that fit the sources; built now when it is missing or stale and npm is there.
fn built_dist(web: &Path) -> Result<PathBuf, String> {
    let dist = web.join("dist");
    for watched in ["src", "build.mjs", "package-lock.json"] {
        println!("cargo:rerun-if-changed={}", web.join(watched).display());
    }
    let wanted = fingerprint(web).map_err(|e| format!("cannot read {}: {e}", web.display()))?;
    if is_built(&dist, &wanted) {
        return Ok(dist);
    }
    if !web.join("node_modules/.package-lock.json").is_file() {
        npm(web, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(web, &["run", "build"])?;
    if is_built(&dist, &wanted) {
        return Ok(dist);
    }
    Err(format!(
        "{} does not fit web/src after npm run build; run `make assets` and look at its output",
        dist.display()
    ))
}

fn is_built(dist: &Path, wanted: &str) -> bool {
    fs::read_to_string(dist.join("manifest.json"))
        .is_ok_and(|manifest| pairs(&manifest).any(|(key, value)| key == "sources" && value == wanted))
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let shown = format!("npm {}", arguments.join(" "));
    let output = Command::new("npm").args(arguments).current_dir(web).output().map_err(|e| {
        format!("web/dist is missing and npm cannot be started ({e}): install Node 20 or newer and run `make assets`")
    })?;
    if output.status.success() {
        return Ok(());
    }
    let log = [output.stdout, output.stderr].concat();
    Err(format!(
        "`{shown}` failed in {}; run `make assets`:\n{}",
        web.display(),
        String::from_utf8_lossy(&log)
    ))
}

fn missing(path: &Path, error: &io::Error) -> String {
    format!("the browser assets are not there ({}: {error}): run `make assets`", path.display())
}

/// The `"key": "value"` lines of manifest.json, which `build.mjs` writes one a line.
fn pairs(manifest: &str) -> impl Iterator<Item = (String, String)> {
    manifest.lines().filter_map(|line| {
        let mut parts = line.split('"');
        let key = parts.nth(1)?;
        let value = parts.nth(1)?;
        Some((key.to_owned(), value.to_owned()))
    })
}

/// FNV-1a, 64 bits, over names and contents of the sources; `web/build.mjs` does the same.
fn fingerprint(web: &Path) -> io::Result<String> {
    let mut names = vec!["build.mjs".to_owned(), "package-lock.json".to_owned()];
    let mut sources = Vec::new();
    for entry in fs::read_dir(web.join("src"))? {
        sources.push(format!("src/{}", entry?.file_name().to_string_lossy()));
    }
    sources.sort();
    names.extend(sources);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for name in names {
        for byte in name.as_bytes().iter().copied().chain(fs::read(web.join(&name))?) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

fn variable(name: &str) -> Result<String, String> {
    #[expect(clippy::disallowed_methods, reason = "a build script is configured by its environment only")]
    env::var(name).map_err(|e| format!("{name}: {e}"))
}
