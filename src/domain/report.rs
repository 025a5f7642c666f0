//! What a report on a plan, or a filed plan, must contain before it can be signed. Source:
//! 人社部发〔2020〕90号, which asks for the plan itself and for the progress of its implementation.

use serde::{Deserialize, Serialize};

use super::{
    plan::ObligationKind,
    returns::{FigureToSign, ReturnCount},
};

/// Least number of characters of a report in words, without spaces: a shorter text could only refer
/// to something that is not there.
pub const LEAST_WORDS: usize = 100;

/// A document that was handed over, identified by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportDocument {
    /// Title of the document, as signed.
    pub title: String,
    /// Official number of the document; `None` if it has none.
    pub number: Option<String>,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Something that a report does not contain but must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The document of the plan to be filed.
    Plan,
    /// A text, or a document that contains it.
    Words,
    /// The number of recognised injuries of the year.
    Injuries,
    /// The number of insured persons of the year, which the injury rate needs.
    Insured,
}

impl ReportDocument {
    /// Whether it has a title and a well-formed digest.
    #[must_use]
    pub fn holds(&self) -> bool {
        let digits = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        };
        let title = self.title.trim().chars().count();
        (1..=200).contains(&title) && self.sha256.len() == 64 && digits(&self.sha256)
    }
}

/// What a report of this kind lacks; `rate` says whether its plan sets a target for the injury
/// rate.
#[must_use]
pub fn lacks(
    kind: ObligationKind,
    (words, document): (Option<&str>, Option<&ReportDocument>),
    figures: &[FigureToSign],
    rate: bool,
) -> Vec<Lack> {
    let document = document.is_some_and(ReportDocument::holds);
    let said = words.is_some_and(|words| {
        words.chars().filter(|letter| !letter.is_whitespace()).count() >= LEAST_WORDS
    });
    let signed = |count: ReturnCount| {
        figures.iter().find(|figure| figure.count == count && figure.industry.is_none())
    };
    let mut lacks = Vec::new();
    match kind {
        ObligationKind::PlanFiling if !document => lacks.push(Lack::Plan),
        ObligationKind::PlanReport => {
            if !document && !said {
                lacks.push(Lack::Words);
            }
            if rate && signed(ReturnCount::Injuries).is_none() {
                lacks.push(Lack::Injuries);
            }
            if rate && signed(ReturnCount::Insured).is_none_or(|figure| figure.signed == 0) {
                lacks.push(Lack::Insured);
            }
        }
        ObligationKind::PlanFiling
        | ObligationKind::AccidentReturn
        | ObligationKind::DiseaseReturn => {}
    }
    lacks
}

impl Lack {
    /// What is missing, in Chinese.
    #[must_use]
    pub fn zh(self) -> String {
        match self {
            Self::Plan => "所备案方案的文件：document（标题 title 和文件的 sha256）".to_owned(),
            Self::Words => {
                format!("落实情况：在 remark 中写明（不少于{LEAST_WORDS}字），或以 document 附报告文件（标题和 sha256）")
            }
            Self::Injuries => "认定工伤人数：本年度 figures 的 INJURIES".to_owned(),
            Self::Insured => {
                "参保人数：平台没有该年度记录，请先报送参保单位年度，或在 figures 中填报 INSURED 并说明来源".to_owned()
            }
        }
    }

    /// What is missing, in English.
    #[must_use]
    pub fn en(self) -> String {
        match self {
            Self::Plan => "the plan that is filed: document, with title and sha256 of the file".to_owned(),
            Self::Words => {
                format!("what was done: in remark (at least {LEAST_WORDS} characters), or as document with title and sha256")
            }
            Self::Injuries => "recognised injuries of the year: INJURIES in figures".to_owned(),
            Self::Insured => {
                "insured persons: there are no records of the year; hand in the insured units, or give INSURED in figures with its source"
                    .to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lack, ReportDocument, lacks};
    use crate::domain::{
        plan::ObligationKind::{AccidentReturn, PlanFiling, PlanReport},
        returns::{FigureToSign, ReturnCount},
    };

    fn figure(count: ReturnCount, signed: i64) -> FigureToSign {
        FigureToSign { count, industry: None, records: signed, signed, explanation: None }
    }

    #[test]
    fn a_report_says_something_and_a_filing_brings_the_plan() {
        let document =
            ReportDocument {
                title: "实施方案".to_owned(), number: None, sha256: "a".repeat(64)
            };
        let (long, short) = ("落".repeat(100), "落实情况见附件");
        let figures = [figure(ReturnCount::Injuries, 0), figure(ReturnCount::Insured, 10)];
        let of = |words: Option<&str>, document: Option<&ReportDocument>| {
            lacks(PlanReport, (words, document), &figures, true)
        };
        assert_eq!(of(None, None), [Lack::Words]);
        assert_eq!(of(Some(short), None), [Lack::Words]);
        assert_eq!(of(Some(&long), None), []);
        assert_eq!(of(None, Some(&document)), []);
        assert_eq!(
            lacks(PlanFiling, (Some(&long), None), &[], true),
            [Lack::Plan],
            "words are no plan"
        );
        assert_eq!(lacks(PlanFiling, (None, Some(&document)), &[], true), []);
        let wrong = ReportDocument { sha256: "A".repeat(64), ..document.clone() };
        assert_eq!(lacks(PlanFiling, (None, Some(&wrong)), &[], false), [Lack::Plan]);
        assert_eq!(lacks(AccidentReturn, (None, None), &[], true), []);
        let none = [figure(ReturnCount::Injuries, 3), figure(ReturnCount::Insured, 0)];
        assert_eq!(lacks(PlanReport, (Some(&long), None), &none, true), [Lack::Insured]);
        assert_eq!(
            lacks(PlanReport, (Some(&long), None), &none, false),
            [],
            "the plan asks for no rate"
        );
        assert_eq!(
            lacks(PlanReport, (Some(&long), None), &[], true),
            [Lack::Injuries, Lack::Insured]
        );
    }
}
