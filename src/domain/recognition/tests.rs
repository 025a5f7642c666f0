use super::*;
use crate::domain::code::Coded as _;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("valid test data")
}

#[test]
fn every_article_agrees_with_one_decision_only() {
    use RecognitionResult::{Deemed, NotRecognized, Recognized};
    for &article in Article::ALL {
        for (result, prefix) in
            [(Recognized, "ART14_"), (Deemed, "ART15_"), (NotRecognized, "ART16_")]
        {
            let expected = (!article.code().starts_with(prefix))
                .then_some(RecognitionWarning::ArticleAndResult);
            assert_eq!(check_article(Some(article), result), expected, "{article:?} {result:?}");
        }
    }
}

#[test]
fn a_recognition_without_article_warns_and_a_refusal_does_not() {
    for &result in RecognitionResult::ALL {
        let expected = matches!(result, RecognitionResult::Recognized | RecognitionResult::Deemed)
            .then_some(RecognitionWarning::ArticleMissing);
        assert_eq!(check_article(None, result), expected, "{result:?}");
    }
}

#[test]
fn unfinished_and_revoked_cases_say_nothing_about_the_article() {
    for result in ["NOT_ACCEPTED", "SUSPENDED", "TERMINATED", "REVOKED"] {
        let result = RecognitionResult::from_code(result).expect("valid test data");
        for &article in Article::ALL {
            assert_eq!(check_article(Some(article), result), None);
        }
    }
}

#[test]
fn dates_in_order_or_on_one_day_have_no_fault() {
    let day = Some(date(2025, 3, 1));
    let same_day =
        RecognitionDates { event: day, application: day, acceptance: day, decision: day };
    assert_eq!(check_dates(&same_day), []);
    assert_eq!(check_dates(&RecognitionDates::default()), []);
    let ordered = RecognitionDates {
        event: Some(date(2025, 1, 1)),
        application: Some(date(2025, 1, 20)),
        acceptance: None,
        decision: Some(date(2025, 3, 1)),
    };
    assert_eq!(check_dates(&ordered), []);
}

#[test]
fn a_date_before_the_last_known_step_is_a_fault() {
    let dates = RecognitionDates {
        event: Some(date(2025, 1, 10)),
        application: Some(date(2025, 1, 9)),
        acceptance: None,
        decision: Some(date(2025, 1, 8)),
    };
    let faults = check_dates(&dates);
    assert_eq!(
        faults,
        [
            DateOrderFault { first: RecognitionStep::Event, then: RecognitionStep::Application },
            DateOrderFault { first: RecognitionStep::Application, then: RecognitionStep::Decision },
        ]
    );
    assert_eq!(faults[0].message_zh(), "申请日期早于事故（诊断）日期，请核对这两个日期");
}

#[test]
fn the_employer_has_thirty_days_and_all_others_a_year() {
    use Applicant::{Employer, Relative, Union, Worker};
    for (event, applicant, expected) in [
        (date(2025, 1, 1), Employer, date(2025, 1, 31)),
        (date(2024, 2, 1), Employer, date(2024, 3, 2)),
        (date(2025, 2, 1), Employer, date(2025, 3, 3)),
        (date(2025, 1, 1), Worker, date(2026, 1, 1)),
        (date(2024, 2, 29), Relative, date(2025, 2, 28)),
        (date(2023, 3, 1), Union, date(2024, 3, 1)),
    ] {
        assert_eq!(filing_deadline(event, applicant), Some(expected));
    }
    for &applicant in Applicant::ALL {
        assert_eq!(filing_deadline(NaiveDate::MAX, applicant), None);
    }
}

#[test]
fn codes_read_back() {
    for &article in Article::ALL {
        assert_eq!(Article::from_code(article.code()), Some(article));
        assert!(article.code().contains(&article.number().to_string()));
    }
    for &result in RecognitionResult::ALL {
        assert_eq!(RecognitionResult::from_code(result.code()), Some(result));
    }
    for &applicant in Applicant::ALL {
        assert_eq!(Applicant::from_code(applicant.code()), Some(applicant));
    }
}
