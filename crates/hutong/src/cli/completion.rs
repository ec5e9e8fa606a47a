//! `hutong completion`.

use clap_complete::Shell;
use hutong_kernel::district::Language;

use super::Failure;

/// Prints the completion script of a shell.
pub(super) fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = super::command(Language::English).map_err(anyhow::Error::from)?;
    clap_complete::generate(shell, &mut command, "hutong", &mut script);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &script)?;
    Ok(())
}
