//! Records in words: names of kinds and fields, values as people read them.

use std::collections::BTreeMap;

use hutong_kernel::Id;
use hutong_kernel::district::Language;
use hutong_store::{JournalQuery, Store};
use hutong_web::{PageError, Words, ui};
use serde_json::Value;
use uuid::Uuid;

use crate::spine::{organisations, page_error, persons};

/// Names that are looked up for one page at most; the rest stay ids.
const NAMES_MAX: usize = 200;
/// Longest value that is shown in words. Unit: characters.
const VALUE_CHARS_MAX: usize = 2_000;

/// Names of the records that a page mentions.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<Uuid, String>);

impl Names {
    /// Finds the names of every id in `bodies`.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn of(store: &Store, language: Language, bodies: &[&Value]) -> Result<Self, PageError> {
        let mut ids = Vec::new();
        for body in bodies {
            collect(body, &mut ids);
        }
        ids.sort_unstable();
        ids.dedup();
        let mut names = BTreeMap::new();
        if !ids.is_empty() {
            for body in organisations::all(store).await.map_err(page_error)? {
                let english = language == Language::English && body.name_en != body.name;
                let name = if english { body.name_en.clone() } else { body.name.clone() };
                names.insert(body.id.uuid(), name);
            }
            for person in persons::all(store).await.map_err(page_error)? {
                names.insert(person.id.uuid(), person.name.clone());
            }
        }
        for id in ids.into_iter().filter(|id| !names.contains_key(id)).take(NAMES_MAX).collect::<Vec<_>>() {
            let newest =
                store.journal(JournalQuery { record: Some(id), limit: 1, ..JournalQuery::default() }).await?;
            if let Some(name) = newest.first().and_then(|entry| name_in(&entry.body)) {
                names.insert(id, name);
            }
        }
        Ok(Self(names))
    }

    fn get(&self, text: &str) -> Option<&str> {
        self.0.get(&Uuid::parse_str(text).ok()?).map(String::as_str)
    }
}

/// What a record calls itself.
pub fn name_in(body: &Value) -> Option<String> {
    let text =
        |key: &str| body.get(key).and_then(Value::as_str).filter(|it| !it.is_empty()).map(str::to_owned);
    text("title").or_else(|| text("name")).or_else(|| text("file_name"))
}

fn collect(value: &Value, ids: &mut Vec<Uuid>) {
    match value {
        Value::String(text) if text.len() == 36 => ids.extend(Uuid::parse_str(text).ok()),
        Value::Array(items) => items.iter().for_each(|it| collect(it, ids)),
        Value::Object(fields) => fields.values().for_each(|it| collect(it, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A kind's name.
pub fn kind(words: &Words, kind: &str) -> String {
    known(words, &format!("kind-{kind}")).unwrap_or_else(|| kind.to_owned())
}

/// A field's name: `field-<kind>-<field>`, else `field-<field>`, else the field as it is stored.
pub fn field(words: &Words, kind: &str, field: &str) -> String {
    known(words, &format!("field-{kind}-{field}"))
        .or_else(|| known(words, &format!("field-{field}")))
        .unwrap_or_else(|| field.to_owned())
}

fn known(words: &Words, key: &str) -> Option<String> {
    words.messages.has(words.lang, key).then(|| words.t(key))
}

/// A value as people read it.
pub fn value(words: &Words, names: &Names, kind: &str, of: &str, value: &Value) -> String {
    let mut text = shown(words, names, kind, of, value, 0);
    if let Some((cut, _)) = text.char_indices().nth(VALUE_CHARS_MAX) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

fn shown(words: &Words, names: &Names, kind: &str, of: &str, value: &Value, depth: usize) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => words.t(if *yes { "yes" } else { "no" }),
        Value::Number(number) => number.to_string(),
        Value::String(text) => names
            .get(text)
            .map(str::to_owned)
            .or_else(|| word_for(words, of, text))
            .unwrap_or_else(|| text.clone()),
        Value::Array(items) => {
            words.list(items.iter().map(|it| shown(words, names, kind, of, it, depth + 1)))
        }
        // A quantity reads as one figure.
        Value::Object(fields)
            if fields.len() == 2 && fields.contains_key("value") && fields.contains_key("unit") =>
        {
            let part = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
            format!("{} {}", part("value"), part("unit")).trim_end().to_owned()
        }
        Value::Object(fields) => {
            let parts: Vec<String> = fields
                .iter()
                .filter(|(_, it)| !it.is_null())
                .map(|(name, it)| {
                    format!(
                        "{}: {}",
                        field(words, kind, name),
                        shown(words, names, kind, name, it, depth + 1)
                    )
                })
                .collect();
            let text = parts.join("; ");
            if depth == 0 { text } else { format!("({text})") }
        }
    }
}

/// The word for a value of a closed list: roles and classes have their own names, others are filed under
/// `value-<field>-<value>`.
fn word_for(words: &Words, field: &str, text: &str) -> Option<String> {
    let plain = text.len() <= 40
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
    if !plain {
        return None;
    }
    [format!("value-{field}-{text}"), format!("{field}-{text}")].iter().find_map(|key| known(words, key))
}

/// What differs between two versions, field by field, in words.
pub fn changes(words: &Words, names: &Names, kind: &str, old: &Value, new: &Value) -> Vec<ui::Change> {
    let empty = serde_json::Map::new();
    let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
    let say = |name: &str, it: Option<&Value>| {
        it.filter(|it| !it.is_null()).map(|it| Value::String(value(words, names, kind, name, it)))
    };
    let mut changes: Vec<ui::Change> = new
        .iter()
        .filter(|(name, it)| old.get(*name) != Some(it))
        .map(|(name, it)| ui::Change {
            field: field(words, kind, name),
            old: Some(say(name, old.get(name)).unwrap_or(Value::Null)),
            new: Some(say(name, Some(it)).unwrap_or(Value::Null)),
        })
        .collect();
    changes.extend(old.iter().filter(|(name, _)| !new.contains_key(*name)).map(|(name, it)| ui::Change {
        field: field(words, kind, name),
        old: Some(say(name, Some(it)).unwrap_or(Value::Null)),
        new: Some(Value::Null),
    }));
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(old: Value, new: Value) -> String {
        let words = hutong_web::testing::words_of(Language::Chinese, crate::messages::own());
        changes(&words, &Names::default(), "organisation", &old, &new)
            .into_iter()
            .map(|it| {
                format!(
                    "{}: {:?} -> {:?}\n",
                    it.field,
                    it.old.unwrap_or_default(),
                    it.new.unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn a_change_is_told_in_words_and_an_unchanged_field_is_not() {
        let text = check(
            json!({ "name": "甲局", "class": "department", "valid_to": null, "aliases": ["a"] }),
            json!({ "name": "乙局", "class": "department", "valid_to": "2026-01-01", "aliases": ["a", "b"] }),
        );
        insta::assert_snapshot!(text, @r#"
        名称: String("甲局") -> String("乙局")
        终止日期: Null -> String("2026-01-01")
        其他名称: String("a") -> String("a、b")
        "#);
    }
}
