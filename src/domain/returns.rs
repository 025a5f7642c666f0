//! The figures of a return (报送): the totals of the records at the moment of signing, and what the
//! department signs.
//!
//! A signed figure may differ from the records only with an explanation, and the difference stays
//! visible. Casualties are never signed themselves: they follow from their components by the named
//! basis.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::accident::{Casualties, CasualtyBasis, casualties};

/// What a figure counts.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    VariantArray,
    IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnCount {
    /// 事故起数: number of accidents.
    Accidents,
    /// 死亡人数: number of deaths.
    Deaths,
    /// 失踪人数: number of missing persons.
    Missing,
    /// 重伤人数: number of serious injuries, acute poisonings included.
    Serious,
    /// 轻伤人数: number of minor injuries.
    Minor,
    /// 伤亡人数: casualties, computed from the other counts by the basis of the return.
    Casualties,
    /// 尘肺病新发例数: new cases of pneumoconiosis.
    Pneumoconiosis,
    /// Those of [`Self::Pneumoconiosis`] with less than five years of exposure.
    UnderFiveYears,
    /// 职业病新发例数: new cases of occupational diseases.
    Diseases,
    /// 认定工伤: persons with a recognised or deemed work injury.
    Injuries,
    /// 参保人数: insured persons, average of the year.
    Insured,
}

/// One figure of a return, as recorded and as signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FigureToSign {
    /// What it counts.
    pub count: ReturnCount,
    /// Code of the key industry; `None` for the region as a whole.
    pub industry: Option<String>,
    /// Total of the records at the moment of signing.
    pub records: i64,
    /// The value that the department signed.
    pub signed: i64,
    /// Why the two differ; required if they do.
    pub explanation: Option<String>,
}

/// A figure for which a department signs a value other than that of the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviatingFigure {
    /// What it counts.
    pub count: ReturnCount,
    /// Code of the key industry; `None` for the region as a whole.
    pub industry: Option<String>,
    /// The value to be signed.
    pub value: i64,
    /// Why it differs from the records; required if it does.
    pub explanation: Option<String>,
}

/// Why figures cannot be signed. The number is the position in the given figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FigureFault {
    /// A count below zero.
    Negative(usize),
    /// The return has no such figure, or the figure is computed from others.
    NoSuchFigure(usize),
    /// The same figure twice.
    Twice(usize),
    /// Differs from the records without an explanation.
    Unexplained(usize),
    /// Cases under five years of exposure are more than all cases.
    PartAboveWhole,
}

impl ReturnCount {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Accidents => ("事故起数", "Accidents"),
            Self::Deaths => ("死亡人数", "Deaths"),
            Self::Missing => ("失踪人数", "Missing persons"),
            Self::Serious => {
                ("重伤人数（含急性工业中毒）", "Serious injuries, acute poisonings included")
            }
            Self::Minor => ("轻伤人数", "Minor injuries"),
            Self::Casualties => (
                "伤亡人数（按所选口径由各项合计）",
                "Casualties, the sum of their components by the basis",
            ),
            Self::Pneumoconiosis => ("尘肺病新发例数", "New cases of pneumoconiosis"),
            Self::UnderFiveYears => {
                ("其中接尘工龄不足五年", "Of these, with less than five years of exposure")
            }
            Self::Diseases => ("职业病新发例数", "New cases of occupational diseases"),
            Self::Injuries => ("认定（视同）工伤人数", "Recognised work injuries"),
            Self::Insured => ("参保人数（年平均）", "Insured persons, average of the year"),
        }
    }

    /// Name of the count in Chinese, as shown to users.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        self.texts().0
    }

    /// Name of the count in English, as shown to users.
    #[must_use]
    pub const fn name_en(self) -> &'static str {
        self.texts().1
    }
}

impl FigureFault {
    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::Negative(at) => format!("figures[{at}].value 不能为负数，请核对"),
            Self::NoSuchFigure(at) => {
                format!("figures[{at}] 不是本报送的数据项，或由其他项合计得出，请去掉")
            }
            Self::Twice(at) => format!("figures[{at}] 与前面的项重复，请只保留一项"),
            Self::Unexplained(at) => {
                format!("figures[{at}] 与记录汇总数不同，请在 explanation 中说明原因")
            }
            Self::PartAboveWhole => {
                "接尘工龄不足五年的例数多于尘肺病新发例数，请核对 figures".to_owned()
            }
        }
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(&self) -> String {
        match self {
            Self::Negative(at) => format!("figures[{at}].value is negative; check it"),
            Self::NoSuchFigure(at) => format!(
                "figures[{at}] is no figure of this return, or follows from others; leave it out"
            ),
            Self::Twice(at) => format!("figures[{at}] repeats one before it; keep one"),
            Self::Unexplained(at) => {
                format!("figures[{at}] differs from the sum of the records; say why in explanation")
            }
            Self::PartAboveWhole => {
                "cases under five years of exposure are more than all cases; check the figures"
                    .to_owned()
            }
        }
    }
}

/// Totals of records as figures that nobody has changed. Casualties are added for each industry
/// that has deaths.
#[must_use]
pub fn of_records(
    sums: &[(ReturnCount, Option<String>, i64)],
    basis: CasualtyBasis,
) -> Vec<FigureToSign> {
    let figure = |(count, industry, records): &(ReturnCount, Option<String>, i64)| FigureToSign {
        count: *count,
        industry: industry.clone(),
        records: *records,
        signed: *records,
        explanation: None,
    };
    let mut figures: Vec<FigureToSign> = sums.iter().map(figure).collect();
    let industries: Vec<Option<String>> = figures
        .iter()
        .filter(|figure| figure.count == ReturnCount::Deaths)
        .map(|figure| figure.industry.clone())
        .collect();
    for industry in industries {
        figures.push(FigureToSign {
            count: ReturnCount::Casualties,
            industry,
            records: 0,
            signed: 0,
            explanation: None,
        });
    }
    total(&mut figures, basis);
    figures.sort_by(|one, other| (&one.industry, one.count).cmp(&(&other.industry, other.count)));
    figures
}

/// Applies the given deviations and returns the figures as they are signed.
///
/// # Errors
///
/// The first fault of the given figures.
pub fn settle(
    mut figures: Vec<FigureToSign>,
    given: &[DeviatingFigure],
    basis: CasualtyBasis,
) -> Result<Vec<FigureToSign>, FigureFault> {
    for (at, one) in given.iter().enumerate() {
        if one.value < 0 {
            return Err(FigureFault::Negative(at));
        }
        if given
            .iter()
            .take(at)
            .any(|other| other.count == one.count && other.industry == one.industry)
        {
            return Err(FigureFault::Twice(at));
        }
        let own = |figure: &&mut FigureToSign| {
            figure.count == one.count && figure.industry == one.industry
        };
        let Some(figure) =
            figures.iter_mut().find(own).filter(|figure| figure.count != ReturnCount::Casualties)
        else {
            return Err(FigureFault::NoSuchFigure(at));
        };
        let explanation = one.explanation.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if one.value != figure.records && explanation.is_none() {
            return Err(FigureFault::Unexplained(at));
        }
        figure.signed = one.value;
        figure.explanation = explanation.map(ToOwned::to_owned);
    }
    total(&mut figures, basis);
    let signed = |count: ReturnCount| {
        figures.iter().find(|figure| figure.count == count).map(|figure| figure.signed)
    };
    if signed(ReturnCount::UnderFiveYears) > signed(ReturnCount::Pneumoconiosis) {
        return Err(FigureFault::PartAboveWhole);
    }
    Ok(figures)
}

/// Fills in the casualties from their components.
fn total(figures: &mut [FigureToSign], basis: CasualtyBasis) {
    let parts = figures.to_vec();
    for figure in figures.iter_mut().filter(|figure| figure.count == ReturnCount::Casualties) {
        let sum = |value: fn(&FigureToSign) -> i64| {
            let of = |count: ReturnCount| {
                let found = parts
                    .iter()
                    .find(|part| part.count == count && part.industry == figure.industry);
                found.and_then(|part| u32::try_from(value(part)).ok()).unwrap_or_default()
            };
            let toll = Casualties {
                deaths: of(ReturnCount::Deaths),
                missing: of(ReturnCount::Missing),
                serious: of(ReturnCount::Serious),
                acute_poisonings: 0,
                minor: of(ReturnCount::Minor),
            };
            i64::from(casualties(&toll, basis))
        };
        let (records, signed) = (sum(|part| part.records), sum(|part| part.signed));
        figure.records = records;
        figure.signed = signed;
    }
}

#[cfg(test)]
mod tests;
