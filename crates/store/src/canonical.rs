//! One text for one value: canonical JSON (RFC 8785, JCS), and the strict reading of JSON.
//!
//! The ledger commits to bytes, so two writers of the same value must write the same bytes, for ever. What
//! JSON leaves open is closed here: keys are sorted by their UTF-16 code units, numbers are written as
//! ECMAScript writes them, strings are escaped as little as possible. What has no single meaning is refused
//! rather than repaired: duplicate keys, lone surrogates, NUL, numbers that a double cannot hold.

use std::fmt::Write as _;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use thiserror::Error;

use crate::limits::{BODY_BYTES_MAX, BODY_DEPTH_MAX};

/// The largest integer that every reader of JSON reads exactly (I-JSON, RFC 7493): 2⁵³ − 1.
pub const INTEGER_MAX: u64 = 9_007_199_254_740_991;

/// A journal entry nests its body two deeper.
const DEPTH_MAX: usize = BODY_DEPTH_MAX + 2;

/// Why a value has no canonical form here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BodyError {
    /// A key occurs twice in one object.
    #[error("the key {0:?} occurs twice")]
    DuplicateKey(String),
    /// A text holds U+0000, which databases cut or refuse.
    #[error("a text holds the character U+0000")]
    Nul,
    /// A text holds half of a surrogate pair.
    #[error("a text holds half of a surrogate pair")]
    LoneSurrogate,
    /// A number that is not finite, or an integer beyond 2⁵³ − 1.
    #[error("{0} is no number that every reader reads alike")]
    Number(String),
    /// The text is longer than [`BODY_BYTES_MAX`].
    #[error("{length} bytes, at most {limit} are stored")]
    TooLarge {
        /// Its bytes.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than [`BODY_DEPTH_MAX`].
    #[error("nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A record's body is an object, and this is not.
    #[error("it is no object")]
    Object,
    /// The body does not come back as it was.
    #[error("it changes when it is read back: {0}")]
    RoundTrip(String),
    /// The text is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(String),
}

impl BodyError {
    /// Stable identifier.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKey(_) => "store.body.duplicate_key",
            Self::Nul => "store.body.nul",
            Self::LoneSurrogate => "store.body.lone_surrogate",
            Self::Number(_) => "store.body.number",
            Self::TooLarge { .. } => "store.body.too_large",
            Self::TooDeep { .. } => "store.body.too_deep",
            Self::Object => "store.body.object",
            Self::RoundTrip(_) => "store.body.round_trip",
            Self::NotJson(_) => "store.body.not_json",
        }
    }

    pub(crate) fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::DuplicateKey(key) => vec![("key", key.clone())],
            Self::Number(number) => vec![("number", number.clone())],
            Self::TooLarge { length, limit } => {
                vec![("length", length.to_string()), ("limit", limit.to_string())]
            }
            Self::TooDeep { limit } => vec![("limit", limit.to_string())],
            Self::RoundTrip(detail) | Self::NotJson(detail) => vec![("detail", detail.clone())],
            Self::Nul | Self::LoneSurrogate | Self::Object => Vec::new(),
        }
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::TooLarge { .. } => 413,
            Self::RoundTrip(_) | Self::Object => 500,
            _ => 422,
        }
    }
}

/// The canonical text of `value` (RFC 8785).
///
/// ```
/// let value = serde_json::json!({"b": 1e21, "a": "€", "A": 1.0});
/// assert_eq!(hutong_store::canonical::to_text(&value).unwrap(), r#"{"A":1,"a":"€","b":1e+21}"#);
/// ```
///
/// # Errors
/// NUL in a text, an integer beyond 2⁵³ − 1, nesting too deep, or a text that is too long.
pub fn to_text(value: &Value) -> Result<String, BodyError> {
    let out = to_text_unbounded(value)?;
    if BODY_BYTES_MAX < out.len() {
        return Err(BodyError::TooLarge { length: out.len(), limit: BODY_BYTES_MAX });
    }
    Ok(out)
}

/// Like [`to_text`] for a journal entry, which is a body of bounded size with a small frame around it.
pub(crate) fn to_text_unbounded(value: &Value) -> Result<String, BodyError> {
    let mut out = String::new();
    write_value(&mut out, value, 0)?;
    Ok(out)
}

fn write_value(out: &mut String, value: &Value, depth: usize) -> Result<(), BodyError> {
    if DEPTH_MAX < depth {
        return Err(BodyError::TooDeep { limit: BODY_DEPTH_MAX });
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number)?,
        Value::String(text) => write_string(out, text)?,
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if 0 < position {
                    out.push(',');
                }
                write_value(out, item, depth + 1)?;
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_by(|(a, _), (b, _)| utf16_order(a, b));
            out.push('{');
            for (position, (key, item)) in members.into_iter().enumerate() {
                if 0 < position {
                    out.push(',');
                }
                write_string(out, key)?;
                out.push(':');
                write_value(out, item, depth + 1)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Order of two keys by UTF-16 code units, which differs from the order of their bytes beyond U+D7FF.
fn utf16_order(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

fn write_string(out: &mut String, text: &str) -> Result<(), BodyError> {
    out.push('"');
    for c in text.chars() {
        match c {
            '\0' => return Err(BodyError::Nul),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    Ok(())
}

fn write_number(out: &mut String, number: &Number) -> Result<(), BodyError> {
    let refused = || BodyError::Number(number.to_string());
    if let Some(integer) = number.as_i64() {
        if INTEGER_MAX < integer.unsigned_abs() {
            return Err(refused());
        }
        let _ = write!(out, "{integer}");
        return Ok(());
    }
    if number.is_u64() {
        return Err(refused());
    }
    let float = number.as_f64().filter(|float| float.is_finite()).ok_or_else(refused)?;
    out.push_str(&ecmascript_number(float));
    Ok(())
}

/// A finite double as ECMAScript's `Number::toString` writes it: the shortest digits that read back alike.
fn ecmascript_number(float: f64) -> String {
    if float == 0.0 {
        return "0".to_owned();
    }
    // Rust's exponent form has the same shortest digits: d[.ddd]e±x.
    let text = format!("{float:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    // The value is 0.digits × 10^point.
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    let split = |at: i32| digits.split_at(usize::try_from(at).unwrap_or(0));
    let body = if count <= point && point <= 21 {
        format!("{digits}{}", zeros(point - count))
    } else if 0 < point && point <= 21 {
        let (whole, part) = split(point);
        format!("{whole}.{part}")
    } else if -6 < point && point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else {
        let (first, rest) = split(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if point <= 0 { "-" } else { "+" };
        format!("{first}{dot}{rest}e{sign}{}", (point - 1).abs())
    };
    format!("{sign}{body}")
}

/// Reads JSON that comes from outside, strictly: what is accepted has exactly one canonical form.
///
/// # Errors
/// Every [`BodyError`] but `Object` and `RoundTrip`.
pub fn parse(text: &str) -> Result<Value, BodyError> {
    if BODY_BYTES_MAX < text.len() {
        return Err(BodyError::TooLarge { length: text.len(), limit: BODY_BYTES_MAX });
    }
    parse_unbounded(text)
}

/// Like [`parse`] for a journal entry, which is a body of bounded size with a small frame around it.
pub(crate) fn parse_unbounded(text: &str) -> Result<Value, BodyError> {
    let mut problem = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict { depth: 0, problem: &mut problem }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    match (read, problem) {
        (_, Some(problem)) => Err(problem),
        (Ok(value), None) => Ok(value),
        (Err(error), None) => {
            let detail = error.to_string();
            if detail.contains("surrogate") || detail.contains("unexpected end of hex escape") {
                Err(BodyError::LoneSurrogate)
            } else if detail.contains("recursion limit") {
                Err(BodyError::TooDeep { limit: BODY_DEPTH_MAX })
            } else if detail.contains("number out of range") {
                Err(BodyError::Number(detail))
            } else {
                Err(BodyError::NotJson(detail))
            }
        }
    }
}

struct Strict<'a> {
    depth: usize,
    problem: &'a mut Option<BodyError>,
}

impl Strict<'_> {
    fn refuse<E: de::Error>(self, problem: BodyError) -> E {
        let error = E::custom(&problem);
        *self.problem = Some(problem);
        error
    }

    fn text<E: de::Error>(self, text: String) -> Result<Value, E> {
        if text.contains('\0') { Err(self.refuse(BodyError::Nul)) } else { Ok(Value::String(text)) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if INTEGER_MAX < value.unsigned_abs() {
            return Err(self.refuse(BodyError::Number(value.to_string())));
        }
        Ok(value.into())
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if INTEGER_MAX < value {
            return Err(self.refuse(BodyError::Number(value.to_string())));
        }
        Ok(value.into())
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        match Number::from_f64(value) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(self.refuse(BodyError::Number(value.to_string()))),
        }
    }
    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.text(value.to_owned())
    }
    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        self.text(value)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.depth + 1;
        if DEPTH_MAX < depth {
            return Err(self.refuse(BodyError::TooDeep { limit: BODY_DEPTH_MAX }));
        }
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict { depth, problem: &mut *self.problem })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let depth = self.depth + 1;
        if DEPTH_MAX < depth {
            return Err(self.refuse(BodyError::TooDeep { limit: BODY_DEPTH_MAX }));
        }
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if key.contains('\0') {
                return Err(self.refuse(BodyError::Nul));
            }
            if map.contains_key(&key) {
                return Err(self.refuse(BodyError::DuplicateKey(key)));
            }
            let item = members.next_value_seed(Strict { depth, problem: &mut *self.problem })?;
            map.insert(key, item);
        }
        Ok(Value::Object(map))
    }
}
