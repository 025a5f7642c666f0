//! Numbers of records, persons and firms, normalised from what people type.
//!
//! Whatever a spreadsheet, a web page or an input method has added is removed: invisible
//! characters, full-width forms, other kinds of hyphen; from the identifiers of persons and firms,
//! which contain none, also spaces, hyphens and apostrophes. Lookalike letters are a fault, because
//! nobody can tell which one was meant. The case of a record's number is kept.

use super::text::{TextFault, half_width_char, is_invisible, is_lookalike, plain_hyphen};

/// The purpose of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberUse {
    /// Number of a record in its source system.
    Record,
    /// Identifier of a person or firm: letters and digits alone, in upper case.
    Identifier,
}

/// A normalised number, with what was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// The number as it is stored and compared.
    pub text: String,
    /// Whether invisible characters were left out.
    pub invisible: bool,
    /// Whether full-width characters or other hyphens were replaced.
    pub folded: bool,
    /// Whether spaces, hyphens or apostrophes were left out.
    pub separated: bool,
}

impl Number {
    /// The changes, in Chinese and English; `None` if only outer blanks and case were changed.
    #[must_use]
    pub fn changes(&self) -> Option<(String, String)> {
        let told = [
            (self.invisible, "去掉了不可见字符", "invisible characters were left out"),
            (
                self.folded,
                "全角字符和各种连字符改成了半角",
                "full-width characters and other hyphens were made plain",
            ),
            (
                self.separated,
                "去掉了空格、连字符或撇号",
                "spaces, hyphens or apostrophes were left out",
            ),
        ];
        let of = |zh: bool| {
            let words = told
                .iter()
                .filter(|(changed, ..)| *changed)
                .map(|(_, chinese, english)| if zh { *chinese } else { *english });
            words.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        };
        let zh = of(true);
        if zh.is_empty() { None } else { Some((zh, of(false))) }
    }
}

/// Normalises a number for its use.
///
/// # Errors
/// [`TextFault::Lookalike`].
pub fn read(raw: &str, sort: NumberUse) -> Result<Number, TextFault> {
    let mut number = Number::default();
    let mut blank = false;
    for c in raw.trim().chars() {
        if is_lookalike(c) {
            return Err(TextFault::Lookalike);
        }
        if is_invisible(c) {
            number.invisible = true;
            continue;
        }
        let plain = plain_hyphen(half_width_char(c));
        number.folded |= plain != c && !c.is_whitespace();
        if plain.is_whitespace() {
            blank = true;
            continue;
        }
        // Spreadsheets put an apostrophe in front of a text; it is never part of the number.
        if number.text.is_empty() && plain == '\''
            || sort == NumberUse::Identifier && matches!(plain, '-' | '\'' | '’' | '‘' | '`')
        {
            number.separated = true;
            continue;
        }
        if std::mem::take(&mut blank) && !number.text.is_empty() {
            match sort {
                NumberUse::Record => number.text.push(' '),
                NumberUse::Identifier => number.separated = true,
            }
        }
        number.text.push(if sort == NumberUse::Identifier {
            plain.to_ascii_uppercase()
        } else {
            plain
        });
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_however_it_is_written_is_one() {
        for raw in [
            "C06-1",
            "C06-1 ",
            "C06\u{200b}-1",
            "\u{feff}C06-1",
            "C06\u{ad}-1",
            "C06-1\u{2060}",
            "Ｃ06-1",
            "C06\u{2010}1",
            "C06\u{2212}1",
            "\u{a0}C06-1\u{3000}",
            "'C06-1",
        ] {
            assert_eq!(
                read(raw, NumberUse::Record).map(|number| number.text),
                Ok("C06-1".to_owned()),
                "{raw:?}"
            );
        }
        assert_eq!(
            read("c06-1", NumberUse::Record).map(|number| number.text),
            Ok("c06-1".to_owned()),
            "case is kept"
        );
        assert_eq!(
            read("朔 应急\u{3000}〔2024〕 1号", NumberUse::Record).map(|number| number.text),
            Ok("朔 应急 〔2024〕 1号".to_owned())
        );
        for raw in ["С06-1", "C06-Α", "\u{1d402}06-1"] {
            assert_eq!(read(raw, NumberUse::Record), Err(TextFault::Lookalike), "{raw:?}");
        }
    }

    #[test]
    fn identifiers_lose_what_people_put_between_their_digits() {
        for raw in [
            "140602 19000101 0013",
            "'140602190001010013",
            "140602190001010013\u{200b}",
            "140602-19000101-0013",
            "１４０６０２１９０００１０１００１３",
        ] {
            assert_eq!(
                read(raw, NumberUse::Identifier).map(|number| number.text),
                Ok("140602190001010013".to_owned()),
                "{raw:?}"
            );
        }
        assert_eq!(
            read("91140600-ma0abcd1x-7", NumberUse::Identifier).map(|number| number.text),
            Ok("91140600MA0ABCD1X7".to_owned())
        );
    }

    #[test]
    fn what_was_changed_is_told_and_nothing_else() {
        let told = |raw: &str, sort| read(raw, sort).expect("a number").changes().map(|(zh, _)| zh);
        assert_eq!(told(" C06-1 ", NumberUse::Record), None);
        assert_eq!(
            told("1406021900010100 13x", NumberUse::Identifier),
            Some("去掉了空格、连字符或撇号".to_owned())
        );
        assert_eq!(
            told("\u{feff}Ｃ06-1", NumberUse::Record),
            Some("去掉了不可见字符、全角字符和各种连字符改成了半角".to_owned())
        );
    }

    proptest! {
        #[test]
        fn reading_twice_changes_nothing(raw in "[A-Ca-cＡ-Ｃ0-3 '\u{200b}\u{2010}甲-]{0,12}") {
            for sort in [NumberUse::Record, NumberUse::Identifier] {
                let once = read(&raw, sort).expect("a number");
                let twice = read(&once.text, sort).expect("a number");
                prop_assert_eq!(&twice.text, &once.text);
            }
        }
    }
}
