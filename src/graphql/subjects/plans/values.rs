//! From plans to what clients see.

use super::types::{
    Plan, PlanIndustry, PlanMember, PlanObligation, PlanPost, PlanTarget, PlanTask,
};
use crate::{
    domain::{
        plan::{self, IndustryRole, Member, Obligation, Target, TargetScope, Task},
        region::RegionCode,
    },
    graphql::declared::kinds::{Code, Day, Department, Id, KeyIndustry, KeyPost, RegionLevel},
    meeting::rulebook::Rulebook,
};

pub(super) fn plan(rules: &Rulebook, plan: &plan::Plan) -> Plan {
    let region = plan.region.as_ref().map(RegionCode::as_str);
    Plan {
        id: Id(plan.id.clone()),
        name: plan.name_zh.clone(),
        name_en: plan.name_en.clone(),
        document: plan.document.clone(),
        region_code: region.map(ToOwned::to_owned),
        region_name: region.and_then(|code| rules.regions.name(code)).map(ToOwned::to_owned),
        first_year: plan.first_year,
        last_year: plan.last_year,
        issued_on: plan.issued_on.map(Day),
        base_year: plan.base_year,
        tolerance: Code(plan.tolerance),
        complete: plan.complete,
        float_years: plan.float_years,
        parent_id: plan.parent.clone().map(Id),
        differs: plan.differs.clone(),
        industries: plan.industries.iter().map(PlanIndustry::from).collect(),
        posts: plan.posts.iter().map(PlanPost::from).collect(),
        members: plan.members.iter().map(PlanMember::from).collect(),
        targets: plan.targets.iter().map(|own| target(plan, own, None)).collect(),
        tasks: plan.tasks.iter().map(PlanTask::from).collect(),
        obligations: plan.obligations.iter().map(PlanObligation::from).collect(),
        source: plan.source.clone(),
    }
}

impl From<&plan::IndustryOfPlan> for PlanIndustry {
    fn from(own: &plan::IndustryOfPlan) -> Self {
        Self {
            industry: KeyIndustry::from(&own.industry),
            role: Code(own.role),
            department: own.department.as_ref().map(Department::from),
            focus: own.focus.clone(),
            source: own.source.clone(),
        }
    }
}

impl From<&plan::PostOfPlan> for PlanPost {
    fn from(own: &plan::PostOfPlan) -> Self {
        Self {
            post: KeyPost::from(&own.post),
            name: own.name_zh.clone(),
            name_en: own.name_en.clone(),
            category: own.category.clone(),
            industry: own.industry.as_ref().map(KeyIndustry::from),
            source: own.source.clone(),
        }
    }
}

impl From<&Member> for PlanMember {
    fn from(own: &Member) -> Self {
        Self {
            department: Department::from(&own.department),
            leads: own.leads,
            source: own.source.clone(),
        }
    }
}

/// A target as it is asked for at a region.
pub(super) fn target(plan: &plan::Plan, target: &Target, asked: Option<&RegionCode>) -> PlanTarget {
    let (industry, industries) = match &target.scope {
        TargetScope::Industry(own) => (Some(own), vec![own.as_str()]),
        TargetScope::Key => (None, plan.industries_of(IndustryRole::Key)),
        TargetScope::Dust => (None, plan.industries_of(IndustryRole::Dust)),
        TargetScope::All => (None, Vec::new()),
    };
    PlanTarget {
        id: Id(target.id.clone()),
        plan_id: Id(plan.id.clone()),
        plan_region_code: plan.region.as_ref().map(ToString::to_string),
        inherited: asked.is_some_and(|asked| plan.region.as_ref() != Some(asked)),
        year: target.year,
        base_year: plan.base_year.filter(|_| target.comparison.needs_base()),
        scope: target.scope.code().to_owned(),
        industry: industry.map(KeyIndustry::from),
        industries: industries.into_iter().map(KeyIndustry::from).collect(),
        measure: Code(target.measure),
        comparison: Code(target.comparison),
        amount: target.amount,
        unit: target.unit.map(Code),
        tolerance: Code(target.tolerance),
        department: target.department.as_ref().map(Department::from),
        name: target.name_zh.clone(),
        name_en: target.name_en.clone(),
        confidence: target.confidence.clone(),
        differs: target.differs.clone(),
        source: target.source.clone(),
    }
}

impl From<&Task> for PlanTask {
    fn from(own: &Task) -> Self {
        Self {
            id: Id(own.id.clone()),
            year: own.year,
            number: own.number,
            kind: Code(own.kind),
            levels: own.levels.iter().map(RegionLevel::from).collect(),
            departments: own.departments.iter().map(Department::from).collect(),
            due: own.due.iter().copied().map(Day).collect(),
            amount: own.amount,
            unit: own.unit.map(Code),
            name: own.name_zh.clone(),
            name_en: own.name_en.clone(),
            source: own.source.clone(),
        }
    }
}

impl From<&Obligation> for PlanObligation {
    fn from(own: &Obligation) -> Self {
        Self {
            id: Id(own.id.clone()),
            kind: Code(own.kind),
            departments: own.departments.iter().map(Department::from).collect(),
            levels: own.levels.iter().map(RegionLevel::from).collect(),
            data_year: own.data_year,
            due_year: own.due_year,
            rule: own.rule.clone(),
            finality: Code(own.finality),
            standing: own.standing,
            name: own.name_zh.clone(),
            name_en: own.name_en.clone(),
            source: own.source.clone(),
        }
    }
}
