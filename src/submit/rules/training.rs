//! Trainings: the order of their days, and a certificate without a passed examination.

use crate::submit::draft::Draft;

/// Notes what does not fit together.
pub(super) fn apply(draft: &mut Draft) {
    for (first, then) in [("started_on", "ended_on"), ("started_on", "exam_at")] {
        if let (Some(earlier), Some(later)) = (draft.day(first), draft.day(then))
            && later < earlier
        {
            draft.finding(
                then,
                "DATE_ORDER",
                "早于培训开始日期。请核对。",
                "It lies before the first day of the training. Check it.",
            );
        }
    }
    if draft.get("hours").as_int() == Some(0) {
        draft.finding("hours", "TRAINING_WITHOUT_HOURS", "学时为零。请核对。", "A training of no hours. Check it.");
    }
    if !draft.get("certificate_no").is_null() && !draft.yes("passed") {
        draft.finding(
            "passed",
            "CERTIFICATE_WITHOUT_PASS",
            "有合格证而考核未合格或未填。请核对。",
            "There is a certificate, but no passed examination. Check it.",
        );
    }
}
