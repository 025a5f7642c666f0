//! The sections of the materials in order, with their titles and the text of an empty section.

/// A section of the materials, the same in page and document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Headlines,
    Figures,
    Trends,
    AccidentTypes,
    Heat,
    Exposure,
    Returns,
    Tasks,
    Leads,
    Hazards,
    Employers,
    Resolutions,
    Meeting,
    Differences,
    Basis,
}

impl Section {
    /// All sections, in order.
    pub(crate) const ALL: [Self; 15] = [
        Self::Headlines,
        Self::Figures,
        Self::Trends,
        Self::AccidentTypes,
        Self::Heat,
        Self::Exposure,
        Self::Returns,
        Self::Tasks,
        Self::Leads,
        Self::Hazards,
        Self::Employers,
        Self::Resolutions,
        Self::Meeting,
        Self::Differences,
        Self::Basis,
    ];

    /// Identifier of the section in addresses, as in `#figures`.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Headlines => "targets",
            Self::Figures => "figures",
            Self::Trends => "trends",
            Self::AccidentTypes => "accident-types",
            Self::Heat => "heat",
            Self::Exposure => "exposure",
            Self::Returns => "returns",
            Self::Tasks => "tasks",
            Self::Leads => "leads",
            Self::Hazards => "hazards",
            Self::Employers => "employers",
            Self::Resolutions => "resolutions",
            Self::Meeting => "meeting",
            Self::Differences => "differences",
            Self::Basis => "basis",
        }
    }

    /// Number and title of the section.
    pub(crate) const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Headlines => ("一", "目标完成情况"),
            Self::Figures => ("二", "指标表"),
            Self::Trends => ("三", "年度走势与目标"),
            Self::AccidentTypes => ("四", "事故类型"),
            Self::Heat => ("五", "县区与行业分布"),
            Self::Exposure => ("六", "新报告尘肺病接尘工龄"),
            Self::Returns => ("七", "数据报送情况"),
            Self::Tasks => ("八", "计划任务落实情况"),
            Self::Leads => ("九", "部门间数据差异线索"),
            Self::Hazards => ("十", "逾期未整改隐患"),
            Self::Employers => ("十一", "拟走访单位"),
            Self::Resolutions => ("十二", "会议决议落实情况"),
            Self::Meeting => ("十三", "会议安排与部门签认"),
            Self::Differences => ("十四", "冻结后的数据变化"),
            Self::Basis => ("十五", "依据与口径"),
        }
    }

    /// The text shown when the section is empty.
    pub(crate) const fn empty(self) -> &'static str {
        match self {
            Self::Headlines => "规划未给本地区设定该年度目标，无目标可判定。",
            Self::Figures => "没有可列示的指标。",
            Self::Trends => "没有可列示的年度数据。",
            Self::AccidentTypes => "本年度没有按类型统计的事故记录。",
            Self::Heat => "没有下级地区的分行业数据。",
            Self::Exposure => "本年度没有新报告尘肺病的接尘工龄数据。",
            Self::Returns => "本年度没有应报送事项。",
            Self::Tasks => "本年度计划没有交给本地区的任务，或材料冻结时任务尚未列入。",
            Self::Leads => "未检索到部门间数据差异线索。",
            Self::Hazards => "没有逾期未整改的隐患记录。",
            Self::Employers => "没有达到走访条件的单位。",
            Self::Resolutions => "本次会议尚无决议，也没有待落实的以往决议。",
            Self::Meeting => "会议尚未召集。",
            Self::Differences => "材料未冻结，或冻结后数据没有变化。",
            Self::Basis => "未说明统计口径。",
        }
    }
}
