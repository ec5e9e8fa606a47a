//! Clients that others wrote in Python, each pinned to a version in `e2e/python/`.

use std::path::PathBuf;
use std::process::Command;

use crate::place::{leave_out, variable};

/// A command of the tools' own environment, or `None` where it is not installed (said, and refused in CI).
pub fn tool(name: &str) -> Option<Command> {
    let Some(folder) = variable("E2E_PYTHON") else {
        leave_out(name, "E2E_PYTHON does not say where it is installed (make e2e does)");
        return None;
    };
    let program = PathBuf::from(folder).join(name);
    if program.is_file() {
        let mut command = Command::new(program);
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1");
        Some(command)
    } else {
        leave_out(name, "it is not installed");
        None
    }
}
