//! Plans for work-injury prevention (工伤预防行动计划) as data: who is a member, which industries
//! and posts they name, what they aim at in which year, what is to be done, and who owes which
//! figures to whom.
//!
//! A plan of a lower level refines the one above it. Where it differs it says so in words;
//! [`check`](check::check) refuses a plan that contradicts the one above silently. Amounts are
//! whole numbers in the unit that stands beside them; money is in fen.

use chrono::{Datelike, NaiveDate};

pub mod check;
mod codes;

pub use codes::{
    Comparison, Finality, IndustryRole, JudgingStrictness, ObligationKind, TargetMeasure,
    TargetScope, TaskKind, Unit,
};

use super::region::RegionCode;

/// A plan with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Readable identifier: `SHUOZHOU-2021`.
    pub id: String,
    /// 中文名称。
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Number of the document.
    pub document: String,
    /// Region it is for; none for the whole country.
    pub region: Option<RegionCode>,
    /// First year.
    pub first_year: i32,
    /// Last year.
    pub last_year: i32,
    /// Day it was issued, where known: nothing is overdue before it.
    pub issued_on: Option<NaiveDate>,
    /// Year its reductions are counted from, where stated.
    pub base_year: Option<i32>,
    /// How its targets are meant unless they say otherwise themselves.
    pub tolerance: JudgingStrictness,
    /// Whether all of its numbers are known here.
    pub complete: bool,
    /// Years of the window in which premiums float, where stated.
    pub float_years: Option<i32>,
    /// Plan above it.
    pub parent: Option<String>,
    /// Where it differs from the plan above as a whole.
    pub differs: Option<String>,
    /// Industries.
    pub industries: Vec<IndustryOfPlan>,
    /// Posts whose holders are trained.
    pub posts: Vec<PostOfPlan>,
    /// Member bodies, in the order of the document.
    pub members: Vec<Member>,
    /// Targets.
    pub targets: Vec<Target>,
    /// Tasks and terms.
    pub tasks: Vec<Task>,
    /// What is owed.
    pub obligations: Vec<Obligation>,
    /// Where it stands.
    pub source: String,
}

/// An industry of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndustryOfPlan {
    /// Code of the key industry.
    pub industry: String,
    /// Key or dust industry; one may be both.
    pub role: IndustryRole,
    /// Responsible department, where the plan names one.
    pub department: Option<String>,
    /// 淄博: main line, parallel, or led by a large enterprise.
    pub focus: Option<String>,
    /// Where it stands.
    pub source: String,
}

/// A post whose holders are trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostOfPlan {
    /// Code of the post.
    pub post: String,
    /// Wording of the plan.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// Common category: `HEAD`, `DEPARTMENT` or `TEAM`.
    pub category: String,
    /// Industry it is for; all of them otherwise.
    pub industry: Option<String>,
    /// Where it stands.
    pub source: String,
}

/// A member body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Department.
    pub department: String,
    /// Whether it leads.
    pub leads: bool,
    /// Where it stands.
    pub source: String,
}

/// What is to be reached in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Identifier: `SHUOZHOU-2021/2024/COAL_MINE/ACCIDENTS`.
    pub id: String,
    /// Identifier of the plan.
    pub plan: String,
    /// Calendar year whose figure is judged.
    pub year: i32,
    /// Industries the figure is made of.
    pub scope: TargetScope,
    /// What is measured.
    pub measure: TargetMeasure,
    /// What it is compared with.
    pub comparison: Comparison,
    /// Bound, in `unit`; none where the comparison needs none.
    pub amount: Option<i64>,
    /// Unit of the amount.
    pub unit: Option<Unit>,
    /// Exact or about.
    pub tolerance: JudgingStrictness,
    /// Responsible department.
    pub department: Option<String>,
    /// In words.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// How it differs from the plan above, in words.
    pub differs: Option<String>,
    /// How sure it is, where it was not read in the document itself.
    pub confidence: Option<String>,
    /// Where it stands.
    pub source: String,
}

/// Something to be done, or a term that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Identifier.
    pub id: String,
    /// Year; every year of the plan otherwise.
    pub year: Option<i32>,
    /// Its number there.
    pub number: i32,
    /// Task or term.
    pub kind: TaskKind,
    /// Codes of the levels that do it.
    pub levels: Vec<String>,
    /// Departments that do it.
    pub departments: Vec<String>,
    /// Days named by it.
    pub due: Vec<NaiveDate>,
    /// Amount of a term, in `unit`.
    pub amount: Option<i64>,
    /// Unit of the amount.
    pub unit: Option<Unit>,
    /// In words.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// Where it stands.
    pub source: String,
}

/// Figures or a report that are owed on a day of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Identifier.
    pub id: String,
    /// Identifier of the plan.
    pub plan: String,
    /// What is owed.
    pub kind: ObligationKind,
    /// Departments that owe it, each its own.
    pub departments: Vec<String>,
    /// Year the figures are of.
    pub data_year: i32,
    /// Code of the clock rule that says the day.
    pub rule: String,
    /// Year in which it is due.
    pub due_year: i32,
    /// Provisional or final.
    pub finality: Finality,
    /// Whether it is owed again every year after, also when the plan has ended, until a successor
    /// asks for the same kind.
    pub standing: bool,
    /// Last day on which a standing one may be due, where the rule ends.
    pub stands_until: Option<NaiveDate>,
    /// Codes of the levels that owe it, each to 人社 of the same level.
    pub levels: Vec<String>,
    /// In words.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// Where it stands.
    pub source: String,
}

impl Obligation {
    /// The same for the figures of a later year; none where it does not stand, or no longer.
    #[must_use]
    pub fn carried(&self, year: i32) -> Option<Self> {
        let later = year.checked_sub(self.data_year).filter(|later| self.standing && *later > 0)?;
        let due_year = self.due_year.checked_add(later)?;
        if self.stands_until.is_some_and(|end| end.year() < due_year) {
            return None;
        }
        let (old, new) = (self.data_year.to_string(), year.to_string());
        Some(Self {
            id: self.id.replace(&format!("/{old}/"), &format!("/{new}/")),
            data_year: year,
            due_year,
            name_zh: self.name_zh.replace(&old, &new),
            name_en: self.name_en.replace(&old, &new),
            ..self.clone()
        })
    }
}

impl Plan {
    /// Whether it covers a year.
    #[must_use]
    pub fn covers(&self, year: i32) -> bool {
        (self.first_year..=self.last_year).contains(&year)
    }

    /// Whether it is valid in a region: its own or one below.
    #[must_use]
    pub fn holds_in(&self, region: &RegionCode) -> bool {
        self.region.as_ref().is_none_or(|own| own.contains(region))
    }

    /// Codes of its industries of a role, in order.
    #[must_use]
    pub fn industries_of(&self, role: IndustryRole) -> Vec<&str> {
        self.industries
            .iter()
            .filter(|industry| industry.role == role)
            .map(|industry| industry.industry.as_str())
            .collect()
    }

    /// Whether a figure of that scope holds an industry.
    #[must_use]
    pub fn in_scope(&self, scope: &TargetScope, industry: &str) -> bool {
        match scope {
            TargetScope::All => true,
            TargetScope::Key => self.industries_of(IndustryRole::Key).contains(&industry),
            TargetScope::Dust => self.industries_of(IndustryRole::Dust).contains(&industry),
            TargetScope::Industry(own) => own == industry,
        }
    }

    /// Targets of a year, of one industry or all.
    pub fn targets<'a>(
        &'a self,
        year: i32,
        industry: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Target> {
        let of = move |target: &&Target| {
            industry.is_none_or(|industry| self.in_scope(&target.scope, industry))
        };
        self.targets.iter().filter(move |target| target.year == year).filter(of)
    }

    /// The year its figures are compared with, where stated.
    #[must_use]
    pub const fn base_year(&self) -> Option<i32> {
        self.base_year
    }

    /// The day from which something due on another day can be overdue: not before the plan was
    /// issued.
    #[must_use]
    pub fn effective(&self, due: NaiveDate) -> NaiveDate {
        self.issued_on.map_or(due, |issued| issued.max(due))
    }

    /// Whether a day lies in its years.
    #[must_use]
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        self.covers(day.year())
    }
}

#[cfg(test)]
mod tests;
