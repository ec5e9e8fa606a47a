//! The JSON schema of the configuration file, for editors that complete and check TOML.

use serde_json::{Map, Value, json};

use super::settings::{Kind, SETTINGS, Setting};

/// JSON Schema 2020-12 of the file. Committed as `docs/config.schema.json`, and a test holds the two equal.
pub fn json_schema() -> Value {
    let mut top = Map::new();
    for setting in SETTINGS {
        match setting.key.split_once('.') {
            None => {
                top.insert(setting.key.to_owned(), property(setting));
            }
            Some((table, key)) => {
                let entry = top.entry(table.to_owned()).or_insert_with(
                    || json!({ "type": "object", "additionalProperties": false, "properties": {} }),
                );
                entry["properties"][key] = property(setting);
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Hutong configuration (hutong.toml)",
        "description": "Printed by `hutong config schema`. Environment variables (HUTONG_TABLE_KEY) win over the file, flags over both.",
        "type": "object",
        "additionalProperties": false,
        "properties": top,
    })
}

fn property(setting: &Setting) -> Value {
    let mut schema = match setting.kind {
        Kind::Text | Kind::Path => json!({ "type": "string", "minLength": 1 }),
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::SocketAddress => json!({ "type": "string", "examples": ["127.0.0.1:8080"] }),
        Kind::TimeZone => json!({ "type": "string", "examples": ["Asia/Shanghai"] }),
        Kind::OneOf(words) => json!({ "enum": words }),
    };
    schema["description"] = json!(setting.help);
    if let Some(default) = setting.default {
        schema["default"] = match setting.kind {
            Kind::Switch => json!(default == "true"),
            Kind::Integer { .. } => json!(default.parse::<i64>().unwrap_or_default()),
            _ => json!(default),
        };
    }
    schema
}
