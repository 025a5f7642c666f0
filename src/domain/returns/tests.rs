use super::{DeviatingFigure, FigureFault, FigureToSign, ReturnCount, of_records, settle};
use crate::domain::{accident::CasualtyBasis, code::Coded as _};

const BASIS: CasualtyBasis = CasualtyBasis::DeathsMissingInjured;

fn sums() -> Vec<(ReturnCount, Option<String>, i64)> {
    let coal = || Some("COAL_MINE".to_owned());
    [
        (ReturnCount::Accidents, 4),
        (ReturnCount::Deaths, 2),
        (ReturnCount::Missing, 1),
        (ReturnCount::Serious, 3),
        (ReturnCount::Minor, 5),
    ]
    .into_iter()
    .map(|(count, number)| (count, coal(), number))
    .collect()
}

fn given(count: ReturnCount, value: i64, explanation: Option<&str>) -> DeviatingFigure {
    DeviatingFigure {
        count,
        industry: Some("COAL_MINE".to_owned()),
        value,
        explanation: explanation.map(ToOwned::to_owned),
    }
}

fn find(figures: &[FigureToSign], count: ReturnCount) -> (i64, i64) {
    let figure = figures.iter().find(|figure| figure.count == count).expect("a figure");
    (figure.records, figure.signed)
}

#[test]
fn casualties_follow_from_their_components_by_the_basis() {
    assert_eq!(find(&of_records(&sums(), BASIS), ReturnCount::Casualties), (11, 11));
    assert_eq!(
        find(&of_records(&sums(), CasualtyBasis::DeathsSerious), ReturnCount::Casualties),
        (6, 6)
    );
    let signed = settle(
        of_records(&sums(), BASIS),
        &[given(ReturnCount::Deaths, 3, Some("一人事故后不治"))],
        BASIS,
    )
    .expect("it holds");
    assert_eq!(find(&signed, ReturnCount::Deaths), (2, 3));
    assert_eq!(
        find(&signed, ReturnCount::Casualties),
        (11, 12),
        "the records' sum stays beside the signed one"
    );
}

#[test]
fn a_difference_needs_an_explanation_and_a_count_is_never_negative() {
    let settled = |given: &[DeviatingFigure]| settle(of_records(&sums(), BASIS), given, BASIS);
    assert_eq!(settled(&[given(ReturnCount::Deaths, 3, None)]), Err(FigureFault::Unexplained(0)));
    assert_eq!(
        settled(&[given(ReturnCount::Deaths, 3, Some("  "))]),
        Err(FigureFault::Unexplained(0))
    );
    assert!(settled(&[given(ReturnCount::Deaths, 2, None)]).is_ok(), "the same figure needs none");
    let second = [given(ReturnCount::Deaths, 2, None), given(ReturnCount::Minor, -1, Some("x"))];
    assert_eq!(settled(&second), Err(FigureFault::Negative(1)));
    assert!(FigureFault::Negative(1).message_zh().contains("figures[1].value"));
    assert_eq!(
        settled(&[given(ReturnCount::Casualties, 9, Some("x"))]),
        Err(FigureFault::NoSuchFigure(0))
    );
    assert_eq!(
        settled(&[given(ReturnCount::Diseases, 9, Some("x"))]),
        Err(FigureFault::NoSuchFigure(0))
    );
    assert_eq!(
        settled(&[given(ReturnCount::Deaths, 2, None), given(ReturnCount::Deaths, 2, None)]),
        Err(FigureFault::Twice(1))
    );
}

#[test]
fn a_part_is_not_above_its_whole() {
    let sums = [
        (ReturnCount::Pneumoconiosis, None, 4),
        (ReturnCount::UnderFiveYears, None, 1),
        (ReturnCount::Diseases, None, 6),
    ];
    let more = DeviatingFigure {
        count: ReturnCount::UnderFiveYears,
        industry: None,
        value: 5,
        explanation: Some("补报".to_owned()),
    };
    assert_eq!(settle(of_records(&sums, BASIS), &[more], BASIS), Err(FigureFault::PartAboveWhole));
    assert!(of_records(&sums, BASIS).iter().all(|figure| figure.count != ReturnCount::Casualties));
}

#[test]
fn codes_are_stable_and_travel_as_json() {
    for &count in ReturnCount::ALL {
        assert_eq!(ReturnCount::from_code(count.code()), Some(count));
        assert_eq!(serde_json::to_value(count).expect("JSON"), count.code());
    }
}
