use proptest::prelude::*;

use super::*;
use crate::domain::code::Coded as _;

const fn limit(
    factor: &'static str,
    fraction: &'static str,
    silica: Option<(u32, u32)>,
    limit_ug: u32,
) -> Limit<'static> {
    Limit {
        factor,
        kind: "PC_TWA",
        fraction: Some(fraction),
        silica,
        limit_ug,
        edition: "GBZ 2.1-2019",
    }
}

const LIMITS: [Limit<'static>; 6] = [
    limit(SILICA_DUST, "TOTAL", Some((100, 500)), 1000),
    limit(SILICA_DUST, "TOTAL", Some((501, 800)), 700),
    limit(SILICA_DUST, "TOTAL", Some((801, 1000)), 500),
    limit("COAL_DUST", "TOTAL", Some((0, 99)), 4000),
    limit("COAL_DUST", "RESPIRABLE", Some((0, 99)), 2500),
    limit("WELDING_FUME", "TOTAL", None, 4000),
];

const fn sample(factor: &'static str, silica: Option<u32>, value_ug: u32) -> Sample<'static> {
    Sample { factor, kind: "PC_TWA", fraction: Some("TOTAL"), silica, value_ug }
}

fn judged(
    factor: &'static str,
    silica: Option<u32>,
    value: u32,
) -> Option<(&'static str, u32, bool)> {
    match judge(&sample(factor, silica, value), &LIMITS) {
        SampleJudgement::Judged { limit, exceeded } => {
            Some((limit.factor, limit.limit_ug, exceeded))
        }
        SampleJudgement::NoLimit | SampleJudgement::SilicaMissing => None,
    }
}

#[test]
fn the_share_of_free_silica_decides_the_limit_at_its_exact_bounds() {
    for (share, limit) in
        [(100, 1000), (500, 1000), (501, 700), (800, 700), (801, 500), (1000, 500)]
    {
        assert_eq!(
            judged(SILICA_DUST, Some(share), 0),
            Some((SILICA_DUST, limit, false)),
            "{share}"
        );
    }
    assert_eq!(judged("COAL_DUST", Some(99), 4001), Some(("COAL_DUST", 4000, true)));
    assert_eq!(
        judged("COAL_DUST", Some(100), 4000),
        Some((SILICA_DUST, 1000, true)),
        "from 10 per cent coal dust is silica dust"
    );
    assert_eq!(
        judged("FOUNDRY_DUST", Some(600), 701),
        Some((SILICA_DUST, 700, true)),
        "so is a dust without a limit of its own"
    );
    assert_eq!(
        judged("WELDING_FUME", Some(600), 701),
        Some(("WELDING_FUME", 4000, false)),
        "but not one whose limit holds anyway"
    );
}

#[test]
fn a_value_on_the_limit_is_within_it() {
    assert_eq!(judged("WELDING_FUME", None, 4000), Some(("WELDING_FUME", 4000, false)));
    assert_eq!(judged("WELDING_FUME", None, 4001), Some(("WELDING_FUME", 4000, true)));
}

#[test]
fn without_the_share_a_limit_that_depends_on_it_is_not_guessed() {
    assert_eq!(judge(&sample("COAL_DUST", None, 1), &LIMITS), SampleJudgement::SilicaMissing);
    assert_eq!(judge(&sample(SILICA_DUST, None, 1), &LIMITS), SampleJudgement::SilicaMissing);
    assert_eq!(
        judge(&sample(SILICA_DUST, Some(50), 1), &LIMITS),
        SampleJudgement::NoLimit,
        "silica dust below 10 per cent is none"
    );
    assert_eq!(judge(&sample("WOOD_DUST", None, 1), &LIMITS), SampleJudgement::NoLimit);
    let short = Sample { kind: "PC_STEL", ..sample("WELDING_FUME", None, 1) };
    assert_eq!(judge(&short, &LIMITS), SampleJudgement::NoLimit);
}

#[test]
fn codes_are_distinct() {
    let codes: std::collections::BTreeSet<_> =
        MeasurementFault::ALL.iter().copied().map(MeasurementFault::code).collect();
    assert_eq!(codes.len(), MeasurementFault::ALL.len());
    assert!(
        MeasurementFault::ALL
            .iter()
            .all(|fault| !fault.message_zh().is_empty() && !fault.message_en().is_empty())
    );
}

proptest! {
    #[test]
    fn more_is_never_better(share in 0_u32..=1000, value in 0_u32..20_000, more in 1_u32..20_000) {
        for factor in [SILICA_DUST, "COAL_DUST", "WELDING_FUME"] {
            let exceeded = |value| judged(factor, Some(share), value).map(|(_, _, exceeded)| exceeded);
            prop_assert_eq!(exceeded(value).is_some(), exceeded(value + more).is_some());
            prop_assert!(exceeded(value) != Some(true) || exceeded(value + more) == Some(true));
        }
    }

    #[test]
    fn more_silica_never_raises_the_limit(share in 0_u32..1000, value in 0_u32..20_000) {
        for factor in [SILICA_DUST, "COAL_DUST"] {
            let limit = |share| judged(factor, Some(share), value).map(|(_, limit, _)| limit);
            if let (Some(lower), Some(higher)) = (limit(share), limit(share + 1)) {
                prop_assert!(higher <= lower);
            }
        }
    }

    #[test]
    fn the_judgement_is_the_comparison_with_the_limit_it_names(share in 0_u32..=1000, value in any::<u32>()) {
        if let Some((_, limit, exceeded)) = judged("COAL_DUST", Some(share), value) {
            prop_assert_eq!(exceeded, value > limit);
            prop_assert_eq!(judged("COAL_DUST", Some(share), limit).map(|(_, _, exceeded)| exceeded), Some(false));
            prop_assert_eq!(judged("COAL_DUST", Some(share), limit + 1).map(|(_, _, exceeded)| exceeded), Some(true));
        }
    }

    #[test]
    fn every_share_has_one_class_and_its_code_is_read_back(share in 0_u32..=1000) {
        let class = SilicaClass::of(share);
        prop_assert_eq!(SilicaClass::from_code(class.code()), Some(class));
        prop_assert!(share == 0 || SilicaClass::of(share - 1) <= class);
    }
}
