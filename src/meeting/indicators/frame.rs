//! The basis on which a sheet is judged: the plan of the region, its industries, and its targets as
//! goals of indicators.

use chrono::NaiveDate;

use crate::{
    domain::{
        fraction::Fraction,
        indicator::{Goal, Indicator, TargetTolerance},
        plan::{self, Comparison, IndustryRole, Plan, Target, TargetMeasure, TargetScope, Unit},
        region::RegionCode,
    },
    meeting::plans::PlanSet,
    store::{meeting::figures::CountedPosts, reference::Reference},
};

/// Base year where a plan names none: domain reference §1.1.
const BASE_YEAR: i32 = 2019;

/// The industries that a figure covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndustryGroup {
    /// All key industries of the plan together.
    Key,
    /// All dust industries of the plan together.
    Dust,
    /// Everything in the region, including records that belong to no key industry.
    All,
    /// One industry, by its code of the table `key_industry`.
    Industry(String),
}

impl IndustryGroup {
    /// Stable code: `KEY`, `DUST`, `ALL` or the code of the industry.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Key => "KEY",
            Self::Dust => "DUST",
            Self::All => "ALL",
            Self::Industry(code) => code,
        }
    }

    /// Code of the industry; `None` for a group of several.
    #[must_use]
    pub fn industry(&self) -> Option<&str> {
        match self {
            Self::Industry(code) => Some(code),
            Self::Key | Self::Dust | Self::All => None,
        }
    }

    fn is(&self, scope: &TargetScope) -> bool {
        match (self, scope) {
            (Self::Industry(own), TargetScope::Industry(other)) => own == other,
            (Self::Key, TargetScope::Key)
            | (Self::Dust, TargetScope::Dust)
            | (Self::All, TargetScope::All) => true,
            _ => false,
        }
    }
}

/// A target in the form in which an indicator is judged by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Identifier of the target: `SHUOZHOU-2021/2024/COAL_MINE/ACCIDENTS`.
    pub id: String,
    /// The target in words, in Chinese.
    pub name_zh: String,
    /// The target in words, in English.
    pub name_en: String,
    /// Code of the department responsible for it, where the plan names one.
    pub department: Option<String>,
    /// The value or change that must be reached.
    pub goal: Goal,
    /// Whether it is judged exactly or is one of “about”.
    pub tolerance: TargetTolerance,
}

/// A plan together with the other plans that apply, in the form a sheet needs.
#[derive(Clone, Debug)]
pub struct JudgingBasis {
    /// The plan; `None` where no plan applies to the region and year.
    pub plan: Option<Plan>,
    /// The plans that apply, nearest first: what one does not regulate is taken from the next.
    chain: Vec<Plan>,
    /// Year shown as the base, whether or not the plan names one.
    pub base_year: i32,
    /// Codes of the key industries, in the order of the plan.
    pub key: Vec<String>,
    /// Codes of the dust industries, in the order of the plan.
    pub dust: Vec<String>,
    /// Key posts that are counted, and the first day of trainings that count.
    pub posts: CountedPosts,
}

impl JudgingBasis {
    /// The basis for a region and year, by the given plan or by the nearest one.
    #[must_use]
    pub fn new(
        plans: &PlanSet,
        reference: &Reference,
        region: &RegionCode,
        year: i32,
        plan: Option<&Plan>,
    ) -> Self {
        let before = || {
            plans
                .for_region(region, None)
                .into_iter()
                .filter(|plan| plan.first_year >= year)
                .min_by_key(|plan| plan.first_year)
        };
        let nearest = plans.nearest(region, year);
        // A plan requested by its identifier applies alone with those above it.
        let chain = match (plan, nearest) {
            (None, Some(_)) => plans.for_region(region, Some(year)).into_iter().cloned().collect(),
            (named, _) => upwards(plans, named.or_else(before)),
        };
        let plan = plan.or(nearest).or_else(before);
        let all = || chain.iter();
        let named = all().find_map(|plan| plan.base_year);
        let first = plan.map_or(year, |plan| plan.first_year);
        let base_year = named.unwrap_or(if first <= 2025 { BASE_YEAR } else { first - 1 });
        let industries = |role: IndustryRole, attribute: &str| {
            let of_plan = all().map(|plan| plan.industries_of(role)).find(|list| !list.is_empty());
            let own = |list: Vec<&str>| list.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
            of_plan.map_or_else(|| marked(reference, attribute), own)
        };
        let (key, dust) = (
            industries(IndustryRole::Key, "safety_target"),
            industries(IndustryRole::Dust, "dust"),
        );
        let posts = posts(&chain);
        Self { plan: plan.cloned(), base_year, key, dust, posts, chain }
    }

    /// Codes of the industries in a group.
    #[must_use]
    pub fn members<'a>(&'a self, group: &'a IndustryGroup) -> Vec<&'a String> {
        match group {
            IndustryGroup::Industry(code) => vec![code],
            IndustryGroup::Key => self.key.iter().collect(),
            IndustryGroup::Dust => self.dust.iter().collect(),
            IndustryGroup::All => self.industries(),
        }
    }

    /// First and last year that are judged.
    #[must_use]
    pub fn years(&self) -> (i32, i32) {
        self.plan.as_ref().map_or((i32::MAX, i32::MIN), |plan| (plan.first_year, plan.last_year))
    }

    /// Groups of an indicator: the total first, then each industry.
    #[must_use]
    pub fn groups(&self, indicator: Indicator) -> Vec<IndustryGroup> {
        let (whole, each): (IndustryGroup, Vec<&String>) = match indicator {
            Indicator::I1 | Indicator::I2 | Indicator::I4 | Indicator::I6 | Indicator::I16 => {
                (IndustryGroup::Key, self.key.iter().collect())
            }
            Indicator::I3 | Indicator::I5 | Indicator::I11 => {
                (IndustryGroup::Dust, self.dust.iter().collect())
            }
            Indicator::I7 | Indicator::I9 | Indicator::I15 => {
                (IndustryGroup::All, self.industries())
            }
            Indicator::I8 | Indicator::I10 => (IndustryGroup::All, Vec::new()),
        };
        std::iter::once(whole)
            .chain(each.into_iter().cloned().map(IndustryGroup::Industry))
            .collect()
    }

    /// Key and dust industries, each once.
    #[must_use]
    pub fn industries(&self) -> Vec<&String> {
        let mut all: Vec<&String> = self.key.iter().collect();
        all.extend(self.dust.iter().filter(|code| !self.key.contains(code)));
        all
    }

    /// Whether a group includes an industry; `None` stands for records without industry.
    #[must_use]
    pub fn holds(&self, group: &IndustryGroup, industry: Option<&str>) -> bool {
        let among = |list: &[String]| {
            industry.is_some_and(|industry| list.iter().any(|own| own == industry))
        };
        match group {
            IndustryGroup::All => true,
            IndustryGroup::Key => among(&self.key),
            IndustryGroup::Dust => among(&self.dust),
            IndustryGroup::Industry(own) => industry == Some(own),
        }
    }

    /// The target of an indicator for a group in a year: that of the plan, else of the nearest plan
    /// above that sets one.
    #[must_use]
    pub fn aim(&self, indicator: Indicator, group: &IndustryGroup, year: i32) -> Option<Aim> {
        let measures: &[TargetMeasure] = match indicator {
            Indicator::I1 => &[TargetMeasure::Accidents],
            Indicator::I2 => &[TargetMeasure::Casualties],
            Indicator::I3 => &[TargetMeasure::PneumoconiosisRatio],
            Indicator::I4 => &[TargetMeasure::SafetyTraining],
            Indicator::I5 => &[TargetMeasure::HealthTraining],
            Indicator::I6 => &[TargetMeasure::InjuryRate],
            Indicator::I16 => &[TargetMeasure::PostTraining],
            _ => &[],
        };
        let of = |target: &&Target| {
            target.year == year && measures.contains(&target.measure) && group.is(&target.scope)
        };
        self.chain.iter().find_map(|plan| plan.targets.iter().find(of)).and_then(aim)
    }
}

/// A plan and those above it, nearest first.
fn upwards(plans: &PlanSet, plan: Option<&Plan>) -> Vec<Plan> {
    let mut chain: Vec<Plan> = Vec::new();
    let mut next = plan;
    while let Some(found) = next.filter(|_| chain.len() < 8) {
        chain.push(found.clone());
        next = found.parent.as_deref().and_then(|id| plans.get(id));
    }
    chain
}

/// The posts named by the nearest plan that names any. Coverage is counted from the first day of
/// the highest plan, because the plan of a city or of a single year implements that plan.
fn posts(chain: &[Plan]) -> CountedPosts {
    let named = chain
        .iter()
        .map(|plan| plan.posts.as_slice())
        .find(|posts| !posts.is_empty())
        .unwrap_or_default();
    let first = chain
        .iter()
        .map(|plan| plan.first_year)
        .min()
        .and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    CountedPosts {
        posts: named.iter().map(|post| (post.post.clone(), post.industry.clone())).collect(),
        since: first,
    }
}

fn aim(target: &Target) -> Option<Aim> {
    let share = match (target.amount, target.unit) {
        (Some(amount), Some(Unit::Percent)) => i32::try_from(amount).ok().map(Fraction::hundredths),
        _ => None,
    };
    let goal = match target.comparison {
        Comparison::BelowBase => Goal::BelowBase,
        Comparison::Falls => Goal::Falls,
        Comparison::ReducedBy => Goal::ReducedBy(share?),
        Comparison::AtLeast => Goal::AtLeast(share?),
        Comparison::AtMost => Goal::AtMost(share?),
    };
    let tolerance = match target.tolerance {
        plan::JudgingStrictness::Exact => TargetTolerance::Exact,
        plan::JudgingStrictness::About => TargetTolerance::About,
    };
    let (id, name_zh, name_en) =
        (target.id.clone(), target.name_zh.clone(), target.name_en.clone());
    Some(Aim { id, name_zh, name_en, department: target.department.clone(), goal, tolerance })
}

/// Industries that have this attribute in the code table, used where no plan names any.
pub(super) fn marked(reference: &Reference, attribute: &str) -> Vec<String> {
    let codes =
        reference.table("key_industry").map(|table| table.codes.as_slice()).unwrap_or_default();
    let is = |code: &&crate::store::reference::ReferenceCode| {
        code.attributes.get(attribute).is_some_and(|word| word == "yes")
    };
    codes.iter().filter(is).map(|code| code.code.clone()).collect()
}
