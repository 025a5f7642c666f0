//! Plans for work-injury prevention (工伤预防行动计划) as data: member bodies, industries and
//! posts, targets by year, tasks, and who owes which figures to whom.
//!
//! A plan of a lower level refines the one above it. Where it differs it says so in words;
//! [`check`](check::check) rejects a plan that contradicts the one above without saying so. Amounts
//! are whole numbers in the unit given beside them; money is in fen.

use chrono::{Datelike, NaiveDate};

pub mod check;
mod codes;
mod progress;

pub use codes::{
    Comparison, Finality, IndustryRole, JudgingStrictness, ObligationKind, TargetMeasure,
    TargetScope, TaskKind, Unit,
};

pub use progress::{TaskEvent, TaskState, TaskStep};

use super::region::RegionCode;

/// A plan with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Readable identifier: `SHUOZHOU-2021`.
    pub id: String,
    /// Chinese title of the document, as shown to users.
    pub name_zh: String,
    /// English title, as shown to users.
    pub name_en: String,
    /// Official number of the document, such as `晋人社厅发〔2021〕24号`.
    pub document: String,
    /// Region to which it applies; `None` for the whole country.
    pub region: Option<RegionCode>,
    /// First calendar year that the plan covers.
    pub first_year: i32,
    /// Last calendar year that the plan covers, inclusive.
    pub last_year: i32,
    /// Day on which it was issued, if known: nothing is overdue before that day.
    pub issued_on: Option<NaiveDate>,
    /// Year against which its reductions are measured, if stated.
    pub base_year: Option<i32>,
    /// How its targets are judged unless a target says otherwise.
    pub tolerance: JudgingStrictness,
    /// Whether all of its numbers are in the data.
    pub complete: bool,
    /// Length in years of the period over which premiums float, if stated.
    pub float_years: Option<i32>,
    /// Identifier of the plan above it; `None` for the national plan.
    pub parent: Option<String>,
    /// How it differs from the plan above as a whole, in words.
    pub differs: Option<String>,
    /// Key industries and dust industries that the plan names.
    pub industries: Vec<IndustryOfPlan>,
    /// Posts whose holders must be trained.
    pub posts: Vec<PostOfPlan>,
    /// Member bodies, in the order of the document.
    pub members: Vec<Member>,
    /// Targets of all years and industries.
    pub targets: Vec<Target>,
    /// Tasks to be done and terms to be kept.
    pub tasks: Vec<Task>,
    /// Figures and reports that are owed, with their deadlines.
    pub obligations: Vec<Obligation>,
    /// Document and section in which it is found.
    pub source: String,
}

/// An industry of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndustryOfPlan {
    /// Code of the table `key_industry`, such as `COAL_MINE`.
    pub industry: String,
    /// Key or dust industry; an industry that is both has two entries.
    pub role: IndustryRole,
    /// Responsible department, where the plan names one.
    pub department: Option<String>,
    /// Only in plans of 淄博: main line, parallel, or led by a large enterprise; a code such as
    /// `MAIN`.
    pub focus: Option<String>,
    /// Document and section in which it is found.
    pub source: String,
}

/// A post whose holders must be trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostOfPlan {
    /// Code of the table `key_post`, such as `DEPUTY_HEAD`.
    pub post: String,
    /// The wording of the plan, in Chinese.
    pub name_zh: String,
    /// English translation of that wording.
    pub name_en: String,
    /// Common category: `HEAD`, `DEPARTMENT` or `TEAM`.
    pub category: String,
    /// Code of the key industry it applies to; `None` for all industries.
    pub industry: Option<String>,
    /// Document and section in which it is found.
    pub source: String,
}

/// A department that is a member body of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Code of the table `department`, such as `HRSS`.
    pub department: String,
    /// Whether it is the leading department.
    pub leads: bool,
    /// Document and section in which it is found.
    pub source: String,
}

/// A target for the figure of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Identifier made of plan, year, scope and measure: `SHUOZHOU-2021/2024/COAL_MINE/ACCIDENTS`.
    pub id: String,
    /// Identifier of the plan it belongs to.
    pub plan: String,
    /// Calendar year whose figure is judged.
    pub year: i32,
    /// Industries that the figure covers.
    pub scope: TargetScope,
    /// The figure that is measured.
    pub measure: TargetMeasure,
    /// How the figure is compared with the bound or an earlier year.
    pub comparison: Comparison,
    /// Bound, in `unit`; `None` where the comparison needs none.
    pub amount: Option<i64>,
    /// Unit of the amount; `None` without an amount.
    pub unit: Option<Unit>,
    /// Whether the target is judged exactly or is one of “about”.
    pub tolerance: JudgingStrictness,
    /// Code of the responsible department; `None` where the plan names none.
    pub department: Option<String>,
    /// The target in words, in Chinese.
    pub name_zh: String,
    /// The target in words, in English.
    pub name_en: String,
    /// How it differs from the plan above, in words.
    pub differs: Option<String>,
    /// How certain the entry is, if it was not read in the document itself, such as `MEDIUM`.
    pub confidence: Option<String>,
    /// Document and section in which it is found.
    pub source: String,
}

/// A task to be done, or a term to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Identifier made of plan, kind, year and number: `SHANXI-2021/TASK/2021/2`.
    pub id: String,
    /// Calendar year; `None` for every year of the plan.
    pub year: Option<i32>,
    /// Position in the list of its year.
    pub number: i32,
    /// Whether it is a task or a term.
    pub kind: TaskKind,
    /// Codes of the levels of government that carry it out, such as `CITY`.
    pub levels: Vec<String>,
    /// Codes of the departments that carry it out.
    pub departments: Vec<String>,
    /// Dates that it names as deadlines.
    pub due: Vec<NaiveDate>,
    /// Amount of a term, in `unit`; `None` where the term names no number.
    pub amount: Option<i64>,
    /// Unit of the amount; `None` without an amount.
    pub unit: Option<Unit>,
    /// What the hub knows of it by itself; a person confirms it all the same.
    pub known_by: Vec<TaskEvent>,
    /// The wording of the plan, in Chinese.
    pub name_zh: String,
    /// English translation of that wording.
    pub name_en: String,
    /// Document and section in which it is found.
    pub source: String,
}

/// Figures or a report that are due on a day of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Identifier made of plan, kind, data year and finality:
    /// `NATIONAL-2021/PLAN_REPORT/2021/FINAL`.
    pub id: String,
    /// Identifier of the plan it belongs to.
    pub plan: String,
    /// Whether a return, a filing or a report is owed.
    pub kind: ObligationKind,
    /// Codes of the departments that owe it, each for its own figures.
    pub departments: Vec<String>,
    /// Calendar year that the figures describe.
    pub data_year: i32,
    /// Code of the clock rule that sets the due day.
    pub rule: String,
    /// Calendar year in which it is due.
    pub due_year: i32,
    /// Whether provisional or final figures are owed.
    pub finality: Finality,
    /// Whether it recurs every following year, also after the plan has ended, until a successor
    /// asks for the same kind.
    pub standing: bool,
    /// Last day on which a recurring one may be due, if the rule ends.
    pub stands_until: Option<NaiveDate>,
    /// Codes of the levels of government that owe it, each to 人社 of the same level.
    pub levels: Vec<String>,
    /// What is owed, in Chinese.
    pub name_zh: String,
    /// What is owed, in English.
    pub name_en: String,
    /// Document and section in which it is found.
    pub source: String,
}

impl Obligation {
    /// The same obligation for the figures of a later year; `None` if it does not recur, or no
    /// longer.
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
    /// Whether a calendar year lies within the plan.
    #[must_use]
    pub fn covers(&self, year: i32) -> bool {
        (self.first_year..=self.last_year).contains(&year)
    }

    /// Whether it applies in a region: its own region or one below it.
    #[must_use]
    pub fn holds_in(&self, region: &RegionCode) -> bool {
        self.region.as_ref().is_none_or(|own| own.contains(region))
    }

    /// Codes of its industries with this role, in the order of the document.
    #[must_use]
    pub fn industries_of(&self, role: IndustryRole) -> Vec<&str> {
        self.industries
            .iter()
            .filter(|industry| industry.role == role)
            .map(|industry| industry.industry.as_str())
            .collect()
    }

    /// Whether the figures of a scope include an industry.
    #[must_use]
    pub fn in_scope(&self, scope: &TargetScope, industry: &str) -> bool {
        match scope {
            TargetScope::All => true,
            TargetScope::Key => self.industries_of(IndustryRole::Key).contains(&industry),
            TargetScope::Dust => self.industries_of(IndustryRole::Dust).contains(&industry),
            TargetScope::Industry(own) => own == industry,
        }
    }

    /// Targets of a year, for one industry or for all.
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

    /// The year with which its figures are compared, if stated.
    #[must_use]
    pub const fn base_year(&self) -> Option<i32> {
        self.base_year
    }

    /// The day from which something due on `due` can be overdue: not before the plan was issued.
    #[must_use]
    pub fn effective(&self, due: NaiveDate) -> NaiveDate {
        self.issued_on.map_or(due, |issued| issued.max(due))
    }

    /// Whether a day falls within the years of the plan.
    #[must_use]
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        self.covers(day.year())
    }
}

#[cfg(test)]
mod tests;
