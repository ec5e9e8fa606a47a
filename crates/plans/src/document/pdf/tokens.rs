//! Tokens of PDF syntax, as content streams and CMaps use it. Never fails: what is no token is skipped.

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f32),
    Name(Vec<u8>),
    Text(Vec<u8>),
    /// `[`, `]`, `<<`, `>>`, `{`, `}`.
    Mark(&'static str),
    /// An operator or keyword.
    Word(Vec<u8>),
}

/// Walks over bytes token by token.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    pub(super) fn next_token(&mut self) -> Option<Token> {
        loop {
            let byte = self.peek(0)?;
            match byte {
                b'%' => {
                    while self.peek(0).is_some_and(|b| !matches!(b, b'\n' | b'\r')) {
                        self.at += 1;
                    }
                }
                b'(' => return Some(Token::Text(self.literal())),
                b'<' if self.peek(1) == Some(b'<') => return Some(self.mark(2, "<<")),
                b'>' if self.peek(1) == Some(b'>') => return Some(self.mark(2, ">>")),
                b'<' => return Some(Token::Text(self.hex())),
                b'[' => return Some(self.mark(1, "[")),
                b']' => return Some(self.mark(1, "]")),
                b'{' => return Some(self.mark(1, "{")),
                b'}' => return Some(self.mark(1, "}")),
                b'/' => {
                    self.at += 1;
                    return Some(Token::Name(self.name()));
                }
                b'+' | b'-' | b'.' | b'0'..=b'9' => {
                    if let Some(number) = self.number() {
                        return Some(Token::Number(number));
                    }
                }
                _ if is_space(byte) || matches!(byte, b')' | b'>') => self.at += 1,
                _ => {
                    let start = self.at;
                    while self.peek(0).is_some_and(is_regular) {
                        self.at += 1;
                    }
                    self.at = self.at.max(start + 1);
                    return Some(Token::Word(self.bytes.get(start..self.at).unwrap_or_default().to_vec()));
                }
            }
        }
    }

    fn mark(&mut self, length: usize, mark: &'static str) -> Token {
        self.at += length;
        Token::Mark(mark)
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        let mut depth = 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    let Some(escaped) = self.peek(0) else { break };
                    self.at += 1;
                    match escaped {
                        b'n' => out.push(b'\n'),
                        b'r' => out.push(b'\r'),
                        b't' => out.push(b'\t'),
                        b'b' => out.push(8),
                        b'f' => out.push(12),
                        b'\r' => {
                            if self.peek(0) == Some(b'\n') {
                                self.at += 1;
                            }
                        }
                        b'\n' => {}
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                let Some(digit @ b'0'..=b'7') = self.peek(0) else { break };
                                code = code * 8 + u32::from(digit - b'0');
                                self.at += 1;
                            }
                            out.push(u8::try_from(code & 0xFF).unwrap_or(0));
                        }
                        other => out.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
        out
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        let mut high = None;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok()) else {
                continue;
            };
            match high.take() {
                None => high = Some(digit),
                Some(high) => out.push(high << 4 | digit),
            }
        }
        if let Some(high) = high {
            out.push(high << 4);
        }
        out
    }

    fn name(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        while let Some(byte) = self.peek(0).filter(|b| is_regular(*b)) {
            self.at += 1;
            let code = || {
                let digits = std::str::from_utf8(self.bytes.get(self.at..self.at + 2)?).ok()?;
                u8::from_str_radix(digits, 16).ok()
            };
            match (byte, code()) {
                (b'#', Some(code)) => {
                    out.push(code);
                    self.at += 2;
                }
                _ => out.push(byte),
            }
        }
        out
    }

    fn number(&mut self) -> Option<f32> {
        let start = self.at;
        while self.peek(0).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let written = std::str::from_utf8(self.bytes.get(start..self.at)?).ok()?;
        // "--5" and "5-3" stand in real files; readers take the first number.
        let bare = written.trim_start_matches(['+', '-']);
        let bare = bare.find(['+', '-']).and_then(|at| bare.get(..at)).unwrap_or(bare);
        let value: f32 = if bare == "." { 0.0 } else { bare.parse().ok()? };
        Some(if written.starts_with('-') { -value } else { value }).filter(|it| it.is_finite())
    }

    /// Skips the data of an inline image, which follows its `ID`.
    pub(super) fn skip_image_data(&mut self) {
        self.at += 1;
        while let Some(window) = self.bytes.get(self.at..self.at + 3) {
            let after = self.bytes.get(self.at + 3).copied();
            let ends = is_space(window[0]) && window.get(1..) == Some(b"EI");
            if ends && after.is_none_or(is_space) {
                self.at += 3;
                return;
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}
