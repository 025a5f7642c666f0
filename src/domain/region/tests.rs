use proptest::prelude::*;

use super::*;
use crate::domain::code::Coded as _;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).expect("valid test data")
}

#[test]
fn each_code_shows_its_level_prefix_city_and_province() {
    use RegionLevel::{City, County, Province, Zone};
    for (text, level, prefix, city, province) in [
        ("140000", Province, "14", None, "140000"),
        ("140600", City, "1406", Some("140600"), "140000"),
        ("140602", County, "140602", Some("140600"), "140000"),
        ("140681", County, "140681", Some("140600"), "140000"),
        ("140671", Zone, "140671", Some("140600"), "140000"),
        ("370176", Zone, "370176", Some("370100"), "370000"),
        ("3703Z1", Zone, "3703Z1", Some("370300"), "370000"),
        ("3703ZA", Zone, "3703ZA", Some("370300"), "370000"),
        ("1400Z1", Zone, "1400Z1", None, "140000"),
        ("110101", County, "110101", Some("110100"), "110000"),
        ("469001", County, "469001", Some("469000"), "460000"),
    ] {
        let region = code(text);
        assert_eq!(region.level(), level, "{text}");
        assert_eq!(region.prefix(), prefix, "{text}");
        assert_eq!(region.city().as_ref().map(RegionCode::as_str), city, "{text}");
        assert_eq!(region.province().as_str(), province, "{text}");
        assert_eq!(region.to_string(), text);
    }
}

#[test]
fn texts_of_another_structure_are_refused() {
    for (text, fault) in [
        ("", RegionFault::Length),
        ("14", RegionFault::Length),
        ("1406020", RegionFault::Length),
        ("14060A", RegionFault::Characters),
        ("3703z1", RegionFault::Characters),
        ("37Z301", RegionFault::Characters),
        ("3703Z王", RegionFault::Characters),
        ("朔州市朔城区", RegionFault::Characters),
        ("１４０６０２", RegionFault::Characters),
        ("000000", RegionFault::Structure),
        ("001400", RegionFault::Structure),
        ("910000", RegionFault::Structure),
        ("140002", RegionFault::Structure),
    ] {
        assert_eq!(RegionCode::parse(text), Err(fault), "{text}");
    }
}

#[test]
fn rows_are_own_above_or_peer() {
    use RegionRelation::{Above, Own, Peer};
    for (actor, row, expected) in [
        ("140000", "140602", Own),
        ("140600", "140600", Own),
        ("140600", "140681", Own),
        ("140602", "140602", Own),
        ("140602", "140600", Above),
        ("140602", "140000", Above),
        ("140600", "140000", Above),
        ("140602", "140603", Peer),
        ("140600", "140700", Peer),
        ("140600", "140702", Peer),
        ("140602", "140700", Peer),
        ("140000", "370000", Peer),
        ("370300", "3703Z1", Own),
        ("3703Z1", "370300", Above),
        ("3703Z1", "370303", Peer),
        ("3703Z1", "3703Z2", Peer),
        ("140000", "1400Z1", Own),
        ("140100", "1400Z1", Peer),
    ] {
        assert_eq!(relation(&code(actor), &code(row)), expected, "{actor} {row}");
    }
}

#[test]
fn level_codes_read_back() {
    for &level in RegionLevel::ALL {
        assert_eq!(RegionLevel::from_code(level.code()), Some(level));
    }
}

fn any_code() -> impl Strategy<Value = RegionCode> {
    "[1-8][0-9](0000|(0[1-3])(00|0[1-3]|Z[1-2]))".prop_map(|text| code(&text))
}

proptest! {
    #[test]
    fn containment_is_an_order_and_ancestors_contain(a in any_code(), b in any_code(), c in any_code()) {
        prop_assert!(a.contains(&a));
        prop_assert!(a.province().contains(&a));
        if let Some(city) = a.city() {
            prop_assert!(city.contains(&a));
        }
        if a.contains(&b) && b.contains(&a) {
            prop_assert_eq!(&a, &b);
        }
        if a.contains(&b) && b.contains(&c) {
            prop_assert!(a.contains(&c));
        }
    }

    #[test]
    fn any_text_is_parsed_without_panic(raw in any::<String>(), near in "\\PC{6}|[0-9Z]{6}") {
        let _ = RegionCode::parse(&raw);
        if let Ok(region) = RegionCode::parse(&near) {
            prop_assert_eq!(region.as_str(), near);
        }
    }
}
