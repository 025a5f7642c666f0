use proptest::prelude::*;

use super::*;
use crate::domain::code::Coded as _;

#[test]
fn valid_codes_of_the_reference_table_pass_with_their_kind() {
    use CreditCodeKind::{
        Enterprise, IndividualBusiness, PublicInstitution, SocialOrganisation, StateOrgan,
        TradeUnion,
    };
    for (raw, kind, region) in [
        ("91140600MA0ABCD1X7", Enterprise, "140600"),
        ("91140200MA0EFGH2XG", Enterprise, "140200"),
        ("9114010011000001X8", Enterprise, "140100"),
        ("91370303MA3JKLM49E", Enterprise, "370303"),
        ("91370300164200009M", Enterprise, "370300"),
        ("12140600000001230L", PublicInstitution, "140600"),
        ("11140600MB00000194", StateOrgan, "140600"),
        ("51140600000000553Q", SocialOrganisation, "140600"),
        ("92140602MA0QRTU59C", IndividualBusiness, "140602"),
        ("813703005000045699", TradeUnion, "370300"),
        ("91140681MA0WXY121K", Enterprise, "140681"),
        ("91140600MA0ABCD1x7", Enterprise, "140600"),
    ] {
        let result = check(raw);
        assert_eq!(result.normalised, raw.to_uppercase());
        assert_eq!(result.faults, [], "{raw}");
        assert_eq!(result.warnings, [], "{raw}");
        assert_eq!(result.kind, Some(kind), "{raw}");
        assert_eq!(result.region_code.as_deref(), Some(region), "{raw}");
        assert_eq!(result.organisation_code.as_deref(), result.normalised.get(8..17), "{raw}");
        assert!(result.is_valid());
    }
}

#[test]
fn invalid_codes_of_the_reference_table_name_their_fault() {
    use CreditCodeFault::{Characters, CheckCharacter, Legacy15, Length};
    for (raw, fault) in [
        ("91140600MA0ABCD1X8", CheckCharacter),
        ("91140600MA0ABCI1X7", Characters),
        ("140600100012345", Legacy15),
        ("91140600MA0ABCD1X", Length),
        ("", Length),
        ("MA0ABCD1-X", Length),
        ("91140600MA0ABCD1X王", Characters),
        ("91140600MA0ABCD1XO", Characters),
        ("一二三四五六七八九十一二三四五六七八", Characters),
        ("王1140600MA0ABCD1X7", Characters),
    ] {
        let result = check(raw);
        assert_eq!(result.faults, [fault], "{raw}");
        assert!(!result.is_valid());
    }
}

#[test]
fn a_wrong_organisation_code_warns_and_is_not_rejected() {
    let result = check("91140600MA0ABCD199");
    assert_eq!(result.faults, []);
    assert_eq!(result.warnings, [CreditCodeWarning::OrganisationCode]);
}

#[test]
fn an_unknown_authority_and_a_lettered_region_warn() {
    let zeros = check("000000000000000000");
    assert_eq!(zeros.faults, []);
    assert_eq!(zeros.warnings, [CreditCodeWarning::Authority]);
    let lettered = compose('9', '1', "1406ZZ", "MA0ABCD1");
    assert_eq!(lettered, None, "Z is outside the alphabet");
    let lettered = compose('9', '1', "1406A1", "MA0ABCD1").expect("valid test data");
    assert_eq!(check(&lettered).warnings, [CreditCodeWarning::Region]);
}

#[test]
fn blanks_and_full_width_characters_do_not_matter() {
    let result = check("\u{3000}９１１４０６００ＭＡ０ＡＢＣＤ１ｘ７ \n");
    assert_eq!(result.normalised, "91140600MA0ABCD1X7");
    assert!(result.is_valid());
}

#[test]
fn check_characters_of_the_worked_examples() {
    assert_eq!(check_character("91140600MA0ABCD1X"), Some('7'));
    assert_eq!(check_character("00000000000000000"), Some('0'));
    assert_eq!(check_character("91140600MA0ABCD1"), None);
    assert_eq!(check_character("91140600MA0ABCD1I"), None);
    assert_eq!(organisation_check_character("MA0ABCD1"), Some('X'));
    assert_eq!(organisation_check_character("00000000"), Some('0'));
    for wrong in ["MA0ABCD", "ma0abcd1", "MA0ABCD王", ""] {
        assert_eq!(organisation_check_character(wrong), None, "{wrong}");
    }
}

#[test]
fn a_code_is_composed_only_from_parts_that_fit() {
    assert_eq!(compose('9', '1', "140600", "MA0ABCD1").as_deref(), Some("91140600MA0ABCD1X7"));
    assert_eq!(compose('9', '1', "14060", "MA0ABCD1"), None);
    assert_eq!(compose('9', '1', "140600", "MA0ABCI1"), None);
    assert_eq!(compose('I', '1', "140600", "MA0ABCD1"), None);
}

#[test]
fn codes_are_distinct_and_read_back() {
    for &kind in CreditCodeKind::ALL {
        assert_eq!(CreditCodeKind::from_code(kind.code()), Some(kind));
    }
    let mut codes: Vec<_> =
        CreditCodeFault::ALL.iter().copied().map(CreditCodeFault::code).collect();
    codes.extend(CreditCodeWarning::ALL.iter().copied().map(CreditCodeWarning::code));
    let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
    assert_eq!(distinct.len(), codes.len());
}

proptest! {
    #[test]
    fn a_composed_code_is_valid_and_one_changed_character_is_found(
        class in "[1-9]",
        region in "[1-7][0-9]{5}",
        organisation in "[0-9ABCDEFGHJKLMNPQRTUWXY]{8}",
        position in 0_usize..18,
        shift in 1_usize..31,
    ) {
        let class = class.chars().next().expect("valid test data");
        let code = compose('9', class, &region, &organisation).expect("valid test data");
        prop_assert!(check(&code).is_valid());
        prop_assert_eq!(check(&code).warnings, []);

        // MOD 31 with these weights finds every single substitution.
        let alphabet: Vec<char> = ALPHABET.chars().collect();
        let mut characters: Vec<char> = code.chars().collect();
        let old = alphabet.iter().position(|c| *c == characters[position]).expect("valid test data");
        characters[position] = alphabet[(old + shift) % 31];
        let changed: String = characters.into_iter().collect();
        prop_assert_eq!(check(&changed).faults, [CreditCodeFault::CheckCharacter]);
    }

    #[test]
    fn any_text_is_checked_without_panic(raw in any::<String>(), near in "\\PC{15}|\\PC{18}") {
        let _ = check(&raw);
        let _ = check(&near);
    }
}
