//! Kinds of obligations.

use crate::domain::{code::Coded, plan::ObligationKind};

/// The kind of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DutyKind {
    /// A return or report that a plan asks for, on a fixed day of the year.
    Yearly(ObligationKind),
    /// The decision on an accepted application for recognition.
    RecognitionDecision,
    /// The application for recognition after an accident or a diagnosis.
    RecognitionApplication,
    /// The report of a diagnosed disease.
    DiseaseReport,
    /// The supplement when the toll of an accident changes.
    TollChange,
    /// The notice of an accident to 人社.
    NoticeHrss,
    /// The notice of an accident to the union.
    NoticeUnion,
    /// The answer to a request for correction.
    Verification,
}

impl DutyKind {
    const fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Yearly(ObligationKind::AccidentReturn) => (
                "ACCIDENT_RETURN",
                "报送上年度事故起数和伤亡人数",
                "Return of accidents and casualties",
            ),
            Self::Yearly(ObligationKind::DiseaseReturn) => {
                ("DISEASE_RETURN", "报送上年度尘肺病报告比例", "Return of the pneumoconiosis ratio")
            }
            Self::Yearly(ObligationKind::PlanFiling) => {
                ("PLAN_FILING", "省级方案报人社部备案", "Filing of a province's plan")
            }
            Self::Yearly(ObligationKind::PlanReport) => (
                "PLAN_REPORT",
                "省级计划落实情况报人社部",
                "A province's yearly report on the plan",
            ),
            Self::RecognitionDecision => (
                "RECOGNITION_DECISION",
                "作出工伤认定决定",
                "Decision on the recognition of an injury",
            ),
            Self::RecognitionApplication => {
                ("RECOGNITION_APPLICATION", "申请工伤认定", "Application for recognition")
            }
            Self::DiseaseReport => {
                ("DISEASE_REPORT", "报告职业病诊断", "Report of a diagnosed disease")
            }
            Self::TollChange => {
                ("TOLL_CHANGE", "补报事故伤亡人数变化", "Supplement on a changed toll")
            }
            Self::NoticeHrss => ("NOTICE_HRSS", "事故通知人社", "Notice of an accident to 人社"),
            Self::NoticeUnion => {
                ("NOTICE_UNION", "事故通知总工会", "Notice of an accident to the union")
            }
            Self::Verification => {
                ("VERIFICATION", "答复数据校核", "Answer to a request for correction")
            }
        }
    }

    /// Name of the kind in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        self.texts().1
    }

    /// Name of the kind in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.texts().2
    }
}

impl Coded for DutyKind {
    const ALL: &'static [Self] = &[
        Self::Yearly(ObligationKind::AccidentReturn),
        Self::Yearly(ObligationKind::DiseaseReturn),
        Self::Yearly(ObligationKind::PlanFiling),
        Self::Yearly(ObligationKind::PlanReport),
        Self::RecognitionDecision,
        Self::RecognitionApplication,
        Self::DiseaseReport,
        Self::TollChange,
        Self::NoticeHrss,
        Self::NoticeUnion,
        Self::Verification,
    ];

    fn code(self) -> &'static str {
        self.texts().0
    }
}
