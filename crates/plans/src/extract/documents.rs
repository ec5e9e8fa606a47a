//! Documents cited in 《》.

use super::characters::{Text, normal};
use super::findings::{CitedDocument, Span};
use super::metadata::closing;

/// Titles cited in `span`, without their brackets. Nested brackets belong to the outer title.
pub(crate) fn cited(text: &Text, span: Span) -> Vec<Span> {
    let mut titles = Vec::new();
    let mut at = span.start;
    while let Some(open) = text.find(Span::new(at, span.end), "《") {
        let Some(close) = closing(text, Span::new(open, span.end.min(open + 120))) else {
            at = open + 1;
            continue;
        };
        let title = text.trim(Span::new(open + 1, close));
        if !title.is_empty() {
            titles.push(title);
        }
        at = close + 1;
    }
    titles
}

/// All documents the text cites, each once, with every line that cites it.
pub(crate) fn all(text: &Text) -> Vec<CitedDocument> {
    let mut found: Vec<(String, CitedDocument)> = Vec::new();
    for line in &text.lines {
        for title in cited(text, line.span) {
            let words = text.quote(title);
            let key = normal(&words);
            if key.chars().count() < 4 {
                continue;
            }
            match found.iter_mut().find(|(known, _)| *known == key) {
                Some((_, document)) => {
                    if document.lines.last() != Some(&line.number) {
                        document.lines.push(line.number);
                    }
                }
                None => found.push((
                    key,
                    CitedDocument {
                        title: words,
                        lines: vec![line.number],
                        evidence: text.evidence(title, 0.97),
                    },
                )),
            }
        }
    }
    found.into_iter().map(|(_, document)| document).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn each_document_is_listed_once_with_all_its_lines() {
        let text =
            Text::new(&Document::from_text("依据《总体规划》《数据条例(试行)》。\n落实《总体规划》。\n"));
        let documents = all(&text);
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[0].lines, [1, 2]);
        assert_eq!(documents[1].title, "数据条例(试行)");
    }
}
