//! What a number format of a workbook shows beside a number and the file does not hold: `0.0"万元"`
//! under 8.5, `"SZ-2025-"000` under 7. People read what is shown, so a number is never taken without
//! it.

use std::{
    collections::HashMap,
    io::{Read, Seek},
};

use calamine::{DataRef, Style, XlsxCellReader};

use super::fault::FileFault;
use crate::domain::quantity;

/// What a number format shows besides the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownFormat {
    /// A unit behind it.
    Unit(String),
    /// A multiple, a percentage, or words that speak of an amount: not what the file holds.
    Unclear,
    /// Letters, or zeros before it, as numbers of documents have them.
    Letters,
}

/// What the numbers of a column are shown with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnFormats {
    with: Vec<ShownFormat>,
    without: bool,
}

impl ColumnFormats {
    /// The unit that is shown behind all numbers; `Err` where they differ or it is not clear what
    /// they are.
    pub fn unit(&self) -> Result<Option<&str>, ()> {
        match self.with.iter().find(|shown| **shown != ShownFormat::Letters) {
            None => Ok(None),
            Some(ShownFormat::Unit(unit)) if self.with.len() == 1 && !self.without => {
                Ok(Some(unit))
            }
            Some(_) => Err(()),
        }
    }

    /// Whether numbers are shown as more than they are.
    pub const fn is_more(&self) -> bool {
        !self.with.is_empty()
    }
}

/// The styles whose number format shows more than the number.
fn speaking(styles: &[Style]) -> HashMap<usize, ShownFormat> {
    let code = |style: &Style| style.number_format.as_ref().map(|own| own.format_code.clone());
    let all = styles.iter().enumerate();
    all.filter_map(|(number, style)| Some((number, of_format(&code(style)?)?))).collect()
}

/// What the numbers of each column of a sheet are shown with, below the last row of its head. The
/// cells are read only where the workbook has a format that shows more than the number.
///
/// # Errors
/// [`FileFault::SheetDamaged`].
pub fn columns<S: Read + Seek>(
    mut cells: XlsxCellReader<'_, S>,
    head: u64,
) -> Result<HashMap<usize, ColumnFormats>, FileFault> {
    let speaking = speaking(cells.styles());
    if speaking.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found: HashMap<usize, ColumnFormats> = HashMap::new();
    let mut row = 0;
    while let Some((cell, style)) = cells
        .next_cell_with_style_id()
        .map_err(|_| FileFault::SheetDamaged { row: u64::from(row) + 1 })?
    {
        let (at, column) = cell.get_position();
        row = at;
        let number = matches!(cell.get_value(), DataRef::Int(_) | DataRef::Float(_));
        if !number || u64::from(row) < head {
            continue;
        }
        let of = found.entry(column as usize).or_default();
        match speaking.get(&style) {
            Some(shown) if !of.with.contains(shown) => of.with.push(shown.clone()),
            Some(_) => {}
            None => of.without = true,
        }
    }
    found.retain(|_, of| of.is_more());
    Ok(found)
}

/// What a format code shows besides the number, in its part for positive numbers.
fn of_format(code: &str) -> Option<ShownFormat> {
    let Parts { words, digits, scaled } = parts(code);
    let words: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    let words = words.trim_matches(['(', ')', '（', '）', '-', '+', '¥', '￥', '$']);
    let speaks = |word: &str| words.contains(word);
    if scaled || ["%", "‰", "."].into_iter().any(speaks) {
        return Some(ShownFormat::Unclear);
    }
    if quantity::is_unit(words) {
        return Some(ShownFormat::Unit(words.to_owned()));
    }
    if ["元", "万", "千", "百", "亿"].into_iter().any(speaks) {
        return Some(ShownFormat::Unclear);
    }
    let padded = digits.starts_with("00");
    (padded || !words.is_empty()).then_some(ShownFormat::Letters)
}

/// A format code taken apart.
#[derive(Default)]
struct Parts {
    /// What is shown as it stands.
    words: String,
    /// The places of digits before the point.
    digits: String,
    /// Whether the number is divided by thousands.
    scaled: bool,
}

fn parts(code: &str) -> Parts {
    let mut found = Parts::default();
    let mut rest = code.chars();
    let (mut point, mut comma) = (false, false);
    while let Some(c) = rest.next() {
        match c {
            ';' => break,
            '"' => found.words.extend(rest.by_ref().take_while(|c| *c != '"')),
            '\\' | '!' => found.words.extend(rest.next()),
            // A width or a filling, by the sign behind it.
            '_' | '*' => {
                rest.next();
            }
            // A colour, a condition, or the sign of a currency before a stroke.
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                if let Some(sign) = inside.strip_prefix('$') {
                    found.words.extend(sign.split('-').next());
                }
            }
            '0' | '#' | '?' => {
                comma = false;
                if !point {
                    found.digits.push(c);
                }
            }
            ',' => comma = !found.digits.is_empty(),
            '.' => {
                found.scaled |= comma;
                point = true;
            }
            '%' | '‰' => found.words.push(c),
            c if c.is_ascii() => {}
            c => found.words.push(c),
        }
    }
    found.scaled |= comma;
    found
}

#[cfg(test)]
mod tests {
    use super::{ShownFormat, of_format};

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
            ("0.00%", Some(ShownFormat::Unclear)),
            ("\"约\"0\"万元\"", Some(ShownFormat::Unclear)),
            ("\"SZ-2025-\"000", Some(ShownFormat::Letters)),
            ("000000", Some(ShownFormat::Letters)),
            ("0\"号\"", Some(ShownFormat::Letters)),
        ] {
            assert_eq!(of_format(code), expected, "{code}");
        }
    }
}
