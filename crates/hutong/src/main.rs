//! The program `hutong`; everything is in the library, so that tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    hutong::cli::run()
}
