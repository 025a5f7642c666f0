//! Looks at the bytes of a part of a workbook as they pass, and says what a reader that keeps
//! things in memory must not be given: a cell or string without end, styles or promised strings
//! without number, a document type.
//!
//! It knows as much of XML as it needs to tell tags apart. Parts that are no XML, such as pictures,
//! pass.

/// Most bytes without a tag. A cell of Excel has at most 32 767 characters.
const LONGEST_TEXT: u64 = 1 << 20;
/// Most bytes of one cell or shared string, with all its tags.
const LONGEST_CELL: u64 = 4 << 20;
/// Most fonts, fills, borders and formats together; Excel itself allows 64 000 formats.
const STYLES: u64 = 200_000;
/// Shortest shared string, `<si/>`.
const SHORTEST: u64 = 5;
/// The number of strings a part promises; the library makes room for as many.
const PROMISE: &[u8] = b"uniqueCount";
/// Letters that tell the tags watched for.
const LETTERS: usize = 12;

/// What was seen of one part.
pub struct PartWatch {
    strings: bool,
    styles: bool,
    /// Inside the cells of a sheet, or in the shared strings.
    inside: bool,
    sheet: bool,
    since_tag: u64,
    since_cell: u64,
    items: u64,
    excessive: bool,
    foul: bool,
    tag: Option<Tag>,
    promise: Promise,
}

/// The name of a tag while it is read, without its prefix.
#[derive(Clone, Copy, Default)]
struct Tag {
    letters: [u8; LETTERS],
    length: usize,
    closing: bool,
}

impl PartWatch {
    /// Begins a part; whether it holds the shared strings or the styles is told by its name.
    pub fn new(strings: bool, styles: bool) -> Self {
        Self {
            strings,
            styles,
            inside: strings,
            sheet: false,
            since_tag: 0,
            since_cell: 0,
            items: 0,
            excessive: false,
            foul: false,
            tag: None,
            promise: Promise::default(),
        }
    }

    /// Whether it holds cells.
    pub const fn is_sheet(&self) -> bool {
        self.sheet
    }

    /// Whether reading it would need memory beyond measure.
    pub const fn is_excessive(&self) -> bool {
        self.excessive || self.items > STYLES
    }

    /// Whether it holds what no workbook has; given its length.
    pub const fn is_foul(&self, bytes: u64) -> bool {
        self.foul || self.promise.most > bytes / SHORTEST + 1
    }

    /// Takes a byte.
    pub fn see(&mut self, byte: u8) {
        self.since_tag += 1;
        self.since_cell += 1;
        self.excessive |=
            self.since_tag > LONGEST_TEXT || self.inside && self.since_cell > LONGEST_CELL;
        if self.strings {
            // Bytes that would hide a promise in another encoding.
            self.foul |= byte == 0 || byte == 0x1b;
            self.promise.see(byte);
        }
        if byte == b'<' {
            self.since_tag = 0;
            self.tag = Some(Tag::default());
            return;
        }
        let Some(tag) = &mut self.tag else { return };
        match byte {
            b'/' if tag.length == 0 => tag.closing = true,
            b':' => tag.length = 0,
            b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' | b'[' => {
                let tag = *tag;
                self.tag = None;
                self.name(tag);
            }
            _ => {
                if let Some(letter) = tag.letters.get_mut(tag.length) {
                    *letter = byte;
                }
                tag.length += 1;
            }
        }
    }

    fn name(&mut self, tag: Tag) {
        match tag.letters.get(..tag.length).unwrap_or_default() {
            b"sheetData" if tag.closing => self.inside = self.strings,
            b"sheetData" => (self.sheet, self.inside, self.since_cell) = (true, true, 0),
            b"c" | b"row" | b"si" => self.since_cell = 0,
            b"xf" | b"font" | b"fill" | b"border" | b"numFmt" if self.styles => self.items += 1,
            b"!DOCTYPE" => self.foul = true,
            // Comments and the like could hide where a cell begins.
            _ => self.foul |= self.inside && tag.letters.first() == Some(&b'!'),
        }
    }
}

/// Finds the largest number promised.
#[derive(Default)]
struct Promise {
    matched: usize,
    digits: Option<u64>,
    most: u64,
}

impl Promise {
    fn see(&mut self, byte: u8) {
        if let Some(so_far) = self.digits {
            match byte {
                b'0'..=b'9' => {
                    let number = so_far.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                    self.digits = Some(number);
                    self.most = self.most.max(number);
                    return;
                }
                b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n' if so_far == 0 => return,
                _ => self.digits = None,
            }
        }
        self.matched =
            match (PROMISE.get(self.matched) == Some(&byte), PROMISE.first() == Some(&byte)) {
                (true, _) => self.matched + 1,
                (false, true) => 1,
                (false, false) => 0,
            };
        if self.matched == PROMISE.len() {
            (self.matched, self.digits) = (0, Some(0));
        }
    }
}
