//! The sheet of indicators as content: the table, the headlines, lines over the years, accidents by
//! type, the heat table and exposure years.

use brief::content::{
    Brief, Coded, Figure as Line, Formula as Form, Headline, Heat, HeatRow, Outcome as Became,
    Point, Tally as Bar, Trend,
};

use crate::{
    domain::{
        accident::CasualtyBasis,
        code::Coded as _,
        fraction::Fraction,
        indicator::{FigureFormula, Indicator, TargetOutcome, YearCount},
    },
    error::Language,
    meeting::{
        assemble::{coded, place},
        indicators::{
            DenominatorBasis, FigureSheet, FigureTerms, IndustryGroup, LabelledCount, Series,
            SeriesMeasure, SheetFigure, YearValue as Numbers,
        },
    },
    store::{meeting::figures::DiseaseYear, reference::Reference},
};

/// Where there is no value.
const NOTHING: &str = "—";
/// A count that nobody handed in.
const MISSING: &str = "缺";
/// A count that is not shown.
const WITHHELD: &str = "未显示";

/// Puts what a sheet says into the content.
pub(super) fn put(reference: &Reference, sheet: &FigureSheet, content: &mut Brief) {
    content.head.position.clone_from(&sheet.position);
    content.head.provisional = sheet.provisional;
    content.head.protected = sheet.protected;
    content.head.basis = basis(reference, sheet);
    content.figures = sheet.figures.iter().map(|figure| line(reference, figure)).collect();
    let own =
        sheet.figures.iter().filter(|figure| figure.region == sheet.region && figure.aim.is_some());
    content.headlines = own.map(|figure| headline(reference, figure)).collect();
    content.trends = sheet.series.iter().map(|series| trend(reference, series)).collect();
    content.accident_types = sheet.accident_types.iter().map(bar).collect();
    content.exposure = sheet.exposure.iter().map(bar).collect();
    content.heat = heat(reference, sheet);
}

fn basis(reference: &Reference, sheet: &FigureSheet) -> Vec<String> {
    let casualties = match sheet.basis.casualties {
        CasualtyBasis::DeathsMissingInjured => "伤亡人数＝死亡＋失踪＋重伤（含急性工业中毒）＋轻伤",
        CasualtyBasis::DeathsSerious => "伤亡人数＝死亡＋失踪＋重伤（含急性工业中毒），不计轻伤",
    };
    let denominator = match sheet.basis.denominator {
        DenominatorBasis::Pneumoconiosis => "尘肺病报告比例的分母为当年新诊断尘肺病例",
        DenominatorBasis::AllDiseases => "尘肺病报告比例的分母为当年全部新诊断职业病例",
    };
    let diseases = match sheet.basis.disease_year {
        DiseaseYear::Diagnosed => "职业病按诊断日期计年",
        DiseaseYear::Reported => "职业病按报告日期计年，未填报告日期的按诊断日期",
    };
    let mut told = vec![
        format!(
            "事故按发生日期计年，由责任部门已认定的记录汇总，核销的不计；{diseases}，只计首次诊断"
        ),
        "责任部门既未签报（含零报告）也无记录的为缺，不按零计，不判定；定报签报前不作终判"
            .to_owned(),
        format!("{denominator}；接尘工龄不明的计入分母，另列例数，决定是否达标时不判定"),
        casualties.to_owned(),
        trained(reference, sheet),
        format!("基期为{}年", sheet.frame.base_year),
        format!("事故类型标准：{}", sheet.accident_type_editions.join("、")),
        format!("职业病目录版本：{}", sheet.disease_editions.join("、")),
        "判定按精确分数，显示保留一位小数，四舍五入".to_owned(),
    ];
    if sheet.protected {
        told.push("涉及个人的小数目按规定不显示".to_owned());
    }
    told.extend(sheet.differences.iter().map(|difference| {
        format!(
            "{}（{}）：本级{}，下级合计{}，差{}（市直单位、功能区等）",
            difference.indicator.label_zh(),
            group(reference, &difference.group)
                .map_or_else(|| "合计".to_owned(), |group| group.label),
            difference.own,
            difference.sum,
            difference.own - difference.sum
        )
    }));
    told
}

fn indicator(indicator: Indicator) -> Coded {
    Coded { code: indicator.code().to_owned(), label: indicator.label_zh().to_owned() }
}

/// An industry; nothing for all together. Dust and key industries together are told apart from
/// everything.
fn group(reference: &Reference, group: &IndustryGroup) -> Option<Coded> {
    match group {
        IndustryGroup::All => None,
        IndustryGroup::Key => {
            Some(Coded { code: "KEY".to_owned(), label: "重点行业合计".to_owned() })
        }
        IndustryGroup::Dust => {
            Some(Coded { code: "DUST".to_owned(), label: "涉尘行业合计".to_owned() })
        }
        IndustryGroup::Industry(code) => Some(coded(reference, "key_industry", code)),
    }
}

const fn known(count: YearCount) -> Option<i64> {
    count.number()
}

/// Whose training is counted, and since when.
fn trained(reference: &Reference, sheet: &FigureSheet) -> String {
    let posts = &sheet.frame.posts;
    let name = |code: &str| coded(reference, "key_post", code).label;
    let one = |(post, industry): &(String, Option<String>)| match industry {
        Some(code) => {
            format!("{}（限{}）", name(post), coded(reference, "key_industry", code).label)
        }
        None => name(post),
    };
    let named: Vec<String> = posts.posts.iter().map(one).collect();
    let named = if named.is_empty() { "全部重点岗位".to_owned() } else { named.join("、") };
    let since = posts.since.map_or_else(String::new, |day| format!("，只计{day}起完成的培训"));
    format!("培训覆盖率的重点岗位为{named}{since}")
}

fn outcome(outcome: TargetOutcome) -> Became {
    match outcome {
        TargetOutcome::Met => Became::Met,
        TargetOutcome::NotMet => Became::NotMet,
        TargetOutcome::About => Became::About,
        TargetOutcome::NotJudged => Became::NotJudged,
    }
}

fn printed(indicator: Indicator, value: Option<Fraction>) -> String {
    value.map_or_else(
        || NOTHING.to_owned(),
        |value| match indicator.formula() {
            FigureFormula::PerMille => value.per_mille(),
            FigureFormula::Reduction | FigureFormula::Share => value.percent(),
        },
    )
}

/// A year as it stands beside the one that is judged: a reduction is told by its count.
fn beside(indicator: Indicator, parts: &FigureTerms) -> String {
    if indicator.formula() != FigureFormula::Reduction {
        let missing = [parts.numerator, parts.denominator].contains(&YearCount::Missing);
        return if missing { MISSING.to_owned() } else { printed(indicator, parts.value) };
    }
    match parts.numerator {
        YearCount::Known(count) => count.to_string(),
        YearCount::Withheld => WITHHELD.to_owned(),
        YearCount::Missing => MISSING.to_owned(),
        YearCount::Closed | YearCount::Unasked => NOTHING.to_owned(),
    }
}

fn line(reference: &Reference, figure: &SheetFigure) -> Line {
    let kind = figure.indicator;
    Line {
        indicator: indicator(kind),
        region: place(reference, figure.region.as_str()),
        industry: group(reference, &figure.group),
        formula: match kind.formula() {
            FigureFormula::Reduction => Form::Reduction,
            FigureFormula::Share => Form::Share,
            FigureFormula::PerMille => Form::PerMille,
        },
        numerator: known(figure.now.numerator),
        denominator: known(figure.now.denominator),
        money: kind.money(),
        shown: if figure.missing.is_empty() {
            printed(kind, figure.judgement.value)
        } else {
            MISSING.to_owned()
        },
        last_year: beside(kind, &figure.last_year),
        base_year: beside(kind, &figure.base_year),
        target: figure.aim.as_ref().map(|aim| aim.name_zh.clone()),
        outcome: figure.aim.as_ref().map(|_| outcome(figure.judgement.outcome)),
        reason: figure.reason(reference, Language::Chinese),
    }
}

fn headline(reference: &Reference, figure: &SheetFigure) -> Headline {
    let aim = figure.aim.as_ref();
    let kind = figure.indicator;
    let value = printed(kind, figure.judgement.value);
    let unit = if kind == Indicator::I1 { "起" } else { "人" };
    let actual = match (kind.formula(), known(figure.now.denominator), known(figure.now.numerator))
    {
        (FigureFormula::Reduction, Some(before), Some(now)) => {
            let change = match value.strip_prefix('-') {
                Some(rise) => format!("上升{rise}"),
                None if value == NOTHING => NOTHING.to_owned(),
                None => format!("下降{value}"),
            };
            format!("{change}（{before}{unit}→{now}{unit}）")
        }
        (_, Some(whole), Some(part)) if !kind.money() => format!("{value}（{part}/{whole}）"),
        _ if !figure.missing.is_empty() => MISSING.to_owned(),
        _ => value,
    };
    let mut reason = figure.reason(reference, Language::Chinese);
    if let (Some(most), Some(now)) = (figure.judgement.most, known(figure.now.numerator))
        && kind.formula() == FigureFormula::Reduction
        && now > most
    {
        reason = format!("{reason}：达标最多{most}{unit}，超出{}{unit}", now - most);
    }
    Headline {
        indicator: indicator(kind),
        industry: group(reference, &figure.group),
        department: aim
            .and_then(|aim| aim.department.as_deref())
            .map(|code| coded(reference, "department", code)),
        target: aim.map(|aim| aim.name_zh.clone()).unwrap_or_default(),
        actual,
        outcome: outcome(figure.judgement.outcome),
        reason,
        target_id: aim.map(|aim| aim.id.clone()),
        reason_code: Some(figure.judgement.reason.code().to_owned()),
    }
}

fn trend(reference: &Reference, series: &Series) -> Trend {
    let (code, label, unit) = match series.measure {
        SeriesMeasure::Accidents => ("ACCIDENTS", "事故起数", "起"),
        SeriesMeasure::Casualties => ("CASUALTIES", "伤亡人数", "人"),
        SeriesMeasure::PneumoconiosisRatio => ("PNEUMOCONIOSIS_RATIO", "尘肺病报告比例", "%"),
        SeriesMeasure::SafetyTraining => ("SAFETY_TRAINING", "安全生产培训覆盖率", "%"),
        SeriesMeasure::HealthTraining => ("HEALTH_TRAINING", "职业卫生培训覆盖率", "%"),
    };
    Trend {
        measure: Coded { code: code.to_owned(), label: label.to_owned() },
        industry: group(reference, &series.group),
        unit: unit.to_owned(),
        points: series
            .points
            .iter()
            .map(|point| Point {
                year: point.year,
                // A share of nothing has no value, and a line of shares no point there.
                numerator: known(point.numerator)
                    .filter(|_| known(point.denominator).is_some_and(|whole| whole > 0)),
                denominator: known(point.denominator).filter(|whole| *whole > 0).unwrap_or(1),
                provisional: point.provisional,
                instead: instead(series.measure, point),
            })
            .collect(),
        stair: series
            .stair
            .iter()
            .map(|(year, bound)| Point {
                year: *year,
                numerator: Some(bound.numerator()),
                denominator: bound.denominator(),
                provisional: false,
                instead: None,
            })
            .collect(),
    }
}

/// What is said of a year without a value in which nothing is missing.
fn instead(measure: SeriesMeasure, point: &Numbers) -> Option<String> {
    let words = match (point.numerator, point.denominator) {
        (YearCount::Unasked, _) | (_, YearCount::Unasked) => "未考核",
        (_, YearCount::Known(0)) if measure == SeriesMeasure::PneumoconiosisRatio => "无病例",
        (_, YearCount::Known(0)) => "无人员",
        _ => return None,
    };
    Some(words.to_owned())
}

fn bar(tally: &LabelledCount) -> Bar {
    Bar {
        item: Coded { code: tally.item.clone(), label: tally.label.clone() },
        count: known(tally.count),
        last_year: known(tally.last_year),
    }
}

fn heat(reference: &Reference, sheet: &FigureSheet) -> Heat {
    let rows = sheet.heat.rows.iter().map(|row| HeatRow {
        region: place(reference, row.region.as_str()),
        counts: row.counts.iter().map(|count| known(*count)).collect(),
    });
    let accidents = sheet.differences.iter().find(|difference| {
        difference.indicator == Indicator::I1 && difference.group == IndustryGroup::Key
    });
    Heat {
        industries: sheet
            .heat
            .industries
            .iter()
            .map(|code| coded(reference, "key_industry", code))
            .collect(),
        regions: rows.collect(),
        difference: accidents.map(|difference| {
            format!(
                "本级{}起，下级合计{}起；差额为市直单位和功能区等",
                difference.own, difference.sum
            )
        }),
    }
}
