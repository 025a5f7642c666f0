//! The plans of the code tables, checked once, and which of them answers for a region and a year.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::{
    domain::{
        code::Coded as _,
        plan::{
            Comparison, Finality, Measure, Member, Obligation, ObligationKind, Plan, PlanIndustry, PlanPost, Role, Scope, Target,
            Task, TaskKind, Tolerance, Unit,
            check::{Known, check},
        },
        region::RegionCode,
    },
    error::HubError,
    store::reference::{Code, Reference},
};

/// Tables whose rows belong to a plan.
const PARTS: [&str; 6] = ["plan_industry", "plan_post", "plan_member", "plan_target", "plan_task", "plan_obligation"];

fn belongs(plans: &[Plan], row: &Code) -> bool {
    row.attributes.get("plan").is_some_and(|own| plans.iter().any(|plan| plan.id == *own))
}

/// All plans.
#[derive(Clone, Debug, Default)]
pub struct Plans(Vec<Plan>);

impl Plans {
    /// The plans of the code tables.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the rows that cannot be read or break a rule, and the rule.
    pub fn load(reference: &Reference) -> Result<Self, HubError> {
        let plans = rows(reference, "plan").map(|row| plan(reference, row)).collect::<Result<Vec<_>, _>>()?;
        if let Some(row) = PARTS.iter().flat_map(|table| rows(reference, table)).find(|row| !belongs(&plans, row)) {
            return Err(Row(row).wrong("plan"));
        }
        let codes = |table: &str| rows(reference, table).map(|row| row.code.clone()).collect::<BTreeSet<_>>();
        let known = Known {
            industries: codes("key_industry"),
            departments: codes("department"),
            posts: codes("key_post"),
            rules: codes("clock_rule"),
        };
        let faults = check(&plans, &known);
        if faults.is_empty() {
            return Ok(Self(plans));
        }
        let list = |say: fn(&crate::domain::plan::check::Fault) -> &str, gap: &str| {
            let lines = faults.iter().take(5).map(|fault| format!("{} [{}] {}", fault.row, fault.rule, say(fault)));
            lines.collect::<Vec<_>>().join(gap)
        };
        Err(HubError::invalid(
            format!("计划数据有 {} 处不合规则：{}。", faults.len(), list(|fault| &fault.zh, "；")),
            format!("The plans break rules in {} places: {}.", faults.len(), list(|fault| &fault.en, "; ")),
        ))
    }

    /// All plans, in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[Plan] {
        &self.0
    }

    /// A plan.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Plan> {
        self.0.iter().find(|plan| plan.id == id)
    }

    /// Plans valid in a region, its own level first, then those above; of one year or all.
    #[must_use]
    pub fn for_region(&self, region: &RegionCode, year: Option<i32>) -> Vec<&Plan> {
        let valid = |plan: &&Plan| plan.holds_in(region) && year.is_none_or(|year| plan.covers(year));
        let mut found: Vec<&Plan> = self.0.iter().filter(valid).collect();
        // The longer the part of the code that counts, the nearer the plan; later years first.
        let nearness = |plan: &Plan| plan.region.as_ref().map_or(0, |region| region.prefix().len());
        found.sort_by_key(|plan| std::cmp::Reverse((nearness(plan), plan.first_year)));
        found
    }

    /// The nearest plan with numbers of its own, all of them or those that are known: by it the region is judged in that year.
    #[must_use]
    pub fn nearest(&self, region: &RegionCode, year: i32) -> Option<&Plan> {
        let plans = self.for_region(region, Some(year));
        plans.iter().find(|plan| plan.complete || !plan.targets.is_empty()).or_else(|| plans.first()).copied()
    }

    /// Targets of a region in a year, each with the plan it stands in. What a nearer plan sets for a measure and industry
    /// takes the place of what the plans above set for it; the rest comes from above.
    #[must_use]
    pub fn targets<'a>(&'a self, region: &RegionCode, year: i32, industry: Option<&'a str>) -> Vec<(&'a Plan, &'a Target)> {
        let mut found: Vec<(&Plan, &Target)> = Vec::new();
        for plan in self.for_region(region, Some(year)) {
            let nearer = found.len();
            for target in plan.targets(year, industry) {
                let set = found.iter().take(nearer).any(|(other, own)| {
                    own.measure == target.measure && (own.scope == target.scope || covers(other, own, plan, target))
                });
                if !set {
                    found.push((plan, target));
                }
            }
        }
        found
    }

    /// What is owed at a region, each kind by the nearest plan that asks for it at this level. What a plan asks for every
    /// year is carried beyond its end, up to the figures of a year, until a plan of later years asks for the same kind.
    #[must_use]
    pub fn obligations(&self, region: &RegionCode, until: i32) -> Vec<Owed<'_>> {
        let level = match region.level().code() {
            // A zone hands in like a county.
            "ZONE" => "COUNTY",
            other => other,
        };
        let mut found: Vec<Owed<'_>> = Vec::new();
        for plan in self.for_region(region, None) {
            let nearer = found.len();
            for owed in plan.obligations.iter().filter(|owed| owed.levels.iter().any(|own| own == level)) {
                let same = |other: &Owed<'_>| {
                    other.owed.kind == owed.kind
                        && other.plan.first_year <= plan.last_year
                        && plan.first_year <= other.plan.last_year
                };
                if !found.iter().take(nearer).any(same) {
                    found.push(Owed { plan, owed: Cow::Borrowed(owed), carried: false });
                }
            }
        }
        let mut carried = Vec::new();
        for standing in found.iter().filter(|one| one.owed.standing) {
            let succeeded = |year: i32| {
                found.iter().any(|other| {
                    other.owed.kind == standing.owed.kind
                        && other.plan.first_year > standing.plan.last_year
                        && other.plan.first_year <= year
                })
            };
            let years = standing.plan.last_year + 1..=until;
            let later = years.filter(|year| !succeeded(*year)).filter_map(|year| standing.owed.carried(year));
            carried.extend(later.map(|owed| Owed { plan: standing.plan, owed: Cow::Owned(owed), carried: true }));
        }
        found.extend(carried);
        found
    }
}

/// Something that a plan asks for at a region.
#[derive(Clone, Debug)]
pub struct Owed<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What it asks for.
    pub owed: Cow<'a, Obligation>,
    /// Whether the plan has ended and its standing rule goes on.
    pub carried: bool,
}

/// Whether a nearer plan's target says something about each industry of a target above.
fn covers(near: &Plan, own: &Target, far: &Plan, above: &Target) -> bool {
    let all = |plan: &Plan, scope: &Scope| -> Vec<String> {
        let listed = match scope {
            Scope::Industry(industry) => return vec![industry.clone()],
            Scope::Key => plan.industries_of(Role::Key),
            Scope::Dust => plan.industries_of(Role::Dust),
            Scope::All => return Vec::new(),
        };
        listed.into_iter().map(ToOwned::to_owned).collect()
    };
    let asked = all(far, &above.scope);
    own.scope == Scope::All || (!asked.is_empty() && asked.iter().all(|industry| near.in_scope(&own.scope, industry)))
}

fn rows<'a>(reference: &'a Reference, table: &str) -> impl Iterator<Item = &'a Code> + use<'a> {
    reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default().iter()
}

/// A row, read column by column; what cannot be read names the row and the column.
struct Row<'a>(&'a Code);

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> Option<String> {
        self.0.attributes.get(column).cloned()
    }

    fn list(&self, column: &str) -> Vec<String> {
        let words = self.0.attributes.get(column).map(String::as_str).unwrap_or_default().split('|');
        words.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
    }

    fn wrong(&self, column: &str) -> HubError {
        let (row, value) = (&self.0.code, self.text(column).unwrap_or_default());
        HubError::invalid(
            format!("计划数据 {row} 的 {column} 列无法识别：“{value}”。请核对 reference/ 下的表。"),
            format!("Column {column} of {row} cannot be read: \"{value}\". Check the table in reference/."),
        )
    }

    fn read<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, HubError> {
        let value = self.0.attributes.get(column);
        value.map(|value| read(value).ok_or_else(|| self.wrong(column))).transpose()
    }

    fn need<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, HubError> {
        self.read(column, read)?.ok_or_else(|| self.wrong(column))
    }

    fn number<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, HubError> {
        self.read(column, |text| text.parse().ok())
    }
}

fn of<'a>(reference: &'a Reference, table: &'static str, plan: &'a str) -> impl Iterator<Item = Row<'a>> {
    rows(reference, table).filter(move |row| row.attributes.get("plan").is_some_and(|own| own == plan)).map(Row)
}

fn plan(reference: &Reference, code: &Code) -> Result<Plan, HubError> {
    let row = Row(code);
    let id = code.code.clone();
    let year = |day: Option<NaiveDate>, column: &str| day.map(|day| day.year()).ok_or_else(|| row.wrong(column));
    let tolerance = row.need("tolerance", Tolerance::from_code)?;
    Ok(Plan {
        name_zh: code.name_zh.clone(),
        name_en: code.name_en.clone(),
        document: code.edition.clone(),
        region: row.read("region", |text| RegionCode::parse(text).ok())?,
        first_year: year(code.valid_from, "valid_from")?,
        last_year: year(code.valid_to, "valid_to")?,
        issued_on: row.number("issued_on")?,
        base_year: row.number("base_year")?,
        tolerance,
        complete: row.need("status", |text| match text {
            "COMPLETE" => Some(true),
            "INCOMPLETE" => Some(false),
            _ => None,
        })?,
        float_years: row.number("float_years")?,
        parent: code.parent.clone(),
        differs: row.text("differs"),
        industries: of(reference, "plan_industry", &id).map(|row| industry(&row)).collect::<Result<_, _>>()?,
        posts: of(reference, "plan_post", &id).map(|row| post(&row)).collect::<Result<_, _>>()?,
        members: of(reference, "plan_member", &id).map(|row| member(&row)).collect::<Result<_, _>>()?,
        targets: of(reference, "plan_target", &id).map(|row| target(&row, &id, tolerance)).collect::<Result<_, _>>()?,
        tasks: of(reference, "plan_task", &id).map(|row| task(&row)).collect::<Result<_, _>>()?,
        obligations: of(reference, "plan_obligation", &id).map(|row| obligation(&row, &id)).collect::<Result<_, _>>()?,
        source: code.source.clone(),
        id,
    })
}

fn word(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn industry(row: &Row<'_>) -> Result<PlanIndustry, HubError> {
    Ok(PlanIndustry {
        industry: row.need("industry", word)?,
        role: row.need("role", Role::from_code)?,
        department: row.text("department"),
        focus: row.text("focus"),
        source: row.0.source.clone(),
    })
}

fn post(row: &Row<'_>) -> Result<PlanPost, HubError> {
    Ok(PlanPost {
        post: row.need("post", word)?,
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        category: row.need("category", word)?,
        industry: row.text("industry"),
        source: row.0.source.clone(),
    })
}

fn member(row: &Row<'_>) -> Result<Member, HubError> {
    Ok(Member {
        department: row.need("department", word)?,
        leads: row.need("role", |text| Some(text == "LEAD"))?,
        source: row.0.source.clone(),
    })
}

fn target(row: &Row<'_>, plan: &str, tolerance: Tolerance) -> Result<Target, HubError> {
    Ok(Target {
        id: row.0.code.clone(),
        plan: plan.to_owned(),
        year: row.need("year", |text| text.parse().ok())?,
        scope: row.need("scope", |text| Some(Scope::from_code(text)))?,
        measure: row.need("measure", Measure::from_code)?,
        comparison: row.need("comparison", Comparison::from_code)?,
        amount: row.number("amount")?,
        unit: row.read("unit", Unit::from_code)?,
        tolerance: row.read("tolerance", Tolerance::from_code)?.unwrap_or(tolerance),
        department: row.text("department"),
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        differs: row.text("differs"),
        confidence: row.text("confidence"),
        source: row.0.source.clone(),
    })
}

fn task(row: &Row<'_>) -> Result<Task, HubError> {
    let due = row.list("due").iter().map(|day| day.parse().map_err(|_| row.wrong("due"))).collect::<Result<_, _>>()?;
    Ok(Task {
        id: row.0.code.clone(),
        year: row.number("year")?,
        number: row.need("number", |text| text.parse().ok())?,
        kind: row.need("kind", TaskKind::from_code)?,
        levels: row.list("levels"),
        departments: row.list("departments"),
        due,
        amount: row.number("amount")?,
        unit: row.read("unit", Unit::from_code)?,
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        source: row.0.source.clone(),
    })
}

fn obligation(row: &Row<'_>, plan: &str) -> Result<Obligation, HubError> {
    Ok(Obligation {
        id: row.0.code.clone(),
        plan: plan.to_owned(),
        kind: row.need("kind", ObligationKind::from_code)?,
        departments: row.list("departments"),
        data_year: row.need("data_year", |text| text.parse().ok())?,
        rule: row.need("rule", word)?,
        due_year: row.need("due_year", |text| text.parse().ok())?,
        finality: row.need("finality", Finality::from_code)?,
        standing: row.read("standing", |text| (text == "yes").then_some(true))?.unwrap_or_default(),
        stands_until: row.0.valid_to,
        levels: row.list("levels"),
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        source: row.0.source.clone(),
    })
}

#[cfg(test)]
mod tests;
