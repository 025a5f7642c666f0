use super::{Count, Figure, FigureFault, Given, of_records, settle};
use crate::domain::{accident::CasualtyBasis, code::Coded as _};

const BASIS: CasualtyBasis = CasualtyBasis::DeathsMissingInjured;

fn sums() -> Vec<(Count, Option<String>, i64)> {
    let coal = || Some("COAL_MINE".to_owned());
    [(Count::Accidents, 4), (Count::Deaths, 2), (Count::Missing, 1), (Count::Serious, 3), (Count::Minor, 5)]
        .into_iter()
        .map(|(count, number)| (count, coal(), number))
        .collect()
}

fn given(count: Count, value: i64, explanation: Option<&str>) -> Given {
    Given { count, industry: Some("COAL_MINE".to_owned()), value, explanation: explanation.map(ToOwned::to_owned) }
}

fn find(figures: &[Figure], count: Count) -> (i64, i64) {
    let figure = figures.iter().find(|figure| figure.count == count).expect("a figure");
    (figure.records, figure.signed)
}

#[test]
fn casualties_follow_from_their_components_by_the_basis() {
    assert_eq!(find(&of_records(&sums(), BASIS), Count::Casualties), (11, 11));
    assert_eq!(find(&of_records(&sums(), CasualtyBasis::DeathsSerious), Count::Casualties), (5, 5));
    let signed = settle(of_records(&sums(), BASIS), &[given(Count::Deaths, 3, Some("一人事故后不治"))], BASIS).expect("it holds");
    assert_eq!(find(&signed, Count::Deaths), (2, 3));
    assert_eq!(find(&signed, Count::Casualties), (11, 12), "the records' sum stays beside the signed one");
}

#[test]
fn a_difference_needs_an_explanation_and_a_count_is_never_negative() {
    let settled = |given: &[Given]| settle(of_records(&sums(), BASIS), given, BASIS);
    assert_eq!(settled(&[given(Count::Deaths, 3, None)]), Err(FigureFault::Unexplained(0)));
    assert_eq!(settled(&[given(Count::Deaths, 3, Some("  "))]), Err(FigureFault::Unexplained(0)));
    assert!(settled(&[given(Count::Deaths, 2, None)]).is_ok(), "the same figure needs none");
    let second = [given(Count::Deaths, 2, None), given(Count::Minor, -1, Some("x"))];
    assert_eq!(settled(&second), Err(FigureFault::Negative(1)));
    assert!(FigureFault::Negative(1).message_zh().contains("figures[1].value"));
    assert_eq!(settled(&[given(Count::Casualties, 9, Some("x"))]), Err(FigureFault::NoSuchFigure(0)));
    assert_eq!(settled(&[given(Count::Diseases, 9, Some("x"))]), Err(FigureFault::NoSuchFigure(0)));
    assert_eq!(settled(&[given(Count::Deaths, 2, None), given(Count::Deaths, 2, None)]), Err(FigureFault::Twice(1)));
}

#[test]
fn a_part_is_not_above_its_whole() {
    let sums = [(Count::Pneumoconiosis, None, 4), (Count::UnderFiveYears, None, 1), (Count::Diseases, None, 6)];
    let more = Given { count: Count::UnderFiveYears, industry: None, value: 5, explanation: Some("补报".to_owned()) };
    assert_eq!(settle(of_records(&sums, BASIS), &[more], BASIS), Err(FigureFault::PartAboveWhole));
    assert!(of_records(&sums, BASIS).iter().all(|figure| figure.count != Count::Casualties));
}

#[test]
fn codes_are_stable_and_travel_as_json() {
    for &count in Count::ALL {
        assert_eq!(Count::from_code(count.code()), Some(count));
        assert_eq!(serde_json::to_value(count).expect("JSON"), count.code());
    }
}
