//! Masked forms of personal values, for actors who may know that a value is there but not all of
//! it (name 王*, identity number and phone by their last four, address by its county).
//!
//! Who gets which form is not known here. An empty value stays empty.

/// How many characters stay readable at the end of a number.
const SHOWN: usize = 4;

/// A name by its first character: `王小明` becomes `王*`. One star whatever the length; of a
/// compound surname (欧阳) the first character alone.
#[must_use]
pub fn name(full: &str) -> String {
    full.trim().chars().next().map_or_else(String::new, |first| format!("{first}*"))
}

/// An identity number by its last four characters: `**************0013`.
#[must_use]
pub fn identity_last_four(number: &str) -> String {
    keep_end(number)
}

/// A telephone number by its last four digits: `*******5678`.
#[must_use]
pub fn phone(number: &str) -> String {
    keep_end(number)
}

/// An address by its county: nothing of the address itself is used.
#[must_use]
pub fn address_to_county(_full_address: &str, county_name: &str) -> String {
    county_name.to_owned()
}

/// A value of four characters or fewer is hidden whole, since its end would be all of it.
fn keep_end(value: &str) -> String {
    let value = value.trim();
    let length = value.chars().count();
    let hidden = if length > SHOWN { length - SHOWN } else { length };
    "*".repeat(hidden) + &value.chars().skip(hidden).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_keeps_its_first_character() {
        for (full, expected) in [
            ("王小明", "王*"),
            ("王", "王*"),
            ("欧阳修", "欧*"),
            (" \u{3000}李四", "李*"),
            ("Wang Wei", "W*"),
            ("𠮷田", "𠮷*"),
            ("", ""),
            ("  ", ""),
        ] {
            assert_eq!(name(full), expected, "{full}");
        }
    }

    #[test]
    fn a_number_keeps_its_last_four_characters() {
        for (number, expected) in [
            ("140602190001010013", "**************0013"),
            ("14068119020304003X", "**************003X"),
            ("140602000101001", "***********1001"),
            ("军字第1234号", "****234号"),
            ("12345", "*2345"),
            ("1234", "****"),
            ("1", "*"),
            ("", ""),
        ] {
            assert_eq!(identity_last_four(number), expected, "{number}");
        }
        assert_eq!(phone("13812345678"), "*******5678");
        assert_eq!(phone("0349-2020"), "*****2020");
    }

    #[test]
    fn an_address_becomes_its_county() {
        let address = "山西省朔州市朔城区某街1号";
        assert_eq!(address_to_county(address, "朔城区"), "朔城区");
    }

    proptest! {
        #[test]
        fn at_most_four_characters_of_a_number_are_shown(number in "[0-9A-Z]{0,30}") {
            let masked = identity_last_four(&number);
            prop_assert_eq!(masked.len(), number.len());
            prop_assert!(masked.chars().filter(|c| *c != '*').count() <= 4);
        }
    }
}
