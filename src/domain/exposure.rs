//! Exposure at workplaces: which limit applies to a sample, and whether its value exceeds it.
//!
//! Source: domain reference §3.11; GBZ 2.1. The limits are dated data and passed in by the caller;
//! comparisons are between whole numbers: micrograms per cubic metre, and permille of free silica.

use strum::{IntoStaticStr, VariantArray};

/// The share of free silica from which a dust is judged as silica dust, in permille.
pub const SILICA_DUST_FROM: u32 = 100;

/// Code of the hazard factor 矽尘, as which such a dust is judged.
pub const SILICA_DUST: &str = "SILICA_DUST";

/// A limit that is in force on the day of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit<'a> {
    /// Code of the table `hazard_factor`, such as `COAL_DUST`.
    pub factor: &'a str,
    /// Code of the table `measure_kind`: `PC_TWA` (time-weighted average), `PC_STEL` (short-term)
    /// or `MAC` (never to be exceeded).
    pub kind: &'a str,
    /// Code of the table `dust_fraction`, `TOTAL` or `RESPIRABLE`; `None` if it is not a dust.
    pub fraction: Option<&'a str>,
    /// Range of the free-silica share to which the limit applies, in permille, both ends included;
    /// `None` where the share does not matter.
    pub silica: Option<(u32, u32)>,
    /// Highest permitted concentration, in micrograms per cubic metre.
    pub limit_ug: u32,
    /// Edition of the standard that sets the limit, such as `GBZ 2.1-2007`.
    pub edition: &'a str,
}

/// A measured concentration, with what is needed to find its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample<'a> {
    /// Code of the table `hazard_factor`, as reported.
    pub factor: &'a str,
    /// Code of the table `measure_kind` for which the sample was taken.
    pub kind: &'a str,
    /// Code of the table `dust_fraction`; `None` if it is not a dust.
    pub fraction: Option<&'a str>,
    /// Measured share of free silica, in permille; `None` if it was not reported.
    pub silica: Option<u32>,
    /// Measured concentration, in micrograms per cubic metre.
    pub value_ug: u32,
}

/// The outcome of judging a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleJudgement<'a> {
    /// A limit applies to the sample.
    Judged {
        /// The limit that was applied.
        limit: Limit<'a>,
        /// Whether the value is above the limit; a value equal to the limit is within it.
        exceeded: bool,
    },
    /// No limit is known for this factor, kind and fraction on that day.
    NoLimit,
    /// The limit depends on the share of free silica, which was not reported.
    SilicaMissing,
}

/// Judges a sample by the limits in force on its day.
///
/// A dust that has no limit of its own, or only one below 10 per cent of free silica, counts as
/// silica dust from 10 per cent upwards.
#[must_use]
pub fn judge<'a>(sample: &Sample<'_>, limits: &[Limit<'a>]) -> SampleJudgement<'a> {
    let depends =
        limits.iter().any(|limit| limit.factor == sample.factor && limit.silica.is_some());
    let listed = limits.iter().any(|limit| limit.factor == sample.factor);
    let factor = match (depends, sample.silica) {
        (true, None) => return SampleJudgement::SilicaMissing,
        (depends, Some(share))
            if share >= SILICA_DUST_FROM && (depends || !listed && sample.fraction.is_some()) =>
        {
            SILICA_DUST
        }
        _ => sample.factor,
    };
    let holds = |limit: &&Limit<'_>| {
        limit.factor == factor
            && limit.kind == sample.kind
            && limit.fraction == sample.fraction
            && limit.silica.is_none_or(|(from, to)| {
                sample.silica.is_some_and(|share| (from..=to).contains(&share))
            })
    };
    match limits.iter().find(holds) {
        Some(limit) => {
            SampleJudgement::Judged { limit: *limit, exceeded: sample.value_ug > limit.limit_ug }
        }
        None => SampleJudgement::NoLimit,
    }
}

/// Class of the free-silica share of a dust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
pub enum SilicaClass {
    /// Below 10 per cent.
    #[strum(serialize = "BELOW_10")]
    Below10,
    /// From 10 to 50 per cent.
    #[strum(serialize = "FROM_10_TO_50")]
    From10To50,
    /// Over 50 to 80 per cent.
    #[strum(serialize = "OVER_50_TO_80")]
    Over50To80,
    /// Over 80 per cent.
    #[strum(serialize = "OVER_80")]
    Over80,
}

impl SilicaClass {
    /// The class of a share given in permille.
    #[must_use]
    pub const fn of(share: u32) -> Self {
        match share {
            0..SILICA_DUST_FROM => Self::Below10,
            SILICA_DUST_FROM..=500 => Self::From10To50,
            501..=800 => Self::Over50To80,
            _ => Self::Over80,
        }
    }
}

/// Why a measurement is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum MeasurementFault {
    /// The factor is not measured as a concentration in air.
    #[strum(serialize = "FACTOR_WITHOUT_CONCENTRATION")]
    NoConcentration,
    /// The factor is measured as a concentration only, but another value was given.
    #[strum(serialize = "FACTOR_WITHOUT_PHYSICAL_VALUE")]
    Concentration,
    /// The measured value is missing.
    #[strum(serialize = "MEASURED_VALUE_MISSING")]
    ValueMissing,
    /// The value of a physical factor is in a unit other than that of the factor.
    #[strum(serialize = "PHYSICAL_UNIT_WRONG")]
    OtherUnit,
    /// A dust without its fraction.
    #[strum(serialize = "DUST_FRACTION_MISSING")]
    FractionMissing,
    /// A dust whose limit depends on the share of free silica, without that share.
    #[strum(serialize = "SILICA_SHARE_MISSING")]
    SilicaMissing,
    /// More than 1000 per mille.
    #[strum(serialize = "SILICA_SHARE_TOO_LARGE")]
    SilicaTooLarge,
}

impl MeasurementFault {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NoConcentration => (
                "该因素不以空气中浓度检测，不能按微克每立方米报送。请核对危害因素；噪声等物理因素请填“物理因素检测值”一列，单位 dB(A)。",
                "This factor is not measured as a concentration in air. Check the factor; noise goes into physicalTenths, in tenths of dB(A).",
            ),
            Self::Concentration => (
                "该因素以空气中浓度检测，请填“检测值”一列，去掉物理因素检测值和物理因素的单位。",
                "This factor is measured as a concentration: give valueUg and leave out physicalTenths and physicalUnit.",
            ),
            Self::ValueMissing => ("缺少检测值。请补填。", "The measured value is missing."),
            Self::OtherUnit => (
                "单位与该因素的单位不同（见代码表 hazard_factor 的 unit）。请换算后报送。",
                "The unit is not that of the factor, which stands in the column unit of hazard_factor. Convert the value.",
            ),
            Self::FractionMissing => (
                "粉尘须注明总尘或呼尘，二者限值不同。请补填。",
                "Dust is total or respirable; their limits differ. Add which it is.",
            ),
            Self::SilicaMissing => (
                "该粉尘的接触限值由游离二氧化硅含量决定，缺少含量无法判定。请补填含量（千分比）。",
                "The limit of this dust depends on its share of free silica. Add the share, per mille.",
            ),
            Self::SilicaTooLarge => (
                "游离二氧化硅含量以千分比填写，不能超过一千。请核对单位。",
                "The share of free silica is per mille and at most 1000. Check the unit.",
            ),
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub const fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub const fn message_en(self) -> &'static str {
        self.texts().1
    }
}

#[cfg(test)]
mod tests;
