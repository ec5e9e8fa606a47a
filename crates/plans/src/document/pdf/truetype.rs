//! The character table of a TrueType or OpenType font, turned round: from glyph to character.

use std::collections::HashMap;

/// Most characters that are read from one font.
const CHARACTERS_MAX: usize = 120_000;

/// Characters by glyph number; empty when the font has no Unicode table.
pub(super) fn characters_by_glyph(font: &[u8]) -> HashMap<u32, char> {
    let mut out = HashMap::new();
    let Some(cmap) = table(font, b"cmap") else { return out };
    let Some(count) = u16_at(cmap, 2) else { return out };
    for index in 0..usize::from(count).min(64) {
        let at = 4 + index * 8;
        let (Some(platform), Some(offset)) = (u16_at(cmap, at), u32_at(cmap, at + 4)) else { break };
        let Some(sub) = cmap.get(offset as usize..).filter(|_| matches!(platform, 0 | 3)) else { continue };
        match u16_at(sub, 0) {
            Some(4) => format_4(sub, &mut out).unwrap_or_default(),
            Some(12) => format_12(sub, &mut out).unwrap_or_default(),
            _ => {}
        }
    }
    out
}

fn table<'a>(font: &'a [u8], tag: &[u8]) -> Option<&'a [u8]> {
    let count = u16_at(font, 4)?;
    (0..usize::from(count)).find_map(|index| {
        let at = 12 + index * 16;
        let is_it = font.get(at..at + 4)? == tag;
        let offset = u32_at(font, at + 8)? as usize;
        is_it.then(|| font.get(offset..)).flatten()
    })
}

fn add(out: &mut HashMap<u32, char>, glyph: u32, code: u32) {
    if glyph != 0
        && out.len() < CHARACTERS_MAX
        && let Some(c) = char::from_u32(code)
    {
        // The first character is the ordinary one; compatibility forms of the same drawing come later.
        out.entry(glyph).or_insert(c);
    }
}

fn format_4(sub: &[u8], out: &mut HashMap<u32, char>) -> Option<()> {
    let segments = usize::from(u16_at(sub, 6)?) / 2;
    for segment in 0..segments {
        let at = |list: usize| 14 + segment * 2 + list * segments * 2 + if list == 0 { 0 } else { 2 };
        let (last, first) = (u16_at(sub, at(0))?, u16_at(sub, at(1))?);
        let (delta, range) = (u16_at(sub, at(2))?, u16_at(sub, at(3))?);
        for code in first..=last {
            if code == 0xFFFF {
                break;
            }
            let glyph = if range == 0 {
                code.wrapping_add(delta)
            } else {
                match u16_at(sub, at(3) + usize::from(range) + usize::from(code - first) * 2) {
                    Some(0) | None => 0,
                    Some(glyph) => glyph.wrapping_add(delta),
                }
            };
            add(out, u32::from(glyph), u32::from(code));
        }
    }
    Some(())
}

fn format_12(sub: &[u8], out: &mut HashMap<u32, char>) -> Option<()> {
    let groups = u32_at(sub, 12)?.min(20_000) as usize;
    for group in 0..groups {
        let at = 16 + group * 12;
        let (first, last, glyph) = (u32_at(sub, at)?, u32_at(sub, at + 4)?, u32_at(sub, at + 8)?);
        for code in first..=last.min(first.saturating_add(0x1_0000)) {
            if CHARACTERS_MAX <= out.len() {
                return None;
            }
            add(out, glyph.saturating_add(code - first), code);
        }
    }
    Some(())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16_at(bytes, at)?) << 16 | u32::from(u16_at(bytes, at.checked_add(2)?)?))
}
