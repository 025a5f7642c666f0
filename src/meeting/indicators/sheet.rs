//! The content of a sheet of indicators.

use serde_json::Value;
use strum::{IntoStaticStr, VariantArray};

use super::{
    frame::{Aim, IndustryGroup, JudgingBasis},
    gaps::FigureGap,
    owed::MissingInput,
};
use crate::{
    domain::{
        accident::CasualtyBasis,
        fraction::Fraction,
        indicator::{FigureJudgement, Indicator, TargetOutcome, YearCount},
        plan::Finality,
        region::RegionCode,
    },
    store::meeting::figures::{DiseaseYear, FigureMeasure},
};

/// A figure as signed in a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedFigure {
    /// Calendar year that the figure describes.
    pub year: i32,
    /// Provisional or final: the less final one where several departments signed.
    pub finality: Finality,
    /// The value that was signed.
    pub signed: i64,
    /// The total of the records at the time of signing.
    pub records: i64,
    /// The denominator, for shares.
    pub whole: Option<i64>,
    /// What the records say now, where the return is about all industries of the region and not
    /// about those of the figure.
    pub region: Option<FigureTerms>,
    /// Explanations given where the signed value differs.
    pub explanations: Vec<String>,
}

/// Denominator of the pneumoconiosis ratio. Source: domain reference §6.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum DenominatorBasis {
    /// All new cases of pneumoconiosis.
    #[default]
    #[strum(serialize = "PNEUMOCONIOSIS_NEW")]
    Pneumoconiosis,
    /// All new cases of occupational disease.
    #[strum(serialize = "ALL_OCCUPATIONAL_DISEASE_NEW")]
    AllDiseases,
}

/// Which recognised injuries the injury rate counts. Source: domain reference §6.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum InjuryBasis {
    /// All recognised or deemed injuries.
    #[default]
    #[strum(serialize = "ALL_RECOGNIZED")]
    All,
    /// All except accidents on the way to or from work.
    WithoutCommuting,
    /// Accidents only: no commuting, no disease, nothing deemed.
    AccidentsOnly,
}

/// The measures that are added up to casualties on a basis.
#[must_use]
pub const fn casualty_measures(basis: CasualtyBasis) -> &'static [FigureMeasure] {
    match basis {
        CasualtyBasis::DeathsMissingInjured => &[
            FigureMeasure::Deaths,
            FigureMeasure::Missing,
            FigureMeasure::Serious,
            FigureMeasure::Minor,
        ],
        CasualtyBasis::DeathsSerious => {
            &[FigureMeasure::Deaths, FigureMeasure::Missing, FigureMeasure::Serious]
        }
    }
}

impl DenominatorBasis {
    /// The measures that are counted.
    #[must_use]
    pub const fn measures(self) -> &'static [FigureMeasure] {
        match self {
            Self::Pneumoconiosis => &[FigureMeasure::Pneumoconiosis],
            Self::AllDiseases => &[FigureMeasure::Diseases],
        }
    }
}

impl InjuryBasis {
    /// The measures that are counted.
    #[must_use]
    pub const fn measures(self) -> &'static [FigureMeasure] {
        match self {
            Self::All => &[FigureMeasure::Injuries],
            Self::WithoutCommuting => &[FigureMeasure::InjuriesAtWork],
            Self::AccidentsOnly => &[FigureMeasure::InjuriesByAccident],
        }
    }
}

/// The counting rules of the figures; they are stored with the figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FigureBasis {
    /// Which harmed persons count as casualties.
    pub casualties: CasualtyBasis,
    /// Denominator of the pneumoconiosis ratio.
    pub denominator: DenominatorBasis,
    /// Injuries that the injury rate counts.
    pub injuries: InjuryBasis,
    /// The date that assigns a disease case to a year.
    pub disease_year: DiseaseYear,
}

/// The two numbers of a figure and the value computed from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureTerms {
    /// Calendar year of the numbers.
    pub year: i32,
    /// Numerator; for a reduction, the count of the year.
    pub numerator: YearCount,
    /// Denominator; for a reduction, the count of the base year.
    pub denominator: YearCount,
    /// The computed value; `None` where a number is unknown or there is nothing to divide by.
    pub value: Option<Fraction>,
}

/// The records behind a figure, as a list of a family with a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureRecords {
    /// Name of the list in the schema, such as `accidents`.
    pub field: String,
    /// The argument `where` of the list, as JSON.
    pub filter: Value,
}

/// One line of the table of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetFigure {
    /// The indicator that the line shows.
    pub indicator: Indicator,
    /// Region that the line covers.
    pub region: RegionCode,
    /// Industries that the line covers.
    pub group: IndustryGroup,
    /// Numbers of the requested year.
    pub now: FigureTerms,
    /// Numbers of the year before.
    pub last_year: FigureTerms,
    /// Numbers of the base year.
    pub base_year: FigureTerms,
    /// Target of the year; `None` where the plan sets none.
    pub aim: Option<Aim>,
    /// Outcome of judging the figure against the target.
    pub judgement: FigureJudgement,
    /// Whether it is not final: the year is not over, or a return behind it is not signed as final.
    pub provisional: bool,
    /// Inputs that nobody has handed in yet.
    pub missing: Vec<MissingInput>,
    /// Final returns that have not been signed yet.
    pub unsigned: Vec<MissingInput>,
    /// Signed values of the numerator, in the year and in the base year.
    pub signed: Vec<SignedFigure>,
    /// Number of cases with unknown exposure; only for the pneumoconiosis ratio.
    pub unknown: Option<i64>,
    /// Records that do not say enough to be counted as they should be.
    pub gaps: Vec<FigureGap>,
    /// Reduction of a rate against the base year; only for the injury rate.
    pub reduction: Option<Fraction>,
    /// Joint outcome for accidents and casualties, which must both meet their targets; only for
    /// these two.
    pub together: Option<TargetOutcome>,
    /// Records behind the numerator, where they can be listed by one condition.
    pub records: Option<FigureRecords>,
}

/// A difference between a region's own count and the sum of its subordinate regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionDifference {
    /// Indicator whose count differs.
    pub indicator: Indicator,
    /// Industries that the counts cover.
    pub group: IndustryGroup,
    /// The region's own count.
    pub own: i64,
    /// Sum over its subordinate regions.
    pub sum: i64,
}

/// What a line of a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SeriesMeasure {
    /// Number of work-safety accidents.
    Accidents,
    /// Number of casualties.
    Casualties,
    /// Share of pneumoconiosis cases with less than five years of exposure.
    PneumoconiosisRatio,
    /// Share of key-post holders trained in work safety.
    SafetyTraining,
    /// Share of key-post holders trained in occupational health.
    HealthTraining,
}

/// The value of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearValue {
    /// Calendar year of the value.
    pub year: i32,
    /// The count, or the numerator of a share.
    pub numerator: YearCount,
    /// The denominator of a share; 1 for a count.
    pub denominator: YearCount,
    /// Whether the value is not final.
    pub provisional: bool,
}

/// A line over the years, with the targets as steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What the line shows.
    pub measure: SeriesMeasure,
    /// Industries that the line covers.
    pub group: IndustryGroup,
    /// Values by year.
    pub points: Vec<YearValue>,
    /// The target of each year: an upper limit, or a lower limit for trainings.
    pub stair: Vec<(i32, Fraction)>,
}

/// A count with a label, and that of the year before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledCount {
    /// Code of the item that is counted.
    pub item: String,
    /// 中文名称: label of the item in Chinese, as shown to users.
    pub label: String,
    /// Count of the requested year.
    pub count: YearCount,
    /// Count of the year before.
    pub last_year: YearCount,
    /// Count above the limit in the requested year; only for measurements.
    pub above: Option<YearCount>,
}

/// Accidents by subordinate region and industry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccidentGrid {
    /// Codes of the industries, one for each column.
    pub industries: Vec<String>,
    /// One row for each subordinate region.
    pub rows: Vec<AccidentGridRow>,
}

/// A row of [`AccidentGrid`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccidentGridRow {
    /// Subordinate region that the row covers.
    pub region: RegionCode,
    /// Number of accidents for each industry, in the order of the columns.
    pub counts: Vec<YearCount>,
}

/// The indicators of a region and year.
#[derive(Clone, Debug)]
pub struct FigureSheet {
    /// Region that the sheet covers.
    pub region: RegionCode,
    /// Calendar year of the figures.
    pub year: i32,
    /// The plan and targets by which the figures are judged.
    pub frame: JudgingBasis,
    /// The counting rules of the figures.
    pub basis: FigureBasis,
    /// Whether any figure with a target is not final, so that its judgement is not final either.
    pub provisional: bool,
    /// Whether small cells of sensitive counts are withheld.
    pub protected: bool,
    /// Position in the change feed up to which records are counted; opaque to clients.
    pub position: String,
    /// Editions of the accident-type code in force in the years compared.
    pub accident_type_editions: Vec<&'static str>,
    /// Editions of the disease catalogue in force in the years compared.
    pub disease_editions: Vec<&'static str>,
    /// Subordinate regions, in the order of their codes.
    pub below: Vec<RegionCode>,
    /// The table: the region itself first, and within a region all industries together first.
    pub figures: Vec<SheetFigure>,
    /// Where the region's own counts differ from the sum of its subordinate regions.
    pub differences: Vec<RegionDifference>,
    /// Lines for charts.
    pub series: Vec<Series>,
    /// Accidents by type, most frequent first, in the grouping that both editions share.
    pub accident_types: Vec<LabelledCount>,
    /// Accidents by subordinate region and industry.
    pub heat: AccidentGrid,
    /// New pneumoconiosis cases by years of exposure, in ascending order.
    pub exposure: Vec<LabelledCount>,
    /// Measurements by hazard factor, most exceedances first.
    pub factors: Vec<LabelledCount>,
}
