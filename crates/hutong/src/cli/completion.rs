//! `hutong completion`.

use clap_complete::Shell;
use hutong_kernel::district::Language;

use super::Failure;

/// Prints the completion script of a shell.
pub(super) fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::command(Language::English), "hutong", &mut script);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
    Ok(())
}
