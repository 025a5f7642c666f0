use proptest::prelude::*;

use super::*;
use crate::domain::code::Coded as _;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("valid test data")
}

fn addresses(code: &str) -> AddressKnown {
    match code {
        "140602" | "140603" | "140681" | "140105" | "370303" | "370302" => AddressKnown::Current,
        "140624" | "371202" => AddressKnown::Abolished,
        _ => AddressKnown::Unknown,
    }
}

fn check_now(raw: &str) -> IdentityCheck {
    check(raw, date(2026, 11, 22), addresses)
}

#[test]
fn valid_numbers_of_the_reference_table_pass_with_birth_date_and_sex() {
    use IdentityKind::{Citizen, HongKongMacaoTaiwan};
    use Sex::{Female, Male};
    for (raw, kind, birth, sex) in [
        ("140602190001010013", Citizen, date(1900, 1, 1), Male),
        ("140603190102030028", Citizen, date(1901, 2, 3), Female),
        ("14068119020304003X", Citizen, date(1902, 3, 4), Male),
        ("14068119020304003x", Citizen, date(1902, 3, 4), Male),
        ("140105190305060046", Citizen, date(1903, 5, 6), Female),
        ("370303190001010016", Citizen, date(1900, 1, 1), Male),
        ("370302190102031127", Citizen, date(1901, 2, 3), Female),
        ("810000190101010023", HongKongMacaoTaiwan, date(1901, 1, 1), Female),
        ("820000190101010033", HongKongMacaoTaiwan, date(1901, 1, 1), Male),
        ("830000190001010011", HongKongMacaoTaiwan, date(1900, 1, 1), Male),
    ] {
        let result = check_now(raw);
        assert_eq!(result.normalised, raw.to_uppercase());
        assert_eq!(result.faults, [], "{raw}");
        assert_eq!(result.warnings, [], "{raw}");
        assert_eq!(result.kind, kind, "{raw}");
        assert_eq!(result.birth_date, Some(birth), "{raw}");
        assert_eq!(result.sex, Some(sex), "{raw}");
        assert_eq!(result.address_code.as_deref(), raw.get(..6), "{raw}");
        assert!(result.is_valid());
    }
}

#[test]
fn abolished_and_unknown_address_codes_only_warn() {
    for (raw, warning) in [
        ("140624190006150072", IdentityWarning::AbolishedAddress),
        ("371202190007160081", IdentityWarning::AbolishedAddress),
        (
            compose("110101", date(1990, 5, 6), 21).expect("valid test data").as_str(),
            IdentityWarning::UnknownAddress,
        ),
    ] {
        let result = check_now(raw);
        assert_eq!(result.faults, [], "{raw}");
        assert_eq!(result.warnings, [warning], "{raw}");
    }
}

#[test]
fn invalid_numbers_of_the_reference_table_name_their_fault() {
    use IdentityFault::{Characters, CheckDigit, Date, Length};
    for (raw, fault) in [
        ("140602190001010014", CheckDigit),
        ("140602190002290010", Date),
        ("140602190013010010", Date),
        ("14060219000101001", Length),
        ("14060219000101O013", Characters),
        ("", Length),
        ("王小明", Length),
        ("一二三四五六七八九十一二三四五六七八", Characters),
        ("一二三四五六七八九十一二三四五", Characters),
        ("1406021900010100王3", Characters),
        ("14060219000101001王", Characters),
        ("14060219000101001Y", Characters),
        ("14060200010100X", Characters),
    ] {
        let result = check_now(raw);
        assert_eq!(result.faults, [fault], "{raw}");
        assert!(!result.is_valid());
    }
}

#[test]
fn two_faults_are_both_reported() {
    let result = check_now("140602190002290011");
    assert_eq!(result.faults, [IdentityFault::Date, IdentityFault::CheckDigit]);
    assert_eq!(result.birth_date, None);
}

#[test]
fn a_birth_date_is_accepted_from_1900_to_today() {
    let today = date(2026, 11, 22);
    for (birth, valid) in [
        (today, true),
        (date(2026, 11, 23), false),
        (date(1900, 1, 1), true),
        (date(1899, 12, 31), false),
    ] {
        let number = compose("140602", birth, 1).expect("valid test data");
        assert_eq!(check(&number, today, addresses).is_valid(), valid, "{birth}");
    }
}

#[test]
fn blanks_and_full_width_characters_do_not_matter() {
    for raw in [
        "  14068119020304003X\t",
        "\u{3000}１４０６８１１９０２０３０４００３Ｘ",
        "１４０６８１１９０２０３０４００３ｘ\u{3000}",
    ] {
        let result = check_now(raw);
        assert_eq!(result.normalised, "14068119020304003X");
        assert!(result.is_valid());
    }
}

#[test]
fn a_fifteen_digit_number_is_upgraded_with_a_warning() {
    let result = check_now("140602000101001");
    assert_eq!(result.normalised, "140602190001010013");
    assert_eq!(result.kind, IdentityKind::Legacy15);
    assert_eq!(result.faults, []);
    assert_eq!(result.warnings, [IdentityWarning::Legacy15Upgraded]);
    assert_eq!(result.birth_date, Some(date(1900, 1, 1)));
    assert_eq!(upgrade_legacy(" 140602000101001 ").as_deref(), Some("140602190001010013"));
    for not_legacy in ["14060200010100", "14060200010100X", "一二三四五", ""] {
        assert_eq!(upgrade_legacy(not_legacy), None, "{not_legacy}");
    }
    let impossible = check_now("140602000230001");
    assert_eq!(impossible.faults, [IdentityFault::Date]);
}

#[test]
fn foreign_permanent_residents_have_no_address_check() {
    for raw in ["911840190001010017", "911392190102030024"] {
        let result = check_now(raw);
        assert_eq!(result.kind, IdentityKind::ForeignPermanentResident);
        assert_eq!(result.faults, [], "{raw}");
        assert_eq!(result.warnings, [], "{raw}");
        assert_eq!(result.address_code, None);
    }
    let wrong = check_now("911840190001010018");
    assert_eq!(wrong.faults, [IdentityFault::CheckDigit]);
    let old = check_now("usa140600010112");
    assert_eq!(old.kind, IdentityKind::ForeignPermanentResident);
    assert!(old.is_valid());
    assert_eq!(old.normalised, "USA140600010112");
}

#[test]
fn the_check_digit_of_the_worked_example_is_three() {
    assert_eq!(check_digit("14060219000101001"), Some('3'));
    for wrong in ["1406021900010100", "1406021900010100A", "", "１４０６０２１９０００１０１００１"]
    {
        assert_eq!(check_digit(wrong), None, "{wrong}");
    }
}

#[test]
fn a_number_is_composed_only_from_parts_that_fit() {
    let birth = date(1900, 1, 1);
    assert_eq!(compose("140602", birth, 1).as_deref(), Some("140602190001010013"));
    assert_eq!(compose("14060", birth, 1), None);
    assert_eq!(compose("1406021", birth, 1), None);
    assert_eq!(compose("14060A", birth, 1), None);
    assert_eq!(compose("140602", birth, 1000), None);
}

#[test]
fn the_last_four_never_show_a_whole_number() {
    for (number, expected) in [
        ("140602190001010013", "0013"),
        ("14068119020304003x", "003X"),
        ("E12345678", "5678"),
        ("1234", ""),
        ("", ""),
        ("军字第1234号", "234号"),
    ] {
        assert_eq!(last_four(number), expected, "{number}");
    }
}

#[test]
fn debug_output_does_not_show_the_number() {
    let text = format!("{:?}", check_now("140602190001010013"));
    assert!(!text.contains("0013") && !text.contains("1900"), "{text}");
}

#[test]
fn codes_are_distinct_and_read_back() {
    for &kind in IdentityKind::ALL {
        assert_eq!(IdentityKind::from_code(kind.code()), Some(kind));
    }
    for &sex in Sex::ALL {
        assert_eq!(Sex::from_code(sex.code()), Some(sex));
    }
    let mut codes: Vec<_> = IdentityFault::ALL.iter().copied().map(IdentityFault::code).collect();
    codes.extend(IdentityWarning::ALL.iter().copied().map(IdentityWarning::code));
    let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
    assert_eq!(distinct.len(), codes.len());
}

proptest! {
    #[test]
    fn a_composed_number_is_valid_and_one_changed_character_is_found(
        address in "[1-7][0-9]{5}",
        days in 0_u64..46_000,
        sequence in 0_u16..1000,
        position in 0_usize..18,
        shift in 1_u32..10,
    ) {
        let birth = date(1900, 1, 1) + chrono::Days::new(days);
        let number = compose(&address, birth, sequence).expect("valid test data");
        let today = date(2026, 11, 22);
        let result = check(&number, today, |_| AddressKnown::Current);
        prop_assert!(result.is_valid());
        prop_assert_eq!(result.birth_date, Some(birth));

        // MOD 11-2 finds every single substitution.
        let mut characters: Vec<char> = number.chars().collect();
        let old = characters[position].to_digit(10).unwrap_or(0);
        characters[position] = char::from_digit((old + shift) % 10, 10).expect("valid test data");
        let changed: String = characters.into_iter().collect();
        if changed != number {
            prop_assert!(!check(&changed, today, |_| AddressKnown::Current).is_valid());
        }
    }

    #[test]
    fn any_text_is_checked_without_panic(raw in any::<String>(), near in "\\PC{15}|\\PC{18}") {
        let _ = check_now(&raw);
        let _ = check_now(&near);
        let _ = last_four(&raw);
    }
}
