//! Addresses within the site: filters, sorting and paging live in the query, so that every view can be sent
//! to a colleague.

use std::fmt::{self, Write as _};

/// A path with its query, in the order of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    parameters: Vec<(String, String)>,
}

impl Address {
    /// A path without a query.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), parameters: Vec::new() }
    }

    /// Reads `path?a=b&c=d` as it stands in a request.
    pub fn parse(path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let parameters = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(key), decode(value))
            })
            .collect();
        Self { path: path.to_owned(), parameters }
    }

    /// The value of `key`, if it is there and not empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(name, value)| name == key && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The address with `key` set to `value`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.parameters.retain(|(name, _)| name != key);
        self.parameters.push((key.to_owned(), value.into()));
        self
    }

    /// The address without `key`.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.parameters.retain(|(name, _)| name != key);
        self
    }

    /// The query's pairs, for hidden fields of a filter form.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<(&str, &str)> = self.parameters().filter(|(_, value)| !value.is_empty()).collect();
        write!(f, "{}{}", self.path, query(&pairs))
    }
}

impl maud::Render for Address {
    fn render_to(&self, buffer: &mut String) {
        self.to_string().as_str().render_to(buffer);
    }
}

/// `?a=b&c=d` with everything encoded; empty without pairs.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (key, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(&encode(key));
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

/// Percent-encodes what is not unreserved (RFC 3986).
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes percent-encoding and `+`; what is broken stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let hex = |at: usize| bytes.get(at).and_then(|it| char::from(*it).to_digit(16));
        match (byte, hex(index + 1), hex(index + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                index += 3;
            }
            _ => {
                out.push(if byte == b'+' { b' ' } else { byte });
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_being_read_and_written() {
        let address = Address::parse("/tasks?light=late&q=%E6%B1%9F+a%26b&x");
        assert_eq!(address.get("q"), Some("江 a&b"));
        assert_eq!(address.get("x"), None);
        assert_eq!(address.to_string(), "/tasks?light=late&q=%E6%B1%9F%20a%26b");
        assert_eq!(address.without("q").with("light", "on_track").to_string(), "/tasks?light=on_track");
    }

    #[test]
    fn broken_encoding_does_no_harm() {
        assert_eq!(Address::parse("/a?q=%E6%B1%zz%").get("q"), Some("\u{fffd}%zz%"));
    }
}
