//! Codes and names of indicators and outcomes.

use super::{Formula, Indicator, Outcome};

impl Indicator {
    /// Every indicator, in the order of the materials.
    pub const ALL: [Self; 13] = [
        Self::I1,
        Self::I2,
        Self::I3,
        Self::I4,
        Self::I5,
        Self::I6,
        Self::I7,
        Self::I8,
        Self::I9,
        Self::I10,
        Self::I11,
        Self::I15,
        Self::I16,
    ];

    const fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::I1 => ("I1", "安全生产事故起数降幅", "Reduction of work-safety accidents"),
            Self::I2 => ("I2", "伤亡人数降幅", "Reduction of casualties"),
            Self::I3 => ("I3", "尘肺病报告比例", "Share of new pneumoconiosis cases with less than five years of exposure"),
            Self::I4 => ("I4", "重点岗位人员安全生产培训覆盖率", "Safety training of key posts"),
            Self::I5 => ("I5", "重点岗位人员职业卫生培训覆盖率", "Occupational-health training of key posts"),
            Self::I6 => ("I6", "工伤事故发生率", "Recognised work injuries per thousand insured"),
            Self::I7 => ("I7", "支缴率", "Benefits as a share of premiums"),
            Self::I8 => ("I8", "预防费使用率", "Prevention fee as a share of the premiums of the year before"),
            Self::I9 => ("I9", "隐患整改率", "Hazards closed of those due"),
            Self::I10 => ("I10", "报送及时率", "Returns on time and complete of those due"),
            Self::I11 => ("I11", "职业病危害因素检测超标率", "Measurements above the limit"),
            Self::I15 => ("I15", "数据匹配率", "Insured victims matched to a recognition"),
            Self::I16 => ("I16", "重点岗位人员工伤预防培训覆盖率", "Training of key posts in the prevention of work injuries"),
        }
    }

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.texts().0
    }

    /// 中文名称.
    #[must_use]
    pub const fn label_zh(self) -> &'static str {
        self.texts().1
    }

    /// English name.
    #[must_use]
    pub const fn label_en(self) -> &'static str {
        self.texts().2
    }

    /// The indicator with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|indicator| indicator.code() == code)
    }

    /// How its value follows.
    #[must_use]
    pub const fn formula(self) -> Formula {
        match self {
            Self::I1 | Self::I2 => Formula::Reduction,
            Self::I6 => Formula::PerMille,
            _ => Formula::Share,
        }
    }

    /// Whether its two numbers are money in fen.
    #[must_use]
    pub const fn money(self) -> bool {
        matches!(self, Self::I7 | Self::I8)
    }
}

impl Formula {
    /// Every formula.
    pub const ALL: [Self; 3] = [Self::Reduction, Self::Share, Self::PerMille];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reduction => "REDUCTION",
            Self::Share => "SHARE",
            Self::PerMille => "PER_MILLE",
        }
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Met, Self::NotMet, Self::About, Self::NotJudged];

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "MET",
            Self::NotMet => "NOT_MET",
            Self::About => "ABOUT",
            Self::NotJudged => "NOT_JUDGED",
        }
    }

    /// The outcome with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}
