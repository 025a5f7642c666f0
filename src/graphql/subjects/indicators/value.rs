//! The sheet as one value, with names and sentences in the caller's language; parts that are not selected are left out.

use serde_json::{Value, json};

use crate::{
    domain::{
        fraction::Fraction,
        indicator::{Count, Indicator},
    },
    error::Language,
    graphql::projected::Form,
    meeting::indicators::{Figure, Group, Owed, Parts, Point, Sheet, SignedFigure, Tally},
    store::reference::Reference,
};

/// What telling needs.
pub struct Told<'a> {
    /// Names.
    pub reference: &'a Reference,
    /// Language of sentences.
    pub language: Language,
    /// What is selected.
    pub form: &'a Form,
}

impl Told<'_> {
    /// The value of a sheet.
    #[must_use]
    pub fn sheet(&self, sheet: &Sheet) -> Value {
        let plan = sheet.frame.plan.as_ref();
        let name = |code: &str| self.reference.region_name(code);
        let list = |name: &str, make: &dyn Fn() -> Value| if self.form.selects(name) { make() } else { Value::Null };
        json!({
            "region": sheet.region.as_str(),
            "regionName": name(sheet.region.as_str()),
            "year": sheet.year,
            "plan": plan.map(|plan| plan.id.as_str()),
            "planName": plan.map(|plan| if self.english() { plan.name_en.as_str() } else { plan.name_zh.as_str() }),
            "incompletePlan": plan.is_some_and(|plan| !plan.complete),
            "baseYear": sheet.frame.base_year,
            "casualtyBasis": sheet.basis.casualties.code(),
            "denominatorBasis": sheet.basis.denominator.code(),
            "injuryBasis": sheet.basis.injuries.code(),
            "diseaseYearBasis": sheet.basis.disease_year.code(),
            "provisional": sheet.provisional,
            "protected": sheet.protected,
            "position": sheet.position,
            "accidentTypeEditions": sheet.accident_type_editions,
            "diseaseEditions": sheet.disease_editions,
            "rows": list("rows", &|| sheet.figures.iter().map(|figure| self.figure(figure)).collect()),
            "differences": sheet.differences.iter().map(|own| json!({
                "indicator": own.indicator.code(), "scope": own.group.code(), "industry": own.group.industry(),
                "own": own.own, "sum": own.sum,
            })).collect::<Vec<_>>(),
            "series": list("series", &|| sheet.series.iter().map(|line| json!({
                "measure": line.measure.code(), "scope": line.group.code(), "industry": line.group.industry(),
                "points": line.points.iter().map(point).collect::<Vec<_>>(),
                "stair": line.stair.iter().map(|(year, most)| json!({
                    "year": year, "numerator": most.numerator(), "denominator": most.denominator(), "provisional": false,
                })).collect::<Vec<_>>(),
            })).collect()),
            "accidentTypes": sheet.accident_types.iter().map(tally).collect::<Vec<_>>(),
            "heat": {
                "industries": sheet.heat.industries,
                "rows": sheet.heat.rows.iter().map(|row| json!({
                    "region": row.region.as_str(), "regionName": name(row.region.as_str()),
                    "counts": row.counts.iter().map(|count| count.number()).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
            },
            "exposure": sheet.exposure.iter().map(tally).collect::<Vec<_>>(),
            "factors": sheet.factors.iter().map(tally).collect::<Vec<_>>(),
        })
    }

    fn english(&self) -> bool {
        self.language == Language::English
    }

    fn figure(&self, figure: &Figure) -> Value {
        let (indicator, judged) = (figure.indicator, &figure.judgement);
        let aim = figure.aim.as_ref();
        let english = self.english();
        json!({
            "indicator": indicator.code(),
            "label": if english { indicator.label_en() } else { indicator.label_zh() },
            "region": figure.region.as_str(),
            "regionName": self.reference.region_name(figure.region.as_str()),
            "scope": figure.group.code(),
            "industry": figure.group.industry(),
            "industryLabel": self.label(&figure.group),
            "formula": indicator.formula().code(),
            "money": indicator.money(),
            "numerator": figure.now.numerator.number(),
            "denominator": figure.now.denominator.number(),
            "value": judged.value.map(|value| value.to_string()),
            "shown": shown(indicator, judged.value),
            "lastYear": parts(indicator, &figure.last_year),
            "baseYear": parts(indicator, &figure.base_year),
            "target": aim.map(|aim| if english { aim.name_en.as_str() } else { aim.name_zh.as_str() }),
            "targetId": aim.map(|aim| aim.id.as_str()),
            "department": aim.and_then(|aim| aim.department.as_deref()),
            "most": judged.most,
            "outcome": judged.outcome.code(),
            "together": figure.together.map(|outcome| outcome.code()),
            "reasonCode": judged.reason.code(),
            "reason": figure.reason(self.reference, self.language),
            "provisional": figure.provisional,
            "missing": figure.missing.iter().map(|owed| self.owed(owed)).collect::<Vec<_>>(),
            "unsigned": figure.unsigned.iter().map(|owed| self.owed(owed)).collect::<Vec<_>>(),
            "signed": figure.signed.iter().map(|own| signed(figure, own)).collect::<Vec<_>>(),
            "unknownExposure": figure.unknown,
            "reduction": figure.reduction.map(Fraction::percent),
            "records": figure.records.as_ref().map(|own| json!({"field": own.field, "where": own.filter})),
        })
    }

    fn owed(&self, owed: &Owed) -> Value {
        json!({
            "what": owed.what.code(),
            "label": if self.english() { owed.what.name_en() } else { owed.what.name_zh() },
            "year": owed.year,
            "departments": owed.departments,
        })
    }

    fn label<'b>(&'b self, group: &'b Group) -> &'b str {
        match (group, self.english()) {
            (Group::Industry(code), _) => self.reference.label("key_industry", code).unwrap_or(code),
            (Group::Key, false) => "重点行业合计",
            (Group::Dust, false) => "涉尘行业合计",
            (Group::All, false) => "全部",
            (Group::Key, true) => "Key industries together",
            (Group::Dust, true) => "Dust industries together",
            (Group::All, true) => "All",
        }
    }
}

/// A value with one decimal, or a dash.
fn shown(indicator: Indicator, value: Option<Fraction>) -> String {
    Figure::printed(indicator, value).unwrap_or_else(|| "—".to_owned())
}

fn signed(figure: &Figure, own: &SignedFigure) -> Value {
    let recorded = figure.recorded(own);
    json!({
        "year": own.year,
        "finality": own.finality.code(),
        "signed": own.signed,
        "whole": own.whole,
        "recordedThen": own.records,
        "recorded": recorded,
        "difference": recorded.map(|recorded| own.signed - recorded),
        "explanation": (!own.explanations.is_empty()).then(|| own.explanations.join("；")),
    })
}

fn parts(indicator: Indicator, parts: &Parts) -> Value {
    json!({
        "year": parts.year,
        "numerator": parts.numerator.number(),
        "denominator": parts.denominator.number(),
        "value": parts.value.map(|value| value.to_string()),
        "shown": shown(indicator, parts.value),
    })
}

fn point(point: &Point) -> Value {
    json!({
        "year": point.year, "numerator": point.numerator.number(), "denominator": point.denominator.number(),
        "provisional": point.provisional,
    })
}

fn tally(tally: &Tally) -> Value {
    json!({
        "item": tally.item, "label": tally.label, "count": tally.count.number(), "lastYear": tally.last_year.number(),
        "above": tally.above.and_then(Count::number),
    })
}
