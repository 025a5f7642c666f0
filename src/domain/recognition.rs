//! Work-injury recognition 工伤认定: articles, results, their agreement, order of dates, deadlines.
//!
//! Source: 工伤保险条例 (2010) articles 14 to 17 and 20. Days are calendar days. Working days and
//! holidays are data and not known here: the caller moves a last day that falls on a holiday.

use chrono::{Days, Months, NaiveDate};
use strum::{IntoStaticStr, VariantArray};

mod codes;

/// Days in which the employer must apply (工伤保险条例 article 17).
pub const EMPLOYER_FILING_DAYS: u64 = 30;

/// Months in which the worker, close relatives or the trade union may apply (article 17: one year).
pub const WORKER_FILING_MONTHS: u32 = 12;

/// The paragraph of 工伤保险条例 a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Article {
    /// 14(1): work time, workplace, work cause.
    Art14_1,
    /// 14(2): preparatory or finishing work.
    Art14_2,
    /// 14(3): violence or other accident while doing one's duty.
    Art14_3,
    /// 14(4): occupational disease.
    Art14_4,
    /// 14(5): away on business.
    Art14_5,
    /// 14(6): commuting accident not mainly one's own fault.
    Art14_6,
    /// 14(7): other laws and regulations.
    Art14_7,
    /// 15(1): sudden illness, dead at once or within 48 hours.
    Art15_1,
    /// 15(2): rescue, disaster relief, public interest.
    Art15_2,
    /// 15(3): old wound of a disabled soldier.
    Art15_3,
    /// 16(1): intentional crime.
    Art16_1,
    /// 16(2): drunk or drugged.
    Art16_2,
    /// 16(3): self-harm or suicide.
    Art16_3,
}

/// State or outcome of an application for recognition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RecognitionResult {
    /// 认定工伤: recognised as a work injury (article 14).
    Recognized,
    /// 视同工伤: deemed a work injury (article 15).
    Deemed,
    /// 不予认定: not recognised as a work injury.
    NotRecognized,
    /// 不予受理: the application was not accepted.
    NotAccepted,
    /// 中止: the procedure is suspended.
    Suspended,
    /// 终止: the procedure was terminated.
    Terminated,
    /// 撤销: the decision was revoked.
    Revoked,
}

/// Who applies (工伤保险条例 article 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Applicant {
    /// 用人单位: the employer, who has 30 days to apply.
    Employer,
    /// 职工本人: the injured worker, who has one year.
    Worker,
    /// 近亲属: a close relative of the worker, who has one year.
    Relative,
    /// 工会组织: the trade union, which has one year.
    Union,
}

/// A finding about a decision; the record is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum RecognitionWarning {
    /// The article belongs to another result (14 认定, 15 视同, 16 不予认定).
    #[strum(serialize = "RECOGNITION_ARTICLE_AND_RESULT")]
    ArticleAndResult,
    /// A recognition without its article.
    #[strum(serialize = "RECOGNITION_ARTICLE_MISSING")]
    ArticleMissing,
}

/// A step of the procedure, in its lawful order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RecognitionStep {
    /// The accident, or the diagnosis of an occupational disease.
    Event,
    /// 申请: the application.
    Application,
    /// 受理: acceptance of the application.
    Acceptance,
    /// 决定: the decision on recognition.
    Decision,
}

/// The known dates of an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecognitionDates {
    /// Day of the accident, or of the diagnosis of an occupational disease.
    pub event: Option<NaiveDate>,
    /// Day of the application.
    pub application: Option<NaiveDate>,
    /// Day of acceptance.
    pub acceptance: Option<NaiveDate>,
    /// Day of the decision.
    pub decision: Option<NaiveDate>,
}

/// A step dated before the step that must precede it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateOrderFault {
    /// The step that must come first.
    pub first: RecognitionStep,
    /// The step dated before it.
    pub then: RecognitionStep,
}

/// Warns when article and result disagree: article 14 ⇔ recognised, 15 ⇔ deemed, 16 ⇔ not
/// recognised.
///
/// A refusal may stand without an article, because it may rest on neither 14 nor 15 being met; the
/// other results (not accepted, suspended, terminated, revoked) say nothing about the article.
#[must_use]
pub fn check_article(
    article: Option<Article>,
    result: RecognitionResult,
) -> Option<RecognitionWarning> {
    let number = match result {
        RecognitionResult::Recognized => 14,
        RecognitionResult::Deemed => 15,
        RecognitionResult::NotRecognized => 16,
        RecognitionResult::NotAccepted
        | RecognitionResult::Suspended
        | RecognitionResult::Terminated
        | RecognitionResult::Revoked => return None,
    };
    match article {
        Some(article) if article.number() != number => Some(RecognitionWarning::ArticleAndResult),
        None if result != RecognitionResult::NotRecognized => {
            Some(RecognitionWarning::ArticleMissing)
        }
        _ => None,
    }
}

/// Steps out of order: event ≤ application ≤ acceptance ≤ decision (articles 17 and 20).
///
/// Each known date is compared with the next known one; a missing date is not a fault.
#[must_use]
pub fn check_dates(dates: &RecognitionDates) -> Vec<DateOrderFault> {
    let known: Vec<_> = [
        (RecognitionStep::Event, dates.event),
        (RecognitionStep::Application, dates.application),
        (RecognitionStep::Acceptance, dates.acceptance),
        (RecognitionStep::Decision, dates.decision),
    ]
    .into_iter()
    .filter_map(|(step, date)| date.map(|date| (step, date)))
    .collect();
    known
        .iter()
        .zip(known.iter().skip(1))
        .filter(|((_, first), (_, then))| then < first)
        .map(|(&(first, _), &(then, _))| DateOrderFault { first, then })
        .collect()
}

/// The last day on which an applicant may file (article 17): 30 days for the employer, one year for
/// the worker, relatives and the trade union, counted from the day after the accident or diagnosis.
///
/// Extensions by consent and moving to the next working day are left to the caller. `None` if the
/// day is outside the range of the date type.
#[must_use]
pub fn filing_deadline(event: NaiveDate, applicant: Applicant) -> Option<NaiveDate> {
    match applicant {
        Applicant::Employer => event.checked_add_days(Days::new(EMPLOYER_FILING_DAYS)),
        // For 29 February the period ends on the 28th of the next year.
        Applicant::Worker | Applicant::Relative | Applicant::Union => {
            event.checked_add_months(Months::new(WORKER_FILING_MONTHS))
        }
    }
}

impl Article {
    /// The number of the article: 14, 15 or 16.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Art14_1
            | Self::Art14_2
            | Self::Art14_3
            | Self::Art14_4
            | Self::Art14_5
            | Self::Art14_6
            | Self::Art14_7 => 14,
            Self::Art15_1 | Self::Art15_2 | Self::Art15_3 => 15,
            Self::Art16_1 | Self::Art16_2 | Self::Art16_3 => 16,
        }
    }
}

#[cfg(test)]
mod tests;
