//! Victims: their accident, and degree against lost workdays.

use entity::accident_victim::Column;

use crate::{
    domain::{
        code::Coded as _,
        injury::{InjuryDegree, check_lost_workdays},
    },
    store::sql::cell::Cell,
    submit::{
        draft::View,
        rules::{RuleContext, reference_of},
    },
};

/// Links to the accident of the same department and system; region and industry are taken from it
/// by the pipeline.
pub(super) fn apply(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    if let Some(number) = row.text(Column::AccidentNo).map(ToOwned::to_owned) {
        row.set(
            Column::AccidentRef,
            Cell::Text(reference_of(around.department, around.source_system, &number)),
        );
    }
    let degree = row.text(Column::InjuryDegree).and_then(InjuryDegree::from_code);
    if let (Some(degree), Some(days)) =
        (degree, row.get(Column::LostWorkdays).as_int().and_then(|days| u32::try_from(days).ok()))
        && let Some(warning) = check_lost_workdays(degree, days)
    {
        row.finding(
            Column::LostWorkdays,
            warning.code(),
            warning.message_zh(),
            warning.message_en(),
        );
    }
    if row.text(Column::InjuryDegree) != Some("DEATH") && !row.get(Column::DiedAt).is_null() {
        row.finding(
            Column::DiedAt,
            "DEATH_WITHOUT_DEGREE",
            "有死亡日期而伤害程度不是死亡。",
            "A day of death, but the degree is not death.",
        );
    }
}
