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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(old: Value, new: Value) -> Vec<String> {
        let show = |value: Option<Value>| value.map_or("nothing".to_owned(), |value| value.to_string());
        diff(&old, &new)
            .into_iter()
            .map(|change| format!("{}: {} -> {}", change.path, show(change.old), show(change.new)))
            .collect()
    }

    #[test]
    fn each_field_that_differs_is_named_by_its_path() {
        let old =
            json!({"title": "a", "due": null, "owner": {"id": 1, "name": "x"}, "gone": true, "a/b~c": 1});
        let new = json!({"title": "b", "due": "2026-03-01", "owner": {"id": 1, "name": "y"}, "new": [], "a/b~c": 2});
        assert_eq!(
            check(old, new),
            [
                r#"/title: "a" -> "b""#,
                r#"/due: null -> "2026-03-01""#,
                r#"/owner/name: "x" -> "y""#,
                "/new: nothing -> []",
                "/a~1b~0c: 1 -> 2",
                "/gone: true -> nothing",
            ]
        );
    }

    #[test]
    fn lists_are_compared_item_by_item() {
        assert_eq!(check(json!([1, 2]), json!([1, 3, 4])), ["/1: 2 -> 3", "/2: nothing -> 4"]);
        assert_eq!(check(json!([1, 2]), json!([1])), ["/1: 2 -> nothing"]);
        assert_eq!(check(json!({"a": [1]}), json!({"a": {"0": 1}})), [r#"/a: [1] -> {"0":1}"#]);
        assert_eq!(check(json!(1), json!(1)), Vec::<String>::new());
    }

    /// Puts the new values in place (and takes away what is gone, from the back), as a reader would.
    fn patch(mut value: Value, changes: &[FieldChange]) -> Value {
        for change in changes.iter().rev().filter(|it| it.new.is_none()) {
            let (parent, token) = change.path.rsplit_once('/').unwrap();
            match value.pointer_mut(parent).unwrap() {
                Value::Object(map) => drop(map.shift_remove(&token.replace("~1", "/").replace("~0", "~"))),
                Value::Array(list) => drop(list.remove(token.parse().unwrap())),
                _ => unreachable!("only objects and lists lose fields"),
            }
        }
        for change in changes {
            let Some(new) = change.new.clone() else { continue };
            let Some((parent, token)) = change.path.rsplit_once('/') else { return new };
            match value.pointer_mut(parent).unwrap() {
                Value::Object(map) => drop(map.insert(token.replace("~1", "/").replace("~0", "~"), new)),
                Value::Array(list) if change.old.is_none() => list.push(new),
                Value::Array(list) => list[token.parse::<usize>().unwrap()] = new,
                _ => unreachable!("only objects and lists gain fields"),
            }
        }
        value
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), (0..3).prop_map(Value::from)];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a~/]{1,2}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_changes_lead_from_the_old_value_to_the_new(old in any_value(), new in any_value()) {
            let changes = diff(&old, &new);
            prop_assert_eq!(changes.is_empty(), old == new);
            prop_assert_eq!(patch(old, &changes), new);
        }
    }
}
