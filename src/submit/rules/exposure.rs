//! Exposure measurements: the limit of the day and whether the value exceeds it. Source: domain
//! reference §3.11.

use entity::exposure_measurement::Column;

use crate::{
    domain::{
        code::Coded as _,
        exposure::{
            Limit, MeasurementFault, SILICA_DUST, Sample, SampleJudgement, SilicaClass, judge,
        },
    },
    store::{
        reference::{Reference, ReferenceCode},
        sql::cell::Cell,
    },
    submit::{draft::View, rules::RuleContext},
};

/// Most of a share, per mille.
const WHOLE: u32 = 1000;

/// Judges the sample; what cannot be judged for want of a value is rejected, what has no limit is
/// kept and said.
pub(super) fn apply(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    let (Some(factor), Some(day)) =
        (row.text(Column::Factor).map(ToOwned::to_owned), row.day(Column::SampledAt))
    else {
        return;
    };
    let code =
        around.reference.table("hazard_factor").and_then(|table| table.editions(&factor).next());
    let word = |name: &str| code.and_then(|code| code.attributes.get(name)).map(String::as_str);
    if let Some(unit) = word("unit") {
        return physical(row, unit);
    }
    match word("category") {
        Some("DUST") if row.text(Column::DustFraction).is_none() => {
            return refuse(row, Column::DustFraction, MeasurementFault::FractionMissing);
        }
        Some("DUST" | "CHEMICAL") | None => {}
        Some(_) => return refuse(row, Column::Factor, MeasurementFault::NoConcentration),
    }
    if !row.get(Column::PhysicalTenths).is_null() || row.text(Column::PhysicalUnit).is_some() {
        return refuse(row, Column::PhysicalTenths, MeasurementFault::Concentration);
    }
    if row.get(Column::ValueUg).is_null() {
        return missing(row, Column::ValueUg);
    }
    let silica =
        row.get(Column::FreeSilicaPermille).as_int().and_then(|share| u32::try_from(share).ok());
    if silica.is_some_and(|share| share > WHOLE) {
        return refuse(row, Column::FreeSilicaPermille, MeasurementFault::SilicaTooLarge);
    }
    let limits = limits(around.reference, &factor, day);
    let (kind, fraction) =
        (row.text(Column::MeasureKind).unwrap_or_default(), row.text(Column::DustFraction));
    let sample =
        Sample { factor: &factor, kind, fraction, silica, value_ug: row.count(Column::ValueUg) };
    let judgement = judge(&sample, &limits);
    if let Some(share) = silica {
        row.set(Column::SilicaClass, Cell::Text(SilicaClass::of(share).code().to_owned()));
    }
    match judgement {
        SampleJudgement::SilicaMissing => {
            refuse(row, Column::FreeSilicaPermille, MeasurementFault::SilicaMissing)
        }
        SampleJudgement::NoLimit => no_limit(row),
        SampleJudgement::Judged { limit, exceeded } => {
            row.set(Column::LimitUg, Cell::Int(limit.limit_ug.into()));
            row.set(Column::LimitEdition, Cell::Text(limit.edition.to_owned()));
            row.set(Column::Exceeded, Cell::Bool(exceeded));
        }
    }
}

/// A physical factor has a value in its own unit. No limits of such factors are on file.
fn physical(row: &mut View<'_, Column>, unit: &str) {
    if !row.get(Column::ValueUg).is_null() {
        return refuse(row, Column::Factor, MeasurementFault::NoConcentration);
    }
    if row.get(Column::PhysicalTenths).is_null() {
        return missing(row, Column::PhysicalTenths);
    }
    if row.text(Column::PhysicalUnit).is_some_and(|own| !own.eq_ignore_ascii_case(unit)) {
        return refuse(row, Column::PhysicalUnit, MeasurementFault::OtherUnit);
    }
    row.set(Column::PhysicalUnit, Cell::Text(unit.to_owned()));
    no_limit(row);
}

fn no_limit(row: &mut View<'_, Column>) {
    // What could not be read is told already, and may be why.
    if !row.draft.faults().is_empty() {
        return;
    }
    row.finding(
        Column::Factor,
        "EXPOSURE_LIMIT_UNKNOWN",
        "采样日期没有适用于该因素、限值类型、粒级和含量的接触限值，未判定是否超标。请核对，或请主管部门补充限值。",
        "No limit is known for this factor, kind, fraction and share on the day of the sample; it was not judged. Check them.",
    );
}

/// A value that could not be read has its own fault already.
fn missing(row: &mut View<'_, Column>, column: Column) {
    let name = row.name_of(column);
    if !row.draft.faults().iter().any(|fault| fault.field.as_deref() == name) {
        refuse(row, column, MeasurementFault::ValueMissing);
    }
}

fn refuse(row: &mut View<'_, Column>, column: Column, fault: MeasurementFault) {
    row.fault(column, fault.code(), fault.message_zh(), fault.message_en());
}

/// The limits that hold on a day for a factor, and for what it may be judged as.
fn limits<'a>(reference: &'a Reference, factor: &str, day: chrono::NaiveDate) -> Vec<Limit<'a>> {
    let codes =
        reference.table("exposure_limit").map(|table| table.codes.as_slice()).unwrap_or_default();
    codes
        .iter()
        .filter(|code| code.holds_on(day))
        .filter_map(limit)
        .filter(|limit| [factor, SILICA_DUST].contains(&limit.factor))
        .collect()
}

fn limit(code: &ReferenceCode) -> Option<Limit<'_>> {
    let text = |name: &str| code.attributes.get(name).map(String::as_str);
    let number = |name: &str| text(name).and_then(|text| text.parse().ok());
    Some(Limit {
        factor: text("factor")?,
        kind: text("measure_kind")?,
        fraction: text("dust_fraction"),
        silica: number("silica_min_permille").zip(number("silica_max_permille")),
        limit_ug: number("limit_ug")?,
        edition: &code.edition,
    })
}
