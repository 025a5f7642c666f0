//! Verdicts as lines of text: NDJSON for programs, CSV for people.
//!
//! In CSV a text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe
//! in front: a spreadsheet would take it for a formula, and field names that are none come from the
//! sender. The file is for reading; what is mended and sent again is the workbook of
//! [`super::mended`], where texts are texts.

use serde_json::{Value, json};

use super::{formula::harmless, judged::VerdictRow};
use crate::{
    domain::code::Coded as _,
    error::{HubError, Language},
    store::{records::global_id::global_id, seal::Seal},
    submit::verdict::RowRemark,
};

/// One line of NDJSON, with its end: row, family, outcome, id, version, faults and findings.
#[must_use]
pub fn ndjson(judged: &VerdictRow, seal: &Seal, language: Language) -> String {
    let remarks = |remarks: &[RowRemark]| -> Value {
        let message = |remark: &RowRemark| match language {
            Language::Chinese => remark.zh.clone(),
            Language::English => remark.en.clone(),
        };
        remarks.iter().map(|remark| json!({"code": remark.code, "field": remark.field, "message": message(remark)})).collect()
    };
    let verdict = &judged.verdict;
    let line = json!({
        "row": Some(judged.row).filter(|row| *row > 0), "family": judged.family.name, "outcome": verdict.outcome.code(), "id": verdict.id.map(|id| global_id(seal, judged.family, id)),
        "version": verdict.version, "faults": remarks(&verdict.faults), "findings": remarks(&verdict.findings),
    });
    format!("{line}\n")
}

/// Beginning of the CSV: the mark by which spreadsheets know UTF-8, and the headings.
pub const CSV_HEAD: &str = "\u{feff}行号,结果,字段,代码,说明\r\n";

/// Lines of CSV, with their ends: one for each fault and finding, one in all for a row without any.
///
/// # Errors
/// [`HubError::Internal`], never with these values.
pub fn csv(judged: &VerdictRow) -> Result<String, HubError> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let row = if judged.row > 0 { judged.row.to_string() } else { String::new() };
    let outcome = judged.outcome();
    let mut any = false;
    for (remark, fault) in judged.remarks() {
        let heading = judged.heading(remark).unwrap_or_default();
        let message = if fault { remark.zh.clone() } else { format!("提示：{}", remark.zh) };
        let texts =
            [&row, outcome, heading.trim_end_matches(" *"), &remark.code, &message].map(harmless);
        writer.write_record(texts).map_err(HubError::internal)?;
        any = true;
    }
    if !any {
        writer.write_record([&row, outcome, "", "", ""]).map_err(HubError::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| HubError::internal(error.to_string()))?;
    String::from_utf8(bytes).map_err(HubError::internal)
}
