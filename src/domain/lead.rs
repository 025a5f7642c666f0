//! Leads: differences between the records of two departments that a person should look at. A lead
//! is not a finding.
//!
//! This module defines the kinds of leads, how certain a lead is, and which steps are open in which
//! state. The store decides which records make a lead; `reference/lead_kind.csv` holds the wording
//! of each kind.

use chrono::NaiveDate;
use strum::{IntoStaticStr, VariantArray};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    identity,
    text::{is_invisible, is_readable},
};

/// Greatest length of an answer, in characters.
pub const LONGEST_ANSWER: usize = 1_000;

/// Kinds of leads, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray, IntoStaticStr)]
pub enum LeadKind {
    /// An accident death without an application for recognition.
    #[strum(serialize = "ACCIDENT_DEATH_WITHOUT_RECOGNITION")]
    DeathWithoutRecognition,
    /// A recognised death without an accident.
    #[strum(serialize = "RECOGNIZED_DEATH_WITHOUT_ACCIDENT")]
    DeathWithoutAccident,
    /// A confirmed disease without an application.
    #[strum(serialize = "DISEASE_WITHOUT_APPLICATION")]
    DiseaseWithoutApplication,
    /// The same, with the year for the worker's own application near its end.
    #[strum(serialize = "DISEASE_APPLICATION_YEAR_ENDING")]
    DiseaseYearEnding,
    /// A recognised disease without a report.
    #[strum(serialize = "DISEASE_RECOGNITION_WITHOUT_REPORT")]
    DiseaseWithoutReport,
    /// An employer of an accident that is not insured.
    #[strum(serialize = "ACCIDENT_EMPLOYER_NOT_INSURED")]
    EmployerNotInsured,
    /// A toll that changed late, or was not reported in time.
    #[strum(serialize = "TOLL_CHANGED_LATE")]
    TollChangedLate,
    /// An accident with casualties of which the union was not notified.
    #[strum(serialize = "UNION_NOT_NOTIFIED")]
    UnionNotNotified,
    /// The same for 人社.
    #[strum(serialize = "HRSS_NOT_NOTIFIED")]
    HrssNotNotified,
    /// A person in a key post without training at an employer of an accident.
    #[strum(serialize = "UNTRAINED_KEY_POST")]
    UntrainedKeyPost,
    /// A measurement above the limit, then a disease.
    #[strum(serialize = "EXPOSURE_THEN_DISEASE")]
    ExposureThenDisease,
    /// One identity number with two names or birth dates.
    #[strum(serialize = "IDENTITY_NAME_CONFLICT")]
    IdentityConflict,
    /// Fewer victims listed than counted.
    #[strum(serialize = "VICTIM_LIST_INCOMPLETE")]
    VictimListIncomplete,
    /// A victim without identity number.
    #[strum(serialize = "VICTIM_WITHOUT_IDENTITY")]
    VictimWithoutIdentity,
    /// A disease case without identity number.
    #[strum(serialize = "DISEASE_CASE_WITHOUT_IDENTITY")]
    CaseWithoutIdentity,
    /// One event reported twice.
    #[strum(serialize = "EVENT_REPORTED_TWICE")]
    EventTwice,
    /// One identity number under two person numbers of a department.
    #[strum(serialize = "IDENTITY_UNDER_TWO_NUMBERS")]
    IdentityTwice,
}

impl LeadKind {
    /// Whether a department hears of it only when the leading one asks it. A lead that compares
    /// records of several departments tells of the others' by being there: whoever hands in records
    /// that are made up under a number, a name, an employer or an hour would learn from it what the
    /// others hold. Those about records of one department alone tell it nothing new.
    #[must_use]
    pub const fn told_when_assigned(self) -> bool {
        !matches!(
            self,
            Self::TollChangedLate
                | Self::UnionNotNotified
                | Self::HrssNotNotified
                | Self::VictimListIncomplete
        )
    }

    /// Whether whoever is asked is shown their own records alone.
    #[must_use]
    pub const fn keeps_others_back(self) -> bool {
        self.hides_others()
            || matches!(self, Self::VictimWithoutIdentity | Self::CaseWithoutIdentity)
    }

    /// Whether the records of other departments in it stay hidden from whoever is asked: that there
    /// are such is all that the lead says.
    #[must_use]
    pub const fn hides_others(self) -> bool {
        matches!(self, Self::IdentityConflict | Self::IdentityTwice)
    }
}

/// How certain it is that two records contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Tier {
    /// Matched by identity number, record number or credit code.
    Certain,
    /// Matched by similarity; a person has to check.
    Candidate,
}

/// State of the work on a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadState {
    /// No department has been asked yet.
    Open,
    /// A department has been asked and has not answered yet.
    Assigned,
    /// The department that was asked has answered.
    Answered,
    /// Finished, with a [`LeadResolution`]; may reopen if the data disagree again.
    Closed,
}

/// A transition of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum LeadStep {
    /// Asks a department, asks it again, or asks another one instead.
    #[strum(serialize = "ASSIGNED")]
    Assign,
    /// The department that was asked answers.
    #[strum(serialize = "ANSWERED")]
    Answer,
    /// A person closes it.
    #[strum(serialize = "CLOSED")]
    Close,
    /// The data no longer show the difference.
    #[strum(serialize = "GONE")]
    Gone,
    /// The data show the difference again.
    #[strum(serialize = "RETURNED")]
    Return,
}

impl LeadState {
    /// The state after a step; `None` where the step is not permitted.
    #[must_use]
    pub const fn after(self, step: LeadStep) -> Option<Self> {
        match (self, step) {
            (Self::Open | Self::Assigned | Self::Answered, LeadStep::Assign) => {
                Some(Self::Assigned)
            }
            (Self::Assigned, LeadStep::Answer) => Some(Self::Answered),
            (Self::Open | Self::Assigned | Self::Answered, LeadStep::Close | LeadStep::Gone) => {
                Some(Self::Closed)
            }
            (Self::Closed, LeadStep::Return) => Some(Self::Open),
            _ => None,
        }
    }
}

/// How a lead was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadResolution {
    /// Records were corrected or completed.
    Corrected,
    /// The difference is real, and lawful.
    Explained,
    /// A person found that both are the same person or event.
    SamePerson,
    /// Referred to the authority that decides.
    Referred,
    /// The data no longer show the difference; closed automatically.
    #[strum(serialize = "RESOLVED_BY_DATA")]
    ByData,
}

impl LeadResolution {
    /// Whether a person may choose this resolution.
    #[must_use]
    pub const fn by_person(self) -> bool {
        !matches!(self, Self::ByData)
    }

    /// Whether a lead with this resolution reopens when the data disagree again after having agreed
    /// in between. A person's judgement is never reopened.
    #[must_use]
    pub const fn reopens(self) -> bool {
        matches!(self, Self::ByData | Self::Corrected)
    }
}

/// Why an answer is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerFault {
    /// The answer has no text.
    Empty,
    /// Longer than [`LONGEST_ANSWER`].
    TooLong,
    /// Contains a control character other than a line feed.
    Control,
    /// Contains an identity number.
    IdentityNumber,
}

/// Checks an answer: it must have text, not be too long, and contain no identity number, however
/// spaced.
///
/// # Errors
///
/// [`AnswerFault`].
pub fn check_answer(text: &str, today: NaiveDate) -> Result<(), AnswerFault> {
    if !is_readable(text) {
        return Err(AnswerFault::Empty);
    }
    if text.chars().count() > LONGEST_ANSWER {
        return Err(AnswerFault::TooLong);
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(AnswerFault::Control);
    }
    if holds_identity_number(text, today) { Err(AnswerFault::IdentityNumber) } else { Ok(()) }
}

/// Whether a text contains an identity number. One of 18 characters is found in whatever digits it is
/// written, with anything but letters between them and other digits beside it: its birth date and
/// check character tell it from other numbers. The old numbers of 15 digits have no check character:
/// they are found only alone and without separators, because a file number in parts may well look
/// like one.
#[must_use]
pub fn holds_identity_number(text: &str, today: NaiveDate) -> bool {
    let whole: Vec<char> =
        text.nfkc().filter(|letter| !is_invisible(*letter)).map(plain_digit).collect();
    let joined: Vec<char> =
        whole.iter().copied().filter(|letter| letter.is_alphanumeric()).collect();
    let digit = |place: Option<usize>| {
        place.and_then(|place| whole.get(place)).is_some_and(char::is_ascii_digit)
    };
    let alone = |from: usize| !digit(from.checked_sub(1)) && !digit(Some(from + 15));
    [&whole, &joined]
        .into_iter()
        .any(|letters| letters.windows(18).any(|window| is_identity_number(window, today)))
        || whole
            .windows(15)
            .enumerate()
            .any(|(from, window)| alone(from) && is_identity_number(window, today))
}

fn is_identity_number(window: &[char], today: NaiveDate) -> bool {
    let Some((last, rest)) = window.split_last() else { return false };
    (last.is_ascii_digit() || matches!(last, 'X' | 'x'))
        && rest.iter().all(char::is_ascii_digit)
        && identity::check(&window.iter().collect::<String>(), today, |_| {
            identity::AddressKnown::Current
        })
        .faults
        .is_empty()
}

/// A digit or check character in the form of the number that it stands for.
fn plain_digit(letter: char) -> char {
    const CHINESE: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match letter {
        '×' | 'Х' | 'х' | 'Χ' => 'X',
        '零' => '0',
        _ => ('0'..='9')
            .zip(CHINESE)
            .find_map(|(digit, own)| (own == letter).then_some(digit))
            .unwrap_or(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        AnswerFault, LONGEST_ANSWER, LeadKind, LeadResolution, LeadState, LeadStep, Tier,
        check_answer,
    };
    use crate::domain::code::Coded as _;
    use chrono::NaiveDate;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day")
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for &kind in LeadKind::ALL {
            assert_eq!(LeadKind::from_code(kind.code()), Some(kind));
        }
        for &state in LeadState::ALL {
            assert_eq!(LeadState::from_code(state.code()), Some(state));
        }
        for &tier in Tier::ALL {
            assert_eq!(Tier::from_code(tier.code()), Some(tier));
        }
        for &resolution in LeadResolution::ALL {
            assert_eq!(LeadResolution::from_code(resolution.code()), Some(resolution));
        }
    }

    #[test]
    fn only_a_department_that_was_asked_answers_and_what_is_closed_opens_by_data_only() {
        for &state in LeadState::ALL {
            assert_eq!(
                state.after(LeadStep::Answer).is_some(),
                state == LeadState::Assigned,
                "{state:?}"
            );
            assert_eq!(
                state.after(LeadStep::Assign).is_some(),
                state != LeadState::Closed,
                "{state:?}"
            );
            assert_eq!(
                state.after(LeadStep::Close).is_some(),
                state != LeadState::Closed,
                "{state:?}"
            );
            assert_eq!(
                state.after(LeadStep::Return).is_some(),
                state == LeadState::Closed,
                "{state:?}"
            );
        }
        assert!(LeadResolution::ALL.iter().all(|resolution| resolution.by_person() != (*resolution == LeadResolution::ByData)));
    }

    #[test]
    fn an_answer_with_an_identity_number_is_refused_however_it_is_spaced() {
        for text in [
            "本人证件号码为140602190103151233，已核对。",
            "140602 19010315 1233",
            "１４０６０２１９０１０３１５１２３３",
            "140602-19010315-1233。",
            "号码 140602010315123 为旧号",
        ] {
            let spelled = spell(text);
            assert_eq!(
                check_answer(&spelled, today()),
                Err(AnswerFault::IdentityNumber),
                "{spelled}"
            );
        }
    }

    #[test]
    fn a_number_is_found_beside_others_and_in_whatever_digits() {
        let number = spell("140602190103151233");
        let spaced = |gap: &str| number.chars().map(String::from).collect::<Vec<_>>().join(gap);
        let in_digits = |zero: u32| -> String {
            let digit = |own: char| char::from_u32(zero + own.to_digit(10).expect("a digit"));
            number.chars().filter_map(digit).collect()
        };
        for text in [
            format!("电话13800138000 {number}"),
            format!("2026-12-01 {number}"),
            format!("死亡2\n{number}"),
            format!("序号1. {number}"),
            format!("{number} 2"),
            format!("{number}{number}"),
            spaced("/"),
            spaced("\u{a0}"),
            spaced("\u{200e}"),
            spaced("，"),
            in_digits(0x1d7ce),
            in_digits('０' as u32),
            number.replace('0', "〇"),
        ] {
            assert_eq!(check_answer(&text, today()), Err(AnswerFault::IdentityNumber), "{text}");
        }
    }

    #[test]
    fn an_answer_with_other_numbers_is_taken() {
        for text in [
            "已于2024年3月5日补报，受理编号W140602-2024-00012。",
            "单位信用代码911406000000000000",
            "电话 0349-1234567",
            "共12人",
        ] {
            assert_eq!(check_answer(text, today()), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_answer_says_something_and_not_too_much() {
        assert_eq!(check_answer(" \n", today()), Err(AnswerFault::Empty));
        assert_eq!(check_answer(&"核".repeat(LONGEST_ANSWER), today()), Ok(()));
        assert_eq!(
            check_answer(&"核".repeat(LONGEST_ANSWER + 1), today()),
            Err(AnswerFault::TooLong)
        );
        assert_eq!(check_answer("a\u{0007}", today()), Err(AnswerFault::Control));
    }

    /// The made-up number with the check character it needs.
    fn spell(text: &str) -> String {
        let right = crate::domain::identity::compose(
            "140602",
            NaiveDate::from_ymd_opt(1901, 3, 15).expect("a day"),
            123,
        )
        .expect("a number");
        let last = right.chars().last().expect("a character");
        let wide = |letter: char| char::from_u32(u32::from(letter) + 0xfee0).expect("a letter");
        text.replace("1233", &format!("123{last}"))
            .replace("１２３３", &format!("１２３{}", wide(last)))
    }
}
