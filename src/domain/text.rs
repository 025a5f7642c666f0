//! Text as it arrives from forms, spreadsheets and other systems, made comparable.
//!
//! Chinese input methods write full-width letters, digits and spaces (U+FF01..U+FF5E, U+3000);
//! they mean the same as their ASCII forms. This module does not know what a text means: it neither
//! checks identifiers nor translates names.

use std::borrow::Cow;
use strum::{IntoStaticStr, VariantArray};

/// Why a text cannot be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray, IntoStaticStr, thiserror::Error)]
#[error("{}", self.message_en())]
pub enum TextFault {
    /// The NUL character, which `PostgreSQL` cannot store.
    #[strum(serialize = "TEXT_NUL")]
    Nul,
    /// Another control character than line feed and tab (Unicode category Cc).
    #[strum(serialize = "TEXT_CONTROL")]
    Control,
    /// A character that turns the writing direction and can make a text look like another one.
    #[strum(serialize = "TEXT_DIRECTION")]
    Direction,
    /// A code point that Unicode reserves as "not a character", such as U+FFFE.
    #[strum(serialize = "TEXT_NONCHARACTER")]
    Noncharacter,
    /// In a number or code, a letter of another script that looks like a Latin one, such as a
    /// Cyrillic А.
    #[strum(serialize = "TEXT_LOOKALIKE")]
    Lookalike,
}

impl TextFault {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Nul => (
                "文本中含有空字符（NUL），请在来源系统中删除后重新提交",
                "the text contains a NUL character; remove it in the source system and submit again",
            ),
            Self::Control => (
                "文本中含有控制字符，只允许换行和制表符，请删除后重新提交",
                "the text contains a control character; only line feed and tab are allowed, remove the others",
            ),
            Self::Direction => (
                "文本中含有改变书写方向的不可见字符，请重新键入该内容",
                "the text contains an invisible character that turns the writing direction; type the text again",
            ),
            Self::Noncharacter => (
                "文本中含有无效字符，请检查来源文件的编码后重新提交",
                "the text contains an invalid code point; check the encoding of the source file",
            ),
            Self::Lookalike => (
                "编号或代码中有外文字母（如俄文、希腊文），看上去与英文字母相同，请用英文输入法重新键入",
                "the number or code has letters of another script (Cyrillic, Greek) that look like Latin ones; type it again",
            ),
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}

/// Full-width ASCII (U+FF01..U+FF5E) and the full-width space (U+3000) as plain ASCII.
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars().map(half_width_char).collect()
}

/// One character of [`half_width`].
#[must_use]
pub fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// An identifier as it is compared and stored: without what cannot be seen, trimmed, half-width,
/// hyphens alike, upper-case.
///
/// Spaces inside are kept; what identifiers of persons and firms lose besides is said by
/// [`super::number`].
#[must_use]
pub fn normalise_identifier(raw: &str) -> String {
    let text: String =
        without_invisible(raw).chars().map(half_width_char).map(plain_hyphen).collect();
    text.trim().to_ascii_uppercase()
}

/// Whether a character takes no place: joiners, marks of direction and order, soft hyphens,
/// selectors of variants.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text says nothing: blanks, or strokes that people put where there is nothing.
#[must_use]
pub fn is_nothing(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || is_invisible(c)
            || matches!(c, '-' | '–' | '—' | '－' | '―' | '/' | '／')
    })
}

/// A text without what cannot be seen.
#[must_use]
pub fn without_invisible(raw: &str) -> Cow<'_, str> {
    if raw.contains(is_invisible) {
        Cow::Owned(raw.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        Cow::Borrowed(raw)
    }
}

/// The hyphen of the keyboard for all that look like it.
#[must_use]
pub const fn plain_hyphen(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => '-',
        _ => c,
    }
}

/// Whether a letter of another script, or a mathematical one, can be taken for a Latin letter or a
/// digit.
#[must_use]
pub const fn is_lookalike(c: char) -> bool {
    matches!(c,
        '\u{131}' | '\u{237}' | '\u{370}'..='\u{52f}' | '\u{531}'..='\u{58a}' | '\u{13a0}'..='\u{13fd}' | '\u{1c80}'..='\u{1c8f}'
        | '\u{1f00}'..='\u{1fff}' | '\u{2de0}'..='\u{2dff}' | '\u{a4d0}'..='\u{a4ff}' | '\u{a640}'..='\u{a69f}'
        | '\u{ab70}'..='\u{abbf}' | '\u{1d400}'..='\u{1d7ff}')
}

/// The dots that stand between the parts of a name, for which people and systems use many
/// characters.
const DOTS: [char; 12] = [
    '\u{b7}', '\u{2022}', '\u{2027}', '\u{2219}', '\u{22c5}', '\u{2e31}', '\u{30fb}', '\u{ff65}',
    '\u{ff0e}', '\u{387}', '\u{16eb}', '.',
];

/// What SQL takes out of a name before it compares it: the dots, and the blanks and invisible
/// characters that stand in names. It is [`comparable_name`] as far as both databases can say it.
pub fn left_out_of_names() -> impl Iterator<Item = char> {
    DOTS.into_iter().chain([
        ' ', '\t', '\u{a0}', '\u{3000}', '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}',
        '\u{feff}',
    ])
}

/// A name as names are compared: without what cannot be seen and without blanks, half-width, in
/// lower case, and with one dot for all that stand between parts of a name. 买买提·艾力 is written
/// with at least six of them, and without any.
#[must_use]
pub fn comparable_name(raw: &str) -> String {
    let kept = |c: &char| !is_invisible(*c) && !c.is_whitespace() && !DOTS.contains(c);
    raw.chars().filter(kept).map(half_width_char).flat_map(char::to_lowercase).collect()
}

/// A name as it is stored: trimmed, every run of blanks (full-width included) as one space.
#[must_use]
pub fn clean_name(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Accepts a text that both databases, JSON and spreadsheets can carry.
///
/// Private-use characters pass: older household and insurance systems write rare characters of
/// personal names there, and refusing them would refuse the person. See [`has_private_use`].
///
/// # Errors
/// The first fault found, reading from the left.
pub fn is_clean_text(text: &str) -> Result<(), TextFault> {
    match text.chars().find_map(fault_of) {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

/// Whether a text holds private-use characters, which look different on every system; a finding
/// for the data steward.
#[must_use]
pub fn has_private_use(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(
            c,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}'
        )
    })
}

fn fault_of(c: char) -> Option<TextFault> {
    match c {
        '\0' => Some(TextFault::Nul),
        '\n' | '\t' => None,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(TextFault::Direction),
        '\u{fdd0}'..='\u{fdef}' => Some(TextFault::Noncharacter),
        _ if c.is_control() => Some(TextFault::Control),
        _ if u32::from(c) & 0xfffe == 0xfffe => Some(TextFault::Noncharacter),
        _ => None,
    }
}

/// Free text as people type it: lines end in `\n`, whatever system they sit at, and a tab is a blank.
#[must_use]
pub fn free_text(raw: &str) -> String {
    raw.trim().replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ")
}

/// Whether a text has anything to read, and nothing that turns the direction of writing or is no
/// character at all.
#[must_use]
pub fn is_readable(text: &str) -> bool {
    let filler = |c: char| matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let none = |c: char| u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    text.chars().any(|c| c.is_alphanumeric() && !filler(c))
        && !text.chars().any(|c| turns(c) || none(c))
}

/// A name without blanks, line breaks and invisible characters, in half width: what headings and
/// cells are compared by.
#[must_use]
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).map(half_width_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::Coded as _;
    use proptest::prelude::*;

    #[test]
    fn identifiers_become_trimmed_half_width_and_upper_case() {
        for (raw, expected) in [
            ("  14068119020304003x ", "14068119020304003X"),
            ("\u{3000}１４０６ｘ\u{3000}\n", "1406X"),
            ("9114 0600", "9114 0600"),
            ("", ""),
            ("王", "王"),
        ] {
            assert_eq!(normalise_identifier(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn names_lose_blanks_at_the_ends_and_keep_one_inside() {
        for (raw, expected) in [
            (" 王小明 ", "王小明"),
            ("\u{3000}Wang \t Wei\u{3000}", "Wang Wei"),
            ("朔州\u{3000}\u{3000}煤业", "朔州 煤业"),
            ("   ", ""),
        ] {
            assert_eq!(clean_name(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn each_forbidden_character_has_its_fault() {
        for (text, expected) in [
            ("朔州市\n第二行\t列", Ok(())),
            ("a\0b", Err(TextFault::Nul)),
            ("a\rb", Err(TextFault::Control)),
            ("a\u{1b}[0m", Err(TextFault::Control)),
            ("a\u{85}b", Err(TextFault::Control)),
            ("a\u{202e}b", Err(TextFault::Direction)),
            ("a\u{fffe}b", Err(TextFault::Noncharacter)),
            ("a\u{1ffff}b", Err(TextFault::Noncharacter)),
            ("\u{fdd0}", Err(TextFault::Noncharacter)),
        ] {
            assert_eq!(is_clean_text(text), expected, "{text:?}");
        }
    }

    #[test]
    fn private_use_characters_are_accepted_and_reported() {
        assert_eq!(is_clean_text("王\u{e863}"), Ok(()));
        assert!(has_private_use("王\u{e863}"));
        assert!(!has_private_use("王小明"));
    }

    #[test]
    fn free_text_keeps_its_lines_whatever_system_it_was_typed_at() {
        assert_eq!(free_text(" 一、整改\r\n二、\t复查\r三 "), "一、整改\n二、 复查\n三");
    }

    #[test]
    fn what_nobody_can_read_is_no_text() {
        for text in ["", " ", "\u{200b}", "\u{3164}", "……", "已办\u{202e}", "已办\u{ffff}"]
        {
            assert!(!is_readable(text), "{text:?}");
        }
        for text in ["已办", "A-1", "〔2024〕9号", "👷 已培训", "3"] {
            assert!(is_readable(text), "{text}");
        }
    }

    #[test]
    fn codes_are_distinct() {
        let codes: std::collections::BTreeSet<_> =
            TextFault::ALL.iter().copied().map(TextFault::code).collect();
        assert_eq!(codes.len(), TextFault::ALL.len());
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(raw in any::<String>()) {
            let once = normalise_identifier(&raw);
            prop_assert_eq!(normalise_identifier(&once), once.clone());
            let name = clean_name(&raw);
            prop_assert_eq!(clean_name(&name), name.clone());
        }
    }
}
