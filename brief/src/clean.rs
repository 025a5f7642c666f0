//! Texts without the characters that no printed page has: control characters, which XML and HTML
//! cannot hold, and the marks that turn the direction of writing, which make a name read other than
//! it is written.
//!
//! Done once for the whole content, by way of its JSON form, so that no field can be forgotten.

use serde_json::Value;

use crate::content::Brief;

/// The content with every text made printable; line breaks and tabs become spaces.
pub(crate) fn brief(brief: &Brief) -> Brief {
    let mut value =
        serde_json::to_value(brief).expect("the content has only keys that are strings");
    clean(&mut value);
    serde_json::from_value(value).expect("the content reads back what it wrote")
}

fn clean(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().any(|letter| replaced(letter).is_some()) => {
            *text = printable(text)
        }
        Value::Array(list) => list.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        _ => {}
    }
}

fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        match replaced(letter) {
            None => clean.push(letter),
            Some(instead) => clean.push_str(instead),
        }
    }
    clean.trim().to_owned()
}

/// What stands instead of a letter that cannot be printed; nothing where the letter stays.
fn replaced(letter: char) -> Option<&'static str> {
    match letter {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(" "),
        '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => Some(""),
        _ if letter.is_control()
            || u32::from(letter) & 0xfffe == 0xfffe
            || ('\u{fdd0}'..='\u{fdef}').contains(&letter) =>
        {
            Some("")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_cannot_be_printed_goes_and_the_rest_stays() {
        assert_eq!(printable("朔州\u{0}市\n某\u{202e}煤\u{7}业\u{ffff} "), "朔州市 某煤业");
        assert_eq!(printable("<b>&\"' =1+1 𠮷"), "<b>&\"' =1+1 𠮷");
    }
}
