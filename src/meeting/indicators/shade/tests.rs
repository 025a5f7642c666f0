use std::{collections::HashMap, ops::RangeInclusive, sync::Arc};

use super::{
    Making, PreparedTables, Protected, Rule,
    layout::IndustryColumns,
    wholes::{CountFamily, WHOLES},
};
use crate::{
    domain::region::RegionCode,
    meeting::plans::PlanSet,
    store::{
        meeting::figures::{CountedFigures, FigureMeasure},
        reference::Reference,
    },
};

/// Cases in a province, by county, year and number: short exposures, pneumoconiosis, all.
fn making(years: RangeInclusive<i32>, cases: &[(&str, i32, [i64; 3])]) -> Making {
    making_of(&WHOLES[0], years, cases)
}

fn making_of<const N: usize>(
    whole: &'static CountFamily,
    years: RangeInclusive<i32>,
    cases: &[(&str, i32, [i64; N])],
) -> Making {
    let reference = Arc::new(Reference::shipped().expect("the code tables read"));
    let plans = PlanSet::load(&reference).expect("plans");
    let province = RegionCode::parse("140000").expect("a province");
    let row = |(region, year, numbers): &(&str, i32, [i64; N])| CountedFigures {
        region: Some((*region).to_owned()),
        industry: Some("COAL_MINE".to_owned()),
        year: *year,
        numbers: numbers.to_vec(),
    };
    Making {
        whole,
        order: whole.measures.iter().copied().chain(whole.contributors).collect(),
        counted: Arc::new(cases.iter().map(row).collect()),
        years,
        renamed: Arc::default(),
        columns: Arc::new(IndustryColumns::new(
            vec!["COAL_MINE".to_owned(), "METALLURGY".to_owned()],
            &plans,
            &reference,
            &province,
        )),
        rule: Rule::of(&reference),
        reference,
        province,
    }
}

fn prepared(protected: &Protected) -> PreparedTables {
    protected
        .years
        .iter()
        .map(|(year, cells)| (*year, (protected.rows.codes.clone(), Arc::clone(cells))))
        .collect()
}

#[test]
fn only_tables_whose_counts_changed_are_made_again() {
    let cases =
        [("140602", 2021, [3, 9, 12]), ("140603", 2021, [4, 8, 9]), ("140602", 2022, [3, 9, 12])];
    let first = making(2021..=2022, &cases).make(&HashMap::new());
    let same = making(2020..=2022, &cases).make(&prepared(&first));
    for year in [2021, 2022] {
        assert!(
            Arc::ptr_eq(&first.years[&year], &same.years[&year]),
            "{year}, whatever years are asked for"
        );
    }
    let changed = [cases[0], cases[1], ("140602", 2022, [3, 9, 13])];
    let again = making(2021..=2022, &changed).make(&prepared(&first));
    assert!(Arc::ptr_eq(&first.years[&2021], &again.years[&2021]));
    assert!(!Arc::ptr_eq(&first.years[&2022], &again.years[&2022]));
}

#[test]
fn counties_without_a_record_are_withheld_like_those_with_few() {
    let table = making(
        2021..=2021,
        &[
            ("140602", 2021, [30, 90, 120]),
            ("140212", 2021, [30, 80, 90]),
            ("140603", 2021, [1, 1, 1]),
        ],
    );
    let protected = table.make(&HashMap::new());
    let cells = &protected.years[&2021];
    let told = |region: &str| {
        let row =
            protected.rows.place(&RegionCode::parse(region).expect("a region")).expect("a row");
        // All cases, of coal mines.
        cells.told[row * table.columns.side.nodes() * WHOLES[0].parts.len() + 4]
    };
    assert_eq!(
        (told("140603"), told("140621"), told("140300")),
        (None, None, None),
        "one, none, none in a whole city"
    );
    assert!([None, Some(211)].contains(&told("140000")), "what is told is so");
}

#[test]
fn an_amount_of_one_or_two_employers_is_withheld_with_what_would_give_it_away() {
    let whole = WHOLES
        .iter()
        .find(|whole| whole.measures.contains(&FigureMeasure::Benefits))
        .expect("benefits");
    // Fen, and employers: one in a county, many in the others of the city.
    let table = making_of(
        whole,
        2021..=2021,
        &[
            ("140602", 2021, [123_456, 1]),
            ("140603", 2021, [9_000_000, 30]),
            ("140621", 2021, [7_000_000, 20]),
            ("140212", 2021, [5_000_000, 9]),
        ],
    );
    let protected = table.make(&HashMap::new());
    let cells = &protected.years[&2021];
    let told = |region: &str| {
        let row =
            protected.rows.place(&RegionCode::parse(region).expect("a region")).expect("a row");
        cells.told
            [row * table.columns.side.nodes() + table.columns.whole().expect("all industries")]
    };
    assert_eq!(told("140602"), None, "of one employer");
    let counties = [told("140602"), told("140603"), told("140621")];
    let hidden = counties.iter().filter(|told| told.is_none()).count();
    assert!(
        told("140600").is_none() || hidden >= 2,
        "the others of the city and their sum give it away: {counties:?}"
    );
    assert!([None, Some(5_000_000)].contains(&told("140212")), "what is told is so");
    assert!(
        [told("140603"), told("140621"), told("140000"), told("140212")]
            .iter()
            .any(Option::is_some),
        "something is told"
    );
}
