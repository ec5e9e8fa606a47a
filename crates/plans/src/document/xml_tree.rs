//! A small tree of an XML part, namespaces taken off: `w:p` is `p`.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{ReadError, limits};

/// Place of an element in [`Xml`].
pub(super) type ElementId = usize;

/// The root, which is always there.
pub(super) const ROOT: ElementId = 0;

#[derive(Default)]
pub(super) struct Xml {
    names: Vec<String>,
    elements: Vec<Element>,
}

struct Element {
    name: u32,
    attributes: Box<[(u32, Box<str>)]>,
    children: Vec<u32>,
    text: String,
}

/// Why a part is not a tree.
#[derive(Debug)]
pub(super) enum XmlError {
    Malformed(String),
    TooLarge(ReadError),
}

impl Xml {
    /// Parses a part. Elements deeper than the limit are left out with all they hold.
    pub(super) fn parse(bytes: &[u8]) -> Result<Xml, XmlError> {
        let text = super::decode::decode_with(bytes, None);
        let mut reader = Reader::from_str(&text);
        reader.config_mut().check_end_names = false;
        let mut builder = Builder::default();
        builder.open("#root");
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => builder.start(&start),
                Ok(Event::Empty(start)) => {
                    builder.start(&start);
                    builder.end();
                }
                Ok(Event::End(_)) => builder.end(),
                Ok(Event::Text(words)) => builder.text(&words.into_inner()),
                Ok(Event::CData(words)) => builder.text(&words.into_inner()),
                Ok(Event::GeneralRef(reference)) => {
                    let name = reference.into_inner();
                    match resolve(&name) {
                        Some(c) => builder.text(c.encode_utf8(&mut [0; 4])),
                        None => builder.text(&format!("&{name};")),
                    }
                }
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => return Err(XmlError::Malformed(error.to_string())),
            }
            if limits::XML_ELEMENTS_MAX < builder.xml.elements.len() {
                let limit = limits::XML_ELEMENTS_MAX;
                return Err(XmlError::TooLarge(ReadError::TooLarge { what: "xml elements", limit }));
            }
        }
        if 1 < builder.open.len() || 0 < builder.too_deep {
            return Err(XmlError::Malformed("ends inside an element".into()));
        }
        Ok(builder.xml)
    }

    pub(super) fn name(&self, id: ElementId) -> &str {
        let name = self.elements.get(id).and_then(|element| self.names.get(element.name as usize));
        name.map_or("", String::as_str)
    }

    /// An attribute by its name without namespace.
    pub(super) fn attribute(&self, id: ElementId, name: &str) -> Option<&str> {
        let is_it = |key: u32| self.names.get(key as usize).is_some_and(|it| it == name);
        let attributes = &self.elements.get(id)?.attributes;
        attributes.iter().find(|(key, _)| is_it(*key)).map(|(_, value)| &**value)
    }

    /// The `val` attribute, which carries the value of most settings.
    pub(super) fn val(&self, id: ElementId) -> Option<&str> {
        self.attribute(id, "val")
    }

    pub(super) fn text(&self, id: ElementId) -> &str {
        self.elements.get(id).map_or("", |element| &element.text)
    }

    pub(super) fn children(&self, id: ElementId) -> impl DoubleEndedIterator<Item = ElementId> + '_ {
        let children = self.elements.get(id).map(|element| element.children.as_slice()).unwrap_or_default();
        children.iter().map(|child| *child as usize)
    }

    pub(super) fn child(&self, id: ElementId, name: &str) -> Option<ElementId> {
        self.children(id).find(|child| self.name(*child) == name)
    }

    /// Follows a path of child names.
    pub(super) fn path(&self, id: ElementId, names: &[&str]) -> Option<ElementId> {
        names.iter().try_fold(id, |at, name| self.child(at, name))
    }

    /// The first element of this name anywhere below.
    pub(super) fn find(&self, id: ElementId, name: &str) -> Option<ElementId> {
        let mut waiting: Vec<ElementId> = vec![id];
        while let Some(at) = waiting.pop() {
            if self.name(at) == name {
                return Some(at);
            }
            waiting.extend(self.children(at).rev());
        }
        None
    }
}

#[derive(Default)]
struct Builder {
    xml: Xml,
    by_name: HashMap<String, u32>,
    open: Vec<ElementId>,
    too_deep: usize,
}

impl Builder {
    fn name(&mut self, name: &str) -> u32 {
        let local = name.rsplit(':').next().unwrap_or(name);
        if let Some(known) = self.by_name.get(local) {
            return *known;
        }
        let id = u32::try_from(self.xml.names.len()).unwrap_or(u32::MAX);
        self.xml.names.push(local.to_owned());
        self.by_name.insert(local.to_owned(), id);
        id
    }

    fn open(&mut self, name: &str) -> ElementId {
        let name = self.name(name);
        let id = self.xml.elements.len();
        let element = Element { name, attributes: Box::default(), children: Vec::new(), text: String::new() };
        self.xml.elements.push(element);
        if let Some(parent) = self.open.last().copied()
            && let Some(parent) = self.xml.elements.get_mut(parent)
        {
            parent.children.push(u32::try_from(id).unwrap_or(u32::MAX));
        }
        self.open.push(id);
        id
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        if 0 < self.too_deep || limits::NESTING_MAX <= self.open.len() {
            self.too_deep += 1;
            return;
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false).flatten() {
            let key = self.name(attribute.key.as_ref());
            attributes.push((key, unescape(&attribute.value).into_boxed_str()));
        }
        let id = self.open(start.name().as_ref());
        if let Some(element) = self.xml.elements.get_mut(id) {
            element.attributes = attributes.into_boxed_slice();
        }
    }

    fn end(&mut self) {
        if 0 < self.too_deep {
            self.too_deep -= 1;
        } else if 1 < self.open.len() {
            self.open.pop();
        }
    }

    fn text(&mut self, words: &str) {
        if 0 < self.too_deep {
            return;
        }
        if let Some(element) = self.open.last().copied().and_then(|id| self.xml.elements.get_mut(id)) {
            element.text.push_str(words);
        }
    }
}

fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        match after.find(';').and_then(|end| Some((resolve(after.get(..end)?)?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = after.get(end + 1..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The five entities of XML and character numbers. A document type that defines more is not followed.
fn resolve(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')
        }
    }
}
