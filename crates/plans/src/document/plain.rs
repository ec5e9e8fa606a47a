//! Plain text: the physical lines as they are. People cite a text file by its line numbers, so none may move.

use super::{Assembler, Document, Format, Hint};

/// The lines of `text`, one for each physical line.
pub(super) fn read_text(text: &str, format: Format) -> Document {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = if text.contains('\n') { text.replace("\r\n", "\n") } else { text.replace('\r', "\n") };
    // DOS editors end a file with Ctrl-Z.
    let text = text.strip_suffix('\u{1A}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut out = Assembler::new(format);
    for line in text.split('\n') {
        out.push_verbatim(line, Hint::default());
    }
    out.finish()
}
