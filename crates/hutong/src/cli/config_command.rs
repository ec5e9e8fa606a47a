//! `hutong config check|schema|show`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::args::{Command, ConfigCommand};
use super::{Failure, Terminal, completion};
use crate::config::settings::SETTINGS;
use crate::config::{self, Resolved};

/// Commands that work even where the configuration is broken; `None` for all others.
pub(super) fn without_configuration(command: &Command, terminal: &Terminal) -> Option<Result<(), Failure>> {
    match command {
        Command::Config(ConfigCommand::Schema) => Some(schema(terminal)),
        Command::Completion { shell } => Some(completion::run(*shell)),
        _ => None,
    }
}

fn schema(terminal: &Terminal) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(&config::json_schema()).map_err(anyhow::Error::from)?;
    Ok(terminal.answer(&text)?)
}

/// Runs a command that has the configuration.
pub(super) fn run(
    command: &ConfigCommand,
    values: &BTreeMap<&'static str, Resolved>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    match command {
        ConfigCommand::Schema => schema(terminal),
        // Loading has checked it already.
        ConfigCommand::Check => {
            Ok(terminal.say("cli-config-good", &[("count", SETTINGS.len().to_string())])?)
        }
        ConfigCommand::Show { json: true } => {
            let mut shown = Map::new();
            for setting in SETTINGS {
                let resolved = values.get(setting.key);
                shown.insert(
                    setting.key.to_owned(),
                    json!({
                        "value": resolved.map(|it| match &it.value {
                            config::Value::Text(text) => json!(text),
                            config::Value::Integer(number) => json!(number),
                            config::Value::Switch(on) => json!(on),
                        }),
                        "origin": resolved.map(|it| it.origin.to_string()),
                        "environment": setting.environment(),
                    }),
                );
            }
            let text = serde_json::to_string_pretty(&Value::Object(shown)).map_err(anyhow::Error::from)?;
            Ok(terminal.answer(&text)?)
        }
        ConfigCommand::Show { json: false } => {
            for setting in SETTINGS {
                let help = terminal.find(&format!("setting-{}", setting.key.replace(['.', '_'], "-")), &[]);
                terminal.answer(&format!("# {}", help.as_deref().unwrap_or(setting.help)))?;
                match values.get(setting.key) {
                    Some(it) => {
                        terminal.answer(&format!("{} = {}    ({})\n", setting.key, it.value, it.origin))?
                    }
                    None => terminal.answer(&format!("{} =\n", setting.key))?,
                }
            }
            Ok(())
        }
    }
}
