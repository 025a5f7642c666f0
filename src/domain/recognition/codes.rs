//! Codes and messages of work-injury recognition; the rules are in the parent module.

use super::{Applicant, Article, DateOrderFault, RecognitionResult, RecognitionStep, RecognitionWarning};

impl Article {
    /// Every article.
    pub const ALL: [Self; 13] = [
        Self::Art14_1,
        Self::Art14_2,
        Self::Art14_3,
        Self::Art14_4,
        Self::Art14_5,
        Self::Art14_6,
        Self::Art14_7,
        Self::Art15_1,
        Self::Art15_2,
        Self::Art15_3,
        Self::Art16_1,
        Self::Art16_2,
        Self::Art16_3,
    ];

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Art14_1 => "ART14_1",
            Self::Art14_2 => "ART14_2",
            Self::Art14_3 => "ART14_3",
            Self::Art14_4 => "ART14_4",
            Self::Art14_5 => "ART14_5",
            Self::Art14_6 => "ART14_6",
            Self::Art14_7 => "ART14_7",
            Self::Art15_1 => "ART15_1",
            Self::Art15_2 => "ART15_2",
            Self::Art15_3 => "ART15_3",
            Self::Art16_1 => "ART16_1",
            Self::Art16_2 => "ART16_2",
            Self::Art16_3 => "ART16_3",
        }
    }

    /// The article with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|article| article.code() == code)
    }
}

impl RecognitionResult {
    /// Every result.
    pub const ALL: [Self; 7] =
        [Self::Recognized, Self::Deemed, Self::NotRecognized, Self::NotAccepted, Self::Suspended, Self::Terminated, Self::Revoked];

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Recognized => "RECOGNIZED",
            Self::Deemed => "DEEMED",
            Self::NotRecognized => "NOT_RECOGNIZED",
            Self::NotAccepted => "NOT_ACCEPTED",
            Self::Suspended => "SUSPENDED",
            Self::Terminated => "TERMINATED",
            Self::Revoked => "REVOKED",
        }
    }

    /// The result with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.code() == code)
    }
}

impl Applicant {
    /// Every applicant.
    pub const ALL: [Self; 4] = [Self::Employer, Self::Worker, Self::Relative, Self::Union];

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Employer => "EMPLOYER",
            Self::Worker => "WORKER",
            Self::Relative => "RELATIVE",
            Self::Union => "UNION",
        }
    }

    /// The applicant with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.code() == code)
    }
}

impl RecognitionStep {
    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Event => "EVENT",
            Self::Application => "APPLICATION",
            Self::Acceptance => "ACCEPTANCE",
            Self::Decision => "DECISION",
        }
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Event => ("事故（诊断）日期", "the accident (diagnosis)"),
            Self::Application => ("申请日期", "the application"),
            Self::Acceptance => ("受理日期", "the acceptance"),
            Self::Decision => ("决定日期", "the decision"),
        }
    }
}

impl DateOrderFault {
    /// Stable code; the two steps are in the fields.
    #[must_use]
    pub fn code(self) -> &'static str {
        "RECOGNITION_DATE_ORDER"
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> String {
        let (first, then) = (self.first.names().0, self.then.names().0);
        format!("{then}早于{first}，请核对这两个日期")
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> String {
        let (first, then) = (self.first.names().1, self.then.names().1);
        format!("{then} is dated before {first}; check both dates")
    }
}

impl RecognitionWarning {
    /// Every warning.
    pub const ALL: [Self; 2] = [Self::ArticleAndResult, Self::ArticleMissing];

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::ArticleAndResult => (
                "RECOGNITION_ARTICLE_AND_RESULT",
                "认定结论与适用条款不一致：第十四条为认定工伤，第十五条为视同工伤，第十六条为不予认定，请核对",
                "article and result disagree: article 14 is recognised, 15 deemed, 16 not recognised; check both",
            ),
            Self::ArticleMissing => (
                "RECOGNITION_ARTICLE_MISSING",
                "认定或视同工伤应写明适用条款，请补录第十四条或第十五条的款项",
                "a recognition names its article; add the paragraph of article 14 or 15",
            ),
        }
    }

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// What was noticed and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().1
    }

    /// What was noticed and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().2
    }
}
