//! Trainings: the order of their days, and a certificate without a passed examination.

use entity::training_record::Column;

use crate::submit::draft::View;

/// Notes what does not fit together.
pub(super) fn apply(row: &mut View<'_, Column>) {
    for (first, then) in [(Column::StartedOn, Column::EndedOn), (Column::StartedOn, Column::ExamAt)]
    {
        if let (Some(earlier), Some(later)) = (row.day(first), row.day(then))
            && later < earlier
        {
            row.finding(
                then,
                "DATE_ORDER",
                "早于培训开始日期。请核对。",
                "It lies before the first day of the training. Check it.",
            );
        }
    }
    if row.get(Column::Hours).as_int() == Some(0) {
        row.finding(
            Column::Hours,
            "TRAINING_WITHOUT_HOURS",
            "学时为零。请核对。",
            "A training of no hours. Check it.",
        );
    }
    if !row.get(Column::CertificateNo).is_null() && !row.yes(Column::Passed) {
        row.finding(
            Column::Passed,
            "CERTIFICATE_WITHOUT_PASS",
            "有合格证而考核未合格或未填。请核对。",
            "There is a certificate, but no passed examination. Check it.",
        );
    }
}
