//! Codes and messages of work-injury recognition; the rules are in the parent module.

use super::{DateOrderFault, RecognitionStep, RecognitionWarning};

impl RecognitionStep {
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
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::ArticleAndResult => (
                "认定结论与适用条款不一致：第十四条为认定工伤，第十五条为视同工伤，第十六条为不予认定，请核对",
                "article and result disagree: article 14 is recognised, 15 deemed, 16 not recognised; check both",
            ),
            Self::ArticleMissing => (
                "认定或视同工伤应写明适用条款，请补录第十四条或第十五条的款项",
                "a recognition names its article; add the paragraph of article 14 or 15",
            ),
        }
    }

    /// What was noticed and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What was noticed and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}
