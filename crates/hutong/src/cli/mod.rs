//! The command line.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use hutong_kernel::district::Language;

use crate::config::{self, Config, ConfigError, Sources};

pub mod args;
mod completion;
mod config_command;
mod failure;
mod help;
mod terminal;

use args::{Cli, Command, Common};
pub use failure::Failure;
pub use help::command;
pub use terminal::Terminal;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let environment = config::environment();
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    // Help is printed while the line is parsed, so its language is looked for before.
    let language = spoken_language(&arguments, &environment);
    let matches = match help::command(language).try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => error.exit(),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.format(&mut Cli::command()).exit(),
    };
    let sources = sources(&cli, environment);
    let mut terminal = Terminal::new(language);
    let done = config_command::without_configuration(&cli.command, &terminal).unwrap_or_else(|| {
        let (config, values) = config::load(&sources)?;
        terminal = Terminal::new(config.language);
        dispatch(cli, config, &values, &terminal)
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure, &terminal);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(
    cli: Cli,
    config: Config,
    values: &std::collections::BTreeMap<&'static str, config::Resolved>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let _ = &config;
    match cli.command {
        Command::Config(command) => config_command::run(&command, values, terminal),
        Command::Completion { shell } => completion::run(shell),
        _ => Ok(()),
    }
}

/// The three sources of the configuration, as this command line names them.
fn sources(cli: &Cli, environment: std::collections::BTreeMap<String, String>) -> Sources {
    let Common { config, lang, data_dir, settings } = &cli.common;
    let mut flags = settings.clone();
    let mut named = |key: &str, value: Option<String>| flags.extend(value.map(|it| (key.to_owned(), it)));
    named("language", lang.clone());
    named("data.dir", data_dir.as_ref().map(|it| it.display().to_string()));
    match &cli.command {
        Command::Serve(args) => named("server.listen", args.listen.clone()),
        Command::Demo(args) => named("server.listen", args.listen.clone()),
        _ => {}
    }
    Sources { file: config::file_to_read(config.as_deref(), &environment), environment, flags }
}

/// The language of help and of errors before the configuration is known.
fn spoken_language(
    arguments: &[std::ffi::OsString],
    environment: &std::collections::BTreeMap<String, String>,
) -> Language {
    let words: Vec<&str> = arguments.iter().filter_map(|it| it.to_str()).collect();
    let flag = words
        .iter()
        .find_map(|it| it.strip_prefix("--lang="))
        .or_else(|| words.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]));
    flag.or_else(|| environment.get("HUTONG_LANGUAGE").map(String::as_str)).and_then(Language::from_tag).unwrap_or_default()
}

/// Says on standard error why a command failed.
fn report(failure: &Failure, terminal: &Terminal) {
    let line = match failure {
        Failure::Found => return,
        Failure::Config(error) => {
            let detail = match error {
                ConfigError::Read { source, .. } => format!("{error}: {source}"),
                _ => error.to_string(),
            };
            terminal.text("cli-failure-config", &[("detail", detail)])
        }
        Failure::Refused(refusal) => {
            let values: Vec<(&str, String)> = refusal.values();
            let sentence = terminal.find(&refusal.code().replace('.', "-"), &values);
            terminal.text(
                "cli-failure-refused",
                &[
                    ("sentence", sentence.unwrap_or_else(|| refusal.to_string())),
                    ("code", refusal.code().to_owned()),
                ],
            )
        }
        Failure::Held { dir } => terminal.text("cli-failure-held", &[("dir", dir.display().to_string())]),
        Failure::Fault(error) => terminal.text("cli-failure-fault", &[("detail", format!("{error:#}"))]),
    };
    terminal.note(&line);
}
