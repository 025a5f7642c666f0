//! Texts that a spreadsheet would take for formulas. In CSV they get an apostrophe in front on
//! their way out, and lose it on their way in, so that a file that was given out can be handed in
//! again as it is.

/// Signs by which a text is taken for a formula; full-width ones are in some editions. An
/// apostrophe is among them so that taking one off always gives what there was.
const SIGNS: [&str; 12] = ["=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠"];

/// Whether a text begins like a formula.
#[must_use]
pub fn is_formula(text: &[u8]) -> bool {
    SIGNS.iter().any(|sign| text.starts_with(sign.as_bytes()))
}

/// A text that no spreadsheet takes for a formula.
#[must_use]
pub fn harmless(text: &str) -> String {
    if is_formula(text.as_bytes()) { format!("'{text}") } else { text.to_owned() }
}

/// What a cell of CSV says: without the apostrophe that kept it from being a formula.
#[must_use]
pub fn said(cell: String) -> String {
    // ="0012", by which spreadsheets are told to keep a text as it is.
    if let Some(text) = cell.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'))
        && !text.contains('"')
    {
        return text.to_owned();
    }
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.as_bytes()) => rest.to_owned(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::{harmless, said};

    #[test]
    fn what_was_kept_from_being_a_formula_is_read_as_it_was() {
        for text in [
            "=1+1", "+86 10", "-1", "@x", "'", "''", "'=1", "＝1", "\tx", "plain", "it's", "",
            "'plain",
        ] {
            assert_eq!(said(harmless(text)), text, "{text:?}");
        }
        assert_eq!(said("=\"0012\"".to_owned()), "0012", "a text that is to stay one");
        assert_eq!(said("'quoted'".to_owned()), "'quoted'", "an apostrophe of its own stays");
    }
}
