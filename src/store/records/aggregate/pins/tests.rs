use entity::catalogue::{Catalogue, Family};

use super::{midnight, pins};
use crate::{
    domain::{clock::parse_instant, disclosure::rules::Rules},
    store::{
        disclosure,
        records::filter::{FieldTest, Filter},
        reference::Reference,
        sql::cell::Cell,
    },
};

fn shipped() -> (Rules, Catalogue) {
    let catalogue = Catalogue::new(entity::families()).expect("the catalogue holds");
    let reference = Reference::shipped().expect("the tables read");
    (disclosure::load(&reference, &catalogue).expect("the rules hold"), catalogue)
}

fn pinned(family: &'static Family, tests: Vec<(&str, FieldTest)>) -> Result<usize, String> {
    let one =
        |(name, test): (&str, FieldTest)| Filter::Field(family.field(name).expect("a field"), test);
    pins(&shipped().0.cube, family, &Filter::All(tests.into_iter().map(one).collect()))
        .map(|pins| pins.len())
}

fn text(text: &str) -> FieldTest {
    FieldTest::In(vec![Cell::Text(text.to_owned())])
}

fn days(from: Option<(&str, bool)>, to: Option<(&str, bool)>) -> FieldTest {
    let day =
        |(text, inclusive): (&str, bool)| (Cell::Date(text.parse().expect("a day")), inclusive);
    FieldTest::Range(from.map(day), to.map(day))
}

#[test]
fn single_values_of_published_dimensions_are_pins() {
    let cases = shipped().1.find("OccupationalDiseaseCase").expect("a family");
    let stage = || text("STAGE_1");
    assert_eq!(pinned(cases, vec![]), Ok(0));
    assert_eq!(
        pinned(
            cases,
            vec![("stage", stage()), ("stage", stage()), ("keyIndustry", text("COAL_MINE"))]
        ),
        Ok(3)
    );
    for prefix in ["14", "1406", "140602"] {
        assert_eq!(
            pinned(cases, vec![("regionCode", FieldTest::Prefix(prefix.to_owned()))]),
            Ok(1),
            "{prefix}"
        );
    }
    for prefix in ["1", "140", "14060"] {
        assert!(
            pinned(cases, vec![("regionCode", FieldTest::Prefix(prefix.to_owned()))]).is_err(),
            "{prefix}"
        );
    }
    assert_eq!(
        pinned(cases, vec![("stage", FieldTest::IsNull(true))]),
        Ok(1),
        "no value is a group too"
    );
    assert!(pinned(cases, vec![("stage", FieldTest::IsNull(false))]).is_err());
    assert!(pinned(cases, vec![("stage", FieldTest::In(Vec::new()))]).is_err());
    assert!(
        pinned(cases, vec![("diseaseCode", text("RESP-01"))]).is_err(),
        "the class is published, not the disease"
    );
}

#[test]
fn a_whole_year_is_a_pin_and_nothing_else_of_a_date_is() {
    let cases = shipped().1.find("OccupationalDiseaseCase").expect("a family");
    let at = |ranges: Vec<FieldTest>| {
        pinned(cases, ranges.into_iter().map(|range| ("diagnosedAt", range)).collect())
    };
    let (first, last, next) = ("2024-01-01", "2024-12-31", "2025-01-01");
    for range in [
        days(Some((first, true)), Some((next, false))),
        days(Some((first, true)), Some((last, true))),
        days(Some(("2023-12-31", false)), Some((last, true))),
    ] {
        assert_eq!(at(vec![range.clone()]), Ok(1), "{range:?}");
    }
    assert_eq!(at(vec![days(Some((first, true)), None), days(None, Some((next, false)))]), Ok(1));
    for ranges in [
        vec![days(Some((first, true)), None)],
        vec![days(None, Some((next, false)))],
        vec![days(Some((first, true)), Some((next, true)))],
        vec![days(Some((first, false)), Some((next, false)))],
        vec![days(Some((first, true)), Some(("2026-01-01", false)))],
        vec![days(Some(("2024-07-01", true)), Some(("2025-07-01", false)))],
        vec![
            days(Some((first, true)), Some((next, false))),
            days(Some(("2024-03-01", true)), None),
        ],
    ] {
        assert!(at(ranges.clone()).is_err(), "{ranges:?}");
    }
}

#[test]
fn a_year_of_instants_begins_at_midnight_in_shanghai() {
    let at = |text: &str| parse_instant(text).expect("an instant");
    assert_eq!(midnight(at("2024-01-01 00:00:00")), "2024-01-01".parse().ok());
    assert_eq!(midnight(at("2024-01-01T00:00:00Z")), None);
    let accidents = shipped().1.find("Accident").expect("a family");
    let year = |from: &str, to: &str| {
        FieldTest::Range(
            Some((Cell::Instant(at(from)), true)),
            Some((Cell::Instant(at(to)), false)),
        )
    };
    assert_eq!(
        pinned(accidents, vec![("occurredAt", year("2024-01-01 00:00:00", "2025-01-01 00:00:00"))]),
        Ok(1)
    );
    assert!(
        pinned(accidents, vec![("occurredAt", year("2024-01-01 00:00:00", "2025-01-01 00:00:01"))])
            .is_err()
    );
}
