//! Decides, without recursion, whether a text is JSON that both JavaScript and yrs can read (A11).
//!
//! Embeds and marks carry their values as JSON text. yrs reads it while it applies an update, and a text that it cannot
//! read would stay in the log and fail for every reader. So what yrs refuses is refused here: lone surrogates,
//! numbers beyond f64, and whole numbers from 2^63 up to 2^64, which it has no kind for.

use super::limits::MAX_VALUE_DEPTH;

/// Returns whether the whole text is one acceptable JSON value.
pub(super) fn is_json(text: &str) -> bool {
    Reader { rest: text.as_bytes(), objects: 0, depth: 0 }.document().is_some()
}

/// Every method answers `None` for "not JSON": there is nothing else to say about it.
struct Reader<'a> {
    rest: &'a [u8],
    /// One bit for each open level: 1 for an object, 0 for an array; the innermost is the lowest.
    objects: u64,
    depth: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        loop {
            self.value()?;
            loop {
                self.blank();
                if self.depth == 0 {
                    return self.rest.is_empty().then_some(());
                }
                match (self.byte()?, self.objects & 1 == 1) {
                    (b',', true) => break self.key()?,
                    (b',', false) => break,
                    (b'}', true) | (b']', false) => self.close(),
                    _ => return None,
                }
            }
        }
    }

    /// Reads a value without parts; opens levels on the way to the first one.
    fn value(&mut self) -> Option<()> {
        loop {
            self.blank();
            match self.byte()? {
                b'{' => {
                    self.open(1)?;
                    if self.next_is(b'}') {
                        self.close();
                        return Some(());
                    }
                    self.key()?;
                }
                b'[' => {
                    self.open(0)?;
                    if self.next_is(b']') {
                        self.close();
                        return Some(());
                    }
                }
                b'"' => return self.string(),
                b't' => return self.word(b"rue"),
                b'f' => return self.word(b"alse"),
                b'n' => return self.word(b"ull"),
                first => return self.number(first),
            }
        }
    }

    fn open(&mut self, object: u64) -> Option<()> {
        self.depth += 1;
        self.objects = self.objects << 1 | object;
        (self.depth <= MAX_VALUE_DEPTH).then_some(())
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.objects >>= 1;
    }

    fn key(&mut self) -> Option<()> {
        self.blank();
        self.word(b"\"")?;
        self.string()?;
        self.blank();
        self.word(b":")
    }

    /// Reads on behind the opening quotation mark.
    fn string(&mut self) -> Option<()> {
        loop {
            match self.byte()? {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.byte()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => match self.unit()? {
                0xd800..=0xdbff => {
                    self.word(b"\\u")?;
                    (0xdc00..=0xdfff).contains(&self.unit()?).then_some(())
                }
                0xdc00..=0xdfff => None,
                _ => Some(()),
            },
            _ => None,
        }
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | char::from(self.byte()?).to_digit(16)?))
    }

    fn number(&mut self, first: u8) -> Option<()> {
        let whole = self.rest;
        match if first == b'-' { self.byte()? } else { first } {
            b'0' => {}
            b'1'..=b'9' => drop(self.digits()),
            _ => return None,
        }
        let mut fraction = false;
        if self.eat(b".") {
            fraction = true;
            (self.digits() > 0).then_some(())?;
        }
        if self.eat(b"eE") {
            fraction = true;
            let _sign = self.eat(b"+-");
            (self.digits() > 0).then_some(())?;
        }
        let read = whole.get(..whole.len() - self.rest.len())?;
        let text = format!("{}{}", char::from(first), std::str::from_utf8(read).ok()?);
        let too_large = !fraction && text.parse::<u64>().is_ok_and(|number| i64::try_from(number).is_err());
        (!too_large && text.parse::<f64>().ok()?.is_finite()).then_some(())
    }

    fn digits(&mut self) -> usize {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.rest = self.rest.get(count..).unwrap_or_default();
        count
    }

    fn eat(&mut self, any_of: &[u8]) -> bool {
        let found = self.rest.first().is_some_and(|byte| any_of.contains(byte));
        if found {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        found
    }

    /// Reads past a closing bracket, if nothing but blanks stands before it.
    fn next_is(&mut self, bracket: u8) -> bool {
        self.blank();
        self.eat(&[bracket])
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn blank(&mut self) {
        while self.eat(b" \t\n\r") {}
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}
