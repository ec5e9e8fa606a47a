//! The command line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use hutong_kernel::district::Language;

use crate::config::{self, Config, ConfigError, Resolved, Sources};

pub mod args;
mod backup_command;
mod completion;
mod config_command;
mod demo_command;
mod doctor_command;
mod failure;
mod help;
mod ledger_command;
mod plan_command;
mod serve_command;
mod terminal;
mod user_command;

use args::{Cli, Command, Common};
pub use failure::Failure;
pub use help::command;
pub use terminal::Terminal;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let environment = config::environment();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // Help is printed while the line is parsed, so its language is looked for before.
    let language = spoken_language(&arguments, &environment);
    let terminal = match Terminal::new(language) {
        Ok(terminal) => terminal,
        Err(error) => {
            let mut err = std::io::stderr().lock();
            let _nobody_listens = std::io::Write::write_all(&mut err, format!("{error}\n").as_bytes());
            return ExitCode::FAILURE;
        }
    };
    let matches = match help::translate(Cli::command(), &terminal).try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => error.exit(),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.format(&mut Cli::command()).exit(),
    };
    let sources = sources(&cli, environment);
    let done = config_command::without_configuration(&cli.command, &terminal)
        .unwrap_or_else(|| configured(cli, &sources, &terminal));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure, &terminal);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn configured(cli: Cli, sources: &Sources, terminal: &Terminal) -> Result<(), Failure> {
    let (config, values) = config::load(sources)?;
    let terminal = terminal.speaking(config.language, config.district.time_zone.clone());
    let done = dispatch(cli, config, &values, &terminal);
    // Here rather than in `run`, because the configuration may have changed the language.
    match done {
        Err(failure) if !matches!(failure, Failure::Found) => {
            report(&failure, &terminal);
            Err(Failure::Told(failure.exit_code()))
        }
        done => done,
    }
}

fn dispatch(
    cli: Cli,
    config: Config,
    values: &BTreeMap<&'static str, Resolved>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    match cli.command {
        Command::Config(command) => config_command::run(&command, values, terminal),
        Command::Completion { shell } => completion::run(shell),
        Command::Serve(_) => serve_command::serve(&config, terminal),
        Command::Plan(command) => plan_command::run(&command, terminal),
        Command::Ledger(command) => ledger_command::run(&command, &config, terminal),
        Command::User(command) => user_command::run(&command, &config, terminal),
        Command::Backup(args) => backup_command::back_up(&args.dir, &config, terminal),
        Command::Restore(args) => backup_command::restore(&args.dir, &config, terminal),
        Command::Doctor(args) => doctor_command::run(args.json, &config, terminal),
        Command::Demo(args) => demo_command::demo(&args, config, values.get("data.dir"), terminal),
    }
}

/// The three sources of the configuration, as this command line names them.
fn sources(cli: &Cli, environment: BTreeMap<String, String>) -> Sources {
    let Common { config, lang, data_dir, settings } = &cli.common;
    let mut flags = Vec::new();
    let mut named = |key: &str, value: Option<String>| flags.extend(value.map(|it| (key.to_owned(), it)));
    named("language", lang.clone());
    named("data.dir", data_dir.as_ref().map(|it| it.display().to_string()));
    match &cli.command {
        Command::Serve(args) => named("server.listen", args.listen.clone()),
        Command::Demo(args) => named("server.listen", args.listen.clone()),
        _ => {}
    }
    flags.extend(settings.iter().cloned());
    Sources { file: config::file_to_read(config.as_deref(), &environment), environment, flags }
}

/// The language of help and of errors before the configuration is known.
fn spoken_language(arguments: &[OsString], environment: &BTreeMap<String, String>) -> Language {
    let words: Vec<&str> = arguments.iter().filter_map(|it| it.to_str()).collect();
    let flag = words
        .iter()
        .find_map(|it| it.strip_prefix("--lang="))
        .or_else(|| words.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]));
    flag.or_else(|| environment.get("HUTONG_LANGUAGE").map(String::as_str))
        .and_then(Language::from_tag)
        .unwrap_or_default()
}

/// Says on standard error why a command failed.
fn report(failure: &Failure, terminal: &Terminal) {
    let line = match failure {
        Failure::Found | Failure::Told(_) => return,
        Failure::Config(error) => {
            let detail = match error {
                ConfigError::Read { source, .. } => format!("{error}: {source}"),
                ConfigError::Syntax { .. } | ConfigError::Problems(_) => error.to_string(),
            };
            terminal.text("cli-failure-config", &[("detail", detail)])
        }
        Failure::Refused(refusal) => terminal.text(
            "cli-failure-refused",
            &[("sentence", terminal.refusal(refusal.as_ref())), ("code", refusal.code().to_owned())],
        ),
        Failure::Held { dir } => terminal.text("cli-failure-held", &[("dir", dir.display().to_string())]),
        Failure::Fault(error) => terminal.text("cli-failure-fault", &[("detail", format!("{error:#}"))]),
    };
    terminal.note(&line);
}
