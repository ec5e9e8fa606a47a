//! What changed between two versions, as data; pages turn it into words.

use serde::Serialize;
use serde_json::Value;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Where, as a JSON Pointer (RFC 6901): `/title`, `/milestones/2/due`. The whole value is the empty text.
    pub path: String,
    /// What was there; `None` where nothing was.
    pub old: Option<Value>,
    /// What is there now; `None` where nothing is.
    pub new: Option<Value>,
}

/// What differs between `old` and `new`, in the order of the new value's fields, removed ones last.
///
/// Objects are compared field by field. Lists are compared item by item by position, so that an insertion
/// in the middle shows as changed items and one added at the end.
pub fn diff(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk(&mut String::new(), old, new, &mut changes);
    changes
}

fn walk(path: &mut String, old: &Value, new: &Value, changes: &mut Vec<FieldChange>) {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, new) in after {
                step(path, key, |path| match before.get(key) {
                    Some(old) => walk(path, old, new, changes),
                    None => {
                        changes.push(FieldChange { path: path.clone(), old: None, new: Some(new.clone()) })
                    }
                });
            }
            for (key, old) in before {
                if !after.contains_key(key) {
                    step(path, key, |path| {
                        changes.push(FieldChange { path: path.clone(), old: Some(old.clone()), new: None });
                    });
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for position in 0..before.len().max(after.len()) {
                step(path, &position.to_string(), |path| match (before.get(position), after.get(position)) {
                    (Some(old), Some(new)) => walk(path, old, new, changes),
                    (old, new) => {
                        changes.push(FieldChange {
                            path: path.clone(),
                            old: old.cloned(),
                            new: new.cloned(),
                        });
                    }
                });
            }
        }
        (old, new) if old == new => {}
        (old, new) => {
            changes.push(FieldChange { path: path.clone(), old: Some(old.clone()), new: Some(new.clone()) });
        }
    }
}

/// Appends one reference token, escaped as RFC 6901 says, for the time of `inside`.
fn step(path: &mut String, token: &str, inside: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push('/');
    path.push_str(&token.replace('~', "~0").replace('/', "~1"));
    inside(path);
    path.truncate(length);
}
