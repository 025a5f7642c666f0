//! Types of the sheet.

use async_graphql::dynamic::{Enum, EnumItem};

use crate::{
    domain::indicator::{Formula, Indicator, Outcome},
    graphql::projected::Type,
    meeting::indicators::{DenominatorBasis, InjuryBasis, SeriesMeasure},
    store::figures::DiseaseYear,
};

/// Object types.
pub static TYPES: &[Type] = &[
    Type {
        name: "IndicatorSheet",
        about: "一个地区一年的指标。\n\nThe indicators of a region and year.",
        fields: &[
            ("region", "String!", "地区代码。\n\nRegion."),
            ("regionName", "String", "地区名称。\n\nName of the region."),
            ("year", "Int!", "年度。\n\nYear."),
            ("plan", "ID", "所依据的方案。\n\nPlan it is judged by."),
            ("planName", "String", "方案名称。\n\nName of the plan."),
            ("incompletePlan", "Boolean!", "方案的目标是否尚不完整。\n\nWhether some of the plan's targets are not known yet."),
            ("baseYear", "Int!", "基准年。\n\nBase year."),
            ("casualtyBasis", "CasualtyBasis!", "伤亡人数口径。\n\nWhat counts as a casualty."),
            ("denominatorBasis", "DenominatorBasis!", "尘肺病报告比例的分母。\n\nDenominator of the share of pneumoconiosis."),
            ("injuryBasis", "InjuryBasis!", "工伤事故发生率的口径。\n\nInjuries of the rate."),
            ("diseaseYearBasis", "DiseaseYearBasis!", "职业病按诊断还是报告日期计年。\n\nDay that gives a case its year."),
            (
                "provisional",
                "Boolean!",
                "年度未结束，或本地区有目标的数据尚未定报，不作终判。\n\nWhether the year is open or a figure with a target is not signed as final: nothing is judged for good.",
            ),
            ("protected", "Boolean!", "敏感计数的小数值是否不显示。\n\nWhether small cells of sensitive counts are withheld."),
            ("position", "String!", "统计到变更流的此处。\n\nPlace in the change feed up to which records are counted."),
            ("accidentTypeEditions", "[String!]!", "事故类型标准版本。\n\nEditions of accident types in the years compared."),
            ("diseaseEditions", "[String!]!", "职业病目录版本。\n\nEditions of the catalogue of diseases in the years compared."),
            ("rows", "[IndicatorRow!]!", "指标表：本地区在前，合计在前。\n\nThe table: the region first, sums first."),
            (
                "differences",
                "[IndicatorDifference!]!",
                "本级数与下级之和不一致之处。\n\nWhere the region's own numbers are not the sum of those below.",
            ),
            ("series", "[IndicatorSeries!]!", "历年曲线与目标阶梯。\n\nLines over the years with the stair of targets."),
            (
                "accidentTypes",
                "[IndicatorTally!]!",
                "按类型的事故起数（新旧标准共同分组）。\n\nAccidents by type, in the grouping both editions share.",
            ),
            ("heat", "IndicatorHeat!", "下级地区与行业的事故起数。\n\nAccidents by subordinate region and industry."),
            ("exposure", "[IndicatorTally!]!", "按接尘工龄的新发尘肺病。\n\nNew pneumoconiosis by years of exposure."),
            ("factors", "[IndicatorTally!]!", "按危害因素的检测与超标。\n\nMeasurements by hazard factor."),
        ],
    },
    Type {
        name: "IndicatorRow",
        about: "一项指标。\n\nOne figure.",
        fields: &[
            ("indicator", "Indicator!", "指标。\n\nIndicator."),
            ("label", "String!", "名称。\n\nName."),
            ("region", "String!", "地区代码。\n\nRegion."),
            ("regionName", "String", "地区名称。\n\nName of the region."),
            ("scope", "String!", "行业范围：KEY、DUST、ALL 或行业代码。\n\nIndustries: KEY, DUST, ALL, or one."),
            ("industry", "KeyIndustry", "行业；合计为空。\n\nIndustry; empty for a sum."),
            ("industryLabel", "String!", "行业名称或合计的范围。\n\nName of the industry or of the sum."),
            ("formula", "IndicatorFormula!", "由分子分母得出指标的方法。\n\nHow the value follows."),
            ("money", "Boolean!", "分子分母是否为金额（分）。\n\nWhether both numbers are money in fen."),
            ("numerator", "Long", "分子；降幅为本年数。\n\nNumerator; of a reduction the count of the year."),
            ("denominator", "Long", "分母；降幅为基准年数。\n\nDenominator; of a reduction the count of the base year."),
            ("value", "String", "精确值，分数。\n\nExact value, as a fraction."),
            ("shown", "String!", "显示值，一位小数。\n\nThe value with one decimal; a dash where there is none."),
            ("lastYear", "IndicatorParts!", "上年。\n\nThe year before."),
            ("baseYear", "IndicatorParts!", "基准年。\n\nThe base year."),
            ("target", "String", "目标。\n\nTarget, in words."),
            ("targetId", "ID", "目标标识。\n\nIdentifier of the target."),
            ("department", "Department", "责任部门。\n\nDepartment that answers for it."),
            ("most", "Long", "达标的最高数。\n\nHighest count that still meets the target."),
            ("outcome", "IndicatorOutcome!", "判定。\n\nJudgement."),
            (
                "together",
                "IndicatorOutcome",
                "事故起数与伤亡人数合并判定，须均达标。\n\nAccidents and casualties together: both must hold.",
            ),
            ("reasonCode", "String!", "判定理由代码。\n\nCode of the reason."),
            (
                "reason",
                "String!",
                "判定理由，含待报部门和签报数。\n\nReason, with who has still to hand something in and what was signed.",
            ),
            (
                "provisional",
                "Boolean!",
                "年度未结束或定报未签，不作终判。\n\nWhether the year is open or a final return is not signed.",
            ),
            ("missing", "[IndicatorMissing!]!", "缺什么、由谁报送。\n\nWhat is missing, and who owes it."),
            ("unsigned", "[IndicatorMissing!]!", "尚未签报的定报。\n\nFinal returns that are not signed."),
            ("signed", "[IndicatorSigned!]!", "签报数与记录数。\n\nWhat was signed beside what is recorded."),
            (
                "unknownExposure",
                "Long",
                "接尘工龄不明的例数（仅尘肺病报告比例）。\n\nCases whose exposure is not known, of the share of pneumoconiosis.",
            ),
            ("reduction", "String", "发生率比基准年的降幅。\n\nHow much lower a rate is than in the base year."),
            ("records", "IndicatorRecords", "分子的记录。\n\nRecords behind the numerator."),
        ],
    },
    Type {
        name: "IndicatorMissing",
        about: "所缺的数据及其报送部门。\n\nWhat a figure waits for, and who owes it.",
        fields: &[
            ("what", "String!", "代码。\n\nCode."),
            ("label", "String!", "名称。\n\nName."),
            ("year", "Int!", "年度。\n\nYear."),
            ("departments", "[Department!]!", "部门。\n\nDepartments."),
        ],
    },
    Type {
        name: "IndicatorSigned",
        about: "一个年度的签报数与记录数。\n\nWhat was signed of a year beside what is recorded.",
        fields: &[
            ("year", "Int!", "年度。\n\nYear."),
            ("finality", "ReturnFinality!", "快报或定报。\n\nProvisional or final."),
            ("signed", "Long!", "签报数。\n\nWhat was signed."),
            ("whole", "Long", "签报的分母（仅比例）。\n\nThe denominator that was signed, of a share."),
            ("recordedThen", "Long!", "签报时的记录数。\n\nWhat the records said then."),
            ("recorded", "Long", "现在的记录数。\n\nWhat the records say now."),
            ("difference", "Long", "签报数减记录数。\n\nSigned less recorded."),
            ("explanation", "String", "说明。\n\nExplanation."),
        ],
    },
    Type {
        name: "IndicatorParts",
        about: "一个年度的分子分母。\n\nBoth numbers of a year.",
        fields: &[
            ("year", "Int!", "年度。\n\nYear."),
            ("numerator", "Long", "分子。\n\nNumerator."),
            ("denominator", "Long", "分母。\n\nDenominator."),
            ("value", "String", "精确值。\n\nExact value."),
            ("shown", "String!", "显示值。\n\nThe value with one decimal."),
        ],
    },
    Type {
        name: "IndicatorRecords",
        about: "打开记录的查询：列表字段与其 where。您看到的以自己的权限为限。\n\nA list with its `where`; you see what your own rights allow.",
        fields: &[("field", "String!", "列表字段。\n\nField of the list."), ("where", "Json!", "筛选条件。\n\nIts condition.")],
    },
    Type {
        name: "IndicatorDifference",
        about: "本级数与下级之和的差。\n\nWhat a region counts beyond the sum of those below.",
        fields: &[
            ("indicator", "Indicator!", "指标。\n\nIndicator."),
            ("scope", "String!", "行业范围。\n\nIndustries."),
            ("industry", "KeyIndustry", "行业。\n\nIndustry."),
            ("own", "Long!", "本级数。\n\nOwn number."),
            ("sum", "Long!", "下级之和。\n\nSum of those below."),
        ],
    },
    Type {
        name: "IndicatorSeries",
        about: "一条曲线。\n\nA line over the years.",
        fields: &[
            ("measure", "IndicatorMeasure!", "所示数值。\n\nWhat it shows."),
            ("scope", "String!", "行业范围。\n\nIndustries."),
            ("industry", "KeyIndustry", "行业。\n\nIndustry."),
            ("points", "[IndicatorPoint!]!", "各年数值。\n\nValues by year."),
            ("stair", "[IndicatorPoint!]!", "各年目标线。\n\nWhat each year allows."),
        ],
    },
    Type {
        name: "IndicatorPoint",
        about: "一个年度的数值。\n\nA value of a year.",
        fields: &[
            ("year", "Int!", "年度。\n\nYear."),
            ("numerator", "Long", "计数或分子。\n\nCount or numerator."),
            ("denominator", "Long", "分母，计数为1。\n\nDenominator; 1 of a count."),
            ("provisional", "Boolean!", "是否未终定。\n\nWhether it is not final."),
        ],
    },
    Type {
        name: "IndicatorTally",
        about: "一类的计数与上年。\n\nA count under a label, with the year before.",
        fields: &[
            ("item", "String!", "代码。\n\nCode."),
            ("label", "String!", "名称。\n\nName."),
            ("count", "Long", "本年。\n\nThe year."),
            ("lastYear", "Long", "上年。\n\nThe year before."),
            ("above", "Long", "本年超标数（仅检测）。\n\nAbove the limit; of measurements only."),
        ],
    },
    Type {
        name: "IndicatorHeat",
        about: "下级地区与行业的事故起数。\n\nAccidents by subordinate region and industry.",
        fields: &[
            ("industries", "[KeyIndustry!]!", "行业（列）。\n\nIndustries, the columns."),
            ("rows", "[IndicatorHeatRow!]!", "地区（行）。\n\nRegions, the rows."),
        ],
    },
    Type {
        name: "IndicatorHeatRow",
        about: "一个地区。\n\nA region.",
        fields: &[
            ("region", "String!", "地区代码。\n\nRegion."),
            ("regionName", "String", "地区名称。\n\nName of the region."),
            ("counts", "[Long]!", "各行业的起数。\n\nA count for each industry."),
        ],
    },
];

/// Enum types.
#[must_use]
pub fn enums() -> Vec<Enum> {
    let list = |name: &str, about: &str, items: Vec<(&str, String)>| {
        items
            .into_iter()
            .fold(Enum::new(name).description(about), |list, (code, about)| list.item(EnumItem::new(code).description(about)))
    };
    let indicators = Indicator::ALL.map(|own| (own.code(), format!("{}。\n\n{}.", own.label_zh(), own.label_en())));
    let outcomes = Outcome::ALL.map(|own| {
        let about = match own {
            Outcome::Met => "达标。\n\nMet.",
            Outcome::NotMet => "未达标。\n\nNot met.",
            Outcome::About => "“左右”指标，只报数。\n\nA target of about: told, not judged.",
            Outcome::NotJudged => "不判定，理由另列。\n\nNot judged; the reason stands beside it.",
        };
        (own.code(), about.to_owned())
    });
    let formulas = Formula::ALL.map(|own| {
        let about = match own {
            Formula::Reduction => "（基准年−本年）÷基准年。\n\n(base − year) ÷ base.",
            Formula::Share => "分子÷分母，百分比。\n\nNumerator ÷ denominator, in percent.",
            Formula::PerMille => "分子÷分母，千分比。\n\nNumerator ÷ denominator, in per mille.",
        };
        (own.code(), about.to_owned())
    });
    let measures = SeriesMeasure::ALL.map(|own| {
        let indicator = own.indicator();
        let about = match own {
            SeriesMeasure::Accidents => "事故起数。\n\nAccidents.".to_owned(),
            SeriesMeasure::Casualties => "伤亡人数。\n\nCasualties.".to_owned(),
            _ => format!("{}。\n\n{}.", indicator.label_zh(), indicator.label_en()),
        };
        (own.code(), about)
    });
    let denominators = DenominatorBasis::ALL.map(|own| {
        let about = match own {
            DenominatorBasis::Pneumoconiosis => "当年新发尘肺病。\n\nNew pneumoconiosis of the year.",
            DenominatorBasis::AllDiseases => "当年新发职业病。\n\nNew occupational diseases of the year.",
        };
        (own.code(), about.to_owned())
    });
    let injuries = InjuryBasis::ALL.map(|own| {
        let about = match own {
            InjuryBasis::All => "全部认定和视同。\n\nAll that were recognised or deemed.",
            InjuryBasis::WithoutCommuting => "不含上下班途中。\n\nWithout accidents on the way to or from work.",
            InjuryBasis::AccidentsOnly => {
                "仅事故伤害：不含上下班途中、职业病和视同。\n\nAccidents only: no commuting, no disease, nothing deemed."
            }
        };
        (own.code(), about.to_owned())
    });
    let years = DiseaseYear::ALL.map(|own| {
        let about = match own {
            DiseaseYear::Diagnosed => "诊断日期。\n\nDay of the diagnosis.",
            DiseaseYear::Reported => {
                "报告日期，未填的按诊断日期。\n\nDay of the report; of the diagnosis where no report is dated."
            }
        };
        (own.code(), about.to_owned())
    });
    vec![
        list("DiseaseYearBasis", "职业病计年的日期。\n\nDay that gives a case of disease its year.", years.into()),
        list("Indicator", "指标。\n\nAn indicator.", indicators.into()),
        list("IndicatorOutcome", "判定结果。\n\nWhat became of a target.", outcomes.into()),
        list("IndicatorFormula", "指标算法。\n\nHow a figure follows from its two numbers.", formulas.into()),
        list("IndicatorMeasure", "曲线所示数值。\n\nWhat a line shows.", measures.into()),
        list("DenominatorBasis", "尘肺病报告比例的分母。\n\nDenominator of the share of pneumoconiosis.", denominators.into()),
        list("InjuryBasis", "工伤事故发生率的口径。\n\nInjuries of the rate.", injuries.into()),
    ]
}
