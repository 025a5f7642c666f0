//! Sort keys for Chinese names: by pinyin and tone, the same on every database.
//!
//! `SQLite` orders Chinese by code point and `PostgreSQL` by the collation of the server, so a page
//! of a list would differ between them. The key is stored beside the name and sorted as text. It
//! holds only digits and lower-case ASCII letters: on these, byte order and the usual collations
//! agree.
//!
//! A character with several readings gets the one the `pinyin` crate puts first, but at the
//! beginning of a person's name the one of the surname (`reference/surname.csv`): 单 is dān, and
//! Shàn of 单小明. A new version of that crate or table may change readings; recompute the stored
//! keys then.

use std::fmt::Write;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use super::text::half_width_char;

/// The sort key of a name.
///
/// Every character of the name becomes one unit, and no unit is the beginning of another:
///
/// | character | unit | `王A 1` |
/// | --- | --- | --- |
/// | with a pinyin | syllable (ü as v), tone 1 to 5, code point | `wang200738b` |
/// | Latin letter | the letter in lower case, `0` | `a0` |
/// | blank, mark, other script | `1`, code point in lower case | `1000020` |
/// | digit | `2`, the digit | `21` |
///
/// Then `0`, which is lower than any unit: a name comes before its continuations ("Wang" before
/// "Wang Wei"). Characters of one sound are told apart, and kept together, by their code point.
/// When letters were folded (upper case, full width), the code points of the whole name follow, so
/// that different names never have the same key.
#[must_use]
pub fn pinyin_key(name: &str) -> String {
    keyed(name, &[])
}

/// The sort key of a person's name, which begins with a surname.
#[must_use]
pub fn pinyin_key_of_person(name: &str) -> String {
    let surname = SURNAMES
        .iter()
        .filter(|surname| name.starts_with(surname.written))
        .max_by_key(|surname| surname.written.len());
    keyed(name, surname.map(|surname| surname.syllables.as_slice()).unwrap_or_default())
}

/// The surnames with a reading of their own.
pub fn surnames() -> impl Iterator<Item = &'static str> {
    SURNAMES.iter().map(|surname| surname.written)
}

/// A surname whose characters are read otherwise in it.
struct Surname {
    written: &'static str,
    /// Syllables with their tones, one for each character.
    syllables: Vec<String>,
}

static SURNAMES: LazyLock<Vec<Surname>> = LazyLock::new(|| {
    let lines = include_str!("../../reference/surname.csv").lines().skip(1);
    let surname = |line: &'static str| {
        let mut cells = line.split(',');
        let (written, readings, tones) = (cells.next()?, cells.next()?, cells.next()?);
        let syllables = readings
            .split(' ')
            .zip(tones.split(' '))
            .map(|(reading, tone)| format!("{reading}{tone}"))
            .collect();
        Some(Surname { written, syllables })
    };
    lines.filter_map(surname).collect()
});

fn keyed(name: &str, syllables: &[String]) -> String {
    let mut key = String::with_capacity(name.len() * 4);
    let mut exact = String::new();
    let mut folded_any = false;
    let mut syllables = syllables.iter();
    for c in name.chars() {
        if let Some(syllable) = syllables.next() {
            key.push_str(syllable);
            push_code_point(&mut key, c);
            push_code_point(&mut exact, c);
            continue;
        }
        let folded = fold(c);
        folded_any |= folded != c;
        push_unit(&mut key, folded);
        push_code_point(&mut exact, c);
    }
    key.push('0');
    if folded_any {
        key.push_str(&exact);
    }
    key
}

/// Half-width and lower-case, when the lower case is a single character.
fn fold(c: char) -> char {
    let half = half_width_char(c);
    let mut lower = half.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => half,
    }
}

fn push_unit(key: &mut String, c: char) {
    if let Some(reading) = c.to_pinyin() {
        push_syllable(key, reading.with_tone_num_end());
        push_code_point(key, c);
    } else if c.is_ascii_lowercase() {
        key.push(c);
        key.push('0');
    } else if c.is_ascii_digit() {
        key.push('2');
        key.push(c);
    } else {
        key.push('1');
        push_code_point(key, c);
    }
}

/// The letters of a syllable, then its tone; the neutral tone, which the crate leaves out, is 5.
fn push_syllable(key: &mut String, reading: &str) {
    let letters = reading.chars().filter_map(|c| match c {
        'a'..='z' => Some(c),
        'ü' => Some('v'),
        'ê' => Some('e'),
        _ => None,
    });
    key.extend(letters);
    let tone = reading.chars().find(|c| matches!(c, '1'..='4'));
    key.push(tone.unwrap_or('5'));
}

/// Six hexadecimal digits, enough for every code point. Writing to a string cannot fail.
fn push_code_point(key: &mut String, c: char) {
    let _ = write!(key, "{:06x}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_built_as_documented() {
        for (name, expected) in [
            ("", "0"),
            ("王", "wang200738b0"),
            ("wa 1", "w0a01000020210"),
            ("A", "a00000041"),
            ("吕", "lv30054150"),
        ] {
            assert_eq!(pinyin_key(name), expected, "{name}");
        }
    }

    #[test]
    fn names_are_ordered_by_sound_tone_and_character() {
        let ordered = [
            "",
            "3号矿",
            "阿明",
            "陈一",
            "李",
            "李明",
            "李四",
            "梁山",
            "刘一",
            "Wang",
            "Wang Wei",
            "Wangari",
            "汪洋",
            "王明",
            "王小明",
            "张三",
            "张四",
            "章一",
        ];
        for pair in ordered.windows(2) {
            assert!(pinyin_key(pair[0]) < pinyin_key(pair[1]), "{} before {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn surnames_are_read_as_surnames_and_only_in_front_of_persons() {
        let mut names = [
            "曾一",
            "查一",
            "仇一",
            "单一",
            "翟一",
            "解一",
            "朴一",
            "区一",
            "尉迟一",
            "李单",
            "欧一",
        ];
        names.sort_by_key(|name| pinyin_key_of_person(name));
        assert_eq!(
            names,
            [
                "李单",
                "区一",
                "欧一",
                "朴一",
                "仇一",
                "单一",
                "解一",
                "尉迟一",
                "曾一",
                "查一",
                "翟一"
            ]
        );
        assert!(
            pinyin_key("单位").starts_with("dan1")
                && pinyin_key_of_person("李单").ends_with("dan10053550")
        );
        for surname in SURNAMES.iter() {
            assert_eq!(
                surname.written.chars().count(),
                surname.syllables.len(),
                "{}",
                surname.written
            );
            let plain = surname.syllables.iter().all(|text| {
                text.strip_suffix(['1', '2', '3', '4'])
                    .is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_lowercase()))
            });
            assert!(plain, "{}", surname.written);
        }
    }

    #[test]
    fn case_and_width_decide_only_at_the_end() {
        let mut names = ["wang b", "Wang A", "ｗａｎｇ c", "WANG D", "wang a"];
        names.sort_by_key(|name| pinyin_key(name));
        assert_eq!(names, ["wang a", "Wang A", "wang b", "ｗａｎｇ c", "WANG D"]);
    }

    #[test]
    fn every_character_with_a_pinyin_gets_at_least_one_letter() {
        let mut seen = 0_u32;
        for c in '\u{3000}'..='\u{3ffff}' {
            if c.to_pinyin().is_some() {
                let mut key = String::new();
                push_unit(&mut key, c);
                assert!(key.starts_with(|c: char| c.is_ascii_lowercase()), "{c}");
                seen += 1;
            }
        }
        assert!(seen > 20_000, "{seen}");
    }

    fn any_name() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[王汪李吕A-Ca-c0-2 ·ａ\u{3000}]{0,6}",
            "[\u{4e00}-\u{9fff}]{1,4}",
        ]
    }

    proptest! {
        #[test]
        fn different_names_have_different_keys(a in any_name(), b in any_name()) {
            prop_assert_eq!(pinyin_key(&a) == pinyin_key(&b), a == b);
        }

        #[test]
        fn keys_hold_only_digits_and_lower_case_letters(name in any_name()) {
            let key = pinyin_key(&name);
            prop_assert!(key.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()));
        }

        #[test]
        fn a_name_comes_before_its_continuations(name in "[王李a-c0-2 ]{0,5}", more in "[王李a-c0-2 ]{1,5}") {
            let longer = name.clone() + &more;
            prop_assert!(pinyin_key(&name) < pinyin_key(&longer));
        }
    }
}
