//! Fonts of a PDF: which characters the codes of a string draw, and how wide they are.

use std::collections::HashMap;

use encoding_rs::Encoding;
use lopdf::{Dictionary, Document as Pdf, Object};

use super::cmap::CMap;
use super::glyph_names::{self, BaseEncoding};
use super::{stream_bytes, to_float, truetype};

/// One code of a string, read.
pub(super) struct Drawn {
    /// What it draws; `None` when the font does not say.
    pub(super) words: Option<String>,
    /// Unit: thousandths of the font size.
    pub(super) width: f32,
    /// Word spacing applies to a single byte 32 only.
    pub(super) is_space_byte: bool,
}

pub(super) struct Font {
    to_unicode: CMap,
    kind: Kind,
    /// Height of the em in glyph space, 1/1000 for all fonts but Type 3.
    pub(super) scale: f32,
}

enum Kind {
    Simple { characters: Vec<Option<String>>, widths: Vec<f32> },
    Composite { codes: Codes, widths: HashMap<u32, f32>, default_width: f32, by_glyph: HashMap<u32, char> },
}

/// How the bytes of a string are cut into codes, and what a code says by itself.
enum Codes {
    /// Two bytes, meaning nothing without a map.
    Identity,
    /// A map inside the file cuts the codes.
    Embedded(CMap),
    /// Two bytes of UTF-16.
    Utf16,
    /// A national encoding.
    National(&'static Encoding),
}

impl Font {
    pub(super) fn load(pdf: &Pdf, dict: &Dictionary) -> Font {
        let to_unicode = dict
            .get_deref(b"ToUnicode", pdf)
            .ok()
            .and_then(|it| it.as_stream().ok())
            .and_then(stream_bytes)
            .map(|bytes| CMap::parse(&bytes))
            .unwrap_or_default();
        let subtype = dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        let kind = if subtype == b"Type0" { composite(pdf, dict) } else { simple(pdf, dict) };
        let matrix = dict.get_deref(b"FontMatrix", pdf).and_then(Object::as_array);
        let scale = matrix.ok().filter(|_| subtype == b"Type3").and_then(|it| it.first()).and_then(to_float);
        Font { to_unicode, kind, scale: scale.map_or(0.001, f32::abs) }
    }

    /// Reads a string, code by code.
    pub(super) fn decode(&self, mut bytes: &[u8], mut draw: impl FnMut(Drawn)) {
        while !bytes.is_empty() {
            let length = self.code_length(bytes).clamp(1, bytes.len());
            let (code, rest) = bytes.split_at(length);
            bytes = rest;
            let number = code.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
            let mapped = self.to_unicode.lookup(number).map(|words| glyph_names::plain_characters(&words));
            let (own, width) = self.own(code, number);
            draw(Drawn { words: mapped.or(own), width, is_space_byte: code == b" " });
        }
    }

    fn code_length(&self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        match &self.kind {
            Kind::Simple { .. } => 1,
            Kind::Composite { codes, .. } => match codes {
                Codes::Identity => 2,
                Codes::Embedded(cmap) => cmap.code_length(bytes).unwrap_or(2),
                Codes::Utf16 if (0xD8..0xDC).contains(&first) => 4,
                Codes::Utf16 => 2,
                Codes::National(_) if first <= 0x80 || first == 0xFF => 1,
                Codes::National(_) if bytes.get(1).is_some_and(u8::is_ascii_digit) => 4,
                Codes::National(_) => 2,
            },
        }
    }

    fn own(&self, code: &[u8], number: u32) -> (Option<String>, f32) {
        match &self.kind {
            Kind::Simple { characters, widths } => {
                let at = number as usize;
                (characters.get(at).cloned().flatten(), widths.get(at).copied().unwrap_or(500.0))
            }
            Kind::Composite { codes, widths, default_width, by_glyph } => {
                let width = || widths.get(&number).copied().unwrap_or(*default_width);
                match codes {
                    Codes::Identity | Codes::Embedded(_) => {
                        (by_glyph.get(&number).map(|c| c.to_string()), width())
                    }
                    Codes::Utf16 => {
                        let units = code.chunks_exact(2).map(|it| u16::from_be_bytes([it[0], it[1]]));
                        let words = char::decode_utf16(units).filter_map(Result::ok).collect::<String>();
                        let narrow = number < 0x80;
                        (Some(words).filter(|it| !it.is_empty()), if narrow { 500.0 } else { *default_width })
                    }
                    Codes::National(encoding) => {
                        let words = encoding.decode_without_bom_handling(code).0;
                        let known = !words.contains('\u{FFFD}');
                        let width = if code.len() == 1 { 500.0 } else { *default_width };
                        (known.then(|| words.into_owned()), width)
                    }
                }
            }
        }
    }
}

fn simple(pdf: &Pdf, dict: &Dictionary) -> Kind {
    let encoding = dict.get_deref(b"Encoding", pdf).ok();
    let base = match encoding {
        Some(Object::Name(name)) => BaseEncoding::named(name),
        Some(Object::Dictionary(it)) => {
            it.get(b"BaseEncoding").and_then(Object::as_name).ok().and_then(BaseEncoding::named)
        }
        _ => None,
    };
    // A font that brings its own drawing and says nothing may draw anything; letters are the best guess.
    let base = base.unwrap_or(BaseEncoding::WinAnsi);
    let mut characters: Vec<Option<String>> =
        (0..=255u8).map(|code| base.character(code).map(String::from)).collect();
    if let Some(differences) =
        encoding.and_then(|it| it.as_dict().ok()).and_then(|it| it.get_deref(b"Differences", pdf).ok())
        && let Ok(list) = differences.as_array()
    {
        let mut code = 0usize;
        for item in list {
            match item {
                Object::Integer(number) => code = usize::try_from(*number).unwrap_or(256),
                Object::Name(name) => {
                    if let Some(place) = characters.get_mut(code) {
                        *place = glyph_names::character(name);
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }
    let descriptor = dict.get_deref(b"FontDescriptor", pdf).ok().and_then(|it| it.as_dict().ok());
    let missing = descriptor.and_then(|it| it.get(b"MissingWidth").ok()).and_then(to_float).unwrap_or(500.0);
    let mut widths = vec![missing; 256];
    let first = dict.get_deref(b"FirstChar", pdf).ok().and_then(|it| it.as_i64().ok()).unwrap_or(0);
    if let Ok(list) = dict.get_deref(b"Widths", pdf).and_then(Object::as_array) {
        for (offset, item) in list.iter().take(256).enumerate() {
            let at = usize::try_from(first).unwrap_or(256).saturating_add(offset);
            let value = match item {
                Object::Reference(id) => pdf.get_object(*id).ok().and_then(to_float),
                other => to_float(other),
            };
            if let (Some(place), Some(value)) = (widths.get_mut(at), value) {
                *place = value;
            }
        }
    }
    Kind::Simple { characters, widths }
}

fn composite(pdf: &Pdf, dict: &Dictionary) -> Kind {
    let codes = match dict.get_deref(b"Encoding", pdf) {
        Ok(Object::Name(name)) => predefined(name),
        Ok(Object::Stream(stream)) => match stream_bytes(stream).map(|bytes| CMap::parse(&bytes)) {
            Some(cmap) => Codes::Embedded(cmap),
            None => Codes::Identity,
        },
        _ => Codes::Identity,
    };
    let descendant = dict
        .get_deref(b"DescendantFonts", pdf)
        .ok()
        .and_then(|it| it.as_array().ok()?.first())
        .and_then(|it| pdf.dereference(it).ok())
        .and_then(|(_, it)| it.as_dict().ok());
    let mut widths = HashMap::new();
    let mut default_width = 1000.0;
    let mut by_glyph = HashMap::new();
    if let Some(font) = descendant {
        default_width = font.get_deref(b"DW", pdf).ok().and_then(to_float).unwrap_or(1000.0);
        if let Ok(list) = font.get_deref(b"W", pdf).and_then(Object::as_array) {
            read_widths(pdf, list, &mut widths);
        }
        if matches!(codes, Codes::Identity) && !dict.has(b"ToUnicode") {
            by_glyph = characters_by_glyph(pdf, font);
        }
    }
    Kind::Composite { codes, widths, default_width, by_glyph }
}

/// The predefined CMaps whose codes are characters of a known encoding.
fn predefined(name: &[u8]) -> Codes {
    let name = String::from_utf8_lossy(name);
    let begins = |start: &str| name.starts_with(start);
    match () {
        () if name.contains("-UCS2-") || name.contains("-UTF16-") => Codes::Utf16,
        () if begins("GB") => Codes::National(encoding_rs::GB18030),
        () if begins("B5pc") || begins("ETen") || begins("HKscs") => Codes::National(encoding_rs::BIG5),
        () if name.contains("RKSJ") => Codes::National(encoding_rs::SHIFT_JIS),
        () if begins("KSC") => Codes::National(encoding_rs::EUC_KR),
        () => Codes::Identity,
    }
}

/// `[first [w w w] first last w …]`
fn read_widths(pdf: &Pdf, list: &[Object], widths: &mut HashMap<u32, f32>) {
    let resolve = |item: &Object| pdf.dereference(item).map(|(_, it)| it.clone()).ok();
    let mut items = list.iter().take(200_000);
    while let (Some(first), Some(second)) = (items.next(), items.next()) {
        let Some(first) =
            resolve(first).as_ref().and_then(to_float).filter(|it| (0.0..65_536.0).contains(it))
        else {
            return;
        };
        let first = whole(first);
        match resolve(second) {
            Some(Object::Array(each)) => {
                for (code, width) in (first..).zip(each.iter().take(65_536)) {
                    if let Some(width) = to_float(width) {
                        widths.insert(code, width);
                    }
                }
            }
            Some(last) => {
                let width = items.next().and_then(resolve).as_ref().and_then(to_float);
                let last = to_float(&last).filter(|it| (0.0..65_536.0).contains(it));
                let (Some(last), Some(width)) = (last, width) else { return };
                for code in first..=whole(last) {
                    widths.insert(code, width);
                }
            }
            None => return,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be within 0..65536")]
fn whole(value: f32) -> u32 {
    value as u32
}

/// What a font program inside the file says about its glyphs, when nothing else does.
fn characters_by_glyph(pdf: &Pdf, font: &Dictionary) -> HashMap<u32, char> {
    let identity = match font.get_deref(b"CIDToGIDMap", pdf) {
        Ok(Object::Name(name)) => name == b"Identity",
        Ok(_) => false,
        Err(_) => true,
    };
    let program = font
        .get_deref(b"FontDescriptor", pdf)
        .ok()
        .and_then(|it| it.as_dict().ok())
        .and_then(|it| it.get_deref(b"FontFile2", pdf).or_else(|_| it.get_deref(b"FontFile3", pdf)).ok())
        .and_then(|it| it.as_stream().ok())
        .and_then(stream_bytes);
    match program {
        Some(bytes) if identity => truetype::characters_by_glyph(&bytes),
        _ => HashMap::new(),
    }
}
