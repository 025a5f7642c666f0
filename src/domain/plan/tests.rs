use std::collections::BTreeSet;

use super::{
    Comparison, IndustryOfPlan, IndustryRole, JudgingStrictness, Member, Plan, Target,
    TargetMeasure, TargetScope, Unit,
    check::{KnownCodes, check},
};
use crate::domain::region::RegionCode;

fn known() -> KnownCodes {
    let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>();
    KnownCodes {
        industries: set(&["COAL_MINE", "MACHINERY"]),
        departments: set(&["HRSS", "EMERGENCY", "INDUSTRY"]),
        posts: set(&[]),
        rules: set(&[]),
    }
}

fn plan(id: &str, region: Option<&str>, parent: Option<&str>) -> Plan {
    let industry = |code: &str| IndustryOfPlan {
        industry: code.to_owned(),
        role: IndustryRole::Key,
        department: Some("EMERGENCY".to_owned()),
        focus: None,
        source: String::new(),
    };
    Plan {
        id: id.to_owned(),
        name_zh: String::new(),
        name_en: String::new(),
        document: String::new(),
        region: region.map(|code| RegionCode::parse(code).expect("a region")),
        first_year: 2021,
        last_year: 2025,
        issued_on: None,
        base_year: Some(2019),
        tolerance: JudgingStrictness::Exact,
        complete: true,
        float_years: None,
        parent: parent.map(ToOwned::to_owned),
        differs: None,
        industries: vec![industry("COAL_MINE"), industry("MACHINERY")],
        posts: vec![],
        members: vec![Member { department: "HRSS".to_owned(), leads: true, source: String::new() }],
        targets: vec![],
        tasks: vec![],
        obligations: vec![],
        source: String::new(),
    }
}

fn target(plan: &str, scope: TargetScope, comparison: Comparison, amount: Option<i64>) -> Target {
    Target {
        id: format!("{plan}/2024/{}/{}", scope.code(), amount.unwrap_or_default()),
        plan: plan.to_owned(),
        year: 2024,
        scope,
        measure: TargetMeasure::Accidents,
        comparison,
        amount,
        unit: amount.map(|_| Unit::Percent),
        tolerance: JudgingStrictness::Exact,
        department: Some("EMERGENCY".to_owned()),
        name_zh: String::new(),
        name_en: String::new(),
        differs: None,
        confidence: None,
        source: String::new(),
    }
}

fn coal() -> TargetScope {
    TargetScope::Industry("COAL_MINE".to_owned())
}

/// Rules broken, with the rows.
fn broken(plans: &[Plan]) -> Vec<(String, &'static str)> {
    check(plans, &known()).into_iter().map(|fault| (fault.row, fault.rule)).collect()
}

fn with(mut plan: Plan, targets: Vec<Target>) -> Plan {
    plan.targets = targets;
    plan
}

#[test]
fn two_targets_for_the_same_industry_year_and_measure_overlap() {
    let one = target("P", coal(), Comparison::ReducedBy, Some(15));
    let all = target("P", TargetScope::Key, Comparison::ReducedBy, Some(10));
    let other =
        target("P", TargetScope::Industry("MACHINERY".to_owned()), Comparison::ReducedBy, Some(15));
    assert_eq!(broken(&[with(plan("P", None, None), vec![one.clone(), other])]), []);
    assert_eq!(
        broken(&[with(plan("P", None, None), vec![one, all.clone()])]),
        [(all.id, "TARGET_OVERLAP")]
    );
}

#[test]
fn a_reduction_needs_a_base_year_that_is_not_zero_and_lies_before_the_plan() {
    let one = target("P", coal(), Comparison::ReducedBy, Some(15));
    let mut without = with(plan("P", None, None), vec![one.clone()]);
    without.base_year = None;
    assert_eq!(broken(std::slice::from_ref(&without)), [(one.id, "BASE_YEAR")]);
    without.complete = false;
    assert_eq!(broken(std::slice::from_ref(&without)), [], "of an incomplete plan it is not known");
    for year in [0, 2021, 2030] {
        without.base_year = Some(year);
        assert_eq!(
            broken(std::slice::from_ref(&without)),
            [("P".to_owned(), "BASE_YEAR")],
            "{year}"
        );
    }
}

#[test]
fn unknown_codes_are_named() {
    let mut wrong = plan("P", None, None);
    wrong.industries[0].industry = "SPACE".to_owned();
    wrong.industries[1].department = Some("NAVY".to_owned());
    assert_eq!(
        broken(&[wrong]),
        [("P".to_owned(), "UNKNOWN_INDUSTRY"), ("P".to_owned(), "UNKNOWN_DEPARTMENT")]
    );
}

#[test]
fn a_lower_plan_may_ask_for_more_and_must_say_when_it_asks_for_less() {
    let above = with(
        plan("ABOVE", None, None),
        vec![target("ABOVE", TargetScope::Key, Comparison::ReducedBy, Some(15))],
    );
    let below = |comparison, amount| {
        let own = target("BELOW", coal(), comparison, amount);
        with(plan("BELOW", Some("140600"), Some("ABOVE")), vec![own])
    };
    let refined = below(Comparison::ReducedBy, Some(18));
    assert_eq!(broken(&[above.clone(), refined]), []);
    for (comparison, amount) in [
        (Comparison::ReducedBy, Some(10)),
        (Comparison::BelowBase, None),
        (Comparison::Falls, None),
    ] {
        let mut less = below(comparison, amount);
        let row = less.targets[0].id.clone();
        assert_eq!(
            broken(&[above.clone(), less.clone()]),
            [(row, "SILENT_DIFFERENCE")],
            "{comparison:?}"
        );
        less.targets[0].differs = Some("本市煤矿已整合".to_owned());
        assert_eq!(broken(&[above.clone(), less]), []);
    }
    let mut other_base = below(Comparison::ReducedBy, Some(15));
    other_base.base_year = Some(2018);
    assert_eq!(
        broken(&[above.clone(), other_base.clone()]).first().map(|(_, rule)| *rule),
        Some("SILENT_DIFFERENCE")
    );
}

#[test]
fn a_member_or_an_industry_left_out_is_said() {
    let mut above = plan("ABOVE", None, None);
    above.members.push(Member {
        department: "INDUSTRY".to_owned(),
        leads: false,
        source: String::new(),
    });
    let mut below = plan("BELOW", Some("370300"), Some("ABOVE"));
    below.industries.pop();
    let silent = ("BELOW".to_owned(), "SILENT_DIFFERENCE");
    assert_eq!(broken(&[above.clone(), below.clone()]), [silent.clone(), silent]);
    below.differs = Some("没有工信，机械制造不列".to_owned());
    assert_eq!(broken(&[above, below]), []);
}

#[test]
fn two_plans_of_a_region_do_not_share_a_year_and_plans_above_exist() {
    let (one, mut two) =
        (plan("ONE", Some("140600"), None), plan("TWO", Some("140600"), Some("NONE")));
    two.first_year = 2025;
    two.last_year = 2030;
    assert_eq!(
        broken(&[one, two]),
        [("TWO".to_owned(), "PLAN_OVERLAP"), ("TWO".to_owned(), "PLAN_PARENT")]
    );
    let (mut one, mut two) =
        (plan("ONE", None, Some("TWO")), plan("TWO", Some("140000"), Some("ONE")));
    one.region = None;
    two.region = RegionCode::parse("140000").ok();
    assert!(broken(&[one, two]).iter().all(|(_, rule)| *rule == "PLAN_PARENT"), "a circle ends");
}

#[test]
fn amounts_are_whole_and_possible() {
    for (comparison, amount) in [
        (Comparison::AtLeast, None),
        (Comparison::AtLeast, Some(-1)),
        (Comparison::AtLeast, Some(101)),
    ] {
        let one = target("P", coal(), comparison, amount);
        let row = one.id.clone();
        assert_eq!(
            broken(&[with(plan("P", None, None), vec![one])]),
            [(row, "TARGET_AMOUNT")],
            "{amount:?}"
        );
    }
}
