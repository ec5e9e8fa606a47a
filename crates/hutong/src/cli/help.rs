//! The help in the reader's language.
//!
//! Every sentence of the help is filed under `help-<command>--<argument>` in the message files; the comments in
//! [`super::args`] are for the reader of the code. A test refuses a sentence that is missing.

use clap::{Command, CommandFactory};
use hutong_kernel::district::Language;
use hutong_web::messages::MessagesError;

use super::args::Cli;
use super::terminal::Terminal;

/// The whole command line with its help in `language`.
///
/// # Errors
/// A message file that cannot be loaded.
pub fn command(language: Language) -> Result<Command, MessagesError> {
    Ok(translate(Cli::command(), &Terminal::new(language)?))
}

/// Puts the help of the terminal's language into `command`.
pub(super) fn translate(command: Command, texts: &Terminal) -> Command {
    translate_below(command, "help", texts)
}

fn translate_below(mut command: Command, path: &str, texts: &Terminal) -> Command {
    if let Some(about) = texts.find(path, &[]) {
        command = command.about(about);
    }
    if let Some(examples) = texts.find(&format!("{path}-after"), &[]) {
        command = command.after_help(examples);
    }
    let arguments: Vec<String> = command.get_arguments().map(|it| it.get_id().to_string()).collect();
    for name in arguments {
        // Flags of every command are filed once.
        let keys = [format!("{path}--{name}"), format!("help--{name}")];
        if let Some(text) = keys.iter().find_map(|key| texts.find(&key.replace('_', "-"), &[])) {
            command = command.mut_arg(name, |argument| argument.help(text));
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in names {
        let path = format!("{path}-{name}");
        command = command.mut_subcommand(name, |inner| translate_below(inner, &path, texts));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(command: &Command, path: &str, missing: &mut Vec<String>, texts: &Terminal) {
        if texts.find(path, &[]).is_none() {
            missing.push(path.to_owned());
        }
        for argument in command.get_arguments() {
            let name = argument.get_id().to_string().replace('_', "-");
            if ["help", "version"].contains(&name.as_str()) {
                continue;
            }
            let keys = [format!("{path}--{name}"), format!("help--{name}")];
            if keys.iter().all(|key| texts.find(key, &[]).is_none()) {
                missing.push(keys[0].clone());
            }
        }
        for inner in command.get_subcommands() {
            walk(inner, &format!("{path}-{}", inner.get_name()), missing, texts);
        }
    }

    #[test]
    fn every_sentence_of_the_help_is_there_in_both_languages() {
        for language in Language::ALL {
            let mut missing = Vec::new();
            walk(&Cli::command(), "help", &mut missing, &Terminal::new(language).unwrap());
            assert_eq!(missing, Vec::<String>::new(), "{}", language.tag());
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        command(Language::English).unwrap().debug_assert();
        command(Language::Chinese).unwrap().debug_assert();
    }
}
