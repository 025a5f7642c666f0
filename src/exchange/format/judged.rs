//! What became of a row, in words for people.

use entity::catalogue::Family;

use super::heading;
use crate::submit::verdict::{RowOutcome, RowRemark, RowVerdict};

/// The verdict on a row of a file.
#[derive(Clone, Debug)]
pub struct VerdictRow {
    /// Where the row stands, as [`super::rows::FileRow::row`] says it.
    pub row: u64,
    /// Family of the record. A row can be the origin of several records; it then has a verdict for
    /// each.
    pub family: &'static Family,
    /// The verdict; its own `row` is not looked at.
    pub verdict: RowVerdict,
}

impl VerdictRow {
    /// Faults, then findings.
    pub(super) fn remarks(&self) -> impl Iterator<Item = (&RowRemark, bool)> {
        let findings = self.verdict.findings.iter().map(|finding| (finding, false));
        self.verdict.faults.iter().map(|fault| (fault, true)).chain(findings)
    }

    /// The outcome as people read it.
    pub(super) const fn outcome(&self) -> &'static str {
        match self.verdict.outcome {
            RowOutcome::Created => "新增",
            RowOutcome::Updated => "更新",
            RowOutcome::Unchanged => "未变",
            RowOutcome::Rejected => "退回",
            RowOutcome::Skipped => "略过",
        }
    }

    /// The heading of the field that a remark is about. A name that is no field comes from the
    /// sender and is given back.
    pub(super) fn heading(&self, remark: &RowRemark) -> Option<String> {
        let name = remark.field.as_deref()?;
        let field = self.family.inputs().find(|field| field.name == name).map(heading::written);
        Some(
            field
                .or_else(|| self.family.field(name).map(|field| field.label.to_owned()))
                .unwrap_or_else(|| name.to_owned()),
        )
    }

    /// A remark as a sentence that names its column.
    pub(super) fn sentence(&self, remark: &RowRemark, fault: bool) -> String {
        let mark = if fault { "" } else { "提示：" };
        match self.heading(remark) {
            Some(heading) => format!("{mark}“{}”：{}", heading.trim_end_matches(" *"), remark.zh),
            None => format!("{mark}{}", remark.zh),
        }
    }
}
