//! Reads plans from their tables, row by row; what cannot be read names table, row and column.

use chrono::{Datelike, NaiveDate};

use crate::{
    domain::{
        code::Coded as _,
        plan::{
            Comparison, Finality, IndustryOfPlan, IndustryRole, JudgingStrictness, Member,
            Obligation, ObligationKind, Plan, PostOfPlan, Target, TargetMeasure, TargetScope, Task,
            TaskEvent, TaskKind, Unit,
        },
        region::RegionCode,
    },
    error::HubError,
    store::reference::{Reference, ReferenceCode},
};

pub(super) fn rows<'a>(
    reference: &'a Reference,
    table: &str,
) -> impl Iterator<Item = &'a ReferenceCode> + use<'a> {
    reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default().iter()
}

/// A row, read column by column; what cannot be read names the row and the column.
pub(super) struct PlanRow<'a>(pub(super) &'a ReferenceCode);

impl<'a> PlanRow<'a> {
    fn text(&self, column: &str) -> Option<String> {
        self.0.attributes.get(column).cloned()
    }

    fn list(&self, column: &str) -> Vec<String> {
        let words =
            self.0.attributes.get(column).map(String::as_str).unwrap_or_default().split('|');
        words.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
    }

    pub(super) fn wrong(&self, column: &str) -> HubError {
        let (row, value) = (&self.0.code, self.text(column).unwrap_or_default());
        HubError::invalid(
            format!("计划数据 {row} 的 {column} 列无法识别：“{value}”。请核对 reference/ 下的表。"),
            format!(
                "Column {column} of {row} cannot be read: \"{value}\". Check the table in reference/."
            ),
        )
    }

    fn read<T>(
        &self,
        column: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, HubError> {
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

pub(super) fn of<'a>(
    reference: &'a Reference,
    table: &'static str,
    plan: &'a str,
) -> impl Iterator<Item = PlanRow<'a>> {
    rows(reference, table)
        .filter(move |row| row.attributes.get("plan").is_some_and(|own| own == plan))
        .map(PlanRow)
}

pub(super) fn plan(reference: &Reference, code: &ReferenceCode) -> Result<Plan, HubError> {
    let row = PlanRow(code);
    let id = code.code.clone();
    let year = |day: Option<NaiveDate>, column: &str| {
        day.map(|day| day.year()).ok_or_else(|| row.wrong(column))
    };
    let tolerance = row.need("tolerance", JudgingStrictness::from_code)?;
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
        industries: of(reference, "plan_industry", &id)
            .map(|row| industry(&row))
            .collect::<Result<_, _>>()?,
        posts: of(reference, "plan_post", &id).map(|row| post(&row)).collect::<Result<_, _>>()?,
        members: of(reference, "plan_member", &id)
            .map(|row| member(&row))
            .collect::<Result<_, _>>()?,
        targets: of(reference, "plan_target", &id)
            .map(|row| target(&row, &id, tolerance))
            .collect::<Result<_, _>>()?,
        tasks: of(reference, "plan_task", &id).map(|row| task(&row)).collect::<Result<_, _>>()?,
        obligations: of(reference, "plan_obligation", &id)
            .map(|row| obligation(&row, &id))
            .collect::<Result<_, _>>()?,
        source: code.source.clone(),
        id,
    })
}

pub(super) fn word(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(super) fn industry(row: &PlanRow<'_>) -> Result<IndustryOfPlan, HubError> {
    Ok(IndustryOfPlan {
        industry: row.need("industry", word)?,
        role: row.need("role", IndustryRole::from_code)?,
        department: row.text("department"),
        focus: row.text("focus"),
        source: row.0.source.clone(),
    })
}

pub(super) fn post(row: &PlanRow<'_>) -> Result<PostOfPlan, HubError> {
    Ok(PostOfPlan {
        post: row.need("post", word)?,
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        category: row.need("category", word)?,
        industry: row.text("industry"),
        source: row.0.source.clone(),
    })
}

pub(super) fn member(row: &PlanRow<'_>) -> Result<Member, HubError> {
    Ok(Member {
        department: row.need("department", word)?,
        leads: row.need("role", |text| Some(text == "LEAD"))?,
        source: row.0.source.clone(),
    })
}

pub(super) fn target(
    row: &PlanRow<'_>,
    plan: &str,
    tolerance: JudgingStrictness,
) -> Result<Target, HubError> {
    Ok(Target {
        id: row.0.code.clone(),
        plan: plan.to_owned(),
        year: row.need("year", |text| text.parse().ok())?,
        scope: row.need("scope", |text| Some(TargetScope::from_code(text)))?,
        measure: row.need("measure", TargetMeasure::from_code)?,
        comparison: row.need("comparison", Comparison::from_code)?,
        amount: row.number("amount")?,
        unit: row.read("unit", Unit::from_code)?,
        tolerance: row.read("tolerance", JudgingStrictness::from_code)?.unwrap_or(tolerance),
        department: row.text("department"),
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        differs: row.text("differs"),
        confidence: row.text("confidence"),
        source: row.0.source.clone(),
    })
}

pub(super) fn task(row: &PlanRow<'_>) -> Result<Task, HubError> {
    let due = row
        .list("due")
        .iter()
        .map(|day| day.parse().map_err(|_| row.wrong("due")))
        .collect::<Result<_, _>>()?;
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
        known_by: row
            .list("known_by")
            .iter()
            .map(|code| TaskEvent::from_code(code).ok_or_else(|| row.wrong("known_by")))
            .collect::<Result<_, _>>()?,
        name_zh: row.0.name_zh.clone(),
        name_en: row.0.name_en.clone(),
        source: row.0.source.clone(),
    })
}

pub(super) fn obligation(row: &PlanRow<'_>, plan: &str) -> Result<Obligation, HubError> {
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
