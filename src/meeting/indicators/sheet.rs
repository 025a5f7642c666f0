//! What a sheet holds.

use serde_json::Value;
use strum::{IntoStaticStr, VariantArray};

use super::{
    frame::{Aim, IndustryGroup, JudgingBasis},
    owed::MissingInput,
};
use crate::{
    domain::{
        fraction::Fraction,
        indicator::{FigureJudgement, Indicator, TargetOutcome, YearCount},
        plan::Finality,
        region::RegionCode,
    },
    store::meeting::figures::{DiseaseYear, FigureMeasure},
};

/// A figure as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedFigure {
    /// Year it is of.
    pub year: i32,
    /// Provisional or final: the less final where several departments signed.
    pub finality: Finality,
    /// What was signed.
    pub signed: i64,
    /// What the records said at that moment.
    pub records: i64,
    /// The lower number, of shares.
    pub whole: Option<i64>,
    /// Explanations that were given.
    pub explanations: Vec<String>,
}

/// What counts as a casualty. Source: domain reference §1.7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum CasualtyCounting {
    /// Deaths, missing persons, serious and minor injuries.
    #[default]
    #[strum(serialize = "DEATHS_MISSING_INJURED")]
    All,
    /// Deaths, missing persons and serious injuries.
    #[strum(serialize = "DEATHS_SERIOUS")]
    Serious,
}

/// What a share of pneumoconiosis is a share of. Source: domain reference §6.2.
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

/// Which recognised injuries the rate is made of. Source: domain reference §6.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum InjuryBasis {
    /// All that were recognised or deemed.
    #[default]
    #[strum(serialize = "ALL_RECOGNIZED")]
    All,
    /// Without accidents on the way to or from work.
    WithoutCommuting,
    /// Accidents only: no commuting, no disease, nothing deemed.
    AccidentsOnly,
}

impl CasualtyCounting {
    /// What is added up.
    #[must_use]
    pub const fn measures(self) -> &'static [FigureMeasure] {
        match self {
            Self::All => &[
                FigureMeasure::Deaths,
                FigureMeasure::Missing,
                FigureMeasure::Serious,
                FigureMeasure::Minor,
            ],
            Self::Serious => {
                &[FigureMeasure::Deaths, FigureMeasure::Missing, FigureMeasure::Serious]
            }
        }
    }
}

impl DenominatorBasis {
    /// What is counted.
    #[must_use]
    pub const fn measures(self) -> &'static [FigureMeasure] {
        match self {
            Self::Pneumoconiosis => &[FigureMeasure::Pneumoconiosis],
            Self::AllDiseases => &[FigureMeasure::Diseases],
        }
    }
}

impl InjuryBasis {
    /// What is counted.
    #[must_use]
    pub const fn measures(self) -> &'static [FigureMeasure] {
        match self {
            Self::All => &[FigureMeasure::Injuries],
            Self::WithoutCommuting => &[FigureMeasure::InjuriesAtWork],
            Self::AccidentsOnly => &[FigureMeasure::InjuriesByAccident],
        }
    }
}

/// What the figures rest on; kept with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FigureBasis {
    /// Casualties.
    pub casualties: CasualtyCounting,
    /// Denominator of the share of pneumoconiosis.
    pub denominator: DenominatorBasis,
    /// Injuries of the rate.
    pub injuries: InjuryBasis,
    /// Day that gives a case of disease its year.
    pub disease_year: DiseaseYear,
}

/// The two numbers of a figure and what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureTerms {
    /// Year they are of.
    pub year: i32,
    /// Upper number; for a reduction the count of the year.
    pub numerator: YearCount,
    /// Lower number; for a reduction the count of the base year.
    pub denominator: YearCount,
    /// The value.
    pub value: Option<Fraction>,
}

/// A family's list with a condition: the records behind a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureRecords {
    /// Name of the list in the schema: `accidents`.
    pub field: String,
    /// Its `where`, as JSON.
    pub filter: Value,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetFigure {
    /// Indicator.
    pub indicator: Indicator,
    /// Region.
    pub region: RegionCode,
    /// Industries.
    pub group: IndustryGroup,
    /// The year that is asked for.
    pub now: FigureTerms,
    /// The year before.
    pub last_year: FigureTerms,
    /// The base year.
    pub base_year: FigureTerms,
    /// Target, where the plan has one.
    pub aim: Option<Aim>,
    /// Judgement.
    pub judgement: FigureJudgement,
    /// Whether it is not final: the year is open, or a return it rests on is not signed as final.
    pub provisional: bool,
    /// What it waits for: nobody has handed it in.
    pub missing: Vec<MissingInput>,
    /// Final returns that are not signed yet.
    pub unsigned: Vec<MissingInput>,
    /// What was signed of its upper number, in the year and in the base year.
    pub signed: Vec<SignedFigure>,
    /// Cases whose exposure is not known; only of the share of pneumoconiosis.
    pub unknown: Option<i64>,
    /// How much lower it is than in the base year, of a rate.
    pub reduction: Option<Fraction>,
    /// Accidents and casualties together, which must both hold; only of these two.
    pub together: Option<TargetOutcome>,
    /// Records behind the numerator.
    pub records: Option<FigureRecords>,
}

/// What a region counts beyond its subordinate regions, or less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionDifference {
    /// Indicator whose number it is.
    pub indicator: Indicator,
    /// Industries.
    pub group: IndustryGroup,
    /// The region's own number.
    pub own: i64,
    /// Sum of its subordinate regions.
    pub sum: i64,
}

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SeriesMeasure {
    /// Accidents.
    Accidents,
    /// Casualties.
    Casualties,
    /// Share of pneumoconiosis with less than five years of exposure.
    PneumoconiosisRatio,
    /// Key posts trained in safety.
    SafetyTraining,
    /// Key posts trained in occupational health.
    HealthTraining,
}

/// A value of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearValue {
    /// Year.
    pub year: i32,
    /// Count or upper number.
    pub numerator: YearCount,
    /// Lower number; 1 for a count.
    pub denominator: YearCount,
    /// Whether it is not final.
    pub provisional: bool,
}

/// A line over the years with the stair of its targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What it shows.
    pub measure: SeriesMeasure,
    /// Industries.
    pub group: IndustryGroup,
    /// Values by year.
    pub points: Vec<YearValue>,
    /// The most, for training the least, that each year allows.
    pub stair: Vec<(i32, Fraction)>,
}

/// A count under a label, with the year before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledCount {
    /// What is counted.
    pub item: String,
    /// 中文名称.
    pub label: String,
    /// The year.
    pub count: YearCount,
    /// The year before.
    pub last_year: YearCount,
    /// Of the year, those above the limit; only of measurements.
    pub above: Option<YearCount>,
}

/// Accidents by subordinate region and industry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccidentGrid {
    /// Codes of the industries: the columns.
    pub industries: Vec<String>,
    /// Rows.
    pub rows: Vec<AccidentGridRow>,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccidentGridRow {
    /// Region.
    pub region: RegionCode,
    /// A count for each industry.
    pub counts: Vec<YearCount>,
}

/// The indicators of a region and year.
#[derive(Clone, Debug)]
pub struct FigureSheet {
    /// Region.
    pub region: RegionCode,
    /// Year.
    pub year: i32,
    /// By which plan.
    pub frame: JudgingBasis,
    /// What the figures rest on.
    pub basis: FigureBasis,
    /// Whether a figure with a target is not final, so that it is not judged for good.
    pub provisional: bool,
    /// Whether small cells of sensitive counts are withheld.
    pub protected: bool,
    /// Place in the change feed up to which records are counted, opaque.
    pub position: String,
    /// Editions of accident types in the years compared.
    pub accident_type_editions: Vec<&'static str>,
    /// Editions of the catalogue of diseases in the years compared.
    pub disease_editions: Vec<&'static str>,
    /// Subordinate regions, in order.
    pub below: Vec<RegionCode>,
    /// The table: the region first, all industries together first.
    pub figures: Vec<SheetFigure>,
    /// Where the region's own numbers are not those of its subordinate regions.
    pub differences: Vec<RegionDifference>,
    /// Lines for charts.
    pub series: Vec<Series>,
    /// Accidents by type, most first, in the grouping both editions share.
    pub accident_types: Vec<LabelledCount>,
    /// Accidents by subordinate region and industry.
    pub heat: AccidentGrid,
    /// New pneumoconiosis by years of exposure, in order.
    pub exposure: Vec<LabelledCount>,
    /// Measurements by factor, most above the limit first.
    pub factors: Vec<LabelledCount>,
}
