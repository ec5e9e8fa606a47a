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

/// A journal entry nests its body one deeper.
const ENTRY_DEPTH_MAX: usize = BODY_DEPTH_MAX + 1;

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
    let mut out = String::new();
    write_value(&mut out, value, BODY_DEPTH_MAX)?;
    if BODY_BYTES_MAX < out.len() {
        return Err(BodyError::TooLarge { length: out.len(), limit: BODY_BYTES_MAX });
    }
    Ok(out)
}

/// Like [`to_text`] for a journal entry, which is a body of bounded size with a small frame around it.
pub(crate) fn to_text_unbounded(value: &Value) -> Result<String, BodyError> {
    let mut out = String::new();
    write_value(&mut out, value, ENTRY_DEPTH_MAX)?;
    Ok(out)
}

/// `depth` is how many more lists or objects may be inside one another.
fn write_value(out: &mut String, value: &Value, depth: usize) -> Result<(), BodyError> {
    let deeper = || depth.checked_sub(1).ok_or(BodyError::TooDeep { limit: BODY_DEPTH_MAX });
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number)?,
        Value::String(text) => write_string(out, text)?,
        Value::Array(items) => {
            let depth = deeper()?;
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if 0 < position {
                    out.push(',');
                }
                write_value(out, item, depth)?;
            }
            out.push(']');
        }
        Value::Object(map) => {
            let depth = deeper()?;
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_by(|(a, _), (b, _)| utf16_order(a, b));
            out.push('{');
            for (position, (key, item)) in members.into_iter().enumerate() {
                if 0 < position {
                    out.push(',');
                }
                write_string(out, key)?;
                out.push(':');
                write_value(out, item, depth)?;
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

pub(crate) fn write_string(out: &mut String, text: &str) -> Result<(), BodyError> {
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
    let float = number.as_f64().filter(|float| readable(*float)).ok_or_else(refused)?;
    out.push_str(&ecmascript_number(float));
    Ok(())
}

/// Is the double read alike by everyone? A whole number beyond the exact ones is written without a point, and
/// then some read it as an integer.
fn readable(float: f64) -> bool {
    // 2⁵³; from 10²¹ on there is an exponent.
    float.is_finite()
        && (float.fract() != 0.0 || float.abs() < 9_007_199_254_740_992.0 || 1e21 <= float.abs())
}

/// A finite double as ECMAScript's `Number::toString` writes it: the shortest digits that read back alike.
///
/// The digits are those of `serde_json`, which takes the even one where two are equally near, as ECMAScript
/// advises; the standard library's formatter takes the other.
fn ecmascript_number(float: f64) -> String {
    if float == 0.0 {
        return "0".to_owned();
    }
    let Some(shortest) = Number::from_f64(float) else { return "null".to_owned() };
    let text = shortest.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let places = |digits: &str| i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let all = format!("{whole}{part}");
    let digits = all.trim_start_matches('0');
    // The value is 0.digits × 10^point.
    let point = exponent.parse::<i32>().unwrap_or(0) + places(whole) - (places(&all) - places(digits));
    let digits = digits.trim_end_matches('0');
    let count = places(digits);
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
    parse_nested(text, BODY_DEPTH_MAX)
}

/// Like [`parse`] for a journal entry, which is a body of bounded size with a small frame around it.
pub(crate) fn parse_unbounded(text: &str) -> Result<Value, BodyError> {
    parse_nested(text, ENTRY_DEPTH_MAX)
}

fn parse_nested(text: &str, depth: usize) -> Result<Value, BodyError> {
    let mut problem = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict { depth, problem: &mut problem }
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
    /// How many more lists or objects may be inside one another.
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
        match Number::from_f64(value).filter(|_| readable(value)) {
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
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(self.refuse(BodyError::TooDeep { limit: BODY_DEPTH_MAX }));
        };
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict { depth, problem: &mut *self.problem })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(self.refuse(BodyError::TooDeep { limit: BODY_DEPTH_MAX }));
        };
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// What both the writer and the strict reader make of a text.
    fn check(text: &str) -> String {
        match parse(text).and_then(|value| to_text(&value)) {
            Ok(text) => text,
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn the_examples_of_rfc_8785_come_out_as_it_says() {
        // Section 3.2.2 and 3.2.3.
        let input = r#"{
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }"#;
        let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(check(input), expected);
        // Section 3.2.3: keys sort by UTF-16 code units.
        let input = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
          "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let value: Value = serde_json::from_str(&check(input)).unwrap();
        let order: Vec<&str> = value.as_object().unwrap().values().filter_map(Value::as_str).collect();
        assert_eq!(
            order,
            [
                "Carriage Return",
                "One",
                "Control",
                "Latin Small Letter O With Diaeresis",
                "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ]
        );
    }

    #[test]
    fn numbers_are_written_as_in_appendix_b_of_rfc_8785() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(ecmascript_number(f64::from_bits(bits)), expected, "{bits:016x}");
        }
    }

    #[test]
    fn integers_that_not_every_reader_reads_alike_are_refused() {
        assert_eq!(check("9007199254740991"), "9007199254740991");
        assert_eq!(check("-9007199254740991"), "-9007199254740991");
        assert_eq!(check("9007199254740992"), "store.body.number");
        assert_eq!(check("-9007199254740992"), "store.body.number");
        assert_eq!(check("9007199254740992.0"), "store.body.number");
        assert_eq!(check("-1e20"), "store.body.number");
        assert_eq!(check("1e21"), "1e+21");
        assert_eq!(to_text(&json!(u64::MAX)), Err(BodyError::Number(u64::MAX.to_string())));
    }

    #[test]
    fn nesting_is_bounded_alike_when_reading_and_when_writing() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&nested(BODY_DEPTH_MAX)), nested(BODY_DEPTH_MAX));
        assert_eq!(check(&nested(BODY_DEPTH_MAX + 1)), "store.body.too_deep");
        let value = (0..=BODY_DEPTH_MAX).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert_eq!(to_text(&value), Err(BodyError::TooDeep { limit: BODY_DEPTH_MAX }));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let text = || "[^\0]{0,6}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
            any::<f64>().prop_filter("readable", |it| readable(*it)).prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(text(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// The canonical text is a fixed point, and says the same as the value.
        #[test]
        fn canonical_texts_read_back_and_do_not_change(value in any_value()) {
            let text = to_text(&value).unwrap();
            prop_assert_eq!(to_text(&parse(&text).unwrap()).unwrap(), text);
        }

        #[test]
        fn the_order_in_which_fields_were_written_does_not_matter(value in any_value()) {
            let reversed = match &value {
                Value::Object(map) => Value::Object(map.iter().rev().map(|(k, v)| (k.clone(), v.clone())).collect()),
                other => other.clone(),
            };
            prop_assert_eq!(to_text(&value), to_text(&reversed));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
