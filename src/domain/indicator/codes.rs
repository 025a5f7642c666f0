//! Codes and names of indicators and outcomes.

use super::{FigureFormula, Indicator};

impl Indicator {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::I1 => ("安全生产事故起数降幅", "Reduction of work-safety accidents"),
            Self::I2 => ("伤亡人数降幅", "Reduction of casualties"),
            Self::I3 => (
                "尘肺病报告比例",
                "Share of new pneumoconiosis cases with less than five years of exposure",
            ),
            Self::I4 => ("重点岗位人员安全生产培训覆盖率", "Safety training of key posts"),
            Self::I5 => {
                ("重点岗位人员职业卫生培训覆盖率", "Occupational-health training of key posts")
            }
            Self::I6 => ("工伤事故发生率", "Recognised work injuries per thousand insured"),
            Self::I7 => ("支缴率", "Benefits as a share of premiums"),
            Self::I8 => {
                ("预防费使用率", "Prevention fee as a share of the premiums of the year before")
            }
            Self::I9 => ("隐患整改率", "Hazards closed of those due"),
            Self::I10 => ("报送及时率", "Returns on time and complete of those due"),
            Self::I11 => ("职业病危害因素检测超标率", "Measurements above the limit"),
            Self::I15 => ("数据匹配率", "Insured victims matched to a recognition"),
            Self::I16 => (
                "重点岗位人员工伤预防培训覆盖率",
                "Training of key posts in the prevention of work injuries",
            ),
        }
    }

    /// 中文名称: name of the indicator in Chinese, as shown to users.
    #[must_use]
    pub const fn label_zh(self) -> &'static str {
        self.texts().0
    }

    /// Name of the indicator in English, as shown to users.
    #[must_use]
    pub const fn label_en(self) -> &'static str {
        self.texts().1
    }

    /// The formula by which its value is computed.
    #[must_use]
    pub const fn formula(self) -> FigureFormula {
        match self {
            Self::I1 | Self::I2 => FigureFormula::Reduction,
            Self::I6 => FigureFormula::PerMille,
            _ => FigureFormula::Share,
        }
    }

    /// Whether its numerator and denominator are money in fen.
    #[must_use]
    pub const fn money(self) -> bool {
        matches!(self, Self::I7 | Self::I8)
    }
}
