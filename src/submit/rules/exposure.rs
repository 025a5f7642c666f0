//! Exposure measurements: the limit of the day and whether the value exceeds it. Source: domain reference §3.11.

use crate::{
    domain::exposure::{Judgement, Limit, MeasurementFault, SILICA_DUST, Sample, SilicaClass, judge},
    store::{
        cell::Cell,
        reference::{Code, Reference},
    },
    submit::{draft::Draft, rules::Around},
};

/// Most of a share, per mille.
const WHOLE: u32 = 1000;

/// Judges the sample; what cannot be judged for want of a value is rejected, what has no limit is kept and said.
pub(super) fn apply(draft: &mut Draft, around: &Around<'_>) {
    let (Some(factor), Some(day)) = (draft.text("factor").map(ToOwned::to_owned), draft.day("sampled_at")) else { return };
    let code = around.reference.table("hazard_factor").and_then(|table| table.editions(&factor).next());
    let word = |name: &str| code.and_then(|code| code.attributes.get(name)).map(String::as_str);
    if let Some(unit) = word("unit") {
        return physical(draft, unit);
    }
    match word("category") {
        Some("DUST") if draft.text("dust_fraction").is_none() => {
            return refuse(draft, "dust_fraction", MeasurementFault::FractionMissing);
        }
        Some("DUST" | "CHEMICAL") | None => {}
        Some(_) => return refuse(draft, "factor", MeasurementFault::NoConcentration),
    }
    if !draft.get("physical_tenths").is_null() || draft.text("physical_unit").is_some() {
        return refuse(draft, "physical_tenths", MeasurementFault::Concentration);
    }
    if draft.get("value_ug").is_null() {
        return missing(draft, "value_ug");
    }
    let silica = draft.get("free_silica_permille").as_int().and_then(|share| u32::try_from(share).ok());
    if silica.is_some_and(|share| share > WHOLE) {
        return refuse(draft, "free_silica_permille", MeasurementFault::SilicaTooLarge);
    }
    let limits = limits(around.reference, &factor, day);
    let (kind, fraction) = (draft.text("measure_kind").unwrap_or_default(), draft.text("dust_fraction"));
    let sample = Sample { factor: &factor, kind, fraction, silica, value_ug: draft.count("value_ug") };
    let judgement = judge(&sample, &limits);
    if let Some(share) = silica {
        draft.set("silica_class", Cell::Text(SilicaClass::of(share).code().to_owned()));
    }
    match judgement {
        Judgement::SilicaMissing => refuse(draft, "free_silica_permille", MeasurementFault::SilicaMissing),
        Judgement::NoLimit => no_limit(draft),
        Judgement::Judged { limit, exceeded } => {
            draft.set("limit_ug", Cell::Int(limit.limit_ug.into()));
            draft.set("limit_edition", Cell::Text(limit.edition.to_owned()));
            draft.set("exceeded", Cell::Bool(exceeded));
        }
    }
}

/// A physical factor has a value in its own unit. No limits of such factors are on file.
fn physical(draft: &mut Draft, unit: &str) {
    if !draft.get("value_ug").is_null() {
        return refuse(draft, "factor", MeasurementFault::NoConcentration);
    }
    if draft.get("physical_tenths").is_null() {
        return missing(draft, "physical_tenths");
    }
    if draft.text("physical_unit").is_some_and(|own| !own.eq_ignore_ascii_case(unit)) {
        return refuse(draft, "physical_unit", MeasurementFault::OtherUnit);
    }
    draft.set("physical_unit", Cell::Text(unit.to_owned()));
    no_limit(draft);
}

fn no_limit(draft: &mut Draft) {
    draft.finding(
        "factor",
        "EXPOSURE_LIMIT_UNKNOWN",
        "采样日期没有适用于该因素、限值类型、粒级和含量的接触限值，未判定是否超标。请核对，或请主管部门补充限值。",
        "No limit is known for this factor, kind, fraction and share on the day of the sample; it was not judged. Check them.",
    );
}

/// A value that could not be read has its own fault already.
fn missing(draft: &mut Draft, column: &str) {
    let name = draft.name_of(column);
    if !draft.faults().iter().any(|fault| fault.field.as_deref() == name) {
        refuse(draft, column, MeasurementFault::ValueMissing);
    }
}

fn refuse(draft: &mut Draft, column: &str, fault: MeasurementFault) {
    draft.fault(column, fault.code(), fault.message_zh(), fault.message_en());
}

/// The limits that hold on a day for a factor, and for what it may be judged as.
fn limits<'a>(reference: &'a Reference, factor: &str, day: chrono::NaiveDate) -> Vec<Limit<'a>> {
    let codes = reference.table("exposure_limit").map(|table| table.codes.as_slice()).unwrap_or_default();
    codes
        .iter()
        .filter(|code| code.holds_on(day))
        .filter_map(limit)
        .filter(|limit| [factor, SILICA_DUST].contains(&limit.factor))
        .collect()
}

fn limit(code: &Code) -> Option<Limit<'_>> {
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
