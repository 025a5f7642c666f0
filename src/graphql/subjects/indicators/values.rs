//! The sheet with names and sentences in the caller's language; long parts that are not selected
//! are left out.

use super::types::{
    IndicatorDifference, IndicatorGap, IndicatorHeat, IndicatorHeatRow, IndicatorMissing,
    IndicatorParts, IndicatorPoint, IndicatorRecords, IndicatorRow, IndicatorSeries,
    IndicatorSheet, IndicatorSigned, IndicatorTally,
};
use crate::{
    domain::{
        code::Coded as _,
        fraction::Fraction,
        indicator::{Indicator, YearCount},
    },
    error::Language,
    graphql::declared::{
        form::AnswerForm,
        kinds::{Code, Department, Id, Json, KeyIndustry},
    },
    meeting::indicators::{
        FigureGap, FigureSheet, FigureTerms, IndustryGroup, LabelledCount, MissingInput, Series,
        SheetFigure, SignedFigure, YearValue,
    },
    store::reference::Reference,
};

/// What makes the values of sheets.
pub(super) struct Sheets<'a> {
    /// Code tables, for the names of regions and industries.
    pub reference: &'a Reference,
    /// Language of names and sentences, as the caller asked for.
    pub language: Language,
    /// Selection of the query; parts that are not selected are left empty.
    pub form: &'a AnswerForm,
}

impl Sheets<'_> {
    pub(super) fn sheet(&self, sheet: FigureSheet) -> IndicatorSheet {
        let plan = sheet.frame.plan.as_ref();
        let selected = |name: &str| self.form.selects(name);
        let heat = sheet.heat.rows.iter().map(|row| IndicatorHeatRow {
            region: row.region.to_string(),
            region_name: self.region_name(row.region.as_str()),
            counts: row.counts.iter().map(|count| count.number()).collect(),
        });
        IndicatorSheet {
            region: sheet.region.to_string(),
            region_name: self.region_name(sheet.region.as_str()),
            year: sheet.year,
            plan: plan.map(|plan| Id(plan.id.clone())),
            plan_name: plan.map(|plan| self.either(&plan.name_zh, &plan.name_en)),
            incomplete_plan: plan.is_some_and(|plan| !plan.complete),
            base_year: sheet.frame.base_year,
            casualty_basis: Code(sheet.basis.casualties),
            denominator_basis: Code(sheet.basis.denominator),
            injury_basis: Code(sheet.basis.injuries),
            disease_year_basis: Code(sheet.basis.disease_year),
            provisional: sheet.provisional,
            protected: sheet.protected,
            position: sheet.position.clone(),
            accident_type_editions: sheet
                .accident_type_editions
                .iter()
                .map(ToString::to_string)
                .collect(),
            disease_editions: sheet.disease_editions.iter().map(ToString::to_string).collect(),
            rows: sheet
                .figures
                .iter()
                .filter(|_| selected("rows"))
                .map(|own| self.row(own))
                .collect(),
            differences: sheet.differences.iter().map(IndicatorDifference::from).collect(),
            series: sheet
                .series
                .iter()
                .filter(|_| selected("series"))
                .map(IndicatorSeries::from)
                .collect(),
            accident_types: sheet.accident_types.iter().map(IndicatorTally::from).collect(),
            heat: IndicatorHeat {
                rows: heat.collect(),
                industries: sheet.heat.industries.iter().map(KeyIndustry::from).collect(),
            },
            exposure: sheet.exposure.iter().map(IndicatorTally::from).collect(),
            factors: sheet.factors.iter().map(IndicatorTally::from).collect(),
        }
    }

    fn either(&self, zh: &str, en: &str) -> String {
        if self.language == Language::English { en.to_owned() } else { zh.to_owned() }
    }

    fn region_name(&self, code: &str) -> Option<String> {
        self.reference.region_name(code).map(ToOwned::to_owned)
    }

    fn row(&self, figure: &SheetFigure) -> IndicatorRow {
        let (indicator, judged) = (figure.indicator, &figure.judgement);
        let aim = figure.aim.as_ref();
        IndicatorRow {
            indicator: Code(indicator),
            label: self.either(indicator.label_zh(), indicator.label_en()),
            region: figure.region.to_string(),
            region_name: self.region_name(figure.region.as_str()),
            scope: figure.group.code().to_owned(),
            industry: figure.group.industry().map(KeyIndustry::from),
            industry_label: self.group_label(&figure.group),
            formula: Code(indicator.formula()),
            money: indicator.money(),
            numerator: figure.now.numerator.number(),
            denominator: figure.now.denominator.number(),
            value: judged.value.map(|value| value.to_string()),
            shown: shown(indicator, judged.value),
            last_year: parts(indicator, &figure.last_year),
            base_year: parts(indicator, &figure.base_year),
            target: aim.map(|aim| self.either(&aim.name_zh, &aim.name_en)),
            target_id: aim.map(|aim| Id(aim.id.clone())),
            department: aim.and_then(|aim| aim.department.as_ref()).map(Department::from),
            most: judged.most,
            outcome: Code(judged.outcome),
            together: figure.together.map(Code),
            reason_code: judged.reason.code().to_owned(),
            reason: figure.reason(self.reference, self.language),
            provisional: figure.provisional,
            missing: figure.missing.iter().map(|owed| self.missing(owed)).collect(),
            unsigned: figure.unsigned.iter().map(|owed| self.missing(owed)).collect(),
            signed: figure.signed.iter().map(|own| signed(figure, own)).collect(),
            unknown_exposure: figure.unknown,
            gaps: figure.gaps.iter().map(|gap| self.gap(gap)).collect(),
            reduction: figure.reduction.map(Fraction::percent),
            records: figure.records.as_ref().map(|own| IndicatorRecords {
                field: own.field.clone(),
                r#where: Json(own.filter.clone()),
            }),
        }
    }

    fn missing(&self, owed: &MissingInput) -> IndicatorMissing {
        IndicatorMissing {
            what: owed.what.code().to_owned(),
            label: self.either(owed.what.name_zh(), owed.what.name_en()),
            year: owed.year,
            departments: owed.departments.iter().map(Department::from).collect(),
        }
    }

    fn gap(&self, gap: &FigureGap) -> IndicatorGap {
        IndicatorGap {
            what: gap.kind.code().to_owned(),
            label: self.either(gap.kind.name_zh(), gap.kind.name_en()),
            year: gap.year,
            count: gap.count,
            regions: gap.regions.iter().map(ToString::to_string).collect(),
        }
    }

    fn group_label(&self, group: &IndustryGroup) -> String {
        match group {
            IndustryGroup::Industry(code) => {
                self.reference.label("key_industry", code).unwrap_or(code).to_owned()
            }
            IndustryGroup::Key => self.either("重点行业合计", "Key industries together"),
            IndustryGroup::Dust => self.either("涉尘行业合计", "Dust industries together"),
            IndustryGroup::All => self.either("全部", "All"),
        }
    }
}

/// A value with one decimal, or a dash.
fn shown(indicator: Indicator, value: Option<Fraction>) -> String {
    SheetFigure::printed(indicator, value).unwrap_or_else(|| "—".to_owned())
}

fn signed(figure: &SheetFigure, own: &SignedFigure) -> IndicatorSigned {
    let recorded = figure.recorded(own);
    IndicatorSigned {
        year: own.year,
        finality: Code(own.finality),
        signed: own.signed,
        whole: own.whole,
        recorded_then: own.records,
        recorded,
        difference: recorded.map(|recorded| own.signed - recorded),
        explanation: (!own.explanations.is_empty()).then(|| own.explanations.join("；")),
    }
}

fn parts(indicator: Indicator, parts: &FigureTerms) -> IndicatorParts {
    IndicatorParts {
        year: parts.year,
        numerator: parts.numerator.number(),
        denominator: parts.denominator.number(),
        value: parts.value.map(|value| value.to_string()),
        shown: shown(indicator, parts.value),
    }
}

impl From<&crate::meeting::indicators::RegionDifference> for IndicatorDifference {
    fn from(own: &crate::meeting::indicators::RegionDifference) -> Self {
        Self {
            indicator: Code(own.indicator),
            scope: own.group.code().to_owned(),
            industry: own.group.industry().map(KeyIndustry::from),
            own: own.own,
            sum: own.sum,
        }
    }
}

impl From<&Series> for IndicatorSeries {
    fn from(line: &Series) -> Self {
        let stair = line.stair.iter().map(|(year, most)| IndicatorPoint {
            year: *year,
            numerator: Some(most.numerator()),
            denominator: Some(most.denominator()),
            provisional: false,
        });
        Self {
            measure: Code(line.measure),
            scope: line.group.code().to_owned(),
            industry: line.group.industry().map(KeyIndustry::from),
            points: line.points.iter().map(IndicatorPoint::from).collect(),
            stair: stair.collect(),
        }
    }
}

impl From<&YearValue> for IndicatorPoint {
    fn from(point: &YearValue) -> Self {
        let (numerator, denominator) = (point.numerator.number(), point.denominator.number());
        Self { year: point.year, numerator, denominator, provisional: point.provisional }
    }
}

impl From<&LabelledCount> for IndicatorTally {
    fn from(tally: &LabelledCount) -> Self {
        Self {
            item: tally.item.clone(),
            label: tally.label.clone(),
            count: tally.count.number(),
            last_year: tally.last_year.number(),
            above: tally.above.and_then(YearCount::number),
        }
    }
}
