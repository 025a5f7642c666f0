//! What a format code of a workbook shows beside a number, and what it hides of a day.

use crate::domain::quantity;

/// What a number format shows besides the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownFormat {
    /// A unit behind it.
    Unit(String),
    /// A hundred times the number, with a sign for percent.
    Percent,
    /// A multiple, a percentage, words that are not known, or one thing of some numbers and another
    /// of others: not what the file holds.
    Unclear,
    /// Letters or signs within it, or zeros before it, as numbers of documents have them.
    Letters,
}

/// Whether a format of days shows no day, or a day without its year: `yyyy"年"m"月"`, `mmm-yy`,
/// `m"月"d"日"`. Hours and minutes are no days.
pub fn hides_day(code: &str) -> bool {
    let section = sections(code).into_iter().next().unwrap_or_default();
    let mut letters = String::new();
    let mut rest = section.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => _ = rest.by_ref().find(|c| *c == '"'),
            '[' => _ = rest.by_ref().find(|c| *c == ']'),
            '\\' | '!' | '_' | '*' => _ = rest.next(),
            c => letters.extend(c.to_lowercase()),
        }
    }
    let has = |letter: char| letters.contains(letter);
    let year = has('y') || has('e');
    if has('h') || has('s') || has('0') || has('#') || has('@') || has('?') {
        return false;
    }
    (year && !has('d')) || (!year && has('m') && has('d'))
}

/// What a format code shows besides a number. It may have several sections, each for some numbers;
/// those that show no number say that there is none.
pub fn of_numbers(code: &str) -> Option<ShownFormat> {
    let sections = sections(code);
    let numbers = sections.iter().map(|section| parts(section));
    let mut shown: Vec<Option<ShownFormat>> = numbers
        .filter(|parts| parts.places > 0 && !parts.text)
        .map(|parts| parts.shown())
        .collect();
    shown.dedup();
    match shown.as_slice() {
        [] => None,
        [one] => one.clone(),
        _ => Some(ShownFormat::Unclear),
    }
}

/// Whether a format code shows something besides a text.
pub fn of_texts(code: &str) -> bool {
    sections(code).iter().map(|section| parts(section)).any(|parts| parts.text && parts.says())
}

/// The sections of a format code.
fn sections(code: &str) -> Vec<String> {
    // General is a number as it is; WPS and Excel write it in the language of the system, too.
    let code = code.replace("G/通用格式", "0").replace("General", "0").replace("GENERAL", "0");
    let (mut found, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in code.chars() {
        if c == ';' && !quoted && !escaped {
            found.push(String::new());
            continue;
        }
        escaped = !quoted && !escaped && matches!(c, '\\' | '!');
        quoted ^= c == '"' && !escaped;
        if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found
}

/// A section of a format code taken apart.
#[derive(Default)]
struct Parts {
    /// What is shown as it stands.
    words: String,
    /// Places of digits.
    places: usize,
    /// Whether the number begins with zeros that it does not have.
    padded: bool,
    /// Whether something stands between its digits.
    parted: bool,
    /// Whether the number is shown divided by thousands.
    scaled: bool,
    /// How often it is shown times a hundred.
    percents: usize,
    /// Whether it is for texts.
    text: bool,
}

impl Parts {
    /// The words without signs of a currency, brackets and blanks.
    fn plain(&self) -> String {
        let words: String = self.words.chars().filter(|c| !c.is_whitespace()).collect();
        // Of dB(A) the bracket belongs to the unit.
        if quantity::is_unit(&words) {
            return words;
        }
        words.trim_matches(['(', ')', '（', '）', '-', '+', '¥', '￥', '$']).to_owned()
    }

    fn says(&self) -> bool {
        !self.words.trim().is_empty()
    }

    fn shown(&self) -> Option<ShownFormat> {
        let words = self.plain();
        if self.percents == 1 && !self.scaled && !self.parted && words.is_empty() {
            return Some(ShownFormat::Percent);
        }
        if self.percents > 0 {
            return Some(ShownFormat::Unclear);
        }
        if !self.scaled && !self.parted && quantity::is_unit(&words) {
            return Some(ShownFormat::Unit(words));
        }
        if self.scaled || ["%", "‰", "."].into_iter().any(|sign| words.contains(sign)) {
            return Some(ShownFormat::Unclear);
        }
        let about = ["元", "万", "千", "百", "亿"].into_iter().any(|word| words.contains(word));
        if about || words.chars().any(char::is_alphanumeric) && !self.parted && !self.padded {
            return Some(ShownFormat::Unclear);
        }
        (self.padded || self.parted || !words.is_empty()).then_some(ShownFormat::Letters)
    }
}

fn parts(section: &str) -> Parts {
    let mut found = Parts::default();
    let mut rest = section.chars();
    // Whether the point was passed, a comma or a word stands behind the last digit.
    let (mut point, mut comma, mut word) = (false, false, false);
    let mut whole = String::new();
    while let Some(c) = rest.next() {
        let before = found.words.len();
        match c {
            '"' => found.words.extend(rest.by_ref().take_while(|c| *c != '"')),
            '\\' | '!' => found.words.extend(rest.next()),
            // A width or a filling, by the sign behind it.
            '_' | '*' => {
                rest.next();
            }
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                match inside.strip_prefix('$') {
                    // The sign of a currency before a stroke, or the language alone.
                    Some(sign) => found.words.extend(sign.split('-').next()),
                    // A colour, a condition, a way of writing digits; or a word.
                    None if inside.is_ascii() => {}
                    None => found.words.push_str(&inside),
                }
            }
            '0' | '#' | '?' => {
                found.parted |= word && found.places > 0;
                found.places += 1;
                (comma, word) = (false, false);
                if !point {
                    whole.push(c);
                }
            }
            ',' => comma = found.places > 0,
            '.' => {
                found.scaled |= comma;
                point = true;
            }
            '@' => found.text = true,
            // In quotes it would be a word.
            '%' => found.percents += 1,
            '-' | '/' if found.places > 0 => word = true,
            c if c.is_ascii() => {}
            c => found.words.push(c),
        }
        word |= found.words.len() > before;
    }
    found.scaled |= comma;
    found.padded = whole.starts_with("00");
    found
}

#[cfg(test)]
mod tests {
    use super::{ShownFormat, hides_day, of_numbers, of_texts};

    #[test]
    fn a_format_of_days_may_hide_the_day_or_the_year() {
        for (code, hides) in [
            ("yyyy\"年\"m\"月\"", true),
            ("mmm-yy", true),
            ("yyyy", true),
            ("m\"月\"d\"日\"", true),
            ("[$-804]yyyy\"年\"m\"月\";@", true),
            ("yyyy-mm-dd", false),
            ("yyyy\"年\"m\"月\"d\"日\"", false),
            ("yyyy/m/d h:mm", false),
            ("h:mm:ss", false),
            ("0.00", false),
            ("General", false),
            ("@", false),
        ] {
            assert_eq!(hides_day(code), hides, "{code}");
        }
    }

    #[test]
    fn a_format_shows_a_unit_a_multiple_or_letters() {
        let unit = |unit: &str| Some(ShownFormat::Unit(unit.to_owned()));
        for (code, expected) in [
            ("General", None),
            ("0", None),
            ("0.00", None),
            ("#,##0.00", None),
            ("#,##0_);(#,##0)", None),
            ("_ \"¥\"* #,##0.00_ ;_ \"¥\"* -#,##0.00_ ", None),
            ("[$¥-804]#,##0.00;[Red]-#,##0.00", None),
            ("@", None),
            ("0.0\"万元\"", unit("万元")),
            ("0.0\\万\\元", unit("万元")),
            ("#,##0.00 \"元\"", unit("元")),
            ("0\"人\"", unit("人")),
            ("0!.0,\"万\"", Some(ShownFormat::Unclear)),
            ("#,##0,", Some(ShownFormat::Unclear)),
            ("0.0,,\"百万\"", Some(ShownFormat::Unclear)),
            ("0.00%", Some(ShownFormat::Percent)),
            ("0.00%;[Red]-0.00%", Some(ShownFormat::Percent)),
            ("0.0%%", Some(ShownFormat::Unclear)),
            ("0%\"元\"", Some(ShownFormat::Unclear)),
            ("\"约\"0\"万元\"", Some(ShownFormat::Unclear)),
            ("\"SZ-2025-\"000", Some(ShownFormat::Letters)),
            ("000000", Some(ShownFormat::Letters)),
            ("0\"号\"", Some(ShownFormat::Unclear)),
            ("[=0]\"无\";0.00\"万元\"", unit("万元")),
            ("[=0]\"—\";General\"万元\"", unit("万元")),
            ("G/通用格式\"万元\"", unit("万元")),
            ("0\"万元\";\"-\"0\"万元\"", unit("万元")),
            ("[=0]0;0\"万元\"", Some(ShownFormat::Unclear)),
            ("[Red][<10]0.00;[Blue]0.00\"万元\"", Some(ShownFormat::Unclear)),
            ("[<1]0.00\"亿元\";0.00\"万元\"", Some(ShownFormat::Unclear)),
            ("[=0]\"\";0.0%", Some(ShownFormat::Percent)),
            ("0.00\"wan\"", Some(ShownFormat::Unclear)),
            ("0.00[万元]", unit("万元")),
            ("0.0\"dB(A)\"", unit("dB(A)")),
            ("0.0 \"(万元)\"", unit("万元")),
            ("0\"‰\"", unit("‰")),
            ("0.0\"%\"", unit("%")),
            ("0.0\\%", unit("%")),
            ("0\"%元\"", Some(ShownFormat::Unclear)),
            ("0\"年\"00\"月\"", Some(ShownFormat::Letters)),
            ("####-###", Some(ShownFormat::Letters)),
            ("0.00;-0.00;0;@", None),
            ("#,##0.00_);[Red](#,##0.00)", None),
        ] {
            assert_eq!(of_numbers(code), expected, "{code}");
        }
        assert!(of_texts("General;General;General;\"SZ-\"@") && of_texts("@\"号\""));
        assert!(!of_texts("@") && !of_texts("0.00\"万元\""));
    }
}
