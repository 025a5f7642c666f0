//! The workbook, read back and worked out again.

use std::io::Cursor;

use brief::{
    content::{Brief, Formula},
    xlsx,
};
use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};

use crate::samples;

pub fn open(brief: &Brief) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(xlsx::write(brief).expect("a workbook"))).expect("a workbook")
}

fn number(range: &Range<Data>, row: u32, column: u32) -> Option<f64> {
    match range.get_value((row, column)) {
        Some(Data::Float(number)) => Some(*number),
        Some(Data::Int(number)) => Some(*number as f64),
        _ => None,
    }
}

fn string(range: &Range<Data>, row: u32, column: u32) -> String {
    range.get_value((row, column)).map(ToString::to_string).unwrap_or_default()
}

/// One decimal, half up, as a clerk would round what the cell shows.
fn rounded(number: f64) -> f64 {
    (number * 10.0 + 0.5 + 1e-9).floor() / 10.0
}

#[test]
fn the_sheets_are_all_there() {
    for brief in [samples::shuozhou(), samples::county()] {
        let names = open(&brief).sheet_names();
        for name in [
            "目标",
            "指标",
            "年度趋势",
            "事故类型",
            "县区×行业",
            "接尘工龄",
            "报送情况",
            "线索",
            "隐患",
            "走访单位",
            "决议",
            "说明",
        ] {
            assert!(names.contains(&name.to_owned()), "{name} of {names:?}");
        }
    }
}

#[test]
fn every_figure_can_be_worked_out_again_from_its_two_numbers() {
    let brief = samples::shuozhou();
    let mut book = open(&brief);
    let (cells, formulas) = (
        book.worksheet_range("指标").expect("cells"),
        book.worksheet_formula("指标").expect("formulas"),
    );
    for (row, figure) in (1..).zip(&brief.figures) {
        let (part, whole) = (number(&cells, row, 5), number(&cells, row, 6));
        let line = row + 1;
        let (expected, body) = match figure.formula {
            Formula::Reduction => (
                part.zip(whole).map(|(part, whole)| (whole - part) / whole),
                format!("(G{line}-F{line})/G{line}"),
            ),
            Formula::Share => {
                (part.zip(whole).map(|(part, whole)| part / whole), format!("F{line}/G{line}"))
            }
            Formula::PerMille => (
                part.zip(whole).map(|(part, whole)| part / whole * 1000.0),
                format!("F{line}/G{line}*1000"),
            ),
            Formula::Count => (part, format!("F{line}")),
        };
        let expected = expected.filter(|value| value.is_finite());
        let formula = formulas.get_value((row, 8)).expect("a formula");
        assert!(formula.contains(&body) && formula.starts_with("IF(COUNT(F"), "{formula}");
        match (expected, number(&cells, row, 8)) {
            (Some(expected), Some(cached)) => {
                assert!((expected - cached).abs() < 1e-9, "{figure:?}: {cached}");
                let printed = match figure.formula {
                    Formula::Reduction | Formula::Share => {
                        format!("{:.1}%", rounded(cached * 100.0))
                    }
                    Formula::PerMille => format!("{:.1}‰", rounded(cached)),
                    Formula::Count => format!("{cached}"),
                };
                assert_eq!(printed, figure.shown, "{figure:?}");
            }
            (None, None) => {
                assert_eq!(string(&cells, row, 8), "—", "no value is a dash and not zero");
                assert_eq!(figure.shown, "—");
            }
            other => panic!("{figure:?}: {other:?}"),
        }
    }
}

#[test]
fn all_four_ways_to_work_out_a_figure_are_in_the_sample() {
    let kinds: std::collections::HashSet<Formula> =
        samples::shuozhou().figures.iter().map(|figure| figure.formula).collect();
    assert_eq!(kinds.len(), 4);
    assert!(samples::shuozhou().figures.iter().any(|figure| figure.money));
    assert!(samples::shuozhou().figures.iter().any(|figure| figure.denominator == Some(0)));
}

#[test]
fn a_missing_number_is_a_word_and_no_formula_counts_it() {
    let mut book = open(&samples::shuozhou());
    let cells = book.worksheet_range("指标").expect("cells");
    let missing = (1..).find(|row| string(&cells, *row, 0) == "I5").expect("I5");
    assert_eq!(
        (string(&cells, missing, 5), number(&cells, missing, 6)),
        ("缺".into(), Some(3107.0))
    );
    let trends = book.worksheet_range("年度趋势").expect("cells");
    let gaps: Vec<u32> =
        (1..trends.height() as u32).filter(|row| string(&trends, *row, 4) == "缺").collect();
    assert_eq!(gaps.len(), 2);
    for row in gaps {
        assert_eq!(trends.get_value((row, 6)), Some(&Data::Empty), "a chart draws nothing");
        assert_eq!(string(&trends, row, 7), "缺");
    }
    let mut county = open(&samples::county());
    let types = county.worksheet_range("事故类型").expect("cells");
    assert_eq!(
        (string(&types, 1, 1), string(&types, 2, 1)),
        ("不公布".into(), "不公布".into()),
        "and its sum neither"
    );
    assert_eq!(string(&types, 1, 3), "—");
}

#[test]
fn sums_are_formulas_and_come_out_right() {
    let brief = samples::shuozhou();
    let mut book = open(&brief);
    let (cells, formulas) = (
        book.worksheet_range("县区×行业").expect("cells"),
        book.worksheet_formula("县区×行业").expect("formulas"),
    );
    let (rows, columns) = (brief.heat.regions.len() as u32, brief.heat.industries.len() as u32);
    for row in 1..=rows {
        let sum: f64 = (1..=columns).filter_map(|column| number(&cells, row, column)).sum();
        assert_eq!(number(&cells, row, columns + 1), Some(sum));
        assert_eq!(
            formulas.get_value((row, columns + 1)),
            Some(&format!("SUM(B{0}:G{0})", row + 1))
        );
    }
    for column in 1..=columns + 1 {
        let sum: f64 = (1..=rows).filter_map(|row| number(&cells, row, column)).sum();
        assert_eq!(number(&cells, rows + 1, column), Some(sum));
    }
    assert_eq!(number(&cells, rows + 1, columns + 1), Some(67.0));
    let types = book.worksheet_range("事故类型").expect("cells");
    let total = brief.accident_types.len() as u32 + 1;
    assert_eq!((number(&types, total, 1), number(&types, total, 4)), (Some(68.0), Some(1.0)));
}

#[test]
fn the_same_content_gives_the_same_workbook() {
    let brief = samples::shuozhou();
    assert!(xlsx::write(&brief).expect("a workbook") == xlsx::write(&brief).expect("a workbook"));
}
