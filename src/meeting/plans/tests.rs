use super::PlanSet;
use crate::{
    domain::{
        plan::{
            Comparison, Finality, IndustryRole, JudgingStrictness, ObligationKind, TargetMeasure,
        },
        region::RegionCode,
    },
    store::reference::Reference,
};

fn plans() -> PlanSet {
    PlanSet::load(&Reference::shipped().expect("the code tables read"))
        .expect("the shipped plans hold")
}

fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).expect("a region")
}

#[test]
fn the_nearest_plan_comes_first_and_the_national_one_last() {
    let plans = plans();
    let ids = |code: &str, year| {
        plans
            .for_region(&region(code), Some(year))
            .into_iter()
            .map(|plan| plan.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("140602", 2024), ["SHUOZHOU-2021", "SHANXI-2021", "NATIONAL-2021"]);
    assert_eq!(ids("140200", 2024), ["SHANXI-2021", "NATIONAL-2021"]);
    assert_eq!(ids("370300", 2024), ["ZIBO-2024", "SHANDONG-2021", "NATIONAL-2021"]);
    assert_eq!(ids("370300", 2023), ["SHANDONG-2021", "NATIONAL-2021"]);
    assert_eq!(ids("140600", 2026), ["NATIONAL-2026"]);
    assert_eq!(ids("140600", 2019), [""; 0]);
    assert_eq!(
        plans.nearest(&region("370100"), 2024).map(|plan| plan.id.as_str()),
        Some("SHANDONG-2021"),
        "some of its numbers are known"
    );
}

#[test]
fn the_stair_of_shanxi_and_shuozhou_is_that_of_their_annexes() {
    let plans = plans();
    for id in ["SHANXI-2021", "SHUOZHOU-2021"] {
        let plan = plans.get(id).expect("a plan");
        assert_eq!((plan.base_year, plan.tolerance), (Some(2019), JudgingStrictness::Exact));
        assert_eq!(plan.industries_of(IndustryRole::Key).len(), 6);
        assert_eq!(
            plan.industries_of(IndustryRole::Dust),
            ["COAL_MINE", "NON_COAL_MINE", "METALLURGY", "BUILDING_MATERIALS"]
        );
        assert_eq!(
            plan.targets.len(),
            100,
            "6 industries × 3 measures and 2 measures of dust, in five years"
        );
        for (year, reduction, training) in [
            (2021, None, 70),
            (2022, Some(5), 80),
            (2023, Some(10), 90),
            (2024, Some(15), 95),
            (2025, Some(20), 100),
        ] {
            for industry in plan.industries_of(IndustryRole::Key) {
                let of = |measure| {
                    plan.targets(year, Some(industry))
                        .find(|target| target.measure == measure)
                        .expect("a target")
                };
                for measure in [TargetMeasure::Accidents, TargetMeasure::Casualties] {
                    assert_eq!(of(measure).amount, reduction, "{id} {year} {industry}");
                    let comparison =
                        if year == 2021 { Comparison::BelowBase } else { Comparison::ReducedBy };
                    assert_eq!(of(measure).comparison, comparison);
                }
                assert_eq!(of(TargetMeasure::SafetyTraining).amount, Some(training));
            }
            let dust = plan
                .targets(year, Some("METALLURGY"))
                .map(|target| target.measure)
                .collect::<Vec<_>>();
            assert_eq!(dust, [TargetMeasure::PneumoconiosisRatio, TargetMeasure::HealthTraining]);
        }
        let responsible = |industry: &str| {
            plan.industries
                .iter()
                .find(|own| own.industry == industry && own.role == IndustryRole::Key)
                .and_then(|own| own.department.clone())
        };
        assert_eq!(responsible("CONSTRUCTION").as_deref(), Some("HOUSING"));
        assert_eq!(responsible("TRANSPORT").as_deref(), Some("TRANSPORT"));
        assert_eq!(responsible("MACHINERY").as_deref(), Some("EMERGENCY"));
    }
    assert_eq!(
        plans
            .get("SHUOZHOU-2021")
            .expect("a plan")
            .tasks
            .iter()
            .filter(|task| task.year.is_some())
            .count(),
        27
    );
    assert_eq!(
        plans
            .get("SHANXI-2021")
            .expect("a plan")
            .tasks
            .iter()
            .filter(|task| task.year.is_some())
            .count(),
        28
    );
}

#[test]
fn a_region_without_a_plan_is_answered_by_the_one_above_and_each_target_says_whose_it_is() {
    let plans = plans();
    let whose = |code: &str, year| {
        let mut ids: Vec<_> = plans
            .targets(&region(code), year, None)
            .into_iter()
            .map(|(plan, _)| plan.id.clone())
            .collect();
        ids.dedup();
        ids
    };
    assert_eq!(whose("140602", 2024), ["SHUOZHOU-2021"]);
    assert_eq!(
        whose("140602", 2025),
        ["SHUOZHOU-2021", "NATIONAL-2021"],
        "the rate of 2025 is asked for by the national plan only"
    );
    assert_eq!(whose("140105", 2024), ["SHANXI-2021"]);
    assert_eq!(whose("370300", 2024), ["ZIBO-2024"]);
    assert_eq!(
        plans.targets(&region("140602"), 2024, Some("COAL_MINE")).len(),
        5,
        "three of a key and two of a dust industry"
    );
}

#[test]
fn zibo_2024_has_its_own_numbers_and_members() {
    let plans = plans();
    let zibo = plans.get("ZIBO-2024").expect("a plan");
    assert!(zibo.members.iter().all(|member| member.department != "INDUSTRY"));
    assert_eq!(zibo.members.len(), 7);
    let amount = |measure| {
        zibo.targets
            .iter()
            .find(|target| target.measure == measure)
            .and_then(|target| target.amount)
    };
    assert_eq!(amount(TargetMeasure::PreventionFee), Some(500_000_000), "in fen");
    assert_eq!(amount(TargetMeasure::TrainedPersons), Some(12_000));
    assert_eq!(amount(TargetMeasure::TrainedTeamLeaders), Some(2_026));
}

#[test]
fn the_plan_of_2026_is_marked_incomplete_and_names_instant_delivery() {
    let plans = plans();
    let next = plans.get("NATIONAL-2026").expect("a plan");
    assert!(!next.complete);
    assert_eq!(next.members.len(), 9);
    assert!(next.industries_of(IndustryRole::Key).contains(&"INSTANT_DELIVERY"));
}

#[test]
fn returns_are_owed_at_every_level_and_2025_is_owed_twice_in_shuozhou() {
    let plans = plans();
    let owed = |code: &str, kind| {
        let found =
            plans.obligations(&region(code), 2025).into_iter().filter(|one| one.owed.kind == kind);
        found
            .map(|one| {
                (one.plan.id.clone(), one.owed.data_year, one.owed.due_year, one.owed.finality)
            })
            .collect::<Vec<_>>()
    };
    let accident = owed("140602", ObligationKind::AccidentReturn);
    assert_eq!(accident.len(), 7);
    assert!(accident.iter().all(|(plan, ..)| plan == "SHUOZHOU-2021"));
    assert!(accident.contains(&("SHUOZHOU-2021".to_owned(), 2025, 2025, Finality::Provisional)));
    assert!(accident.contains(&("SHUOZHOU-2021".to_owned(), 2025, 2026, Finality::Final)));
    assert_eq!(owed("140000", ObligationKind::PlanReport).len(), 5);
    assert_eq!(
        owed("140600", ObligationKind::PlanReport).len(),
        0,
        "only provinces report to the ministry"
    );
    assert_eq!(
        owed("370300", ObligationKind::AccidentReturn).len(),
        0,
        "no plan of Shandong that we have asks for it"
    );
}

#[test]
fn a_standing_duty_is_carried_until_a_successor_asks_for_the_same_kind() {
    let mut plans = plans();
    let carried = |plans: &PlanSet| {
        let owed = plans.obligations(&region("140602"), 2029);
        let found = owed
            .iter()
            .filter(|one| one.carried && one.owed.kind == ObligationKind::AccidentReturn);
        found
            .map(|one| (one.owed.id.clone(), one.owed.data_year, one.owed.due_year))
            .collect::<Vec<_>>()
    };
    let whole = carried(&plans);
    assert_eq!(whole.len(), 4);
    assert_eq!(whole[0], ("SHUOZHOU-2021/ACCIDENT_RETURN/2026/FINAL".to_owned(), 2026, 2027));
    assert_eq!(
        plans.obligations(&region("140200"), 2029).iter().filter(|one| one.carried).count(),
        0,
        "no standing rule of Shanxi is known"
    );
    let mut asked = plans.get("SHUOZHOU-2021").expect("a plan").obligations[0].clone();
    (asked.plan, asked.data_year, asked.due_year) = ("NATIONAL-2028".to_owned(), 2028, 2029);
    let mut next = plans.get("NATIONAL-2026").expect("a plan").clone();
    (next.id, next.first_year, next.obligations) = ("NATIONAL-2028".to_owned(), 2028, vec![asked]);
    plans.0.push(next);
    assert_eq!(
        carried(&plans).into_iter().map(|(_, year, _)| year).collect::<Vec<_>>(),
        [2026, 2027],
        "the successor answers for its own years"
    );
}
