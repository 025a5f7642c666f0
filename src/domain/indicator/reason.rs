//! Why a figure was judged so, or not at all: a stable code and a sentence.

/// The reason of a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The figure meets the target.
    Met,
    /// The figure does not meet the target.
    Short,
    /// The plan names no target for this.
    NoTarget,
    /// The year all others are measured against.
    BaseYear,
    /// A year between the base year and the plan (2020): kept, never judged.
    NotInPlan,
    /// The year is not over, or its figures are not final.
    Preliminary,
    /// A number the figure needs is missing.
    Missing,
    /// A number the figure needs is withheld from whoever asks.
    Withheld,
    /// Some of the records may not be counted by whoever asks.
    Closed,
    /// The base is zero, and so is the year: held.
    BaselineZeroHeld,
    /// The base is zero, and the year is not.
    BaselineZeroNotHeld,
    /// “左右”: told, not judged.
    About,
    /// No case in the year: no ratio, and not worse than before.
    NoCases,
    /// The year before has no ratio; compared with the last year that has one, which is named, and
    /// not judged.
    PreviousNull {
        /// The last year with a ratio.
        year: i32,
        /// Whether the ratio is lower than then.
        lower: bool,
    },
    /// No earlier year has a ratio.
    NoPrevious,
    /// The ratio of the year before is zero, and so is this one.
    PreviousZeroHeld,
    /// The ratio of the year before is zero, and this one is not: it could only stay.
    PreviousZeroNotHeld,
    /// There is nobody or nothing to be counted: the denominator is zero.
    Nothing,
    /// A number is negative, which no count can be.
    Negative,
    /// The returns are not signed as final; what the records say meets the target, or does not.
    Unsigned {
        /// Whether the records meet the target.
        met: bool,
    },
    /// What was signed meets the target and what is recorded does not, or the other way round.
    Disputed,
    /// Cases whose exposure is not known decide whether the target is met.
    ExposureUnknown,
    /// Persons whose training has no result, or whose insurance no first day, decide whether the
    /// target is met.
    RecordsIncomplete,
    /// Counties of the region have handed in nothing of what the figure rests on.
    CountiesSilent,
}

impl Reason {
    /// One of each kind.
    pub const ALL: [Self; 25] = [
        Self::Met,
        Self::Short,
        Self::NoTarget,
        Self::BaseYear,
        Self::NotInPlan,
        Self::Preliminary,
        Self::Missing,
        Self::Withheld,
        Self::Closed,
        Self::BaselineZeroHeld,
        Self::BaselineZeroNotHeld,
        Self::About,
        Self::NoCases,
        Self::PreviousNull { year: 2019, lower: true },
        Self::NoPrevious,
        Self::PreviousZeroHeld,
        Self::PreviousZeroNotHeld,
        Self::Nothing,
        Self::Negative,
        Self::Unsigned { met: true },
        Self::Unsigned { met: false },
        Self::Disputed,
        Self::ExposureUnknown,
        Self::RecordsIncomplete,
        Self::CountiesSilent,
    ];

    /// Stable code, the name of the GraphQL enum value.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "TARGET_MET",
            Self::Short => "TARGET_NOT_MET",
            Self::NoTarget => "NO_TARGET",
            Self::BaseYear => "BASE_YEAR",
            Self::NotInPlan => "YEAR_NOT_IN_PLAN",
            Self::Preliminary => "PRELIMINARY",
            Self::Missing => "NO_FIGURE",
            Self::Withheld => "WITHHELD",
            Self::Closed => "NOT_YOURS",
            Self::BaselineZeroHeld | Self::BaselineZeroNotHeld => "BASELINE_ZERO",
            Self::About => "ABOUT_TARGET",
            Self::NoCases => "NO_CASES",
            Self::PreviousNull { .. } => "PREVIOUS_YEAR_NULL",
            Self::NoPrevious => "NO_EARLIER_YEAR",
            Self::PreviousZeroHeld | Self::PreviousZeroNotHeld => "PREVIOUS_YEAR_ZERO",
            Self::Nothing => "DENOMINATOR_ZERO",
            Self::Negative => "NEGATIVE_COUNT",
            Self::Unsigned { met: true } => "PROVISIONAL_MET",
            Self::Unsigned { met: false } => "PROVISIONAL_NOT_MET",
            Self::Disputed => "SIGNED_DIFFERS",
            Self::ExposureUnknown => "EXPOSURE_UNKNOWN",
            Self::RecordsIncomplete => "RECORDS_INCOMPLETE",
            Self::CountiesSilent => "COUNTIES_SILENT",
        }
    }

    /// The sentence, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> String {
        let text = match self {
            Self::Met => "达到目标",
            Self::Short => "未达到目标",
            Self::NoTarget => "方案未对此设定目标，只列数",
            Self::BaseYear => "基准年，不判定",
            Self::NotInPlan => "不在方案考核年度内，只存不判",
            Self::Preliminary => "年度未结束或数据为快报，待终报后判定",
            Self::Missing => "缺少所需数据，不判定；请催报",
            Self::Withheld => "数值过小，按规定不显示，不判定",
            Self::Closed => "含有您无权汇总的记录，不显示，不判定",
            Self::BaselineZeroHeld => "基数为零，降幅无定义；目标为保持零，本年为零",
            Self::BaselineZeroNotHeld => "基数为零，降幅无定义；目标为保持零，本年不为零",
            Self::About => "目标为“左右”，只报数，不按一位小数判定",
            Self::NoCases => "全年无病例，比例无定义；不劣于往年",
            Self::PreviousNull { year, lower } => {
                let word = if lower { "下降" } else { "未下降" };
                return format!("上年无比例，不判定；与最近有比例的{year}年相比{word}");
            }
            Self::NoPrevious => "以前年度均无比例可比，不判定",
            Self::PreviousZeroHeld => "上年比例为零，无从再降；本年保持为零",
            Self::PreviousZeroNotHeld => "上年比例为零，本年不为零",
            Self::Nothing => "分母为零，比例无定义",
            Self::Negative => "计数为负，数据有误，不判定；请核对来源",
            Self::Unsigned { met: true } => "定报尚未签报，不作终判；按现有记录达到目标",
            Self::Unsigned { met: false } => "定报尚未签报，不作终判；按现有记录未达到目标",
            Self::Disputed => {
                "签报数与记录数判定结果不同，不判定；请责任部门核对后更正记录或重新签报"
            }
            Self::ExposureUnknown => "接尘工龄不明的病例决定是否达标，不判定；请补充接尘工龄",
            Self::RecordsIncomplete => {
                "记录不全（培训无考核结果或证件号码，或人员无参保起始日期）决定是否达标，不判定；请补报"
            }
            Self::CountiesSilent => "有县区未上报，已有的数不能代表全域，不判定；请督促上报",
        };
        text.to_owned()
    }

    /// The sentence, in English.
    #[must_use]
    pub fn message_en(self) -> String {
        let text = match self {
            Self::Met => "The target is met",
            Self::Short => "The target is not met",
            Self::NoTarget => "The plan sets no target for this; the figure is told only",
            Self::BaseYear => "The base year is not judged",
            Self::NotInPlan => "Not a year of the plan: kept, never judged",
            Self::Preliminary => {
                "The year is open or its figures are preliminary; judged once they are final"
            }
            Self::Missing => "A number is missing, so nothing is judged; ask for the return",
            Self::Withheld => "A number is too small to be shown, so nothing is judged",
            Self::Closed => "Some of the records may not be counted by you, so nothing is told",
            Self::BaselineZeroHeld => {
                "The base is zero, so there is no reduction; the target is to hold at zero, and it is held"
            }
            Self::BaselineZeroNotHeld => {
                "The base is zero, so there is no reduction; the target is to hold at zero, and it is not held"
            }
            Self::About => {
                "The target says about: the number is told and not judged by one decimal"
            }
            Self::NoCases => "No case in the year, so there is no ratio; not worse than before",
            Self::PreviousNull { year, lower } => {
                let word = if lower { "lower" } else { "not lower" };
                return format!(
                    "The year before has no ratio, so nothing is judged; {word} than {year}, the last that has one"
                );
            }
            Self::NoPrevious => "No earlier year has a ratio, so nothing is judged",
            Self::PreviousZeroHeld => "The year before is zero and cannot fall; it stays at zero",
            Self::PreviousZeroNotHeld => "The year before is zero, and this year is not",
            Self::Nothing => "The denominator is zero, so there is no share",
            Self::Negative => {
                "A count is negative, which is a fault of the data; nothing is judged"
            }
            Self::Unsigned { met: true } => {
                "The final return is not signed, so nothing is judged for good; the records meet the target"
            }
            Self::Unsigned { met: false } => {
                "The final return is not signed, so nothing is judged for good; the records do not meet the target"
            }
            Self::Disputed => {
                "What was signed and what is recorded lead to different judgements; the department corrects one of them"
            }
            Self::ExposureUnknown => {
                "Cases whose exposure is not known decide it, so nothing is judged; add their exposure"
            }
            Self::RecordsIncomplete => {
                "Trainings without a result or an identity number, or persons without a first day of insurance, decide it, so nothing is judged; complete the records"
            }
            Self::CountiesSilent => {
                "Some counties have handed in nothing, so the others do not stand for the region and nothing is judged; have those records handed in"
            }
        };
        text.to_owned()
    }
}
