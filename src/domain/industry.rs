//! Industry codes (GB/T 4754): which key industry a code belongs to, and how divisions moved from
//! the 2011 to the 2017 edition.
//!
//! The tables are data with an edition and are handed in. A code alone cannot decide whether a firm
//! is in a key industry (hazardous chemicals go by licence): what is computed here is a default,
//! and the mark set by the responsible department comes first.

/// Where a 2011 division went in the 2017 edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DivisionShift<'a> {
    /// The table does not name it: same number in both editions.
    Unchanged,
    /// One new number.
    Moved(&'a str),
    /// Split over several; someone has to look at the firm.
    Review(Vec<&'a str>),
}

/// The numeric part of an industry code: a section letter A to T in front is no part of it
/// (GB/T 4754-2017). Nothing unless two to four digits remain.
#[must_use]
pub fn numeric(code: &str) -> Option<&str> {
    let digits = code.strip_prefix(|c: char| ('A'..='T').contains(&c)).unwrap_or(code);
    let right = (2..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    right.then_some(digits)
}

/// A class 小类 whose leading zero a spreadsheet took away: 610 for 0610. Groups 中类 have three
/// digits too, but only those of the divisions that have a single one end with a zero (GB/T
/// 4754-2011 and 2017).
#[must_use]
pub fn with_zero(code: &str) -> Option<String> {
    let number = code.strip_suffix(".0").unwrap_or(code);
    const GROUPS: [&str; 3] = ["120", "910", "970"];
    let short = number.len() == 3
        && number.bytes().all(|b| b.is_ascii_digit())
        && !GROUPS.contains(&number);
    (short && number.ends_with('0') && !number.starts_with('0')).then(|| format!("0{number}"))
}

/// The division 大类 of an industry code: its first two digits (GB/T 4754-2017).
#[must_use]
pub fn division(code: &str) -> Option<&str> {
    numeric(code)?.get(..2)
}

/// The key industry of a code by the longest prefix in the table.
///
/// A prefix with `None` takes codes out again: with `("26", Some("HAZARDOUS_CHEMICALS"))` and
/// `("268", None)`, 2611 is a key industry and 2681 is not.
#[must_use]
pub fn key_industry<'a, T: AsRef<str>>(code: &str, table: &'a [(T, Option<T>)]) -> Option<&'a str> {
    let digits = numeric(code)?;
    let lines = table.iter().map(|(prefix, industry)| (prefix.as_ref(), industry.as_ref()));
    let (_, industry) = lines
        .filter(|(prefix, _)| digits.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())?;
    industry.map(AsRef::as_ref)
}

/// Where a division of the 2011 edition is in the 2017 edition, by pairs `(2011, 2017)`.
///
/// GB/T 4754-2017 inserted division 79, so everything from 79 up moved by one; a bare number is
/// ambiguous without its edition. Nothing when the code has no division.
#[must_use]
pub fn shift_2011_to_2017<'a>(code: &str, pairs: &[(&str, &'a str)]) -> Option<DivisionShift<'a>> {
    let old = division(code)?;
    let targets: Vec<&'a str> =
        pairs.iter().filter(|(from, _)| *from == old).map(|(_, to)| *to).collect();
    Some(match targets.as_slice() {
        [] => DivisionShift::Unchanged,
        [one] => DivisionShift::Moved(one),
        _ => DivisionShift::Review(targets),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: [(&str, Option<&str>); 9] = [
        ("06", Some("COAL_MINE")),
        ("08", Some("NON_COAL_MINE")),
        ("26", Some("HAZARDOUS_CHEMICALS")),
        ("268", None),
        ("30", Some("BUILDING_MATERIALS")),
        ("305", None),
        ("3073", None),
        ("4813", Some("CONSTRUCTION")),
        ("5435", Some("TRANSPORT")),
    ];

    #[test]
    fn the_longest_prefix_gives_the_key_industry() {
        for (code, expected) in [
            ("0610", Some("COAL_MINE")),
            ("B0610", Some("COAL_MINE")),
            ("06", Some("COAL_MINE")),
            ("2611", Some("HAZARDOUS_CHEMICALS")),
            ("2681", None),
            ("268", None),
            ("3051", None),
            ("3073", None),
            ("3071", Some("BUILDING_MATERIALS")),
            ("4813", Some("CONSTRUCTION")),
            ("481", None),
            ("4811", None),
            ("8310", None),
            ("", None),
            ("煤矿", None),
        ] {
            assert_eq!(key_industry(code, &TABLE), expected, "{code}");
        }
        let mut reversed = TABLE;
        reversed.reverse();
        assert_eq!(key_industry("2681", &reversed), None);
    }

    #[test]
    fn the_division_is_the_first_two_digits_without_the_section_letter() {
        for (code, expected) in [
            ("0610", Some("06")),
            ("B0610", Some("06")),
            ("P83", Some("83")),
            ("591", Some("59")),
            ("U83", None),
            ("6", None),
            ("06101", None),
            ("B", None),
            ("", None),
            ("06一0", None),
            ("王小", None),
        ] {
            assert_eq!(division(code), expected, "{code}");
        }
    }

    #[test]
    fn divisions_move_as_the_pairs_say() {
        let pairs = [("82", "83"), ("83", "84"), ("58", "58"), ("58", "59")];
        for (code, expected) in [
            ("8210", Some(DivisionShift::Moved("83"))),
            ("83", Some(DivisionShift::Moved("84"))),
            ("06", Some(DivisionShift::Unchanged)),
            ("G5810", Some(DivisionShift::Review(vec!["58", "59"]))),
            ("x", None),
        ] {
            assert_eq!(shift_2011_to_2017(code, &pairs), expected, "{code}");
        }
    }
}
