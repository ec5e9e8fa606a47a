//! Runs the content of a page and notes which characters are drawn where, and which straight lines.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId};

use super::fonts::Font;
use super::tokens::{Token, Tokens};
use super::{stream_bytes, to_float};
use crate::document::limits;

/// Lines thinner than this are rulings and not areas. Unit: points.
const RULE_THICKNESS_MAX: f32 = 3.5;

/// Shortest ruling that is noted. Unit: points.
const RULE_LENGTH_MIN: f32 = 4.0;

/// Most operands that are kept for one operator.
const OPERANDS_MAX: usize = 4096;

/// One character in the page's upright coordinates: x to the right, y up, unit points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// Baseline.
    pub(super) y: f32,
    pub(super) size: f32,
}

/// One straight ruling, upright coordinates, `from < to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) horizontal: bool,
    /// y of a horizontal one, x of a vertical one.
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// What one page shows.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Share of the page that pictures cover, at most 1.
    pub(super) picture_share: f32,
    /// Codes whose character no font told.
    pub(super) unknown: usize,
}

/// Row-vector transformation, as PDF writes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix {
    pub(super) a: f32,
    pub(super) b: f32,
    pub(super) c: f32,
    pub(super) d: f32,
    pub(super) e: f32,
    pub(super) f: f32,
}

impl Matrix {
    pub(super) const ONE: Matrix = Matrix { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    pub(super) fn of(values: &[f32]) -> Option<Matrix> {
        let [a, b, c, d, e, f] = *values else { return None };
        Some(Matrix { a, b, c, d, e, f })
    }

    /// First `self`, then `next`.
    pub(super) fn then(self, next: Matrix) -> Matrix {
        Matrix {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }

    fn point(self, x: f32, y: f32) -> (f32, f32) {
        (x * self.a + y * self.c + self.e, x * self.b + y * self.d + self.f)
    }
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    character_space: f32,
    word_space: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    line_width: f32,
}

/// What is shared by all pages: fonts are read once.
pub(super) struct Painter<'a> {
    pub(super) pdf: &'a Pdf,
    fonts: HashMap<ObjectId, Rc<Font>>,
    unpacked: usize,
}

impl<'a> Painter<'a> {
    pub(super) fn new(pdf: &'a Pdf) -> Self {
        Self { pdf, fonts: HashMap::new(), unpacked: 0 }
    }

    /// Runs the content of one page.
    pub(super) fn page(&mut self, id: ObjectId) -> Drawing {
        let pdf = self.pdf;
        let Ok(page) = pdf.get_dictionary(id) else { return Drawing::default() };
        let media = inherited(pdf, page, b"CropBox").or_else(|| inherited(pdf, page, b"MediaBox"));
        let corners = media.and_then(|it| it.as_array().ok()).map(|it| floats(pdf, it)).unwrap_or_default();
        let [x0, y0, x1, y1] = corners[..] else { return self.page_in(page, [0.0, 0.0, 595.0, 842.0]) };
        self.page_in(page, [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)])
    }

    fn page_in(&mut self, page: &Dictionary, [x0, y0, x1, y1]: [f32; 4]) -> Drawing {
        let pdf = self.pdf;
        let turn =
            inherited(pdf, page, b"Rotate").and_then(|it| it.as_i64().ok()).unwrap_or(0).rem_euclid(360);
        let (width, height) = (x1 - x0, y1 - y0);
        let shift = Matrix { e: -x0, f: -y0, ..Matrix::ONE };
        let (matrix, width, height) = match turn {
            90 => (shift.then(Matrix { a: 0.0, b: -1.0, c: 1.0, d: 0.0, e: 0.0, f: width }), height, width),
            180 => {
                (shift.then(Matrix { a: -1.0, b: 0.0, c: 0.0, d: -1.0, e: width, f: height }), width, height)
            }
            270 => (shift.then(Matrix { a: 0.0, b: 1.0, c: -1.0, d: 0.0, e: height, f: 0.0 }), height, width),
            _ => (shift, width, height),
        };
        let mut content = Vec::new();
        match page.get_deref(b"Contents", pdf) {
            Ok(Object::Stream(stream)) => content.extend(self.unpack(stream)),
            Ok(Object::Array(parts)) => {
                for part in parts.iter().take(10_000) {
                    if let Ok((_, Object::Stream(stream))) = pdf.dereference(part) {
                        content.extend(self.unpack(stream));
                        content.push(b'\n');
                    }
                }
            }
            _ => {}
        }
        let resources = inherited(pdf, page, b"Resources").and_then(|it| it.as_dict().ok());
        let mut run =
            Run { painter: self, drawing: Drawing { width, height, ..Drawing::default() }, pictures: 0.0 };
        let state = State {
            matrix,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            line_width: 1.0,
        };
        run.content(&content, resources, state, 0);
        let mut drawing = run.drawing;
        drawing.picture_share = (run.pictures / (width * height).max(1.0)).min(1.0);
        drawing
    }

    fn unpack(&mut self, stream: &lopdf::Stream) -> Vec<u8> {
        if limits::PDF_TOTAL_BYTES_MAX < self.unpacked {
            return Vec::new();
        }
        let bytes = stream_bytes(stream).unwrap_or_default();
        self.unpacked += bytes.len();
        bytes
    }

    fn font(&mut self, resources: Option<&Dictionary>, name: &[u8]) -> Option<Rc<Font>> {
        let pdf = self.pdf;
        let fonts = resources?.get_deref(b"Font", pdf).ok()?.as_dict().ok()?;
        let (id, object) = pdf.dereference(fonts.get(name).ok()?).ok()?;
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(Rc::clone(known));
        }
        let font = Rc::new(Font::load(pdf, object.as_dict().ok()?));
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&font));
        }
        Some(font)
    }
}

/// A page attribute that may stand in a parent.
fn inherited<'a>(pdf: &'a Pdf, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut at = page;
    for _ in 0..64 {
        if let Ok(value) = at.get_deref(key, pdf) {
            return Some(value);
        }
        at = at.get_deref(b"Parent", pdf).ok()?.as_dict().ok()?;
    }
    None
}

fn floats(pdf: &Pdf, list: &[Object]) -> Vec<f32> {
    list.iter().take(16).filter_map(|it| pdf.dereference(it).ok().and_then(|(_, it)| to_float(it))).collect()
}

struct Run<'p, 'a> {
    painter: &'p mut Painter<'a>,
    drawing: Drawing,
    pictures: f32,
}

/// A path under construction, in page coordinates.
#[derive(Default)]
struct Path {
    start: (f32, f32),
    current: (f32, f32),
    segments: Vec<((f32, f32), (f32, f32))>,
    /// Upright rectangles: left, bottom, right, top.
    boxes: Vec<[f32; 4]>,
}

impl Run<'_, '_> {
    fn content(&mut self, content: &[u8], resources: Option<&Dictionary>, start: State, depth: usize) {
        let mut state = start;
        let mut saved: Vec<State> = Vec::new();
        let (mut text, mut line) = (Matrix::ONE, Matrix::ONE);
        let mut path = Path::default();
        let mut operands: Vec<Token> = Vec::new();
        let mut tokens = Tokens::new(content);
        while let Some(token) = tokens.next_token() {
            let Token::Word(word) = token else {
                if operands.len() < OPERANDS_MAX {
                    operands.push(token);
                }
                continue;
            };
            let number = |at: usize| match operands.get(at) {
                Some(Token::Number(value)) => *value,
                _ => 0.0,
            };
            let numbers = || -> Vec<f32> {
                let value = |it: &Token| if let Token::Number(value) = it { Some(*value) } else { None };
                operands.iter().filter_map(value).collect()
            };
            match word.as_slice() {
                b"q" if saved.len() < 512 => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => {
                    if let Some(matrix) = Matrix::of(&numbers()) {
                        state.matrix = matrix.then(state.matrix);
                    }
                }
                b"BT" => (text, line) = (Matrix::ONE, Matrix::ONE),
                b"Tf" => {
                    if let Some(Token::Name(name)) = operands.first() {
                        state.font = self.painter.font(resources, name);
                    }
                    state.size = number(1);
                }
                b"Tc" => state.character_space = number(0),
                b"Tw" => state.word_space = number(0),
                b"Tz" => state.stretch = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"w" => state.line_width = number(0),
                b"Td" | b"TD" => {
                    if word.as_slice() == b"TD" {
                        state.leading = -number(1);
                    }
                    line = Matrix { e: number(0), f: number(1), ..Matrix::ONE }.then(line);
                    text = line;
                }
                b"Tm" => {
                    if let Some(matrix) = Matrix::of(&numbers()) {
                        (text, line) = (matrix, matrix);
                    }
                }
                b"T*" | b"'" | b"\"" => {
                    if word.as_slice() == b"\"" {
                        state.word_space = number(0);
                        state.character_space = number(1);
                    }
                    line = Matrix { f: -state.leading, ..Matrix::ONE }.then(line);
                    text = line;
                    if let Some(Token::Text(bytes)) = operands.last() {
                        self.show(bytes, &state, &mut text);
                    }
                }
                b"Tj" | b"TJ" => {
                    for operand in &operands {
                        match operand {
                            Token::Text(bytes) => self.show(bytes, &state, &mut text),
                            Token::Number(back) => {
                                let shift = -back / 1000.0 * state.size * state.stretch;
                                text = Matrix { e: shift, ..Matrix::ONE }.then(text);
                            }
                            _ => {}
                        }
                    }
                }
                b"m" => {
                    path.start = state.matrix.point(number(0), number(1));
                    path.current = path.start;
                }
                b"l" => path.line_to(state.matrix.point(number(0), number(1))),
                b"c" => path.current = state.matrix.point(number(4), number(5)),
                b"v" | b"y" => path.current = state.matrix.point(number(2), number(3)),
                b"h" => path.line_to(path.start),
                b"re" => {
                    let (x0, y0) = state.matrix.point(number(0), number(1));
                    let (x1, y1) = state.matrix.point(number(0) + number(2), number(1) + number(3));
                    if path.boxes.len() < limits::PDF_PAGE_RULES_MAX {
                        path.boxes.push([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]);
                    }
                }
                b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                    if matches!(word.as_slice(), b"s" | b"b" | b"b*") {
                        path.line_to(path.start);
                    }
                    self.stroke(&path);
                    path = Path::default();
                }
                b"f" | b"F" | b"f*" => {
                    self.fill(&path);
                    path = Path::default();
                }
                b"n" => path = Path::default(),
                b"Do" => {
                    if let Some(Token::Name(name)) = operands.first() {
                        self.draw_object(name, resources, &state, depth);
                    }
                }
                b"ID" => {
                    tokens.skip_image_data();
                    self.picture(&state);
                }
                _ => {}
            }
            operands.clear();
        }
    }

    fn show(&mut self, bytes: &[u8], state: &State, text: &mut Matrix) {
        let Some(font) = state.font.clone() else { return };
        let drawing = &mut self.drawing;
        font.decode(bytes, |drawn| {
            let glyph = Matrix {
                a: state.size * state.stretch,
                b: 0.0,
                c: 0.0,
                d: state.size,
                e: 0.0,
                f: state.rise,
            };
            let place = glyph.then(*text).then(state.matrix);
            let space = state.character_space + if drawn.is_space_byte { state.word_space } else { 0.0 };
            let advance = drawn.width * font.scale;
            let upright = place.b.abs() < 0.2 * place.a.abs() && 0.0 < place.a;
            let size = place.d.abs().max(place.c.abs()) * (font.scale * 1000.0);
            let (x0, x1) = (place.e, place.e + advance * place.a);
            if upright && size.is_finite() && x0.is_finite() && place.f.is_finite() {
                match &drawn.words {
                    Some(words) => drawing.add(words, x0, x1, place.f, size),
                    None => drawing.unknown += 1,
                }
            }
            let shift = advance * state.size * state.stretch + space * state.stretch;
            *text = Matrix { e: shift, ..Matrix::ONE }.then(*text);
        });
    }

    fn stroke(&mut self, path: &Path) {
        for ((x0, y0), (x1, y1)) in &path.segments {
            self.drawing.rule([*x0, *y0, *x1, *y1]);
        }
        for [x0, y0, x1, y1] in &path.boxes {
            if x1 - x0 < RULE_THICKNESS_MAX || y1 - y0 < RULE_THICKNESS_MAX {
                self.drawing.rule([*x0, *y0, *x1, *y1]);
                continue;
            }
            for side in
                [[*x0, *y0, *x1, *y0], [*x0, *y1, *x1, *y1], [*x0, *y0, *x0, *y1], [*x1, *y0, *x1, *y1]]
            {
                self.drawing.rule(side);
            }
        }
    }

    /// Many programs draw borders as thin filled areas.
    fn fill(&mut self, path: &Path) {
        for [x0, y0, x1, y1] in &path.boxes {
            self.drawing.rule([*x0, *y0, *x1, *y1]);
        }
        if let [_, _, ..] = path.segments[..] {
            let ends = || path.segments.iter().flat_map(|(from, to)| [*from, *to]);
            let least = |pick: fn((f32, f32)) -> f32| ends().map(pick).fold(f32::INFINITY, f32::min);
            let most = |pick: fn((f32, f32)) -> f32| ends().map(pick).fold(f32::NEG_INFINITY, f32::max);
            self.drawing.rule([least(|it| it.0), least(|it| it.1), most(|it| it.0), most(|it| it.1)]);
        }
    }

    fn picture(&mut self, state: &State) {
        let m = state.matrix;
        let area = (m.a * m.d - m.b * m.c).abs();
        if area.is_finite() {
            self.pictures += area;
        }
    }

    fn draw_object(&mut self, name: &[u8], resources: Option<&Dictionary>, state: &State, depth: usize) {
        let pdf = self.painter.pdf;
        let object = resources
            .and_then(|it| it.get_deref(b"XObject", pdf).ok())
            .and_then(|it| it.as_dict().ok())
            .and_then(|it| it.get_deref(name, pdf).ok());
        let Some(Object::Stream(stream)) = object else { return };
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => self.picture(state),
            Ok(b"Form") if depth < limits::PDF_FORM_DEPTH_MAX => {
                let matrix = stream.dict.get_deref(b"Matrix", pdf).and_then(Object::as_array);
                let matrix = matrix.ok().and_then(|it| Matrix::of(&floats(pdf, it))).unwrap_or(Matrix::ONE);
                let own = stream.dict.get_deref(b"Resources", pdf).ok().and_then(|it| it.as_dict().ok());
                let content = self.painter.unpack(stream);
                let mut inner = state.clone();
                inner.matrix = matrix.then(state.matrix);
                self.content(&content, own.or(resources), inner, depth + 1);
            }
            _ => {}
        }
    }
}

impl Path {
    fn line_to(&mut self, to: (f32, f32)) {
        if self.segments.len() < limits::PDF_PAGE_RULES_MAX {
            self.segments.push((self.current, to));
        }
        self.current = to;
    }
}

impl Drawing {
    fn add(&mut self, words: &str, x0: f32, x1: f32, y: f32, size: f32) {
        let count = words.chars().count().max(1);
        // A ligature is several characters in one drawing: they share its width.
        #[expect(clippy::cast_precision_loss, reason = "a handful of characters")]
        let step = (x1 - x0) / count as f32;
        let mut left = x0;
        for c in words.chars() {
            if limits::PDF_PAGE_GLYPHS_MAX <= self.glyphs.len() {
                return;
            }
            self.glyphs.push(Glyph { c, x0: left, x1: left + step, y, size });
            left += step;
        }
    }

    /// Notes a straight line, or a thin area as the line it looks like.
    fn rule(&mut self, [x0, y0, x1, y1]: [f32; 4]) {
        let (left, right, bottom, top) = (x0.min(x1), x0.max(x1), y0.min(y1), y0.max(y1));
        let (width, height) = (right - left, top - bottom);
        if limits::PDF_PAGE_RULES_MAX <= self.rules.len() || !(width.is_finite() && height.is_finite()) {
            return;
        }
        if height <= RULE_THICKNESS_MAX && RULE_LENGTH_MIN <= width {
            self.rules.push(Rule { horizontal: true, at: (top + bottom) / 2.0, from: left, to: right });
        } else if width <= RULE_THICKNESS_MAX && RULE_LENGTH_MIN <= height {
            self.rules.push(Rule { horizontal: false, at: (left + right) / 2.0, from: bottom, to: top });
        }
    }
}
